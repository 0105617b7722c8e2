//! Step: the identity card on the reader, how long is left, and what went wrong if it did.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use iced::alignment::Horizontal;
use iced::widget::canvas::{self, Canvas, Frame, Geometry, LineDash, Path, Stroke};
use iced::widget::{column, container, row};
use iced::{Center, Element, Fill, Point, Rectangle, Renderer, Size, Theme, mouse};

use crate::interface::theme::style::{Kind, Tone};
use crate::interface::theme::{Icon, Ui};
use crate::interface::widget::{action, badge, notice};

/// How long the person has to lay the card down before they are asked again.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// How the card is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Card {
    /// None on the reader.
    Awaited,
    /// Being read: keep it still.
    Reading,
    /// It went wrong; what happened, and what to do.
    Wrong {
        /// What happened.
        title: String,
        /// What to do now.
        detail: String,
    },
    /// No reader to lay it on: said so, with a way on.
    NoReader {
        /// What to do now.
        detail: String,
    },
}

/// The step's state.
#[derive(Clone, Debug)]
pub struct Identity {
    /// How the card is.
    pub card: Card,
    since: Instant,
}

impl Identity {
    /// Begins to wait.
    pub fn begin(now: Instant) -> Self {
        Self {
            card: Card::Awaited,
            since: now,
        }
    }

    /// Begins to wait again.
    pub fn again(&mut self, now: Instant) {
        *self = Self::begin(now);
    }

    /// Seconds until the person is asked again.
    pub fn seconds_left(&self, now: Instant) -> u64 {
        PATIENCE
            .saturating_sub(now.saturating_duration_since(self.since))
            .as_secs()
    }
}

/// What a person does here.
#[derive(Clone, Copy, Debug)]
pub enum Message {
    /// 没带身份证.
    NoCard,
    /// 我是代别人办.
    ForAnother,
    /// 再等一会儿.
    Again,
}

/// Draws the step.
pub fn view<'a>(ui: &Ui, state: &'a Identity, now: Instant) -> Element<'a, Message> {
    let p = ui.palette();
    let left = state.seconds_left(now);
    let (title, note): (Cow<'a, str>, Cow<'a, str>) = match &state.card {
        Card::Reading => (t!("identity.reading"), t!("identity.reading_note")),
        _ => (t!("identity.title"), t!("identity.note")),
    };
    let picture = Canvas::new(Picture {
        ui: *ui,
        reading: state.card == Card::Reading,
    })
    .width(ui.mm(150.0))
    .height(ui.mm(130.0));
    let waiting: Element<'a, Message> = match &state.card {
        Card::Awaited if left > 0 => row![
            ui.body(t!("identity.waiting")).color(p.text_soft),
            badge(ui, Tone::Primary, t!("identity.left", seconds = left)),
        ]
        .spacing(ui.mm(5.0))
        .align_y(Center)
        .into(),
        Card::Awaited => column![
            notice(
                ui,
                Tone::Warning,
                Icon::CircleHelp,
                t!("identity.nothing_yet"),
                t!("identity.nothing_yet_note")
            ),
            action(ui, Kind::Tonal, t!("identity.again"), Some(Message::Again)),
        ]
        .spacing(ui.gap())
        .into(),
        Card::Reading => ui.body(t!("identity.hold_still")).color(p.primary).into(),
        Card::Wrong { title, detail } => notice(
            ui,
            Tone::Warning,
            Icon::TriangleAlert,
            title.as_str(),
            detail.as_str(),
        ),
        Card::NoReader { detail } => notice(
            ui,
            Tone::Warning,
            Icon::TriangleAlert,
            t!("identity.no_reader"),
            detail.as_str(),
        ),
    };
    let ways = row![
        action(
            ui,
            Kind::Secondary,
            t!("identity.no_card"),
            Some(Message::NoCard)
        ),
        action(
            ui,
            Kind::Secondary,
            t!("identity.for_another"),
            Some(Message::ForAnother)
        ),
    ]
    .spacing(ui.gap());
    container(
        column![
            ui.title(title).align_x(Horizontal::Center),
            ui.body(note).color(p.text_soft).align_x(Horizontal::Center),
            container(picture).padding([ui.mm(4.0), 0.0]),
            waiting,
            ways,
        ]
        .spacing(ui.mm(7.0))
        .align_x(Horizontal::Center),
    )
    .center(Fill)
    .into()
}

