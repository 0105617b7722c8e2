//! How a person writes: an on-screen keyboard, and fields that own their text.

pub mod date;
pub mod field;
pub mod keyboard;

pub use keyboard::{Keyboard, Output, Pad};
