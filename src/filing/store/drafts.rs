//! Drafts: sealed whole under the device key, their pages each once.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use ulid::Ulid;
use zeroize::Zeroizing;

use super::{Store, damaged, ulid};
use crate::filing::draft::{Draft, StoredDraft, StoredDraftError};
use crate::filing::error::{SaveError, StoreError};
use crate::vault::HolderKey;

fn belongs(draft: Ulid) -> String {
    format!("draft/{draft}")
}

fn page_belongs(draft: Ulid, page: Ulid) -> String {
    format!("draft/{draft}/page/{page}")
}

impl Store {
    /// Saves a draft. A draft that has become a case meanwhile is left alone.
    pub(in crate::filing) async fn save_draft(
        &self,
        draft: &Draft,
        now: Timestamp,
    ) -> Result<(), SaveError> {
        let key = draft.key().to_string();
        let holder = draft
            .applicant()
            .map(|applicant| self.vault.holder_key(&applicant.id_number));
        let json =
            StoredDraft::json_of(draft).map_err(|error| SaveError::Other(error.to_string()))?;
        let sealed = self
            .vault
            .seal_local(&belongs(draft.key()), &json)
            .map_err(StoreError::from)?;

        let mut tx = self.begin().await?;
        let filed = sqlx::query("SELECT 1 FROM filed_case WHERE key = ?")
            .bind(&key)
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::from)?;
        if filed.is_some() {
            return Err(SaveError::Gone);
        }
        sqlx::query(
            "INSERT INTO draft (key, guide, guide_version, holder, updated_at, sealed) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (key) DO UPDATE SET
                 holder = excluded.holder, updated_at = excluded.updated_at, sealed = excluded.sealed",
        )
        .bind(&key)
        .bind(draft.guide().id.as_str())
        .bind(i64::from(draft.guide().version))
        .bind(holder.map(|holder| holder.as_bytes().to_vec()))
        .bind(now.as_millisecond())
        .bind(sealed)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::from)?;

        let mut stored: HashSet<String> = sqlx::query("SELECT id FROM draft_page WHERE draft = ?")
            .bind(&key)
            .fetch_all(&mut *tx)
            .await
            .map_err(StoreError::from)?
            .iter()
            .map(|row| row.get(0))
            .collect();
        for page in draft.pages() {
            let id = page.id().to_string();
            if stored.remove(&id) {
                continue;
            }
            let sealed = self
                .vault
                .seal_local(&page_belongs(draft.key(), page.id()), page.picture())
                .map_err(StoreError::from)?;
            sqlx::query("INSERT INTO draft_page (draft, id, sealed) VALUES (?, ?, ?)")
                .bind(&key)
                .bind(&id)
                .bind(sealed)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::from)?;
        }
        for gone in stored {
            sqlx::query("DELETE FROM draft_page WHERE draft = ? AND id = ?")
                .bind(&key)
                .bind(gone)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::from)?;
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// The holder's newest draft.
    pub(in crate::filing) async fn newest_draft_of(
        &self,
        holder: &HolderKey,
    ) -> Result<Option<Draft>, StoreError> {
        let keys = sqlx::query("SELECT key FROM draft WHERE holder = ? ORDER BY updated_at DESC")
            .bind(holder.as_bytes().to_vec())
            .fetch_all(&self.pool)
            .await?;
        self.first_readable(keys).await
    }

    /// The newest draft that belongs to nobody yet and was touched after `since`.
    pub(in crate::filing) async fn newest_anonymous_draft(
        &self,
        since: Timestamp,
    ) -> Result<Option<Draft>, StoreError> {
        let keys = sqlx::query(
            "SELECT key FROM draft WHERE holder IS NULL AND updated_at >= ? ORDER BY updated_at DESC",
        )
        .bind(since.as_millisecond())
        .fetch_all(&self.pool)
        .await?;
        self.first_readable(keys).await
    }

    /// A draft that cannot be opened any more is passed over: it must not keep the person from beginning anew.
    async fn first_readable(
        &self,
        keys: Vec<sqlx::sqlite::SqliteRow>,
    ) -> Result<Option<Draft>, StoreError> {
        for row in keys {
            match self.load_draft(ulid(row.get(0))?).await {
                Ok(draft) => return Ok(Some(draft)),
                Err(StoreError::Damaged(_) | StoreError::Vault(_)) => {
                    tracing::warn!("a stored draft cannot be opened and is passed over");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    async fn load_draft(&self, key: Ulid) -> Result<Draft, StoreError> {
        let row = sqlx::query("SELECT sealed FROM draft WHERE key = ?")
            .bind(key.to_string())
            .fetch_optional(&self.pool)
            .await?
            .ok_or_else(|| damaged("the draft is gone"))?;
        let json = self.vault.open_local(&belongs(key), row.get(0))?;
        let mut pages: HashMap<Ulid, Zeroizing<Vec<u8>>> = HashMap::new();
        let rows = sqlx::query("SELECT id, sealed FROM draft_page WHERE draft = ?")
            .bind(key.to_string())
            .fetch_all(&self.pool)
            .await?;
        for row in rows {
            let id = ulid(row.get(0))?;
            pages.insert(
                id,
                self.vault.open_local(&page_belongs(key, id), row.get(1))?,
            );
        }
        StoredDraft::from_json(&json)
            .and_then(|stored| stored.restore(|id| pages.remove(&id)))
            .map_err(|error: StoredDraftError| StoreError::Damaged(error.to_string()))
    }

    /// Throws a draft away.
    pub(in crate::filing) async fn discard_draft(&self, key: Ulid) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM draft WHERE key = ?")
            .bind(key.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Throws away drafts untouched for longer than `keep`; says how many.
    pub(in crate::filing) async fn purge_drafts(
        &self,
        now: Timestamp,
        keep: SignedDuration,
    ) -> Result<u64, StoreError> {
        let before = now.checked_sub(keep).unwrap_or(Timestamp::MIN);
        let purged = sqlx::query("DELETE FROM draft WHERE updated_at < ?")
            .bind(before.as_millisecond())
            .execute(&self.pool)
            .await?;
        Ok(purged.rows_affected())
    }
}
