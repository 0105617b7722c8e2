//! Why bytes could not be moved, and what that says about the device.

use std::io;

use crate::status::{Fault, FaultKind};

/// A port could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// Nothing at that path or address.
    #[error("the port does not exist ({0})")]
    Missing(String),
    /// Another program has it.
    #[error("the port is in use by another program ({0})")]
    Busy(String),
    /// Our account may not open it.
    #[error("no permission to open the port ({0})")]
    PermissionDenied(String),
    /// There is something there, but nothing that a driver could speak to.
    #[error("this is no port of a device ({0})")]
    NotAPort(String),
    /// It was open and has gone: a cable pulled, a device switched off, a peer that hung up.
    #[error("the device was unplugged ({0})")]
    Unplugged(String),
    /// The deadline passed.
    #[error("the device did not answer in time")]
    TimedOut,
    /// Anything else that the operating system reports.
    #[error("the port failed ({0})")]
    Other(String),
}

impl PortError {
    /// Sorts an operating-system error that happened while a port was being opened.
    pub(crate) fn on_open(error: &io::Error) -> Self {
        let detail = error.to_string();
        match error.kind() {
            io::ErrorKind::NotFound
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable => Self::Missing(detail),
            io::ErrorKind::PermissionDenied => Self::PermissionDenied(detail),
            io::ErrorKind::ResourceBusy => Self::Busy(detail),
            io::ErrorKind::TimedOut => Self::TimedOut,
            _ => match error.raw_os_error() {
                // A device node whose hardware has gone, or a terminal whose other end has.
                Some(EIO | ENXIO | ENODEV) => Self::Missing(detail),
                _ => Self::Other(detail),
            },
        }
    }

    /// Sorts an operating-system error that happened while bytes were being moved.
    pub(crate) fn on_transfer(error: &io::Error) -> Self {
        let detail = error.to_string();
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::TimedOut,
            io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::NotConnected
            | io::ErrorKind::UnexpectedEof => Self::Unplugged(detail),
            _ => match error.raw_os_error() {
                Some(EIO | ENXIO | ENODEV) => Self::Unplugged(detail),
                _ => Self::Other(detail),
            },
        }
    }

    /// What this says about the device.
    pub fn fault(&self) -> Fault {
        let kind = match self {
            Self::Missing(_) | Self::Unplugged(_) => FaultKind::PortMissing,
            Self::Busy(_) => FaultKind::PortBusy,
            Self::PermissionDenied(_) => FaultKind::PermissionDenied,
            Self::NotAPort(_) => FaultKind::WrongDevice,
            Self::TimedOut => FaultKind::NoAnswer,
            Self::Other(_) => FaultKind::Other,
        };
        Fault::new(kind, self.to_string())
    }
}

const EIO: i32 = rustix::io::Errno::IO.raw_os_error();
const ENXIO: i32 = rustix::io::Errno::NXIO.raw_os_error();
const ENODEV: i32 = rustix::io::Errno::NODEV.raw_os_error();
