//! 帮助: whom to call, where to go, who files for others free of charge.

use iced::widget::{Column, column, container, row};
use iced::{Center, Element, Fill};

use crate::config::Place;
use crate::interface::theme::style::Kind;
use crate::interface::theme::{Icon, Ui};
use crate::interface::widget::{action, divider};

/// Why help is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// 帮助.
    General,
    /// 请人代办.
    Agents,
    /// 没带身份证.
    NoCard,
}

/// What a person does here.
#[derive(Clone, Copy, Debug)]
pub enum Message {
    /// 知道了.
    Close,
}

/// A sheet over the screen.
pub fn view<'a>(ui: &Ui, about: About, place: &'a Place) -> Element<'a, Message> {
    let p = ui.palette();
    let (title, words) = match about {
        About::General => (t!("help.title"), t!("help.words")),
        About::Agents => (t!("help.agents"), t!("help.agents_words")),
        About::NoCard => (t!("help.no_card"), t!("help.no_card_words")),
    };
    let mut rows = Column::new().spacing(ui.mm(3.0));
    for agent in &place.agents {
        rows = rows.push(divider(ui)).push(
            row![
                ui.icon(Icon::Users, 11.0, p.primary),
                column![
                    ui.strong(agent.name.as_str()),
                    ui.caption(agent.hours.as_str())
                ]
                .width(Fill),
                ui.heading(agent.phone.as_str())
            ]
            .spacing(ui.mm(5.0))
            .align_y(Center),
        );
    }
    for hotline in &place.hotlines {
        rows = rows.push(divider(ui)).push(
            row![
                ui.icon(Icon::Phone, 11.0, p.primary),
                container(ui.strong(hotline.name.as_str())).width(Fill),
                ui.heading(hotline.number.as_str())
            ]
            .spacing(ui.mm(5.0))
            .align_y(Center),
        );
    }
    column![
        ui.title(title),
        ui.body(words),
        rows,
        ui.caption(t!("help.hours", hours = place.hours)),
        action(ui, Kind::Primary, t!("common.close"), Some(Message::Close)),
    ]
    .spacing(ui.gap())
    .into()
}
