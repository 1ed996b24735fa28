//! Moves tokens by force, all or nothing, and returns tasks to earlier ones.

use crate::definition::{NodeIx, NodeKind};
use crate::event::Event;
use crate::modify::Instruction;
use crate::refusal::Refusal;
use crate::region;
use crate::repeat::Repeat;
use crate::state::ScopeKind;
use crate::trigger::Trigger;
use crate::waits::is_round;

use super::{Move, Run};

impl Run<'_> {
    pub(super) fn modify(&mut self, instructions: &[Instruction]) -> Result<(), Refusal> {
        let before = self.state.next;
        for instruction in instructions {
            match instruction {
                Instruction::Cancel(node) => {
                    for token in self.tokens_in(*node) {
                        self.cancel_and_close(token);
                    }
                }
                Instruction::CancelOne(node) => {
                    let oldest = self.one_in(*node, before);
                    let oldest = oldest.ok_or_else(|| self.nothing_in(*node))?;
                    self.cancel_and_close(oldest);
                }
                Instruction::CancelAll => self.cancel_inside(0),
                Instruction::StartBefore { node, whole } => {
                    self.start_before(*node, *whole, None)?;
                }
                Instruction::StartAfter(node) => {
                    let scope = self.scope_for(*node, None)?;
                    self.room_for(1, *node)?;
                    let token = self.bear(*node, scope, None, None);
                    self.moves.push(Move::Out(token, *node));
                }
                Instruction::TakeFlow(flow) => {
                    let found = self.def.flows.get(usize::from(*flow));
                    let from = found.ok_or(Refusal::OtherEdition)?.from;
                    let scope = self.scope_for(from, None)?;
                    self.room_for(1, from)?;
                    let token = self.bear(from, scope, None, None);
                    self.moves.push(Move::Flow(token, *flow));
                }
                Instruction::Move { from, to } => self.move_tokens(from, to)?,
                Instruction::Goto { token, to } => self.go_to(*token, *to)?,
                Instruction::Skip { token } => self.skip(*token)?,
                Instruction::Beside { node } => self.add_beside(*node)?,
            }
        }
        // What was skipped came to its end, like what was done.
        let orderly = instructions.iter().all(|one| matches!(one, Instruction::Skip { .. }));
        if self.state.tokens.is_empty() && !orderly {
            self.drop_all_timers();
            self.emit(Event::Cancelled);
            return Ok(());
        }
        self.free_throwers()
    }

    fn nothing_in(&self, node: NodeIx) -> Refusal {
        let node = self.def.node(node).id.clone();
        Refusal::CannotMove { node, reason: "no token stands there".to_owned() }
    }

    /// Tokens at an element; one instance of a repetition is part of its element.
    fn tokens_in(&self, node: NodeIx) -> Vec<u32> {
        let here = self.state.tokens.iter().filter(|token| token.node == node);
        let own = here.filter(|token| !is_round(&self.state, token) && !self.moving(token.id));
        own.map(|token| token.id).collect()
    }

    /// The oldest token at an element; of a repetition its oldest instance.
    fn one_in(&self, node: NodeIx, before: u32) -> Option<u32> {
        let mut here = self.state.tokens.iter().filter(|token| {
            token.node == node
                && token.id < before
                && self.state.scope(token.id).is_none_or(|scope| scope.kind == ScopeKind::Body)
        });
        here.next().map(|token| token.id)
    }

    fn cancel_and_close(&mut self, token: u32) {
        let scope = self.state.token(token).map_or(0, |token| token.scope);
        self.cancel_token(token);
        self.close_empty(scope);
    }

    /// Whoever waited for something to be undone that was cancelled waits no more.
    fn free_throwers(&mut self) -> Result<(), Refusal> {
        let waits = |token: &&crate::state::Token| {
            let node = self.def.node(token.node);
            let throws = matches!(node.kind, NodeKind::Throw | NodeKind::End);
            let undoes = |t: &Trigger| matches!(t, Trigger::Compensate(_) | Trigger::Cancel);
            throws && node.triggers.iter().any(undoes) && !self.moving(token.id)
        };
        let waiting: Vec<u32> =
            self.state.tokens.iter().filter(waits).map(|token| token.id).collect();
        waiting.into_iter().try_for_each(|token| self.undone(token))
    }

    /// A sub-process left without a token is closed, and so on outwards.
    fn close_empty(&mut self, mut scope: u32) {
        while scope != 0 && self.state.inside(scope).next().is_none() {
            let around = self.state.token(scope).map_or(0, |owner| owner.scope);
            self.cancel_token(scope);
            scope = around;
        }
    }

    fn move_tokens(&mut self, from: &[NodeIx], to: &[NodeIx]) -> Result<(), Refusal> {
        let mut left = Vec::new();
        let mut sources = Vec::new();
        for &node in from {
            let tokens = self.tokens_in(node);
            if tokens.is_empty() {
                return Err(self.nothing_in(node));
            }
            sources.extend(tokens);
        }
        // Scopes around the sources stay open until the targets are placed.
        for token in sources {
            let scope = self.state.token(token).map_or(0, |token| token.scope);
            left.push(scope);
            self.cancel_token(token);
        }
        let near = left.first().copied();
        for &node in to {
            self.start_before(node, false, near)?;
        }
        for scope in left {
            if scope != 0 && self.state.scope(scope).is_some() {
                self.close_empty(scope);
            }
        }
        Ok(())
    }

    fn start_before(
        &mut self,
        node: NodeIx,
        whole: bool,
        near: Option<u32>,
    ) -> Result<(), Refusal> {
        let scope = self.scope_for(node, near)?;
        self.room_for(1, node)?;
        let repeat = self.def.node(node).repeat.as_deref();
        if let (Some(repeat), false) = (repeat, whole) {
            return self.one_more(node, scope, repeat);
        }
        let token = self.bear(node, scope, None, None);
        self.moves.push(Move::At(token, node));
        Ok(())
    }

    /// One more instance of a repetition, which is opened for it if need be.
    fn one_more(&mut self, node: NodeIx, scope: u32, repeat: &Repeat) -> Result<(), Refusal> {
        let cannot = |run: &Self, reason: &str| Refusal::CannotMove {
            node: run.def.node(node).id.clone(),
            reason: reason.to_owned(),
        };
        let kind = if repeat.is_loop() { ScopeKind::Loop } else { ScopeKind::Multi };
        let open: Vec<u32> = self
            .state
            .inside(scope)
            .filter(|token| token.node == node && self.state.scope(token.id).is_some())
            .map(|token| token.id)
            .collect();
        let owner = match open.as_slice() {
            [] => {
                let token = self.bear(node, scope, None, None);
                self.emit(Event::Entered { token, node, from: None, first: false });
                let total = u32::from(!repeat.is_loop());
                let (items, undoable) = (Vec::new(), Vec::new());
                self.emit(Event::Opened { token, node, kind, total, items, undoable });
                self.watch(token)?;
                return self.begin_round(token, node, 0);
            }
            [owner] => *owner,
            _ => return Err(cannot(self, "it is open more than once")),
        };
        let single = match repeat {
            Repeat::Loop { .. } => true,
            Repeat::Multi(multi) => multi.sequential,
        };
        if single {
            return Err(cannot(self, "its instances run one after the other"));
        }
        let begun = self.state.scope(owner).map_or(0, |scope| scope.begun);
        self.emit(Event::RoundAdded { token: owner });
        self.begin_round(owner, node, begun)
    }

    /// The scope where a token at a node belongs; scopes that are not open are opened.
    fn scope_for(&mut self, node: NodeIx, near: Option<u32>) -> Result<u32, Refusal> {
        let Some(parent) = self.def.node(node).parent else { return Ok(0) };
        if let Some(scope) = near.and_then(|near| self.around(near, parent)) {
            return Ok(scope);
        }
        let open: Vec<u32> = self
            .state
            .scopes
            .iter()
            .filter(|scope| scope.node == parent && scope.kind == ScopeKind::Body)
            .map(|scope| scope.owner)
            .collect();
        match open.as_slice() {
            [] => self.open_for(parent, near),
            [one] => Ok(*one),
            _ => Err(Refusal::CannotMove {
                node: self.def.node(parent).id.clone(),
                reason: "it is open more than once".to_owned(),
            }),
        }
    }

    /// The open scope of a sub-process among those around.
    fn around(&self, mut scope: u32, wanted: NodeIx) -> Option<u32> {
        while scope != 0 {
            if self.state.body_of(scope) == Some(wanted) {
                return Some(scope);
            }
            scope = self.state.token(scope)?.scope;
        }
        None
    }

    /// Opens a sub-process without its start event.
    fn open_for(&mut self, at: NodeIx, near: Option<u32>) -> Result<u32, Refusal> {
        let outer = self.scope_for(at, near)?;
        let node = self.def.node(at);
        self.room_for(2, at)?;
        if node.kind == NodeKind::EventSubProcess {
            let start = node.inner.starts.first().copied();
            if start.is_some_and(|start| self.def.node(start).interrupting) {
                self.interrupt(outer);
            }
        }
        let mut token = self.bear(at, outer, None, None);
        self.emit(Event::Entered { token, node: at, from: None, first: false });
        if let Some(repeat) = node.repeat.as_deref() {
            let kind = if repeat.is_loop() { ScopeKind::Loop } else { ScopeKind::Multi };
            let total = u32::from(!repeat.is_loop());
            let (items, undoable) = (Vec::new(), Vec::new());
            self.emit(Event::Opened { token, node: at, kind, total, items, undoable });
            self.watch(token)?;
            token = self.bear(at, token, Some(0), None);
            self.emit(Event::Entered { token, node: at, from: None, first: false });
        } else {
            self.watch(token)?;
        }
        self.open_scope(token, at, Vec::new())?;
        Ok(token)
    }

    /// Everything in a scope ends for an event sub-process that takes over.
    fn interrupt(&mut self, scope: u32) {
        for (token, node) in crate::waits::scope_timers(self.def, &self.state, scope) {
            self.emit(Event::TimerDropped { token, node });
        }
        self.emit(Event::Shut { scope });
        self.cancel_inside(scope);
    }

    /// A token goes to another task; what runs beside it inside the parts that it leaves ends.
    fn go_to(&mut self, token: u32, to: NodeIx) -> Result<(), Refusal> {
        let way = region::way_over(self.def, &self.state, token, to)?;
        for other in way.cancelled {
            self.cancel_token(other);
        }
        let scope = self.state.token(way.token).map_or(0, |token| token.scope);
        self.cancel_token(way.token);
        self.start_before(to, false, Some(scope))
    }

    /// The work of a token ends undone and the token goes on.
    fn skip(&mut self, token: u32) -> Result<(), Refusal> {
        let (at, node) = self.place(token)?;
        let here = self.state.token(token);
        let rests = here.is_some_and(|here| here.via.is_none() && here.undo.is_none())
            && self.state.scope(token).is_none();
        if !rests || !region::can_be_left_out(node) {
            return Err(super::wrong_place(token, node, "a step that waits"));
        }
        let round = here.is_some_and(|here| is_round(&self.state, here));
        self.drop_timers(token);
        self.emit(Event::Left { token, node: at, outcome: None });
        self.busy.push(token);
        let went = if round { self.round_over(token, at) } else { self.leave(token, at) };
        self.busy.pop();
        went
    }

    /// A task is done once more beside what runs.
    fn add_beside(&mut self, node: NodeIx) -> Result<(), Refusal> {
        if !region::can_be_added(self.def, &self.state, node) {
            let node = self.def.node(node).id.clone();
            let reason = "it cannot be done once more beside what runs".to_owned();
            return Err(Refusal::CannotMove { node, reason });
        }
        let scope = self.scope_for(node, None)?;
        self.room_for(1, node)?;
        let token = self.state.next;
        self.emit(Event::Added { token, node, scope });
        self.wait_at(token, node, None)
    }

    /// Returns a task to an earlier one: exactly the tokens of the smallest region that holds both
    /// are cancelled.
    pub(super) fn return_to(&mut self, token: u32, to: NodeIx) -> Result<(), Refusal> {
        let way = region::way_back(self.def, &self.state, token, to)?;
        let from = self.place(token)?.0;
        for other in way.cancelled {
            self.cancel_token(other);
        }
        self.drop_timers(way.token);
        self.drop_timers_inside(way.token);
        self.emit(Event::Returned { token: way.token, from, to });
        self.moves.push(Move::At(way.token, to));
        Ok(())
    }
}
