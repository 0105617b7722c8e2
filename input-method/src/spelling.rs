//! What letters may stand for: a syllable as spelt, as spoken in Sichuan, by its initial, or not yet typed to its end.

use crate::syllable::{SYLLABLES, number};
use std::collections::HashMap;

/// Only the initial was typed, as in `db` for 低保. Costs are tenths of a nat, see [`crate::compile::Entry`].
const INITIAL: u16 = 30;
/// The last syllable is not finished, and each letter that it still lacks.
const UNFINISHED: (u16, u16) = (12, 3);
/// The letters are a finished syllable too, and the person more likely meant that one.
const BUT_FINISHED: u16 = 25;
/// `u` typed where only ü is meant; the key for ü gives `v`.
const U_FOR_UMLAUT: u16 = 15;

/// Initials that are spoken alike, and how unlikely it is that one is meant by the other.
const INITIALS: [(&str, &str, u16); 5] = [
    ("zh", "z", 20),
    ("ch", "c", 20),
    ("sh", "s", 20),
    ("n", "l", 28),
    ("hu", "fu", 35),
];
/// Endings that are spoken alike.
const ENDINGS: [(&str, &str, u16); 3] = [("ang", "an", 26), ("eng", "en", 20), ("ing", "in", 18)];

/// A syllable that some letters may stand for, and what it costs to believe so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sound {
    /// See [`SYLLABLES`].
    pub syllable: u16,
    /// Tenths of a nat.
    pub cost: u16,
}

/// Where in a syllable graph these letters may be used.
#[derive(Clone, Debug, Default)]
pub struct Spelled {
    /// The letters are whole syllables (exactly or as spoken), or an initial.
    pub anywhere: Vec<Sound>,
    /// The same, and the syllables that begin with these letters: for the end of what was typed so far.
    pub at_end: Vec<Sound>,
    /// What the letters are at best, for showing where one syllable ends and the next begins.
    pub is: Is,
}

/// What some letters are at best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Is {
    /// A syllable as in the dictionary.
    Syllable,
    /// The beginning of one.
    #[default]
    Beginning,
}

/// Every sequence of letters that can stand for a syllable.
pub struct Spellings(HashMap<Box<[u8]>, Spelled>);

impl Spellings {
    /// Works out the spellings of all syllables: some hundreds, once per engine.
    pub fn new() -> Self {
        let mut spellings: HashMap<Box<[u8]>, Spelled> = HashMap::new();
        let mut add = |letters: &str, syllable: u16, cost: u16, anywhere: bool| {
            let spelled = spellings.entry(letters.as_bytes().into()).or_default();
            believe(&mut spelled.at_end, syllable, cost);
            if anywhere {
                believe(&mut spelled.anywhere, syllable, cost);
            }
        };
        for (syllable, spelling) in (0..).zip(SYLLABLES) {
            for (letters, cost) in typed(spelling) {
                add(&letters, syllable, cost, true);
                for end in 1..letters.len() {
                    let part = &letters[..end];
                    let missing = UNFINISHED.1 * (letters.len() - end) as u16;
                    let finished = if number(part).is_some() {
                        BUT_FINISHED
                    } else {
                        0
                    };
                    add(
                        part,
                        syllable,
                        cost + UNFINISHED.0 + missing + finished,
                        false,
                    );
                    if number(part).is_none() && (end == 1 || matches!(part, "zh" | "ch" | "sh")) {
                        add(part, syllable, cost + INITIAL, true);
                    }
                }
            }
        }
        for (letters, spelled) in &mut spellings {
            let known = std::str::from_utf8(letters).ok().and_then(number).is_some();
            spelled.is = if known { Is::Syllable } else { Is::Beginning };
        }
        Self(spellings)
    }

    /// What these letters may stand for.
    pub fn get(&self, letters: &[u8]) -> Option<&Spelled> {
        self.0.get(letters)
    }
}

/// The most letters that one syllable takes.
pub const LONGEST: usize = 6;

fn believe(options: &mut Vec<Sound>, syllable: u16, cost: u16) {
    match options.binary_search_by_key(&syllable, |o| o.syllable) {
        Ok(at) => options[at].cost = options[at].cost.min(cost),
        Err(at) => options.insert(at, Sound { syllable, cost }),
    }
}

