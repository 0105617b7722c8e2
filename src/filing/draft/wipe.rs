//! Overwriting personal data that sits in wire types, which know nothing of forgetting.

use jinban_api::case::{Applicant, Signature};
use serde::Serialize;
use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

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

/// JSON of `value` in a buffer that is allocated once, so that growing leaves no copies behind.
pub fn json<T: Serialize>(value: &T) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, value)?;
    let mut buffer = Zeroizing::new(Vec::with_capacity(counter.0));
    serde_json::to_writer(&mut *buffer, value)?;
    Ok(buffer)
}

struct Counter(usize);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
