//! One unchanging view of all guides, with everything a list or a search asks of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jinban_api::catalogue::Theme;
use jinban_api::ids::{GuideId, ThemeId};
use pinyin::ToPinyin;

use super::beside::Beside;
use super::change::{Change, Others};
use super::entry::{GuideEntry, Handling};
use super::search::{Hit, Index, Occasion};
use super::sync::Freshness;
use super::usage::Usage;

/// The guides as they were at one revision.
pub struct Snapshot {
    revision: u64,
    synced_at: Option<Timestamp>,
    themes: Arc<[Theme]>,
    lists: Arc<Lists>,
    /// What stands beside the guides.
    pub(super) beside: Arc<Beside>,
    usage: Arc<Usage>,
}

/// The guides in order; what takes time to work out is worked out when it is first asked for.
#[derive(Default)]
struct Lists {
    /// Ordered by the pinyin of the name people use.
    entries: Vec<Arc<GuideEntry>>,
    by_theme: OnceLock<BTreeMap<ThemeId, Vec<Arc<GuideEntry>>>>,
    index: OnceLock<Index>,
}

impl fmt::Debug for Snapshot {
    /// Only what tells one snapshot from another: the whole of it fills pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("revision", &self.revision)
            .field("synced_at", &self.synced_at)
            .field("guides", &self.entries().len())
            .finish_non_exhaustive()
    }
}

/// A department with its guides.
#[derive(Clone, Debug)]
pub struct DepartmentGuides {
    /// Full name of the department.
    pub department: Arc<str>,
    /// Its guides, in the order of their pinyin.
    pub guides: Vec<Arc<GuideEntry>>,
}

impl Snapshot {
    pub(super) fn new(
        revision: u64,
        synced_at: Option<Timestamp>,
        themes: Arc<[Theme]>,
        entries: Vec<Arc<GuideEntry>>,
        beside: Arc<Beside>,
        usage: Arc<Usage>,
    ) -> Self {
        Self {
            revision,
            synced_at,
            themes,
            lists: Arc::new(Lists::of(entries)),
            beside,
            usage,
        }
    }

    /// Before anything was put in.
    pub(super) fn empty(usage: Arc<Usage>) -> Self {
        Self::new(0, None, Arc::default(), Vec::new(), Arc::default(), usage)
    }

    /// The snapshot after a change; what did not change is shared with this one.
    pub(super) fn after(&self, change: &Change) -> Self {
        let same = change.others == Others::Stay
            && change.entries.is_empty()
            && self.count_of(&change.removed) == 0;
        let lists = match change.others {
            _ if same => Arc::clone(&self.lists),
            Others::Stay => Arc::new(self.lists.after(change)),
            Others::Go => Arc::new(Lists::of(change.entries.clone())),
        };
        Self {
            revision: change.revision,
            synced_at: change.synced_at,
            themes: Arc::clone(&change.themes),
            lists,
            beside: Arc::clone(&change.beside),
            usage: Arc::clone(&self.usage),
        }
    }

    /// Revision of the platform's catalogue; 0 is the bundled sample.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// When the platform last answered; `None` before the first sync.
    pub fn synced_at(&self) -> Option<Timestamp> {
        self.synced_at
    }

    /// Whether what is shown may still be relied on; see [`Freshness`].
    pub fn freshness(&self, now: Timestamp, stale_after_days: u32) -> Freshness {
        Freshness::of(self.synced_at, now, stale_after_days)
    }

    /// All guides, ordered by the pinyin of the name people use.
    pub fn entries(&self) -> &[Arc<GuideEntry>] {
        &self.lists.entries
    }

