//! Type roles: title, heading, body, caption, numerals, each a size in millimetres.

use std::borrow::Cow;

use iced::font::{Family, Weight};
use iced::widget::Text;
use iced::widget::text::{IntoFragment, LineHeight, Shaping, Wrapping};
use iced::{Font, Theme};

use super::Ui;

/// The bundled family; renamed so that no system font competes.
pub const FAMILY: &str = "Jinban Sans";

/// Regular weight.
pub const REGULAR: Font = Font {
    family: Family::Name(FAMILY),
    weight: Weight::Normal,
    ..Font::DEFAULT
};

/// Bold weight.
pub const BOLD: Font = Font {
    weight: Weight::Bold,
    ..REGULAR
};

/// The fonts the program carries.
pub fn bundled() -> [Cow<'static, [u8]>; 2] {
    [
        Cow::Borrowed(crate::assets::FONT_REGULAR),
        Cow::Borrowed(crate::assets::FONT_BOLD),
    ]
}

/// Whether the ordinary fonts have every character of `text`.
pub fn covers(text: &str) -> bool {
    use ab_glyph::Font as _;
    ab_glyph::FontRef::try_from_slice(crate::assets::FONT_REGULAR).is_ok_and(|font| {
        text.chars()
            .all(|c| c.is_whitespace() || font.glyph_id(c).0 != 0)
    })
}

/// What a piece of text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The words of the attract screen.
    Display,
    /// What this screen is about.
    Title,
    /// What this card is about.
    Heading,
    /// Ordinary reading.
    Body,
    /// Never smaller than this.
    Caption,
}

impl Role {
    /// Em size in millimetres in 标准.
    pub fn em_mm(self) -> f32 {
        match self {
            Self::Display => 27.0,
            Self::Title => 15.5,
            Self::Heading => 10.8,
            Self::Body => 9.8,
            Self::Caption => 8.3,
        }
    }
}

/// Text with every property of its role.
fn roled<'a>(ui: &Ui, role: Role, font: Font, content: impl IntoFragment<'a>) -> Text<'a, Theme> {
    Text::new(content)
        .size(ui.text_mm(role.em_mm()))
        .font(font)
        .line_height(LineHeight::Relative(match role {
            Role::Display => 1.3,
            Role::Title => 1.32,
            _ => 1.42,
        }))
        .shaping(Shaping::Advanced)
        .wrapping(Wrapping::WordOrGlyph)
}

impl Ui {
    /// Attract screen only.
    pub fn display<'a>(&self, content: impl IntoFragment<'a>) -> Text<'a, Theme> {
        roled(self, Role::Display, BOLD, content)
    }

    /// What this screen is about.
    pub fn title<'a>(&self, content: impl IntoFragment<'a>) -> Text<'a, Theme> {
        roled(self, Role::Title, BOLD, content)
    }

    /// What this card is about.
    pub fn heading<'a>(&self, content: impl IntoFragment<'a>) -> Text<'a, Theme> {
        roled(self, Role::Heading, BOLD, content)
    }

    /// Ordinary reading.
    pub fn body<'a>(&self, content: impl IntoFragment<'a>) -> Text<'a, Theme> {
        roled(self, Role::Body, REGULAR, content)
    }

    /// A word that matters in ordinary reading.
    pub fn strong<'a>(&self, content: impl IntoFragment<'a>) -> Text<'a, Theme> {
        roled(self, Role::Body, BOLD, content)
    }

    /// Explanations.
    pub fn caption<'a>(&self, content: impl IntoFragment<'a>) -> Text<'a, Theme> {
        roled(self, Role::Caption, REGULAR, content).color(self.palette().text_soft)
    }

    /// A label that matters.
    pub fn label<'a>(&self, content: impl IntoFragment<'a>) -> Text<'a, Theme> {
        roled(self, Role::Caption, BOLD, content)
    }

    /// Numbers a person copies down: large, never broken.
    pub fn numerals<'a>(&self, content: impl IntoFragment<'a>) -> Text<'a, Theme> {
        roled(self, Role::Title, BOLD, content).wrapping(Wrapping::None)
    }
}
