//! Styles by meaning: cards, bars, buttons, badges.

use iced::widget::{button as iced_button, container};
use iced::{Background, Border, Color, Theme, border};

use super::{Palette, Ui};

/// What a coloured thing says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Neutral,
    /// Belongs to the main action, or simply informs.
    Primary,
    /// It went well, it can be done.
    Success,
    /// Somebody has to do something.
    Warning,
    /// Urgent or irreversible.
    Urgent,
}

impl Tone {
    /// Words in this tone.
    pub fn ink(self, p: &Palette) -> Color {
        match self {
            Self::Neutral => p.text,
            Self::Primary => p.primary,
            Self::Success => p.success,
            Self::Warning => p.warning,
            Self::Urgent => p.urgent,
        }
    }

    /// The quiet field behind those words.
    pub fn tint(self, p: &Palette) -> Color {
        match self {
            Self::Neutral => p.ground,
            Self::Primary => p.primary_tint,
            Self::Success => p.success_tint,
            Self::Warning => p.warning_tint,
            Self::Urgent => p.urgent_tint,
        }
    }
}

fn edge_of(ui: &Ui, color: Color, width_mm: f32) -> Border {
    border::rounded(ui.corner())
        .color(color)
        .width(ui.mm(width_mm).max(1.0))
}

/// A hairline instead of a shadow: the software renderer repaints only what changed, and a translucent
/// shadow painted twice is darker than one painted once.
fn card_edge(ui: &Ui) -> Border {
    match ui.contrast {
        super::Contrast::Standard => edge_of(ui, ui.palette().line, 0.25),
        super::Contrast::High => high_contrast_edge(ui),
    }
}

fn high_contrast_edge(ui: &Ui) -> Border {
    match ui.contrast {
        super::Contrast::Standard => border::rounded(ui.corner()),
        super::Contrast::High => edge_of(ui, ui.palette().edge, 0.6),
    }
}

/// A white card.
pub fn card(ui: &Ui) -> impl Fn(&Theme) -> container::Style + use<> {
    let ui = *ui;
    move |_| container::Style {
        background: Some(Background::Color(ui.palette().surface)),
        border: card_edge(&ui),
        text_color: Some(ui.palette().text),
        ..container::Style::default()
    }
}

/// Which rows of a card that is made of several a part holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The first row: round at the top.
    First,
    /// Neither first nor last.
    Middle,
    /// The last row: round at the bottom.
    Last,
}

/// A part of a white card that pages may be turned within.
pub fn segment(ui: &Ui, segment: Segment) -> impl Fn(&Theme) -> container::Style + use<> {
    let ui = *ui;
    move |_| {
        let round = ui.corner();
        let radius = match segment {
            Segment::First => border::top(round),
            Segment::Middle => border::Radius::default(),
            Segment::Last => border::bottom(round),
        };
        container::Style {
            background: Some(Background::Color(ui.palette().surface)),
            border: Border {
                radius,
                ..Border::default()
            },
            text_color: Some(ui.palette().text),
            ..container::Style::default()
        }
    }
}

/// A tinted card that says something.
pub fn notice(ui: &Ui, tone: Tone) -> impl Fn(&Theme) -> container::Style + use<> {
    let ui = *ui;
    move |_| container::Style {
        background: Some(Background::Color(tone.tint(&ui.palette()))),
        border: high_contrast_edge(&ui),
        text_color: Some(ui.palette().text),
        ..container::Style::default()
    }
}

/// A small coloured word.
pub fn badge(ui: &Ui, tone: Tone) -> impl Fn(&Theme) -> container::Style + use<> {
    let ui = *ui;
    move |_| container::Style {
        background: Some(Background::Color(tone.tint(&ui.palette()))),
        border: border::rounded(ui.mm(2.0)),
        text_color: Some(tone.ink(&ui.palette())),
        ..container::Style::default()
    }
}

/// A plain field of one colour.
pub fn fill(color: Color) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style {
        background: Some(Background::Color(color)),
        ..container::Style::default()
    }
}

