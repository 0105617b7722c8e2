//! Overwriting personal data that sits in wire types, which know nothing of forgetting.

use jinban_api::case::{Applicant, Signature};
use serde_json::{Map, Value};
use zeroize::Zeroize;

/// Overwrites every text in `value` and leaves `null`.
pub fn value(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(self::value),
        Value::Object(members) => map(members),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    *value = Value::Null;
}

/// Overwrites every text in `members` and empties it. Names of members are the guide's, not the person's.
pub fn map(members: &mut Map<String, Value>) {
    members.values_mut().for_each(value);
    members.clear();
}

/// Overwrites the facts of the card.
pub fn applicant(applicant: &mut Applicant) {
    applicant.name.zeroize();
    applicant.id_number.zeroize();
    applicant.sex.zeroize();
    applicant.nationality.zeroize();
    applicant.address.zeroize();
    applicant.birth = jiff::civil::Date::ZERO;
}

/// Overwrites the strokes of a signature.
pub fn signature(signature: &mut Signature) {
    for stroke in &mut signature.strokes {
        for point in stroke.iter_mut() {
            point.zeroize();
        }
        stroke.clear();
    }
    signature.strokes.clear();
}
