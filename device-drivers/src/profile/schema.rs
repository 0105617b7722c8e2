//! The JSON Schema of profiles, for editors that complete and check while one writes.

use serde_json::Value;

use super::model::Profile;

/// The schema, as it is committed beside the profiles.
pub fn schema() -> Value {
    schemars::schema_for!(Profile).to_value()
}
