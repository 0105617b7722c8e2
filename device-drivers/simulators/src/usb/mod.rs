//! A USB device as a program: it plugs itself into the kernel's virtual host controller (`vhci-hcd`)
//! over USB/IP and behaves towards the host as a device on a cable does. A request for input that
//! it has nothing for is left waiting, as a device answers NAK.

mod descriptor;
mod host;
mod serve;
mod wire;

pub use descriptor::{Endpoint, Identity, Kind};
pub use host::{Cable, Host};
pub use serve::serve;

use std::time::Instant;

/// What a device does with what it is sent.
pub trait Function {
    /// Who it is.
    fn identity(&self) -> &Identity;

    /// The host has sent these bytes to this endpoint.
    fn take(&mut self, endpoint: u8, bytes: &[u8], now: Instant);

    /// The next packet for the host on this endpoint, if there is one by now. No longer than the
    /// endpoint's packets.
    fn give(&mut self, endpoint: u8, now: Instant) -> Option<Vec<u8>>;
}
