//! The phrases of the lexicon that stand in a query, through what people put into them and get wrong.

use super::How;
use super::lexicon::{Lexicon, Phrase};
use super::query::Corpus;
use super::text::Unit;
use super::token::Token;
use super::wanted::in_a_word;

/// No more phrases than these are followed up, the best first.
const MOST_PHRASES: usize = 12;
/// A phrase of the lexicon, found in the query.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub phrase: &'static Phrase,
    /// The pieces it takes up.
    pub pieces: Pieces,
    /// 1 is the very words.
    pub quality: f32,
    pub how: How,
}

/// Some of a query's pieces, by their positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces(u64);

impl Pieces {
    pub(super) fn add(&mut self, at: usize) {
        self.0 |= 1 << at.min(63);
    }

    pub(super) fn has(self, at: usize) -> bool {
        at < 64 && self.0 & (1 << at) != 0
    }

    pub(super) fn count(self) -> usize {
        self.0.count_ones() as usize
    }
}

/// The phrases that stand in the query, the longest and surest first.
pub(super) fn phrases(
    tokens: &[Token],
    lexicon: &'static Lexicon,
    corpus: &impl Corpus,
) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    for from in 0..tokens.len() {
        let begin: Vec<usize> = match &tokens[from] {
            Token::Initial(letter) => lexicon.by_letter.get(letter).cloned().unwrap_or_default(),
            Token::Character(unit) if unit.readings[0] == 0 => u8::try_from(unit.character)
                .ok()
                .and_then(|letter| lexicon.by_letter.get(&letter).cloned())
                .unwrap_or_default(),
            token => {
                let mut begin: Vec<usize> = token
                    .heard()
                    .filter_map(|sound| lexicon.by_sound.get(&sound))
                    .flatten()
                    .copied()
                    .collect();
                begin.sort_unstable();
                begin.dedup();
                begin
            }
        };
        found.extend(begin.into_iter().filter_map(|at| {
            let phrase = &lexicon.phrases[at];
            said(phrase, tokens, from).or_else(|| turned(phrase, tokens, from, corpus))
        }));
    }
    found.retain(|said| !misheard(said, tokens, corpus));
    found.sort_by(|a, b| {
        let worth = |said: &Said| said.pieces.count() as f32 * said.quality;
        worth(b).total_cmp(&worth(a))
    });
    found.truncate(MOST_PHRASES);
    found
}

/// Whether a phrase is only heard in what is a word of some name as it is written.
fn misheard(said: &Said, tokens: &[Token], corpus: &impl Corpus) -> bool {
    said.how == How::SameSound
        && (1..tokens.len()).any(|at| {
            let pair = (tokens[at - 1].character(), tokens[at].character());
            said.pieces.has(at - 1)
                && said.pieces.has(at)
                && matches!(pair, (Some(a), Some(b)) if corpus.neighbours(a, b) > 0)
                && said.pieces.count() <= 3
        })
}

/// How many pieces may stand between a verb and its object: 砍自家林子的树.
const WIDEST_GAP: usize = 7;
/// How far before its verb an object may stand.
const FARTHEST_OBJECT: usize = 9;

/// Whether this phrase begins at this piece.
fn said(phrase: &'static Phrase, tokens: &[Token], from: usize) -> Option<Said> {
    let length = phrase.units.len();
    let mut found = Said {
        phrase,
        pieces: Pieces::default(),
        quality: 0.0,
        how: How::Literal,
    };
    let (mut strength, mut evidence, mut fitting) = (0.0, 0.0, 0);
    // One mistake is forgiven: a wrong character, or something put in between.
    let mut forgiven = 1.0;
    let mut at = from;
    let literal = tokens[from].character() == phrase.units.first().map(|unit| unit.character);
    while fitting < length {
        let Some(token) = tokens.get(at) else { break };
        if let Some(fit) = token.fit(&phrase.units[fitting]) {
            strength += fit.strength;
            evidence += fit.evidence;
            found.how = found.how.max(fit.how);
        } else {
            let cost = (forgiven >= 1.0 && fitting >= 1)
                .then(|| mistake(&phrase.units[fitting..], &tokens[at..], length, literal))
                .flatten();
            let Some((wrong, skipped, cost)) = cost else {
                break;
            };
            forgiven = cost;
            if !wrong {
                at += skipped;
                continue;
            }
            found.how = How::Overlap;
        }
        found.pieces.add(at);
        fitting += 1;
        at += 1;
    }
    let complete = fitting == length;
    let typed_so_far = at == tokens.len() && fitting >= 2 && 2 * fitting >= length;
    if !(complete || typed_so_far && forgiven >= 1.0) {
        return None;
    }
    found.quality = forgiven * strength / fitting as f32;
    if !complete {
        found.quality *= 0.55 + 0.35 * fitting as f32 / length as f32;
    }
    let whole_query = from == 0 && at == tokens.len();
    let sure = match found.how {
        How::Initials => (whole_query && complete && fitting >= 2) || evidence >= 1.8,
        _ => evidence >= 1.2 || (fitting == 1 && tokens.len() == 1),
    };
    sure.then_some(found)
}

/// Whether a verb stands here and its object before it: 树被风吹倒了能不能砍 for 砍树. Neither may be part of
/// another word.
fn turned(
    phrase: &'static Phrase,
    tokens: &[Token],
    verb: usize,
    corpus: &impl Corpus,
) -> Option<Said> {
    let [first, second] = phrase.units.as_slice() else {
        return None;
    };
    let stands = |at: usize, unit: &Unit| {
        tokens[at].character() == Some(unit.character) && !in_a_word(tokens, at, at + 1, corpus)
    };
    if !stands(verb, first) {
        return None;
    }
    let nearby = verb.saturating_sub(FARTHEST_OBJECT)..verb;
    let object = nearby.rev().find(|&at| stands(at, second))?;
    let mut pieces = Pieces::default();
    pieces.add(verb);
    pieces.add(object);
    Some(Said {
        phrase,
        pieces,
        quality: 0.7,
        how: How::Literal,
    })
}

/// What went wrong where the next piece does not fit the phrase: whether the character is simply wrong, how
/// many pieces are too many, and which share of the phrase still counts.
fn mistake(
    rest: &[Unit],
    tokens: &[Token],
    length: usize,
    first_is_literal: bool,
) -> Option<(bool, usize, f32)> {
    let literal = |at: usize| tokens.get(at).and_then(Token::character);
    let follows = |from: usize| {
        (rest.iter().enumerate()).all(|(at, unit)| literal(from + at) == Some(unit.character))
    };
    // 生娃儿报销 for 生娃报销.
    if length >= 3 && follows(1) {
        return Some((false, 1, 0.95));
    }
    // 砍自家林子的树 for 砍树: a verb of one character, and its object.
    if length <= 3
        && rest.len() + 1 == length
        && first_is_literal
        && let Some(gap) = (1..=WIDEST_GAP).find(|&gap| follows(gap))
    {
        return Some((false, gap, 0.75));
    }
    let next = tokens.get(1).zip(rest.get(1));
    let goes_on = next.is_some_and(|(token, unit)| token.fit(unit).is_some());
    (length >= 4 && goes_on).then_some((true, 0, 0.8))
}
