//! Errors and escalations go up until something catches them.

use crate::definition::{Node, NodeIx, NodeKind};
use crate::event::{Event, Thrown};
use crate::refusal::Refusal;
use crate::trigger::Trigger;
use crate::waits::is_round;

use super::Run;

/// What is looked for on the way up.
#[derive(Clone, Copy)]
struct Raised<'c> {
    what: Thrown,
    code: &'c str,
}

impl Raised<'_> {
    /// Whether an event catches it: by its very code, or without a code.
    fn caught_by(self, event: &Node, exactly: bool) -> bool {
        event.triggers.iter().any(|trigger| {
            let (what, code) = match trigger {
                Trigger::Error(code) => (Thrown::Error, code),
                Trigger::Escalation(code) => (Thrown::Escalation, code),
                _ => return false,
            };
            what == self.what
                && match code {
                    Some(code) => exactly && code == self.code,
                    None => !exactly,
                }
        })
    }
}

/// Where something was caught: the token that owns the scope, or that stands at the activity.
struct Catcher {
    token: u32,
    event: NodeIx,
}

impl Run<'_> {
    /// Work at an activity ended with an error.
    pub(super) fn fail(&mut self, token: u32, code: &str) -> Result<(), Refusal> {
        let (at, node) = self.place(token)?;
        let works = matches!(
            node.kind,
            NodeKind::ServiceTask | NodeKind::Call | NodeKind::UserTask | NodeKind::Receive
        );
        if !works {
            return Err(super::wrong_place(token, node, "work that can fail"));
        }
        self.throw_error(token, at, code, true)
    }

    /// An escalation came out of a called process.
    pub(super) fn escalated(&mut self, token: u32, code: &str) -> Result<(), Refusal> {
        let at = self.waiting(token, NodeKind::Call, "a call activity")?;
        let raised = Raised { what: Thrown::Escalation, code };
        match self.catcher(token, raised, true) {
            Some(catcher) => self.caught(&catcher),
            None => {
                let (what, code) = (Thrown::Escalation, code.to_owned());
                self.emit(Event::Uncaught { node: at, what, code });
                Ok(())
            }
        }
    }

    /// Throws an error. `own`: the activity's own edge may catch it.
    pub(super) fn throw_error(
        &mut self,
        token: u32,
        at: NodeIx,
        code: &str,
        own: bool,
    ) -> Result<(), Refusal> {
        let raised = Raised { what: Thrown::Error, code };
        match self.catcher(token, raised, own) {
            Some(catcher) => self.caught(&catcher),
            None => {
                self.end_by_error(at, code);
                Ok(())
            }
        }
    }

    /// Throws an escalation; the thrower goes on unless it was interrupted.
    pub(super) fn escalate(&mut self, token: u32, at: NodeIx, code: &str) -> Result<(), Refusal> {
        let raised = Raised { what: Thrown::Escalation, code };
        match self.catcher(token, raised, false) {
            Some(catcher) => self.caught(&catcher),
            None => {
                let (what, code) = (Thrown::Escalation, code.to_owned());
                self.emit(Event::Uncaught { node: at, what, code });
                Ok(())
            }
        }
    }

    fn caught(&mut self, catcher: &Catcher) -> Result<(), Refusal> {
        let (token, node) = (catcher.token, catcher.event);
        self.emit(Event::Caught { token, node });
        self.fire(token, node)
    }

    /// The nearest event that catches: on the edge of the activity, in an event sub-process of the
    /// scope, and so on outwards.
    fn catcher(&self, token: u32, raised: Raised<'_>, own: bool) -> Option<Catcher> {
        let mut at = token;
        let mut on_edge = own;
        let mut through = None;
        loop {
            let here = self.state.token(at)?;
            if on_edge && !is_round(&self.state, here) {
                let edge = &self.def.node(here.node).boundaries;
                if let Some(event) = self.catching(edge, raised) {
                    return Some(Catcher { token: at, event });
                }
            }
            let scope = here.scope;
            if scope == 0 || self.state.body_of(scope).is_some() {
                let inside = self.state.body_of(scope);
                // What an event sub-process throws, it does not catch itself.
                let handlers = self.def.inner(inside).handlers.iter();
                let handlers = handlers.filter(|handler| Some(**handler) != through);
                let starts = handlers.flat_map(|handler| &self.def.node(*handler).inner.starts);
                let starts: Vec<NodeIx> = starts.copied().collect();
                let shut = match self.state.scope(scope) {
                    Some(scope) => scope.shut,
                    None => self.state.shut,
                };
                if let Some(event) = self.catching(&starts, raised).filter(|_| !shut) {
                    return Some(Catcher { token: scope, event });
                }
            }
            if scope == 0 {
                return None;
            }
            through = self.state.token(scope).map(|owner| owner.node);
            (at, on_edge) = (scope, true);
        }
    }

    fn catching(&self, events: &[NodeIx], raised: Raised<'_>) -> Option<NodeIx> {
        let find = |exactly: bool| {
            events.iter().find(|event| raised.caught_by(self.def.node(**event), exactly)).copied()
        };
        find(true).or_else(|| find(false))
    }

    /// A transaction was cancelled: it is left by its cancel event.
    pub(super) fn cancel_transaction(&mut self, token: u32) -> Result<(), Refusal> {
        let Some(owner) = self.state.token(token).map(|token| token.scope) else { return Ok(()) };
        let Some(at) = self.state.body_of(owner) else {
            return self.terminate(token, self.def.start());
        };
        let edge = &self.def.node(at).boundaries;
        let cancels = |event: &&NodeIx| {
            self.def.node(**event).triggers.iter().any(|t| matches!(t, Trigger::Cancel))
        };
        match edge.iter().find(cancels).copied() {
            Some(event) => self.caught(&Catcher { token: owner, event }),
            None => {
                self.cancel_inside(owner);
                self.close_body(owner, at)
            }
        }
    }
}
