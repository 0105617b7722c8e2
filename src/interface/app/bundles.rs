//! Theme services 一件事, from the guides to the lists on paper.

use iced::Task;
use jinban_api::ids::BundleId;

use super::super::screen::bundle;
use super::super::words;
use super::{App, Message, Screen};
use crate::catalogue::{BundleGuides, bundle_page, with_page};
use crate::peripherals::PrintReport;

impl App {
    /// Fetches the guides of a theme service; what is on the screen stays until they are there.
    pub(super) fn open_bundle(&self, id: &BundleId) -> Task<Message> {
        let Some(catalogue) = self.catalogue.clone() else {
            return Task::none();
        };
        let id = id.clone();
        Task::future(async move {
            let found = catalogue.bundle(id.as_str()).await;
            Message::Gathering(found.map_err(|error| error.to_string()))
        })
    }

    pub(super) fn show_bundle(&mut self, found: Result<Option<BundleGuides>, String>) {
        if !self.still_choosing() {
            return;
        }
        match found {
            Ok(Some((bundle, guides))) => {
                let freshness = match self.stale_since() {
                    Some(day) => t!("guide.stale", day = words::date(day)),
                    None => t!("bundle.window"),
                };
                let freshness = freshness.trim_start().to_owned();
                let page = bundle::BundlePage::new(bundle, guides, freshness);
                self.open(Screen::Bundle(Box::new(page)));
            }
            missing => {
                if let Err(error) = missing {
                    tracing::warn!(error, "a theme service could not be read");
                }
                self.say_unreadable();
            }
        }
    }

    pub(super) fn bundle(&mut self, message: bundle::Message) -> Task<Message> {
        let Screen::Bundle(page) = &mut self.screen else {
            return Task::none();
        };
        match page.update(message) {
            Some(bundle::Event::Open(id)) => self.open_guide(id),
            Some(bundle::Event::Print) => {
                let Some(services) = &self.services else {
                    page.printed(PrintReport::NotFitted.into());
                    return Task::none();
                };
                let address = bundle_page(&self.config.platform.url, page.id());
                let slip = with_page(page.slip(&self.config.place.name), &address);
                let peripherals = services.peripherals.clone();
                Task::future(async move {
                    Message::ListsPrinted(peripherals.print_to_read(&slip).await)
                })
            }
            Some(bundle::Event::Leave) => {
                self.back();
                // The guides may have changed meanwhile.
                self.look_up();
                Task::none()
            }
            None => Task::none(),
        }
    }

    pub(super) fn lists_printed(&mut self, report: PrintReport) -> Task<Message> {
        for screen in self.standing_screens() {
            if let Screen::Bundle(page) = screen {
                page.printed(report.into());
                break;
            }
        }
        Task::none()
    }
}
