//! Reading a JSON body within a limit, and the key that comes with it.

use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Request};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use ulid::Ulid;

use crate::refusal::Refusal;

/// Name of the header that carries the idempotency key.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The body as `T`; at most `limit` bytes are read.
pub(super) async fn read<T: DeserializeOwned>(
    request: Request<Body>,
    limit: usize,
) -> Result<T, Refusal> {
    if !is_json(request.headers()) {
        return Err(Refusal::NotJson);
    }
    let body = to_bytes(request.into_body(), limit)
        .await
        .map_err(|error| {
            let too_large = std::error::Error::source(&error)
                .is_some_and(<dyn std::error::Error>::is::<LengthLimitError>);
            if too_large {
                Refusal::TooLarge {
                    limit: limit as u64,
                }
            } else {
                Refusal::Malformed("内容没有送完。".to_owned())
            }
        })?;
    // The parser's own words could repeat what a person filled in; where it stopped does not.
    serde_json::from_slice(&body).map_err(|error| {
        Refusal::Malformed(format!(
            "第{}行第{}个字符附近不合格式。",
            error.line(),
            error.column()
        ))
    })
}

/// The idempotency key of the request.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Ulid, Refusal> {
    headers
        .get(IDEMPOTENCY_KEY)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| Ulid::from_string(text.trim().trim_matches('"')).ok())
        .ok_or_else(|| Refusal::Malformed("请求头里缺少编号，或者编号格式不对。".to_owned()))
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}
