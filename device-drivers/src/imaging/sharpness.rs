//! How sharp the print on a page is, whatever is printed and however dark.

use super::pixels::{Grey, Page};

/// Pixels across which an edge of print may be smeared.
const WINDOW: usize = 17;
/// Share of the page's contrast that makes an edge of print.
const EDGE: f64 = 0.35;
/// Fewer edges than this say nothing.
const LEAST_EDGES: usize = 200;

/// How steep the edges of print are: the largest step between neighbouring pixels as a share of
/// the whole change, about 0.7 for sharp print and 0.1 for illegible smears. None if there is too
/// little print to tell.
///
/// Measured at the size that is sent (no side longer than 2,000 pixels): what is sharp there is
/// sharp enough.
pub fn sharpness(page: &Page) -> Option<f64> {
    let grey = page.grey(super::encode::LONGEST_SIDE);
    let contrast = f64::from(spread(&grey));
    if contrast < 24.0 {
        return None;
    }
    let least = contrast * EDGE;
    let (width, height) = grey.dimensions();
    let mut steepness = Vec::new();
    // Along rows and columns: a shaken picture is smeared in one direction only, and the worse
    // one counts.
    let mut worst: Option<f64> = None;
    for (lines, length, down) in [(height, width, false), (width, height, true)] {
        steepness.clear();
        for line in (2..lines.saturating_sub(2)).step_by(5) {
            // Three lines together: noise is not taken for steps.
            let along: Vec<f64> = (0..length)
                .map(|i| {
                    let value = |l: u32| {
                        let (x, y) = if down { (l, i) } else { (i, l) };
                        f64::from(grey.get_pixel(x, y).0[0])
                    };
                    (value(line - 1) + value(line) + value(line + 1)) / 3.0
                })
                .collect();
            edges(&along, least, &mut steepness);
        }
        if steepness.len() < LEAST_EDGES {
            continue;
        }
        let middle = steepness.len() / 2;
        let (_, median, _) = steepness.select_nth_unstable_by(middle, f64::total_cmp);
        worst = Some(worst.map_or(*median, |w: f64| w.min(*median)));
    }
    worst
}

fn edges(along: &[f64], least: f64, steepness: &mut Vec<f64>) {
    let mut from = 0;
    while let Some(window) = along.get(from..from + WINDOW) {
        let (low, high) = window
            .iter()
            .fold((f64::MAX, f64::MIN), |(l, h), &v| (l.min(v), h.max(v)));
        if high - low >= least {
            let step = window
                .windows(2)
                .map(|w| (w[1] - w[0]).abs())
                .fold(0.0, f64::max);
            // Smears of dense print change little and slowly: less change than print makes does
            // not count as the whole.
            steepness.push(step / (high - low).max(least * 2.0));
            from += WINDOW / 2;
        } else {
            from += WINDOW / 4;
        }
    }
}

/// Between the darkest ink and the lightest paper, without the outermost hundredths.
fn spread(grey: &Grey) -> u8 {
    let mut histogram = [0u64; 256];
    for pixel in grey.pixels() {
        histogram[usize::from(pixel.0[0])] += 1;
    }
    let all: u64 = histogram.iter().sum();
    let below = |share: f64| {
        let mut sum = 0;
        (0..=255u8)
            .find(|&v| {
                sum += histogram[usize::from(v)];
                sum as f64 >= all as f64 * share
            })
            .unwrap_or(255)
    };
    below(0.95).saturating_sub(below(0.005))
}
