//! Readers that send the contents of a code as they are, and then a suffix.

use zeroize::{Zeroize, Zeroizing};

use super::code::{Code, LONGEST};
use super::incoming::{Incoming, Parser};
use super::profile::Suffix;

/// Cuts a stream of text at the suffix.
#[derive(Debug)]
pub struct PlainParser {
    suffix: &'static [u8],
    aim: bool,
    buffer: Zeroizing<Vec<u8>>,
    /// Bytes of a code that grew beyond all sense.
    overlong: usize,
}

impl PlainParser {
    /// For this suffix; `aim` says that each code begins with an AIM identifier.
    pub fn new(suffix: Suffix, aim: bool) -> Self {
        Self {
            suffix: suffix.bytes(),
            aim,
            // Never grows beyond this, so that no copy is left behind by a move.
            buffer: Zeroizing::new(Vec::with_capacity(LONGEST + 8)),
            overlong: 0,
        }
    }

    /// Takes one byte.
    pub(super) fn push(&mut self, byte: u8) -> Option<Incoming> {
        self.buffer.push(byte);
        if !self.suffix.is_empty() && self.buffer.ends_with(self.suffix) {
            let end = self.buffer.len() - self.suffix.len();
            return self.take(end);
        }
        if self.buffer.len() > LONGEST {
            // Keep what may be the first byte of the suffix.
            let kept = self.suffix.len().saturating_sub(1).min(self.buffer.len());
            let dropped = self.buffer.len() - kept;
            self.overlong += dropped;
            self.buffer.copy_within(dropped.., 0);
            self.buffer[kept..].zeroize();
            self.buffer.truncate(kept);
        }
        None
    }

    /// Ends what has been gathered.
    fn take(&mut self, end: usize) -> Option<Incoming> {
        let overlong = std::mem::take(&mut self.overlong);
        let incoming = if overlong > 0 {
            Some(Incoming::Noise(overlong + end))
        } else {
            Code::from_bytes(&self.buffer[..end], self.aim).map(Incoming::Code)
        };
        self.buffer.zeroize();
        incoming
    }
}

impl Parser for PlainParser {
    fn feed(&mut self, bytes: &[u8]) -> Vec<Incoming> {
        bytes.iter().filter_map(|&byte| self.push(byte)).collect()
    }

    fn silence(&mut self) -> Vec<Incoming> {
        self.take(self.buffer.len()).into_iter().collect()
    }

    fn is_midway(&self) -> bool {
        !self.buffer.is_empty() || self.overlong > 0
    }
}
