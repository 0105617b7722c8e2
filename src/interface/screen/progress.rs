//! 进度查询: my cases, by the card; where each stands, in whose words, and the receipt again.

use std::hash::{Hash, Hasher};
use std::mem::discriminant;
use std::time::Instant;

use iced::widget::{Column, button, column, container, row};
use iced::{Center, Element, Fill};
use jinban_api::case::CaseProgress;
use ulid::Ulid;

use crate::filing::{CaseView, LocalState};
use crate::interface::frame::Page;
use crate::interface::step::done::Paper;
use crate::interface::step::identity::{self, Card, Identity};
use crate::interface::theme::style::{self, Kind, Tone};
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{Face, Turn, action, badge, card, divider, notice, paged, pager};
use crate::interface::words;
use crate::peripherals::PrintReport;
use crate::session::{Belonging, BelongingKind};

/// What the platform says of one case.
#[derive(Clone, Debug)]
pub enum Official {
    /// Being asked.
    Asking,
    /// It answered.
    Known(CaseProgress),
    /// It cannot be reached now.
    Unreachable,
}

enum Shown {
    Card(Identity),
    Loading,
    List,
    Case {
        key: Ulid,
        official: Official,
        paper: Option<Paper>,
    },
}

/// The screen.
pub struct Progress {
    shown: Shown,
    cases: Vec<CaseView>,
    turn: Turn,
}

impl Belonging for Progress {
    fn kind(&self) -> BelongingKind {
        BelongingKind::Cases
    }
}

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// The card step.
    Identity(identity::Message),
    /// One of the cases.
    Open(Ulid),
    /// 打印回执.
    Print(Ulid),
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
#[derive(Debug)]
pub enum Event {
    /// Look for a card, or stop looking.
    LookForCard(bool),
    /// Fetch the progress of this case.
    Ask(Ulid),
    /// Print its receipt again.
    Print(Ulid),
    /// Back to the home screen.
    Leave,
    /// 没带身份证.
    HelpWithoutCard,
}

impl Progress {
    /// Begins with the card, or at once when the person is known already.
    pub fn new(known: bool, now: Instant) -> Self {
        Self {
            shown: if known {
                Shown::Loading
            } else {
                Shown::Card(Identity::begin(now))
            },
            cases: Vec::new(),
            turn: Turn::default(),
        }
    }

    /// Feeds what tells this page from the next.
    pub fn stands(&self, page: &mut impl Hasher) {
        (discriminant(&self.shown), self.turn.page).hash(page);
    }

    /// Whether a card should be looked for.
    pub fn wants_card(&self) -> bool {
        matches!(self.shown, Shown::Card(_))
    }

    /// The card step's state, while it is shown.
    pub fn identity(&mut self) -> Option<&mut Identity> {
        match &mut self.shown {
            Shown::Card(identity) => Some(identity),
            _ => None,
        }
    }

    /// The card is being read.
    pub fn card_reading(&mut self) {
        if let Some(identity) = self.identity() {
            identity.card = Card::Reading;
        }
    }

    /// The card could not be used.
    pub fn card_wrong(&mut self, title: String, detail: String) {
        if let Some(identity) = self.identity() {
            identity.card = Card::Wrong { title, detail };
        }
    }

    /// The person is known; their cases are on the way.
    pub fn identified(&mut self) {
        self.shown = Shown::Loading;
    }

    /// The person's cases.
    pub fn loaded(&mut self, cases: Vec<CaseView>) {
        self.cases = cases;
        if matches!(self.shown, Shown::Loading | Shown::Card(_)) {
            self.shown = Shown::List;
        }
    }

    /// A case went on.
    pub fn went_on(&mut self, case: &CaseView) {
        if let Some(known) = self.cases.iter_mut().find(|known| known.key == case.key) {
            *known = case.clone();
        }
    }

    /// The platform answered about one case.
    pub fn answered(&mut self, of: Ulid, answer: Official) {
        if let Shown::Case { key, official, .. } = &mut self.shown
            && *key == of
        {
            *official = answer;
        }
    }

