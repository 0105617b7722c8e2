//! Keeps the guides in `catalogue.db`, so that they are there after a power cut and without a network.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jinban_api::guide::Guide;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::beside;
use super::bundled::bundled;
use super::snapshot::{Content, Snapshot};
use super::{CatalogueError, Opening};

const FILE: &str = "catalogue.db";

/// The open database. One connection, not a pool: closing it is then certain to be over when awaited,
/// which renaming a damaged file depends on.
#[derive(Debug)]
pub(super) struct Store {
    connection: SqliteConnection,
}

/// The open database with what was in it.
#[derive(Debug)]
pub(super) struct Opened {
    pub store: Store,
    pub content: Content,
    pub opening: Opening,
}

/// Why an existing file cannot be used as it is.
enum Unusable {
    /// The file's content is wrong: setting it aside helps.
    Damaged(String),
    /// The disk or the permissions are wrong: setting it aside does not help.
    Environment(String),
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

impl Store {
    /// Opens, makes or rebuilds the database in `dir`.
    pub(super) async fn open(dir: &Path) -> Result<Opened, CatalogueError> {
        let not_writable = |detail: String| CatalogueError::NotWritable {
            path: dir.to_owned(),
            detail,
        };
        std::fs::create_dir_all(dir).map_err(|error| not_writable(error.to_string()))?;
        let path = dir.join(FILE);
        let existed = path.exists();
        match Self::connect(&path).await {
            Ok((store, Some(content))) => Ok(Opened {
                store,
                content,
                opening: Opening::Existing,
            }),
            Ok((store, None)) => store.fill(Opening::Fresh).await,
            Err(Unusable::Damaged(reason)) if existed => {
                let set_aside =
                    set_aside(&path).map_err(|error| not_writable(error.to_string()))?;
                tracing::warn!(%reason, set_aside = %set_aside.display(), "catalogue database rebuilt");
                match Self::connect(&path).await {
                    Ok((store, _)) => store.fill(Opening::Rebuilt { set_aside, reason }).await,
                    Err(Unusable::Damaged(detail) | Unusable::Environment(detail)) => {
                        Err(not_writable(detail))
                    }
                }
            }
            Err(Unusable::Damaged(detail) | Unusable::Environment(detail)) => {
                Err(not_writable(detail))
            }
        }
    }

    async fn connect(path: &Path) -> Result<(Self, Option<Content>), Unusable> {
        // Nothing here reads the file yet: whatever fails because of its content fails below, where the
        // connection can be closed in order. Closed later, it would take the next one's log with it.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(Duration::from_secs(5));
        let mut connection = options.connect().await?;
        match Self::check_and_read(&mut connection).await {
            Ok(content) => Ok((Self { connection }, content)),
            Err(unusable) => {
                // The file is about to be renamed: let go of it first.
                connection.close().await.ok();
                Err(unusable)
            }
        }
    }

    async fn check_and_read(
        connection: &mut SqliteConnection,
    ) -> Result<Option<Content>, Unusable> {
        // Guides can be fetched again: a batch lost in a power cut is asked for at the next sync.
        sqlx::raw_sql("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
            .execute(&mut *connection)
            .await?;
        let verdict: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&mut *connection)
            .await?;
        if verdict != "ok" {
            return Err(Unusable::Damaged(verdict));
        }
        sqlx::migrate!("src/catalogue/migrations")
            .run(&mut *connection)
            .await
            .map_err(|error| match error {
                MigrateError::Execute(error) => error.into(),
                error => Unusable::Damaged(error.to_string()),
            })?;
        read(connection).await
    }

    async fn fill(mut self, opening: Opening) -> Result<Opened, CatalogueError> {
        let content = bundled();
        self.write(&content, None).await?;
        Ok(Opened {
            store: self,
            content,
            opening,
        })
    }

    /// Lets go of the file; only tests need to touch it afterwards.
    #[cfg(test)]
    pub(super) async fn close(self) {
        self.connection.close().await.ok();
    }

    /// Makes the database hold `after` instead of `before`, in one transaction, writing only what differs.
    pub(super) async fn replace(
        &mut self,
        after: &Content,
        before: &Snapshot,
    ) -> Result<(), CatalogueError> {
        self.write(after, Some(before)).await
    }

    async fn write(
        &mut self,
        after: &Content,
        before: Option<&Snapshot>,
    ) -> Result<(), CatalogueError> {
        self.write_in_transaction(after, before)
            .await
            .map_err(|error| CatalogueError::NotStored(error.to_string()))
    }

