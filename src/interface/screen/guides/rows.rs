//! Tiles and rows that guides and theme services are picked from.

use std::borrow::Cow;
use std::sync::Arc;

use iced::widget::{button, column, container, row, space};
use iced::{Center, Element, Fill};
use jinban_api::catalogue::Theme;
use jinban_api::documents::Bundle;

use super::Message;
use crate::catalogue::{GuideEntry, MatchReason};
use crate::interface::screen::home::plain_handling_badge;
use crate::interface::theme::style::{self, Kind, Tone};
use crate::interface::theme::{Icon, Ui};
use crate::interface::widget::{badge, list_row};

pub(super) fn theme_tile<'a>(ui: &Ui, theme: &Theme, count: usize) -> Element<'a, Message> {
    let icon = Icon::named(&theme.icon).unwrap_or(Icon::FileText);
    button(
        column![
            ui.icon(icon, 15.0, ui.palette().primary),
            space().height(ui.mm(1.0)),
            ui.heading(theme.name.clone()),
            ui.caption(t!("guides.count", count = count)),
        ]
        .spacing(ui.mm(0.4)),
    )
    .padding([ui.mm(6.5), ui.mm(6.5)])
    .width(Fill)
    .style(style::button(ui, Kind::Card))
    .on_press(Message::Theme(theme.id.clone()))
    .into()
}

/// A first letter.
pub(super) fn letter_tile<'a>(ui: &Ui, letter: char, count: usize) -> Element<'a, Message> {
    let name = match letter {
        '#' => t!("guides.no_letter"),
        letter => letter.to_string().into(),
    };
    let words = column![
        ui.title(name),
        ui.caption(t!("guides.count", count = count))
    ]
    .align_x(Center);
    button(container(words).center_x(Fill))
        .padding([ui.mm(5.0), ui.mm(2.0)])
        .width(Fill)
        .style(style::button(ui, Kind::Card))
        .on_press(Message::Letter(letter))
        .into()
}

pub(super) fn department_row<'a>(
    ui: &Ui,
    name: &'a Arc<str>,
    count: usize,
) -> Element<'a, Message> {
    card_row(
        ui,
        list_row(
            ui,
            &**name,
            Some(t!("guides.count", count = count)),
            None,
            Some(Message::Department(Arc::clone(name))),
        ),
    )
}

pub(super) fn guide_row<'a>(
    ui: &Ui,
    guide: &GuideEntry,
    why: Option<Cow<'a, str>>,
) -> Element<'a, Message> {
    let detail = why.or_else(|| Some(guide.department.to_string().into()));
    card_row(
        ui,
        list_row(
            ui,
            guide.name.clone(),
            detail,
            Some(plain_handling_badge(ui, guide.handling)),
            Some(Message::Open(guide.id.clone())),
        ),
    )
}

/// A theme service 一件事; in search results with a badge that says so.
pub(super) fn bundle_row<'a>(ui: &Ui, bundle: &'a Bundle, marked: bool) -> Element<'a, Message> {
    let icon = Icon::named(&bundle.icon).unwrap_or(Icon::Users);
    let words = list_row(
        ui,
        bundle.name.as_str(),
        Some(bundle.summary.as_str().into()),
        marked.then(|| badge(ui, Tone::Primary, t!("bundle.badge"))),
        Some(Message::Bundle(bundle.id.clone())),
    );
    let row = row![ui.icon(icon, 13.0, ui.palette().primary), words]
        .spacing(ui.mm(5.0))
        .align_y(Center);
    card_row(ui, row.into())
}

/// The way to the theme services, which are named.
pub(super) fn bundles_card<'a>(ui: &Ui, bundles: &[Bundle]) -> Element<'a, Message> {
    let names: Vec<_> = bundles.iter().map(|bundle| bundle.name.as_str()).collect();
    let p = ui.palette();
    button(
        row![
            ui.icon(Icon::Users, 15.0, p.primary),
            column![
                ui.heading(t!("bundle.title")),
                ui.caption(names.join(&t!("list.and")))
            ]
            .spacing(ui.mm(0.4))
            .width(Fill),
            ui.icon(Icon::ChevronRight, 10.0, p.text_soft),
        ]
        .spacing(ui.mm(6.0))
        .align_y(Center),
    )
    .padding([ui.mm(5.0), ui.mm(6.5)])
    .width(Fill)
    .style(style::button(ui, Kind::Card))
    .on_press(Message::Bundles)
    .into()
}

fn card_row<'a>(ui: &Ui, content: Element<'a, Message>) -> Element<'a, Message> {
    container(content)
        .padding([ui.mm(1.0), ui.mm(6.0)])
        .style(style::card(ui))
        .into()
}

/// Why a guide was found, in words.
pub(super) fn why(reason: &MatchReason) -> Cow<'static, str> {
    match reason {
        MatchReason::Name => t!("why.name"),
        MatchReason::Alias(word) => t!("why.alias", word = word),
        MatchReason::Word { said, means } => t!("why.word", said = said, means = means),
        MatchReason::Code(code) => t!("why.code", code = code),
        MatchReason::Department(department) => t!("why.department", department = department),
        MatchReason::Text => t!("why.summary"),
        MatchReason::Similar => t!("why.similar"),
    }
}
