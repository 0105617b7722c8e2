//! Every documented command is one token; nothing unknown passes in silence.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::printer::token::{Command, Correction, Qr, RealTime};

fn hex(text: &str) -> Vec<u8> {
    text.split_whitespace()
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

fn all(bytes: &[u8]) -> Vec<Arrived> {
    let mut tokenizer = Tokenizer::default();
    bytes
        .iter()
        .filter_map(|byte| tokenizer.push(*byte))
        .collect()
}

fn command(command: Command) -> Vec<Arrived> {
    vec![Arrived::Queued(Token::Command(command))]
}

#[test]
fn commands_that_driver_authors_are_told_of_are_known() {
    for text in [
        "1B 40",
        "0A",
        "0D",
        "09",
        "1B 64 03",
        "1B 4A 20",
        "1B 32",
        "1B 33 1E",
        "1B 61 01",
        "1D 21 11",
        "1B 21 38",
        "1B 45 01",
        "1B 2D 01",
        "1D 42 01",
        "1B 4D 01",
        "1D 4C 10 00",
        "1D 57 40 02",
        "1B 24 10 00",
        "1B 74 00",
        "1B 52 00",
        "1C 26",
        "1C 2E",
        "1C 21 0C",
        "1C 2D 01",
        "1C 57 01",
        "1C 53 00 00",
        "1D 28 4C 02 00 30 32",
        "1D 28 6B 04 00 31 41 32 00",
        "1D 28 6B 03 00 31 43 06",
        "1D 28 6B 03 00 31 45 31",
        "1D 28 6B 06 00 31 50 30 61 62 63",
        "1D 28 6B 03 00 31 51 30",
        "1D 68 50",
        "1D 77 02",
        "1D 48 02",
        "1D 66 00",
        "1D 6B 49 04 7B 42 61 62",
        "1D 6B 04 31 32 33 00",
        "1D 56 00",
        "1D 56 01",
        "1D 56 41 10",
        "1D 56 42 10",
        "1B 69",
        "1B 6D",
        "1B 70 00 19 FA",
        "1D 72 01",
        "1D 72 02",
        "1D 61 0F",
        "1D 49 01",
        "1D 49 43",
    ] {
        let arrived = all(&hex(text));
        assert!(
            matches!(arrived.as_slice(), [Arrived::Queued(Token::Command(_))]),
            "{text}: {arrived:?}"
        );
    }
}

#[test]
fn parameters_mean_what_the_reference_says() {
    assert_eq!(all(&hex("1D 21 21")), command(Command::Size(3, 2)));
    assert_eq!(all(&hex("1D 56 42 78")), command(Command::Cut(0x78)));
    assert_eq!(all(&hex("1D 57 40 02")), command(Command::AreaWidth(576)));
    assert_eq!(
        all(&hex("1D 28 6B 03 00 31 45 33")),
        command(Command::Qr(Qr::Correction(Correction::H)))
    );
    assert_eq!(
        all(&hex("1D 28 6B 05 00 31 50 30 68 69")),
        command(Command::Qr(Qr::Store(b"hi".to_vec())))
    );
}

#[test]
fn what_belongs_to_other_machines_is_unknown_with_all_its_bytes() {
    for text in [
        "00",
        "7F",
        "1B 01",
        "1C 43 01",
        "1D 65 05",
        "10 04 14",
        "10 04 05",
        "1D 28 6B 03 00 30 43 02",
        "1D 28 41 02 00 00 01",
        "1D 76 30 00 00 00 10 00",
        "1B 7B 01",
        "1D 28 4C 02 00 30 31",
    ] {
        let bytes = hex(text);
        let arrived = all(&bytes);
        let unknown: Vec<u8> = arrived
            .iter()
            .flat_map(|arrived| match arrived {
                Arrived::Queued(Token::Unknown(bytes)) => bytes.clone(),
                Arrived::Queued(Token::Text(byte)) => vec![*byte],
                other => panic!("{text}: {other:?}"),
            })
            .collect();
        assert!(
            matches!(arrived[0], Arrived::Queued(Token::Unknown(_))),
            "{text}"
        );
        assert_eq!(unknown, bytes, "{text}");
    }
}

#[test]
fn real_time_commands_are_seen_between_commands_and_swallowed_inside_a_picture() {
    let mut bytes = hex("10 04 01 1D 76 30 00 03 00 02 00");
    bytes.extend(hex("10 04 01 10 04 02"));
    bytes.extend(hex("10 04 04"));
    assert_eq!(
        all(&bytes),
        [
            Arrived::RealTime(RealTime::Status(1)),
            Arrived::Queued(Token::Image(ImageHead {
                stored: false,
                stride: 3,
                height: 2,
                wide: 1,
                high: 1
            })),
            Arrived::Queued(Token::ImageRow(vec![0x10, 4, 1])),
            Arrived::Queued(Token::ImageRow(vec![0x10, 4, 2])),
            Arrived::RealTime(RealTime::Status(4)),
        ]
    );
}

#[test]
fn stored_graphics_come_row_by_row_in_both_forms() {
    let row = "AA 80";
    for text in [
        format!("1D 28 4C 0E 00 30 70 30 01 01 31 09 00 02 00 {row} {row}"),
        format!("1D 38 4C 0E 00 00 00 30 70 30 01 01 31 09 00 02 00 {row} {row}"),
    ] {
        let arrived = all(&hex(&text));
        assert_eq!(arrived.len(), 3, "{arrived:?}");
        assert_eq!(arrived[2], Arrived::Queued(Token::ImageRow(hex(row))));
    }
}

#[test]
fn recovery_commands_are_told_apart() {
    assert_eq!(
        all(&hex("10 05 01")),
        [Arrived::RealTime(RealTime::Recover)]
    );
    assert_eq!(
        all(&hex("10 05 02")),
        [Arrived::RealTime(RealTime::RecoverAndClear)]
    );
    assert_eq!(
        all(&hex("10 14 08 01 03 14 01 06 02 08")),
        [Arrived::RealTime(RealTime::Clear)]
    );
}

proptest! {
    #[test]
    fn no_byte_is_lost_or_invented_outside_commands(bytes in proptest::collection::vec(0x20_u8..0x7F, 0..200)) {
        let text: Vec<u8> = all(&bytes).into_iter().map(|arrived| match arrived {
            Arrived::Queued(Token::Text(byte)) => byte,
            other => panic!("{other:?}"),
        }).collect();
        prop_assert_eq!(text, bytes);
    }

    #[test]
    fn random_bytes_never_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..4000)) {
        all(&bytes);
    }
}
