//! How the steps are drawn, and which ways lead on.

use std::hash::{Hash, Hasher};
use std::mem::discriminant;
use std::time::Instant;

use iced::alignment::Horizontal;
use iced::widget::{Column, column, container};
use iced::{Element, Fill};

use super::{Counted, Filing, Message, Step};
use crate::interface::frame::Page;
use crate::interface::input::keyboard::Keyboard;
use crate::interface::step::materials::Scanning;
use crate::interface::step::{done, identity, materials, read_back, sign, situation};
use crate::interface::theme::style::Tone;
use crate::interface::theme::{Icon, Ui};
use crate::interface::widget::{Face, notice};

impl Filing {
    pub(super) fn position(&self) -> Option<usize> {
        let counted = match self.step {
            Step::Situation(_) => Counted::Situation,
            Step::Identity(_) => Counted::Identity,
            Step::Form(_) => Counted::Form,
            Step::Materials(_) => Counted::Materials,
            Step::ReadBack(_) => Counted::ReadBack,
            Step::Sign { .. } => Counted::Sign,
            Step::Submitting | Step::NotSubmitted { .. } | Step::Done(_) => return None,
        };
        self.counted
            .iter()
            .position(|c| *c == counted)
            .map(|at| at + 1)
    }

    /// Feeds what tells this page from the next.
    pub fn stands(&self, page: &mut impl Hasher) {
        discriminant(&self.step).hash(page);
        match &self.step {
            Step::Situation(asking) => asking.question.hash(page),
            Step::Form(form) => form.group.hash(page),
            Step::ReadBack(turn) => turn.page.hash(page),
            Step::Done(done) => discriminant(&done.rated).hash(page),
            _ => {}
        }
    }

    /// Draws the screen.
    pub fn view<'a>(&'a self, ui: &Ui, keyboard: &'a Keyboard, now: Instant) -> Page<'a, Message> {
        let of = self.counted.len();
        let mut page = match (&self.step, &self.draft) {
            (Step::Situation(asking), Some(draft)) => {
                Page::new(situation::view(ui, draft, *asking).map(Message::Situation))
            }
            (Step::Identity(identity), _) => {
                Page::new(identity::view(ui, identity, now).map(Message::Identity))
            }
            (Step::Form(form), Some(draft)) => {
                Page::new(form.view(ui, draft, keyboard).map(Message::Form)).keyboard(
                    form.keyboard(ui, draft, keyboard)
                        .map(|keys| keys.map(Message::Form)),
                )
            }
            (Step::Materials(state), Some(draft)) => {
                Page::new(materials::view(ui, state, draft).map(Message::Materials))
            }
            (Step::ReadBack(turn), Some(draft)) => {
                Page::new(read_back::view(ui, draft, *turn).map(Message::ReadBack))
            }
            (Step::Sign { strokes, too_short }, Some(draft)) => {
                let name = draft.applicant().map_or("", |a| a.name.as_str());
                Page::new(sign::view(ui, strokes, name, *too_short).map(Message::Sign))
            }
            (Step::NotSubmitted { title, detail }, _) => Page::new(notice(
                ui,
                Tone::Urgent,
                Icon::TriangleAlert,
                title.as_str(),
                detail.as_str(),
            )),
            (Step::Done(done), _) => Page::new(done::view(ui, done).map(Message::Done)),
            _ => Page::new(submitting(ui)),
        };
        page = match &self.step {
            Step::Done(_) => page
                .trail(self.name.as_str())
                .position(t!("step.done"))
                .steps(of, of),
            _ => page.trail(t!(
                "trail.two",
                first = self.name,
                second = self.step_name()
            )),
        };
        if let Some(step) = self.position() {
            page = page
                .position(t!("step.where", step = step, of = of))
                .steps(step, of);
        }
        if let Some((title, detail)) = &self.save_problem {
            let body = std::mem::replace(&mut page.body, Column::new().into());
            page.body = column![
                notice(
                    ui,
                    Tone::Warning,
                    Icon::TriangleAlert,
                    title.as_str(),
                    detail.as_str()
                ),
                body
            ]
            .spacing(ui.gap())
            .into();
        }
        self.ways(page)
    }

    pub(super) fn ways<'a>(&'a self, page: Page<'a, Message>) -> Page<'a, Message> {
        let next = || Face::words(t!("bar.next")).after(Icon::ChevronRight);
        match &self.step {
            Step::Situation(_) | Step::Identity(_) => page.back(Message::Back),
            Step::Form(_) => page
                .back(Message::Back)
                .primary(next(), Some(Message::Next)),
            Step::Materials(state) => {
                let complete = self.draft.as_ref().is_some_and(materials::complete);
                let page = page.back(Message::Back);
                match state.scanning {
                    Scanning::Idle => page.primary(next(), complete.then_some(Message::Next)),
                    _ => page,
                }
            }
            Step::ReadBack(turn) => {
                let last = turn.page + 1 >= turn.pages;
                let face = if last {
                    Face::words(t!("read_back.right")).after(Icon::ChevronRight)
                } else {
                    Face::words(t!("pager.next")).after(Icon::ChevronDown)
                };
                page.back(Message::Back).primary(face, Some(Message::Next))
            }
            Step::Sign { .. } => page.back(Message::Back).primary(
                Face::words(t!("sign.submit")).after(Icon::Check),
                Some(Message::Next),
            ),
            Step::NotSubmitted { .. } => page
                .back(Message::Back)
                .primary(t!("submit.again"), Some(Message::Next)),
            Step::Submitting => page,
            Step::Done(_) => page.primary(
                Face::words(t!("done.finish")).after(Icon::ChevronRight),
                Some(Message::Finish),
            ),
        }
    }

    pub(super) fn step_name(&self) -> std::borrow::Cow<'static, str> {
        match self.step {
            Step::Situation(_) => t!("step.situation"),
            Step::Identity(_) => t!("step.identity"),
            Step::Form(_) => t!("step.form"),
            Step::Materials(_) => t!("step.materials"),
            Step::ReadBack(_) => t!("step.read_back"),
            Step::Sign { .. } => t!("step.sign"),
            Step::Submitting | Step::NotSubmitted { .. } | Step::Done(_) => t!("step.submit"),
        }
    }
}

fn submitting<'a>(ui: &Ui) -> Element<'a, Message> {
    let p = ui.palette();
    container(
        column![
            ui.icon(Icon::Clock, 40.0, p.primary),
            ui.title(t!("submit.title")),
            ui.body(t!("submit.note")).color(p.text_soft),
        ]
        .spacing(ui.gap())
        .align_x(Horizontal::Center),
    )
    .center(Fill)
    .into()
}
