//! What the rooms beneath report: services that started, lights, cases that went on.

use std::time::Duration;

use iced::Task;

use super::super::faults;
use super::super::input::keyboard;
use super::{App, Message, Screen, Sheet};
use crate::catalogue::Catalogue;
use crate::filing::FilingEvent;
use crate::services::{Services, StartError, World};
use crate::vault::audit::AuditEvent;

impl App {
    pub(super) fn started(&mut self, started: Result<Services, StartError>) -> Task<Message> {
        match started {
            Ok(services) => {
                let mut events = services.events();
                let opened =
                    keyboard::open(self.config.data_dir.join("input")).map(Message::Keyboard);
                let filing = services.filing.clone();
                self.snapshot = Some(services.catalogue.snapshot());
                self.catalogue = Some(services.catalogue.clone());
                self.services = Some(services);
                self.look_for_card(true);
                let left_off = Task::future(async move {
                    Message::Offer(filing.latest_anonymous(Duration::from_mins(2)).await)
                });
                Task::batch([
                    Task::stream(iced::futures::stream::poll_fn(move |cx| {
                        events.poll_recv(cx)
                    }))
                    .map(Message::World),
                    opened,
                    left_off,
                ])
            }
            Err(error) => {
                tracing::error!(%error, "nothing can be filed here");
                // Guides are carried inside the program: reading them must always work.
                let bundled = Catalogue::in_memory();
                self.snapshot = Some(bundled.snapshot());
                self.catalogue = Some(bundled);
                self.start_error = Some(error);
                self.sheet = Some(Sheet::Broken);
                Task::none()
            }
        }
    }

    pub(super) fn world(&mut self, world: World) -> Task<Message> {
        match world {
            World::Network(reachability) => {
                self.reachability = reachability;
                self.lights();
                Task::none()
            }
            World::Reader(status) => {
                let trouble =
                    (!status.is_usable()).then(|| t!("identity.no_reader_do").into_owned());
                self.reader = Some(status);
                self.lights();
                if let Screen::Filing(screen) = &mut self.screen {
                    screen.no_reader(trouble);
                }
                Task::none()
            }
            World::Printer(status) => {
                self.printer = Some(status);
                self.lights();
                Task::none()
            }
            World::Card(event) => self.card(event),
            World::Filing(event) => self.filing_event(event),
            World::Catalogue(snapshot) => {
                self.snapshot = Some(snapshot);
                self.look_up();
                Task::none()
            }
        }
    }

    /// Puts it into the audit log, where there is one.
    pub(super) fn note(&self, event: impl FnOnce() -> AuditEvent) {
        if let Some(services) = &self.services {
            services.audit.note(event());
        }
    }

    pub(super) fn lights(&mut self) {
        self.status.lights = [
            Some(faults::network_light(self.reachability)),
            self.reader.as_ref().map(faults::reader_light),
            self.printer.as_ref().map(faults::printer_light),
        ]
        .into_iter()
        .flatten()
        .collect();
    }

    pub(super) fn filing_event(&mut self, event: FilingEvent) -> Task<Message> {
        let key = event.key();
        let shown = match &self.screen {
            Screen::Filing(screen) => screen.case_key() == Some(key),
            Screen::Progress(_) => true,
            _ => false,
        };
        let (true, Some(services)) = (shown, &self.services) else {
            return Task::none();
        };
        let filing = services.filing.clone();
        Task::future(async move {
            filing
                .case(key)
                .await
                .map_or(Message::Done, |case| Message::Submitted(Ok(Box::new(case))))
        })
    }
}
