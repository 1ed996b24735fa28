//! Checks a compiled process for soundness: it can be carried out, and it always comes to an end.
//!
//! The graph is played as a net of tokens on flows, all conditions open, so the findings hold for
//! any data. Very large nets are played up to a limit; what lies beyond stops at run time with a
//! typed refusal.

use std::collections::{BTreeSet, HashSet};

use crate::definition::{Definition, Node, NodeIx, NodeKind};
use crate::limits;
use crate::problem::Problem;

/// Markings played before the search gives up.
const MARKINGS: usize = 20_000;
/// Moves played before the search gives up.
const MOVES: usize = 40_000;
/// Tokens on one flow that count as piling up.
const PILE: usize = 4;
/// Most boundary events of one task whose combinations are played.
const BESIDE: usize = 4;

/// Findings about a process that compiles; empty when it is sound.
#[must_use]
pub fn lint(def: &Definition, file: &str) -> Vec<Problem> {
    let mut lint = Lint { def, file, problems: Vec::new() };
    lint.shape();
    lint.reach();
    if lint.problems.is_empty() {
        lint.play();
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
    fn find(&mut self, node: &Node, reason: &str) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            line: node.line,
            element_id: node.id.clone(),
            element_name: node.name.clone(),
            kind: kind_name(node.kind).to_owned(),
            reason: reason.to_owned(),
        });
    }

    /// What each node must have by itself.
    fn shape(&mut self) {
        let def = self.def;
        for (ix, node) in def.nodes() {
            let ends = matches!(node.kind, NodeKind::End | NodeKind::TerminateEnd);
            let gateway = matches!(node.kind, NodeKind::Exclusive | NodeKind::Parallel);
            if node.outgoing.is_empty() && !ends {
                self.find(node, "nothing leaves it; lead it to an end event");
            }
            if node.outgoing.len() > 1 && !gateway {
                self.find(node, "several flows leave it; put a gateway after it");
            }
            if node.kind == NodeKind::UserTask && node.lane.is_none() {
                self.find(node, "a user task must stand in a lane");
            } else if node.kind == NodeKind::UserTask && node.role.is_none() {
                self.find(node, "its lane names no role (mc:role)");
            }
            if node.kind == NodeKind::Exclusive && node.outgoing.len() > 1 {
                let bare =
                    |(_, flow): (u16, &crate::Flow)| flow.condition.is_none() && !flow.is_default;
                if def.outgoing(ix).any(bare) {
                    self.find(node, "a flow out of it has no condition and is not the default");
                }
                if !def.outgoing(ix).any(|(_, flow)| flow.is_default) {
                    self.find(node, "the gateway has no default flow");
                }
            }
        }
        let ends = |node: &Node| matches!(node.kind, NodeKind::End | NodeKind::TerminateEnd);
        if !def.nodes.iter().any(ends) {
            let start = def.node(def.start);
            self.find(start, "the process has no end event");
        }
    }

    /// Every node is reached from the start, and an end is reached from every node.
    fn reach(&mut self) {
        let def = self.def;
        let forward = |ix: NodeIx| {
            let mut next: Vec<NodeIx> = def.outgoing(ix).map(|(_, flow)| flow.to).collect();
            next.extend(&def.node(ix).boundaries);
            next
        };
        let backward = |ix: NodeIx| {
            let node = def.node(ix);
            let flows = node.incoming.iter().filter_map(|n| def.flows.get(usize::from(*n)));
            let mut next: Vec<NodeIx> = flows.map(|flow| flow.from).collect();
            next.extend(node.attached_to);
            next
        };
        let reached = spread(vec![def.start], forward);
        let ends = def
            .nodes()
            .filter(|(_, node)| matches!(node.kind, NodeKind::End | NodeKind::TerminateEnd));
        let leads_out = spread(ends.map(|(ix, _)| ix).collect(), backward);
        for (ix, node) in def.nodes() {
            if !reached.contains(&ix) {
                self.find(node, "it cannot be reached from the start");
            } else if !leads_out.contains(&ix) && !node.outgoing.is_empty() {
                self.find(node, "no end can be reached from it");
            }
        }
    }

    /// Plays all markings: no token waits for ever at a join, tokens do not pile up.
    fn play(&mut self) {
        let def = self.def;
        let first: Vec<u16> = def.node(def.start).outgoing.clone();
        let mut seen = HashSet::from([first.clone()]);
        let mut open = vec![first];
        let (mut stuck, mut piled) = (BTreeSet::new(), BTreeSet::new());
        let mut played: BTreeSet<NodeIx> = BTreeSet::new();
        let mut moves = 0;
        while let Some(marking) = open.pop().filter(|_| moves < MOVES) {
            let next = successors(def, &marking, &mut played);
            moves += next.len();
            if next.is_empty() && !marking.is_empty() {
                let flows = marking.iter().filter_map(|n| def.flows.get(usize::from(*n)));
                stuck.extend(flows.map(|flow| flow.to));
            }
            for marking in next {
                if let Some(flow) = pile(&marking) {
                    piled.extend(def.flows.get(usize::from(flow)).map(|flow| flow.to));
                } else if seen.len() < MARKINGS && seen.insert(marking.clone()) {
                    open.push(marking);
                }
            }
        }
        let complete = seen.len() < MARKINGS && moves < MOVES;
        for ix in &piled {
            self.find(def.node(*ix), "tokens can pile up here without end");
        }
        for ix in &stuck {
            let reason = if played.contains(ix) {
                "a case can wait for ever at this join"
            } else {
                "this join can never fire"
            };
            self.find(def.node(*ix), reason);
        }
        for (ix, node) in def.nodes() {
            let joins = node.kind == NodeKind::Parallel && node.incoming.len() > 1;
            if joins && complete && !played.contains(&ix) && !stuck.contains(&ix) {
                self.find(node, "this join can never fire");
            }
        }
    }
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

