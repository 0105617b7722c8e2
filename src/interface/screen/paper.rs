//! A published file, page by page: a blank form, a sample, what belongs to a notice.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use iced::widget::{column, container, image};
use iced::{ContentFit, Element, Fill, Size};
use jinban_api::guide::Attachment;

use super::printing::Printing;
use crate::interface::frame::Page;
use crate::interface::theme::style::{Kind, Tone};
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{Turn, action, notice, pager};
use crate::papers::{Cut, Paper};

/// Why a paper is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is not here, and cannot be fetched now.
    NotHere,
    /// The office wrote it with a program that only its own people have.
    NotShowable,
    /// It came, and is of no use.
    Damaged,
}

/// A page that was drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The file, open for the next page.
    pub paper: Arc<Paper>,
    /// Which page, from 0.
    pub page: usize,
    /// What is shown of it.
    pub cut: Cut,
}

/// What the parent is asked to draw.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The file, where it is open already.
    pub paper: Option<Arc<Paper>>,
    /// Which page, from 0.
    pub page: usize,
    /// Which strip of it; beyond the last one means the last.
    pub part: usize,
}

enum State {
    Waiting,
    Shown(Box<Shown>),
    Not(Trouble),
}

struct Shown {
    paper: Arc<Paper>,
    page: usize,
    part: usize,
    parts: usize,
    picture: image::Handle,
}

/// The screen.
pub struct PaperPage {
    file: Attachment,
    state: State,
    /// Nothing where no printer for whole pages is fitted.
    printing: Option<Printing>,
}

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// 下一页.
    Next,
    /// 上一页.
    Previous,
    /// 打印.
    Print,
    /// 再试一次.
    Again,
    /// 返回.
    Back,
}

/// What the parent has to do.
#[derive(Clone, Debug)]
pub enum Event {
    /// Draw this.
    Draw(Wanted),
    /// Print all of it.
    Print(Arc<Paper>),
    /// Back to where one came from.
    Leave,
}

/// Room for a page in pixels, as wide as the screen allows.
pub fn room(ui: &Ui) -> (u32, u32) {
    let share = match ui.shape() {
        Shape::Portrait => 0.74,
        Shape::Landscape => 0.64,
    };
    let Size { width, height } = ui.window;
    (
        (width - 2.0 * ui.margin()).max(1.0) as u32,
        (height * share).max(1.0) as u32,
    )
}

impl PaperPage {
    /// Waits for `file` to be fetched and drawn; `printable` where whole pages can be printed.
    pub fn new(file: Attachment, printable: bool) -> Self {
        Self {
            file,
            state: State::Waiting,
            printing: printable.then(Printing::default),
        }
    }

    /// Printing went on.
    pub fn printed(&mut self, printing: Printing) {
        self.printing = Some(printing);
    }

    /// Which file.
    pub fn file(&self) -> &Attachment {
        &self.file
    }

    /// What is drawn first.
    pub fn first() -> Wanted {
        Wanted {
            paper: None,
            page: 0,
            part: 0,
        }
    }

    /// Feeds what tells this page from the next.
    pub fn stands(&self, page: &mut impl Hasher) {
        match &self.state {
            State::Waiting => 0.hash(page),
            State::Shown(shown) => (1, shown.page, shown.part).hash(page),
            State::Not(_) => 2.hash(page),
        }
    }

    /// A page was drawn, or was not.
    pub fn drawn(&mut self, drawn: Result<Drawn, Trouble>) {
        self.state = match drawn {
            Ok(Drawn { paper, page, cut }) => {
                let (width, height) = cut.picture.dimensions();
                State::Shown(Box::new(Shown {
                    paper,
                    page,
                    part: cut.part,
                    parts: cut.parts,
                    picture: image::Handle::from_rgba(width, height, cut.picture.into_raw()),
                }))
            }
            Err(trouble) => State::Not(trouble),
        };
    }

