//! Published papers, notices and laws: fetched, drawn aside, and shown.

use std::sync::Arc;

use iced::Task;
use jiff::Timestamp;
use jinban_api::guide::Attachment;
use jinban_api::ids::LawId;
use jinban_devices::page_printer::Page;
use jinban_devices::receipt::{SHEET_HEIGHT, SHEET_WIDTH};
use jinban_devices::status::{Fault, FaultKind};

use super::super::screen::document::Document;
use super::super::screen::{document, notices, paper};
use super::super::words;
use super::{App, Message, Screen};
use crate::catalogue::document_slip;
use crate::papers::{Paper, PaperError};
use crate::peripherals::{Peripherals, PrintReport};
use crate::services::Services;

impl App {
    pub(super) fn open_notices(&mut self) {
        let Some(guides) = &self.snapshot else { return };
        let today = words::today(Timestamp::now());
        let notices = guides.notices(today, self.config.place.village_code.as_str());
        let screen = notices::Notices::new(notices, guides.laws());
        self.open(Screen::Notices(screen));
    }

    pub(super) fn notices(&mut self, message: notices::Message) -> Task<Message> {
        let Screen::Notices(screen) = &mut self.screen else {
            return Task::none();
        };
        match screen.update(message) {
            Some(notices::Event::Open(document)) => self.read(*document),
            Some(notices::Event::Leave) => self.back(),
            None => {}
        }
        Task::none()
    }

    /// Shows a law that a guide rests on; one that was withdrawn meanwhile is not shown.
    pub(super) fn open_law(&mut self, id: &LawId) {
        let laws = self.snapshot.as_ref().map(|guides| guides.laws());
        let law = laws.into_iter().flatten().find(|law| law.id == *id);
        if let Some(law) = law {
            self.read(Document::Law(law));
        }
    }

    fn read(&mut self, document: Document) {
        let named = match &document {
            Document::Notice(notice) => notice.guides.as_slice(),
            Document::Law(_) => &[],
        };
        let known = self.snapshot.as_ref().map(|guides| guides.entries());
        let about = named.iter().filter_map(|id| {
            let entry = known?.iter().find(|entry| entry.id == *id)?;
            Some((entry.id.clone(), entry.display_name().to_owned()))
        });
        let screen = document::DocumentPage::new(document.clone(), about.collect());
        self.open(Screen::Document(Box::new(screen)));
    }

    pub(super) fn document(&mut self, message: document::Message) -> Task<Message> {
        let Screen::Document(screen) = &mut self.screen else {
            return Task::none();
        };
        match screen.update(message) {
            Some(document::Event::Open(guide)) => self.open_guide(guide),
            Some(document::Event::LookAt(file)) => self.look_at(file),
            Some(document::Event::Print) => {
                let Some(services) = &self.services else {
                    screen.printed(PrintReport::NotFitted.into());
                    return Task::none();
                };
                let document = screen.document();
                let slip = document_slip(
                    document.title(),
                    &document.facts(),
                    document.paragraphs(),
                    &self.config.place.name,
                );
                let peripherals = services.peripherals.clone();
                Task::future(async move {
                    Message::DocumentPrinted(peripherals.print_to_read(&slip).await)
                })
            }
            Some(document::Event::Leave) => {
                self.back();
                Task::none()
            }
            None => Task::none(),
        }
    }

    pub(super) fn document_printed(&mut self, report: PrintReport) -> Task<Message> {
        for screen in self.standing_screens() {
            if let Screen::Document(screen) = screen {
                screen.printed(report.into());
                break;
            }
        }
        Task::none()
    }

    /// Shows a published file.
    pub(super) fn look_at(&mut self, file: Attachment) -> Task<Message> {
        let task = self.draw_paper(file.clone(), paper::PaperPage::first());
        let services = self.services.as_ref();
        let printable = services.is_some_and(|s| s.peripherals.page_printer.is_some());
        let screen = paper::PaperPage::new(file, printable);
        self.open(Screen::Paper(Box::new(screen)));
        task
    }

