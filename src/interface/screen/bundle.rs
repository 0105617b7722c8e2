//! 一件事一次办: a few questions, then one list of what to bring and one of what to do.

mod lists;
#[cfg(test)]
mod tests;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use iced::widget::{Column, column, container};
use iced::{Element, Fill};
use jinban_api::documents::Bundle;
use jinban_api::guide::Guide;
use jinban_api::ids::{BundleId, GuideId, OptionId};

use crate::catalogue::{BundleAnswers, BundleQuestion, GatheredBundle, bundle_slip, gather};
use crate::interface::frame::Page;
use crate::interface::step::situation;
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{Face, Joint, Turn, paged_blocks, pager};
use crate::session::{Belonging, BelongingKind};

use super::printing::Printing;

/// The screen.
pub struct BundlePage {
    bundle: Bundle,
    guides: Vec<Arc<Guide>>,
    answers: BundleAnswers,
    gathered: GatheredBundle,
    shown: Shown,
    /// What 返回 goes back through.
    before: Vec<Shown>,
    turn: Turn,
    printing: Printing,
    freshness: String,
}

/// What of it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shown {
    /// The question at this place.
    Question(usize),
    /// The lists.
    Lists,
}

impl Belonging for BundlePage {
    // What happened in somebody's life.
    fn kind(&self) -> BelongingKind {
        BelongingKind::Input
    }
}

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// An answer to the question that is shown.
    Answer(OptionId),
    /// On without an answer, or with the one that was given before.
    GoOn,
    /// The question at this place once more.
    Ask(usize),
    /// One of the steps.
    Open(GuideId),
    /// 打印清单.
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
    /// Print [`BundlePage::slip`].
    Print,
    /// Back to where one came from.
    Leave,
}

impl BundlePage {
    /// Feeds what tells this page from the next.
    pub fn stands(&self, page: &mut impl Hasher) {
        (self.shown, self.turn.page).hash(page);
    }

    /// Begins with the first question; `freshness` is how far the lists may be relied on.
    pub fn new(bundle: Bundle, guides: Vec<Arc<Guide>>, freshness: String) -> Self {
        let answers = BundleAnswers::new();
        let gathered = gather(&bundle, &guides, &answers);
        let mut page = Self {
            bundle,
            guides,
            answers,
            gathered,
            shown: Shown::Lists,
            before: Vec::new(),
            turn: Turn::default(),
            printing: Printing::default(),
            freshness,
        };
        page.shown = page.next_open(0);
        page
    }

    /// Printing went on.
    pub fn printed(&mut self, printing: Printing) {
        self.printing = printing;
    }

    /// Which one is shown.
    pub fn id(&self) -> &BundleId {
        &self.bundle.id
    }

    /// The lists on paper, taken at `place`.
    pub fn slip(&self, place: &str) -> jinban_devices::receipt::Receipt {
        let gathered = &self.gathered;
        bundle_slip(&self.bundle, gathered, &self.guides, place, &self.freshness)
    }

    /// Takes one message.
    pub fn update(&mut self, message: Message) -> Option<Event> {
        match message {
            Message::Answer(option) => {
                if let Shown::Question(at) = self.shown
                    && let Some(asked) = self.gathered.questions.get(at)
                {
                    self.answers.insert(asked.key.clone(), option);
                    self.gathered = gather(&self.bundle, &self.guides, &self.answers);
                    // The paper in their hand is of other lists.
                    self.printing = Printing::Idle;
                    self.show(self.next_open(at + 1));
                }
            }
            Message::GoOn => {
                if let Shown::Question(at) = self.shown {
                    self.show(self.next_open(at + 1));
                }
            }
            Message::Ask(at) => self.show(Shown::Question(at)),
            Message::Open(guide) => return Some(Event::Open(guide)),
            Message::Print => {
                self.printing = Printing::Busy;
                return Some(Event::Print);
            }
            Message::Back => match self.before.pop() {
                Some(before) => {
                    self.shown = before;
                    self.turn = Turn::default();
                }
                None => return Some(Event::Leave),
            },
            Message::Counted(pages) => self.turn.counted(pages),
            Message::Next => self.turn.next(),
            Message::Previous => self.turn.back(),
        }
        None
    }

