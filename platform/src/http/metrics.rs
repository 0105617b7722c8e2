//! Counting requests, and showing the counts.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::platform::Platform;

/// What Prometheus expects.
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The counts. For the operator, not for terminals: a gateway does not pass it on.
pub(super) async fn show(State(platform): State<Platform>) -> Response {
    ([(CONTENT_TYPE, MEDIA_TYPE)], platform.metrics().text()).into_response()
}

pub(super) async fn count(
    State(platform): State<Platform>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status().as_u16();
    platform
        .metrics()
        .answered(&method, route, status, began.elapsed());
    response
}
