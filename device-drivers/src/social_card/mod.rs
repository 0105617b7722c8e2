//! Readers of the social security card 社会保障卡, through PC/SC.
//!
//! From the card upwards: [`Apdu`] is the whole of what a card can be told, [`Item`] what is taken
//! from it, `reading` the conversation, `slot` and `pcsc_slot` the way to the card, `presence`
//! what has been done about the card that is in, and the thread behind [`SocialCardReader`] ties
//! them together. Only what is free to read is read; no PIN is ever sent, and none could be.

mod actor;
mod apdu;
mod card;
mod error;
mod handle;
mod item;
mod pcsc_slot;
mod presence;
mod reading;
mod slot;

pub use apdu::{Apdu, SelectBy};
pub use card::{SocialCard, SocialCardRefusal};
pub use error::SocialCardError;
pub use handle::{SocialCardEvent, SocialCardReader, SocialCardReaderConfig, WhichReader};
pub use item::{File, Item};
pub use pcsc_slot::readers;
