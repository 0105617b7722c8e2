//! A scanned page looked at and made small: blank or tiny ones found, pictures for sending and for
//! the screen.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ExtendedColorType, ImageReader, Limits, RgbImage};
use zeroize::{Zeroize, Zeroizing};

/// Longest side of a page that is sent, in pixels: 170 dpi on A4, where small print is legible.
const LONGEST_SIDE: u32 = 2000;
/// Qualities tried from the best; below the last a page is made smaller instead.
const QUALITIES: [u8; 3] = [85, 65, 45];
/// A page with fewer pixels on its shorter side than this holds no legible document.
const SHORTEST_SIDE: u32 = 200;
/// Share of dark pixels below which a page counts as blank: less than one short line of print.
const LEAST_INK: f64 = 0.000_5;
/// Memory that decoding one page may take.
const DECODING: u64 = 512 << 20;

/// Something about a page that the person should be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFlaw {
    /// There is almost nothing on it: perhaps the wrong way up.
    Blank,
    /// It is too small to read.
    TooSmall,
}

/// A picture cannot be read or made.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// These bytes are no picture that we know, or one that is too large.
    #[error("the page cannot be read ({0})")]
    Unreadable(String),
    /// Even the smallest picture is larger than allowed.
    #[error("the page cannot be made smaller than {bytes} bytes")]
    TooLarge {
        /// The smallest that was reached.
        bytes: usize,
    },
}

/// A page ready for sending. Wiped from memory when dropped.
pub struct EncodedPage {
    /// The picture as JPEG.
    pub jpeg: Zeroizing<Vec<u8>>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl std::fmt::Debug for EncodedPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EncodedPage({}×{})", self.width, self.height)
    }
}

/// Finds the flaw of a page, if it has one. Takes PNG or JPEG.
///
/// # Errors
/// The bytes are no picture.
pub fn inspect(picture: &[u8]) -> Result<Option<PageFlaw>, PageError> {
    let page = Pixels::read(picture)?;
    let (width, height) = page.0.dimensions();
    if width.min(height) < SHORTEST_SIDE {
        return Ok(Some(PageFlaw::TooSmall));
    }
    Ok((ink(&page.0) < LEAST_INK).then_some(PageFlaw::Blank))
}

/// Makes a JPEG of at most `bytes` (500 000 is usual), no side longer than 2,000 pixels, as good
/// as fits. Takes PNG or JPEG.
///
/// # Errors
/// The bytes are no picture, or `bytes` is absurdly little.
pub fn encode_within(picture: &[u8], bytes: usize) -> Result<EncodedPage, PageError> {
    let whole = Pixels::read(picture)?;
    let mut smallest = usize::MAX;
    for side in [LONGEST_SIDE, LONGEST_SIDE * 3 / 4, LONGEST_SIDE / 2] {
        let page = whole.within(side);
        for quality in QUALITIES {
            let jpeg = page.jpeg(quality)?;
            smallest = smallest.min(jpeg.len());
            if jpeg.len() <= bytes {
                let (width, height) = page.0.dimensions();
                return Ok(EncodedPage {
                    jpeg,
                    width,
                    height,
                });
            }
        }
    }
    Err(PageError::TooLarge { bytes: smallest })
}

/// A small JPEG for the screen, no side longer than `side` pixels. Takes PNG or JPEG.
///
/// # Errors
/// The bytes are no picture.
pub fn thumbnail(picture: &[u8], side: u32) -> Result<EncodedPage, PageError> {
    let page = Pixels::read(picture)?.within(side.max(1));
    let (width, height) = page.0.dimensions();
    Ok(EncodedPage {
        jpeg: page.jpeg(80)?,
        width,
        height,
    })
}

/// Share of pixels that are clearly darker than the paper, away from the edges, where lids and
/// rollers cast shadows.
fn ink(page: &RgbImage) -> f64 {
    let (width, height) = page.dimensions();
    let (left, top) = (width / 20, height / 20);
    let mut histogram = [0u64; 256];
    for (x, y, pixel) in page.enumerate_pixels() {
        if (left..width - left).contains(&x) && (top..height - top).contains(&y) {
            let [r, g, b] = pixel.0.map(u32::from);
            histogram[((r * 299 + g * 587 + b * 114) / 1000) as usize] += 1;
        }
    }
    let all: u64 = histogram.iter().sum();
    // The paper is what most of the page is, within the lighter half of what there is.
    let paper = (128..256).max_by_key(|&v| histogram[v]).unwrap_or(255);
    let dark: u64 = histogram[..paper.saturating_sub(48)].iter().sum();
    dark as f64 / all.max(1) as f64
}

