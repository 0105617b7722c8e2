//! The durable store: one SQLite file in which every step is a whole transaction.

mod cases;
mod drafts;
mod outgoing;
mod prints;
mod ratings;
mod reading;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Sqlite, Transaction};
use ulid::Ulid;

use super::error::StoreError;
use crate::vault::Vault;

pub(super) use cases::{Filer, NewCase};
pub use prints::{PrintEnd, PrintJob, SlipKind};
pub(super) use ratings::RatingEnd;
pub use ratings::RatingTaken;
pub use reading::OutboxEntry;
pub(super) use reading::outbox;

/// The store of drafts, cases, ratings and printed slips.
#[derive(Clone)]
pub(super) struct Store {
    pool: SqlitePool,
    vault: Arc<Vault>,
}

/// Name of the file in the data folder.
pub(super) const FILE: &str = "filing.db";

impl Store {
    /// Opens or makes the store in `dir`, and brings it to the present shape.
    pub(super) async fn open(dir: &Path, vault: Arc<Vault>) -> Result<Self, StoreError> {
        let options = options(&dir.join(FILE)).create_if_missing(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(2)
            .acquire_timeout(Duration::from_secs(10))
            // When the disk is full SQLite ends the transaction itself; the connection then believes for ever
            // to be inside it. Such a connection is closed and replaced.
            .before_acquire(|connection, _| {
                Box::pin(async move { Ok(!connection.is_in_transaction()) })
            })
            .connect_with(options)
            .await?;
        let migrated = sqlx::migrate!("src/filing/migrations").run(&pool).await;
        migrated.map_err(|error| match error {
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => StoreError::Other(other.to_string()),
        })?;
        Ok(Self { pool, vault })
    }

    /// Begins a transaction that holds the right to write from its first statement.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Write-ahead log, every commit flushed to the disk, deleted content overwritten.
pub(super) fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("secure_delete", "ON")
        .statement_cache_capacity(32)
}

fn ulid(text: &str) -> Result<Ulid, StoreError> {
    Ulid::from_string(text).map_err(|_| StoreError::Damaged("a key is not a key".to_owned()))
}

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(what.to_owned())
}
