//! Recordings: nothing personal in them, and the driver does again what it did.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::barcode_reader::{AnyParser, BarcodeReaderProfile, Incoming, Parser, Protocol};
use crate::card_reader::frame::FrameParser;
use crate::card_reader::{Baud, CardReader, CardReaderProfile};
use crate::transport::Opener;
use crate::transport::scripted::{ScriptedStream, Step};

fn reply(sw3: u8, data: &[u8]) -> Vec<u8> {
    let mut frame = vec![0xAA, 0xAA, 0xAA, 0x96, 0x69];
    frame.extend((data.len() as u16 + 4).to_be_bytes());
    frame.extend([0, 0, sw3]);
    frame.extend(data);
    let check = frame[5..].iter().fold(0, |sum, byte| sum ^ byte);
    frame.push(check);
    frame
}

fn card(name: &str, photo: u8) -> Vec<u8> {
    let mut data = vec![1, 0, 4, 0];
    let mut text = [0x20, 0].repeat(128);
    let fields = [
        (0, name),
        (30, "1"),
        (32, "01"),
        (36, "19491231"),
        (52, "某处"),
        (122, "11010519491231002X"),
        (158, "某局"),
        (188, "20200101"),
        (204, "20400101"),
    ];
    for (at, field) in fields {
        for (n, unit) in field.encode_utf16().enumerate() {
            text[at + 2 * n..][..2].copy_from_slice(&unit.to_le_bytes());
        }
    }
    data.extend(text);
    data.extend([photo; 1024]);
    data
}

/// A reader that is asked once for a card.
fn script() -> Vec<Step> {
    let command = |cmd, para| {
        Step::Expect(vec![
            0xAA,
            0xAA,
            0xAA,
            0x96,
            0x69,
            0,
            3,
            cmd,
            para,
            3 ^ cmd ^ para,
        ])
    };
    vec![
        command(0x11, 0xFF),
        Step::Send(reply(0x90, &[])),
        command(0x12, 0xFF),
        Step::Send(reply(0x90, &[1; 16])),
        command(0x20, 0x01),
        Step::Send(reply(0x9F, &[0; 4])),
        command(0x20, 0x02),
        Step::Send(reply(0x90, &[0; 8])),
        command(0x30, 0x01),
        Step::Send(reply(0x90, &card("钱小样", 0x5A))),
        command(0x30, 0x03),
        Step::Send(reply(0x91, &[])),
        Step::Unplug,
    ]
}

/// Reads a card. The port opens only once a card is looked for: a reader that has to wait is asked
/// how it is meanwhile, and the script knows nothing of that.
async fn read(mut open: Opener) -> String {
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let mut gate = Some(gate);
    let held: Opener = Box::new(move || {
        // Its end is as good as a word.
        let _ = gate.take().map(|gate| gate.recv());
        open()
    });
    let reader = CardReader::open_on(held, Baud::Fixed(115_200), CardReaderProfile::default());
    let reading = reader.read_once(Duration::from_secs(10));
    let (card, ()) = tokio::join!(biased; reading, async { drop(go) });
    card.unwrap().name.clone()
}

#[tokio::test]
async fn a_recorded_reading_bears_nothing_of_the_card_and_can_be_played_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reader.jsonl");
    let open: Opener = Box::new(|| Ok(Box::new(ScriptedStream::new(script()))));
    let (open, complete) = recorded(open, Subject::CardReader, &path).unwrap();
    assert_eq!(read(open).await, "钱小样");

    // The thread lets go of the port a moment after the last handle.
    while !complete.is_complete() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let recording = Recording::load(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let name: Vec<String> = "钱小样"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .map(|byte| format!("{byte:02X}"))
        .collect();
    assert!(!text.contains(&name.join(" ")) && !text.contains("5A 5A"));

    let (open, deviation) = recording.into_opener();
    assert_eq!(read(open).await, "已隐去");
    assert_eq!(deviation.first(), None);
}

#[tokio::test]
async fn a_terminal_that_says_something_else_is_found_out() {
    let text = r#"{"of":{"subject":"card_reader","version":1}}
"opened"
{"out":{"ms":1,"hex":"AA AA AA 96 69 00 03 10 FF EC"}}
{"in":{"ms":2,"hex":"AA AA AA 96 69 00 04 00 00 90 94"}}
"#;
    let (open, deviation) = Recording::read(text.as_bytes()).unwrap().into_opener();
    let reader = CardReader::open_on(open, Baud::Fixed(115_200), CardReaderProfile::default());
    assert!(reader.read_once(Duration::from_secs(10)).await.is_err());
    assert!(deviation.first().unwrap().contains("recorded"));
}

