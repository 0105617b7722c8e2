//! The reader's serial line: honest rates, half duplex, and the faults of cables.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::fault::Cut;
use super::frame::{FrameReader, Incoming};
use super::order::Reader;
use crate::lifetime::{ATTENTION, Lifetime};
use crate::pacing::{WireClock, wire_time};
use crate::plug::Port;

/// How soon a module answers what it could not make out.
const SHORT_WORK: Duration = Duration::from_millis(10);
/// A pause that ends an unfinished request.
const PAUSE: Duration = Duration::from_millis(300);
/// Bytes that are put on the line at once; small, so that a client sees them come one by one.
const CHUNK: usize = 16;

/// The line between the module and whoever has opened the port.
pub(super) struct Line<'a> {
    port: &'a Port,
    lifetime: &'a Lifetime,
    reader: &'a Mutex<Reader>,
    latency: Duration,
    rng: fastrand::Rng,
    frames: FrameReader,
}

impl<'a> Line<'a> {
    /// A silent line.
    pub(super) fn new(
        port: &'a Port,
        lifetime: &'a Lifetime,
        reader: &'a Mutex<Reader>,
        latency: Duration,
        seed: u64,
    ) -> Self {
        let rng = fastrand::Rng::with_seed(seed);
        Self {
            port,
            lifetime,
            reader,
            latency,
            rng,
            frames: FrameReader::default(),
        }
    }

    /// Answers until the program is told to end.
    pub(super) fn serve(mut self) -> io::Result<()> {
        let mut last_byte = Instant::now();
        while !self.lifetime.is_over() {
            self.lock().live(Instant::now());
            if !self.port.wait_readable(ATTENTION)? {
                if last_byte.elapsed() > PAUSE {
                    self.frames.forget();
                }
                continue;
            }
            // One byte at a time, so that nothing behind the request is taken off the line.
            let mut byte = [0];
            if self.port.read(&mut byte)? == 0 {
                continue;
            }
            last_byte = Instant::now();
            let (own_baud, client_baud) = self.rates()?;
            if !self
                .lifetime
                .sleep_until(last_byte + self.slowed(wire_time(1, own_baud)))
            {
                return Ok(());
            }
            if own_baud != client_baud {
                self.answer_garbage(own_baud)?;
            } else if let Some(incoming) = self.frames.push(byte[0]) {
                self.answer(&incoming)?;
            }
        }
        Ok(())
    }

    fn rates(&self) -> io::Result<(u32, u32)> {
        let client = self.port.client_baud()?;
        let mut reader = self.lock();
        reader.client_baud = client;
        Ok((reader.baud, client))
    }

    /// At another rate neither side sees the other's bits where they are.
    fn answer_garbage(&mut self, own_baud: u32) -> io::Result<()> {
        self.frames.forget();
        self.lifetime.sleep_until(Instant::now() + SHORT_WORK);
        let heard = 1 + self.port.discard_input()?;
        if self.lock().module.faults.cut == Some(Cut::Silent) {
            return Ok(());
        }
        // Never a whole preamble: framing errors do not make one.
        let garbage: Vec<u8> = std::iter::repeat_with(|| self.rng.u8(..) & 0x7F)
            .take(heard.min(32))
            .collect();
        self.transmit(&garbage, own_baud)
    }

    fn answer(&mut self, incoming: &Incoming) -> io::Result<()> {
        let work = self.lock().work(incoming, self.latency);
        if !self.lifetime.sleep_until(Instant::now() + work) {
            return Ok(());
        }
        let (answer, baud) = {
            let mut rng = self.rng.clone();
            let mut reader = self.lock();
            let answer = reader.answer(incoming, &mut rng);
            let baud = reader.baud;
            drop(reader);
            self.rng = rng;
            (answer, baud)
        };
        let Some(answer) = answer else {
            return Ok(());
        };
        self.transmit(&answer.bytes, baud)?;
        if let Some(baud) = answer.then_baud {
            self.lock().baud = baud;
        }
        Ok(())
    }

    /// Sends no faster than the line can. What the client sends meanwhile is lost.
    fn transmit(&mut self, bytes: &[u8], baud: u32) -> io::Result<()> {
        let slowed_baud = (f64::from(baud) / self.lock().module.faults.slowness).max(1.0) as u32;
        let mut clock = WireClock::new(Instant::now());
        let mut chunks = bytes.chunks(CHUNK).peekable();
        while let Some(chunk) = chunks.next() {
            let arrived = clock.occupy(chunk.len(), slowed_baud, Instant::now(), true);
            if !self.lifetime.sleep_until(arrived) {
                return Ok(());
            }
            if chunks.peek().is_none() {
                // Before the last bytes: once the client has those, it may speak again.
                let lost = self.port.discard_input()?;
                self.lock().module.counters.ignored_bytes += lost as u64;
            }
            self.port.send(chunk)?;
        }
        Ok(())
    }

    fn slowed(&self, time: Duration) -> Duration {
        self.lock().slowed(time)
    }

    fn lock(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
