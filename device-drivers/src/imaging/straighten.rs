//! Makes a rectangle of a page that was seen from an angle, and turns one that lies askew.

use image::{Rgb, RgbImage};
use imageproc::geometric_transformations::{
    Border, Interpolation, Projection, rotate_about_center, warp_into,
};

use super::pixels::Page;
use super::quad::Quad;

/// Longer side through shorter side of papers: A4 and its family, cards (GB/T 14916).
const SHAPES: [f64; 2] = [std::f64::consts::SQRT_2, 85.6 / 54.0];
/// How far a measured shape may be off to be taken for one of them; what is seen from an angle
/// looks shorter.
const LIKE: f64 = 0.05;
/// Larger pictures are not made, whatever the corners say.
const LONGEST: f64 = 8000.0;

/// The page within its corners, upright. None if the corners span next to nothing.
pub fn straighten(picture: &Page, quad: &Quad) -> Option<Page> {
    let (width, height) = size(quad)?;
    let (w, h) = (f64::from(width), f64::from(height));
    // The warp counts from the middles of pixels.
    let from = quad
        .corners()
        .map(|c| ((c.x - 0.5) as f32, (c.y - 0.5) as f32));
    let to = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]
        .map(|(x, y): (f64, f64)| ((x - 0.5) as f32, (y - 0.5) as f32));
    let projection = Projection::from_control_points(from, to)?;
    let mut page = Page::from(RgbImage::new(width, height));
    warp_into(
        picture,
        projection,
        Interpolation::Bilinear,
        Border::Replicate,
        &mut page,
    );
    Some(page)
}

fn size(quad: &Quad) -> Option<(u32, u32)> {
    let (width, height) = quad.size();
    let (short, long) = (width.min(height), width.max(height));
    if short < 16.0 {
        return None;
    }
    let seen = long / short;
    let shape = SHAPES
        .into_iter()
        .filter(|shape| (seen / shape - 1.0).abs() < LIKE)
        .min_by(|a, b| (seen - a).abs().total_cmp(&(seen - b).abs()))
        .unwrap_or(seen);
    let long = long.min(LONGEST);
    let (long, short) = (long.round() as u32, (long / shape).round().max(1.0) as u32);
    Some(if width > height {
        (long, short)
    } else {
        (short, long)
    })
}

/// The page turned by so many degrees clockwise, in the same frame; what comes in from outside is
/// paper.
pub(super) fn turned(page: &Page, degrees: f64, paper: u8) -> Page {
    Page::from(rotate_about_center(
        page,
        degrees.to_radians() as f32,
        Interpolation::Bilinear,
        Border::Constant(Rgb([paper; 3])),
    ))
}
