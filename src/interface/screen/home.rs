//! 首页: what a person can do here, the large things first.

use std::sync::Arc;

use iced::widget::{Column, button, column, container, row, space};
use iced::{Center, Element, Fill};

use jinban_api::ids::GuideId;

use crate::catalogue::{GuideEntry, Handling};
use crate::interface::frame::Page;
use crate::interface::theme::style::{self, Kind, Tone};
use crate::interface::theme::type_roles::Role;
use crate::interface::theme::{Icon, Shape, TextScale, Ui};
use crate::interface::widget::{action, badge, card, divider, list_row};

/// How many guides are offered at once under 这个月常办.
pub const OFTEN: usize = 7;

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// 我要办事.
    File,
    /// 办事指南.
    Guides,
    /// The search box.
    Search,
    /// 进度查询.
    Progress,
    /// 补打回执.
    Reprint,
    /// 公告政策.
    Notices,
    /// 服务电话.
    Phones,
    /// 请人代办.
    Agents,
    /// 公告: one of the seasonal guides.
    Open(GuideId),
}

/// What a guide can do here, as a badge.
pub fn handling_badge<'a, M: 'a>(ui: &Ui, guide: &GuideEntry) -> Element<'a, M> {
    if let Some(words) = guide
        .season
        .as_ref()
        .and_then(|season| season.badge.clone())
    {
        return badge(ui, Tone::Warning, words);
    }
    plain_handling_badge(ui, guide.handling)
}

/// The same, season aside.
pub fn plain_handling_badge<'a, M: 'a>(ui: &Ui, handling: Handling) -> Element<'a, M> {
    match handling {
        Handling::Full => badge(ui, Tone::Success, t!("handling.full")),
        Handling::InPerson => badge(ui, Tone::Primary, t!("handling.in_person")),
        Handling::GuideOnly => badge(ui, Tone::Neutral, t!("handling.guide_only")),
    }
}

fn large_tile<'a>(
    ui: &Ui,
    kind: Kind,
    icon: Icon,
    title: std::borrow::Cow<'a, str>,
    note: std::borrow::Cow<'a, str>,
    message: Message,
) -> Element<'a, Message> {
    let p = ui.palette();
    let (ink, soft) = if kind == Kind::Primary {
        (p.on_primary, p.on_primary)
    } else {
        (p.primary, p.text_soft)
    };
    button(
        column![
            ui.icon(icon, 20.0, ink),
            space().height(ui.mm(1.5)),
            ui.title(title).size(ui.text_mm(14.0)).color(ink),
            ui.caption(note).color(soft),
        ]
        .spacing(ui.mm(0.8)),
    )
    .padding([ui.mm(9.0), ui.pad()])
    .width(Fill)
    .style(style::button(ui, kind))
    .on_press(message)
    .into()
}

fn small_tile<'a>(
    ui: &Ui,
    icon: Icon,
    title: std::borrow::Cow<'a, str>,
    note: std::borrow::Cow<'a, str>,
    message: Message,
) -> Element<'a, Message> {
    button(
        column![
            ui.icon(icon, 13.0, ui.palette().primary),
            space().height(ui.mm(1.0)),
            ui.heading(title),
        ]
        .push((ui.scale <= TextScale::Large).then(|| ui.caption(note)))
        .spacing(ui.mm(0.4)),
    )
    .padding([ui.mm(6.0), ui.mm(6.0)])
    .width(Fill)
    .style(style::button(ui, Kind::Card))
    .on_press(message)
    .into()
}

fn small_tiles<'a>(ui: &Ui) -> Element<'a, Message> {
    row![
        small_tile(
            ui,
            Icon::Clock,
            t!("home.progress"),
            t!("home.progress_note"),
            Message::Progress
        ),
        small_tile(
            ui,
            Icon::Printer,
            t!("home.reprint"),
            t!("home.reprint_note"),
            Message::Reprint
        ),
        small_tile(
            ui,
            Icon::Megaphone,
            t!("home.notices"),
            t!("home.notices_note"),
            Message::Notices
        ),
        small_tile(
            ui,
            Icon::Phone,
            t!("home.phones"),
            t!("home.phones_note"),
            Message::Phones
        ),
    ]
    .spacing(ui.gap())
    .into()
}

