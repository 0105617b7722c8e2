//! The local life of a case: the states it can be in on this terminal, and the only ways between them.

use jinban_api::problem::ProblemKind;
use serde::{Deserialize, Serialize};

/// Where a case stands on this terminal. Never to be confused with the official state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LocalState {
    /// Being filled in.
    Draft,
    /// Sealed and waiting. `tried` once an attempt has begun: from then on the platform may already have it.
    Queued {
        /// True once anything was sent.
        tried: bool,
    },
    /// An attempt is under way. After a crash it counts as failed, never as sent.
    Sending,
    /// The platform's receipt is here and verifies.
    Acknowledged,
    /// The platform said no; a person must act.
    NeedsAttention(AttentionReason),
    /// Taken back before anything was sent, or after the platform refused it.
    Withdrawn,
}

/// What happens to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occurrence {
    /// The person pressed submit.
    Submitted,
    /// An attempt begins.
    AttemptBegan,
    /// The attempt ended without an answer that counts, or the terminal lost power during it.
    AttemptFailed,
    /// A receipt that verifies came back.
    ReceiptVerified,
    /// The platform refused it.
    Refused(AttentionReason),
    /// A person, or the passing of time, puts it back in the queue.
    PutBack,
    /// The person takes it back.
    TakenBack,
}

/// This cannot happen to a case in that state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{occurrence:?} cannot happen to a case that is {state:?}")]
pub struct Impossible {
    /// Where the case stands.
    pub state: LocalState,
    /// What was to happen.
    pub occurrence: Occurrence,
}

impl LocalState {
    /// The one transition function.
    ///
    /// # Errors
    /// [`Impossible`], leaving everything as it was.
    pub fn after(self, occurrence: Occurrence) -> Result<Self, Impossible> {
        use LocalState as S;
        use Occurrence as O;
        Ok(match (self, occurrence) {
            (S::Draft, O::Submitted) => S::Queued { tried: false },
            (S::Queued { .. }, O::AttemptBegan) => S::Sending,
            (S::Sending, O::AttemptFailed) | (S::NeedsAttention(_), O::PutBack) => {
                S::Queued { tried: true }
            }
            (S::Sending, O::ReceiptVerified) => S::Acknowledged,
            (S::Sending, O::Refused(reason)) => S::NeedsAttention(reason),
            (S::Draft | S::Queued { tried: false } | S::NeedsAttention(_), O::TakenBack) => {
                S::Withdrawn
            }
            (state, occurrence) => return Err(Impossible { state, occurrence }),
        })
    }

    /// True when nothing can happen to it any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Acknowledged | Self::Withdrawn)
    }
}

/// Why a case needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttentionReason {
    /// The platform does not know this terminal, or not its key.
    TerminalUnknown,
    /// The platform cannot open the envelope: this terminal was set up with another key.
    EnvelopeUnreadable,
    /// The matter is no longer taken in this version.
    GuideNoLongerTaken,
    /// The answers do not fit the form that the platform has.
    AnswersRefused,
    /// The platform has other content under the same key.
    KeyReused,
    /// Larger than the platform takes.
    TooLarge,
    /// The platform finds the submission malformed.
    Malformed,
    /// What was stored here was damaged before it could be sent.
    StoredDamaged,
    /// The platform refused it for a reason this program does not know.
    Other,
}

/// What a person can do about a case that needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WayOn {
    /// A technician puts the terminal or the platform right; the case then goes by itself.
    Technician,
    /// The person files again at this terminal, with the guide as it is now.
    FileAgain,
    /// The person takes the originals to a window.
    Window,
}

