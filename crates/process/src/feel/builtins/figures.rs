//! Figures of lists (DMN 10.3.4.4): sums, means, least and greatest, all and any.

use super::{Builtin, Eval, defined, list, take};
use crate::feel::eval::{Machine, equal, order};
use crate::value::{Number, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::new("count", &[&["list"]], |m, args| {
        let items = take!(list(m, args, 0));
        Ok(Value::from(i64::try_from(items.len()).unwrap_or(i64::MAX)))
    }),
    Builtin::many("min", &[&["list"]], |m, args| extreme(m, args, std::cmp::Ordering::Less)),
    Builtin::many("max", &[&["list"]], |m, args| extreme(m, args, std::cmp::Ordering::Greater)),
    Builtin::many("sum", &[&["list"]], |m, args| {
        let items = take!(given(m, args));
        total(m, &items)
    }),
    Builtin::many("product", &[&["list"]], |m, args| {
        let numbers = take!(numbers(m, args)?);
        let product = numbers.iter().try_fold(Number::ONE, |all, number| all.mul(number));
        Ok(defined(m, product.filter(|_| !numbers.is_empty())))
    }),
    Builtin::many("mean", &[&["list"]], |m, args| {
        let numbers = take!(numbers(m, args)?);
        let mean = mean(&numbers);
        Ok(defined(m, mean))
    }),
    Builtin::many("median", &[&["list"]], |m, args| {
        let mut numbers = take!(numbers(m, args)?);
        numbers.sort();
        let middle = numbers.len() / 2;
        let found = if numbers.len() % 2 == 1 {
            numbers.get(middle).cloned()
        } else {
            middle.checked_sub(1).and_then(|low| mean(numbers.get(low..=middle)?))
        };
        Ok(defined(m, found))
    }),
    Builtin::many("stddev", &[&["list"]], |m, args| {
        let numbers = take!(numbers(m, args)?);
        let found = deviation(&numbers);
        Ok(defined(m, found))
    }),
    Builtin::many("mode", &[&["list"]], mode),
    Builtin::many("all", &[&["list"]], |m, args| truths(m, args, false)),
    Builtin::many("any", &[&["list"]], |m, args| truths(m, args, true)),
];

/// The items of the one list given, or the arguments themselves.
fn given(machine: &mut Machine<'_>, args: &[Value]) -> Option<Vec<Value>> {
    match args {
        [_] => list(machine, args, 0).map(|items| items.to_vec()),
        several => Some(several.to_vec()),
    }
}

fn numbers(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Option<Vec<Number>>> {
    let Some(items) = given(machine, args) else { return Ok(None) };
    machine.spend(items.len())?;
    let found: Option<Vec<Number>> = items.iter().map(|item| item.as_number().cloned()).collect();
    if found.is_none() {
        machine.null("an item is not a number");
    }
    Ok(found)
}

/// The sum of numbers, or of durations of one kind.
pub(crate) fn total(machine: &mut Machine<'_>, items: &[Value]) -> Eval<Value> {
    machine.spend(items.len())?;
    let mut items = items.iter();
    let Some(first) = items
        .next()
        .filter(|first| matches!(first, Value::Num(_) | Value::Days(_) | Value::Months(_)))
    else {
        return Ok(machine.null("there is nothing to add"));
    };
    let sum = items.try_fold(first.clone(), |sum, item| match (&sum, item) {
        (Value::Num(a), Value::Num(b)) => a.add(b).map(Value::Num),
        (Value::Days(_), Value::Days(_)) | (Value::Months(_), Value::Months(_)) => {
            crate::feel::temporal::add(&sum, item)
        }
        _ => None,
    });
    Ok(match sum {
        Some(sum) => sum,
        None => machine.null("the items cannot be added"),
    })
}

fn mean(numbers: &[Number]) -> Option<Number> {
    let sum = numbers.iter().try_fold(Number::ZERO, |sum, number| sum.add(number))?;
    sum.div(&Number::from(i64::try_from(numbers.len()).ok()?))
}

/// The deviation of a sample: n − 1 in the divisor.
fn deviation(numbers: &[Number]) -> Option<Number> {
    let mean = mean(numbers)?;
    let squares = numbers.iter().map(|number| {
        let off = number.sub(&mean)?;
        off.mul(&off)
    });
    let sum = squares.into_iter().try_fold(Number::ZERO, |sum, square| sum.add(&square?))?;
    sum.div(&Number::from(i64::try_from(numbers.len()).ok()? - 1))?.sqrt()
}

/// The most frequent numbers, in order.
fn mode(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let mut numbers = take!(numbers(machine, args)?);
    numbers.sort();
    let runs: Vec<&[Number]> = numbers.chunk_by(|a, b| a == b).collect();
    let most = runs.iter().map(|run| run.len()).max().unwrap_or(0);
    let found = runs.iter().filter(|run| run.len() == most).filter_map(|run| run.first());
    let found = found.cloned().map(Value::Num).collect();
    machine.list(found)
}

/// The least or greatest; null when two cannot be compared.
fn extreme(machine: &mut Machine<'_>, args: &[Value], wanted: std::cmp::Ordering) -> Eval<Value> {
    let items = take!(given(machine, args));
    best(machine, &items, wanted)
}

/// The least or greatest of items; null when there are none or two cannot be compared.
pub(crate) fn best(
    machine: &mut Machine<'_>,
    items: &[Value],
    wanted: std::cmp::Ordering,
) -> Eval<Value> {
    machine.spend(items.len())?;
    let mut items = items.iter();
    let Some(mut best) = items.next() else {
        return Ok(machine.null("there is nothing to choose from"));
    };
    if order(best, best).is_none() {
        return Ok(machine.null(format!("a {} has no order", best.kind())));
    }
    for item in items {
        match order(item, best) {
            Some(found) if found == wanted => best = item,
            Some(_) => {}
            None => return Ok(machine.null("the items cannot be compared")),
        }
    }
    Ok(best.clone())
}

/// `all` (stops at false) and `any` (stops at true).
fn truths(machine: &mut Machine<'_>, args: &[Value], stop: bool) -> Eval<Value> {
    let items = take!(given(machine, args));
    machine.spend(items.len())?;
    if items.contains(&Value::Bool(stop)) {
        return Ok(Value::Bool(stop));
    }
    if items.iter().all(|item| equal(item, &Value::Bool(!stop)) == Some(true)) {
        return Ok(Value::Bool(!stop));
    }
    Ok(Value::Null)
}
