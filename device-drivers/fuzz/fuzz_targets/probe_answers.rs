//! A device that answers a probe with anything at all.
#![no_main]

use std::time::{Duration, Instant};

use jinban_devices::probe::probe;
use jinban_devices::transport::{ByteStream, PortError};
use libfuzzer_sys::fuzz_target;

struct Device<'a>(std::slice::Chunks<'a, u8>);

impl ByteStream for Device<'_> {
    fn read(&mut self, buf: &mut [u8], _deadline: Instant) -> Result<usize, PortError> {
        let piece = self.0.next().ok_or(PortError::TimedOut)?;
        buf[..piece.len()].copy_from_slice(piece);
        Ok(piece.len())
    }

    fn write_all(&mut self, _bytes: &[u8], _deadline: Instant) -> Result<(), PortError> {
        Ok(())
    }

    fn set_baud(&mut self, _baud: u32) -> Result<(), PortError> {
        Ok(())
    }

    // What comes is always an answer.
    fn drain(&mut self, _quiet: Duration, _deadline: Instant) -> Result<usize, PortError> {
        Ok(0)
    }
}

fuzz_target!(|input: (u8, &[u8])| {
    let (size, bytes) = input;
    let mut device = Device(bytes.chunks(usize::from(size % 32) + 1));
    let _ = probe(&mut device, &[9600]);
});
