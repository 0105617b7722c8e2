//! By how much the lines of a page are askew.

use super::ink;
use super::pixels::{Grey, Page};

/// Longest side of the picture in which lines are looked at.
const SIDE: u32 = 900;
/// Pages that are more askew are left alone: they are not scans of text lines.
const MOST: f64 = 10.0;
/// Rows must be so much sharper straightened than on average, or there are no lines.
const CLEARLY: f64 = 1.3;

/// Degrees by which the lines fall to the right; none if the page has no lines that say so.
///
/// Of the sums of ink along parallel lines, those along the lines of print differ most from one
/// to the next.
pub fn skew(page: &Page) -> Option<f64> {
    let grey = page.grey(SIDE);
    let points = dark(&grey)?;
    let score = |degrees: f64| sharp_rows(&points, degrees, &grey);
    let coarse: Vec<(f64, f64)> = steps(-MOST, MOST, 0.5).map(|d| (d, score(d))).collect();
    let mean = coarse.iter().map(|(_, s)| s).sum::<f64>() / coarse.len() as f64;
    let best = coarse.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    if best.1 < mean * CLEARLY || best.0.abs() >= MOST {
        return None;
    }
    let fine = steps(best.0 - 0.5, best.0 + 0.5, 0.05).map(|d| (d, score(d)));
    fine.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(d, _)| d)
}

fn steps(from: f64, to: f64, by: f64) -> impl Iterator<Item = f64> {
    let count = ((to - from) / by).round() as u32;
    (0..=count).map(move |i| from + f64::from(i) * by)
}

/// Where there is ink, away from the rims; none if there is too little.
fn dark(grey: &Grey) -> Option<Vec<(f32, f32)>> {
    let (width, height) = grey.dimensions();
    let limit = ink::paper(grey).saturating_sub(48);
    let (left, top) = (width / 25, height / 25);
    let points: Vec<_> = grey
        .enumerate_pixels()
        .filter(|(x, y, pixel)| {
            pixel.0[0] < limit
                && (left..width - left).contains(x)
                && (top..height - top).contains(y)
        })
        .map(|(x, y, _)| (x as f32, y as f32))
        .collect();
    (points.len() >= 400).then_some(points)
}

fn sharp_rows(points: &[(f32, f32)], degrees: f64, grey: &Grey) -> f64 {
    let slope = degrees.to_radians().tan() as f32;
    // What the slant can add on either side.
    let room = grey.width() as f32 * slope.abs() + 1.0;
    let mut rows = vec![0.0f64; (grey.height() as f32 + 2.0 * room) as usize + 2];
    for (x, y) in points {
        if let Some(row) = rows.get_mut((y - x * slope + room).max(0.0) as usize) {
            *row += 1.0;
        }
    }
    rows.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum()
}
