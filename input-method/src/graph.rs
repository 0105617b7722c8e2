//! The ways to cut what was typed into syllables.

use crate::spelling::{Is, LONGEST, Sound, Spellings};
use std::ops::Range;
use zeroize::Zeroize;

/// As many letters as a long address takes; more are not accepted in one go.
pub const MOST_LETTERS: usize = 48;

/// Letters as typed, and where the person said that a syllable ends.
#[derive(Clone, Zeroize)]
pub struct Letters {
    typed: [u8; MOST_LETTERS],
    length: usize,
    /// Bit n: a syllable ends before letter n.
    cuts: u64,
}

impl Default for Letters {
    fn default() -> Self {
        Self {
            typed: [0; MOST_LETTERS],
            length: 0,
            cuts: 0,
        }
    }
}

impl Drop for Letters {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl Letters {
    /// Adds a letter `a`..=`z`; `false` if there is no room.
    pub fn push(&mut self, letter: u8) -> bool {
        let room = self.length < MOST_LETTERS && letter.is_ascii_lowercase();
        if room {
            self.typed[self.length] = letter;
            self.length += 1;
        }
        room
    }

    /// Ends the syllable here.
    pub fn cut(&mut self) {
        if self.length > 0 {
            self.cuts |= 1 << self.length;
        }
    }

    /// Takes back the last letter or cut.
    pub fn pop(&mut self) {
        let end = 1 << self.length;
        if self.cuts & end != 0 {
            self.cuts &= !end;
        } else if self.length > 0 {
            self.length -= 1;
            self.typed[self.length] = 0;
        }
    }

    /// Parts into the first `count` letters and the rest.
    pub fn split(&self, count: usize) -> (Self, Self) {
        let (mut head, mut tail) = (Self::default(), Self::default());
        let count = count.min(self.length);
        for (index, letter) in self.as_bytes().iter().enumerate() {
            let part = if index < count { &mut head } else { &mut tail };
            part.push(*letter);
        }
        head.cuts = self.cuts & ((1 << (count + 1)) - 1);
        tail.cuts = (self.cuts >> count) & !1;
        (head, tail)
    }

    /// Puts letters that were split off back in front.
    pub fn prepend(&mut self, head: &Self) {
        let mut whole = head.clone();
        whole.cuts |= self.cuts << head.length;
        for letter in self.as_bytes() {
            whole.push(*letter);
        }
        *self = whole;
    }

    /// The letters, without the cuts.
    pub fn as_bytes(&self) -> &[u8] {
        &self.typed[..self.length]
    }

    /// Whether a syllable must end before this letter.
    pub fn is_cut(&self, at: usize) -> bool {
        at < 64 && self.cuts & (1 << at) != 0
    }

    fn crosses_cut(&self, span: Range<usize>) -> bool {
        (span.start + 1..span.end).any(|at| self.is_cut(at))
    }
}

/// A syllable that may begin here.
pub struct Edge<'a> {
    /// The letter after its last.
    pub end: usize,
    /// What its letters may stand for.
    pub sounds: &'a [Sound],
    is: Is,
}

/// For every letter the syllables that may begin with it.
pub struct Graph<'a>(Vec<Vec<Edge<'a>>>);

impl<'a> Graph<'a> {
    /// Cuts letters into syllables in every way there is.
    pub fn new(letters: &Letters, spellings: &'a Spellings) -> Self {
        let typed = letters.as_bytes();
        let from = |start: usize| {
            let ends = start + 1..=typed.len().min(start + LONGEST);
            let ends = ends.filter(move |end| !letters.crosses_cut(start..*end));
            ends.filter_map(move |end| {
                let spelled = spellings.get(&typed[start..end])?;
                let sounds = if end == typed.len() && !letters.is_cut(end) {
                    &spelled.at_end
                } else {
                    &spelled.anywhere
                };
                (!sounds.is_empty()).then_some(Edge {
                    end,
                    sounds,
                    is: spelled.is,
                })
            })
        };
        Self(
            (0..typed.len())
                .map(|start| from(start).collect())
                .collect(),
        )
    }

    /// How many letters were typed.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The syllables that may begin with a letter.
    pub fn from(&self, start: usize) -> &[Edge<'a>] {
        self.0.get(start).map_or(&[], Vec::as_slice)
    }

    /// The ends of the syllables in the likeliest cut: few pieces, long ones first. Letters that fit nowhere stand alone.
    pub fn cut(&self) -> Vec<usize> {
        let mut best = vec![(0_u32, 0_usize); self.len() + 1];
        for start in (0..self.len()).rev() {
            best[start] = (best[start + 1].0 + 20, start + 1);
            for edge in self.from(start) {
                let cost = best[edge.end].0 + if edge.is == Is::Syllable { 2 } else { 5 };
                if cost <= best[start].0 {
                    best[start] = (cost, edge.end);
                }
            }
        }
        std::iter::successors(Some(0), |at| (*at < self.len()).then(|| best[*at].1))
            .skip(1)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn letters(text: &str) -> Letters {
        let mut letters = Letters::default();
        for letter in text.bytes() {
            if letter == b'\'' {
                letters.cut();
            } else {
                letters.push(letter);
            }
        }
        letters
    }

    fn shown(text: &str) -> String {
        let (spellings, typed) = (Spellings::new(), letters(text));
        let mut start = 0;
        let pieces = Graph::new(&typed, &spellings).cut().into_iter().map(|end| {
            let piece = String::from_utf8(typed.as_bytes()[start..end].to_vec()).unwrap();
            start = end;
            piece
        });
        pieces.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn cuts_where_a_reader_would() {
        for (typed, cut) in [
            ("qingchuan", "qing chuan"),
            ("xian", "xian"),
            ("xi'an", "xi an"),
            ("db", "d b"),
            ("sfzhao", "s f zhao"),
            ("gaolingjint", "gao ling jin t"),
            ("wangguilan", "wang gui lan"),
            ("uqing", "u qing"),
            ("zhg", "zh g"),
        ] {
            assert_eq!(shown(typed), cut);
        }
    }

    #[test]
    fn split_and_prepend_undo_each_other() {
        let whole = letters("xi'an'shi");
        for count in 0..=whole.as_bytes().len() {
            let (head, mut tail) = whole.split(count);
            tail.prepend(&head);
            assert_eq!(
                (tail.as_bytes(), tail.cuts),
                (whole.as_bytes(), whole.cuts),
                "split at {count}"
            );
        }
    }

    #[test]
    fn takes_no_more_letters_than_it_holds() {
        let mut letters = letters(&"a".repeat(MOST_LETTERS));
        assert!(!letters.push(b'a'));
        letters.cut();
        assert_eq!(letters.as_bytes().len(), MOST_LETTERS);
    }
}
