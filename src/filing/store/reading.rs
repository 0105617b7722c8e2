//! Reading filed cases back: for their holder, and without anything personal for the command line.

use jiff::Timestamp;
use jinban_api::case::CaseReceipt;
use jinban_api::ids::{GuideId, LocalNumber};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use ulid::Ulid;

use super::cases::{receipt_belongs, slip_belongs};
use super::{Store, damaged, ulid};
use crate::filing::error::StoreError;
use crate::filing::state::{AttentionReason, LocalState};
use crate::filing::view::{CaseView, Official, OutboxSummary, SendFailure};
use crate::vault::HolderKey;

/// A case in the outbox as the command line shows it: nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutboxEntry {
    /// Its key for life.
    pub key: Ulid,
    /// 本机暂存号.
    pub local_number: LocalNumber,
    /// The guide it is filed under.
    pub guide: GuideId,
    /// 事项名称.
    pub guide_name: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// `queued`, `sending`, `acknowledged`, `attention` or `withdrawn`.
    pub state: String,
    /// Why it needs a person.
    pub attention: Option<AttentionReason>,
    /// How often sending was tried.
    pub attempts: u32,
    /// Why the last attempt did not succeed.
    pub last_error: Option<SendFailure>,
    /// Pages that still wait here.
    pub pages: u32,
    /// Bytes that still wait here.
    pub bytes: u64,
}

const COLUMNS: &str =
    "key, guide, guide_version, guide_name, local_number, submitted_at, clock_trusted, state,
    attention, attempts, last_error, slip, receipt";

impl Store {
    /// A case as it stands.
    pub(in crate::filing) async fn case(&self, key: Ulid) -> Result<Option<CaseView>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM filed_case WHERE key = ?"));
        let row = sqlx::query(sql)
            .bind(key.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(|row| self.view(row)).transpose()
    }

    /// The holder's cases, newest first.
    pub(in crate::filing) async fn cases_of(
        &self,
        holder: &HolderKey,
    ) -> Result<Vec<CaseView>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM filed_case WHERE holder = ? ORDER BY submitted_at DESC"
        ));
        let rows = sqlx::query(sql)
            .bind(holder.as_bytes().to_vec())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| self.view(row)).collect()
    }

    /// Every case that is not yet done, oldest first, without personal data.
    pub(in crate::filing) async fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        outbox(&self.pool, None).await
    }

    /// How many cases stand where.
    pub(in crate::filing) async fn counts(&self) -> Result<OutboxSummary, StoreError> {
        let rows = sqlx::query("SELECT state, count(*) FROM filed_case GROUP BY state")
            .fetch_all(&self.pool)
            .await?;
        let mut summary = OutboxSummary::default();
        for row in rows {
            let count = row.get::<i64, _>(1) as usize;
            match row.get::<&str, _>(0) {
                "queued" => summary.queued = count,
                "sending" => summary.sending = count,
                "attention" => summary.attention = count,
                _ => {}
            }
        }
        Ok(summary)
    }

    fn view(&self, row: &SqliteRow) -> Result<CaseView, StoreError> {
        let key = ulid(row.get("key"))?;
        let slip = self.vault.open_local(&slip_belongs(key), row.get("slip"))?;
        let official = match row.get::<Option<&[u8]>, _>("receipt") {
            None => None,
            Some(sealed) => {
                let json = self.vault.open_local(&receipt_belongs(key), sealed)?;
                let receipt: CaseReceipt = serde_json::from_slice(&json)
                    .map_err(|_| damaged("a receipt cannot be read"))?;
                Some(Official {
                    number: receipt.case_number,
                    query_code: receipt.query_code,
                    received_at: receipt.received_at,
                    promised_by: receipt.promised_by,
                })
            }
        };
        Ok(CaseView {
            key,
            guide: row.get::<String, _>("guide").into(),
            guide_version: row.get("guide_version"),
            guide_name: row.get("guide_name"),
            local_number: row.get::<String, _>("local_number").into(),
            submitted_at: timestamp(row.get("submitted_at"))?,
            clock_trusted: row.get("clock_trusted"),
            state: state(row)?,
            attempts: row.get("attempts"),
            last_error: row
                .get::<Option<&str>, _>("last_error")
                .and_then(SendFailure::from_name),
            official,
            slip: serde_json::from_slice(&slip).map_err(|_| damaged("a slip cannot be read"))?,
        })
    }
}

/// Cases that are not yet done, or the one asked for whatever its state.
pub(in crate::filing) async fn outbox(
    pool: &sqlx::SqlitePool,
    key: Option<Ulid>,
) -> Result<Vec<OutboxEntry>, StoreError> {
    let rows = sqlx::query(
        "SELECT key, local_number, guide, guide_name, submitted_at, state, attention, attempts, last_error,
             (SELECT count(*) FROM case_page WHERE filed_case = key) AS pages,
             (SELECT coalesce(sum(length(body)), 0) FROM case_page WHERE filed_case = key)
                 + coalesce(length(envelope), 0) AS bytes
         FROM filed_case
         WHERE CASE WHEN ?1 IS NULL THEN state IN ('queued', 'sending', 'attention') ELSE key = ?1 END
         ORDER BY submitted_at",
    )
    .bind(key.map(|key| key.to_string()))
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(OutboxEntry {
                key: ulid(row.get("key"))?,
                local_number: row.get::<String, _>("local_number").into(),
                guide: row.get::<String, _>("guide").into(),
                guide_name: row.get("guide_name"),
                submitted_at: timestamp(row.get("submitted_at"))?,
                state: row.get("state"),
                attention: row
                    .get::<Option<&str>, _>("attention")
                    .map(AttentionReason::from_name),
                attempts: row.get("attempts"),
                last_error: row
                    .get::<Option<&str>, _>("last_error")
                    .and_then(SendFailure::from_name),
                pages: row.get("pages"),
                bytes: row.get::<i64, _>("bytes") as u64,
            })
        })
        .collect()
}

pub(super) fn timestamp(text: &str) -> Result<Timestamp, StoreError> {
    text.parse().map_err(|_| damaged("a time is not a time"))
}

pub(super) fn stored(state: LocalState) -> (&'static str, Option<&'static str>) {
    match state {
        // A draft never stands among the cases; the constraint of the table would refuse it.
        LocalState::Draft => ("draft", None),
        LocalState::Queued { .. } => ("queued", None),
        LocalState::Sending => ("sending", None),
        LocalState::Acknowledged => ("acknowledged", None),
        LocalState::NeedsAttention(reason) => ("attention", Some(reason.as_str())),
        LocalState::Withdrawn => ("withdrawn", None),
    }
}

pub(super) fn state(row: &SqliteRow) -> Result<LocalState, StoreError> {
    Ok(match row.get("state") {
        "queued" => LocalState::Queued {
            tried: row.get::<i64, _>("attempts") > 0,
        },
        "sending" => LocalState::Sending,
        "acknowledged" => LocalState::Acknowledged,
        "withdrawn" => LocalState::Withdrawn,
        "attention" => {
            let reason = row.get::<Option<&str>, _>("attention").unwrap_or_default();
            LocalState::NeedsAttention(AttentionReason::from_name(reason))
        }
        _ => return Err(damaged("a case is in no known state")),
    })
}