    /// Theme tiles in the order they are shown.
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }

    /// What lists show of the guide with this identifier.
    pub fn entry(&self, id: &GuideId) -> Option<&Arc<GuideEntry>> {
        self.entries().iter().find(|entry| entry.id == *id)
    }

    /// Guides under a theme tile, in the order of their pinyin; a slice of a list that is ready before the
    /// snapshot is shown.
    pub fn by_theme(&self, theme: &ThemeId) -> &[Arc<GuideEntry>] {
        let by_theme = self.lists.by_theme();
        by_theme.get(theme).map_or(&[], Vec::as_slice)
    }

    /// All guides by department, departments ordered by how many guides they have.
    pub fn by_department(&self) -> Vec<DepartmentGuides> {
        let mut groups: BTreeMap<&Arc<str>, Vec<Arc<GuideEntry>>> = BTreeMap::new();
        for entry in self.entries() {
            let group = groups.entry(&entry.department).or_default();
            group.push(Arc::clone(entry));
        }
        let mut groups: Vec<_> = groups
            .into_iter()
            .map(|(department, guides)| DepartmentGuides {
                department: Arc::clone(department),
                guides,
            })
            .collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.guides.len()));
        groups
    }

    /// Guides by the first letter of their pinyin, A–Z; what has no letter stands under `#`.
    pub fn by_letter(&self) -> BTreeMap<char, Vec<Arc<GuideEntry>>> {
        let mut groups: BTreeMap<char, Vec<Arc<GuideEntry>>> = BTreeMap::new();
        for entry in self.entries() {
            let first = entry.display_name().chars().next();
            let letter = (first.and_then(|first| sound(first).chars().next()))
                .filter(char::is_ascii_alphabetic)
                .map_or('#', |letter| letter.to_ascii_uppercase());
            groups.entry(letter).or_default().push(Arc::clone(entry));
        }
        groups
    }

    /// Guides that can be filled in here: from beginning to end, or prepared before going somewhere.
    pub fn fileable(&self) -> Vec<Arc<GuideEntry>> {
        self.select(|entry| entry.fileable)
    }

    /// Guides that people come for in this month (1–12), those with a deadline first.
    pub fn seasonal(&self, month: i8) -> Vec<Arc<GuideEntry>> {
        let mut guides = self.select(|entry| entry.in_season(month));
        guides.sort_by_key(|entry| {
            let badge = entry
                .season
                .as_ref()
                .and_then(|season| season.badge.as_ref());
            !badge.is_some_and(|badge| badge.contains("截止"))
        });
        guides
    }

    /// What people come for in this month (1–12), at most `limit`: what is in season first, then what can
    /// be filed here from beginning to end at any time of the year, the most opened here first.
    pub fn often(&self, month: i8, limit: usize) -> Vec<Arc<GuideEntry>> {
        let mut often = self.seasonal(month);
        if often.len() < limit {
            let mut rest = self.select(|entry| {
                entry.fileable && entry.handling == Handling::Full && entry.season.is_none()
            });
            rest.sort_by_key(|entry| std::cmp::Reverse(self.usage.of(&entry.id)));
            often.extend(rest);
        }
        often.truncate(limit);
        often
    }

    /// Guides that fit what was typed so far, best first; empty for an empty query.
    pub fn search(&self, words: &str, limit: usize) -> Vec<Hit> {
        self.index().search(words, limit, &self.occasion(None))
    }

    /// The same; among guides that fit equally, those in season in this month (1–12) first.
    pub fn search_in(&self, month: i8, words: &str, limit: usize) -> Vec<Hit> {
        self.index()
            .search(words, limit, &self.occasion(Some(month)))
    }

    /// The themes that come nearest to words that found nothing; all of them when none does.
    pub fn nearest_themes(&self, words: &str) -> Vec<Theme> {
        let mut near: Vec<&ThemeId> = Vec::new();
        let nearest = self.index().nearest(words);
        for theme in nearest.iter().flat_map(|entry| &entry.themes) {
            if !near.contains(&theme) {
                near.push(theme);
            }
        }
        let mut themes: Vec<Theme> = near
            .into_iter()
            .filter_map(|id| self.themes.iter().find(|theme| theme.id == *id))
            .take(NEAREST)
            .cloned()
            .collect();
        if themes.is_empty() {
            themes = self.themes.to_vec();
        }
        themes
    }

    /// Builds what the first search would have to wait for.
    pub(super) fn prepare(&self) {
        self.index();
        self.lists.by_theme();
    }

    /// The same with its search in as few pieces as it should have; none when it is so already.
    pub(super) fn tidied(&self) -> Option<Self> {
        let index = self.lists.index.get()?.tidied()?;
        Some(Self {
            revision: self.revision,
            synced_at: self.synced_at,
            themes: Arc::clone(&self.themes),
            lists: Arc::new(Lists {
                entries: self.lists.entries.clone(),
                by_theme: self.lists.by_theme.clone(),
                index: OnceLock::from(index),
            }),
            beside: Arc::clone(&self.beside),
            usage: Arc::clone(&self.usage),
        })
    }

    /// How many of these are held.
    pub(super) fn count_of(&self, ids: &BTreeSet<GuideId>) -> usize {
        if ids.is_empty() {
            return 0;
        }
        let held = self
            .entries()
            .iter()
            .filter(|entry| ids.contains(&entry.id));
        held.count()
    }

    fn index(&self) -> &Index {
        self.lists
            .index
            .get_or_init(|| Index::build(self.entries()))
    }

    fn occasion(&self, month: Option<i8>) -> Occasion<'_> {
        Occasion {
            month,
            usage: &self.usage,
        }
    }

    fn select(&self, wanted: impl Fn(&GuideEntry) -> bool) -> Vec<Arc<GuideEntry>> {
        let entries = self.entries().iter();
        entries.filter(|entry| wanted(entry)).cloned().collect()
    }
}