/// Pixels of somebody's paper, wiped when dropped.
struct Pixels(RgbImage);

impl Pixels {
    fn read(picture: &[u8]) -> Result<Self, PageError> {
        let unreadable = |error: &dyn std::fmt::Display| PageError::Unreadable(error.to_string());
        let mut reader = ImageReader::new(Cursor::new(picture))
            .with_guessed_format()
            .map_err(|e| unreadable(&e))?;
        let mut limits = Limits::default();
        limits.max_alloc = Some(DECODING);
        reader.limits(limits);
        let page = reader.decode().map_err(|e| unreadable(&e))?;
        Ok(Self(page.into_rgb8()))
    }

    /// The same picture with no side longer than this.
    fn within(&self, side: u32) -> Self {
        let (width, height) = self.0.dimensions();
        let longest = width.max(height);
        if longest <= side {
            return Self(self.0.clone());
        }
        let scaled = |v: u32| (u64::from(v) * u64::from(side) / u64::from(longest)).max(1) as u32;
        // Averages whole areas: thin strokes get paler but do not vanish.
        let (width, height) = (scaled(width), scaled(height));
        let whole = DynamicImage::ImageRgb8(self.0.clone());
        let part = whole.resize_exact(width, height, FilterType::Triangle);
        drop(Self(whole.into_rgb8()));
        Self(part.into_rgb8())
    }

    fn jpeg(&self, quality: u8) -> Result<Zeroizing<Vec<u8>>, PageError> {
        let (width, height) = self.0.dimensions();
        // More than any JPEG of these pixels takes, so that the buffer is never outgrown unwiped.
        let mut jpeg = Zeroizing::new(Vec::with_capacity(self.0.len() / 2 + 4096));
        JpegEncoder::new_with_quality(&mut *jpeg, quality)
            .encode(&self.0, width, height, ExtendedColorType::Rgb8)
            .map_err(|error| PageError::Unreadable(error.to_string()))?;
        Ok(jpeg)
    }
}

impl Drop for Pixels {
    fn drop(&mut self) {
        (*self.0).zeroize();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn png(page: RgbImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(page)
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    }

    /// Grey paper with a shadow at one edge and a line of print.
    fn page(width: u32, height: u32, print: bool) -> Vec<u8> {
        png(RgbImage::from_fn(width, height, |x, y| {
            let noise = ((x * 7919 + y * 104_729) % 13) as u8;
            let shadow = x < width / 40;
            let line = print && (height / 2..height / 2 + 20).contains(&y) && x % 9 < 3;
            image::Rgb([if shadow || line { 40 } else { 225 + noise }; 3])
        }))
    }

    #[test]
    fn shadows_and_the_colour_of_the_paper_are_not_ink() {
        let blank = page(1200, 1700, false);
        assert_eq!(inspect(&blank).unwrap(), Some(PageFlaw::Blank));
        assert_eq!(inspect(&page(1200, 1700, true)).unwrap(), None);
    }

    #[test]
    fn a_scrap_is_too_small_and_rubbish_is_no_page() {
        let scrap = page(150, 900, true);
        assert_eq!(inspect(&scrap).unwrap(), Some(PageFlaw::TooSmall));
        assert!(inspect(b"not a picture").is_err());
        assert!(inspect(&scrap[..scrap.len() / 2]).is_err());
    }

    #[test]
    fn a_noisy_page_still_fits_the_budget() {
        let mut state = 1u32;
        let noise = png(RgbImage::from_fn(700, 2100, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgb(state.to_le_bytes()[1..].try_into().unwrap())
        }));
        let page = encode_within(&noise, 120_000).unwrap();
        assert!(page.jpeg.len() <= 120_000);
        assert!(page.width.max(page.height) <= LONGEST_SIDE);
        let back = image::load_from_memory(&page.jpeg).unwrap();
        assert_eq!((back.width(), back.height()), (page.width, page.height));
    }

    #[test]
    fn an_ordinary_page_keeps_its_size_and_shape() {
        let sent = encode_within(&page(1240, 1754, true), 500_000).unwrap();
        assert_eq!((sent.width, sent.height), (1240, 1754));
        let seen = thumbnail(&sent.jpeg, 300).unwrap();
        assert_eq!((seen.width, seen.height), (212, 300));
    }

    #[test]
    fn an_impossible_budget_is_refused() {
        let refused = encode_within(&page(1240, 1754, true), 100);
        assert!(matches!(refused, Err(PageError::TooLarge { .. })));
    }
}
