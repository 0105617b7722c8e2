//! One page as pixels: A4, 8-bit grey. Wiped from memory when dropped.

use std::fmt;

use image::imageops::{FilterType, resize};
use image::{GrayImage, RgbaImage};
use zeroize::Zeroizing;

use crate::receipt::{Bitmap, SHEET_DPI, SHEET_HEIGHT, SHEET_WIDTH};

/// A page, white where nothing is.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    width: u32,
    height: u32,
    dpi: u32,
    grey: Zeroizing<Vec<u8>>,
}

impl Page {
    /// A sheet as [`crate::receipt::sheets`] draws it.
    pub fn of_sheet(sheet: &Bitmap) -> Self {
        let (width, height) = (sheet.width(), sheet.height());
        let mut grey = Zeroizing::new(Vec::with_capacity((width * height) as usize));
        for row in sheet.rows() {
            let dots = row
                .iter()
                .flat_map(|byte| (0..8).map(move |bit| byte & (0x80 >> bit) != 0));
            grey.extend(
                dots.take(width as usize)
                    .map(|black| if black { 0 } else { 255 }),
            );
        }
        Self {
            width,
            height,
            dpi: SHEET_DPI,
            grey,
        }
    }

    /// A picture in the middle of an A4 sheet, as large as it fits, on white.
    pub fn of_picture(picture: &RgbaImage) -> Self {
        let (wide, high) = (picture.width().max(1), picture.height().max(1));
        let scale = (SHEET_WIDTH as f32 / wide as f32).min(SHEET_HEIGHT as f32 / high as f32);
        let inner = (
            ((wide as f32 * scale) as u32).clamp(1, SHEET_WIDTH),
            ((high as f32 * scale) as u32).clamp(1, SHEET_HEIGHT),
        );
        let scaled = if inner == (wide, high) {
            picture.clone()
        } else {
            resize(picture, inner.0, inner.1, FilterType::Triangle)
        };
        let (left, top) = ((SHEET_WIDTH - inner.0) / 2, (SHEET_HEIGHT - inner.1) / 2);
        let mut grey = Zeroizing::new(vec![255; (SHEET_WIDTH * SHEET_HEIGHT) as usize]);
        for (x, y, pixel) in scaled.enumerate_pixels() {
            let at = ((y + top) * SHEET_WIDTH + x + left) as usize;
            grey[at] = luma(pixel.0);
        }
        Self {
            width: SHEET_WIDTH,
            height: SHEET_HEIGHT,
            dpi: SHEET_DPI,
            grey,
        }
    }

    /// Any pixels, `width` across.
    #[cfg(test)]
    pub(super) fn of_rows(width: u32, grey: &[u8]) -> Self {
        Self {
            width,
            height: grey.len() as u32 / width,
            dpi: SHEET_DPI,
            grey: Zeroizing::new(grey.to_vec()),
        }
    }

    /// The same page for a printer with another resolution, in dots per inch.
    pub fn at(&self, dpi: u32) -> Self {
        let scaled = |side: u32| (u64::from(side) * u64::from(dpi) / u64::from(self.dpi)) as u32;
        if dpi == self.dpi {
            return self.clone();
        }
        let (width, height) = (scaled(self.width).max(1), scaled(self.height).max(1));
        let picture = GrayImage::from_raw(self.width, self.height, self.grey.to_vec());
        let picture = picture.unwrap_or_else(|| GrayImage::new(1, 1));
        Self {
            width,
            height,
            dpi,
            grey: Zeroizing::new(resize(&picture, width, height, FilterType::Triangle).into_raw()),
        }
    }

    /// Pixels across.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels along.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Pixels per inch, the same across and along.
    pub fn dpi(&self) -> u32 {
        self.dpi
    }

    /// The rows from top to bottom, a byte a pixel: 0 is black, 255 is white.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.grey.chunks_exact(self.width.max(1) as usize)
    }

    /// All rows as one.
    pub(super) fn grey(&self) -> &[u8] {
        &self.grey
    }
}

/// How bright a pixel is on white paper (ITU-R BT.601, in 256ths).
fn luma([red, green, blue, alpha]: [u8; 4]) -> u8 {
    let bright = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
    let alpha = u32::from(alpha);
    ((bright / 256 * alpha + 255 * (255 - alpha)) / 255) as u8
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Page({}×{} at {} dpi)",
            self.width, self.height, self.dpi
        )
    }
}
