//! Ratings 好差评: at most one a case, kept until the platform has it.

use jiff::Timestamp;
use jinban_api::rating::Satisfaction;
use ulid::Ulid;

use super::Store;
use crate::filing::error::StoreError;

/// What became of a tap on a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingTaken {
    /// Kept, and sent when the platform can be reached.
    Kept,
    /// This case was rated before; the first rating stands.
    AlreadyRated,
}

/// How a rating ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::filing) enum RatingEnd {
    Taken,
    AlreadyRated,
    Refused,
}

impl Store {
    /// Keeps a rating, unless the case has one.
    pub(in crate::filing) async fn rate(
        &self,
        case: Ulid,
        satisfaction: Satisfaction,
        reasons: &[String],
        now: Timestamp,
    ) -> Result<RatingTaken, StoreError> {
        let other = |error: serde_json::Error| StoreError::Other(error.to_string());
        let satisfaction = serde_json::to_value(satisfaction).map_err(other)?;
        let mut tx = self.begin().await?;
        let known = sqlx::query("SELECT 1 FROM filed_case WHERE key = ?")
            .bind(case.to_string())
            .fetch_optional(&mut *tx)
            .await?;
        if known.is_none() {
            return Err(StoreError::NoSuchCase);
        }
        let kept = sqlx::query(
            "INSERT INTO rating (filed_case, key, satisfaction, reasons, rated_at, state)
             VALUES (?, ?, ?, ?, ?, 'queued') ON CONFLICT (filed_case) DO NOTHING",
        )
        .bind(case.to_string())
        .bind(Ulid::generate().to_string())
        .bind(satisfaction.as_str().unwrap_or_default())
        .bind(serde_json::to_string(reasons).map_err(other)?)
        .bind(now.to_string())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(if kept.rows_affected() == 1 {
            RatingTaken::Kept
        } else {
            RatingTaken::AlreadyRated
        })
    }

    /// Whether a case has been rated here.
    pub(in crate::filing) async fn is_rated(&self, case: Ulid) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM rating WHERE filed_case = ?")
            .bind(case.to_string())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }

    /// Notes how a rating ended.
    pub(in crate::filing) async fn end_rating(
        &self,
        case: Ulid,
        end: RatingEnd,
    ) -> Result<(), StoreError> {
        let state = match end {
            RatingEnd::Taken => "taken",
            RatingEnd::AlreadyRated => "already-rated",
            RatingEnd::Refused => "refused",
        };
        sqlx::query("UPDATE rating SET state = ? WHERE filed_case = ? AND state = 'queued'")
            .bind(state)
            .bind(case.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
