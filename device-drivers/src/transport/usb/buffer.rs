//! What a packet held beyond what was asked for.

use zeroize::{Zeroize, Zeroizing};

use super::pipes::Pipe;
use crate::transport::PortError;

/// Bytes that have come and nobody has taken. They may be somebody's card, so that they are wiped
/// once they are handed over.
#[derive(Default)]
pub struct PacketBuffer {
    bytes: Zeroizing<Vec<u8>>,
    taken: usize,
}

impl PacketBuffer {
    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.taken == self.bytes.len()
    }

    /// Forgets what waits; says how much it was.
    pub fn clear(&mut self) -> usize {
        let waiting = self.bytes.len() - self.taken;
        self.bytes.zeroize();
        self.taken = 0;
        waiting
    }

    /// Takes one packet from `read`, which is given room for exactly one: a device that ends an
    /// answer with a full packet need not say that it was the last.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn fill(
        &mut self,
        pipe: Pipe,
        read: impl FnOnce(&mut [u8]) -> Result<usize, PortError>,
    ) -> Result<(), PortError> {
        self.clear();
        let packet = usize::from(pipe.packet.max(8));
        self.bytes.resize(packet, 0);
        let count = match read(&mut self.bytes[..]) {
            Ok(count) => count,
            Err(error) => {
                self.clear();
                return Err(error);
            }
        };
        self.bytes.truncate(count);
        Ok(())
    }

    /// Moves what waits into `buf`; none if nothing waits.
    pub fn hand_over(&mut self, buf: &mut [u8]) -> Option<usize> {
        let waiting = &self.bytes[self.taken..];
        let count = waiting.len().min(buf.len());
        if count == 0 {
            return None;
        }
        buf[..count].copy_from_slice(&waiting[..count]);
        self.taken += count;
        if self.is_empty() {
            self.clear();
        }
        Some(count)
    }
}
