//! One face for all protocols: what to send, and how to read what comes.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::hid_pos::HidPosParser;
use super::incoming::{Incoming, Parser};
use super::mixed::MixedParser;
use super::plain::PlainParser;
use super::profile::BarcodeReaderProfile;
use super::ssi::{Request, SsiParser};
use super::{gm65, newland};

/// How a reader on a line speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Text and a suffix, and no commands.
    #[default]
    Plain,
    /// Hangzhou Grow GM65 and its relatives.
    Gm65,
    /// Newland NLS.
    Newland,
    /// Honeywell.
    Honeywell,
    /// Zebra SSI.
    Ssi,
    /// Reports of a USB bar code scanner (usage page 8C).
    HidPos,
}

/// Settings of a GM65: how it is triggered.
const GM65_MODE: u16 = 0x0000;
/// Settings of a GM65: writing 1 lets it look.
const GM65_TRIGGER: u16 = 0x0002;

impl Protocol {
    /// A question that any healthy reader of this kind answers and that changes nothing; none if
    /// there is none.
    pub fn question(self) -> Option<Vec<u8>> {
        match self {
            Self::Plain | Self::Honeywell | Self::HidPos => None,
            Self::Gm65 => Some(gm65::read_zone(GM65_MODE, 1)),
            Self::Newland => Some(newland::command("SCNTRG0")),
            Self::Ssi => Some(Request::Enable.encode()),
        }
    }

    /// Lets the reader look for a code.
    pub fn start(self) -> Option<Vec<u8>> {
        match self {
            Self::Plain | Self::HidPos => None,
            Self::Gm65 => Some(gm65::write_zone(GM65_TRIGGER, 1)),
            Self::Newland => Some(newland::command("SCNTRG1")),
            Self::Honeywell => Some(vec![0x16, 0x54, 0x0D]),
            Self::Ssi => Some(Request::Start.encode()),
        }
    }

    /// Stops it.
    pub fn stop(self) -> Option<Vec<u8>> {
        match self {
            Self::Plain | Self::HidPos => None,
            Self::Gm65 => Some(gm65::write_zone(GM65_TRIGGER, 0)),
            Self::Newland => Some(newland::command("SCNTRG0")),
            Self::Honeywell => Some(vec![0x16, 0x55, 0x0D]),
            Self::Ssi => Some(Request::Stop.encode()),
        }
    }

    /// Tells the reader that its code came through; none where it does not care.
    pub fn acknowledge(self) -> Option<Vec<u8>> {
        (self == Self::Ssi).then(|| Request::Acknowledge.encode())
    }

    /// How long it may be silent in the middle of something, where `usual` is what ends a text.
    ///
    /// A reader with packets repeats one that was not acknowledged after two seconds.
    pub fn silence(self, usual: Duration) -> Duration {
        match self {
            Self::Ssi => usual.max(Duration::from_millis(2500)),
            _ => usual,
        }
    }
}

/// The parser of any protocol.
#[derive(Debug)]
pub enum AnyParser {
    /// Text only.
    Plain(PlainParser),
    /// Text and answers.
    Mixed(MixedParser),
    /// Packets.
    Ssi(SsiParser),
    /// Reports.
    HidPos(HidPosParser),
}

impl AnyParser {
    /// The parser for a model.
    pub fn new(profile: &BarcodeReaderProfile) -> Self {
        let (suffix, aim) = (profile.suffix, profile.aim_prefix);
        match profile.protocol {
            Protocol::Plain | Protocol::Honeywell => Self::Plain(PlainParser::new(suffix, aim)),
            Protocol::Gm65 => Self::Mixed(gm65::parser(suffix, aim)),
            Protocol::Newland => Self::Mixed(newland::parser(suffix, aim)),
            Protocol::Ssi => Self::Ssi(SsiParser::default()),
            Protocol::HidPos => Self::HidPos(HidPosParser::default()),
        }
    }

    fn inner(&mut self) -> &mut dyn Parser {
        match self {
            Self::Plain(parser) => parser,
            Self::Mixed(parser) => parser,
            Self::Ssi(parser) => parser,
            Self::HidPos(parser) => parser,
        }
    }
}

impl Parser for AnyParser {
    fn feed(&mut self, bytes: &[u8]) -> Vec<Incoming> {
        self.inner().feed(bytes)
    }

    fn silence(&mut self) -> Vec<Incoming> {
        self.inner().silence()
    }

    fn is_midway(&self) -> bool {
        match self {
            Self::Plain(parser) => parser.is_midway(),
            Self::Mixed(parser) => parser.is_midway(),
            Self::Ssi(parser) => parser.is_midway(),
            Self::HidPos(parser) => parser.is_midway(),
        }
    }
}
