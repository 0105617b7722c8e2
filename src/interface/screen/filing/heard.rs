//! What comes from outside while a step is shown: card, scanner, store, printer.

use std::time::Instant;

use jinban_api::case::Applicant;

use super::{Counted, Event, Filing, Step};
use crate::filing::CaseView;
use crate::interface::input::keyboard::Keyboard;
use crate::interface::step::done::{Done, Paper};
use crate::interface::step::identity::Card;
use crate::peripherals::{PrintReport, ScanProblem, ScannedPicture};

impl Filing {
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
                .as_ref()
                .and_then(|time| time.known().copied())
                .map(crate::interface::words::time_limit)
                .unwrap_or_default();
            (what, when)
        })
        .collect();
    next.push((t!("done.supplement").into_owned(), String::new()));
    next
}
