//! What each piece of a query weighs: much where it is rare, next to nothing where it says nothing.

use super::heard::Said;
use super::lexicon::Lexicon;
use super::query::Corpus;
use super::token::Token;
use super::wanted::{Wanted, in_a_word};

/// What a word that says nothing weighs, against one that does.
const FILLER_WEIGHT: f32 = 0.06;
/// What a character weighs that forms no word of a name with its neighbours, against how rare it is.
const ALONE_WEIGHT: f32 = 0.45;
/// What a character weighs that stands in no name, against the rarest.
const UNKNOWN_WEIGHT: f32 = 0.15;
/// What a piece of a phrase weighs that no name says, against the rarest.
const MEANT_WEIGHT: f32 = 0.6;
/// The same for a phrase that only says whom or what it is about.
const WEAK_WEIGHT: f32 = 0.2;

pub(super) fn weights(
    tokens: &[Token],
    phrases: &[Said],
    wanted: &[Wanted],
    lexicon: &Lexicon,
    corpus: &impl Corpus,
) -> Vec<f32> {
    let sure = |said: &Said| said.quality >= 0.7 && said.pieces.count() >= 2;
    let by_phrase = |at: usize, weak: bool| {
        let mut said = phrases.iter().filter(|said| said.phrase.weak == weak);
        said.any(|said| sure(said) && said.pieces.has(at))
    };
    let to_do = |at: usize| wanted.iter().any(|w| w.from <= at && at < w.to);
    let meant = |at: usize| by_phrase(at, false) || to_do(at);
    let mut weights: Vec<f32> = (0..tokens.len())
        .map(|at| {
            let with_last = at
                .checked_sub(1)
                .and_then(|before| corpus.rarity(&tokens[before], &tokens[at]));
            let with_next = tokens
                .get(at + 1)
                .and_then(|next| corpus.rarity(&tokens[at], next));
            match (with_last, with_next) {
                (Some(a), Some(b)) => a.min(b),
                (Some(a), None) | (None, Some(a)) => a,
                // With neither neighbour a word of any name: what it says, nobody can answer for sure.
                (None, None) if meant(at) => MEANT_WEIGHT * corpus.rarest(),
                (None, None) if by_phrase(at, true) => WEAK_WEIGHT * corpus.rarest(),
                (None, None) if tokens.len() > 1 => match corpus.rarity_alone(&tokens[at]) {
                    Some(rarity) => ALONE_WEIGHT * rarity,
                    None => UNKNOWN_WEIGHT * corpus.rarest(),
                },
                (None, None) => corpus.rarest(),
            }
        })
        .collect();
    let characters: Vec<char> = tokens
        .iter()
        .map(|token| token.character().unwrap_or('\0'))
        .collect();
    let mut at = 0;
    while at < tokens.len() {
        let length = lexicon.filler(&characters[at..]);
        let means_something =
            (at..at + length).any(meant) || (length == 1 && in_a_word(tokens, at, at + 1, corpus));
        if length == 0 || means_something {
            at += 1;
            continue;
        }
        for weight in &mut weights[at..at + length] {
            *weight *= FILLER_WEIGHT;
        }
        at += length;
    }
    weights
}
