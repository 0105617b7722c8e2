//! 朗读: what stands on the screen, said aloud by an installed program, a sentence at a time.
//!
//! Texts reach the program on its standard input only: command lines can be read by every account.

mod engine;
mod number;
mod prepare;
mod speaker;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use engine::{Engine, Machine, Unavailable};
pub use prepare::{Sentence, sentences};
pub use speaker::{Reading, Speaker};
