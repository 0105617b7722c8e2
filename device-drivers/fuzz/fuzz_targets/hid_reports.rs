//! Reports of HID barcode readers, sound and unsound, one after the other.
#![no_main]

use jinban_devices::barcode_reader::hid_pos::{HidPosAssembler, REPORT};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut assembler = HidPosAssembler::default();
    for report in bytes.chunks(REPORT) {
        if let Ok(Some(code)) = assembler.push(report) {
            assert!(!code.text.is_empty());
        }
    }
});
