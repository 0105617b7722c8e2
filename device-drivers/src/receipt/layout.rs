//! From blocks to dots: measures every block, then draws them onto paper of exactly that length.

use std::fmt;

use zeroize::Zeroizing;

use super::compose::{Composer, Item};
use super::font::{BadFont, Fonts};
use super::styles::Styles;
use super::{Bitmap, Block, FontSet, PaperWidth, Receipt};

/// Two metres of paper. Nobody is handed more; a longer receipt is a mistake.
const LONGEST: u32 = 16_000;

/// Why a receipt cannot be drawn. Nothing has been printed then.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// These characters, each once, are in none of the fonts.
    #[error("{} characters are in none of the fonts", .0.len())]
    MissingGlyphs(Vec<char>),
    /// A font file of the set cannot be read.
    #[error("the {0} font cannot be read")]
    BadFont(&'static str),
    /// What a QR code is to say is too long to be read from paper of this width.
    #[error("the text of a code is too long for the paper")]
    CodeTooLong,
    /// A picture is wider than the paper.
    #[error("a picture of {width} dots is wider than the paper")]
    PictureTooWide {
        /// Dots across the picture.
        width: u32,
    },
    /// The whole would be longer than two metres.
    #[error("the receipt would be {dots} dots long")]
    TooLong {
        /// Dots along the paper.
        dots: u32,
    },
}

// Missing characters mostly come from somebody's name.
impl fmt::Debug for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<BadFont> for LayoutError {
    fn from(bad: BadFont) -> Self {
        Self::BadFont(bad.0)
    }
}

/// Draws a receipt as wide as the paper. The same input always gives the same dots.
///
/// # Errors
/// See [`LayoutError`]. Missing characters are found before anything else, and all of them.
pub fn layout(
    receipt: &Receipt,
    fonts: &FontSet<'_>,
    paper: PaperWidth,
) -> Result<Bitmap, LayoutError> {
    let mut fonts = Fonts::open(fonts)?;
    refuse_missing(receipt, &mut fonts)?;

    let mut composer = Composer::new(&mut fonts, paper.into(), Styles::of(paper));
    composer.receipt(receipt)?;
    let (items, height) = composer.finish();
    if height > LONGEST {
        return Err(LayoutError::TooLong { dots: height });
    }

    let mut picture = Bitmap::new(paper.dots(), height);
    for item in &items {
        draw(item, &mut fonts, &mut picture, (0, 0));
    }
    Ok(picture)
}

pub(super) fn refuse_missing(receipt: &Receipt, fonts: &mut Fonts<'_>) -> Result<(), LayoutError> {
    let mut missing = Vec::new();
    for text in receipt.blocks.iter().flat_map(texts) {
        for c in text.chars().filter(|&c| c != '\n' && c != '\r') {
            if !fonts.has(c) && !missing.contains(&c) {
                missing.push(c);
            }
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(LayoutError::MissingGlyphs(missing))
    }
}

fn texts(block: &Block) -> impl Iterator<Item = &str> {
    let (first, second) = match block {
        Block::Title(t)
        | Block::Heading(t)
        | Block::Text(t)
        | Block::Small(t)
        | Block::Banner(t) => (Some(t), None),
        Block::Row { label, value, .. } => (Some(label), Some(value)),
        // What a QR code says is not set in type.
        Block::Rule(_) | Block::Space(_) | Block::Qr { .. } | Block::Image(_) => (None, None),
    };
    first.into_iter().chain(second).map(String::as_str)
}

/// Draws `item` moved right and down by `by` dots.
pub(super) fn draw(item: &Item, fonts: &mut Fonts<'_>, picture: &mut Bitmap, by: (i32, i32)) {
    match item {
        Item::Fill {
            x,
            y,
            width,
            height,
        } => picture.fill(
            x.saturating_add_signed(by.0),
            y.saturating_add_signed(by.1),
            *width,
            *height,
        ),
        Item::Picture {
            picture: part,
            x,
            y,
        } => {
            picture.stamp(part, x.cast_signed() + by.0, y.cast_signed() + by.1, true);
        }
        Item::Line {
            text,
            style,
            x,
            top,
            ink,
        } => {
            let text: &Zeroizing<String> = text;
            // The em square stands in the middle of the line; 0.88 of it is above the baseline,
            // as in every font of the Source Han family.
            let em = style.em as f32;
            let lead = (style.line_height() as f32 - em) / 2.0;
            let baseline = (*top as f32 + lead + 0.88 * em).round() as i32 + by.1;
            let mut pen = x.cast_signed() + by.0;
            for c in text.chars() {
                if let Some(glyph) = fonts.draw(c, *style) {
                    picture.stamp(&glyph.picture, pen + glyph.left, baseline + glyph.top, *ink);
                }
                pen += fonts.advance(c, *style).cast_signed();
            }
        }
    }
}

#[cfg(test)]
mod tests;
