//! How light the paper is, and how much is on it.

use super::pixels::Grey;

/// Share of dark pixels below which a page counts as blank: less than one short line of print.
const LEAST_INK: f64 = 0.000_5;

/// Whether there is almost nothing on the page.
///
/// Each patch is measured by its own paper: shadows are not ink. Rims, where lids and rollers cast
/// theirs, are left out.
pub(super) fn blank(grey: &Grey) -> bool {
    const PATCHES: u32 = 6;
    let (width, height) = grey.dimensions();
    let (left, top) = (width / 20, height / 20);
    let (inner_width, inner_height) = (width - 2 * left, height - 2 * top);
    let (mut dark, mut all) = (0u64, 0u64);
    for patch in 0..PATCHES * PATCHES {
        let (column, row) = (patch % PATCHES, patch / PATCHES);
        let across = |i: u32| left + inner_width * i / PATCHES;
        let down = |i: u32| top + inner_height * i / PATCHES;
        let histogram = histogram(
            grey,
            across(column)..across(column + 1),
            down(row)..down(row + 1),
        );
        let paper = commonest_light(&histogram);
        dark += histogram[..usize::from(paper.saturating_sub(48))]
            .iter()
            .sum::<u64>();
        all += histogram.iter().sum::<u64>();
    }
    (dark as f64) < LEAST_INK * all.max(1) as f64
}

/// How light the paper is, of 255.
pub(super) fn paper(grey: &Grey) -> u8 {
    commonest_light(&histogram(grey, 0..grey.width(), 0..grey.height()))
}

fn histogram(grey: &Grey, across: std::ops::Range<u32>, down: std::ops::Range<u32>) -> [u64; 256] {
    let mut histogram = [0u64; 256];
    for y in down {
        for x in across.clone() {
            histogram[usize::from(grey.get_pixel(x, y).0[0])] += 1;
        }
    }
    histogram
}

/// The paper is what most of a page is, within the lighter half of what there is on it.
fn commonest_light(histogram: &[u64; 256]) -> u8 {
    let all: u64 = histogram.iter().sum();
    let mut below = 0;
    let median = (0..=255u8)
        .find(|&v| {
            below += histogram[usize::from(v)];
            below * 2 >= all
        })
        .unwrap_or(255);
    // Neighbours are added: noise spreads the paper over several values.
    (median.saturating_sub(8)..=255)
        .max_by_key(|&v| {
            let v = usize::from(v);
            histogram[v.saturating_sub(2)..=(v + 2).min(255)]
                .iter()
                .sum::<u64>()
        })
        .unwrap_or(255)
}
