//! A guide: can I do it here, what must I bring, how long, what does it cost, where else, on what basis.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use iced::widget::{Column, Row, column, container, image, row};
use iced::{Center, Element, Fill};
use jinban_api::guide::{Capture, Guide, Material, Necessity, TerminalHandling, TimeLimit};

use crate::interface::frame::Page;
use crate::interface::theme::style::{Kind, Tone};
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{
    Face, Joint, Turn, action, badge, card, notice, number, paged_blocks, pager, titled_card,
    titled_rows,
};
use crate::interface::words;

use super::printing::Printing;

/// The screen.
pub struct GuidePage {
    guide: Arc<Guide>,
    theme: String,
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
    /// Back to where one came from.
    Leave,
}

impl GuidePage {
    /// How far the guide may be relied on, in words.
    pub fn freshness(&self) -> &str {
        &self.freshness
    }

    /// Shows `guide`, reached under `theme`; `freshness` is how far it may be relied on.
    pub fn new(guide: Arc<Guide>, theme: String, freshness: String) -> Self {
        Self {
            guide,
            theme,
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
        all.extend(conditions(ui, guide).map(apart));
        all.extend(bare(ui, guide).map(apart));
        all.extend(materials(ui, guide));
        if !guide.is_bare() {
            all.push(apart(time_and_money(ui, guide)));
        }
        all.push(apart(self.take(ui)));
        all.extend(faq(ui, guide));
        all.extend(process(ui, guide).map(apart));
        all.extend(places(ui, guide).map(apart));
        all.push(apart(phones(ui, guide)));
        all.extend(law(ui, guide).map(apart));
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

fn conditions<'a>(ui: &Ui, guide: &'a Guide) -> Option<Element<'a, Message>> {
    (!guide.conditions.is_empty()).then(|| {
        let lines = guide
            .conditions
            .iter()
            .map(|condition| ui.body(condition.as_str()).into());
        titled_card(
            ui,
            t!("guide.can_i"),
            Column::with_children(lines).spacing(ui.mm(1.0)),
        )
    })
}

/// How a material is taken in, as a badge.
pub fn capture_badge<'a, M: 'a>(ui: &Ui, capture: Capture) -> Element<'a, M> {
    let (tone, words) = match capture {
        Capture::Card => (Tone::Success, t!("capture.card")),
        Capture::Scan => (Tone::Primary, t!("capture.scan")),
        Capture::Form => (Tone::Success, t!("capture.form")),
        Capture::Shared => (Tone::Success, t!("capture.shared")),
        Capture::Window => (Tone::Warning, t!("capture.window")),
    };
    badge(ui, tone, words)
}

fn materials<'a>(ui: &Ui, guide: &'a Guide) -> Vec<(Element<'a, Message>, Joint)> {
    let entries = guide
        .materials
        .iter()
        .enumerate()
        .map(|(index, material)| material_row(ui, guide, index + 1, material));
    titled_rows(ui, t!("guide.bring"), entries.collect())
}

/// Nothing is known here of what to bring: say whom to ask, rather than show nothing.
fn bare<'a>(ui: &Ui, guide: &'a Guide) -> Option<Element<'a, Message>> {
    guide.materials.is_empty().then(|| {
        let reason = if guide.is_bare() {
            t!("guide.bare")
        } else {
            t!("guide.no_materials")
        };
        notice(
            ui,
            Tone::Neutral,
            Icon::Phone,
            t!("guide.ask_window"),
            reason,
        )
    })
}

fn material_row<'a>(
    ui: &Ui,
    guide: &'a Guide,
    index: usize,
    material: &'a Material,
) -> Element<'a, Message> {
    let mut about = column![ui.strong(material.name.as_str())]
        .spacing(ui.mm(0.6))
        .width(Fill);
    let counts = words::counts(material.capture(), material.originals, material.copies);
    let mut facts: Vec<std::borrow::Cow<'a, str>> = Vec::new();
    if let Some(note) = &material.note {
        facts.push(note.as_str().into());
    }
    if let Some(counts) = counts {
        facts.push(counts);
    }
    match material.necessity() {
        Necessity::Required => {}
        Necessity::Optional => facts.push(t!("guide.optional")),
        Necessity::MayFollow => facts.push(t!("guide.may_follow")),
    }
    for fact in facts {
        about = about.push(ui.caption(fact));
    }
    if let Some(when) = words::applies_when(guide, &material.applies_when) {
        about = about.push(
            ui.caption(t!("guide.only_when", when = when))
                .color(ui.palette().primary),
        );
    }
    row![
        number(ui, index),
        about,
        capture_badge(ui, material.capture())
    ]
    .spacing(ui.mm(5.5))
    .align_y(Center)
    .into()
}

