//! Sealed pages: has it arrived, and taking one.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use jinban_api::problem::Problem;

use super::segment::Segment;
use crate::platform::Platform;
use crate::refusal::Refusal;
use crate::store::pages::{Kept, PageName};

/// Largest body in bytes.
const LIMIT: u64 = 8 * 1024 * 1024;

/// Says whether a page has arrived.
#[utoipa::path(
    head,
    path = "/v1/pages/{digest}",
    params(("digest" = String, Path, description = "SM3 of the body, 64 lower-case hexadecimal digits.")),
    responses(
        (status = 200, description = "It is here, whole; `Content-Length` is its length."),
        (status = 400, description = "Not a digest."),
        (status = 404, description = "It has not arrived."),
        (status = 503, description = "Ask again later."),
    )
)]
pub(super) async fn exists(
    State(platform): State<Platform>,
    Segment(digest): Segment,
) -> Result<Response, Refusal> {
    let name = name(&digest)?;
    Ok(match platform.pages().length(&name).await? {
        Some(length) => [(CONTENT_LENGTH, length)].into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// Takes a page. Sending it again changes nothing.
#[utoipa::path(
    put,
    path = "/v1/pages/{digest}",
    params(("digest" = String, Path, description = "SM3 of the body, 64 lower-case hexadecimal digits.")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "`nonce ‖ ciphertext ‖ tag`"),
    responses(
        (status = 200, description = "It was here before."),
        (status = 201, description = "It is here now, and durable."),
        (status = 400, description = "Not a digest, or the body broke off.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Larger than 8 MiB.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body does not have this digest.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Ask again later.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn put(
    State(platform): State<Platform>,
    Segment(digest): Segment,
    request: Request<Body>,
) -> Result<StatusCode, Refusal> {
    let name = name(&digest)?;
    if announced(request.headers()).is_some_and(|length| length > LIMIT) {
        return Err(Refusal::TooLarge { limit: LIMIT });
    }
    let mut body = request.into_body();
    let mut page = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::Malformed("这一页没有送完。".to_owned()))?;
        let Some(bytes) = frame.data_ref() else {
            continue;
        };
        if page.len() as u64 + bytes.len() as u64 > LIMIT {
            return Err(Refusal::TooLarge { limit: LIMIT });
        }
        page.extend_from_slice(bytes);
    }
    match platform.pages().keep(page, &name).await? {
        Kept::New => Ok(StatusCode::CREATED),
        Kept::Before => Ok(StatusCode::OK),
        Kept::OtherDigest => Err(Refusal::DigestMismatch),
    }
}

fn name(digest: &str) -> Result<PageName, Refusal> {
    PageName::parse(digest)
        .ok_or_else(|| Refusal::Malformed("页的名称要写64位小写十六进制数字。".to_owned()))
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