/// The greeting, in lines of about equal length where it does not fit on one.
fn greeting_words(ui: &Ui) -> String {
    let width = match ui.shape() {
        Shape::Portrait => ui.window.width,
        Shape::Landscape => ui.window.width / 2.0,
    };
    let em = ui.text_mm(Role::Title.em_mm());
    let per_line = (width - 2.0 * ui.margin()) / em;
    crate::typography::balanced(&t!("home.greeting"), per_line as usize)
}

/// Draws the home screen with the guides that are in season.
pub fn view<'a>(ui: &Ui, seasonal: &[Arc<GuideEntry>]) -> Page<'a, Message> {
    let p = ui.palette();
    let greeting = column![
        ui.title(greeting_words(ui)),
        ui.body(t!("home.greeting_note")).color(p.text_soft),
    ];
    let search = button(
        row![
            ui.icon(Icon::Search, 11.0, p.text_soft),
            container(ui.body(t!("home.search_hint")).color(p.text_faint)).width(Fill),
            badge(ui, Tone::Primary, t!("home.search_way")),
        ]
        .spacing(ui.mm(6.0))
        .align_y(Center),
    )
    .padding([ui.mm(6.0), ui.pad()])
    .width(Fill)
    .style(style::button(ui, Kind::Secondary))
    .on_press(Message::Search);
    let large = row![
        large_tile(
            ui,
            Kind::Primary,
            Icon::FileText,
            t!("home.file"),
            t!("home.file_note"),
            Message::File
        ),
        large_tile(
            ui,
            Kind::Card,
            Icon::BookOpen,
            t!("home.guides"),
            t!("home.guides_note"),
            Message::Guides
        ),
    ]
    .spacing(ui.gap());
    let small = small_tiles(ui);
    let mut season: Column<'a, Message> = column![
        row![
            container(ui.heading(t!("home.season"))).width(Fill),
            button(ui.caption(t!("home.all")))
                .padding([ui.mm(3.5), ui.mm(2.0)])
                .style(style::button(ui, Kind::Bare))
                .on_press(Message::Guides),
        ]
        .align_y(Center)
    ];
    // The larger the text, the fewer rows fit beside what everybody needs.
    let shown = match (ui.shape(), ui.scale) {
        (Shape::Landscape, TextScale::Standard) => 7,
        (Shape::Landscape, TextScale::Large) | (Shape::Portrait, TextScale::Standard) => 5,
        (Shape::Landscape, _) | (Shape::Portrait, TextScale::Large) => 2,
        (Shape::Portrait, _) => 0,
    };
    for guide in seasonal.iter().take(shown) {
        season = season.push(divider(ui)).push(list_row(
            ui,
            guide.display_name().to_owned(),
            None,
            Some(handling_badge(ui, guide)),
            Some(Message::Open(guide.id.clone())),
        ));
    }
    let season = card(ui, season);
    let agents = container(
        row![
            ui.icon(Icon::Users, 15.0, p.urgent),
            column![
                ui.heading(t!("home.agents")),
                ui.caption(t!("home.agents_note"))
            ]
            .width(Fill),
            action(
                ui,
                Kind::Urgent,
                t!("home.agents_do"),
                Some(Message::Agents)
            )
            .width(ui.text_mm(64.0)),
        ]
        .spacing(ui.mm(6.0))
        .align_y(Center),
    )
    .padding([ui.mm(5.0), ui.pad()])
    .style(style::notice(ui, Tone::Urgent));
    let body: Element<'a, Message> = match ui.shape() {
        Shape::Portrait => column![greeting, search, large, small]
            .push((shown > 0).then_some(season))
            .push(agents)
            .spacing(ui.gap())
            .into(),
        Shape::Landscape => row![
            column![greeting, search, large, small]
                .spacing(ui.gap())
                .width(Fill),
            column![season, agents].spacing(ui.gap()).width(Fill),
        ]
        .spacing(ui.gap() * 1.6)
        .into(),
    };
    Page::new(body)
}