/// The ways to type a syllable, with their costs: as it is, and as it may be heard.
fn typed(spelling: &str) -> Vec<(String, u16)> {
    let mut initials = vec![(spelling.to_owned(), 0)];
    for (a, b, cost) in INITIALS {
        for (from, to) in [(a, b), (b, a)] {
            // `z` is not the initial of `zhong`.
            let rest = spelling
                .strip_prefix(from)
                .filter(|rest| to.len() < from.len() || !rest.starts_with('h'));
            initials.extend(rest.map(|rest| (format!("{to}{rest}"), cost)));
        }
    }
    let mut ways = initials.clone();
    for (way, cost) in initials {
        for (a, b, more) in ENDINGS {
            for (from, to) in [(a, b), (b, a)] {
                ways.extend(
                    way.strip_suffix(from)
                        .map(|rest| (format!("{rest}{to}"), cost + more)),
                );
            }
        }
    }
    // ü after j, q, x and y is written u but may be typed as ü; after l and n it is the other way round.
    for (way, cost) in ways.clone() {
        match way.as_bytes() {
            [b'j' | b'q' | b'x' | b'y', b'u', ..] => ways.push((way.replacen('u', "v", 1), cost)),
            [b'l' | b'n', b'v', b'e'] => ways.push((way.replacen('v', "u", 1), cost)),
            [b'l' | b'n', b'v'] => ways.push((way.replacen('v', "u", 1), cost + U_FOR_UMLAUT)),
            _ => {}
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn cost(letters: &str, syllable: &str) -> Option<u16> {
        let spellings = Spellings::new();
        let syllable = number(syllable).unwrap();
        spellings
            .get(letters.as_bytes())?
            .anywhere
            .iter()
            .find(|o| o.syllable == syllable)
            .map(|o| o.cost)
    }

    #[test]
    fn as_spelt_is_free_and_as_spoken_is_not() {
        for (typed, meant) in [
            ("zong", "zhong"),
            ("cang", "chang"),
            ("si", "shi"),
            ("long", "nong"),
            ("nan", "lan"),
            ("wan", "wang"),
            ("gen", "geng"),
            ("jin", "jing"),
            ("zheng", "zen"),
            ("lang", "nan"),
            ("fu", "hu"),
            ("huang", "huan"),
        ] {
            assert_eq!(cost(typed, typed), Some(0), "{typed}");
            assert!(
                cost(typed, meant).is_some_and(|c| c > 0),
                "{typed} for {meant}"
            );
            assert!(
                cost(meant, typed).is_some_and(|c| c > 0),
                "{meant} for {typed}"
            );
        }
    }

    #[test]
    fn sounds_that_nobody_confuses_are_not_mixed() {
        for (typed, meant) in [
            ("zhong", "chong"),
            ("ban", "pan"),
            ("gua", "kua"),
            ("fan", "han"),
            ("hui", "fei"),
        ] {
            assert_eq!(cost(typed, meant), None, "{typed} for {meant}");
        }
    }

    #[test]
    fn u_umlaut_is_typed_as_v_or_u() {
        for (typed, meant) in [
            ("lv", "lv"),
            ("lu", "lv"),
            ("nu", "nv"),
            ("lue", "lve"),
            ("nue", "nve"),
            ("jv", "ju"),
            ("xvan", "xuan"),
        ] {
            assert!(cost(typed, meant).is_some(), "{typed} for {meant}");
        }
    }

    #[test]
    fn initials_stand_for_their_syllables_anywhere_and_beginnings_only_at_the_end() {
        assert!(cost("d", "di").is_some());
        assert!(cost("zh", "zhong").is_some());
        assert!(cost("z", "zhong").is_some());
        assert_eq!(cost("qin", "qiong"), None);
        assert_eq!(cost("chua", "chuan"), None);
        let spellings = Spellings::new();
        let ends = &spellings.get(b"chua").unwrap().at_end;
        assert!(
            ends.iter()
                .any(|o| SYLLABLES[usize::from(o.syllable)] == "chuan")
        );
    }

    #[test]
    fn no_spelling_is_longer_than_the_graph_looks() {
        assert!(
            Spellings::new()
                .0
                .keys()
                .all(|letters| letters.len() <= LONGEST)
        );
    }
}