    /// Takes one message.
    pub fn update(&mut self, message: Message) -> Option<Event> {
        match message {
            Message::Back => Some(Event::Leave),
            Message::Print => {
                let State::Shown(shown) = &self.state else {
                    return None;
                };
                self.printing = Some(Printing::Busy);
                Some(Event::Print(Arc::clone(&shown.paper)))
            }
            Message::Again => {
                self.state = State::Waiting;
                Some(Event::Draw(Self::first()))
            }
            Message::Next | Message::Previous => {
                let State::Shown(shown) = &self.state else {
                    return None;
                };
                let (page, part) = match message {
                    Message::Next if shown.part + 1 < shown.parts => (shown.page, shown.part + 1),
                    Message::Next if shown.page + 1 < shown.paper.pages() => (shown.page + 1, 0),
                    Message::Previous if shown.part > 0 => (shown.page, shown.part - 1),
                    Message::Previous if shown.page > 0 => (shown.page - 1, usize::MAX),
                    _ => return None,
                };
                Some(Event::Draw(Wanted {
                    paper: Some(Arc::clone(&shown.paper)),
                    page,
                    part,
                }))
            }
        }
    }

    /// Draws the screen.
    pub fn view<'a>(&'a self, ui: &Ui) -> Page<'a, Message> {
        let (content, turn): (Element<'a, Message>, Turn) = match &self.state {
            State::Waiting => (
                container(ui.body(t!("paper_page.waiting")))
                    .center(Fill)
                    .into(),
                Turn::default(),
            ),
            State::Shown(shown) => (
                container(
                    image(shown.picture.clone())
                        .content_fit(ContentFit::ScaleDown)
                        .width(Fill)
                        .height(Fill),
                )
                .center(Fill)
                .into(),
                shown.turn(),
            ),
            State::Not(trouble) => (trouble_view(ui, *trouble), Turn::default()),
        };
        let body = column![container(content).height(Fill)]
            .push(self.about_printing(ui))
            .push(pager(ui, turn, Message::Previous, Message::Next))
            .spacing(ui.mm(4.0))
            .height(Fill);
        let page = Page::new(body)
            .trail(self.file.name.as_str())
            .back(Message::Back);
        let State::Shown(shown) = &self.state else {
            return page;
        };
        let page = page.position(shown.position());
        match &self.printing {
            None => page,
            Some(Printing::Busy) => page.primary(t!("guide.printing"), None),
            Some(_) => page.primary(t!("paper_page.print"), Some(Message::Print)),
        }
    }

    /// What is to be said of printing, under the page.
    fn about_printing<'a>(&'a self, ui: &Ui) -> Option<Element<'a, Message>> {
        let State::Shown(_) = &self.state else {
            return None;
        };
        let (words, tone) = match &self.printing {
            None => (t!("paper_page.get_at_window"), Tone::Neutral),
            Some(printing) => {
                printing.said(t!("paper_page.printed"), t!("paper_page.perhaps_printed"))?
            }
        };
        Some(ui.label(words).color(tone.ink(&ui.palette())).into())
    }
}

impl Shown {
    /// Pages and strips as one row of pages to turn; how many strips the other pages have is taken from this one.
    fn turn(&self) -> Turn {
        Turn {
            page: self.page * self.parts + self.part,
            pages: self.paper.pages() * self.parts,
        }
    }

    fn position(&self) -> std::borrow::Cow<'static, str> {
        t!(
            "pager.where",
            page = self.page + 1,
            pages = self.paper.pages()
        )
    }
}

fn trouble_view<'a>(ui: &Ui, trouble: Trouble) -> Element<'a, Message> {
    let (title, detail) = match trouble {
        Trouble::NotHere => (t!("paper_page.not_here"), t!("paper_page.not_here_do")),
        Trouble::NotShowable => (
            t!("paper_page.not_showable"),
            t!("paper_page.not_showable_do"),
        ),
        Trouble::Damaged => (t!("paper_page.damaged"), t!("paper_page.damaged_do")),
    };
    let again = (trouble != Trouble::NotShowable).then(|| {
        action(
            ui,
            Kind::Secondary,
            t!("paper_page.again"),
            Some(Message::Again),
        )
    });
    column![notice(ui, Tone::Warning, Icon::FileText, title, detail)]
        .push(again)
        .spacing(ui.gap())
        .into()
}
