//! Keeps the guides in `catalogue.db`, so that they are there after a power cut and without a network.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jinban_api::catalogue::Theme;
use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::beside::{self, Beside};
use super::change::{Change, Others};
use super::entry::GuideEntry;

const FILE: &str = "catalogue.db";

/// The form in which entries are stored; to be raised whenever [`GuideEntry`] holds more or other things.
const ENTRY_FORM: i64 = 1;

/// The connection that writes. One, not a pool: closing it is then certain to be over when awaited, which
/// renaming a damaged file depends on.
#[derive(Debug)]
pub(super) struct Writer(SqliteConnection);

/// The connection that reads, so that a guide can be shown while a batch is applied; it cannot write.
#[derive(Debug)]
pub(super) struct Reader(SqliteConnection);

/// What is held in memory of the database.
#[derive(Debug)]
pub(super) struct Kept {
    pub revision: u64,
    pub synced_at: Option<Timestamp>,
    pub themes: Vec<Theme>,
    pub entries: Vec<Arc<GuideEntry>>,
    pub opened: HashMap<GuideId, u32>,
    /// What stands beside the guides.
    pub beside: Arc<Beside>,
}

/// Why an existing file cannot be used as it is.
#[derive(Debug)]
pub(super) enum Unusable {
    /// The file's content is wrong: setting it aside helps.
    Damaged(String),
    /// The disk or the permissions are wrong: setting it aside does not help.
    Environment(String),
}

impl Unusable {
    pub(super) fn into_detail(self) -> String {
        let (Self::Damaged(detail) | Self::Environment(detail)) = self;
        detail
    }

    fn wrong(what: &str, error: &dyn std::fmt::Display) -> Self {
        Self::Damaged(format!("{what}: {error}"))
    }
}

impl From<sqlx::Error> for Unusable {
    fn from(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<u32>().ok());
        // The low byte is the primary result code: 3 PERM, 5 BUSY, 6 LOCKED, 8 READONLY, 10 IOERR,
        // 13 FULL, 14 CANTOPEN, 23 AUTH. Anything else speaks of the content.
        match code.map(|code| code & 0xff) {
            Some(3 | 5 | 6 | 8 | 10 | 13 | 14 | 23) => Self::Environment(error.to_string()),
            _ if matches!(error, sqlx::Error::Io(_)) => Self::Environment(error.to_string()),
            _ => Self::Damaged(error.to_string()),
        }
    }
}

/// Whether there is a database in `dir` at all.
pub(super) fn exists(dir: &Path) -> bool {
    dir.join(FILE).exists()
}

/// Opens or makes the database in `dir`; one that was never filled holds nothing.
pub(super) async fn open(dir: &Path) -> Result<(Writer, Reader, Option<Kept>), Unusable> {
    // Nothing here reads the file yet: whatever fails because of its content fails below, where the
    // connection can be closed in order. Closed later, it would take the next one's log with it.
    let options = SqliteConnectOptions::new()
        .filename(dir.join(FILE))
        .create_if_missing(true)
        .busy_timeout(Duration::from_secs(5));
    let mut writer = options.connect().await?;
    match prepare(&mut writer).await {
        Ok(kept) => Ok((Writer(writer), Reader(reading(dir).connect().await?), kept)),
        Err(unusable) => {
            // The file is about to be renamed: let go of it first.
            writer.close().await.ok();
            Err(unusable)
        }
    }
}

/// Looks at the database in `dir` from outside: nothing is made, repaired or changed.
pub(super) async fn look_at(dir: &Path) -> Result<(Reader, Option<Kept>), Unusable> {
    let mut connection = reading(dir).connect().await?;
    match read(&mut connection).await {
        Ok(kept) => Ok((Reader(connection), kept)),
        Err(unusable) => {
            connection.close().await.ok();
            Err(unusable)
        }
    }
}

impl Reader {
    /// Lets go of the file.
    pub(super) async fn close(self) {
        self.0.close().await.ok();
    }

    /// The whole guide.
    pub(super) async fn guide(&mut self, id: &GuideId) -> Result<Option<Guide>, Unusable> {
        read_guide(&mut self.0, id).await
    }

