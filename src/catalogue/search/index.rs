//! The index over all guides: pieces that never change, so that a change costs what it brings; and the ranking.

use std::collections::BTreeSet;
use std::sync::Arc;

use jinban_api::ids::GuideId;

use super::judge::{Judge, Judged};
use super::lexicon::{Lexicon, Meaning};
use super::query::{Corpus, Query};
use super::segment::{Doc, Key, LARGEST, Segment, bare};
use super::sound::{Sounds, Syllable};
use super::token::Token;
use super::{Hit, How, MatchReason, Occasion};
use crate::catalogue::entry::GuideEntry;
use crate::catalogue::usage::Usage;

/// So many of the likeliest guides are looked at closely.
const LIKELY: usize = 96;
/// Below this share of the query answered, a guide is no answer.
const ENOUGH: f32 = 0.25;
/// Below this, it has nothing to do with it.
const NEAR: f32 = 0.2;

/// A segment, and which of its guides have since been changed or withdrawn.
#[derive(Clone)]
struct Piece {
    segment: Arc<Segment>,
    gone: Arc<BTreeSet<Doc>>,
}

impl Piece {
    fn new(docs: Vec<Arc<GuideEntry>>) -> Self {
        Self {
            segment: Arc::new(Segment::build(docs)),
            gone: Arc::default(),
        }
    }

    fn live(&self) -> usize {
        self.segment.docs().len() - self.gone.len()
    }

    fn without(&self, ids: &BTreeSet<GuideId>) -> Self {
        let gone: Vec<Doc> = ids
            .iter()
            .filter_map(|id| self.segment.number(id))
            .map(|number| number as Doc)
            .collect();
        if gone.is_empty() {
            return self.clone();
        }
        let mut all = (*self.gone).clone();
        all.extend(gone);
        Self {
            segment: Arc::clone(&self.segment),
            gone: Arc::new(all),
        }
    }

    fn guides(&self) -> impl Iterator<Item = &Arc<GuideEntry>> {
        (0..)
            .zip(self.segment.docs())
            .filter_map(|(number, doc)| (!self.gone.contains(&number)).then_some(doc))
    }
}

/// What can be searched; cheap to copy, and copies share what they have in common.
#[derive(Clone, Default)]
pub(in crate::catalogue) struct Index {
    /// The largest first.
    pieces: Vec<Piece>,
}

impl Index {
    /// Walks every guide.
    pub(in crate::catalogue) fn build(guides: &[Arc<GuideEntry>]) -> Self {
        let pieces = guides.chunks(LARGEST);
        Self {
            pieces: pieces.map(|guides| Piece::new(guides.to_vec())).collect(),
        }
    }

    /// The index after a change: `gone` are the guides that changed or were withdrawn, `fresh` those that
    /// are new or have a new version. Costs what they cost; what comes of many changes is put together by
    /// [`Self::tidied`].
    pub(in crate::catalogue) fn after(
        &self,
        gone: &BTreeSet<GuideId>,
        fresh: &[Arc<GuideEntry>],
    ) -> Self {
        let held = self.pieces.iter().map(|piece| piece.without(gone));
        let fresh = fresh.chunks(LARGEST).map(|part| Piece::new(part.to_vec()));
        let pieces = held.filter(|piece| piece.live() > 0).chain(fresh);
        Self {
            pieces: pieces.collect(),
        }
    }

