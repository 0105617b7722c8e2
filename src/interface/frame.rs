//! The frame every screen stands in: status bar, where am I, content, and the bar that is always the same.

use std::borrow::Cow;

use iced::advanced::widget::Id;
use iced::alignment::{Horizontal, Vertical};
use iced::widget::text::Wrapping;
use iced::widget::{Column, Row, button, column, container, row, space, stack};
use iced::{Center, Element, Fill};

use super::theme::style::{self, Kind, Tone};
use super::theme::type_roles::Role;
use super::theme::{Icon, KEYBOARD_SHARE, Reach, Shape, TextScale, Ui};
use super::widget::{Face, action, divider};

/// How one thing the terminal depends on is, in the status bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Light {
    /// Said beside the mark.
    pub words: Cow<'static, str>,
    /// Its name alone, for when several things want to be said at once.
    pub name: Cow<'static, str>,
    /// [`Tone::Success`] when it is well.
    pub tone: Tone,
}

/// The status bar's content.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// Name of the place.
    pub place: String,
    /// Network, card reader, printer.
    pub lights: Vec<Light>,
    /// `14:32`.
    pub time: String,
}

/// What a screen puts into the frame.
pub struct Page<'a, Message> {
    /// Where one is, at the left: 高龄津贴 › 填写信息.
    pub trail: Cow<'a, str>,
    /// At the right of it.
    pub position: Cow<'a, str>,
    /// Step and number of steps, while filing.
    pub steps: Option<(usize, usize)>,
    /// The content itself.
    pub body: Element<'a, Message>,
    /// The keyboard, under the content or beside it.
    pub keyboard: Option<Element<'a, Message>>,
    /// 返回.
    pub back: Option<Message>,
    /// The one primary action, bottom right; without a message it is shown as not yet possible.
    pub primary: Option<(Face<'a>, Option<Message>)>,
}

impl<'a, Message: 'a> Page<'a, Message> {
    /// A page with content only.
    pub fn new(body: impl Into<Element<'a, Message>>) -> Self {
        Self {
            trail: Cow::Borrowed(""),
            position: Cow::Borrowed(""),
            steps: None,
            body: body.into(),
            keyboard: None,
            back: None,
            primary: None,
        }
    }

    /// Where one is.
    pub fn trail(mut self, trail: impl Into<Cow<'a, str>>) -> Self {
        self.trail = trail.into();
        self
    }

    /// At the right of the trail.
    pub fn position(mut self, position: impl Into<Cow<'a, str>>) -> Self {
        self.position = position.into();
        self
    }

    /// Step and number of steps.
    pub fn steps(mut self, step: usize, of: usize) -> Self {
        self.steps = Some((step, of));
        self
    }

    /// The keyboard.
    pub fn keyboard(mut self, keyboard: Option<Element<'a, Message>>) -> Self {
        self.keyboard = keyboard;
        self
    }

    /// 返回.
    pub fn back(mut self, message: Message) -> Self {
        self.back = Some(message);
        self
    }

    /// The one primary action.
    pub fn primary(mut self, face: impl Into<Face<'a>>, message: Option<Message>) -> Self {
        self.primary = Some((face.into(), message));
        self
    }

    /// The same page speaking the parent's messages.
    pub fn map<Parent: 'a>(self, f: impl Fn(Message) -> Parent + Clone + 'a) -> Page<'a, Parent> {
        Page {
            trail: self.trail,
            position: self.position,
            steps: self.steps,
            body: self.body.map(f.clone()),
            keyboard: self.keyboard.map(|keyboard| keyboard.map(f.clone())),
            back: self.back.map(&f),
            primary: self.primary.map(|(face, message)| (face, message.map(&f))),
        }
    }
}

/// What stands between the bars, without the keyboard.
pub const PAGE: Id = Id::new("page");

/// A small tool in the bottom bar.
pub struct Tool<Message> {
    /// Shown over the words.
    pub icon: Icon,
    /// What it does.
    pub words: Cow<'static, str>,
    /// Sent on release.
    pub message: Message,
}

