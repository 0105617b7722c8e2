//! The two lists, what they rest on, and what is not in them.

use iced::widget::{Column, column, row};
use iced::{Center, Element, Fill};

use super::{BundlePage, Message, Shown};
use crate::catalogue::{BundleQuestion, GatheredMaterial, GatheredStep, whereabouts};
use crate::interface::screen::guide::capture_badge;
use crate::interface::theme::style::{Kind, Tone};
use crate::interface::theme::{Icon, Ui};
use crate::interface::widget::{Joint, action, list_row, notice, number, titled_card, titled_rows};

impl BundlePage {
    pub(super) fn sections<'a>(&'a self, ui: &Ui) -> Vec<(Element<'a, Message>, Joint)> {
        let apart = |element| (element, Joint::Apart);
        let mut all = Vec::new();
        all.push(apart(self.headline(ui)));
        all.extend(self.open(ui).map(apart));
        all.extend(self.materials(ui));
        all.extend(self.made(ui).map(apart));
        all.extend(self.steps(ui));
        all.extend(self.also(ui).map(apart));
        all.extend(self.answers(ui));
        let mut end = column![ui.caption(self.freshness.as_str())];
        if self.guides.iter().any(|guide| guide.sample) {
            end = end.push(ui.label(t!("guide.sample")).color(ui.palette().warning));
        }
        all.push(apart(end.into()));
        all
    }

    /// How printing went, on whichever page it was asked for.
    pub(super) fn paper<'a>(&'a self, ui: &Ui) -> Option<Element<'a, Message>> {
        let said = (self.printing).said(t!("bundle.printed"), t!("bundle.perhaps_printed"));
        said.map(|(words, tone)| ui.strong(words).color(tone.ink(&ui.palette())).into())
    }

    fn headline<'a>(&'a self, ui: &Ui) -> Element<'a, Message> {
        let soft = ui.palette().text_soft;
        column![
            ui.title(self.bundle.name.as_str()),
            ui.body(self.bundle.summary.as_str()).color(soft)
        ]
        .spacing(ui.mm(3.0))
        .into()
    }

    fn open<'a>(&'a self, ui: &Ui) -> Option<Element<'a, Message>> {
        let Shown::Question(first) = self.next_open(0) else {
            return None;
        };
        let questions = self.gathered.questions.iter();
        let open = questions.filter(|asked| asked.answer.is_none()).count();
        let said = notice(
            ui,
            Tone::Primary,
            Icon::CircleHelp,
            t!("bundle.open", count = open),
            t!("bundle.open_note"),
        );
        let go_on = action(
            ui,
            Kind::Tonal,
            t!("bundle.go_on"),
            Some(Message::Ask(first)),
        );
        Some(column![said, go_on].spacing(ui.tight()).into())
    }

    fn materials<'a>(&'a self, ui: &Ui) -> Vec<(Element<'a, Message>, Joint)> {
        let brought = (self.gathered.materials.iter()).filter(|material| material.is_brought());
        let rows: Vec<_> = brought
            .enumerate()
            .map(|(index, material)| material_row(ui, index + 1, material))
            .collect();
        if rows.is_empty() {
            let nothing = ui.strong(t!("bundle.bring_nothing")).into();
            return vec![(nothing, Joint::Apart)];
        }
        titled_rows(ui, t!("bundle.bring"), rows)
    }

    /// Named, so that nobody goes looking for them.
    fn made<'a>(&'a self, ui: &Ui) -> Option<Element<'a, Message>> {
        let made = (self.gathered.materials.iter()).filter(|material| !material.is_brought());
        let names: Vec<_> = made.map(|material| material.name.as_str()).collect();
        (!names.is_empty()).then(|| {
            let names = ui.body(names.join(&t!("list.and")));
            titled_card(ui, t!("bundle.made"), names)
        })
    }

    fn steps<'a>(&'a self, ui: &Ui) -> Vec<(Element<'a, Message>, Joint)> {
        let steps = self.gathered.steps.iter().enumerate();
        let rows = steps.map(|(index, step)| self.step_row(ui, index + 1, step));
        titled_rows(ui, t!("bundle.steps"), rows.collect())
    }

    fn step_row<'a>(&'a self, ui: &Ui, n: usize, step: &'a GatheredStep) -> Element<'a, Message> {
        let guide = self.guides.iter().find(|guide| guide.id == step.guide);
        let mut facts = step.facts();
        facts.extend(guide.map(|guide| whereabouts(guide)));
        let open = Message::Open(step.guide.clone());
        let words = list_row(
            ui,
            step.name.as_str(),
            Some(facts.join("\n").into()),
            None,
            Some(open),
        );
        row![number(ui, n), words]
            .spacing(ui.mm(5.5))
            .align_y(Center)
            .into()
    }

    fn also<'a>(&'a self, ui: &Ui) -> Option<Element<'a, Message>> {
        let missing = self.gathered.missing.len();
        let missing = (missing > 0).then(|| t!("bundle.missing", count = missing));
        let notes = self.bundle.notes.iter().map(|note| note.as_str().into());
        let lines: Vec<Element<'a, Message>> = (missing.into_iter().chain(notes))
            .map(|line| ui.body(line).into())
            .collect();
        (!lines.is_empty()).then(|| {
            let lines = Column::with_children(lines).spacing(ui.mm(1.5));
            titled_card(ui, t!("bundle.also"), lines)
        })
    }

    fn answers<'a>(&'a self, ui: &Ui) -> Vec<(Element<'a, Message>, Joint)> {
        let questions = self.gathered.questions.iter().enumerate();
        let rows = questions.map(|(at, asked)| answer_row(ui, at, asked));
        titled_rows(ui, t!("bundle.answers"), rows.collect())
    }
}

fn material_row<'a>(ui: &Ui, n: usize, material: &'a GatheredMaterial) -> Element<'a, Message> {
    let facts = material.facts().into_iter();
    let facts = facts.map(|fact| ui.caption(fact).into());
    let about = column![ui.strong(material.name.as_str())]
        .extend(facts)
        .spacing(ui.mm(0.6))
        .width(Fill);
    row![number(ui, n), about, capture_badge(ui, material.capture)]
        .spacing(ui.mm(5.5))
        .align_y(Center)
        .into()
}

fn answer_row<'a>(ui: &Ui, at: usize, asked: &'a BundleQuestion) -> Element<'a, Message> {
    let answer = match asked.answered() {
        Some(option) => option.label.as_str().into(),
        None => t!("bundle.unanswered"),
    };
    let question = asked.situation.question.as_str();
    list_row(ui, question, Some(answer), None, Some(Message::Ask(at)))
}
