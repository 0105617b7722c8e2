//! A query as it is understood: its pieces and what each weighs, the phrases in it, and what is to be done.

use super::How;
use super::lexicon::{Action, Actions, Lexicon, Phrase};
use super::sound::Syllable;
use super::text::normalise;
use super::token::{Token, tokens};

/// No more phrases than these are followed up, the best first.
const MOST_PHRASES: usize = 12;
/// What a word that says nothing weighs, against one that does.
const FILLER_WEIGHT: f32 = 0.06;

/// A phrase of the lexicon, found in the query.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub phrase: &'static Phrase,
    /// The pieces it takes up.
    pub from: usize,
    pub to: usize,
    /// 1 is the very words.
    pub quality: f32,
    pub how: How,
}

/// What is to be done, and which pieces say so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub action: Action,
    pub from: usize,
    pub to: usize,
}

/// A query, understood.
pub(super) struct Query {
    pub tokens: Vec<Token>,
    pub weights: Vec<f32>,
    pub phrases: Vec<Said>,
    pub wanted: Vec<Wanted>,
    /// The letters and digits, when it can be the beginning of a code.
    pub code: Option<String>,
}

/// What a query needs to know of the catalogue.
pub(super) trait Corpus {
    /// Whether these sounds, as heard, follow each other in any name.
    fn followed(&self, a: Syllable, b: Syllable) -> bool;
    /// In how many names these characters follow each other.
    fn neighbours(&self, a: char, b: char) -> usize;
    /// How rare what two pieces say together is; `None` when no name says it.
    fn rarity(&self, a: &Token, b: &Token) -> Option<f32>;
    /// How rare what one piece says is; `None` when no name says it.
    fn rarity_alone(&self, a: &Token) -> Option<f32>;
    /// How rare a thing is that no name says.
    fn rarest(&self) -> f32;
}

impl Query {
    pub(super) fn read(words: &str, corpus: &impl Corpus) -> Self {
        let lexicon = Lexicon::get();
        let tokens = tokens(normalise(words), |a, b| {
            lexicon.followed.contains(&(a, b)) || corpus.followed(a, b)
        });
        let phrases = phrases(&tokens, lexicon);
        let wanted = wanted(&tokens, &phrases, lexicon, corpus);
        let weights = weights(&tokens, &phrases, &wanted, lexicon, corpus);
        Self {
            tokens,
            weights,
            phrases,
            wanted,
            code: code(words),
        }
    }

    /// Everything that is wanted done.
    pub(super) fn actions(&self) -> Actions {
        let mut actions = Actions::default();
        for wanted in &self.wanted {
            actions.add(wanted.action);
        }
        actions
    }
}

/// A code has digits in it, and is longer than a number that somebody might mean otherwise.
fn code(words: &str) -> Option<String> {
    let bare: String = normalise(words).collect();
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    let fits = bare.len() >= 4 && digits >= 3 && bare.chars().all(|c| c.is_ascii_alphanumeric());
    fits.then_some(bare)
}

/// The phrases that stand in the query, the longest and surest first.
fn phrases(tokens: &[Token], lexicon: &'static Lexicon) -> Vec<Said> {
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
        found.extend(
            begin
                .into_iter()
                .filter_map(|at| said(&lexicon.phrases[at], tokens, from)),
        );
    }
    found.sort_by(|a, b| {
        let worth = |said: &Said| (said.to - said.from) as f32 * said.quality;
        worth(b).total_cmp(&worth(a))
    });
    found.truncate(MOST_PHRASES);
    found
}

/// Whether this phrase begins at this piece.
fn said(phrase: &'static Phrase, tokens: &[Token], from: usize) -> Option<Said> {
    let length = phrase.units.len();
    let rest = &tokens[from..];
    let (mut strength, mut evidence, mut how) = (0.0, 0.0, How::Literal);
    let mut fitting = 0;
    let mut missed = 0;
    for (unit, token) in phrase.units.iter().zip(rest) {
        match token.fit(unit) {
            Some(fit) => {
                strength += fit.strength;
                evidence += fit.evidence;
                how = how.max(fit.how);
            }
            // One wrong character in four or more, not the last that was typed.
            None if missed == 0
                && length >= 4
                && fitting >= 1
                && fitting + 1 < rest.len().min(length) =>
            {
                missed = 1;
                how = How::Overlap;
            }
            None => break,
        }
        fitting += 1;
    }
    let whole_query = from == 0 && fitting == tokens.len();
    let complete = fitting == length;
    let typed_so_far = from + fitting == tokens.len() && fitting >= 2 && 2 * fitting >= length;
    if !(complete || typed_so_far) {
        return None;
    }
    let matched = (fitting - missed) as f32;
    let mut quality = strength / matched * matched / fitting as f32;
    if !complete {
        quality *= 0.55 + 0.35 * fitting as f32 / length as f32;
    }
    if missed > 0 {
        quality *= 0.85;
    }
    let sure = match how {
        How::Initials => (whole_query && complete && fitting >= 2) || evidence >= 1.8,
        _ => evidence >= 1.2 || (fitting == 1 && tokens.len() == 1),
    };
    sure.then_some(Said {
        phrase,
        from,
        to: from + fitting,
        quality,
        how,
    })
}

/// The words in the query that say what is to be done.
fn wanted(
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
                let within = (phrases.iter()).any(|said| said.from <= from && from < said.to);
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
fn in_a_word(tokens: &[Token], from: usize, to: usize, corpus: &impl Corpus) -> bool {
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

fn weights(
    tokens: &[Token],
    phrases: &[Said],
    wanted: &[Wanted],
    lexicon: &Lexicon,
    corpus: &impl Corpus,
) -> Vec<f32> {
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
                (None, None) => corpus
                    .rarity_alone(&tokens[at])
                    .unwrap_or(0.5 * corpus.rarest()),
            }
        })
        .collect();
    let sure = |said: &Said| said.quality >= 0.75 && said.to - said.from >= 2;
    let meant = |at: usize| {
        (phrases.iter()).any(|said| sure(said) && said.from <= at && at < said.to)
            || wanted.iter().any(|w| w.from <= at && at < w.to)
    };
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
