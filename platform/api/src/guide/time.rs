//! 办结时限: how long something takes at most.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A time limit 办结时限.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "unit", content = "count", rename_all = "kebab-case")]
pub enum TimeLimit {
    /// 即办: done on the spot.
    OnTheSpot,
    /// 工作日.
    WorkingDays(u16),
    /// 自然日.
    CalendarDays(u16),
    /// 小时.
    Hours(u16),
}
