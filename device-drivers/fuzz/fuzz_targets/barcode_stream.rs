//! What barcode readers send: no bytes panic, and any cut of them gives the same.
#![no_main]

use jinban_devices::barcode_reader::{
    AnyParser, BarcodeReaderProfile, Parser, Protocol, Suffix,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (kind, cut, bytes) = input;
    let protocol = [
        Protocol::Plain,
        Protocol::Gm65,
        Protocol::Newland,
        Protocol::Honeywell,
        Protocol::Ssi,
    ][usize::from(kind % 5)];
    let suffix = [Suffix::Cr, Suffix::Lf, Suffix::CrLf, Suffix::None][usize::from(kind / 5 % 4)];
    let profile = BarcodeReaderProfile {
        protocol,
        suffix,
        aim_prefix: kind & 0x80 != 0,
        ..BarcodeReaderProfile::default()
    };
    let mut whole = AnyParser::new(&profile);
    let mut expected = whole.feed(bytes);
    expected.extend(whole.silence());
    let mut parser = AnyParser::new(&profile);
    let mut found = Vec::new();
    for piece in bytes.chunks(usize::from(cut).max(1)) {
        found.extend(parser.feed(piece));
    }
    found.extend(parser.silence());
    assert!(found == expected && !parser.is_midway());
});
