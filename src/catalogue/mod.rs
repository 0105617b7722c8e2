//! The guides on this terminal: kept offline, searched as one types, brought up to date by the platform.

mod beside;
mod bundle;
mod bundled;
mod feed;
mod fetch;
mod files;
mod regions;
mod search;
mod slip;
mod snapshot;
mod store;
mod sync;

#[cfg(test)]
mod editorial;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Mutex, watch};

pub use beside::{Beside, DocumentChange, DocumentKey};
pub use bundle::{
    BundleAnswers, BundleQuestion, Certainty, GatheredBundle, GatheredMaterial, GatheredStep,
    QuestionKey, gather,
};
pub use bundled::bundled;
pub use feed::{FeedDoubt, Position};
pub use fetch::SyncError;
pub use files::{CatalogueFiles, FileError};
pub use regions::{Current, Edition, Level, Region, RegionTree, current};
pub use search::{Hit, How, MatchReason};
pub use slip::slip;
pub use snapshot::{Content, DepartmentGuides, Snapshot};
pub use sync::{Applied, CatalogueChanges, Freshness};

use store::{Opened, Store};
use sync::Batch;

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
    store: Option<Mutex<Store>>,
    opening: Opening,
    current: watch::Sender<Arc<Snapshot>>,
}

impl Catalogue {
    /// Opens `catalogue.db` in `dir`, making it from the bundled guides when it is not there, and setting
    /// it aside when it is damaged. Which of these it was is told by [`Catalogue::opening`].
    ///
    /// # Errors
    /// [`CatalogueError::NotWritable`] when the folder cannot be used at all;
    /// [`Catalogue::in_memory`] still shows the bundled guides then.
    pub async fn open(dir: &Path) -> Result<Self, CatalogueError> {
        let Opened {
            store,
            content,
            opening,
        } = Store::open(dir).await?;
        Ok(Self::with(
            Some(Mutex::new(store)),
            opening,
            Snapshot::new(content),
        ))
    }

    /// The guides kept in `dir` as they are now, for another program than the terminal itself: nothing is
    /// made, repaired or changed. `None` when nothing is kept there yet.
    ///
    /// # Errors
    /// [`CatalogueError::NotReadable`] when what is there is damaged or may not be read.
    pub async fn peek(dir: &Path) -> Result<Option<Snapshot>, CatalogueError> {
        Ok(store::peek(dir).await?.map(Snapshot::new))
    }

    /// The bundled guides alone, kept nowhere: for a terminal whose disk cannot be written.
    pub fn in_memory() -> Self {
        Self::with(None, Opening::Fresh, Snapshot::new(bundled()))
    }

    fn with(store: Option<Mutex<Store>>, opening: Opening, snapshot: Snapshot) -> Self {
        let (current, _) = watch::channel(Arc::new(snapshot));
        Self {
            inner: Arc::new(Inner {
                store,
                opening,
                current,
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

    /// Applies what changed since [`Snapshot::revision`], completely or not at all, and publishes the new
    /// snapshot. `now` is the time of the fetch and becomes the snapshot's `synced_at`.
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
        // Held while applying, so that two syncs cannot interleave.
        let mut store = match &self.inner.store {
            Some(store) => Some(store.lock().await),
            None => None,
        };
        let before = self.snapshot();
        let (content, applied) = sync::merge(&before, changes, batch, now);
        if let Applied::Older { .. } = applied {
            return Ok(applied);
        }
        if let Some(store) = &mut store {
            store.replace(&content, &before).await?;
        }
        if applied == Applied::Unchanged {
            let confirmed = before.confirmed(content);
            self.inner.current.send_replace(Arc::new(confirmed));
            return Ok(applied);
        }
        // The index is built off the async threads: it walks every guide.
        let snapshot = tokio::task::spawn_blocking(move || Snapshot::new(content))
            .await
            .map_err(|error| CatalogueError::NotStored(error.to_string()))?;
        self.inner.current.send_replace(Arc::new(snapshot));
        Ok(applied)
    }
}

#[cfg(test)]
mod tests;