    /// The first question from this place on that has no answer; the lists when there is none.
    fn next_open(&self, from: usize) -> Shown {
        let mut rest = self.gathered.questions.iter().enumerate().skip(from);
        rest.find(|(_, asked)| asked.answer.is_none())
            .map_or(Shown::Lists, |(at, _)| Shown::Question(at))
    }

    fn show(&mut self, next: Shown) {
        let lists = (self.before.iter()).position(|before| *before == Shown::Lists);
        match lists {
            // Whoever changes an answer comes back to the lists, and does not go through the answer again.
            Some(at) if next == Shown::Lists => self.before.truncate(at),
            _ => self.before.push(self.shown),
        }
        self.shown = next;
        self.turn = Turn::default();
    }

    /// Draws the screen.
    pub fn view<'a>(&'a self, ui: &Ui) -> Page<'a, Message> {
        let asked = match self.shown {
            Shown::Question(at) => self.gathered.questions.get(at).map(|asked| (at, asked)),
            Shown::Lists => None,
        };
        let page = match asked {
            Some((at, asked)) => self.question(ui, at, asked),
            None => self.lists(ui),
        };
        page.trail(t!(
            "trail.two",
            first = t!("bundle.title"),
            second = self.bundle.name
        ))
        .back(Message::Back)
    }

    fn question<'a>(&'a self, ui: &Ui, at: usize, asked: &'a BundleQuestion) -> Page<'a, Message> {
        let situation = &asked.situation;
        let mut blocks = Vec::new();
        if at == 0 {
            let summary = ui.body(self.bundle.summary.as_str());
            blocks.push(summary.color(ui.palette().text_soft).into());
        }
        let question = ui.title(situation.question.as_str());
        blocks.push(container(question).padding([ui.mm(4.0), 0.0]).into());
        let options = situation::options(ui, situation, asked.answer.as_ref());
        blocks.extend(
            options
                .into_iter()
                .map(|option| option.map(Message::Answer)),
        );
        let blocks = blocks.into_iter().map(|block| (block, Joint::Apart));
        let of = self.gathered.questions.len();
        let on = match asked.answer {
            Some(_) => t!("bar.next"),
            None => t!("bundle.skip"),
        };
        Page::new(self.paged(ui, blocks.collect(), 1))
            .position(t!("bundle.where", n = at + 1, of = of))
            .steps(at + 1, of + 1)
            .primary(
                Face::words(on).after(Icon::ChevronRight),
                Some(Message::GoOn),
            )
    }

    fn lists<'a>(&'a self, ui: &Ui) -> Page<'a, Message> {
        let columns = match ui.shape() {
            Shape::Portrait => 1,
            Shape::Landscape => 2,
        };
        let (words, print) = match self.printing {
            Printing::Busy => (t!("guide.printing"), None),
            _ => (t!("bundle.print"), Some(Message::Print)),
        };
        let lists = self.paged(ui, self.sections(ui), columns);
        let body = Column::new().push(self.paper(ui)).push(lists);
        Page::new(body.spacing(ui.mm(3.0)).height(Fill))
            .position(t!(
                "pager.where",
                page = self.turn.page + 1,
                pages = self.turn.pages
            ))
            .primary(Face::words(words).before(Icon::Printer), print)
    }

    fn paged<'a>(
        &self,
        ui: &Ui,
        blocks: Vec<(Element<'a, Message>, Joint)>,
        columns: usize,
    ) -> Element<'a, Message> {
        let paged = paged_blocks(blocks, self.turn, columns, ui.gap(), Message::Counted);
        column![container(paged).height(Fill)]
            .push(pager(ui, self.turn, Message::Previous, Message::Next))
            .spacing(ui.mm(4.0))
            .height(Fill)
            .into()
    }
}