    /// The same in fewer pieces, where small ones have gathered; none when they have not.
    pub(in crate::catalogue) fn tidied(&self) -> Option<Self> {
        let mut pieces: Vec<Piece> = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            // Each piece stays twice as large as the next: there are never many, and each guide moves seldom.
            let fits =
                |last: &Piece, live: usize| last.live() < 2 * live && last.live() + live <= LARGEST;
            let mut together: Option<Vec<Arc<GuideEntry>>> = None;
            let mut live = piece.live();
            while let Some(last) = pieces.pop_if(|last| fits(last, live)) {
                let guides = together.get_or_insert_with(|| piece.guides().cloned().collect());
                guides.extend(last.guides().cloned());
                live += last.live();
            }
            pieces.push(together.map_or_else(|| piece.clone(), Piece::new));
        }
        (pieces.len() < self.pieces.len()).then_some(Self { pieces })
    }

    /// The best hits, best first.
    pub(in crate::catalogue) fn search(
        &self,
        words: &str,
        limit: usize,
        occasion: &Occasion<'_>,
    ) -> Vec<Hit> {
        let query = Query::read(words, self);
        if let Some(code) = &query.code {
            let hits = self.coded(code, limit);
            if !hits.is_empty() {
                return hits;
            }
        }
        let mut judged = self.judged(&query, occasion);
        judged.retain(|(_, judged)| judged.answered >= ENOUGH);
        judged
            .into_iter()
            .take(limit)
            .map(|(guide, judged)| judged.into_hit(guide))
            .collect()
    }

    /// The guides that come nearest when nothing answers the query.
    pub(in crate::catalogue) fn nearest(&self, words: &str) -> Vec<Arc<GuideEntry>> {
        let query = Query::read(words, self);
        let anywhere = Usage::default();
        let occasion = Occasion {
            month: None,
            usage: &anywhere,
        };
        let mut judged = self.judged(&query, &occasion);
        judged.retain(|(_, judged)| judged.answered >= NEAR);
        judged.into_iter().map(|(guide, _)| guide).collect()
    }

    fn judged(&self, query: &Query, occasion: &Occasion<'_>) -> Vec<(Arc<GuideEntry>, Judged)> {
        if query.tokens.is_empty() {
            return Vec::new();
        }
        let judge = Judge::new(query);
        let terms = self.terms(query);
        let mut judged: Vec<(Arc<GuideEntry>, Judged)> = Vec::new();
        for piece in &self.pieces {
            for doc in likely(piece, &terms, query) {
                let guide = &piece.segment.docs()[usize::from(doc)];
                if let Some(verdict) = judge.judge(guide, occasion) {
                    judged.push((Arc::clone(guide), verdict));
                }
            }
        }
        judged.sort_by(|(a, first), (b, second)| {
            (second.score.total_cmp(&first.score))
                .then_with(|| a.name.chars().count().cmp(&b.name.chars().count()))
                .then_with(|| a.id.cmp(&b.id))
        });
        judged
    }

    fn coded(&self, code: &str, limit: usize) -> Vec<Hit> {
        let hit = |piece: &Piece, doc: Doc, score: u32| {
            let guide = &piece.segment.docs()[usize::from(doc)];
            let published = guide.codes.iter().find(|held| bare(held).contains(code));
            Hit {
                guide: Arc::clone(guide),
                reason: MatchReason::Code(published.cloned().unwrap_or_default()),
                how: How::Literal,
                score,
            }
        };
        let mut hits: Vec<(usize, Hit)> = Vec::new();
        for piece in &self.pieces {
            let live = |doc: &Doc| !piece.gone.contains(doc);
            let begins = piece.segment.coded(code).filter(|(_, doc)| live(doc));
            hits.extend(begins.map(|(held, doc)| (held.len(), hit(piece, doc, 1000))));
        }
        if hits.is_empty() && code.len() >= 6 {
            for piece in &self.pieces {
                let live = |doc: &Doc| !piece.gone.contains(doc);
                let within = piece
                    .segment
                    .coded_within(code)
                    .filter(|(_, doc)| live(doc));
                hits.extend(within.map(|(held, doc)| (held.len(), hit(piece, doc, 800))));
            }
        }
        hits.sort_by(|(a, first), (b, second)| {
            (second.score.cmp(&first.score))
                .then(a.cmp(b))
                .then_with(|| first.guide.id.cmp(&second.guide.id))
        });
        hits.dedup_by(|(_, a), (_, b)| a.guide.id == b.guide.id);
        hits.into_iter().take(limit).map(|(_, hit)| hit).collect()
    }

    fn count(&self, key: Key) -> usize {
        let lists = self
            .pieces
            .iter()
            .map(|piece| piece.segment.list(key).len());
        lists.sum()
    }

    fn total(&self) -> usize {
        let docs = self.pieces.iter().map(|piece| piece.segment.docs().len());
        docs.sum()
    }

    /// How rare something is that stands in so many guides.
    fn rare(&self, count: usize) -> f32 {
        ((self.total() as f32 + 1.0) / (count as f32 + 0.5)).ln_1p()
    }

    /// Everything to look up, with what finding it is worth.
    fn terms(&self, query: &Query) -> Vec<(Key, f32)> {
        let mut terms = Vec::new();
        let mut add = |key: Key, worth: f32| {
            let count = self.count(key);
            if count > 0 {
                terms.push((key, worth * self.rare(count)));
            }
        };
        let tokens = &query.tokens;
        for (token, weight) in tokens.iter().zip(&query.weights) {
            let worth = if *weight < 0.5 { 0.02 } else { 0.3 };
            if let Some(c) = token.character() {
                add(Key::character(c), worth);
            }
            for sound in token.heard() {
                add(Key::sound(sound), worth * 0.5);
            }
            if let Token::Begun(syllables) = token {
                let sounds = Sounds::get();
                for sound in syllables.clone().map(|s| sounds.heard(s)) {
                    add(Key::sound(sound), worth * 0.4);
                }
            }
        }
        for (pair, weights) in tokens.windows(2).zip(query.weights.windows(2)) {
            let worth = if weights[0] < 0.5 && weights[1] < 0.5 {
                0.1
            } else {
                1.0
            };
            if let (Some(a), Some(b)) = (pair[0].character(), pair[1].character()) {
                add(Key::characters(a, b), worth);
                add(Key::said(a, b), worth * 0.3);
            }
            for (a, b) in heard_pairs(&pair[0], &pair[1]) {
                add(Key::sounds(a, b), worth * 0.7);
            }
            let letters =
                matches!(pair[0], Token::Initial(_)) || matches!(pair[1], Token::Initial(_));
            if let (true, Some(a), Some(b)) = (letters, pair[0].initial(), pair[1].initial()) {
                add(Key::initials(a, b), worth * 0.5);
            }
        }
        if let [Token::Initial(letter)] = tokens.as_slice() {
            add(Key::first(*letter), 1.0);
        }
        let lexicon = Lexicon::get();
        for said in &query.phrases {
            for meaning in &lexicon.meanings[said.phrase.meaning] {
                let Meaning::Words(words) = meaning else {
                    continue;
                };
                for pair in words.iter().flat_map(|word| word.units.windows(2)) {
                    let key = Key::characters(pair[0].character, pair[1].character);
                    add(key, 0.7 * said.quality);
                }
            }
        }
        terms
    }
}

