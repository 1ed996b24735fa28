//! A column of a table as sets of parts of what its input may be.

use std::cmp::Ordering;

use crate::dmn::table::Table;
use crate::feel::Nothing;
use crate::feel::ast::{Compare, Expr, Kind, Test, Tests};
use crate::feel::eval::{Machine, in_range, order};
use crate::feel::{builtins, walk};
use crate::value::{Range, Value};

/// A part by its place.
pub(super) type Part = usize;

/// What the parts of a column are.
#[derive(Debug)]
enum Parts {
    /// Single values; whether there may be others.
    Points(Vec<Value>, bool),
    /// Values in order: each is a part, and so is what lies before, between and after them.
    Line(Vec<Value>),
}

#[derive(Debug)]
pub(super) struct Column {
    label: String,
    parts: Parts,
    /// For each rule the parts its cell takes; `None` where that cannot be said.
    sets: Vec<Option<Vec<u64>>>,
}

/// A cell made of plain values.
struct Plain {
    negated: bool,
    any: bool,
    values: Vec<Value>,
    ranges: Vec<Range>,
}

impl Column {
    pub(super) fn of(table: &Table, at: usize) -> Self {
        let cells: Vec<Option<Plain>> =
            table.rules.iter().map(|rule| rule.cells.get(at).and_then(plain)).collect();
        let input = table.inputs.get(at);
        let label = input.map(|input| input.label.clone()).unwrap_or_default();
        let allowed = input.and_then(|input| plain(input.allowed.as_ref()?));
        let allowed = allowed.filter(|a| a.ranges.is_empty() && !a.any && !a.negated);
        let boolean = input.is_some_and(|input| input.boolean);
        let ends = cells.iter().flatten().flat_map(|cell| {
            let ends = cell.ranges.iter().flat_map(|range| [&range.low, &range.high]);
            cell.values.iter().chain(ends)
        });
        let named: Vec<Value> = ends.filter(|value| !value.is_null()).cloned().collect();
        let ranged = cells.iter().flatten().any(|cell| !cell.ranges.is_empty());
        let parts = if let Some(allowed) = allowed {
            Some(Parts::Points(allowed.values, false))
        } else if boolean || named.iter().any(|value| matches!(value, Value::Bool(_))) {
            Some(Parts::Points(vec![Value::Bool(true), Value::Bool(false)], false))
        } else {
            in_order(named).map(|v| if ranged { Parts::Line(v) } else { Parts::Points(v, true) })
        };
        let Some(parts) = parts else {
            // Values that have no order among them: nothing can be said.
            let sets = cells.iter().map(|_| None).collect();
            return Self { label, parts: Parts::Points(Vec::new(), true), sets };
        };
        let mut column = Self { label, parts, sets: Vec::new() };
        column.sets = cells.iter().map(|cell| Some(column.set(cell.as_ref()?))).collect();
        column
    }

    fn len(&self) -> usize {
        match &self.parts {
            Parts::Points(values, others) => values.len() + usize::from(*others),
            Parts::Line(values) => 2 * values.len() + 1,
        }
    }

    pub(super) fn parts(&self) -> std::ops::Range<Part> {
        0..self.len()
    }

    pub(super) fn words(&self) -> usize {
        self.len().div_ceil(64)
    }

    /// Whether some cell cannot be judged.
    pub(super) fn is_vague(&self) -> bool {
        self.sets.iter().any(Option::is_none)
    }

    fn set(&self, cell: &Plain) -> Vec<u64> {
        let mut set = vec![0; self.words()];
        for part in self.parts() {
            if (cell.any || self.takes(cell, part) != cell.negated)
                && let Some(word) = set.get_mut(part / 64)
            {
                *word |= 1 << (part % 64);
            }
        }
        set
    }

    /// Whether a cell takes a part, negation aside.
    fn takes(&self, cell: &Plain, part: Part) -> bool {
        let point = |value: &Value| {
            cell.values.contains(value)
                || cell.ranges.iter().any(|range| in_range(value, range) == Some(true))
        };
        match &self.parts {
            Parts::Points(values, _) => values.get(part).is_some_and(point),
            Parts::Line(values) if part % 2 == 1 => values.get(part / 2).is_some_and(point),
            Parts::Line(values) => {
                let before = (part / 2).checked_sub(1).and_then(|at| values.get(at));
                let after = values.get(part / 2);
                cell.ranges.iter().any(|range| spans(range, before, after))
            }
        }
    }

    pub(super) fn has(&self, rule: usize, part: Part) -> bool {
        let set = self.sets.get(rule).and_then(Option::as_ref);
        let word = set.and_then(|set| set.get(part / 64));
        word.is_some_and(|word| word & (1 << (part % 64)) != 0)
    }

    fn both(&self, a: usize, b: usize) -> Option<(&[u64], &[u64])> {
        let set = |at: usize| self.sets.get(at).and_then(Option::as_deref);
        Some((set(a)?, set(b)?))
    }

    /// Whether the cells of two rules surely share something.
    pub(super) fn meet(&self, a: usize, b: usize) -> bool {
        self.both(a, b).is_some_and(|(a, b)| a.iter().zip(b).any(|(a, b)| a & b != 0))
    }

    /// Whether one cell surely takes all that another takes.
    pub(super) fn covers(&self, outer: usize, inner: usize) -> bool {
        let both = self.both(outer, inner);
        both.is_some_and(|(outer, inner)| outer.iter().zip(inner).all(|(o, i)| i & !o == 0))
    }

