//! The design system: sizes in millimetres, type roles, semantic styles. No screen knows a pixel or a colour.

pub mod icon;
pub mod palette;
pub mod style;
pub mod type_roles;
mod ui;

pub use icon::Icon;
pub use palette::Palette;
pub use ui::{Contrast, KEYBOARD_SHARE, Reach, Shape, TextScale, Ui};
