//! Turning from screen to screen, and 返回 to the one that was there before.

use super::{App, Screen};

impl App {
    /// Shows `screen`; 返回 leads back to what is shown now.
    pub(super) fn open(&mut self, screen: Screen) {
        let before = std::mem::replace(&mut self.screen, screen);
        self.beneath.push(before);
    }

    /// 返回.
    pub(super) fn back(&mut self) {
        self.screen = self.beneath.pop().unwrap_or(Screen::Home);
    }

    /// Shows `screen`, from which nothing leads back.
    pub(super) fn turn_to(&mut self, screen: Screen) {
        self.beneath.clear();
        self.screen = screen;
    }

    /// Whether what was asked for on this screen, and has arrived, may still take its place: whoever has gone on
    /// meanwhile is left alone.
    pub(super) fn still_choosing(&self) -> bool {
        matches!(
            self.screen,
            Screen::Home
                | Screen::Guides(_)
                | Screen::Guide(_)
                | Screen::Bundle(_)
                | Screen::Notices(_)
                | Screen::Document(_)
        )
    }

    /// The screens from the one that is shown down to the first.
    pub(super) fn standing_screens(&mut self) -> impl Iterator<Item = &mut Screen> {
        std::iter::once(&mut self.screen).chain(self.beneath.iter_mut().rev())
    }
}
