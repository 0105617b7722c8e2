//! A page cut into what a screen shows at once: whole where it can be read so, else in strips as wide as the screen.

use image::RgbaImage;
use image::imageops::crop_imm;

use super::{Paper, PaperError};

/// How much smaller than the width allows a page may become before it is cut into strips instead.
const MOST_SHRINKING: f32 = 1.35;

/// Share of a strip that the next one repeats, so that no line is lost between the two.
const OVERLAP: f32 = 0.06;

/// What is shown of a page.
#[derive(Clone, Debug)]
pub struct Cut {
    /// The pixels.
    pub picture: RgbaImage,
    /// Which strip it is, from 0.
    pub part: usize,
    /// How many there are, at least 1.
    pub parts: usize,
}

impl Paper {
    /// Strip `part` of page `page` (both from 0, the last one where there are fewer) for a room of `width` by
    /// `height` pixels.
    ///
    /// # Errors
    /// [`PaperError`], as [`Paper::draw`].
    pub fn cut(
        &self,
        page: usize,
        part: usize,
        width: u32,
        height: u32,
    ) -> Result<Cut, PaperError> {
        let wide = self.draw(page, width, u32::MAX)?;
        let room = height.max(1);
        if wide.height() as f32 <= room as f32 * MOST_SHRINKING {
            let picture = if wide.height() <= room {
                wide
            } else {
                self.draw(page, width, room)?
            };
            return Ok(Cut {
                picture,
                part: 0,
                parts: 1,
            });
        }
        let step = ((room as f32 * (1.0 - OVERLAP)) as u32).max(1);
        let parts = 1 + (wide.height() - room).div_ceil(step) as usize;
        let part = part.min(parts - 1);
        // The last strip is as high as the others: what it repeats is no harm.
        let top = (part as u32 * step).min(wide.height() - room);
        Ok(Cut {
            picture: crop_imm(&wide, 0, top, wide.width(), room).to_image(),
            part,
            parts,
        })
    }
}
