//! The papers that things are laid out on, and sizes on them.

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
}

/// What the layout knows of a paper: how wide it is, and how fine its dots are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Medium {
    /// Dots side by side.
    pub dots: u32,
    /// Dots in a millimetre, the same across and along.
    pub dots_per_mm: f32,
}

impl Medium {
    /// A length in whole dots.
    pub fn dots_in(self, millimetres: f32) -> u32 {
        (millimetres * self.dots_per_mm).round() as u32
    }
}

impl From<PaperWidth> for Medium {
    fn from(paper: PaperWidth) -> Self {
        Self {
            dots: paper.dots(),
            dots_per_mm: paper.dots_per_mm(),
        }
    }
}