/// A flow that carries too many tokens. Markings are sorted, so equal flows stand together.
fn pile(marking: &[u16]) -> Option<u16> {
    marking.windows(PILE).find(|run| run.first() == run.last()).and_then(|run| run.first().copied())
}

/// Markings one move further. `played` collects the nodes that moved.
///
/// What runs by itself goes first, as in `step`, where no other command comes in between.
fn successors(def: &Definition, marking: &[u16], played: &mut BTreeSet<NodeIx>) -> Vec<Vec<u16>> {
    let target = |flow: &u16| def.flows.get(usize::from(*flow)).map(|flow| flow.to);
    let (waiting, running): (Vec<u16>, Vec<u16>) =
        marking.iter().partition(|flow| target(flow).is_some_and(|to| def.node(to).is_wait()));
    for flow in running {
        let Some(to) = target(&flow) else { continue };
        if let Some(moved) = moved(def, marking, flow, to) {
            played.insert(to);
            return moved;
        }
    }
    let mut next = Vec::new();
    let mut tried = None;
    for flow in waiting {
        let Some(to) = target(&flow).filter(|_| tried.replace(flow) != Some(flow)) else {
            continue;
        };
        played.insert(to);
        next.extend(moved(def, marking, flow, to).unwrap_or_default());
    }
    next
}

/// The markings after the node at the end of a flow has moved; `None` when it still waits.
fn moved(def: &Definition, marking: &[u16], flow: u16, to: NodeIx) -> Option<Vec<Vec<u16>>> {
    let node = def.node(to);
    let joins = node.kind == NodeKind::Parallel;
    let taken: &[u16] = if joins { &node.incoming } else { std::slice::from_ref(&flow) };
    let rest = without(marking, taken)?;
    if node.kind == NodeKind::TerminateEnd {
        return Some(vec![Vec::new()]);
    }
    let with = |produced: Vec<u16>| {
        let mut marking = rest.clone();
        marking.extend(produced);
        marking.sort_unstable();
        marking
    };
    Some(productions(def, node).into_iter().map(with).collect())
}

fn without(marking: &[u16], taken: &[u16]) -> Option<Vec<u16>> {
    let mut rest = marking.to_vec();
    for flow in taken {
        let place = rest.iter().position(|found| found == flow)?;
        rest.remove(place);
    }
    Some(rest)
}

/// The ways in which a node may put tokens on its flows and those of its boundary events.
fn productions(def: &Definition, node: &Node) -> Vec<Vec<u16>> {
    if node.kind == NodeKind::Exclusive {
        return node.outgoing.iter().map(|flow| vec![*flow]).collect();
    }
    let mut ways = vec![node.outgoing.clone()];
    let boundaries = node.boundaries.iter().map(|ix| def.node(*ix));
    let (cutting, beside): (Vec<&Node>, Vec<&Node>) = boundaries.partition(|b| b.interrupting);
    ways.extend(cutting.iter().map(|boundary| boundary.outgoing.clone()));
    for boundary in beside.into_iter().take(BESIDE) {
        let with = |way: &Vec<u16>| way.iter().chain(&boundary.outgoing).copied().collect();
        let more: Vec<Vec<u16>> = ways.iter().map(with).collect();
        ways.extend(more);
    }
    ways
}

fn kind_name(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Start => "startEvent",
        NodeKind::End | NodeKind::TerminateEnd => "endEvent",
        NodeKind::UserTask => "userTask",
        NodeKind::ServiceTask => "serviceTask",
        NodeKind::Exclusive => "exclusiveGateway",
        NodeKind::Parallel => "parallelGateway",
        NodeKind::TimerCatch => "intermediateCatchEvent",
        NodeKind::TimerBoundary => "boundaryEvent",
        NodeKind::Missing => "",
    }
}
