//! Functions of dates, times and durations (DMN 10.3.4.1, 10.3.4.6, 10.3.4.7), and the properties
//! of values (10.3.2.15, table 65).

use super::contexts::same;
use super::{Builtin, Eval, number, single, take, text, whole};
use crate::feel::eval::Machine;
use crate::feel::temporal;
use crate::value::{Date, DateTime, Days, Months, Number, Offset, Rounding, Time, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::new("date", &[&["from"], &["year", "month", "day"]], date),
    Builtin::new("time", &[&["from"], &["hour", "minute", "second", "offset?"]], time),
    Builtin::new("date and time", &[&["from"], &["date", "time"]], date_and_time),
    Builtin::new("duration", &[&["from"]], |m, args| {
        if let value @ (Value::Days(_) | Value::Months(_)) = single(args, 0) {
            return Ok(value.clone());
        }
        let found = take!(text(m, args, 0));
        match temporal::any(&found) {
            Some(value @ (Value::Days(_) | Value::Months(_))) => Ok(value),
            _ => Ok(m.null(format!("{found:?} is no duration"))),
        }
    }),
    Builtin::new("years and months duration", &[&["from", "to"]], |m, args| {
        let (from, to) = (take!(day(m, args, 0)), take!(day(m, args, 1)));
        Ok(temporal::months_between(from, to).map_or(Value::Null, Value::Months))
    }),
    Builtin::new("day of year", &[&["date"]], |m, args| {
        let date = take!(day(m, args, 0));
        Ok(Value::from(i64::from(date.day_of_year())))
    }),
    Builtin::new("day of week", &[&["date"]], |m, args| {
        let date = take!(day(m, args, 0));
        Ok(named(WEEKDAYS, date.weekday()))
    }),
    Builtin::new("month of year", &[&["date"]], |m, args| {
        let date = take!(day(m, args, 0));
        Ok(named(MONTHS, date.month()))
    }),
    Builtin::new("week of year", &[&["date"]], |m, args| {
        let date = take!(day(m, args, 0));
        Ok(Value::from(i64::from(date.week_of_year())))
    }),
    Builtin::new("now", &[&[]], |m, _| {
        Ok(match m.scope.now() {
            Some(now) => Value::DateTime(now),
            None => m.null("there is no clock here"),
        })
    }),
    Builtin::new("today", &[&[]], |m, _| {
        Ok(match m.scope.now() {
            Some(now) => Value::Date(now.date),
            None => m.null("there is no clock here"),
        })
    }),
    Builtin::new("is", &[&["value1", "value2"]], |_, args| Ok(Value::Bool(same(args)))),
];

const WEEKDAYS: &[&str] =
    &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn named(names: &[&str], place: u8) -> Value {
    let name = usize::from(place).checked_sub(1).and_then(|at| names.get(at));
    name.map_or(Value::Null, |name| Value::from(*name))
}

/// The day of a date or moment.
fn day(machine: &mut Machine<'_>, args: &[Value], at: usize) -> Option<Date> {
    match single(args, at) {
        Value::Date(date) => Some(*date),
        Value::DateTime(moment) => Some(moment.date),
        other => super::wrong(machine, at, "date", other),
    }
}

fn date(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let found = if args.len() > 1 {
        let year = take!(whole(machine, args, 0));
        let (month, day) = (take!(whole(machine, args, 1)), take!(whole(machine, args, 2)));
        let part = |part: i64| u8::try_from(part).unwrap_or(0);
        i32::try_from(year).ok().and_then(|year| Date::new(year, part(month), part(day)))
    } else {
        match single(args, 0) {
            Value::Date(date) => Some(*date),
            Value::DateTime(moment) => Some(moment.date),
            _ => Date::parse(&take!(text(machine, args, 0))),
        }
    };
    Ok(match found {
        Some(date) => Value::Date(date),
        None => machine.null("there is no such day"),
    })
}