/// What everything stands on.
pub fn ground(ui: &Ui) -> impl Fn(&Theme) -> container::Style + use<> {
    let p = ui.palette();
    move |_| container::Style {
        background: Some(Background::Color(p.ground)),
        text_color: Some(p.text),
        ..container::Style::default()
    }
}

/// A field of one colour with round corners.
pub fn rounded(color: Color, radius: f32) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style {
        background: Some(Background::Color(color)),
        border: border::rounded(radius),
        ..container::Style::default()
    }
}

/// An input field; the one being filled has the primary edge.
pub fn field(ui: &Ui, focused: bool, wrong: bool) -> impl Fn(&Theme) -> container::Style + use<> {
    let ui = *ui;
    move |_| {
        let p = ui.palette();
        let (color, width) = if wrong {
            (p.urgent, 0.8)
        } else if focused {
            (p.primary, 0.8)
        } else {
            (p.edge, 0.5)
        };
        container::Style {
            background: Some(Background::Color(p.surface)),
            border: edge_of(&ui, color, width),
            text_color: Some(p.text),
            ..container::Style::default()
        }
    }
}

/// What a button is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The one primary action of a screen.
    Primary,
    /// Another way on.
    Secondary,
    /// A quiet choice on a tint.
    Tonal,
    /// Urgent or irreversible.
    Urgent,
    /// A card that can be tapped.
    Card,
    /// Only words or an icon.
    Bare,
    /// A choice that is taken.
    Chosen,
    /// White on the blue attract ground.
    Inverse,
    /// A key of the on-screen keyboard.
    Key,
}

/// The look of a button. Hovered looks like active: after a touch the hover would stick.
pub fn button(
    ui: &Ui,
    kind: Kind,
) -> impl Fn(&Theme, iced_button::Status) -> iced_button::Style + use<> {
    let ui = *ui;
    move |_, status| {
        let p = ui.palette();
        let pressed = status == iced_button::Status::Pressed;
        let disabled = status == iced_button::Status::Disabled;
        let plain = |background: Color, text_color: Color| iced_button::Style {
            background: Some(Background::Color(background)),
            text_color,
            border: high_contrast_edge(&ui),
            ..iced_button::Style::default()
        };
        let style = match kind {
            Kind::Primary => plain(
                if pressed {
                    p.primary_pressed
                } else {
                    p.primary
                },
                p.on_primary,
            ),
            Kind::Secondary => iced_button::Style {
                border: edge_of(&ui, p.edge, 0.5),
                ..plain(if pressed { p.primary_tint } else { p.surface }, p.text)
            },
            Kind::Tonal => plain(if pressed { p.line } else { p.primary_tint }, p.primary),
            Kind::Urgent => iced_button::Style {
                border: edge_of(&ui, p.urgent, 0.5),
                ..plain(if pressed { p.urgent_tint } else { p.surface }, p.urgent)
            },
            Kind::Card => iced_button::Style {
                border: card_edge(&ui),
                ..plain(if pressed { p.primary_tint } else { p.surface }, p.text)
            },
            Kind::Bare => iced_button::Style {
                background: pressed.then_some(Background::Color(p.primary_tint)),
                text_color: p.text,
                border: border::rounded(ui.corner()),
                ..iced_button::Style::default()
            },
            Kind::Chosen => iced_button::Style {
                border: edge_of(&ui, p.primary, 0.8),
                ..plain(p.primary_tint, p.primary)
            },
            Kind::Inverse => plain(
                if pressed {
                    p.primary_tint
                } else {
                    p.on_primary
                },
                p.primary,
            ),
            Kind::Key => iced_button::Style {
                border: border::rounded(ui.mm(3.0)),
                ..plain(if pressed { p.primary_tint } else { p.surface }, p.text)
            },
        };
        if disabled && kind != Kind::Card {
            iced_button::Style {
                background: Some(Background::Color(p.line)),
                text_color: p.text_soft,
                border: border::rounded(ui.corner()),
                ..style
            }
        } else {
            style
        }
    }
}
