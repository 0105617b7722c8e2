//! What the platform keeps: one database, and the sealed pages as files beside it.

pub mod cases;
pub mod catalogue;
pub mod feed;
pub mod pages;
pub mod progress;
pub mod publish;
pub mod ratings;
pub mod terminals;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

/// A change of the database that is still open.
pub type Change = Transaction<'static, Sqlite>;

/// How long a request waits for its turn before the platform says that it is busy.
const PATIENCE: Duration = Duration::from_secs(10);
const READERS: u32 = 4;

/// The database. One connection writes, so that changes queue up instead of failing one another.
#[derive(Clone, Debug)]
pub struct Database {
    write: SqlitePool,
    read: SqlitePool,
}

impl Database {
    /// Opens the database at `path`, making it and bringing its tables up to date.
    pub async fn open(path: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An accepted case survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!().run(&write).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await?;
        let database = Self { write, read };
        database.begin_feed().await?;
        Ok(database)
    }

    /// Begins a change. It takes the write lock at once: a change that first reads must not find out later
    /// that another process has written meanwhile.
    async fn change(&self) -> Result<Change, sqlx::Error> {
        self.write.begin_with("BEGIN IMMEDIATE").await
    }

    /// True when the database answers.
    pub async fn answers(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.read).await.is_ok()
    }

    /// Closes every connection; what was written before is kept.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// A column that this program wrote and now cannot read.
fn damaged(what: &'static str) -> sqlx::Error {
    sqlx::Error::Decode(what.into())
}