fn time(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    if args.len() == 1 {
        let found = match single(args, 0) {
            Value::Time(time) => Some(*time),
            Value::DateTime(moment) => Some(moment.time),
            Value::Date(_) => Time::new(0, 0, 0, 0, Offset::new(0)),
            _ => Time::parse(&take!(text(machine, args, 0))),
        };
        return Ok(match found {
            Some(time) => Value::Time(time),
            None => machine.null("there is no such time"),
        });
    }
    let (hour, minute) = (take!(whole(machine, args, 0)), take!(whole(machine, args, 1)));
    let second = take!(number(machine, args, 2));
    let offset = match args.get(3) {
        None | Some(Value::Null) => None,
        Some(_) => {
            let Value::Days(days) = single(args, 3) else {
                return Ok(machine.null("the offset is not a duration of days and time"));
            };
            let seconds = i32::try_from(days.0 / 1_000_000_000).ok();
            Some(take!(seconds.and_then(Offset::new)))
        }
    };
    let nanos = second
        .mul(&Number::from(1_000_000_000))
        .and_then(|nanos| nanos.round(0, Rounding::Down)?.to_i64());
    let found = nanos.filter(|nanos| *nanos >= 0).and_then(|nanos| {
        let (whole, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
        let part = |part: i64| u8::try_from(part).ok();
        Time::new(part(hour)?, part(minute)?, part(whole)?, u32::try_from(rest).ok()?, offset)
    });
    Ok(match found {
        Some(time) => Value::Time(time),
        None => machine.null("there is no such time"),
    })
}

fn date_and_time(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let found = if args.len() > 1 {
        let date = take!(day(machine, args, 0));
        match single(args, 1) {
            Value::Time(time) => Some(DateTime { date, time: *time }),
            other => {
                let what = format!("argument 2 is not a time, but {}", other.kind());
                return Ok(machine.null(what));
            }
        }
    } else {
        match single(args, 0) {
            Value::DateTime(moment) => Some(*moment),
            Value::Date(date) => Some(DateTime::midnight(*date, Offset::new(0))),
            _ => DateTime::parse(&take!(text(machine, args, 0))),
        }
    };
    Ok(match found {
        Some(moment) => Value::DateTime(moment),
        None => machine.null("there is no such moment"),
    })
}

/// What a value shows after a point, contexts and lists aside.
pub(crate) fn property(value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Date(date) => of_date(*date, name),
        Value::DateTime(moment) => {
            of_date(moment.date, name).or_else(|| of_time(moment.time, name))
        }
        Value::Time(time) => of_time(*time, name),
        Value::Days(Days(nanos)) => {
            let seconds = nanos / 1_000_000_000;
            let part = match name {
                "days" => seconds / 86_400,
                "hours" => seconds / 3_600 % 24,
                "minutes" => seconds / 60 % 60,
                "seconds" => {
                    let nanos = nanos % 60_000_000_000;
                    return Number::new(nanos, -9).map(Value::Num);
                }
                _ => return None,
            };
            Number::new(part, 0).map(Value::Num)
        }
        Value::Months(Months(months)) => match name {
            "years" => Some(Value::from(months / 12)),
            "months" => Some(Value::from(months % 12)),
            _ => None,
        },
        Value::Range(range) => match name {
            "start" => Some(range.low.clone()),
            "end" => Some(range.high.clone()),
            "start included" => Some(Value::Bool(range.low_included)),
            "end included" => Some(Value::Bool(range.high_included)),
            _ => None,
        },
        _ => None,
    }
}

fn of_date(date: Date, name: &str) -> Option<Value> {
    Some(Value::from(match name {
        "year" => i64::from(date.year()),
        "month" => i64::from(date.month()),
        "day" => i64::from(date.day()),
        "weekday" => i64::from(date.weekday()),
        _ => return None,
    }))
}

fn of_time(time: Time, name: &str) -> Option<Value> {
    let whole = |part: u64| i64::try_from(part).ok().map(Value::from);
    match name {
        "hour" => whole(time.hour()),
        "minute" => whole(time.minute()),
        "second" => {
            let nanos = i128::from(time.nanos() % 60_000_000_000);
            Number::new(nanos, -9).map(Value::Num)
        }
        "time offset" => Some(time.offset.map_or(Value::Null, |offset| {
            Value::Days(Days(i128::from(offset.seconds) * 1_000_000_000))
        })),
        "timezone" => {
            let zone = time.offset.and_then(|offset| offset.zone);
            Some(zone.map_or(Value::Null, Value::from))
        }
        _ => None,
    }
}
