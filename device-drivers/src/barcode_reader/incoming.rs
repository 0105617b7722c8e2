//! What comes from a reader, whatever its protocol.

use super::code::Code;

/// One thing that a reader sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A code.
    Code(Code),
    /// A code that wants to be acknowledged, or the reader sends it again.
    CodeToAcknowledge(Code),
    /// The beginning of a code that wants to be acknowledged before the rest comes.
    PartToAcknowledge,
    /// What was handed over before, because our acknowledgement was lost.
    RepetitionToAcknowledge,
    /// It did what it was told.
    Accepted,
    /// It would not, with its own reason.
    Refused(u8),
    /// Bytes that are nothing of the protocol.
    Noise(usize),
}

/// Finds what a reader sends in a stream that arrives in pieces of any size.
///
/// The same bytes give the same results however they are cut into pieces, as long as
/// [`Parser::silence`] is called at the same places.
pub trait Parser {
    /// Takes the next bytes.
    fn feed(&mut self, bytes: &[u8]) -> Vec<Incoming>;

    /// Nothing has come for a while, so that what is unfinished will not be finished.
    fn silence(&mut self) -> Vec<Incoming>;

    /// Whether something has begun.
    fn is_midway(&self) -> bool;
}
