//! Measures the edges of a page to a fraction of a pixel, from a rough idea of where they are.

use image::GrayImage;

use super::outline::Table;
use super::quad::{Point, Quad};

/// Places along an edge where it is measured.
const PROBES: usize = 96;
/// The parts of an edge next to a corner are left out: corners are rounded, bent and worn.
const NEAR_CORNER: f64 = 0.04;
/// How far from an edge the second measurement looks, in pixels.
const CLOSE: f64 = 6.0;
/// The least step of brightness that counts as an edge, of 255.
const LEAST_STEP: f64 = 8.0;

/// Moves the edges of `rough` to where the brightness steps. `slack` is how far off they may be,
/// in pixels. None if the edges are too faint to be measured.
pub(super) fn refine(grey: &GrayImage, rough: &Quad, slack: f64, table: Table) -> Option<Quad> {
    let near = moved(grey, rough, slack, table)?;
    // Once more, close by: what is across a slanted edge is smeared.
    Some(moved(grey, &near, CLOSE, table).unwrap_or(near))
}

fn moved(grey: &GrayImage, rough: &Quad, reach: f64, table: Table) -> Option<Quad> {
    let mut lines = [Line::default(); 4];
    for (line, side) in lines.iter_mut().zip(rough.sides()) {
        *line = measure(grey, side, reach, table)?;
    }
    let corner = |i: usize| lines[(i + 3) % 4].crossing(&lines[i]);
    Quad::new([corner(0)?, corner(1)?, corner(2)?, corner(3)?])
}

/// The line a·x + b·y = c, with (a, b) of length one.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    a: f64,
    b: f64,
    c: f64,
}

impl Line {
    /// The line nearest to the points (least squares of distances).
    fn through(points: &[Point]) -> Option<Self> {
        if points.len() < 2 {
            return None;
        }
        let count = points.len() as f64;
        let (sx, sy) = points
            .iter()
            .fold((0.0, 0.0), |(x, y), p| (x + p.x, y + p.y));
        let (mx, my) = (sx / count, sy / count);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for p in points {
            let (dx, dy) = (p.x - mx, p.y - my);
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
        }
        // Along the line lies the larger spread.
        let along = 0.5 * (2.0 * xy).atan2(xx - yy);
        let (a, b) = (-along.sin(), along.cos());
        Some(Self {
            a,
            b,
            c: a * mx + b * my,
        })
    }

    fn off(&self, p: Point) -> f64 {
        self.a * p.x + self.b * p.y - self.c
    }

    fn crossing(&self, other: &Self) -> Option<Point> {
        let det = self.a * other.b - other.a * self.b;
        (det.abs() > 1e-6).then(|| {
            Point::new(
                (self.c * other.b - other.c * self.b) / det,
                (self.a * other.c - other.a * self.c) / det,
            )
        })
    }
}

fn measure(grey: &GrayImage, (from, to): (Point, Point), reach: f64, table: Table) -> Option<Line> {
    let length = from.distance(to);
    if length < 8.0 {
        return None;
    }
    // Corners run clockwise, so that the inside lies to the right of the way.
    let inward = Point::new(-(to.y - from.y) / length, (to.x - from.x) / length);
    let mut found: Vec<Point> = (0..PROBES)
        .filter_map(|i| {
            let share = (i as f64 + 0.5) / PROBES as f64;
            let here = from.towards(to, NEAR_CORNER + share * (1.0 - 2.0 * NEAR_CORNER));
            step(grey, here, inward, reach, table)
        })
        .collect();
    if found.len() < PROBES / 3 {
        return None;
    }
    // Fingers, shadows and words near the edge give points off the line: half of them may.
    let mut line = trimmed(&found)?;
    for allowed in [3.0, 1.5] {
        found.retain(|p| line.off(*p).abs() <= allowed);
        line = Line::through(&found)?;
    }
    Some(line)
}

/// The line through two of the points that most others are near to.
fn trimmed(points: &[Point]) -> Option<Line> {
    let apart = points.len() / 2;
    (0..points.len() - apart)
        .flat_map(|i| [(i, i + apart), (i, points.len() - 1 - i / 2)])
        .filter(|(i, j)| i != j)
        .filter_map(|(i, j)| Line::through(&[points[i], points[j]]))
        .max_by_key(|line| points.iter().filter(|p| line.off(**p).abs() < 1.0).count())
}

/// Where the brightness steps on the way inward through `here`.
fn step(grey: &GrayImage, here: Point, inward: Point, reach: f64, table: Table) -> Option<Point> {
    const FINENESS: f64 = 0.5;
    let sign = match table {
        Table::Dark => 1.0,
        Table::Light => -1.0,
    };
    let count = (2.0 * reach / FINENESS) as usize;
    let place = |i: usize| {
        let t = i as f64 * FINENESS - reach;
        Point::new(here.x + inward.x * t, here.y + inward.y * t)
    };
    let values: Vec<f64> = (0..=count)
        .map(|i| brightness(grey, place(i)))
        .collect::<Option<_>>()?;
    let steps: Vec<f64> = values.windows(5).map(|w| (w[4] - w[0]) * sign).collect();
    let steepest = steps.iter().copied().fold(0.0, f64::max);
    if steepest < LEAST_STEP {
        return None;
    }
    // The first hill from outside: words near the edge are as steep.
    let first = steps.iter().position(|step| *step >= steepest * 0.5)?;
    let best =
        (first..(first + 6).min(steps.len())).max_by(|&i, &j| steps[i].total_cmp(&steps[j]))?;
    // The middle of the hill around the steepest place.
    let hill = best.saturating_sub(4)..(best + 5).min(steps.len());
    let (weight, sum) = hill.fold((0.0, 0.0), |(weight, sum), i| {
        let w = steps[i].max(0.0);
        (weight + w, sum + w * (i as f64 + 2.0))
    });
    let t = sum / weight * FINENESS - reach;
    Some(Point::new(here.x + inward.x * t, here.y + inward.y * t))
}

/// Brightness between pixels; none outside the picture.
fn brightness(grey: &GrayImage, at: Point) -> Option<f64> {
    let (x, y) = (at.x - 0.5, at.y - 0.5);
    let (width, height) = grey.dimensions();
    if x < 0.0 || y < 0.0 || x >= f64::from(width - 1) || y >= f64::from(height - 1) {
        return None;
    }
    let (left, upper) = (x as u32, y as u32);
    let (fx, fy) = (x.fract(), y.fract());
    let value = |dx, dy| f64::from(grey.get_pixel(left + dx, upper + dy).0[0]);
    let row = |dy| value(0, dy) * (1.0 - fx) + value(1, dy) * fx;
    Some(row(0) * (1.0 - fy) + row(1) * fy)
}
