//! Scanners that type: their keyboard is taken for ourselves alone, so that what they type never
//! lands in a field of the screen, and what they typed becomes a stream of text.

mod find;
mod keys;

use std::io::ErrorKind;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use evdev::{Device, EventSummary};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use zeroize::{Zeroize, Zeroizing};

use self::keys::Typist;
use super::address::Keyboard;
use super::{ByteStream, PortError};

/// Text that may wait to be taken. A code is never longer; more is somebody leaning on a key.
const LONGEST: usize = 8 * 1024;

/// The keyboards of one scanner, taken from everybody else until this is dropped.
pub struct KeyboardStream {
    devices: Vec<Device>,
    typist: Typist,
    waiting: Zeroizing<Vec<u8>>,
}

impl KeyboardStream {
    /// Takes the keyboards.
    ///
    /// # Errors
    /// [`PortError::Missing`] while there is none; [`PortError::Busy`] if another program has
    /// taken one.
    pub fn open(keyboard: &Keyboard) -> Result<Self, PortError> {
        let mut devices = Vec::new();
        for node in find::nodes(keyboard)? {
            let mut device = Device::open(&node).map_err(|error| PortError::on_open(&error))?;
            // Without an enter key it is a mouse, or the volume keys that some scanners have.
            let types = device
                .supported_keys()
                .is_some_and(|keys| keys.contains(evdev::KeyCode::KEY_ENTER));
            if !types {
                continue;
            }
            device.grab().map_err(|error| PortError::on_open(&error))?;
            device
                .set_nonblocking(true)
                .map_err(|error| PortError::on_open(&error))?;
            devices.push(device);
        }
        if devices.is_empty() {
            return Err(PortError::NotAPort("it has no keys to type with".into()));
        }
        Ok(Self {
            devices,
            typist: Typist::default(),
            waiting: Zeroizing::new(Vec::with_capacity(LONGEST)),
        })
    }

    /// Takes in what has been typed.
    fn collect(&mut self) -> Result<(), PortError> {
        for device in &mut self.devices {
            match device.fetch_events() {
                Ok(events) => {
                    for event in events {
                        if let EventSummary::Key(_, key, value) = event.destructure()
                            && let Some(byte) = self.typist.key(key, value)
                            && self.waiting.len() < LONGEST
                        {
                            self.waiting.push(byte);
                        }
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(PortError::on_transfer(&error)),
            }
        }
        Ok(())
    }

    /// Waits until a key is touched.
    fn wait(&self, deadline: Instant) -> Result<(), PortError> {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = Timespec::try_from(left.min(Duration::from_hours(1)))
            .map_err(|_| PortError::TimedOut)?;
        let mut ready: Vec<PollFd<'_>> = self
            .devices
            .iter()
            .map(|device| PollFd::from_borrowed_fd(device.as_fd(), PollFlags::IN))
            .collect();
        match poll(&mut ready, Some(&timeout)) {
            Ok(0) => Err(PortError::TimedOut),
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(PortError::on_transfer(&error.into())),
        }
    }
}

impl ByteStream for KeyboardStream {
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        loop {
            self.collect()?;
            let count = self.waiting.len().min(buf.len());
            if count > 0 {
                buf[..count].copy_from_slice(&self.waiting[..count]);
                self.waiting.copy_within(count.., 0);
                let left = self.waiting.len() - count;
                self.waiting[left..].zeroize();
                self.waiting.truncate(left);
                return Ok(count);
            }
            self.wait(deadline)?;
        }
    }

    fn write_all(&mut self, _bytes: &[u8], _deadline: Instant) -> Result<(), PortError> {
        Err(PortError::NotAPort(
            "nothing can be sent to a keyboard".into(),
        ))
    }

    fn set_baud(&mut self, _baud: u32) -> Result<(), PortError> {
        Ok(())
    }
}
