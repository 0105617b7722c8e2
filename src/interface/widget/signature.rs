//! The signature pad: strokes as they are written, by finger, pen or mouse.

use iced::mouse::{self, Cursor};
use iced::touch;
use iced::widget::canvas::{self, Canvas, Frame, Geometry, LineCap, LineJoin, Path, Stroke};
use iced::{Element, Event, Fill, Point, Rectangle, Renderer, Theme};

use crate::interface::theme::Ui;

/// Points closer than this (in pixels) to the last one are not kept.
const MIN_STEP: f32 = 1.5;

/// Strokes in the order they were written, in pad pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strokes {
    /// Each a line of points.
    pub lines: Vec<Vec<[f32; 2]>>,
    /// Size of the pad when it was written on.
    pub size: [f32; 2],
}

impl Strokes {
    /// Total length in pixels: a dot is not a signature.
    pub fn ink(&self) -> f32 {
        self.lines
            .iter()
            .flat_map(|line| line.windows(2))
            .map(|w| (w[1][0] - w[0][0]).hypot(w[1][1] - w[0][1]))
            .sum()
    }
}

/// What happened on the pad.
#[derive(Clone, Copy, Debug)]
pub enum Pen {
    /// Put down here, on a pad of this size.
    Down {
        /// Where.
        at: Point,
        /// Width and height of the pad.
        size: [f32; 2],
    },
    /// Drawn to here.
    Move(Point),
}

impl Strokes {
    /// Takes one movement in.
    pub fn apply(&mut self, pen: Pen) {
        match pen {
            Pen::Down { at, size } => {
                self.size = size;
                self.lines.push(vec![[at.x, at.y]]);
            }
            Pen::Move(at) => {
                if let Some(line) = self.lines.last_mut()
                    && line
                        .last()
                        .is_none_or(|p| (p[0] - at.x).hypot(p[1] - at.y) >= MIN_STEP)
                {
                    line.push([at.x, at.y]);
                }
            }
        }
    }
}

struct Pad<'a> {
    ui: Ui,
    strokes: &'a Strokes,
}

#[derive(Default)]
struct Held {
    finger: Option<touch::Finger>,
    mouse: bool,
}

impl canvas::Program<Pen> for Pad<'_> {
    type State = Held;

    fn update(
        &self,
        held: &mut Held,
        event: &Event,
        bounds: Rectangle,
        cursor: Cursor,
    ) -> Option<canvas::Action<Pen>> {
        let size = [bounds.width, bounds.height];
        let inside = |p: Point| {
            Point::new(
                (p.x - bounds.x).clamp(0.0, bounds.width),
                (p.y - bounds.y).clamp(0.0, bounds.height),
            )
        };
        let publish = |pen| Some(canvas::Action::publish(pen).and_capture());
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => {
                let at = cursor.position_in(bounds)?;
                held.mouse = true;
                publish(Pen::Down { at, size })
            }
            Event::Mouse(mouse::Event::CursorMoved { position }) if held.mouse => {
                publish(Pen::Move(inside(*position)))
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => {
                held.mouse = false;
                None
            }
            Event::Touch(touch::Event::FingerPressed { id, position })
                if held.finger.is_none() && bounds.contains(*position) =>
            {
                held.finger = Some(*id);
                publish(Pen::Down {
                    at: inside(*position),
                    size,
                })
            }
            Event::Touch(touch::Event::FingerMoved { id, position })
                if held.finger == Some(*id) =>
            {
                publish(Pen::Move(inside(*position)))
            }
            Event::Touch(
                touch::Event::FingerLifted { id, .. } | touch::Event::FingerLost { id, .. },
            ) if held.finger == Some(*id) => {
                held.finger = None;
                None
            }
            _ => None,
        }
    }

    fn draw(
        &self,
        _held: &Held,
        renderer: &Renderer,
        _theme: &Theme,
        bounds: Rectangle,
        _cursor: Cursor,
    ) -> Vec<Geometry> {
        let mut frame = Frame::new(renderer, bounds.size());
        let p = self.ui.palette();
        // A ground under all of it, so that a cleared stroke is repainted to its very edges.
        frame.fill_rectangle(Point::ORIGIN, bounds.size(), p.surface);
        let base = bounds.height * 0.78;
        frame.stroke(
            &Path::line(
                Point::new(self.ui.mm(10.0), base),
                Point::new(bounds.width - self.ui.mm(10.0), base),
            ),
            Stroke::default()
                .with_color(p.line)
                .with_width(self.ui.mm(0.5)),
        );
        let scale = if self.strokes.size[0] > 0.0 {
            bounds.width / self.strokes.size[0]
        } else {
            1.0
        };
        for line in &self.strokes.lines {
            let path = Path::new(|path| {
                for (i, [x, y]) in line.iter().enumerate() {
                    let at = Point::new(x * scale, y * scale);
                    if i == 0 {
                        path.move_to(at);
                        path.line_to(Point::new(at.x + 0.1, at.y));
                    } else {
                        path.line_to(at);
                    }
                }
            });
            frame.stroke(
                &path,
                Stroke {
                    line_cap: LineCap::Round,
                    line_join: LineJoin::Round,
                    ..Stroke::default()
                        .with_color(p.text)
                        .with_width(self.ui.mm(1.4))
                },
            );
        }
        vec![frame.into_geometry()]
    }
}

/// A pad that shows `strokes` and reports the pen.
pub fn pad<'a>(ui: &Ui, strokes: &'a Strokes) -> Element<'a, Pen> {
    Canvas::new(Pad { ui: *ui, strokes })
        .width(Fill)
        .height(Fill)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_leaves_no_ink_and_a_line_does() {
        let mut strokes = Strokes::default();
        let size = [100.0, 50.0];
        strokes.apply(Pen::Down {
            at: Point::new(1.0, 1.0),
            size,
        });
        assert!(strokes.ink() < f32::EPSILON);
        strokes.apply(Pen::Move(Point::new(31.0, 41.0)));
        assert!((strokes.ink() - 50.0).abs() < 0.01);
    }

    #[test]
    fn a_trembling_finger_does_not_fill_the_case_with_points() {
        let mut strokes = Strokes::default();
        strokes.apply(Pen::Down {
            at: Point::new(10.0, 10.0),
            size: [100.0, 50.0],
        });
        for _ in 0..1000 {
            strokes.apply(Pen::Move(Point::new(10.4, 10.2)));
        }
        assert_eq!(strokes.lines[0].len(), 1);
    }
}