#[test]
fn what_is_no_recording_is_refused_with_its_line() {
    let head = "{\"of\":{\"subject\":\"card_reader\",\"version\":1}}\n";
    let of = |text: &str| Recording::read(text.as_bytes()).unwrap_err().to_string();
    assert!(of("").contains("does not begin"));
    assert!(of("\"opened\"\n").contains("does not begin"));
    assert!(
        of(&format!(
            "{head}\"opened\"\n{{\"in\":{{\"ms\":1,\"hex\":\"XX\"}}}}\n"
        ))
        .contains("line 3")
    );
    assert!(of(&head.replace('1', "2")).contains("does not begin"));
}

#[test]
fn the_dots_of_a_receipt_are_white_however_the_picture_is_cut() {
    let picture = [&[0x1D, 0x76, 0x30, 0, 2, 0, 3, 0][..], b"SECRET"].concat();
    let graphics = [
        &[
            0x1D, 0x28, 0x4C, 16, 0, 0x30, 0x70, 0x30, 1, 1, 0x31, 16, 0, 3, 0,
        ][..],
        b"SECRET",
        &[0x1D, 0x28, 0x4C, 2, 0, 0x30, 0x32],
    ]
    .concat();
    let stream = [
        &[0x1B, 0x40][..],
        &picture,
        &graphics,
        b"text",
        &[0x10, 4, 1],
    ]
    .concat();
    let mut whole = stream.clone();
    Redactor::new(Subject::ReceiptPrinter).outgoing(&mut whole);
    assert!(
        !whole.windows(2).any(|pair| pair == b"SE" || pair == b"te"),
        "{whole:02X?}"
    );
    assert_eq!(whole.len(), stream.len());
    assert!(whole.ends_with(&[0x10, 4, 1]) && whole.starts_with(&[0x1B, 0x40, 0x1D, 0x76]));
    // A picture that is interrupted goes on in the next run.
    let mut redactor = Redactor::new(Subject::ReceiptPrinter);
    let (mut first, mut second) = (stream[..12].to_vec(), stream[12..].to_vec());
    redactor.outgoing(&mut first);
    redactor.outgoing(&mut second);
    assert_eq!([first, second].concat(), whole);
}

proptest! {
    #[test]
    fn half_a_card_is_no_less_hidden_than_a_whole_one(from in 0usize..1300, to in 0usize..1300) {
        let frame = reply(0x90, &card("钱小样", 0x5A));
        let (from, to) = (from.min(to), from.max(to).min(frame.len()));
        let mut run = frame[from..to].to_vec();
        Redactor::new(Subject::CardReader).incoming(&mut run);
        prop_assert!(!run.contains(&0x5A));
        let name: Vec<u8> = "小".encode_utf16().flat_map(u16::to_le_bytes).collect();
        prop_assert!(!run.windows(2).any(|pair| pair == name));
    }

    #[test]
    fn a_hidden_reply_is_still_a_reply_among_any_noise(noise in prop::collection::vec(any::<u8>(), 0..30)) {
        let mut run = [&noise[..], &reply(0x90, &card("钱小样", 1)), &reply(0x91, &[])].concat();
        let mut parser = FrameParser::default();
        let before = [parser.feed(&run), parser.finish()].concat().len();
        Redactor::new(Subject::CardReader).incoming(&mut run);
        let after = [parser.feed(&run), parser.finish()].concat().len();
        prop_assert!(after >= 1 && after <= before.max(2));
    }

    #[test]
    fn a_hidden_code_has_its_length_and_nothing_of_its_contents(text in "[A-Za-z0-9]{8,40}") {
        for protocol in [Protocol::Plain, Protocol::Gm65, Protocol::Newland, Protocol::Ssi] {
            let mut run = if protocol == Protocol::Ssi {
                let mut packet = vec![5 + text.len() as u8, 0xF3, 0, 0, 3];
                packet.extend(text.as_bytes());
                let sum = packet.iter().fold(0u16, |sum, b| sum + u16::from(*b));
                packet.extend(sum.wrapping_neg().to_be_bytes());
                packet
            } else {
                [b"\x02\x00\x00\x01\x00\x33\x31", text.as_bytes(), b"\r"].concat()
            };
            Redactor::new(Subject::BarcodeReader(protocol)).incoming(&mut run);
            let profile = BarcodeReaderProfile { protocol, ..BarcodeReaderProfile::default() };
            let mut parser = AnyParser::new(&profile);
            let found = [parser.feed(&run), parser.silence()].concat();
            let code = found.iter().find_map(|incoming| match incoming {
                Incoming::Code(code) | Incoming::CodeToAcknowledge(code) => Some(code),
                _ => None,
            });
            let hidden = code.unwrap().text.as_str();
            let mask = |c: char| if c.is_ascii_digit() { '0' } else { 'x' };
            let expected: String = text.chars().map(mask).collect();
            prop_assert!(hidden.ends_with(&expected));
        }
    }
}
