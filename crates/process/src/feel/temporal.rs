//! What dates, times and durations do together (DMN 10.3.2.3, tables 42 to 55).

use std::cmp::Ordering;

use super::number::Rounding;
use crate::value::{Date, DateTime, Days, Months, Number, Time, Value};

/// Reads any date, time or duration, as behind `@`.
pub(crate) fn any(text: &str) -> Option<Value> {
    if text.trim_start_matches('-').starts_with('P') {
        let days = || Days::parse(text).map(Value::Days);
        return Months::parse(text).map(Value::Months).or_else(days);
    }
    let moment = || DateTime::parse(text).map(Value::DateTime);
    let time = || Time::parse(text).map(Value::Time);
    Date::parse(text).map(Value::Date).or_else(moment).or_else(time)
}

/// A date as the moment it begins; UTC is assumed where it meets one with an offset.
pub(super) fn moment_beside(date: Date, other: DateTime) -> DateTime {
    let offset = other.time.offset.and_then(|_| crate::value::Offset::new(0));
    DateTime::midnight(date, offset)
}

/// Which is earlier or shorter; `None` for what cannot be compared.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => a.order(*b),
        (Value::DateTime(a), Value::DateTime(b)) => a.order(*b),
        (Value::Days(a), Value::Days(b)) => Some(a.cmp(b)),
        (Value::Months(a), Value::Months(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// The sum, if these kinds have one and it is in range.
pub(super) fn add(left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Date(date), Value::Months(months)) => date.plus_months(months.0).map(Value::Date),
        (Value::Date(date), Value::Days(days)) => {
            let moment = DateTime::midnight(*date, None).plus(days.0)?;
            Some(Value::Date(moment.date))
        }
        (Value::DateTime(moment), Value::Months(months)) => {
            let date = moment.date.plus_months(months.0)?;
            Some(Value::DateTime(DateTime { date, time: moment.time }))
        }
        (Value::DateTime(moment), Value::Days(days)) => moment.plus(days.0).map(Value::DateTime),
        (Value::Time(time), Value::Days(days)) => Some(Value::Time(time.plus(days.0))),
        (Value::Days(a), Value::Days(b)) => a.0.checked_add(b.0).map(Days).map(Value::Days),
        (Value::Months(a), Value::Months(b)) => a.0.checked_add(b.0).map(Months).map(Value::Months),
        (Value::Days(_) | Value::Months(_), Value::Date(_) | Value::DateTime(_))
        | (Value::Days(_), Value::Time(_)) => add(right, left),
        _ => None,
    }
}

/// The difference, if these kinds have one and it is in range.
pub(super) fn sub(left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Date(a), Value::Date(b)) => {
            let days = |date: &Date| DateTime::midnight(*date, None);
            days(a).since(days(b)).map(Days).map(Value::Days)
        }
        (Value::Date(a), Value::DateTime(b)) => {
            moment_beside(*a, *b).since(*b).map(Days).map(Value::Days)
        }
        (Value::DateTime(a), Value::Date(b)) => {
            a.since(moment_beside(*b, *a)).map(Days).map(Value::Days)
        }
        (Value::DateTime(a), Value::DateTime(b)) => a.since(*b).map(Days).map(Value::Days),
        (Value::Time(a), Value::Time(b)) => a.since(*b).map(Days).map(Value::Days),
        (_, Value::Days(_) | Value::Months(_)) => add(left, &negate(right)?),
        _ => None,
    }
}

/// A duration the other way round.
pub(super) fn negate(value: &Value) -> Option<Value> {
    match value {
        Value::Days(days) => days.0.checked_neg().map(Days).map(Value::Days),
        Value::Months(months) => months.0.checked_neg().map(Months).map(Value::Months),
        _ => None,
    }
}

/// A duration so many times.
pub(super) fn mul(left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Num(_), Value::Days(_) | Value::Months(_)) => mul(right, left),
        (_, Value::Num(factor)) => scaled(left, |units| units.mul(factor)),
        _ => None,
    }
}

/// A part of a duration, or how often one goes into another.
pub(super) fn div(left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Days(a), Value::Days(b)) => {
            Number::new(a.0, 0)?.div(&Number::new(b.0, 0)?).map(Value::Num)
        }
        (Value::Months(a), Value::Months(b)) => {
            Number::from(a.0).div(&Number::from(b.0)).map(Value::Num)
        }
        (_, Value::Num(divisor)) => scaled(left, |units| units.div(divisor)),
        _ => None,
    }
}

/// Changes the length of a duration; parts of a nanosecond or month are dropped.
fn scaled(value: &Value, change: impl Fn(&Number) -> Option<Number>) -> Option<Value> {
    let units = |units: &Number| change(units)?.round(0, Rounding::Down)?.to_i128();
    match value {
        Value::Days(days) => units(&Number::new(days.0, 0)?).map(Days).map(Value::Days),
        Value::Months(months) => {
            let months = i64::try_from(units(&Number::from(months.0))?).ok()?;
            Some(Value::Months(Months(months)))
        }
        _ => None,
    }
}

/// Whole months from one day to another, as `years and months duration` counts them.
pub(super) fn months_between(from: Date, to: Date) -> Option<Months> {
    let index = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    let months = index(to) - index(from);
    let short = match months.signum() {
        1 if from.day() > to.day() => 1,
        -1 if from.day() < to.day() => -1,
        _ => 0,
    };
    Some(Months(months - short))
}
