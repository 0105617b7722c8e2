//! Frames seen on real lines, and properties of the parser for all the lines never seen.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::card_reader::testing::{citizen_reply, fixed_cases, hex, reply};

/// Replies published by independent projects, with what they mean.
const PUBLISHED: [(&str, u8, usize); 9] = [
    ("AA AA AA 96 69 00 04 00 00 90 94", 0x90, 0),
    ("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97", 0x9F, 4),
    ("AA AA AA 96 69 00 04 00 00 80 84", 0x80, 0),
    (
        "AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C",
        0x90,
        8,
    ),
    ("AA AA AA 96 69 00 04 00 00 81 85", 0x81, 0),
    ("AA AA AA 96 69 00 04 00 00 41 45", 0x41, 0),
    ("AA AA AA 96 69 00 04 00 00 31 35", 0x31, 0),
    ("AA AA AA 96 69 00 04 00 00 32 36", 0x32, 0),
    ("AA AA AA 96 69 00 04 00 00 91 95", 0x91, 0),
];

/// A select answer as seen on a line that damages: a byte too many in front, two missing behind.
const DAMAGED: &str = "AA 00 AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 9C";

fn parse_all(bytes: &[u8]) -> Vec<Reply> {
    let mut parser = FrameParser::default();
    let mut replies = parser.feed(bytes);
    replies.extend(parser.finish());
    replies
}

/// Feeds pieces of the given sizes, over and over.
fn parse_in_pieces(bytes: &[u8], sizes: &[usize]) -> Vec<Reply> {
    let mut parser = FrameParser::default();
    let mut replies = Vec::new();
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, tail) = rest.split_at((*size).min(rest.len()));
        replies.extend(parser.feed(piece));
        rest = tail;
    }
    replies.extend(parser.finish());
    replies
}

#[test]
fn published_replies_are_understood() {
    for (text, sw3, size) in PUBLISHED {
        let replies = parse_all(&hex(text));
        assert_eq!(replies.len(), 1, "{text}");
        assert_eq!(replies[0].sw3, sw3, "{text}");
        assert_eq!(replies[0].data.len(), size, "{text}");
    }
}

#[test]
fn the_answer_to_a_read_is_the_one_that_was_computed_elsewhere() {
    use sha2::{Digest, Sha256};
    let frame = citizen_reply();
    assert_eq!(frame.len(), 1295);
    assert_eq!(frame[5..7], [0x05, 0x08]);
    assert_eq!(frame.last(), Some(&0x59));
    let expected = hex("7A 00 AE A0 7F 29 7C FF 0B F2 80 60 B4 6B 3B 0E \
         A3 BD FD C1 75 02 9D F6 C3 4F 8F 39 A3 50 F2 F4");
    assert_eq!(Sha256::digest(&frame).as_slice(), expected);
    let replies = parse_all(&frame);
    assert_eq!(replies.len(), 1);
    assert_eq!(replies[0].data.len(), 4 + 256 + 1024);
}

#[test]
fn the_number_of_a_module_is_understood() {
    let frame =
        hex("AA AA AA 96 69 00 14 00 00 90 05 00 03 00 A3 13 34 01 87 D6 12 00 B1 68 DE 3A 79");
    let replies = parse_all(&frame);
    let id = <[u8; 16]>::try_from(replies[0].data.as_slice()).unwrap();
    assert_eq!(
        crate::card_reader::SamId::from_bytes(id).to_string(),
        "05.03-20190115-0001234567-0987654321"
    );
}

#[test]
fn a_damaged_first_byte_does_not_cost_the_reply() {
    let mut frame = vec![0xAA, 0x00];
    frame.extend(hex("AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C"));
    assert_eq!(parse_all(&frame).len(), 1);
}

#[test]
fn a_reply_that_lost_two_bytes_is_not_accepted_and_costs_no_other() {
    assert_eq!(parse_all(&hex(DAMAGED)), []);
    for (text, sw3, _) in PUBLISHED {
        let stream = [hex(DAMAGED), hex(text)].concat();
        let replies = parse_all(&stream);
        assert_eq!(replies.len(), 1, "{text}");
        assert_eq!(replies[0].sw3, sw3, "{text}");
    }
}

#[test]
fn a_length_that_promises_too_much_does_not_swallow_good_replies() {
    // A head that promises 2400 bytes, and three good replies instead.
    let mut stream = hex("AA AA AA 96 69 09 60 00 00 90");
    for _ in 0..3 {
        stream.extend(reply([0, 0, 0x80], &[]));
    }
    assert_eq!(parse_all(&stream).len(), 3);
}

#[test]
fn lengths_outside_the_limits_are_no_frames() {
    for length in [0_u16, 3, 2401, 0xFFFF] {
        let mut stream = hex("AA AA AA 96 69");
        stream.extend(length.to_be_bytes());
        stream.extend(vec![0; usize::from(length)]);
        assert_eq!(parse_all(&stream), [], "{length}");
    }
    let longest = reply([0, 0, 0x90], &vec![0x5A; 2396]);
    assert_eq!(parse_all(&longest).len(), 1);
}

