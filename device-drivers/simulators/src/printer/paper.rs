//! The paper: what has been printed on it, where it is cut, and its picture.

use std::io;
use std::path::Path;

/// Rows between the print head and the cutter, 12 mm at 203 dpi.
pub const HEAD_TO_CUTTER: usize = 96;

/// How a sheet came off the roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// By the cutter.
    Cut,
    /// The roll ended; what was printed came out with the end of the paper.
    RollEnded,
}

/// A piece of paper that has left the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Rows of dots, eight to a byte, 1 is black.
    pub rows: Vec<Box<[u8]>>,
    /// How it came off.
    pub end: End,
}

impl Sheet {
    /// Writes the sheet as a picture of one bit per dot. The file appears in one step.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn write_png(&self, path: &Path) -> io::Result<()> {
        let stride = self.rows.first().map_or(0, |row| row.len());
        let unfinished = path.with_extension("part");
        let file = io::BufWriter::new(std::fs::File::create(&unfinished)?);
        let mut encoder = png::Encoder::new(file, stride as u32 * 8, self.rows.len() as u32);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        // In the file 1 is white.
        let pixels: Vec<u8> = self
            .rows
            .iter()
            .flat_map(|row| row.iter().map(|byte| !byte))
            .collect();
        let mut writer = encoder.write_header().map_err(io::Error::other)?;
        writer.write_image_data(&pixels).map_err(io::Error::other)?;
        writer.finish().map_err(io::Error::other)?;
        std::fs::rename(unfinished, path)
    }
}

/// The paper between the roll and the last cut.
pub struct Paper {
    stride: usize,
    rows: Vec<Box<[u8]>>,
}

impl Paper {
    /// A fresh roll, fed up to the cutter.
    pub fn new(dots: usize) -> Self {
        let mut paper = Self {
            stride: dots / 8,
            rows: Vec::new(),
        };
        paper.feed_to_cutter();
        paper
    }

    /// Prints one row; dots beyond the edge are lost.
    pub fn print(&mut self, row: &[u8]) {
        let mut row = row.to_vec();
        row.resize(self.stride, 0);
        self.rows.push(row.into());
    }

    /// Cuts; what lies between head and cutter stays on the roll. `None` when nothing came off.
    pub fn cut(&mut self) -> Option<Sheet> {
        let kept = self.rows.split_off(self.rows.len() - HEAD_TO_CUTTER);
        let rows = std::mem::replace(&mut self.rows, kept);
        (!rows.is_empty()).then_some(Sheet {
            rows,
            end: End::Cut,
        })
    }

    /// Puts a fresh roll in; what was printed since the last cut comes out with the old one.
    pub fn replace(&mut self) -> Option<Sheet> {
        let rows = std::mem::take(&mut self.rows);
        self.feed_to_cutter();
        (rows.len() > HEAD_TO_CUTTER).then_some(Sheet {
            rows,
            end: End::RollEnded,
        })
    }

    fn feed_to_cutter(&mut self) {
        self.rows
            .resize(HEAD_TO_CUTTER, vec![0; self.stride].into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_12_mm_stay_inside_and_come_with_the_next_sheet() -> Result<(), &'static str> {
        let mut paper = Paper::new(576);
        assert_eq!(paper.cut(), None);
        paper.print(&[0xFF; 72]);
        let blank = paper.cut().ok_or("no sheet")?;
        assert!(
            blank
                .rows
                .iter()
                .all(|row| row.iter().all(|byte| *byte == 0))
        );
        for _ in 0..HEAD_TO_CUTTER {
            paper.print(&[]);
        }
        let sheet = paper.cut().ok_or("no sheet")?;
        assert_eq!(sheet.rows.len(), HEAD_TO_CUTTER);
        assert_eq!(sheet.rows[HEAD_TO_CUTTER - 1][..], [0xFF; 72]);
        Ok(())
    }
}
