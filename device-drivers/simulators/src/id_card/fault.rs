//! What can be wrong with the reader, the card or the line.

use serde::{Deserialize, Serialize};

use super::frame::Request;

/// How the module behaves between a successful read and the lifting of the card.
/// Readers of both kinds are in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, Default)]
#[serde(rename_all = "kebab-case")]
#[value(rename_all = "kebab-case")]
pub enum RemovalMode {
    /// `20 01` keeps answering 9F.
    #[default]
    #[serde(rename = "still-9f")]
    #[value(name = "still-9f")]
    StillFound,
    /// `20 01` answers 80 until the card has been lifted and laid down again.
    #[serde(rename = "80-until-lifted")]
    #[value(name = "80-until-lifted")]
    HiddenUntilLifted,
}

/// Answers that were ordered to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// The status to answer.
    pub sw3: u8,
    /// How many answers are left to fail.
    pub times: u32,
    /// The only command to fail; `None` means whichever the status belongs to.
    pub command: Option<(u8, u8)>,
}

impl Failure {
    /// Whether this failure is about `request`.
    pub fn concerns(&self, request: &Request) -> bool {
        if let Some(command) = self.command {
            return command == (request.command, request.parameter);
        }
        match self.sw3 {
            0x31 | 0x32 | 0x33 | 0x40 | 0x41 | 0x91 => request.command == 0x30,
            0x80 => (request.command, request.parameter) == (0x20, 0x01),
            0x81 => (request.command, request.parameter) == (0x20, 0x02),
            _ => true,
        }
    }
}

/// Bytes that the line adds or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noise {
    /// Random bytes before the answer.
    pub bytes: usize,
    /// Whether one byte of the answer itself is changed.
    pub flip: bool,
    /// How many answers are left to disturb.
    pub times: u32,
}

/// Everything that is wrong at the moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Faults {
    /// Answers that fail.
    pub failure: Option<Failure>,
    /// A disturbed line.
    pub noise: Option<Noise>,
    /// The card is lifted while the next `30 xx` is at work.
    pub lift_mid_read: bool,
    /// The line is cut: half of the next answer, then nothing.
    pub cut: Option<Cut>,
    /// How many times slower than sound everything is.
    pub slowness: f64,
    /// Cards show a wrong check digit.
    pub bad_check_digit: bool,
    /// Cards are out of date.
    pub expired: bool,
}

/// How far a cut line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It breaks in the middle of the next answer.
    InNextAnswer,
    /// It is broken.
    Silent,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            failure: None,
            noise: None,
            lift_mid_read: false,
            cut: None,
            slowness: 1.0,
            bad_check_digit: false,
            expired: false,
        }
    }
}
