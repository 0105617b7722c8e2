//! A guide: can I do it here, what must I bring, how long, what does it cost, where else, on what basis.

mod sections;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use iced::widget::{Row, column, container, image, row};
use iced::{Element, Fill};
use jinban_api::documents::{IntermediaryService, ReviewRule};
use jinban_api::guide::{Attachment, Guide, TerminalHandling};
use jinban_api::ids::LawId;

use crate::interface::frame::Page;
use crate::interface::theme::style::{Kind, Tone};
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{Face, Joint, Turn, action, badge, notice, paged_blocks, pager};
use crate::interface::words;

use super::printing::Printing;

pub use sections::capture_badge;

/// What is published beside a guide and belongs to it.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// 中介服务 that it needs.
    pub intermediaries: Vec<IntermediaryService>,
    /// 审查细则.
    pub review: Option<ReviewRule>,
}

/// The screen.
pub struct GuidePage {
    guide: Arc<Guide>,
    theme: String,
    beside: Beside,
    turn: Turn,
    qr: Option<image::Handle>,
    printing: Printing,
    freshness: String,
}

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// 现在办理.
    File,
    /// 打印指南.
    Print,
    /// 扫码带走.
    TakeAway,
    /// The code is put away again.
    PutAway,
    /// A blank form or a sample.
    LookAt(Attachment),
    /// A law it rests on.
    Law(LawId),
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
    /// Begin a draft for this guide.
    File,
    /// Print it.
    Print,
    /// Show this blank form or sample.
    LookAt(Attachment),
    /// Show this law.
    Law(LawId),
    /// Back to where one came from.
    Leave,
}

impl GuidePage {
    /// How far the guide may be relied on, in words.
    pub fn freshness(&self) -> &str {
        &self.freshness
    }

    /// Shows `guide`, reached under `theme`; `freshness` is how far it may be relied on.
    pub fn new(guide: Arc<Guide>, theme: String, beside: Beside, freshness: String) -> Self {
        Self {
            guide,
            theme,
            beside,
            turn: Turn::default(),
            qr: None,
            printing: Printing::Idle,
            freshness,
        }
    }

    /// Feeds what tells this page from the next.
    pub fn stands(&self, page: &mut impl Hasher) {
        (self.turn.page, self.qr.is_some()).hash(page);
    }

    /// The guide that is shown.
    pub fn guide(&self) -> &Arc<Guide> {
        &self.guide
    }

    /// Printing went on.
    pub fn printed(&mut self, printing: Printing) {
        self.printing = printing;
    }

