//! Text mode: styles, and the line that is being set.

use super::dots::Dots;
use super::token::Align;
use super::typeface::Typeface;

/// Height of a line of text and its white, one sixth of an inch less a little.
pub const DEFAULT_SPACING: usize = 30;

/// How the next characters look. The default is that of the power-up of a Chinese model.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "switches of the real machine, each on its own"
)]
pub struct Style {
    /// Font B, 9x17, instead of A, 12x24.
    pub font_b: bool,
    /// Width, times.
    pub wide: usize,
    /// Height, times.
    pub high: usize,
    /// Thick strokes.
    pub bold: bool,
    /// Height of the underline in dots.
    pub underline: usize,
    /// White on black.
    pub reverse: bool,
    /// White after each Latin character.
    pub spacing: usize,
    /// Bytes from 81 are halves of Chinese characters.
    pub chinese: bool,
    /// Chinese characters, width and height, times.
    pub chinese_size: (usize, usize),
    /// Underline of Chinese characters in dots.
    pub chinese_underline: usize,
    /// White before and after each Chinese character.
    pub chinese_spacing: (usize, usize),
    /// Place on the line.
    pub align: Align,
    /// White at the left edge.
    pub left_margin: usize,
    /// Width of the printing area; cut off at the edge of the paper.
    pub area_width: usize,
    /// From the top of a line to the top of the next.
    pub line_spacing: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            font_b: false,
            wide: 1,
            high: 1,
            bold: false,
            underline: 0,
            reverse: false,
            spacing: 0,
            chinese: true,
            chinese_size: (1, 1),
            chinese_underline: 0,
            chinese_spacing: (0, 0),
            align: Align::Left,
            left_margin: 0,
            area_width: usize::MAX,
            line_spacing: DEFAULT_SPACING,
        }
    }
}

impl Style {
    /// A Latin character as it will be printed.
    pub fn latin(&self, typeface: &Typeface, character: char) -> Dots {
        let (width, height) = if self.font_b { (9, 17) } else { (12, 24) };
        let shape = typeface.draw(character, width, height);
        self.finished(
            &shape,
            (self.wide, self.high),
            self.underline,
            (0, self.spacing),
        )
    }

    /// A Chinese character as it will be printed.
    pub fn wide(&self, typeface: &Typeface, character: char) -> Dots {
        let shape = typeface.draw(character, 24, 24);
        let size = (
            self.wide.max(self.chinese_size.0),
            self.high.max(self.chinese_size.1),
        );
        let underline = self.underline.max(self.chinese_underline);
        self.finished(&shape, size, underline, self.chinese_spacing)
    }

    fn finished(
        &self,
        shape: &Dots,
        (wide, high): (usize, usize),
        underline: usize,
        (before, after): (usize, usize),
    ) -> Dots {
        let large = shape.enlarged(wide, high);
        let mut cell = Dots::white(large.width() + (before + after) * wide, large.height());
        cell.draw(&large, before * wide, 0);
        if self.bold {
            cell.draw(&large, before * wide + 1, 0);
        }
        for y in cell.height().saturating_sub(underline)..cell.height() {
            (0..cell.width()).for_each(|x| cell.blacken(x, y));
        }
        if self.reverse { cell.reversed() } else { cell }
    }

    /// Width of the printing area on paper of `dots`.
    pub fn width(&self, dots: usize) -> usize {
        self.area_width.min(dots.saturating_sub(self.left_margin))
    }

    /// How far something `used` dots wide stands from the left edge of paper of `dots`.
    pub fn indent(&self, used: usize, dots: usize) -> usize {
        let free = self.width(dots).saturating_sub(used);
        self.left_margin
            + match self.align {
                Align::Left => 0,
                Align::Centre => free / 2,
                Align::Right => free,
            }
    }
}

/// The line that is being set.
#[derive(Debug, Default)]
pub struct Line {
    cells: Vec<(usize, Dots)>,
    /// Where the next cell goes, from the left end of the printing area.
    pub cursor: usize,
}

impl Line {
    /// True when nothing was set.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Appends a cell.
    pub fn push(&mut self, cell: Dots) {
        let width = cell.width();
        self.cells.push((self.cursor, cell));
        self.cursor += width;
    }

    /// The whole line as rows of `dots`, standing on a common base; the line is empty then.
    pub fn compose(&mut self, style: &Style, dots: usize) -> Dots {
        let cells = std::mem::take(&mut self.cells);
        let used = std::mem::take(&mut self.cursor);
        let height = cells
            .iter()
            .map(|(_, cell)| cell.height())
            .max()
            .unwrap_or(0);
        let indent = style.indent(used, dots);
        let mut rows = Dots::white(dots, height);
        for (x, cell) in &cells {
            rows.draw(cell, indent + x, height - cell.height());
        }
        rows
    }
}