    pub(super) fn shared(&self, a: usize, b: usize) -> Option<Vec<Part>> {
        self.both(a, b)?;
        Some(self.parts().filter(|part| self.has(a, *part) && self.has(b, *part)).collect())
    }

    /// Some parts in words; nothing if they are all.
    pub(super) fn condition(&self, parts: &[Part]) -> Option<String> {
        if parts.len() == self.len() {
            return None;
        }
        let told = match &self.parts {
            Parts::Points(values, _) => {
                let told = parts.iter().map(|part| match values.get(*part) {
                    Some(value) => literal(value),
                    None => "another value".to_owned(),
                });
                told.collect::<Vec<_>>()
            }
            Parts::Line(values) => {
                let runs = parts.chunk_by(|a, b| a + 1 == *b);
                runs.filter_map(|run| stretch(values, *run.first()?, *run.last()?)).collect()
            }
        };
        Some(format!("{} in ({})", self.label, told.join(", ")))
    }
}

/// Parts of a line from one to another, as FEEL would write them.
fn stretch(values: &[Value], first: Part, last: Part) -> Option<String> {
    let (low_included, high_included) = (first % 2 == 1, last % 2 == 1);
    let low = if low_included {
        values.get(first / 2)
    } else {
        (first / 2).checked_sub(1).and_then(|at| values.get(at))
    };
    let high = values.get(last / 2);
    Some(match (low, high) {
        (Some(low), Some(_)) if first == last && low_included => literal(low),
        (Some(low), Some(high)) => format!(
            "{}{}..{}{}",
            if low_included { "[" } else { "(" },
            literal(low),
            literal(high),
            if high_included { "]" } else { ")" }
        ),
        (None, Some(high)) => {
            format!("{} {}", if high_included { "<=" } else { "<" }, literal(high))
        }
        (Some(low), None) => format!("{} {}", if low_included { ">=" } else { ">" }, literal(low)),
        (None, None) => "any value".to_owned(),
    })
}

fn literal(value: &Value) -> String {
    let shown = Value::from(vec![value.clone()]);
    // Shown inside a list, texts have their quotes.
    let shown = crate::feel::shown(&shown);
    shown.trim_start_matches('[').trim_end_matches(']').to_owned()
}

/// Whether a range takes all that lies between two neighbouring values.
fn spans(range: &Range, before: Option<&Value>, after: Option<&Value>) -> bool {
    let low = range.low.is_null()
        || before.is_some_and(|before| {
            order(&range.low, before).is_some_and(|order| order != Ordering::Greater)
        });
    let high = range.high.is_null()
        || after.is_some_and(|after| {
            order(&range.high, after).is_some_and(|order| order != Ordering::Less)
        });
    low && high
}

/// Sorted, each once; `None` when they have no order among them.
fn in_order(mut values: Vec<Value>) -> Option<Vec<Value>> {
    let first = values.first().cloned();
    if let Some(first) = &first
        && !values.iter().all(|value| order(first, value).is_some())
    {
        return None;
    }
    values.sort_by(|a, b| order(a, b).unwrap_or(Ordering::Equal));
    values.dedup_by(|a, b| order(a, b) == Some(Ordering::Equal));
    Some(values)
}

/// The value of an expression without names.
pub(super) fn constant(expr: &Expr) -> Option<Value> {
    if !is_constant(expr) {
        return None;
    }
    Machine::new(&Nothing).eval(expr).ok()
}

fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Name(name) => {
            // `now` and `today` are the two functions that are not always the same.
            builtins::find(name).is_some() && &**name != "now" && &**name != "today"
        }
        Kind::Boxed(_) | Kind::For(..) | Kind::Quantified(..) | Kind::Function(_) => false,
        _ => {
            let mut constant = true;
            walk::parts(expr, &mut |part| constant = constant && is_constant(part));
            constant
        }
    }
}

/// A cell as plain values and ranges, if it is made of them.
fn plain(tests: &Tests) -> Option<Plain> {
    let mut cell = Plain {
        negated: tests.negated,
        any: tests.list.is_empty(),
        values: Vec::new(),
        ranges: Vec::new(),
    };
    for test in &tests.list {
        match test {
            Test::Value(expr) => match constant(expr)? {
                Value::Range(range) => cell.ranges.push(Range::clone(&range)),
                Value::List(items) => cell.values.extend(items.iter().cloned()),
                Value::Context(_) | Value::Function(_) => return None,
                value => cell.values.push(value),
            },
            Test::Compare(op, expr) => match half(*op, constant(expr)?) {
                Some(range) => cell.ranges.push(range),
                None => return None,
            },
        }
    }
    Some(cell)
}

fn half(op: Compare, end: Value) -> Option<Range> {
    if matches!(end, Value::Null | Value::List(_) | Value::Context(_) | Value::Function(_)) {
        return None;
    }
    let (low, high, included) = match op {
        Compare::Lt => (Value::Null, end, false),
        Compare::Le => (Value::Null, end, true),
        Compare::Gt => (end, Value::Null, false),
        Compare::Ge => (end, Value::Null, true),
        Compare::Eq => (end.clone(), end, true),
        Compare::Ne => return None,
    };
    Some(Range { low, high, low_included: included, high_included: included })
}
