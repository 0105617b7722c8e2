//! Files that the platform publishes, named by their SM3 digest: fetched when wanted, verified, kept within a budget.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use jinban_api::guide::{Attachment, Guide};
use jinban_api::ids::ContentDigest;

use super::feed::FeedDoubt;
use super::{Catalogue, CatalogueError};
use crate::platform::{PlatformClient, PlatformError};
use crate::vault::sm3_hex;

const FOLDER: &str = "catalogue-files";
/// What is kept of files in bytes, where nothing else is said.
pub const USUAL_BUDGET: u64 = 512 << 20;

/// The folder of files on a stick.
const EXPORTED: &str = "files";

/// What became of the files on a stick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Files that were not here and now are.
    pub taken: usize,
    /// Files whose content is not what their names say.
    pub spoilt: usize,
    /// Files that were too much for the budget.
    pub left_out: usize,
}

/// Why a file is not to be had now.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The platform did not give it.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// What came is not what was named.
    #[error(transparent)]
    Doubt(#[from] FeedDoubt),
    /// The disk did not take it.
    #[error("文件存不进 {}：{source}。请检查磁盘空间和文件夹权限。", path.display())]
    NotKept {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// The folder of files; cheap to clone.
#[derive(Clone, Debug)]
pub struct CatalogueFiles {
    folder: PathBuf,
    budget: u64,
    pinned: Arc<Mutex<BTreeSet<ContentDigest>>>,
}

impl CatalogueFiles {
    /// Files in `dir`, of which at most `budget` bytes are kept beside the pinned ones.
    pub fn new(dir: &Path, budget: u64) -> Self {
        Self {
            folder: dir.join(FOLDER),
            budget,
            pinned: Arc::default(),
        }
    }

    /// Names the files that are never forgotten; all others may be.
    pub fn pin(&self, files: impl IntoIterator<Item = ContentDigest>) {
        *self.pins() = files.into_iter().collect();
    }

    fn pins(&self) -> std::sync::MutexGuard<'_, BTreeSet<ContentDigest>> {
        self.pinned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A file that is here. One that was damaged on the disk is thrown away.
    pub fn get(&self, digest: &ContentDigest) -> Option<Vec<u8>> {
        let path = self.path(digest)?;
        let content = fs::read(&path).ok()?;
        if sm3_hex(&content) != digest.as_str() {
            let _ = fs::remove_file(&path);
            return None;
        }
        // The time of the last use decides what is forgotten first; a disk that does not note it is no reason to fail.
        if let Ok(file) = OpenOptions::new().append(true).open(&path) {
            let _ = file.set_modified(SystemTime::now());
        }
        Some(content)
    }

    /// A file, from here or else from the platform; it is then kept.
    pub async fn fetch(
        &self,
        platform: &PlatformClient,
        file: &Attachment,
    ) -> Result<Vec<u8>, FileError> {
        if let Some(content) = self.get(&file.digest) {
            return Ok(content);
        }
        let content = self.download(platform, &file.digest, file.length).await?;
        self.forget_least_used();
        Ok(content)
    }

    /// Downloads `digest`, going on where an earlier attempt broke off. The file stays until [`Self::forget`].
    pub(super) async fn download(
        &self,
        platform: &PlatformClient,
        digest: &ContentDigest,
        length: u64,
    ) -> Result<Vec<u8>, FileError> {
        let path = self.path(digest).ok_or(FeedDoubt::WrongContent)?;
        let part = path.with_extension("part");
        let not_kept = |source| FileError::NotKept {
            path: part.clone(),
            source,
        };
        fs::create_dir_all(&self.folder).map_err(not_kept)?;
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&part)
            .map_err(not_kept)?;
        let mut have = file.metadata().map_err(not_kept)?.len();
        if have > length {
            file.set_len(0).map_err(not_kept)?;
            have = 0;
        }
        if have < length {
            let mut trouble = None;
            let taken = platform
                .download(digest, have, length, |offset, bytes| {
                    let written = append(&mut file, offset, bytes);
                    trouble = written.err();
                    trouble.is_none()
                })
                .await;
            if let Some(source) = trouble {
                return Err(not_kept(source));
            }
            taken?;
        }
        file.sync_all().map_err(not_kept)?;
        drop(file);
        let content = fs::read(&part).map_err(not_kept)?;
        if content.len() as u64 != length || sm3_hex(&content) != digest.as_str() {
            // Nothing of it can be trusted: the next attempt begins anew.
            fs::remove_file(&part).map_err(not_kept)?;
            return Err(FeedDoubt::WrongContent.into());
        }
        fs::rename(&part, &path).map_err(not_kept)?;
        Ok(content)
    }

    /// Takes the files that `jinban-platform catalogue export` put beside the feed in `folder`, those of `first`
    /// before all others, up to the budget. A file that is not what its name says is left where it is.
    ///
    /// # Errors
    /// [`FileError::NotKept`]; what was taken before stays.
    pub fn import(&self, folder: &Path, first: &[Attachment]) -> Result<Imported, FileError> {
        let mut imported = Imported::default();
        let brought = folder.join(EXPORTED);
        let Ok(entries) = fs::read_dir(&brought) else {
            // A stick that was written without files.
            return Ok(imported);
        };
        let found = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = found.collect();
        let place = |name: &String| first.iter().position(|file| file.digest.as_str() == *name);
        names.sort_by_cached_key(|name| (place(name).unwrap_or(usize::MAX), name.clone()));
        let mut total = 0;
        for name in names {
            let digest = ContentDigest(name);
            let Some(path) = self.path(&digest) else {
                continue;
            };
            let from = brought.join(digest.as_str());
            let length = fs::metadata(&from).map_or(0, |about| about.len());
            if total + length > self.budget {
                imported.left_out += 1;
                continue;
            }
            if self.get(&digest).is_none() {
                let content = fs::read(&from).unwrap_or_default();
                if sm3_hex(&content) != digest.as_str() {
                    imported.spoilt += 1;
                    continue;
                }
                self.keep(&path, &content)?;
                imported.taken += 1;
            }
            total += length;
        }
        Ok(imported)
    }

    fn keep(&self, path: &Path, content: &[u8]) -> Result<(), FileError> {
        let part = path.with_extension("part");
        let not_kept = |source| FileError::NotKept {
            path: part.clone(),
            source,
        };
        fs::create_dir_all(&self.folder).map_err(not_kept)?;
        let mut file = File::create(&part).map_err(not_kept)?;
        file.write_all(content).map_err(not_kept)?;
        file.sync_all().map_err(not_kept)?;
        fs::rename(&part, path).map_err(not_kept)
    }

    /// Throws a file away that is of no further use.
    pub(super) fn forget(&self, digest: &ContentDigest) {
        if let Some(path) = self.path(digest) {
            let _ = fs::remove_file(path);
        }
    }

    /// Throws away what was not used for longest, until the rest fits the budget. Pinned files stay, and files
    /// that are only half here, until they have not moved for a day.
    pub fn forget_least_used(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        let mut files = Vec::new();
        for entry in entries.flatten() {
            let Ok(about) = entry.metadata() else {
                continue;
            };
            let used = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let name = entry.file_name().to_string_lossy().into_owned();
            let idle = used.elapsed().map_or(0, |idle| idle.as_secs());
            if name.contains('.') {
                // Half of a file.
                if idle > 24 * 3600 {
                    let _ = fs::remove_file(entry.path());
                }
            } else if !self.pins().contains(&ContentDigest(name)) {
                files.push((used, about.len(), entry.path()));
            }
        }
        files.sort();
        let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
        for (_, length, path) in files {
            if total <= self.budget {
                break;
            }
            if fs::remove_file(path).is_ok() {
                total -= length;
            }
        }
    }

    /// Where a file is kept; nothing for what is no digest and might lead elsewhere.
    fn path(&self, digest: &ContentDigest) -> Option<PathBuf> {
        let name = digest.as_str();
        let shape = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        shape.then(|| self.folder.join(name))
    }
}

/// Writes `bytes` at `offset`; a platform that does not resume begins at 0 again.
fn append(file: &mut File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    if file.metadata()?.len() != offset {
        file.set_len(offset)?;
    }
    file.write_all(bytes)
}

/// Every file that a guide names.
pub fn attachments(guide: &Guide) -> impl Iterator<Item = &Attachment> {
    let of_materials = guide
        .materials
        .iter()
        .flat_map(|material| [&material.blank_form, &material.sample]);
    let of_results = guide.results.iter().map(|result| &result.sample);
    of_materials.chain(of_results).flatten()
}

impl Catalogue {
    /// Files worth having before anybody asks: those of guides in season, and of guides that are filed here, up
    /// to `most` bytes.
    ///
    /// # Errors
    /// [`CatalogueError::NotReadable`].
    pub async fn hot_attachments(
        &self,
        month: i8,
        most: u64,
    ) -> Result<Vec<Attachment>, CatalogueError> {
        let mut seen = BTreeSet::new();
        let mut total = 0;
        let snapshot = self.snapshot();
        let entries = snapshot.seasonal(month);
        let mut hot = Vec::new();
        for entry in entries.into_iter().chain(snapshot.fileable()) {
            let Some(guide) = self.guide(&entry.id).await? else {
                continue;
            };
            for file in attachments(&guide) {
                if total + file.length <= most && seen.insert(file.digest.clone()) {
                    total += file.length;
                    hot.push(file.clone());
                }
            }
        }
        Ok(hot)
    }
}
