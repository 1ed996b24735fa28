//! Plays a process as a net of tokens on flows, all conditions open.

use std::collections::{BTreeSet, HashSet};

use crate::definition::{Definition, Node, NodeIx, NodeKind};
use crate::state::State;

/// Markings played before the search gives up.
const MARKINGS: usize = 20_000;
/// Moves played before the search gives up.
const MOVES: usize = 40_000;
/// Tokens on one flow that count as piling up, beside those that quantities ask for.
const PILE: usize = 4;
/// Most boundary events of one task whose combinations are played.
const BESIDE: usize = 4;
/// Most flows out of an inclusive gateway whose combinations are all played; of more, each alone
/// and all together.
const TOGETHER: usize = 6;

/// Flows with a token, sorted; a flow stands there once for each token.
pub(super) type Marking = Vec<u16>;

/// What came out of a play.
#[derive(Default)]
pub(super) struct Played {
    /// Nodes where a token can stay for ever.
    pub(super) stuck: BTreeSet<NodeIx>,
    /// Nodes before which tokens pile up.
    pub(super) piled: BTreeSet<NodeIx>,
    /// Nodes that moved.
    pub(super) played: BTreeSet<NodeIx>,
    /// Nothing was left out.
    pub(super) complete: bool,
}

/// Plays a marking on until nothing new comes.
pub(super) fn play(def: &Definition, mut first: Marking) -> Played {
    first.sort_unstable();
    let limit = pile_limit(def);
    let mut found = Played::default();
    let mut seen = HashSet::from([first.clone()]);
    let (mut open, mut moves) = (vec![first], 0);
    let target = |flow: &u16| def.flows.get(usize::from(*flow)).map(|flow| flow.to);
    while let Some(marking) = open.pop() {
        if moves >= MOVES || seen.len() >= MARKINGS {
            return found;
        }
        let next = successors(def, &marking, &mut found.played);
        moves += next.len();
        if next.is_empty() && !marking.is_empty() {
            found.stuck.extend(marking.iter().filter_map(target));
        }
        for marking in next {
            if let Some(flow) = pile(&marking, limit) {
                found.piled.extend(target(&flow));
            } else if seen.insert(marking.clone()) {
                open.push(marking);
            }
        }
    }
    found.complete = true;
    found
}

/// Joins where a running case would wait for ever, each with the scope.
pub(crate) fn stuck_from(def: &Definition, state: &State) -> Vec<(u32, NodeIx)> {
    let owners: BTreeSet<u32> = state.tokens.iter().map(|token| token.scope).collect();
    let bodies = owners.into_iter().filter(|scope| *scope == 0 || state.body_of(*scope).is_some());
    let mut found = Vec::new();
    for scope in bodies {
        // A token at a node stands on a flow into it; one that no flow leads to cannot be played.
        let flows = state.inside(scope).map(|token| {
            let node = def.node(token.node);
            token
                .via
                .or_else(|| node.incoming.first().copied().filter(|_| node.start_quantity <= 1))
        });
        let Some(marking) = flows.collect::<Option<Marking>>() else { continue };
        found.extend(play(def, marking).stuck.into_iter().map(|node| (scope, node)));
    }
    found
}

/// How many tokens on one flow are too many.
fn pile_limit(def: &Definition) -> usize {
    let most = def.nodes.iter().map(|node| node.start_quantity.max(node.completion_quantity));
    let most = usize::from(most.max().unwrap_or(1));
    if most > 1 { PILE + 2 * most } else { PILE }
}

/// A flow that carries too many tokens. Markings are sorted, so equal flows stand together.
fn pile(marking: &[u16], limit: usize) -> Option<u16> {
    let mut runs = marking.windows(limit);
    runs.find(|run| run.first() == run.last()).and_then(|run| run.first().copied())
}

/// Markings one move further. `played` collects the nodes that moved.
///
/// What runs by itself goes first, as in `step`, where no other command comes in between.
fn successors(def: &Definition, marking: &[u16], played: &mut BTreeSet<NodeIx>) -> Vec<Marking> {
    let target = |flow: &u16| def.flows.get(usize::from(*flow)).map(|flow| flow.to);
    let (waiting, running): (Marking, Marking) =
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
        if let Some(moved) = moved(def, marking, flow, to) {
            played.insert(to);
            next.extend(moved);
        }
    }
    next
}

