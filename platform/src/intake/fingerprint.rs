//! What makes two submissions under one key the same. Written out field by field: a later version of this
//! program that knows more fields must still recognise what an earlier one took in.

use std::fmt::Write;

use jinban_api::case::CaseSubmission;
use jinban_api::rating::Rating;

use crate::crypto::{hex, sm3_of};

/// Fingerprint of a submission whose envelope has this digest.
pub fn of_case(submission: &CaseSubmission, submission_digest: &str) -> String {
    let mut text = format!(
        "jinban-case-1\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{submission_digest}\n",
        submission.terminal,
        submission.local_number,
        submission.area,
        submission.guide,
        submission.guide_version,
        submission.submitted_at,
        submission.clock_trusted,
    );
    for page in &submission.pages {
        let _ = writeln!(text, "{} {}", page.digest, page.length);
    }
    hex(&sm3_of(text.as_bytes()))
}

/// Fingerprint of a rating. The case number may be filled in between two attempts, so it does not count.
pub fn of_rating(rating: &Rating) -> String {
    let text = format!(
        "jinban-rating-1\n{}\n{}\n{}\n{}\n{}\n{}",
        rating.case_key,
        rating.terminal,
        rating.channel,
        rating.satisfaction.standard_code(),
        rating.reasons.join(","),
        rating.rated_at,
    );
    hex(&sm3_of(text.as_bytes()))
}