/// Draws the frame around `page`.
pub fn view<'a, Message: Clone + 'a>(
    ui: &Ui,
    status: &'a Status,
    tools: Vec<Tool<Message>>,
    page: Page<'a, Message>,
) -> Element<'a, Message> {
    let head = (!page.trail.is_empty() || !page.position.is_empty()).then(|| {
        row![
            container(ui.caption(page.trail)).width(Fill),
            ui.caption(page.position)
        ]
        .align_y(Center)
    });
    let mut content: Column<'a, Message> = Column::new().spacing(ui.mm(4.0)).height(Fill);
    content = content.push(head);
    content = content.push(page.steps.map(|(step, of)| steps(ui, step, of)));
    content = content.push(container(page.body).id(PAGE).height(Fill).width(Fill));
    let content = container(content).padding([ui.mm(7.0), ui.margin()]);

    let middle: Element<'a, Message> = match (page.keyboard, ui.shape()) {
        (None, _) => content.height(Fill).width(Fill).into(),
        (Some(keyboard), Shape::Portrait) => {
            column![content.height(Fill).width(Fill), keyboard].into()
        }
        (Some(keyboard), Shape::Landscape) => row![
            content.height(Fill).width(Fill),
            container(keyboard)
                .width(ui.window.width * KEYBOARD_SHARE)
                .height(Fill)
                .align_y(Vertical::Bottom)
                .style(style::fill(ui.palette().tray))
        ]
        .into(),
    };

    let mut all: Column<'a, Message> = column![status_bar(ui, status), divider(ui)];
    if ui.reach == Reach::Low && ui.shape() == Shape::Portrait {
        // 低位模式: what can be touched stays within the lower 60 % of the panel.
        all = all.push(space().height(ui.window.height * 0.34));
    }
    let all =
        all.push(middle)
            .push(divider(ui))
            .push(bottom_bar(ui, tools, page.back, page.primary));
    container(all)
        .width(Fill)
        .height(Fill)
        .style(style::ground(ui))
        .into()
}

fn status_bar<'a, Message: 'a>(ui: &Ui, status: &'a Status) -> Element<'a, Message> {
    let ui = &Ui {
        scale: TextScale::Standard,
        ..*ui
    };
    let p = ui.palette();
    let troubles = status
        .lights
        .iter()
        .filter(|light| light.tone != Tone::Success);
    let crowded = ui.shape() == Shape::Portrait && troubles.count() > 1;
    let lights = status.lights.iter().map(|light| {
        let words = if crowded { &light.name } else { &light.words };
        let mark: Element<'a, Message> = if light.tone == Tone::Success {
            let side = ui.mm(3.4);
            container(space())
                .width(side)
                .height(side)
                .style(style::rounded(p.success, side / 2.0))
                .into()
        } else {
            ui.icon(Icon::TriangleAlert, 8.0, light.tone.ink(&p)).into()
        };
        let words = if light.tone == Tone::Success {
            ui.caption(words.as_ref())
        } else {
            ui.label(words.as_ref()).color(light.tone.ink(&p))
        };
        row![mark, words].spacing(ui.mm(1.8)).align_y(Center).into()
    });
    container(
        row![
            container(ui.label(status.place.as_str()).wrapping(Wrapping::None))
                .width(Fill)
                .clip(true),
            Row::with_children(lights)
                .spacing(ui.mm(5.5))
                .align_y(Center),
            ui.strong(status.time.as_str()),
        ]
        .spacing(ui.mm(6.5))
        .align_y(Center),
    )
    .padding([0.0, ui.margin()])
    .center_y(ui.text_mm(24.5))
    .width(Fill)
    .style(style::fill(p.surface))
    .into()
}

fn steps<'a, Message: 'a>(ui: &Ui, step: usize, of: usize) -> Element<'a, Message> {
    let p = ui.palette();
    let bars = (1..=of).map(|n| {
        container(space())
            .width(Fill)
            .height(ui.mm(2.4))
            .style(style::rounded(
                if n <= step { p.primary } else { p.line },
                ui.mm(1.2),
            ))
            .into()
    });
    Row::with_children(bars)
        .spacing(ui.mm(2.2))
        .width(Fill)
        .into()
}

