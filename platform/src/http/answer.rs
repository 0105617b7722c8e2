//! Refusals as HTTP answers.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use jinban_api::problem::PROBLEM_JSON;

use crate::refusal::Refusal;

/// Seconds after which a platform in trouble may be asked again.
const TROUBLE_LASTS: u64 = 10;

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let status =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            tracing::error!(error = %self, "request failed");
        } else {
            tracing::debug!(refusal = %self, "request refused");
        }
        let retry_after = match self {
            Self::TooManyAttempts { retry_after } => Some(retry_after),
            _ if status.is_server_error() => Some(TROUBLE_LASTS),
            _ => None,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
