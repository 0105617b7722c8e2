//! Rating 好差评 of a service.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ulid::Ulid;
use utoipa::ToSchema;

use crate::ids::{CaseNumber, QueryCode, TerminalId};

/// 满意度. An enum, because the standard and the live platforms number it in opposite directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Satisfaction {
    /// 非常满意.
    VerySatisfied,
    /// 满意.
    Satisfied,
    /// 基本满意.
    Acceptable,
    /// 不满意.
    Dissatisfied,
    /// 非常不满意.
    VeryDissatisfied,
}

impl Satisfaction {
    /// From best to worst.
    pub const ALL: [Self; 5] = [
        Self::VerySatisfied,
        Self::Satisfied,
        Self::Acceptable,
        Self::Dissatisfied,
        Self::VeryDissatisfied,
    ];

    /// GB/T 39046 A.8: 1 is best.
    pub fn standard_code(self) -> u8 {
        match self {
            Self::VerySatisfied => 1,
            Self::Satisfied => 2,
            Self::Acceptable => 3,
            Self::Dissatisfied => 4,
            Self::VeryDissatisfied => 5,
        }
    }

    /// As the live provincial platforms number it: 5 is best.
    pub fn live_code(self) -> u8 {
        6 - self.standard_code()
    }
}

/// 评价渠道: terminals are channel 5, 大厅其他终端.
pub const CHANNEL_TERMINAL: u8 = 5;

/// Body of `POST /v1/ratings`. The header `Idempotency-Key` carries `idempotency_key` again.
///
/// Answers: 201 kept, 200 kept before under this key, 202 kept until the case arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rating {
    /// One key for the rating's whole life.
    #[schema(value_type = String)]
    pub idempotency_key: Ulid,
    /// The case, by the key it was filed under: it may not have an official number yet.
    #[schema(value_type = String)]
    pub case_key: Ulid,
    /// 办件编号, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_number: Option<CaseNumber>,
    /// The second secret; needed with the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_code: Option<QueryCode>,
    /// Where it was given.
    pub terminal: TerminalId,
    /// Always [`CHANNEL_TERMINAL`] from here.
    pub channel: u8,
    /// The grade.
    pub satisfaction: Satisfaction,
    /// Codes of reasons, for the two low grades.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// When the person tapped it.
    #[schema(value_type = String, format = DateTime)]
    pub rated_at: Timestamp,
}
