//! Devices on the local network that take a raw byte stream (printers on port 9100).

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::{ByteStream, PortError};

/// An open connection to a device.
#[derive(Debug)]
pub struct TcpByteStream {
    socket: TcpStream,
}

impl TcpByteStream {
    /// Connects, waiting at most `timeout`.
    ///
    /// # Errors
    /// [`PortError::Missing`] if nothing listens there, [`PortError::TimedOut`] if nobody answers.
    pub fn connect(address: SocketAddr, timeout: Duration) -> Result<Self, PortError> {
        let socket = TcpStream::connect_timeout(&address, timeout)
            .map_err(|error| PortError::on_open(&error))?;
        // Status questions are a few bytes and must not wait for more to join them.
        socket
            .set_nodelay(true)
            .map_err(|error| PortError::on_open(&error))?;
        Ok(Self { socket })
    }
}

impl ByteStream for TcpByteStream {
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        loop {
            self.socket
                .set_read_timeout(Some(remaining(deadline)))
                .map_err(|error| PortError::on_transfer(&error))?;
            match self.socket.read(buf) {
                Ok(0) => return Err(PortError::Unplugged("connection closed".into())),
                Ok(n) => return Ok(n),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(PortError::on_transfer(&error)),
            }
        }
    }

    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), PortError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            if Instant::now() >= deadline {
                return Err(PortError::TimedOut);
            }
            self.socket
                .set_write_timeout(Some(remaining(deadline)))
                .map_err(|error| PortError::on_transfer(&error))?;
            match self.socket.write(rest) {
                Ok(n) => rest = &rest[n..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(PortError::on_transfer(&error)),
            }
        }
        Ok(())
    }

    fn set_baud(&mut self, _baud: u32) -> Result<(), PortError> {
        Ok(())
    }
}

/// Time left; never zero, which sockets take to mean "no deadline at all".
fn remaining(deadline: Instant) -> Duration {
    deadline
        .saturating_duration_since(Instant::now())
        .max(Duration::from_millis(1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_printer_on_the_network_is_spoken_to_and_its_hang_up_noticed() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut host = TcpByteStream::connect(address, Duration::from_secs(2)).unwrap();
        let (mut device, _) = listener.accept().unwrap();
        let soon = Instant::now() + Duration::from_secs(2);

        host.write_all(&[0x10, 4, 1], soon).unwrap();
        let mut got = [0; 3];
        device.read_exact(&mut got).unwrap();
        assert_eq!(got, [0x10, 4, 1]);

        device.write_all(&[0x12]).unwrap();
        let mut buf = [0; 8];
        assert_eq!(host.read(&mut buf, soon).unwrap(), 1);

        let brief = Instant::now() + Duration::from_millis(20);
        assert!(matches!(
            host.read(&mut buf, brief),
            Err(PortError::TimedOut)
        ));

        drop(device);
        assert!(matches!(
            host.read(&mut buf, soon),
            Err(PortError::Unplugged(_))
        ));
    }

    #[test]
    fn an_address_where_nothing_listens_is_a_missing_port() {
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let result = TcpByteStream::connect(address, Duration::from_secs(2));
        assert!(matches!(result, Err(PortError::Missing(_))), "{result:?}");
    }
}
