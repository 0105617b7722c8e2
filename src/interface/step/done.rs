//! After submitting: which number, did the receipt come out, what happens next, and how was it?

use std::borrow::Cow;

use iced::widget::{Column, Row, button, column, container, image, row};
use iced::{Center, Element, Fill};
use jinban_api::rating::Satisfaction;

use crate::filing::{CaseView, LocalState};
use crate::interface::theme::style::{self, Kind, Tone};
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{Face, action, card, divider, notice, number};
use crate::interface::words;
use crate::peripherals::PrintReport;

/// How the receipt is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Being printed.
    Printing,
    /// The printer answered, or there is none.
    Reported(PrintReport),
}

/// How the rating is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rated {
    /// Not offered, or not asked for yet.
    Not,
    /// The faces are shown.
    Asking {
        /// Reasons ticked for a low grade.
        reasons: Vec<&'static str>,
        /// The low grade that waits for its reasons.
        low: Option<Satisfaction>,
    },
    /// Given once; thank you.
    Given,
}

/// The step's state.
pub struct Done {
    /// The case as the terminal knows it.
    pub case: CaseView,
    /// Name of the department, for "who looks at it now".
    pub department: String,
    /// The matter's process and promise, in words.
    pub next: Vec<(String, String)>,
    /// Receipt.
    pub paper: Paper,
    /// Rating.
    pub rated: Rated,
    qr: Option<image::Handle>,
}

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// 再办一件.
    Another,
    /// 评价这次服务.
    Rate,
    /// A face.
    Grade(Satisfaction),
    /// A reason for a low grade.
    Reason(&'static str),
    /// 提交评价.
    SendRating,
    /// 补打.
    PrintAgain,
    /// Back from the faces without a grade.
    NotNow,
}

/// Reasons for a low grade: what people of a province really ticked most (domain of 好差评).
pub const REASONS: [&str; 5] = [
    "rating.reason.slow",
    "rating.reason.extra_condition",
    "rating.reason.extra_material",
    "rating.reason.unclear",
    "rating.reason.machine",
];

impl Done {
    /// Shows `case`.
    pub fn new(case: CaseView, department: String, next: Vec<(String, String)>) -> Self {
        let mut done = Self {
            case,
            department,
            next,
            paper: Paper::Printing,
            rated: Rated::Not,
            qr: None,
        };
        done.draw_code();
        done
    }

    /// The case went on: the official number may have come.
    pub fn went_on(&mut self, case: CaseView) {
        self.case = case;
        self.draw_code();
    }

    fn draw_code(&mut self) {
        self.qr = self
            .case
            .official
            .as_ref()
            .and_then(|official| words::qr_image(official.number.as_str()));
    }
}

/// Draws the step.
pub fn view<'a>(ui: &Ui, state: &'a Done) -> Element<'a, Message> {
    if let Rated::Asking { reasons, low } = &state.rated {
        return faces(ui, reasons, *low);
    }
    let mut parts: Vec<Element<'a, Message>> = vec![headline(ui, state), numbers(ui, state)];
    parts.push(paper(ui, &state.paper));
    parts.push(next(ui, state));
    let ways = row![
        action(
            ui,
            Kind::Secondary,
            t!("done.another"),
            Some(Message::Another)
        ),
        match state.rated {
            Rated::Given => action(
                ui,
                Kind::Tonal,
                Face::words(t!("rating.thanks")).before(Icon::Check),
                None
            ),
            _ => action(
                ui,
                Kind::Tonal,
                Face::words(t!("done.rate")).before(Icon::Star),
                Some(Message::Rate)
            ),
        }
    ]
    .spacing(ui.gap());
    match ui.shape() {
        Shape::Portrait => {
            parts.push(ways.into());
            Column::with_children(parts).spacing(ui.gap()).into()
        }
        Shape::Landscape => {
            let right = parts.split_off(2);
            row![
                Column::with_children(parts).spacing(ui.gap()).width(Fill),
                Column::with_children(right)
                    .push(ways)
                    .spacing(ui.gap())
                    .width(Fill)
            ]
            .spacing(ui.gap() * 1.5)
            .into()
        }
    }
}

fn headline<'a>(ui: &Ui, state: &'a Done) -> Element<'a, Message> {
    let p = ui.palette();
    let (icon, color, title, note): (_, _, Cow<'a, str>, Cow<'a, str>) = match state.case.state {
        LocalState::Acknowledged => (
            Icon::CircleCheck,
            p.success,
            t!("done.accepted"),
            t!("done.accepted_note", department = state.department),
        ),
        LocalState::NeedsAttention(_) => (
            Icon::TriangleAlert,
            p.warning,
            t!("done.attention"),
            t!("done.attention_note"),
        ),
        _ => (
            Icon::Clock,
            p.warning,
            t!("done.queued"),
            t!("done.queued_note"),
        ),
    };
    row![
        ui.icon(icon, 27.0, color),
        column![ui.title(title), ui.body(note).color(p.text_soft)].width(Fill)
    ]
    .spacing(ui.mm(9.0))
    .align_y(Center)
    .into()
}

