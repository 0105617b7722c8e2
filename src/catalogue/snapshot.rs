//! One unchanging view of all guides, with everything a screen asks of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jinban_api::catalogue::Theme;
use jinban_api::guide::{Guide, TerminalHandling};
use jinban_api::ids::{GuideId, ThemeId};
use pinyin::ToPinyin;

use super::beside::Beside;
use super::search::{Hit, Index};
use super::sync::Freshness;

/// Guides and themes as stored, before they are arranged for reading.
#[derive(Clone, Debug)]
pub struct Content {
    /// Revision of the platform's catalogue; 0 is the bundled sample.
    pub revision: u64,
    /// When the platform last answered; never, for the bundled sample.
    pub synced_at: Option<Timestamp>,
    /// In no particular order.
    pub guides: Vec<Arc<Guide>>,
    /// In the order the tiles are shown.
    pub themes: Vec<Theme>,
    /// What stands beside the guides.
    pub beside: Arc<Beside>,
}

/// The guides as they were at one revision.
pub struct Snapshot {
    content: Content,
    by_id: BTreeMap<GuideId, usize>,
    index: Arc<Index>,
}

impl fmt::Debug for Snapshot {
    /// Only what tells one snapshot from another: the whole of it fills pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("revision", &self.revision())
            .field("synced_at", &self.synced_at())
            .field("guides", &self.guides().len())
            .finish_non_exhaustive()
    }
}

/// A department with its guides.
#[derive(Clone, Debug)]
pub struct DepartmentGuides {
    /// Full name of the department.
    pub department: String,
    /// Its guides, in the order of their pinyin.
    pub guides: Vec<Arc<Guide>>,
}

impl Snapshot {
    pub(super) fn new(mut content: Content) -> Self {
        content
            .guides
            .sort_by_cached_key(|guide| (pinyin_key(display_name(guide)), guide.id.clone()));
        let by_id = content
            .guides
            .iter()
            .enumerate()
            .map(|(at, guide)| (guide.id.clone(), at))
            .collect();
        let index = Arc::new(Index::build(&content.guides, &content.themes));
        Self {
            content,
            by_id,
            index,
        }
    }

    /// The same guides, confirmed anew: nothing of what takes time to arrange is arranged again.
    pub(super) fn confirmed(&self, content: Content) -> Self {
        Self {
            content: Content {
                guides: self.content.guides.clone(),
                ..content
            },
            by_id: self.by_id.clone(),
            index: Arc::clone(&self.index),
        }
    }

    /// Revision of the platform's catalogue; 0 is the bundled sample.
    pub fn revision(&self) -> u64 {
        self.content.revision
    }

    /// When the platform last answered; `None` before the first sync.
    pub fn synced_at(&self) -> Option<Timestamp> {
        self.content.synced_at
    }

    /// Whether what is shown may still be relied on; see [`Freshness`].
    pub fn freshness(&self, now: Timestamp, stale_after_days: u32) -> Freshness {
        Freshness::of(self.content.synced_at, now, stale_after_days)
    }

    /// All guides, ordered by the pinyin of the name people use.
    pub fn guides(&self) -> &[Arc<Guide>] {
        &self.content.guides
    }

    /// Theme tiles in the order they are shown.
    pub fn themes(&self) -> &[Theme] {
        &self.content.themes
    }

    /// The guide with this identifier.
    pub fn guide(&self, id: &GuideId) -> Option<Arc<Guide>> {
        self.by_id
            .get(id)
            .map(|&at| self.content.guides[at].clone())
    }

    /// Guides under a theme tile.
    pub fn by_theme(&self, theme: &ThemeId) -> Vec<Arc<Guide>> {
        self.select(|guide| guide.themes.contains(theme))
    }

    /// All guides by department, departments ordered by how many guides they have.
    pub fn by_department(&self) -> Vec<DepartmentGuides> {
        let mut groups: BTreeMap<&str, Vec<Arc<Guide>>> = BTreeMap::new();
        for guide in &self.content.guides {
            groups
                .entry(guide.department.name.as_str())
                .or_default()
                .push(guide.clone());
        }
        let mut groups: Vec<_> = groups
            .into_iter()
            .map(|(department, guides)| DepartmentGuides {
                department: department.to_owned(),
                guides,
            })
            .collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.guides.len()));
        groups
    }

    /// Guides by the first letter of their pinyin, A–Z; what has no letter stands under `#`.
    pub fn by_letter(&self) -> BTreeMap<char, Vec<Arc<Guide>>> {
        let mut groups: BTreeMap<char, Vec<Arc<Guide>>> = BTreeMap::new();
        for guide in &self.content.guides {
            let letter = pinyin_key(display_name(guide))
                .chars()
                .next()
                .filter(char::is_ascii_alphabetic)
                .map_or('#', |letter| letter.to_ascii_uppercase());
            groups.entry(letter).or_default().push(guide.clone());
        }
        groups
    }

    /// Guides that can be filled in here: from beginning to end, or prepared before going somewhere.
    pub fn fileable(&self) -> Vec<Arc<Guide>> {
        self.select(is_fileable)
    }

    /// Guides that people come for in this month (1–12), those with a deadline first.
    pub fn seasonal(&self, month: i8) -> Vec<Arc<Guide>> {
        let in_season = |guide: &Guide| {
            guide.season.as_ref().is_some_and(|season| {
                season
                    .months
                    .iter()
                    .any(|&m| i16::from(m) == i16::from(month))
            })
        };
        let mut guides = self.select(in_season);
        guides.sort_by_key(|guide| {
            let badge = guide
                .season
                .as_ref()
                .and_then(|season| season.badge.as_ref());
            !badge.is_some_and(|badge| badge.contains("截止"))
        });
        guides
    }

    /// Guides that fit what was typed so far, best first; empty for an empty query.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        self.index.search(query, limit, &self.content.guides)
    }

    pub(super) fn content(&self) -> &Content {
        &self.content
    }

    fn select(&self, wanted: impl Fn(&Guide) -> bool) -> Vec<Arc<Guide>> {
        self.content
            .guides
            .iter()
            .filter(|guide| wanted(guide))
            .cloned()
            .collect()
    }
}

/// Whether a draft can be begun at a terminal for this guide.
pub(super) fn is_fileable(guide: &Guide) -> bool {
    guide.form.is_some()
        && guide
            .handling()
            .is_some_and(|handling| !matches!(handling, TerminalHandling::GuideOnly { .. }))
}

fn display_name(guide: &Guide) -> &str {
    guide.short_name.as_deref().unwrap_or(&guide.name)
}

fn pinyin_key(name: &str) -> String {
    name.chars()
        .map(|c| {
            c.to_pinyin()
                .map_or_else(|| c.to_lowercase().to_string(), |p| p.plain().to_owned())
        })
        .collect::<Vec<_>>()
        .join(" ")
}
