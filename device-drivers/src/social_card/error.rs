//! Why a social security card could not be read.

use super::item::Item;
use crate::status::FaultKind;

/// Why a card could not be read. Each kind asks something else of the person at the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum SocialCardError {
    /// Nobody put a card in, in the time given.
    #[error("no card was put in")]
    NoCard,
    /// The card was pulled out while it was being read: put it in again and wait.
    #[error("the card was taken out before it was read")]
    MovedTooEarly,
    /// Something is in the reader, and it says nothing: put in the wrong way round, or broken.
    #[error("the card does not answer")]
    Mute,
    /// It is a card of another kind: a bank card, a card of a mobile telephone.
    #[error("this is not a social security card")]
    WrongCardType,
    /// The card, or the part of it that is read, was locked by its issuer.
    #[error("the card is locked")]
    Locked,
    /// The card answers, but will not be read, also after several attempts.
    #[error("the card refuses to be read (card status {sw1:02X}{sw2:02X})")]
    CardRefused {
        /// First byte of the card's status.
        sw1: u8,
        /// Second byte of the card's status.
        sw2: u8,
    },
    /// The card was read, but this item on it makes no sense.
    #[error("the item {0:?} on the card cannot be understood")]
    Unreadable(Item),
    /// The reader did not answer in time.
    #[error("the reader does not answer")]
    NoAnswer,
    /// The reader is out of order.
    #[error("the reader is out of order ({0:?})")]
    ReaderFault(FaultKind),
}
