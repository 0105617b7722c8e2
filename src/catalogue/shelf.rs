//! Where the whole guides are: on disk, fetched one at a time; or in memory, where no disk can be written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;
use tokio::sync::Mutex;

use super::bundled::bundled;
use super::change::{Change, Others};
use super::store::{self, Kept, Reader, Unusable, Writer};
use super::{CatalogueError, Opening};

/// The guides of one catalogue.
#[derive(Debug)]
pub(super) enum Shelf {
    /// In a database. While a damaged one is being replaced there is no connection.
    Disk {
        dir: PathBuf,
        writer: Mutex<Option<Writer>>,
        reader: Mutex<Option<Reader>>,
    },
    /// In the database of a terminal, looked at from outside.
    Glance { dir: PathBuf, reader: Mutex<Reader> },
    /// In memory alone.
    Memory(RwLock<BTreeMap<GuideId, Arc<Guide>>>),
}

/// A shelf just opened.
pub(super) struct Opened {
    pub shelf: Shelf,
    pub opening: Opening,
    /// What is on it; for one just filled, the change that filled it.
    pub content: Content,
}

/// What was on a shelf, or was just put there.
pub(super) enum Content {
    Kept(Kept),
    Filled(Change),
}

impl Shelf {
    /// Opens, makes or rebuilds the database in `dir`.
    pub(super) async fn open(dir: &Path) -> Result<Opened, CatalogueError> {
        std::fs::create_dir_all(dir).map_err(|error| not_writable(dir, error))?;
        let existed = store::exists(dir);
        let (connections, kept, opening) = match store::open(dir).await {
            Ok((writer, reader, Some(kept))) => ((writer, reader), Some(kept), Opening::Existing),
            Ok((writer, reader, None)) => ((writer, reader), None, Opening::Fresh),
            Err(Unusable::Damaged(reason)) if existed => {
                let (connections, opening) = anew(dir, reason).await?;
                (connections, None, opening)
            }
            Err(unusable) => return Err(not_writable(dir, unusable.into_detail())),
        };
        let shelf = Self::Disk {
            dir: dir.to_owned(),
            writer: Mutex::new(Some(connections.0)),
            reader: Mutex::new(Some(connections.1)),
        };
        let content = match kept {
            Some(kept) => Content::Kept(kept),
            None => Content::Filled(shelf.fill().await?),
        };
        Ok(Opened {
            shelf,
            opening,
            content,
        })
    }

    /// The database in `dir` as it is; none when there is none, or it was never filled.
    pub(super) async fn glance(dir: &Path) -> Result<Option<(Self, Kept)>, CatalogueError> {
        if !store::exists(dir) {
            return Ok(None);
        }
        let (reader, kept) = store::look_at(dir)
            .await
            .map_err(|unusable| not_readable(dir, unusable))?;
        Ok(kept.map(|kept| {
            let shelf = Self::Glance {
                dir: dir.to_owned(),
                reader: Mutex::new(reader),
            };
            (shelf, kept)
        }))
    }

    /// The bundled guides, kept nowhere; with the change that puts them there.
    pub(super) fn in_memory() -> (Self, Change) {
        let sample = sample();
        let guides = (sample.upserted.iter())
            .map(|guide| (guide.id.clone(), Arc::clone(guide)))
            .collect();
        (Self::Memory(RwLock::new(guides)), sample)
    }

    async fn fill(&self) -> Result<Change, CatalogueError> {
        let sample = sample();
        self.apply(&sample).await?;
        Ok(sample)
    }

    /// The whole guide.
    pub(super) async fn guide(&self, id: &GuideId) -> Result<Option<Arc<Guide>>, CatalogueError> {
        let (found, dir) = match self {
            Self::Memory(guides) => {
                let guides = guides.read().unwrap_or_else(PoisonError::into_inner);
                return Ok(guides.get(id).cloned());
            }
            Self::Glance { dir, reader } => (reader.lock().await.guide(id).await, dir),
            Self::Disk { dir, reader, .. } => match &mut *reader.lock().await {
                Some(reader) => (reader.guide(id).await, dir),
                None => (Err(closed()), dir),
            },
        };
        match found {
            Ok(guide) => Ok(guide.map(Arc::new)),
            Err(unusable) => Err(not_readable(dir, unusable)),
        }
    }

