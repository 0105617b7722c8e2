//! Content that does not fit is paged, never dragged: a column that shows whole children only.

use iced::advanced::layout::{Layout, Limits, Node};
use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, mouse, overlay, renderer};
use iced::{Element, Event, Length, Rectangle, Size, Vector};

/// Which page is shown, and of how many; kept by the screen, counted by the widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// From 0.
    pub page: usize,
    /// At least 1.
    pub pages: usize,
}

impl Default for Turn {
    fn default() -> Self {
        Self { page: 0, pages: 1 }
    }
}

impl Turn {
    /// The number of pages was counted anew.
    pub fn counted(&mut self, pages: usize) {
        self.pages = pages.max(1);
        self.page = self.page.min(self.pages - 1);
    }

    /// One page on.
    pub fn next(&mut self) {
        self.page = (self.page + 1).min(self.pages - 1);
    }

    /// One page back.
    pub fn back(&mut self) {
        self.page = self.page.saturating_sub(1);
    }
}

/// Children that are laid out at once; a longer list is turned chapter by chapter.
pub const CHAPTER: usize = 60;

/// Where one is in a list of any length: only the children of one chapter exist, so that a list of thousands is
/// drawn as quickly as one of dozens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chapters {
    /// Within the chapter.
    pub turn: Turn,
    /// Pages that the earlier chapters had.
    passed: Vec<usize>,
}

impl Chapters {
    /// The children of this chapter, of `count` in all.
    pub fn children(&self, count: usize) -> std::ops::Range<usize> {
        let first = (self.passed.len() * CHAPTER).min(count);
        first..(first + CHAPTER).min(count)
    }

    /// Which page is shown, from 0, all chapters counted.
    pub fn page(&self) -> usize {
        self.passed.iter().sum::<usize>() + self.turn.page
    }

    /// How many pages there are, where that is known: in the last chapter.
    pub fn pages(&self, count: usize) -> Option<usize> {
        let last = self.children(count).end == count;
        last.then(|| self.page() - self.turn.page + self.turn.pages)
    }

    /// Whether there is something before what is shown.
    pub fn can_turn_back(&self) -> bool {
        self.page() > 0
    }

    /// Whether there is something after what is shown, of `count` children.
    pub fn can_turn_on(&self, count: usize) -> bool {
        self.turn.page + 1 < self.turn.pages || self.children(count).end < count
    }

    /// One page on, of `count` children.
    pub fn next(&mut self, count: usize) {
        if self.turn.page + 1 < self.turn.pages {
            self.turn.next();
        } else if self.can_turn_on(count) {
            self.passed.push(self.turn.pages);
            self.turn = Turn::default();
        }
    }

    /// One page back.
    pub fn back(&mut self) {
        if self.turn.page > 0 {
            self.turn.back();
        } else if let Some(pages) = self.passed.pop() {
            self.turn = Turn {
                page: pages - 1,
                pages,
            };
        }
    }
}

/// How a child stands to the one above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// With a gap between.
    Apart,
    /// Touching it, as the rows of one card; a page may still be turned between them.
    Attached,
}

/// Children laid out one under another, filling `columns` columns a page.
pub struct Paged<'a, Message> {
    children: Vec<Element<'a, Message>>,
    joints: Vec<Joint>,
    columns: usize,
    spacing: f32,
    page: usize,
    pages: usize,
    on_count: Box<dyn Fn(usize) -> Message + 'a>,
}

/// Shows page `turn.page` of `children`; `on_count` is sent when the number of pages changes.
pub fn paged<'a, Message>(
    children: Vec<Element<'a, Message>>,
    turn: Turn,
    columns: usize,
    spacing: f32,
    on_count: impl Fn(usize) -> Message + 'a,
) -> Paged<'a, Message> {
    let blocks = children.into_iter().map(|child| (child, Joint::Apart));
    paged_blocks(blocks.collect(), turn, columns, spacing, on_count)
}