/// The card over the place where it belongs.
struct Picture {
    ui: Ui,
    reading: bool,
}

impl canvas::Program<Message> for Picture {
    type State = ();

    fn draw(
        &self,
        _state: &(),
        renderer: &Renderer,
        _theme: &Theme,
        bounds: Rectangle,
        _cursor: mouse::Cursor,
    ) -> Vec<Geometry> {
        let mut frame = Frame::new(renderer, bounds.size());
        let p = self.ui.palette();
        let mm = |v: f32| self.ui.mm(v);
        let (w, h) = (bounds.width, bounds.height);
        // The software renderer repaints the bounds of paths, and a stroke is half outside of its path:
        // a ground under all of it makes sure that nothing of a stroke stays behind.
        frame.fill_rectangle(Point::ORIGIN, bounds.size(), p.ground);
        let place = Path::rounded_rectangle(
            Point::new(mm(2.0), h * 0.40),
            Size::new(w - mm(4.0), h * 0.58),
            mm(7.0).into(),
        );
        frame.fill(&place, p.primary_tint);
        frame.stroke(
            &place,
            Stroke {
                line_dash: LineDash {
                    segments: &[8.0, 5.0],
                    offset: 0,
                },
                ..Stroke::default().with_color(p.primary).with_width(mm(0.8))
            },
        );
        let top = if self.reading { h * 0.46 } else { h * 0.02 };
        let card = Size::new(w * 0.76, h * 0.47);
        let at = Point::new((w - card.width) / 2.0, top);
        let shape = Path::rounded_rectangle(at, card, mm(5.0).into());
        frame.fill(&shape, p.surface);
        frame.stroke(
            &shape,
            Stroke::default().with_color(p.edge).with_width(mm(0.6)),
        );
        let bar = |frame: &mut Frame, y: f32, length: f32, height: f32| {
            frame.fill(
                &Path::rounded_rectangle(
                    Point::new(at.x + mm(8.0), at.y + y),
                    Size::new(length, height),
                    mm(1.2).into(),
                ),
                p.primary_tint,
            );
        };
        bar(&mut frame, mm(8.0), mm(38.0), mm(6.0));
        bar(&mut frame, mm(20.0), mm(50.0), mm(4.5));
        bar(&mut frame, mm(29.0), mm(44.0), mm(4.5));
        bar(&mut frame, mm(38.0), mm(52.0), mm(4.5));
        let photo = Size::new(mm(28.0), mm(36.0));
        let corner = Point::new(at.x + card.width - photo.width - mm(8.0), at.y + mm(8.0));
        frame.fill(
            &Path::rounded_rectangle(corner, photo, mm(2.0).into()),
            p.primary_tint,
        );
        frame.fill(
            &Path::circle(
                Point::new(corner.x + photo.width / 2.0, corner.y + photo.height * 0.36),
                mm(5.5),
            ),
            p.edge,
        );
        frame.fill(
            &Path::rounded_rectangle(
                Point::new(corner.x + mm(5.0), corner.y + photo.height * 0.6),
                Size::new(photo.width - mm(10.0), photo.height * 0.3),
                mm(4.5).into(),
            ),
            p.edge,
        );
        if !self.reading {
            let x = w / 2.0;
            let (from, to) = (h * 0.60, h * 0.86);
            let arrow = Path::new(|path| {
                path.move_to(Point::new(x, from));
                path.line_to(Point::new(x, to));
                path.move_to(Point::new(x - mm(7.0), to - mm(7.0)));
                path.line_to(Point::new(x, to));
                path.line_to(Point::new(x + mm(7.0), to - mm(7.0)));
            });
            frame.stroke(
                &arrow,
                Stroke {
                    line_cap: canvas::LineCap::Round,
                    line_join: canvas::LineJoin::Round,
                    ..Stroke::default().with_color(p.primary).with_width(mm(2.0))
                },
            );
        }
        vec![frame.into_geometry()]
    }
}
