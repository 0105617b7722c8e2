//! The whole catalogue on a stick: the feed from its beginning, and the files that it names, for terminals that no
//! line reaches.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use jinban_api::catalogue::{FeedAnswer, GUIDE_KIND, Row};
use jinban_api::documents::{Document, Law, Notice};
use jinban_api::guide::{Attachment, Guide, TerminalHandling};
use jinban_api::ids::{ContentDigest, FeedId};

use crate::Platform;

/// Where the files lie, each named by its digest.
const FILES: &str = "files";
const FEED: &str = "feed.json";

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Number of the last batch.
    pub number: u64,
    /// Files that are on the stick.
    pub files: usize,
    /// Their length together, in bytes.
    pub bytes: u64,
    /// Files that were too much for the budget.
    pub left_out: usize,
}

/// Why nothing usable was written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database does not give it.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
    /// The folder does not take it.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// What the feed names is not there.
    #[error("{0} is named and missing")]
    Missing(ContentDigest),
    /// What was published cannot be read.
    #[error("what was published cannot be read: {0}")]
    Unreadable(io::Error),
}

impl Platform {
    /// Writes everything that is published into `dir`, with files of `budget` bytes at most: first those of
    /// notices and laws, then those of guides that people come for in `month` (1–12), then of those that are
    /// filed at terminals.
    pub async fn export(
        &self,
        dir: &Path,
        budget: u64,
        month: i8,
    ) -> Result<Exported, ExportError> {
        let answer = self.follow(&FeedId::default(), 0).await?;
        let files = dir.join(FILES);
        fs::create_dir_all(&files).map_err(failed(&files))?;
        let mut published = Published::default();
        for batch in &answer.batches {
            let payload = self.named(&batch.payload).await?;
            published.take(&payload).map_err(ExportError::Unreadable)?;
            write(&dir.join(batch.payload.as_str()), &payload)?;
        }
        let mut exported = Exported {
            number: answer.head.number,
            ..Exported::default()
        };
        for file in published.files(month) {
            if exported.bytes + file.length > budget {
                exported.left_out += 1;
                continue;
            }
            let content = self.named(&file.digest).await?;
            write(&files.join(file.digest.as_str()), &content)?;
            exported.files += 1;
            exported.bytes += content.len() as u64;
        }
        // Last, so that a folder that was written only half is not taken for a whole one.
        write(&dir.join(FEED), &feed_text(&answer)?)?;
        Ok(exported)
    }

    async fn named(&self, digest: &ContentDigest) -> Result<Vec<u8>, ExportError> {
        let content = self.database().blob(digest.as_str()).await?;
        content.ok_or_else(|| ExportError::Missing(digest.clone()))
    }
}

/// What the batches lead to, as far as it names files.
#[derive(Default)]
struct Published(BTreeMap<(String, String), Row>);

impl Published {
    fn take(&mut self, payload: &[u8]) -> io::Result<()> {
        for line in BufReader::new(GzDecoder::new(payload)).lines() {
            let row: Row = serde_json::from_str(&line?)?;
            self.0.insert((row.kind.clone(), row.id.clone()), row);
        }
        Ok(())
    }

    /// Every file once, the most wanted first.
    fn files(&self, month: i8) -> Vec<Attachment> {
        let of_laws = self.all::<Law>(Law::KIND).flat_map(|law| law.attachments);
        let of_notices = self.all::<Notice>(Notice::KIND);
        let mut files: Vec<Attachment> = of_notices
            .flat_map(|notice| notice.attachments)
            .chain(of_laws)
            .collect();
        let mut guides: Vec<Guide> = self.all(GUIDE_KIND).collect();
        guides.sort_by_key(|guide| {
            let mut months = guide.season.iter().flat_map(|season| &season.months);
            let in_season = months.any(|&m| i16::from(m) == i16::from(month));
            let done_here = match guide.handling() {
                Some(TerminalHandling::Full) => 0,
                Some(TerminalHandling::InPerson { .. }) => 1,
                Some(TerminalHandling::GuideOnly { .. }) | None => 2,
            };
            (!in_season, done_here)
        });
        files.extend(guides.into_iter().flat_map(attachments));
        let mut seen = BTreeSet::new();
        files.retain(|file| seen.insert(file.digest.clone()));
        files
    }

    fn all<T: serde::de::DeserializeOwned>(&self, kind: &str) -> impl Iterator<Item = T> {
        let rows = self.0.values().filter(move |row| row.kind == kind);
        let contents = rows.filter_map(|row| row.content.clone());
        contents.filter_map(|content| serde_json::from_value(content).ok())
    }
}

fn attachments(guide: Guide) -> impl Iterator<Item = Attachment> {
    let of_materials = guide.materials.into_iter();
    let of_materials = of_materials.flat_map(|it| [it.blank_form, it.sample]);
    let of_results = guide.results.into_iter().map(|result| result.sample);
    of_materials.chain(of_results).flatten()
}

fn feed_text(answer: &FeedAnswer) -> Result<Vec<u8>, ExportError> {
    serde_json::to_vec(answer).map_err(|error| ExportError::Unreadable(error.into()))
}

fn write(path: &Path, content: &[u8]) -> Result<(), ExportError> {
    fs::write(path, content).map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> ExportError {
    let path = path.to_owned();
    move |source| ExportError::File { path, source }
}
