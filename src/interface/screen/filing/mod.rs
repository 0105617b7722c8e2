//! 办理: leads a draft from step to step; what has to be done outside is asked of the parent.

mod answers;
mod draw;
mod heard;
mod lead;

use std::time::Instant;

use jiff::Timestamp;
use jinban_api::ids::OptionId;
use jinban_api::rating::Satisfaction;
use ulid::Ulid;

use crate::filing::Draft;
use crate::interface::input::keyboard::Keyboard;
use crate::interface::step::done::Done;
use crate::interface::step::identity::Identity;
use crate::interface::step::materials::Materials;
use crate::interface::step::situation::Asking;
use crate::interface::step::{done, form, identity, materials, read_back, sign};
use crate::interface::theme::Ui;
use crate::interface::widget::Turn;
use crate::interface::widget::signature::Strokes;
use crate::peripherals::KeptPage;
use crate::session::{Belonging, BelongingKind};

/// Where the person is.
enum Step {
    Situation(Asking),
    Identity(Identity),
    Form(form::Form),
    Materials(Materials),
    ReadBack(Turn),
    Sign {
        strokes: Strokes,
        too_short: bool,
    },
    Submitting,
    /// Submitting failed; nothing is lost, the draft is still here.
    NotSubmitted {
        title: String,
        detail: String,
    },
    Done(Box<Done>),
}

/// The kinds of steps that are counted at the top.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    Situation,
    Identity,
    Form,
    Materials,
    ReadBack,
    Sign,
}

/// The screen.
pub struct Filing {
    /// None once it was handed over for good.
    draft: Option<Draft>,
    name: String,
    counted: Vec<Counted>,
    step: Step,
    unsaved: bool,
    save_problem: Option<(String, String)>,
}

impl Belonging for Filing {
    fn kind(&self) -> BelongingKind {
        BelongingKind::Draft
    }
}

/// What happens here.
#[derive(Clone, Debug)]
pub enum Message {
    /// A situation was chosen.
    Situation(OptionId),
    /// The identity step.
    Identity(identity::Message),
    /// The form step.
    Form(form::Message),
    /// The materials step.
    Materials(materials::Message),
    /// The read-back step.
    ReadBack(read_back::Message),
    /// The signature step.
    Sign(sign::Message),
    /// After submitting.
    Done(done::Message),
    /// 下一步.
    Next,
    /// 返回.
    Back,
    /// 结束.
    Finish,
}

/// What the parent has to do.
#[derive(Debug)]
pub enum Event {
    /// Keep the draft on disk.
    Save(Draft),
    /// Look for a card, or stop looking.
    LookForCard(bool),
    /// Take a picture with the scanner, and compare it with these.
    Scan(Vec<KeptPage>),
    /// Hand the draft over for good.
    Submit(Draft),
    /// Print the receipt of this case.
    Print(Ulid),
    /// Keep this rating.
    Rate(Ulid, Satisfaction, Vec<String>),
    /// Back to the guide.
    Leave,
    /// File another one.
    Another,
    /// The visit is over.
    Finish,
    /// 没带身份证.
    HelpWithoutCard,
    /// 请人代办.
    HelpFromAgent,
}

impl Filing {
    /// Begins, or goes on where `draft` was left.
    pub fn open(draft: Draft, keyboard: &mut Keyboard, now: Instant) -> (Self, Vec<Event>) {
        let guide = draft.guide();
        let mut counted = Vec::new();
        if !guide.situations.is_empty() {
            counted.push(Counted::Situation);
        }
        counted.push(Counted::Identity);
        if guide.form.as_ref().is_some_and(|f| !f.groups.is_empty()) {
            counted.push(Counted::Form);
        }
        if !guide.materials.is_empty() {
            counted.push(Counted::Materials);
        }
        counted.extend([Counted::ReadBack, Counted::Sign]);
        let name = guide
            .short_name
            .clone()
            .unwrap_or_else(|| guide.name.clone());
        let mut filing = Self {
            draft: Some(draft),
            name,
            counted,
            step: Step::Submitting,
            unsaved: false,
            save_problem: None,
        };
        let events = filing.go_to_first_open(keyboard, now);
        (filing, events)
    }

    /// The case this screen is about once it was submitted.
    pub fn case_key(&self) -> Option<Ulid> {
        match &self.step {
            Step::Done(done) => Some(done.case.key),
            _ => None,
        }
    }

    /// Whether the person's words are being kept here and nowhere else yet.
    pub fn take_unsaved(&mut self) -> Option<Event> {
        std::mem::take(&mut self.unsaved)
            .then(|| self.draft.clone().map(Event::Save))
            .flatten()
    }

    /// The draft in hand.
    pub fn draft_key(&self) -> Option<Ulid> {
        self.draft.as_ref().map(Draft::key)
    }

    /// Whether a card should be looked for.
    pub fn wants_card(&self) -> bool {
        matches!(self.step, Step::Identity(_))
    }

    /// Takes one message.
    pub fn update(
        &mut self,
        message: Message,
        ui: &Ui,
        keyboard: &mut Keyboard,
        now: Instant,
        clock: Timestamp,
    ) -> Vec<Event> {
        match message {
            Message::Situation(option) => self.situation(&option, keyboard, now),
            Message::Identity(message) => self.identity(message, now),
            Message::Form(message) => self.form(message, keyboard),
            Message::Materials(message) => self.materials(message),
            Message::ReadBack(message) => self.read_back(message, keyboard, now),
            Message::Sign(message) => {
                if let Step::Sign { strokes, too_short } = &mut self.step {
                    match message {
                        sign::Message::Pen(pen) => strokes.apply(pen),
                        sign::Message::Clear => *strokes = Strokes::default(),
                    }
                    *too_short = false;
                }
                Vec::new()
            }
            Message::Done(message) => self.done(message),
            Message::Next => self.next(ui, keyboard, now, clock),
            Message::Back => self.back(keyboard, now),
            Message::Finish => vec![Event::Finish],
        }
    }

    /// Whether leaving now would throw away what was typed.
    pub fn in_hand(&self) -> bool {
        self.draft.is_some()
    }
}
