//! How bytes get to a device and back, every wait bounded by a deadline.

mod error;
mod opener;
mod serial;
mod stream;
mod tcp;

pub mod scripted;

pub use error::PortError;
pub use opener::{Opener, opener};
pub use serial::{FlowControl, SerialSettings, SerialStream};
pub use stream::ByteStream;
pub use tcp::TcpByteStream;
