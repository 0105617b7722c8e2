//! From what a device saw to a page that can be kept: found, straightened, judged.

use super::flaw::{PageFlaw, examine};
use super::likeness::Likeness;
use super::outline::{Outline, find_page};
use super::pixels::Page;
use super::skew::skew;
use super::straighten::{straighten, turned};
use super::{ink, light};

/// What looked at the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lens {
    /// A flatbed or a feeder: even light, and the page lies on or under glass.
    Scanner,
    /// A camera above a table: the page is somewhere in the picture, at an angle, in a room's
    /// light.
    Camera,
}

/// Lines less askew than this, in degrees, are left as they are.
const STRAIGHT_ENOUGH: f64 = 0.3;

/// A page as it would be kept.
#[derive(Debug)]
pub struct PreparedPage {
    /// The page alone, upright.
    pub page: Page,
    /// What is doubtful about it.
    pub flaw: Option<PageFlaw>,
    /// How it looks, for comparing with others.
    pub likeness: Likeness,
}

/// Prepares what a device saw; `kept` is how the pages look that are there already.
pub fn prepare(picture: Page, lens: Lens, kept: &[Likeness]) -> PreparedPage {
    let outline = find_page(&picture);
    let cut = match outline {
        Outline::Whole(quad) => straighten(&picture, &quad),
        Outline::CutOff | Outline::Unseen => None,
    };
    let found = cut.is_some();
    let mut page = cut.unwrap_or(picture);
    let flaw = examine(&page);
    if !found && let Some(askew) = skew(&page).filter(|askew| askew.abs() >= STRAIGHT_ENOUGH) {
        page = turned(&page, -askew, ink::paper(&page.grey(400)));
    }
    if lens == Lens::Camera {
        light::even_out(&mut page);
    }
    let likeness = Likeness::of(&page);
    let cut_off = (lens == Lens::Camera && outline == Outline::CutOff).then_some(PageFlaw::CutOff);
    let again = || {
        let seen = kept.iter().any(|other| other.same_page(&likeness));
        seen.then_some(PageFlaw::Duplicate)
    };
    PreparedPage {
        flaw: cut_off.or(flaw).or_else(again),
        page,
        likeness,
    }
}
