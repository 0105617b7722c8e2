//! Search as one types: by characters, pinyin, initials or a mixture, in official or in plain words, forgiving
//! small mistakes.
//!
//! A query is taken apart into pieces ([`token`]), and understood: which phrases of the lexicon stand in it, what
//! is to be done, what says nothing ([`query`]). A compact index in memory ([`segment`]) gives the likeliest guides;
//! those are looked at closely ([`judge`], [`score`]).
//!
//! SQLite's FTS5 stands beside it in `benches/search.rs`, with neighbouring characters as tokens: it is no slower, but
//! it can weigh neither runs nor sounds nor meanings, so that all of this would still have to be done after it.

mod heard;
mod index;
mod judge;
mod lexicon;
mod named;
mod query;
mod score;
mod segment;
mod sound;
mod text;
mod token;
mod wanted;
mod weights;

use std::sync::Arc;

use super::entry::GuideEntry;
use super::usage::Usage;

pub(super) use index::Index;
pub(super) use named::says;

/// A guide that fits the query, and why.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The guide.
    pub guide: Arc<GuideEntry>,
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
    /// A colloquial word that the platform gave it: 也叫“老年证”.
    Alias(String),
    /// A colloquial word that the lexicon knows.
    Word {
        /// As people say it: 砍树.
        said: String,
        /// As official names say it: 林木采伐.
        means: String,
    },
    /// An item code that begins so.
    Code(String),
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
    /// The same or nearly the same sound written with other characters.
    SameSound,
    /// Overlap of neighbouring characters.
    Overlap,
}

/// What besides the words decides the order.
pub(super) struct Occasion<'a> {
    /// The month (1–12), for what is in season.
    pub month: Option<i8>,
    /// How often each guide was opened at this terminal.
    pub usage: &'a Usage,
}

#[cfg(test)]
mod tests;
