//! The print ledger: what was meant to be printed, what was sent, and what is known to have come out.

use jiff::Timestamp;
use sqlx::Row;
use ulid::Ulid;

use super::Store;
use crate::filing::error::StoreError;

/// Which of the two slips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlipKind {
    /// 本机暂存: before the platform has answered.
    Local,
    /// With the official number.
    Official,
}

impl SlipKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Official => "official",
        }
    }
}

/// One printing that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintJob {
    /// Names this printing.
    pub id: Ulid,
    /// The case.
    pub case: Ulid,
    /// Which slip.
    pub slip: SlipKind,
    /// 0 for the first, n for 副本 n.
    pub copy: u32,
}

/// How a printing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintEnd {
    /// There is evidence that the paper came out.
    Confirmed,
    /// It may or may not have come out; never called done.
    Unconfirmed,
    /// Nothing was sent to the printer.
    Abandoned,
}

impl PrintEnd {
    fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Unconfirmed => "unconfirmed",
            Self::Abandoned => "abandoned",
        }
    }
}

impl Store {
    /// Notes that a slip is about to be printed, and which copy it is: every earlier one that may exist counts.
    pub(in crate::filing) async fn intend_print(
        &self,
        case: Ulid,
        slip: SlipKind,
        now: Timestamp,
    ) -> Result<PrintJob, StoreError> {
        let id = Ulid::generate();
        let mut tx = self.begin().await?;
        let copy: u32 = sqlx::query(
            "SELECT count(*) FROM print_job
             WHERE filed_case = ? AND slip = ? AND state IN ('sent', 'confirmed', 'unconfirmed')",
        )
        .bind(case.to_string())
        .bind(slip.as_str())
        .fetch_one(&mut *tx)
        .await?
        .get(0);
        sqlx::query("INSERT INTO print_job (id, filed_case, slip, copy, state, at) VALUES (?, ?, ?, ?, 'intended', ?)")
            .bind(id.to_string())
            .bind(case.to_string())
            .bind(slip.as_str())
            .bind(copy)
            .bind(now.as_millisecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(PrintJob {
            id,
            case,
            slip,
            copy,
        })
    }

    /// Notes that the first byte is about to go to the printer.
    pub(in crate::filing) async fn print_sent(&self, id: Ulid) -> Result<(), StoreError> {
        self.move_print(id, "intended", "sent").await
    }

    /// Notes how a printing ended.
    pub(in crate::filing) async fn end_print(
        &self,
        id: Ulid,
        end: PrintEnd,
    ) -> Result<(), StoreError> {
        let from = if end == PrintEnd::Abandoned {
            "intended"
        } else {
            "sent"
        };
        self.move_print(id, from, end.as_str()).await
    }

    /// After a restart: what was sent may have come out, what was only meant to be has not.
    pub(in crate::filing) async fn settle_prints(&self) -> Result<u64, StoreError> {
        let settled = sqlx::query(
            "UPDATE print_job SET state = CASE state WHEN 'sent' THEN 'unconfirmed' ELSE 'abandoned' END
             WHERE state IN ('intended', 'sent')",
        )
        .execute(&self.pool)
        .await?;
        Ok(settled.rows_affected())
    }

    async fn move_print(&self, id: Ulid, from: &str, to: &str) -> Result<(), StoreError> {
        let moved = sqlx::query("UPDATE print_job SET state = ? WHERE id = ? AND state = ?")
            .bind(to)
            .bind(id.to_string())
            .bind(from)
            .execute(&self.pool)
            .await?;
        if moved.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::NoSuchCase)
        }
    }
}
