//! Replies and card texts for tests, built without the code under test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// The same cases on every run.
pub fn fixed_cases() -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(0x5D7),
        ..ProptestConfig::default()
    }
}

/// A reply with a correct length and checksum.
pub fn reply(status: [u8; 3], data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 4).unwrap().to_be_bytes();
    let mut frame = vec![0xAA, 0xAA, 0xAA, 0x96, 0x69];
    frame.extend(length);
    frame.extend(status);
    frame.extend(data);
    let check = frame[5..].iter().fold(0, |sum, byte| sum ^ byte);
    frame.push(check);
    frame
}

/// A reply with no data.
pub fn status(sw3: u8) -> Vec<u8> {
    reply([0, 0, sw3], &[])
}

/// Bytes written as in the documents.
pub fn hex(text: &str) -> Vec<u8> {
    text.split_whitespace()
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}

/// A text block: fields at byte offsets, the rest spaces.
pub fn block(fields: &[(usize, &str)]) -> Vec<u8> {
    let mut units = [0x20_u16; 128];
    for (offset, text) in fields {
        for (unit, place) in text.encode_utf16().zip(&mut units[offset / 2..]) {
            *place = unit;
        }
    }
    units.iter().flat_map(|unit| unit.to_le_bytes()).collect()
}

/// The fields of a fictional citizen.
pub const CITIZEN: [(usize, &str); 9] = [
    (0, "测试人"),
    (30, "2"),
    (32, "01"),
    (36, "19491231"),
    (52, "北京市朝阳区示例路1号"),
    (122, "11010519491231002X"),
    (158, "北京市公安局朝阳分局"),
    (188, "20200101"),
    (204, "长期"),
];

/// The data of a successful read of the fictional citizen, with a photo of zeros.
pub fn citizen_data() -> Vec<u8> {
    card_data(&block(&CITIZEN))
}

/// The data of a successful read of a card with this text, with a photo of zeros.
pub fn card_data(text: &[u8]) -> Vec<u8> {
    [&[1, 0, 4, 0], text, &[0; 1024]].concat()
}

/// The successful answer to 30 01 for the fictional citizen.
pub fn citizen_reply() -> Vec<u8> {
    reply([0, 0, 0x90], &citizen_data())
}

/// An added address as it is on the card.
pub fn address(text: &str) -> Vec<u8> {
    let mut units = [0x20_u16; 35];
    for (unit, place) in text.encode_utf16().zip(&mut units) {
        *place = unit;
    }
    units.iter().flat_map(|unit| unit.to_le_bytes()).collect()
}
