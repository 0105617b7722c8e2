//! Opening a port, again and again, by its name.

use std::net::ToSocketAddrs;
use std::path::Path;
use std::time::Duration;

use super::{ByteStream, FlowControl, PortError, SerialSettings, SerialStream, TcpByteStream};

/// How long a device on the network may take to accept a connection.
const CONNECTING: Duration = Duration::from_secs(3);

/// Opens a connection to a device each time it is called.
pub type Opener = Box<dyn FnMut() -> Result<Box<dyn ByteStream>, PortError> + Send>;

/// What opens a port: a serial device, or `tcp:HOST:PORT`.
pub fn opener(port: &Path, baud: u32, flow: FlowControl) -> Opener {
    if let Some(address) = port.to_str().and_then(|port| port.strip_prefix("tcp:")) {
        let address = address.to_owned();
        return Box::new(move || Ok(Box::new(open_network(&address)?)));
    }
    let settings = SerialSettings {
        path: port.to_owned(),
        baud,
        flow,
    };
    Box::new(move || Ok(Box::new(SerialStream::open(&settings)?)))
}

fn open_network(address: &str) -> Result<TcpByteStream, PortError> {
    let found = address
        .to_socket_addrs()
        .map_err(|error| PortError::Missing(error.to_string()))?
        .next()
        .ok_or_else(|| PortError::Missing("the name has no address".into()))?;
    TcpByteStream::connect(found, CONNECTING)
}
