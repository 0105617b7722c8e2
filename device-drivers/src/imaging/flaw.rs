//! What a person should be asked about before a page is kept.

use super::ink;
use super::pixels::Page;
use super::sharpness::sharpness;

/// Something about a page that the person should be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageFlaw {
    /// There is almost nothing on it: perhaps the wrong way up.
    Blank,
    /// The print is smeared: it moved, or lies too near.
    Blurred,
    /// It has too few dots to be read.
    TooSmall,
    /// A part of it lies outside the picture.
    CutOff,
    /// A strip, not a page: it went in askew, or is folded.
    WrongShape,
    /// There was too little light.
    Dark,
    /// The same page was handed in before.
    Duplicate,
}

/// A page with fewer pixels on its shorter side than this holds no legible document.
const SHORTEST_SIDE: u32 = 200;
/// The longer side of a document is at most so many times the shorter one; till receipts are not
/// among the papers.
const LONGEST_SHAPE: u32 = 4;
/// Below this, print cannot be read (see [`sharpness`]).
const LEAST_SHARP: f64 = 0.19;
/// Paper that looks darker than this was not lit.
const LEAST_LIGHT: u8 = 70;

/// The first flaw that a page has by itself, the most telling one first.
pub(super) fn examine(page: &Page) -> Option<PageFlaw> {
    let (width, height) = page.dimensions();
    let (short, long) = (width.min(height), width.max(height));
    if short < SHORTEST_SIDE {
        return Some(PageFlaw::TooSmall);
    }
    if long > short * LONGEST_SHAPE {
        return Some(PageFlaw::WrongShape);
    }
    let grey = page.grey(super::encode::LONGEST_SIDE);
    if ink::paper(&grey) < LEAST_LIGHT {
        return Some(PageFlaw::Dark);
    }
    if ink::blank(&grey) {
        return Some(PageFlaw::Blank);
    }
    sharpness(page)
        .is_some_and(|sharp| sharp < LEAST_SHARP)
        .then_some(PageFlaw::Blurred)
}