    async fn write_in_transaction(
        &mut self,
        after: &Content,
        before: Option<&Snapshot>,
    ) -> Result<(), sqlx::Error> {
        let encode = |error: serde_json::Error| sqlx::Error::Encode(Box::new(error));
        let mut transaction = self.connection.begin().await?;
        let kept: BTreeSet<_> = after.guides.iter().map(|g| g.id.as_str()).collect();
        // Asked of the database, not of `before`: a sync from the command line may have added some.
        let stored: Vec<String> = sqlx::query_scalar("SELECT id FROM guides")
            .fetch_all(&mut *transaction)
            .await?;
        for gone in stored.iter().filter(|id| !kept.contains(id.as_str())) {
            sqlx::query("DELETE FROM guides WHERE id = ?")
                .bind(gone)
                .execute(&mut *transaction)
                .await?;
        }
        for guide in &after.guides {
            let same = before.and_then(|snapshot| snapshot.guide(&guide.id));
            if same.is_some_and(|same| Arc::ptr_eq(&same, guide)) {
                continue;
            }
            let json = serde_json::to_string(&**guide).map_err(encode)?;
            sqlx::query(
                "INSERT INTO guides (id, version, json) VALUES (?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET version = excluded.version, json = excluded.json",
            )
            .bind(guide.id.as_str())
            .bind(i64::from(guide.version))
            .bind(json)
            .execute(&mut *transaction)
            .await?;
        }
        let themes = serde_json::to_string(&after.themes).map_err(encode)?;
        sqlx::query(
            "INSERT INTO state (only, revision, synced_at, themes) VALUES (1, ?, ?, ?)
             ON CONFLICT (only) DO UPDATE SET revision = excluded.revision,
                synced_at = excluded.synced_at, themes = excluded.themes",
        )
        .bind(i64::try_from(after.revision).unwrap_or(i64::MAX))
        .bind(after.synced_at.map(|at| at.to_string()))
        .bind(themes)
        .execute(&mut *transaction)
        .await?;
        let held = before.map(|snapshot| &*snapshot.content().beside);
        beside::write(&mut transaction, &after.beside, held).await?;
        transaction.commit().await
    }
}

/// What the database holds; none when it was never filled.
async fn read(connection: &mut SqliteConnection) -> Result<Option<Content>, Unusable> {
    let state: Option<(i64, Option<String>, String)> =
        sqlx::query_as("SELECT revision, synced_at, themes FROM state")
            .fetch_optional(&mut *connection)
            .await?;
    let Some((revision, synced_at, themes)) = state else {
        return Ok(None);
    };
    let damaged =
        |what: &str, error: &dyn std::fmt::Display| Unusable::Damaged(format!("{what}: {error}"));
    let rows: Vec<(String, String)> = sqlx::query_as("SELECT id, json FROM guides")
        .fetch_all(&mut *connection)
        .await?;
    let mut guides = Vec::with_capacity(rows.len());
    for (id, json) in rows {
        let guide: Guide = serde_json::from_str(&json).map_err(|error| damaged(&id, &error))?;
        guides.push(Arc::new(guide));
    }
    let synced_at = synced_at
        .map(|text| text.parse())
        .transpose()
        .map_err(|error: jiff::Error| damaged("synced_at", &error))?;
    Ok(Some(Content {
        beside: Arc::new(beside::read(connection).await?),
        revision: u64::try_from(revision).map_err(|error| damaged("revision", &error))?,
        synced_at,
        guides,
        themes: serde_json::from_str(&themes).map_err(|error| damaged("themes", &error))?,
    }))
}

/// What the database in `dir` holds, without changing anything; none when there is none.
pub(super) async fn peek(dir: &Path) -> Result<Option<Content>, CatalogueError> {
    let path = dir.join(FILE);
    if !path.exists() {
        return Ok(None);
    }
    let read = async {
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .pragma("query_only", "ON")
            .busy_timeout(Duration::from_secs(5));
        let mut connection = options.connect().await?;
        let content = read(&mut connection).await;
        connection.close().await.ok();
        content
    };
    read.await.map_err(|unusable| {
        let (Unusable::Damaged(detail) | Unusable::Environment(detail)) = unusable;
        CatalogueError::NotReadable {
            path: dir.to_owned(),
            detail,
        }
    })
}

/// Renames the database and its companions; returns the new name of the database.
fn set_aside(path: &Path) -> std::io::Result<PathBuf> {
    let stamp = jiff::Timestamp::now().as_millisecond();
    let aside = |suffix: &str| PathBuf::from(format!("{}.damaged-{stamp}{suffix}", path.display()));
    for companion in ["-wal", "-shm"] {
        let from = PathBuf::from(format!("{}{companion}", path.display()));
        match std::fs::rename(from, aside(companion)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    std::fs::rename(path, aside(""))?;
    Ok(aside(""))
}
