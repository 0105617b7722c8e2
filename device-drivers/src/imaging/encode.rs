//! Pages as JPEG, as good as a budget of bytes allows.

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use zeroize::Zeroizing;

use super::pixels::{Page, PageError};

/// Longest side of a page that is sent, in pixels: 170 dpi on A4, where small print is legible.
pub(super) const LONGEST_SIDE: u32 = 2000;
/// Qualities tried from the best; below the last a page is made smaller instead.
const QUALITIES: [u8; 3] = [85, 65, 45];

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

/// Makes a JPEG of at most `bytes` (500 000 is usual), no side longer than 2,000 pixels, as good
/// as fits.
///
/// # Errors
/// `bytes` is absurdly little.
pub fn encode_within(page: &Page, bytes: usize) -> Result<EncodedPage, PageError> {
    let mut smallest = usize::MAX;
    for side in [LONGEST_SIDE, LONGEST_SIDE * 3 / 4, LONGEST_SIDE / 2] {
        let page = page.within(side);
        for quality in QUALITIES {
            let encoded = encode(&page, quality)?;
            smallest = smallest.min(encoded.jpeg.len());
            if encoded.jpeg.len() <= bytes {
                return Ok(encoded);
            }
        }
    }
    Err(PageError::TooLarge { bytes: smallest })
}

fn encode(page: &Page, quality: u8) -> Result<EncodedPage, PageError> {
    let (width, height) = page.dimensions();
    // More than any JPEG of these pixels takes, so that the buffer is never outgrown unwiped.
    let mut jpeg = Zeroizing::new(Vec::with_capacity(page.len() / 2 + 4096));
    JpegEncoder::new_with_quality(&mut *jpeg, quality)
        .encode(page, width, height, ExtendedColorType::Rgb8)
        .map_err(|error| PageError::Unreadable(error.to_string()))?;
    Ok(EncodedPage {
        jpeg,
        width,
        height,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::testing;
    use super::*;

    #[test]
    fn a_noisy_page_still_fits_the_budget() {
        let page = encode_within(&testing::noise(700, 2100), 180_000).unwrap();
        assert!(page.jpeg.len() <= 180_000);
        assert!(page.width.max(page.height) <= LONGEST_SIDE);
        let back = image::load_from_memory(&page.jpeg).unwrap();
        assert_eq!((back.width(), back.height()), (page.width, page.height));
    }

    #[test]
    fn an_ordinary_page_keeps_its_size_and_shape() {
        let sent = encode_within(&testing::text_page(1240, 1754, 7), 500_000).unwrap();
        assert_eq!((sent.width, sent.height), (1240, 1754));
        let seen = Page::decode(&sent.jpeg).unwrap().within(300);
        assert_eq!(seen.dimensions(), (212, 300));
    }

    #[test]
    fn an_impossible_budget_is_refused() {
        let refused = encode_within(&testing::text_page(1240, 1754, 7), 100);
        assert!(matches!(refused, Err(PageError::TooLarge { .. })));
    }
}
