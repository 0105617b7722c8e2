//! Replacing what is personal in a conversation, keeping lengths and checksums.
//!
//! Whatever is not understood counts as personal: a damaged reply of a card reader is half a card.

use super::event::Subject;
use crate::barcode_reader::{Protocol, gm65};

/// Replaces what is personal, run by run. A run is everything that one side said before the other
/// spoke.
#[derive(Debug, Clone)]
pub struct Redactor {
    subject: Subject,
    /// Dots of a picture that has begun and whose rest is still to be sent.
    dots_left: usize,
}

impl Redactor {
    /// For conversations with such a device.
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            dots_left: 0,
        }
    }

    /// What the terminal said.
    pub fn outgoing(&mut self, run: &mut [u8]) {
        if self.subject == Subject::ReceiptPrinter {
            self.dots_left = whiten(run, self.dots_left);
        }
    }

    /// What the device said.
    pub fn incoming(&self, run: &mut [u8]) {
        match self.subject {
            Subject::CardReader => cards(run),
            Subject::BarcodeReader(protocol) => codes(run, protocol),
            // A printer speaks of itself only.
            Subject::ReceiptPrinter => {}
        }
    }
}

const SYNC: [u8; 4] = [0xAA, 0xAA, 0x96, 0x69];
/// Sync, length, and the three status bytes.
const FRAME_HEAD: usize = SYNC.len() + 2 + 3;
/// Data of this length may be a card; the module's own number and a card's serial are shorter.
const MAY_BE_CARD: usize = 17;

/// Empties replies that bear a card, and everything that is no whole reply.
fn cards(run: &mut [u8]) {
    let mut at = 0;
    while at < run.len() {
        let Some(start) = find(&run[at..], &SYNC).map(|found| at + found) else {
            run[at..].fill(0);
            return;
        };
        // The first byte of a preamble belongs to it.
        let lead = run[at..start]
            .strip_suffix(&[0xAA])
            .map_or(start, |rest| at + rest.len());
        run[at..lead].fill(0);
        match whole_frame(&run[start..]) {
            Some(length) => {
                empty_card(&mut run[start..start + length]);
                at = start + length;
            }
            None => {
                let after = (start + FRAME_HEAD).min(run.len());
                let next = find(&run[start + 1..], &SYNC).map_or(run.len(), |n| start + 1 + n);
                if after < next {
                    run[after..next].fill(0);
                }
                at = next;
            }
        }
    }
}

/// Length of the reply that begins here, if it is whole and sound.
fn whole_frame(bytes: &[u8]) -> Option<usize> {
    let length = usize::from(u16::from_be_bytes([*bytes.get(4)?, *bytes.get(5)?]));
    let end = SYNC.len() + 2 + length;
    let frame = bytes.get(..end).filter(|_| length >= 4)?;
    let sum = frame[SYNC.len()..].iter().fold(0, |sum, byte| sum ^ byte);
    (sum == 0).then_some(end)
}

fn empty_card(frame: &mut [u8]) {
    let end = frame.len() - 1;
    let data = &mut frame[FRAME_HEAD..end];
    if data.len() < MAY_BE_CARD {
        return;
    }
    match data {
        // Text of the usual length: somebody invented stands in for the person.
        [1, 0, _, _, rest @ ..] if rest.len() >= 256 => {
            let (text, photo) = rest.split_at_mut(256);
            stand_in(text);
            photo.fill(0);
        }
        _ => data.fill(0),
    }
    frame[end] = frame[SYNC.len()..end]
        .iter()
        .fold(0, |sum, byte| sum ^ byte);
}

/// The holder of no card: the standard's own example number, and words that are plainly made up.
fn stand_in(text: &mut [u8]) {
    let fields: [(usize, &str); 9] = [
        (0, "已隐去"),
        (30, "2"),
        (32, "01"),
        (36, "19491231"),
        (52, "已隐去"),
        (122, "11010519491231002X"),
        (158, "已隐去"),
        (188, "20200101"),
        (204, "长期"),
    ];
    for pair in text.chunks_exact_mut(2) {
        pair.copy_from_slice(&[0x20, 0]);
    }
    for (at, field) in fields {
        for (unit, place) in field.encode_utf16().zip(text[at..].chunks_exact_mut(2)) {
            place.copy_from_slice(&unit.to_le_bytes());
        }
    }
}

