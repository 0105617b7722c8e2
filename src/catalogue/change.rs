//! What a batch changes: worked out once, then stored and shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jinban_api::catalogue::Theme;
use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;

use super::beside::Beside;
use super::entry::GuideEntry;
use super::snapshot::Snapshot;
use super::sync::{Applied, CatalogueChanges};

/// What a batch is a list of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Batch {
    /// What changed since the revision held.
    Since,
    /// Everything there is.
    Everything,
}

/// What becomes of the guides that are held and not named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    Stay,
    Go,
}

/// A change that can be applied.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub revision: u64,
    pub synced_at: Option<Timestamp>,
    pub themes: Arc<[Theme]>,
    pub others: Others,
    /// Guides withdrawn.
    pub removed: BTreeSet<GuideId>,
    /// Guides new or in a new version, each once.
    pub upserted: Vec<Arc<Guide>>,
    /// Of each guide in `upserted`, what lists need.
    pub entries: Vec<Arc<GuideEntry>>,
    /// What stands beside the guides afterwards.
    pub beside: Arc<Beside>,
    /// What stood there before, unless all of it goes.
    pub beside_before: Option<Arc<Beside>>,
}

impl Change {
    /// Puts these guides in place of everything.
    pub(super) fn to(
        guides: Vec<Arc<Guide>>,
        themes: Vec<Theme>,
        beside: Arc<Beside>,
        revision: u64,
        synced_at: Option<Timestamp>,
    ) -> Self {
        let entries = guides.iter().map(entry).collect();
        Self {
            revision,
            synced_at,
            themes: themes.into(),
            others: Others::Go,
            removed: BTreeSet::new(),
            upserted: guides,
            entries,
            beside,
            beside_before: None,
        }
    }

    /// What `changes` do to `held`. The first batch from a platform replaces the bundled sample altogether:
    /// at revision 0 everything was asked for, so what is not in it does not exist.
    ///
    /// # Errors
    /// [`Applied::Older`] when the platform is behind what is held.
    pub(super) fn of(
        held: &Snapshot,
        changes: CatalogueChanges,
        batch: Batch,
        now: Timestamp,
    ) -> Result<(Self, Applied), Applied> {
        if batch == Batch::Since && changes.revision < held.revision() {
            return Err(Applied::Older {
                held: held.revision(),
                offered: changes.revision,
            });
        }
        let first = held.revision() == 0 && changes.revision > 0;
        let others = if first || batch == Batch::Everything {
            Others::Go
        } else {
            Others::Stay
        };
        // The last word on a guide counts, should a batch name it twice.
        let upserted: BTreeMap<GuideId, Arc<Guide>> = changes
            .upserted
            .into_iter()
            .map(|guide| (guide.id.clone(), Arc::new(guide)))
            .collect();
        let removed: BTreeSet<GuideId> = changes
            .removed
            .into_iter()
            .filter(|id| !upserted.contains_key(id))
            .collect();
        let held_and_removed = held.count_of(&removed);
        let unchanged = others == Others::Stay
            && upserted.is_empty()
            && held_and_removed == 0
            && changes.themes == held.themes()
            && changes.documents.is_empty();
        let applied = if unchanged {
            Applied::Unchanged
        } else {
            Applied::Changed {
                revision: changes.revision,
                upserted: upserted.len(),
                removed: held_and_removed,
            }
        };
        let upserted: Vec<Arc<Guide>> = upserted.into_values().collect();
        let beside_before = (others == Others::Stay).then(|| Arc::clone(&held.beside));
        let beside = beside_before.as_deref().cloned().unwrap_or_default();
        let beside = Arc::new(beside.after(changes.documents, changes.position));
        let change = Self {
            revision: changes.revision,
            synced_at: Some(now),
            themes: changes.themes.into(),
            others,
            removed,
            entries: upserted.iter().map(entry).collect(),
            upserted,
            beside,
            beside_before,
        };
        Ok((change, applied))
    }
}

fn entry(guide: &Arc<Guide>) -> Arc<GuideEntry> {
    Arc::new(GuideEntry::from(&**guide))
}
