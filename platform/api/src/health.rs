//! Is the platform there, and is it really the platform?

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What `service` always says; a captive portal does not.
pub const SERVICE: &str = "jinban-platform";

/// Body of `GET /v1/health`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Always [`SERVICE`].
    pub service: String,
    /// Version of the platform's program.
    pub version: String,
    /// The platform's time; a terminal that does not trust its own clock compares.
    #[schema(value_type = String, format = DateTime)]
    pub time: Timestamp,
}
