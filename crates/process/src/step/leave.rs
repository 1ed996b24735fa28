//! A node is done and its token goes on.

use smallvec::SmallVec;

use crate::definition::{Node, NodeIx, NodeKind};
use crate::event::Event;
use crate::refusal::Refusal;
use crate::state::{Done, ScopeKind, Vars};
use crate::waits::is_round;

use super::{Move, Run};

/// Numbers of flows that a token takes.
type Ways = SmallVec<[u16; 4]>;

impl<'a> Run<'a> {
    /// An activity where a token waited is done.
    pub(super) fn finish(
        &mut self,
        token: u32,
        at: NodeIx,
        done: Option<Done>,
    ) -> Result<(), Refusal> {
        let outputs = self.outputs(token, at)?;
        // A timer in the flow has rung already; those on the edge are needed no more.
        for (token, node) in self.timers_of(token).into_iter().filter(|timer| timer.1 != at) {
            self.emit(Event::TimerDropped { token, node });
        }
        let outcome = self.outcome.take();
        self.emit(Event::Left { token, node: at, outcome });
        self.busy.push(token);
        let went = self.completed(token, at, outputs, done);
        self.busy.pop();
        went
    }

    /// An activity that never waits is done.
    pub(super) fn finish_at_once(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        let outputs = self.outputs(token, at)?;
        if !self.def.node(at).inputs.is_empty() {
            self.emit(Event::OwnSet { token, vars: Vars::new() });
        }
        self.completed(token, at, outputs, None)
    }

    fn outputs(&self, token: u32, at: NodeIx) -> Result<Option<Vars>, Refusal> {
        match self.def.node(at).outputs.as_slice() {
            [] => Ok(None),
            outputs => self.evaluated(token, at, outputs).map(Some),
        }
    }

    fn completed(
        &mut self,
        token: u32,
        at: NodeIx,
        outputs: Option<Vars>,
        done: Option<Done>,
    ) -> Result<(), Refusal> {
        let node = self.def.node(at);
        if let Some(outputs) = outputs {
            self.set_from(token, outputs);
        }
        let Some(here) = self.state.token(token) else { return Ok(()) };
        if let Some(thrower) = here.undo {
            self.emit(Event::Ended { token, node: at });
            return self.undone(thrower);
        }
        if here.beside {
            return self.end_token(token, at);
        }
        let round = is_round(&self.state, here);
        let scope = here.scope;
        if node.handler.is_some() || done.is_some() {
            let done = done.unwrap_or(Done { node: at, vars: Vars::new(), inner: Vec::new() });
            let scope = self.body_around(scope);
            self.emit(Event::Undoable { scope, done });
        }
        if round {
            return self.round_over(token, at);
        }
        self.leave(token, at)
    }

    /// The innermost sub-process around, leaving repetitions out; 0 is the process.
    pub(super) fn body_around(&self, mut scope: u32) -> u32 {
        while scope != 0 {
            match self.state.scope(scope) {
                Some(found) if found.kind != ScopeKind::Body => {
                    scope = self.state.token(scope).map_or(0, |owner| owner.scope);
                }
                _ => break,
            }
        }
        scope
    }

    /// Sends a token on by every flow that may be taken.
    pub(super) fn leave(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        if self.state.token(token).is_some_and(|here| here.beside) {
            return self.end_token(token, at);
        }
        let node = self.def.node(at);
        // Most nodes have one way on, and it asks nothing.
        if let (&[only], 0 | 1) = (node.outgoing.as_slice(), node.completion_quantity)
            && self.def.flows.get(usize::from(only)).is_some_and(|flow| flow.condition.is_none())
        {
            return self.along(token, at, &[only]);
        }
        let ways = self.ways(token, at, node)?;
        self.along(token, at, &ways)
    }

    fn ways(&self, token: u32, at: NodeIx, node: &'a Node) -> Result<Ways, Refusal> {
        let asks = self.def.outgoing(at).any(|(_, flow)| flow.condition.is_some());
        let gateway = matches!(node.kind, NodeKind::Parallel | NodeKind::EventGateway);
        if !asks || gateway {
            return Ok(self.many(node, self.def.outgoing(at).map(|(number, _)| number).collect()));
        }
        let (mut ways, mut one_holds) = (Ways::new(), false);
        for (number, flow) in self.def.outgoing(at) {
            let open = self.open(token, flow)?;
            one_holds |= open && flow.condition.is_some();
            if open {
                ways.push(number);
            }
        }
        if !one_holds {
            ways.extend(self.def.outgoing(at).filter(|(_, f)| f.is_default).map(|way| way.0));
        }
        if ways.is_empty() {
            return Err(Refusal::NoPath { node: node.id.clone() });
        }
        Ok(self.many(node, ways))
    }

    /// Each way as often as the completion quantity says.
    fn many(&self, node: &Node, ways: Ways) -> Ways {
        let times = usize::from(node.completion_quantity.max(1));
        if times == 1 {
            return ways;
        }
        ways.into_iter().flat_map(|way| std::iter::repeat_n(way, times)).collect()
    }

    pub(super) fn fork_inclusive(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        let mut ways = Ways::new();
        for (number, flow) in self.def.outgoing(at) {
            if self.open(token, flow)? {
                ways.push(number);
            }
        }
        if ways.is_empty() {
            ways.extend(self.def.outgoing(at).filter(|(_, f)| f.is_default).map(|way| way.0));
        }
        if ways.is_empty() && self.def.outgoing(at).next().is_some() {
            return Err(Refusal::NoPath { node: self.def.node(at).id.clone() });
        }
        self.along(token, at, &ways)
    }

    /// Where several flows leave, one token goes along each.
    pub(super) fn along(&mut self, token: u32, at: NodeIx, ways: &[u16]) -> Result<(), Refusal> {
        match ways {
            // A node that nothing leaves ends its token, as BPMN says.
            [] => self.end_token(token, at),
            [only] => {
                self.moves.push(Move::Flow(token, *only));
                Ok(())
            }
            _ => {
                self.room_for(ways.len() - 1, at)?;
                let first = self.state.next;
                let into: Vec<u32> = (first..).take(ways.len()).collect();
                self.emit(Event::Split { token, node: at, into: into.clone() });
                let next = into.into_iter().zip(ways.iter().copied());
                self.moves.extend(next.map(|(token, flow)| Move::Flow(token, flow)));
                Ok(())
            }
        }
    }
}