    /// Reads every page of the file and finds out whether it is in order.
    pub(super) async fn check(&mut self) -> Result<(), Unusable> {
        let verdict: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&mut self.0)
            .await?;
        if verdict == "ok" {
            Ok(())
        } else {
            Err(Unusable::Damaged(verdict))
        }
    }
}

impl Writer {
    /// Lets go of the file.
    pub(super) async fn close(self) {
        self.0.close().await.ok();
    }

    /// Makes one change, completely or not at all, writing only what it names.
    pub(super) async fn apply(&mut self, change: &Change) -> Result<(), sqlx::Error> {
        let mut transaction = self.0.begin().await?;
        match change.others {
            Others::Go => {
                sqlx::raw_sql("DELETE FROM guides; DELETE FROM entries")
                    .execute(&mut *transaction)
                    .await?;
            }
            Others::Stay => {
                for id in &change.removed {
                    for table in [
                        "DELETE FROM guides WHERE id = ?",
                        "DELETE FROM entries WHERE id = ?",
                    ] {
                        sqlx::query(table)
                            .bind(id.as_str())
                            .execute(&mut *transaction)
                            .await?;
                    }
                }
            }
        }
        for (guide, entry) in change.upserted.iter().zip(&change.entries) {
            sqlx::query("INSERT OR REPLACE INTO guides (id, version, json) VALUES (?, ?, ?)")
                .bind(guide.id.as_str())
                .bind(i64::from(guide.version))
                .bind(serde_json::to_string(&**guide).map_err(encoding)?)
                .execute(&mut *transaction)
                .await?;
            write_entry(&mut transaction, entry).await?;
        }
        sqlx::query(
            "INSERT INTO state (only, revision, synced_at, themes, entry_form) VALUES (1, ?, ?, ?, ?)
             ON CONFLICT (only) DO UPDATE SET revision = excluded.revision, themes = excluded.themes,
                synced_at = excluded.synced_at, entry_form = excluded.entry_form",
        )
        .bind(i64::try_from(change.revision).unwrap_or(i64::MAX))
        .bind(change.synced_at.map(|at| at.to_string()))
        .bind(serde_json::to_string(&*change.themes).map_err(encoding)?)
        .bind(ENTRY_FORM)
        .execute(&mut *transaction)
        .await?;
        let before = change.beside_before.as_deref();
        beside::write(&mut transaction, &change.beside, before).await?;
        transaction.commit().await?;
        // A log of everything takes long to put away: now, and not when the next small change would wait for it.
        if change.others == Others::Go
            && let Err(error) = self.tidy().await
        {
            tracing::warn!(%error, "the log of the guides could not be put away");
        }
        Ok(())
    }

    /// Moves what was written from the log into the file itself; the log is then used from its beginning again.
    pub(super) async fn tidy(&mut self) -> Result<(), sqlx::Error> {
        sqlx::raw_sql("PRAGMA wal_checkpoint(PASSIVE)")
            .execute(&mut self.0)
            .await?;
        Ok(())
    }

    /// Counts one more opening of a guide.
    pub(super) async fn note_opened(&mut self, id: &GuideId) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO usage (id, opened) VALUES (?, 1)
             ON CONFLICT (id) DO UPDATE SET opened = opened + 1",
        )
        .bind(id.as_str())
        .execute(&mut self.0)
        .await?;
        Ok(())
    }
}

fn encoding(error: serde_json::Error) -> sqlx::Error {
    sqlx::Error::Encode(Box::new(error))
}

fn reading(dir: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(dir.join(FILE))
        .pragma("query_only", "ON")
        .busy_timeout(Duration::from_secs(5))
}

async fn write_entry(
    connection: &mut SqliteConnection,
    entry: &GuideEntry,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT OR REPLACE INTO entries (id, json) VALUES (?, ?)")
        .bind(entry.id.as_str())
        .bind(serde_json::to_string(entry).map_err(encoding)?)
        .execute(connection)
        .await?;
    Ok(())
}

