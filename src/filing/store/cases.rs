//! Filed cases: the one transaction that makes them, and the one way their state changes.

use jiff::Timestamp;
use jinban_api::case::CaseReceipt;
use jinban_api::ids::AreaCode;
use sqlx::{Row, Sqlite, Transaction};
use ulid::Ulid;

use super::Store;
use super::reading::{state, stored, timestamp};
use crate::filing::content::SealedCase;
use crate::filing::draft::Draft;
use crate::filing::error::StoreError;
use crate::filing::local_number::{day_in_china, local_number};
use crate::filing::state::{LocalState, Occurrence};
use crate::filing::view::{QueuedCase, SendFailure};

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

pub(super) fn slip_belongs(key: Ulid) -> String {
    format!("case/{key}/slip")
}

pub(super) fn receipt_belongs(key: Ulid) -> String {
    format!("case/{key}/receipt")
}

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
