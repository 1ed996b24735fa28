//! Applies an event to a state. Never refuses; an event of a foreign token changes nothing.

use crate::definition::{Definition, NodeIx, NodeKind};
use crate::event::{Event, Part};
use crate::state::{Behind, Scope, State, Token};

/// Changes `state` by what happened. The same events always give the same state.
pub fn apply(def: &Definition, state: &mut State, event: &Event) {
    match event {
        Event::Started => start(state, def.start()),
        Event::StartedAt { node } => start(state, *node),
        Event::Entered { token, node, first, .. } => {
            enter(state, *token, *node);
            if *first {
                state.reached.push(*node);
            }
        }
        Event::Left { token, node, .. } => leave(def, state, *token, *node),
        Event::TimerRang { token, node } => ring(def, state, *token, *node),
        Event::Caught { token, node } if crate::waits::holds_once(def, def.node(*node)) => {
            remember(def, state, *token, *node);
        }
        Event::Interrupted { token, by, .. } => {
            close(state, *token);
            pass_barrier(state, *token, *by, Behind::Timer);
        }
        // In a scope `Born` is used, which names it.
        Event::Forked { token, node } => add(state, *token, *node, Behind::Timer, 0),
        Event::Arrived { token, node, flow } => {
            if let Some(token) = state.token_mut(*token) {
                token.node = *node;
                token.via = Some(*flow);
                token.rang.clear();
            }
        }
        Event::Joined { token, node, of } => {
            let scope = of.first().and_then(|id| state.token(*id)).map_or(0, |token| token.scope);
            state.tokens.retain(|old| !of.contains(&old.id));
            add(state, *token, *node, Behind::Join, scope);
        }
        Event::Split { token, node, into } => {
            let scope = state.token(*token).map_or(0, |token| token.scope);
            state.tokens.retain(|old| old.id != *token);
            for new in into {
                add(state, *new, *node, Behind::Split, scope);
            }
        }
        Event::Ended { token, .. } => state.tokens.retain(|old| old.id != *token),
        Event::SentBack { token, to, .. } => enter(state, *token, *to),
        Event::Returned { token, to, .. } => {
            close(state, *token);
            enter(state, *token, *to);
        }
        Event::Finished | Event::Cancelled => {
            state.tokens.clear();
            state.scopes.clear();
            state.undoable.clear();
            state.done = true;
        }
        Event::Migrated { nodes, flows } => crate::migration::carry(state, nodes, flows),
        Event::Unmigrated { state: before } => state.clone_from(before),
        other => apply_scope(state, other),
    }
}

