//! Cases: taking one in, exactly once, under the next number of its division and day.

use jiff::Timestamp;
use jiff::civil::Date;
use jinban_api::case::{CaseReceipt, CaseSubmission};
use jinban_api::ids::{CaseNumber, QueryCode};
use sqlx::Row;
use ulid::Ulid;

use super::{Change, Database, damaged};
use crate::state::OfficialState;

/// The largest number of a day: six digits.
const LAST_OF_DAY: i64 = 999_999;

/// A case that was judged and may be taken in.
pub struct AcceptableCase<'a> {
    /// As it was handed in.
    pub submission: &'a CaseSubmission,
    /// What makes two submissions the same.
    pub fingerprint: &'a str,
    /// The submission digest, 64 hexadecimal digits.
    pub submission_digest: &'a str,
    /// 事项名称 of the guide version.
    pub guide_name: &'a str,
    /// [`jinban_api::case::CaseContent`] as JSON.
    pub content: &'a str,
    /// First six digits of the division.
    pub area: &'a str,
    /// Day of receipt, Asia/Shanghai.
    pub day: Date,
    /// Time of receipt, whole seconds.
    pub received_at: Timestamp,
    /// Day by which the promise falls due.
    pub promised_by: Option<Date>,
    /// 查询码, freshly made.
    pub query_code: QueryCode,
}

/// A case that is here already.
#[derive(Debug)]
pub struct StoredCase {
    /// What makes two submissions the same.
    pub fingerprint: String,
    /// The receipt as it was signed.
    pub receipt: CaseReceipt,
}

/// What taking in a case led to.
#[derive(Debug)]
pub enum Intake {
    /// It is here now, and durable.
    Taken(CaseReceipt),
    /// A case with this key was here before.
    KeyTaken(StoredCase),
    /// The same envelope is here under another key.
    EnvelopeTaken,
}

/// Why a case was not taken in although nothing is wrong with it.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] sqlx::Error),
    /// The numbers of the day are used up.
    #[error("the numbers of the day are used up")]
    NumbersUsedUp,
    /// The receipt could not be signed.
    #[error("the receipt could not be signed")]
    NotSigned,
}

impl Database {
    /// The case under this key.
    pub async fn case_by_key(&self, key: Ulid) -> Result<Option<StoredCase>, sqlx::Error> {
        let row = sqlx::query("SELECT fingerprint, receipt FROM cases WHERE idempotency_key = $1")
            .bind(key.to_string())
            .fetch_optional(&self.read)
            .await?;
        row.as_ref().map(stored_case).transpose()
    }

    /// Takes a case in. Number, receipt, content and first step are one change: all of it is durable when
    /// this returns, or none of it happened. `sign` completes the receipt.
    pub async fn take_in(
        &self,
        case: &AcceptableCase<'_>,
        sign: impl FnOnce(CaseNumber) -> Option<CaseReceipt> + Send,
    ) -> Result<Intake, IntakeError> {
        let key = case.submission.idempotency_key.to_string();
        let mut change = self.change().await?;
        if let Some(before) = taken_before(&mut change, &key, case.submission_digest).await? {
            return Ok(before);
        }
        let number = next_number(&mut change, case.area, case.day).await?;
        let receipt = sign(number.clone()).ok_or(IntakeError::NotSigned)?;
        if !insert_case(&mut change, case, &number, &receipt).await? {
            // Another process was faster; the number goes back.
            change.rollback().await?;
            let mut snapshot = self.snapshot().await?;
            let before = taken_before(&mut snapshot, &key, case.submission_digest).await?;
            return Ok(before.ok_or_else(|| damaged("idempotency_key"))?);
        }
        sqlx::query("INSERT INTO case_contents (number, content) VALUES ($1, $2)")
            .bind(number.as_str())
            .bind(case.content)
            .execute(&mut *change)
            .await?;
        for (position, page) in (0i64..).zip(&case.submission.pages) {
            sqlx::query(
                "INSERT INTO case_pages (number, position, digest, length) VALUES ($1, $2, $3, $4)",
            )
            .bind(number.as_str())
            .bind(position)
            .bind(page.digest.as_str())
            .bind(page.length.cast_signed())
            .execute(&mut *change)
            .await?;
        }
        sqlx::query("INSERT INTO case_steps (number, position, state, at) VALUES ($1, 0, $2, $3)")
            .bind(number.as_str())
            .bind(OfficialState::Submitted.code())
            .bind(case.received_at.to_string())
            .execute(&mut *change)
            .await?;
        change.commit().await?;
        Ok(Intake::Taken(receipt))
    }

