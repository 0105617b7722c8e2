//! Which list of guides is shown, and what stands in it.

use std::sync::Arc;

use jinban_api::catalogue::Theme;
use jinban_api::ids::ThemeId;

use super::Purpose;
use crate::catalogue::{GuideEntry, Handling, Hit, Snapshot};

/// Most hits that are worth paging through.
const HITS: usize = 40;

/// A way to go through all guides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// 按主题.
    Theme,
    /// 按部门.
    Department,
    /// 按拼音.
    Letter,
    /// 开店办厂: 服务对象 is 法人 or another organisation.
    Organisation,
}

impl Way {
    /// In the order they are offered.
    pub const ALL: [Self; 4] = [
        Self::Theme,
        Self::Department,
        Self::Letter,
        Self::Organisation,
    ];
}

/// What is shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Listing {
    /// Everything, in this order.
    Way(Way),
    /// Guides of a theme.
    Theme(ThemeId),
    /// Guides of a department.
    Department(Arc<str>),
    /// Guides whose name begins with this letter.
    Letter(char),
    /// 一件事一次办.
    Bundles,
    /// What is typed.
    Search,
}

impl Listing {
    /// Where 返回 leads; nothing at the beginning.
    pub(super) fn above(&self) -> Option<Way> {
        match self {
            Self::Way(Way::Theme) => None,
            Self::Department(_) => Some(Way::Department),
            Self::Letter(_) => Some(Way::Letter),
            Self::Way(_) | Self::Theme(_) | Self::Bundles | Self::Search => Some(Way::Theme),
        }
    }

    pub(super) fn content(&self, catalogue: &Snapshot, purpose: Purpose) -> Content {
        let guides = |entries: Vec<Arc<GuideEntry>>| Content::Guides(ordered(entries, purpose));
        match self {
            Self::Way(Way::Theme) => {
                let counted = |theme: &Theme| (theme.clone(), catalogue.by_theme(&theme.id).len());
                Content::Themes(catalogue.themes().iter().map(counted).collect())
            }
            Self::Way(Way::Department) => {
                let departments = catalogue.by_department().into_iter();
                let counted = departments.map(|group| (group.department, group.guides.len()));
                Content::Departments(counted.collect())
            }
            Self::Way(Way::Letter) => {
                let letters = catalogue.by_letter().into_iter();
                Content::Letters(
                    letters
                        .map(|(letter, group)| (letter, group.len()))
                        .collect(),
                )
            }
            Self::Way(Way::Organisation) => {
                guides(picked(catalogue, |guide| guide.for_organisations))
            }
            Self::Theme(theme) => guides(catalogue.by_theme(theme).to_vec()),
            Self::Department(name) => guides(picked(catalogue, |guide| guide.department == *name)),
            Self::Letter(letter) => {
                guides(catalogue.by_letter().remove(letter).unwrap_or_default())
            }
            Self::Bundles | Self::Search => Content::default(),
        }
    }
}

fn picked(catalogue: &Snapshot, keep: impl Fn(&GuideEntry) -> bool) -> Vec<Arc<GuideEntry>> {
    let entries = catalogue.entries().iter();
    entries.filter(|entry| keep(entry)).cloned().collect()
}

/// Whoever wants to file finds first what can be filed here.
fn ordered(mut guides: Vec<Arc<GuideEntry>>, purpose: Purpose) -> Vec<Arc<GuideEntry>> {
    if purpose == Purpose::File {
        guides.sort_by_key(|guide| guide.handling != Handling::Full);
    }
    guides
}

/// What stands under a listing.
pub(super) enum Content {
    /// Tiles, each with how many guides stand under it.
    Themes(Vec<(Theme, usize)>),
    /// Departments, each with how many guides it has.
    Departments(Vec<(Arc<str>, usize)>),
    /// First letters, each with how many guides begin so.
    Letters(Vec<(char, usize)>),
    /// Guides.
    Guides(Vec<Arc<GuideEntry>>),
    /// What the words typed so far lead to.
    Found(Found),
}

impl Default for Content {
    fn default() -> Self {
        Self::Guides(Vec::new())
    }
}

impl Content {
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Departments(departments) => departments.len(),
            Self::Guides(guides) => guides.len(),
            Self::Found(Found::Guides(hits)) => hits.len(),
            Self::Themes(_) | Self::Letters(_) | Self::Found(_) => 0,
        }
    }
}

/// What the words typed so far lead to.
pub(super) enum Found {
    /// Nothing was typed.
    Nothing,
    /// Guides, best first.
    Guides(Vec<Hit>),
    /// Neither a guide nor a theme service; these themes come nearest, each with how many guides it has.
    Themes(Vec<(Theme, usize)>),
}

impl Found {
    /// Looks for `asked`; `alone` when no theme service was found either.
    pub(super) fn of(catalogue: &Snapshot, month: i8, asked: &str, alone: bool) -> Self {
        if asked.trim().is_empty() {
            return Self::Nothing;
        }
        let hits = catalogue.search_in(month, asked, HITS);
        if hits.is_empty() && alone {
            let nearest = catalogue.nearest_themes(asked).into_iter();
            let counted = nearest.map(|theme| {
                let count = catalogue.by_theme(&theme.id).len();
                (theme, count)
            });
            return Self::Themes(counted.collect());
        }
        Self::Guides(hits)
    }
}
