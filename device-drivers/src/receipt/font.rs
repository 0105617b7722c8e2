//! The fonts of a receipt: which one has a character, how wide it is, which dots it blackens.

use std::collections::HashMap;

use ab_glyph::{Font, FontRef, Glyph, GlyphId, PxScale, ScaleFont, point};

use super::Bitmap;

/// The font files that receipts are set in, handed in by whoever bundles them.
#[derive(Clone, Copy)]
pub struct FontSet<'a> {
    /// For text.
    pub regular: &'a [u8],
    /// For titles, headings and values.
    pub bold: &'a [u8],
    /// For characters that the other two lack, such as rare ones in names; loaded when needed.
    pub rare: Option<&'a [u8]>,
}

/// How heavy text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Text of one size and weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Style {
    pub weight: Weight,
    /// Side of a Chinese character, in dots.
    pub em: u32,
}

impl Style {
    /// From one line to the next, in dots.
    pub fn line_height(self) -> u32 {
        self.em * 4 / 3
    }
}

/// A dot is black where the outline covers more than this share of it. A little under half, since
/// thin strokes would otherwise break at the smallest size.
const INK: f32 = 0.42;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    face: usize,
    id: GlyphId,
}

/// A drawn glyph and where its picture lies relative to the pen on the baseline.
pub(super) struct Drawn {
    pub picture: Bitmap,
    pub left: i32,
    pub top: i32,
}

/// Opened fonts, with every glyph drawn at most once per size.
pub(super) struct Fonts<'a> {
    faces: Vec<FontRef<'a>>,
    places: HashMap<(char, Weight), Option<Place>>,
    drawn: HashMap<(Place, u32), Option<Drawn>>,
}

/// A font file that is not a font; which one of the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("font {0} of the set cannot be read")]
pub(super) struct BadFont(pub &'static str);

impl<'a> Fonts<'a> {
    pub fn open(set: &FontSet<'a>) -> Result<Self, BadFont> {
        let open = |name, bytes| FontRef::try_from_slice(bytes).map_err(|_| BadFont(name));
        let mut faces = vec![open("regular", set.regular)?, open("bold", set.bold)?];
        if let Some(rare) = set.rare {
            faces.push(open("rare", rare)?);
        }
        Ok(Self {
            faces,
            places: HashMap::new(),
            drawn: HashMap::new(),
        })
    }

    /// Whether a character prints as something. White space counts, control characters do not.
    pub fn has(&mut self, c: char) -> bool {
        self.place(c, Weight::Regular).is_some()
    }

    /// How far the pen moves, in whole dots.
    pub fn advance(&mut self, c: char, style: Style) -> u32 {
        let Some(place) = self.place(c, style.weight) else {
            return 0;
        };
        let face = &self.faces[place.face];
        let font = face.as_scaled(scale(face, style.em));
        font.h_advance(place.id).round() as u32
    }

    /// Width of a line, in dots.
    pub fn width(&mut self, text: &str, style: Style) -> u32 {
        text.chars().map(|c| self.advance(c, style)).sum()
    }

    /// The picture of a character, or none for white space.
    pub fn draw(&mut self, c: char, style: Style) -> Option<&Drawn> {
        let place = self.place(c, style.weight)?;
        let face = &self.faces[place.face];
        self.drawn
            .entry((place, style.em))
            .or_insert_with(|| draw(face, place.id, style.em))
            .as_ref()
    }

    /// The face and glyph of a character: its own weight first, then any that has it.
    fn place(&mut self, c: char, weight: Weight) -> Option<Place> {
        let faces = &self.faces;
        *self.places.entry((c, weight)).or_insert_with(|| {
            if c.is_control() {
                return None;
            }
            let order: &[usize] = match weight {
                Weight::Regular => &[0, 1, 2],
                Weight::Bold => &[1, 0, 2],
            };
            order.iter().find_map(|&face| {
                let font = faces.get(face)?;
                let id = font.glyph_id(c);
                // An empty outline for something that ought to be seen is as bad as no glyph.
                let seen = c.is_whitespace() || font.outline(id).is_some();
                (id.0 != 0 && seen).then_some(Place { face, id })
            })
        })
    }
}

/// Our sizes are of the em square; `ab_glyph` scales by ascent minus descent.
fn scale(face: &FontRef<'_>, em: u32) -> PxScale {
    let units = face.units_per_em().unwrap_or(1000.0);
    PxScale::from(em as f32 * face.height_unscaled() / units)
}

fn draw(face: &FontRef<'_>, id: GlyphId, em: u32) -> Option<Drawn> {
    let glyph = Glyph {
        id,
        scale: scale(face, em),
        position: point(0.0, 0.0),
    };
    let outline = face.outline_glyph(glyph)?;
    let bounds = outline.px_bounds();
    let mut picture = Bitmap::new(bounds.width() as u32, bounds.height() as u32);
    outline.draw(|x, y, coverage| picture.set(x, y, coverage > INK));
    Some(Drawn {
        picture,
        left: bounds.min.x as i32,
        top: bounds.min.y as i32,
    })
}
