//! A process and a scenario as numbers: what each node does, how long, at which desk.

use super::dice::Spread;
use super::scenario::{Step, fault};
use super::ways::{Ways, Weights, ways};
use super::{OFFICERS_MAX, Refused, Scenario};
use crate::calendar::{Calendar, Instant};
use crate::case::timer_due;
use process::feel::Expression;
use process::{Definition, Node, NodeIx, NodeKind, TimerSpec};

/// The outcome that sends a step back where the diagram draws no return.
const SEND_BACK: &str = "send_back";

/// No outcome: what a gateway after a timer or an answer sees.
pub(super) const NO_OUTCOME: u16 = 0;

/// The outcomes of a process by number; 0 is none.
pub(super) struct Outcomes(Vec<String>);

impl Outcomes {
    fn of(definition: &Definition) -> Self {
        let mut all: Vec<String> =
            definition.nodes().flat_map(|(_, node)| node.outcomes.iter().cloned()).collect();
        all.sort();
        all.dedup();
        Self(all)
    }

    /// Each, none first.
    pub(super) fn with_none(&self) -> impl Iterator<Item = Option<&str>> {
        std::iter::once(None).chain(self.0.iter().map(|outcome| Some(outcome.as_str())))
    }

    fn number(&self, outcome: &str) -> u16 {
        let found = self.0.iter().position(|known| known == outcome);
        found.and_then(|at| u16::try_from(at + 1).ok()).unwrap_or(NO_OUTCOME)
    }
}

/// Officers who take cases from one queue.
pub(super) struct DeskPlan {
    /// `role` or `role@unit`, as the scenario names it.
    pub(super) name: String,
    pub(super) officers: u32,
}

/// What a node does.
pub(super) enum Act {
    /// Goes on by every flow.
    On,
    /// Ends its token.
    End,
    /// Ends the case.
    Terminate,
    /// Work at a desk.
    Work { desk: u16, time: Spread, outcomes: Weights, back: Option<(u16, Option<Weights>)> },
    /// Work outside, which needs no officer of ours.
    Outside(Spread),
    /// One way.
    Exclusive(Ways),
    /// Every way that is open.
    Inclusive(Ways),
    /// A timer in the flow.
    Timer(TimerSpec),
}

/// A node as the simulation needs it.
pub(super) struct Place {
    pub(super) act: Act,
    pub(super) out: Vec<u16>,
    pub(super) incoming: Vec<u16>,
    /// It waits for several incoming flows: parallel.
    pub(super) joins: bool,
    /// Inclusive join: for each node, by which incoming flows a token there can come to it.
    pub(super) reach: Option<Vec<u64>>,
    /// Timers on its edge, and whether they end its work.
    pub(super) edge: Vec<(u16, TimerSpec, bool)>,
}

/// A process that can be simulated.
pub(super) struct Plan {
    pub(super) places: Vec<Place>,
    /// Where each flow leads.
    pub(super) to: Vec<u16>,
    pub(super) start: u16,
    pub(super) desks: Vec<DeskPlan>,
    /// Some step can be sent back, so the way of a token is kept.
    pub(super) keeps_way: bool,
}

/// A step that cannot be simulated.
pub(super) fn element(node: &Node, reason: impl Into<String>) -> Refused {
    Refused::Element {
        element: node.id.clone(),
        name: node.name.clone(),
        line: node.line,
        reason: reason.into(),
    }
}

impl Plan {
    pub(super) fn of(
        definition: &Definition,
        calendar: &Calendar,
        scenario: &Scenario,
    ) -> Result<Self, Refused> {
        scenario.case_count()?;
        known(definition, scenario)?;
        let mut plan = Self {
            places: Vec::new(),
            to: definition.flows().iter().map(|flow| flow.to.0).collect(),
            start: definition.start().0,
            desks: Vec::new(),
            keeps_way: false,
        };
        let outcomes = Outcomes::of(definition);
        for (ix, node) in definition.nodes() {
            let place = plan.place(definition, scenario, &outcomes, ix, node)?;
            let timers = place.edge.iter().map(|(at, spec, _)| (NodeIx(*at), spec));
            let own = match &place.act {
                Act::Timer(spec) => Some((ix, spec)),
                _ => None,
            };
            for (at, spec) in timers.chain(own) {
                if timer_due(spec, Instant::at(scenario.start, 12, 0), calendar).is_none() {
                    let reason = format!("a timer of {spec:?} is not simulated");
                    return Err(element(definition.node(at), reason));
                }
            }
            plan.places.push(place);
        }
        Ok(plan)
    }

