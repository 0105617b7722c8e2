//! Filed cases: the one transaction that makes them, and the one way their state changes.

use jiff::Timestamp;
use jinban_api::case::CaseReceipt;
use jinban_api::ids::{AreaCode, CaseNumber, GuideId, LocalNumber};
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};
use ulid::Ulid;

use super::{Store, damaged, ulid};
use crate::filing::content::SealedCase;
use crate::filing::draft::Draft;
use crate::filing::error::StoreError;
use crate::filing::local_number::{day_in_china, local_number};
use crate::filing::state::{AttentionReason, LocalState, Occurrence};
use crate::filing::view::{CaseView, Official, OutboxSummary, QueuedCase, SendFailure};
use crate::vault::HolderKey;

/// Where and by which terminal a case is filed.
pub(in crate::filing) struct Filer<'a> {
    pub village: &'a AreaCode,
    pub now: Timestamp,
    pub clock_trusted: bool,
}

/// A sealed case together with the draft it was made from.
pub(in crate::filing) struct NewCase<'a> {
    pub draft: &'a Draft,
    pub sealed: &'a SealedCase,
}

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

pub(super) fn slip_belongs(key: Ulid) -> String {
    format!("case/{key}/slip")
}

pub(super) fn receipt_belongs(key: Ulid) -> String {
    format!("case/{key}/receipt")
}

const COLUMNS: &str =
    "key, guide, guide_version, guide_name, local_number, submitted_at, clock_trusted, state,
    attention, attempts, last_error, slip, receipt";

impl Store {
    /// Turns a draft into a queued case, in one transaction. Doing it again gives the same case again.
    pub(in crate::filing) async fn queue(
        &self,
        case: NewCase<'_>,
        filer: Filer<'_>,
    ) -> Result<QueuedCase, StoreError> {
        let NewCase { draft, sealed } = case;
        let key = draft.key();
        LocalState::Draft.after(Occurrence::Submitted)?;
        let slip = serde_json::to_vec(&sealed.slip)
            .map_err(|error| StoreError::Other(error.to_string()))?;
        let slip = self.vault.seal_local(&slip_belongs(key), &slip)?;
        let envelope = serde_json::to_string(&sealed.envelope)
            .map_err(|error| StoreError::Other(error.to_string()))?;
        let holder = draft.applicant().map(|applicant| {
            self.vault
                .holder_key(&applicant.id_number)
                .as_bytes()
                .to_vec()
        });
        let day = day_in_china(filer.now);

        let mut tx = self.begin().await?;
        if let Some(known) = queued_before(&mut tx, key).await? {
            return Ok(known);
        }
        let sequence: i64 = sqlx::query(
            "INSERT INTO day_sequence (day, last) VALUES (?, 1)
             ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last",
        )
        .bind(day.to_string())
        .fetch_one(&mut *tx)
        .await?
        .get(0);
        let number = local_number(
            filer.village,
            day,
            u32::try_from(sequence).unwrap_or(u32::MAX),
        );
        sqlx::query(
            "INSERT INTO filed_case (key, guide, guide_version, guide_name, holder, local_number, local_day,
                 submitted_at, clock_trusted, state, digest, envelope, slip)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)",
        )
        .bind(key.to_string())
        .bind(draft.guide().id.as_str())
        .bind(i64::from(draft.guide().version))
        .bind(&draft.guide().name)
        .bind(holder)
        .bind(number.as_str())
        .bind(day.to_string())
        .bind(filer.now.to_string())
        .bind(filer.clock_trusted)
        .bind(&sealed.digest)
        .bind(envelope)
        .bind(slip)
        .execute(&mut *tx)
        .await?;
        for (position, page) in (0_i64..).zip(&sealed.pages) {
            sqlx::query(
                "INSERT INTO case_page (filed_case, position, digest, body) VALUES (?, ?, ?, ?)",
            )
            .bind(key.to_string())
            .bind(position)
            .bind(page.page.digest.as_str())
            .bind(&page.body)
            .execute(&mut *tx)
            .await?;
        }
        sqlx::query("DELETE FROM draft WHERE key = ?")
            .bind(key.to_string())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(QueuedCase {
            key,
            local_number: number,
            submitted_at: filer.now,
        })
    }

    /// Lets something happen to a case. What it leaves behind is settled in the same transaction.
    pub(in crate::filing) async fn happen(
        &self,
        key: Ulid,
        occurrence: Occurrence,
        failure: Option<SendFailure>,
        receipt: Option<&CaseReceipt>,
    ) -> Result<LocalState, StoreError> {
        let receipt = match receipt {
            None => None,
            Some(receipt) => {
                let json = serde_json::to_vec(receipt)
                    .map_err(|error| StoreError::Other(error.to_string()))?;
                Some(self.vault.seal_local(&receipt_belongs(key), &json)?)
            }
        };
        let mut tx = self.begin().await?;
        let row = sqlx::query("SELECT state, attention, attempts FROM filed_case WHERE key = ?")
            .bind(key.to_string())
            .fetch_optional(&mut *tx)
            .await?
            .ok_or(StoreError::NoSuchCase)?;
        let next = state(&row)?.after(occurrence)?;
        let (name, attention) = stored(next);
        sqlx::query(
            "UPDATE filed_case SET state = ?1, attention = ?2, last_error = CASE WHEN ?4 THEN last_error ELSE ?3 END,
                 receipt = coalesce(?5, receipt),
                 attempts = attempts + ?4, envelope = CASE WHEN ?6 THEN NULL ELSE envelope END
             WHERE key = ?7",
        )
        .bind(name)
        .bind(attention)
        .bind(failure.map(SendFailure::as_str))
        .bind(occurrence == Occurrence::AttemptBegan)
        .bind(receipt)
        .bind(next.is_final())
        .bind(key.to_string())
        .execute(&mut *tx)
        .await?;
        if next.is_final() {
            sqlx::query("DELETE FROM case_page WHERE filed_case = ?")
                .bind(key.to_string())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(next)
    }

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

    /// The official number and query code of a case, once it has them.
    pub(in crate::filing) async fn official(
        &self,
        key: Ulid,
    ) -> Result<Option<(CaseNumber, Official)>, StoreError> {
        let official = self.case(key).await?.and_then(|case| case.official);
        Ok(official.map(|official| (official.number.clone(), official)))
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

async fn queued_before(
    tx: &mut Transaction<'_, Sqlite>,
    key: Ulid,
) -> Result<Option<QueuedCase>, StoreError> {
    let row = sqlx::query("SELECT local_number, submitted_at FROM filed_case WHERE key = ?")
        .bind(key.to_string())
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| {
        Ok(QueuedCase {
            key,
            local_number: row.get::<String, _>(0).into(),
            submitted_at: timestamp(row.get(1))?,
        })
    })
    .transpose()
}

pub(super) fn timestamp(text: &str) -> Result<Timestamp, StoreError> {
    text.parse().map_err(|_| damaged("a time is not a time"))
}

fn stored(state: LocalState) -> (&'static str, Option<&'static str>) {
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

fn state(row: &SqliteRow) -> Result<LocalState, StoreError> {
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
