//! The form of a guide: what is asked, page by page, and what an answer must look like.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::coded::Coded;

/// The form of a guide: JSON Schema 2020-12, plus the order and hints a screen needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Form {
    /// JSON Schema (2020-12) of the answers object; fields that come from the card are not in it.
    #[schema(value_type = Object)]
    pub schema: Value,
    /// Groups in order; one group is one page.
    pub groups: Vec<FieldGroup>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// One page of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldGroup {
    /// Asked as a question: 发放到哪个账户？
    pub title: String,
    /// Fields in order; the names are properties of the schema.
    pub fields: Vec<Field>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// How one property of the schema is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Field {
    /// Property name in the schema.
    pub name: String,
    /// What the person reads.
    pub label: String,
    /// Which keyboard or choice is offered.
    #[schema(value_type = Input)]
    pub input: Coded<Input>,
    /// Grey text in the empty field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// A line of help under the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Said when the answer does not fit the schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// A value to start from, taken from the card; the person may change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CardField>)]
    pub prefill: Option<Coded<CardField>>,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

impl Field {
    /// How it is asked for; as plain text where the platform names a way that is not known here.
    pub fn input(&self) -> &Input {
        self.input.known().unwrap_or(&Input::Text)
    }

    /// Where the first value comes from, if anywhere that is known here.
    pub fn prefill(&self) -> Option<CardField> {
        self.prefill.as_ref()?.known().copied()
    }
}

/// Which keyboard or choice a field is asked with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Input {
    /// Free Chinese text.
    Text,
    /// A person's name.
    Name,
    /// An address.
    Address,
    /// A mobile or fixed telephone number.
    Phone,
    /// Digits only, kept as text (bank card numbers have leading zeros).
    Digits,
    /// A resident identity number with its check digit.
    IdNumber,
    /// A calendar day, `YYYY-MM-DD`.
    Date,
    /// A whole number, kept as a JSON integer.
    Number,
    /// One of several, kept as the value.
    Choice {
        /// In the order they are shown.
        options: Vec<Choice>,
    },
}

/// One choice of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// Kept in the answers.
    pub value: String,
    /// What the person taps.
    pub label: String,
    /// Fields this program does not know; kept as they came.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

/// A fact on the identity card that may start a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CardField {
    /// 姓名.
    Name,
    /// 公民身份号码.
    IdNumber,
    /// 住址.
    Address,
    /// 出生日期.
    Birth,
}
