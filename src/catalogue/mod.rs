//! The guides on this terminal: kept offline, searched as one types, brought up to date by the platform.

mod beside;
mod bundle;
mod bundled;
mod change;
mod entry;
mod feed;
mod fetch;
mod files;
mod published;
mod regions;
mod search;
mod shelf;
mod slip;
mod snapshot;
mod store;
mod sync;
mod usage;

#[cfg(test)]
mod editorial;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jinban_api::documents::Bundle;
use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;
use tokio::sync::{Mutex, watch};

pub use beside::{DocumentChange, DocumentKey};
pub use bundle::{
    BundleAnswers, BundleQuestion, Certainty, GatheredBundle, GatheredMaterial, GatheredStep,
    MaterialNote, QuestionKey, bundle_slip, gather, whereabouts,
};
pub use bundled::{Bundled, bundled, write_sample_catalogue};
pub use entry::{GuideEntry, Handling};
pub use feed::{FeedDoubt, Position};
pub use fetch::SyncError;
pub use files::{CatalogueFiles, FileError, Imported};
pub use regions::{Current, Edition, Level, Region, RegionCode, RegionTree, Regions};
pub use search::{Hit, How, MatchReason};
pub use slip::{bundle_page, document_slip, guide_page, slip, with_page};
pub use snapshot::{DepartmentGuides, Snapshot};
pub use sync::{Applied, CatalogueChanges, Freshness};

use change::{Batch, Change};
use shelf::{Content, Opened, Shelf};
use store::Kept;
use usage::Usage;

/// So long after a change, what it left behind is put in order.
const TIDY_AFTER: Duration = Duration::from_secs(3);

/// A theme service 一件事, and those of the guides it names that are here.
pub type BundleGuides = (Bundle, Vec<Arc<Guide>>);

/// Why the catalogue could not be opened or changed; the text is for a technician.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The folder cannot be made or written: permissions, a full disk, a read-only file system.
    #[error("办事指南存不进 {}：{detail}。请检查磁盘空间和文件夹权限。", path.display())]
    NotWritable {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system or the database said.
        detail: String,
    },
    /// What is kept cannot be read.
    #[error("读不出 {} 里的办事指南：{detail}。重新启动终端，会自动修复。", path.display())]
    NotReadable {
        /// The folder.
        path: PathBuf,
        /// Its content is wrong; otherwise the disk or the permissions are.
        damaged: bool,
        /// What the operating system or the database said.
        detail: String,
    },
    /// The database works, but this change could not be stored. What was there before is still there.
    #[error("办事指南没有更新：{0}。原有指南不受影响，稍后会再试。")]
    NotStored(String),
}

/// How the catalogue was found when it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// There was none; the bundled sample was put in.
    Fresh,
    /// An earlier one was found in order.
    Existing,
    /// The earlier one was damaged; it was set aside and the bundled sample was put in.
    Rebuilt {
        /// Where the damaged file is now.
        set_aside: PathBuf,
        /// What was wrong with it.
        reason: String,
    },
}

/// The handle to the guides; cheap to clone.
#[derive(Clone, Debug)]
pub struct Catalogue {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    shelf: Shelf,
    opening: Opening,
    usage: Arc<Usage>,
    current: watch::Sender<Arc<Snapshot>>,
    /// Held while applying, so that two syncs cannot interleave.
    changing: Mutex<()>,
}

impl Catalogue {
    /// Opens `catalogue.db` in `dir`, making it from the bundled guides when it is not there, and setting
    /// it aside when it is damaged. Which of these it was is told by [`Catalogue::opening`]. Only what lists
    /// need is read; whole guides stay where they are until [`Catalogue::guide`] asks for one.
    ///
    /// # Errors
    /// [`CatalogueError::NotWritable`] when the folder cannot be used at all;
    /// [`Catalogue::in_memory`] still shows the bundled guides then.
    pub async fn open(dir: &Path) -> Result<Self, CatalogueError> {
        let Opened {
            shelf,
            opening,
            content,
        } = Shelf::open(dir).await?;
        Ok(match content {
            Content::Kept(kept) => Self::keeping(shelf, opening, kept),
            Content::Filled(change) => Self::filled(shelf, opening, &change),
        })
    }

