//! Devices of a self-service terminal: what they are, how they are reached, what they say.
//!
//! This crate knows protocols and hardware. It knows nothing of cases, of screens, or of the
//! people who use them beyond the fields printed on an identity card.

mod arming;

pub mod barcode_reader;
pub mod camera;
pub mod card_reader;
pub mod imaging;
pub mod page_printer;
pub mod printer;
pub mod probe;
pub mod profile;
pub mod receipt;
pub mod recording;
pub mod scanner;
pub mod social_card;
pub mod status;
pub mod supervisor;
pub mod transport;
