//! Step: everything that will be sent, read back to the person before they sign.

use std::borrow::Cow;

use iced::widget::{Column, column, container, row};
use iced::{Element, Fill};

use crate::filing::Draft;
use crate::filing::draft::{ReadBackLabel, ReadBackPart, ReadBackValue};
use crate::interface::theme::style::Kind;
use crate::interface::theme::{Shape, Ui};
use crate::interface::widget::{Turn, action, card, divider, paged};
use crate::interface::words;

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// 修改: back to the step of that part.
    Change(ReadBackPart),
    /// Pages were counted.
    Counted(usize),
}

/// Draws the step.
pub fn view<'a>(ui: &Ui, draft: &'a Draft, turn: Turn) -> Element<'a, Message> {
    let mut parts: Vec<Element<'a, Message>> = vec![
        column![
            ui.title(t!("read_back.title")),
            ui.body(t!("read_back.note")).color(ui.palette().text_soft)
        ]
        .into(),
    ];
    for section in draft.read_back() {
        let title: Cow<'a, str> = match &section.part {
            ReadBackPart::Applicant => t!("read_back.applicant"),
            ReadBackPart::Situations => t!("read_back.situations"),
            ReadBackPart::Form { title, .. } => Cow::Owned(title.clone()),
            ReadBackPart::Materials => t!("read_back.materials"),
            ReadBackPart::Fees => t!("read_back.fees"),
        };
        let changeable = !matches!(section.part, ReadBackPart::Applicant | ReadBackPart::Fees);
        let mut head = row![container(ui.label(title).color(ui.palette().primary)).width(Fill)]
            .align_y(iced::Center);
        if changeable {
            head = head.push(
                action(
                    ui,
                    Kind::Tonal,
                    t!("read_back.change"),
                    Some(Message::Change(section.part.clone())),
                )
                .width(ui.text_mm(36.0))
                .height(ui.text_mm(16.0)),
            );
        }
        let mut rows = Column::new().spacing(ui.mm(2.4)).push(head);
        for line in &section.lines {
            rows = rows
                .push(divider(ui))
                .push(entry(ui, &line.label, &line.value));
        }
        parts.push(card(ui, rows));
    }
    let columns = match ui.shape() {
        Shape::Portrait => 1,
        Shape::Landscape => 2,
    };
    column![container(paged(parts, turn, columns, ui.gap(), Message::Counted)).height(Fill)]
        .push((turn.pages > 1).then(|| {
            container(ui.caption(t!("pager.where", page = turn.page + 1, pages = turn.pages)))
                .center_x(Fill)
        }))
        .spacing(ui.mm(4.0))
        .height(Fill)
        .into()
}

fn entry<'a>(ui: &Ui, label: &ReadBackLabel, value: &ReadBackValue) -> Element<'a, Message> {
    let label: Cow<'a, str> = match label {
        ReadBackLabel::Text(text) => Cow::Owned(text.clone()),
        ReadBackLabel::Name => t!("read_back.name"),
        ReadBackLabel::IdNumber => t!("read_back.id_number"),
        ReadBackLabel::Address => t!("read_back.address"),
    };
    let value: Cow<'a, str> = match value {
        ReadBackValue::Text(text) => Cow::Owned(text.clone()),
        ReadBackValue::Pages(count) => t!("materials.pages", count = count),
        ReadBackValue::Card => t!("materials.card"),
        ReadBackValue::Form => t!("materials.form"),
        ReadBackValue::Shared => t!("materials.shared"),
        ReadBackValue::Promised => t!("materials.promised"),
        ReadBackValue::Window => t!("materials.window"),
        ReadBackValue::LeftOut => t!("read_back.left_out"),
        ReadBackValue::Fen(fen) => Cow::Owned(words::yuan(*fen)),
    };
    row![
        container(ui.body(label).color(ui.palette().text_soft)).width(iced::Length::FillPortion(2)),
        container(ui.strong(value)).width(iced::Length::FillPortion(3)),
    ]
    .spacing(ui.mm(4.0))
    .into()
}
