//! The last resort: guides that share neighbouring characters, or letters of pinyin, with the query.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jinban_api::guide::Guide;
use pinyin::ToPinyin;

use super::index::Ranked;
use super::text::{is_latin, normalise};
use super::{How, MatchReason};

type Pair = (char, char);

/// At least this share (in percent) of what the query says must be there.
const ENOUGH_CHARACTERS: f64 = 34.0;
const ENOUGH_LETTERS: f64 = 60.0;

/// For every guide, the pairs of neighbours in everything it says.
#[derive(Debug)]
pub(super) struct Similar {
    characters: Vec<BTreeSet<Pair>>,
    letters: Vec<Vec<BTreeSet<Pair>>>,
    /// In how many guides a pair of characters occurs.
    spread: BTreeMap<Pair, usize>,
}

impl Similar {
    pub(super) fn build(guides: &[Arc<Guide>]) -> Self {
        let mut spread = BTreeMap::new();
        let characters: Vec<BTreeSet<Pair>> = guides
            .iter()
            .map(|guide| {
                let mut set = BTreeSet::new();
                for text in names(guide).chain(said(guide)) {
                    set.extend(pairs(&normalise(text)));
                }
                for pair in &set {
                    *spread.entry(*pair).or_insert(0) += 1;
                }
                set
            })
            .collect();
        let letters = guides
            .iter()
            .map(|guide| {
                names(guide)
                    .map(|name| pairs(&sound(&normalise(name))).collect())
                    .collect()
            })
            .collect();
        Self {
            characters,
            letters,
            spread,
        }
    }

    pub(super) fn search(&self, query: &[char]) -> BTreeMap<usize, Ranked> {
        let asked: BTreeSet<Pair> = pairs(query).collect();
        if asked.is_empty() {
            return BTreeMap::new();
        }
        let latin = is_latin(query);
        // One wrong letter in a short word spoils two of its pairs: letters need more evidence.
        if latin && asked.len() < 3 {
            return BTreeMap::new();
        }
        (0..self.characters.len())
            .filter_map(|at| {
                let (share, enough) = if latin {
                    (self.letter_share(at, &asked), ENOUGH_LETTERS)
                } else {
                    (self.character_share(at, &asked), ENOUGH_CHARACTERS)
                };
                (share >= enough).then(|| {
                    let ranked = Ranked {
                        reason: MatchReason::Similar,
                        how: How::Overlap,
                        score: share.round() as u32,
                    };
                    (at, ranked)
                })
            })
            .collect()
    }

    /// Rare pairs count for more: 办理 is in every guide and says nothing.
    fn character_share(&self, at: usize, asked: &BTreeSet<Pair>) -> f64 {
        let guides = self.characters.len() as f64;
        let weight = |pair: &Pair| match self.spread.get(pair) {
            Some(&spread) => (1.0 + guides / spread as f64).ln(),
            // Said by no guide at all: it cannot speak against this one in particular.
            None => 0.7,
        };
        let all: f64 = asked.iter().map(weight).sum();
        let shared: f64 = asked.intersection(&self.characters[at]).map(weight).sum();
        100.0 * shared / all
    }

    fn letter_share(&self, at: usize, asked: &BTreeSet<Pair>) -> f64 {
        let dice = |name: &BTreeSet<Pair>| {
            let shared = asked.intersection(name).count() as f64;
            200.0 * shared / (asked.len() + name.len()) as f64
        };
        self.letters[at].iter().map(dice).fold(0.0, f64::max)
    }
}

/// The query as it sounds: characters become pinyin, letters stay.
pub(super) fn sound(query: &[char]) -> Vec<char> {
    query
        .iter()
        .flat_map(|c| match c.to_pinyin() {
            Some(pinyin) => pinyin.plain().chars().collect::<Vec<_>>(),
            None => vec![*c],
        })
        .collect()
}

fn names(guide: &Guide) -> impl Iterator<Item = &str> {
    [guide.name.as_str()]
        .into_iter()
        .chain(guide.short_name.as_deref())
        .chain(guide.aliases.iter().map(String::as_str))
}

fn said(guide: &Guide) -> impl Iterator<Item = &str> {
    [guide.summary.as_str()]
        .into_iter()
        .chain(guide.conditions.iter().map(String::as_str))
        .chain(guide.faq.iter().map(|faq| faq.question.as_str()))
        .chain(
            guide
                .situations
                .iter()
                .flat_map(|situation| situation.options.iter().map(|option| option.label.as_str())),
        )
}

fn pairs(text: &[char]) -> impl Iterator<Item = Pair> {
    text.windows(2).map(|pair| (pair[0], pair[1]))
}
