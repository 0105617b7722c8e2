//! Readers of the resident identity card with a SAM_V module, on a serial line (SDT protocol).
//!
//! From the line upwards: [`frame`] finds replies in a stream of bytes, [`command`] gives them a
//! meaning, `link` asks and waits, `driver` knows the order of a conversation, `presence` knows
//! what has been done about the card that lies there, and the thread behind [`CardReader`] ties
//! them to a port that may vanish and come back. [`text`] turns a card's bytes into an [`IdCard`].

mod actor;
mod driver;
mod error;
mod handle;
mod holder;
mod id_number;
mod link;
mod nationality;
mod photo;
mod presence;
mod profile;
mod sam;
#[cfg(test)]
mod testing;

pub mod command;
pub mod frame;
pub mod text;

pub use driver::{Baud, ReaderIdentity};
pub use error::CardReadError;
pub use handle::{CardEvent, CardReader, CardReaderConfig};
pub use holder::{CardKind, CardRefusal, IdCard, Sex, ValidTo};
pub use id_number::{IdNumber, IdNumberError};
pub use nationality::Nationality;
pub use photo::{CardPhoto, PhotoDecoder, PhotoError};
pub use profile::CardReaderProfile;
pub use sam::SamId;
pub use text::{Field, TextError};
