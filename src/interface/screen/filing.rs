//! 办理: leads a draft from step to step; what has to be done outside is asked of the parent.

use std::time::Instant;

use iced::Element;
use iced::widget::{Column, column, container};
use iced::{Fill, alignment::Horizontal};
use jiff::Timestamp;
use jinban_api::case::Applicant;
use jinban_api::ids::OptionId;
use jinban_api::rating::Satisfaction;
use ulid::Ulid;

use crate::filing::draft::ReadBackPart;
use crate::filing::{CaseView, Draft};
use crate::interface::frame::Page;
use crate::interface::input::keyboard::Keyboard;
use crate::interface::step::done::{Done, Paper, Rated};
use crate::interface::step::identity::{Card, Identity};
use crate::interface::step::materials::{Materials, Scanning};
use crate::interface::step::situation::Asking;
use crate::interface::step::{done, form, identity, materials, read_back, sign, situation};
use crate::interface::theme::style::Tone;
use crate::interface::theme::{Icon, Ui};
use crate::interface::widget::signature::Strokes;
use crate::interface::widget::{Face, Turn, notice};
use crate::peripherals::{PrintReport, ScanProblem, ScannedPicture};
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
    /// Take a picture with the scanner.
    Scan,
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

    fn go_to_first_open(&mut self, keyboard: &mut Keyboard, now: Instant) -> Vec<Event> {
        let Some(draft) = &self.draft else {
            return Vec::new();
        };
        let guide = draft.guide();
        let first_question = guide
            .situations
            .iter()
            .position(|s| draft.situation(&s.id).is_none());
        if let Some(question) = first_question {
            self.step = Step::Situation(Asking { question });
            return Vec::new();
        }
        if draft.applicant().is_none() {
            self.step = Step::Identity(Identity::begin(now));
            return vec![Event::LookForCard(true)];
        }
        let groups = guide.form.as_ref().map_or(0, |form| form.groups.len());
        let open_group = (0..groups).find(|group| !draft.check_group(*group).is_empty());
        if let Some(group) = open_group {
            self.step = Step::Form(form::Form::open(group, draft, keyboard));
        } else if !materials::complete(draft) {
            self.step = Step::Materials(Materials::default());
        } else {
            self.step = Step::ReadBack(Turn::default());
        }
        Vec::new()
    }

    fn saved(&self) -> Vec<Event> {
        self.draft.clone().map(Event::Save).into_iter().collect()
    }

    /// The next step after `from` that exists for this guide.
    fn enter_after(&mut self, from: Counted, keyboard: &mut Keyboard, now: Instant) -> Vec<Event> {
        let at = self.counted.iter().position(|c| *c == from).unwrap_or(0);
        let next = self.counted.get(at + 1).copied();
        let mut events = self.saved();
        if let Some(next) = next {
            events.extend(self.enter(next, false, keyboard, now));
        }
        events
    }

    fn enter_before(&mut self, from: Counted, keyboard: &mut Keyboard, now: Instant) -> Vec<Event> {
        let at = self.counted.iter().position(|c| *c == from).unwrap_or(0);
        let identified = self.draft.as_ref().is_some_and(|d| d.applicant().is_some());
        let before = self.counted[..at]
            .iter()
            .rev()
            .find(|c| **c != Counted::Identity || !identified)
            .copied();
        match before {
            Some(before) => self.enter(before, true, keyboard, now),
            None => vec![Event::LookForCard(false), Event::Leave],
        }
    }

    fn enter(
        &mut self,
        step: Counted,
        from_behind: bool,
        keyboard: &mut Keyboard,
        now: Instant,
    ) -> Vec<Event> {
        let Some(draft) = &self.draft else {
            return Vec::new();
        };
        let was_identity = matches!(self.step, Step::Identity(_));
        let mut events = Vec::new();
        let guide = draft.guide();
        self.step = match step {
            Counted::Situation => Step::Situation(Asking {
                question: if from_behind {
                    guide.situations.len().saturating_sub(1)
                } else {
                    0
                },
            }),
            Counted::Identity if draft.applicant().is_some() => {
                return self.enter_after(Counted::Identity, keyboard, now);
            }
            Counted::Identity => {
                events.push(Event::LookForCard(true));
                Step::Identity(Identity::begin(now))
            }
            Counted::Form => {
                let groups = guide.form.as_ref().map_or(0, |form| form.groups.len());
                let group = if from_behind {
                    groups.saturating_sub(1)
                } else {
                    0
                };
                Step::Form(form::Form::open(group, draft, keyboard))
            }
            Counted::Materials => Step::Materials(Materials::default()),
            Counted::ReadBack => Step::ReadBack(Turn::default()),
            Counted::Sign => Step::Sign {
                strokes: Strokes::default(),
                too_short: false,
            },
        };
        if was_identity && step != Counted::Identity {
            events.push(Event::LookForCard(false));
        }
        events
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

    fn situation(
        &mut self,
        option: &OptionId,
        keyboard: &mut Keyboard,
        now: Instant,
    ) -> Vec<Event> {
        let (Step::Situation(asking), Some(draft)) = (&mut self.step, &mut self.draft) else {
            return Vec::new();
        };
        let Some(question) = asking.of(draft).map(|situation| situation.id.clone()) else {
            return Vec::new();
        };
        if draft.answer_situation(&question, option).is_err() {
            return Vec::new();
        }
        if asking.question + 1 < draft.guide().situations.len() {
            asking.question += 1;
            return self.saved();
        }
        self.enter_after(Counted::Situation, keyboard, now)
    }

    fn identity(&mut self, message: identity::Message, now: Instant) -> Vec<Event> {
        let Step::Identity(identity) = &mut self.step else {
            return Vec::new();
        };
        match message {
            identity::Message::NoCard => vec![Event::HelpWithoutCard],
            identity::Message::ForAnother => vec![Event::HelpFromAgent],
            identity::Message::Again => {
                identity.again(now);
                vec![Event::LookForCard(true)]
            }
        }
    }

    fn form(&mut self, message: form::Message, keyboard: &mut Keyboard) -> Vec<Event> {
        let (Step::Form(form), Some(draft)) = (&mut self.step, &mut self.draft) else {
            return Vec::new();
        };
        if form.update(message, draft, keyboard) {
            self.unsaved = true;
        }
        Vec::new()
    }

    fn materials(&mut self, message: materials::Message) -> Vec<Event> {
        let (Step::Materials(state), Some(draft)) = (&mut self.step, &mut self.draft) else {
            return Vec::new();
        };
        match message {
            materials::Message::Scan(material) => {
                if state.busy() {
                    return Vec::new();
                }
                state.scanning = Scanning::Busy(material);
                vec![Event::Scan]
            }
            materials::Message::Again => match std::mem::take(&mut state.scanning) {
                Scanning::Shown { material, .. } | Scanning::Failed { material, .. } => {
                    state.scanning = Scanning::Busy(material);
                    vec![Event::Scan]
                }
                other => {
                    state.scanning = other;
                    Vec::new()
                }
            },
            materials::Message::Keep => {
                if let Scanning::Shown { material, page, .. } = std::mem::take(&mut state.scanning)
                {
                    // The material is of this guide: it was offered from it.
                    let _ = draft.add_page(&material, page);
                    return self.saved();
                }
                Vec::new()
            }
            materials::Message::PutAway => {
                state.scanning = Scanning::Idle;
                Vec::new()
            }
            materials::Message::Promise(material) => {
                state.scanning = Scanning::Idle;
                let _ = draft.promise(&material);
                self.saved()
            }
            materials::Message::Clear(material) => {
                draft.clear_material(&material);
                self.saved()
            }
        }
    }

    fn read_back(
        &mut self,
        message: read_back::Message,
        keyboard: &mut Keyboard,
        now: Instant,
    ) -> Vec<Event> {
        let Step::ReadBack(turn) = &mut self.step else {
            return Vec::new();
        };
        match message {
            read_back::Message::Counted(pages) => turn.counted(pages),
            read_back::Message::Change(part) => {
                return match part {
                    ReadBackPart::Situations => {
                        self.step = Step::Situation(Asking::default());
                        Vec::new()
                    }
                    ReadBackPart::Form { group, .. } => {
                        if let Some(draft) = &self.draft {
                            self.step = Step::Form(form::Form::open(group, draft, keyboard));
                        }
                        Vec::new()
                    }
                    ReadBackPart::Materials => self.enter(Counted::Materials, false, keyboard, now),
                    ReadBackPart::Applicant | ReadBackPart::Fees => Vec::new(),
                };
            }
        }
        Vec::new()
    }

    fn done(&mut self, message: done::Message) -> Vec<Event> {
        let Step::Done(state) = &mut self.step else {
            return Vec::new();
        };
        let key = state.case.key;
        match message {
            done::Message::Another => return vec![Event::Another],
            done::Message::PrintAgain => {
                state.paper = Paper::Printing;
                return vec![Event::Print(key)];
            }
            done::Message::Rate => {
                state.rated = Rated::Asking {
                    reasons: Vec::new(),
                    low: None,
                };
            }
            done::Message::NotNow => state.rated = Rated::Not,
            done::Message::Grade(grade) => match (grade, &mut state.rated) {
                (
                    Satisfaction::Dissatisfied | Satisfaction::VeryDissatisfied,
                    Rated::Asking { low, .. },
                ) => *low = Some(grade),
                (_, rated @ Rated::Asking { .. }) => {
                    *rated = Rated::Given;
                    return vec![Event::Rate(key, grade, Vec::new())];
                }
                _ => {}
            },
            done::Message::Reason(reason) => {
                if let Rated::Asking { reasons, .. } = &mut state.rated {
                    match reasons.iter().position(|known| *known == reason) {
                        Some(at) => drop(reasons.remove(at)),
                        None => reasons.push(reason),
                    }
                }
            }
            done::Message::SendRating => {
                if let Rated::Asking {
                    reasons,
                    low: Some(grade),
                } = &state.rated
                {
                    let reasons = reasons
                        .iter()
                        .filter_map(|reason| reason.rsplit('.').next())
                        .map(str::to_owned)
                        .collect();
                    let event = Event::Rate(key, *grade, reasons);
                    state.rated = Rated::Given;
                    return vec![event];
                }
            }
        }
        Vec::new()
    }

    fn next(
        &mut self,
        ui: &Ui,
        keyboard: &mut Keyboard,
        now: Instant,
        clock: Timestamp,
    ) -> Vec<Event> {
        let Some(draft) = &mut self.draft else {
            return Vec::new();
        };
        match &mut self.step {
            Step::Form(form) => {
                if !form.check(draft, keyboard) {
                    return Vec::new();
                }
                self.unsaved = false;
                let groups = draft
                    .guide()
                    .form
                    .as_ref()
                    .map_or(0, |form| form.groups.len());
                if form.group + 1 < groups {
                    *form = form::Form::open(form.group + 1, draft, keyboard);
                    return self.saved();
                }
                self.enter_after(Counted::Form, keyboard, now)
            }
            Step::Materials(state) => {
                if state.busy() || !materials::complete(draft) {
                    return Vec::new();
                }
                self.enter_after(Counted::Materials, keyboard, now)
            }
            Step::ReadBack(turn) => {
                if turn.page + 1 < turn.pages {
                    turn.next();
                    return Vec::new();
                }
                if !draft.incomplete().is_empty() {
                    return self.go_to_first_open(keyboard, now);
                }
                draft.confirm_read_back(clock);
                self.enter_after(Counted::ReadBack, keyboard, now)
            }
            Step::Sign { strokes, too_short } => {
                if !sign::signed(ui, strokes) {
                    *too_short = true;
                    return Vec::new();
                }
                draft.sign(sign::signature(strokes));
                self.submit()
            }
            Step::NotSubmitted { .. } => self.submit(),
            _ => Vec::new(),
        }
    }

    fn submit(&mut self) -> Vec<Event> {
        self.step = Step::Submitting;
        self.draft.clone().map(Event::Submit).into_iter().collect()
    }

    fn back(&mut self, keyboard: &mut Keyboard, now: Instant) -> Vec<Event> {
        match &mut self.step {
            Step::Situation(asking) if asking.question > 0 => {
                asking.question -= 1;
                Vec::new()
            }
            Step::Situation(_) => self.enter_before(Counted::Situation, keyboard, now),
            Step::Identity(_) => self.enter_before(Counted::Identity, keyboard, now),
            Step::Form(form) if form.group > 0 => {
                if let Some(draft) = &self.draft {
                    *form = form::Form::open(form.group - 1, draft, keyboard);
                }
                Vec::new()
            }
            Step::Form(_) => self.enter_before(Counted::Form, keyboard, now),
            Step::Materials(state) => match state.scanning {
                Scanning::Shown { .. } | Scanning::Failed { .. } => {
                    state.scanning = Scanning::Idle;
                    Vec::new()
                }
                Scanning::Busy(_) => Vec::new(),
                Scanning::Idle => self.enter_before(Counted::Materials, keyboard, now),
            },
            Step::ReadBack(turn) if turn.page > 0 => {
                turn.back();
                Vec::new()
            }
            Step::ReadBack(_) => self.enter_before(Counted::ReadBack, keyboard, now),
            Step::Sign { .. } | Step::NotSubmitted { .. } => {
                self.enter(Counted::ReadBack, true, keyboard, now)
            }
            Step::Submitting | Step::Done(_) => Vec::new(),
        }
    }

    /// The card reader has something to say.
    pub fn card_reading(&mut self) {
        if let Step::Identity(identity) = &mut self.step {
            identity.card = Card::Reading;
        }
    }

    /// The card could not be used; what happened and what to do.
    pub fn card_wrong(&mut self, title: String, detail: String) {
        if let Step::Identity(identity) = &mut self.step {
            identity.card = Card::Wrong { title, detail };
        }
    }

    /// There is no reader, or it does not answer.
    pub fn no_reader(&mut self, detail: Option<String>) {
        if let Step::Identity(identity) = &mut self.step {
            match detail {
                Some(detail) => identity.card = Card::NoReader { detail },
                None if matches!(identity.card, Card::NoReader { .. }) => {
                    identity.card = Card::Awaited;
                }
                None => {}
            }
        }
    }

    /// The person is known.
    pub fn identified(
        &mut self,
        applicant: Applicant,
        keyboard: &mut Keyboard,
        now: Instant,
    ) -> Vec<Event> {
        let Some(draft) = &mut self.draft else {
            return Vec::new();
        };
        if !matches!(self.step, Step::Identity(_)) {
            return Vec::new();
        }
        if draft.identify(applicant).is_err() {
            self.card_wrong(
                t!("card.other_person").into_owned(),
                t!("card.other_person_do").into_owned(),
            );
            return Vec::new();
        }
        let mut events = vec![Event::LookForCard(false)];
        events.extend(self.enter_after(Counted::Identity, keyboard, now));
        events
    }

    /// The draft could, or could not, be kept.
    pub fn kept(&mut self, problem: Option<(String, String)>) {
        self.save_problem = problem;
    }

    /// The scanner answered.
    pub fn scanned(&mut self, result: Result<ScannedPicture, ScanProblem>) {
        if let Step::Materials(state) = &mut self.step {
            state.scanned(result);
        }
    }

    /// The case is in the outbox for good, or, after a moment, already with the platform.
    pub fn submitted(&mut self, case: CaseView) -> Vec<Event> {
        let Some(draft) = self.draft.take() else {
            return Vec::new();
        };
        let guide = draft.guide();
        let key = case.key;
        let next = done_next(guide);
        self.step = Step::Done(Box::new(Done::new(
            case,
            guide.department.name.clone(),
            next,
        )));
        vec![Event::Print(key)]
    }

    /// It could not be put into the outbox; the draft is still here.
    pub fn not_submitted(&mut self, title: String, detail: String) {
        self.step = Step::NotSubmitted { title, detail };
    }

    /// The case went on.
    pub fn went_on(&mut self, case: CaseView) {
        if let Step::Done(done) = &mut self.step
            && done.case.key == case.key
        {
            done.went_on(case);
        }
    }

    /// The receipt came out, or not.
    pub fn printed(&mut self, report: PrintReport) {
        if let Step::Done(done) = &mut self.step {
            done.paper = Paper::Reported(report);
        }
    }

    fn position(&self) -> Option<usize> {
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

    fn ways<'a>(&'a self, page: Page<'a, Message>) -> Page<'a, Message> {
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

    fn step_name(&self) -> std::borrow::Cow<'static, str> {
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

    /// Whether leaving now would throw away what was typed.
    pub fn in_hand(&self) -> bool {
        self.draft.is_some()
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

/// What happens next, in the guide's own process; the promise stands at its end.
fn done_next(guide: &jinban_api::guide::Guide) -> Vec<(String, String)> {
    let mut next: Vec<(String, String)> = guide
        .process
        .iter()
        .take(4)
        .map(|link| {
            let what = match &link.by {
                Some(by) => t!("done.step", by = by, what = link.name).into_owned(),
                None => link.name.clone(),
            };
            let when = link
                .time
                .map(crate::interface::words::time_limit)
                .unwrap_or_default();
            (what, when)
        })
        .collect();
    next.push((t!("done.supplement").into_owned(), String::new()));
    next
}
