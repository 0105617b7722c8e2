//! Looking into the outbox from another program, while the terminal runs: reads only, and nothing personal.

use std::path::Path;

use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use ulid::Ulid;

use super::error::StoreError;
use super::store::{self, OutboxEntry};

/// A look into the outbox of a data folder.
pub struct OutboxReader {
    pool: SqlitePool,
}

impl OutboxReader {
    /// Opens the store in `data_dir` for reading; none when there is no store yet.
    pub async fn open(data_dir: &Path) -> Result<Option<Self>, StoreError> {
        let file = data_dir.join(store::FILE);
        if !file.exists() {
            return Ok(None);
        }
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(store::options(&file).pragma("query_only", "ON"))
            .await?;
        Ok(Some(Self { pool }))
    }

    /// Every case that is not done, oldest first.
    pub async fn list(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        store::outbox(&self.pool, None).await
    }

    /// One case, whatever its state.
    pub async fn show(&self, key: Ulid) -> Result<Option<OutboxEntry>, StoreError> {
        Ok(store::outbox(&self.pool, Some(key)).await?.pop())
    }
}