/// Replaces what a report bears of a code, keeping its shape.
fn hid_report(bytes: &mut [u8]) -> Option<usize> {
    const LENGTH: usize = 64;
    const DATA: std::ops::Range<usize> = 5..61;
    let report = bytes.get_mut(..LENGTH).filter(|report| report[0] == 2)?;
    for byte in &mut report[DATA] {
        *byte = masked(*byte);
    }
    Some(LENGTH)
}

/// Replaces contents of codes, keeping answers to commands.
fn codes(run: &mut [u8], protocol: Protocol) {
    let mut at = 0;
    while at < run.len() {
        let rest = &mut run[at..];
        let kept = match protocol {
            Protocol::Gm65 => gm65_answer(rest),
            Protocol::Newland => newland_answer(rest),
            Protocol::Ssi => ssi_packet(rest),
            Protocol::HidPos => hid_report(rest),
            Protocol::Plain | Protocol::Honeywell => None,
        };
        match kept {
            Some(length) => at += length,
            None => {
                run[at] = masked(run[at]);
                at += 1;
            }
        }
    }
}

fn masked(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => b'0',
        // Control characters are the reader's own.
        0..0x20 => byte,
        _ => b'x',
    }
}

fn gm65_answer(bytes: &[u8]) -> Option<usize> {
    let [0x02, 0x00, _, count, ..] = bytes else {
        return None;
    };
    let end = 4 + usize::from(*count);
    let told = bytes.get(end..end + 2)?;
    (told == gm65::crc(&bytes[2..end]).to_be_bytes()).then_some(end + 2)
}

fn newland_answer(bytes: &[u8]) -> Option<usize> {
    let head = bytes.starts_with(b"\x02\x010000");
    let end = find(bytes, b";\x03").filter(|end| head && *end < 64)?;
    Some(end + 2)
}

/// Empties a packet that bears a code; other packets are the reader's own.
fn ssi_packet(bytes: &mut [u8]) -> Option<usize> {
    let size = usize::from(*bytes.first()?);
    if size < 4 || bytes.len() < size + 2 {
        return None;
    }
    let sum = |bytes: &[u8]| {
        let add = |sum: u16, byte: &u8| sum.wrapping_add(u16::from(*byte));
        bytes.iter().fold(0, add).wrapping_neg().to_be_bytes()
    };
    if bytes[size..size + 2] != sum(&bytes[..size]) {
        return None;
    }
    if bytes[1] == 0xF3 {
        for byte in bytes[..size].iter_mut().skip(5) {
            *byte = masked(*byte);
        }
        let check = sum(&bytes[..size]);
        bytes[size..size + 2].copy_from_slice(&check);
    }
    Some(size + 2)
}

/// Replaces the dots of pictures and everything that is no command by white; `left` is what a
/// picture that began earlier still has to come. Gives what is still to come after this run.
fn whiten(run: &mut [u8], left: usize) -> usize {
    let mut at = left.min(run.len());
    run[..at].fill(0);
    let mut left = left - at;
    while at < run.len() {
        let (command, dots) = match run[at..] {
            [0x1D, 0x76, 0x30, _, a, b, c, d, ..] => {
                let le = |low, high| usize::from(u16::from_le_bytes([low, high]));
                (8, le(a, b) * le(c, d))
            }
            [0x1D, 0x28, 0x4C, low, high, 0x30, 0x70, ..] => {
                let size = usize::from(u16::from_le_bytes([low, high]));
                (15, size.saturating_sub(10))
            }
            [0x1D, 0x28, 0x4C, 2, 0, _, _, ..] => (7, 0),
            [0x1D, 0x56, 0x41 | 0x42, _, ..] => (4, 0),
            [0x10, 0x04 | 0x05, _, ..]
            | [0x1B, 0x4A | 0x79, _, ..]
            | [0x1D, 0x61 | 0x72 | 0x49, _, ..]
            | [0x1D, 0x56, 0 | 1, ..] => (3, 0),
            [0x1B, 0x40 | 0x69 | 0x6D, ..] => (2, 0),
            _ => (0, 1),
        };
        at += command;
        let here = dots.min(run.len().saturating_sub(at));
        if here > 0 {
            run[at..at + here].fill(0);
        }
        at += here;
        left = dots - here;
    }
    left
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
