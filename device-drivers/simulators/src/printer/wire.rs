//! The printer's serial line and its paper tray: the only part that touches the outside.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::order::{Printer, WrittenSheet};
use super::paper::Sheet;
use crate::lifetime::Lifetime;
use crate::pacing::{WireClock, wire_time};
use crate::plug::Port;

/// Bytes are taken off the line in portions of this length, so that none comes early by much.
const PORTION: Duration = Duration::from_millis(5);
/// The longest that an order given by a test goes unnoticed.
const IDLE: Duration = Duration::from_millis(20);

/// The line between the printer and whoever has opened the port.
pub(super) struct Line<'a> {
    pub(super) port: &'a Port,
    pub(super) lifetime: &'a Lifetime,
    pub(super) printer: &'a Mutex<Printer>,
    pub(super) out: Option<&'a Path>,
}

/// Bytes that are still on their way.
struct Arriving {
    at: Instant,
    bytes: Vec<u8>,
    garbled: bool,
}

impl Line<'_> {
    /// Prints until the program is told to end.
    pub(super) fn serve(&self) -> io::Result<()> {
        let mut incoming = WireClock::new(Instant::now());
        let mut arriving: Option<Arriving> = None;
        let mut streaming = false;
        while !self.lifetime.is_over() {
            if arriving.is_none() {
                arriving = self.take(&mut incoming, streaming)?;
                streaming = arriving.is_some();
            }
            if arriving
                .as_ref()
                .is_some_and(|portion| portion.at <= Instant::now())
                && let Some(portion) = arriving.take()
            {
                self.deliver(&portion);
            }
            let motor = self.lock().machine.advance(Instant::now());
            self.put_out()?;
            self.say()?;
            let next = [arriving.as_ref().map(|portion| portion.at), motor]
                .into_iter()
                .flatten();
            match next.min() {
                Some(then) => {
                    std::thread::sleep(then.saturating_duration_since(Instant::now()).min(IDLE));
                }
                None if streaming => {}
                None if self.lock().machine.room() == 0 => std::thread::sleep(IDLE),
                None => {
                    self.port.wait_readable(IDLE)?;
                }
            }
        }
        Ok(())
    }

    /// Rate of the line as it seems to be carrying bytes, and whether it carries any.
    fn line(&self) -> (u32, u32, bool) {
        let printer = self.lock();
        let carried = (f64::from(printer.baud) / printer.line.slowness).max(1.0) as u32;
        (printer.baud, carried, !printer.line.cut)
    }

    /// Takes what the line can carry in a short while, if the buffer has room for it.
    fn take(&self, clock: &mut WireClock, streaming: bool) -> io::Result<Option<Arriving>> {
        let (baud, carried, sound) = self.line();
        let room = self.lock().machine.room();
        let portion = (PORTION.as_secs_f64() * f64::from(carried) / 10.0).ceil() as usize;
        let mut bytes = vec![0; portion.max(1).min(room)];
        if bytes.is_empty() {
            return Ok(None);
        }
        let count = self.port.read(&mut bytes)?;
        if count == 0 || !sound {
            return Ok(None);
        }
        bytes.truncate(count);
        let client = self.port.client_baud()?;
        self.lock().client_baud = client;
        let at = clock.occupy(count, carried, Instant::now(), streaming);
        Ok(Some(Arriving {
            at,
            bytes,
            garbled: client != baud,
        }))
    }

    fn deliver(&self, portion: &Arriving) {
        let mut printer = self.lock();
        for byte in &portion.bytes {
            if portion.garbled {
                printer.machine.receive_garbled();
            } else {
                printer.machine.receive(*byte);
            }
        }
    }

    fn put_out(&self) -> io::Result<()> {
        let sheets = self.lock().machine.take_sheets();
        for sheet in &sheets {
            let number = self.lock().sheets.len() + 1;
            let written = self.write(sheet, number)?;
            self.lock().sheets.push(written);
        }
        Ok(())
    }

    fn write(&self, sheet: &Sheet, number: usize) -> io::Result<WrittenSheet> {
        let file = format!("paper-{number:04}.png");
        if let Some(folder) = self.out {
            sheet.write_png(&folder.join(&file))?;
        }
        Ok(WrittenSheet {
            file,
            rows: sheet.rows.len(),
            end: sheet.end,
        })
    }

    /// Answers are a few bytes; waiting for them here disturbs nothing.
    fn say(&self) -> io::Result<()> {
        let bytes = self.lock().machine.take_outgoing();
        let (_, carried, sound) = self.line();
        if !bytes.is_empty() && sound {
            std::thread::sleep(wire_time(bytes.len(), carried));
            self.port.send(&bytes)?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Printer> {
        self.printer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
