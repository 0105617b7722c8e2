//! What was typed, piece by piece: characters, syllables, initials, and a syllable not yet typed to its end.

use std::ops::Range;

use super::How;
use super::sound::{Sounds, Syllable};
use super::text::Unit;

/// Longer queries say nothing more, and bound the work.
const LONGEST_QUERY: usize = 40;
const LONGEST_SYLLABLE: usize = 6;

/// One piece of a query; stands for one character of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A character or a digit.
    Character(Unit),
    /// A whole syllable in letters.
    Syllable(Syllable),
    /// The first letter of a syllable.
    Initial(u8),
    /// The last letters typed: any of the syllables that begin so; the first of them when they are one already.
    Begun(Range<Syllable>),
}

/// How well a token fits a character.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    /// 1 is the very same.
    pub strength: f32,
    /// How much this alone proves; see [`super::score`].
    pub evidence: f32,
    pub how: How,
}

impl Fit {
    const fn new(strength: f32, evidence: f32, how: How) -> Self {
        Self {
            strength,
            evidence,
            how,
        }
    }
}

impl Token {
    /// Whether the token may stand for this character, and how surely.
    pub(super) fn fit(&self, unit: &Unit) -> Option<Fit> {
        match self {
            Self::Character(own) if own.character == unit.character => {
                Some(Fit::new(1.0, 1.0, How::Literal))
            }
            Self::Character(own) => {
                // The usual reading of each: by the others, half of all characters would sound alike.
                let (own, other) = (own.readings[0], unit.readings[0]);
                if own == 0 || other == 0 {
                    return None;
                }
                if own == other {
                    return Some(Fit::new(0.8, 0.8, How::SameSound));
                }
                let sounds = Sounds::get();
                let alike = sounds.heard(own) == sounds.heard(other);
                alike.then_some(Fit::new(0.65, 0.65, How::SameSound))
            }
            Self::Syllable(own) => {
                if unit.sounds().any(|s| s == *own) {
                    return Some(Fit::new(1.0, 1.0, How::Pinyin));
                }
                let sounds = Sounds::get();
                let heard = sounds.heard(*own);
                unit.sounds()
                    .any(|s| sounds.heard(s) == heard)
                    .then_some(Fit::new(0.75, 0.8, How::Pinyin))
            }
            Self::Initial(letter) => {
                let sounds = Sounds::get();
                let fits = unit.character == char::from(*letter)
                    || unit.sounds().any(|s| sounds.initial(s) == *letter);
                fits.then_some(Fit::new(0.9, 0.45, How::Initials))
            }
            Self::Begun(syllables) => {
                if unit.sounds().any(|s| s == syllables.start) {
                    return Some(Fit::new(1.0, 0.9, How::Pinyin));
                }
                unit.sounds()
                    .any(|s| syllables.contains(&s))
                    .then_some(Fit::new(0.85, 0.7, How::Pinyin))
            }
        }
    }

    /// The syllables it may be, as they are heard; none when only the initial is known.
    pub(super) fn heard(&self) -> impl Iterator<Item = Syllable> + '_ {
        let sounds = Sounds::get();
        let several: &[Syllable] = match self {
            Self::Character(unit) => &unit.readings,
            Self::Syllable(own) => std::slice::from_ref(own),
            Self::Initial(_) => &[],
            Self::Begun(syllables) => std::slice::from_ref(&syllables.start),
        };
        several
            .iter()
            .take_while(|&&s| s != 0)
            .map(|&s| sounds.heard(s))
    }

    pub(super) fn character(&self) -> Option<char> {
        match self {
            Self::Character(unit) => Some(unit.character),
            _ => None,
        }
    }

    /// The letter it begins with.
    pub(super) fn initial(&self) -> Option<u8> {
        let sounds = Sounds::get();
        match self {
            Self::Character(unit) if unit.readings[0] == 0 => None,
            Self::Character(unit) => Some(sounds.initial(unit.readings[0])),
            Self::Syllable(own) => Some(sounds.initial(*own)),
            Self::Initial(letter) => Some(*letter),
            Self::Begun(syllables) => Some(sounds.initial(syllables.start)),
        }
    }
}

/// Takes a normalised query apart; `known` says whether two syllables, as heard, follow each other anywhere
/// in the catalogue, which decides where one ends.
pub(super) fn tokens(
    query: impl Iterator<Item = char>,
    known: impl Fn(Syllable, Syllable) -> bool,
) -> Vec<Token> {
    let query: Vec<char> = query.take(LONGEST_QUERY).collect();
    let mut tokens = Vec::with_capacity(query.len());
    let mut at = 0;
    while at < query.len() {
        let letters: String = query[at..]
            .iter()
            .take_while(|c| c.is_ascii_alphabetic())
            .collect();
        if letters.is_empty() {
            tokens.push(Token::Character(Unit::of(query[at])));
            at += 1;
        } else {
            at += letters.len();
            spell(&letters, at == query.len(), &known, &mut tokens);
        }
    }
    tokens
}

