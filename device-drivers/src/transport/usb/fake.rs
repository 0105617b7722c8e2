//! Pipes played from a list, for tests of whatever speaks over them.

use std::collections::VecDeque;
use std::time::Instant;

use super::pipes::{Pipe, PipeKind, UsbPipes};
use crate::transport::PortError;

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Packet {
    /// The host writes exactly this on this pipe.
    Out(u8, Vec<u8>),
    /// The device has this ready on this pipe.
    In(u8, Vec<u8>),
    /// The device is pulled out.
    Unplug,
}

/// Pipes that follow the list. Deadlines pass at once.
pub(crate) struct FakePipes {
    pipes: Vec<Pipe>,
    script: VecDeque<Packet>,
}

impl FakePipes {
    /// Bulk pipes with packets of 64 bytes.
    pub(crate) fn new(addresses: &[u8], script: impl IntoIterator<Item = Packet>) -> Self {
        Self::of(PipeKind::Bulk, addresses, script)
    }

    /// Pipes of a kind.
    pub(crate) fn of(
        kind: PipeKind,
        addresses: &[u8],
        script: impl IntoIterator<Item = Packet>,
    ) -> Self {
        let pipe = |&address| Pipe {
            address,
            kind,
            packet: 64,
        };
        Self {
            pipes: addresses.iter().map(pipe).collect(),
            script: script.into_iter().collect(),
        }
    }

    /// What has not happened.
    pub(crate) fn left(&self) -> usize {
        self.script.len()
    }
}

impl UsbPipes for FakePipes {
    fn pipes(&self) -> &[Pipe] {
        &self.pipes
    }

    fn read(&mut self, pipe: Pipe, into: &mut [u8], _: Instant) -> Result<usize, PortError> {
        match self.script.front() {
            Some(Packet::In(address, bytes)) if *address == pipe.address => {
                let count = bytes.len();
                into[..count].copy_from_slice(bytes);
                self.script.pop_front();
                Ok(count)
            }
            Some(Packet::Unplug) => Err(PortError::Unplugged("script".into())),
            _ => Err(PortError::TimedOut),
        }
    }

    fn write(&mut self, pipe: Pipe, bytes: &[u8], _: Instant) -> Result<usize, PortError> {
        match self.script.pop_front() {
            Some(Packet::Out(address, wanted)) if address == pipe.address && wanted == bytes => {
                Ok(bytes.len())
            }
            Some(Packet::Unplug) => Err(PortError::Unplugged("script".into())),
            other => Err(PortError::Other(format!(
                "wrote {bytes:02x?} on {:02x}, wanted {other:02x?}",
                pipe.address
            ))),
        }
    }

    fn printer_port(&mut self, _: Instant) -> Result<Option<u8>, PortError> {
        Ok(None)
    }

    fn soft_reset(&mut self, _: Instant) -> Result<bool, PortError> {
        Ok(false)
    }
}
