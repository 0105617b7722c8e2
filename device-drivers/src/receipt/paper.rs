//! The widths of paper that receipt printers take, and sizes on them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many dots a printer puts side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperWidth {
    /// 58 mm paper at 203 dots per inch.
    Dots384,
    /// 80 mm paper at 180 dots per inch.
    Dots512,
    /// 80 mm paper at 203 dots per inch.
    #[default]
    Dots576,
}

impl PaperWidth {
    /// Dots side by side.
    pub fn dots(self) -> u32 {
        match self {
            Self::Dots384 => 384,
            Self::Dots512 => 512,
            Self::Dots576 => 576,
        }
    }

    /// Bytes of one row of a raster.
    pub fn bytes(self) -> usize {
        self.dots() as usize / 8
    }

    /// Dots in a millimetre, the same across and along the paper.
    pub fn dots_per_mm(self) -> f32 {
        match self {
            Self::Dots384 | Self::Dots576 => 203.0 / 25.4,
            Self::Dots512 => 180.0 / 25.4,
        }
    }

    /// A length in whole dots.
    pub(super) fn dots_in(self, millimetres: f32) -> u32 {
        (millimetres * self.dots_per_mm()).round() as u32
    }
}
