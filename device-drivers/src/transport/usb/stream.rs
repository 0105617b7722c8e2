//! One pair of pipes as a connection: everything out on one, everything in on the other.

use std::time::{Duration, Instant};

use super::buffer::PacketBuffer;
use super::pipes::{Pipe, PipeKind, UsbPipes};
use crate::transport::{ByteStream, PortError};

/// Between two looks at a device that answers with nothing.
const EMPTY: Duration = Duration::from_millis(20);
/// The longest transfer; the host's memory for transfers is shared by all devices.
const TRANSFER: usize = 16 * 1024;

/// Bytes over the first pipe of each direction, bulk before interrupt.
pub struct UsbStream<P> {
    pipes: P,
    input: Option<Pipe>,
    output: Option<Pipe>,
    waiting: PacketBuffer,
}

impl<P: UsbPipes> UsbStream<P> {
    /// Speaks over these pipes.
    pub fn new(pipes: P) -> Self {
        let first = |is_in: bool| {
            let of = |kind| {
                let mut all = pipes.pipes().iter().copied();
                all.find(|pipe| pipe.is_in() == is_in && pipe.kind == kind)
            };
            of(PipeKind::Bulk).or_else(|| of(PipeKind::Interrupt))
        };
        Self {
            input: first(true),
            output: first(false),
            pipes,
            waiting: PacketBuffer::default(),
        }
    }
}

impl<P: UsbPipes> ByteStream for UsbStream<P> {
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        let Some(input) = self.input else {
            // A printer of one direction says nothing, which takes as long as any silence.
            std::thread::sleep(deadline.saturating_duration_since(Instant::now()));
            return Err(PortError::TimedOut);
        };
        loop {
            if let Some(count) = self.waiting.hand_over(buf) {
                return Ok(count);
            }
            let pipes = &mut self.pipes;
            self.waiting
                .fill(input, |into| pipes.read(input, into, deadline))?;
            if self.waiting.is_empty() {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(PortError::TimedOut);
                }
                std::thread::sleep(left.min(EMPTY));
            }
        }
    }

    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), PortError> {
        let output = self
            .output
            .ok_or_else(|| PortError::NotAPort("the USB device takes no bytes".into()))?;
        for part in bytes.chunks(TRANSFER) {
            self.pipes.write_all(output, part, deadline)?;
        }
        Ok(())
    }

    fn set_baud(&mut self, _baud: u32) -> Result<(), PortError> {
        Ok(())
    }

    fn printer_port(&mut self, deadline: Instant) -> Result<Option<u8>, PortError> {
        self.pipes.printer_port(deadline)
    }

    fn soft_reset(&mut self, deadline: Instant) -> Result<bool, PortError> {
        self.pipes.soft_reset(deadline)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::fake::{FakePipes, Packet};
    use super::*;

    const SOON: Duration = Duration::from_millis(200);

    #[test]
    fn packets_become_a_stream_and_empty_ones_are_waited_out() {
        let mut stream = UsbStream::new(FakePipes::new(
            &[0x02, 0x81],
            [
                Packet::In(0x81, vec![]),
                Packet::In(0x81, vec![1, 2, 3]),
                Packet::In(0x81, vec![4]),
            ],
        ));
        let mut buf = [0; 2];
        let soon = Instant::now() + SOON;
        assert_eq!(stream.read(&mut buf, soon).unwrap(), 2);
        assert_eq!(buf, [1, 2]);
        assert_eq!(stream.read(&mut buf, soon).unwrap(), 1);
        assert_eq!(stream.read(&mut buf, soon).unwrap(), 1);
        assert_eq!(buf[0], 4);
        assert!(matches!(
            stream.read(&mut buf, Instant::now()),
            Err(PortError::TimedOut)
        ));
    }

    #[test]
    fn a_device_that_has_gone_and_one_that_takes_nothing_are_told_apart() {
        let mut gone = UsbStream::new(FakePipes::new(&[0x02, 0x81], [Packet::Unplug]));
        let soon = Instant::now() + SOON;
        let read = gone.read(&mut [0; 8], soon);
        assert!(matches!(read, Err(PortError::Unplugged(_))));
        let mut mute = UsbStream::new(FakePipes::new(&[0x81], []));
        let written = mute.write_all(&[1], soon);
        assert!(matches!(written, Err(PortError::NotAPort(_))));
    }
}