/// Events of scopes, variables and compensation.
fn apply_scope(state: &mut State, event: &Event) {
    match event {
        Event::Born { token, node, scope, index, undo } => {
            add(state, *token, *node, Behind::Split, *scope);
            if let Some(token) = state.token_mut(*token) {
                token.index = *index;
                token.undo = *undo;
            }
            if let (Some(index), Some(scope)) = (index, state.scope_mut(*scope)) {
                scope.begun = scope.begun.max(index.saturating_add(1));
            }
        }
        Event::Opened { token, node, kind, total, items, undoable } => state.scopes.push(Scope {
            owner: *token,
            node: *node,
            kind: *kind,
            vars: crate::state::Vars::new(),
            undoable: undoable.clone(),
            shut: false,
            total: *total,
            begun: 0,
            ended: 0,
            items: items.clone(),
        }),
        Event::Closed { token } => close(state, *token),
        Event::Gone { token, .. } => {
            close(state, *token);
            state.tokens.retain(|old| old.id != *token);
        }
        Event::VarsSet { scope, vars } => {
            if let Some(known) = state.vars_mut(*scope) {
                known.extend(vars.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
        }
        Event::OwnSet { token, vars } => {
            if let Some(token) = state.token_mut(*token) {
                token.vars.clone_from(vars);
            }
        }
        Event::RoundEnded { token } => {
            if let Some(scope) = state.scope_mut(*token) {
                scope.ended = scope.ended.saturating_add(1);
            }
        }
        Event::RoundAdded { token } => {
            if let Some(scope) = state.scope_mut(*token) {
                scope.total = scope.total.saturating_add(1);
            }
        }
        Event::Undoable { scope, done } => {
            if let Some(undoable) = state.undoable_mut(*scope) {
                undoable.push(done.clone());
            }
        }
        Event::Undone { scope, node } => {
            if let Some(undoable) = state.undoable_mut(*scope) {
                undoable.retain(|done| node.is_some_and(|node| done.node != node));
            }
        }
        Event::Added { token, node, scope } => {
            add(state, *token, *node, Behind::Split, *scope);
            if let Some(token) = state.token_mut(*token) {
                token.beside = true;
            }
        }
        Event::Restored { gone, shut, part } => restore(state, gone, shut, part),
        Event::Shut { scope: 0 } => state.shut = true,
        Event::Shut { scope } => {
            if let Some(scope) = state.scope_mut(*scope) {
                scope.shut = true;
            }
        }
        // What was chosen, sent, marked and asked for, and timer rows, live with the caller.
        _ => {}
    }
}

/// Puts back what a step had changed; ids are never given again.
fn restore(state: &mut State, gone: &[u32], shut: &[u32], part: &Part) {
    let again = |id: u32| part.tokens.iter().any(|token| token.id == id);
    state.tokens.retain(|token| !gone.contains(&token.id) && !again(token.id));
    state.tokens.extend(part.tokens.iter().cloned());
    state.tokens.sort_by_key(|token| token.id);
    let open = |owner: u32| part.scopes.iter().any(|scope| scope.owner == owner);
    state.scopes.retain(|scope| !shut.contains(&scope.owner) && !open(scope.owner));
    state.scopes.extend(part.scopes.iter().cloned());
    if let Some(vars) = &part.vars {
        state.vars.clone_from(vars);
    }
    if let Some(undoable) = &part.undoable {
        state.undoable.clone_from(undoable);
    }
}

fn start(state: &mut State, node: NodeIx) {
    state.tokens.clear();
    state.tokens.push(Token::new(1, node, Behind::Start));
    state.next = 2;
}

fn add(state: &mut State, id: u32, node: NodeIx, behind: Behind, scope: u32) {
    let mut token = Token::new(id, node, behind);
    token.scope = scope;
    state.tokens.push(token);
    state.next = state.next.max(id.saturating_add(1));
}

/// Removes the scopes that a token owns, and the tokens inside, however deep.
fn close(state: &mut State, owner: u32) {
    if state.scopes.is_empty() {
        return;
    }
    let mut gone = vec![owner];
    let mut at = 0;
    while let Some(&owner) = gone.get(at) {
        gone.extend(state.inside(owner).map(|token| token.id));
        at += 1;
    }
    state.scopes.retain(|scope| !gone.contains(&scope.owner));
    state.tokens.retain(|token| token.id == owner || !gone.contains(&token.id));
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
                token.vars.clear();
            }
        }
        NodeKind::TimerCatch => pass_barrier(state, id, node, Behind::Timer),
        // What is new ends like an answer: nothing is sent back over it by the simple way.
        kind if kind != NodeKind::Missing && def.node(node).is_wait()
            || kind == NodeKind::ServiceTask =>
        {
            pass_barrier(state, id, node, Behind::Answer);
        }
        _ => {}
    }
}

fn ring(def: &Definition, state: &mut State, id: u32, node: NodeIx) {
    if !def.node(node).interrupting {
        remember(def, state, id, node);
    }
}

/// An event that interrupts nothing has happened: on the edge the token remembers it, that of an
/// event sub-process the scope around it.
fn remember(def: &Definition, state: &mut State, id: u32, node: NodeIx) {
    let event = def.node(node);
    if event.attached_to.is_some()
        && let Some(token) = state.token_mut(id)
    {
        token.rang.push(node);
    }
    if event.kind == NodeKind::Start {
        state.remember_ring(id, node);
    }
}

fn pass_barrier(state: &mut State, id: u32, node: NodeIx, behind: Behind) {
    if let Some(token) = state.token_mut(id) {
        token.node = node;
        token.path.clear();
        token.rang.clear();
        token.vars.clear();
        token.behind = behind;
    }
}
