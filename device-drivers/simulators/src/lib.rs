//! Devices as separate programs: each speaks its real wire protocol on a pseudo-terminal, or on a
//! USB plug of the kernel's virtual host controller, or to a virtual PC/SC reader.
//!
//! Nothing here is shared with the drivers: encoders and parsers were written a second time
//! from the protocol documents, so that a misunderstanding on one side shows on the other.

pub mod barcode;
pub mod control;
pub mod id_card;
pub mod lifetime;
pub mod pacing;
pub mod plug;
pub mod printer;
pub mod pty;
pub mod social_card;
pub mod usb;