fn time_and_money<'a>(ui: &Ui, guide: &'a Guide) -> Element<'a, Message> {
    let promised = guide.promised().or(guide.legal());
    let time = column![
        ui.label(t!("guide.how_long")).color(ui.palette().primary),
        ui.heading(promised.map_or_else(|| t!("guide.ask_time").into_owned(), words::time_limit)),
        ui.caption(match guide.legal() {
            Some(TimeLimit::OnTheSpot) | None => String::new(),
            Some(legal) => t!("guide.legal", time = words::time_limit(legal)).into_owned(),
        }),
    ]
    .spacing(ui.mm(0.8));
    let mut money =
        column![ui.label(t!("guide.how_much")).color(ui.palette().primary)].spacing(ui.mm(0.8));
    if guide.is_free() {
        money = money
            .push(ui.heading(t!("guide.no_fee")))
            .push(ui.caption(t!("guide.no_fee_note")));
    } else if guide.charges().is_empty() {
        money = money.push(ui.heading(t!("guide.ask_time")));
    } else {
        for fee in guide.charges() {
            money = money
                .push(fee.amount_fen.map(|fen| ui.heading(words::yuan(fen))))
                .push(ui.caption(t!(
                    "guide.fee_line",
                    name = fee.name,
                    standard = fee.standard
                )));
        }
    }
    row![card(ui, time), card(ui, money)]
        .spacing(ui.gap())
        .into()
}

fn faq<'a>(ui: &Ui, guide: &'a Guide) -> Vec<(Element<'a, Message>, Joint)> {
    let entries = guide.faq.iter().map(|question| {
        column![
            ui.strong(question.question.as_str()),
            ui.body(question.answer.as_str())
                .color(ui.palette().text_soft)
        ]
        .spacing(ui.mm(1.0))
        .into()
    });
    titled_rows(ui, t!("guide.faq"), entries.collect())
}

fn process<'a>(ui: &Ui, guide: &'a Guide) -> Option<Element<'a, Message>> {
    (!guide.process.is_empty()).then(|| {
        let rows = guide.process.iter().enumerate().map(|(index, link)| {
            let mut line = row![
                number(ui, index + 1),
                column![ui.body(link.name.as_str())]
                    .push(link.by.as_deref().map(|by| ui.caption(by)))
                    .width(Fill)
            ]
            .spacing(ui.mm(5.0))
            .align_y(Center);
            if let Some(time) = link.time.as_ref().and_then(|time| time.known().copied()) {
                line = line.push(ui.caption(words::time_limit(time)));
            }
            line.into()
        });
        titled_card(
            ui,
            t!("guide.process"),
            Column::with_children(rows).spacing(ui.mm(2.5)),
        )
    })
}

fn places<'a>(ui: &Ui, guide: &'a Guide) -> Option<Element<'a, Message>> {
    (!guide.places.is_empty()).then(|| {
        let rows = guide.places.iter().map(|place| {
            column![
                ui.strong(place.name.as_str()),
                ui.caption(place.address.as_str()),
            ]
            .push((!place.hours.is_empty()).then(|| ui.caption(place.hours.as_str())))
            .push(
                place
                    .phone
                    .as_deref()
                    .map(|phone| ui.caption(t!("guide.phone", phone = phone))),
            )
            .into()
        });
        titled_card(
            ui,
            t!("guide.where"),
            Column::with_children(rows).spacing(ui.mm(3.0)),
        )
    })
}

fn phones<'a>(ui: &Ui, guide: &'a Guide) -> Element<'a, Message> {
    titled_card(
        ui,
        t!("guide.ask"),
        column![ui.body(guide.department.name.as_str())]
            .push(
                (!guide.consult_phone.is_empty())
                    .then(|| ui.body(t!("guide.consult", phone = guide.consult_phone))),
            )
            .push(
                (!guide.complaint_phone.is_empty())
                    .then(|| ui.body(t!("guide.complain", phone = guide.complaint_phone))),
            )
            .spacing(ui.mm(0.8)),
    )
}

fn law<'a>(ui: &Ui, guide: &'a Guide) -> Option<Element<'a, Message>> {
    (!guide.basis.is_empty() || !guide.remedies.is_empty()).then(|| {
        let mut rows = Column::new().spacing(ui.mm(1.0));
        for basis in &guide.basis {
            let article = basis.article.as_deref().unwrap_or_default();
            rows = rows.push(ui.caption(t!(
                "guide.basis_line",
                title = basis.title,
                article = article
            )));
        }
        for remedy in &guide.remedies {
            rows = rows.push(ui.caption(remedy.as_str()));
        }
        titled_card(ui, t!("guide.basis"), rows)
    })
}
