//! 公告政策: what is announced here now, and the laws that guides rest on.

use std::hash::{Hash, Hasher};

use iced::widget::{column, container};
use iced::{Element, Fill};
use jinban_api::documents::{Law, Notice};

use super::document::Document;
use crate::interface::frame::Page;
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{Joint, Turn, list_row, notice, paged_blocks, pager, titled_rows};
use crate::interface::{theme::style::Tone, words};

/// The screen.
pub struct Notices {
    announced: Vec<Notice>,
    laws: Vec<Law>,
    turn: Turn,
}

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// A notice, by its place.
    Notice(usize),
    /// A law, by its place.
    Law(usize),
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
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Show it.
    Open(Box<Document>),
    /// Back to where one came from.
    Leave,
}

impl Notices {
    /// Shows these, in this order.
    pub fn new(notices: Vec<Notice>, laws: Vec<Law>) -> Self {
        Self {
            announced: notices,
            laws,
            turn: Turn::default(),
        }
    }

    /// Feeds what tells this page from the next.
    pub fn stands(&self, page: &mut impl Hasher) {
        self.turn.page.hash(page);
    }

    /// Takes one message.
    pub fn update(&mut self, message: Message) -> Option<Event> {
        match message {
            Message::Notice(at) => {
                let notice = self.announced.get(at).cloned().map(Document::Notice);
                notice.map(|notice| Event::Open(Box::new(notice)))
            }
            Message::Law(at) => {
                let law = self.laws.get(at).cloned().map(Document::Law);
                law.map(|law| Event::Open(Box::new(law)))
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
        let blocks = self.blocks(ui);
        let body = column![
            ui.title(t!("notices.title")),
            container(paged_blocks(
                blocks,
                self.turn,
                columns,
                ui.gap(),
                Message::Counted
            ))
            .height(Fill),
        ]
        .push(pager(ui, self.turn, Message::Previous, Message::Next))
        .spacing(ui.gap())
        .height(Fill);
        Page::new(body)
            .trail(t!("notices.title"))
            .back(Message::Back)
    }

    fn blocks<'a>(&'a self, ui: &Ui) -> Vec<(Element<'a, Message>, Joint)> {
        let notices = self.announced.iter().enumerate().map(|(at, notice)| {
            let day = words::date(notice.from);
            let detail = match &notice.issuer {
                Some(issuer) => t!("notices.by", issuer = issuer, day = day),
                None => day.into(),
            };
            list_row(
                ui,
                notice.title.as_str(),
                Some(detail),
                None,
                Some(Message::Notice(at)),
            )
        });
        let laws = self.laws.iter().enumerate().map(|(at, law)| {
            let detail = law.number.as_deref().or(law.issuer.as_deref());
            list_row(
                ui,
                law.title.as_str(),
                detail.map(Into::into),
                None,
                Some(Message::Law(at)),
            )
        });
        let mut blocks = titled_rows(ui, t!("notices.now"), notices.collect());
        if blocks.is_empty() {
            let none = notice(
                ui,
                Tone::Neutral,
                Icon::Info,
                t!("notices.none"),
                t!("notices.none_note"),
            );
            blocks.push((none, Joint::Apart));
        }
        blocks.extend(titled_rows(ui, t!("notices.laws"), laws.collect()));
        blocks
    }
}
