//! The sizes and weights of type for each paper.

use super::PaperWidth;
use super::font::{Style, Weight};
use super::paper::Medium;

/// The styles of one paper. Chinese on paper is read by old eyes: text is 3.5 mm or more.
pub(super) struct Styles {
    pub title: Style,
    pub heading: Style,
    pub text: Style,
    pub value: Style,
    pub small: Style,
    pub banner: Style,
}

impl Styles {
    pub fn of(paper: PaperWidth) -> Self {
        let [title, heading, text, small, banner] = match paper {
            PaperWidth::Dots384 => [38, 32, 28, 24, 42],
            PaperWidth::Dots512 => [42, 32, 27, 22, 46],
            PaperWidth::Dots576 => [48, 36, 30, 24, 52],
        };
        Self::sized(title, heading, text, small, banner)
    }

    /// For a sheet that is held in both hands: larger than on a slip, and still many to a page.
    pub fn of_sheet(sheet: Medium) -> Self {
        let [title, heading, text, small, banner] =
            [8.0, 5.6, 4.8, 4.0, 8.0].map(|millimetres| sheet.dots_in(millimetres));
        Self::sized(title, heading, text, small, banner)
    }

    fn sized(title: u32, heading: u32, text: u32, small: u32, banner: u32) -> Self {
        let bold = |em| Style {
            weight: Weight::Bold,
            em,
        };
        let regular = |em| Style {
            weight: Weight::Regular,
            em,
        };
        Self {
            title: bold(title),
            heading: bold(heading),
            text: regular(text),
            value: bold(text),
            small: regular(small),
            banner: bold(banner),
        }
    }
}
