//! Applies an event to a state. Never refuses; an event of a foreign token changes nothing.

use crate::act::Event;
use crate::definition::{Definition, NodeIx, NodeKind};
use crate::state::{Behind, State, Token};

/// Changes `state` by what happened. The same events always give the same state.
pub fn apply(def: &Definition, state: &mut State, event: &Event) {
    match event {
        Event::Started => {
            state.tokens = vec![Token::new(1, def.start(), Behind::Start)];
            state.next = 2;
        }
        Event::Entered { token, node, .. } => enter(state, *token, *node),
        Event::Left { token, node, .. } => leave(def, state, *token, *node),
        Event::TimerRang { token, node } => ring(def, state, *token, *node),
        Event::Interrupted { token, by, .. } => pass_barrier(state, *token, *by, Behind::Timer),
        Event::Forked { token, node } => add(state, *token, *node, Behind::Timer),
        Event::Arrived { token, node, flow } => {
            if let Some(token) = state.token_mut(*token) {
                token.node = *node;
                token.via = Some(*flow);
                token.rang.clear();
            }
        }
        Event::Joined { token, node, of } => {
            state.tokens.retain(|old| !of.contains(&old.id));
            add(state, *token, *node, Behind::Join);
        }
        Event::Split { token, node, into } => {
            state.tokens.retain(|old| old.id != *token);
            for new in into {
                add(state, *new, *node, Behind::Split);
            }
        }
        Event::Ended { token, .. } => state.tokens.retain(|old| old.id != *token),
        Event::SentBack { token, to, .. } => enter(state, *token, *to),
        Event::Finished | Event::Cancelled => {
            state.tokens.clear();
            state.done = true;
        }
        // The chosen flow, jobs and timer rows live with the caller.
        Event::Chose { .. }
        | Event::TimerSet { .. }
        | Event::TimerDropped { .. }
        | Event::JobAsked { .. } => {}
    }
}

fn add(state: &mut State, id: u32, node: NodeIx, behind: Behind) {
    state.tokens.push(Token::new(id, node, behind));
    state.next = state.next.max(id.saturating_add(1));
}

fn enter(state: &mut State, id: u32, node: NodeIx) {
    let Some(token) = state.token_mut(id) else { return };
    token.node = node;
    token.via = None;
    token.rang.clear();
    // A step done again starts its path anew: what it had handed on is undone.
    if let Some(place) = token.path.iter().position(|step| *step == node) {
        token.path.truncate(place);
    }
}

fn leave(def: &Definition, state: &mut State, id: u32, node: NodeIx) {
    match def.node(node).kind {
        NodeKind::UserTask => {
            if let Some(token) = state.token_mut(id) {
                token.path.push(node);
                token.rang.clear();
            }
        }
        NodeKind::ServiceTask => pass_barrier(state, id, node, Behind::Answer),
        NodeKind::TimerCatch => pass_barrier(state, id, node, Behind::Timer),
        _ => {}
    }
}

fn ring(def: &Definition, state: &mut State, id: u32, node: NodeIx) {
    let boundary = def.node(node);
    if boundary.kind == NodeKind::TimerBoundary
        && !boundary.interrupting
        && let Some(token) = state.token_mut(id)
    {
        token.rang.push(node);
    }
}

fn pass_barrier(state: &mut State, id: u32, node: NodeIx, behind: Behind) {
    if let Some(token) = state.token_mut(id) {
        token.node = node;
        token.path.clear();
        token.rang.clear();
        token.behind = behind;
    }
}
