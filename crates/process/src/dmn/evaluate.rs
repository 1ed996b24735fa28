//! Compiled decisions and their evaluation.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compile::Unit;
use super::graph::Kind;
use super::items::{Imports, Items, Shape};
use crate::feel::eval::Machine;
use crate::feel::{EvalError, Note, Scope, Value};
use crate::problem::{Problem, Severity};
use crate::value::{Context, DateTime};

/// Compiled decision models: immutable, evaluated any number of times.
#[derive(Debug)]
pub struct Decisions {
    pub(super) entries: Vec<Entry>,
    pub(super) namespaces: Vec<String>,
    /// The imports of the first model.
    pub(super) prefixes: Imports,
    pub(super) items: Arc<Items>,
    pub(super) units: BTreeMap<usize, Arc<Unit>>,
    pub(super) functions: BTreeMap<usize, Value>,
    pub(super) problems: Vec<Problem>,
}

/// An element as evaluation sees it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) source: usize,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) id: String,
    /// Whether it stands in a circle.
    pub(super) broken: bool,
    /// The type of an input.
    pub(super) shape: Option<Shape>,
    /// The decisions that a decision needs, itself the last.
    pub(super) plan: Vec<usize>,
    /// The inputs that it needs, directly or through others.
    pub(super) inputs: Vec<usize>,
}

/// What an evaluation gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evaluated {
    /// The value; null where something was wrong, with a remark.
    pub value: Value,
    /// What went wrong on the way.
    pub remarks: Vec<Remark>,
}

/// What went wrong, and in which decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// Name of the decision, input or function.
    pub decision: String,
    /// What was wrong.
    pub note: Note,
}

/// Why there is no value at all.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotDecided {
    /// The model has nothing of that name.
    #[error("there is no decision {0:?}")]
    NoSuch(String),
    /// It requires itself.
    #[error("the decision {0:?} requires itself")]
    Circle(String),
    /// A limit was passed.
    #[error("the decision {decision:?} was stopped: {error}")]
    Stopped {
        /// Name of the decision that was being evaluated.
        decision: String,
        /// The limit.
        error: EvalError,
    },
}

/// All that decisions see beside their requirements is the clock that is given.
struct Clock(Option<DateTime>);

impl Scope for Clock {
    fn get(&self, _: &str) -> Option<Value> {
        None
    }

    fn now(&self) -> Option<DateTime> {
        self.0
    }
}

/// Values given from outside, by place.
pub(super) type Given = BTreeMap<usize, Value>;

