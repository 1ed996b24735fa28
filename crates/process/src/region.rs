//! Lawful returns: which earlier tasks a task may go back to, and what is cancelled on the way.
//!
//! A target is legal when the case has reached it and one way in and one way out enclose it
//! together with the source: going back into one branch of a parallel part from outside would
//! leave its join waiting for ever. Alternatives do not count, since only one of them runs.

use std::collections::{BTreeMap, BTreeSet};

use crate::definition::{Definition, Node, NodeIx, NodeKind};
use crate::refusal::{Refusal, ReturnReason};
use crate::state::{ScopeKind, State, Token};

/// How a return is carried out.
pub(crate) struct WayBack {
    /// The token that goes to the target.
    pub(crate) token: u32,
    /// Other tokens inside the region.
    pub(crate) cancelled: Vec<u32>,
}

/// The tasks that a token at a user task may be returned to, in the order of the file.
#[must_use]
pub fn return_targets(def: &Definition, state: &State, token: u32) -> Vec<NodeIx> {
    let mut known = BTreeMap::new();
    let mut targets: Vec<NodeIx> = state
        .reached
        .iter()
        .copied()
        .filter(|to| way(def, state, token, *to, &mut known, Rule::Back).is_ok())
        .collect();
    targets.sort_unstable();
    targets
}

/// Whether a token may be returned to a task, and what that means.
pub(crate) fn way_back(
    def: &Definition,
    state: &State,
    token: u32,
    to: NodeIx,
) -> Result<WayBack, Refusal> {
    way(def, state, token, to, &mut BTreeMap::new(), Rule::Back)
}

/// Whether a token may be sent to a task, before or behind it, and what that means.
pub(crate) fn way_over(
    def: &Definition,
    state: &State,
    token: u32,
    to: NodeIx,
) -> Result<WayBack, Refusal> {
    way(def, state, token, to, &mut BTreeMap::new(), Rule::Any)
}

/// The tasks that a leader may send a token on or back to, in the order of the file: all that one
/// way in and one way out enclose together with the source, reached before or not.
#[must_use]
pub fn jump_targets(def: &Definition, state: &State, token: u32) -> Vec<NodeIx> {
    let mut known = BTreeMap::new();
    let tasks = def.nodes().filter(|(_, node)| node.kind == NodeKind::UserTask);
    let to = tasks.map(|(ix, _)| ix);
    to.filter(|to| way(def, state, token, *to, &mut known, Rule::Any).is_ok()).collect()
}

/// The tokens whose work a leader may leave out, with the step of each, in order of their ids.
#[must_use]
pub fn skip_targets(def: &Definition, state: &State) -> Vec<(u32, NodeIx)> {
    let rests = |token: &&Token| {
        token.via.is_none()
            && token.undo.is_none()
            && state.scope(token.id).is_none()
            && can_be_left_out(def.node(token.node))
    };
    state.tokens.iter().filter(rests).map(|token| (token.id, token.node)).collect()
}

/// The tasks that may be done once more beside what runs, in the order of the file: those that are
/// done once, have nothing on their edge and stand where the case is.
#[must_use]
pub fn add_targets(def: &Definition, state: &State) -> Vec<NodeIx> {
    let all = def.nodes().map(|(ix, _)| ix);
    all.filter(|node| can_be_added(def, state, *node)).collect()
}

/// Ad-hoc sub-processes where a person may begin an activity now: the token that stands there, and
/// the activities.
#[must_use]
pub fn choices(def: &Definition, state: &State) -> Vec<(u32, Vec<NodeIx>)> {
    let mut all = Vec::new();
    for scope in state.scopes.iter().filter(|scope| scope.kind == ScopeKind::Body) {
        let node = def.node(scope.node);
        let busy = state.inside(scope.owner).next().is_some();
        // One that is open again is only undone.
        let opened = state
            .token(scope.owner)
            .is_some_and(|owner| owner.undo.is_none() || node.for_compensation);
        let chosen = node.kind == NodeKind::AdHoc && node.inner.chosen && opened;
        if chosen && !(node.inner.sequential && busy) {
            all.push((scope.owner, node.inner.starts.clone()));
        }
    }
    all
}

