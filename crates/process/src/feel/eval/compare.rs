//! Equality, order, ranges and unary tests (DMN 10.3.2.13, tables 42, 43, 55).

use std::cmp::Ordering;

use super::{Eval, Machine};
use crate::feel::ast::{Compare, Expr, Kind, Test, Tests};
use crate::feel::temporal;
use crate::value::{Range, Value};

/// Whether two values are equal; `None` when their kinds cannot be compared.
pub(crate) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Null, Value::Null) => Some(true),
        (Value::Null, _) | (_, Value::Null) => Some(false),
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Num(a), Value::Num(b)) => Some(a == b),
        (Value::Str(a), Value::Str(b)) => Some(a == b),
        (Value::List(a), Value::List(b)) => {
            if a.len() != b.len() {
                return Some(false);
            }
            all(a.iter().zip(b.iter()).map(|(a, b)| equal(a, b)))
        }
        (Value::Context(a), Value::Context(b)) => {
            if a.len() != b.len() {
                return Some(false);
            }
            all(a.iter().map(|(name, a)| b.get(name).map_or(Some(false), |b| equal(a, b))))
        }
        (Value::Range(a), Value::Range(b)) => {
            let same = a.low_included == b.low_included && a.high_included == b.high_included;
            if !same {
                return Some(false);
            }
            all([equal(&a.low, &b.low), equal(&a.high, &b.high)].into_iter())
        }
        (Value::Function(a), Value::Function(b)) => Some(a == b),
        // A time without an offset is never the same as one with it.
        (Value::Time(a), Value::Time(b)) => Some(a.order(*b) == Some(Ordering::Equal)),
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.order(*b) == Some(Ordering::Equal)),
        _ => temporal::order(left, right).map(Ordering::is_eq),
    }
}

/// All true, unless one is false; unknown otherwise.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = None,
        }
    }
    known
}

/// Which comes first; `None` when they have no order.
pub(crate) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Num(a), Value::Num(b)) => Some(a.cmp(b)),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::DateTime(b)) => temporal::moment_beside(*a, *b).order(*b),
        (Value::DateTime(a), Value::Date(b)) => a.order(temporal::moment_beside(*b, *a)),
        _ => temporal::order(left, right),
    }
}

/// Whether a comparison holds; `None` when it cannot be said.
pub(crate) fn compare(op: Compare, left: &Value, right: &Value) -> Option<bool> {
    match op {
        Compare::Eq => equal(left, right),
        Compare::Ne => equal(left, right).map(|same| !same),
        Compare::Lt => order(left, right).map(Ordering::is_lt),
        Compare::Le => order(left, right).map(Ordering::is_le),
        Compare::Gt => order(left, right).map(Ordering::is_gt),
        Compare::Ge => order(left, right).map(Ordering::is_ge),
    }
}

/// Whether a value lies in a range; `None` when it cannot be compared with the ends.
pub(crate) fn in_range(value: &Value, range: &Range) -> Option<bool> {
    let above = if range.low.is_null() {
        Some(true)
    } else {
        let order = order(value, &range.low);
        order.map(|order| order.is_gt() || (range.low_included && order.is_eq()))
    };
    let below = if range.high.is_null() {
        Some(true)
    } else {
        let order = order(value, &range.high);
        order.map(|order| order.is_lt() || (range.high_included && order.is_eq()))
    };
    match (above, below) {
        (Some(above), Some(below)) => Some(above && below),
        _ => None,
    }
}

pub(super) fn truth(known: Option<bool>) -> Value {
    known.map_or(Value::Null, Value::Bool)
}

