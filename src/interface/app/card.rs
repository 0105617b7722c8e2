//! The card on the reader: whose it is, and what that changes on the screen.

use std::time::Instant;

use iced::Task;
use jiff::Timestamp;
use jinban_devices::card_reader::{CardEvent, CardRefusal, IdCard};

use super::super::theme::type_roles;
use super::super::{faults, words};
use super::{App, Message, Screen};
use crate::session::{EndReason, Sign, Visitor};
use crate::vault::audit::AuditEvent;

impl App {
    pub(super) fn card(&mut self, event: CardEvent) -> Task<Message> {
        match event {
            CardEvent::Found | CardEvent::Reading => {
                self.card_on_reader = true;
                self.session.sign(Sign::Working, Instant::now());
                match &mut self.screen {
                    Screen::Filing(screen) => screen.card_reading(),
                    Screen::Progress(screen) => screen.card_reading(),
                    _ => {}
                }
                Task::none()
            }
            CardEvent::Read(card) => self.card_read(&card),
            CardEvent::Failed(error) => {
                let (title, detail) = faults::card_words(&error);
                self.card_wrong(title.into_owned(), detail.into_owned());
                Task::none()
            }
            CardEvent::Removed => {
                self.card_on_reader = false;
                Task::none()
            }
        }
    }

    pub(super) fn card_wrong(&mut self, title: String, detail: String) {
        match &mut self.screen {
            Screen::Filing(screen) => screen.card_wrong(title, detail),
            Screen::Progress(screen) => screen.card_wrong(title, detail),
            _ => {}
        }
    }

    pub(super) fn card_read(&mut self, card: &IdCard) -> Task<Message> {
        self.card_on_reader = true;
        let now = Instant::now();
        let today = words::today(Timestamp::now());
        if let Err(refusal) = card.check(today) {
            self.note(|| AuditEvent::CardRefused {
                reason: refused(refusal).to_owned(),
            });
            let (title, detail) = faults::refusal_words(&refusal);
            self.card_wrong(title.into_owned(), detail.into_owned());
            return Task::none();
        }
        let visitor = Visitor::from_card(card);
        let another = self
            .session
            .visitor()
            .is_some_and(|known| !known.is(&visitor));
        let mut first = Task::none();
        if another && !matches!(self.screen, Screen::Filing(_)) {
            first = self.end_visit(EndReason::AnotherPerson);
        }
        if matches!(self.screen, Screen::Goodbye { .. }) {
            self.as_shipped();
        }
        if matches!(self.screen, Screen::Attract | Screen::Goodbye { .. }) {
            self.turn_to(Screen::Home);
        }
        let applicant = visitor.applicant().clone();
        if let Some(services) = &self.services {
            let holder = services.filing.holder(&applicant.id_number).into();
            services.audit.note(AuditEvent::CardRead { holder });
        }
        let name = format!("{}{}", applicant.name, applicant.address);
        // Refused only while filing, where the draft itself says that the card is another person's.
        let _ = self.session.identify(visitor, now);
        let offer = self.offer_resumption();
        let events = match &mut self.screen {
            Screen::Filing(screen) => screen.identified(applicant, &mut self.keyboard, now),
            Screen::Progress(screen) => {
                screen.identified();
                let cases = self.my_cases();
                self.look_for_card(false);
                return Task::batch([first, cases, offer]);
            }
            _ => {
                self.look_for_card(false);
                Vec::new()
            }
        };
        let done = self.carry_out(events);
        // Asked before the draft in hand is saved under this person's name: it would be found instead.
        Task::batch([first, self.letters_for(&name), offer.chain(done)])
    }

    /// Fetches the rare characters when this name has one that the ordinary fonts lack.
    pub(super) fn letters_for(&mut self, name: &str) -> Task<Message> {
        if self.rare_letters || type_roles::covers(name) {
            return Task::none();
        }
        self.rare_letters = true;
        iced::font::load(crate::assets::FONT_RARE).map(|_| Message::Done)
    }

    pub(super) fn look_for_card(&self, look: bool) {
        if let Some(reader) = self
            .services
            .as_ref()
            .and_then(|services| services.peripherals.card_reader.as_ref())
        {
            if look {
                reader.arm();
            } else {
                reader.disarm();
            }
        }
    }
}

/// Without the dates, which are the person's.
fn refused(refusal: CardRefusal) -> &'static str {
    match refusal {
        CardRefusal::WrongCheckDigit => "wrong-check-digit",
        CardRefusal::NumberAndBirthDiffer => "number-and-birth-differ",
        CardRefusal::Expired { .. } => "expired",
        CardRefusal::NotYetValid { .. } => "not-yet-valid",
    }
}
