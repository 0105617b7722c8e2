//! What one model of barcode reader does differently from the next.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::protocol::Protocol;

/// What a reader sends after each code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Suffix {
    /// `0D`
    #[default]
    Cr,
    /// `0A`
    Lf,
    /// `0D 0A`
    CrLf,
    /// Nothing: a code ends with silence.
    None,
}

impl Suffix {
    pub(super) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Cr => b"\r",
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
            Self::None => b"",
        }
    }
}

/// Who lets a reader look for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The reader itself: it always looks, or has a button. Codes that nobody asked for are dropped.
    #[default]
    Reader,
    /// The terminal, by a command.
    Host,
}

/// The options of a model. The default suits an unknown reader that sends text and a CR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarcodeReaderProfile {
    /// How it speaks.
    pub protocol: Protocol,
    /// Bits per second that it may be set to, the likeliest first. Readers on a USB plug do not
    /// care.
    pub speeds: Vec<u32>,
    /// What it sends after each code.
    pub suffix: Suffix,
    /// Whether each code begins with an AIM identifier such as `]Q1`.
    pub aim_prefix: bool,
    /// Silence that ends a code too, in milliseconds.
    pub silence_ms: u16,
    /// Who lets it look.
    pub trigger: Trigger,
}

impl Default for BarcodeReaderProfile {
    fn default() -> Self {
        Self {
            protocol: Protocol::Plain,
            speeds: vec![9600, 115_200, 38_400],
            suffix: Suffix::Cr,
            aim_prefix: false,
            silence_ms: 80,
            trigger: Trigger::Reader,
        }
    }
}

impl BarcodeReaderProfile {
    pub(super) fn silence(&self) -> Duration {
        let usual = Duration::from_millis(self.silence_ms.max(20).into());
        self.protocol.silence(usual)
    }
}
