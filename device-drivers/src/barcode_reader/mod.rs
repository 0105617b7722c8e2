//! Readers of bar codes and two-dimensional codes: engines on a serial line and HID-POS devices.
//!
//! From the line upwards: `plain`, [`gm65`], [`newland`] and [`ssi`] find codes and answers in a
//! stream of bytes, [`hid_pos`] in reports; [`Protocol`] makes one parser and one set of commands
//! of them; the thread behind [`BarcodeReader`] ties them to a port that may vanish and come back.
//! What is in a code is nobody's business here: it is handed over as it was read, never parsed and
//! never logged.

mod actor;
mod code;
mod handle;
mod incoming;
mod mixed;
mod plain;
mod profile;
mod protocol;
#[cfg(test)]
mod tests;

pub mod gm65;
pub mod hid_pos;
pub mod newland;
pub mod ssi;

pub use code::{Code, Symbology};
pub use handle::{BarcodeReadError, BarcodeReader, BarcodeReaderConfig};
pub use incoming::{Incoming, Parser};
pub use mixed::MixedParser;
pub use plain::PlainParser;
pub use profile::{BarcodeReaderProfile, Suffix, Trigger};
pub use protocol::{AnyParser, Protocol};
