//! Judges every touch at the place where it happened.
//!
//! The window hands over all events since the last picture together with the *latest* place of the pointer. On a
//! slow machine two keys struck quickly would both count for the second. Here each event is judged at the place
//! that it carries itself, or that the events before it told.

use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Shell, mouse, overlay, renderer};
use iced::{Element, Event, Length, Point, Rectangle, Size, Vector, touch};

/// The whole of the interface, in which every touch counts where it happened.
pub fn own_place<'a, Message: 'a, Theme: 'a, Renderer: renderer::Renderer + 'a>(
    content: impl Into<Element<'a, Message, Theme, Renderer>>,
) -> Element<'a, Message, Theme, Renderer> {
    Element::new(OwnPlace {
        content: content.into(),
    })
}

struct OwnPlace<'a, Message, Theme, Renderer> {
    content: Element<'a, Message, Theme, Renderer>,
}

/// Where the pointer was at the last event; nowhere before the first.
#[derive(Debug, Default)]
struct Pointer(Option<Point>);

impl Pointer {
    /// Follows one event.
    fn follow(&mut self, event: &Event) {
        match event {
            Event::Mouse(mouse::Event::CursorMoved { position })
            | Event::Touch(
                touch::Event::FingerPressed { position, .. }
                | touch::Event::FingerMoved { position, .. }
                | touch::Event::FingerLifted { position, .. }
                | touch::Event::FingerLost { position, .. },
            ) => self.0 = Some(*position),
            Event::Mouse(mouse::Event::CursorLeft) => self.0 = None,
            _ => {}
        }
    }

    /// The cursor for this event, where the window said that one can be used at all.
    fn instead_of(&self, cursor: mouse::Cursor) -> mouse::Cursor {
        match (cursor, self.0) {
            (mouse::Cursor::Available(_), Some(here)) => mouse::Cursor::Available(here),
            (cursor, _) => cursor,
        }
    }
}

impl<Message, Theme, Renderer: renderer::Renderer> Widget<Message, Theme, Renderer>
    for OwnPlace<'_, Message, Theme, Renderer>
{
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Pointer>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Pointer::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.content));
    }

    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        renderer: &Renderer,
        limits: &layout::Limits,
    ) -> layout::Node {
        let [content] = tree.children.as_mut_slice() else {
            return layout::Node::new(Size::ZERO);
        };
        self.content
            .as_widget_mut()
            .layout(content, renderer, limits)
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        if let [content] = tree.children.as_mut_slice() {
            self.content
                .as_widget_mut()
                .operate(content, layout, renderer, operation);
        }
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let pointer = tree.state.downcast_mut::<Pointer>();
        pointer.follow(event);
        let cursor = pointer.instead_of(cursor);
        if let [content] = tree.children.as_mut_slice() {
            self.content.as_widget_mut().update(
                content, event, layout, cursor, renderer, clipboard, shell, viewport,
            );
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        let [content] = tree.children.as_slice() else {
            return mouse::Interaction::None;
        };
        self.content
            .as_widget()
            .mouse_interaction(content, layout, cursor, viewport, renderer)
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        if let [content] = tree.children.as_slice() {
            self.content
                .as_widget()
                .draw(content, renderer, theme, style, layout, cursor, viewport);
        }
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        let [content] = tree.children.as_mut_slice() else {
            return None;
        };
        self.content
            .as_widget_mut()
            .overlay(content, layout, renderer, viewport, translation)
    }
}

#[cfg(test)]
mod tests {
    use iced::advanced::clipboard;
    use iced::widget::{mouse_area, row, space};

    use super::*;

    /// What two keys side by side, 100 pixels wide, make of these events, when the window says of all of
    /// them that the pointer is at `latest`.
    fn struck(events: &[Event], latest: Point) -> Vec<char> {
        let key = |name| mouse_area(space().width(100).height(100)).on_press(name);
        let keys: Element<'_, char, (), ()> = own_place(row![key('a'), key('b')]);
        let mut keys = keys;
        let mut tree = Tree::new(&keys);
        let window = Size::new(200.0, 100.0);
        let node =
            keys.as_widget_mut()
                .layout(&mut tree, &(), &layout::Limits::new(Size::ZERO, window));
        let mut messages = Vec::new();
        for event in events {
            keys.as_widget_mut().update(
                &mut tree,
                event,
                Layout::new(&node),
                mouse::Cursor::Available(latest),
                &(),
                &mut clipboard::Null,
                &mut Shell::new(&mut messages),
                &Rectangle::with_size(window),
            );
        }
        messages
    }

    const A: Point = Point::new(50.0, 50.0);
    const B: Point = Point::new(150.0, 50.0);

    fn click(position: Point) -> [Event; 3] {
        [
            Event::Mouse(mouse::Event::CursorMoved { position }),
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)),
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)),
        ]
    }

    #[test]
    fn keys_that_were_struck_before_the_next_picture_are_each_their_own() {
        let events = [click(A), click(B), click(A)].concat();
        assert_eq!(struck(&events, A), ['a', 'b', 'a']);
    }

    #[test]
    fn two_fingers_that_overlap_strike_two_keys() {
        let press = |id, position| {
            let id = touch::Finger(id);
            Event::Touch(touch::Event::FingerPressed { id, position })
        };
        assert_eq!(struck(&[press(1, A), press(2, B)], B), ['a', 'b']);
    }

    #[test]
    fn before_anything_moved_the_windows_word_counts() {
        let press = Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left));
        assert_eq!(struck(&[press], B), ['b']);
    }
}