    /// The guides kept in `dir` as they are now, for another program than the terminal itself: nothing is
    /// made, repaired or changed. `None` when nothing is kept there yet.
    ///
    /// # Errors
    /// [`CatalogueError::NotReadable`] when what is there is damaged or may not be read.
    pub async fn peek(dir: &Path) -> Result<Option<Self>, CatalogueError> {
        let found = Shelf::glance(dir).await?;
        Ok(found.map(|(shelf, kept)| Self::keeping(shelf, Opening::Existing, kept)))
    }

    /// The bundled guides alone, kept nowhere: for a terminal whose disk cannot be written.
    pub fn in_memory() -> Self {
        let (shelf, sample) = Shelf::in_memory();
        Self::filled(shelf, Opening::Fresh, &sample)
    }

    fn keeping(shelf: Shelf, opening: Opening, kept: Kept) -> Self {
        let usage = Arc::new(Usage::new(kept.opened));
        let snapshot = Snapshot::new(
            kept.revision,
            kept.synced_at,
            kept.themes.into(),
            kept.entries,
            kept.beside,
            Arc::clone(&usage),
        );
        Self::with(shelf, opening, usage, snapshot)
    }

    fn filled(shelf: Shelf, opening: Opening, change: &Change) -> Self {
        let usage = Arc::<Usage>::default();
        let empty = Snapshot::empty(Arc::clone(&usage));
        let snapshot = empty.after(change);
        Self::with(shelf, opening, usage, snapshot)
    }

    fn with(shelf: Shelf, opening: Opening, usage: Arc<Usage>, snapshot: Snapshot) -> Self {
        let (current, _) = watch::channel(Arc::new(snapshot));
        Self {
            inner: Arc::new(Inner {
                shelf,
                opening,
                usage,
                current,
                changing: Mutex::new(()),
            }),
        }
    }

    /// How it was found when it was opened.
    pub fn opening(&self) -> &Opening {
        &self.inner.opening
    }