/// A step that waits and has one way on.
pub(crate) fn can_be_left_out(node: &Node) -> bool {
    use NodeKind as K;
    matches!(
        node.kind,
        K::UserTask | K::ServiceTask | K::Rule | K::Call | K::Receive | K::TimerCatch
    ) || node.kind == K::Catch && node.is_wait()
}

/// Whether a task can be done once more beside what runs.
pub(crate) fn can_be_added(def: &Definition, state: &State, node: NodeIx) -> bool {
    let task = def.node(node);
    let open = |parent: NodeIx| {
        let scopes = state.scopes.iter().filter(|scope| scope.node == parent);
        scopes.filter(|scope| scope.kind == ScopeKind::Body).count() == 1
    };
    state.started()
        && !state.done
        && task.kind == NodeKind::UserTask
        && task.is_plain()
        && task.handler.is_none()
        && task.boundaries.is_empty()
        && task.parent.is_none_or(open)
}

/// Which targets count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Tasks that the case has reached and that come before the source.
    Back,
    /// All.
    Any,
}

/// The forks of each scope looked at so far.
type Known = BTreeMap<Option<NodeIx>, Forks>;

fn way(
    def: &Definition,
    state: &State,
    token: u32,
    to: NodeIx,
    known: &mut Known,
    rule: Rule,
) -> Result<WayBack, Refusal> {
    let here = state.token(token).ok_or(Refusal::NoToken { token })?;
    let source = def.node(here.node);
    let no = |why: ReturnReason| Refusal::CannotReturn {
        node: source.id.clone(),
        to: def.node(to).id.clone(),
        why,
    };
    let leaves = match rule {
        Rule::Back => source.kind == NodeKind::UserTask,
        // The token that owns a repetition does no work of its own.
        Rule::Any => {
            can_be_left_out(source)
                && here.via.is_none()
                && here.undo.is_none()
                && state.scope(token).is_none()
        }
    };
    let target = def.node(to);
    if !leaves || target.kind != NodeKind::UserTask || target.for_compensation {
        return Err(no(ReturnReason::NotATask));
    }
    if here.beside {
        return Err(no(ReturnReason::Beside));
    }
    if rule == Rule::Back && !state.reached.contains(&to) {
        return Err(no(ReturnReason::NotReached));
    }
    // Seen from the level of the target, the source is the sub-process that holds it.
    let level = def.node(to).parent;
    let mut at = here;
    loop {
        // Whoever throws waits until what it undoes is undone.
        if at.undo.is_some() {
            return Err(no(ReturnReason::OtherScope));
        }
        let repeats = crate::waits::is_round(state, at);
        if !repeats && def.node(at.node).parent == level && state.body_of(at.scope) == level {
            break;
        }
        at = state.token(at.scope).ok_or_else(|| no(ReturnReason::OtherScope))?;
    }
    if at.node == to {
        return Err(no(ReturnReason::NotBefore));
    }
    // What runs beside an event sub-process that interrupted nothing would be there twice.
    if runs_beside(def, at.node) {
        return Err(no(ReturnReason::OtherScope));
    }
    if rule == Rule::Back && !follows(def, to).contains(&at.node) {
        return Err(no(ReturnReason::NotBefore));
    }
    let forks = &*known.entry(level).or_insert_with(|| Forks::of(def, level));
    let around_target = forks.around(to);
    let around_source = forks.around_token(def, at.node);
    let same = |(fork, branch): (&NodeIx, &u64)| around_source.get(fork) == Some(branch);
    if !around_target.iter().all(same) {
        return Err(no(ReturnReason::OtherBranch));
    }
    let left: Vec<NodeIx> =
        around_source.keys().filter(|fork| !around_target.contains_key(fork)).copied().collect();
    let inside = |node: NodeIx, waits_at_join: bool| {
        let around = forks.around_token(def, node);
        left.iter().any(|fork| {
            around.contains_key(fork) || waits_at_join && forks.join(*fork) == Some(node)
        })
    };
    // What was added beside the others ends by itself.
    let others = state.inside(at.scope).filter(|other| other.id != at.id && !other.beside);
    let cancelled = others.filter(|other| inside(other.node, other.via.is_some()));
    Ok(WayBack { token: at.id, cancelled: cancelled.map(|other| other.id).collect() })
}

