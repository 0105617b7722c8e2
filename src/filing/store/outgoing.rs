//! What the sender needs: which cases wait, and the bytes of one of them.

use jinban_api::case::CaseSubmission;
use jinban_api::ids::{AreaCode, ContentDigest, TerminalId};
use jinban_api::rating::{CHANNEL_TERMINAL, Rating};
use jinban_api::sealed::{SealedEnvelope, SealedPage};
use sqlx::Row;
use ulid::Ulid;

use super::reading::timestamp;
use super::{Store, damaged, ulid};
use crate::filing::error::StoreError;
use crate::filing::state::{AttentionReason, WayOn};

/// A case ready to travel.
pub(in crate::filing) struct OutgoingCase {
    pub submission: CaseSubmission,
    /// Submission digest that the receipt must carry.
    pub digest: String,
}

/// A rating ready to travel.
pub(in crate::filing) struct OutgoingRating {
    pub rating: Rating,
}

impl Store {
    /// Cases that wait, oldest first.
    pub(in crate::filing) async fn waiting(&self) -> Result<Vec<Ulid>, StoreError> {
        let rows =
            sqlx::query("SELECT key FROM filed_case WHERE state = 'queued' ORDER BY submitted_at")
                .fetch_all(&self.pool)
                .await?;
        rows.iter().map(|row| ulid(row.get(0))).collect()
    }

    /// Cases whose attempt was cut off when the terminal stopped.
    pub(in crate::filing) async fn interrupted(&self) -> Result<Vec<Ulid>, StoreError> {
        let rows = sqlx::query("SELECT key FROM filed_case WHERE state = 'sending'")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| ulid(row.get(0))).collect()
    }

    /// Cases that a technician may meanwhile have made possible.
    pub(in crate::filing) async fn waiting_for_technician(&self) -> Result<Vec<Ulid>, StoreError> {
        let rows = sqlx::query("SELECT key, attention FROM filed_case WHERE state = 'attention'")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .filter(|row| {
                let reason = row.get::<Option<&str>, _>("attention").unwrap_or_default();
                AttentionReason::from_name(reason).way_on() == WayOn::Technician
            })
            .map(|row| ulid(row.get("key")))
            .collect()
    }

    /// Everything of a case but the bodies of its pages.
    pub(in crate::filing) async fn outgoing(
        &self,
        key: Ulid,
        terminal: &TerminalId,
        area: &AreaCode,
    ) -> Result<OutgoingCase, StoreError> {
        let row = sqlx::query(
            "SELECT guide, guide_version, local_number, submitted_at, clock_trusted, digest, envelope
             FROM filed_case WHERE key = ? AND envelope IS NOT NULL",
        )
        .bind(key.to_string())
        .fetch_optional(&self.pool)
        .await?
        .ok_or(StoreError::NoSuchCase)?;
        let envelope: SealedEnvelope = serde_json::from_str(row.get("envelope"))
            .map_err(|_| damaged("an envelope cannot be read"))?;
        let pages = sqlx::query(
            "SELECT digest, length(body) FROM case_page WHERE filed_case = ? ORDER BY position",
        )
        .bind(key.to_string())
        .fetch_all(&self.pool)
        .await?;
        Ok(OutgoingCase {
            submission: CaseSubmission {
                idempotency_key: key,
                terminal: terminal.clone(),
                local_number: row.get::<String, _>("local_number").into(),
                area: area.clone(),
                guide: row.get::<String, _>("guide").into(),
                guide_version: row.get("guide_version"),
                submitted_at: timestamp(row.get("submitted_at"))?,
                clock_trusted: row.get("clock_trusted"),
                envelope,
                pages: pages
                    .iter()
                    .map(|page| SealedPage {
                        digest: ContentDigest(page.get(0)),
                        length: page.get::<i64, _>(1) as u64,
                    })
                    .collect(),
            },
            digest: row.get("digest"),
        })
    }

    /// The sealed body of one page.
    pub(in crate::filing) async fn page_body(
        &self,
        key: Ulid,
        digest: &ContentDigest,
    ) -> Result<Vec<u8>, StoreError> {
        let row = sqlx::query("SELECT body FROM case_page WHERE filed_case = ? AND digest = ?")
            .bind(key.to_string())
            .bind(digest.as_str())
            .fetch_optional(&self.pool)
            .await?
            .ok_or_else(|| damaged("a page is gone"))?;
        Ok(row.get(0))
    }

    /// Ratings that wait, oldest first, with the official number and code where they are known.
    pub(in crate::filing) async fn waiting_ratings(
        &self,
        terminal: &TerminalId,
    ) -> Result<Vec<OutgoingRating>, StoreError> {
        let rows = sqlx::query(
            "SELECT filed_case, key, satisfaction, reasons, rated_at FROM rating WHERE state = 'queued' ORDER BY key",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut ratings = Vec::with_capacity(rows.len());
        for row in rows {
            let case_key = ulid(row.get("filed_case"))?;
            let official = self.case(case_key).await?.and_then(|case| case.official);
            let satisfaction = serde_json::from_value(row.get::<&str, _>("satisfaction").into())
                .map_err(|_| damaged("a rating cannot be read"))?;
            let reasons = serde_json::from_str(row.get("reasons"))
                .map_err(|_| damaged("a rating cannot be read"))?;
            let (case_number, query_code) = official
                .map(|official| (official.number, official.query_code))
                .unzip();
            ratings.push(OutgoingRating {
                rating: Rating {
                    idempotency_key: ulid(row.get("key"))?,
                    case_key,
                    case_number,
                    query_code,
                    terminal: terminal.clone(),
                    channel: CHANNEL_TERMINAL,
                    satisfaction,
                    reasons,
                    rated_at: timestamp(row.get("rated_at"))?,
                },
            });
        }
        Ok(ratings)
    }
}
