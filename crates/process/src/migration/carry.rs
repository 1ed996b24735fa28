//! Carries a state over to another edition by numbers alone, so that a replay needs no plan.

use std::collections::BTreeMap;

use crate::definition::NodeIx;
use crate::nodes::Nodes;
use crate::state::{Done, State};

/// Gives every place in a state its new number. What is only remembered (steps passed, timers
/// that rang, what can be undone) and has no new number is forgotten.
pub(crate) fn carry(state: &mut State, nodes: &[(NodeIx, NodeIx)], flows: &[(u16, u16)]) {
    let nodes: BTreeMap<NodeIx, NodeIx> = nodes.iter().copied().collect();
    let flows: BTreeMap<u16, u16> = flows.iter().copied().collect();
    let all = |list: &mut Nodes| {
        *list = list.iter().filter_map(|node| nodes.get(node).copied()).collect();
    };
    for token in &mut state.tokens {
        if let Some(node) = nodes.get(&token.node) {
            token.node = *node;
        }
        token.via = token.via.map(|flow| flows.get(&flow).copied().unwrap_or(flow));
        all(&mut token.path);
        all(&mut token.rang);
    }
    for scope in &mut state.scopes {
        if let Some(node) = nodes.get(&scope.node) {
            scope.node = *node;
        }
        undoable(&mut scope.undoable, &nodes);
    }
    undoable(&mut state.undoable, &nodes);
    all(&mut state.reached);
    all(&mut state.rang);
}

fn undoable(list: &mut Vec<Done>, nodes: &BTreeMap<NodeIx, NodeIx>) {
    list.retain_mut(|done| match nodes.get(&done.node) {
        Some(node) => {
            done.node = *node;
            undoable(&mut done.inner, nodes);
            true
        }
        None => false,
    });
}
