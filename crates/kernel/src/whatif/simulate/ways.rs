//! Which flows a gateway takes: by the outcome of the step before, or by chance.

use std::collections::BTreeMap;

use super::Refused;
use super::dice::{BITS, draw};
use super::plan::{Outcomes, element};
use super::scenario::fault;
use process::feel::Expression;
use process::{Definition, NodeIx, Value};

/// How a gateway chooses.
pub(super) enum Ways {
    /// For each outcome, none first: the flows.
    ByOutcome(Vec<Vec<u16>>),
    /// One of them, as a share of all.
    One(Weights),
    /// Each on its own, and the default if none.
    Each(Vec<(u64, u16)>, Option<u16>),
}

/// Things that chance picks from, each with the sum of shares up to it.
pub(super) struct Weights(Vec<(u64, u16)>);

/// A probability as a number that [`draw`] stays below.
#[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
fn share(probability: f64) -> u64 {
    super::dice::whole(probability.clamp(0.0, 1.0) * (1_u64 << BITS) as f64)
}

impl Weights {
    /// Weights as they are written; `None` if they cannot be weights.
    pub(super) fn of(list: &[(u16, f64)]) -> Option<Self> {
        let total: f64 = list.iter().map(|(_, weight)| weight).sum();
        let lawful = list.iter().all(|(_, weight)| weight.is_finite() && *weight >= 0.0);
        if !lawful || total <= 0.0 || !total.is_finite() {
            return None;
        }
        let mut sum = 0.0;
        let mut shares = Vec::new();
        for (what, weight) in list.iter().filter(|(_, weight)| *weight > 0.0) {
            sum += weight;
            shares.push((share(sum / total), *what));
        }
        // Rounding must not leave a gap at the end.
        if let Some(last) = shares.last_mut() {
            last.0 = 1 << BITS;
        }
        Some(Self(shares))
    }

    /// The one that a key picks.
    pub(super) fn pick(&self, key: u64) -> u16 {
        let drawn = draw(key);
        let found = self.0.iter().find(|(sum, _)| drawn < *sum).or(self.0.last());
        found.map_or(0, |(_, what)| *what)
    }
}

impl Ways {
    /// The flows that are taken, in the order of the file.
    pub(super) fn pick(&self, outcome: u16, key: u64, into: &mut Vec<u16>) {
        into.clear();
        match self {
            Self::ByOutcome(table) => {
                let ways = table.get(usize::from(outcome)).map(Vec::as_slice);
                into.extend_from_slice(ways.unwrap_or_default());
            }
            Self::One(weights) => into.push(weights.pick(key)),
            Self::Each(all, default) => {
                let on = |way: &&(u64, u16)| draw(super::dice::join(key, u64::from(way.1))) < way.0;
                into.extend(all.iter().filter(on).map(|(_, flow)| *flow));
                if into.is_empty() {
                    into.extend(default);
                }
            }
        }
    }
}

/// The ways of an exclusive or inclusive gateway.
pub(super) fn ways(
    definition: &Definition,
    at: NodeIx,
    one: bool,
    branches: Option<&BTreeMap<String, f64>>,
    outcomes: &Outcomes,
) -> Result<Ways, Refused> {
    match branches {
        Some(shares) => drawn(definition, at, one, shares),
        None => by_outcome(definition, at, one, outcomes),
    }
}

fn drawn(
    definition: &Definition,
    at: NodeIx,
    one: bool,
    shares: &BTreeMap<String, f64>,
) -> Result<Ways, Refused> {
    let id = &definition.node(at).id;
    let field = format!("branches.{id}");
    let flows: Vec<(u16, &process::Flow)> = definition.outgoing(at).collect();
    let mut list = Vec::new();
    for (name, weight) in shares {
        let Some((number, _)) = flows.iter().find(|(_, flow)| flow.id == *name) else {
            return fault(format!("{field}.{name}"), "this flow does not leave the gateway");
        };
        list.push((*number, *weight));
    }
    list.sort_by_key(|(number, _)| *number);
    if one {
        return match Weights::of(&list) {
            Some(weights) => Ok(Ways::One(weights)),
            None => fault(field, "expected weights of at least 0, one of them more"),
        };
    }
    if list.iter().any(|(_, weight)| !(0.0..=1.0).contains(weight)) {
        return fault(field, "expected probabilities from 0 to 1, each flow on its own");
    }
    let default = flows.iter().find(|(_, flow)| flow.is_default).map(|(number, _)| *number);
    Ok(Ways::Each(list.iter().map(|(flow, p)| (share(*p), *flow)).collect(), default))
}

fn by_outcome(
    definition: &Definition,
    at: NodeIx,
    one: bool,
    outcomes: &Outcomes,
) -> Result<Ways, Refused> {
    let mut conditions = Vec::new();
    for (number, flow) in definition.outgoing(at) {
        let condition = flow.condition().map(|text| parsed(definition, at, flow, text));
        conditions.push((number, flow, condition.transpose()?));
    }
    let mut table = Vec::new();
    for outcome in outcomes.with_none() {
        let mut taken = Vec::new();
        for (number, flow, condition) in &conditions {
            let open = match condition {
                None => !flow.is_default,
                Some(condition) => holds(condition, outcome),
            };
            if open {
                taken.push(*number);
            }
        }
        if one {
            taken.truncate(1);
        }
        if taken.is_empty() {
            taken.extend(conditions.iter().filter(|c| c.1.is_default).map(|c| c.0));
        }
        table.push(taken);
    }
    Ok(Ways::ByOutcome(table))
}

fn holds(condition: &Expression, outcome: Option<&str>) -> bool {
    let data = |name: &str| outcome.filter(|_| name == "outcome").map(Value::from);
    condition.eval(&data) == Ok(Value::Bool(true))
}

fn parsed(
    definition: &Definition,
    at: NodeIx,
    flow: &process::Flow,
    text: &str,
) -> Result<Expression, Refused> {
    let node = definition.node(at);
    let text = text.strip_prefix('=').unwrap_or(text);
    let expression = Expression::parse(text)
        .map_err(|why| element(node, format!("the condition of {}: {why}", flow.id)))?;
    match expression.names().into_iter().find(|name| name != "outcome") {
        None => Ok(expression),
        Some(name) => Err(element(
            node,
            format!(
                "the condition of {} asks for {name}, which no invented case has: give the shares \
                 of its flows in branches.{}",
                flow.id, node.id
            ),
        )),
    }
}
