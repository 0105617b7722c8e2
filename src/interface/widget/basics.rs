//! Cards, badges, buttons and notices in the house's look.

use iced::alignment::{Horizontal, Vertical};
use iced::widget::text::IntoFragment;
use iced::widget::{Column, Row, button, column, container, row, rule, space};
use iced::{Center, Element, Fill, Theme};

use crate::interface::theme::style::{self, Kind, Tone};
use crate::interface::theme::{Icon, Ui};

/// A white card around `content`.
pub fn card<'a, M: 'a>(ui: &Ui, content: impl Into<Element<'a, M>>) -> Element<'a, M> {
    container(content)
        .padding([ui.pad() * 0.8, ui.pad()])
        .width(Fill)
        .style(style::card(ui))
        .into()
}

/// A card with a coloured heading over its content.
pub fn titled_card<'a, M: 'a>(
    ui: &Ui,
    title: impl IntoFragment<'a>,
    content: impl Into<Element<'a, M>>,
) -> Element<'a, M> {
    card(
        ui,
        column![ui.label(title).color(ui.palette().primary), content.into()].spacing(ui.tight()),
    )
}

/// A small coloured word.
pub fn badge<'a, M: 'a>(ui: &Ui, tone: Tone, word: impl IntoFragment<'a>) -> Element<'a, M> {
    container(ui.label(word).color(tone.ink(&ui.palette())))
        .padding([ui.mm(1.0), ui.mm(4.0)])
        .style(style::badge(ui, tone))
        .into()
}

/// A thin line between rows.
pub fn divider<'a, M: 'a>(ui: &Ui) -> Element<'a, M> {
    let color = ui.palette().line;
    rule::horizontal(ui.mm(0.4).max(1.0))
        .style(move |_: &Theme| rule::Style {
            color,
            radius: 0.0.into(),
            fill_mode: rule::FillMode::Full,
            snap: true,
        })
        .into()
}

/// What a button says, beside an icon where it has one.
#[derive(Clone, Debug)]
pub struct Face<'a> {
    words: std::borrow::Cow<'a, str>,
    before: Option<Icon>,
    after: Option<Icon>,
}

impl<'a> Face<'a> {
    /// Words only.
    pub fn words(words: impl Into<std::borrow::Cow<'a, str>>) -> Self {
        Self {
            words: words.into(),
            before: None,
            after: None,
        }
    }

    /// With an icon before the words.
    pub fn before(mut self, icon: Icon) -> Self {
        self.before = Some(icon);
        self
    }

    /// With an icon after the words.
    pub fn after(mut self, icon: Icon) -> Self {
        self.after = Some(icon);
        self
    }
}

impl<'a, T: Into<std::borrow::Cow<'a, str>>> From<T> for Face<'a> {
    fn from(words: T) -> Self {
        Self::words(words)
    }
}

fn ink(ui: &Ui, kind: Kind, enabled: bool) -> iced::Color {
    let p = ui.palette();
    if !enabled {
        return p.text_soft;
    }
    match kind {
        Kind::Primary => p.on_primary,
        Kind::Tonal | Kind::Chosen | Kind::Inverse => p.primary,
        Kind::Urgent => p.urgent,
        Kind::Secondary | Kind::Card | Kind::Bare | Kind::Key => p.text,
    }
}

/// An ordinary button, 27 mm high; without a message it is shown as not available.
pub fn action<'a, M: Clone + 'a>(
    ui: &Ui,
    kind: Kind,
    face: impl Into<Face<'a>>,
    on_press: Option<M>,
) -> button::Button<'a, M> {
    let face = face.into();
    let color = ink(ui, kind, on_press.is_some());
    let mut words = Row::new().spacing(ui.mm(3.0)).align_y(Center);
    if let Some(icon) = face.before {
        words = words.push(ui.icon(icon, 10.0, color));
    }
    words = words.push(ui.strong(face.words).color(color));
    if let Some(icon) = face.after {
        words = words.push(ui.icon(icon, 10.0, color));
    }
    button(
        container(words)
            .align_x(Horizontal::Center)
            .align_y(Vertical::Center)
            .center_y(Fill)
            .center_x(Fill),
    )
    .height(ui.text_mm(27.0))
    .padding([0.0, ui.mm(5.0)])
    .style(style::button(ui, kind))
    .on_press_maybe(on_press)
}

