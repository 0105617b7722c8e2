//! What a printer says, told apart and summarised.
#![no_main]

use jinban_devices::printer::{RawStatus, Reply, ReplyParser, paper_state, summarise};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut parser = ReplyParser::default();
    let mut last = RawStatus::default();
    for &byte in bytes {
        if let Some(Reply::RealTime(answer)) = parser.push(byte) {
            last = RawStatus {
                printer: Some(answer),
                offline: last.printer,
                error: last.offline,
                paper: last.error,
            };
            let status = summarise(last);
            // Off line is never called ready.
            assert!(!last.is_offline() || status.fault.is_some());
            let _ = paper_state(last);
        }
    }
});
