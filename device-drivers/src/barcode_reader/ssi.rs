//! Zebra's Simple Serial Interface: packets that the host has to acknowledge.
//!
//! ```text
//! length | opcode | source | status | data… | checksum (2)
//! ```
//!
//! The length counts all but the checksum, which makes the 16-bit sum of the whole packet's bytes
//! with itself zero.

use zeroize::{Zeroize, Zeroizing};

use super::code::{Code, LONGEST, Symbology};
use super::incoming::{Incoming, Parser};

/// Length, opcode, source and status.
const HEAD: usize = 4;
const HOST: u8 = 4;
const DECODE_DATA: u8 = 0xF3;
const ACK: u8 = 0xD0;
const NAK: u8 = 0xD1;
/// The same packet again, because the first was not acknowledged in time.
const RETRANSMITTED: u8 = 0x01;
/// More packets of the same code follow.
const CONTINUED: u8 = 0x02;

/// What the host may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Look for a code.
    Start,
    /// Stop looking.
    Stop,
    /// Allow scanning.
    Enable,
    /// Forbid scanning.
    Disable,
    /// The last packet came through.
    Acknowledge,
}

impl Request {
    /// The packet for the line.
    pub fn encode(self) -> Vec<u8> {
        let opcode = match self {
            Self::Start => 0xE4,
            Self::Stop => 0xE5,
            Self::Enable => 0xE9,
            Self::Disable => 0xEA,
            Self::Acknowledge => ACK,
        };
        let mut packet = vec![HEAD as u8, opcode, HOST, 0];
        packet.extend(checksum(&packet).to_be_bytes());
        packet
    }
}

fn checksum(bytes: &[u8]) -> u16 {
    bytes
        .iter()
        .fold(0u16, |sum, &byte| sum.wrapping_add(byte.into()))
        .wrapping_neg()
}

/// Finds packets and puts codes together from them.
#[derive(Debug, Default)]
pub struct SsiParser {
    buffer: Zeroizing<Vec<u8>>,
    /// Packets of a code that is not complete.
    begun: Zeroizing<Vec<u8>>,
    /// Data of the packet before, by which a repetition is known.
    last: Zeroizing<Vec<u8>>,
}

impl SsiParser {
    fn next(&mut self, ended: bool) -> Option<Incoming> {
        let first = *self.buffer.first()?;
        let size = usize::from(first);
        if size < HEAD {
            return Some(self.noise());
        }
        let Some(told) = self.buffer.get(size..size + 2) else {
            return ended.then(|| self.noise());
        };
        if told != checksum(&self.buffer[..size]).to_be_bytes() {
            return Some(self.noise());
        }
        let packet = Zeroizing::new(self.buffer[..size].to_vec());
        self.discard(size + 2);
        let (opcode, status) = (packet[1], packet[3]);
        match opcode {
            ACK => Some(Incoming::Accepted),
            NAK => Some(Incoming::Refused(packet.get(HEAD).copied().unwrap_or(0))),
            DECODE_DATA => Some(self.decoded(&packet[HEAD..], status)),
            _ => Some(Incoming::Noise(size + 2)),
        }
    }

    fn decoded(&mut self, data: &[u8], status: u8) -> Incoming {
        if status & RETRANSMITTED != 0 && *self.last == data {
            return Incoming::RepetitionToAcknowledge;
        }
        self.last = Zeroizing::new(data.to_vec());
        let (kind, text) = data.split_first().unwrap_or((&0, &[]));
        if self.begun.len() + text.len() > LONGEST {
            self.begun.zeroize();
        }
        let whole = Zeroizing::new([&self.begun[..], text].concat());
        self.begun.zeroize();
        if status & CONTINUED != 0 {
            self.begun = whole;
            return Incoming::PartToAcknowledge;
        }
        match Code::of(&whole, symbology(*kind)) {
            Some(code) => Incoming::CodeToAcknowledge(code),
            None => Incoming::RepetitionToAcknowledge,
        }
    }

    fn noise(&mut self) -> Incoming {
        self.discard(1);
        Incoming::Noise(1)
    }

    fn discard(&mut self, count: usize) {
        let kept = self.buffer.len() - count;
        self.buffer.copy_within(count.., 0);
        self.buffer[kept..].zeroize();
        self.buffer.truncate(kept);
    }
}

/// The common ones of SSI's own numbers; the others are read all the same.
fn symbology(number: u8) -> Option<Symbology> {
    match number {
        0x03 => Some(Symbology::Code128),
        0x0B | 0x0A => Some(Symbology::Ean),
        0x11 => Some(Symbology::Pdf417),
        0x1B => Some(Symbology::DataMatrix),
        0x1C => Some(Symbology::Qr),
        _ => None,
    }
}

impl Parser for SsiParser {
    fn feed(&mut self, bytes: &[u8]) -> Vec<Incoming> {
        let mut found = Vec::new();
        for piece in bytes.chunks(256) {
            self.buffer.extend_from_slice(piece);
            found.extend(std::iter::from_fn(|| self.next(false)));
        }
        found
    }

    fn silence(&mut self) -> Vec<Incoming> {
        let found = std::iter::from_fn(|| self.next(true)).collect();
        self.buffer.zeroize();
        // The rest of another code must not be taken for the rest of this one.
        self.begun.zeroize();
        found
    }

    fn is_midway(&self) -> bool {
        !self.buffer.is_empty() || !self.begun.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn packet(opcode: u8, status: u8, data: &[u8]) -> Vec<u8> {
        let mut packet = vec![(HEAD + data.len()) as u8, opcode, 0, status];
        packet.extend(data);
        packet.extend(checksum(&packet).to_be_bytes());
        packet
    }

    #[test]
    fn requests_are_the_bytes_of_the_manual() {
        assert_eq!(Request::Start.encode(), [4, 0xE4, 4, 0, 0xFF, 0x14]);
        assert_eq!(Request::Stop.encode(), [4, 0xE5, 4, 0, 0xFF, 0x13]);
        assert_eq!(Request::Enable.encode(), [4, 0xE9, 4, 0, 0xFF, 0x0F]);
        assert_eq!(Request::Acknowledge.encode(), [4, 0xD0, 4, 0, 0xFF, 0x28]);
    }

    #[test]
    fn a_code_in_several_packets_is_one_code_and_a_repetition_is_none() {
        let mut parser = SsiParser::default();
        let first = packet(DECODE_DATA, CONTINUED, b"\x1Cab");
        let second = packet(DECODE_DATA, 0, b"\x1Ccd");
        let again = packet(DECODE_DATA, RETRANSMITTED, b"\x1Ccd");
        let found = parser.feed(&[first, second, again].concat());
        let [
            Incoming::PartToAcknowledge,
            Incoming::CodeToAcknowledge(code),
            Incoming::RepetitionToAcknowledge,
        ] = &found[..]
        else {
            panic!("{found:?}");
        };
        assert_eq!(code.text.as_str(), "abcd");
        assert_eq!(code.symbology, Some(Symbology::Qr));
    }

    #[test]
    fn noise_before_a_packet_costs_only_itself() {
        let mut parser = SsiParser::default();
        let noise = [0x00, 0xFF, 0x07, 0x01];
        let good = packet(ACK, 0, &[]);
        let mut found = parser.feed(&[&noise[..], &good].concat());
        found.extend(parser.silence());
        assert!(found.contains(&Incoming::Accepted), "{found:?}");
    }
}