/// A button beside words that it is about, 16 mm high: large enough for a finger, too small for the main thing.
pub fn small_action<'a, M: Clone + 'a>(
    ui: &Ui,
    face: impl Into<Face<'a>>,
    on_press: M,
) -> Element<'a, M> {
    let face = face.into();
    let color = ink(ui, Kind::Tonal, true);
    let icon = face.before.map(|icon| ui.icon(icon, 8.0, color));
    let words = Row::new()
        .push(icon)
        .push(ui.label(face.words).color(color))
        .spacing(ui.mm(2.0))
        .align_y(Center);
    button(container(words).center_y(Fill))
        .height(ui.text_mm(16.0))
        .padding([0.0, ui.mm(4.5)])
        .style(style::button(ui, Kind::Tonal))
        .on_press(on_press)
        .into()
}

/// A tinted card with an icon: what happened, and what to do now.
pub fn notice<'a, M: 'a>(
    ui: &Ui,
    tone: Tone,
    icon: Icon,
    title: impl IntoFragment<'a>,
    detail: impl IntoFragment<'a>,
) -> Element<'a, M> {
    container(
        row![
            ui.icon(icon, 13.0, tone.ink(&ui.palette())),
            column![
                ui.strong(title),
                ui.caption(detail).color(ui.palette().text)
            ]
            .spacing(ui.mm(1.0))
            .width(Fill)
        ]
        .spacing(ui.mm(7.0))
        .align_y(Center),
    )
    .padding([ui.pad() * 0.7, ui.pad()])
    .width(Fill)
    .style(style::notice(ui, tone))
    .into()
}

/// A numbered round mark, as before the rows of a list.
pub fn number<'a, M: 'a>(ui: &Ui, n: usize) -> Element<'a, M> {
    let side = ui.text_mm(12.5);
    container(ui.label(n.to_string()).color(ui.palette().primary))
        .center(side)
        .style(style::rounded(ui.palette().primary_tint, side / 2.0))
        .into()
}

/// A tap-able row of a list: main words, explaining words, and something at the end.
pub fn list_row<'a, M: Clone + 'a>(
    ui: &Ui,
    main: impl IntoFragment<'a>,
    detail: Option<std::borrow::Cow<'a, str>>,
    end: Option<Element<'a, M>>,
    on_press: Option<M>,
) -> Element<'a, M> {
    let mut words: Column<'a, M> = column![ui.body(main)].spacing(ui.mm(0.5)).width(Fill);
    if let Some(detail) = detail {
        words = words.push(ui.caption(detail));
    }
    let mut line = row![words].spacing(ui.mm(4.0)).align_y(Center);
    if let Some(end) = end {
        line = line.push(end);
    }
    line = line.push(ui.icon(Icon::ChevronRight, 8.0, ui.palette().text_soft));
    button(line)
        .padding([ui.mm(4.2), ui.mm(1.0)])
        .width(Fill)
        .style(style::button(ui, Kind::Bare))
        .on_press_maybe(on_press)
        .into()
}

/// 上一页 / 下一页 with where one is; nothing when there is one page only.
pub fn pager<'a, M: Clone + 'a>(
    ui: &Ui,
    turn: super::Turn,
    back: M,
    next: M,
) -> Option<Element<'a, M>> {
    (turn.pages > 1).then(|| {
        turner(
            ui,
            t!("pager.where", page = turn.page + 1, pages = turn.pages),
            (turn.page > 0).then_some(back),
            (turn.page + 1 < turn.pages).then_some(next),
        )
    })
}

/// The same for a list of `count` children that is turned chapter by chapter.
pub fn chapter_pager<'a, M: Clone + 'a>(
    ui: &Ui,
    chapters: &super::Chapters,
    count: usize,
    back: M,
    next: M,
) -> Option<Element<'a, M>> {
    let (on, before) = (chapters.can_turn_on(count), chapters.can_turn_back());
    let page = chapters.page() + 1;
    (on || before).then(|| {
        let words = match chapters.pages(count) {
            Some(pages) => t!("pager.where", page = page, pages = pages),
            None => t!("pager.page", page = page),
        };
        turner(ui, words, before.then_some(back), on.then_some(next))
    })
}

fn turner<'a, M: Clone + 'a>(
    ui: &Ui,
    words: std::borrow::Cow<'a, str>,
    back: Option<M>,
    next: Option<M>,
) -> Element<'a, M> {
    let ui = &ui.chrome();
    let side = |face: Face<'a>, message: Option<M>| {
        action(ui, Kind::Secondary, face, message)
            .width(ui.text_mm(62.0))
            .height(ui.text_mm(22.0))
    };
    row![
        side(Face::words(t!("pager.back")).before(Icon::ChevronUp), back),
        container(ui.caption(words)).center_x(Fill),
        side(Face::words(t!("pager.next")).after(Icon::ChevronDown), next),
    ]
    .align_y(Center)
    .width(Fill)
    .into()
}

/// Empty height.
pub fn gap<'a, M: 'a>(ui: &Ui, millimetres: f32) -> Element<'a, M> {
    space().height(ui.mm(millimetres)).into()
}
