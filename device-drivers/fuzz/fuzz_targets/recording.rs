//! A file that claims to be a recording, played to nobody in particular.
#![no_main]

use std::time::Instant;

use jinban_devices::recording::Recording;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(recording) = Recording::read(bytes) else {
        return;
    };
    let (mut open, _) = recording.into_opener();
    while let Ok(mut stream) = open() {
        let mut buffer = [0; 64];
        for _ in 0..64 {
            if stream.read(&mut buffer, Instant::now()).is_err() {
                let _ = stream.write_all(&[0x10, 4, 1], Instant::now());
            }
        }
    }
});
