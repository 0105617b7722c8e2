//! Opening a port, again and again, by its name.

use std::net::ToSocketAddrs;
use std::path::Path;
use std::time::Duration;

use super::keyboard::KeyboardStream;
use super::usb::{UsbInterface, UsbStream};
use super::{
    Address, ByteStream, FlowControl, PortError, SerialSettings, SerialStream, TcpByteStream,
};

/// How long a device on the network may take to accept a connection.
const CONNECTING: Duration = Duration::from_secs(3);

/// Opens a connection to a device each time it is called.
pub type Opener = Box<dyn FnMut() -> Result<Box<dyn ByteStream>, PortError> + Send>;

/// What opens a port. Speed and flow control are for serial devices; others ignore them.
pub fn opener(port: &Path, baud: u32, flow: FlowControl) -> Opener {
    match Address::parse(port) {
        Some(Address::Network(address)) => Box::new(move || Ok(Box::new(open_network(&address)?))),
        Some(Address::Usb(address)) => {
            Box::new(move || Ok(Box::new(UsbStream::new(UsbInterface::open(&address)?))))
        }
        Some(Address::Keyboard(keyboard)) => {
            Box::new(move || Ok(Box::new(KeyboardStream::open(&keyboard)?)))
        }
        Some(Address::Serial(path)) => {
            let settings = SerialSettings { path, baud, flow };
            Box::new(move || Ok(Box::new(SerialStream::open(&settings)?)))
        }
        None => {
            let port = port.display().to_string();
            Box::new(move || {
                Err(PortError::Missing(format!(
                    "{port} is no address of a device"
                )))
            })
        }
    }
}

fn open_network(address: &str) -> Result<TcpByteStream, PortError> {
    let found = address
        .to_socket_addrs()
        .map_err(|error| PortError::Missing(error.to_string()))?
        .next()
        .ok_or_else(|| PortError::Missing("the name has no address".into()))?;
    TcpByteStream::connect(found, CONNECTING)
}
