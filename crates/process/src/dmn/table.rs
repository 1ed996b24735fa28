//! Decision tables (DMN 8): hit policies, defaults, priorities, aggregation.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::feel::EvalError;
use crate::feel::ast::{Expr, Tests};
use crate::feel::builtins::{best, total};
use crate::feel::eval::{Machine, equal};
use crate::value::{Context, Value};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Hit {
    Unique,
    Any,
    First,
    Priority,
    RuleOrder,
    OutputOrder,
    Collect(Option<Aggregate>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Aggregate {
    Sum,
    Min,
    Max,
    Count,
}

#[derive(Debug)]
pub(super) struct Table {
    pub(super) hit: Hit,
    pub(super) inputs: Vec<Input>,
    pub(super) outputs: Vec<Output>,
    pub(super) rules: Vec<Rule>,
    pub(super) line: usize,
}

#[derive(Debug)]
pub(super) struct Input {
    pub(super) expr: Expr,
    /// What the column is called, for people.
    pub(super) label: String,
    /// Values the input may have.
    pub(super) allowed: Option<Arc<Tests>>,
    /// Whether its type is boolean.
    pub(super) boolean: bool,
}

#[derive(Debug)]
pub(super) struct Output {
    /// The entry of the result; a single output may have none.
    pub(super) name: Arc<str>,
    /// Values the output may have, the most important first.
    pub(super) allowed: Option<Arc<Tests>>,
    pub(super) default: Option<Expr>,
}

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) cells: Vec<Tests>,
    pub(super) outputs: Vec<Expr>,
    pub(super) line: usize,
}

type Eval<T> = Result<T, EvalError>;

impl Table {
    pub(super) fn decide(&self, machine: &mut Machine<'_>) -> Eval<Value> {
        let Some(inputs) = self.inputs(machine)? else { return Ok(Value::Null) };
        let mut hits = Vec::new();
        for (number, rule) in self.rules.iter().enumerate() {
            if matches(machine, rule, &inputs)? {
                hits.push(number);
                if self.hit == Hit::First {
                    break;
                }
            }
        }
        if hits.is_empty() {
            return self.without_hits(machine);
        }
        if self.hit == Hit::Unique && hits.len() > 1 {
            return Ok(machine.null(format!("{} match, but only one may", listed(&hits))));
        }
        if self.hit == Hit::Collect(Some(Aggregate::Count)) {
            return Ok(Value::from(i64::try_from(hits.len()).unwrap_or(i64::MAX)));
        }
        let mut results = Vec::with_capacity(hits.len());
        for number in &hits {
            let Some(rule) = self.rules.get(*number) else { continue };
            match self.outputs(machine, rule)? {
                Some(outputs) => results.push(outputs),
                None => return Ok(Value::Null),
            }
        }
        self.chosen(machine, &hits, results)
    }

    fn inputs(&self, machine: &mut Machine<'_>) -> Eval<Option<Vec<Value>>> {
        let mut inputs = Vec::with_capacity(self.inputs.len());
        for input in &self.inputs {
            let value = machine.eval(&input.expr)?;
            if let Some(allowed) = input.allowed.as_ref().filter(|_| !value.is_null())
                && !machine.matches(allowed, &value)?
            {
                machine.null(format!("{} has a value that is not allowed", input.label));
                return Ok(None);
            }
            inputs.push(value);
        }
        Ok(Some(inputs))
    }

    /// The default outputs; an aggregate of nothing counts none.
    fn without_hits(&self, machine: &mut Machine<'_>) -> Eval<Value> {
        if self.outputs.iter().all(|output| output.default.is_none()) {
            if self.hit == Hit::Collect(Some(Aggregate::Count)) {
                return Ok(Value::from(0));
            }
            return Ok(machine.null("no rule matches and there is no default"));
        }
        let mut values = Vec::with_capacity(self.outputs.len());
        for output in &self.outputs {
            values.push(match &output.default {
                Some(default) => machine.eval(default)?,
                None => Value::Null,
            });
        }
        self.result(machine, values)
    }

    /// The values of a rule's outputs; none if one is not allowed.
    fn outputs(&self, machine: &mut Machine<'_>, rule: &Rule) -> Eval<Option<Vec<Value>>> {
        let mut values = Vec::with_capacity(rule.outputs.len());
        for (expr, output) in rule.outputs.iter().zip(&self.outputs) {
            let value = machine.eval(expr)?;
            if let Some(allowed) = output.allowed.as_ref().filter(|_| !value.is_null())
                && !machine.matches(allowed, &value)?
            {
                let name = if output.name.is_empty() { "the output" } else { &output.name };
                machine.null(format!("{name} has a value that is not allowed"));
                return Ok(None);
            }
            values.push(value);
        }
        Ok(Some(values))
    }