    /// The receipt came out, or not.
    pub fn printed(&mut self, report: PrintReport) {
        if let Shown::Case { paper, .. } = &mut self.shown {
            *paper = Some(Paper::Reported(report));
        }
    }

    /// Takes one message.
    pub fn update(&mut self, message: Message, now: Instant) -> Option<Event> {
        match message {
            Message::Identity(identity::Message::Again) => {
                self.identity()?.again(now);
                Some(Event::LookForCard(true))
            }
            Message::Identity(_) => Some(Event::HelpWithoutCard),
            Message::Open(key) => {
                self.shown = Shown::Case {
                    key,
                    official: Official::Asking,
                    paper: None,
                };
                Some(Event::Ask(key))
            }
            Message::Print(key) => {
                if let Shown::Case { paper, .. } = &mut self.shown {
                    *paper = Some(Paper::Printing);
                }
                Some(Event::Print(key))
            }
            Message::Back => match self.shown {
                Shown::Case { .. } => {
                    self.shown = Shown::List;
                    None
                }
                Shown::Card(_) | Shown::Loading | Shown::List => Some(Event::Leave),
            },
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
    pub fn view<'a>(&'a self, ui: &Ui, now: Instant) -> Page<'a, Message> {
        let page = match &self.shown {
            Shown::Card(state) => Page::new(identity::view(ui, state, now).map(Message::Identity)),
            Shown::Loading => Page::new(container(ui.title(t!("progress.loading"))).center(Fill)),
            Shown::List => Page::new(self.list(ui)),
            Shown::Case {
                key,
                official,
                paper,
            } => match self.cases.iter().find(|case| case.key == *key) {
                Some(case) => Page::new(detail(ui, case, official, paper.as_ref())),
                None => Page::new(ui.title(t!("progress.none"))),
            },
        };
        page.trail(t!("progress.title")).back(Message::Back)
    }

    fn list<'a>(&'a self, ui: &Ui) -> Element<'a, Message> {
        if self.cases.is_empty() {
            return container(
                column![
                    ui.icon(Icon::FileText, 34.0, ui.palette().text_soft),
                    ui.title(t!("progress.none")),
                    ui.body(t!("progress.none_note"))
                        .color(ui.palette().text_soft),
                ]
                .spacing(ui.gap())
                .align_x(Center),
            )
            .center(Fill)
            .into();
        }
        let rows = self.cases.iter().map(|case| entry(ui, case)).collect();
        let columns = match ui.shape() {
            Shape::Portrait => 1,
            Shape::Landscape => 2,
        };
        column![
            ui.title(t!("progress.mine")),
            container(paged(rows, self.turn, columns, ui.gap(), Message::Counted)).height(Fill)
        ]
        .push(pager(ui, self.turn, Message::Previous, Message::Next))
        .spacing(ui.gap())
        .height(Fill)
        .into()
    }
}

fn state_badge<'a>(ui: &Ui, case: &CaseView) -> Element<'a, Message> {
    match case.state {
        LocalState::Acknowledged => badge(ui, Tone::Success, t!("progress.accepted")),
        LocalState::NeedsAttention(_) => badge(ui, Tone::Urgent, t!("progress.attention")),
        LocalState::Withdrawn => badge(ui, Tone::Neutral, t!("progress.withdrawn")),
        LocalState::Draft | LocalState::Queued { .. } | LocalState::Sending => {
            badge(ui, Tone::Warning, t!("progress.waiting"))
        }
    }
}

fn number_of(case: &CaseView) -> &str {
    case.official
        .as_ref()
        .map_or(case.local_number.as_str(), |official| {
            official.number.as_str()
        })
}

fn entry<'a>(ui: &Ui, case: &'a CaseView) -> Element<'a, Message> {
    button(
        row![
            column![
                ui.heading(case.guide_name.as_str()),
                ui.caption(number_of(case)),
                ui.caption(t!("progress.filed", day = words::day(case.submitted_at))),
            ]
            .spacing(ui.mm(0.8))
            .width(Fill),
            state_badge(ui, case),
            ui.icon(Icon::ChevronRight, 9.0, ui.palette().text_soft),
        ]
        .spacing(ui.mm(4.0))
        .align_y(Center),
    )
    .padding([ui.mm(6.0), ui.pad()])
    .width(Fill)
    .style(style::button(ui, Kind::Card))
    .on_press(Message::Open(case.key))
    .into()
}