    fn place(
        &mut self,
        definition: &Definition,
        scenario: &Scenario,
        outcomes: &Outcomes,
        ix: NodeIx,
        node: &Node,
    ) -> Result<Place, Refused> {
        if node.parent.is_some() || !node.is_plain() {
            return Err(element(node, "repeated, computed and inner steps are not simulated"));
        }
        let branches = scenario.branches.get(&node.id);
        let act = match node.kind {
            NodeKind::Start | NodeKind::Pass | NodeKind::Parallel | NodeKind::TimerBoundary => {
                Act::On
            }
            NodeKind::ServiceTask if !node.waits => Act::On,
            NodeKind::End => Act::End,
            NodeKind::TerminateEnd => Act::Terminate,
            NodeKind::UserTask => self.work(definition, scenario, outcomes, ix, node)?,
            // Whoever carries out a called process works at other desks.
            NodeKind::ServiceTask | NodeKind::Call => Act::Outside(step(scenario, node)?.minutes),
            NodeKind::Exclusive => Act::Exclusive(ways(definition, ix, true, branches, outcomes)?),
            NodeKind::Inclusive => Act::Inclusive(ways(definition, ix, false, branches, outcomes)?),
            NodeKind::TimerCatch => Act::Timer(timer(node)?),
            kind => return Err(element(node, format!("steps of kind {kind:?} are not simulated"))),
        };
        let several = matches!(node.kind, NodeKind::Exclusive | NodeKind::Inclusive);
        if !several && definition.outgoing(ix).any(|(_, flow)| flow.condition().is_some()) {
            return Err(element(node, "conditions are simulated after gateways only"));
        }
        let incoming: Vec<u16> = (0_u16..)
            .zip(definition.flows())
            .filter(|(_, flow)| flow.to == ix)
            .map(|(number, _)| number)
            .collect();
        let many = incoming.len() > 1;
        let inclusive = node.kind == NodeKind::Inclusive && many;
        let mut edge = Vec::new();
        for boundary in &node.boundaries {
            let event = definition.node(*boundary);
            edge.push((boundary.0, timer(event)?, event.interrupting));
        }
        Ok(Place {
            act,
            out: definition.outgoing(ix).map(|(number, _)| number).collect(),
            joins: node.kind == NodeKind::Parallel && many,
            reach: inclusive.then(|| reach(definition, ix, &incoming)),
            incoming,
            edge,
        })
    }

    fn work(
        &mut self,
        definition: &Definition,
        scenario: &Scenario,
        outcomes: &Outcomes,
        ix: NodeIx,
        node: &Node,
    ) -> Result<Act, Refused> {
        let step = step(scenario, node)?;
        let desk = self.desk(scenario, node)?;
        let weights = weights(node, step)?;
        let drawn = return_drawn(definition, ix);
        let numbered = |list: &[(&str, f64)]| {
            let list: Vec<(u16, f64)> =
                list.iter().map(|(name, weight)| (outcomes.number(name), *weight)).collect();
            Weights::of(&list)
        };
        let Some(all) = numbered(&weights) else {
            let field = format!("steps.{}.outcomes", node.id);
            return fault(field, "expected weights of at least 0, one of them more");
        };
        let sends_back = !drawn && weights.iter().any(|(name, w)| *name == SEND_BACK && *w > 0.0);
        let back = sends_back.then(|| {
            // Where there is no step before, one of the others happens.
            let others: Vec<(&str, f64)> =
                weights.iter().filter(|(name, _)| *name != SEND_BACK).copied().collect();
            (outcomes.number(SEND_BACK), numbered(&others))
        });
        self.keeps_way |= sends_back;
        Ok(Act::Work { desk, time: step.minutes, outcomes: all, back })
    }

    fn desk(&mut self, scenario: &Scenario, node: &Node) -> Result<u16, Refused> {
        let Some(role) = node.role.as_deref() else {
            return Err(element(node, "its lane has no role, so nobody does it"));
        };
        let exact = node.unit.as_deref().map(|unit| format!("{role}@{unit}"));
        let name = exact.filter(|name| scenario.staff.contains_key(name));
        let name = name.unwrap_or_else(|| role.to_owned());
        let officers = scenario.staff.get(&name).copied();
        let field = || format!("staff.{name}");
        let Some(officers) = officers else {
            return fault(
                field(),
                format!("expected the number of officers: {} needs them", node.id),
            );
        };
        if !(1..=OFFICERS_MAX).contains(&officers) {
            let reason = format!("expected 1 to {OFFICERS_MAX} officers, but found {officers}");
            return fault(field(), reason);
        }
        let at = self.desks.iter().position(|desk| desk.name == name).unwrap_or_else(|| {
            self.desks.push(DeskPlan { name, officers });
            self.desks.len() - 1
        });
        Ok(u16::try_from(at).unwrap_or(u16::MAX))
    }
}

