//! A draft that was left unfinished: offered to the person whose it is, taken up or thrown away.

use std::time::Instant;

use iced::Task;
use ulid::Ulid;

use super::super::screen::filing;
use super::{App, Message, Screen, Sheet};
use crate::session::Sign;
use crate::vault::audit::AuditEvent;

impl App {
    /// A draft of this person that was not finished: offered, unless it is the one in hand.
    pub(super) fn offer_resumption(&self) -> Task<Message> {
        let (Some(services), Some(visitor)) = (&self.services, self.session.visitor()) else {
            return Task::none();
        };
        if matches!(self.screen, Screen::Progress(_)) {
            return Task::none();
        }
        let holder = services.filing.holder(&visitor.applicant().id_number);
        let filing = services.filing.clone();
        let in_hand = match &self.screen {
            Screen::Filing(screen) => screen.draft_key(),
            _ => None,
        };
        Task::future(async move {
            let draft = filing.resumable(&holder).await;
            Message::Offer(draft.filter(|draft| Some(draft.key()) != in_hand))
        })
    }

    pub(super) fn resume(&mut self, resume: bool) -> Task<Message> {
        let Some(Sheet::Resume(draft)) = self.sheet.take() else {
            return Task::none();
        };
        let now = Instant::now();
        self.session.sign(Sign::Touch, now);
        if resume {
            let mut draft = *draft;
            let begun = match &self.screen {
                Screen::Filing(screen) => screen.draft_key(),
                _ => None,
            };
            if let Some(visitor) = self.session.visitor()
                && draft.identify(visitor.applicant().clone()).is_err()
            {
                return Task::none();
            }
            let key = draft.key();
            self.note(|| AuditEvent::DraftResumed { draft: key });
            let (screen, events) = filing::Filing::open(draft, &mut self.keyboard, now);
            self.turn_to(Screen::Filing(Box::new(screen)));
            // What was begun a moment ago only led back here.
            let dropped = begun.map_or_else(Task::none, |key| self.discard(key));
            return Task::batch([self.carry_out(events), dropped]);
        }
        let key = draft.key();
        drop(draft);
        self.discard(key)
    }

    pub(super) fn discard(&self, key: Ulid) -> Task<Message> {
        let Some(services) = &self.services else {
            return Task::none();
        };
        let filing = services.filing.clone();
        Task::future(async move {
            if let Err(error) = filing.discard(key).await {
                tracing::warn!(%error, "an unfinished draft could not be removed");
            }
            Message::Done
        })
    }
}