    /// True when a case names this page.
    pub async fn is_page_named(&self, digest: &str) -> Result<bool, sqlx::Error> {
        sqlx::query("SELECT 1 FROM case_pages WHERE digest = $1")
            .bind(digest)
            .fetch_optional(&self.read)
            .await
            .map(|row| row.is_some())
    }
}

/// What is here already under this key, or of this envelope. Asked at once: between two questions another
/// process may take in the very case, and its own envelope would look like a stranger's.
async fn taken_before(
    change: &mut Change,
    key: &str,
    submission_digest: &str,
) -> Result<Option<Intake>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT idempotency_key, fingerprint, receipt FROM cases
         WHERE idempotency_key = $1 OR submission_digest = $2",
    )
    .bind(key)
    .bind(submission_digest)
    .fetch_all(&mut **change)
    .await?;
    for row in &rows {
        let stored: String = row.try_get("idempotency_key")?;
        if stored == key {
            return Ok(Some(Intake::KeyTaken(stored_case(row)?)));
        }
    }
    Ok((!rows.is_empty()).then_some(Intake::EnvelopeTaken))
}

/// The next 办件编号 of a division and day. If the change is not committed, the number was never given out.
async fn next_number(
    change: &mut Change,
    area: &str,
    day: Date,
) -> Result<CaseNumber, IntakeError> {
    let last: i64 = sqlx::query_scalar(
        "INSERT INTO number_series (area, day, last) VALUES ($1, $2, 1)
         ON CONFLICT (area, day) DO UPDATE SET last = number_series.last + 1 RETURNING last",
    )
    .bind(area)
    .bind(day.to_string())
    .fetch_one(&mut **change)
    .await?;
    if last > LAST_OF_DAY {
        return Err(IntakeError::NumbersUsedUp);
    }
    Ok(CaseNumber(format!(
        "{area}-{}-{last:06}",
        day.strftime("%Y%m%d")
    )))
}

/// False when its key or its envelope is there already.
async fn insert_case(
    change: &mut Change,
    case: &AcceptableCase<'_>,
    number: &CaseNumber,
    receipt: &CaseReceipt,
) -> Result<bool, sqlx::Error> {
    let submission = case.submission;
    let envelope = serde_json::to_string(&submission.envelope).map_err(|_| damaged("envelope"))?;
    let receipt = serde_json::to_string(receipt).map_err(|_| damaged("receipt"))?;
    let done = sqlx::query(
        "INSERT INTO cases (number, idempotency_key, fingerprint, submission_digest, terminal,
             local_number, guide, guide_version, guide_name, submitted_at, clock_trusted,
             received_at, query_code, promised_by, receipt, envelope, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         ON CONFLICT DO NOTHING",
    )
    .bind(number.as_str())
    .bind(submission.idempotency_key.to_string())
    .bind(case.fingerprint)
    .bind(case.submission_digest)
    .bind(submission.terminal.as_str())
    .bind(submission.local_number.as_str())
    .bind(submission.guide.as_str())
    .bind(i64::from(submission.guide_version))
    .bind(case.guide_name)
    .bind(submission.submitted_at.to_string())
    .bind(i64::from(submission.clock_trusted))
    .bind(case.received_at.to_string())
    .bind(case.query_code.as_str())
    .bind(case.promised_by.map(|day| day.to_string()))
    .bind(receipt)
    .bind(envelope)
    .bind(OfficialState::Submitted.code())
    .execute(&mut **change)
    .await?;
    Ok(done.rows_affected() > 0)
}

fn stored_case(row: &sqlx::any::AnyRow) -> Result<StoredCase, sqlx::Error> {
    let receipt: String = row.try_get("receipt")?;
    Ok(StoredCase {
        fingerprint: row.try_get("fingerprint")?,
        receipt: serde_json::from_str(&receipt).map_err(|_| damaged("receipt"))?,
    })
}