    /// Takes one message; `link` makes the address the QR code carries.
    pub fn update(&mut self, message: Message, link: impl Fn(&Guide) -> String) -> Option<Event> {
        match message {
            Message::File => Some(Event::File),
            Message::Print => {
                self.printing = Printing::Busy;
                Some(Event::Print)
            }
            Message::TakeAway => {
                self.qr = words::qr_image(&link(&self.guide));
                None
            }
            Message::PutAway => {
                self.qr = None;
                None
            }
            Message::LookAt(paper) => Some(Event::LookAt(paper)),
            Message::Law(law) => Some(Event::Law(law)),
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
                self.sections(ui),
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
        let page = Page::new(body)
            .trail(t!(
                "trail.two",
                first = t!("guides.title"),
                second = self.theme
            ))
            .position(t!(
                "pager.where",
                page = self.turn.page + 1,
                pages = self.turn.pages
            ))
            .back(Message::Back);
        match self.guide.handling() {
            Some(TerminalHandling::Full) => page.primary(
                Face::words(t!("guide.file")).after(Icon::ChevronRight),
                Some(Message::File),
            ),
            _ => page,
        }
    }

    /// The QR code over the page, while it is shown.
    pub fn sheet<'a>(&'a self, ui: &Ui) -> Option<Element<'a, Message>> {
        let handle = self.qr.clone()?;
        let side = ui.mm(110.0);
        Some(
            column![
                ui.title(t!("guide.take_away")),
                ui.body(t!("guide.take_away_note")),
                container(
                    image(handle)
                        .width(side)
                        .height(side)
                        .filter_method(image::FilterMethod::Nearest)
                )
                .center_x(Fill),
                action(
                    ui,
                    Kind::Primary,
                    t!("common.close"),
                    Some(Message::PutAway)
                ),
            ]
            .spacing(ui.gap())
            .into(),
        )
    }

    fn sections<'a>(&'a self, ui: &Ui) -> Vec<(Element<'a, Message>, Joint)> {
        let guide = &*self.guide;
        let apart = |element| (element, Joint::Apart);
        let mut all = vec![apart(self.headline(ui))];
        all.extend(self.handling(ui).map(apart));
        all.extend(sections::conditions(ui, guide).map(apart));
        all.extend(sections::bare(ui, guide).map(apart));
        all.extend(sections::materials(ui, guide));
        all.extend(sections::intermediaries(ui, &self.beside.intermediaries));
        if !guide.is_bare() {
            all.push(apart(sections::time_and_money(ui, guide)));
        }
        all.extend(sections::results(ui, guide));
        all.push(apart(self.take(ui)));
        all.extend(sections::faq(ui, guide));
        all.extend(sections::process(ui, guide).map(apart));
        if let Some(rule) = &self.beside.review {
            all.extend(sections::review(ui, guide, rule));
        }
        all.extend(sections::places(ui, guide).map(apart));
        all.push(apart(sections::phones(ui, guide)));
        all.extend(sections::law(ui, guide));
        let mut end = column![ui.caption(self.freshness.as_str())];
        if guide.sample {
            end = end.push(ui.label(t!("guide.sample")).color(ui.palette().warning));
        }
        all.push(apart(end.into()));
        all
    }

    fn headline<'a>(&'a self, ui: &Ui) -> Element<'a, Message> {
        let guide = &*self.guide;
        let width = match ui.shape() {
            Shape::Portrait => ui.window.width - 2.0 * ui.margin(),
            Shape::Landscape => ui.window.width / 2.0 - 2.0 * ui.margin(),
        };
        let per_line = (width / ui.text_mm(15.5)).floor().max(4.0);
        let mut badges = Row::new().spacing(ui.mm(4.0));
        badges = badges.push(super::home::plain_handling_badge(ui, guide.into()));
        badges = badges.push(guide.visits.map(|visits| match visits {
            0 => badge(ui, Tone::Primary, t!("guide.no_visit")),
            count => badge(ui, Tone::Warning, t!("guide.visits", count = count)),
        }));
        badges = badges.push(if guide.is_free() {
            Some(badge(ui, Tone::Primary, t!("guide.free")))
        } else {
            guide
                .fees
                .is_some()
                .then(|| badge(ui, Tone::Warning, t!("guide.fee")))
        });
        column![
            ui.title(crate::typography::balanced(&guide.name, per_line as usize)),
            badges.wrap(),
        ]
        .push((!guide.summary.is_empty()).then(|| {
            ui.body(guide.summary.as_str())
                .color(ui.palette().text_soft)
        }))
        .spacing(ui.mm(3.0))
        .into()
    }

    fn handling<'a>(&'a self, ui: &Ui) -> Option<Element<'a, Message>> {
        let (title, reason) = match self.guide.handling() {
            Some(TerminalHandling::Full) => return None,
            Some(TerminalHandling::InPerson { reason }) => (t!("guide.in_person"), reason.into()),
            Some(TerminalHandling::GuideOnly { reason }) => (t!("guide.guide_only"), reason.into()),
            None => (t!("guide.guide_only"), t!("guide.ask_window")),
        };
        Some(notice(ui, Tone::Warning, Icon::MapPin, title, reason))
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
                Face::words(t!("guide.print")).before(Icon::Printer),
                Some(Message::Print),
            ),
        };
        let buttons = row![
            print,
            action(
                ui,
                Kind::Secondary,
                Face::words(t!("guide.take_away")).before(Icon::Scan),
                Some(Message::TakeAway)
            )
        ]
        .spacing(ui.gap());
        let said = self
            .printing
            .said(t!("guide.printed"), t!("guide.perhaps_printed"));
        column![buttons]
            .push(said.map(|(words, tone)| ui.label(words).color(tone.ink(&ui.palette()))))
            .spacing(ui.tight())
            .into()
    }
}
