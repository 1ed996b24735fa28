//! Sub-processes open, close and are cancelled.

use crate::definition::{NodeIx, NodeKind};
use crate::event::Event;
use crate::refusal::Refusal;
use crate::state::{Done, ScopeKind};
use crate::waits::scope_timers;

use super::{Run, wrong_place};

impl Run<'_> {
    /// Opens the inside of a sub-process and begins at its start.
    pub(super) fn open_body(
        &mut self,
        owner: u32,
        at: NodeIx,
        undoable: Vec<Done>,
    ) -> Result<(), Refusal> {
        self.open_scope(owner, at, undoable)?;
        let inner = &self.def.node(at).inner;
        let starts: &[NodeIx] = match self.def.node(at).kind {
            NodeKind::AdHoc if inner.chosen => &[],
            NodeKind::AdHoc if inner.sequential => inner.starts.get(..1).unwrap_or(&[]),
            _ => &inner.starts,
        };
        self.room_for(starts.len(), at)?;
        for (index, &node) in (0..).zip(starts) {
            let index = (self.def.node(at).kind == NodeKind::AdHoc).then_some(index);
            let token = self.bear(node, owner, index, None);
            self.launch(token, node);
        }
        if inner.starts.is_empty() {
            return self.settle(owner);
        }
        Ok(())
    }

    /// Opens the inside of a sub-process without beginning.
    pub(super) fn open_scope(
        &mut self,
        token: u32,
        node: NodeIx,
        undoable: Vec<Done>,
    ) -> Result<(), Refusal> {
        let (kind, items) = (ScopeKind::Body, Vec::new());
        self.emit(Event::Opened { token, node, kind, total: 0, items, undoable });
        self.declare(token, Some(node));
        self.watch_scope(token)
    }

    /// A token inside a scope is gone: the scope closes when it was the last.
    pub(super) fn settle(&mut self, owner: u32) -> Result<(), Refusal> {
        let Some(scope) = self.state.scope(owner) else { return Ok(()) };
        let at = scope.node;
        if scope.kind != ScopeKind::Body {
            return Ok(());
        }
        if self.def.node(at).kind == NodeKind::AdHoc {
            return self.settle_adhoc(owner, at);
        }
        if self.state.inside(owner).next().is_some() {
            return Ok(());
        }
        self.close_body(owner, at)
    }

    pub(super) fn close_body(&mut self, owner: u32, at: NodeIx) -> Result<(), Refusal> {
        for (token, node) in scope_timers(self.def, &self.state, owner) {
            self.emit(Event::TimerDropped { token, node });
        }
        let undoes = self.compensation_start(at).is_some();
        let done = self.state.scope(owner).filter(|s| undoes || !s.undoable.is_empty());
        let done = done.map(|scope| Done {
            node: at,
            vars: scope.vars.clone(),
            inner: scope.undoable.clone(),
        });
        self.emit(Event::Closed { token: owner });
        if self.def.node(at).kind == NodeKind::EventSubProcess {
            return self.end_token(owner, at);
        }
        self.finish(owner, at, done)
    }

    /// The start of the compensation event sub-process inside a sub-process.
    pub(super) fn compensation_start(&self, at: NodeIx) -> Option<NodeIx> {
        let handlers = self.def.node(at).inner.handlers.iter();
        let mut starts = handlers.flat_map(|handler| &self.def.node(*handler).inner.starts);
        let undoes = |start: &&NodeIx| {
            let triggers = &self.def.node(**start).triggers;
            triggers.iter().any(|t| matches!(t, crate::trigger::Trigger::Compensate(_)))
        };
        starts.find(undoes).copied()
    }

    fn settle_adhoc(&mut self, owner: u32, at: NodeIx) -> Result<(), Refusal> {
        let inner = &self.def.node(at).inner;
        let busy = self.state.inside(owner).next().is_some();
        let (begun, ended) = self.state.scope(owner).map_or((0, 0), |s| (s.begun, s.ended));
        if let Some(condition) = &inner.complete
            && self.holds_inside(at, owner, condition)?
            && (inner.cancel_rest || !busy)
        {
            self.cancel_inside(owner);
            return self.close_body(owner, at);
        }
        if busy {
            return Ok(());
        }
        let next = usize::try_from(begun).ok().and_then(|begun| inner.starts.get(begun));
        match next {
            Some(&node) if inner.sequential && !inner.chosen => {
                let token = self.bear(node, owner, Some(begun), None);
                self.launch(token, node);
                Ok(())
            }
            _ if inner.chosen && (ended == 0 || inner.complete.is_some()) => Ok(()),
            _ => self.close_body(owner, at),
        }
    }

    /// Starts an activity of an ad-hoc sub-process by choice.
    pub(super) fn choose_activity(&mut self, token: u32, node: NodeIx) -> Result<(), Refusal> {
        let at = self.waiting(token, NodeKind::AdHoc, "an ad-hoc sub-process")?;
        let inner = &self.def.node(at).inner;
        let busy = self.state.inside(token).next().is_some();
        if !inner.starts.contains(&node) || (inner.sequential && busy) {
            return Err(wrong_place(token, self.def.node(node), "an activity that may begin now"));
        }
        self.room_for(1, node)?;
        let begun = self.state.scope(token).map_or(0, |scope| scope.begun);
        let token = self.bear(node, token, Some(begun), None);
        self.launch(token, node);
        Ok(())
    }

    /// Drops the timers of all that stands inside the scope of a token, not its own.
    pub(super) fn drop_timers_inside(&mut self, owner: u32) {
        if self.state.scope(owner).is_none() {
            return;
        }
        let live = crate::waits::live_timers(self.def, &self.state);
        for (token, node) in live {
            let of_scope = self.def.node(node).kind == NodeKind::Start;
            let inside = if of_scope {
                token != 0 && self.state.is_within(token, owner)
            } else {
                token != owner && self.state.is_within(token, owner) && !self.moving(token)
            };
            if inside {
                self.emit(Event::TimerDropped { token, node });
            }
        }
    }

    /// Cancels everything inside a scope; the scope stays open.
    pub(super) fn cancel_inside(&mut self, owner: u32) {
        let inside: Vec<u32> = self.state.inside(owner).map(|token| token.id).collect();
        for token in inside {
            self.cancel_token(token);
        }
    }

    /// Cancels a token and all that it owns.
    pub(super) fn cancel_token(&mut self, token: u32) {
        let Some(node) = self.state.token(token).map(|token| token.node) else { return };
        self.drop_timers(token);
        self.drop_timers_inside(token);
        self.emit(Event::Gone { token, node });
        // Nobody waits for what it was undoing any more.
        let undoing = self.state.tokens.iter().filter(|t| t.undo == Some(token));
        let undoing: Vec<u32> = undoing.map(|token| token.id).collect();
        for token in undoing {
            self.cancel_token(token);
        }
    }
}
