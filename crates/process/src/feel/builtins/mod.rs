//! Built-in functions (DMN 10.3.4), one table for each kind, and the properties of values.

mod contexts;
mod figures;
mod lists;
mod numbers;
mod patterns;
mod ranges;
mod texts;
mod times;

use std::sync::Arc;

use super::EvalError;
use super::eval::Machine;
use crate::value::{Context, List, Number, Rounding, Value};

pub(crate) use figures::{best, total};
pub(crate) use times::property;

/// A built-in function.
pub(crate) struct Builtin {
    pub(crate) name: &'static str,
    /// The ways to call it; a parameter with `?` at its end may be left out.
    pub(crate) params: &'static [&'static [&'static str]],
    /// Whether the last parameter may be given any number of times.
    pub(crate) many: bool,
    pub(crate) run: Run,
}

pub(super) type Run = fn(&mut Machine<'_>, &[Value]) -> Result<Value, EvalError>;
type Eval<T> = Result<T, EvalError>;

impl Builtin {
    const fn new(name: &'static str, params: &'static [&'static [&'static str]], run: Run) -> Self {
        Self { name, params, many: false, run }
    }

    const fn many(
        name: &'static str,
        params: &'static [&'static [&'static str]],
        run: Run,
    ) -> Self {
        Self { name, params, many: true, run }
    }

    /// Fewest arguments.
    pub(crate) fn least(&self) -> usize {
        let needed = |params: &&[&str]| params.iter().filter(|p| !p.ends_with('?')).count();
        self.params.iter().map(needed).min().unwrap_or(0)
    }

    /// Most arguments.
    pub(crate) fn most(&self) -> usize {
        let most = self.params.iter().map(|params| params.len()).max().unwrap_or(0);
        if self.many { usize::MAX } else { most }
    }
}

const TABLES: &[&[Builtin]] = &[
    texts::TABLE,
    patterns::TABLE,
    numbers::TABLE,
    lists::TABLE,
    figures::TABLE,
    times::TABLE,
    ranges::TABLE,
    contexts::TABLE,
];

/// The function of this name.
pub(crate) fn find(name: &str) -> Option<&'static Builtin> {
    TABLES.iter().copied().flatten().find(|builtin| builtin.name == name)
}

/// The names of all functions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().copied().flatten().map(|builtin| builtin.name)
}

/// An argument; a list of one stands for its item where no list is wanted.
fn single(args: &[Value], at: usize) -> &Value {
    match args.get(at) {
        Some(Value::List(items)) => match &***items {
            [only] => only,
            _ => &Value::Null,
        },
        Some(value) => value,
        None => &Value::Null,
    }
}

fn wrong<T>(machine: &mut Machine<'_>, at: usize, wanted: &str, found: &Value) -> Option<T> {
    machine.null(format!("argument {} is not a {wanted}, but {}", at + 1, found.kind()));
    None
}

fn text(machine: &mut Machine<'_>, args: &[Value], at: usize) -> Option<Arc<str>> {
    match single(args, at) {
        Value::Str(text) => Some(text.clone()),
        other => wrong(machine, at, "string", other),
    }
}

fn number(machine: &mut Machine<'_>, args: &[Value], at: usize) -> Option<Number> {
    match single(args, at) {
        Value::Num(number) => Some(number.clone()),
        other => wrong(machine, at, "number", other),
    }
}

/// A place or length: what follows the point is dropped.
fn place_number(machine: &mut Machine<'_>, args: &[Value], at: usize) -> Option<i64> {
    let value = number(machine, args, at)?.round(0, Rounding::Down);
    let place = value.and_then(|value| value.to_i64());
    if place.is_none() {
        machine.null(format!("argument {} is out of range", at + 1));
    }
    place
}

/// A whole number that is not out of all bounds.
fn whole(machine: &mut Machine<'_>, args: &[Value], at: usize) -> Option<i64> {
    let value = number(machine, args, at)?;
    let whole = value.to_i64();
    if whole.is_none() {
        machine.null(format!("argument {} is not a whole number", at + 1));
    }
    whole
}

/// A list; any other value but null is a list of itself.
fn list(machine: &mut Machine<'_>, args: &[Value], at: usize) -> Option<Arc<List>> {
    match args.get(at).unwrap_or(&Value::Null) {
        Value::List(items) => Some(items.clone()),
        Value::Null => wrong(machine, at, "list", &Value::Null),
        other => Some(Arc::new(vec![other.clone()].into())),
    }
}

fn context(machine: &mut Machine<'_>, args: &[Value], at: usize) -> Option<Arc<Context>> {
    match single(args, at) {
        Value::Context(context) => Some(context.clone()),
        other => wrong(machine, at, "context", other),
    }
}

/// A number as a value, or null when it is not defined.
fn defined(machine: &mut Machine<'_>, number: Option<Number>) -> Value {
    match number {
        Some(number) => Value::Num(number),
        None => machine.null("the result is not defined or out of range"),
    }
}

/// Evaluates a part of a function's body, or ends the function with null.
macro_rules! take {
    ($found:expr) => {
        match $found {
            Some(value) => value,
            None => return Ok(Value::Null),
        }
    };
}
use take;