/// Everything that the scenario names is in the process.
fn known(definition: &Definition, scenario: &Scenario) -> Result<(), Refused> {
    let is = |id: &str, kinds: &[NodeKind]| {
        definition.node_by_id(id).is_some_and(|ix| kinds.contains(&definition.node(ix).kind))
    };
    let tasks = [NodeKind::UserTask, NodeKind::ServiceTask, NodeKind::Call];
    for (id, step) in &scenario.steps {
        if !is(id, &tasks) {
            return fault(format!("steps.{id}"), "the process has no such task or call");
        }
        if let Some(reason) = step.minutes.fault() {
            return fault(format!("steps.{id}.minutes"), reason);
        }
    }
    let gateways = [NodeKind::Exclusive, NodeKind::Inclusive];
    match scenario.branches.keys().find(|id| !is(id, &gateways)) {
        Some(id) => fault(
            format!("branches.{id}"),
            "the process has no such exclusive or inclusive gateway",
        ),
        None => Ok(()),
    }
}

fn step<'s>(scenario: &'s Scenario, node: &Node) -> Result<&'s Step, Refused> {
    let field = || format!("steps.{}.minutes", node.id);
    match scenario.steps.get(&node.id) {
        Some(step) => Ok(step),
        None => fault(field(), format!("expected how long this step takes (line {})", node.line)),
    }
}

/// The outcomes of a step with their weights.
fn weights<'s>(node: &'s Node, step: &'s Step) -> Result<Vec<(&'s str, f64)>, Refused> {
    let field = format!("steps.{}.outcomes", node.id);
    if step.outcomes.is_empty() {
        let forward = || node.outcomes.iter().filter(|outcome| *outcome != SEND_BACK);
        return match (forward().next(), forward().count()) {
            (Some(only), 1) => Ok(vec![(only.as_str(), 1.0)]),
            (None, 0) => Ok(vec![("", 1.0)]),
            _ => fault(field, format!("expected weights of {}", node.outcomes.join(", "))),
        };
    }
    if let Some(unknown) = step.outcomes.keys().find(|name| !node.outcomes.contains(name)) {
        let reason = format!("the step has no such outcome, only {}", node.outcomes.join(", "));
        return fault(format!("{field}.{unknown}"), reason);
    }
    let weight = |name: &'s String| Some((name.as_str(), *step.outcomes.get(name)?));
    Ok(node.outcomes.iter().filter_map(weight).collect())
}

/// Whether a gateway right after the step asks for `send_back`, so that the drawn way is taken.
fn return_drawn(definition: &Definition, ix: NodeIx) -> bool {
    let asks = |flow: &process::Flow| {
        let text = flow.condition().map(|text| text.strip_prefix('=').unwrap_or(text));
        let parsed = text.and_then(|text| Expression::parse(text).ok());
        parsed.is_some_and(|expression| expression.mentions(SEND_BACK))
    };
    let mut after = definition.outgoing(ix).map(|(_, flow)| flow.to);
    after.any(|gateway| definition.outgoing(gateway).any(|(_, flow)| asks(flow)))
}

fn timer(node: &Node) -> Result<TimerSpec, Refused> {
    match &node.timer {
        Some(TimerSpec::Cycle(_)) => Err(element(node, "repeating timers are not simulated")),
        Some(spec) => Ok(spec.clone()),
        None => Err(element(node, "only timers are simulated on the edge of a step")),
    }
}

/// For each node, the incoming flows of an inclusive join by which a token there can come to it
/// (BPMN 2.0, table 13.3).
fn reach(definition: &Definition, join: NodeIx, incoming: &[u16]) -> Vec<u64> {
    let count = definition.nodes().count();
    let mut bits = vec![0_u64; count];
    for (place, flow) in incoming.iter().enumerate().take(64) {
        let bit = 1_u64 << place;
        let from = definition.flows().get(usize::from(*flow)).map(|flow| flow.from);
        let mut open: Vec<NodeIx> = from.into_iter().collect();
        while let Some(at) = open.pop() {
            let Some(known) = bits.get_mut(usize::from(at.0)) else { continue };
            if at == join || *known & bit != 0 {
                continue;
            }
            *known |= bit;
            let before = definition.flows().iter().filter(|flow| flow.to == at);
            open.extend(before.map(|flow| flow.from));
            open.extend(definition.node(at).attached_to);
        }
    }
    bits
}
