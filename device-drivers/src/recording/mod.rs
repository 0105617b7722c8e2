//! Conversations with devices, recorded for a technician and replayed in a test.
//!
//! A recording is a file of JSON lines: what the terminal said, what the device said, when. What
//! is personal in it, the text and photo of a card, the contents of a code, the dots of a receipt,
//! is replaced before it is written, keeping lengths and checksums, so that a recording can be
//! sent to whoever wrote the driver and played to the driver again.

mod event;
mod recorder;
mod redact;
mod replay;
#[cfg(test)]
mod tests;

pub use event::{Event, Subject};
pub use recorder::{Complete, recorded};
pub use redact::Redactor;
pub use replay::{Recording, RecordingError, ReplayStream};
