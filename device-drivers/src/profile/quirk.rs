//! One option of a model, with how sure we are of it and why.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// How sure we are of an option.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Sure {
    /// Low: a single source, sources that conflict, or general knowledge. Doubt it first.
    #[serde(rename = "L")]
    Low,
    /// Medium: several independent sources agree, but it was not tried here.
    #[serde(rename = "M")]
    Medium,
    /// High: seen to work on the device itself, or written in the manufacturer's manual.
    #[serde(rename = "H")]
    High,
}

/// An option of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quirk<T> {
    /// How it is.
    pub is: T,
    /// How sure we are.
    pub sure: Sure,
    /// Where we have it from, or what to try when it is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The option of a model, if it has one.
pub(super) fn value<T: Clone>(quirk: Option<&Quirk<T>>) -> Option<T> {
    quirk.map(|quirk| quirk.is.clone())
}

/// A whole number from `LOW` to `HIGH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Within<const LOW: u16, const HIGH: u16>(u16);

impl<const LOW: u16, const HIGH: u16> TryFrom<u32> for Within<LOW, HIGH> {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        u16::try_from(number)
            .ok()
            .filter(|number| (LOW..=HIGH).contains(number))
            .map(Self)
            .ok_or_else(|| format!("{number} is not between {LOW} and {HIGH}"))
    }
}

impl<const LOW: u16, const HIGH: u16> From<Within<LOW, HIGH>> for u32 {
    fn from(number: Within<LOW, HIGH>) -> Self {
        number.0.into()
    }
}

impl<const LOW: u16, const HIGH: u16> From<Within<LOW, HIGH>> for u16 {
    fn from(number: Within<LOW, HIGH>) -> Self {
        number.0
    }
}

/// A number from 0 to 255 within its bounds; those bounds must not be wider.
impl<const LOW: u16, const HIGH: u16> From<Within<LOW, HIGH>> for u8 {
    fn from(number: Within<LOW, HIGH>) -> Self {
        const { assert!(HIGH <= 255) }
        number.0 as Self
    }
}

impl<const LOW: u16, const HIGH: u16> JsonSchema for Within<LOW, HIGH> {
    fn schema_name() -> Cow<'static, str> {
        format!("From{LOW}To{HIGH}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": LOW, "maximum": HIGH })
    }
}

/// Bits per second, the likeliest first; at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<u32>", into = "Vec<u32>")]
#[schemars(extend("minItems" = 1))]
pub struct Speeds(Vec<u32>);

impl TryFrom<Vec<u32>> for Speeds {
    type Error = String;

    fn try_from(speeds: Vec<u32>) -> Result<Self, String> {
        if speeds.is_empty() {
            return Err("at least one speed is needed".into());
        }
        match speeds
            .iter()
            .find(|speed| !(300..=921_600).contains(*speed))
        {
            Some(speed) => Err(format!("{speed} is no speed of a serial line")),
            None => Ok(Self(speeds)),
        }
    }
}

impl From<Speeds> for Vec<u32> {
    fn from(speeds: Speeds) -> Self {
        speeds.0
    }
}
