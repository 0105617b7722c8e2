//! What every byte-oriented connection to a device can do.

use std::time::{Duration, Instant};

use super::PortError;

/// A connection that carries bytes both ways. Blocking, so it belongs on a device's own thread.
pub trait ByteStream: Send {
    /// Waits for input and reads what is there: at least one byte, at most `buf.len()`.
    ///
    /// # Errors
    /// [`PortError::TimedOut`] if nothing came before `deadline`; a deadline that has passed still
    /// reads what is waiting. [`PortError::Unplugged`] when the device has gone.
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError>;

    /// Hands all of `bytes` to the operating system.
    ///
    /// # Errors
    /// [`PortError::TimedOut`] if the device did not take them before `deadline`; some of them may
    /// then have been sent.
    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), PortError>;

    /// Changes the speed in bits per second. Connections without a speed accept and ignore it.
    ///
    /// # Errors
    /// The port refuses the speed, or has gone.
    fn set_baud(&mut self, baud: u32) -> Result<(), PortError>;

    /// What the connection itself knows of a printer at its other end: the port status of the USB
    /// printer class, in its bits. None where there is no such thing.
    ///
    /// # Errors
    /// The device has gone, or did not say in time.
    fn printer_port(&mut self, _deadline: Instant) -> Result<Option<u8>, PortError> {
        Ok(None)
    }

    /// Makes a printer forget what it has taken in and not printed, if the connection has a way to
    /// tell it past everything that is in the queue. Says whether it has.
    ///
    /// # Errors
    /// The device has gone, or did not obey in time.
    fn soft_reset(&mut self, _deadline: Instant) -> Result<bool, PortError> {
        Ok(false)
    }

    /// Throws away input until there has been none for `quiet`, at most until `deadline`.
    ///
    /// Returns how many bytes were thrown away. A device that never falls silent is not an error
    /// here: the parser that reads next has to cope anyway.
    ///
    /// # Errors
    /// The device has gone.
    fn drain(&mut self, quiet: Duration, deadline: Instant) -> Result<usize, PortError> {
        let mut dropped = 0;
        let mut scratch = [0; 256];
        loop {
            let until = deadline.min(Instant::now() + quiet);
            match self.read(&mut scratch, until) {
                Ok(n) => dropped += n,
                Err(PortError::TimedOut) => return Ok(dropped),
                Err(other) => return Err(other),
            }
            if Instant::now() >= deadline {
                return Ok(dropped);
            }
        }
    }
}

impl<S: ByteStream + ?Sized> ByteStream for Box<S> {
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        (**self).read(buf, deadline)
    }

    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), PortError> {
        (**self).write_all(bytes, deadline)
    }

    fn set_baud(&mut self, baud: u32) -> Result<(), PortError> {
        (**self).set_baud(baud)
    }

    fn printer_port(&mut self, deadline: Instant) -> Result<Option<u8>, PortError> {
        (**self).printer_port(deadline)
    }

    fn soft_reset(&mut self, deadline: Instant) -> Result<bool, PortError> {
        (**self).soft_reset(deadline)
    }

    fn drain(&mut self, quiet: Duration, deadline: Instant) -> Result<usize, PortError> {
        (**self).drain(quiet, deadline)
    }
}
