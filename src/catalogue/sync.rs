//! What a fetched batch of changes makes of the guides, and how fresh the result is.

use jiff::Timestamp;
use jinban_api::catalogue::Theme;
use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;

use super::beside::DocumentChange;
use super::feed::Position;

/// What changed between two revisions, or, when everything was asked for, everything there is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CatalogueChanges {
    /// The catalogue's revision after these changes.
    pub revision: u64,
    /// Guides that are new or have a new version.
    pub upserted: Vec<Guide>,
    /// Guides that were withdrawn.
    pub removed: Vec<GuideId>,
    /// Theme tiles in the order they are shown; the whole list each time.
    pub themes: Vec<Theme>,
    /// What changed beside the guides.
    pub documents: Vec<DocumentChange>,
    /// Where in the feed this leads, when it came from one.
    pub position: Option<Position>,
}

/// What applying a batch did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The guides are now at this revision.
    Changed {
        /// The revision reached.
        revision: u64,
        /// Guides new or in a new version.
        upserted: usize,
        /// Guides taken away.
        removed: usize,
    },
    /// Nothing was new; only the time of the last sync moved.
    Unchanged,
    /// The platform is behind what is held here, so it was set up anew: nothing was touched. Ask it for
    /// everything since revision 0 and hand that to [`super::Catalogue::replace`].
    Older {
        /// What is held here.
        held: u64,
        /// What the platform offered.
        offered: u64,
    },
}

/// How far what is shown may be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Only the bundled sample: the platform was never reached.
    NeverSynced,
    /// Synced within the allowed time.
    Fresh {
        /// Of the last sync.
        synced_at: Timestamp,
    },
    /// Too long ago: the guide must say 最近更新于…，请以窗口为准.
    Stale {
        /// Of the last sync.
        synced_at: Timestamp,
        /// Whole days since.
        days: u32,
    },
}

impl Freshness {
    /// When it was last confirmed, if that is too long ago.
    pub fn stale_since(self) -> Option<Timestamp> {
        match self {
            Self::Stale { synced_at, .. } => Some(synced_at),
            Self::NeverSynced | Self::Fresh { .. } => None,
        }
    }

    pub(super) fn of(synced_at: Option<Timestamp>, now: Timestamp, stale_after_days: u32) -> Self {
        let Some(synced_at) = synced_at else {
            return Self::NeverSynced;
        };
        // A clock that was set back must not make old guides look new for ever, nor panic.
        let seconds = now.as_second().saturating_sub(synced_at.as_second()).max(0);
        let days = u32::try_from(seconds / 86_400).unwrap_or(u32::MAX);
        if days > stale_after_days {
            Self::Stale { synced_at, days }
        } else {
            Self::Fresh { synced_at }
        }
    }
}
