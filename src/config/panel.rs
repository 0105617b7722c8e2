//! `panel.toml`: the size of the touch panel, from which every size on the screen is derived.

use super::reader::Section;

/// The touch panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Panel {
    /// Width of the picture in millimetres, as the panel stands.
    pub width_mm: f32,
    /// Height of the picture in millimetres, as the panel stands.
    pub height_mm: f32,
    /// Whether the program takes the whole screen; false only for trying out.
    pub fullscreen: bool,
}

impl Default for Panel {
    /// A 21.5-inch panel standing upright.
    fn default() -> Self {
        Self {
            width_mm: 268.0,
            height_mm: 476.0,
            fullscreen: true,
        }
    }
}

impl Panel {
    pub(super) fn read(section: &Section<'_>) -> Self {
        Self {
            width_mm: section.number("width_mm", 100..=2000, None) as f32,
            height_mm: section.number("height_mm", 100..=2000, None) as f32,
            fullscreen: section.boolean("fullscreen", true),
        }
    }
}
