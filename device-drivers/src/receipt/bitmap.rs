//! A 1-bit picture of paper: 1 is a black dot, rows are padded to whole bytes, left dot first.

use std::fmt;

use zeroize::Zeroizing;

/// A picture that is printed dot for dot. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: u32,
    height: u32,
    bits: Zeroizing<Vec<u8>>,
}

impl Bitmap {
    /// White paper of this size in dots.
    pub fn new(width: u32, height: u32) -> Self {
        let bytes = width.div_ceil(8) as usize * height as usize;
        Self {
            width,
            height,
            bits: Zeroizing::new(vec![0; bytes]),
        }
    }

    /// Dots across.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Dots along.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Bytes of one row.
    pub fn stride(&self) -> usize {
        self.width.div_ceil(8) as usize
    }

    /// The rows from top to bottom, each [`Bitmap::stride`] bytes.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.bits.chunks_exact(self.stride().max(1))
    }

    /// Whether the dot is black. Outside the picture everything is white.
    pub fn get(&self, x: u32, y: u32) -> bool {
        self.place(x, y)
            .is_some_and(|(byte, mask)| self.bits[byte] & mask != 0)
    }

    /// Makes a dot black or white; outside the picture nothing happens.
    pub fn set(&mut self, x: u32, y: u32, black: bool) {
        if let Some((byte, mask)) = self.place(x, y) {
            if black {
                self.bits[byte] |= mask;
            } else {
                self.bits[byte] &= !mask;
            }
        }
    }

    /// Makes a rectangle black.
    pub(super) fn fill(&mut self, x: u32, y: u32, width: u32, height: u32) {
        for row in y..y.saturating_add(height).min(self.height) {
            for column in x..x.saturating_add(width).min(self.width) {
                self.set(column, row, true);
            }
        }
    }

    /// Copies another picture's black dots to `x`, `y`; `ink` is the colour they take.
    pub(super) fn stamp(&mut self, other: &Bitmap, x: i32, y: i32, ink: bool) {
        for (dy, row) in (0..).zip(other.rows()) {
            for (dx, byte) in (0..).step_by(8).zip(row) {
                if *byte == 0 {
                    continue;
                }
                for bit in 0..8 {
                    let column = u32::try_from(x + dx + bit);
                    let row = u32::try_from(y + dy);
                    if let (true, Ok(column), Ok(row)) = (byte & (0x80 >> bit) != 0, column, row) {
                        self.set(column, row, ink);
                    }
                }
            }
        }
    }

    /// The picture as a 1-bit greyscale PNG, for previews and for keeping.
    pub fn to_png(&self) -> Zeroizing<Vec<u8>> {
        let inverted: Zeroizing<Vec<u8>> = Zeroizing::new(self.bits.iter().map(|b| !b).collect());
        // Large enough for any receipt, so that no outgrown buffer is left behind unwiped.
        let mut png = Zeroizing::new(Vec::with_capacity(inverted.len() + 4096));
        let mut encoder = png::Encoder::new(&mut *png, self.width, self.height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let written = encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&inverted));
        // Writing to memory fails only for a picture without dots, which has no PNG either.
        if written.is_err() {
            png.clear();
        }
        png
    }

    fn place(&self, x: u32, y: u32) -> Option<(usize, u8)> {
        (x < self.width && y < self.height)
            .then(|| (y as usize * self.stride() + x as usize / 8, 0x80 >> (x % 8)))
    }
}

impl fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bitmap({}×{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_leftmost_dot_is_the_highest_bit() {
        let mut paper = Bitmap::new(10, 2);
        paper.set(0, 0, true);
        paper.set(9, 1, true);
        paper.set(10, 1, true);
        let rows: Vec<_> = paper.rows().collect();
        assert_eq!(rows, [[0x80, 0x00], [0x00, 0x40]]);
        assert!(paper.get(9, 1) && !paper.get(10, 1));
    }

    #[test]
    fn a_png_read_by_another_program_shows_the_same_dots() {
        let mut paper = Bitmap::new(21, 3);
        for (x, y) in [(0, 0), (7, 0), (8, 1), (20, 2)] {
            paper.set(x, y, true);
        }
        let picture = image::load_from_memory(&paper.to_png())
            .unwrap()
            .into_luma8();
        assert_eq!(picture.dimensions(), (21, 3));
        for (x, y, dot) in picture.enumerate_pixels() {
            assert_eq!(dot.0[0] == 0, paper.get(x, y), "{x},{y}");
        }
    }

    #[test]
    fn a_stamp_may_hang_over_every_edge() {
        let mut dot = Bitmap::new(9, 9);
        dot.fill(0, 0, 9, 9);
        let mut paper = Bitmap::new(16, 16);
        for (x, y) in [(-4, -4), (12, -4), (-4, 12), (12, 12), (40, 40)] {
            paper.stamp(&dot, x, y, true);
        }
        assert!(paper.get(0, 0) && paper.get(15, 15) && paper.get(15, 0) && paper.get(0, 15));
        assert!(!paper.get(8, 8));
    }
}
