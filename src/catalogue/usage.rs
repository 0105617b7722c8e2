//! How often each guide was opened at this terminal: a number a guide, and nothing about anybody.

use std::collections::HashMap;
use std::sync::RwLock;

use jinban_api::ids::GuideId;

/// Shared by all snapshots of a catalogue.
#[derive(Debug, Default)]
pub(super) struct Usage(RwLock<HashMap<GuideId, u32>>);

impl Usage {
    pub(super) fn new(opened: HashMap<GuideId, u32>) -> Self {
        Self(RwLock::new(opened))
    }

    /// Counts one more.
    pub(super) fn note(&self, id: &GuideId) {
        // A panic elsewhere cannot leave a number half counted: go on with what is there.
        let mut opened = self
            .0
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let count = opened.entry(id.clone()).or_default();
        *count = count.saturating_add(1);
    }

    pub(super) fn of(&self, id: &GuideId) -> u32 {
        let opened = self
            .0
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        opened.get(id).copied().unwrap_or_default()
    }
}
