//! Texts of the screen as sentences for the ear: numbers written out, marks that nobody says taken off.

use std::fmt;

use zeroize::Zeroizing;

use super::number;
use crate::language::Language;

/// A sentence is cut at a comma when it grows longer than this many characters.
const LONG: usize = 40;

/// One sentence, ready to be said.
#[derive(Clone, PartialEq, Eq)]
pub struct Sentence {
    text: Zeroizing<String>,
    voice: Language,
}

impl Sentence {
    /// Its words; they may be somebody's name and number.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// In which language it is said.
    pub fn voice(&self) -> Language {
        self.voice
    }
}

impl fmt::Debug for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sentence")
            .field("characters", &self.text.chars().count())
            .field("voice", &self.voice)
            .finish()
    }
}

/// Everything that can be said of `texts`, in their order. Chinese words on an English screen are said in
/// Chinese: an English voice would only spell them.
pub fn sentences<'a>(texts: impl IntoIterator<Item = &'a str>, screen: Language) -> Vec<Sentence> {
    texts
        .into_iter()
        .flat_map(pieces)
        .filter_map(|piece| {
            let voice = if piece.chars().any(is_han) {
                Language::Chinese
            } else {
                screen
            };
            let text = plain(&number::spoken(piece, voice), voice);
            text.chars()
                .any(char::is_alphanumeric)
                .then_some(Sentence { text, voice })
        })
        .collect()
}

/// Whether the character is a Chinese one.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

/// Cuts at the ends of sentences, and at a comma where a sentence is long.
fn pieces(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut from, mut length) = (0, 0);
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        length += 1;
        let spaced = rest.peek().is_none_or(|(_, next)| next.is_whitespace());
        let ends = match c {
            '。' | '！' | '？' | '；' | '\n' => true,
            '.' | '!' | '?' | ';' => spaced,
            '，' | '：' => length > LONG,
            ',' | ':' => length > LONG && spaced,
            _ => false,
        };
        if ends {
            let to = at + c.len_utf8();
            all.push(&text[from..to]);
            (from, length) = (to, 0);
        }
    }
    all.push(&text[from..]);
    all
}

/// Only what is said or makes a pause; one pause where several stand together.
fn plain(text: &str, voice: Language) -> Zeroizing<String> {
    let pause = match voice {
        Language::Chinese => '，',
        Language::English => ',',
    };
    let mut all = Zeroizing::new(String::with_capacity(text.len() + 4));
    let mut waiting = None;
    for c in text.chars() {
        match c {
            c if c.is_alphanumeric() => {
                match waiting.take() {
                    // Beside a Chinese character nobody hears a space.
                    Some(' ') if is_han(c) || all.ends_with(is_han) => {}
                    Some(mark) if !all.is_empty() => {
                        all.push(mark);
                        if mark == ',' {
                            all.push(' ');
                        }
                    }
                    _ => {}
                }
                all.push(c);
            }
            '\'' | '’' if all.ends_with(char::is_alphanumeric) => all.push('\''),
            '.' if all.ends_with(|c: char| c.is_ascii_digit()) => waiting = Some('.'),
            '，' | ',' | '、' | '：' | ':' | '（' | '）' | '(' | ')' | '；' | ';' | '/' | '›'
            | '…' | '—' | '〔' | '〕' | '*' => waiting = Some(pause),
            '？' | '?' | '。' | '！' | '!' => waiting = Some(c),
            _ if waiting.is_none() => waiting = Some(' '),
            _ => {}
        }
    }
    // A question is heard from its mark.
    if let Some(mark @ ('？' | '?')) = waiting {
        all.push(mark);
    }
    all
}