/// Millimetres of the bottom bar: from its ends, between its parts, and how wide its two large buttons are.
const EDGE: f32 = 9.0;
const GAP: f32 = 2.0;
const BACK: f32 = 53.0;
const PRIMARY: f32 = 72.0;

/// The size in which every tool's words fit on one line beside the others.
fn tool_size<Message>(ui: &Ui, tools: &[Tool<Message>], back: bool, primary: bool) -> Ui {
    let large = [(back, BACK), (primary, PRIMARY)]
        .into_iter()
        .filter(|(shown, _)| *shown)
        .map(|(_, width)| ui.text_mm(width) + ui.mm(GAP))
        .sum::<f32>();
    let count = tools.len().max(1) as f32;
    let room = (ui.window.width - 2.0 * ui.mm(EDGE) - large + ui.mm(GAP)) / count - ui.mm(GAP);
    let em = ui.text_mm(Role::Caption.em_mm());
    let fits = tools.iter().all(|tool| widths(&tool.words) * em <= room);
    Ui {
        scale: if fits { ui.scale } else { TextScale::Standard },
        ..*ui
    }
}

/// How many ems a line is wide, about: letters are up to seven tenths as wide as Chinese characters.
fn widths(words: &str) -> f32 {
    words
        .chars()
        .map(|c| if c.is_ascii() { 0.7 } else { 1.0 })
        .sum()
}

fn bottom_bar<'a, Message: Clone + 'a>(
    ui: &Ui,
    tools: Vec<Tool<Message>>,
    back: Option<Message>,
    primary: Option<(Face<'a>, Option<Message>)>,
) -> Element<'a, Message> {
    let ui = &ui.chrome();
    let mut bar = Row::new().spacing(ui.mm(GAP)).align_y(Center);
    let back_given = back.is_some();
    bar = bar.push(back.map(|message| {
        action(
            ui,
            Kind::Secondary,
            Face::words(t!("bar.back")).before(Icon::ChevronLeft),
            Some(message),
        )
        .width(ui.text_mm(BACK))
    }));
    let small = &tool_size(ui, &tools, back_given, primary.is_some());
    for tool in tools {
        bar = bar.push(
            button(
                column![
                    small.icon(tool.icon, 9.5, ui.palette().text),
                    small.caption(tool.words).color(ui.palette().text)
                ]
                .spacing(ui.mm(0.8))
                .align_x(Horizontal::Center)
                .width(Fill),
            )
            .padding([ui.mm(2.0), 0.0])
            .width(Fill)
            .style(style::button(ui, Kind::Bare))
            .on_press(tool.message),
        );
    }
    bar = bar.push(primary.map(|(face, message)| {
        action(ui, Kind::Primary, face, message).width(ui.text_mm(PRIMARY))
    }));
    container(bar)
        .padding([0.0, ui.mm(EDGE)])
        .center_y(ui.text_mm(41.0))
        .width(Fill)
        .style(style::fill(ui.palette().surface))
        .into()
}

/// `base` under a dimmed ground with `sheet` in the middle; taps do not reach what is beneath.
pub fn over<'a, Message: Clone + 'a>(
    ui: &Ui,
    base: Element<'a, Message>,
    sheet: Element<'a, Message>,
) -> Element<'a, Message> {
    let dim = iced::Color {
        a: 0.55,
        ..ui.palette().text
    };
    let width = match ui.shape() {
        Shape::Portrait => ui.window.width - 2.0 * ui.margin(),
        Shape::Landscape => ui.window.width * 0.6,
    };
    stack![
        base,
        iced::widget::opaque(
            container(
                container(sheet)
                    .width(width)
                    .padding(ui.pad() * 1.3)
                    .style(style::card(ui))
            )
            .center(Fill)
            .style(style::fill(dim))
        )
    ]
    .into()
}