/// Brings the tables up to this program, and reads what is kept in memory.
async fn prepare(connection: &mut SqliteConnection) -> Result<Option<Kept>, Unusable> {
    // Guides can be fetched again: a batch lost in a power cut is asked for at the next sync. The log is moved into
    // the file by `tidy`, when nobody waits for it.
    sqlx::raw_sql(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::migrate!("src/catalogue/migrations")
        .run_direct(None, connection, false)
        .await
        .map_err(|error| match error {
            MigrateError::Execute(error) => error.into(),
            error => Unusable::Damaged(error.to_string()),
        })?;
    let form: Option<i64> = sqlx::query_scalar("SELECT entry_form FROM state")
        .fetch_optional(&mut *connection)
        .await?;
    if form.is_some_and(|form| form != ENTRY_FORM) {
        make_entries_anew(connection).await?;
    }
    read(connection).await
}

/// Makes every entry from its guide, one guide in memory at a time.
async fn make_entries_anew(connection: &mut SqliteConnection) -> Result<(), Unusable> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql("DELETE FROM entries")
        .execute(&mut *transaction)
        .await?;
    let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM guides")
        .fetch_all(&mut *transaction)
        .await?;
    for id in ids {
        if let Some(guide) = read_guide(&mut transaction, &GuideId(id)).await? {
            write_entry(&mut transaction, &GuideEntry::from(&guide)).await?;
        }
    }
    sqlx::query("UPDATE state SET entry_form = ?")
        .bind(ENTRY_FORM)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

async fn read_guide(
    connection: &mut SqliteConnection,
    id: &GuideId,
) -> Result<Option<Guide>, Unusable> {
    let json: Option<String> = sqlx::query_scalar("SELECT json FROM guides WHERE id = ?")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    json.map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|error| Unusable::wrong(id.as_str(), &error))
}

/// What the database holds; none when it was never filled.
async fn read(connection: &mut SqliteConnection) -> Result<Option<Kept>, Unusable> {
    let state: Option<(i64, Option<String>, String)> =
        sqlx::query_as("SELECT revision, synced_at, themes FROM state")
            .fetch_optional(&mut *connection)
            .await?;
    let Some((revision, synced_at, themes)) = state else {
        return Ok(None);
    };
    let rows: Vec<String> = sqlx::query_scalar("SELECT json FROM entries")
        .fetch_all(&mut *connection)
        .await?;
    let mut departments: HashSet<Arc<str>> = HashSet::new();
    let mut entries = Vec::with_capacity(rows.len());
    for json in rows {
        let mut entry: GuideEntry =
            serde_json::from_str(&json).map_err(|error| Unusable::wrong("entries", &error))?;
        match departments.get(&entry.department) {
            Some(department) => entry.department = Arc::clone(department),
            None => _ = departments.insert(Arc::clone(&entry.department)),
        }
        entries.push(Arc::new(entry));
    }
    let opened: Vec<(String, i64)> = sqlx::query_as("SELECT id, opened FROM usage")
        .fetch_all(&mut *connection)
        .await?;
    let synced_at = synced_at
        .map(|text| text.parse())
        .transpose()
        .map_err(|error: jiff::Error| Unusable::wrong("synced_at", &error))?;
    let beside = beside::read(connection).await?;
    Ok(Some(Kept {
        beside: Arc::new(beside),
        revision: u64::try_from(revision).map_err(|error| Unusable::wrong("revision", &error))?,
        synced_at,
        entries,
        themes: serde_json::from_str(&themes).map_err(|error| Unusable::wrong("themes", &error))?,
        opened: (opened.into_iter())
            .map(|(id, count)| (GuideId(id), u32::try_from(count).unwrap_or_default()))
            .collect(),
    }))
}

/// Renames the database and its companions; returns the new name of the database.
pub(super) fn set_aside(dir: &Path) -> std::io::Result<PathBuf> {
    let path = dir.join(FILE);
    let stamp = jiff::Timestamp::now().as_millisecond();
    let aside = |suffix: &str| PathBuf::from(format!("{}.damaged-{stamp}{suffix}", path.display()));
    for companion in ["-wal", "-shm"] {
        let from = PathBuf::from(format!("{}{companion}", path.display()));
        match std::fs::rename(from, aside(companion)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    std::fs::rename(&path, aside(""))?;
    Ok(aside(""))
}
