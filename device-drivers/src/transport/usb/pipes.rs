//! The pipes of a claimed interface, as a driver sees them.

use std::time::Instant;

use crate::transport::PortError;

/// How a pipe carries its packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PipeKind {
    /// As fast as there is room.
    Bulk,
    /// At its turn.
    Interrupt,
}

/// One endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipe {
    /// Number of the endpoint; with 80h towards us.
    pub address: u8,
    /// How it carries packets.
    pub kind: PipeKind,
    /// Bytes of its longest packet.
    pub packet: u16,
}

impl Pipe {
    /// Whether it brings bytes to us.
    pub fn is_in(self) -> bool {
        self.address & 0x80 != 0
    }
}

/// A claimed interface.
pub trait UsbPipes: Send {
    /// Its endpoints, in the order in which the device lists them.
    fn pipes(&self) -> &[Pipe];

    /// Reads at most one transfer; zero bytes are possible and mean nothing. `into` should hold a
    /// whole number of packets.
    ///
    /// # Errors
    /// [`PortError::TimedOut`] if nothing came before `deadline`; a deadline that has passed still
    /// reads what is waiting. [`PortError::Unplugged`] when the device has gone.
    fn read(&mut self, pipe: Pipe, into: &mut [u8], deadline: Instant) -> Result<usize, PortError>;

    /// Writes what the device takes, and says how much.
    ///
    /// # Errors
    /// As [`Self::read`].
    fn write(&mut self, pipe: Pipe, bytes: &[u8], deadline: Instant) -> Result<usize, PortError>;

    /// GET_PORT_STATUS of a printer-class interface; none on any other.
    ///
    /// # Errors
    /// The device has gone, or does not answer.
    fn printer_port(&mut self, deadline: Instant) -> Result<Option<u8>, PortError>;

    /// SOFT_RESET of a printer-class interface; false on any other.
    ///
    /// # Errors
    /// The device has gone, or does not answer.
    fn soft_reset(&mut self, deadline: Instant) -> Result<bool, PortError>;

    /// Writes everything.
    ///
    /// # Errors
    /// As [`Self::write`]; some of it may have been sent.
    fn write_all(
        &mut self,
        pipe: Pipe,
        mut bytes: &[u8],
        deadline: Instant,
    ) -> Result<(), PortError> {
        while !bytes.is_empty() {
            let count = self.write(pipe, bytes, deadline)?;
            if count == 0 && Instant::now() >= deadline {
                return Err(PortError::TimedOut);
            }
            bytes = bytes.get(count..).unwrap_or_default();
        }
        Ok(())
    }
}
