//! What stands in a recording.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::barcode_reader::Protocol;

/// What was recorded; it decides what is personal in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A reader of identity cards.
    CardReader,
    /// A receipt printer.
    ReceiptPrinter,
    /// A barcode reader that speaks so.
    BarcodeReader(Protocol),
}

/// One line of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// The beginning of a recording.
    Of {
        /// What was recorded.
        subject: Subject,
        /// Version of the form, now 1.
        version: u32,
    },
    /// The port was opened. What follows is one connection.
    Opened,
    /// The port could not be opened.
    NotOpened,
    /// The terminal said this.
    Out {
        /// Milliseconds since the recording began, when the last byte was sent.
        ms: u64,
        /// The bytes, personal ones replaced.
        #[serde(with = "hex")]
        hex: Vec<u8>,
    },
    /// The device said this.
    In {
        /// Milliseconds since the recording began, when the last byte came.
        ms: u64,
        /// The bytes, personal ones replaced.
        #[serde(with = "hex")]
        hex: Vec<u8>,
    },
    /// The terminal changed the speed of the line.
    Baud(u32),
    /// The device went away.
    Gone,
}

/// Bytes as pairs of digits with spaces between, as technicians read them.
mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&super::in_hex(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        String::deserialize(from)?
            .split_ascii_whitespace()
            .map(|pair| u8::from_str_radix(pair, 16).map_err(D::Error::custom))
            .collect()
    }
}

fn in_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for (at, byte) in bytes.iter().enumerate() {
        let space = if at == 0 { "" } else { " " };
        // Writing to a string does not fail.
        let _ = write!(text, "{space}{byte:02X}");
    }
    text
}
