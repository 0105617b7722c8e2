//! Finds the page in what a camera sees: one sheet on a darker or a lighter table.

use image::{GrayImage, Luma};
use imageproc::contours::{BorderType, find_contours};
use imageproc::contrast::{ThresholdType, otsu_level, threshold};
use imageproc::distance_transform::Norm;
use imageproc::geometry::{approximate_polygon_dp, arc_length, contour_area, convex_hull};
use imageproc::morphology::{close, open};

use super::edge;
use super::pixels::{Grey, Page};
use super::quad::{Point, Quad};

/// Longest side of the picture in which the page is looked for, in pixels.
const COARSE: u32 = 320;
/// Longest side of the picture in which its edges are measured.
const FINE: u32 = 1600;
/// A page takes at least this share of the picture.
const LEAST_SHARE: f64 = 0.08;
/// Share of its corners' area that a sheet fills; a scene that only resembles one fills less.
const LEAST_FILL: f64 = 0.88;
/// A shape whose hull has more corners than this is no sheet of paper.
const MOST_VERTICES: usize = 24;
/// Share of the table around a booklet that may be dark: dust, a rim.
const MOST_PRINTED: f64 = 0.003;
/// How much lighter a page is than a dark table, of 255.
const LIGHTER: i32 = 25;
/// How much darker a booklet's cover is than a light table. More, as printed matter is darker than
/// its margins too.
const DARKER: i32 = 40;

/// Where the page is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outline {
    /// Whole, with its four corners.
    Whole(Quad),
    /// There is one, but it reaches out of the picture: a part of it is missing.
    CutOff,
    /// No edge of a page is seen: the page fills the picture, or there is none.
    Unseen,
}

/// Looks for one page. The corners are in the pixels of `picture`.
pub fn find_page(picture: &Page) -> Outline {
    let whole = picture.width().max(picture.height()).div_ceil(FINE);
    let fine = picture.reduced(whole);
    let times = fine.width().max(fine.height()).div_ceil(COARSE);
    let small = fine.reduced(times);
    let larger = f64::from(times);
    let mut cut_off = false;
    for table in [Table::Dark, Table::Light] {
        match coarse(&small, table) {
            Outline::Whole(quad) => {
                let quad = quad.scaled(larger);
                let slack = larger * 4.0 + 2.0;
                let quad = edge::refine(&fine, &quad, slack, table).unwrap_or(quad);
                return Outline::Whole(quad.scaled(f64::from(whole)));
            }
            Outline::CutOff => cut_off = true,
            Outline::Unseen => {}
        }
    }
    if cut_off {
        Outline::CutOff
    } else {
        Outline::Unseen
    }
}

/// What the page lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// Darker than the page.
    Dark,
    /// Lighter than the page.
    Light,
}

fn coarse(grey: &Grey, table: Table) -> Outline {
    let (width, height) = grey.dimensions();
    if width < 32 || height < 32 {
        return Outline::Unseen;
    }
    let kind = match table {
        Table::Dark => ThresholdType::Binary,
        Table::Light => ThresholdType::BinaryInverted,
    };
    let sheet = threshold(grey, otsu_level(grey), kind);
    // Words on it are closed over, and what merely touches it is cut away.
    let sheet = match table {
        Table::Dark => open(&close(&padded(&sheet), Norm::L2, 3), Norm::L2, 4),
        Table::Light => open(&padded(&sheet), Norm::L2, 4),
    };
    let whole = f64::from(width) * f64::from(height);
    let largest = find_contours::<i32>(&sheet)
        .into_iter()
        .filter(|contour| contour.border_type == BorderType::Outer)
        .map(|contour| (contour_area(&contour.points), contour))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let Some((area, contour)) = largest.filter(|(area, _)| *area >= whole * LEAST_SHARE) else {
        return Outline::Unseen;
    };
    let hull = convex_hull(contour.points);
    let sides = sides_touched(&hull, (width, height));
    if sides == 4 {
        // It fills the picture.
        return Outline::Unseen;
    }
    let Some(quad) = four_corners(&hull) else {
        return touching(sides, area / whole, grey, &sheet, table);
    };
    // The contour runs through the middles of its outermost pixels.
    let fills = area / quad.area().max(1.0) >= LEAST_FILL;
    let contrast = contrast(grey, &sheet);
    let differs = match table {
        Table::Dark => contrast >= LIGHTER,
        Table::Light => contrast <= -DARKER && clean_around(grey, &sheet),
    };
    if !differs || quad.area() > whole * 0.97 {
        return Outline::Unseen;
    }
    if sides > 0 {
        return Outline::CutOff;
    }
    if fills {
        Outline::Whole(quad)
    } else {
        Outline::Unseen
    }
}

