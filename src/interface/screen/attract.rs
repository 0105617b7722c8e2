//! 待机: what can be done here, and how to begin.

use iced::alignment::Horizontal;
use iced::widget::{Row, button, column, container, row, space};
use iced::{Center, Element, Fill};

use crate::interface::theme::style::{self, Kind};
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{Face, action};

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// Touched the screen.
    Start,
    /// Begins in the other language.
    OtherLanguage,
}

/// What the attract screen shows of the place.
pub struct Facts<'a> {
    /// 青川县 · 青溪镇.
    pub place: &'a str,
    /// 11月23日 星期一.
    pub day: &'a str,
    /// 14:32.
    pub time: &'a str,
    /// 12345.
    pub hotline: &'a str,
    /// Whether a card reader is fitted and well.
    pub card_reader: bool,
}

/// The whole panel is the button, but for the one to begin in the other language.
pub fn view<'a>(ui: &Ui, facts: &Facts<'a>) -> Element<'a, Message> {
    let p = ui.palette();
    let on = p.on_primary;
    let top = row![
        container(ui.body(facts.place).color(on)).width(Fill),
        ui.strong(facts.day).color(on),
        ui.strong(facts.time).color(on),
    ]
    .spacing(ui.mm(9.0))
    .align_y(Center);
    let language = container(
        action(
            ui,
            Kind::Inverse,
            Face::words(t!("bar.language")).before(Icon::Languages),
            Some(Message::OtherLanguage),
        )
        .width(ui.text_mm(72.0))
        .height(ui.text_mm(20.0)),
    )
    .align_right(Fill);
    let top = column![top, language].spacing(ui.mm(6.0));
    let words = column![
        ui.display(t!("attract.promise_1")).color(on),
        ui.display(t!("attract.promise_2")).color(on),
        space().height(ui.mm(12.0)),
        ui.heading(t!("attract.line_1"))
            .font(crate::interface::theme::type_roles::REGULAR)
            .color(on),
        ui.heading(t!("attract.line_2"))
            .font(crate::interface::theme::type_roles::REGULAR)
            .color(on),
    ];
    let tiles = [
        (
            Icon::BookOpen,
            t!("attract.guides"),
            t!("attract.guides_note"),
        ),
        (Icon::FileText, t!("attract.file"), t!("attract.file_note")),
        (Icon::Users, t!("attract.help"), t!("attract.help_note")),
    ]
    .map(|(icon, title, note)| {
        container(
            column![
                ui.icon(icon, 20.0, on),
                ui.heading(title).color(on),
                ui.caption(note).color(on),
            ]
            .spacing(ui.mm(3.0))
            .align_x(Horizontal::Center)
            .width(Fill),
        )
        .padding([ui.mm(12.0), ui.mm(4.0)])
        .width(Fill)
        .style(style::rounded(p.primary_raised, ui.corner()))
        .into()
    });
    let tiles = Row::with_children(tiles).spacing(ui.mm(9.0));
    let start = container(ui.title(t!("attract.start")).color(p.primary))
        .center_x(Fill)
        .center_y(ui.text_mm(47.0))
        .style(style::rounded(p.on_primary, ui.corner() * 1.2));
    let foot = row![
        container(
            ui.body(if facts.card_reader {
                t!("attract.or_card")
            } else {
                t!("attract.ask_staff")
            })
            .color(on)
        )
        .width(Fill),
        ui.body(t!("attract.hotline", number = facts.hotline))
            .color(on),
    ]
    .align_y(Center);

    let content: Element<'a, Message> = match ui.shape() {
        Shape::Portrait => column![
            top,
            space().height(Fill),
            words,
            space().height(ui.mm(28.0)),
            tiles,
            space().height(Fill),
            start,
            space().height(ui.mm(9.0)),
            foot,
        ]
        .into(),
        Shape::Landscape => column![
            top,
            space().height(Fill),
            row![
                container(words).width(Fill),
                column![tiles, space().height(ui.mm(12.0)), start].width(Fill)
            ]
            .spacing(ui.mm(16.0))
            .align_y(Center),
            space().height(Fill),
            foot,
        ]
        .into(),
    };
    button(
        container(content)
            .padding([ui.mm(24.0), ui.mm(20.0)])
            .width(Fill)
            .height(Fill)
            .style(style::fill(p.primary)),
    )
    .padding(0)
    .width(Fill)
    .height(Fill)
    .style(style::button(ui, Kind::Bare))
    .on_press(Message::Start)
    .into()
}