/// The same, with children that may touch the one above.
pub fn paged_blocks<'a, Message>(
    blocks: Vec<(Element<'a, Message>, Joint)>,
    turn: Turn,
    columns: usize,
    spacing: f32,
    on_count: impl Fn(usize) -> Message + 'a,
) -> Paged<'a, Message> {
    let (children, joints) = blocks.into_iter().unzip();
    Paged {
        children,
        joints,
        columns: columns.max(1),
        spacing,
        page: turn.page,
        pages: turn.pages,
        on_count: Box::new(on_count),
    }
}

/// Where every child stands: page, column, and distance from the top.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    page: usize,
    column: usize,
    y: f32,
}

/// Fills columns from the top; a child taller than a page stands alone on one.
fn places(blocks: &[(f32, Joint)], available: f32, spacing: f32, columns: usize) -> Vec<Place> {
    let mut at = Place {
        page: 0,
        column: 0,
        y: 0.0,
    };
    blocks
        .iter()
        .map(|(height, joint)| {
            if at.y > 0.0 && *joint == Joint::Apart {
                at.y += spacing;
            }
            if at.y > 0.0 && at.y + height > available + 0.5 {
                at.y = 0.0;
                at.column += 1;
                if at.column == columns {
                    at.column = 0;
                    at.page += 1;
                }
            }
            let place = at;
            at.y += height;
            place
        })
        .collect()
}

#[derive(Default)]
struct State {
    page_of: Vec<usize>,
}

impl State {
    fn pages(&self) -> usize {
        self.page_of.last().map_or(1, |last| last + 1)
    }
}

impl<Message> Paged<'_, Message> {
    fn shown(&self, state: &State) -> usize {
        self.page.min(state.pages() - 1)
    }
}

impl<Message> Widget<Message, iced::Theme, iced::Renderer> for Paged<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn children(&self) -> Vec<Tree> {
        self.children.iter().map(Tree::new).collect()
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(&self.children);
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &iced::Renderer, limits: &Limits) -> Node {
        let size = limits.max();
        let columns = self.columns as f32;
        let width = (size.width - self.spacing * (columns - 1.0)) / columns;
        let child_limits = Limits::new(Size::ZERO, Size::new(width, f32::INFINITY));
        let nodes: Vec<Node> = self
            .children
            .iter_mut()
            .zip(&mut tree.children)
            .map(|(child, tree)| child.as_widget_mut().layout(tree, renderer, &child_limits))
            .collect();
        let blocks: Vec<(f32, Joint)> = nodes
            .iter()
            .map(|node| node.size().height)
            .zip(self.joints.iter().copied())
            .collect();
        let places = places(&blocks, size.height, self.spacing, self.columns);
        let state = tree.state.downcast_mut::<State>();
        state.page_of = places.iter().map(|place| place.page).collect();
        let nodes = nodes
            .into_iter()
            .zip(&places)
            .map(|(node, place)| {
                node.move_to((place.column as f32 * (width + self.spacing), place.y))
            })
            .collect();
        Node::with_children(size, nodes)
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &iced::Renderer,
        operation: &mut dyn Operation,
    ) {
        let state = tree.state.downcast_ref::<State>();
        let shown = self.shown(state);
        operation.container(None, layout.bounds());
        operation.traverse(&mut |operation| {
            for (((child, tree), layout), page) in self
                .children
                .iter_mut()
                .zip(&mut tree.children)
                .zip(layout.children())
                .zip(&state.page_of)
            {
                if *page == shown {
                    child
                        .as_widget_mut()
                        .operate(tree, layout, renderer, operation);
                }
            }
        });
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &iced::Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let state = tree.state.downcast_ref::<State>();
        let shown = self.shown(state);
        let counted = state.pages();
        if counted != self.pages {
            self.pages = counted;
            shell.publish((self.on_count)(counted));
        }
        for (((child, tree), layout), page) in self
            .children
            .iter_mut()
            .zip(&mut tree.children)
            .zip(layout.children())
            .zip(&state.page_of)
        {
            if *page == shown {
                child.as_widget_mut().update(
                    tree, event, layout, cursor, renderer, clipboard, shell, viewport,
                );
            }
        }
    }

    fn mouse_interaction(
        &self,
        _tree: &Tree,
        _layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &iced::Renderer,
    ) -> mouse::Interaction {
        mouse::Interaction::None
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut iced::Renderer,
        theme: &iced::Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let state = tree.state.downcast_ref::<State>();
        let shown = self.shown(state);
        for (((child, tree), layout), page) in self
            .children
            .iter()
            .zip(&tree.children)
            .zip(layout.children())
            .zip(&state.page_of)
        {
            if *page == shown {
                child
                    .as_widget()
                    .draw(tree, renderer, theme, style, layout, cursor, viewport);
            }
        }
    }

    fn overlay<'b>(
        &'b mut self,
        _tree: &'b mut Tree,
        _layout: Layout<'b>,
        _renderer: &iced::Renderer,
        _viewport: &Rectangle,
        _translation: Vector,
    ) -> Option<overlay::Element<'b, Message, iced::Theme, iced::Renderer>> {
        None
    }
}

