//! 近办: the self-service terminal of a village service room.

pub mod filing;
pub mod vault;
