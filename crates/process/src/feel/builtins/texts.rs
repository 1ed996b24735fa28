//! Functions of texts, and conversion to text and number (DMN 10.3.4.1, 10.3.4.3).

use super::{Builtin, Eval, list, number, place_number, single, take, text};
use crate::feel::eval::Machine;
use crate::feel::{Limit, show};
use crate::limits;
use crate::value::{Number, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::new("string", &[&["from"]], string),
    Builtin::new("number", &[&["from", "grouping separator?", "decimal separator?"]], to_number),
    Builtin::new("substring", &[&["string", "start position", "length?"]], substring),
    Builtin::new("string length", &[&["string"]], length),
    Builtin::new("upper case", &[&["string"]], |m, args| {
        let found = take!(text(m, args, 0));
        m.text(found.to_uppercase())
    }),
    Builtin::new("lower case", &[&["string"]], |m, args| {
        let found = take!(text(m, args, 0));
        m.text(found.to_lowercase())
    }),
    Builtin::new("trim", &[&["string"]], |m, args| {
        let found = take!(text(m, args, 0));
        m.text(found.trim())
    }),
    Builtin::new("substring before", &[&["string", "match"]], |m, args| {
        let (text, wanted) = take!(two(m, args));
        m.text(text.split_once(&*wanted).map_or("", |(before, _)| before))
    }),
    Builtin::new("substring after", &[&["string", "match"]], |m, args| {
        let (text, wanted) = take!(two(m, args));
        m.text(text.split_once(&*wanted).map_or("", |(_, after)| after))
    }),
    Builtin::new("contains", &[&["string", "match"]], |m, args| {
        let (text, wanted) = take!(two(m, args));
        m.spend(text.len() / BYTES_A_STEP)?;
        Ok(Value::Bool(text.contains(&*wanted)))
    }),
    Builtin::new("starts with", &[&["string", "match"]], |m, args| {
        let (text, wanted) = take!(two(m, args));
        Ok(Value::Bool(text.starts_with(&*wanted)))
    }),
    Builtin::new("ends with", &[&["string", "match"]], |m, args| {
        let (text, wanted) = take!(two(m, args));
        Ok(Value::Bool(text.ends_with(&*wanted)))
    }),
    Builtin::new(
        "string join",
        &[&["list", "delimiter?"], &["list", "delimiter", "prefix", "suffix"]],
        join,
    ),
];

/// So many bytes looked through cost one step.
pub(super) const BYTES_A_STEP: usize = 64;

fn two(
    machine: &mut Machine<'_>,
    args: &[Value],
) -> Option<(std::sync::Arc<str>, std::sync::Arc<str>)> {
    Some((text(machine, args, 0)?, text(machine, args, 1)?))
}

fn string(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let value = args.first().unwrap_or(&Value::Null);
    if value.is_null() {
        return Ok(Value::Null);
    }
    match show::text(value) {
        Some(text) => machine.text(text),
        None => Err(machine.over(Limit::TextBytes)),
    }
}

fn to_number(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    if let Value::Num(number) = single(args, 0) {
        return Ok(Value::Num(number.clone()));
    }
    let mut found = take!(text(machine, args, 0)).to_string();
    let sign = |at: usize, allowed: &str| match single(args, at) {
        Value::Null => Some(None),
        Value::Str(sign) if sign.chars().count() == 1 && allowed.contains(&**sign) => {
            Some(Some(sign.clone()))
        }
        _ => None,
    };
    let (Some(grouping), Some(point)) = (sign(1, " ,."), sign(2, ".,")) else {
        return Ok(machine.null("a separator is a blank, a comma or a point"));
    };
    if grouping.is_some() && grouping == point {
        return Ok(machine.null("both separators are the same"));
    }
    if let Some(grouping) = grouping {
        found = found.replace(&*grouping, "");
    }
    if let Some(point) = point.filter(|point| &**point != ".") {
        if found.contains('.') {
            return Ok(machine.null("the text is not a number"));
        }
        found = found.replace(&*point, ".");
    }
    Ok(match Number::parse(&found) {
        Some(number) => Value::Num(number),
        None => machine.null("the text is not a number"),
    })
}

fn length(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let found = take!(text(machine, args, 0));
    machine.spend(found.len() / BYTES_A_STEP)?;
    Ok(Value::from(i64::try_from(found.chars().count()).unwrap_or(i64::MAX)))
}

/// Characters from a place that counts from 1, or from the end if negative.
fn substring(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let found = take!(text(machine, args, 0));
    let start = take!(place_number(machine, args, 1));
    machine.spend(found.len() / BYTES_A_STEP)?;
    let count = found.chars().count();
    let Some(at) = crate::feel::eval::index(start, count) else {
        return Ok(machine.null(format!("a text of {count} characters has no place {start}")));
    };
    let length = match args.get(2) {
        None | Some(Value::Null) => count,
        Some(_) => {
            let length = take!(place_number(machine, args, 2));
            match usize::try_from(length) {
                Ok(length) if length > 0 => length,
                _ => return Ok(machine.null("the length is less than 1")),
            }
        }
    };
    let part: String = found.chars().skip(at).take(length).collect();
    machine.text(part)
}

fn join(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let items = take!(list(machine, args, 0));
    let mut part = |at: usize| match args.get(at) {
        None | Some(Value::Null) => Some("".into()),
        Some(_) => text(machine, args, at),
    };
    let (delimiter, prefix, suffix) = (take!(part(1)), take!(part(2)), take!(part(3)));
    let mut joined = prefix.to_string();
    let mut first = true;
    for item in items.iter() {
        let item = match item {
            Value::Null => continue,
            Value::Str(item) => item,
            other => {
                let what = format!("an item is not a string, but {}", other.kind());
                return Ok(machine.null(what));
            }
        };
        if !first {
            joined.push_str(&delimiter);
        }
        first = false;
        joined.push_str(item);
        machine.spend(1)?;
        if joined.len() > limits::TEXT_BYTES {
            return Err(machine.over(Limit::TextBytes));
        }
    }
    joined.push_str(&suffix);
    machine.text(joined)
}

/// A scale of digits after the point, kept here because it is asked for in several tables.
pub(super) fn scale(machine: &mut Machine<'_>, args: &[Value], at: usize) -> Option<i64> {
    let scale = number(machine, args, at)?.round(0, crate::value::Rounding::Down)?.to_i64();
    let fits = scale.filter(|scale| (-SCALE_MAX..=SCALE_MAX).contains(scale));
    if fits.is_none() {
        machine.null(format!("argument {} is not a scale of digits", at + 1));
    }
    fits
}

/// Scales reach from minus this to plus this (DMN 10.3.4.5).
const SCALE_MAX: i64 = 6_176;