impl<'a, Message: 'a> From<Paged<'a, Message>> for Element<'a, Message> {
    fn from(widget: Paged<'a, Message>) -> Self {
        Self::new(widget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(page: usize, column: usize, y: f32) -> Place {
        Place { page, column, y }
    }

    fn apart<const N: usize>(heights: [f32; N]) -> [(f32, Joint); N] {
        heights.map(|height| (height, Joint::Apart))
    }

    proptest::proptest! {
        #[test]
        fn turning_on_and_back_shows_every_child_of_a_long_list_once(
            count in 0..500_usize,
            per_page in 1..9_usize,
        ) {
            let mut chapters = Chapters::default();
            let mut ways = Vec::new();
            let mut seen = 0;
            loop {
                let chapter = chapters.children(count);
                proptest::prop_assert!(chapter.len() <= CHAPTER);
                chapters.turn.counted(chapter.len().div_ceil(per_page));
                let from = chapter.start + chapters.turn.page * per_page;
                proptest::prop_assert_eq!(from, seen);
                seen = (from + per_page).min(chapter.end);
                proptest::prop_assert_eq!(chapters.page(), ways.len());
                ways.push(chapters.clone());
                if !chapters.can_turn_on(count) {
                    break;
                }
                chapters.next(count);
            }
            proptest::prop_assert_eq!(seen, count);
            proptest::prop_assert_eq!(chapters.pages(count), Some(ways.len()));
            while let Some(way) = ways.pop() {
                proptest::prop_assert_eq!(&chapters, &way);
                chapters.back();
            }
            proptest::prop_assert!(!chapters.can_turn_back());
        }
    }

    #[test]
    fn rows_of_one_card_touch_and_may_be_parted_by_a_page() {
        assert_eq!(
            places(
                &[
                    (40.0, Joint::Apart),
                    (30.0, Joint::Attached),
                    (40.0, Joint::Attached)
                ],
                100.0,
                10.0,
                1
            ),
            [at(0, 0, 0.0), at(0, 0, 40.0), at(1, 0, 0.0)]
        );
    }

    #[test]
    fn whole_children_fill_a_page_and_the_next_one_starts_a_new_page() {
        assert_eq!(
            places(&apart([40.0, 40.0, 40.0]), 100.0, 10.0, 1),
            [at(0, 0, 0.0), at(0, 0, 50.0), at(1, 0, 0.0)]
        );
    }

    #[test]
    fn two_columns_are_filled_before_the_page_is_turned() {
        assert_eq!(
            places(&apart([60.0, 60.0, 60.0]), 100.0, 10.0, 2),
            [at(0, 0, 0.0), at(0, 1, 0.0), at(1, 0, 0.0)]
        );
    }

    #[test]
    fn a_child_taller_than_the_page_stands_alone() {
        assert_eq!(
            places(&apart([10.0, 500.0, 10.0]), 100.0, 10.0, 1),
            [at(0, 0, 0.0), at(1, 0, 0.0), at(2, 0, 0.0)]
        );
    }

    #[test]
    fn turning_stays_within_the_pages() {
        let mut turn = Turn::default();
        turn.counted(3);
        turn.next();
        turn.next();
        turn.next();
        assert_eq!(turn.page, 2);
        turn.counted(1);
        assert_eq!(turn.page, 0);
        turn.back();
        assert_eq!(turn.page, 0);
    }
}
