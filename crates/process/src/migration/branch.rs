//! Matches the incoming flows of joins: by id, by the node that they come from, by the branch.

use std::collections::{BTreeMap, BTreeSet};

use super::Plan;
use crate::definition::{Definition, Flow, NodeIx};

/// Fills in the flows of a plan; those that are there already and still fit stay.
pub(super) fn match_flows(plan: &mut Plan, from: &Definition, to: &Definition) {
    let mut flows: BTreeMap<String, String> = BTreeMap::new();
    for (ix, node) in from.nodes().filter(|(_, node)| !node.incoming.is_empty()) {
        let Some(target) = plan.node(from, to, ix) else { continue };
        let olds: Vec<&Flow> = flows_into(from, ix);
        let mut news: Vec<&Flow> = flows_into(to, target);
        let mut rest = Vec::new();
        for old in olds {
            let known = plan.flows.get(&old.id).unwrap_or(&old.id);
            match news.iter().position(|new| new.id == *known) {
                Some(at) => {
                    flows.insert(old.id.clone(), news.remove(at).id.clone());
                }
                None => rest.push(old),
            }
        }
        if let ([old], [new], 1) = (rest.as_slice(), news.as_slice(), node.incoming.len()) {
            flows.insert(old.id.clone(), new.id.clone());
            continue;
        }
        for old in rest {
            let branches = sources(plan, from, to, old, ix);
            let mut fits = news
                .iter()
                .enumerate()
                .filter(|(_, new)| branches.iter().any(|source| reaches(to, *source, new, target)));
            if let (Some((at, new)), None) = (fits.next(), fits.next()) {
                flows.insert(old.id.clone(), new.id.clone());
                news.remove(at);
            }
        }
    }
    plan.flows = flows;
}

fn flows_into(def: &Definition, ix: NodeIx) -> Vec<&Flow> {
    let numbers = def.node(ix).incoming.iter();
    numbers.filter_map(|number| def.flows.get(usize::from(*number))).collect()
}

/// The nearest matched nodes behind a flow, as nodes of the new edition.
fn sources(
    plan: &Plan,
    from: &Definition,
    to: &Definition,
    flow: &Flow,
    join: NodeIx,
) -> Vec<NodeIx> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::from([join]));
    let mut open = vec![flow.from];
    while let Some(at) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        if let Some(target) = plan.node(from, to, at) {
            found.push(target);
            continue;
        }
        open.extend(flows_into(from, at).into_iter().map(|flow| flow.from));
        open.extend(from.node(at).attached_to);
    }
    found
}

/// Whether a way from a node comes to a join by this flow, through nothing but new branches.
fn reaches(def: &Definition, source: NodeIx, flow: &Flow, join: NodeIx) -> bool {
    let (mut seen, mut open) = (BTreeSet::from([join]), vec![source]);
    while let Some(at) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        if at == flow.from {
            return true;
        }
        open.extend(def.outgoing(at).map(|(_, flow)| flow.to));
        open.extend(&def.node(at).boundaries);
    }
    false
}
