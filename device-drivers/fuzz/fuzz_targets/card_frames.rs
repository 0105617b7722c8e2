//! Replies of a card reader: no bytes panic, and any cut of them gives the same replies.
#![no_main]

use jinban_devices::card_reader::frame::FrameParser;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (cut, bytes) = input;
    let mut whole = FrameParser::default();
    let mut expected = whole.feed(bytes);
    expected.extend(whole.finish());
    let mut parser = FrameParser::default();
    let mut found = Vec::new();
    for piece in bytes.chunks(usize::from(cut).max(1)) {
        found.extend(parser.feed(piece));
    }
    found.extend(parser.finish());
    assert!(found == expected);
});
