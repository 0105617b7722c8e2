//! Evens out the light on a page: the shadow of a hand, a lamp on one side.

use super::ink;
use super::pixels::{Grey, Page};

/// Patches across and down by which light is measured.
const PATCHES: usize = 12;
/// How light paper becomes.
const PAPER: f32 = 240.0;
/// More than this a shadow is not lightened: noise would become visible, and photographs pale.
const MOST: f32 = 2.2;

/// Makes the paper equally light everywhere. Colours keep their hue: a red seal stays red.
pub(super) fn even_out(page: &mut Page) {
    let grey = page.grey(480);
    let gains = gains(&grey);
    let (width, height) = page.dimensions();
    let patch = |i: u32, size: u32| {
        let at = ((i as f32 + 0.5) / size as f32 * PATCHES as f32 - 0.5).max(0.0);
        let low = (at as usize).min(PATCHES - 1);
        (low, (low + 1).min(PATCHES - 1), at.fract())
    };
    let columns: Vec<_> = (0..width).map(|x| patch(x, width)).collect();
    for (y, row) in page.enumerate_rows_mut() {
        let (upper, lower, down) = patch(y, height);
        let line: Vec<f32> = (0..PATCHES)
            .map(|c| gains[upper][c] * (1.0 - down) + gains[lower][c] * down)
            .collect();
        for ((_, _, pixel), &(left, right, across)) in row.zip(&columns) {
            let gain = line[left] * (1.0 - across) + line[right] * across;
            for channel in &mut pixel.0 {
                *channel = (f32::from(*channel) * gain).min(255.0) as u8;
            }
        }
    }
}

/// How much lighter each patch becomes.
fn gains(grey: &Grey) -> [[f32; PATCHES]; PATCHES] {
    let usual = f32::from(ink::paper(grey));
    let mut light = [[usual; PATCHES]; PATCHES];
    let (width, height) = grey.dimensions();
    let part = |i: usize, size: u32| (i as u32 * size) / PATCHES as u32;
    for (row, patches) in light.iter_mut().enumerate() {
        for (column, patch) in patches.iter_mut().enumerate() {
            let mut values: Vec<u8> = (part(row, height)..part(row + 1, height))
                .flat_map(|y| {
                    (part(column, width)..part(column + 1, width))
                        .map(move |x| grey.get_pixel(x, y).0[0])
                })
                .collect();
            if values.is_empty() {
                continue;
            }
            let at = values.len() * 9 / 10;
            let (_, lightest, _) = values.select_nth_unstable(at);
            // A patch much darker than paper is a photograph or a cover, not a shadow.
            *patch = f32::from(*lightest).max(usual * 0.55);
        }
    }
    light.map(|patches| patches.map(|light| (PAPER / light.max(1.0)).clamp(0.9, MOST)))
}
