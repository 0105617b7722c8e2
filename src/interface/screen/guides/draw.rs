//! The guides screen as it is drawn.

use std::borrow::Cow;

use iced::widget::{Row, button, column, container, row, space};
use iced::{Center, Element, Fill};
use jinban_input::Mode;

use super::listing::{Content, Found, Listing, Way};
use super::rows::{
    bundle_row, bundles_card, department_row, guide_row, letter_tile, theme_tile, why,
};
use super::{Guides, Message, Purpose};
use crate::catalogue::{Hit, Snapshot};
use crate::interface::frame::Page;
use crate::interface::input::keyboard::{Keyboard, Pad};
use crate::interface::theme::style::{self, Kind, Tone};
use crate::interface::theme::{Icon, Shape, Ui};
use crate::interface::widget::{action, badge, chapter_pager, gap, paged};

/// Theme tiles that fit beside the keyboard when nothing is found.
const NEAREST: usize = 3;

impl Guides {
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
        let under = |name: &str| t!("trail.two", first = title, second = name).into_owned();
        match &self.listing {
            Listing::Way(way) => Page::new(self.way(ui, *way)).trail(title),
            Listing::Theme(id) => {
                let mut themes = catalogue.themes().iter();
                let name = themes.find(|theme| theme.id == *id);
                let name = name.map_or("", |theme| theme.name.as_str());
                Page::new(self.named(ui, name.to_owned().into())).trail(under(name))
            }
            Listing::Department(name) => {
                Page::new(self.named(ui, Cow::Borrowed(name))).trail(under(name))
            }
            Listing::Letter(letter) => {
                let name = t!("guides.letter", letter = letter);
                Page::new(self.named(ui, name.clone())).trail(under(&name))
            }
            Listing::Bundles => {
                let name = t!("bundle.title");
                Page::new(self.named(ui, t!("bundle.which"))).trail(under(&name))
            }
            Listing::Search => Page::new(self.search(ui, keyboard, hotline))
                .trail(t!("guides.search"))
                .keyboard(Some(
                    keyboard
                        .view(ui, Pad::Pinyin(Mode::Search))
                        .map(Message::Key),
                )),
        }
        .back(Message::Back)
    }

    /// Everything, one way or another.
    fn way<'a>(&'a self, ui: &Ui, way: Way) -> Element<'a, Message> {
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
        let ways = Way::ALL.map(|each| {
            let kind = if each == way {
                Kind::Chosen
            } else {
                Kind::Secondary
            };
            let words = match each {
                Way::Theme => t!("guides.by_theme"),
                Way::Department => t!("guides.by_department"),
                Way::Letter => t!("guides.by_letter"),
                Way::Organisation => t!("guides.for_organisations"),
            };
            action(ui, kind, words, Some(Message::Way(each)))
                .height(ui.text_mm(20.0))
                .width(Fill)
                .into()
        });
        column![
            ui.title(match self.purpose {
                Purpose::Read => t!("guides.which"),
                Purpose::File => t!("guides.which_file"),
            }),
            gap(ui, 1.0),
        ]
        .push(self.sorry(ui))
        .push(search)
        .push(Row::with_children(ways).spacing(ui.mm(4.0)))
        .push(self.list(ui))
        .spacing(ui.gap())
        .height(Fill)
        .into()
    }

    /// A list under its name.
    fn named<'a>(&'a self, ui: &Ui, name: Cow<'a, str>) -> Element<'a, Message> {
        column![ui.title(name)]
            .push(self.sorry(ui))
            .push(self.list(ui))
            .spacing(ui.gap())
            .into()
    }

    fn search<'a>(
        &'a self,
        ui: &Ui,
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
        let below: Element<'a, Message> = match &self.content {
            Content::Found(Found::Nothing) => {
                ui.body(t!("guides.examples")).color(p.text_soft).into()
            }
            Content::Found(Found::Themes(themes)) => {
                let nearest = themes.iter().take(NEAREST);
                let tiles = nearest.map(|(theme, count)| theme_tile(ui, theme, *count));
                column![
                    ui.heading(t!("guides.none")),
                    ui.body(t!("guides.none_now", number = hotline))
                        .color(p.text_soft),
                    Row::with_children(tiles).spacing(ui.gap()),
                ]
                .spacing(ui.tight())
                .into()
            }
            _ => self.list(ui),
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

    /// The rows of this chapter, or the tiles, with the pager under them.
    fn list<'a>(&'a self, ui: &Ui) -> Element<'a, Message> {
        let wide = ui.shape() == Shape::Landscape;
        let (rows, columns, spacing) = match &self.content {
            Content::Themes(themes) => {
                let mut rows = Vec::new();
                if !self.bundles.is_empty() {
                    rows.push(bundles_card(ui, &self.bundles));
                }
                let tiles = themes
                    .iter()
                    .map(|(theme, count)| theme_tile(ui, theme, *count));
                rows.extend(in_lines(ui, tiles.collect(), if wide { 6 } else { 3 }));
                (rows, 1, ui.gap())
            }
            Content::Letters(letters) => {
                let tiles = letters
                    .iter()
                    .map(|(letter, count)| letter_tile(ui, *letter, *count));
                let rows = in_lines(ui, tiles.collect(), if wide { 9 } else { 5 });
                (rows, 1, ui.gap())
            }
            _ => {
                let beside = wide && self.listing != Listing::Search;
                (self.chapter(ui), 1 + usize::from(beside), ui.mm(3.0))
            }
        };
        let list = paged(rows, self.chapters.turn, columns, spacing, Message::Counted);
        column![container(list).height(Fill)]
            .push(chapter_pager(
                ui,
                &self.chapters,
                self.rows(),
                Message::Previous,
                Message::Next,
            ))
            .spacing(ui.mm(3.0))
            .height(Fill)
            .into()
    }

    fn chapter<'a>(&'a self, ui: &Ui) -> Vec<Element<'a, Message>> {
        let shown = self.chapters.children(self.rows());
        match &self.content {
            _ if self.listing == Listing::Bundles => self.bundles[shown]
                .iter()
                .map(|bundle| bundle_row(ui, bundle, false))
                .collect(),
            Content::Departments(departments) => departments[shown]
                .iter()
                .map(|(name, count)| department_row(ui, name, *count))
                .collect(),
            Content::Guides(guides) => guides[shown]
                .iter()
                .map(|guide| guide_row(ui, guide, None))
                .collect(),
            // Never more than one chapter: a search keeps its best hits only.
            Content::Found(Found::Guides(hits)) => {
                let bundles = self.bundles.iter();
                let bundles = bundles.map(|bundle| bundle_row(ui, bundle, true));
                let hits = hits
                    .iter()
                    .map(|Hit { guide, reason, .. }| guide_row(ui, guide, Some(why(reason))));
                bundles.chain(hits).collect()
            }
            Content::Themes(_) | Content::Letters(_) | Content::Found(_) => Vec::new(),
        }
    }
}

/// Tiles in lines of `columns`, the last one filled up with nothing.
fn in_lines<'a>(
    ui: &Ui,
    tiles: Vec<Element<'a, Message>>,
    columns: usize,
) -> Vec<Element<'a, Message>> {
    let mut lines = Vec::new();
    let mut tiles = tiles.into_iter().peekable();
    while tiles.peek().is_some() {
        let mut line: Vec<_> = tiles.by_ref().take(columns).collect();
        line.resize_with(columns, || space().width(Fill).into());
        lines.push(Row::with_children(line).spacing(ui.gap()).into());
    }
    lines
}