impl Machine<'_> {
    /// Pays for looking at all of both values.
    pub(crate) fn weigh(&mut self, left: &Value, right: &Value) -> Eval<()> {
        let size = |value: &Value| crate::value::Weight::of(value).size;
        let less = size(left).min(size(right));
        self.spend(usize::try_from(less).unwrap_or(usize::MAX))
    }

    pub(super) fn compared(&mut self, op: Compare, left: &Value, right: &Value) -> Eval<Value> {
        self.weigh(left, right)?;
        let found = compare(op, left, right);
        if found.is_none() && !left.is_null() && !right.is_null() {
            let what = format!("{} and {} cannot be compared", left.kind(), right.kind());
            return Ok(self.null(what));
        }
        Ok(truth(found))
    }

    pub(super) fn between(&mut self, three: &[Expr; 3]) -> Eval<Value> {
        let [value, low, high] = three;
        let value = self.eval(value)?;
        let (low, high) = (self.eval(low)?, self.eval(high)?);
        let above = self.compared(Compare::Ge, &value, &low)?;
        let below = self.compared(Compare::Le, &value, &high)?;
        Ok(match (above, below) {
            (Value::Bool(above), Value::Bool(below)) => Value::Bool(above && below),
            _ => Value::Null,
        })
    }

    /// What `in` says: like a cell, but unknown stays unknown.
    pub(super) fn inside(&mut self, tests: &Tests, input: &Value) -> Eval<Value> {
        let mut known = Some(false);
        for test in &tests.list {
            match self.test(test, input)? {
                Some(true) => return Ok(Value::Bool(!tests.negated)),
                Some(false) => {}
                None => known = None,
            }
        }
        Ok(truth(known.map(|found| found != tests.negated)))
    }

    /// Whether the input passes a cell; what cannot be said counts as no.
    pub(crate) fn matches(&mut self, tests: &Tests, input: &Value) -> Eval<bool> {
        if tests.list.is_empty() {
            return Ok(true);
        }
        Ok(self.inside(tests, input)? == Value::Bool(true))
    }

    fn test(&mut self, test: &Test, input: &Value) -> Eval<Option<bool>> {
        let bound = [("?".into(), input.clone())];
        match test {
            Test::Compare(op, expr) => {
                let value = self.with(bound, |machine| machine.eval(expr))?;
                self.weigh(input, &value)?;
                Ok(compare(*op, input, &value))
            }
            Test::Value(expr) => {
                let value = self.with(bound, |machine| machine.eval(expr))?;
                self.passes(expr, &value, input)
            }
        }
    }

    /// Whether the input is what an expression in a cell stands for: the value itself, one in a
    /// range or list, or a condition about `?` that is true.
    fn passes(&mut self, expr: &Expr, value: &Value, input: &Value) -> Eval<Option<bool>> {
        self.weigh(input, value)?;
        match value {
            Value::Bool(truth) => {
                let plain = matches!(expr.kind, Kind::Literal(_) | Kind::Name(_));
                Ok(match input {
                    _ if asks(expr) => Some(*truth),
                    Value::Bool(input) => Some(input == truth),
                    _ if plain => equal(input, value),
                    _ => Some(*truth),
                })
            }
            Value::Range(range) if !matches!(input, Value::Range(_)) => Ok(in_range(input, range)),
            Value::List(items) => {
                if matches!(input, Value::List(_)) && equal(input, value) == Some(true) {
                    return Ok(Some(true));
                }
                self.among(items, input)
            }
            _ => Ok(equal(input, value)),
        }
    }

    /// Whether the input equals an item or lies in one that is a range.
    pub(crate) fn among(&mut self, items: &[Value], input: &Value) -> Eval<Option<bool>> {
        self.spend(items.len())?;
        let found = items.iter().any(|item| match item {
            Value::Range(range) if !matches!(input, Value::Range(_)) => {
                in_range(input, range) == Some(true)
            }
            _ => equal(input, item) == Some(true),
        });
        Ok(Some(found))
    }
}

/// Whether an expression looks at the input, `?`.
fn asks(expr: &Expr) -> bool {
    if let Kind::Name(name) = &expr.kind {
        return &**name == "?";
    }
    let mut found = false;
    crate::feel::walk::parts(expr, &mut |part| found = found || asks(part));
    found
}