    pub(super) fn paper(&mut self, message: paper::Message) -> Task<Message> {
        let Screen::Paper(screen) = &mut self.screen else {
            return Task::none();
        };
        match screen.update(message) {
            Some(paper::Event::Draw(wanted)) => {
                let file = screen.file().clone();
                self.draw_paper(file, wanted)
            }
            Some(paper::Event::Print(paper)) => match &self.services {
                Some(services) => {
                    let peripherals = services.peripherals.clone();
                    Task::future(
                        async move { Message::PaperPrinted(print(peripherals, paper).await) },
                    )
                }
                None => Task::none(),
            },
            Some(paper::Event::Leave) => {
                self.back();
                Task::none()
            }
            None => Task::none(),
        }
    }

    pub(super) fn paper_drawn(
        &mut self,
        file: &Attachment,
        drawn: Result<paper::Drawn, paper::Trouble>,
    ) -> Task<Message> {
        match &mut self.screen {
            Screen::Paper(screen) if screen.file().digest == file.digest => screen.drawn(drawn),
            // The person has gone on meanwhile.
            _ => {}
        }
        Task::none()
    }

    pub(super) fn paper_printed(&mut self, report: PrintReport) -> Task<Message> {
        for screen in self.standing_screens() {
            if let Screen::Paper(screen) = screen {
                screen.printed(report.into());
                break;
            }
        }
        Task::none()
    }

    fn draw_paper(&self, file: Attachment, wanted: paper::Wanted) -> Task<Message> {
        let services = self.services.clone();
        let room = paper::room(&self.ui);
        Task::future(async move {
            let drawn = draw(services, &file, wanted, room).await;
            Message::PaperDrawn(file, drawn.map(Box::new))
        })
    }
}

/// Fetches where needed, opens where needed, and draws: off the threads that everything else waits for.
async fn draw(
    services: Option<Services>,
    file: &Attachment,
    wanted: paper::Wanted,
    (width, height): (u32, u32),
) -> Result<paper::Drawn, paper::Trouble> {
    let paper::Wanted { paper, page, part } = wanted;
    let content = match (&paper, services) {
        (Some(_), _) => Vec::new(),
        (None, None) => return Err(paper::Trouble::NotHere),
        (None, Some(services)) => {
            let fetched = services.files.fetch(&services.platform, file).await;
            fetched.map_err(|error| {
                tracing::warn!(%error, "a published file could not be fetched");
                paper::Trouble::NotHere
            })?
        }
    };
    let drawing = tokio::task::spawn_blocking(move || {
        let paper = match paper {
            Some(paper) => paper,
            None => Arc::new(Paper::open(content)?),
        };
        let cut = paper.cut(page, part, width, height)?;
        Ok(paper::Drawn { paper, page, cut })
    });
    let drawn = match drawing.await {
        Ok(drawn) => drawn,
        Err(error) => Err(PaperError::Damaged(error.to_string())),
    };
    drawn.map_err(|error| {
        tracing::warn!(%error, digest = %file.digest, "a published file could not be drawn");
        match error {
            PaperError::Unknown => paper::Trouble::NotShowable,
            PaperError::Damaged(_) | PaperError::NoSuchPage(_) => paper::Trouble::Damaged,
        }
    })
}

/// Every page of a paper, on A4.
async fn print(peripherals: Peripherals, paper: Arc<Paper>) -> PrintReport {
    let drawing = tokio::task::spawn_blocking(move || {
        (0..paper.pages())
            .map(|page| paper.draw(page, SHEET_WIDTH, SHEET_HEIGHT))
            .map(|drawn| drawn.map(|picture| Page::of_picture(&picture)))
            .collect::<Result<Vec<_>, _>>()
    });
    let failed = |why: String| PrintReport::Failed(Fault::new(FaultKind::Other, why));
    match drawing.await {
        Ok(Ok(pages)) => peripherals.print_pages(pages).await,
        Ok(Err(error)) => failed(error.to_string()),
        Err(error) => failed(error.to_string()),
    }
}