/// An event sub-process whose start interrupts nothing.
fn runs_beside(def: &Definition, node: NodeIx) -> bool {
    let handler = def.node(node);
    let starts = || handler.inner.starts.iter().map(|start| def.node(*start));
    handler.kind == NodeKind::EventSubProcess && starts().any(|start| !start.interrupting)
}

/// Where a token may come from a node, within the same scope.
fn next(def: &Definition, at: NodeIx) -> Vec<NodeIx> {
    let node = def.node(at);
    let mut all: Vec<NodeIx> = def.outgoing(at).map(|(_, flow)| flow.to).collect();
    all.extend(&node.boundaries);
    if node.kind == NodeKind::Throw {
        all.extend(def.link_target(at));
    }
    all
}

fn follows(def: &Definition, from: NodeIx) -> BTreeSet<NodeIx> {
    let mut seen = BTreeSet::new();
    let mut open = next(def, from);
    while let Some(at) = open.pop() {
        if seen.insert(at) {
            open.extend(next(def, at));
        }
    }
    seen
}

/// The nodes of one scope where tokens multiply, with what lies between each and its join.
struct Forks {
    /// For each fork: its join, and the branches (as bits) in which each node lies.
    forks: BTreeMap<NodeIx, (Option<NodeIx>, BTreeMap<NodeIx, u64>)>,
}

impl Forks {
    fn of(def: &Definition, level: Option<NodeIx>) -> Self {
        let nodes: Vec<NodeIx> =
            def.nodes().filter(|(_, n)| n.parent == level).map(|(ix, _)| ix).collect();
        let meetings = meetings(def, &nodes);
        let mut forks = BTreeMap::new();
        for &at in &nodes {
            let branches = branches(def, at);
            if branches.len() < 2 {
                continue;
            }
            let join = meetings.get(&at).copied();
            let mut lies: BTreeMap<NodeIx, u64> = BTreeMap::new();
            for (number, branch) in branches.into_iter().enumerate().take(64) {
                let mut open = vec![branch];
                while let Some(node) = open.pop() {
                    let bits = lies.entry(node).or_insert(0);
                    if Some(node) == join || node == at || *bits & (1 << number) != 0 {
                        continue;
                    }
                    *bits |= 1 << number;
                    open.extend(next(def, node));
                }
            }
            if let Some(join) = join {
                lies.remove(&join);
            }
            lies.remove(&at);
            forks.insert(at, (join, lies));
        }
        Self { forks }
    }

    /// The forks around a node, each with the branches in which the node lies.
    fn around(&self, node: NodeIx) -> BTreeMap<NodeIx, u64> {
        let lies =
            self.forks.iter().filter_map(|(fork, (_, lies))| Some((*fork, *lies.get(&node)?)));
        lies.collect()
    }

    /// The same for a token that rests at a node: an activity with events on its edge that do not
    /// interrupt it is a fork itself, and the token stands in its own branch of it.
    fn around_token(&self, def: &Definition, node: NodeIx) -> BTreeMap<NodeIx, u64> {
        let mut around = self.around(node);
        if def.node(node).is_activity() && self.forks.contains_key(&node) {
            let own = def.outgoing(node).take(64).enumerate().fold(0, |bits, (n, _)| bits | 1 << n);
            around.insert(node, own);
        }
        around
    }

    fn join(&self, fork: NodeIx) -> Option<NodeIx> {
        self.forks.get(&fork).and_then(|found| found.0)
    }
}

/// First nodes of the branches that may run at the same time.
fn branches(def: &Definition, at: NodeIx) -> Vec<NodeIx> {
    let node = def.node(at);
    let flows = || def.outgoing(at).map(|(_, flow)| flow.to);
    let alternative = matches!(node.kind, NodeKind::Exclusive | NodeKind::EventGateway);
    let mut all: Vec<NodeIx> =
        if alternative { flows().take(1).collect() } else { flows().collect() };
    all.extend(node.boundaries.iter().filter(|b| !def.node(**b).interrupting));
    all
}

