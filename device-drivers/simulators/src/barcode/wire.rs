//! The reader's serial line: honest rates, and the faults of cables.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::order::Reader;
use crate::lifetime::Lifetime;
use crate::pacing::wire_time;
use crate::plug::Port;

/// The longest that an order goes unnoticed.
const ATTENTION: Duration = Duration::from_millis(10);
/// A pause that ends an unfinished command.
const PAUSE: Duration = Duration::from_millis(300);
/// Bytes that are put on the line at once.
const CHUNK: usize = 16;

/// The line between the reader and whoever has opened the port.
pub(super) struct Line<'a> {
    port: &'a Port,
    lifetime: &'a Lifetime,
    reader: &'a Mutex<Reader>,
    rng: fastrand::Rng,
}

impl<'a> Line<'a> {
    /// A silent line.
    pub(super) fn new(
        port: &'a Port,
        lifetime: &'a Lifetime,
        reader: &'a Mutex<Reader>,
        seed: u64,
    ) -> Self {
        let rng = fastrand::Rng::with_seed(seed);
        Self {
            port,
            lifetime,
            reader,
            rng,
        }
    }

    /// Works until the program is told to end.
    pub(super) fn serve(mut self) -> io::Result<()> {
        let mut last_byte = Instant::now();
        while !self.lifetime.is_over() {
            if self.port.wait_readable(ATTENTION)? {
                let mut bytes = [0; CHUNK];
                let count = self.port.read(&mut bytes)?;
                if count > 0 {
                    last_byte = Instant::now();
                    self.take(&bytes[..count])?;
                }
            } else if last_byte.elapsed() > PAUSE {
                self.lock().engine.forget_unfinished();
            }
            let next = self.lock().engine.advance(Instant::now());
            if let Some(bytes) = next {
                self.send(bytes)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let client = self.port.client_baud()?;
        let (own, slowness) = {
            let reader = self.lock();
            (reader.baud, reader.faults.slowness)
        };
        let arrived = Instant::now() + wire_time(bytes.len(), own).mul_f64(slowness);
        if !self.lifetime.sleep_until(arrived) {
            return Ok(());
        }
        let mut rng = self.rng.clone();
        let mut reader = self.lock();
        for &byte in bytes {
            // At another rate the bits are not where they were sent.
            let byte = if client == own {
                byte
            } else {
                rng.u8(..) & 0x7F
            };
            reader.engine.receive(byte, arrived);
        }
        drop(reader);
        self.rng = rng;
        Ok(())
    }

    fn send(&mut self, mut bytes: Vec<u8>) -> io::Result<()> {
        let client = self.port.client_baud()?;
        let (own, faults) = {
            let mut reader = self.lock();
            let faults = reader.faults;
            reader.faults.noise = None;
            if faults.cut {
                reader.faults.cut = false;
                reader.faults.silent = true;
            }
            (reader.baud, faults)
        };
        if faults.silent {
            return Ok(());
        }
        if faults.cut {
            bytes.truncate(bytes.len() / 2);
        }
        if let Some((count, flip)) = faults.noise {
            if flip && !bytes.is_empty() {
                let at = self.rng.usize(0..bytes.len());
                bytes[at] ^= 1 << self.rng.u8(0..8);
            }
            let mut noisy: Vec<u8> = std::iter::repeat_with(|| self.rng.u8(..))
                .take(count)
                .collect();
            noisy.extend(bytes);
            bytes = noisy;
        }
        if client != own {
            let rng = &mut self.rng;
            bytes.fill_with(|| rng.u8(..) & 0x7F);
        }
        let mut at = Instant::now();
        for chunk in bytes.chunks(CHUNK) {
            at += wire_time(chunk.len(), own).mul_f64(faults.slowness);
            if !self.lifetime.sleep_until(at) {
                return Ok(());
            }
            self.port.send(chunk)?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
