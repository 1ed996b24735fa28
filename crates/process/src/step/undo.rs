//! Compensation: what was done is undone by its handlers, in reverse order.

use crate::definition::{NodeIx, NodeKind};
use crate::event::Event;
use crate::refusal::Refusal;
use crate::state::Done;
use crate::trigger::Trigger;

use super::{Move, Run};

impl Run<'_> {
    /// Undoes what has been done in the scope. `true` when the thrower has to wait for it.
    pub(super) fn undo(
        &mut self,
        token: u32,
        at: NodeIx,
        only: Option<NodeIx>,
    ) -> Result<bool, Refusal> {
        let mut scope = self.state.token(token).map_or(0, |token| token.scope);
        // An event sub-process undoes what the scope around it has done.
        while let Some(inside) = self.state.body_of(scope) {
            if self.def.node(inside).kind != NodeKind::EventSubProcess {
                break;
            }
            scope = self.state.token(scope).map_or(0, |owner| owner.scope);
            scope = self.body_around(scope);
        }
        let wanted = |done: &&Done| only.is_none_or(|only| done.node == only);
        let records: Vec<Done> =
            self.state.undoable(scope).iter().filter(wanted).cloned().collect();
        if records.is_empty() {
            return Ok(false);
        }
        self.emit(Event::Entered { token, node: at, from: None, first: false });
        self.busy.retain(|busy| *busy != token);
        self.emit(Event::Undone { scope, node: only });
        for done in records.into_iter().rev() {
            self.undo_one(scope, token, done)?;
        }
        // Nothing to be done after all.
        if !self.state.tokens.iter().any(|other| other.undo == Some(token)) {
            self.undone(token)?;
        }
        Ok(true)
    }

    fn undo_one(&mut self, scope: u32, thrower: u32, done: Done) -> Result<(), Refusal> {
        let node = self.def.node(done.node);
        if let Some(handler) = node.handler {
            self.room_for(1, handler)?;
            let token = self.bear(handler, scope, None, Some(thrower));
            self.moves.push(Move::At(token, handler));
            return Ok(());
        }
        if !node.is_scope() {
            return Ok(());
        }
        self.room_for(1, done.node)?;
        let token = self.bear(done.node, scope, None, Some(thrower));
        let own = self.compensation_start(done.node);
        let kept = if own.is_some() { done.inner.clone() } else { Vec::new() };
        self.emit(Event::Opened {
            token,
            node: done.node,
            kind: crate::state::ScopeKind::Body,
            total: 0,
            items: Vec::new(),
            undoable: kept,
        });
        self.set_in(token, done.vars);
        if let Some(start) = own {
            // Its own event sub-process says how the whole is undone.
            let Some(handler) = self.def.node(start).parent else { return Ok(()) };
            let inside = self.bear(handler, token, None, None);
            return self.open_body(inside, handler, Vec::new());
        }
        for inner in done.inner.into_iter().rev() {
            self.undo_one(token, token, inner)?;
        }
        if self.state.inside(token).next().is_none() {
            return self.settle(token);
        }
        Ok(())
    }

    /// One activity was undone; after the last one the thrower goes on.
    pub(super) fn undone(&mut self, thrower: u32) -> Result<(), Refusal> {
        if self.state.tokens.iter().any(|token| token.undo == Some(thrower)) {
            return Ok(());
        }
        let Some(at) = self.state.token(thrower).map(|token| token.node) else { return Ok(()) };
        // A sub-process that was opened again is undone when all inside it is.
        if self.def.node(at).is_scope() {
            return self.settle(thrower);
        }
        self.emit(Event::Left { token: thrower, node: at, outcome: None });
        let node = self.def.node(at);
        if node.triggers.contains(&Trigger::Cancel) {
            return self.cancel_transaction(thrower);
        }
        if node.kind == NodeKind::End {
            return self.end_token(thrower, at);
        }
        self.busy.push(thrower);
        let went = self.leave(thrower, at);
        self.busy.pop();
        went
    }
}
