//! Pixels of somebody's paper, wiped when dropped.

use std::io::Cursor;
use std::ops::{Deref, DerefMut};

use image::imageops;
use image::{DynamicImage, ImageBuffer, ImageReader, Limits, Luma, Pixel, Rgb, RgbImage};
use zeroize::Zeroize;

/// Memory that decoding one page may take.
const DECODING: u64 = 512 << 20;

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

/// A picture, wiped from memory when dropped. Never empty.
pub struct Wiped<P: Pixel<Subpixel = u8>>(ImageBuffer<P, Vec<u8>>);

/// A page in colour.
pub type Page = Wiped<Rgb<u8>>;

/// A page in shades of grey.
pub(super) type Grey = Wiped<Luma<u8>>;

impl Page {
    /// Decodes a PNG or JPEG.
    ///
    /// # Errors
    /// The bytes are no such picture, or one of more than 512 MiB.
    pub fn decode(picture: &[u8]) -> Result<Self, PageError> {
        let unreadable = |error: &dyn std::fmt::Display| PageError::Unreadable(error.to_string());
        let mut reader = ImageReader::new(Cursor::new(picture))
            .with_guessed_format()
            .map_err(|e| unreadable(&e))?;
        let mut limits = Limits::default();
        limits.max_alloc = Some(DECODING);
        reader.limits(limits);
        match reader.decode().map_err(|e| unreadable(&e))? {
            DynamicImage::ImageRgb8(page) => Ok(Self(page)),
            // Another kind of pixels is copied, and must not stay behind unwiped.
            DynamicImage::ImageLuma8(page) => Ok(Self(
                DynamicImage::ImageLuma8(Wiped(page).0.clone()).into_rgb8(),
            )),
            other => Ok(Self(other.into_rgb8())),
        }
    }

    /// Takes pixels over, row by row, three bytes each. None if they do not fill the size.
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        (width > 0 && height > 0)
            .then(|| RgbImage::from_raw(width, height, rgb).map(Self))
            .flatten()
    }

    /// The same picture with no side longer than this, every pixel the mean of an area: thin
    /// strokes get paler but do not vanish.
    pub fn within(&self, side: u32) -> Self {
        let (width, height) = self.fitting(side);
        if (width, height) == self.dimensions() {
            return Self(self.0.clone());
        }
        Self(imageops::thumbnail(&self.0, width, height))
    }

    /// In shades of grey, with no side longer than this.
    pub(super) fn grey(&self, side: u32) -> Grey {
        let small = self.within(side);
        Wiped(ImageBuffer::from_fn(
            small.width(),
            small.height(),
            |x, y| {
                let [r, g, b] = small.get_pixel(x, y).0.map(u32::from);
                Luma([((r * 299 + g * 587 + b * 114) / 1000) as u8])
            },
        ))
    }

    /// In shades of grey, every pixel the mean of a square of `times` × `times`: places scale
    /// exactly, what does not fill a square at the right and lower rims is left out.
    pub(super) fn reduced(&self, times: u32) -> Grey {
        mean_of_squares(self, times, |pixel| {
            let [r, g, b] = pixel.0.map(u32::from);
            (r * 299 + g * 587 + b * 114) / 1000
        })
    }

    fn fitting(&self, side: u32) -> (u32, u32) {
        let (width, height) = self.dimensions();
        let longest = width.max(height);
        if longest <= side {
            return (width, height);
        }
        let scaled = |v: u32| (u64::from(v) * u64::from(side) / u64::from(longest)).max(1) as u32;
        (scaled(width), scaled(height))
    }
}

impl Grey {
    /// As [`Page::reduced`].
    pub(super) fn reduced(&self, times: u32) -> Grey {
        mean_of_squares(self, times, |pixel| u32::from(pixel.0[0]))
    }
}

fn mean_of_squares<P: Pixel<Subpixel = u8>>(
    picture: &ImageBuffer<P, Vec<u8>>,
    times: u32,
    grey: impl Fn(&P) -> u32,
) -> Grey {
    let (width, height) = picture.dimensions();
    let times = times.clamp(1, width.min(height));
    let channels = usize::from(P::CHANNEL_COUNT);
    let mut sums = vec![0u32; (width / times) as usize];
    let mut small = ImageBuffer::new(width / times, height / times);
    for (upper, line) in small.enumerate_rows_mut() {
        sums.fill(0);
        for y in upper * times..(upper + 1) * times {
            let start = y as usize * width as usize * channels;
            let row = &picture.as_raw()[start..start + width as usize * channels];
            let squares = row.chunks_exact(channels * times as usize);
            for (sum, square) in sums.iter_mut().zip(squares) {
                *sum += square
                    .chunks_exact(channels)
                    .map(|pixel| grey(P::from_slice(pixel)))
                    .sum::<u32>();
            }
        }
        for ((.., pixel), sum) in line.zip(&sums) {
            *pixel = Luma([(sum / (times * times)) as u8]);
        }
    }
    Wiped(small)
}

impl<P: Pixel<Subpixel = u8>> From<ImageBuffer<P, Vec<u8>>> for Wiped<P> {
    fn from(pixels: ImageBuffer<P, Vec<u8>>) -> Self {
        Self(pixels)
    }
}

impl<P: Pixel<Subpixel = u8>> Clone for Wiped<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<P: Pixel<Subpixel = u8>> Deref for Wiped<P> {
    type Target = ImageBuffer<P, Vec<u8>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<P: Pixel<Subpixel = u8>> DerefMut for Wiped<P> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<P: Pixel<Subpixel = u8>> std::fmt::Debug for Wiped<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "picture of {}×{}", self.0.width(), self.0.height())
    }
}

impl<P: Pixel<Subpixel = u8>> Drop for Wiped<P> {
    fn drop(&mut self) {
        (*self.0).zeroize();
    }
}
