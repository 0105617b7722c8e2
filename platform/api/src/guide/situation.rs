//! 情形: questions whose answers decide which materials and fees apply.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::ids::{OptionId, SituationId};

/// A situation question 情形 with its possible answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Situation {
    /// Unique within the guide.
    pub id: SituationId,
    /// Asked of the person, in plain words.
    pub question: String,
    /// At least two answers.
    pub options: Vec<SituationOption>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// One answer to a situation question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SituationOption {
    /// Unique within the question.
    pub id: OptionId,
    /// What the person taps.
    pub label: String,
    /// A line of help under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// Holds when the situation `question` was answered with one of `any_of`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppliesWhen {
    /// The situation question.
    pub question: SituationId,
    /// Any of these answers satisfies it.
    pub any_of: Vec<OptionId>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}
