//! A notice or a law, in full: what it says, the guides it is about, the files that belong to it.

use std::hash::{Hash, Hasher};

use iced::widget::{Column, column, container};
use iced::{Element, Fill};
use jinban_api::documents::{Law, Notice};
use jinban_api::guide::Attachment;
use jinban_api::ids::GuideId;

use super::printing::Printing;
use crate::interface::frame::Page;
use crate::interface::theme::style::Kind;
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{
    Face, Joint, Turn, action, card, list_row, paged_blocks, pager, titled_card, titled_rows,
};
use crate::interface::words;

/// What is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// 公告.
    Notice(Notice),
    /// 法规政策.
    Law(Law),
}

impl Document {
    /// Its heading.
    pub fn title(&self) -> &str {
        match self {
            Self::Notice(notice) => &notice.title,
            Self::Law(law) => &law.title,
        }
    }

    /// What it says, one paragraph each.
    pub fn paragraphs(&self) -> &[String] {
        match self {
            Self::Notice(notice) => &notice.paragraphs,
            Self::Law(law) => law.summary.as_slice(),
        }
    }

    /// Who issued it, under which number, and from when to when it holds.
    pub fn facts(&self) -> Vec<String> {
        let (issuer, number, from, until) = match self {
            Self::Notice(n) => (n.issuer.as_deref(), None, Some(n.from), n.until),
            Self::Law(law) => (
                law.issuer.as_deref(),
                law.number.as_deref(),
                law.effective_from,
                law.effective_until,
            ),
        };
        let days = match (from.map(words::date), until.map(words::date)) {
            (Some(from), Some(until)) => Some(t!("notices.from_until", from = from, until = until)),
            (Some(from), None) => Some(t!("notices.from", day = from)),
            (None, Some(until)) => Some(t!("notices.until", day = until)),
            (None, None) => None,
        };
        let said = [issuer, number]
            .into_iter()
            .flatten()
            .map(ToOwned::to_owned);
        said.chain(days.map(std::borrow::Cow::into_owned)).collect()
    }

    fn attachments(&self) -> &[Attachment] {
        match self {
            Self::Notice(notice) => &notice.attachments,
            Self::Law(law) => &law.attachments,
        }
    }
}

/// The screen.
pub struct DocumentPage {
    document: Document,
    /// Guides it is about: identifier and name.
    guides: Vec<(GuideId, String)>,
    turn: Turn,
    printing: Printing,
}

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// A guide it is about.
    Open(GuideId),
    /// A file that belongs to it.
    LookAt(Attachment),
    /// 打印.
    Print,
    /// 返回.
    Back,
    /// Pages were counted.
    Counted(usize),
    /// 下一页.
    Next,
    /// 上一页.
    Previous,
}

/// What the parent has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Show this guide.
    Open(GuideId),
    /// Show this file.
    LookAt(Attachment),
    /// Print it.
    Print,
    /// Back to where one came from.
    Leave,
}

impl DocumentPage {
    /// Shows `document`, which is about `guides`.
    pub fn new(document: Document, guides: Vec<(GuideId, String)>) -> Self {
        Self {
            document,
            guides,
            turn: Turn::default(),
            printing: Printing::Idle,
        }
    }

    /// What is read.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Printing went on.
    pub fn printed(&mut self, printing: Printing) {
        self.printing = printing;
    }

    /// Feeds what tells this page from the next.
    pub fn stands(&self, page: &mut impl Hasher) {
        self.turn.page.hash(page);
    }

    /// Takes one message.
    pub fn update(&mut self, message: Message) -> Option<Event> {
        match message {
            Message::Open(guide) => Some(Event::Open(guide)),
            Message::LookAt(file) => Some(Event::LookAt(file)),
            Message::Print => {
                self.printing = Printing::Busy;
                Some(Event::Print)
            }
            Message::Back => Some(Event::Leave),
            Message::Counted(pages) => {
                self.turn.counted(pages);
                None
            }
            Message::Next => {
                self.turn.next();
                None
            }
            Message::Previous => {
                self.turn.back();
                None
            }
        }
    }

    /// Draws the screen.
    pub fn view<'a>(&'a self, ui: &Ui) -> Page<'a, Message> {
        let columns = match ui.shape() {
            Shape::Portrait => 1,
            Shape::Landscape => 2,
        };
        let body = column![
            container(paged_blocks(
                self.blocks(ui),
                self.turn,
                columns,
                ui.gap(),
                Message::Counted
            ))
            .height(Fill),
        ]
        .push(pager(ui, self.turn, Message::Previous, Message::Next))
        .spacing(ui.mm(4.0))
        .height(Fill);
        let kind = match self.document {
            Document::Notice(_) => t!("notices.notice"),
            Document::Law(_) => t!("notices.law"),
        };
        Page::new(body)
            .trail(t!("trail.two", first = t!("notices.title"), second = kind))
            .back(Message::Back)
    }

    fn blocks<'a>(&'a self, ui: &Ui) -> Vec<(Element<'a, Message>, Joint)> {
        let document = &self.document;
        let facts = document.facts().into_iter();
        let facts = facts.map(|fact| ui.caption(fact).into());
        let headline = column![
            ui.title(document.title()),
            Column::with_children(facts).spacing(ui.mm(0.6))
        ]
        .spacing(ui.mm(3.0));
        let mut blocks: Vec<(Element<'a, Message>, Joint)> = vec![(headline.into(), Joint::Apart)];
        let paragraphs = document.paragraphs();
        if !paragraphs.is_empty() {
            // One card a paragraph: a page is turned between them, never within.
            blocks.extend(match document {
                Document::Notice(_) => paragraphs
                    .iter()
                    .map(|words| (card(ui, ui.body(words.as_str())), Joint::Apart))
                    .collect::<Vec<_>>(),
                Document::Law(_) => {
                    let lines = paragraphs
                        .iter()
                        .map(|words| ui.body(words.as_str()).into());
                    let said = titled_card(
                        ui,
                        t!("notices.in_short"),
                        Column::with_children(lines).spacing(ui.mm(1.0)),
                    );
                    vec![(said, Joint::Apart)]
                }
            });
        }
        let guides = self.guides.iter().map(|(id, name)| {
            let open = Message::Open(id.clone());
            list_row(ui, name.as_str(), None, None, Some(open))
        });
        blocks.extend(titled_rows(ui, t!("notices.guides"), guides.collect()));
        let files = document.attachments().iter().map(|file| {
            let open = Message::LookAt(file.clone());
            list_row(ui, file.name.as_str(), None, None, Some(open))
        });
        blocks.extend(titled_rows(ui, t!("notices.files"), files.collect()));
        blocks.push((self.take(ui), Joint::Apart));
        blocks
    }

    fn take<'a>(&'a self, ui: &Ui) -> Element<'a, Message> {
        let print = match self.printing {
            Printing::Busy => action(
                ui,
                Kind::Secondary,
                Face::words(t!("guide.printing")).before(Icon::Printer),
                None,
            ),
            _ => action(
                ui,
                Kind::Secondary,
                Face::words(t!("notices.print")).before(Icon::Printer),
                Some(Message::Print),
            ),
        };
        let said = self
            .printing
            .said(t!("notices.printed"), t!("notices.perhaps_printed"));
        column![print.width(Fill)]
            .push(said.map(|(words, tone)| ui.label(words).color(tone.ink(&ui.palette()))))
            .spacing(ui.tight())
            .into()
    }
}
