//! Values as JSON: plain, as case data has them, and marked with their type.

use serde_json::{Map, Value as Json, json};

use super::temporal;
use crate::limits;
use crate::value::{Context, Date, DateTime, Number, Time, Value};

impl Value {
    /// A plain JSON value: numbers exactly as they are written, texts stay texts. `None` when it
    /// nests deeper than [`limits::VALUE_DEPTH`] or has a number out of range.
    #[must_use]
    pub fn from_json(json: &Json) -> Option<Self> {
        from_plain(json, 0)
    }

    /// The value as plain JSON. Numbers that JSON readers would round, and everything that JSON
    /// lacks, become texts; functions become null.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null | Self::Function(_) => Json::Null,
            Self::Bool(truth) => Json::Bool(*truth),
            Self::Num(number) => plain_number(number),
            Self::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Context(context) => Json::Object(
                context.iter().map(|(name, item)| (name.to_string(), item.to_json())).collect(),
            ),
            _ => Json::String(super::show::text(self).unwrap_or_default()),
        }
    }

    /// The value marked with its type: `{"number": "12.5"}`, `{"list": […]}`, null.
    ///
    /// Ranges are `{"range": "[1..5]"}`; functions have no form and are null.
    #[must_use]
    pub fn to_marked(&self) -> Json {
        let text = || super::show::text(self).unwrap_or_default();
        match self {
            Self::Null | Self::Function(_) => Json::Null,
            Self::Bool(truth) => json!({"boolean": truth}),
            Self::Num(number) => json!({"number": number.to_string()}),
            Self::Str(string) => json!({"string": &**string}),
            Self::Date(_) => json!({"date": text()}),
            Self::Time(_) => json!({"time": text()}),
            Self::DateTime(_) => json!({"dateTime": text()}),
            Self::Days(_) | Self::Months(_) => json!({"duration": text()}),
            Self::Range(_) => json!({"range": text()}),
            Self::List(items) => {
                json!({"list": items.iter().map(Self::to_marked).collect::<Vec<_>>()})
            }
            Self::Context(context) => {
                let parts: Map<String, Json> = context
                    .iter()
                    .map(|(name, item)| (name.to_string(), item.to_marked()))
                    .collect();
                json!({"context": parts})
            }
        }
    }

    /// Reads what [`Value::to_marked`] writes, ranges aside. `None` for anything else.
    #[must_use]
    pub fn from_marked(json: &Json) -> Option<Self> {
        from_marked(json, 0)
    }
}

fn plain_number(number: &Number) -> Json {
    if let Some(whole) = number.to_i64() {
        return whole.into();
    }
    let text = number.to_string();
    // The binary number is taken only if it reads back as the same decimal.
    let binary: Option<Json> = serde_json::from_str(&text).ok();
    let same = |json: &Json| Number::parse(&json.to_string()).as_ref() == Some(number);
    binary.filter(same).unwrap_or(Json::String(text))
}

fn from_plain(json: &Json, depth: usize) -> Option<Value> {
    if depth > limits::VALUE_DEPTH {
        return None;
    }
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => Value::Num(Number::parse(&number.to_string())?),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => {
            let items = items.iter().map(|item| from_plain(item, depth + 1));
            Value::from(items.collect::<Option<Vec<_>>>()?)
        }
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(name, item)| Some((name.as_str(), from_plain(item, depth + 1)?)));
            Value::from(entries.collect::<Option<Context>>()?)
        }
    })
}

fn from_marked(json: &Json, depth: usize) -> Option<Value> {
    let object = match json {
        Json::Null => return Some(Value::Null),
        Json::Object(object) if object.len() == 1 && depth <= limits::VALUE_DEPTH => object,
        _ => return None,
    };
    let (mark, inner) = object.iter().next()?;
    Some(match mark.as_str() {
        "boolean" => Value::Bool(inner.as_bool()?),
        "number" => Value::Num(Number::parse(inner.as_str()?)?),
        "string" => Value::from(inner.as_str()?),
        "date" => Value::Date(Date::parse(inner.as_str()?)?),
        "time" => Value::Time(Time::parse(inner.as_str()?)?),
        "dateTime" => Value::DateTime(DateTime::parse(inner.as_str()?)?),
        "duration" => match temporal::any(inner.as_str()?)? {
            value @ (Value::Days(_) | Value::Months(_)) => value,
            _ => return None,
        },
        "list" => {
            let items = inner.as_array()?.iter().map(|item| from_marked(item, depth + 1));
            Value::from(items.collect::<Option<Vec<_>>>()?)
        }
        "context" => {
            let parts = inner.as_object()?.iter();
            let parts =
                parts.map(|(name, item)| Some((name.as_str(), from_marked(item, depth + 1)?)));
            Value::from(parts.collect::<Option<Context>>()?)
        }
        _ => return None,
    })
}

impl serde::Serialize for Value {
    /// Marked with its type; a function or range cannot be stored.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Function(_) | Self::Range(_) = self {
            let reason = format!("a {} cannot be stored", self.kind());
            return Err(serde::ser::Error::custom(reason));
        }
        self.to_marked().serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        let wanted = || serde::de::Error::custom("expected null or a value marked with its type");
        Self::from_marked(&json).ok_or_else(wanted)
    }
}
