//! A visit from the first touch to the goodbye: time passing, leaving, and what is wiped.

use std::time::{Duration, Instant};

use iced::Task;
use jiff::Timestamp;

use super::super::theme::{Contrast, Reach, TextScale};
use super::super::{sheets, words};
use super::{App, Message, Screen, Sheet};
use crate::config::Config;
use crate::language::Language;
use crate::session::{Belonging, EndReason, Presence, Session, SessionTimes, Sign};
use crate::vault::audit::{self, AuditEvent};

impl App {
    pub(super) fn tick(&mut self, now: Instant) -> Task<Message> {
        self.now = now;
        self.read_clock();
        if let Screen::Goodbye { until, .. } = self.screen {
            if now >= until {
                self.await_next();
            }
            return Task::none();
        }
        if self.aloud.is_reading() {
            // Whoever listens touches nothing.
            self.session.sign(Sign::Working, now);
        }
        if let Presence::Ended(reason) = self.session.sign(Sign::Tick, now) {
            return self.end_visit(reason);
        }
        let unsaved = match &mut self.screen {
            Screen::Filing(screen) => screen.take_unsaved(),
            _ => None,
        };
        self.carry_out(unsaved.into_iter().collect())
    }

    /// The time and day that are shown.
    pub(super) fn read_clock(&mut self) {
        let wall = Timestamp::now();
        self.status.time = words::time(wall);
        self.day = words::day_and_weekday(wall);
    }

    pub(super) fn begin_visit(&mut self) -> Task<Message> {
        self.session.sign(Sign::Touch, Instant::now());
        self.turn_to(Screen::Home);
        Task::none()
    }

    /// Nobody is here: the panel waits for whoever comes next.
    pub(super) fn await_next(&mut self) {
        self.as_shipped();
        self.turn_to(Screen::Attract);
        self.look_for_card(true);
    }

    /// What the last person chose to see and read better goes after the goodbye, which they still read.
    pub(super) fn as_shipped(&mut self) {
        self.ui.scale = TextScale::default();
        self.ui.contrast = Contrast::default();
        self.ui.reach = Reach::default();
        self.aloud.as_shipped();
        self.speak(Language::default());
    }

    /// Says everything in this language from now on, also what stands ready in words.
    pub(super) fn speak(&mut self, language: Language) {
        language.speak();
        self.lights();
        self.read_clock();
        self.place_title = place_title(&self.config);
    }

    /// Everything of this person goes: screens, texts, the card's facts, the keyboard's composition.
    pub(super) fn end_visit(&mut self, reason: EndReason) -> Task<Message> {
        let unsaved = match &mut self.screen {
            Screen::Filing(screen) => screen.take_unsaved(),
            _ => None,
        };
        let kept = self.carry_out(unsaved.into_iter().collect());
        self.look_for_card(false);
        let now = Instant::now();
        let goodbye = Screen::Goodbye {
            until: now + Duration::from_secs(self.config.session.goodbye_s.into()),
            take_card: self.card_on_reader,
        };
        let mut belongings: Vec<Box<dyn Belonging>> = Vec::new();
        self.beneath
            .push(std::mem::replace(&mut self.screen, goodbye));
        for screen in self.beneath.drain(..) {
            match screen {
                Screen::Filing(screen) => belongings.push(screen),
                Screen::Progress(screen) => belongings.push(Box::new(screen)),
                Screen::Guides(screen) => belongings.push(Box::new(screen)),
                Screen::Bundle(screen) => belongings.push(screen),
                // What is published, and what is the same for everybody.
                Screen::Guide(_)
                | Screen::Notices(_)
                | Screen::Document(_)
                | Screen::Paper(_)
                | Screen::Attract
                | Screen::Home
                | Screen::Goodbye { .. } => {}
            }
        }
        if let Some(Sheet::Resume(draft)) = self.sheet.take() {
            belongings.push(draft);
        }
        let session = std::mem::replace(&mut self.session, Session::new(times(&self.config)));
        let report = session.end(reason, belongings, now);
        tracing::info!(?report, "visit ended");
        self.note(|| AuditEvent::VisitEnded {
            reason: audit::word(&report.reason),
            seconds: report.lasted.as_secs(),
            wiped: report.dropped.values().sum::<usize>() as u64,
        });
        self.keyboard.clear();
        self.aloud.hush();
        kept
    }

    pub(super) fn leave_for_home(&mut self) -> Task<Message> {
        if let Screen::Filing(screen) = &mut self.screen
            && screen.in_hand()
        {
            let unsaved = screen.take_unsaved();
            self.sheet = Some(Sheet::Leave);
            return self.carry_out(unsaved.into_iter().collect());
        }
        self.look_for_card(false);
        self.turn_to(Screen::Home);
        Task::none()
    }

    pub(super) fn sheet_answered(&mut self, message: sheets::Message) -> Task<Message> {
        match message {
            sheets::Message::TextSize(scale) => self.ui.scale = scale,
            sheets::Message::Rate(rate) => self.change_rate(rate),
            sheets::Message::Contrast => self.ui.contrast = self.ui.contrast.other(),
            sheets::Message::Reach => self.ui.reach = self.ui.reach.other(),
            sheets::Message::Language => self.speak(Language::current().other()),
            sheets::Message::GoOn => {
                self.session.sign(Sign::Touch, Instant::now());
            }
            sheets::Message::Stay => self.sheet = None,
            sheets::Message::Leave => {
                self.sheet = None;
                self.look_for_card(false);
                self.turn_to(Screen::Home);
            }
            sheets::Message::End => return self.end_visit(EndReason::Finished),
            sheets::Message::Resume => return self.resume(true),
            sheets::Message::Discard => return self.resume(false),
        }
        Task::none()
    }
}

pub(super) fn times(config: &Config) -> SessionTimes {
    SessionTimes {
        warn_after: Duration::from_secs(config.session.idle_warning_s.into()),
        wipe_after: Duration::from_secs(config.session.idle_wipe_s.into()),
    }
}

/// 青川县 · 青溪镇.
pub(super) fn place_title(config: &Config) -> String {
    let place = &config.place;
    t!("attract.place", county = place.county, town = place.town).into_owned()
}
