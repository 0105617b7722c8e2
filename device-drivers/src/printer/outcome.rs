//! How a print job ended: confirmed, unconfirmed, or failed, and then how far it got.

use serde::Serialize;

use crate::status::{Fault, PaperState};

/// A job was sent as a whole. Whether it is on paper is another question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintOutcome {
    /// The printer showed that it has processed the last line and the cut.
    Confirmed {
        /// How it showed it.
        evidence: Evidence,
    },
    /// Nothing went wrong that we know of, but nothing shows that it went right: a person has to
    /// look at the paper.
    Unconfirmed {
        /// What is missing.
        reason: Unconfirmed,
    },
}

/// What shows that a receipt was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The reply to a question queued behind the cut.
    QueuedReply {
        /// What that reply says of the paper.
        paper: PaperState,
    },
    /// A page printer says that it completed the job.
    JobCompleted,
}

/// Why a job cannot be called done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unconfirmed {
    /// The printer answers nothing at all, or the line carries only what we send.
    NeverAnswers,
    /// The printer is well, but the question behind the cut was not answered.
    NoQueuedReply,
    /// The paper came to its end; the last lines may be missing.
    PaperEnded,
    /// Answers came that cannot be told from noise.
    Garbled,
    /// A page printer completed the job, and says that something went wrong on the way.
    CompletedWithErrors,
}

/// How far a failed job got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// The printer never saw it: it can be printed again without any mark.
    NothingSent,
    /// Some of it may be on paper.
    Interrupted {
        /// Rows, or pages, handed to the printer before it failed.
        rows: u32,
        /// Rows, or pages, of the whole job.
        of: u32,
    },
}

/// A job failed. What the printer still held of it was cleared, or will be before anything else is
/// printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("the receipt was not printed ({:?}: {})", fault.kind, fault.raw)]
pub struct PrintError {
    /// What is wrong and who has to act.
    pub fault: Fault,
    /// How far it got.
    pub progress: Progress,
}

impl PrintError {
    /// A failure before anything was sent.
    pub(crate) fn before(fault: Fault) -> Self {
        Self {
            fault,
            progress: Progress::NothingSent,
        }
    }
}
