//! Bringing the guides up to date: following the platform's feed, batch by batch.

use std::path::Path;

use jiff::Timestamp;
use jinban_api::catalogue::{BatchHeader, BatchKind, FeedAnswer, FeedHead};

use super::feed::{FeedDoubt, Position, check_head, check_header, unpack};
use super::files::{CatalogueFiles, FileError};
use super::sync::CatalogueChanges;
use super::{Applied, Catalogue, CatalogueError};
use crate::platform::{PlatformClient, PlatformError};
use crate::vault::{PlatformKeyset, sm3_hex};

/// Rounds of asking at most, each of up to a hundred batches; a feed that never ends is not ours.
const MOST_ROUNDS: usize = 100;

/// What an exported folder holds beside the payloads.
const FEED_FILE: &str = "feed.json";

/// Why the guides were not brought up to date. What was there before still is; batches that came before the one
/// that failed are in.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The platform did not give them.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// They came, but could not be kept.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// They came, but are not to be believed.
    #[error(transparent)]
    Doubt(#[from] FeedDoubt),
    /// The disk did not take what came.
    #[error("{0}")]
    Disk(String),
}

impl From<FileError> for SyncError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Platform(error) => Self::Platform(error),
            FileError::Doubt(doubt) => Self::Doubt(doubt),
            error @ FileError::NotKept { .. } => Self::Disk(error.to_string()),
        }
    }
}

impl Catalogue {
    /// Asks the platform what comes next and applies it, batch by batch. `now` becomes the time of the last sync
    /// also when nothing changed: the guides were then confirmed.
    ///
    /// # Errors
    /// [`SyncError`]; the guides are then as the last good batch left them.
    pub async fn sync(
        &self,
        platform: &PlatformClient,
        files: &CatalogueFiles,
        now: Timestamp,
    ) -> Result<Applied, SyncError> {
        let mut done = Applied::Unchanged;
        for _ in 0..MOST_ROUNDS {
            let ours = self.position();
            let answer = platform
                .feed(ours.as_ref().map(|ours| (&ours.feed, ours.number)))
                .await?;
            check_head(platform.keyset(), &answer.head, ours.as_ref())?;
            if answer.batches.is_empty() {
                self.confirm(&answer, ours, now).await?;
                return Ok(done);
            }
            for header in &answer.batches {
                // Before anything is downloaded: what is not signed has no say in how much is.
                let position = self.judge(platform.keyset(), header, &answer.head)?;
                let payload = files.download(platform, &header.payload, header.length);
                let payload = payload.await?;
                let applied = self.take_batch(header, &payload, position, now).await;
                files.forget(&header.payload);
                done = sum(done, applied?);
            }
        }
        Ok(done)
    }

    /// Takes what `jinban-platform catalogue export` wrote into a folder, for a terminal without a line. It is
    /// believed no more and no less than what comes over the network.
    ///
    /// # Errors
    /// [`SyncError`]; the guides are then as the last good batch left them.
    pub async fn import(
        &self,
        keys: &PlatformKeyset,
        folder: &Path,
        now: Timestamp,
    ) -> Result<Applied, SyncError> {
        let answer = read(&folder.join(FEED_FILE))?;
        let answer: FeedAnswer = serde_json::from_slice(&answer).map_err(|error| {
            SyncError::Disk(format!("{FEED_FILE} 读不懂：{error}。请重新导出一份。"))
        })?;
        check_head(keys, &answer.head, self.position().as_ref())?;
        let mut done = Applied::Unchanged;
        for header in &answer.batches {
            if self
                .position()
                .is_some_and(|ours| ours.feed == header.feed && ours.number >= header.number)
            {
                continue;
            }
            let position = self.judge(keys, header, &answer.head)?;
            let payload = read(&folder.join(header.payload.as_str()))?;
            if sm3_hex(&payload) != header.payload.as_str() {
                return Err(FeedDoubt::WrongContent.into());
            }
            let applied = self.take_batch(header, &payload, position, now).await?;
            done = sum(done, applied);
        }
        Ok(done)
    }

    fn position(&self) -> Option<Position> {
        self.snapshot().beside.position().cloned()
    }

    fn judge(
        &self,
        keys: &PlatformKeyset,
        header: &BatchHeader,
        head: &FeedHead,
    ) -> Result<Position, FeedDoubt> {
        check_header(keys, header, self.position().as_ref(), head)
    }

    async fn take_batch(
        &self,
        header: &BatchHeader,
        payload: &[u8],
        position: Position,
        now: Timestamp,
    ) -> Result<Applied, SyncError> {
        let themes = self.snapshot().themes().to_vec();
        let changes = unpack(header, payload, position, &themes)?;
        Ok(match header.kind {
            BatchKind::Everything => self.replace(changes, now).await?,
            BatchKind::Changes => self.apply(changes, now).await?,
        })
    }

    /// Nothing came: good when the platform is where this terminal is.
    async fn confirm(
        &self,
        answer: &FeedAnswer,
        ours: Option<Position>,
        now: Timestamp,
    ) -> Result<(), SyncError> {
        let head = &answer.head;
        let number = ours.as_ref().map_or(0, |ours| ours.number);
        if head.number != number {
            return Err(FeedDoubt::Truncated {
                head: head.number,
                number,
            }
            .into());
        }
        // A platform that has published nothing yet confirms nothing.
        let Some(ours) = ours else { return Ok(()) };
        if head.chain != ours.chain || head.feed != ours.feed {
            return Err(FeedDoubt::BrokenChain { number }.into());
        }
        let nothing = CatalogueChanges {
            revision: number,
            themes: self.snapshot().themes().to_vec(),
            position: Some(Position {
                said_at: ours.said_at.max(head.issued_at),
                ..ours
            }),
            ..CatalogueChanges::default()
        };
        self.apply(nothing, now).await?;
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, SyncError> {
    std::fs::read(path)
        .map_err(|error| SyncError::Disk(format!("打不开 {}：{error}。", path.display())))
}

/// What two batches did together.
fn sum(before: Applied, after: Applied) -> Applied {
    match (before, after) {
        (
            Applied::Changed {
                upserted, removed, ..
            },
            Applied::Changed {
                revision,
                upserted: more,
                removed: fewer,
            },
        ) => Applied::Changed {
            revision,
            upserted: upserted + more,
            removed: removed + fewer,
        },
        (before @ Applied::Changed { .. }, Applied::Unchanged) => before,
        (_, after) => after,
    }
}

impl CatalogueFiles {
    /// Files in `dir` within the usual budget.
    pub fn usual(dir: &Path) -> Self {
        Self::new(dir, super::files::USUAL_BUDGET)
    }
}
