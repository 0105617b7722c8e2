//! Why a card could not be read.

use super::command::Command;
use super::text::TextError;
use crate::status::FaultKind;

/// Why a card could not be read. Each kind asks something else of the person at the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CardReadError {
    /// Nobody laid a card down in the time given.
    #[error("no card was laid on the reader")]
    NoCard,
    /// The card was lifted or moved while it was being read: lay it down again and wait.
    #[error("the card was moved before it was read")]
    MovedTooEarly,
    /// The card, or what is on it, is not authentic. It must not be accepted.
    #[error("the card cannot be verified")]
    CannotVerify,
    /// It is a card of another kind: a bank card, a travel card.
    #[error("this is not an identity card")]
    WrongCardType,
    /// The card answers, but will not be read, also after several attempts.
    #[error("the card refuses to be read (card status {sw1:02X}{sw2:02X})")]
    CardRefused {
        /// First byte of the card's own status.
        sw1: u8,
        /// Second byte of the card's own status.
        sw2: u8,
    },
    /// What the reader sent was damaged on the way, also after several attempts.
    #[error("the reader's answer to {during} arrived damaged")]
    Damaged {
        /// The command whose answer was damaged.
        during: Command,
    },
    /// The reader stopped answering.
    #[error("the reader does not answer")]
    NoAnswer,
    /// The reader is out of order.
    #[error("the reader is out of order ({0:?})")]
    ReaderFault(FaultKind),
    /// The card was read, but what is written on it makes no sense.
    #[error("the card's text cannot be understood: {0}")]
    Unreadable(TextError),
}
