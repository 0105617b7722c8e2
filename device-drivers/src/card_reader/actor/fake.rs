//! A card reader for tests of the thread: it has a card or none, and can be unplugged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use crate::card_reader::testing::{citizen_data, reply, status};
use crate::transport::{ByteStream, PortError};

/// What a test can do to the reader, and see of it.
#[derive(Default)]
// Independent switches, as on a real test bench.
#[allow(clippy::struct_excessive_bools)]
pub struct Bench {
    pub card: bool,
    /// Status with which reads end instead of success.
    pub read_fails: Option<u8>,
    /// Finds nothing after a successful read until the card was lifted.
    pub hides_read_card: bool,
    pub unplugged: bool,
    pub mute: bool,
    /// Reads wait until this is false.
    pub hold_reads: bool,
    pub finds: u32,
    pub heartbeats: u32,
    pub reads: u32,
    pub open_streams: u32,
    hidden: bool,
}

/// The test's hand on the reader.
#[derive(Clone, Default)]
pub struct FakeReader {
    bench: Arc<(Mutex<Bench>, Condvar)>,
}

impl FakeReader {
    /// Changes something.
    pub fn set(&self, change: impl FnOnce(&mut Bench)) {
        change(&mut self.bench.0.lock().unwrap());
        self.bench.1.notify_all();
    }

    /// Looks at something.
    pub fn get<T>(&self, look: impl FnOnce(&Bench) -> T) -> T {
        look(&self.bench.0.lock().unwrap())
    }

    pub fn lift(&self) {
        self.set(|bench| {
            bench.card = false;
            bench.hidden = false;
        });
    }

    pub fn lay(&self) {
        self.set(|bench| bench.card = true);
    }

    /// Opens the port.
    pub fn connect(&self) -> Result<FakeStream, PortError> {
        let mut bench = self.bench.0.lock().unwrap();
        if bench.unplugged {
            return Err(PortError::Missing("fake".into()));
        }
        bench.open_streams += 1;
        Ok(FakeStream {
            reader: self.clone(),
            out: VecDeque::new(),
        })
    }
}

/// An open port of the reader.
pub struct FakeStream {
    reader: FakeReader,
    out: VecDeque<u8>,
}

impl Drop for FakeStream {
    fn drop(&mut self) {
        self.reader.set(|bench| bench.open_streams -= 1);
    }
}

impl FakeStream {
    fn answer(&self, command: [u8; 2]) -> Vec<u8> {
        let (lock, changed) = &*self.reader.bench;
        let mut bench = lock.lock().unwrap();
        match command {
            [0x11, 0xFF] => {
                bench.heartbeats += 1;
                status(0x90)
            }
            [0x12, 0xFF] => reply([0, 0, 0x90], &[1; 16]),
            [0x20, 0x01] => {
                bench.finds += 1;
                if bench.card && !bench.hidden {
                    reply([0, 0, 0x9F], &[0; 4])
                } else {
                    status(0x80)
                }
            }
            [0x20, 0x02] => reply([0, 0, 0x90], &[0; 8]),
            [0x30, 0x01] => {
                bench.reads += 1;
                bench = changed.wait_while(bench, |bench| bench.hold_reads).unwrap();
                if let Some(failure) = bench.read_fails {
                    return status(failure);
                }
                bench.hidden = bench.hides_read_card;
                reply([0, 0, 0x90], &citizen_data())
            }
            [0x30, 0x03] => status(0x91),
            _ => status(0x90),
        }
    }
}

impl ByteStream for FakeStream {
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        if self.reader.get(|bench| bench.unplugged) {
            return Err(PortError::Unplugged("fake".into()));
        }
        if self.out.is_empty() {
            std::thread::sleep(deadline.saturating_duration_since(Instant::now()));
            return Err(PortError::TimedOut);
        }
        let count = buf.len().min(self.out.len());
        for (place, byte) in buf.iter_mut().zip(self.out.drain(..count)) {
            *place = byte;
        }
        Ok(count)
    }

    fn write_all(&mut self, bytes: &[u8], _deadline: Instant) -> Result<(), PortError> {
        if self.reader.get(|bench| bench.unplugged) {
            return Err(PortError::Unplugged("fake".into()));
        }
        if !self.reader.get(|bench| bench.mute) {
            let answer = self.answer([bytes[7], bytes[8]]);
            self.out.extend(answer);
        }
        Ok(())
    }

    fn set_baud(&mut self, _baud: u32) -> Result<(), PortError> {
        Ok(())
    }
}
