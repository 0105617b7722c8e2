//! A card of rows that a page may be turned in.

use std::borrow::Cow;

use iced::widget::{column, container};
use iced::{Element, Fill};

use super::{Joint, card, divider};
use crate::interface::theme::Ui;
use crate::interface::theme::style::{self, Segment};

/// A titled card whose rows may stand on different pages.
pub fn titled_rows<'a, M: 'a>(
    ui: &Ui,
    title: Cow<'a, str>,
    rows: Vec<Element<'a, M>>,
) -> Vec<(Element<'a, M>, Joint)> {
    let last = rows.len();
    let heading = ui.label(title).color(ui.palette().primary);
    let part = |content: Element<'a, M>, segment: Segment| -> Element<'a, M> {
        let (above, below) = match segment {
            Segment::First => (ui.pad() * 0.8, ui.mm(1.5)),
            Segment::Middle => (ui.mm(1.5), ui.mm(1.5)),
            Segment::Last => (ui.mm(1.5), ui.pad() * 0.8),
        };
        container(content)
            .padding(
                iced::Padding::default()
                    .top(above)
                    .bottom(below)
                    .horizontal(ui.pad()),
            )
            .width(Fill)
            .style(style::segment(ui, segment))
            .into()
    };
    let mut blocks = Vec::with_capacity(rows.len());
    let mut heading = Some(heading);
    for (index, row) in rows.into_iter().enumerate() {
        let line = column![divider(ui), row].spacing(ui.mm(3.0));
        let content: Element<'a, M> = match heading.take() {
            Some(heading) => column![heading, line].spacing(ui.mm(2.5)).into(),
            None => line.into(),
        };
        blocks.push(if last == 1 {
            (card(ui, content), Joint::Apart)
        } else if index == 0 {
            (part(content, Segment::First), Joint::Apart)
        } else if index + 1 == last {
            (part(content, Segment::Last), Joint::Attached)
        } else {
            (part(content, Segment::Middle), Joint::Attached)
        });
    }
    blocks
}
