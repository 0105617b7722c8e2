//! From tokens to rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::printer::token::{Arrived, Correction};
use crate::printer::tokenizer::Tokenizer;

fn print(engine: &mut Engine, bytes: &[u8]) -> Vec<Work> {
    let mut tokenizer = Tokenizer::default();
    let tokens: Vec<Token> = bytes
        .iter()
        .filter_map(|byte| match tokenizer.push(*byte) {
            Some(Arrived::Queued(token)) => Some(token),
            _ => None,
        })
        .collect();
    tokens
        .into_iter()
        .flat_map(|token| engine.execute(token))
        .collect()
}

fn engine() -> Engine {
    Engine::new(576, Typeface::boxes())
}

fn rows(work: &[Work]) -> Vec<&Vec<u8>> {
    work.iter()
        .filter_map(|work| {
            if let Work::Row(row) = work {
                Some(row)
            } else {
                None
            }
        })
        .collect()
}

#[test]
fn a_raster_image_comes_out_dot_by_dot() {
    let mut bytes = vec![0x1D, b'v', b'0', 0, 72, 0, 2, 0];
    let first: Vec<u8> = (0..72).collect();
    let second: Vec<u8> = (100..172).collect();
    bytes.extend(first.iter().chain(&second));
    assert_eq!(
        print(&mut engine(), &bytes),
        [Work::Row(first), Work::Row(second)]
    );
}

#[test]
fn a_raster_image_of_double_size_is_four_times_as_large() {
    let work = print(
        &mut engine(),
        &[0x1D, b'v', b'0', 3, 1, 0, 1, 0, 0b1000_0001],
    );
    assert_eq!(rows(&work).len(), 2);
    assert_eq!(rows(&work)[1][..3], [0b1100_0000, 0b0000_0011, 0]);
}

#[test]
fn pictures_follow_alignment_and_excess_width_is_noticed() {
    let mut engine = engine();
    let work = print(
        &mut engine,
        &[0x1B, b'a', 2, 0x1D, b'v', b'0', 0, 1, 0, 1, 0, 0xFF],
    );
    assert_eq!(rows(&work)[0][71], 0xFF);
    let mut wide = vec![0x1D, b'v', b'0', 0, 73, 0, 1, 0];
    wide.extend([0; 73]);
    print(&mut engine, &wide);
    assert_eq!(engine.blemishes.clipped_rows, 1);
}

#[test]
fn twenty_four_chinese_or_forty_eight_latin_characters_fill_a_line() {
    let chinese = encoding_rs::GBK.encode(&"办".repeat(25)).0.into_owned();
    for (text, wanted) in [(chinese, 25), (b"A".repeat(49), 49)] {
        let mut engine = engine();
        let work = print(&mut engine, &text);
        assert_eq!(rows(&work).len(), 24, "{wanted} characters end one line");
        assert!(!engine.line.is_empty(), "and begin the next");
    }
}

#[test]
fn a_line_feed_moves_by_the_spacing_or_by_the_height_of_the_line() {
    let moved = |bytes: &[u8]| -> usize {
        print(&mut engine(), bytes)
            .iter()
            .map(|work| match work {
                Work::Row(_) => 1,
                Work::Feed(rows) => *rows,
                _ => 0,
            })
            .sum()
    };
    assert_eq!(moved(b"\n"), 30);
    assert_eq!(moved(b"A\n"), 30);
    assert_eq!(moved(b"\x1D\x21\x11A\n"), 48);
    assert_eq!(moved(b"A\x1Bd\x03"), 90);
    assert_eq!(moved(b"\x1BJ\x60"), 96);
}

#[test]
fn initialising_drops_the_unfinished_line() {
    let mut engine = engine();
    print(&mut engine, b"lost\x1B@");
    assert!(engine.line.is_empty());
    assert_eq!(print(&mut engine, b"\x1BJ\x05"), [Work::Feed(5)]);
}

#[test]
fn a_four_byte_character_is_not_printable() {
    let mut engine = engine();
    let four = encoding_rs::GB18030.encode("𬭎").0.into_owned();
    assert_eq!(four.len(), 4);
    print(&mut engine, &four);
    assert!(engine.blemishes.unprintable > 0);
}

#[test]
fn a_qr_code_is_square_and_as_large_as_its_modules() {
    let mut engine = engine();
    engine.qr.correction = Correction::M;
    let work = print(
        &mut engine,
        b"\x1D(k\x03\x001C\x06\x1D(k\x05\x001P0hi\x1D(k\x03\x001Q0",
    );
    assert_eq!(rows(&work).len(), 21 * 6);
    assert_eq!(engine.blemishes, Blemishes::default());
}

#[test]
fn a_cut_in_the_middle_of_a_line_prints_it_first_and_is_noticed() {
    let mut engine = engine();
    let work = print(&mut engine, b"A\x1DV\x42\x10");
    assert_eq!(work[work.len() - 2..], [Work::Feed(16), Work::Cut]);
    assert_eq!(engine.blemishes.misplaced, 1);
}
