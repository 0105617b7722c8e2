//! What a published file looks like: opened once, drawn page by page as pixels. Touches no disk and no network.
//!
//! Published are blank forms, samples of results, notices and laws, in whatever shape an office has them: PDF mostly,
//! pictures, drawings. What a file is, is told by its first bytes; what it claims to be is not relied on.

mod cut;
mod fonts;
mod pdf;
mod picture;
mod svg;

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::RgbaImage;

pub use cut::Cut;

/// Pages beyond this many are not offered: nobody turns them on a panel, and the window has the whole file.
pub const MOST_PAGES: usize = 60;

/// Pixels along the longer side of the largest page that is drawn: A4 at 300 dpi.
const MOST_PIXELS: u32 = 3508;

/// Why a file cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// A kind of file that is not drawn here, for example one of a word processor.
    #[error("not a kind of file that can be shown here")]
    Unknown,
    /// It begins like a known kind, and then makes no sense.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// There is no such page.
    #[error("there is no page {0}")]
    NoSuchPage(usize),
}

fn damaged(why: impl std::fmt::Display) -> PaperError {
    PaperError::Damaged(why.to_string())
}

/// A file that was opened.
pub struct Paper(Kind);

enum Kind {
    Pdf(pdf::Pages),
    Svg(Box<svg::Drawing>),
    Picture(Box<RgbaImage>),
}

impl std::fmt::Debug for Paper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Paper")
            .field("pages", &self.pages())
            .finish_non_exhaustive()
    }
}

impl Paper {
    /// Opens a file.
    ///
    /// # Errors
    /// [`PaperError`]; never panics, whatever the bytes are.
    pub fn open(content: Vec<u8>) -> Result<Self, PaperError> {
        guarded(|| {
            if pdf::begins(&content) {
                pdf::Pages::open(content).map(Kind::Pdf)
            } else if picture::begins(&content) {
                picture::open(&content).map(|picture| Kind::Picture(Box::new(picture)))
            } else if svg::begins(&content) {
                svg::Drawing::open(&content).map(|drawing| Kind::Svg(Box::new(drawing)))
            } else {
                Err(PaperError::Unknown)
            }
        })
        .map(Self)
    }

    /// How many pages there are to turn, at least 1 and at most [`MOST_PAGES`].
    pub fn pages(&self) -> usize {
        match &self.0 {
            Kind::Pdf(pages) => pages.count().clamp(1, MOST_PAGES),
            Kind::Svg(_) | Kind::Picture(_) => 1,
        }
    }

    /// Page `page` (from 0) on white, as large as fits into `width` by `height` pixels without losing its shape.
    ///
    /// # Errors
    /// [`PaperError`]; never panics, whatever the file contains.
    pub fn draw(&self, page: usize, width: u32, height: u32) -> Result<RgbaImage, PaperError> {
        if page >= self.pages() {
            return Err(PaperError::NoSuchPage(page));
        }
        let room = (width.clamp(1, MOST_PIXELS), height.clamp(1, MOST_PIXELS));
        guarded(|| match &self.0 {
            Kind::Pdf(pages) => pages.draw(page, room),
            Kind::Svg(drawing) => drawing.draw(room),
            Kind::Picture(picture) => Ok(picture::draw(picture, room)),
        })
    }
}

/// Readers of foreign files are large: a mistake in one of them costs one page, not the terminal.
fn guarded<T>(work: impl FnOnce() -> Result<T, PaperError>) -> Result<T, PaperError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(damaged("the reader of such files failed on it")))
}

/// How much larger a page of `size` is drawn to fit into `room`.
fn scale(size: (f32, f32), room: (u32, u32)) -> f32 {
    let (width, height) = (size.0.max(1.0), size.1.max(1.0));
    (room.0 as f32 / width).min(room.1 as f32 / height)
}
