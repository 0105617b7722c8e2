//! What the rest of the terminal sees of filed cases.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jinban_api::ids::{CaseNumber, GuideId, LocalNumber, QueryCode};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::state::{AttentionReason, LocalState};
use crate::vault::audit::{self, AuditEvent};

/// A case that has just been put in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedCase {
    /// Its key for life.
    pub key: Ulid,
    /// 本机暂存号, for the first receipt.
    pub local_number: LocalNumber,
    /// When it was submitted.
    pub submitted_at: Timestamp,
}

/// A filed case as it stands on this terminal.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseView {
    /// Its key for life.
    pub key: Ulid,
    /// The guide that was pinned.
    pub guide: GuideId,
    /// Its version.
    pub guide_version: u32,
    /// 事项名称.
    pub guide_name: String,
    /// 本机暂存号.
    pub local_number: LocalNumber,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// False when the terminal did not trust its clock then.
    pub clock_trusted: bool,
    /// Where it stands here.
    pub state: LocalState,
    /// How often sending was tried.
    pub attempts: u32,
    /// Why the last attempt did not succeed.
    pub last_error: Option<SendFailure>,
    /// What the platform gave it, once it did.
    pub official: Option<Official>,
    /// What goes on its receipt.
    pub slip: SlipFacts,
}

/// The platform's word: number and second secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Official {
    /// 办件编号.
    pub number: CaseNumber,
    /// 查询码.
    pub query_code: QueryCode,
    /// RFC 3339, as the platform wrote it.
    pub received_at: String,
    /// Day by which the promise falls due, where it can be told.
    pub promised_by: Option<Date>,
}

impl fmt::Debug for Official {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Official")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// What a receipt says about the person and what they handed in; already masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipFacts {
    /// 申请人, masked.
    pub applicant: String,
    /// 公民身份号码, masked.
    pub id_number: String,
    /// Materials in the order of the guide.
    pub materials: Vec<SlipMaterial>,
    /// 承诺办结时限 of the guide.
    pub promised_time: Option<jinban_api::guide::TimeLimit>,
    /// 咨询电话 of the guide.
    pub consult_phone: String,
}

impl fmt::Debug for SlipFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlipFacts({} materials)", self.materials.len())
    }
}

/// One material on a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipMaterial {
    /// 材料名称.
    pub name: String,
    /// How it was taken in.
    pub how: SlipHow,
}

/// How a material was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlipHow {
    /// So many pages were captured.
    Pages(u32),
    /// Read from the card.
    Card,
    /// Made from the form.
    Form,
    /// The department fetches it.
    Shared,
    /// To be brought later.
    Promised,
    /// The original goes to a window.
    Window,
}

/// Why an attempt to send did not succeed; the next may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SendFailure {
    /// No connection.
    Unreachable,
    /// No answer in time.
    Slow,
    /// The platform says it is in trouble.
    PlatformInTrouble,
    /// Something that is not the platform answered, a login page for example.
    NotThePlatform,
    /// An answer that looks like a receipt but does not verify.
    ReceiptDoubtful,
    /// The terminal stopped during the attempt.
    Interrupted,
    /// What is stored here could not be read just now.
    Storage,
}

impl SendFailure {
    const ALL: [Self; 7] = [
        Self::Unreachable,
        Self::Slow,
        Self::PlatformInTrouble,
        Self::NotThePlatform,
        Self::ReceiptDoubtful,
        Self::Interrupted,
        Self::Storage,
    ];

    /// Stable name, for storing and for the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Slow => "slow",
            Self::PlatformInTrouble => "platform-in-trouble",
            Self::NotThePlatform => "not-the-platform",
            Self::ReceiptDoubtful => "receipt-doubtful",
            Self::Interrupted => "interrupted",
            Self::Storage => "storage",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|failure| failure.as_str() == name)
    }
}

/// How full the outbox is. Shown in the status bar and to technicians; without personal data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxSummary {
    /// Waiting to be sent.
    pub queued: usize,
    /// Being sent now.
    pub sending: usize,
    /// Needing a person.
    pub attention: usize,
    /// Why the last attempt of all failed; none after a success.
    pub last_error: Option<SendFailure>,
}

/// Something happened to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilingEvent {
    /// It was put in the queue.
    Queued {
        /// Which case.
        key: Ulid,
    },
    /// An attempt began.
    Sending {
        /// Which case.
        key: Ulid,
    },
    /// An attempt failed; another will follow.
    AttemptFailed {
        /// Which case.
        key: Ulid,
        /// Why.
        failure: SendFailure,
    },
    /// The platform's receipt is here and verifies.
    Acknowledged {
        /// Which case.
        key: Ulid,
        /// 办件编号.
        number: CaseNumber,
    },
    /// The platform refused it.
    NeedsAttention {
        /// Which case.
        key: Ulid,
        /// Why.
        reason: AttentionReason,
    },
    /// The person took it back.
    Withdrawn {
        /// Which case.
        key: Ulid,
    },
}

impl FilingEvent {
    /// As it stands in the audit log. An attempt is noted when it has ended.
    pub(super) fn for_audit(&self) -> Option<AuditEvent> {
        let case = self.key();
        match self {
            Self::Queued { .. } => Some(AuditEvent::CaseQueued { case }),
            Self::Sending { .. } => None,
            Self::AttemptFailed { failure, .. } => Some(AuditEvent::CaseAttemptFailed {
                case,
                reason: audit::word(failure),
            }),
            Self::Acknowledged { number, .. } => Some(AuditEvent::CaseAcknowledged {
                case,
                number: number.clone(),
            }),
            Self::NeedsAttention { reason, .. } => Some(AuditEvent::CaseNeedsAttention {
                case,
                reason: audit::word(reason),
            }),
            Self::Withdrawn { .. } => Some(AuditEvent::CaseWithdrawn { case }),
        }
    }

    /// The case it happened to.
    pub fn key(&self) -> Ulid {
        match self {
            Self::Queued { key }
            | Self::Sending { key }
            | Self::AttemptFailed { key, .. }
            | Self::Acknowledged { key, .. }
            | Self::NeedsAttention { key, .. }
            | Self::Withdrawn { key } => *key,
        }
    }
}
