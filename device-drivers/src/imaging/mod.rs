//! Pictures of papers: found in what a camera sees, straightened, judged, made small enough to send.
//!
//! Pure functions over pixels; nothing here opens a device or a file. Pixels are somebody's papers:
//! every picture that this module holds is wiped when dropped.

mod edge;
mod encode;
mod flaw;
mod ink;
mod light;
mod likeness;
mod outline;
mod pixels;
mod prepare;
mod quad;
mod sharpness;
mod skew;
mod straighten;

pub use encode::{EncodedPage, encode_within};
pub use flaw::PageFlaw;
pub use likeness::Likeness;
pub use outline::{Outline, find_page};
pub use pixels::{Page, PageError, Wiped};
pub use prepare::{Lens, PreparedPage, prepare};
pub use quad::{Point, Quad};
pub use sharpness::sharpness;
pub use skew::skew;
pub use straighten::straighten;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
