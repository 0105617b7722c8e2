//! The slot of a reader: what is in it, and reading what is in it. The seam between the thread
//! that looks after a reader and PC/SC.

use std::time::Duration;

use super::card::SocialCard;
use super::error::SocialCardError;
use crate::status::Fault;

/// What is in the slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// Nothing.
    Empty,
    /// A card. The number changes whenever a card is put in or taken out, so that a card that was
    /// swapped between two looks is not taken for the one before.
    Card {
        /// How often something came or went.
        count: u32,
    },
    /// Something that does not answer.
    Mute {
        /// As for a card.
        count: u32,
    },
}

/// A slot.
pub(super) trait Slot: Send {
    /// What is in the slot: as soon as there is news, at the latest after `patience`.
    fn look(&mut self, patience: Duration) -> Result<Sight, Fault>;

    /// Reads the card in the slot. Returns within the slot's own deadline.
    fn read(&mut self) -> Result<SocialCard, SocialCardError>;
}
