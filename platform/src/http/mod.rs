//! The platform's address space: which request goes where, with limits and problems for everything else.

mod answer;
mod cases;
mod catalogue;
mod health;
mod json;
mod metrics;
mod pages;
mod ratings;
mod reading;
mod segment;

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::Platform;
use crate::refusal::Refusal;

/// A page of 8 MiB on a slow village line takes a while; nobody may hold a connection for ever.
const LONGEST_REQUEST: Duration = Duration::from_mins(20);

#[derive(OpenApi)]
#[openapi(info(
    title = "Jinban platform",
    description = "What a self-service terminal and the central platform say to each other.",
))]
struct Document;

/// Every address of the platform.
pub fn router(platform: Platform) -> Router {
    let (router, _) = described().split_for_parts();
    router
        .route("/metrics", get(metrics::show))
        .fallback(|| async { Refusal::NoSuchAddress })
        .method_not_allowed_fallback(|| async { Refusal::NoSuchMethod })
        .layer(middleware::from_fn(within_time))
        .layer(middleware::from_fn_with_state(
            platform.clone(),
            metrics::count,
        ))
        // Each body is read by its own reader with its own limit.
        .layer(DefaultBodyLimit::disable())
        .with_state(platform)
}

/// The OpenAPI document, generated from the same routes.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().split_for_parts().1
}

fn described() -> OpenApiRouter<Platform> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(health::health))
        .routes(routes!(health::keys))
        .routes(routes!(health::document))
        .routes(routes!(catalogue::feed))
        .routes(routes!(catalogue::blob))
        .routes(routes!(catalogue::guide))
        .routes(routes!(catalogue::bundle))
        .routes(routes!(pages::exists, pages::put))
        .routes(routes!(cases::submit))
        .routes(routes!(cases::progress))
        .routes(routes!(ratings::rate))
}

async fn within_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LONGEST_REQUEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::TooSlow.into_response(),
    }
}
