//! The print ledger: what was meant to be printed, what was sent, and what the printer itself has
//! shown to have come out; so that after any restart nothing is called done that is not, nothing
//! is printed twice without saying so, and nothing that failed comes out for the next person.
//!
//! It knows documents by keys that mean nothing to a reader of the file, and nothing of what is
//! on them.

mod book;
mod file;
#[cfg(test)]
mod tests;

use std::io;

use serde::{Deserialize, Serialize};

pub use book::{Job, MemoryLedger};
pub use file::FileLedger;

/// Names a document whose printings belong together. Never a name, a number or anything else of a
/// person: the random key of a case will do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentKey(String);

/// The key is empty, too long, or has other characters than letters, digits, `.`, `_` and `-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a document key has 1 to 64 letters, digits, dots, dashes and underscores")]
pub struct BadDocumentKey;

impl TryFrom<String> for DocumentKey {
    type Error = BadDocumentKey;

    fn try_from(key: String) -> Result<Self, BadDocumentKey> {
        let fits = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        if (1..=64).contains(&key.len()) && key.chars().all(fits) {
            Ok(Self(key))
        } else {
            Err(BadDocumentKey)
        }
    }
}

impl From<DocumentKey> for String {
    fn from(key: DocumentKey) -> Self {
        key.0
    }
}

/// Names one printing, within one ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JobId(u64);

/// A printing that was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intent {
    /// Names it.
    pub job: JobId,
    /// 0 for the first printing of its document, n for 副本 n. Every earlier one that may be on
    /// paper counts.
    pub copy: u32,
}

/// How far a printing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Announced; the printer has seen nothing of it.
    Intended,
    /// Its first byte may have reached the printer.
    Sent,
    /// The printer showed that it came out.
    Confirmed,
    /// Sent as a whole, or for all we know; nobody can say whether it came out.
    Unconfirmed,
    /// It broke off. The printer may still hold some of it.
    Failed,
    /// It broke off, and what the printer held of it was cleared.
    Cleared,
    /// The printer never saw it.
    Abandoned,
}

impl JobState {
    /// Whether a printing may go from here to `next`.
    pub fn may_become(self, next: Self) -> bool {
        use JobState as S;
        matches!(
            (self, next),
            (S::Intended, S::Sent | S::Abandoned)
                | (
                    S::Sent,
                    S::Confirmed | S::Unconfirmed | S::Failed | S::Abandoned
                )
                | (S::Failed, S::Cleared)
        )
    }

    /// Whether some of it may be on paper in somebody's hands.
    pub fn may_be_on_paper(self) -> bool {
        !matches!(self, Self::Intended | Self::Abandoned)
    }

    /// Whether the printer may still hold some of it, so that it could come out later.
    pub fn may_be_in_printer(self) -> bool {
        matches!(self, Self::Sent | Self::Failed)
    }
}

/// Why the ledger could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file cannot be read or written.
    #[error("the print ledger cannot be kept: {0}")]
    Io(#[from] io::Error),
    /// There is no such printing, or it has come further already.
    #[error("job {0:?} cannot become {1:?}")]
    NoSuchStep(JobId, JobState),
}

/// Keeps account of the printings of one printer. What it has taken survives the program.
pub trait PrintLedger: Send {
    /// Announces a printing of a document, and tells which copy it will be.
    ///
    /// # Errors
    /// It could not be noted; then nothing must be printed.
    fn intend(&mut self, document: &DocumentKey) -> Result<Intent, LedgerError>;

    /// Notes how far a printing has come, before anything is done that depends on it.
    ///
    /// # Errors
    /// It could not be noted, or there is no such step.
    fn enter(&mut self, job: JobId, state: JobState) -> Result<(), LedgerError>;

    /// The printings of which the printer may still hold something.
    fn in_printer(&self) -> Vec<JobId>;

    /// The latest printings, the last one last.
    fn jobs(&self) -> Vec<Job>;
}
