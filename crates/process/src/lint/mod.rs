//! Checks a compiled process for soundness: it can be carried out, and it always comes to an end.
//!
//! The graph is played as a net of tokens on flows, all conditions open, so the findings hold for
//! any data. Very large nets are played up to a limit; what lies beyond stops at run time with a
//! typed refusal.

mod net;
mod remarks;
mod times;

use std::collections::{HashMap, HashSet};

use crate::definition::{Definition, Node, NodeIx, NodeKind};
use crate::limits;
use crate::problem::Problem;
use crate::trigger::Trigger;

pub(crate) use net::stuck_from;
pub use remarks::remarks;
pub use times::{StepTime, Times, lint_times};

/// What the linter finds, by the codes of its findings: each says all that there is to say.
pub const LINT_CODES: [&str; 13] = [
    "nothing-leaves",
    "several-leave",
    "no-lane",
    "no-role",
    "bare-flow",
    "no-default",
    "no-end",
    "unreached",
    "endless",
    "piles-up",
    "stuck",
    NEVER_OPENS.0,
    "too-few-tokens",
];

/// Code and reason of a join that no case can pass.
const NEVER_OPENS: (&str, &str) = ("never-opens", "this join can never fire");

/// Findings about a process that compiles; empty when it is sound.
#[must_use]
pub fn lint(def: &Definition, file: &str) -> Vec<Problem> {
    let mut lint = Lint { def, file, problems: Vec::new() };
    lint.shape();
    lint.reach();
    if lint.problems.is_empty() {
        lint.play_all();
    }
    lint.problems.sort_by_key(|problem| problem.line);
    lint.problems.truncate(limits::PROBLEMS);
    lint.problems
}

struct Lint<'a> {
    def: &'a Definition,
    file: &'a str,
    problems: Vec<Problem>,
}

impl Lint<'_> {
    fn find(&mut self, node: &Node, code: &str, reason: &str) {
        let element = (node.id.as_str(), node.name.as_str());
        let kind = kind_name(node.kind);
        let reason = reason.to_owned();
        self.problems.push(Problem::error(code, self.file, node.line, element, kind, reason));
    }

    /// What each node must have by itself.
    fn shape(&mut self) {
        let def = self.def;
        for (ix, node) in def.nodes() {
            let gateway = matches!(
                node.kind,
                NodeKind::Exclusive
                    | NodeKind::Parallel
                    | NodeKind::Inclusive
                    | NodeKind::EventGateway
            );
            if node.outgoing.is_empty() && !self.may_end(node) {
                self.find(node, "nothing-leaves", "nothing leaves it; lead it to an end event");
            }
            if node.outgoing.len() > 1 && !gateway {
                self.find(node, "several-leave", "several flows leave it; put a gateway after it");
            }
            if node.kind == NodeKind::UserTask && node.lane.is_none() {
                self.find(node, "no-lane", "a user task must stand in a lane");
            } else if node.kind == NodeKind::UserTask && node.role.is_none() {
                self.find(node, "no-role", "its lane names no role (mc:role)");
            }
            let chooses = matches!(node.kind, NodeKind::Exclusive | NodeKind::Inclusive);
            if chooses && node.outgoing.len() > 1 {
                let bare =
                    |(_, flow): (u16, &crate::Flow)| flow.condition.is_none() && !flow.is_default;
                if node.kind == NodeKind::Exclusive && def.outgoing(ix).any(bare) {
                    self.find(
                        node,
                        "bare-flow",
                        "a flow out of it has no condition and is not the default",
                    );
                }
                let always = node.kind == NodeKind::Inclusive && def.outgoing(ix).any(bare);
                let default = def.outgoing(ix).any(|(_, flow)| flow.is_default);
                if !always && !default {
                    self.find(node, "no-default", "the gateway has no default flow");
                }
            }
        }
        if !def.nodes.iter().any(is_end) {
            let start = def.node(def.start);
            self.find(start, "no-end", "the process has no end event");
        }
    }

    /// Nodes that nothing needs to leave: ends, handlers, jumps, steps that are chosen.
    fn may_end(&self, node: &Node) -> bool {
        let inside = node.parent.map(|parent| self.def.node(parent).kind);
        is_end(node)
            || node.for_compensation
            || node.kind == NodeKind::EventSubProcess
            || inside == Some(NodeKind::AdHoc)
            || node.triggers.iter().any(|t| matches!(t, Trigger::Link(_) | Trigger::Compensate(_)))
    }

    /// Every node is reached from the start, and an end is reached from every node.
    fn reach(&mut self) {
        let def = self.def;
        let mut starts = def.inner.starts.clone();
        starts.extend(def.event_starts());
        starts.extend(&def.inner.handlers);
        let reached = spread(starts, |ix| onward(def, ix));
        let back = backward(def);
        let ends = def.nodes().filter(|(_, node)| self.may_end(node)).map(|(ix, _)| ix);
        let leads_out = spread(ends.collect(), |ix| back.get(&ix).cloned().unwrap_or_default());
        for (ix, node) in def.nodes() {
            if !reached.contains(&ix) {
                self.find(node, "unreached", "it cannot be reached from the start");
            } else if !leads_out.contains(&ix) && !node.outgoing.is_empty() {
                self.find(node, "endless", "no end can be reached from it");
            }
        }
    }

    /// Plays the process and the inside of each sub-process by itself.
    fn play_all(&mut self) {
        let def = self.def;
        let mut levels = vec![(None, def.inner.starts.clone())];
        levels.extend(def.event_starts().iter().map(|start| (None, vec![*start])));
        let scopes = def.nodes().filter(|(_, node)| {
            matches!(node.kind, NodeKind::SubProcess | NodeKind::EventSubProcess)
        });
        levels.extend(scopes.map(|(ix, node)| (Some(ix), node.inner.starts.clone())));
        for (level, starts) in levels.into_iter().filter(|(_, starts)| !starts.is_empty()) {
            self.play(level, &starts);
        }
    }

    /// Plays all markings: no token waits for ever at a join, tokens do not pile up.
    fn play(&mut self, level: Option<NodeIx>, starts: &[NodeIx]) {
        let def = self.def;
        let first = starts.iter().flat_map(|start| def.node(*start).outgoing.clone()).collect();
        let found = net::play(def, first);
        for ix in &found.piled {
            self.find(def.node(*ix), "piles-up", "tokens can pile up here without end");
        }
        for ix in &found.stuck {
            let node = def.node(*ix);
            let (code, reason) = match (node.kind, found.played.contains(ix)) {
                (NodeKind::Parallel | NodeKind::Inclusive, true) => {
                    ("stuck", "a case can wait for ever at this join")
                }
                (NodeKind::Parallel | NodeKind::Inclusive, false) => NEVER_OPENS,
                _ => (
                    "too-few-tokens",
                    "a case can wait for ever here for more tokens (startQuantity)",
                ),
            };
            self.find(node, code, reason);
        }
        // A join that belongs to another start of the process is judged there.
        let alone = level.is_some() || def.event_starts().is_empty();
        for (ix, node) in def.nodes().filter(|(_, node)| node.parent == level) {
            let joins = matches!(node.kind, NodeKind::Parallel | NodeKind::Inclusive)
                && node.incoming.len() > 1;
            let waits = joins && !found.played.contains(&ix) && !found.stuck.contains(&ix);
            if waits && found.complete && found.piled.is_empty() && alone {
                self.find(node, NEVER_OPENS.0, NEVER_OPENS.1);
            }
        }
    }
}