/// The guides of a piece that gather the most, those of a department that is named included.
fn likely(piece: &Piece, terms: &[(Key, f32)], query: &Query) -> Vec<Doc> {
    let mut gathered = vec![0.0_f32; piece.segment.docs().len()];
    for (key, worth) in terms {
        for doc in piece.segment.list(*key) {
            gathered[usize::from(*doc)] += worth;
        }
    }
    for (name, docs) in piece.segment.departments() {
        let worth = super::judge::department_named(query, name);
        if worth > 0.0 {
            for doc in docs {
                gathered[usize::from(*doc)] += worth;
            }
        }
    }
    let mut found: Vec<Doc> = (0..)
        .zip(&gathered)
        .filter(|(doc, worth)| **worth > 0.0 && !piece.gone.contains(doc))
        .map(|(doc, _)| doc)
        .collect();
    let order = |a: &Doc, b: &Doc| {
        let worth = |doc: &Doc| gathered[usize::from(*doc)];
        worth(b).total_cmp(&worth(a)).then(a.cmp(b))
    };
    if found.len() > LIKELY {
        found.select_nth_unstable_by(LIKELY, order);
        found.truncate(LIKELY);
    }
    found
}

fn heard_pairs<'a>(a: &'a Token, b: &'a Token) -> impl Iterator<Item = (Syllable, Syllable)> + 'a {
    let mut pairs: Vec<_> = a
        .heard()
        .flat_map(|a| b.heard().map(move |b| (a, b)))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs.into_iter()
}

impl Corpus for Index {
    fn followed(&self, a: Syllable, b: Syllable) -> bool {
        self.count(Key::sounds(a, b)) > 0
    }

    fn neighbours(&self, a: char, b: char) -> usize {
        self.count(Key::characters(a, b))
    }

    fn rarity(&self, a: &Token, b: &Token) -> Option<f32> {
        if let (Some(a), Some(b)) = (a.character(), b.character()) {
            let count = self.neighbours(a, b);
            if count > 0 {
                return Some(self.rare(count));
            }
        }
        // Written otherwise, it is sooner chance.
        let written = a.character().is_some() && b.character().is_some();
        let share = if written { 0.6 } else { 1.0 };
        let counts = heard_pairs(a, b).map(|(a, b)| self.count(Key::sounds(a, b)));
        counts
            .max()
            .filter(|&count| count > 0)
            .map(|count| share * self.rare(count))
    }

    fn rarity_alone(&self, token: &Token) -> Option<f32> {
        let key = match token {
            Token::Character(unit) => Key::character(unit.character),
            Token::Initial(letter) => Key::first(*letter),
            other => Key::sound(other.heard().next()?),
        };
        let count = self.count(key);
        (count > 0).then(|| self.rare(count))
    }

    fn rarest(&self) -> f32 {
        self.rare(0)
    }
}
