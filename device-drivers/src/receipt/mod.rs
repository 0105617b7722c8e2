//! Receipts are drawn, not typed: blocks of text become one 1-bit picture of the paper.
//!
//! The picture is previewed on the screen, sent to any printer as raster, or saved. What a
//! printer's built-in font lacks (rare characters in names, above all) therefore always prints,
//! and what the bundled fonts lack is reported before anything is printed.

mod bitmap;
mod code;
mod compose;
mod flow;
mod font;
mod layout;
mod model;
mod paper;
mod sheet;
mod styles;

pub use bitmap::Bitmap;
pub use font::FontSet;
pub use layout::{LayoutError, layout};
pub use model::{Block, QrSize, Receipt, RuleStyle, ValueAlign};
pub use paper::PaperWidth;
pub use sheet::{SHEET_DPI, SHEET_HEIGHT, SHEET_WIDTH, sheets};