    /// Makes a change, completely or not at all.
    pub(super) async fn apply(&self, change: &Change) -> Result<(), CatalogueError> {
        let not_stored = CatalogueError::NotStored;
        match self {
            Self::Memory(guides) => {
                let mut guides = guides.write().unwrap_or_else(PoisonError::into_inner);
                if change.others == Others::Go {
                    guides.clear();
                }
                guides.retain(|id, _| !change.removed.contains(id));
                for guide in &change.upserted {
                    guides.insert(guide.id.clone(), Arc::clone(guide));
                }
                Ok(())
            }
            Self::Glance { .. } => Err(not_stored("opened for reading only".to_owned())),
            Self::Disk { writer, .. } => match &mut *writer.lock().await {
                Some(writer) => {
                    (writer.apply(change).await).map_err(|error| not_stored(error.to_string()))
                }
                None => Err(not_stored(closed().into_detail())),
            },
        }
    }

    /// Puts in order what earlier changes left behind.
    pub(super) async fn tidy(&self) -> Result<(), sqlx::Error> {
        if let Self::Disk { writer, .. } = self
            && let Some(writer) = &mut *writer.lock().await
        {
            return writer.tidy().await;
        }
        Ok(())
    }

    /// Counts one more opening of a guide, where that can be kept.
    pub(super) async fn note_opened(&self, id: &GuideId) -> Result<(), sqlx::Error> {
        if let Self::Disk { writer, .. } = self
            && let Some(writer) = &mut *writer.lock().await
        {
            return writer.note_opened(id).await;
        }
        Ok(())
    }

    /// Reads the whole database; what is wrong with it, if anything.
    pub(super) async fn check(&self) -> Option<String> {
        let Self::Disk { reader, .. } = self else {
            return None;
        };
        let verdict = match &mut *reader.lock().await {
            Some(reader) => reader.check().await,
            None => Ok(()),
        };
        match verdict {
            Err(Unusable::Damaged(reason)) => Some(reason),
            Err(Unusable::Environment(reason)) => {
                tracing::warn!(reason, "the catalogue database could not be checked");
                None
            }
            Ok(()) => None,
        }
    }

    /// Sets a damaged database aside and makes a new one with the bundled guides. A shelf without a
    /// database of its own stays as it is.
    pub(super) async fn rebuild(
        &self,
        reason: String,
    ) -> Result<Option<(Opening, Change)>, CatalogueError> {
        let Self::Disk {
            dir,
            writer,
            reader,
        } = self
        else {
            return Ok(None);
        };
        let opening = {
            let (mut writer, mut reader) = (writer.lock().await, reader.lock().await);
            if let Some(reader) = reader.take() {
                reader.close().await;
            }
            if let Some(writer) = writer.take() {
                writer.close().await;
            }
            let (connections, opening) = anew(dir, reason).await?;
            *writer = Some(connections.0);
            *reader = Some(connections.1);
            opening
        };
        Ok(Some((opening, self.fill().await?)))
    }

    /// Lets go of the file; only tests need to touch it afterwards.
    #[cfg(test)]
    pub(super) async fn close(&self) {
        if let Self::Disk { writer, reader, .. } = self {
            if let Some(reader) = reader.lock().await.take() {
                reader.close().await;
            }
            if let Some(writer) = writer.lock().await.take() {
                writer.close().await;
            }
        }
    }
}

fn sample() -> Change {
    let sample = bundled();
    Change::to(sample.guides, sample.themes, sample.beside, 0, None)
}

/// Sets aside what is in `dir` and opens a new, empty database.
async fn anew(dir: &Path, reason: String) -> Result<((Writer, Reader), Opening), CatalogueError> {
    let set_aside = store::set_aside(dir).map_err(|error| not_writable(dir, error))?;
    tracing::warn!(reason, set_aside = %set_aside.display(), "catalogue database rebuilt");
    let (writer, reader, _) = store::open(dir)
        .await
        .map_err(|unusable| not_writable(dir, unusable.into_detail()))?;
    Ok(((writer, reader), Opening::Rebuilt { set_aside, reason }))
}

fn closed() -> Unusable {
    Unusable::Environment("the database is being rebuilt".to_owned())
}

fn not_writable(dir: &Path, detail: impl std::fmt::Display) -> CatalogueError {
    CatalogueError::NotWritable {
        path: dir.to_owned(),
        detail: detail.to_string(),
    }
}

fn not_readable(dir: &Path, unusable: Unusable) -> CatalogueError {
    CatalogueError::NotReadable {
        path: dir.to_owned(),
        damaged: matches!(unusable, Unusable::Damaged(_)),
        detail: unusable.into_detail(),
    }
}
