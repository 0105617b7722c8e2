//! Cases: taking one in, and saying how it goes on.

use std::time::Instant;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use jinban_api::case::{CaseProgress, CaseReceipt, CaseSubmission};
use jinban_api::ids::QueryCode;
use jinban_api::problem::Problem;

use super::json;
use super::segment::Segment;
use crate::intake::{self, Taken};
use crate::platform::Platform;
use crate::query_code;
use crate::refusal::Refusal;

/// Largest body in bytes. Pages travel beside it.
const LIMIT: usize = 2 * 1024 * 1024;
/// Name of the header that carries the query code.
const QUERY_CODE: &str = "jinban-query-code";
/// Longest number that can be one.
const LONGEST_NUMBER: usize = 64;

/// Takes a case in, exactly once.
#[utoipa::path(
    post,
    path = "/v1/cases",
    params(("Idempotency-Key" = String, Header, description = "The case's key, as in the body.")),
    request_body = CaseSubmission,
    responses(
        (status = 200, description = "It was here before; the same receipt again.", body = CaseReceipt),
        (status = 201, description = "It is here now, and durable.", body = CaseReceipt),
        (status = 400, description = "Not a submission.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "No enrolled terminal vouches for it.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Pages are missing, or the key was used for another content.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It cannot be opened, the guide is not taken, or the answers do not fit.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Send the same again later.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn submit(
    State(platform): State<Platform>,
    request: Request<Body>,
) -> Result<(StatusCode, Json<CaseReceipt>), Refusal> {
    let key = json::idempotency_key(request.headers())?;
    let submission: CaseSubmission = json::read(request, LIMIT).await?;
    // Once begun it is finished, even when the terminal hangs up: it will ask again and hear the same.
    let taking = platform.clone();
    let taken = tokio::spawn(async move { intake::take_in(&taking, key, submission).await });
    match taken.await {
        Ok(Ok(Taken::Now(receipt))) => {
            tracing::info!(number = %receipt.case_number, "case taken in");
            platform.metrics().case_taken();
            Ok((StatusCode::CREATED, Json(receipt)))
        }
        Ok(Ok(Taken::Before(receipt))) => Ok((StatusCode::OK, Json(receipt))),
        Ok(Err(refusal)) => Err(refusal),
        Err(_) => Err(Refusal::Internal("taking a case in broke off")),
    }
}

/// Says how a case goes on, to whoever has its number and its code.
#[utoipa::path(
    get,
    path = "/v1/cases/{number}/progress",
    params(
        ("number" = String, Path, description = "办件编号."),
        ("Jinban-Query-Code" = String, Header, description = "查询码; capital or small letters."),
    ),
    responses(
        (status = 200, description = "How it goes on.", body = CaseProgress),
        (status = 404, description = "No such case, or not this code; the two are not told apart.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many wrong codes for this number; wait.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Ask again later.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn progress(
    State(platform): State<Platform>,
    Segment(number): Segment,
    headers: HeaderMap,
) -> Result<Json<CaseProgress>, Refusal> {
    if number.len() > LONGEST_NUMBER {
        return Err(Refusal::CaseNotFound);
    }
    let now = Instant::now();
    if let Some(wait) = platform.guesses().wait(&number, now) {
        return Err(Refusal::TooManyAttempts {
            retry_after: wait.as_secs() + 1,
        });
    }
    let given = headers
        .get(QUERY_CODE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let found = platform.database().progress(&number).await?;
    // A number that does not exist is compared with a code that nobody has.
    let nobodys = QueryCode::default();
    let code = found.as_ref().map_or(&nobodys, |(code, _)| code);
    let agrees = query_code::agrees(code, given);
    match found {
        Some((_, progress)) if agrees => {
            platform.guesses().note_right(&number);
            Ok(Json(progress))
        }
        _ => {
            platform.guesses().note_wrong(&number, now);
            Err(Refusal::CaseNotFound)
        }
    }
}
