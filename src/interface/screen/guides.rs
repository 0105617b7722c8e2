//! 办事指南 / 我要办事: by theme, or by searching as one types.

mod rows;
#[cfg(test)]
mod tests;

use iced::widget::{Row, button, column, container, row, space};
use iced::{Center, Element, Fill};
use jinban_api::catalogue::Theme;
use jinban_api::documents::Bundle;
use jinban_api::ids::{BundleId, GuideId, ThemeId};
use jinban_input::Mode;
use std::hash::{Hash, Hasher};
use std::mem::discriminant;
use zeroize::Zeroize;

use crate::catalogue::{GuideEntry, Handling, Hit, Snapshot};
use crate::interface::frame::Page;
use crate::interface::input::keyboard::{Key, Keyboard, Output, Pad};
use crate::interface::theme::style::{self, Kind, Tone};
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{Turn, badge, gap, paged, pager};
use crate::session::{Belonging, BelongingKind};

use rows::{bundle_row, bundles_card, guide_row, theme_tile, why};

/// Most hits that are worth paging through.
const HITS: usize = 40;

/// Theme tiles that fit beside the keyboard when nothing is found.
const NEAREST: usize = 3;

/// Which guides are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// 办事指南: every guide.
    Read,
    /// 我要办事: those that can be filed here come first.
    File,
}

/// What is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Listing {
    Themes,
    Theme(ThemeId),
    Bundles,
    Search,
}

/// The screen.
pub struct Guides {
    purpose: Purpose,
    listing: Listing,
    query: String,
    found: Found,
    /// Theme services 一件事: those that were found, and where nothing is sought, all of them.
    bundles: Vec<Bundle>,
    turn: Turn,
    /// The guide that was tapped cannot be read.
    unreadable: bool,
}

/// What the words typed so far lead to; worked out when they change, not when they are drawn.
#[derive(Default)]
enum Found {
    /// Nothing was typed.
    #[default]
    Nothing,
    /// Guides, best first.
    Guides(Vec<Hit>),
    /// Neither a guide nor a theme service; these themes come nearest.
    Themes(Vec<Theme>),
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
    /// A theme tile.
    Theme(ThemeId),
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
    /// Feeds what tells this page from the next.
    pub fn stands(&self, page: &mut impl Hasher) {
        (
            discriminant(&self.listing),
            self.query.len(),
            self.turn.page,
        )
            .hash(page);
    }

