//! Filing a case and following it: what the screens ask to be done.

use std::time::{Duration, Instant};

use iced::Task;
use jiff::Timestamp;
use ulid::Ulid;

use super::super::faults;
use super::super::screen::{filing, help, progress};
use super::{App, Message, Screen, Sheet};
use crate::filing::{CaseView, Draft, Filing, SubmitError};
use crate::language::Language;
use crate::session::EndReason;

impl App {
    pub(super) fn filing(&mut self, message: filing::Message) -> Task<Message> {
        let Screen::Filing(screen) = &mut self.screen else {
            return Task::none();
        };
        let events = screen.update(
            message,
            &self.ui,
            &mut self.keyboard,
            Instant::now(),
            Timestamp::now(),
        );
        self.carry_out(events)
    }

    pub(super) fn progress(&mut self, message: progress::Message) -> Task<Message> {
        let Screen::Progress(screen) = &mut self.screen else {
            return Task::none();
        };
        match screen.update(message, Instant::now()) {
            Some(progress::Event::LookForCard(look)) => {
                self.look_for_card(look);
                Task::none()
            }
            Some(progress::Event::Ask(key)) => {
                self.services.as_ref().map_or_else(Task::none, |services| {
                    let filing = services.filing.clone();
                    Task::future(
                        async move { Message::Official(key, official(&filing, key).await) },
                    )
                })
            }
            Some(progress::Event::Print(key)) => self.print(key),
            Some(progress::Event::Leave) => {
                self.look_for_card(false);
                self.turn_to(Screen::Home);
                Task::none()
            }
            Some(progress::Event::HelpWithoutCard) => {
                self.sheet = Some(Sheet::Help(help::About::NoCard));
                Task::none()
            }
            None => Task::none(),
        }
    }

    pub(super) fn my_cases(&self) -> Task<Message> {
        let (Some(services), Some(visitor)) = (&self.services, self.session.visitor()) else {
            return Task::none();
        };
        let holder = services.filing.holder(&visitor.applicant().id_number);
        let filing = services.filing.clone();
        Task::future(async move { Message::Cases(filing.cases_of(&holder).await) })
    }

    pub(super) fn print(&self, key: Ulid) -> Task<Message> {
        self.services.as_ref().map_or_else(Task::none, |services| {
            let services = services.clone();
            let language = Language::current();
            Task::future(
                async move { Message::Printed(services.print_receipt(key, language).await) },
            )
        })
    }

    pub(super) fn submitted(
        &mut self,
        result: Result<Box<CaseView>, (String, String)>,
    ) -> Task<Message> {
        match (&mut self.screen, result) {
            (Screen::Filing(screen), Ok(case)) if screen.in_hand() => {
                let events = screen.submitted(*case);
                self.carry_out(events)
            }
            (Screen::Filing(screen), Ok(case)) => {
                screen.went_on(*case);
                Task::none()
            }
            (Screen::Progress(screen), Ok(case)) => {
                screen.went_on(&case);
                Task::none()
            }
            (Screen::Filing(screen), Err((title, detail))) => {
                screen.not_submitted(title, detail);
                Task::none()
            }
            _ => Task::none(),
        }
    }

    /// Does what the filing screen asks for.
    pub(super) fn carry_out(&mut self, events: Vec<filing::Event>) -> Task<Message> {
        let Some(services) = self.services.clone() else {
            return Task::none();
        };
        let mut tasks = Vec::new();
        for event in events {
            match event {
                filing::Event::Save(draft) => {
                    let filing = services.filing.clone();
                    tasks.push(Task::future(async move {
                        Message::Kept(
                            filing
                                .save(&draft)
                                .await
                                .err()
                                .map(|error| owned(faults::save_words(&error))),
                        )
                    }));
                }
                filing::Event::LookForCard(look) => self.look_for_card(look),
                filing::Event::Scan(kept) => {
                    let peripherals = services.peripherals.clone();
                    tasks.push(Task::future(async move {
                        Message::Scanned(peripherals.scan(kept).await)
                    }));
                }
                filing::Event::Submit(draft) => {
                    let filing = services.filing.clone();
                    tasks.push(Task::future(async move {
                        Message::Submitted(
                            submit(&filing, draft)
                                .await
                                .map(Box::new)
                                .map_err(|error| owned(faults::submit_words(&error))),
                        )
                    }));
                }
                filing::Event::Print(key) => tasks.push(self.print(key)),
                filing::Event::Rate(key, grade, reasons) => {
                    let filing = services.filing.clone();
                    tasks.push(Task::future(async move {
                        if let Err(error) = filing.rate(key, grade, &reasons).await {
                            tracing::warn!(%error, "a rating could not be kept");
                        }
                        Message::Done
                    }));
                }
                filing::Event::Leave | filing::Event::Another => {
                    self.turn_to(Screen::Home);
                }
                filing::Event::Finish => tasks.push(self.end_visit(EndReason::Finished)),
                filing::Event::HelpWithoutCard => {
                    self.sheet = Some(Sheet::Help(help::About::NoCard));
                }
                filing::Event::HelpFromAgent => {
                    self.sheet = Some(Sheet::Help(help::About::Agents));
                }
            }
        }
        Task::batch(tasks)
    }
}

/// Hands the draft over, then waits a little for the platform, so that most people see the official number at once.
async fn submit(filing: &Filing, draft: Draft) -> Result<CaseView, SubmitError> {
    let queued = filing.submit(&draft).await?;
    drop(draft);
    filing
        .await_ack(queued.key, Duration::from_secs(6))
        .await
        .ok_or_else(|| SubmitError::Other("the queued case cannot be read".to_owned()))
}

/// What the platform says of a case now.
async fn official(filing: &Filing, key: Ulid) -> progress::Official {
    let Some(known) = filing.case(key).await.and_then(|case| case.official) else {
        return progress::Official::Unreachable;
    };
    filing
        .progress(&known.number, &known.query_code)
        .await
        .map_or(progress::Official::Unreachable, progress::Official::Known)
}

fn owned((title, detail): faults::Words) -> (String, String) {
    (title.into_owned(), detail.into_owned())
}
