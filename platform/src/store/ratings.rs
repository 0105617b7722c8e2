//! Ratings: one for each case, kept even when the case is still on its way.

use jiff::Timestamp;
use jinban_api::ids::{CaseNumber, QueryCode};
use jinban_api::rating::Rating;
use sqlx::Row;

use super::{Database, damaged};
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
        sqlx::query("SELECT 1 FROM ratings WHERE number = $1")
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
        let key = rating.idempotency_key.to_string();
        let case_key = rating.case_key.to_string();
        let mut change = self.change().await?;
        let before = sqlx::query(
            "SELECT idempotency_key, fingerprint FROM ratings
             WHERE idempotency_key = $1 OR case_key = $2",
        )
        .bind(&key)
        .bind(&case_key)
        .fetch_all(&mut *change)
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

        let case = sqlx::query(
            "SELECT number, query_code, terminal FROM cases WHERE idempotency_key = $1",
        )
        .bind(&case_key)
        .fetch_optional(&mut *change)
        .await?;
        let number: Option<CaseNumber> = match &case {
            Some(row) => {
                let number: String = row.try_get("number")?;
                let code = QueryCode(row.try_get("query_code")?);
                let terminal: String = row.try_get("terminal")?;
                let named = rating.case_number.as_ref();
                let belongs = terminal == rating.terminal.as_str()
                    && named.is_none_or(|named| {
                        let given = rating.query_code.as_ref();
                        named.as_str() == number
                            && given.is_some_and(|given| agrees(&code, given.as_str()))
                    });
                if !belongs {
                    return Ok(Rated::NotThisCase);
                }
                Some(CaseNumber(number))
            }
            // A number is given out with a case only.
            None if rating.case_number.is_some() => return Ok(Rated::NotThisCase),
            None => None,
        };
        if !before.is_empty() {
            return Ok(Rated::OtherwiseBefore);
        }
        if number.is_none() {
            let waiting: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM ratings WHERE terminal = $1 AND number IS NULL",
            )
            .bind(rating.terminal.as_str())
            .fetch_one(&mut *change)
            .await?;
            if waiting >= MOST_WAITING {
                return Ok(Rated::TooManyWaiting);
            }
        }
        let reasons = serde_json::to_string(&rating.reasons).map_err(|_| damaged("reasons"))?;
        sqlx::query(
            "INSERT INTO ratings (idempotency_key, fingerprint, case_key, number, terminal,
                 channel, satisfaction, reasons, rated_at, received_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&key)
        .bind(fingerprint)
        .bind(&case_key)
        .bind(number.as_ref().map(CaseNumber::as_str))
        .bind(rating.terminal.as_str())
        .bind(i64::from(rating.channel))
        .bind(i64::from(rating.satisfaction.standard_code()))
        .bind(reasons)
        .bind(rating.rated_at.to_string())
        .bind(now.to_string())
        .execute(&mut *change)
        .await?;
        change.commit().await?;
        Ok(match number {
            Some(_) => Rated::Kept,
            None => Rated::Waiting,
        })
    }
}
