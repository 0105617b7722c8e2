//! The questions of a probe, and what an answer to each of them shows.

use serde::Serialize;

use crate::barcode_reader::{AnyParser, BarcodeReaderProfile, Incoming, Parser, Protocol};
use crate::card_reader::command::Command;
use crate::card_reader::frame::FrameParser;

/// What is at a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// A reader of identity cards.
    CardReader,
    /// A receipt printer.
    Printer,
    /// A barcode reader that speaks so.
    BarcodeReader(Protocol),
}

/// A question that changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Real-time status of a printer.
    PrinterStatus,
    /// Who made a printer.
    PrinterMaker,
    /// Which model a printer is.
    PrinterModel,
    /// Whether the module of a card reader is well.
    CardReaderStatus,
    /// A setting of a GM65.
    Gm65Setting,
    /// Telling a Newland engine not to look, which it does not.
    NewlandStop,
    /// Telling an SSI engine that it may look, which it may.
    SsiEnable,
}

impl Question {
    /// Those that are put to an unknown device. The shortest first: a printer at the wrong speed
    /// makes question marks of what it does not understand.
    pub(super) const ALL: [Self; 5] = [
        Self::PrinterStatus,
        Self::CardReaderStatus,
        Self::Gm65Setting,
        Self::NewlandStop,
        Self::SsiEnable,
    ];

    /// The bytes for the line.
    pub fn bytes(self) -> Vec<u8> {
        let engine = |protocol: Protocol| protocol.question().unwrap_or_default();
        match self {
            Self::PrinterStatus => vec![0x10, 0x04, 0x01],
            Self::PrinterMaker => vec![0x1D, 0x49, 66],
            Self::PrinterModel => vec![0x1D, 0x49, 67],
            Self::CardReaderStatus => Command::SamStatus.encode(),
            Self::Gm65Setting => engine(Protocol::Gm65),
            Self::NewlandStop => engine(Protocol::Newland),
            Self::SsiEnable => engine(Protocol::Ssi),
        }
    }

    /// What an answer shows.
    pub(super) fn shows(self, heard: &[u8]) -> Option<Found> {
        match self {
            // One byte with its fixed bits; more would be chance.
            Self::PrinterStatus => {
                let [byte] = heard else { return None };
                (byte & 0x93 == 0x12).then_some(Found::Printer)
            }
            Self::CardReaderStatus => {
                let mut parser = FrameParser::default();
                let mut replies = parser.feed(heard);
                replies.extend(parser.finish());
                (!replies.is_empty()).then_some(Found::CardReader)
            }
            Self::Gm65Setting => answered(Protocol::Gm65, heard),
            Self::NewlandStop => answered(Protocol::Newland, heard),
            Self::SsiEnable => answered(Protocol::Ssi, heard),
            Self::PrinterMaker | Self::PrinterModel => None,
        }
    }
}

fn answered(protocol: Protocol, heard: &[u8]) -> Option<Found> {
    let mut parser = AnyParser::new(&BarcodeReaderProfile {
        protocol,
        ..BarcodeReaderProfile::default()
    });
    let answer =
        |incoming: &Incoming| matches!(incoming, Incoming::Accepted | Incoming::Refused(_));
    let any = parser.feed(heard).iter().any(answer);
    any.then_some(Found::BarcodeReader(protocol))
}

/// The text in an answer to GS I: `5F text 00`, or `3D n text 00`.
pub(super) fn identity_text(heard: &[u8]) -> Option<String> {
    let ([0x5F, text @ .., 0] | [0x3D, _, text @ .., 0]) = heard else {
        return None;
    };
    let printable = |byte: &u8| (0x20..0x7F).contains(byte);
    (!text.is_empty() && text.iter().all(printable))
        .then(|| String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_answer_shows_its_device_and_no_other_question_takes_it_for_its_own() {
        let answers: [(Question, Vec<u8>, Found); 5] = [
            (Question::PrinterStatus, vec![0x1A], Found::Printer),
            (
                Question::CardReaderStatus,
                vec![0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 4, 0, 0, 0x90, 0x94],
                Found::CardReader,
            ),
            (
                Question::Gm65Setting,
                vec![2, 0, 0, 1, 0, 0x33, 0x31],
                Found::BarcodeReader(Protocol::Gm65),
            ),
            (
                Question::NewlandStop,
                b"\x02\x010000#SCNTRG0\x06;\x03".to_vec(),
                Found::BarcodeReader(Protocol::Newland),
            ),
            (
                Question::SsiEnable,
                vec![4, 0xD0, 0, 0, 0xFF, 0x2C],
                Found::BarcodeReader(Protocol::Ssi),
            ),
        ];
        for (asked, heard, found) in &answers {
            for question in Question::ALL {
                let expected = (question == *asked).then_some(*found);
                assert_eq!(question.shows(heard), expected, "{question:?} {heard:02X?}");
            }
        }
    }

    #[test]
    fn who_a_printer_is_is_read_in_either_form() {
        assert_eq!(identity_text(b"_EPSON\0").as_deref(), Some("EPSON"));
        assert_eq!(
            identity_text(b"\x3D\x43TM-T20\0").as_deref(),
            Some("TM-T20")
        );
        for none in [&b""[..], b"_\0", b"EPSON", b"_\x01\x02\0"] {
            assert_eq!(identity_text(none), None);
        }
    }

    proptest! {
        #[test]
        fn noise_is_no_device_but_by_the_rarest_chance(noise in prop::collection::vec(any::<u8>(), 2..64)) {
            for question in Question::ALL {
                prop_assert_eq!(question.shows(&noise), None);
            }
        }
    }
}