/// For each node the first one that every way on from it passes; none where the ways end apart.
fn meetings(def: &Definition, nodes: &[NodeIx]) -> BTreeMap<NodeIx, NodeIx> {
    let places: BTreeMap<NodeIx, usize> =
        nodes.iter().enumerate().map(|(place, ix)| (*ix, place)).collect();
    let exit = nodes.len();
    let ways = |ix: &NodeIx| -> Vec<usize> {
        let on: Vec<usize> =
            next(def, *ix).iter().filter_map(|to| places.get(to)).copied().collect();
        if on.is_empty() { vec![exit] } else { on }
    };
    let ways: Vec<Vec<usize>> = nodes.iter().map(ways).collect();
    let first = post_dominators(&ways);
    let met = nodes.iter().zip(first).filter_map(|(ix, place)| {
        let join = place.and_then(|place| nodes.get(place))?;
        Some((*ix, *join))
    });
    met.collect()
}

/// Immediate post-dominators by the iterative algorithm of Cooper, Harvey and Kennedy. The exit is
/// the place after the last one.
fn post_dominators(ways: &[Vec<usize>]) -> Vec<Option<usize>> {
    let exit = ways.len();
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); exit + 1];
    for (from, on) in ways.iter().enumerate() {
        for to in on {
            if let Some(list) = back.get_mut(*to) {
                list.push(from);
            }
        }
    }
    let rank = ranks(&back, exit);
    let mut order: Vec<usize> =
        (0..exit).filter(|at| rank.get(*at).is_some_and(|r| *r > 0)).collect();
    order.sort_by_key(|at| std::cmp::Reverse(rank.get(*at).copied().unwrap_or(0)));
    let mut found: Vec<Option<usize>> = vec![None; exit + 1];
    if let Some(place) = found.get_mut(exit) {
        *place = Some(exit);
    }
    let mut changed = true;
    while changed {
        changed = false;
        for &at in &order {
            let mut meet: Option<usize> = None;
            for &to in ways.get(at).into_iter().flatten() {
                if found.get(to).copied().flatten().is_some() {
                    meet = Some(meet.map_or(to, |known| common(&found, &rank, known, to)));
                }
            }
            if let Some(place) = found.get_mut(at)
                && *place != meet
            {
                *place = meet;
                changed = true;
            }
        }
    }
    found.truncate(exit);
    found
}

/// How far each place is from the exit in a walk backwards: the exit has the highest rank, places
/// that do not lead there have none.
fn ranks(back: &[Vec<usize>], exit: usize) -> Vec<usize> {
    let mut rank = vec![0; exit + 1];
    let mut seen = vec![false; exit + 1];
    let (mut count, mut open) = (0, vec![(exit, false)]);
    while let Some((at, done)) = open.pop() {
        if done {
            count += 1;
            if let Some(place) = rank.get_mut(at) {
                *place = count;
            }
            continue;
        }
        if seen.get(at).copied().unwrap_or(true) {
            continue;
        }
        if let Some(place) = seen.get_mut(at) {
            *place = true;
        }
        open.push((at, true));
        open.extend(back.get(at).into_iter().flatten().map(|from| (*from, false)));
    }
    rank
}

/// The nearest place that both ways pass.
fn common(found: &[Option<usize>], rank: &[usize], one: usize, two: usize) -> usize {
    let (mut one, mut two) = (one, two);
    let rank = |at: usize| rank.get(at).copied().unwrap_or(0);
    let up = |at: usize| found.get(at).copied().flatten().unwrap_or(at);
    while one != two {
        let (before_one, before_two) = (one, two);
        if rank(one) < rank(two) {
            one = up(one);
        } else {
            two = up(two);
        }
        if (one, two) == (before_one, before_two) {
            break;
        }
    }
    one
}

#[cfg(test)]
mod tests {
    use super::post_dominators;

    #[test]
    fn ways_meet_where_all_of_them_pass() {
        // 0 → 1, 2; 1 → 3; 2 → 3 or back to 0; 3 → exit; 4 → 4 for ever.
        let ways = vec![vec![1, 2], vec![3], vec![3, 0], vec![5], vec![4]];
        assert_eq!(post_dominators(&ways), [Some(3), Some(3), Some(3), Some(5), None]);
        let apart = vec![vec![1, 2], vec![3], vec![3]];
        assert_eq!(post_dominators(&apart), [Some(3), Some(3), Some(3)]);
    }
}
