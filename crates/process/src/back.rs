//! Sending a step back to the previous one, and taking back a step that one has just done.
//!
//! Returns to any earlier task within regions of the graph are in `region`.

use serde::{Deserialize, Serialize};

use crate::definition::{Definition, NodeIx, NodeKind};
use crate::event::{Event, Part};
use crate::refusal::{BackReason, Refusal};
use crate::state::{Behind, State};
use crate::waits::{is_timer, waits};

/// The outcome that means "send back" when the diagram draws no return.
pub(crate) const SEND_BACK: &str = "send_back";

/// The step that a token at a user task may be sent back to, if any.
#[must_use]
pub fn send_back_target(def: &Definition, state: &State, token: u32) -> Option<NodeIx> {
    send_back_check(def, state, token).ok()
}

/// Like `send_back_target`, with the reason when there is none.
///
/// # Errors
/// `NoToken`, `WrongPlace`, or `CannotSendBack` with what lies between.
pub fn send_back_check(def: &Definition, state: &State, token: u32) -> Result<NodeIx, Refusal> {
    let here = state.token(token).ok_or(Refusal::NoToken { token })?;
    let node = def.node(here.node);
    if node.kind != NodeKind::UserTask {
        let expected = "a user task".to_owned();
        return Err(Refusal::WrongPlace { token, node: node.id.clone(), expected });
    }
    here.came_from().ok_or_else(|| Refusal::CannotSendBack {
        node: node.id.clone(),
        why: match here.behind {
            Behind::Start => BackReason::FirstStep,
            Behind::Split => BackReason::AcrossSplit,
            Behind::Join => BackReason::AcrossJoin,
            Behind::Answer => BackReason::AcrossAnswer,
            Behind::Timer => BackReason::AcrossTimer,
        },
    })
}

/// What a step changed, kept so that it can be taken back as long as nothing built on it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Trace {
    #[serde(rename = "b")]
    before: Part,
    #[serde(rename = "a")]
    after: Part,
}

impl Trace {
    /// What led from one state to the other.
    #[must_use]
    pub fn of(before: &State, after: &State) -> Self {
        Self { before: changed(before, after), after: changed(after, before) }
    }

    /// Whether all that the step made still stands as it made it.
    #[must_use]
    pub fn holds(&self, state: &State) -> bool {
        let token = |token| state.tokens.contains(token);
        let scope = |scope| state.scopes.contains(scope);
        !state.done
            && self.after.tokens.iter().all(token)
            && self.after.scopes.iter().all(scope)
            && self.after.vars.as_ref().is_none_or(|vars| *vars == state.vars)
            && self.after.undoable.as_ref().is_none_or(|done| *done == state.undoable)
            && self.before.tokens.iter().all(|old| self.fits(old, state))
    }

    /// A token that stands again needs its scope, and that nobody has its id.
    fn fits(&self, old: &crate::state::Token, state: &State) -> bool {
        let made = self.after.tokens.iter().any(|new| new.id == old.id);
        let scope = old.scope == 0
            || state.scope(old.scope).is_some()
            || self.before.scopes.iter().any(|scope| scope.owner == old.scope);
        scope && (made || state.token(old.id).is_none())
    }

    /// Ids of the tokens that the step made or moved.
    pub fn tokens(&self) -> impl Iterator<Item = u32> + '_ {
        self.after.tokens.iter().map(|token| token.id)
    }
}

/// The parts of one state that the other does not have like this.
fn changed(one: &State, other: &State) -> Part {
    let vars = (one.vars != other.vars).then(|| one.vars.clone());
    let undoable = (one.undoable != other.undoable).then(|| one.undoable.clone());
    let tokens = one.tokens.iter().filter(|token| !other.tokens.contains(token));
    let scopes = one.scopes.iter().filter(|scope| !other.scopes.contains(scope));
    Part { tokens: tokens.cloned().collect(), scopes: scopes.cloned().collect(), vars, undoable }
}

/// Takes a step back: what it made is gone, what it ended stands again. What it has reached stays
/// known, and ids are not given again.
///
/// # Errors
/// `WentOn` when something has built on it since; `Ended` after the end.
pub fn take_back(def: &Definition, state: &State, trace: &Trace) -> Result<Vec<Event>, Refusal> {
    if state.done {
        return Err(Refusal::Ended);
    }
    if !trace.holds(state) {
        return Err(Refusal::WentOn);
    }
    let keeps = |id: u32| trace.before.tokens.iter().any(|old| old.id == id);
    let gone = trace.tokens().filter(|id| !keeps(*id)).collect();
    let reopens = |owner: u32| trace.before.scopes.iter().any(|scope| scope.owner == owner);
    let owners = trace.after.scopes.iter().map(|scope| scope.owner);
    let shut = owners.filter(|owner| !reopens(*owner)).collect();
    let restored = Event::Restored { gone, shut, part: Box::new(trace.before.clone()) };
    let mut after = state.clone();
    crate::apply::apply(def, &mut after, &restored);
    let timers = |state: &State| -> Vec<(u32, NodeIx)> {
        let mut all = waits(def, state);
        all.retain(|(_, node)| is_timer(def.node(*node)));
        all
    };
    let (were, are) = (timers(state), timers(&after));
    // A token that is at another place keeps no timer of the place that it left.
    let moved = |token: u32| trace.tokens().any(|id| id == token) || keeps(token);
    let mut events: Vec<Event> = Vec::new();
    for (token, node) in were.iter().filter(|timer| moved(timer.0) || !are.contains(timer)) {
        events.push(Event::TimerDropped { token: *token, node: *node });
    }
    events.push(restored);
    for (token, node) in are.iter().filter(|timer| moved(timer.0) || !were.contains(timer)) {
        // A time that is computed was computed from data that may be gone: the step cannot come
        // back with it.
        let spec = def.node(*node).timer.clone().ok_or(Refusal::WentOn)?;
        events.push(Event::TimerSet { token: *token, node: *node, spec });
    }
    Ok(events)
}
