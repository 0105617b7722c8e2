//! How bytes get to a device and back, every wait bounded by a deadline.

mod address;
mod error;
mod keyboard;
mod opener;
mod serial;
mod stream;
mod tcp;

pub mod scripted;
pub mod usb;

pub use address::{Address, Keyboard};
pub use error::PortError;
pub use keyboard::KeyboardStream;
pub use opener::{Opener, opener};
pub use serial::{FlowControl, SerialSettings, SerialStream};
pub use stream::ByteStream;
pub use tcp::TcpByteStream;
