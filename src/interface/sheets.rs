//! Sheets over a screen: idle warning, text size, leaving, going on where one left off, out of service.

use iced::Element;
use iced::widget::{Column, Row, column, row};

use super::theme::style::Kind;
use super::theme::{Icon, Shape, TextScale, Ui};
use super::widget::{Face, action};
use crate::config::{Place, Rate};
use crate::filing::Draft;
use crate::services::StartError;

/// What a person answers.
#[derive(Clone, Copy, Debug)]
pub enum Message {
    /// 继续办理.
    GoOn,
    /// 结束.
    End,
    /// This size of text.
    TextSize(TextScale),
    /// 慢一点, 快一点: read aloud at this speed.
    Rate(Rate),
    /// 高对比.
    Contrast,
    /// 低位操作.
    Reach,
    /// The other language.
    Language,
    /// 离开: the draft is kept, the screen is left.
    Leave,
    /// 继续填写: the sheet goes.
    Stay,
    /// 接着办.
    Resume,
    /// 不要了: the unfinished draft goes.
    Discard,
}

/// 您还在吗？
pub fn idle<'a>(ui: &Ui, seconds_left: u64) -> Element<'a, Message> {
    column![
        ui.title(t!("idle.title")),
        ui.body(t!("idle.note", seconds = seconds_left)),
        action(ui, Kind::Primary, t!("idle.go_on"), Some(Message::GoOn)),
        action(ui, Kind::Secondary, t!("idle.end"), Some(Message::End)),
    ]
    .spacing(ui.gap())
    .into()
}

/// 字号, and how fast texts are read aloud where they are.
pub fn text_size<'a>(ui: &Ui, rate: Option<Rate>) -> Element<'a, Message> {
    let size = |scale: TextScale| {
        let words = match scale {
            TextScale::Standard => t!("text_size.standard"),
            TextScale::Large => t!("text_size.large"),
            TextScale::Larger => t!("text_size.larger"),
            TextScale::Largest => t!("text_size.largest"),
        };
        let kind = if ui.scale == scale {
            Kind::Chosen
        } else {
            Kind::Secondary
        };
        action(ui, kind, words, Some(Message::TextSize(scale))).into()
    };
    let across = match ui.shape() {
        Shape::Portrait => 1,
        Shape::Landscape => 2,
    };
    let sizes = TextScale::ALL.chunks(across).map(|line| {
        let line = line.iter().copied().map(size);
        Row::with_children(line).spacing(ui.mm(3.0)).into()
    });
    column![
        ui.title(t!("text_size.title")),
        ui.body(t!("text_size.sample")),
        Column::with_children(sizes).spacing(ui.mm(3.0)),
    ]
    .push(rate.map(|rate| speed(ui, rate)))
    .push(action(
        ui,
        Kind::Primary,
        t!("common.close"),
        Some(Message::Stay),
    ))
    .spacing(ui.gap())
    .into()
}

fn speed<'a>(ui: &Ui, rate: Rate) -> Element<'a, Message> {
    let step = |words, to: Option<Rate>| action(ui, Kind::Secondary, words, to.map(Message::Rate));
    row![
        step(t!("text_size.slower"), rate.slower()),
        step(t!("text_size.faster"), rate.faster()),
    ]
    .spacing(ui.gap())
    .into()
}

/// 要离开吗？
pub fn leave<'a>(ui: &Ui) -> Element<'a, Message> {
    column![
        ui.title(t!("leave.title")),
        ui.body(t!("leave.note")),
        row![
            action(ui, Kind::Secondary, t!("leave.leave"), Some(Message::Leave)),
            action(ui, Kind::Primary, t!("leave.stay"), Some(Message::Stay)),
        ]
        .spacing(ui.gap()),
    ]
    .spacing(ui.gap())
    .into()
}

/// 上次没办完.
pub fn resume<'a>(ui: &Ui, draft: &'a Draft) -> Element<'a, Message> {
    column![
        ui.title(t!("resume.title")),
        ui.heading(draft.guide().name.as_str()),
        ui.body(t!("resume.note")),
        action(
            ui,
            Kind::Primary,
            Face::words(t!("resume.go_on")).after(Icon::ChevronRight),
            Some(Message::Resume)
        ),
        action(ui, Kind::Secondary, t!("resume.later"), Some(Message::Stay)),
        action(
            ui,
            Kind::Secondary,
            t!("resume.discard"),
            Some(Message::Discard)
        ),
    ]
    .spacing(ui.gap())
    .into()
}

/// 暂停服务: the reason is for the technician, the way on for everybody.
pub fn broken<'a>(
    ui: &Ui,
    error: Option<&'a StartError>,
    place: &'a Place,
) -> Element<'a, Message> {
    let mut rows = Column::new().spacing(ui.mm(2.0));
    for hotline in &place.hotlines {
        rows = rows.push(ui.body(t!(
            "broken.call",
            name = hotline.name,
            number = hotline.number
        )));
    }
    column![
        ui.title(t!("broken.title")),
        ui.body(t!("broken.note")),
        rows,
    ]
    .push(error.map(|reason| ui.caption(t!("broken.for_technician", reason = reason))))
    .push(action(
        ui,
        Kind::Primary,
        t!("broken.read"),
        Some(Message::Stay),
    ))
    .spacing(ui.gap())
    .into()
}
