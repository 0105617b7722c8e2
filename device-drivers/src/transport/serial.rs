//! Serial ports (RS-232, USB-serial adapters, pseudo-terminals): 8 data bits, no parity, 1 stop.

use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios::{InputModes, OptionalActions, tcgetattr, tcsetattr};
use serialport::{ClearBuffer, SerialPort, TTYPort};

use super::{ByteStream, PortError};

/// Who may pause whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FlowControl {
    /// Nobody: the device is fast enough or the protocol is half duplex.
    #[default]
    None,
    /// The device may pause us by sending 13h and release us by sending 11h; both bytes vanish
    /// from the input. We never send them ourselves, since they would land inside raster data.
    DeviceXonXoff,
    /// The device may pause us by the CTS line.
    RtsCts,
}

/// How to open a serial port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialSettings {
    /// The device node.
    pub path: PathBuf,
    /// Bits per second.
    pub baud: u32,
    /// Flow control.
    pub flow: FlowControl,
}

/// An open serial port, held exclusively.
///
/// Two descriptors of the same port are kept. `serialport` sets the line up, holds the lock and
/// reads. Its descriptor blocks while writing until the device has taken everything, which a
/// printer that is offline never does; so writing goes through a second, non-blocking one. That
/// one also sets the one-sided XON/XOFF that `serialport` does not offer.
#[derive(Debug)]
pub struct SerialStream {
    port: TTYPort,
    writer: OwnedFd,
}

impl SerialStream {
    /// Opens the port. Does not wait for a device to answer on it.
    ///
    /// # Errors
    /// Every opening failure has its own [`PortError`]. Missing modem lines are not a failure:
    /// pseudo-terminals have none, and neither do many USB adapters.
    pub fn open(settings: &SerialSettings) -> Result<Self, PortError> {
        // Before `serialport` takes the port exclusively and thereby locks us out too.
        let writer = open_for_writing(&settings.path)?;
        let path = settings
            .path
            .to_str()
            .ok_or_else(|| PortError::NotAPort("the path is not valid text".into()))?;
        let flow = match settings.flow {
            FlowControl::None | FlowControl::DeviceXonXoff => serialport::FlowControl::None,
            FlowControl::RtsCts => serialport::FlowControl::Hardware,
        };
        let port = serialport::new(path, settings.baud)
            .flow_control(flow)
            .timeout(Duration::ZERO)
            .open_native()
            .map_err(|error| on_open(&error))?;
        if settings.flow == FlowControl::DeviceXonXoff {
            let mut line = tcgetattr(&writer).map_err(|e| PortError::on_open(&e.into()))?;
            line.input_modes |= InputModes::IXON;
            line.input_modes -= InputModes::IXOFF | InputModes::IXANY;
            tcsetattr(&writer, OptionalActions::Now, &line)
                .map_err(|e| PortError::on_open(&e.into()))?;
        }
        // What a device said before we came is not an answer to us.
        let _ = port.clear(ClearBuffer::All);
        Ok(Self { port, writer })
    }
}

impl ByteStream for SerialStream {
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            self.port
                .set_timeout(left)
                .map_err(|error| on_open(&error))?;
            match self.port.read(buf) {
                Ok(0) => return Err(PortError::Unplugged("end of input".into())),
                Ok(n) => return Ok(n),
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                // `serialport` loses the number of the error; on an open descriptor the only
                // unnamed one is EIO, which is how a port reports that its device has gone.
                Err(e) if e.kind() == std::io::ErrorKind::Other => {
                    return Err(PortError::Unplugged(e.to_string()));
                }
                Err(e) => return Err(PortError::on_transfer(&e)),
            }
        }
    }

    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), PortError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match rustix::io::write(&self.writer, rest) {
                Ok(n) => rest = &rest[n..],
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => wait_writable(&self.writer, deadline)?,
                Err(e) => return Err(PortError::on_transfer(&e.into())),
            }
        }
        Ok(())
    }

    fn set_baud(&mut self, baud: u32) -> Result<(), PortError> {
        self.port
            .set_baud_rate(baud)
            .map_err(|error| PortError::Other(error.to_string()))
    }
}

fn open_for_writing(path: &Path) -> Result<OwnedFd, PortError> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let writer = rustix::fs::open(path, flags, Mode::empty())
        .map_err(|errno| PortError::on_open(&errno.into()))?;
    if rustix::termios::isatty(&writer) {
        Ok(writer)
    } else {
        Err(PortError::NotAPort("not a terminal device".into()))
    }
}

fn wait_writable(writer: &OwnedFd, deadline: Instant) -> Result<(), PortError> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(PortError::TimedOut);
    }
    let timeout = Timespec::try_from(left).map_err(|_| PortError::TimedOut)?;
    let mut ready = [PollFd::new(writer, PollFlags::OUT)];
    match poll(&mut ready, Some(&timeout)) {
        Ok(0) => Err(PortError::TimedOut),
        Ok(_) if ready[0].revents().contains(PollFlags::HUP) => {
            Err(PortError::Unplugged("hang-up while writing".into()))
        }
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(e) => Err(PortError::on_transfer(&e.into())),
    }
}

fn on_open(error: &serialport::Error) -> PortError {
    let detail = error.to_string();
    match error.kind() {
        // What `serialport` says when somebody else holds the lock.
        serialport::ErrorKind::NoDevice => PortError::Busy(detail),
        serialport::ErrorKind::Io(kind) => PortError::on_open(&std::io::Error::new(kind, detail)),
        serialport::ErrorKind::InvalidInput | serialport::ErrorKind::Unknown => {
            PortError::Other(detail)
        }
    }
}

#[cfg(test)]
mod tests;
