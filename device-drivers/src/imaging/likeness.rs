//! Whether two pictures show the same page, by where the ink is.

use zeroize::Zeroize;

use super::pixels::Page;

/// Cells across and down: about 1.5 mm of an A4 page each, less than half a character of print.
const COLUMNS: usize = 144;
const ROWS: usize = 192;
/// Cells across and down in a block. Pages are compared block by block: one form that two people
/// filled in differs in few places, but differs there.
const BLOCK: usize = 16;
/// How far, in cells, the same page may lie apart on two pictures: about 9 mm.
const SHIFT: isize = 6;
/// How much further a single block may be: pages are laid down a little turned.
const LOCAL: isize = 2;
/// Blocks with less ink than this share of the average are not compared.
const LEAST_INK: f32 = 0.15;
/// So many blocks may differ without a meaning: a finger, a fold. The next one tells.
const EXCUSED: usize = 1;
/// From this on two pictures count as the same page.
const SAME: f64 = 0.75;

/// A perceptual hash: how much ink is where on a page. Words cannot be read from it; still it is
/// wiped when dropped.
#[derive(Clone)]
pub struct Likeness(Box<[f32]>);

impl Likeness {
    /// How a page looks.
    pub fn of(page: &Page) -> Self {
        let grey = page.grey(1024);
        let (width, height) = grey.dimensions();
        let mut cells = vec![0.0f32; COLUMNS * ROWS];
        let mut counts = vec![0u32; COLUMNS * ROWS];
        for (x, y, pixel) in grey.enumerate_pixels() {
            let column = x as usize * COLUMNS / width as usize;
            let row = y as usize * ROWS / height as usize;
            cells[row * COLUMNS + column] += f32::from(255 - pixel.0[0]);
            counts[row * COLUMNS + column] += 1;
        }
        for (cell, count) in cells.iter_mut().zip(counts) {
            *cell /= count.max(1) as f32;
        }
        // Half a cell to one side must not matter; light and paper over larger areas neither.
        let fine = mean_around(&cells, 1);
        let wide = mean_around(&fine, 5);
        let print = fine.iter().zip(&wide).map(|(fine, wide)| fine - wide);
        let likeness = Self(print.collect());
        for mut used in [cells, fine, wide] {
            used.zeroize();
        }
        likeness
    }

    /// Whether both show the same page, perhaps laid down a little differently.
    pub fn same_page(&self, other: &Self) -> bool {
        self.resemblance(other) >= SAME
    }

    /// How alike the places are where they are least alike, from about 0 to 1, when the one is
    /// moved to lie best on the other. Pages without print are like nothing.
    pub fn resemblance(&self, other: &Self) -> f64 {
        let whole = Area {
            rows: SHIFT as usize..ROWS - SHIFT as usize,
            columns: SHIFT as usize..COLUMNS - SHIFT as usize,
        };
        let Some((_, across, down)) = self.best(other, &whole, (0, 0), SHIFT) else {
            return 0.0;
        };
        let mut blocks: Vec<f64> = self
            .inked(other)
            .filter_map(|block| self.best(other, &block, (across, down), LOCAL))
            .map(|(alike, ..)| alike)
            .collect();
        blocks.sort_by(f64::total_cmp);
        let telling = blocks.get(EXCUSED).or(blocks.first());
        telling.copied().unwrap_or(0.0)
    }

    /// Blocks with print on one of the two, or both.
    fn inked<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Area> + 'a {
        let blocks = (0..ROWS / BLOCK).flat_map(|row| {
            (0..COLUMNS / BLOCK).map(move |column| Area {
                rows: row * BLOCK..(row + 1) * BLOCK,
                columns: column * BLOCK..(column + 1) * BLOCK,
            })
        });
        let usual = self.energy(&Area::PAGE).max(other.energy(&Area::PAGE));
        blocks.filter(move |block| {
            let ink = self.energy(block).max(other.energy(block));
            ink > 0.0 && ink >= usual * LEAST_INK
        })
    }

    /// Mean square of the ink in an area.
    fn energy(&self, area: &Area) -> f32 {
        let rows = area
            .rows
            .clone()
            .map(|row| &self.0[row * COLUMNS..][area.columns.clone()]);
        let sum: f32 = rows.flatten().map(|v| v * v).sum();
        sum / (area.rows.len() * area.columns.len()) as f32
    }

    /// The largest correlation within `reach` cells of a shift, and where.
    fn best(
        &self,
        other: &Self,
        area: &Area,
        at: (isize, isize),
        reach: isize,
    ) -> Option<(f64, isize, isize)> {
        (-reach..=reach)
            .flat_map(|down| (-reach..=reach).map(move |across| (at.0 + across, at.1 + down)))
            .map(|(across, down)| (self.correlation(other, area, across, down), across, down))
            .max_by(|a, b| a.0.total_cmp(&b.0))
    }

    fn correlation(&self, other: &Self, area: &Area, across: isize, down: isize) -> f64 {
        let (mut ab, mut aa, mut bb) = (0.0f32, 0.0f32, 0.0f32);
        let columns = &area.columns;
        for row in area.rows.clone() {
            let Some(there) = row.checked_add_signed(down).filter(|row| *row < ROWS) else {
                continue;
            };
            for column in columns.clone() {
                let Some(at) = column.checked_add_signed(across).filter(|c| *c < COLUMNS) else {
                    continue;
                };
                let (a, b) = (
                    self.0[row * COLUMNS + column],
                    other.0[there * COLUMNS + at],
                );
                ab += a * b;
                aa += a * a;
                bb += b * b;
            }
        }
        if aa * bb > 0.0 {
            f64::from(ab / (aa * bb).sqrt())
        } else {
            0.0
        }
    }
}

/// A part of the grid.
struct Area {
    rows: std::ops::Range<usize>,
    columns: std::ops::Range<usize>,
}

impl Area {
    const PAGE: Self = Self {
        rows: 0..ROWS,
        columns: 0..COLUMNS,
    };
}

fn mean_around(cells: &[f32], reach: usize) -> Vec<f32> {
    (0..ROWS * COLUMNS)
        .map(|at| {
            let (row, column) = (at / COLUMNS, at % COLUMNS);
            let rows = row.saturating_sub(reach)..(row + reach + 1).min(ROWS);
            let columns = column.saturating_sub(reach)..(column + reach + 1).min(COLUMNS);
            let count = rows.len() * columns.len();
            let sum: f32 = rows
                .flat_map(|r| &cells[r * COLUMNS..][columns.clone()])
                .sum();
            sum / count as f32
        })
        .collect()
}

impl std::fmt::Debug for Likeness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Likeness")
    }
}

impl Drop for Likeness {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