fn detail<'a>(
    ui: &Ui,
    case: &'a CaseView,
    official: &'a Official,
    paper: Option<&'a Paper>,
) -> Element<'a, Message> {
    let p = ui.palette();
    let number = if case.official.is_some() {
        t!("done.official")
    } else {
        t!("done.local")
    };
    let mut facts = column![
        ui.heading(case.guide_name.as_str()),
        divider(ui),
        ui.body(number).color(p.text_soft),
        ui.numerals(number_of(case)),
    ]
    .spacing(ui.mm(2.0));
    if let Some(official) = &case.official {
        facts = facts
            .push(ui.body(t!("done.query_code")).color(p.text_soft))
            .push(ui.numerals(official.query_code.as_str()));
    }
    let said: Element<'a, Message> = match (case.state, official) {
        (LocalState::Acknowledged, Official::Asking) => ui.body(t!("progress.asking")).into(),
        (LocalState::Acknowledged, Official::Unreachable) => notice(
            ui,
            Tone::Warning,
            Icon::TriangleAlert,
            t!("progress.unreachable"),
            t!("progress.unreachable_do"),
        ),
        (LocalState::Acknowledged, Official::Known(progress)) => timeline(ui, progress),
        (LocalState::NeedsAttention(_), _) => notice(
            ui,
            Tone::Urgent,
            Icon::TriangleAlert,
            t!("done.attention"),
            t!("done.attention_note"),
        ),
        (LocalState::Withdrawn, _) => ui.body(t!("progress.withdrawn")).into(),
        _ => notice(
            ui,
            Tone::Warning,
            Icon::Clock,
            t!("done.queued"),
            t!("done.queued_note"),
        ),
    };
    let print = match paper {
        Some(Paper::Printing) => action(
            ui,
            Kind::Secondary,
            Face::words(t!("paper.printing")).before(Icon::Printer),
            None,
        ),
        _ => action(
            ui,
            Kind::Secondary,
            Face::words(t!("progress.print")).before(Icon::Printer),
            Some(Message::Print(case.key)),
        ),
    };
    let mut all = column![card(ui, facts), said, print].spacing(ui.gap());
    if let Some(Paper::Reported(report)) = paper {
        let (tone, (title, words)) = match report {
            PrintReport::Confirmed => (Tone::Success, (t!("paper.done"), t!("paper.done_note"))),
            PrintReport::Unconfirmed => (
                Tone::Primary,
                (t!("paper.unconfirmed"), t!("paper.unconfirmed_note")),
            ),
            PrintReport::NotFitted => (Tone::Warning, (t!("paper.none"), t!("paper.none_note"))),
            PrintReport::Failed(fault) => {
                (Tone::Warning, crate::interface::faults::print_words(fault))
            }
        };
        all = all.push(notice(ui, tone, Icon::Printer, title, words));
    }
    all.into()
}

/// The platform's own words, newest at the bottom.
fn timeline<'a>(ui: &Ui, progress: &'a CaseProgress) -> Element<'a, Message> {
    let p = ui.palette();
    let mut rows: Column<'a, Message> = column![
        row![
            container(ui.heading(t!("progress.state"))).width(Fill),
            badge(ui, Tone::Success, progress.state.as_str())
        ]
        .align_y(Center)
    ]
    .spacing(ui.mm(3.0));
    for step in &progress.timeline {
        let mut words = column![ui.strong(step.name.as_str())].width(Fill);
        if let Some(remark) = &step.remark {
            words = words.push(ui.caption(remark.as_str()));
        }
        rows = rows.push(divider(ui)).push(
            row![
                ui.icon(Icon::CircleCheck, 10.0, p.success),
                words,
                ui.caption(words::moment(step.at))
            ]
            .spacing(ui.mm(4.0))
            .align_y(Center),
        );
    }
    if let Some(day) = progress.promised_by {
        rows = rows
            .push(divider(ui))
            .push(ui.caption(t!("progress.promised", day = words::date(day))));
    }
    card(ui, rows)
}
