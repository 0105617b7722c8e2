//! A claimed interface: transfers with deadlines, and the printer class's own requests.

use std::time::{Duration, Instant};

use rusb::{Context, DeviceHandle, Direction, Recipient, RequestType};

use super::address::UsbAddress;
use super::bus::{self, CLASS_PRINTER, Candidate, Opened, on_open, on_transfer};
use super::pipes::{Pipe, PipeKind, UsbPipes};
use crate::transport::PortError;

/// The shortest wait: long enough to fetch what a device holds ready, and never the zero that
/// means "for ever".
const SHORTEST: Duration = Duration::from_millis(2);
/// How long a device may take to answer a request on its control pipe.
const CONTROL: Duration = Duration::from_secs(1);

const GET_DEVICE_ID: u8 = 0;
const GET_PORT_STATUS: u8 = 1;
const SOFT_RESET: u8 = 2;

/// A USB interface that is ours alone until it is dropped. A kernel driver that had it (`usblp`,
/// `usbhid`) is sent away before and called back afterwards.
pub struct UsbInterface {
    handle: DeviceHandle<Context>,
    candidate: Candidate,
}

impl UsbInterface {
    /// Finds the device, opens it and claims the interface that is worth talking to.
    ///
    /// # Errors
    /// [`PortError::Missing`] while it is not plugged in or the machine has no bus; every other
    /// failure has its own kind.
    pub fn open(address: &UsbAddress) -> Result<Self, PortError> {
        let Opened { handle, candidate } = bus::open(address)?;
        // Where the system has no such thing, there is no kernel driver in the way either.
        let _ = handle.set_auto_detach_kernel_driver(true);
        handle
            .claim_interface(candidate.number)
            .map_err(|error| on_open(error, address))?;
        if candidate.setting != 0 {
            handle
                .set_alternate_setting(candidate.number, candidate.setting)
                .map_err(|error| on_open(error, address))?;
        }
        Ok(Self { handle, candidate })
    }

    /// Whether the device calls itself a human interface device, which packs into reports.
    pub fn is_hid(&self) -> bool {
        self.candidate.class == 0x03
    }

    fn is_printer(&self) -> bool {
        self.candidate.class == CLASS_PRINTER
    }

    /// A pipe that the device has stalled is opened again; what was under way is lost.
    fn revive(&self, pipe: Pipe, error: rusb::Error) -> PortError {
        if error == rusb::Error::Pipe && self.handle.clear_halt(pipe.address).is_ok() {
            return PortError::TimedOut;
        }
        on_transfer(error)
    }
}

impl UsbPipes for UsbInterface {
    fn pipes(&self) -> &[Pipe] {
        &self.candidate.pipes
    }

    fn read(&mut self, pipe: Pipe, into: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        let wait = remaining(deadline);
        let read = match pipe.kind {
            PipeKind::Bulk => self.handle.read_bulk(pipe.address, into, wait),
            PipeKind::Interrupt => self.handle.read_interrupt(pipe.address, into, wait),
        };
        read.map_err(|error| self.revive(pipe, error))
    }

    fn write(&mut self, pipe: Pipe, bytes: &[u8], deadline: Instant) -> Result<usize, PortError> {
        let wait = remaining(deadline);
        let written = match pipe.kind {
            PipeKind::Bulk => self.handle.write_bulk(pipe.address, bytes, wait),
            PipeKind::Interrupt => self.handle.write_interrupt(pipe.address, bytes, wait),
        };
        written.map_err(|error| self.revive(pipe, error))
    }

    fn printer_port(&mut self, deadline: Instant) -> Result<Option<u8>, PortError> {
        if !self.is_printer() {
            return Ok(None);
        }
        let kind = rusb::request_type(Direction::In, RequestType::Class, Recipient::Interface);
        let mut status = [0];
        let read = self.handle.read_control(
            kind,
            GET_PORT_STATUS,
            0,
            self.candidate.number.into(),
            &mut status,
            remaining(deadline),
        );
        match read {
            Ok(1) => Ok(Some(status[0])),
            // A printer that does not know its own class's question.
            Ok(_) | Err(rusb::Error::Pipe) => Ok(None),
            Err(error) => Err(on_transfer(error)),
        }
    }

    fn soft_reset(&mut self, deadline: Instant) -> Result<bool, PortError> {
        if !self.is_printer() {
            return Ok(false);
        }
        // The second form is that of version 1.0 of the class, which asked the wrong recipient.
        for recipient in [Recipient::Interface, Recipient::Other] {
            let kind = rusb::request_type(Direction::Out, RequestType::Class, recipient);
            let wait = remaining(deadline);
            let number = self.candidate.number.into();
            match self
                .handle
                .write_control(kind, SOFT_RESET, 0, number, &[], wait)
            {
                Ok(_) => return Ok(true),
                Err(rusb::Error::Pipe | rusb::Error::InvalidParam) => {}
                Err(error) => return Err(on_transfer(error)),
            }
        }
        Ok(false)
    }
}

impl Drop for UsbInterface {
    fn drop(&mut self) {
        // The device may have gone, and then there is nothing to give back.
        let _ = self.handle.release_interface(self.candidate.number);
    }
}

/// Asks a printer-class device for its IEEE 1284 string, without taking it from anybody.
///
/// # Errors
/// It is not there, may not be opened, or is no printer that says who it is.
pub fn printer_device_id(address: &UsbAddress) -> Result<String, PortError> {
    let Opened { handle, candidate } = bus::open(address)?;
    if candidate.class != CLASS_PRINTER {
        return Err(PortError::NotAPort(format!(
            "{address} is no printer class device"
        )));
    }
    let kind = rusb::request_type(Direction::In, RequestType::Class, Recipient::Interface);
    let index = u16::from(candidate.number) << 8 | u16::from(candidate.setting);
    let mut answer = [0; 1024];
    let count = handle
        .read_control(kind, GET_DEVICE_ID, 0, index, &mut answer, CONTROL)
        .map_err(on_transfer)?;
    Ok(device_id_text(&answer[..count]))
}

/// The string behind its two bytes of length, which count themselves; some devices count wrong.
fn device_id_text(answer: &[u8]) -> String {
    let text = match answer {
        [high, low, text @ ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low])).saturating_sub(2);
            text.get(..length).unwrap_or(text)
        }
        _ => &[],
    };
    String::from_utf8_lossy(text)
        .trim_end_matches('\0')
        .to_owned()
}

fn remaining(deadline: Instant) -> Duration {
    deadline
        .saturating_duration_since(Instant::now())
        .max(SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_id_is_read_whatever_its_length_claims() {
        assert_eq!(device_id_text(b"\x00\x0CMFG:EPSON;"), "MFG:EPSON;");
        assert_eq!(device_id_text(b"\x00\x06MFG:EPSON;"), "MFG:");
        assert_eq!(device_id_text(b"\x00\xFFMFG:EPSON;\0"), "MFG:EPSON;");
        assert_eq!(device_id_text(b"\x00\x00MFG:EPSON;"), "");
        assert_eq!(device_id_text(b"\x00"), "");
        assert_eq!(device_id_text(b""), "");
    }
}