/// How many themes are offered when nothing is found.
const NEAREST: usize = 3;

impl Lists {
    fn of(mut entries: Vec<Arc<GuideEntry>>) -> Self {
        entries.sort_by_cached_key(|entry| (place(entry), entry.id.clone()));
        Self {
            entries,
            ..Self::default()
        }
    }

    fn by_theme(&self) -> &BTreeMap<ThemeId, Vec<Arc<GuideEntry>>> {
        self.by_theme.get_or_init(|| {
            let mut by_theme: BTreeMap<ThemeId, Vec<Arc<GuideEntry>>> = BTreeMap::new();
            for entry in &self.entries {
                for theme in &entry.themes {
                    match by_theme.get_mut(theme) {
                        Some(guides) => guides.push(Arc::clone(entry)),
                        None => _ = by_theme.insert(theme.clone(), vec![Arc::clone(entry)]),
                    }
                }
            }
            by_theme
        })
    }

    /// The lists after a change. Moving pointers is cheap; working out names and indexing is not, and is done
    /// only for what is new.
    fn after(&self, change: &Change) -> Self {
        let mut gone = change.removed.clone();
        gone.extend(change.entries.iter().map(|entry| entry.id.clone()));
        let kept = self
            .entries
            .iter()
            .filter(|entry| !gone.contains(&entry.id));
        let mut entries: Vec<Arc<GuideEntry>> = kept.cloned().collect();
        let mut fresh: Vec<_> = (change.entries.iter())
            .map(|entry| ((place(entry), entry.id.clone()), Arc::clone(entry)))
            .collect();
        // From the last to the first, so that each place found stays right.
        fresh.sort_by(|(a, _), (b, _)| b.cmp(a));
        let mut places: Vec<(usize, Arc<GuideEntry>)> = Vec::with_capacity(fresh.len());
        for (key, entry) in fresh {
            let at = entries.partition_point(|held| (place(held), held.id.clone()) < key);
            places.push((at, entry));
        }
        let mut merged = Vec::with_capacity(entries.len() + places.len());
        let mut held = entries.drain(..).enumerate().peekable();
        for (at, entry) in places.into_iter().rev() {
            while let Some((_, before)) = held.next_if(|(number, _)| *number < at) {
                merged.push(before);
            }
            merged.push(entry);
        }
        merged.extend(held.map(|(_, entry)| entry));
        let index = OnceLock::new();
        if let Some(built) = self.index.get() {
            // Nothing else can have set it: it was made a line ago.
            let _ = index.set(built.after(&gone, &change.entries));
        }
        Self {
            entries: merged,
            by_theme: OnceLock::new(),
            index,
        }
    }
}

/// Where a guide stands in the order of pinyin.
fn place(entry: &GuideEntry) -> String {
    let sounds: Vec<String> = entry.display_name().chars().map(sound).collect();
    sounds.join(" ")
}

fn sound(c: char) -> String {
    c.to_pinyin()
        .map_or_else(|| c.to_lowercase().to_string(), |p| p.plain().to_owned())
}
