//! What a query wants done with a paper or a matter: 补, 换, 注销, 查.

use super::How;
use super::heard::Said;
use super::lexicon::{Action, Lexicon};
use super::query::Corpus;
use super::token::Token;

/// What is to be done, and which pieces say so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub action: Action,
    pub from: usize,
    pub to: usize,
}

/// The words in the query that say what is to be done.
pub(super) fn wanted(
    tokens: &[Token],
    phrases: &[Said],
    lexicon: &Lexicon,
    corpus: &impl Corpus,
) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut from = 0;
    while from < tokens.len() {
        let spoken = lexicon.spoken.iter().find(|(word, _)| {
            let Some(pieces) = tokens.get(from..from + word.len()) else {
                return false;
            };
            if word.len() == 1 {
                // 补 is an action, 补贴 is not.
                let within = phrases.iter().any(|said| said.pieces.has(from));
                return pieces[0].character() == Some(word[0].character)
                    && !within
                    && !in_a_word(tokens, from, from + 1, corpus);
            }
            pieces.iter().zip(word).all(|(piece, unit)| {
                (piece.fit(unit)).is_some_and(|fit| match piece {
                    Token::Character(_) => fit.strength >= 1.0,
                    _ => fit.strength >= 0.85 && fit.how == How::Pinyin,
                })
            })
        });
        if let Some((word, action)) = spoken {
            wanted.push(Wanted {
                action: *action,
                from,
                to: from + word.len(),
            });
            from += word.len();
        } else {
            from += 1;
        }
    }
    wanted
}

/// Whether the pieces form a word of some name together with a neighbour.
pub(super) fn in_a_word(tokens: &[Token], from: usize, to: usize, corpus: &impl Corpus) -> bool {
    let pair = |a: Option<&Token>, b: Option<&Token>| match (
        a.and_then(Token::character),
        b.and_then(Token::character),
    ) {
        (Some(a), Some(b)) => corpus.neighbours(a, b) > 0,
        _ => false,
    };
    pair(
        from.checked_sub(1).and_then(|before| tokens.get(before)),
        tokens.get(from),
    ) || pair(tokens.get(to.saturating_sub(1)), tokens.get(to))
}
