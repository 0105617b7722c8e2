//! Input reports of HID barcode readers (usage page 8C), as documented by Access-IS.
//!
//! ```text
//! 02 | count | AIM identifier (3) | data (56) | further id | reserved | bit 0: more follows
//! ```
//!
//! Other makers are said to use the same shape; that rests on a single source, so a report of
//! another shape is refused rather than guessed at.

use zeroize::{Zeroize, Zeroizing};

use super::code::{Code, LONGEST, Symbology};
use super::incoming::{Incoming, Parser};

/// Bytes of a report, its number included.
pub const REPORT: usize = 64;
const NUMBER: u8 = 0x02;
const DATA: usize = 56;

/// Why a report was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HidReportError {
    /// It is not 64 bytes long.
    #[error("a report of {0} bytes instead of 64")]
    Size(usize),
    /// It is another report.
    #[error("report {0:02X} instead of 02")]
    Number(u8),
    /// Its count is greater than it has room for.
    #[error("a report that claims {0} bytes of 56")]
    Count(u8),
    /// More reports belong together than the longest code needs.
    #[error("a code longer than any code")]
    TooLong,
}

/// Puts codes together from reports.
#[derive(Debug, Default)]
pub struct HidPosAssembler {
    begun: Zeroizing<Vec<u8>>,
}

impl HidPosAssembler {
    /// Takes one report; gives a code when it is complete.
    ///
    /// # Errors
    /// The report is none of ours. What had begun is forgotten, as its middle may be missing.
    pub fn push(&mut self, report: &[u8]) -> Result<Option<Code>, HidReportError> {
        let part = match parse(report) {
            Ok(part) if self.begun.len() + part.data.len() <= LONGEST => part,
            other => {
                self.begun.zeroize();
                return Err(other.err().unwrap_or(HidReportError::TooLong));
            }
        };
        let whole = Zeroizing::new([&self.begun[..], part.data].concat());
        self.begun.zeroize();
        if part.more {
            self.begun = whole;
            return Ok(None);
        }
        Ok(Code::of(&whole, Symbology::from_aim(part.aim)))
    }

    /// Whether a code has begun.
    pub fn is_midway(&self) -> bool {
        !self.begun.is_empty()
    }

    /// Forgets a code whose rest did not come.
    pub fn clear(&mut self) {
        self.begun.zeroize();
    }
}

/// Cuts a stream of bytes into reports. A report comes in one piece from the device, so that
/// silence in the middle of one means that its beginning was none.
#[derive(Debug, Default)]
pub struct HidPosParser {
    assembler: HidPosAssembler,
    report: Zeroizing<Vec<u8>>,
}

impl Parser for HidPosParser {
    fn feed(&mut self, bytes: &[u8]) -> Vec<Incoming> {
        let mut found = Vec::new();
        for &byte in bytes {
            // Other reports tell of the battery and the like; their length is not ours.
            if self.report.is_empty() && byte != NUMBER {
                found.push(Incoming::Noise(1));
                continue;
            }
            self.report.push(byte);
            if self.report.len() < REPORT {
                continue;
            }
            match self.assembler.push(&self.report) {
                Ok(Some(code)) => found.push(Incoming::Code(code)),
                Ok(None) => {}
                Err(_) => found.push(Incoming::Noise(REPORT)),
            }
            self.report.zeroize();
        }
        found
    }

    fn silence(&mut self) -> Vec<Incoming> {
        let lost = self.report.len();
        self.report.zeroize();
        self.assembler.clear();
        (lost > 0)
            .then_some(Incoming::Noise(lost))
            .into_iter()
            .collect()
    }

    fn is_midway(&self) -> bool {
        !self.report.is_empty() || self.assembler.is_midway()
    }
}

struct Part<'r> {
    aim: [u8; 3],
    data: &'r [u8],
    more: bool,
}

