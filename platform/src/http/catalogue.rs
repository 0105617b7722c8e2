//! The catalogue: what changed, and single guides.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jinban_api::catalogue::CatalogueChanges;
use jinban_api::guide::Guide;
use jinban_api::problem::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use super::segment::Segment;
use crate::platform::Platform;
use crate::refusal::Refusal;

/// Which changes are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Since {
    /// The revision that the terminal has; 0 asks for everything.
    #[serde(default)]
    since: u64,
}

/// What changed in the catalogue since a revision.
#[utoipa::path(
    get,
    path = "/v1/catalogue",
    params(
        Since,
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an earlier answer."),
    ),
    responses(
        (status = 200, description = "The changes.", body = CatalogueChanges,
            headers(("ETag" = String, description = "Names the catalogue's revision."))),
        (status = 304, description = "The catalogue still has the revision that the `ETag` names."),
        (status = 400, description = "`since` is not a number.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Ask again later.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn changes(
    State(platform): State<Platform>,
    headers: HeaderMap,
    query: Result<Query<Since>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(Since { since }) =
        query.map_err(|_| Refusal::Malformed("since 要写数字。".to_owned()))?;
    // Asking the revision first costs one row, whatever the size of the catalogue.
    let tag = etag(platform.database().revision().await?);
    if has_tag(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let changes = platform.database().changes(since).await?;
    let head = [
        (ETAG, etag(changes.revision)),
        (CACHE_CONTROL, "no-cache".to_owned()),
    ];
    Ok((head, Json(changes)).into_response())
}

/// One guide as it is published now.
#[utoipa::path(
    get,
    path = "/v1/catalogue/guides/{id}",
    params(("id" = String, Path, description = "Identifier of the guide.")),
    responses(
        (status = 200, description = "The guide.", body = Guide),
        (status = 404, description = "No such guide, or it was withdrawn.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Ask again later.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn guide(
    State(platform): State<Platform>,
    Segment(id): Segment,
) -> Result<Json<Guide>, Refusal> {
    let guide = platform.database().current_guide(&id).await?;
    guide.map(Json).ok_or(Refusal::GuideNotFound)
}

fn etag(revision: u64) -> String {
    format!("\"catalogue-{revision}\"")
}

fn has_tag(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|given| given.trim().trim_start_matches("W/") == tag)
}