fn numbers<'a>(ui: &Ui, state: &'a Done) -> Element<'a, Message> {
    let case = &state.case;
    let content: Element<'a, Message> = match &case.official {
        Some(official) => {
            let mut code = row![
                column![
                    ui.body(t!("done.query_code")).color(ui.palette().text_soft),
                    ui.numerals(official.query_code.as_str())
                ]
                .width(Fill)
            ]
            .align_y(Center);
            if let Some(handle) = &state.qr {
                let side = ui.mm(42.0);
                code = code.push(
                    image(handle.clone())
                        .width(side)
                        .height(side)
                        .filter_method(image::FilterMethod::Nearest),
                );
            }
            column![
                ui.body(t!("done.official")).color(ui.palette().text_soft),
                ui.numerals(official.number.as_str()),
                divider(ui),
                code
            ]
            .spacing(ui.mm(2.0))
            .into()
        }
        None => column![
            ui.body(t!("done.local")).color(ui.palette().text_soft),
            ui.numerals(case.local_number.as_str()),
            ui.label(t!("done.not_accepted")).color(ui.palette().urgent),
        ]
        .spacing(ui.mm(2.0))
        .into(),
    };
    card(ui, content)
}

fn paper<'a>(ui: &Ui, paper: &'a Paper) -> Element<'a, Message> {
    let (tone, title, detail): (Tone, Cow<'a, str>, Cow<'a, str>) = match paper {
        Paper::Printing => (
            Tone::Primary,
            t!("paper.printing"),
            t!("paper.printing_note"),
        ),
        Paper::Reported(PrintReport::Confirmed) => {
            (Tone::Success, t!("paper.done"), t!("paper.done_note"))
        }
        Paper::Reported(PrintReport::Unconfirmed) => (
            Tone::Primary,
            t!("paper.unconfirmed"),
            t!("paper.unconfirmed_note"),
        ),
        Paper::Reported(PrintReport::NotFitted) => {
            (Tone::Warning, t!("paper.none"), t!("paper.none_note"))
        }
        Paper::Reported(PrintReport::Failed(problem)) => {
            let (title, detail) = crate::interface::faults::print_words(problem);
            (Tone::Warning, title, detail)
        }
    };
    let said = notice(ui, tone, Icon::Printer, title, detail);
    match paper {
        Paper::Reported(
            PrintReport::Failed(_) | PrintReport::Unconfirmed | PrintReport::Confirmed,
        ) => row![
            container(said).width(Fill),
            action(
                ui,
                Kind::Secondary,
                t!("paper.again"),
                Some(Message::PrintAgain)
            )
            .width(ui.text_mm(46.0))
        ]
        .spacing(ui.mm(4.0))
        .align_y(Center)
        .into(),
        _ => said,
    }
}

fn next<'a>(ui: &Ui, state: &'a Done) -> Element<'a, Message> {
    let mut rows = column![ui.heading(t!("done.next"))].spacing(ui.mm(3.0));
    for (index, (what, when)) in state.next.iter().enumerate() {
        rows = rows.push(divider(ui)).push(
            row![
                number(ui, index + 1),
                container(ui.body(what.as_str())).width(Fill),
                ui.caption(when.as_str())
            ]
            .spacing(ui.mm(5.0))
            .align_y(Center),
        );
    }
    card(ui, rows)
}

fn face_of(grade: Satisfaction) -> (Icon, Cow<'static, str>) {
    match grade {
        Satisfaction::VerySatisfied => (Icon::Laugh, t!("rating.very_satisfied")),
        Satisfaction::Satisfied => (Icon::Smile, t!("rating.satisfied")),
        Satisfaction::Acceptable => (Icon::Meh, t!("rating.acceptable")),
        Satisfaction::Dissatisfied => (Icon::Frown, t!("rating.dissatisfied")),
        Satisfaction::VeryDissatisfied => (Icon::Angry, t!("rating.very_dissatisfied")),
    }
}

/// Five equal faces with words, none chosen before.
fn faces<'a>(ui: &Ui, reasons: &[&'static str], low: Option<Satisfaction>) -> Element<'a, Message> {
    let p = ui.palette();
    let mut all = column![
        ui.title(t!("rating.title")),
        ui.body(t!("rating.note")).color(p.text_soft),
    ]
    .spacing(ui.gap());
    let face = |grade: Satisfaction| {
        let (icon, words) = face_of(grade);
        let kind = if low == Some(grade) {
            Kind::Chosen
        } else {
            Kind::Card
        };
        button(
            column![
                ui.icon(icon, 22.0, p.primary),
                ui.strong(words)
                    .width(Fill)
                    .align_x(iced::alignment::Horizontal::Center)
            ]
            .spacing(ui.mm(3.0))
            .align_x(iced::alignment::Horizontal::Center)
            .width(Fill),
        )
        .padding([ui.mm(8.0), ui.mm(2.0)])
        .width(Fill)
        .style(style::button(ui, kind))
        .on_press(Message::Grade(grade))
        .into()
    };
    match ui.shape() {
        Shape::Portrait => {
            let grades = Satisfaction::ALL;
            all = all
                .push(Row::with_children(grades[..3].iter().copied().map(face)).spacing(ui.gap()))
                .push(Row::with_children(grades[3..].iter().copied().map(face)).spacing(ui.gap()));
        }
        Shape::Landscape => {
            all = all.push(
                Row::with_children(Satisfaction::ALL.into_iter().map(face)).spacing(ui.gap()),
            );
        }
    }
    if low.is_some() {
        all = all.push(ui.heading(t!("rating.why")));
        for reason in REASONS {
            let kind = if reasons.contains(&reason) {
                Kind::Chosen
            } else {
                Kind::Secondary
            };
            all = all.push(
                action(
                    ui,
                    kind,
                    t!(reason).into_owned(),
                    Some(Message::Reason(reason)),
                )
                .height(ui.text_mm(21.0)),
            );
        }
        all = all.push(action(
            ui,
            Kind::Primary,
            t!("rating.send"),
            Some(Message::SendRating),
        ));
    }
    all.push(action(
        ui,
        Kind::Bare,
        t!("rating.not_now"),
        Some(Message::NotNow),
    ))
    .into()
}
