//! Frames of the SDT protocol: how a command is wrapped, and how replies are found in a stream.
//!
//! ```text
//! command  AA AA AA 96 69 | length (2) | CMD PARA data...       | CHK
//! reply    AA AA AA 96 69 | length (2) | SW1 SW2 SW3 data...    | CHK
//! ```
//!
//! The length is big-endian and counts everything after itself; CHK makes the exclusive-or of
//! everything after the preamble zero. The protocol has no sequence numbers and no escape for a
//! preamble inside the data, so what follows is careful about where a frame may begin and end.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

const PREAMBLE: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];
/// A reply's first byte is the one most often damaged on the line, so it is not insisted upon.
const SYNC: [u8; 4] = [0xAA, 0xAA, 0x96, 0x69];
/// From the start of `SYNC` to the end of the length.
const HEAD: usize = SYNC.len() + 2;
/// A reply has at least three status bytes and its checksum.
const MIN_LENGTH: usize = 4;
/// The longest legal reply (text, photo and two fingerprints) has length 2314.
const MAX_LENGTH: usize = 2400;
/// The buffer never holds more than one unfinished reply and one piece of input.
const PIECE: usize = 1024;
const CAPACITY: usize = 4096;

/// Wraps a command and its data, a few bytes, for the line.
pub fn encode(cmd: u8, para: u8, data: &[u8]) -> Vec<u8> {
    let mut frame = PREAMBLE.to_vec();
    frame.extend([0, 3 + data.len() as u8, cmd, para]);
    frame.extend(data);
    let check = frame[PREAMBLE.len()..]
        .iter()
        .fold(0, |sum, byte| sum ^ byte);
    frame.push(check);
    frame
}

/// One reply with a good checksum.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// Status of the card's own answer, as passed on by the module: usually 00.
    pub sw1: u8,
    /// Second byte of the card's own status.
    pub sw2: u8,
    /// The module's status, which decides.
    pub sw3: u8,
    /// What follows the status bytes. Personal data in a reply to a read command.
    pub data: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sw1,
            sw2,
            sw3,
            data,
        } = self;
        write!(
            f,
            "Reply({sw1:02X} {sw2:02X} {sw3:02X}, {} bytes)",
            data.len()
        )
    }
}

/// What the parser is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// The beginning of a reply.
    Start,
    /// The rest of a reply that has begun.
    Rest,
    /// Silence. A whole reply is there, but it ends as a preamble begins: it may as well be a
    /// reply that lost bytes and swallowed the beginning of the next one.
    Silence,
}

/// Finds replies in a stream that arrives in pieces of any size.
///
/// The same bytes give the same replies however they are cut into pieces. A damaged reply costs
/// nothing but itself: after a bad checksum the search goes on one byte further, not one frame.
pub struct FrameParser {
    buffer: Zeroizing<Vec<u8>>,
    waiting: Waiting,
}

impl Default for FrameParser {
    fn default() -> Self {
        // Never grows beyond this, so that no copy of a card's data is left behind by a move.
        Self {
            buffer: Zeroizing::new(Vec::with_capacity(CAPACITY)),
            waiting: Waiting::Start,
        }
    }
}

impl FrameParser {
    /// Takes the next bytes of the stream and returns the replies that they complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Reply> {
        let mut replies = Vec::new();
        for piece in bytes.chunks(PIECE) {
            self.buffer.extend_from_slice(piece);
            replies.extend(std::iter::from_fn(|| self.next(false)));
        }
        replies
    }

    /// Declares the stream over: an unfinished reply will not be finished.
    ///
    /// Returns whole replies that were hidden behind it, and leaves the parser empty.
    pub fn finish(&mut self) -> Vec<Reply> {
        let replies = std::iter::from_fn(|| self.next(true)).collect();
        self.clear();
        replies
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.buffer.zeroize();
        self.waiting = Waiting::Start;
    }

    /// What more is needed.
    pub fn waiting(&self) -> Waiting {
        self.waiting
    }

    fn next(&mut self, ended: bool) -> Option<Reply> {
        loop {
            self.seek();
            let (waiting, candidate) = judge(&self.buffer, ended);
            self.waiting = waiting;
            match candidate {
                Candidate::Good { end } => {
                    let reply = Reply {
                        sw1: self.buffer[HEAD],
                        sw2: self.buffer[HEAD + 1],
                        sw3: self.buffer[HEAD + 2],
                        data: Zeroizing::new(self.buffer[HEAD + 3..end - 1].to_vec()),
                    };
                    self.discard(end);
                    return Some(reply);
                }
                Candidate::Bad => self.discard(1),
                Candidate::Unfinished => return None,
            }
        }
    }

    /// Drops everything before the next possible start of a reply.
    fn seek(&mut self) {
        let start = self
            .buffer
            .windows(SYNC.len())
            .position(|window| window == SYNC)
            // The last bytes may be the first ones of a start that has not arrived yet.
            .unwrap_or_else(|| self.buffer.len().saturating_sub(SYNC.len() - 1));
        self.discard(start);
    }

    fn discard(&mut self, count: usize) {
        let kept = self.buffer.len() - count;
        self.buffer.copy_within(count.., 0);
        self.buffer[kept..].zeroize();
        self.buffer.truncate(kept);
    }
}

enum Candidate {
    Good { end: usize },
    Bad,
    Unfinished,
}

/// Judges the candidate at the front of `buffer`.
fn judge(buffer: &[u8], ended: bool) -> (Waiting, Candidate) {
    let unfinished = |waiting| match (ended, buffer.starts_with(&SYNC)) {
        (true, true) => (Waiting::Start, Candidate::Bad),
        _ => (waiting, Candidate::Unfinished),
    };
    if !buffer.starts_with(&SYNC) {
        return unfinished(Waiting::Start);
    }
    let Some(&[high, low]) = buffer.get(SYNC.len()..HEAD) else {
        return unfinished(Waiting::Rest);
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if !(MIN_LENGTH..=MAX_LENGTH).contains(&length) {
        return (Waiting::Start, Candidate::Bad);
    }
    let end = HEAD + length;
    let Some((frame, rest)) = buffer.split_at_checked(end) else {
        return unfinished(Waiting::Rest);
    };
    if frame[SYNC.len()..].iter().fold(0, |sum, byte| sum ^ byte) != 0 {
        return (Waiting::Start, Candidate::Bad);
    }
    match overlap(frame, rest) {
        Overlap::Certain => (Waiting::Start, Candidate::Bad),
        Overlap::Possible if !ended => (Waiting::Silence, Candidate::Unfinished),
        Overlap::Possible | Overlap::None => (Waiting::Start, Candidate::Good { end }),
    }
}

enum Overlap {
    None,
    Possible,
    Certain,
}

/// Whether a frame has swallowed the beginning of the next one.
///
/// A frame that lost bytes on the line reaches into its successor. Two bytes of a preamble cancel
/// each other in the checksum, so a frame that lost two zeros and gained `AA AA` looks good.
fn overlap(frame: &[u8], rest: &[u8]) -> Overlap {
    let mut verdict = Overlap::None;
    for taken in 2..PREAMBLE.len() {
        let (head, tail) = PREAMBLE.split_at(taken);
        if !frame.ends_with(head) {
            continue;
        }
        if rest.starts_with(tail) {
            return Overlap::Certain;
        }
        if tail.starts_with(rest) {
            verdict = Overlap::Possible;
        }
    }
    verdict
}

#[cfg(test)]
mod tests;
