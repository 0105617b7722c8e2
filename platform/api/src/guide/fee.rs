//! 收费: what it costs, why, and who pays less.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::situation::AppliesWhen;

/// 收费项目.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fee {
    /// 收费项目名称.
    #[serde(default)]
    pub name: String,
    /// Amount in 分 (one hundredth of a yuan); absent where it must be worked out by `standard`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<u64>,
    /// 收费标准 in words.
    #[serde(default)]
    pub standard: String,
    /// 收费依据.
    #[serde(default)]
    pub basis: String,
    /// 减免 in words, where allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduction: Option<String>,
    /// 减免 one by one, where they are published so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reductions: Vec<FeeReduction>,
    /// Charged only when these answers were given; empty means always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applies_when: Vec<AppliesWhen>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// Who pays less of a fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeeReduction {
    /// For whom, in plain words.
    pub who: String,
    /// What is left to pay, in 分; 0 is 免收. Absent where `note` tells how it is worked out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<u64>,
    /// 减免依据.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// What to show, and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}
