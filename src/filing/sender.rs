//! The background task that brings every queued case to the platform, however long that takes.

use std::sync::Arc;
use std::time::Duration;

use jinban_api::case::CaseReceipt;
use jinban_api::ids::ContentDigest;
use jinban_api::problem::ProblemKind;
use tokio::time::Instant;
use ulid::Ulid;

use super::error::StoreError;
use super::rating_sender::RatingClock;
use super::schedule::{Next, Schedule};
use super::shared::Shared;
use super::state::{AttentionReason, Occurrence};
use super::view::{FilingEvent, SendFailure};
use crate::platform::PlatformError;
use crate::vault::sm3_hex;

/// Pause after the store itself failed.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// Runs until it is aborted.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut schedule = Schedule::default();
    let mut ratings = RatingClock::default();
    let mut reachability = shared.client.reachability();
    let mut reachable = false;
    loop {
        let wake_at = match step(&shared, &mut schedule, &mut ratings).await {
            Ok(Step::Again) => continue,
            Ok(Step::Until(due)) => due,
            Err(error) => {
                tracing::warn!(%error, "the outbox cannot be read just now");
                Some(Instant::now() + STORE_PAUSE)
            }
        };
        let due = async {
            match wake_at {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = due => {}
            () = shared.wake.notified() => {}
            changed = reachability.changed() => {
                let seen = *reachability.borrow_and_update();
                if changed.is_ok() && seen.is_reachable() && !reachable {
                    schedule.hurry();
                    ratings.hurry();
                }
                reachable = seen.is_reachable();
                if let crate::platform::Reachability::Reachable { platform_time } = seen {
                    shared.clock.compare(platform_time);
                }
            }
        }
    }
}

enum Step {
    Again,
    Until(Option<Instant>),
}

async fn step(
    shared: &Shared,
    schedule: &mut Schedule,
    ratings: &mut RatingClock,
) -> Result<Step, StoreError> {
    // Nothing is being sent at this point: whatever says so was cut off before its end could be noted.
    for key in shared.store.interrupted().await? {
        fail(shared, key, SendFailure::Interrupted).await?;
    }
    let waiting = shared.store.waiting().await?;
    let cases_due = match schedule.next(&waiting, Instant::now()) {
        Next::Now(key) => {
            if attempt(shared, key).await? == Attempt::TryAgain {
                schedule.failed(key, shared.config.pace, Instant::now(), chance());
            }
            return Ok(Step::Again);
        }
        Next::At(due) => Some(due),
        Next::Nothing => None,
    };
    let ratings_due = ratings.send_due(shared).await?;
    Ok(Step::Until(cases_due.into_iter().chain(ratings_due).min()))
}

/// How an attempt left a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attempt {
    /// Acknowledged, or waiting for a person.
    Settled,
    /// Waiting for another attempt.
    TryAgain,
}

/// Tries one case. The attempt is on the disk before the first byte leaves.
async fn attempt(shared: &Shared, key: Ulid) -> Result<Attempt, StoreError> {
    shared
        .store
        .happen(key, Occurrence::AttemptBegan, None, None)
        .await?;
    shared.announce(FilingEvent::Sending { key }).await;
    match deliver(shared, key).await {
        Ok(receipt) => {
            shared
                .store
                .happen(key, Occurrence::ReceiptVerified, None, Some(&receipt))
                .await?;
            shared.note_error(None);
            shared
                .announce(FilingEvent::Acknowledged {
                    key,
                    number: receipt.case_number,
                })
                .await;
            Ok(Attempt::Settled)
        }
        Err(Undelivered::Refused(reason)) => {
            shared
                .store
                .happen(key, Occurrence::Refused(reason), None, None)
                .await?;
            shared.note_error(None);
            shared
                .announce(FilingEvent::NeedsAttention { key, reason })
                .await;
            Ok(Attempt::Settled)
        }
        Err(Undelivered::Failed(failure)) => {
            fail(shared, key, failure).await?;
            Ok(Attempt::TryAgain)
        }
    }
}

async fn fail(shared: &Shared, key: Ulid, failure: SendFailure) -> Result<(), StoreError> {
    shared
        .store
        .happen(key, Occurrence::AttemptFailed, Some(failure), None)
        .await?;
    shared.note_error(Some(failure));
    shared
        .announce(FilingEvent::AttemptFailed { key, failure })
        .await;
    Ok(())
}

/// Why a case was not delivered.
#[derive(Debug, PartialEq, Eq)]
enum Undelivered {
    /// Another attempt may succeed.
    Failed(SendFailure),
    /// No other attempt will.
    Refused(AttentionReason),
}