#[test]
fn our_own_command_echoed_by_the_line_is_not_a_reply() {
    let mut stream = encode(0x20, 0x01, &[]);
    stream.extend(reply([0, 0, 0x80], &[]));
    let replies = parse_all(&stream);
    assert_eq!(replies.len(), 1);
    assert_eq!(replies[0].sw3, 0x80);
}

#[test]
fn a_reply_that_ends_as_a_preamble_begins_waits_for_silence() {
    // Data chosen so that the last byte and the checksum are both AA.
    let frame = reply([0, 0, 0x90], &[0x3C, 0x00, 0x00, 0xAA]);
    let check = *frame.last().unwrap();
    let fixed = reply([0, 0, 0x90], &[0x3C ^ check ^ 0xAA, 0x00, 0x00, 0xAA]);
    assert!(fixed.ends_with(&[0xAA, 0xAA]));

    let mut parser = FrameParser::default();
    assert_eq!(parser.feed(&fixed), []);
    assert_eq!(parser.waiting(), Waiting::Silence);
    assert_eq!(parser.finish().len(), 1);

    // With a whole preamble behind it there is no doubt.
    let mut parser = FrameParser::default();
    let stream = [fixed.clone(), fixed].concat();
    assert_eq!(parser.feed(&stream).len(), 1);
    assert_eq!(parser.finish().len(), 1);
}

#[test]
fn changing_any_byte_of_a_published_reply_never_makes_another_reply() {
    for (text, _, _) in PUBLISHED {
        let good = hex(text);
        let original = parse_all(&good).remove(0);
        for place in 0..good.len() {
            for value in (0..=255).filter(|&value| value != good[place]) {
                let mut bad = good.clone();
                bad[place] = value;
                let replies = parse_all(&bad);
                if place == 0 {
                    assert_eq!(
                        replies,
                        std::slice::from_ref(&original),
                        "{text} at {place}"
                    );
                } else {
                    assert_eq!(replies, [], "{text} at {place}: {value:02X}");
                }
            }
        }
    }
}

#[test]
fn debug_output_shows_no_data() {
    let replies = parse_all(&citizen_reply());
    assert_eq!(format!("{:?}", replies[0]), "Reply(00 00 90, 1284 bytes)");
}

fn any_reply() -> impl Strategy<Value = Vec<u8>> {
    (
        any::<[u8; 3]>(),
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..40),
            // Bytes of the preamble, to provoke false starts.
            prop::collection::vec(prop::sample::select(vec![0xAA, 0x96, 0x69, 0x00]), 0..40),
            prop::collection::vec(any::<u8>(), 1000..2396),
        ],
    )
        .prop_map(|(status, data)| reply(status, &data))
}

/// Noise without the two bytes that make a start: it can delay a reply, but not look like one.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let byte = any::<u8>().prop_filter("start", |byte| *byte != 0x96);
    prop::collection::vec(byte, 0..200)
}

/// Anything at all, including whole and cut replies.
fn any_stream() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        any_reply(),
        (any_reply(), any::<prop::sample::Index>())
            .prop_map(|(frame, cut)| frame[..cut.index(frame.len())].to_vec()),
        prop::collection::vec(any::<u8>(), 0..300),
        prop::collection::vec(
            prop::sample::select(vec![0xAA, 0x96, 0x69, 0x00, 0x04]),
            0..60
        ),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(fixed_cases())]

    #[test]
    fn any_cut_gives_the_same_replies(
        stream in any_stream(),
        sizes in prop::collection::vec(1_usize..700, 1..8),
    ) {
        let whole = parse_all(&stream);
        prop_assert_eq!(&parse_in_pieces(&stream, &[1]), &whole);
        prop_assert_eq!(&parse_in_pieces(&stream, &sizes), &whole);
    }

    #[test]
    fn a_reply_is_found_after_any_noise(before in noise(), frame in any_reply()) {
        let clean = parse_all(&frame);
        prop_assert_eq!(clean.len(), 1);
        let stream = [before, frame].concat();
        prop_assert_eq!(parse_all(&stream), clean);
    }

    #[test]
    fn replies_in_a_row_are_all_found(
        frames in prop::collection::vec(any_reply(), 1..5),
    ) {
        prop_assert_eq!(parse_all(&frames.concat()).len(), frames.len());
    }

    /// The checksum shows every single changed byte. A changed *length* only shows because the
    /// checksum is then looked for in another place, so it is left to `Command::accepts`.
    #[test]
    fn one_changed_byte_after_the_length_is_always_noticed(
        data in prop::collection::vec(any::<u8>().prop_filter("start", |b| *b != 0x96), 0..1300),
        place in any::<prop::sample::Index>(),
        change in 1_u8..=255,
    ) {
        let mut frame = reply([0, 0, 0x90], &data);
        let place = 7 + place.index(frame.len() - 7);
        prop_assume!(frame[place] ^ change != 0x96);
        frame[place] ^= change;
        prop_assert_eq!(parse_all(&frame), []);
    }

    #[test]
    fn nothing_makes_it_panic_or_grow(stream in any_stream()) {
        let mut parser = FrameParser::default();
        for piece in stream.chunks(97) {
            parser.feed(piece);
            prop_assert!(parser.buffer.len() <= CAPACITY);
            prop_assert_eq!(parser.buffer.capacity(), CAPACITY);
        }
        parser.finish();
        prop_assert!(parser.buffer.is_empty());
    }
}
