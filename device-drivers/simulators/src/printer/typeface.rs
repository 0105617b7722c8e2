//! The shapes of characters in text mode: from a font file, or boxes that stand for them.

use std::io;
use std::path::Path;

use ab_glyph::{Font, FontVec, ScaleFont, point};

use super::dots::Dots;

/// Where characters get their shapes from.
pub struct Typeface {
    font: Option<FontVec>,
}

impl Typeface {
    /// Boxes for all characters.
    pub fn boxes() -> Self {
        Self { font: None }
    }

    /// The shapes of a TrueType or OpenType file.
    ///
    /// # Errors
    /// When the file cannot be read or is no font.
    pub fn load(file: &Path) -> io::Result<Self> {
        let font = FontVec::try_from_vec(std::fs::read(file)?).map_err(io::Error::other)?;
        Ok(Self { font: Some(font) })
    }

    /// The character in a cell of `width` by `height` dots.
    pub fn draw(&self, character: char, width: usize, height: usize) -> Dots {
        let mut cell = Dots::white(width, height);
        if character == ' ' {
            return cell;
        }
        let drawn = self
            .font
            .as_ref()
            .is_some_and(|font| outline(font, character, &mut cell));
        if !drawn {
            outline_box(&mut cell);
        }
        cell
    }
}

fn outline(font: &FontVec, character: char, cell: &mut Dots) -> bool {
    let glyph = font.glyph_id(character);
    if glyph.0 == 0 {
        return false;
    }
    let (width, height) = (cell.width(), cell.height());
    // One em fills the cell; the base line lies where Chinese fonts have it.
    let em = font.units_per_em().unwrap_or(1000.0);
    let scale = height as f32 * font.height_unscaled() / em;
    let left = (width as f32 - font.as_scaled(scale).h_advance(glyph)).max(0.0) / 2.0;
    let placed = glyph.with_scale_and_position(scale, point(left, height as f32 * 0.88));
    if let Some(shape) = font.outline_glyph(placed) {
        let corner = shape.px_bounds().min;
        shape.draw(|x, y, coverage| {
            let (x, y) = (
                corner.x as i64 + i64::from(x),
                corner.y as i64 + i64::from(y),
            );
            if coverage > 0.5
                && let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
            {
                cell.blacken(x, y);
            }
        });
    }
    true
}

fn outline_box(cell: &mut Dots) {
    let (right, bottom) = (
        cell.width().saturating_sub(3),
        cell.height().saturating_sub(4),
    );
    for x in 2..=right {
        cell.blacken(x, 3);
        cell.blacken(x, bottom);
    }
    for y in 3..=bottom {
        cell.blacken(2, y);
        cell.blacken(right, y);
    }
}
