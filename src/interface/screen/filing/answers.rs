//! What a person answers in a step.

use std::time::Instant;

use jinban_api::ids::OptionId;
use jinban_api::rating::Satisfaction;

use super::{Counted, Event, Filing, Step};
use crate::filing::Draft;
use crate::filing::draft::{CapturedPage, ReadBackPart};
use crate::interface::input::keyboard::Keyboard;
use crate::interface::step::done::{Paper, Rated};
use crate::interface::step::materials::Scanning;
use crate::interface::step::situation::Asking;
use crate::interface::step::{done, form, identity, materials, read_back};
use crate::peripherals::KeptPage;

/// What has been handed in, for noticing a page that comes twice.
fn kept(draft: &Draft) -> Vec<KeptPage> {
    draft.pages().map(CapturedPage::shared).collect()
}

impl Filing {
    pub(super) fn situation(
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

    pub(super) fn identity(&mut self, message: identity::Message, now: Instant) -> Vec<Event> {
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

    pub(super) fn form(&mut self, message: form::Message, keyboard: &mut Keyboard) -> Vec<Event> {
        let (Step::Form(form), Some(draft)) = (&mut self.step, &mut self.draft) else {
            return Vec::new();
        };
        if form.update(message, draft, keyboard) {
            self.unsaved = true;
        }
        Vec::new()
    }

    pub(super) fn materials(&mut self, message: materials::Message) -> Vec<Event> {
        let (Step::Materials(state), Some(draft)) = (&mut self.step, &mut self.draft) else {
            return Vec::new();
        };
        match message {
            materials::Message::Scan(material) => {
                if state.busy() {
                    return Vec::new();
                }
                state.scanning = Scanning::Busy(material);
                vec![Event::Scan(kept(draft))]
            }
            materials::Message::Again => match std::mem::take(&mut state.scanning) {
                Scanning::Shown { material, .. } | Scanning::Failed { material, .. } => {
                    state.scanning = Scanning::Busy(material);
                    vec![Event::Scan(kept(draft))]
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

    pub(super) fn read_back(
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

    pub(super) fn done(&mut self, message: done::Message) -> Vec<Event> {
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
}