/// Missing pages first, then the case; only a receipt that verifies ends it.
async fn deliver(shared: &Shared, key: Ulid) -> Result<CaseReceipt, Undelivered> {
    let outgoing = shared
        .store
        .outgoing(key, shared.client.terminal(), &shared.config.area)
        .await?;
    for page in &outgoing.submission.pages {
        if !shared.client.has_page(&page.digest).await? {
            upload(shared, key, &page.digest).await?;
        }
    }
    let receipt = match shared.client.submit(&outgoing.submission).await {
        // Something on the way may have answered for the platform; the platform's own word on pages counts.
        Err(PlatformError::Refused(problem)) if problem.kind == ProblemKind::PagesMissing => {
            // A platform that does not name them gets all of them.
            let wanted = |digest| problem.missing.is_empty() || problem.missing.contains(digest);
            for page in outgoing
                .submission
                .pages
                .iter()
                .filter(|page| wanted(&page.digest))
            {
                upload(shared, key, &page.digest).await?;
            }
            shared.client.submit(&outgoing.submission).await?
        }
        answer => answer?,
    };
    match shared
        .client
        .keyset()
        .verify_receipt(&receipt, key, &outgoing.digest)
    {
        Ok(()) => Ok(receipt),
        Err(doubt) => {
            tracing::warn!(%key, %doubt, "an answer was not taken for a receipt");
            Err(Undelivered::Failed(SendFailure::ReceiptDoubtful))
        }
    }
}

async fn upload(shared: &Shared, key: Ulid, digest: &ContentDigest) -> Result<(), Undelivered> {
    let body = shared.store.page_body(key, digest).await?;
    if sm3_hex(&body) != digest.as_str() {
        return Err(Undelivered::Refused(AttentionReason::StoredDamaged));
    }
    Ok(shared.client.put_page(digest, body).await?)
}

impl From<StoreError> for Undelivered {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Damaged(_) | StoreError::Vault(_) => {
                Self::Refused(AttentionReason::StoredDamaged)
            }
            _ => Self::Failed(SendFailure::Storage),
        }
    }
}

impl From<PlatformError> for Undelivered {
    fn from(error: PlatformError) -> Self {
        match error {
            PlatformError::Unreachable => Self::Failed(SendFailure::Unreachable),
            PlatformError::Slow => Self::Failed(SendFailure::Slow),
            PlatformError::Nonsense { status: 500.. } => {
                Self::Failed(SendFailure::PlatformInTrouble)
            }
            PlatformError::Nonsense { .. } => Self::Failed(SendFailure::NotThePlatform),
            // Request timeout, too early, too many requests, and everything that is the platform's own trouble.
            PlatformError::Refused(problem)
                if matches!(problem.status, 408 | 425 | 429 | 500..) =>
            {
                Self::Failed(SendFailure::PlatformInTrouble)
            }
            PlatformError::Refused(problem) => match AttentionReason::of_problem(problem.kind) {
                Some(reason) => Self::Refused(reason),
                None => Self::Failed(SendFailure::PlatformInTrouble),
            },
        }
    }
}

/// Chance for spreading retries; without randomness there is simply no spreading.
pub(super) fn chance() -> u32 {
    getrandom::u32().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use jinban_api::problem::Problem;

    use super::*;

    fn refused(kind: ProblemKind, status: u16) -> Undelivered {
        let json = serde_json::json!({ "type": kind, "title": "", "status": status });
        PlatformError::Refused(serde_json::from_value::<Problem>(json).unwrap()).into()
    }

    #[test]
    fn only_a_refusal_of_the_platforms_own_needs_a_person() {
        use AttentionReason as R;
        let trouble = Undelivered::Failed(SendFailure::PlatformInTrouble);
        assert_eq!(
            refused(ProblemKind::AnswersInvalid, 422),
            Undelivered::Refused(R::AnswersRefused)
        );
        assert_eq!(
            refused(ProblemKind::TerminalUnknown, 401),
            Undelivered::Refused(R::TerminalUnknown)
        );
        assert_eq!(
            refused(ProblemKind::Other, 418),
            Undelivered::Refused(R::Other)
        );
        assert_eq!(refused(ProblemKind::Unavailable, 503), trouble);
        assert_eq!(refused(ProblemKind::Malformed, 500), trouble);
        assert_eq!(refused(ProblemKind::Other, 429), trouble);
        assert_eq!(refused(ProblemKind::PagesMissing, 409), trouble);
        let login_page = Undelivered::from(PlatformError::Nonsense { status: 200 });
        assert_eq!(login_page, Undelivered::Failed(SendFailure::NotThePlatform));
    }
}
