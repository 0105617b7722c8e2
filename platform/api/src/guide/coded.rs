//! Coded values: understood where this program knows the code, and kept as they came where it does not.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// A value of the code set `T` as the platform wrote it. It is written again exactly as it was read, also
/// when the code is not known here or stands among fields that are not.
#[derive(Clone, Debug, PartialEq)]
pub enum Coded<T> {
    /// Understood, and nothing was beside it.
    Known(T),
    /// Understood, with fields beside it that are not.
    Extended(Box<(T, Map<String, Value>)>),
    /// Not understood.
    Unknown(Box<Value>),
}

impl<T> Coded<T> {
    /// The value, where it is understood.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Extended(extended) => Some(&extended.0),
            Self::Unknown(_) => None,
        }
    }
}

impl<T> From<T> for Coded<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: PartialEq> PartialEq<T> for Coded<T> {
    fn eq(&self, other: &T) -> bool {
        self.known() == Some(other)
    }
}

impl<T: Eq> Eq for Coded<T> {}

impl<'de, T: DeserializeOwned + Serialize> Deserialize<'de> for Coded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let Ok(known) = T::deserialize(&value) else {
            return Ok(Self::Unknown(Box::new(value)));
        };
        let Value::Object(mut fields) = value else {
            return Ok(Self::Known(known));
        };
        if let Ok(Value::Object(understood)) = serde_json::to_value(&known) {
            fields.retain(|name, _| !understood.contains_key(name));
        }
        if fields.is_empty() {
            return Ok(Self::Known(known));
        }
        Ok(Self::Extended(Box::new((known, fields))))
    }
}

impl<T: Serialize> Serialize for Coded<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => value.serialize(serializer),
            Self::Unknown(value) => value.serialize(serializer),
            Self::Extended(extended) => {
                #[derive(Serialize)]
                struct Both<'a, T> {
                    #[serde(flatten)]
                    known: &'a T,
                    #[serde(flatten)]
                    beside: &'a Map<String, Value>,
                }
                Both {
                    known: &extended.0,
                    beside: &extended.1,
                }
                .serialize(serializer)
            }
        }
    }
}
