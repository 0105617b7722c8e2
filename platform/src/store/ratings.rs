//! Ratings: one for each case, kept even when the case is still on its way.

use jiff::Timestamp;
use jinban_api::ids::QueryCode;
use jinban_api::rating::Rating;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Change, Database, damaged};
use crate::query_code::agrees;

/// Ratings of one terminal that may wait for cases that have not arrived.
const MOST_WAITING: i64 = 10_000;

/// What became of a rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rated {
    /// Kept now, for a case that is here.
    Kept,
    /// Kept now; its case is still on its way.
    Waiting,
    /// The same rating was kept before.
    Before,
    /// The same key was used for another rating.
    KeyTaken,
    /// The case was rated before, under another key.
    OtherwiseBefore,
    /// Number and code do not belong to this case, or it was not filed at this terminal.
    NotThisCase,
    /// Too many ratings of this terminal wait for their cases.
    TooManyWaiting,
}

impl Database {
    /// True when the case with this number has a rating.
    pub async fn is_rated(&self, number: &str) -> Result<bool, sqlx::Error> {
        sqlx::query(
            "SELECT 1 FROM cases c
             JOIN ratings r ON r.case_key = c.idempotency_key AND r.terminal = c.terminal
             WHERE c.number = $1",
        )
        .bind(number)
        .fetch_optional(&self.read)
        .await
        .map(|row| row.is_some())
    }

    /// Keeps a rating.
    pub async fn rate(
        &self,
        rating: &Rating,
        fingerprint: &str,
        now: Timestamp,
    ) -> Result<Rated, sqlx::Error> {
        loop {
            let mut change = self.change().await?;
            let verdict = judge(&mut change, rating, fingerprint).await?;
            if !matches!(verdict, Rated::Kept | Rated::Waiting) {
                return Ok(verdict);
            }
            if insert(&mut change, rating, fingerprint, now).await? {
                change.commit().await?;
                return Ok(verdict);
            }
            // Another process was faster. What it kept stays, so this turn will find it.
        }
    }
}

/// What would become of a rating now.
async fn judge(
    change: &mut Change,
    rating: &Rating,
    fingerprint: &str,
) -> Result<Rated, sqlx::Error> {
    let key = rating.idempotency_key.to_string();
    let case_key = rating.case_key.to_string();
    let before = sqlx::query(
        "SELECT idempotency_key, fingerprint FROM ratings
         WHERE idempotency_key = $1 OR case_key = $2",
    )
    .bind(&key)
    .bind(&case_key)
    .fetch_all(&mut **change)
    .await?;
    for row in &before {
        let stored_key: String = row.try_get("idempotency_key")?;
        let stored: String = row.try_get("fingerprint")?;
        if stored_key == key {
            return Ok(if stored == fingerprint {
                Rated::Before
            } else {
                Rated::KeyTaken
            });
        }
    }
    let case =
        sqlx::query("SELECT number, query_code, terminal FROM cases WHERE idempotency_key = $1")
            .bind(&case_key)
            .fetch_optional(&mut **change)
            .await?;
    let belongs = match &case {
        Some(row) => belongs(rating, row)?,
        // A number is given out with a case only.
        None => rating.case_number.is_none(),
    };
    if !belongs {
        return Ok(Rated::NotThisCase);
    }
    if !before.is_empty() {
        return Ok(Rated::OtherwiseBefore);
    }
    if case.is_some() {
        return Ok(Rated::Kept);
    }
    let waiting: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM ratings r WHERE r.terminal = $1
         AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.idempotency_key = r.case_key)",
    )
    .bind(rating.terminal.as_str())
    .fetch_one(&mut **change)
    .await?;
    Ok(if waiting >= MOST_WAITING {
        Rated::TooManyWaiting
    } else {
        Rated::Waiting
    })
}

/// Whether a rating is about this case, from the terminal where it was filed.
fn belongs(rating: &Rating, case: &AnyRow) -> Result<bool, sqlx::Error> {
    let number: String = case.try_get("number")?;
    let code = QueryCode(case.try_get("query_code")?);
    let terminal: String = case.try_get("terminal")?;
    let named = rating.case_number.as_ref().is_none_or(|named| {
        let given = rating.query_code.as_ref();
        named.as_str() == number && given.is_some_and(|given| agrees(&code, given.as_str()))
    });
    Ok(named && terminal == rating.terminal.as_str())
}

/// False when its key or its case has a rating already.
async fn insert(
    change: &mut Change,
    rating: &Rating,
    fingerprint: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let reasons = serde_json::to_string(&rating.reasons).map_err(|_| damaged("reasons"))?;
    let done = sqlx::query(
        "INSERT INTO ratings (idempotency_key, fingerprint, case_key, terminal,
             channel, satisfaction, reasons, rated_at, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
    )
    .bind(rating.idempotency_key.to_string())
    .bind(fingerprint)
    .bind(rating.case_key.to_string())
    .bind(rating.terminal.as_str())
    .bind(i64::from(rating.channel))
    .bind(i64::from(rating.satisfaction.standard_code()))
    .bind(reasons)
    .bind(rating.rated_at.to_string())
    .bind(now.to_string())
    .execute(&mut **change)
    .await?;
    Ok(done.rows_affected() > 0)
}
