//! How people say things and how official names say them; what is to be done; and words that say nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::sound::{Sounds, Syllable};
use super::text::{Unit, normalise, units};

const COLLOQUIAL: &str = include_str!("../../../assets/lexicons/search/colloquial.tsv");
const ACTIONS: &str = include_str!("../../../assets/lexicons/search/actions.tsv");
const FILLER: &str = include_str!("../../../assets/lexicons/search/filler.tsv");

/// Something people say, with what it may mean.
#[derive(Debug)]
pub(super) struct Phrase {
    pub said: String,
    pub units: Vec<Unit>,
    /// Index into [`Lexicon::meanings`].
    pub meaning: usize,
    /// Says whom or what it is about rather than what is wanted: 老人, 车.
    pub weak: bool,
}

/// One official way to say it.
#[derive(Debug)]
pub(super) enum Meaning {
    /// Words that all stand in the name.
    Words(Vec<Word>),
    /// Part of a department's name.
    Department(String),
}

/// A word of an official name.
#[derive(Debug)]
pub(super) struct Word {
    pub text: String,
    pub units: Vec<Unit>,
}

/// What is to be done with a paper or a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Apply,
    Replace,
    Renew,
    Change,
    Cancel,
    Transfer,
    Query,
}

/// A set of [`Action`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Actions(u8);

impl Actions {
    pub(super) fn add(&mut self, action: Action) {
        self.0 |= 1 << action as u8;
    }

    pub(super) fn has(self, action: Action) -> bool {
        self.0 & (1 << action as u8) != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether both name an action.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The three lists under `assets/lexicons/search`, ready for use.
pub(super) struct Lexicon {
    pub phrases: Vec<Phrase>,
    pub meanings: Vec<Vec<Meaning>>,
    /// Phrases by the sound, as heard, of their first character.
    pub by_sound: BTreeMap<Syllable, Vec<usize>>,
    /// Phrases by the first letter of their first character.
    pub by_letter: BTreeMap<u8, Vec<usize>>,
    /// Sounds, as heard, that follow each other in a phrase.
    pub followed: BTreeSet<(Syllable, Syllable)>,
    /// Words of names, with what they do.
    pub named: Vec<(Vec<char>, Action)>,
    /// Words that people say, with what they want done; the longest first.
    pub spoken: Vec<(Vec<Unit>, Action)>,
    filler: BTreeSet<Vec<char>>,
    longest_filler: usize,
}

impl Lexicon {
    /// The one lexicon; read at the first use, in a few milliseconds.
    pub(super) fn get() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self::read(COLLOQUIAL, ACTIONS, FILLER))
    }

    fn read(colloquial: &str, actions: &str, filler: &str) -> Self {
        let mut phrases = Vec::new();
        let mut meanings = Vec::new();
        for (said, meant) in lines(colloquial).filter_map(|line| line.split_once('\t')) {
            let (said, weak) = match said.strip_prefix('~') {
                Some(said) => (said, true),
                None => (said, false),
            };
            phrases.extend(said.split('、').map(|said| Phrase {
                said: said.to_owned(),
                units: units(said),
                meaning: meanings.len(),
                weak,
            }));
            meanings.push(meant.split('、').map(Meaning::read).collect());
        }
        let sounds = Sounds::get();
        let mut by_sound: BTreeMap<Syllable, Vec<usize>> = BTreeMap::new();
        let mut by_letter: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
        let mut followed = BTreeSet::new();
        for (at, phrase) in phrases.iter().enumerate() {
            let Some(first) = phrase.units.first() else {
                continue;
            };
            let mut heard: Vec<_> = first.sounds().map(|s| sounds.heard(s)).collect();
            let mut letters: Vec<_> = first.sounds().map(|s| sounds.initial(s)).collect();
            heard.sort_unstable();
            heard.dedup();
            letters.extend(u8::try_from(first.character));
            letters.sort_unstable();
            letters.dedup();
            for sound in heard {
                by_sound.entry(sound).or_default().push(at);
            }
            for letter in letters {
                by_letter.entry(letter).or_default().push(at);
            }
            for pair in phrase.units.windows(2) {
                for a in pair[0].sounds() {
                    followed.extend(pair[1].sounds().map(|b| (sounds.heard(a), sounds.heard(b))));
                }
            }
        }
        let (named, spoken) = read_actions(actions);
        let filler: BTreeSet<Vec<char>> = lines(filler)
            .flat_map(|line| line.split('、'))
            .map(|word| normalise(word).collect())
            .collect();
        Self {
            phrases,
            meanings,
            by_sound,
            by_letter,
            followed,
            named,
            spoken,
            longest_filler: filler.iter().map(Vec::len).max().unwrap_or_default(),
            filler,
        }
    }

