//! What a fetched batch of changes makes of the guides, and how fresh the result is.

use jiff::Timestamp;

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