/// The markings after the node at the end of a flow has moved; `None` when it still waits.
fn moved(def: &Definition, marking: &[u16], flow: u16, to: NodeIx) -> Option<Vec<Marking>> {
    let node = def.node(to);
    let taken = match node.kind {
        NodeKind::Parallel => node.incoming.clone(),
        NodeKind::Inclusive if node.incoming.len() > 1 => inclusive(def, marking, to)?,
        _ if node.start_quantity > 1 => gathered(marking, node)?,
        _ => vec![flow],
    };
    let rest = without(marking, &taken)?;
    if node.kind == NodeKind::TerminateEnd {
        return Some(vec![Vec::new()]);
    }
    let with = |produced: Marking| {
        let mut marking = rest.clone();
        marking.extend(produced);
        marking.sort_unstable();
        marking
    };
    Some(productions(def, node).into_iter().map(with).collect())
}

/// The tokens that an inclusive join takes: one of each flow that has any, once no token elsewhere
/// can still reach an empty flow without passing by a full one (BPMN 2.0, table 13.3).
fn inclusive(def: &Definition, marking: &[u16], join: NodeIx) -> Option<Marking> {
    let reach = def.reach.get(&join)?;
    let incoming = &def.node(join).incoming;
    let bit =
        |flow: u16| incoming.iter().position(|f| *f == flow).map_or(0, |n| 1_u64 << n.min(63));
    let filled = marking.iter().fold(0, |bits, flow| bits | bit(*flow));
    let others = marking.iter().filter(|flow| bit(**flow) == 0);
    for flow in others {
        let at = def.flows.get(usize::from(*flow))?.to;
        let leads = reach.get(usize::from(at.0)).copied().unwrap_or(0);
        if leads & !filled != 0 && leads & filled == 0 {
            return None;
        }
    }
    Some(incoming.iter().copied().filter(|flow| bit(*flow) & filled != 0).collect())
}

/// The tokens that a start quantity takes, from whichever flows.
fn gathered(marking: &[u16], node: &Node) -> Option<Marking> {
    let wanted = usize::from(node.start_quantity);
    let here = marking.iter().copied().filter(|flow| node.incoming.contains(flow));
    let taken: Marking = here.take(wanted).collect();
    (taken.len() == wanted).then_some(taken)
}

fn without(marking: &[u16], taken: &[u16]) -> Option<Marking> {
    let mut rest = marking.to_vec();
    for flow in taken {
        let place = rest.iter().position(|found| found == flow)?;
        rest.remove(place);
    }
    Some(rest)
}

/// The ways in which a node may put tokens on its flows and those of its boundary events.
fn productions(def: &Definition, node: &Node) -> Vec<Marking> {
    let ways = match node.kind {
        NodeKind::Exclusive | NodeKind::EventGateway => {
            node.outgoing.iter().map(|flow| vec![*flow]).collect()
        }
        NodeKind::Inclusive => together(&node.outgoing),
        _ => vec![node.outgoing.clone()],
    };
    let quantity = usize::from(node.completion_quantity.max(1));
    let mut ways: Vec<Marking> = ways.into_iter().map(|way| way.repeat(quantity)).collect();
    let boundaries = node.boundaries.iter().map(|ix| def.node(*ix));
    let (cutting, beside): (Vec<&Node>, Vec<&Node>) = boundaries.partition(|b| b.interrupting);
    ways.extend(cutting.iter().map(|boundary| boundary.outgoing.clone()));
    for boundary in beside.into_iter().take(BESIDE) {
        let with = |way: &Marking| way.iter().chain(&boundary.outgoing).copied().collect();
        let more: Vec<Marking> = ways.iter().map(with).collect();
        ways.extend(more);
    }
    ways
}

/// Every choice of at least one flow.
fn together(flows: &[u16]) -> Vec<Marking> {
    if flows.len() > TOGETHER {
        let alone = flows.iter().map(|flow| vec![*flow]);
        return alone.chain([flows.to_vec()]).collect();
    }
    let chosen = |bits: u32| {
        let place = flows.iter().zip(0_u32..);
        place.filter(|(_, n)| bits & (1 << n) != 0).map(|(flow, _)| *flow).collect()
    };
    let most = 1_u32 << u32::try_from(flows.len()).unwrap_or(0);
    if flows.is_empty() { vec![Vec::new()] } else { (1..most).map(chosen).collect() }
}