    /// How many characters of a filler word the text begins with.
    pub(super) fn filler(&self, text: &[char]) -> usize {
        (1..=self.longest_filler.min(text.len()))
            .rev()
            .find(|&length| self.filler.contains(&text[..length]))
            .unwrap_or_default()
    }

    /// What is done by the item of this name.
    pub(super) fn actions_of(&self, name: &[Unit]) -> Actions {
        let mut actions = Actions::default();
        for (word, action) in &self.named {
            let stands_there = name.windows(word.len()).any(|window| {
                window
                    .iter()
                    .zip(word)
                    .all(|(unit, c)| unit.character == *c)
            });
            if stands_there {
                actions.add(*action);
            }
        }
        actions
    }
}

impl Meaning {
    fn read(text: &str) -> Self {
        match text.strip_prefix('@') {
            Some(department) => Self::Department(department.to_owned()),
            None => Self::Words(
                text.split_whitespace()
                    .map(|word| Word {
                        text: word.to_owned(),
                        units: units(word),
                    })
                    .collect(),
            ),
        }
    }
}

fn lines(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

type Named = Vec<(Vec<char>, Action)>;
type Spoken = Vec<(Vec<Unit>, Action)>;

fn read_actions(list: &str) -> (Named, Spoken) {
    let (mut named, mut spoken) = (Vec::new(), Vec::new());
    for line in lines(list) {
        let mut columns = line.split('\t');
        let action = match columns.next() {
            Some("apply") => Action::Apply,
            Some("replace") => Action::Replace,
            Some("renew") => Action::Renew,
            Some("change") => Action::Change,
            Some("cancel") => Action::Cancel,
            Some("transfer") => Action::Transfer,
            Some("query") => Action::Query,
            _ => continue,
        };
        let mut words = || columns.next().unwrap_or_default().split('、');
        named.extend(words().map(|word| (normalise(word).collect(), action)));
        spoken.extend(words().map(|word| (units(word), action)));
    }
    spoken.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    (named, spoken)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_colloquial_list_is_large_and_says_nothing_twice() {
        let lexicon = Lexicon::get();
        assert!(lexicon.meanings.len() >= 400, "{}", lexicon.meanings.len());
        for phrase in &lexicon.phrases {
            assert!(!phrase.units.is_empty(), "{}", phrase.said);
            assert!(phrase.units.len() <= 16, "{}", phrase.said);
        }
        let mut said: Vec<_> = lexicon.phrases.iter().map(|p| p.said.as_str()).collect();
        said.sort_unstable();
        let twice: Vec<_> = said.windows(2).filter(|w| w[0] == w[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn every_line_of_every_list_is_used() {
        let lexicon = Lexicon::get();
        assert_eq!(lexicon.meanings.len(), lines(COLLOQUIAL).count());
        assert!(lexicon.meanings.iter().all(|means| !means.is_empty()));
        let kinds: BTreeSet<u8> = lexicon.spoken.iter().map(|(_, a)| *a as u8).collect();
        assert_eq!(kinds.len(), lines(ACTIONS).count());
    }

    #[test]
    fn a_name_says_what_it_does() {
        let lexicon = Lexicon::get();
        let of = |name: &str| lexicon.actions_of(&units(name));
        assert!(of("就业创业证补（换）发").has(Action::Replace));
        assert!(of("食品经营许可（延续）").has(Action::Renew));
        assert!(of("个体工商户注销登记").has(Action::Cancel));
        assert!(of("出生登记").is_empty());
    }
}
