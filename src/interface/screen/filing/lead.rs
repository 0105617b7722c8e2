//! Which step comes next, which came before, and what has to be true to go there.

use std::time::Instant;

use jiff::Timestamp;

use super::{Counted, Event, Filing, Step};
use crate::interface::input::keyboard::Keyboard;
use crate::interface::step::identity::Identity;
use crate::interface::step::materials::{Materials, Scanning};
use crate::interface::step::situation::Asking;
use crate::interface::step::{form, materials, sign};
use crate::interface::theme::Ui;
use crate::interface::widget::Turn;
use crate::interface::widget::signature::Strokes;

impl Filing {
    pub(super) fn go_to_first_open(&mut self, keyboard: &mut Keyboard, now: Instant) -> Vec<Event> {
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

    pub(super) fn saved(&self) -> Vec<Event> {
        self.draft.clone().map(Event::Save).into_iter().collect()
    }

    /// The next step after `from` that exists for this guide.
    pub(super) fn enter_after(
        &mut self,
        from: Counted,
        keyboard: &mut Keyboard,
        now: Instant,
    ) -> Vec<Event> {
        let at = self.counted.iter().position(|c| *c == from).unwrap_or(0);
        let next = self.counted.get(at + 1).copied();
        let mut events = self.saved();
        if let Some(next) = next {
            events.extend(self.enter(next, false, keyboard, now));
        }
        events
    }

    pub(super) fn enter_before(
        &mut self,
        from: Counted,
        keyboard: &mut Keyboard,
        now: Instant,
    ) -> Vec<Event> {
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

    pub(super) fn enter(
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

    pub(super) fn next(
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

    pub(super) fn submit(&mut self) -> Vec<Event> {
        self.step = Step::Submitting;
        self.draft.clone().map(Event::Submit).into_iter().collect()
    }

    pub(super) fn back(&mut self, keyboard: &mut Keyboard, now: Instant) -> Vec<Event> {
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
}
