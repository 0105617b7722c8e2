//! The text of a card and its added addresses: whatever a card says, nothing panics.
#![no_main]

use jinban_devices::card_reader::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = text::newest_address(bytes);
    let (text, photo) = bytes.split_at(bytes.len().min(256));
    if let Ok(card) = text::parse(text, photo) {
        let _ = card.id_number.verify();
    }
});
