//! 办事指南 / 我要办事: by theme, department, first letter or for shops and firms, or by searching as one types.

mod draw;
mod listing;
mod rows;
#[cfg(test)]
mod tests;

use std::hash::{Hash, Hasher};

use jinban_api::documents::Bundle;
use jinban_api::ids::{BundleId, GuideId, ThemeId};
use jinban_input::Mode;
use zeroize::Zeroize;

use crate::catalogue::Snapshot;
use crate::interface::input::keyboard::{Key, Keyboard, Output, Pad};
use crate::interface::widget::Chapters;
use crate::session::{Belonging, BelongingKind};

use listing::{Content, Found};
pub use listing::{Listing, Way};

/// Which guides are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// 办事指南: every guide.
    Read,
    /// 我要办事: those that can be filed here come first.
    File,
}

/// The screen.
pub struct Guides {
    purpose: Purpose,
    listing: Listing,
    query: String,
    /// What the listing shows; worked out when it changes, not when it is drawn.
    content: Content,
    /// Theme services 一件事: those that were found, and where nothing is sought, all of them.
    bundles: Vec<Bundle>,
    chapters: Chapters,
    /// The guide that was tapped cannot be read.
    unreadable: bool,
}

impl Belonging for Guides {
    fn kind(&self) -> BelongingKind {
        BelongingKind::Input
    }
}

impl Drop for Guides {
    fn drop(&mut self) {
        // People type their illness or their need into a search box.
        self.query.zeroize();
    }
}

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// 按主题, 按部门, 按拼音, 开店办厂.
    Way(Way),
    /// A theme tile.
    Theme(ThemeId),
    /// A department.
    Department(std::sync::Arc<str>),
    /// A first letter.
    Letter(char),
    /// 一件事一次办.
    Bundles,
    /// One of them.
    Bundle(BundleId),
    /// The search box.
    Search,
    /// A key.
    Key(Key),
    /// A guide.
    Open(GuideId),
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
    /// Show this theme service.
    Bundle(BundleId),
    /// Back to the home screen.
    Leave,
}

impl Guides {
    /// Starts with the theme tiles.
    pub fn new(purpose: Purpose) -> Self {
        Self {
            purpose,
            listing: Listing::Way(Way::Theme),
            query: String::new(),
            content: Content::default(),
            bundles: Vec::new(),
            chapters: Chapters::default(),
            unreadable: false,
        }
    }

    /// Starts with the search box and its keyboard.
    pub fn searching(keyboard: &mut Keyboard) -> Self {
        keyboard.show(Pad::Pinyin(Mode::Search));
        let mut guides = Self::new(Purpose::Read);
        guides.listing = Listing::Search;
        guides
    }

    /// Feeds what tells this page from the next.
    pub fn stands(&self, page: &mut impl Hasher) {
        (&self.listing, self.query.len(), self.chapters.page()).hash(page);
    }

    /// The guide that was asked for cannot be read.
    pub fn unreadable(&mut self) {
        self.unreadable = true;
    }

    /// Looks for what is asked now, in this catalogue and in this month (1–12).
    pub fn look_up(&mut self, catalogue: &Snapshot, month: i8, keyboard: &Keyboard) {
        let mut asked = self.asked(keyboard);
        if self.listing == Listing::Search {
            self.bundles = match asked.trim() {
                "" => Vec::new(),
                asked => catalogue.bundles_named(asked),
            };
            let found = Found::of(catalogue, month, &asked, self.bundles.is_empty());
            self.content = Content::Found(found);
        } else {
            self.bundles = catalogue.bundles();
            self.content = self.listing.content(catalogue, self.purpose);
        }
        asked.zeroize();
    }

    /// What was typed, with what is still being composed.
    fn asked(&self, keyboard: &Keyboard) -> String {
        format!("{}{}", self.query, keyboard.composing())
    }

    fn turn_to(&mut self, listing: Listing) {
        self.listing = listing;
        self.chapters = Chapters::default();
    }

    /// Takes one message; [`Self::look_up`] then searches anew.
    pub fn update(&mut self, message: Message, keyboard: &mut Keyboard) -> Option<Event> {
        self.unreadable = false;
        match message {
            Message::Way(way) => self.turn_to(Listing::Way(way)),
            Message::Theme(theme) => self.turn_to(Listing::Theme(theme)),
            Message::Department(name) => self.turn_to(Listing::Department(name)),
            Message::Letter(letter) => self.turn_to(Listing::Letter(letter)),
            Message::Bundles => self.turn_to(Listing::Bundles),
            Message::Bundle(bundle) => return Some(Event::Bundle(bundle)),
            Message::Search => {
                self.turn_to(Listing::Search);
                keyboard.show(Pad::Pinyin(Mode::Search));
            }
            Message::Key(key) => {
                match keyboard.press(key) {
                    Output::Composing | Output::Done => {}
                    Output::Insert(text) => self.query.push_str(&text),
                    Output::Backspace => {
                        self.query.pop();
                    }
                    Output::Clear => self.query.clear(),
                }
                self.chapters = Chapters::default();
            }
            Message::Open(guide) => return Some(Event::Open(guide)),
            Message::Back => match self.listing.above() {
                None => return Some(Event::Leave),
                Some(way) => {
                    keyboard.clear();
                    self.query.clear();
                    self.turn_to(Listing::Way(way));
                }
            },
            Message::Counted(pages) => self.chapters.turn.counted(pages),
            Message::Next => self.chapters.next(self.rows()),
            Message::Previous => self.chapters.back(),
        }
        None
    }

    /// How many rows the listing has, of which a chapter is drawn.
    fn rows(&self) -> usize {
        match &self.listing {
            Listing::Bundles => self.bundles.len(),
            Listing::Search => self.content.rows() + self.bundles.len(),
            _ => self.content.rows(),
        }
    }
}
