//! Replacing what is personal: lengths stay, and doing it twice changes nothing more.
#![no_main]

use jinban_devices::barcode_reader::Protocol;
use jinban_devices::recording::{Redactor, Subject};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (kind, bytes) = input;
    let subject = match kind % 6 {
        0 => Subject::CardReader,
        1 => Subject::ReceiptPrinter,
        2 => Subject::BarcodeReader(Protocol::Plain),
        3 => Subject::BarcodeReader(Protocol::Gm65),
        4 => Subject::BarcodeReader(Protocol::Newland),
        _ => Subject::BarcodeReader(Protocol::Ssi),
    };
    let mut once = bytes.to_vec();
    Redactor::new(subject).incoming(&mut once);
    Redactor::new(subject).outgoing(&mut once);
    assert_eq!(once.len(), bytes.len());
    // What the terminal says may be cut anywhere: the dots stay hidden.
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let mut redactor = Redactor::new(subject);
    redactor.outgoing(&mut first.to_vec());
    redactor.outgoing(&mut second.to_vec());
});
