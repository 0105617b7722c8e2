//! The catalogue: what comes next in the feed, the files it names, and single guides.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jinban_api::catalogue::FeedAnswer;
use jinban_api::documents::{Bundle, Document};
use jinban_api::guide::Guide;
use jinban_api::ids::FeedId;
use jinban_api::problem::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use super::reading;
use super::segment::Segment;
use crate::platform::Platform;
use crate::refusal::Refusal;

/// What the terminal has.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Held {
    /// The feed it follows; left out when it follows none yet.
    #[serde(default)]
    feed: String,
    /// The number of the last batch it has; 0 when it has none.
    #[serde(default)]
    after: u64,
}

/// What comes after what the terminal has.
#[utoipa::path(
    get,
    path = "/v1/catalogue/feed",
    params(Held),
    responses(
        (status = 200, description = "Where the feed is, and the batches that lead there. Ask again until none is left.", body = FeedAnswer),
        (status = 400, description = "`after` is not a number.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Ask again later.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn feed(
    State(platform): State<Platform>,
    query: Result<Query<Held>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(Held { feed, after }) =
        query.map_err(|_| Refusal::Malformed("after 要写数字。".to_owned()))?;
    let answer = platform.follow(&FeedId(feed), after).await?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// A file that the feed or a guide names by its digest. It never changes; a download that broke off goes on with
/// `Range: bytes=N-`.
#[utoipa::path(
    get,
    path = "/v1/catalogue/blobs/{digest}",
    params(
        ("digest" = String, Path, description = "SM3 digest of the file."),
        ("Range" = Option<String>, Header, description = "`bytes=N-`: from byte N on."),
    ),
    responses(
        (status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "The rest of the file.", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "No such file.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Ask again later.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn blob(
    State(platform): State<Platform>,
    Segment(digest): Segment,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let content = platform.database().blob(&digest).await?;
    let content = Bytes::from(content.ok_or(Refusal::NoSuchFile)?);
    let head = [
        (CONTENT_TYPE, "application/octet-stream"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (ACCEPT_RANGES, "bytes"),
    ];
    match resumed_at(&headers, content.len()) {
        None => Ok((head, content).into_response()),
        Some(from) => {
            let range = format!("bytes {from}-{}/{}", content.len() - 1, content.len());
            let rest = content.slice(from..);
            Ok((
                StatusCode::PARTIAL_CONTENT,
                head,
                [(CONTENT_RANGE, range)],
                rest,
            )
                .into_response())
        }
    }
}

/// Where a broken download goes on; any other range is answered with the whole file, as HTTP allows.
fn resumed_at(headers: &HeaderMap, length: usize) -> Option<usize> {
    if headers.contains_key(IF_RANGE) {
        return None;
    }
    let range = headers.get(RANGE)?.to_str().ok()?;
    let from = range.strip_prefix("bytes=")?.strip_suffix('-')?;
    from.parse().ok().filter(|from| *from > 0 && *from < length)
}

/// One guide as it is published now: as data, or, for a browser, as a page to read.
#[utoipa::path(
    get,
    path = "/v1/catalogue/guides/{id}",
    params(("id" = String, Path, description = "Identifier of the guide.")),
    responses(
        (status = 200, description = "The guide; a page for whoever accepts `text/html`.", body = Guide),
        (status = 404, description = "No such guide, or it was withdrawn.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Ask again later.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn guide(
    State(platform): State<Platform>,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let guide = platform.database().current_guide(&id).await?;
    let guide = guide.ok_or(Refusal::GuideNotFound)?;
    Ok(if reading::is_read(&headers) {
        reading::guide(&guide).into_response()
    } else {
        Json(guide).into_response()
    })
}

/// One theme service 一件事 as it is published now: as data, or, for a browser, as a page to read.
#[utoipa::path(
    get,
    path = "/v1/catalogue/bundles/{id}",
    params(("id" = String, Path, description = "Identifier of the theme service.")),
    responses(
        (status = 200, description = "The theme service; a page for whoever accepts `text/html`.", body = Bundle),
        (status = 404, description = "No such theme service.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Ask again later.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn bundle(
    State(platform): State<Platform>,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let database = platform.database();
    let found = database.document(Bundle::KIND, &id).await?;
    let found = found.and_then(|content| serde_json::from_value::<Bundle>(content).ok());
    let bundle = found.ok_or(Refusal::GuideNotFound)?;
    if !reading::is_read(&headers) {
        return Ok(Json(bundle).into_response());
    }
    let mut guides = Vec::with_capacity(bundle.steps.len());
    for step in &bundle.steps {
        guides.extend(database.current_guide(step.guide.as_str()).await?);
    }
    Ok(reading::bundle(&bundle, &guides).into_response())
}
