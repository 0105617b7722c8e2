//! Finding and reading guides, from the home screen to 现在办理.

use std::sync::Arc;
use std::time::Instant;

use iced::Task;
use jiff::Timestamp;
use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;

use super::super::screen::{filing, guide, guides, help, home, progress};
use super::super::words;
use super::{App, Message, Screen, Sheet};
use crate::catalogue::{guide_page, slip, with_page};
use crate::peripherals::PrintReport;

impl App {
    pub(super) fn home(&mut self, message: home::Message) -> Task<Message> {
        match message {
            home::Message::File => {
                self.open(Screen::Guides(guides::Guides::new(guides::Purpose::File)));
                self.look_up();
            }
            home::Message::Guides => {
                self.open(Screen::Guides(guides::Guides::new(guides::Purpose::Read)));
                self.look_up();
            }
            home::Message::Search => {
                let guides = guides::Guides::searching(&mut self.keyboard);
                self.open(Screen::Guides(guides));
            }
            home::Message::Progress | home::Message::Reprint => {
                let known = self.session.visitor().is_some();
                self.turn_to(Screen::Progress(progress::Progress::new(
                    known,
                    Instant::now(),
                )));
                if known {
                    return self.my_cases();
                }
                self.look_for_card(true);
            }
            home::Message::Notices => self.open_notices(),
            home::Message::Phones => self.sheet = Some(Sheet::Help(help::About::General)),
            home::Message::Agents => self.sheet = Some(Sheet::Help(help::About::Agents)),
            home::Message::Open(id) => return self.open_guide(id),
        }
        Task::none()
    }

    pub(super) fn guides(&mut self, message: guides::Message) -> Task<Message> {
        let Screen::Guides(screen) = &mut self.screen else {
            return Task::none();
        };
        match screen.update(message, &mut self.keyboard) {
            Some(guides::Event::Leave) => self.back(),
            Some(guides::Event::Open(id)) => return self.open_guide(id),
            Some(guides::Event::Bundle(id)) => return self.open_bundle(&id),
            None => self.look_up(),
        }
        Task::none()
    }

    /// Searches anew after a key, or after the guides have changed.
    pub(super) fn look_up(&mut self) {
        if let (Screen::Guides(screen), Some(guides)) = (&mut self.screen, &self.snapshot) {
            let month = words::today(Timestamp::now()).month();
            screen.look_up(guides, month, &self.keyboard);
        }
    }

    /// Fetches a guide; what is on the screen stays until it is there.
    pub(super) fn open_guide(&self, id: GuideId) -> Task<Message> {
        let Some(catalogue) = self.catalogue.clone() else {
            return Task::none();
        };
        Task::future(async move {
            let found = catalogue.guide(&id).await;
            if let Ok(Some(_)) = found {
                catalogue.note_opened(&id).await;
            }
            Message::Fetched(found.map_err(|error| error.to_string()))
        })
    }

    pub(super) fn show_guide(&mut self, found: Result<Option<Arc<Guide>>, String>) {
        if !self.still_choosing() {
            return;
        }
        match found {
            Ok(Some(guide)) => {
                let theme = (self.snapshot.as_ref())
                    .and_then(|guides| {
                        let first = guide.themes.first()?;
                        guides.themes().iter().find(|theme| theme.id == *first)
                    })
                    .map(|theme| theme.name.clone())
                    .unwrap_or_default();
                let today = words::today(Timestamp::now());
                let freshness = words::freshness(&guide, today, self.stale_since());
                let beside = (self.snapshot.as_ref())
                    .map(|guides| guide::Beside {
                        intermediaries: guides.intermediaries(&guide.id),
                        review: guides.review_rule(&guide.id),
                    })
                    .unwrap_or_default();
                let page = guide::GuidePage::new(guide, theme, beside, freshness);
                self.open(Screen::Guide(Box::new(page)));
            }
            missing => {
                if let Err(error) = missing {
                    tracing::warn!(error, "a guide could not be read");
                }
                self.say_unreadable();
            }
        }
    }

    /// Back at the guides, which say that the one that was tapped cannot be read.
    pub(super) fn say_unreadable(&mut self) {
        while !matches!(self.screen, Screen::Guides(_) | Screen::Home) {
            self.back();
        }
        match &mut self.screen {
            Screen::Guides(screen) => screen.unreadable(),
            _ => {
                let mut guides = guides::Guides::new(guides::Purpose::Read);
                guides.unreadable();
                self.open(Screen::Guides(guides));
            }
        }
        self.look_up();
    }

    /// The day the guides were last confirmed, when that is too long ago.
    pub(super) fn stale_since(&self) -> Option<jiff::civil::Date> {
        let stale_after = self.config.platform.guides_stale_after_days;
        let freshness = self
            .snapshot
            .as_ref()?
            .freshness(Timestamp::now(), stale_after);
        freshness.stale_since().map(words::today)
    }

    pub(super) fn guide(&mut self, message: guide::Message) -> Task<Message> {
        let base = self.config.platform.url.clone();
        let Screen::Guide(page) = &mut self.screen else {
            return Task::none();
        };
        let event = page.update(message, |guide| guide_page(&base, &guide.id));
        match event {
            Some(guide::Event::Leave) => {
                self.back();
                // The guides may have changed meanwhile.
                self.look_up();
                Task::none()
            }
            Some(guide::Event::LookAt(file)) => self.look_at(file),
            Some(guide::Event::Law(law)) => {
                self.open_law(&law);
                Task::none()
            }
            Some(guide::Event::Print) => {
                let Some(services) = &self.services else {
                    return Task::none();
                };
                let guide = page.guide();
                let slip = slip(guide, &self.config.place.name, page.freshness());
                let slip = with_page(slip, &guide_page(&base, &guide.id));
                let peripherals = services.peripherals.clone();
                Task::future(async move {
                    Message::GuidePrinted(peripherals.print_to_read(&slip).await)
                })
            }
            Some(guide::Event::File) => {
                let guide = Arc::clone(page.guide());
                let Some(services) = &self.services else {
                    self.sheet = Some(Sheet::Broken);
                    return Task::none();
                };
                let mut draft = services.filing.begin(guide);
                if let Some(visitor) = self.session.visitor() {
                    // A new draft belongs to nobody yet, so this person can take it.
                    let _ = draft.identify(visitor.applicant().clone());
                }
                let (screen, events) =
                    filing::Filing::open(draft, &mut self.keyboard, Instant::now());
                self.turn_to(Screen::Filing(Box::new(screen)));
                // Asked before the new draft is saved: it would be found instead.
                let offer = self.offer_resumption();
                let done = self.carry_out(events);
                offer.chain(done)
            }
            None => Task::none(),
        }
    }

    pub(super) fn guide_printed(&mut self, report: PrintReport) -> Task<Message> {
        for screen in self.standing_screens() {
            if let Screen::Guide(page) = screen {
                page.printed(report.into());
                break;
            }
        }
        Task::none()
    }
}
