//! A picture cut into raster commands that leave out the white, which is half of a receipt and
//! takes as long on a slow line as the black.
//!
//! White rows are sent one byte wide and the right edge of a band ends with its last black dot.
//! Feed commands would be shorter still, but their unit differs between printers; dots do not.

use zeroize::Zeroizing;

use super::escpos::{RasterCommand, raster};
use crate::receipt::Bitmap;

/// One raster command.
pub(super) struct Band {
    pub bytes: Zeroizing<Vec<u8>>,
    /// Rows of the picture in it.
    pub rows: u32,
}

/// Cuts a picture into commands of at most `most` rows each.
pub(super) fn bands(picture: &Bitmap, command: RasterCommand, most: usize) -> Vec<Band> {
    let rows: Vec<&[u8]> = picture.rows().collect();
    rows.chunk_by(|a, b| is_white(a) == is_white(b))
        .flat_map(|run| run.chunks(most))
        .map(|rows| {
            let stride = rows.iter().map(|row| inked(row)).max().unwrap_or(0).max(1);
            Band {
                bytes: raster(command, stride, rows.iter().map(|row| &row[..stride])),
                rows: rows.len() as u32,
            }
        })
        .collect()
}

/// Bytes of a row up to the last black dot.
fn inked(row: &[u8]) -> usize {
    row.iter()
        .rposition(|&byte| byte != 0)
        .map_or(0, |at| at + 1)
}

fn is_white(row: &[u8]) -> bool {
    row.iter().all(|&byte| byte == 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn white_rows_are_one_byte_wide_and_bands_end_with_their_ink() {
        let mut picture = Bitmap::new(576, 60);
        picture.set(17, 50, true);
        let bands = bands(&picture, RasterCommand::GsV0, 24);
        let heads: Vec<_> = bands.iter().map(|b| b.bytes[4..8].to_vec()).collect();
        assert_eq!(
            heads,
            [
                [1, 0, 24, 0],
                [1, 0, 24, 0],
                [1, 0, 2, 0],
                [3, 0, 1, 0],
                [1, 0, 9, 0]
            ]
        );
        assert_eq!(bands[3].bytes[8..], [0, 0, 0x40]);
    }

    proptest! {
        #[test]
        fn put_together_again_the_bands_are_the_picture(
            dots in prop::collection::vec((0u32..100, 0u32..80), 0..60),
            most in 1usize..=128,
        ) {
            let mut picture = Bitmap::new(100, 80);
            for (x, y) in dots {
                picture.set(x, y, true);
            }
            let mut again = Vec::new();
            for band in bands(&picture, RasterCommand::GsV0, most) {
                let stride = usize::from(u16::from_le_bytes([band.bytes[4], band.bytes[5]]));
                let count = usize::from(u16::from_le_bytes([band.bytes[6], band.bytes[7]]));
                prop_assert!(count <= most && band.rows as usize == count);
                for row in band.bytes[8..].chunks(stride) {
                    let mut row = row.to_vec();
                    row.resize(picture.stride(), 0);
                    again.push(row);
                }
            }
            let rows: Vec<_> = picture.rows().map(<[u8]>::to_vec).collect();
            prop_assert_eq!(again, rows);
        }
    }
}