/// A shape without four corners is a page that is cut off, if it is a page at all.
fn touching(sides: usize, share: f64, grey: &Grey, sheet: &GrayImage, table: Table) -> Outline {
    let lighter = table == Table::Dark && contrast(grey, sheet) >= LIGHTER;
    if lighter && (0.2..0.97).contains(&share) && sides > 0 {
        Outline::CutOff
    } else {
        Outline::Unseen
    }
}

/// Room for what the morphology does at borders.
const PADDING: u32 = 8;

fn padded(sheet: &GrayImage) -> GrayImage {
    let mut padded = GrayImage::new(sheet.width() + 2 * PADDING, sheet.height() + 2 * PADDING);
    for (x, y, pixel) in sheet.enumerate_pixels() {
        padded.put_pixel(x + PADDING, y + PADDING, *pixel);
    }
    padded
}

/// How many sides of the picture the shape reaches.
fn sides_touched(hull: &[imageproc::point::Point<i32>], (width, height): (u32, u32)) -> usize {
    let pad = PADDING.cast_signed();
    let (right, lower) = (
        pad + width.cast_signed() - 1,
        pad + height.cast_signed() - 1,
    );
    let sides = [
        hull.iter().any(|p| p.x <= pad),
        hull.iter().any(|p| p.y <= pad),
        hull.iter().any(|p| p.x >= right),
        hull.iter().any(|p| p.y >= lower),
    ];
    sides.into_iter().filter(|touched| *touched).count()
}

/// The largest quadrilateral that the hull holds; for a sheet of paper, its corners.
fn four_corners(hull: &[imageproc::point::Point<i32>]) -> Option<Quad> {
    // Steps between pixels, and rounded corners, make vertices that are none.
    let around = arc_length(hull, true);
    let points = (1..=8)
        .map(|step| approximate_polygon_dp(hull, f64::from(step) * around * 0.0015, true))
        .find(|points| points.len() <= MOST_VERTICES)?;
    let pad = f64::from(PADDING) - 0.5;
    let points: Vec<_> = points
        .into_iter()
        .map(|p| Point::new(f64::from(p.x) - pad, f64::from(p.y) - pad))
        .collect();
    let count = points.len();
    let mut largest: Option<(f64, [usize; 4])> = None;
    for a in 0..count {
        for b in a + 1..count {
            for c in b + 1..count {
                for d in c + 1..count {
                    // Half the cross product of its diagonals.
                    let (p, q) = (points[a], points[c]);
                    let (r, s) = (points[b], points[d]);
                    let area = ((q.x - p.x) * (s.y - r.y) - (q.y - p.y) * (s.x - r.x)).abs();
                    if largest.is_none_or(|(most, _)| area > most) {
                        largest = Some((area, [a, b, c, d]));
                    }
                }
            }
        }
    }
    Quad::new(largest?.1.map(|i| points[i]))
}

/// Median inside minus median outside.
fn contrast(grey: &GrayImage, sheet: &GrayImage) -> i32 {
    let mut inside = [0u32; 256];
    let mut outside = [0u32; 256];
    for (x, y, Luma([value])) in grey.enumerate_pixels() {
        let Luma([mask]) = *sheet.get_pixel(x + PADDING, y + PADDING);
        let side = if mask > 0 { &mut inside } else { &mut outside };
        side[usize::from(*value)] += 1;
    }
    match (median(&inside), median(&outside)) {
        (Some(inside), Some(outside)) => inside - outside,
        _ => 0,
    }
}

/// Whether nothing is printed around it. A dark picture on a page is no booklet on a table.
fn clean_around(grey: &GrayImage, sheet: &GrayImage) -> bool {
    // What the morphology may have cut off at corners belongs to it.
    let near = |x: u32, y: u32| {
        let on = |dx: u32, dy: u32| sheet.get_pixel(x + dx, y + dy).0[0] > 0;
        let steps = [PADDING - 6, PADDING, PADDING + 6];
        steps.iter().any(|dx| steps.iter().any(|dy| on(*dx, *dy)))
    };
    let mut around = [0u32; 256];
    for (x, y, Luma([value])) in grey.enumerate_pixels() {
        if !near(x, y) {
            around[usize::from(*value)] += 1;
        }
    }
    let table = median(&around).unwrap_or(0);
    let printed: u32 = around[..(table - DARKER).max(0) as usize].iter().sum();
    f64::from(printed) <= f64::from(around.iter().sum::<u32>()) * MOST_PRINTED
}

fn median(histogram: &[u32; 256]) -> Option<i32> {
    let all: u32 = histogram.iter().sum();
    let mut below = 0;
    (0..256i32).find(|&value| {
        below += histogram[value as usize];
        all > 0 && below * 2 >= all
    })
}