    /// The guides as they are now. A snapshot never changes; keep it as long as a screen needs it.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.inner.current.borrow().clone()
    }

    /// Wakes whenever a new snapshot has replaced the last.
    pub fn watch(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.inner.current.subscribe()
    }

    /// The whole guide with this identifier, as it is now; `None` when it was withdrawn. What cannot be read
    /// because it is damaged is set aside, and the bundled guides are there until the next sync.
    ///
    /// # Errors
    /// [`CatalogueError::NotReadable`].
    pub async fn guide(&self, id: &GuideId) -> Result<Option<Arc<Guide>>, CatalogueError> {
        let found = self.inner.shelf.guide(id).await;
        if let Err(CatalogueError::NotReadable {
            damaged: true,
            detail,
            ..
        }) = &found
        {
            self.rebuild(detail.clone()).await?;
        }
        found
    }

    /// The theme service 一件事 with this identifier or name, and those of the guides it names that are here.
    ///
    /// # Errors
    /// [`CatalogueError::NotReadable`].
    pub async fn bundle(&self, wanted: &str) -> Result<Option<BundleGuides>, CatalogueError> {
        let Some(bundle) = self.snapshot().bundle(wanted) else {
            return Ok(None);
        };
        let mut guides = Vec::with_capacity(bundle.steps.len());
        for step in &bundle.steps {
            guides.extend(self.guide(&step.guide).await?);
        }
        Ok(Some((bundle, guides)))
    }

    /// Counts that somebody opened this guide here: what is used comes first among equals in a search.
    pub async fn note_opened(&self, id: &GuideId) {
        self.inner.usage.note(id);
        if let Err(error) = self.inner.shelf.note_opened(id).await {
            tracing::warn!(%error, "the use of a guide could not be counted");
        }
    }

    /// Does in the background what nobody should wait for at the start: gets the search ready, then reads the
    /// whole database and replaces it, as [`Catalogue::open`] would, should it be damaged.
    ///
    /// # Errors
    /// [`CatalogueError`] when a damaged database could not be replaced.
    pub async fn settle(&self) -> Result<Option<Opening>, CatalogueError> {
        let snapshot = self.snapshot();
        // A thread that ends early leaves the work to the first search.
        let _ = tokio::task::spawn_blocking(move || snapshot.prepare()).await;
        match self.inner.shelf.check().await {
            Some(reason) => self.rebuild(reason).await,
            None => {
                // Another program may have synced, and left its log behind.
                self.tidy().await;
                Ok(None)
            }
        }
    }

    async fn rebuild(&self, reason: String) -> Result<Option<Opening>, CatalogueError> {
        let _alone = self.inner.changing.lock().await;
        let rebuilt = self.inner.shelf.rebuild(reason).await?;
        Ok(rebuilt.map(|(opening, sample)| {
            let snapshot = self.snapshot().after(&sample);
            self.inner.current.send_replace(Arc::new(snapshot));
            opening
        }))
    }

    /// Applies what changed since [`Snapshot::revision`], completely or not at all, and publishes the new
    /// snapshot; costs what changed, not what is held. `now` is the time of the fetch and becomes the
    /// snapshot's `synced_at`.
    ///
    /// # Errors
    /// [`CatalogueError::NotStored`]; the guides are then as they were.
    pub async fn apply(
        &self,
        changes: CatalogueChanges,
        now: Timestamp,
    ) -> Result<Applied, CatalogueError> {
        self.take(changes, Batch::Since, now).await
    }

    /// Takes a complete list (everything since revision 0) in place of all that is held, even when its
    /// revision is lower; the answer to [`Applied::Older`].
    ///
    /// # Errors
    /// [`CatalogueError::NotStored`]; the guides are then as they were.
    pub async fn replace(
        &self,
        everything: CatalogueChanges,
        now: Timestamp,
    ) -> Result<Applied, CatalogueError> {
        self.take(everything, Batch::Everything, now).await
    }

    async fn take(
        &self,
        changes: CatalogueChanges,
        batch: Batch,
        now: Timestamp,
    ) -> Result<Applied, CatalogueError> {
        let _alone = self.inner.changing.lock().await;
        let before = self.snapshot();
        let (change, applied) = match Change::of(&before, changes, batch, now) {
            Ok(change) => change,
            Err(older) => return Ok(older),
        };
        self.inner.shelf.apply(&change).await?;
        // Off the async threads: a large batch is indexed whole.
        let snapshot = tokio::task::spawn_blocking(move || {
            let after = before.after(&change);
            after.prepare();
            after
        });
        let snapshot = snapshot
            .await
            .map_err(|error| CatalogueError::NotStored(error.to_string()))?;
        self.inner.current.send_replace(Arc::new(snapshot));
        self.tidy_later();
        Ok(applied)
    }

    /// What a change leaves to be put in order waits until nobody does.
    fn tidy_later(&self) {
        // Whoever lets go of the catalogue meanwhile does not have to wait either: the file is in order as it is.
        let inner = Arc::downgrade(&self.inner);
        tokio::spawn(async move {
            tokio::time::sleep(TIDY_AFTER).await;
            if let Some(inner) = inner.upgrade() {
                Self { inner }.tidy().await;
            }
        });
    }

    /// Puts small pieces of the search together, and the database's log where it belongs.
    async fn tidy(&self) {
        let _alone = self.inner.changing.lock().await;
        let before = self.snapshot();
        let tidied = tokio::task::spawn_blocking(move || before.tidied()).await;
        if let Ok(Some(tidied)) = tidied {
            // It says the same as before: nobody needs to look again.
            self.inner.current.send_if_modified(|current| {
                *current = Arc::new(tidied);
                false
            });
        }
        if let Err(error) = self.inner.shelf.tidy().await {
            tracing::warn!(%error, "the log of the guides could not be put away");
        }
    }
}

#[cfg(test)]
mod tests;
