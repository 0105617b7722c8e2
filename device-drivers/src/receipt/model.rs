//! What a receipt says, block by block, before anyone knows how wide the paper is.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Bitmap;

/// A receipt from top to bottom. Wiped from memory when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// What is on it, in reading order.
    pub blocks: Vec<Block>,
}

/// One thing on a receipt, as wide as the paper. Line feeds in texts begin a new line.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum Block {
    /// The largest text, bold and centred: what this paper is.
    Title(String),
    /// A bold line that begins a part.
    Heading(String),
    /// Ordinary text.
    Text(String),
    /// Fine print. Still large enough for old eyes: never for what a person must act on.
    Small(String),
    /// Large white letters on black: what must not be overlooked, such as 本机暂存，尚未受理.
    Banner(String),
    /// A name and its value side by side.
    Row {
        /// What the value is, e.g. 申请人.
        label: String,
        /// The value, in bold.
        value: String,
        /// Where the value stands.
        align: ValueAlign,
    },
    /// A line across the paper.
    Rule(RuleStyle),
    /// Empty paper, in millimetres.
    Space(u8),
    /// A QR code (error correction M), centred, with its quiet zone.
    Qr {
        /// What the code says.
        data: String,
        /// How large it is to be.
        size: QrSize,
    },
    /// A picture, centred, one dot of it one dot on paper.
    Image(#[zeroize(skip)] Bitmap),
}

/// Where the values of [`Block::Row`] stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Zeroize)]
pub enum ValueAlign {
    /// At the right edge: amounts, dates, short codes.
    #[default]
    Right,
    /// In a column that neighbouring rows share: names, addresses.
    Left,
}

/// How a [`Block::Rule`] looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Zeroize)]
pub enum RuleStyle {
    /// Unbroken: between parts.
    #[default]
    Solid,
    /// Broken: where to tear, or between lesser parts.
    Dashed,
}

/// The size that a QR code comes nearest to without exceeding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Zeroize)]
pub enum QrSize {
    /// About 22 mm.
    Small,
    /// About 30 mm: what a phone reads at arm's length.
    #[default]
    Medium,
    /// About 40 mm: for reading through a counter's glass.
    Large,
}

impl QrSize {
    /// Side in millimetres, quiet zone included.
    pub(super) fn millimetres(self) -> f32 {
        match self {
            Self::Small => 22.0,
            Self::Medium => 30.0,
            Self::Large => 40.0,
        }
    }
}

impl Block {
    /// A row whose value stands at the right edge.
    pub fn row(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Row {
            label: label.into(),
            value: value.into(),
            align: ValueAlign::Right,
        }
    }

    /// A row whose value stands in the shared column.
    pub fn field(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Row {
            label: label.into(),
            value: value.into(),
            align: ValueAlign::Left,
        }
    }
}

// What is on a receipt is somebody's business: logs show its shape only.
impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.blocks).finish()
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Title(_) => "Title",
            Self::Heading(_) => "Heading",
            Self::Text(_) => "Text",
            Self::Small(_) => "Small",
            Self::Banner(_) => "Banner",
            Self::Row { .. } => "Row",
            Self::Rule(_) => "Rule",
            Self::Space(_) => "Space",
            Self::Qr { .. } => "Qr",
            Self::Image(_) => "Image",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_holds_nothing_of_what_is_printed() {
        let receipt = Receipt {
            blocks: vec![Block::row("申请人", "测试人"), Block::Text("测试人".into())],
        };
        assert_eq!(format!("{receipt:?}"), "[Row, Text]");
    }
}