fn is_end(node: &Node) -> bool {
    matches!(node.kind, NodeKind::End | NodeKind::TerminateEnd)
}

/// Where a token may come from a node, into sub-processes too.
fn onward(def: &Definition, ix: NodeIx) -> Vec<NodeIx> {
    let node = def.node(ix);
    let mut next: Vec<NodeIx> = def.outgoing(ix).map(|(_, flow)| flow.to).collect();
    next.extend(&node.boundaries);
    next.extend(node.handler);
    next.extend(&node.inner.starts);
    next.extend(&node.inner.handlers);
    if node.kind == NodeKind::Throw {
        next.extend(def.link_target(ix));
    }
    // An event of compensation stands on the edge of its activity without being waited for.
    let undoes = |(_, other): &(NodeIx, &Node)| {
        other.attached_to == Some(ix)
            && other.triggers.iter().any(|t| matches!(t, Trigger::Compensate(_)))
    };
    next.extend(def.nodes().filter(undoes).map(|(other, _)| other));
    next
}

/// Nodes that tokens at these nodes may come to; the nodes themselves only by a way back.
pub(crate) fn ahead(def: &Definition, from: Vec<NodeIx>) -> HashSet<NodeIx> {
    let mut next: Vec<NodeIx> = from.iter().flat_map(|ix| onward(def, *ix)).collect();
    // What a sub-process is left by stands outside of it.
    for ix in from {
        let mut at = def.node(ix).parent;
        while let Some(parent) = at {
            next.extend(onward(def, parent));
            at = def.node(parent).parent;
        }
    }
    spread(next, |ix| onward(def, ix))
}

/// For each node those from which it is reached within its own scope.
fn backward(def: &Definition) -> HashMap<NodeIx, Vec<NodeIx>> {
    let mut back: HashMap<NodeIx, Vec<NodeIx>> = HashMap::new();
    for (ix, node) in def.nodes() {
        for to in def.outgoing(ix).map(|(_, flow)| flow.to).chain(node.boundaries.iter().copied()) {
            back.entry(to).or_default().push(ix);
        }
        if let (NodeKind::Throw, Some(to)) = (node.kind, def.link_target(ix)) {
            back.entry(to).or_default().push(ix);
        }
    }
    back
}

fn spread(from: Vec<NodeIx>, next: impl Fn(NodeIx) -> Vec<NodeIx>) -> HashSet<NodeIx> {
    let mut seen: HashSet<NodeIx> = from.iter().copied().collect();
    let mut open = from;
    while let Some(ix) = open.pop() {
        for to in next(ix) {
            if seen.insert(to) {
                open.push(to);
            }
        }
    }
    seen
}

fn kind_name(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Start => "startEvent",
        NodeKind::End | NodeKind::TerminateEnd => "endEvent",
        NodeKind::UserTask => "userTask",
        NodeKind::ServiceTask => "serviceTask",
        NodeKind::Exclusive => "exclusiveGateway",
        NodeKind::Parallel => "parallelGateway",
        NodeKind::TimerCatch | NodeKind::Catch => "intermediateCatchEvent",
        NodeKind::TimerBoundary | NodeKind::Boundary => "boundaryEvent",
        NodeKind::Pass => "task",
        NodeKind::Script => "scriptTask",
        NodeKind::Rule => "businessRuleTask",
        NodeKind::Send => "sendTask",
        NodeKind::Receive => "receiveTask",
        NodeKind::Call => "callActivity",
        NodeKind::SubProcess | NodeKind::EventSubProcess => "subProcess",
        NodeKind::AdHoc => "adHocSubProcess",
        NodeKind::Inclusive => "inclusiveGateway",
        NodeKind::EventGateway => "eventBasedGateway",
        NodeKind::Throw => "intermediateThrowEvent",
        NodeKind::Missing => "",
    }
}
