//! Engines of Hangzhou Grow (GM65, GM67, GM805, GM812): text, and binary answers to commands.
//!
//! ```text
//! command  7E 00 | type | count | address (2) | data… | crc (2)
//! answer   02 00 | result | count | data… | crc (2)
//! ```
//!
//! The CRC is CRC-16/XMODEM over everything after the first two bytes.

use super::incoming::Incoming;
use super::mixed::{Judgement, MixedParser};
use super::profile::Suffix;

/// Reads `count` bytes of the settings from `address`.
pub fn read_zone(address: u16, count: u8) -> Vec<u8> {
    command(7, address, &[count])
}

/// Writes one byte of the settings.
pub fn write_zone(address: u16, value: u8) -> Vec<u8> {
    command(8, address, &[value])
}

/// Makes the settings last.
pub fn save() -> Vec<u8> {
    command(9, 0, &[0])
}

fn command(kind: u8, address: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x7E, 0x00, kind, data.len() as u8];
    bytes.extend(address.to_be_bytes());
    bytes.extend(data);
    let check = crc(&bytes[2..]);
    bytes.extend(check.to_be_bytes());
    bytes
}

/// CRC-16/XMODEM: polynomial 1021, starting from 0.
pub fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc: u16, &byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| {
            let carry = crc & 0x8000 != 0;
            (crc << 1) ^ if carry { 0x1021 } else { 0 }
        })
    })
}

/// The parser of what such an engine sends.
pub fn parser(suffix: Suffix, aim: bool) -> MixedParser {
    MixedParser::new(suffix, aim, judge)
}

fn judge(answer: &[u8]) -> Judgement {
    match answer {
        [0x02] | [0x02, 0x00] | [0x02, 0x00, _] => Judgement::More,
        [0x02, 0x00, result, count, ..] => {
            let end = 4 + usize::from(*count);
            match answer.get(end..end + 2) {
                None => Judgement::More,
                Some(told) if told != crc(&answer[2..end]).to_be_bytes() => Judgement::None,
                Some(_) if *result == 0 => Judgement::Answer(Incoming::Accepted),
                Some(_) => Judgement::Answer(Incoming::Refused(*result)),
            }
        }
        _ => Judgement::None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::incoming::Parser;
    use super::*;

    #[test]
    fn commands_are_the_bytes_of_the_manual() {
        assert_eq!(write_zone(0x0002, 1), [0x7E, 0, 8, 1, 0, 2, 1, 0x02, 0xDA]);
        assert_eq!(save(), [0x7E, 0, 9, 1, 0, 0, 0, 0xDE, 0xC8]);
        // The check value that catalogues of CRCs give for XMODEM.
        assert_eq!(crc(b"123456789"), 0x31C3);
    }

    #[test]
    fn answers_and_codes_on_one_line_are_told_apart() {
        let mut parser = parser(Suffix::Cr, false);
        let mut stream = vec![0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31];
        stream.extend(b"ABC\r");
        stream.extend([0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31]);
        let found = parser.feed(&stream);
        assert!(
            matches!(
                found[..],
                [Incoming::Accepted, Incoming::Code(_), Incoming::Accepted]
            ),
            "{found:?}"
        );
        // A damaged answer hides nothing that follows it.
        let mut damaged = vec![0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x30];
        damaged.extend(b"\rABC\r");
        let found = parser.feed(&damaged);
        assert!(
            matches!(found.last(), Some(Incoming::Code(code)) if code.text.as_str() == "ABC"),
            "{found:?}"
        );
    }
}
