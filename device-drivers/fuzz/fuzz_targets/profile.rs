//! A profile as a technician may write it.
#![no_main]

use jinban_devices::profile::{Options, Profile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(profile) = toml::from_str::<Profile>(text) {
        match &profile.device {
            Options::CardReader(options) => drop(options.profile()),
            Options::ReceiptPrinter(options) => drop(options.profile()),
            Options::BarcodeReader(options) => drop(options.profile()),
        }
    }
});
