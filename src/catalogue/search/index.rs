//! The index over all guides, and the ranking of what it finds.

use std::collections::BTreeMap;
use std::sync::Arc;

use jinban_api::catalogue::Theme;
use jinban_api::guide::Guide;

use super::similar::{Similar, sound};
use super::text::{Found, Glyph, find, glyphs, is_latin, normalise, plain_glyphs};
use super::{Hit, How, MatchReason};

/// Longer queries say nothing more, and bound the work.
const LONGEST_QUERY: usize = 40;

/// What a searchable text is to its guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Name,
    Alias,
    Theme,
    Department,
    Text,
}

#[derive(Debug)]
struct Entry {
    guide: usize,
    kind: Kind,
    text: String,
    glyphs: Vec<Glyph>,
}

/// Built once for a snapshot; holds positions into its list of guides.
#[derive(Debug)]
pub(in crate::catalogue) struct Index {
    entries: Vec<Entry>,
    similar: Similar,
}

impl Index {
    /// Walks every guide.
    pub(in crate::catalogue) fn build(guides: &[Arc<Guide>], themes: &[Theme]) -> Self {
        let mut entries = Vec::new();
        for (at, guide) in guides.iter().enumerate() {
            let mut add = |kind, text: &str| {
                entries.push(Entry {
                    guide: at,
                    kind,
                    text: text.to_owned(),
                    // Pinyin of whole sentences finds everything: summaries are found by their characters.
                    glyphs: match kind {
                        Kind::Text => plain_glyphs(text),
                        _ => glyphs(text),
                    },
                });
            };
            add(Kind::Name, &guide.name);
            if let Some(short) = &guide.short_name {
                add(Kind::Name, short);
            }
            for alias in &guide.aliases {
                add(Kind::Alias, alias);
            }
            for theme in themes
                .iter()
                .filter(|theme| guide.themes.contains(&theme.id))
            {
                add(Kind::Theme, &theme.name);
            }
            add(Kind::Department, &guide.department.name);
            add(Kind::Text, &guide.summary);
        }
        Self {
            entries,
            similar: Similar::build(guides),
        }
    }

    /// The best hits, one for each guide, best first.
    pub(in crate::catalogue) fn search(
        &self,
        query: &str,
        limit: usize,
        guides: &[Arc<Guide>],
    ) -> Vec<Hit> {
        let mut query = normalise(query);
        query.truncate(LONGEST_QUERY);
        if query.is_empty() {
            return Vec::new();
        }
        let mut hits = self.direct(&query, None);
        if hits.is_empty() && !is_latin(&query) {
            hits = self.direct(&sound(&query), Some(How::SameSound));
        }
        if hits.is_empty() {
            hits = self.similar.search(&query);
        }
        let mut hits: Vec<_> = hits.into_iter().collect();
        hits.sort_by_key(|(at, ranked)| (std::cmp::Reverse(ranked.score), *at));
        hits.into_iter()
            .take(limit)
            .filter_map(|(at, ranked)| {
                Some(Hit {
                    guide: guides.get(at)?.clone(),
                    reason: ranked.reason,
                    how: ranked.how,
                    score: ranked.score,
                })
            })
            .collect()
    }

    fn direct(&self, query: &[char], how: Option<How>) -> BTreeMap<usize, Ranked> {
        let mut best: BTreeMap<usize, Ranked> = BTreeMap::new();
        for entry in &self.entries {
            let Some(mut ranked) = rank(entry, query) else {
                continue;
            };
            if let Some(how) = how {
                ranked.how = how;
            }
            let slot = best.entry(entry.guide);
            slot.and_modify(|held| {
                if ranked.score > held.score {
                    *held = ranked.clone();
                }
            })
            .or_insert(ranked);
        }
        best
    }
}

/// A guide's best match.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    pub reason: MatchReason,
    pub how: How,
    pub score: u32,
}

fn rank(entry: &Entry, query: &[char]) -> Option<Ranked> {
    let reason = || match entry.kind {
        Kind::Name => MatchReason::Name,
        Kind::Alias => MatchReason::Alias(entry.text.clone()),
        Kind::Theme => MatchReason::Theme(entry.text.clone()),
        Kind::Department => MatchReason::Department(entry.text.clone()),
        Kind::Text => MatchReason::Text,
    };
    if let Some(found) = find(&entry.glyphs, query)
        && allowed(entry, query, found)
    {
        return Some(Ranked {
            reason: reason(),
            how: found.how,
            score: score(entry, found),
        });
    }
    // 我要办低保: the query says more than the name does.
    let name: Vec<char> = entry.glyphs.iter().map(|glyph| glyph.character).collect();
    let said = matches!(entry.kind, Kind::Name | Kind::Alias)
        && name.len() >= 2
        && !is_latin(&name)
        && query.windows(name.len()).any(|window| window == name);
    said.then(|| Ranked {
        reason: reason(),
        how: How::Literal,
        score: 500 + 40 * name.len() as u32,
    })
}

/// Loose ways are allowed only where they are not noise: initials in names, and one letter only at a beginning.
fn allowed(entry: &Entry, query: &[char], found: Found) -> bool {
    match (entry.kind, found.how) {
        (_, How::Literal) => query.len() > 1 || entry.kind != Kind::Text,
        (Kind::Text, _) | (Kind::Department, How::Initials) => false,
        (_, How::Initials) => query.len() >= 2 || found.start == 0,
        _ => true,
    }
}

fn score(entry: &Entry, found: Found) -> u32 {
    let base = match entry.kind {
        Kind::Name => 1000,
        Kind::Alias => 950,
        Kind::Theme => 500,
        Kind::Department => 400,
        Kind::Text => 300,
    };
    let whole = found.start == 0 && found.end == entry.glyphs.len();
    let place = match (whole, found.start) {
        (true, _) => 300,
        (false, 0) => 150,
        _ => 0,
    };
    let share = 100 * (found.end - found.start) / entry.glyphs.len().max(1);
    let loose = match found.how {
        How::Literal => 0,
        How::Pinyin | How::SameSound => 50,
        How::Initials | How::Overlap => 250,
    };
    (base + place + share as u32).saturating_sub(loose)
}
