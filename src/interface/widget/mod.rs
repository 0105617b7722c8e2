//! Pieces that several screens are made of.

pub mod basics;
pub mod own_place;
pub mod paged;
pub mod rows;
pub mod signature;

pub use basics::*;
pub use paged::{CHAPTER, Chapters, Joint, Paged, Turn, paged, paged_blocks};
pub use rows::titled_rows;
