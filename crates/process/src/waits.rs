//! What a case waits for: timers, messages, signals, conditions.

use crate::definition::{Definition, Node, NodeIx, NodeKind};
use crate::state::{ScopeKind, State, Token};
use crate::trigger::{Script, Trigger};

/// Events that may still happen: (token, the event). For the start of an event sub-process the
/// token is the owner of the scope around it, 0 being the process.
#[must_use]
pub fn waits(def: &Definition, state: &State) -> Vec<(u32, NodeIx)> {
    let mut all: Vec<(u32, NodeIx)> =
        state.tokens.iter().flat_map(|token| token_waits(def, state, token)).collect();
    if state.started() && !state.done {
        all.extend(scope_waits(def, state, 0));
        for scope in &state.scopes {
            all.extend(scope_waits(def, state, scope.owner));
        }
    }
    all
}

/// Timers that may still fire, as `waits`.
#[must_use]
pub fn live_timers(def: &Definition, state: &State) -> Vec<(u32, NodeIx)> {
    let mut all = waits(def, state);
    all.retain(|(_, node)| is_timer(def.node(*node)));
    all
}

pub(crate) fn token_timers(def: &Definition, state: &State, token: &Token) -> Vec<(u32, NodeIx)> {
    let mut all = token_waits(def, state, token);
    all.retain(|(_, node)| is_timer(def.node(*node)));
    all
}

pub(crate) fn scope_timers(def: &Definition, state: &State, scope: u32) -> Vec<(u32, NodeIx)> {
    let mut all = scope_waits(def, state, scope);
    all.retain(|(_, node)| is_timer(def.node(*node)));
    all
}

/// Whether time makes this event happen.
pub(crate) fn is_timer(node: &Node) -> bool {
    node.timer.is_some() || node.timer_code.is_some()
}

/// Whether a token is one instance of a repetition of the activity where it stands.
pub(crate) fn is_round(state: &State, token: &Token) -> bool {
    token.index.is_some()
        && state.scope(token.scope).is_some_and(|scope| scope.kind != ScopeKind::Body)
}

/// Whether a token stands at a sub-process that is open again only to be undone: nothing but its
/// handlers runs inside.
fn is_reopened(def: &Definition, token: &Token) -> bool {
    token.undo.is_some() && !def.node(token.node).for_compensation
}

/// What one token waits for.
pub(crate) fn token_waits(def: &Definition, state: &State, token: &Token) -> Vec<(u32, NodeIx)> {
    let node = def.node(token.node);
    let mut all: Vec<NodeIx> = Vec::new();
    let tasks_alone = node.kind == NodeKind::UserTask && node.boundaries.is_empty();
    if token.via.is_some() || tasks_alone {
        return Vec::new();
    }
    let repeats =
        node.repeat.is_some() && state.scope(token.id).is_some_and(|s| s.kind != ScopeKind::Body);
    match node.kind {
        _ if repeats => {}
        NodeKind::TimerCatch | NodeKind::Receive => all.push(token.node),
        NodeKind::Catch if node.is_wait() => all.push(token.node),
        NodeKind::Script if matches!(node.script, Some(Script::Wait { .. })) => {
            all.push(token.node);
        }
        NodeKind::EventGateway => all.extend(def.outgoing(token.node).map(|(_, flow)| flow.to)),
        _ => {}
    }
    if !is_round(state, token) && !is_reopened(def, token) {
        let edge = node.boundaries.iter().copied().filter(|at| waits_for(def.node(*at)));
        all.extend(edge.filter(|at| rings_on(def, *at, &token.rang)));
    }
    all.into_iter().map(|node| (token.id, node)).collect()
}

/// What the event sub-processes of a scope wait for.
pub(crate) fn scope_waits(def: &Definition, state: &State, scope: u32) -> Vec<(u32, NodeIx)> {
    let (inside, shut, rang) = if scope == 0 {
        (None, state.shut, &*state.rang)
    } else {
        let Some(found) = state.scope(scope).filter(|s| s.kind == ScopeKind::Body) else {
            return Vec::new();
        };
        let owner = state.token(scope).filter(|owner| !is_reopened(def, owner));
        let Some(rang) = owner.map(|owner| &*owner.rang) else { return Vec::new() };
        (Some(found.node), found.shut, rang)
    };
    if shut {
        return Vec::new();
    }
    let handlers = def.inner(inside).handlers.iter();
    let starts = handlers.flat_map(|handler| &def.node(*handler).inner.starts);
    let open = starts.filter(|at| waits_for(def.node(**at)));
    open.filter(|at| rings_on(def, **at, rang)).map(|at| (scope, *at)).collect()
}

/// Whether an event waits for something that a command reports.
fn waits_for(event: &Node) -> bool {
    event.triggers.iter().any(|trigger| {
        matches!(
            trigger,
            Trigger::Timer | Trigger::Message(_) | Trigger::Signal(_) | Trigger::Condition(_)
        )
    }) || is_timer(event)
}

/// Whether an event that interrupts nothing and waits for a condition alone happens once while its
/// activity or scope lasts. By the measure of the house: a case that looks at its conditions after
/// each act must not begin the same work again each time.
pub(crate) fn holds_once(def: &Definition, event: &Node) -> bool {
    let beside = event.attached_to.is_some() || event.kind == NodeKind::Start;
    let waits = |trigger: &Trigger| matches!(trigger, Trigger::Condition(_));
    def.strict
        && beside
        && !event.interrupting
        && !event.triggers.is_empty()
        && event.triggers.iter().all(waits)
}

/// Whether an event that does not interrupt may happen once more.
fn rings_on(def: &Definition, at: NodeIx, rang: &[NodeIx]) -> bool {
    let event = def.node(at);
    if rang.is_empty() {
        return true;
    }
    if holds_once(def, event) {
        return !rang.contains(&at);
    }
    if !is_timer(event) {
        return true;
    }
    let count = rang.iter().filter(|node| **node == at).count();
    let most = event.timer.as_ref().map_or(Some(1), crate::TimerSpec::times);
    most.is_none_or(|most| count < usize::try_from(most).unwrap_or(usize::MAX))
}
