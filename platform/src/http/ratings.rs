//! Ratings.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use jiff::Timestamp;
use jinban_api::problem::Problem;
use jinban_api::rating::Rating;

use super::json;
use crate::intake::rating_fingerprint;
use crate::platform::Platform;
use crate::refusal::Refusal;
use crate::store::ratings::Rated;

/// Largest body in bytes.
const LIMIT: usize = 16 * 1024;
/// Reasons at most, and the longest code of one.
const MOST_REASONS: usize = 20;
const LONGEST_REASON: usize = 64;

/// Keeps a rating, once for each case.
#[utoipa::path(
    post,
    path = "/v1/ratings",
    params(("Idempotency-Key" = String, Header, description = "The rating's key, as in the body.")),
    request_body = Rating,
    responses(
        (status = 200, description = "It was kept before."),
        (status = 201, description = "It is kept."),
        (status = 202, description = "It is kept until its case arrives."),
        (status = 400, description = "Not a rating.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The terminal is not enrolled.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Number and code do not belong to this case.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The case was rated before, or the key was used for another rating.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Send the same again later.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn rate(
    State(platform): State<Platform>,
    request: Request<Body>,
) -> Result<StatusCode, Refusal> {
    let malformed = |text: &str| Refusal::Malformed(text.to_owned());
    let key = json::idempotency_key(request.headers())?;
    let rating: Rating = json::read(request, LIMIT).await?;
    if key != rating.idempotency_key {
        return Err(malformed("请求头里的编号和内容里的不一样。"));
    }
    // 1 to 7 are the channels that the live platforms know.
    if !(1..=7).contains(&rating.channel) {
        return Err(malformed("没有这个评价渠道。"));
    }
    let long = |reason: &String| reason.len() > LONGEST_REASON;
    if rating.reasons.len() > MOST_REASONS || rating.reasons.iter().any(long) {
        return Err(malformed("评价的理由太多或太长。"));
    }
    if !platform.database().is_enrolled(&rating.terminal).await? {
        return Err(Refusal::TerminalUnknown("没有登记过这台终端。"));
    }
    let fingerprint = rating_fingerprint(&rating);
    let rated = platform
        .database()
        .rate(&rating, &fingerprint, Timestamp::now());
    match rated.await? {
        Rated::Kept => Ok(StatusCode::CREATED),
        Rated::Waiting => Ok(StatusCode::ACCEPTED),
        Rated::Before => Ok(StatusCode::OK),
        Rated::KeyTaken => Err(Refusal::KeyReused),
        Rated::OtherwiseBefore => Err(Refusal::AlreadyRated),
        Rated::NotThisCase => Err(Refusal::CaseNotFound),
        Rated::TooManyWaiting => Err(Refusal::Internal("too many ratings wait for cases")),
    }
}
