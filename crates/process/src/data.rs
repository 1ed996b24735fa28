//! Case data as JSON and as FEEL values.
//!
//! Variables are kept as JSON, since journals and interfaces speak it; expressions see FEEL values.
//! Dates, times and durations become text on the way back.

use serde_json::Value as Json;

use crate::value::Value;

/// The value of a JSON text; one that nests too deep is null.
#[must_use]
pub(crate) fn from_json(json: &Json) -> Value {
    Value::from_json(json).unwrap_or_default()
}

/// The JSON text of a value.
#[must_use]
pub(crate) fn to_json(value: &Value) -> Json {
    value.to_json()
}

/// A value as text: a text as it is, anything else as JSON writes it.
#[must_use]
pub(crate) fn shown(value: &Value) -> String {
    match value.to_json() {
        Json::String(text) => text,
        Json::Null => String::new(),
        other => other.to_string(),
    }
}