    /// A single value, or a context of all outputs.
    fn result(&self, machine: &mut Machine<'_>, mut values: Vec<Value>) -> Eval<Value> {
        if self.outputs.len() == 1 {
            return Ok(values.pop().unwrap_or_default());
        }
        let names = self.outputs.iter().map(|output| output.name.clone());
        let context: Context = names.zip(values).collect();
        machine.context(context)
    }

    fn chosen(
        &self,
        machine: &mut Machine<'_>,
        hits: &[usize],
        mut results: Vec<Vec<Value>>,
    ) -> Eval<Value> {
        match self.hit {
            Hit::Unique | Hit::First => {
                let first = results.into_iter().next().unwrap_or_default();
                self.result(machine, first)
            }
            Hit::Any => {
                let first = results.first().cloned().unwrap_or_default();
                let same = |other: &Vec<Value>| {
                    first.iter().zip(other).all(|(a, b)| equal(a, b) == Some(true))
                };
                if results.iter().all(same) {
                    return self.result(machine, first);
                }
                Ok(machine.null(format!("{} match with different outputs", listed(hits))))
            }
            Hit::Priority | Hit::OutputOrder => {
                let mut keyed = Vec::with_capacity(results.len());
                for values in results {
                    keyed.push((self.rank(machine, &values)?, values));
                }
                // A stable sort: rules of the same rank stay in the order of the table.
                keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
                results = keyed.into_iter().map(|(_, values)| values).collect();
                if self.hit == Hit::Priority {
                    let first = results.into_iter().next().unwrap_or_default();
                    return self.result(machine, first);
                }
                self.all(machine, results)
            }
            Hit::RuleOrder | Hit::Collect(None) => self.all(machine, results),
            Hit::Collect(Some(how)) => {
                let mut values = Vec::with_capacity(self.outputs.len());
                for column in 0..self.outputs.len() {
                    let column: Vec<Value> =
                        results.iter().filter_map(|row| row.get(column).cloned()).collect();
                    values.push(aggregate(machine, how, &column)?);
                }
                self.result(machine, values)
            }
        }
    }

    fn all(&self, machine: &mut Machine<'_>, results: Vec<Vec<Value>>) -> Eval<Value> {
        let results = results.into_iter().map(|values| self.result(machine, values));
        let results = results.collect::<Eval<Vec<_>>>()?;
        machine.list(results)
    }

    /// Where each output stands in the list of its values; the first column weighs most.
    fn rank(&self, machine: &mut Machine<'_>, values: &[Value]) -> Eval<Vec<usize>> {
        let mut rank = Vec::with_capacity(values.len());
        for (value, output) in values.iter().zip(&self.outputs) {
            let Some(allowed) = &output.allowed else { continue };
            let mut place = allowed.list.len();
            for (at, test) in allowed.list.iter().enumerate() {
                let alone = Tests { negated: false, list: vec![test.clone()] };
                if machine.matches(&alone, value)? {
                    place = at;
                    break;
                }
            }
            rank.push(place);
        }
        Ok(rank)
    }
}

fn matches(machine: &mut Machine<'_>, rule: &Rule, inputs: &[Value]) -> Eval<bool> {
    for (cell, input) in rule.cells.iter().zip(inputs) {
        machine.spend(1)?;
        if !machine.matches(cell, input)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn aggregate(machine: &mut Machine<'_>, how: Aggregate, values: &[Value]) -> Eval<Value> {
    match how {
        Aggregate::Sum => total(machine, values),
        Aggregate::Min => best(machine, values, Ordering::Less),
        Aggregate::Max => best(machine, values, Ordering::Greater),
        Aggregate::Count => Ok(Value::from(i64::try_from(values.len()).unwrap_or(i64::MAX))),
    }
}

/// `rules 1 and 3`, counted as people do.
pub(super) fn listed(hits: &[usize]) -> String {
    let numbers: Vec<String> = hits.iter().map(|number| (number + 1).to_string()).collect();
    match numbers.split_last() {
        Some((last, [])) => format!("rule {last}"),
        Some((last, rest)) => format!("rules {} and {last}", rest.join(", ")),
        None => "no rule".to_owned(),
    }
}
