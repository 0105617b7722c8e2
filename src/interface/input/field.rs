//! A field that shows its own text and caret; no system input method is involved.

use std::borrow::Cow;

use iced::widget::{button, column, container, row, space};
use iced::{Center, Element, Fill};

use crate::interface::theme::Ui;
use crate::interface::theme::style::{self, Kind};

/// What a field shows.
pub struct Face<'a> {
    /// Above the field.
    pub label: &'a str,
    /// The text so far.
    pub text: Cow<'a, str>,
    /// Letters that are not yet a word.
    pub composing: &'a str,
    /// Grey, while the text is empty.
    pub placeholder: Cow<'a, str>,
    /// A line of help under it.
    pub help: Option<Cow<'a, str>>,
    /// Why the text does not fit; takes the place of the help.
    pub problem: Option<Cow<'a, str>>,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether the keyboard writes here.
    pub focused: bool,
}

/// What is asked, and whether it may stay empty.
pub fn label<'a, M: 'a>(ui: &Ui, words: &'a str, optional: bool) -> Element<'a, M> {
    row![
        ui.body(words),
        if optional {
            ui.caption(t!("field.optional"))
        } else {
            ui.caption(t!("field.required")).color(ui.palette().urgent)
        }
    ]
    .spacing(ui.mm(3.0))
    .align_y(Center)
    .into()
}

/// Draws the field; a tap sends `on_press`.
pub fn view<'a, M: Clone + 'a>(ui: &Ui, face: Face<'a>, on_press: M) -> Element<'a, M> {
    let p = ui.palette();
    let label = label(ui, face.label, face.optional);
    let caret: Element<'a, M> = if face.focused {
        container(space())
            .width(ui.mm(0.8).max(2.0))
            .height(ui.text_mm(11.0))
            .style(style::fill(p.primary))
            .into()
    } else {
        space().into()
    };
    let empty = face.text.is_empty() && face.composing.is_empty();
    let line = if empty {
        row![caret, ui.body(face.placeholder).color(p.text_faint)]
    } else {
        row![
            ui.strong(face.text),
            ui.body(face.composing).color(p.primary),
            caret,
        ]
    }
    .spacing(ui.mm(0.6))
    .align_y(Center);
    let wrong = face.problem.is_some();
    let boxed = button(
        container(line)
            .padding([0.0, ui.pad() * 0.8])
            .width(Fill)
            .center_y(ui.text_mm(25.0))
            .style(style::field(ui, face.focused, wrong)),
    )
    .padding(0)
    .style(style::button(ui, Kind::Bare))
    .on_press(on_press);
    let mut all = column![label, boxed].spacing(ui.mm(1.6));
    if let Some(problem) = face.problem {
        all = all.push(ui.label(problem).color(p.urgent));
    } else if let Some(help) = face.help {
        all = all.push(ui.caption(help));
    }
    all.into()
}
