//! Values as text, as `string()` writes them (DMN 10.3.4.1), and a bound on its length.

use std::fmt::{self, Write};

use crate::limits;
use crate::value::Value;

/// The text of a value; `None` when it would be too long. A text stands for itself.
pub(super) fn text(value: &Value) -> Option<String> {
    if let Value::Str(text) = value {
        return Some(text.to_string());
    }
    let mut out = Bounded(String::new());
    write(&mut out, value).ok()?;
    Some(out.0)
}

struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.0.len() + part.len() > limits::TEXT_BYTES {
            return Err(fmt::Error);
        }
        self.0.push_str(part);
        Ok(())
    }
}

fn write(out: &mut Bounded, value: &Value) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(truth) => write!(out, "{truth}"),
        Value::Num(number) => write!(out, "{number}"),
        Value::Str(text) => {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
            write!(out, "\"{escaped}\"")
        }
        Value::Date(date) => write!(out, "{date}"),
        Value::Time(time) => write!(out, "{time}"),
        Value::DateTime(moment) => write!(out, "{moment}"),
        Value::Days(duration) => write!(out, "{duration}"),
        Value::Months(duration) => write!(out, "{duration}"),
        Value::List(items) => {
            out.write_str("[")?;
            for (at, item) in items.iter().enumerate() {
                out.write_str(if at == 0 { "" } else { ", " })?;
                write(out, item)?;
            }
            out.write_str("]")
        }
        Value::Context(context) => {
            out.write_str("{")?;
            for (at, (name, item)) in context.iter().enumerate() {
                write!(out, "{}{name}: ", if at == 0 { "" } else { ", " })?;
                write(out, item)?;
            }
            out.write_str("}")
        }
        Value::Range(range) => {
            out.write_str(if range.low_included { "[" } else { "(" })?;
            for (end, mark) in [(&range.low, ".."), (&range.high, "")] {
                if !end.is_null() {
                    write(out, end)?;
                }
                out.write_str(mark)?;
            }
            out.write_str(if range.high_included { "]" } else { ")" })
        }
        Value::Function(function) => write!(out, "{function:?}"),
    }
}
