//! A rectangle of black and white dots.

/// Rows of dots, eight to a byte, the leftmost in the highest bit; 1 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dots {
    width: usize,
    stride: usize,
    bytes: Vec<u8>,
}

impl Dots {
    /// White, `width` by `height` dots.
    pub fn white(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(8);
        Self {
            width,
            stride,
            bytes: vec![0; stride * height],
        }
    }

    /// Rows as a picture command carries them, all of the same length.
    pub fn from_rows(rows: &[Vec<u8>]) -> Self {
        let stride = rows.first().map_or(0, Vec::len);
        Self {
            width: stride * 8,
            stride,
            bytes: rows.concat(),
        }
    }

    /// Dots in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.bytes.len().checked_div(self.stride).unwrap_or(0)
    }

    /// The rows from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks(self.stride.max(1))
    }

    /// True when the dot is black; outside all is white.
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width
            && self
                .bytes
                .get(y * self.stride + x / 8)
                .is_some_and(|byte| byte & 0x80 >> (x % 8) != 0)
    }

    /// Makes a dot black; outside nothing happens.
    pub fn blacken(&mut self, x: usize, y: usize) {
        if x < self.width
            && let Some(byte) = self.bytes.get_mut(y * self.stride + x / 8)
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Draws the black dots of `other` with its corner at `left`, `top`.
    pub fn draw(&mut self, other: &Self, left: usize, top: usize) {
        for (x, y) in other.black() {
            self.blacken(left + x, top + y);
        }
    }

    /// Each dot becomes `wide` by `high` dots.
    #[must_use]
    pub fn enlarged(&self, wide: usize, high: usize) -> Self {
        if (wide, high) == (1, 1) {
            return self.clone();
        }
        let mut large = Self::white(self.width * wide, self.height() * high);
        for (x, y) in self.black() {
            for (dx, dy) in (0..wide).flat_map(|dx| (0..high).map(move |dy| (dx, dy))) {
                large.blacken(x * wide + dx, y * high + dy);
            }
        }
        large
    }

    /// White becomes black and black becomes white.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let mut other = Self::white(self.width, self.height());
        for (x, y) in self.all().filter(|(x, y)| !self.is_black(*x, *y)) {
            other.blacken(x, y);
        }
        other
    }

    fn all(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let width = self.width;
        (0..self.height()).flat_map(move |y| (0..width).map(move |x| (x, y)))
    }

    fn black(&self) -> impl Iterator<Item = (usize, usize)> {
        self.all().filter(|(x, y)| self.is_black(*x, *y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enlarging_and_reversing_keep_the_picture() {
        let mut dots = Dots::white(3, 2);
        dots.blacken(1, 0);
        let large = dots.enlarged(2, 3);
        assert_eq!((large.width(), large.height()), (6, 6));
        assert!(large.is_black(2, 0) && large.is_black(3, 2) && !large.is_black(4, 0));
        assert_eq!(dots.reversed().reversed(), dots);
    }
}
