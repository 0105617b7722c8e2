//! Step: the person signs with a finger.

use iced::widget::{column, container, row};
use iced::{Center, Element, Fill};
use jinban_api::case::Signature;

use crate::interface::theme::style::{self, Kind};
use crate::interface::theme::{Icon, Ui};
use crate::interface::widget::signature::{Pen, Strokes, pad};
use crate::interface::widget::{Face, action};

/// Least length of ink, in millimetres, that counts as a signature.
const LEAST_MM: f32 = 25.0;

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// The pen moved.
    Pen(Pen),
    /// 重写.
    Clear,
}

/// Whether there is a signature and not a dot.
pub fn signed(ui: &Ui, strokes: &Strokes) -> bool {
    strokes.ink() >= ui.mm(LEAST_MM)
}

/// The signature as it goes into the case.
pub fn signature(strokes: &Strokes) -> Signature {
    Signature {
        width: strokes.size[0],
        height: strokes.size[1],
        strokes: strokes.lines.clone(),
    }
}

/// Draws the step.
pub fn view<'a>(
    ui: &Ui,
    strokes: &'a Strokes,
    name: &'a str,
    problem: bool,
) -> Element<'a, Message> {
    let p = ui.palette();
    let sheet = container(pad(ui, strokes).map(Message::Pen))
        .padding(ui.mm(2.0))
        .width(Fill)
        .height(Fill)
        .max_height(ui.mm(190.0))
        .style(style::field(ui, true, problem));
    column![
        ui.title(t!("sign.title")),
        ui.body(t!("sign.note", name = name)).color(p.text_soft),
        sheet,
        row![
            container(if problem {
                ui.label(t!("sign.too_short")).color(p.urgent)
            } else {
                ui.caption(t!("sign.promise"))
            })
            .width(Fill),
            action(
                ui,
                Kind::Secondary,
                Face::words(t!("sign.clear")).before(Icon::Rotate),
                Some(Message::Clear)
            )
            .width(ui.text_mm(60.0)),
        ]
        .spacing(ui.gap())
        .align_y(Center),
    ]
    .spacing(ui.gap())
    .into()
}
