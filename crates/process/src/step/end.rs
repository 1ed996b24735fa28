//! Tokens end, and with them scopes and the process.

use crate::definition::{NodeIx, NodeKind};
use crate::event::{Event, Thrown};
use crate::refusal::Refusal;
use crate::trigger::Trigger;

use super::Run;

impl Run<'_> {
    pub(super) fn end_event(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        let node = self.def.node(at);
        for trigger in &node.triggers {
            match trigger {
                Trigger::Error(code) => {
                    let code = code.clone().unwrap_or_default();
                    return self.throw_error(token, at, &code, false);
                }
                Trigger::Compensate(of) if self.undo(token, at, *of)? => return Ok(()),
                Trigger::Cancel => {
                    self.cancel_others(token);
                    if self.undo(token, at, None)? {
                        return Ok(());
                    }
                    return self.cancel_transaction(token);
                }
                _ => {}
            }
        }
        self.throw_all(token, at, node)?;
        if self.state.token(token).is_none() {
            return Ok(());
        }
        self.end_token(token, at)
    }

    /// Work under way in a transaction that is cancelled stops before what was done is undone.
    fn cancel_others(&mut self, token: u32) {
        let scope = self.state.token(token).map_or(0, |token| token.scope);
        let others: Vec<u32> = self
            .state
            .inside(scope)
            .map(|other| other.id)
            .filter(|other| *other != token)
            .collect();
        for other in others {
            self.cancel_token(other);
        }
    }

    /// A token is gone; its scope may close.
    pub(super) fn end_token(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        let here = self.state.token(token);
        let (scope, undo) = here.map_or((0, None), |token| (token.scope, token.undo));
        self.emit(Event::Ended { token, node: at });
        if let Some(thrower) = undo {
            self.undone(thrower)?;
        }
        if scope == 0 {
            return Ok(());
        }
        let adhoc = self.state.body_of(scope).map(|node| self.def.node(node).kind);
        if adhoc == Some(NodeKind::AdHoc) {
            self.emit(Event::RoundEnded { token: scope });
        }
        self.settle(scope)
    }

    /// Ends every token of the scope; the process itself is finished by it.
    pub(super) fn terminate(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        let scope = self.state.token(token).map_or(0, |token| token.scope);
        if scope == 0 {
            self.drop_all_timers();
            self.emit(Event::Ended { token, node: at });
            self.moves.clear();
            self.emit(Event::Finished);
            return Ok(());
        }
        self.emit(Event::Ended { token, node: at });
        self.cancel_inside(scope);
        match self.state.body_of(scope) {
            Some(node) => self.close_body(scope, node),
            None => Ok(()),
        }
    }

    /// Ends the process with an error that nothing caught.
    pub(super) fn end_by_error(&mut self, node: NodeIx, code: &str) {
        self.emit(Event::Uncaught { node, what: Thrown::Error, code: code.to_owned() });
        self.drop_all_timers();
        self.moves.clear();
        self.emit(Event::Cancelled);
    }
}
