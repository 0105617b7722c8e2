//! 办理地点: where else it can be done, and when they are open.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::coded::Coded;

/// 办理地点.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// Name of the window or hall.
    pub name: String,
    /// What kind of place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PlaceKind>)]
    pub kind: Option<Coded<PlaceKind>>,
    /// Address.
    #[serde(default)]
    pub address: String,
    /// Which window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// Opening hours in words.
    #[serde(default)]
    pub hours: String,
    /// Opening hours to reckon with; empty where only the words are published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opening: Vec<Opening>,
    /// Telephone with area code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where it is on the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Coordinates>,
    /// How to get there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traffic: Option<String>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// Kinds of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// 行政服务中心.
    ServiceCentre,
    /// 部门窗口.
    DepartmentWindow,
    /// 单位办公室.
    Office,
    /// 代办点.
    AgentPoint,
    /// 便民服务中心、便民服务室.
    Convenience,
}

/// One span of opening hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Opening {
    /// Days of the week, 1 (Monday) to 7 (Sunday). A day of rest by the calendar is closed all the same.
    pub days: Vec<u8>,
    /// Opens at.
    #[schema(value_type = String)]
    pub from: Time,
    /// Closes at.
    #[schema(value_type = String)]
    pub until: Time,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// A point on the map, in degrees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Coordinates {
    /// 经度.
    pub longitude: f64,
    /// 纬度.
    pub latitude: f64,
    /// 坐标系: Chinese maps shift their points, so a bare pair of numbers is not enough.
    #[schema(value_type = Datum)]
    pub datum: Coded<Datum>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// 坐标系.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Datum {
    /// 国家大地坐标系 CGCS2000; for a village the same as WGS-84.
    Cgcs2000,
    /// WGS-84.
    Wgs84,
    /// 火星坐标 GCJ-02, as most Chinese maps use it.
    Gcj02,
    /// 百度 BD-09.
    Bd09,
}
