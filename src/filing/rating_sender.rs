//! Bringing ratings to the platform: beside the cases, and as patiently.

use jinban_api::problem::Problem;
use jinban_api::rating::Rating;
use tokio::time::Instant;

use super::error::StoreError;
use super::sender::chance;
use super::shared::Shared;
use super::store::RatingEnd;
use crate::platform::{PlatformError, RatingAnswer};

/// When ratings are tried next: they go one after another, and one failure lets all wait.
#[derive(Default)]
pub(super) struct RatingClock {
    failures: u32,
    due: Option<Instant>,
}

impl RatingClock {
    pub(super) fn hurry(&mut self) {
        self.due = None;
    }

    /// Sends what waits, unless it is too early; says when to look again.
    pub(super) async fn send_due(
        &mut self,
        shared: &Shared,
    ) -> Result<Option<Instant>, StoreError> {
        let waiting = shared
            .store
            .waiting_ratings(shared.client.terminal())
            .await?;
        if waiting.is_empty() {
            self.failures = 0;
            self.due = None;
            return Ok(None);
        }
        if let Some(due) = self.due
            && due > Instant::now()
        {
            return Ok(Some(due));
        }
        for outgoing in waiting {
            let rating = outgoing.rating;
            let end = match shared.client.rate(&rating).await {
                Ok(RatingAnswer::Taken) => RatingEnd::Taken,
                Ok(RatingAnswer::AlreadyRated) => RatingEnd::AlreadyRated,
                Err(PlatformError::Refused(problem)) if is_final_refusal(&rating, &problem) => {
                    tracing::warn!(kind = ?problem.kind, "the platform refused a rating");
                    RatingEnd::Refused
                }
                Err(_) => {
                    self.failures = self.failures.saturating_add(1);
                    let due = Instant::now() + shared.config.pace.pause(self.failures, chance());
                    self.due = Some(due);
                    return Ok(Some(due));
                }
            };
            shared.store.end_rating(rating.case_key, end).await?;
        }
        self.failures = 0;
        Ok(None)
    }
}

/// A rating of a case that has not arrived yet is not known there yet; that is no reason to give it up.
fn is_final_refusal(rating: &Rating, problem: &Problem) -> bool {
    let in_trouble = matches!(problem.status, 408 | 425 | 429 | 500..);
    let not_arrived = problem.status == 404 && rating.case_number.is_none();
    !in_trouble && !not_arrived
}