impl AttentionReason {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::TerminalUnknown,
        Self::EnvelopeUnreadable,
        Self::GuideNoLongerTaken,
        Self::AnswersRefused,
        Self::KeyReused,
        Self::TooLarge,
        Self::Malformed,
        Self::StoredDamaged,
        Self::Other,
    ];

    /// What can be done about it.
    pub fn way_on(self) -> WayOn {
        match self {
            Self::TerminalUnknown
            | Self::EnvelopeUnreadable
            | Self::KeyReused
            | Self::Malformed => WayOn::Technician,
            Self::GuideNoLongerTaken | Self::AnswersRefused | Self::StoredDamaged => {
                WayOn::FileAgain
            }
            Self::TooLarge | Self::Other => WayOn::Window,
        }
    }

    /// Stable name, for storing and for the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TerminalUnknown => "terminal-unknown",
            Self::EnvelopeUnreadable => "envelope-unreadable",
            Self::GuideNoLongerTaken => "guide-no-longer-taken",
            Self::AnswersRefused => "answers-refused",
            Self::KeyReused => "key-reused",
            Self::TooLarge => "too-large",
            Self::Malformed => "malformed",
            Self::StoredDamaged => "stored-damaged",
            Self::Other => "other",
        }
    }

    /// The reason of that name; unknown names are [`Self::Other`].
    pub fn from_name(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|reason| reason.as_str() == name)
            .unwrap_or(Self::Other)
    }

    /// Why a case needs attention after the platform answered with this problem; none when the same case
    /// may go through later without anybody doing anything.
    pub fn of_problem(kind: ProblemKind) -> Option<Self> {
        Some(match kind {
            ProblemKind::Malformed => Self::Malformed,
            ProblemKind::TerminalUnknown => Self::TerminalUnknown,
            ProblemKind::EnvelopeUnreadable => Self::EnvelopeUnreadable,
            ProblemKind::GuideUnknown => Self::GuideNoLongerTaken,
            ProblemKind::AnswersInvalid => Self::AnswersRefused,
            ProblemKind::KeyReused => Self::KeyReused,
            ProblemKind::TooLarge => Self::TooLarge,
            ProblemKind::CaseNotFound | ProblemKind::AlreadyRated | ProblemKind::Other => {
                Self::Other
            }
            ProblemKind::PagesMissing
            | ProblemKind::DigestMismatch
            | ProblemKind::TooManyAttempts
            | ProblemKind::Unavailable => {
                return None;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use proptest::prelude::*;

    use super::*;

    const R: AttentionReason = AttentionReason::Other;

    fn occurrences() -> [Occurrence; 7] {
        use Occurrence as O;
        [
            O::Submitted,
            O::AttemptBegan,
            O::AttemptFailed,
            O::ReceiptVerified,
            O::Refused(R),
            O::PutBack,
            O::TakenBack,
        ]
    }

    #[test]
    fn the_table_is_complete() {
        use LocalState as S;
        let fresh = Some(S::Queued { tried: false });
        let tried = Some(S::Queued { tried: true });
        let sending = Some(S::Sending);
        let done = Some(S::Acknowledged);
        let held = Some(S::NeedsAttention(R));
        let gone = Some(S::Withdrawn);
        // Columns: submitted, began, failed, receipt, refused, put back, taken back.
        let table = [
            (S::Draft, [fresh, None, None, None, None, None, gone]),
            (
                S::Queued { tried: false },
                [None, sending, None, None, None, None, gone],
            ),
            (
                S::Queued { tried: true },
                [None, sending, None, None, None, None, None],
            ),
            (S::Sending, [None, None, tried, done, held, None, None]),
            (
                S::NeedsAttention(R),
                [None, None, None, None, None, tried, gone],
            ),
            (S::Acknowledged, [None; 7]),
            (S::Withdrawn, [None; 7]),
        ];
        for (state, row) in table {
            for (occurrence, expected) in occurrences().into_iter().zip(row) {
                assert_eq!(
                    state.after(occurrence).ok(),
                    expected,
                    "{state:?} {occurrence:?}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn what_may_have_been_sent_is_never_silently_taken_back(steps in prop::collection::vec(0usize..7, 0..40)) {
            let mut state = LocalState::Draft;
            let (mut may_be_there, mut refused) = (false, false);
            for step in steps {
                let occurrence = occurrences()[step];
                let Ok(next) = state.after(occurrence) else { continue };
                match occurrence {
                    Occurrence::AttemptBegan => (may_be_there, refused) = (true, false),
                    Occurrence::Refused(_) => refused = true,
                    Occurrence::PutBack => refused = false,
                    Occurrence::TakenBack => prop_assert!(!may_be_there || refused),
                    _ => {}
                }
                if state.is_final() {
                    prop_assert_eq!(state, next);
                }
                state = next;
            }
        }
    }

    #[test]
    fn names_of_reasons_come_back() {
        for reason in AttentionReason::ALL {
            assert_eq!(AttentionReason::from_name(reason.as_str()), reason);
        }
        assert_eq!(
            AttentionReason::from_name("something newer"),
            AttentionReason::Other
        );
    }
}
