//! What can go wrong while keeping cases, in terms that a screen can explain.

use super::draft::Missing;
use super::state::Impossible;

/// The store of cases cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum FilingError {
    /// Another program of this terminal has it open.
    #[error("another terminal program is using {0}")]
    InUse(std::path::PathBuf),
    /// The folder cannot be made or written.
    #[error("the folder of cases cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// The store itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space is left.
    #[error("the disk is full")]
    DiskFull,
    /// The disk cannot be written.
    #[error("the disk cannot be written")]
    ReadOnly,
    /// Stored data cannot be read back.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// Anything else the store says.
    #[error("the store of cases failed: {0}")]
    Other(String),
    /// A case cannot take that step.
    #[error(transparent)]
    Impossible(#[from] Impossible),
    /// No such case.
    #[error("no such case")]
    NoSuchCase,
    /// Sealing or opening failed.
    #[error(transparent)]
    Vault(#[from] crate::vault::VaultError),
}

/// SQLite's primary result codes that people can do something about.
const SQLITE_READONLY: i64 = 8;
const SQLITE_CORRUPT: i64 = 11;
const SQLITE_FULL: i64 = 13;
const SQLITE_CANTOPEN: i64 = 14;
const SQLITE_NOTADB: i64 = 26;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<i64>().ok());
        match code.map(|code| code & 0xFF) {
            Some(SQLITE_FULL) => Self::DiskFull,
            Some(SQLITE_READONLY | SQLITE_CANTOPEN) => Self::ReadOnly,
            Some(SQLITE_CORRUPT | SQLITE_NOTADB) => Self::Damaged(error.to_string()),
            _ => Self::Other(error.to_string()),
        }
    }
}

/// A draft was not saved; the one in memory is untouched.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// No space is left. Site staff can help.
    #[error("the disk is full")]
    DiskFull,
    /// The disk cannot be written. A technician must look.
    #[error("the disk cannot be written")]
    ReadOnly,
    /// It has been submitted or thrown away meanwhile; there is nothing to save any more.
    #[error("the draft is no longer there to be saved")]
    Gone,
    /// Anything else.
    #[error("the draft could not be saved: {0}")]
    Other(String),
}

impl From<StoreError> for SaveError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            StoreError::ReadOnly => Self::ReadOnly,
            other => Self::Other(other.to_string()),
        }
    }
}

/// A case was not submitted; the draft is untouched.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Something is still missing.
    #[error("the draft is not complete")]
    Incomplete(Vec<Missing>),
    /// No space is left.
    #[error("the disk is full")]
    DiskFull,
    /// The disk cannot be written.
    #[error("the disk cannot be written")]
    ReadOnly,
    /// Anything else.
    #[error("the case could not be submitted: {0}")]
    Other(String),
}

impl From<StoreError> for SubmitError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            StoreError::ReadOnly => Self::ReadOnly,
            other => Self::Other(other.to_string()),
        }
    }
}
