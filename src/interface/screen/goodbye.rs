//! 再见: the visit is over, nothing of it remains.

use iced::alignment::Horizontal;
use iced::widget::{column, container};
use iced::{Element, Fill};

use crate::interface::theme::{Icon, Ui, style};

/// What a person does here: leave, or touch to go at once.
#[derive(Clone, Debug)]
pub enum Message {
    /// Touched the screen.
    Start,
}

/// Says what to take along and that everything was wiped.
pub fn view<'a>(ui: &Ui, take_card: bool, seconds: u64) -> Element<'a, Message> {
    let p = ui.palette();
    let mut words = column![
        ui.icon(Icon::CircleCheck, 34.0, p.on_primary),
        ui.display(t!("goodbye.title"))
            .color(p.on_primary)
            .align_x(Horizontal::Center),
    ]
    .spacing(ui.mm(9.0))
    .align_x(Horizontal::Center);
    let others = [
        take_card.then(|| ui.title(t!("goodbye.take_card"))),
        Some(ui.heading(t!("goodbye.take_papers"))),
        Some(ui.body(t!("goodbye.wiped"))),
        Some(ui.caption(t!("goodbye.seconds", seconds = seconds))),
    ];
    for line in others.into_iter().flatten() {
        words = words.push(line.color(p.on_primary).align_x(Horizontal::Center));
    }
    let words = container(words).center(Fill).padding(ui.margin());
    iced::widget::button(words.style(style::fill(p.primary)))
        .padding(0)
        .width(Fill)
        .height(Fill)
        .style(style::button(ui, style::Kind::Bare))
        .on_press(Message::Start)
        .into()
}
