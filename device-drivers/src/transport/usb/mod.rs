//! USB devices through libusb: found by number, claimed, spoken to with deadlines.

mod address;
mod buffer;
mod bus;
mod interface;
mod pipes;
mod stream;

#[cfg(test)]
pub(crate) mod fake;

pub use address::{UsbAddress, UsbId, Which};
pub(crate) use buffer::PacketBuffer;
pub use interface::{UsbInterface, printer_device_id};
pub use pipes::{Pipe, PipeKind, UsbPipes};
pub use stream::UsbStream;
