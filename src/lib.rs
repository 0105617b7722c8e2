//! 近办: the self-service terminal of a village service room.

pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod filing;
pub mod platform;
pub mod session;
pub mod vault;