fn parse(report: &[u8]) -> Result<Part<'_>, HidReportError> {
    let report: &[u8; REPORT] = report
        .try_into()
        .map_err(|_| HidReportError::Size(report.len()))?;
    let [number, count, a, b, c, rest @ ..] = report;
    if *number != NUMBER {
        return Err(HidReportError::Number(*number));
    }
    let data = rest[..DATA]
        .get(..usize::from(*count))
        .ok_or(HidReportError::Count(*count))?;
    Ok(Part {
        aim: [*a, *b, *c],
        data,
        more: report[REPORT - 1] & 1 != 0,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    fn report(aim: [u8; 3], data: &[u8], more: bool) -> [u8; REPORT] {
        let mut report = [0; REPORT];
        report[0] = NUMBER;
        report[1] = data.len() as u8;
        report[2..5].copy_from_slice(&aim);
        report[5..5 + data.len()].copy_from_slice(data);
        report[REPORT - 1] = more.into();
        report
    }

    #[test]
    fn long_codes_are_put_together_and_kept_apart() {
        let mut device = HidPosAssembler::default();
        let first = [b'a'; DATA];
        assert_eq!(device.push(&report(*b"]Q1", &first, true)), Ok(None));
        let code = device.push(&report(*b"]Q1", b"b", false)).unwrap().unwrap();
        assert_eq!(code.text.len(), DATA + 1);
        assert_eq!(code.symbology, Some(Symbology::Qr));
        let next = device
            .push(&report(*b"]E0", b"690", false))
            .unwrap()
            .unwrap();
        assert_eq!(next.text.as_str(), "690");
    }

    #[test]
    fn reports_of_another_shape_are_refused_and_end_what_had_begun() {
        let mut device = HidPosAssembler::default();
        device.push(&report(*b"]Q1", b"a", true)).unwrap();
        assert_eq!(device.push(&[2; 8]), Err(HidReportError::Size(8)));
        let mut other = report(*b"]Q1", b"b", false);
        other[1] = 57;
        assert_eq!(device.push(&other), Err(HidReportError::Count(57)));
        other[0] = 3;
        assert_eq!(device.push(&other), Err(HidReportError::Number(3)));
        let code = device.push(&report(*b"]Q1", b"c", false)).unwrap().unwrap();
        assert_eq!(code.text.as_str(), "c");
    }

    #[test]
    fn a_stream_is_cut_into_reports_and_half_a_report_is_noise() {
        let mut parser = HidPosParser::default();
        let codes = |found: Vec<Incoming>| {
            let text = |incoming| match incoming {
                Incoming::Code(code) => code.text.to_string(),
                other => format!("{other:?}"),
            };
            found.into_iter().map(text).collect::<Vec<_>>()
        };
        let whole = [
            report(*b"]Q1", &[b'a'; DATA], true),
            report(*b"]Q1", b"b", false),
        ]
        .concat();
        assert!(codes(parser.feed(&whole[..70])).is_empty());
        assert!(parser.is_midway());
        assert_eq!(codes(parser.feed(&whole[70..])), ["a".repeat(DATA) + "b"]);
        assert!(!parser.is_midway());
        assert_eq!(codes(parser.feed(&[9, 2, 3])), ["Noise(1)"]);
        assert_eq!(codes(parser.silence()), ["Noise(2)"]);
        assert_eq!(codes(parser.feed(&report(*b"]E0", b"690", false))), ["690"]);
    }

    proptest! {
        #[test]
        fn any_split_of_a_stream_gives_the_same(
            texts in proptest::collection::vec("[ -~]{1,56}", 1..4),
            cuts in proptest::collection::vec(1_usize..40, 0..30),
        ) {
            let stream: Vec<u8> = texts
                .iter()
                .flat_map(|text| report(*b"]Q1", text.as_bytes(), false))
                .collect();
            let whole = HidPosParser::default().feed(&stream);
            let (mut parser, mut rest, mut found) = (HidPosParser::default(), &stream[..], Vec::new());
            for cut in cuts {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                found.extend(parser.feed(now));
                rest = later;
            }
            found.extend(parser.feed(rest));
            prop_assert_eq!(found, whole);
        }

        #[test]
        fn any_text_comes_back_from_its_reports(text in "\\PC{1,400}") {
            let mut device = HidPosAssembler::default();
            let chunks: Vec<_> = text.as_bytes().chunks(DATA).collect();
            let mut code = None;
            for (at, chunk) in chunks.iter().enumerate() {
                code = device.push(&report(*b"]Q1", chunk, at + 1 < chunks.len())).unwrap();
            }
            let code = code.unwrap();
            prop_assert_eq!(code.text.as_str(), text);
        }
    }
}
