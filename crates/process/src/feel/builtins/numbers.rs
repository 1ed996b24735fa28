//! Functions of numbers and truth (DMN 10.3.4.2, 10.3.4.5).

use super::texts::scale;
use super::{Builtin, Eval, defined, number, single, take};
use crate::feel::eval::{Machine, SERIES_STEPS};
use crate::feel::temporal;
use crate::value::{Number, Rounding, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::new("not", &[&["negand"]], |m, args| {
        Ok(match single(args, 0) {
            Value::Bool(truth) => Value::Bool(!truth),
            Value::Null => Value::Null,
            other => m.null(format!("not of a {}", other.kind())),
        })
    }),
    Builtin::new("decimal", &[&["n", "scale"]], |m, a| rounded(m, a, Rounding::HalfEven)),
    Builtin::new("floor", &[&["n", "scale?"]], |m, a| rounded(m, a, Rounding::Floor)),
    Builtin::new("ceiling", &[&["n", "scale?"]], |m, a| rounded(m, a, Rounding::Ceiling)),
    Builtin::new("round up", &[&["n", "scale"]], |m, a| rounded(m, a, Rounding::Up)),
    Builtin::new("round down", &[&["n", "scale"]], |m, a| rounded(m, a, Rounding::Down)),
    Builtin::new("round half up", &[&["n", "scale"]], |m, a| rounded(m, a, Rounding::HalfUp)),
    Builtin::new("round half down", &[&["n", "scale"]], |m, a| rounded(m, a, Rounding::HalfDown)),
    Builtin::new("abs", &[&["n"], &["number"]], absolute),
    Builtin::new("modulo", &[&["dividend", "divisor"]], |m, args| {
        let (dividend, divisor) = (take!(number(m, args, 0)), take!(number(m, args, 1)));
        if divisor.is_zero() {
            return Ok(m.null("division by zero"));
        }
        let rest = dividend.modulo(&divisor);
        Ok(defined(m, rest))
    }),
    Builtin::new("sqrt", &[&["number"]], |m, args| one(m, args, Number::sqrt)),
    Builtin::new("log", &[&["number"]], |m, args| one(m, args, Number::ln)),
    Builtin::new("exp", &[&["number"]], |m, args| one(m, args, Number::exp)),
    Builtin::new("odd", &[&["number"]], |m, args| odd(m, args, true)),
    Builtin::new("even", &[&["number"]], |m, args| odd(m, args, false)),
];

fn rounded(machine: &mut Machine<'_>, args: &[Value], how: Rounding) -> Eval<Value> {
    let value = take!(number(machine, args, 0));
    let scale = if args.len() > 1 { take!(scale(machine, args, 1)) } else { 0 };
    let result = value.round(scale, how);
    Ok(defined(machine, result))
}

fn one(
    machine: &mut Machine<'_>,
    args: &[Value],
    run: fn(&Number) -> Option<Number>,
) -> Eval<Value> {
    let value = take!(number(machine, args, 0));
    machine.spend(SERIES_STEPS)?;
    let result = run(&value);
    Ok(defined(machine, result))
}

fn odd(machine: &mut Machine<'_>, args: &[Value], wanted: bool) -> Eval<Value> {
    let value = take!(number(machine, args, 0));
    let rest = value.modulo(&Number::from(2)).filter(|_| value.is_whole());
    Ok(match rest {
        Some(rest) => Value::Bool(rest.is_zero() != wanted),
        None => machine.null("the number is not whole"),
    })
}

fn absolute(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    Ok(match single(args, 0) {
        Value::Num(number) => Value::Num(number.abs()),
        value @ Value::Days(days) if days.0 >= 0 => value.clone(),
        value @ Value::Months(months) if months.0 >= 0 => value.clone(),
        other => match temporal::negate(other) {
            Some(value) => value,
            None => machine.null(format!("a {} has no absolute value", other.kind())),
        },
    })
}
