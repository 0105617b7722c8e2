//! How cases go on: what has been done, and the next step.

use jiff::Timestamp;
use jinban_api::case::{CaseProgress, ProgressStep};
use jinban_api::ids::{CaseNumber, QueryCode};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Database, damaged};
use crate::state::OfficialState;

/// A case as staff see it in a list: nothing of the applicant.
#[derive(Clone, Debug)]
pub struct CaseLine {
    /// 办件编号.
    pub number: CaseNumber,
    /// 事项名称.
    pub guide_name: String,
    /// Where it stands.
    pub state: OfficialState,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Which terminal it came from.
    pub terminal: String,
}

/// Why a case does not move.
#[derive(Debug, thiserror::Error)]
pub enum AdvanceError {
    /// No such case.
    #[error("no such case")]
    NotFound,
    /// Not from the state in which it is.
    #[error("a case that is {} may become only: {}", .from.words(), list(*.from))]
    NotFromHere {
        /// Where it stands.
        from: OfficialState,
    },
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] sqlx::Error),
}

impl Database {
    /// Progress of a case, and the code that asks for it.
    pub async fn progress(
        &self,
        number: &str,
    ) -> Result<Option<(QueryCode, CaseProgress)>, sqlx::Error> {
        let mut snapshot = self.snapshot().await?;
        let Some(row) = sqlx::query(
            "SELECT number, guide_name, state, query_code, promised_by FROM cases WHERE number = $1",
        )
        .bind(number)
        .fetch_optional(&mut *snapshot)
        .await?
        else {
            return Ok(None);
        };
        let steps = sqlx::query(
            "SELECT state, at, remark FROM case_steps WHERE number = $1 ORDER BY position",
        )
        .bind(number)
        .fetch_all(&mut *snapshot)
        .await?;
        let timeline = steps
            .iter()
            .map(|step| {
                Ok(ProgressStep {
                    name: state(step)?.words().to_owned(),
                    at: time(step, "at")?,
                    remark: step.try_get("remark")?,
                })
            })
            .collect::<Result<_, sqlx::Error>>()?;
        let promised_by: Option<String> = row.try_get("promised_by")?;
        let progress = CaseProgress {
            case_number: CaseNumber(row.try_get("number")?),
            guide_name: row.try_get("guide_name")?,
            state: state(&row)?.words().to_owned(),
            timeline,
            promised_by: promised_by
                .map(|day| day.parse().map_err(|_| damaged("promised_by")))
                .transpose()?,
        };
        Ok(Some((QueryCode(row.try_get("query_code")?), progress)))
    }

    /// The latest cases, newest first.
    pub async fn latest_cases(&self, count: u32) -> Result<Vec<CaseLine>, sqlx::Error> {
        sqlx::query(
            "SELECT number, guide_name, state, received_at, terminal FROM cases
             ORDER BY received_at DESC, number DESC LIMIT $1",
        )
        .bind(i64::from(count))
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(|row| {
            Ok(CaseLine {
                number: CaseNumber(row.try_get("number")?),
                guide_name: row.try_get("guide_name")?,
                state: state(row)?,
                received_at: time(row, "received_at")?,
                terminal: row.try_get("terminal")?,
            })
        })
        .collect()
    }

    /// What was inside the envelope, as JSON.
    pub async fn case_content(&self, number: &str) -> Result<Option<String>, sqlx::Error> {
        sqlx::query_scalar("SELECT content FROM case_contents WHERE number = $1")
            .bind(number)
            .fetch_optional(&self.read)
            .await
    }

    /// Moves a case on: to `wanted`, or the ordinary way.
    pub async fn advance(
        &self,
        number: &str,
        wanted: Option<OfficialState>,
        remark: Option<&str>,
        now: Timestamp,
    ) -> Result<OfficialState, AdvanceError> {
        let mut change = self.change().await?;
        // Whoever moves the same case waits here.
        sqlx::query("UPDATE cases SET state = state WHERE number = $1")
            .bind(number)
            .execute(&mut *change)
            .await?;
        let row = sqlx::query("SELECT state FROM cases WHERE number = $1")
            .bind(number)
            .fetch_optional(&mut *change)
            .await?
            .ok_or(AdvanceError::NotFound)?;
        let from = state(&row)?;
        let to = from
            .next(wanted)
            .ok_or(AdvanceError::NotFromHere { from })?;
        sqlx::query("UPDATE cases SET state = $2 WHERE number = $1")
            .bind(number)
            .bind(to.code())
            .execute(&mut *change)
            .await?;
        sqlx::query(
            "INSERT INTO case_steps (number, position, state, at, remark)
             SELECT $1, MAX(position) + 1, $2, $3, $4 FROM case_steps WHERE number = $1",
        )
        .bind(number)
        .bind(to.code())
        .bind(now.to_string())
        .bind(remark)
        .execute(&mut *change)
        .await?;
        change.commit().await?;
        Ok(to)
    }
}

fn list(state: OfficialState) -> String {
    let words: Vec<_> = state.may_become().iter().map(|next| next.words()).collect();
    if words.is_empty() {
        "nothing".to_owned()
    } else {
        words.join(", ")
    }
}

fn state(row: &AnyRow) -> Result<OfficialState, sqlx::Error> {
    let code: String = row.try_get("state")?;
    OfficialState::parse(&code).ok_or_else(|| damaged("state"))
}

fn time(row: &AnyRow, column: &'static str) -> Result<Timestamp, sqlx::Error> {
    let text: String = row.try_get(column)?;
    text.parse().map_err(|_| damaged(column))
}
