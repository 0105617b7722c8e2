//! The photo on a card: kept as it came, decoded only where a licensed library was brought along.

use std::fmt;

use zeroize::Zeroizing;

use crate::imaging::Page;

/// The photo of a card in its own form (WLT, 1,024 bytes), which only licensed libraries decode.
/// Nothing of it is interpreted here. Wiped when dropped, hidden from `Debug`.
#[derive(Clone, Default)]
pub struct CardPhoto(Zeroizing<Vec<u8>>);

/// Turns the photo of a card into a picture. The terminal brings none along: no open decoder is
/// known; a vendor's has to be licensed for the reader that it is used with.
pub trait PhotoDecoder: Send + Sync {
    /// What it is called, for the technician.
    fn name(&self) -> &str;

    /// Decodes [`CardPhoto::SIZE`] bytes, giving [`CardPhoto::PIXELS`] across and down.
    ///
    /// # Errors
    /// The vendor's own words.
    fn decode(&self, wlt: &[u8]) -> Result<Page, String>;
}

/// A photo that cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// The card gave no photo, or one of another size.
    #[error("the card gave {0} bytes where its photo belongs")]
    NotAPhoto(usize),
    /// The decoder did not know what to do with it.
    #[error("{decoder} does not decode the photo: {reason}")]
    Refused {
        /// Which decoder.
        decoder: String,
        /// Its own words.
        reason: String,
    },
    /// What the decoder made is not of the size that every photo has.
    #[error("{decoder} made a picture of {width}×{height}")]
    WrongSize {
        /// Which decoder.
        decoder: String,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
}

impl CardPhoto {
    /// Bytes of a photo on the card.
    pub const SIZE: usize = 1024;
    /// Pixels of a decoded photo, across and down.
    pub const PIXELS: (u32, u32) = (102, 126);

    /// Takes over the bytes that follow the text of a card.
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// How many bytes there are; [`CardPhoto::SIZE`] on a card with a photo.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the card gave none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The photo as a picture.
    ///
    /// # Errors
    /// There is no photo, or the decoder failed.
    pub fn decode(&self, decoder: &dyn PhotoDecoder) -> Result<Page, PhotoError> {
        if self.0.len() != Self::SIZE {
            return Err(PhotoError::NotAPhoto(self.0.len()));
        }
        let name = || decoder.name().to_owned();
        let picture = decoder
            .decode(&self.0)
            .map_err(|reason| PhotoError::Refused {
                decoder: name(),
                reason,
            })?;
        let (width, height) = picture.dimensions();
        if (width, height) == Self::PIXELS {
            Ok(picture)
        } else {
            Err(PhotoError::WrongSize {
                decoder: name(),
                width,
                height,
            })
        }
    }
}

impl fmt::Debug for CardPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardPhoto(hidden)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// Paints every pixel in the first byte of the photo, in a size of its own.
    struct Painter(u32, u32);

    impl PhotoDecoder for Painter {
        fn name(&self) -> &'static str {
            "painter"
        }

        fn decode(&self, wlt: &[u8]) -> Result<Page, String> {
            let shade = *wlt.first().filter(|b| **b > 0).ok_or("not licensed")?;
            let bytes = vec![shade; (self.0 * self.1 * 3) as usize];
            Page::from_rgb(self.0, self.1, bytes).ok_or_else(|| "empty".into())
        }
    }

    fn photo(shade: u8, size: usize) -> CardPhoto {
        CardPhoto::new(Zeroizing::new(vec![shade; size]))
    }

    #[test]
    fn a_decoder_gets_the_bytes_as_they_came_and_its_picture_is_checked() {
        let shown = photo(7, 1024).decode(&Painter(102, 126)).unwrap();
        assert!(shown.iter().all(|channel| *channel == 7));
        let refused = |photo: CardPhoto, painter| photo.decode(&painter).unwrap_err();
        assert_eq!(
            refused(photo(7, 0), Painter(102, 126)),
            PhotoError::NotAPhoto(0)
        );
        assert!(matches!(
            refused(photo(0, 1024), Painter(102, 126)),
            PhotoError::Refused { .. }
        ));
        assert!(matches!(
            refused(photo(7, 1024), Painter(126, 102)),
            PhotoError::WrongSize { width: 126, .. }
        ));
    }

    #[test]
    fn debug_output_shows_nothing_of_a_face() {
        assert_eq!(format!("{:?}", photo(65, 1024)), "CardPhoto(hidden)");
    }
}
