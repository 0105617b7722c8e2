//! What the handles and the background tasks of filing share, and what is settled at the start.

use std::collections::HashSet;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::{Notify, broadcast, watch};
use ulid::Ulid;

use super::content;
use super::draft::Draft;
use super::error::{FilingError, StoreError, SubmitError};
use super::service::FilingConfig;
use super::state::Occurrence;
use super::store::{Filer, NewCase, Store};
use super::view::{FilingEvent, OutboxSummary, QueuedCase, SendFailure};
use crate::clock::Clock;
use crate::platform::PlatformClient;
use crate::vault::Vault;

/// Events a slow listener may lag behind before it must look again for itself.
const EVENTS: usize = 256;
/// Between two looks for drafts that are too old.
const PURGE_EVERY: Duration = Duration::from_hours(1);

/// What the handles and the background tasks share.
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) client: PlatformClient,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) config: FilingConfig,
    pub(super) wake: Notify,
    pub(super) vault: Arc<Vault>,
    pub(super) events: broadcast::Sender<FilingEvent>,
    pub(super) summary: watch::Sender<OutboxSummary>,
    /// Drafts thrown away since the start; a save that was under way must not bring one back.
    discarded: Mutex<HashSet<Ulid>>,
    /// Held for as long as the store is open.
    _lock: File,
}

impl Shared {
    /// Opens the store for this program alone, and settles what a power cut left undone.
    pub(super) async fn open(
        config: FilingConfig,
        vault: Arc<Vault>,
        client: PlatformClient,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, FilingError> {
        std::fs::create_dir_all(&config.data_dir)?;
        let lock = lock(&config.data_dir.join("filing.lock"))?;
        let store = Store::open(&config.data_dir, Arc::clone(&vault)).await?;
        let shared = Self {
            store,
            client,
            clock,
            config,
            wake: Notify::new(),
            vault,
            events: broadcast::Sender::new(EVENTS),
            summary: watch::Sender::new(OutboxSummary::default()),
            discarded: Mutex::new(HashSet::new()),
            _lock: lock,
        };
        shared.settle().await?;
        shared.refresh_summary().await;
        Ok(shared)
    }

    pub(super) async fn submit(&self, draft: &Draft) -> Result<QueuedCase, SubmitError> {
        let sealed = content::seal(draft, &self.vault, self.client.keyset())?;
        let filer = Filer {
            village: &self.config.village,
            now: self.clock.now(),
            clock_trusted: self.clock.trusted(),
        };
        Ok(self
            .store
            .queue(
                NewCase {
                    draft,
                    sealed: &sealed,
                },
                filer,
            )
            .await?)
    }

    /// What a power cut left undone.
    async fn settle(&self) -> Result<(), StoreError> {
        for key in self.store.interrupted().await? {
            self.store
                .happen(
                    key,
                    Occurrence::AttemptFailed,
                    Some(SendFailure::Interrupted),
                    None,
                )
                .await?;
        }
        self.put_back_technicians().await?;
        self.store.settle_prints().await?;
        self.purge_drafts().await
    }

    pub(super) async fn put_back_technicians(&self) -> Result<(), StoreError> {
        for key in self.store.waiting_for_technician().await? {
            self.store
                .happen(key, Occurrence::PutBack, None, None)
                .await?;
        }
        Ok(())
    }

    async fn purge_drafts(&self) -> Result<(), StoreError> {
        let keep = SignedDuration::try_from(self.config.draft_keep).unwrap_or(SignedDuration::MAX);
        let purged = self.store.purge_drafts(self.clock.now(), keep).await?;
        if purged > 0 {
            tracing::info!(purged, "old drafts were thrown away");
        }
        Ok(())
    }

    /// Tells whoever listens; the summary already agrees with the event when it comes.
    pub(super) async fn announce(&self, event: FilingEvent) {
        if let Some(event) = event.for_audit() {
            self.config.audit.note(event);
        }
        self.refresh_summary().await;
        // Nobody listening is fine.
        let _ = self.events.send(event);
    }

    pub(super) fn note_error(&self, failure: Option<SendFailure>) {
        self.summary
            .send_modify(|summary| summary.last_error = failure);
    }

    pub(super) async fn refresh_summary(&self) {
        if let Some(counts) = logged(self.store.counts().await) {
            self.summary.send_if_modified(|summary| {
                let next = OutboxSummary {
                    last_error: summary.last_error,
                    ..counts
                };
                std::mem::replace(summary, next) != next
            });
        }
    }

    pub(super) fn discarded(&self) -> MutexGuard<'_, HashSet<Ulid>> {
        self.discarded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Throws old drafts away, for as long as the terminal runs.
pub(super) async fn purge(shared: Arc<Shared>) {
    loop {
        tokio::time::sleep(PURGE_EVERY).await;
        logged(shared.purge_drafts().await);
    }
}

/// For questions whose answer may be "nothing": the reason goes to the log.
pub(super) fn logged<T>(result: Result<T, StoreError>) -> Option<T> {
    result
        .inspect_err(|error| tracing::error!(%error, "the store of cases did not answer"))
        .ok()
}

/// One program at a time: two senders would race.
fn lock(path: &Path) -> Result<File, FilingError> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(FilingError::InUse(path.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}
