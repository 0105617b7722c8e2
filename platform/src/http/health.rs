//! Who this is: health, keys, and the contract itself.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jinban_api::health::{Health, SERVICE};
use jinban_api::keys::PlatformKeys;
use jinban_api::problem::Problem;
use tokio::time::timeout;

use crate::platform::Platform;
use crate::refusal::Refusal;

/// How soon what is well answers.
const PROMPT: Duration = Duration::from_secs(3);

/// Says that the platform is there and can reach its database and its pages, and what time it is.
#[utoipa::path(
    get,
    path = "/v1/health",
    responses(
        (status = 200, description = "The platform is well.", body = Health),
        (status = 503, description = "The platform is in trouble.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn health(State(platform): State<Platform>) -> Result<Json<Health>, Refusal> {
    if !in_time(platform.database().answers()).await {
        return Err(Refusal::Internal("the database does not answer"));
    }
    if !in_time(platform.pages().answers()).await {
        return Err(Refusal::Internal("the storage of pages does not answer"));
    }
    Ok(Json(Health {
        service: SERVICE.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        time: Timestamp::now(),
    }))
}

async fn in_time(answers: impl Future<Output = bool>) -> bool {
    timeout(PROMPT, answers).await.unwrap_or(false)
}

/// The platform's public keys.
#[utoipa::path(
    get,
    path = "/v1/keys",
    responses((status = 200, description = "Every key in use.", body = PlatformKeys))
)]
pub(super) async fn keys(State(platform): State<Platform>) -> Json<PlatformKeys> {
    Json(platform.public_keys().clone())
}

/// This document.
#[utoipa::path(
    get,
    path = "/v1/openapi.json",
    responses((status = 200, description = "OpenAPI 3.1.", content_type = "application/json"))
)]
pub(super) async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(super::openapi())
}
