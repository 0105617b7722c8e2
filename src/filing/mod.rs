//! Filing: from the first answer to the platform's receipt. Nothing lost, nothing twice, nothing readable afterwards.

pub mod draft;
pub mod local_number;
pub mod state;

#[cfg(test)]
pub(crate) mod testing;

pub use draft::Draft;
