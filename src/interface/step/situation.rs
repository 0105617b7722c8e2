//! Step: which situation 情形 the person is in, one question a page.

use iced::widget::{Column, button, column, container, row};
use iced::{Center, Element, Fill};
use jinban_api::guide::{Situation, SituationOption};
use jinban_api::ids::OptionId;

use crate::filing::Draft;
use crate::interface::theme::style::{self, Kind};
use crate::interface::theme::{Icon, Ui};

/// Which question is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asking {
    /// Index into the guide's situations.
    pub question: usize,
}

impl Asking {
    /// The question itself.
    pub fn of(self, draft: &Draft) -> Option<&Situation> {
        draft.guide().situations.get(self.question)
    }
}

/// Draws the question; a tap sends the option.
pub fn view<'a>(ui: &Ui, draft: &'a Draft, asking: Asking) -> Element<'a, OptionId> {
    let Some(situation) = asking.of(draft) else {
        return column![].into();
    };
    let chosen = draft.situation(&situation.id);
    column![
        container(ui.title(situation.question.as_str())).padding([ui.mm(4.0), 0.0]),
        Column::with_children(options(ui, situation, chosen)).spacing(ui.gap()),
    ]
    .spacing(ui.gap())
    .into()
}

/// The answers as large buttons, the `chosen` one marked; a tap sends the option.
pub fn options<'a>(
    ui: &Ui,
    situation: &'a Situation,
    chosen: Option<&OptionId>,
) -> Vec<Element<'a, OptionId>> {
    let p = ui.palette();
    let button_of = |option: &'a SituationOption| {
        let taken = chosen == Some(&option.id);
        let mut words = column![ui.heading(option.label.as_str())]
            .spacing(ui.mm(1.0))
            .width(Fill);
        if let Some(hint) = &option.hint {
            words = words.push(ui.caption(hint.as_str()));
        }
        let mark = if taken {
            ui.icon(Icon::CircleCheck, 12.0, p.primary)
        } else {
            ui.icon(Icon::ChevronRight, 10.0, p.text_soft)
        };
        button(row![words, mark].spacing(ui.mm(4.0)).align_y(Center))
            .padding([ui.mm(8.0), ui.pad()])
            .width(Fill)
            .style(style::button(
                ui,
                if taken { Kind::Chosen } else { Kind::Card },
            ))
            .on_press(option.id.clone())
            .into()
    };
    situation.options.iter().map(button_of).collect()
}
