//! Search as one types: by characters, pinyin, initials or a mixture, forgiving small mistakes.

mod index;
mod similar;
mod text;

use std::sync::Arc;

use jinban_api::guide::Guide;

pub(super) use index::Index;

/// A guide that fits the query, and why.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The guide.
    pub guide: Arc<Guide>,
    /// What of it matched.
    pub reason: MatchReason,
    /// How it matched.
    pub how: How,
    /// Higher is better; only comparable within one search.
    pub score: u32,
}

/// What of a guide matched; shown under a hit so that people see why it is there.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "kebab-case")]
pub enum MatchReason {
    /// The official name or the short name.
    Name,
    /// A colloquial word for it: 也叫“老年证”.
    Alias(String),
    /// The theme tile it stands under.
    Theme(String),
    /// The department that does it.
    Department(String),
    /// Its summary.
    Text,
    /// Nothing exactly; this is the nearest.
    Similar,
}

/// How the query led there, from the surest to the loosest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The very characters.
    Literal,
    /// Whole syllables of pinyin.
    Pinyin,
    /// First letters, alone or mixed with syllables and characters.
    Initials,
    /// The same sound written with other characters.
    SameSound,
    /// Overlap of neighbouring characters or letters.
    Overlap,
}

#[cfg(test)]
mod tests;
