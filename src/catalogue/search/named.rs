//! Whether somebody said a name: for the few things that have names and no index of their own.

use super::score::PROOF;
use super::sound::Sounds;
use super::text::{Unit, normalise, units};
use super::token::{Token, tokens};

/// Whether what was typed says `name` as one piece, in characters, pinyin or initials. Either stands in the other:
/// 我想开店 says 开店, and whoever has typed most of a name is believed to go on.
pub(in crate::catalogue) fn says(typed: &str, name: &str) -> bool {
    let name = units(name);
    let sounds = Sounds::get();
    let may_be = |unit: &Unit, heard| unit.sounds().any(|s| sounds.heard(s) == heard);
    let read = tokens(normalise(typed), |a, b| {
        name.windows(2)
            .any(|pair| may_be(&pair[0], a) && may_be(&pair[1], b))
    });
    // Letters that spell syllables may have been meant as initials: xse.
    let initials = normalise(typed).map(|letter| {
        let initial = letter.is_ascii_lowercase().then_some(letter as u8);
        initial.map(Token::Initial)
    });
    let initials: Option<Vec<Token>> = initials.collect();
    [Some(read), initials]
        .into_iter()
        .flatten()
        .any(|typed| stands(&typed, &name))
}

/// Whether one of the two stands in the other.
fn stands(typed: &[Token], name: &[Unit]) -> bool {
    let length = typed.len().min(name.len());
    // 老人 alone does not say 老人走了.
    let most_of_it = 2 * length > name.len();
    let whole = typed.len() == length;
    length > 1
        && most_of_it
        && typed
            .windows(length)
            .any(|typed| name.windows(length).any(|name| is_said(typed, name, whole)))
}

/// Whether each piece may stand for its character, and all of them together for nothing else: two characters do,
/// and three initials do when nothing else was typed.
fn is_said(typed: &[Token], name: &[Unit], whole: bool) -> bool {
    let pairs = typed.iter().zip(name);
    let evidence: Option<f32> = pairs
        .map(|(token, unit)| token.fit(unit).map(|fit| fit.evidence))
        .sum();
    evidence.is_some_and(|evidence| evidence >= PROOF || whole && typed.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_said_in_characters_pinyin_or_initials() {
        for (typed, name) in [
            ("新生儿", "新生儿"),
            ("xinshenger", "新生儿"),
            ("xse", "新生儿"),
            ("我想开店", "开店"),
            ("老人去世了怎么办", "去世"),
            ("tuixiu", "退休"),
            ("生孩", "生孩子"),
        ] {
            assert!(says(typed, name), "{typed} {name}");
        }
    }

    #[test]
    fn a_part_that_many_names_share_says_none_of_them() {
        for (typed, name) in [
            ("", "新生儿"),
            ("新", "新生儿"),
            ("老人", "老人走了"),
            ("老人证", "老人走了"),
            ("kd", "开店"),
            ("xsb", "新生儿"),
            ("生儿", "开店"),
            ("开了店", "开店"),
        ] {
            assert!(!says(typed, name), "{typed} {name}");
        }
    }
}
