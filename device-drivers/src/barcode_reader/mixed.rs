//! Readers that send text and, between two codes, binary answers to commands.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use super::incoming::{Incoming, Parser};
use super::plain::PlainParser;
use super::profile::Suffix;

/// What the bytes of an answer that may have begun amount to.
pub(super) enum Judgement {
    /// It may go on.
    More,
    /// It is complete.
    Answer(Incoming),
    /// It is none.
    None,
}

/// Tells answers from text. Answers begin with 02, which no text does.
pub struct MixedParser {
    text: PlainParser,
    judge: fn(&[u8]) -> Judgement,
    /// An answer that may have begun.
    answer: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for MixedParser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MixedParser({} bytes of an answer)", self.answer.len())
    }
}

impl MixedParser {
    pub(super) fn new(suffix: Suffix, aim: bool, judge: fn(&[u8]) -> Judgement) -> Self {
        Self {
            text: PlainParser::new(suffix, aim),
            judge,
            answer: Zeroizing::new(Vec::new()),
        }
    }

    fn push(&mut self, byte: u8) -> Vec<Incoming> {
        if self.answer.is_empty() && (self.text.is_midway() || byte != 0x02) {
            return self.text.push(byte).into_iter().collect();
        }
        self.answer.push(byte);
        match (self.judge)(&self.answer) {
            Judgement::More => Vec::new(),
            Judgement::Answer(incoming) => {
                self.answer.zeroize();
                vec![incoming]
            }
            Judgement::None => self.give_up(),
        }
    }

    /// The first byte is noise; what follows it is looked at again.
    fn give_up(&mut self) -> Vec<Incoming> {
        let rest = Zeroizing::new(self.answer.split_off(1));
        self.answer.zeroize();
        let mut found = vec![Incoming::Noise(1)];
        found.extend(rest.iter().flat_map(|&byte| self.push(byte)));
        found
    }
}

impl Parser for MixedParser {
    fn feed(&mut self, bytes: &[u8]) -> Vec<Incoming> {
        bytes.iter().flat_map(|&byte| self.push(byte)).collect()
    }

    fn silence(&mut self) -> Vec<Incoming> {
        let mut found = Vec::new();
        while !self.answer.is_empty() {
            found.extend(self.give_up());
        }
        found.extend(self.text.silence());
        found
    }

    fn is_midway(&self) -> bool {
        self.text.is_midway() || !self.answer.is_empty()
    }
}