    /// Starts with the theme tiles.
    pub fn new(purpose: Purpose) -> Self {
        Self {
            purpose,
            listing: Listing::Themes,
            query: String::new(),
            found: Found::default(),
            bundles: Vec::new(),
            turn: Turn::default(),
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

    /// The guide that was asked for cannot be read.
    pub fn unreadable(&mut self) {
        self.unreadable = true;
    }

    /// Looks for what is asked now, in this catalogue and in this month (1–12).
    pub fn look_up(&mut self, catalogue: &Snapshot, month: i8, keyboard: &Keyboard) {
        let mut asked = self.asked(keyboard);
        if self.listing != Listing::Search {
            self.found = Found::Nothing;
            self.bundles = catalogue.bundles();
        } else if asked.trim().is_empty() {
            self.found = Found::Nothing;
            self.bundles.clear();
        } else {
            self.bundles = catalogue.bundles_named(&asked);
            self.found = match catalogue.search_in(month, &asked, HITS) {
                hits if hits.is_empty() && self.bundles.is_empty() => {
                    Found::Themes(catalogue.nearest_themes(&asked))
                }
                hits => Found::Guides(hits),
            };
        }
        asked.zeroize();
    }

    /// What was typed, with what is still being composed.
    fn asked(&self, keyboard: &Keyboard) -> String {
        format!("{}{}", self.query, keyboard.composing())
    }

    /// Takes one message; [`Self::look_up`] then searches anew.
    pub fn update(&mut self, message: Message, keyboard: &mut Keyboard) -> Option<Event> {
        self.unreadable = false;
        match message {
            Message::Theme(theme) => {
                self.listing = Listing::Theme(theme);
                self.turn = Turn::default();
                None
            }
            Message::Bundles => {
                self.listing = Listing::Bundles;
                self.turn = Turn::default();
                None
            }
            Message::Bundle(bundle) => Some(Event::Bundle(bundle)),
            Message::Search => {
                self.listing = Listing::Search;
                self.turn = Turn::default();
                keyboard.show(Pad::Pinyin(Mode::Search));
                None
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
                self.turn = Turn::default();
                None
            }
            Message::Open(guide) => Some(Event::Open(guide)),
            Message::Back => match self.listing {
                Listing::Themes => Some(Event::Leave),
                Listing::Theme(_) | Listing::Bundles | Listing::Search => {
                    keyboard.clear();
                    self.query.clear();
                    self.listing = Listing::Themes;
                    self.turn = Turn::default();
                    None
                }
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
    pub fn view<'a>(
        &'a self,
        ui: &Ui,
        catalogue: &'a Snapshot,
        keyboard: &'a Keyboard,
        hotline: &'a str,
    ) -> Page<'a, Message> {
        let title = match self.purpose {
            Purpose::Read => t!("guides.title"),
            Purpose::File => t!("guides.title_file"),
        };
        match &self.listing {
            Listing::Themes => Page::new(self.themes(ui, catalogue)).trail(title),
            Listing::Theme(id) => {
                let name = catalogue
                    .themes()
                    .iter()
                    .find(|theme| theme.id == *id)
                    .map_or("", |theme| theme.name.as_str());
                let trail = t!("trail.two", first = title, second = name).into_owned();
                Page::new(self.theme(ui, catalogue, id, name.to_owned())).trail(trail)
            }
            Listing::Bundles => {
                let name = t!("bundle.title");
                let trail = t!("trail.two", first = title, second = name).into_owned();
                Page::new(self.bundles(ui)).trail(trail)
            }
            Listing::Search => Page::new(self.search(ui, catalogue, keyboard, hotline))
                .trail(t!("guides.search"))
                .keyboard(Some(
                    keyboard
                        .view(ui, Pad::Pinyin(Mode::Search))
                        .map(Message::Key),
                )),
        }
        .back(Message::Back)
    }

    fn themes<'a>(&self, ui: &Ui, catalogue: &Snapshot) -> Element<'a, Message> {
        let columns = match ui.shape() {
            Shape::Portrait => 3,
            Shape::Landscape => 6,
        };
        let mut rows: Vec<Element<'a, Message>> = Vec::new();
        if !self.bundles.is_empty() {
            rows.push(bundles_card(ui, &self.bundles));
        }
        for line in catalogue.themes().chunks(columns) {
            let mut tiles: Vec<Element<'a, Message>> = line
                .iter()
                .map(|theme| theme_tile(ui, theme, catalogue.by_theme(&theme.id).len()))
                .collect();
            while tiles.len() < columns {
                tiles.push(space().width(Fill).into());
            }
            rows.push(Row::with_children(tiles).spacing(ui.gap()).into());
        }
        let p = ui.palette();
        let search = button(
            row![
                ui.icon(Icon::Search, 11.0, p.text_soft),
                container(ui.body(t!("home.search_hint")).color(p.text_faint)).width(Fill),
                badge(ui, Tone::Primary, t!("home.search_way")),
            ]
            .spacing(ui.mm(6.0))
            .align_y(Center),
        )
        .padding([ui.mm(6.0), ui.pad()])
        .width(Fill)
        .style(style::button(ui, Kind::Secondary))
        .on_press(Message::Search);
        column![
            ui.title(match self.purpose {
                Purpose::Read => t!("guides.which"),
                Purpose::File => t!("guides.which_file"),
            }),
            gap(ui, 1.0),
        ]
        .push(self.sorry(ui))
        .push(search)
        .push(container(paged(rows, self.turn, 1, ui.gap(), Message::Counted)).height(Fill))
        .push(pager(ui, self.turn, Message::Previous, Message::Next))
        .spacing(ui.gap())
        .height(Fill)
        .into()
    }

    fn theme<'a>(
        &self,
        ui: &Ui,
        catalogue: &Snapshot,
        theme: &ThemeId,
        name: String,
    ) -> Element<'a, Message> {
        let mut guides: Vec<&GuideEntry> = (catalogue.by_theme(theme).iter())
            .map(|guide| &**guide)
            .collect();
        if self.purpose == Purpose::File {
            guides.sort_by_key(|guide| guide.handling != Handling::Full);
        }
        let rows = guides
            .into_iter()
            .map(|guide| guide_row(ui, guide, None))
            .collect();
        column![ui.title(name)]
            .push(self.sorry(ui))
            .push(self.list(ui, rows))
            .spacing(ui.gap())
            .into()
    }

    fn bundles<'a>(&'a self, ui: &Ui) -> Element<'a, Message> {
        let rows = self.bundles.iter();
        let rows = rows.map(|bundle| bundle_row(ui, bundle, false)).collect();
        column![ui.title(t!("bundle.which"))]
            .push(self.sorry(ui))
            .push(self.list(ui, rows))
            .spacing(ui.gap())
            .into()
    }

    fn search<'a>(
        &'a self,
        ui: &Ui,
        catalogue: &'a Snapshot,
        keyboard: &'a Keyboard,
        hotline: &'a str,
    ) -> Element<'a, Message> {
        let p = ui.palette();
        let composing = keyboard.composing();
        let caret = container(space())
            .width(ui.mm(0.8).max(2.0))
            .height(ui.text_mm(11.0))
            .style(style::fill(p.primary));
        let words = if self.query.is_empty() && composing.is_empty() {
            row![caret, ui.body(t!("guides.search_hint")).color(p.text_faint)]
        } else {
            row![
                ui.strong(self.query.as_str()),
                ui.body(composing).color(p.primary),
                caret
            ]
        }
        .align_y(Center);
        let field = container(
            row![ui.icon(Icon::Search, 11.0, p.primary), words]
                .spacing(ui.mm(5.0))
                .align_y(Center),
        )
        .padding([0.0, ui.pad()])
        .width(Fill)
        .center_y(ui.text_mm(27.0))
        .style(style::field(ui, true, false));
        let below: Element<'a, Message> = match &self.found {
            Found::Nothing => column![ui.body(t!("guides.examples")).color(p.text_soft)].into(),
            Found::Themes(themes) => {
                let tiles = themes.iter().take(NEAREST).map(|theme| {
                    let count = catalogue.by_theme(&theme.id).len();
                    theme_tile(ui, theme, count)
                });
                column![
                    ui.heading(t!("guides.none")),
                    ui.body(t!("guides.none_now", number = hotline))
                        .color(p.text_soft),
                    Row::with_children(tiles).spacing(ui.gap()),
                ]
                .spacing(ui.tight())
                .into()
            }
            Found::Guides(hits) => {
                let bundles = self.bundles.iter();
                let bundles = bundles.map(|bundle| bundle_row(ui, bundle, true));
                let guides = hits
                    .iter()
                    .map(|Hit { guide, reason, .. }| guide_row(ui, guide, Some(why(reason))));
                self.list(ui, bundles.chain(guides).collect())
            }
        };
        column![field]
            .push(self.sorry(ui))
            .push(below)
            .spacing(ui.gap())
            .into()
    }

    fn sorry<'a>(&self, ui: &Ui) -> Option<Element<'a, Message>> {
        self.unreadable.then(|| {
            ui.body(t!("guides.unreadable"))
                .color(ui.palette().warning)
                .into()
        })
    }

    fn list<'a>(&self, ui: &Ui, rows: Vec<Element<'a, Message>>) -> Element<'a, Message> {
        let columns = match (ui.shape(), &self.listing) {
            (Shape::Landscape, Listing::Theme(_) | Listing::Bundles) => 2,
            _ => 1,
        };
        column![
            container(paged(
                rows,
                self.turn,
                columns,
                ui.mm(3.0),
                Message::Counted
            ))
            .height(Fill),
        ]
        .push(pager(ui, self.turn, Message::Previous, Message::Next))
        .spacing(ui.mm(3.0))
        .height(Fill)
        .into()
    }
}
