//! The order of the rows: as the flows lead, ways back left aside.

use std::collections::HashSet;

use crate::bpmn::{Definitions, Kind, Node, Owner};

/// Indexes of all nodes of a level and of what stands inside them.
pub(super) fn of_level(view: &Definitions<'_>, owner: Owner, rows: &mut Vec<usize>) {
    let level: Vec<usize> = view
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| node.owner == owner && node.kind != Kind::BoundaryEvent)
        .map(|(ix, _)| ix)
        .collect();
    for ix in along(view, &level) {
        with_inside(view, owner, ix, rows);
    }
    // Events on the edge of nothing are shown too.
    for (ix, node) in view.nodes.iter().enumerate() {
        let stray = node.owner == owner && node.kind == Kind::BoundaryEvent;
        if stray && !rows.contains(&ix) {
            rows.push(ix);
        }
    }
}

fn with_inside(view: &Definitions<'_>, owner: Owner, ix: usize, rows: &mut Vec<usize>) {
    rows.push(ix);
    let Some(node) = view.nodes.get(ix) else { return };
    if node.kind.is_sub_process() {
        of_level(view, Owner { parent: Some(ix), ..owner }, rows);
    }
    rows.extend(edge(view, node));
}

/// Boundary events of an activity.
fn edge(view: &Definitions<'_>, host: &Node<'_>) -> Vec<usize> {
    if host.id.is_empty() {
        return Vec::new();
    }
    let on = |node: &Node<'_>| {
        node.kind == Kind::BoundaryEvent
            && node.owner == host.owner
            && node.attached_to().is_some_and(|on| view.resolve(on) == host.id)
    };
    view.nodes.iter().enumerate().filter(|(_, node)| on(node)).map(|(ix, _)| ix).collect()
}

/// Nodes of one level so that each way leads downwards, but for ways back; beginnings in the order
/// of the file, branches in the order of their flows.
fn along(view: &Definitions<'_>, level: &[usize]) -> Vec<usize> {
    let next = |ix: usize| -> Vec<usize> {
        let Some(node) = view.nodes.get(ix) else { return Vec::new() };
        let beside = edge(view, node);
        let sources = std::iter::once(ix).chain(beside);
        let nodes = sources.filter_map(|ix| view.nodes.get(ix));
        let flows = nodes.flat_map(|node| view.outgoing(node));
        flows.filter_map(|flow| view.node_ix(flow.target)).collect()
    };
    let here: HashSet<usize> = level.iter().copied().collect();
    let begins = |ix: &&usize| view.nodes.get(**ix).is_some_and(|node| node.incoming.is_empty());
    let starts: Vec<usize> = level.iter().filter(begins).chain(level.iter()).copied().collect();
    let mut seen: HashSet<usize> = HashSet::new();
    let mut finished = Vec::new();
    // The last beginning and the last branch first: the reverse of finishing turns both around.
    for start in starts.into_iter().rev() {
        let mut open = vec![(start, false)];
        while let Some((ix, done)) = open.pop() {
            if done {
                finished.push(ix);
                continue;
            }
            if !here.contains(&ix) || !seen.insert(ix) {
                continue;
            }
            open.push((ix, true));
            open.extend(next(ix).into_iter().map(|to| (to, false)));
        }
    }
    finished.reverse();
    finished
}