impl Decisions {
    /// All that is wrong or doubtful, in the order in which it was found.
    ///
    /// Errors have the codes `missing-import`, `outside-profile`, `duplicate-id`,
    /// `duplicate-name`, `no-name`, `missing-requirement`, `cycle`, `limit`, `type`, `no-logic`,
    /// `feel`, `unknown-name`, `table` and `row`. Remarks have `unknown-element`, `no-logic` (of a
    /// decision that is only drawn), `overlap`, `gap`, `unreachable-rule` and `not-searched`.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether no problem is an error.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity != Severity::Error)
    }

    /// The names of the decisions of the first model.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named(Kind::Decision)
    }

    /// The names of the inputs of the first model.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.named(Kind::Input)
    }

    /// The inputs that a decision needs, directly or through others; those of an imported model
    /// have its prefix before them. `None` when there is no such decision.
    #[must_use]
    pub fn needs(&self, name: &str) -> Option<Vec<String>> {
        let entry = self.entries.get(self.place(None, name, &[Kind::Decision])?)?;
        let inputs = entry.inputs.iter().filter_map(|place| self.entries.get(*place));
        let names = inputs.map(|input| {
            let prefix = self.prefixes.iter().find(|(_, source)| *source == input.source);
            match prefix.filter(|(prefix, _)| input.source != 0 && !prefix.is_empty()) {
                Some((prefix, _)) => format!("{prefix}.{}", input.name),
                None => input.name.clone(),
            }
        });
        Some(names.collect())
    }

    fn named(&self, kind: Kind) -> impl Iterator<Item = &str> {
        let wanted = self.entries.iter().filter(move |e| e.source == 0 && e.kind == kind);
        wanted.map(|entry| entry.name.as_str())
    }

    /// Decides by name or id, with inputs by name (those of an imported model in a context under
    /// its prefix). A decision that is given by name is not evaluated. `now` is what `now()` says.
    ///
    /// # Errors
    /// There is no such decision, it requires itself, or a limit was passed.
    pub fn evaluate(
        &self,
        name: &str,
        inputs: &Context,
        now: Option<DateTime>,
    ) -> Result<Evaluated, NotDecided> {
        let place = self.place(None, name, &[Kind::Decision]);
        let place = place.ok_or_else(|| NotDecided::NoSuch(name.to_owned()))?;
        let mut given = Given::new();
        for (name, value) in inputs.iter() {
            let prefix = self.prefixes.iter().find(|(prefix, _)| **prefix == **name);
            if let (Some((_, source)), Value::Context(parts)) = (prefix, value) {
                for (name, value) in parts.iter() {
                    self.give(&mut given, Some(*source), name, value.clone());
                }
            } else {
                self.give(&mut given, None, name, value.clone());
            }
        }
        self.decide(place, given, now)
    }

    /// Calls a knowledge model or a decision service with arguments by name.
    ///
    /// # Errors
    /// There is nothing of that name to call, or a limit was passed.
    pub fn invoke(
        &self,
        name: &str,
        args: &Context,
        now: Option<DateTime>,
    ) -> Result<Evaluated, NotDecided> {
        let place = self.place(None, name, &[Kind::Service, Kind::Knowledge]);
        let function = place.and_then(|place| self.functions.get(&place));
        let Some(Value::Function(function)) = function else {
            return Err(NotDecided::NoSuch(name.to_owned()));
        };
        let clock = Clock(now);
        let mut machine = Machine::new(&clock);
        let args: Vec<(Arc<str>, Value)> =
            args.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        match machine.invoke_named(function, &args) {
            Ok(value) => Ok(Evaluated { value, remarks: remarks(name, &mut machine) }),
            Err(error) => Err(NotDecided::Stopped { decision: name.to_owned(), error }),
        }
    }

    /// The place of an element by name or id, in one model or the first one.
    pub(super) fn place(&self, source: Option<usize>, name: &str, kinds: &[Kind]) -> Option<usize> {
        let name = crate::feel::tidy(name);
        let source = source.unwrap_or(0);
        let fits = |e: &&Entry| e.source == source && kinds.contains(&e.kind);
        let by_name = |e: &Entry| fits(&e) && e.name == name;
        let by_id = |e: &Entry| fits(&e) && e.id == name;
        self.entries.iter().position(by_name).or_else(|| self.entries.iter().position(by_id))
    }

    /// Notes a value from outside; a name that is none is left out.
    pub(super) fn give(&self, given: &mut Given, source: Option<usize>, name: &str, value: Value) {
        if let Some(place) = self.place(source, name, &[Kind::Input, Kind::Decision]) {
            given.insert(place, value);
        }
    }

    pub(super) fn decide(
        &self,
        place: usize,
        mut given: Given,
        now: Option<DateTime>,
    ) -> Result<Evaluated, NotDecided> {
        let clock = Clock(now);
        let mut machine = Machine::new(&clock);
        let mut found = Vec::new();
        let name_of = |place: usize| self.entries.get(place).map_or("", |e| e.name.as_str());
        let stopped = |place: usize, error: EvalError| NotDecided::Stopped {
            decision: name_of(place).to_owned(),
            error,
        };
        for (input, value) in &mut given {
            let shape = self.entries.get(*input).and_then(|entry| entry.shape.as_ref());
            let Some(shape) = shape else { continue };
            let fitted = self.items.fit(&mut machine, shape, value.clone());
            *value = match fitted.map_err(|error| stopped(*input, error))? {
                Ok(value) => value,
                Err(reason) => machine.null(reason),
            };
            found.append(&mut remarks(name_of(*input), &mut machine));
        }
        let entry = self.entries.get(place);
        if entry.is_none_or(|entry| entry.broken) {
            return Err(NotDecided::Circle(name_of(place).to_owned()));
        }
        for step in entry.into_iter().flat_map(|entry| &entry.plan) {
            if given.contains_key(step) {
                continue;
            }
            let Some(unit) = self.units.get(step) else { continue };
            let value = unit.value(&mut machine, &given);
            given.insert(*step, value.map_err(|error| stopped(*step, error))?);
            found.append(&mut remarks(name_of(*step), &mut machine));
        }
        let value = given.remove(&place).unwrap_or_default();
        Ok(Evaluated { value, remarks: found })
    }
}

fn remarks(decision: &str, machine: &mut Machine<'_>) -> Vec<Remark> {
    let notes = std::mem::take(&mut machine.notes);
    let remark = |note| Remark { decision: decision.to_owned(), note };
    notes.into_iter().map(remark).collect()
}