/// A way to read the letters up to some place.
#[derive(Clone)]
struct Path {
    cost: f32,
    from: usize,
    token: Token,
}

/// Finds the cheapest way to read `letters` as syllables and initials.
fn spell(
    letters: &str,
    last: bool,
    known: &impl Fn(Syllable, Syllable) -> bool,
    tokens: &mut Vec<Token>,
) {
    let mut paths: Vec<Option<Path>> = vec![None; letters.len() + 1];
    for from in 0..letters.len() {
        let (cost, before) = match (&paths[from], from) {
            (Some(path), _) => (path.cost, Some(&path.token)),
            (None, 0) => (0.0, tokens.last()),
            (None, _) => continue,
        };
        let reached: Vec<(usize, Path)> = edges(letters, from, last)
            .map(|(to, token, price)| {
                let linked = before.is_some_and(|before| {
                    before.heard().any(|a| token.heard().any(|b| known(a, b)))
                });
                let cost = cost + price - if linked { 0.45 } else { 0.0 };
                (to, Path { cost, from, token })
            })
            .collect();
        for (to, path) in reached {
            if paths[to].as_ref().is_none_or(|held| path.cost < held.cost) {
                paths[to] = Some(path);
            }
        }
    }
    let mut found = Vec::new();
    let mut at = letters.len();
    while let Some(path) = paths.get_mut(at).and_then(Option::take) {
        found.push(path.token);
        at = path.from;
    }
    tokens.extend(found.into_iter().rev());
}

/// Everything that may be read from here, how far it goes, and what it costs to believe it.
fn edges(letters: &str, from: usize, last: bool) -> impl Iterator<Item = (usize, Token, f32)> + '_ {
    let sounds = Sounds::get();
    let rest = &letters[from..];
    let whole = (2..=rest.len().min(LONGEST_SYLLABLE)).filter_map(move |length| {
        let part = &rest[..length];
        let ends = last && length == rest.len();
        if ends {
            let begun = sounds.beginning(part);
            if !begun.is_empty() {
                // The two letters of an initial are sooner an initial.
                let price = if sounds.syllable(part).is_none() && length == 2 {
                    1.2
                } else {
                    1.0
                };
                return Some((from + length, Token::Begun(begun), price));
            }
        }
        let syllable = sounds.syllable(part)?;
        Some((from + length, Token::Syllable(syllable), 1.0))
    });
    let initial = rest.bytes().next().map(|letter| {
        let double = matches!(rest.get(..2), Some("zh" | "ch" | "sh"));
        let length = if double { 2 } else { 1 };
        (from + length, Token::Initial(letter), 1.15)
    });
    let single = rest
        .bytes()
        .next()
        .filter(|_| matches!(rest.get(..2), Some("zh" | "ch" | "sh")))
        .map(|letter| (from + 1, Token::Initial(letter), 1.2));
    whole.chain(initial).chain(single)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::search::text::normalise;

    fn read(query: &str) -> String {
        let sounds = Sounds::get();
        let pair = |a: &str, b: &str| {
            let heard = |s| sounds.syllable(s).map(|s| sounds.heard(s));
            (heard(a).unwrap_or_default(), heard(b).unwrap_or_default())
        };
        let followed = [pair("fang", "an"), pair("gao", "ling"), pair("bao", "xian")];
        tokens(normalise(query), |a, b| followed.contains(&(a, b)))
            .iter()
            .map(|token| match token {
                Token::Character(unit) => unit.character.to_string(),
                Token::Syllable(own) => sounds.spelling(*own).to_owned(),
                Token::Initial(letter) => char::from(*letter).to_uppercase().to_string(),
                Token::Begun(range) => format!("{}~", sounds.spelling(range.start)),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn letters_fall_into_syllables_and_initials() {
        for (query, expected) in [
            ("dibao", "di bao~"),
            ("gljt", "G L J T"),
            ("sfz", "S F Z"),
            ("gaoling津贴", "gao ling 津 贴"),
            ("gaoljt", "gao L J T"),
            ("fangan", "fang an~"),
            ("baoxian", "bao xian~"),
            ("ｂａｏ xi", "bao xi~"),
            ("zhshch", "Z S C"),
            ("80岁bt", "8 0 岁 B T"),
            ("vvv", "V V V"),
            ("", ""),
        ] {
            assert_eq!(read(query), expected, "{query}");
        }
    }
}
