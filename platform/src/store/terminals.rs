//! Terminals that are enrolled, and the keys they sign with.

use jiff::Timestamp;
use jinban_api::ids::{AreaCode, TerminalId};
use sqlx::Row;

use super::{Database, damaged};
use crate::crypto::TerminalKey;

/// A terminal as it is enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Which terminal.
    pub terminal: TerminalId,
    /// Division it stands in, 6 or 12 digits.
    pub area: AreaCode,
    /// Name of the place, for people.
    pub place: String,
}

/// A key of an enrolled terminal.
#[derive(Clone, Debug)]
pub struct EnrolledKey {
    /// Whose it is.
    pub terminal: Enrolled,
    /// The key.
    pub key: TerminalKey,
    /// True when nothing new is taken under it.
    pub revoked: bool,
}

impl Database {
    /// Enrols a terminal, or gives an enrolled one a new place or a further key. A key that was revoked stays so.
    pub async fn enrol(
        &self,
        enrolled: &Enrolled,
        key_id: &str,
        public_key_pem: &str,
        now: Timestamp,
    ) -> Result<(), EnrolError> {
        let mut change = self.change().await?;
        sqlx::query(
            "INSERT INTO terminals (id, area, place, enrolled_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET area = excluded.area, place = excluded.place",
        )
        .bind(enrolled.terminal.as_str())
        .bind(enrolled.area.as_str())
        .bind(&enrolled.place)
        .bind(now.to_string())
        .execute(&mut *change)
        .await?;
        sqlx::query(
            "INSERT INTO terminal_keys (key_id, terminal, public_key, enrolled_at)
             VALUES ($1, $2, $3, $4) ON CONFLICT (key_id) DO NOTHING",
        )
        .bind(key_id)
        .bind(enrolled.terminal.as_str())
        .bind(public_key_pem)
        .bind(now.to_string())
        .execute(&mut *change)
        .await?;
        let owner: String =
            sqlx::query_scalar("SELECT terminal FROM terminal_keys WHERE key_id = $1")
                .bind(key_id)
                .fetch_one(&mut *change)
                .await?;
        if owner != enrolled.terminal.as_str() {
            return Err(EnrolError::OtherTerminal(TerminalId(owner)));
        }
        change.commit().await?;
        Ok(())
    }

    /// The key with this id.
    pub async fn terminal_key(&self, key_id: &str) -> Result<Option<EnrolledKey>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT t.id, t.area, t.place, k.public_key, k.revoked_at
             FROM terminal_keys k JOIN terminals t ON t.id = k.terminal WHERE k.key_id = $1",
        )
        .bind(key_id)
        .fetch_optional(&self.read)
        .await?;
        row.map(|row| {
            let pem: String = row.try_get("public_key")?;
            let revoked_at: Option<String> = row.try_get("revoked_at")?;
            Ok(EnrolledKey {
                terminal: enrolled(&row)?,
                key: TerminalKey::from_pem(&pem).map_err(|_| damaged("public_key"))?,
                revoked: revoked_at.is_some(),
            })
        })
        .transpose()
    }

    /// True when a terminal with this id is enrolled.
    pub async fn is_enrolled(&self, terminal: &TerminalId) -> Result<bool, sqlx::Error> {
        sqlx::query("SELECT 1 FROM terminals WHERE id = $1")
            .bind(terminal.as_str())
            .fetch_optional(&self.read)
            .await
            .map(|row| row.is_some())
    }

    /// Every enrolled terminal with the ids of its keys that are in force.
    pub async fn terminals(&self) -> Result<Vec<(Enrolled, Vec<String>)>, sqlx::Error> {
        let mut terminals = Vec::new();
        let rows = sqlx::query("SELECT id, area, place FROM terminals ORDER BY id")
            .fetch_all(&self.read)
            .await?;
        for row in rows {
            let terminal = enrolled(&row)?;
            let keys = sqlx::query_scalar(
                "SELECT key_id FROM terminal_keys
                 WHERE terminal = $1 AND revoked_at IS NULL ORDER BY enrolled_at, key_id",
            )
            .bind(terminal.terminal.as_str())
            .fetch_all(&self.read)
            .await?;
            terminals.push((terminal, keys));
        }
        Ok(terminals)
    }

    /// Takes nothing new under this key from now on; false when there is no such key in force.
    pub async fn revoke(&self, key_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
        let done = sqlx::query(
            "UPDATE terminal_keys SET revoked_at = $2 WHERE key_id = $1 AND revoked_at IS NULL",
        )
        .bind(key_id)
        .bind(now.to_string())
        .execute(&self.write)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}

/// Why a terminal is not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// One key belongs to one terminal.
    #[error("this key already belongs to the terminal {0}")]
    OtherTerminal(TerminalId),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] sqlx::Error),
}

fn enrolled(row: &sqlx::any::AnyRow) -> Result<Enrolled, sqlx::Error> {
    Ok(Enrolled {
        terminal: TerminalId(row.try_get("id")?),
        area: AreaCode(row.try_get("area")?),
        place: row.try_get("place")?,
    })
}
