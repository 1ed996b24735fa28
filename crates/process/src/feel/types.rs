//! Types of FEEL (DMN 10.3.2.2, 10.3.2.9): whether a value is of one.

use std::sync::Arc;

use crate::value::Value;

/// A type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// Everything.
    Any,
    /// Only null.
    Null,
    /// Numbers.
    Number,
    /// Texts.
    Text,
    /// True and false.
    Boolean,
    /// Days.
    Date,
    /// Times of day.
    Time,
    /// Days with a time.
    DateTime,
    /// Durations of days and time.
    Days,
    /// Durations of years and months.
    Months,
    /// Lists of one type.
    List(Box<Self>),
    /// Contexts with at least these entries.
    Context(Vec<(Arc<str>, Self)>),
    /// Ranges between values of one type.
    Range(Box<Self>),
    /// Functions; parameters and result are not looked into.
    Function,
}

impl Type {
    /// The built-in type of this name.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        Some(match name {
            "Any" => Self::Any,
            "Null" => Self::Null,
            "number" => Self::Number,
            "string" => Self::Text,
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "time" => Self::Time,
            "date and time" | "dateTime" => Self::DateTime,
            "days and time duration" | "dayTimeDuration" => Self::Days,
            "years and months duration" | "yearMonthDuration" => Self::Months,
            "list" => Self::List(Box::new(Self::Any)),
            "context" => Self::Context(Vec::new()),
            "range" => Self::Range(Box::new(Self::Any)),
            "function" => Self::Function,
            _ => return None,
        })
    }

    /// Names of built-in types that have blanks.
    pub(super) const WITH_BLANKS: &'static [&'static str] =
        &["date and time", "days and time duration", "years and months duration"];

    /// Whether a value is of the type. Null is of no type but `Any` and `Null`.
    #[must_use]
    pub fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Any, _)
            | (Self::Null, Value::Null)
            | (Self::Number, Value::Num(_))
            | (Self::Text, Value::Str(_))
            | (Self::Boolean, Value::Bool(_))
            | (Self::Date, Value::Date(_))
            | (Self::Time, Value::Time(_))
            | (Self::DateTime, Value::DateTime(_))
            | (Self::Days, Value::Days(_))
            | (Self::Months, Value::Months(_))
            | (Self::Function, Value::Function(_)) => true,
            (Self::List(item), Value::List(items)) => {
                items.iter().all(|value| item.holds(value) || value.is_null())
            }
            (Self::Context(parts), Value::Context(context)) => parts.iter().all(|(name, part)| {
                context.get(name).is_some_and(|value| part.holds(value) || value.is_null())
            }),
            (Self::Range(of), Value::Range(range)) => {
                [&range.low, &range.high].iter().all(|end| end.is_null() || of.holds(end))
            }
            _ => false,
        }
    }
}
