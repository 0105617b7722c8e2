//! One picture as a camera sends it, and what it shows.

use std::ops::Range;
use std::time::Instant;

use zeroize::Zeroizing;

use super::error::CameraError;
use crate::imaging::{Page, encode_within};

/// How the pixels of a frame are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// A JPEG of its own; cameras leave out the tables that every decoder knows (MJPG).
    Jpeg,
    /// Four bytes for two pixels: Y U Y V (ITU-R BT.601, Y from 16 to 235).
    Yuyv {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Bytes from one row to the next.
        stride: u32,
    },
}

/// A picture as it came. Wiped when dropped.
pub struct Frame {
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
    /// How they are to be read.
    pub coding: Coding,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({:?}, {} bytes)", self.coding, self.bytes.len())
    }
}

/// Where frames come from.
pub trait FrameSource {
    /// Waits for the next frame, but not past `deadline`.
    ///
    /// # Errors
    /// The camera has gone, or sent nothing in time.
    fn frame(&mut self, deadline: Instant) -> Result<Frame, CameraError>;
}

impl Frame {
    /// The pixels. None if the frame is damaged: cut short, or no picture at all.
    pub(super) fn decode(&self) -> Option<Page> {
        match self.coding {
            Coding::Jpeg => Page::decode(&with_tables(&self.bytes)?).ok(),
            Coding::Yuyv {
                width,
                height,
                stride,
            } => yuyv(
                &self.bytes,
                width as usize,
                height as usize,
                stride as usize,
            ),
        }
    }
}

/// A JPEG with the tables of ISO/IEC 10918-1 Annex K, where the camera left them out. They are
/// taken from what our encoder writes, which uses those. None if it is no JPEG.
fn with_tables(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let scan = segments(bytes).find(|(kind, _)| *kind == SCAN)?.1.start;
    let mut whole = Zeroizing::new(Vec::with_capacity(bytes.len() + 1024));
    whole.extend(bytes.get(..scan)?);
    if !segments(bytes).any(|(kind, _)| kind == TABLES) {
        let sample = Page::from_rgb(8, 8, vec![128; 8 * 8 * 3])?;
        let sample = encode_within(&sample, 10_000).ok()?.jpeg;
        for (_, place) in segments(&sample).filter(|(kind, _)| *kind == TABLES) {
            whole.extend(sample.get(place)?);
        }
    }
    whole.extend(bytes.get(scan..)?);
    Some(whole)
}

/// Marks the Huffman tables of a JPEG.
const TABLES: u8 = 0xC4;
/// Marks the beginning of its pixels.
const SCAN: u8 = 0xDA;

/// The segments of a JPEG up to its pixels: what they are, and where.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, Range<usize>)> + '_ {
    let mut at = 2;
    std::iter::from_fn(move || {
        let &[0xFF, kind, high, low] = bytes.get(at..at + 4)? else {
            return None;
        };
        let place = at..at + 2 + usize::from(u16::from_be_bytes([high, low]));
        at = if kind == SCAN { bytes.len() } else { place.end };
        Some((kind, place))
    })
}

fn yuyv(bytes: &[u8], width: usize, height: usize, stride: usize) -> Option<Page> {
    let pairs = width / 2;
    if pairs == 0 || height == 0 || stride < pairs * 4 {
        return None;
    }
    if bytes.len() < stride.checked_mul(height - 1)?.checked_add(pairs * 4)? {
        return None;
    }
    let mut rgb = Vec::with_capacity(pairs * 2 * height * 3);
    for row in bytes.chunks(stride).take(height) {
        for &[y1, u, y2, v] in row.as_chunks().0.iter().take(pairs) {
            let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
            for y in [y1, y2] {
                // In 256ths: 255/219 for light, 255/224 times the colour's own share.
                let light = 298 * (i32::from(y) - 16) + 128;
                let channels = [light + 409 * v, light - 100 * u - 208 * v, light + 516 * u];
                rgb.extend(channels.map(|c| (c >> 8).clamp(0, 255) as u8));
            }
        }
    }
    Page::from_rgb(pairs as u32 * 2, height as u32, rgb)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    fn frame(bytes: &[u8], coding: Coding) -> Frame {
        Frame {
            bytes: Zeroizing::new(bytes.to_vec()),
            coding,
        }
    }

    #[test]
    fn colours_are_those_of_the_standard() {
        // Full bars as in SMPTE RP 219 / BT.601: Y, U, V and what they show.
        for ([y, u, v], shown) in [
            ([235, 128, 128], [255, 255, 255]),
            ([210, 16, 146], [255, 255, 0]),
            ([170, 166, 16], [0, 255, 255]),
            ([145, 54, 34], [0, 255, 0]),
            ([106, 202, 222], [255, 0, 255]),
            ([81, 90, 240], [255, 0, 0]),
            ([41, 240, 110], [0, 0, 255]),
            ([16, 128, 128], [0, 0, 0]),
        ] {
            let coding = Coding::Yuyv {
                width: 2,
                height: 2,
                stride: 6,
            };
            let bytes = [y, u, y, v, 9, 9, y, u, y, v];
            let page = frame(&bytes, coding).decode().unwrap();
            for pixel in page.pixels() {
                let near = pixel.0.iter().zip(shown).all(|(a, b)| a.abs_diff(b) <= 3);
                assert!(near, "{pixel:?} is not {shown:?}");
            }
        }
    }

    #[test]
    fn a_jpeg_without_its_tables_is_read() {
        let page = Page::from_rgb(64, 48, vec![90; 64 * 48 * 3]).unwrap();
        let whole = crate::imaging::encode_within(&page, 100_000).unwrap().jpeg;
        // Takes out every DHT segment, as cameras do.
        let mut bare = whole[..2].to_vec();
        let mut at = 2;
        while whole[at + 1] != 0xDA {
            let length = usize::from(u16::from_be_bytes([whole[at + 2], whole[at + 3]])) + 2;
            if whole[at + 1] != 0xC4 {
                bare.extend(&whole[at..at + length]);
            }
            at += length;
        }
        bare.extend(&whole[at..]);
        assert!(bare.len() < whole.len());
        let seen = frame(&bare, Coding::Jpeg).decode().unwrap();
        assert_eq!(seen.dimensions(), (64, 48));
        assert!(seen.iter().all(|channel| channel.abs_diff(90) < 4));
    }

    proptest! {
        #[test]
        fn a_damaged_frame_is_no_picture_and_no_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            width in any::<u32>(), height in any::<u32>(), stride in any::<u32>(),
            jpeg in any::<bool>(),
        ) {
            let coding = if jpeg { Coding::Jpeg } else { Coding::Yuyv { width, height, stride } };
            let _ = frame(&bytes, coding).decode();
            let cut = Coding::Yuyv { width: 20, height: 6, stride: 40 };
            prop_assert!(frame(&bytes, cut).decode().is_none());
        }
    }
}
