//! Joins: parallel, inclusive by reachability, and start quantities.

use crate::definition::NodeIx;
use crate::event::Event;
use crate::refusal::Refusal;
use crate::state::Token;

use super::{Move, Run};

impl Run<'_> {
    pub(super) fn join(&mut self, token: u32, at: NodeIx, flow: u16) -> Result<(), Refusal> {
        self.emit(Event::Arrived { token, node: at, flow });
        let scope = self.state.token(token).map_or(0, |token| token.scope);
        let mut of = Vec::new();
        for &incoming in &self.def.node(at).incoming {
            let here = |token: &&Token| token.node == at && token.via == Some(incoming);
            match self.state.inside(scope).find(here) {
                Some(token) => of.push(token.id),
                None => return Ok(()),
            }
        }
        let joined = self.joined(at, of);
        self.leave(joined, at)
    }

    /// Waits until as many tokens have come as the start quantity says.
    pub(super) fn gather(&mut self, token: u32, at: NodeIx, flow: u16) -> Result<(), Refusal> {
        self.emit(Event::Arrived { token, node: at, flow });
        let scope = self.state.token(token).map_or(0, |token| token.scope);
        let wanted = usize::from(self.def.node(at).start_quantity);
        let here = self.state.inside(scope).filter(|t| t.node == at && t.via.is_some());
        let of: Vec<u32> = here.map(|token| token.id).take(wanted).collect();
        if of.len() < wanted {
            return Ok(());
        }
        let joined = self.joined(at, of);
        self.reach(joined, at)
    }

    fn joined(&mut self, at: NodeIx, of: Vec<u32>) -> u32 {
        let token = self.state.next;
        self.emit(Event::Joined { token, node: at, of });
        self.busy.push(token);
        token
    }

    /// Opens each inclusive join that no other token can still reach by an empty flow
    /// (BPMN 2.0, table 13.3).
    pub(super) fn inclusive_joins(&mut self) -> Result<(), Refusal> {
        while let Some((at, of)) = self.ready_inclusive() {
            self.count(at)?;
            let joined = self.joined(at, of);
            self.fork_inclusive(joined, at)?;
            self.busy.pop();
        }
        Ok(())
    }

    fn ready_inclusive(&self) -> Option<(NodeIx, Vec<u32>)> {
        let mut tried: Vec<(NodeIx, u32)> = Vec::new();
        for token in self.state.tokens.iter().filter(|token| token.via.is_some()) {
            let place = (token.node, token.scope);
            if !self.def.reach.contains_key(&token.node) || tried.contains(&place) {
                continue;
            }
            tried.push(place);
            if let Some(of) = self.inclusive_tokens(token.node, token.scope) {
                return Some((token.node, of));
            }
        }
        None
    }

    fn inclusive_tokens(&self, at: NodeIx, scope: u32) -> Option<Vec<u32>> {
        let reach = self.def.reach.get(&at)?;
        let incoming = &self.def.node(at).incoming;
        let bit = |flow: u16| incoming.iter().position(|f| *f == flow).map_or(0, |n| 1_u64 << n);
        let (mut filled, mut of) = (0, Vec::new());
        for token in self.state.inside(scope).filter(|token| token.node == at) {
            let flow = token.via.map_or(0, bit);
            if flow & filled == 0 && flow != 0 {
                filled |= flow;
                of.push(token.id);
            }
        }
        let from = |node: NodeIx| reach.get(usize::from(node.0)).copied().unwrap_or(0);
        for token in self.state.inside(scope).filter(|token| !token.beside) {
            if token.node == at && token.via.is_some() && !self.moving(token.id) {
                continue;
            }
            let next = self.moves.iter().find(|next| next.token() == token.id);
            let leads = match next {
                Some(Move::Flow(_, flow)) => match self.def.flows.get(usize::from(*flow)) {
                    Some(found) if found.to == at => bit(*flow),
                    Some(found) => from(found.to),
                    None => 0,
                },
                Some(Move::At(_, node) | Move::Out(_, node)) => from(*node),
                None => from(token.node),
            };
            if leads & !filled != 0 && leads & filled == 0 {
                return None;
            }
        }
        Some(of).filter(|of| !of.is_empty())
    }
}
