//! The engine as JSON: `motcua deadline --json`. Reads one request or a list of them, answers in
//! the same order; a refused request does not hold up the others.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::derive::derive;
use super::plan::Calendar;
use super::read::{Request, read};
use super::types::{Answer, ClockRefusal, ClockRequest, Line, Point};

/// Stdin is not what the command reads; it ends with exit code 2 and nothing on stdout.
#[derive(Debug, thiserror::Error)]
pub enum NotJson {
    /// Not JSON.
    #[error("stdin is not JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    /// JSON, but neither an object nor a list.
    #[error("expected an object or an array, but stdin holds another JSON value")]
    Shape,
}

impl NotJson {
    /// The exit code of the command.
    pub const EXIT: u8 = 2;
}

/// What goes to stdout, and whether all of it was answered.
#[derive(Clone, PartialEq, Debug)]
pub struct Answered {
    /// One answer object, or a list of them.
    pub value: Value,
    /// How many requests were refused.
    pub refused: usize,
}

impl Answered {
    /// The exit code of the command: 0 everything answered, 1 something refused.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        if self.refused == 0 { 0 } else { 1 }
    }
}

/// Answers what the command read. `shipped` gives a calendar by its name.
///
/// # Errors
/// Stdin is not JSON, or neither an object nor an array.
pub fn answer(
    stdin: &str,
    shipped: &dyn Fn(&str) -> Option<Arc<Calendar>>,
) -> Result<Answered, NotJson> {
    let mut refused = 0;
    let mut one = |request: &Value| {
        let mut out = Map::new();
        if let Some(id) = request.get("id") {
            out.insert("id".to_owned(), id.clone());
        }
        match answer_one(request, shipped, &mut out) {
            Ok(()) => {}
            Err(why) => {
                refused += 1;
                let error = json!({
                    "code": why.code.as_str(), "field": why.field, "message": why.message,
                });
                out.insert("error".to_owned(), error);
            }
        }
        Value::Object(out)
    };
    let value = match serde_json::from_str(stdin)? {
        Value::Array(requests) => Value::Array(requests.iter().map(one).collect()),
        request @ Value::Object(_) => one(&request),
        _ => return Err(NotJson::Shape),
    };
    Ok(Answered { value, refused })
}

fn answer_one(
    value: &Value,
    shipped: &dyn Fn(&str) -> Option<Arc<Calendar>>,
    out: &mut Map<String, Value>,
) -> Result<(), ClockRefusal> {
    let Request { calendar, received_at, channel, limit, rule, events, as_of, settings } =
        read(value, shipped)?;
    let answer = derive(&ClockRequest {
        calendar: &calendar,
        received_at,
        channel,
        limit,
        rule,
        events: &events,
        as_of,
        settings,
    })?;
    write(&answer, settings.offset_seconds, out);
    Ok(())
}

/// Writes an answer with all instants printed in one offset.
pub fn write(answer: &Answer, offset_seconds: i32, out: &mut Map<String, Value>) {
    let at = |at: super::Instant| Value::String(at.print(offset_seconds));
    let row = |line: &Line| {
        let point = |point| match point {
            Point::At(instant) => at(instant),
            Point::Day(date) => Value::String(date.to_string()),
        };
        json!({
            "rule": line.rule.as_str(), "from": point(line.from), "to": point(line.to),
            "ground": line.ground.as_str(),
        })
    };
    let violations =
        answer.violations.iter().map(|v| json!({"code": v.code.as_str(), "at": at(v.at)}));
    let fields = [
        ("received_effective_at", at(answer.received_effective_at)),
        ("due_at", answer.due_at.map_or(Value::Null, at)),
        ("original_due_at", at(answer.original_due_at)),
        ("forward_by", at(answer.forward_by)),
        ("supplement_deadline", at(answer.supplement_deadline)),
        ("latest_apology_at", answer.latest_apology_at.map_or(Value::Null, at)),
        ("status", answer.status.as_str().into()),
        ("original_status", answer.original_status.as_str().into()),
        ("remaining_working_days", answer.remaining_working_days.into()),
        ("remaining_working_seconds", answer.remaining_working_seconds.into()),
        ("violations", violations.collect()),
        ("derivation", answer.derivation.iter().map(row).collect()),
    ];
    out.extend(fields.map(|(name, value)| (name.to_owned(), value)));
}
