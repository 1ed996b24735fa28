//! Events from outside and inside happen to tokens that wait for them.

use crate::definition::{NodeIx, NodeKind};
use crate::event::Event;
use crate::refusal::Refusal;
use crate::trigger::{Script, Trigger};
use crate::waits::{is_timer, scope_timers, scope_waits, token_waits, waits};

use super::{Move, Run, wrong_place};

impl Run<'_> {
    /// A timer is due. One that no longer applies changes nothing.
    pub(super) fn timer(&mut self, token: u32, boundary: Option<NodeIx>) -> Result<(), Refusal> {
        if self.state.done || !self.state.started() {
            return Ok(());
        }
        let here = self.state.token(token).map(|here| here.node);
        let Some(fired) = boundary.or(here) else { return Ok(()) };
        let live = crate::waits::live_timers(self.def, &self.state);
        if !live.contains(&(token, fired)) {
            return Ok(());
        }
        self.emit(Event::TimerRang { token, node: fired });
        self.fire(token, fired)?;
        // A timer that repeats and interrupts nothing is set again.
        if waits(self.def, &self.state).contains(&(token, fired)) && !self.moving(token) {
            let node = self.def.node(fired);
            if !node.interrupting && is_timer(node) {
                let spec = self.timer_spec(Some(token), fired)?;
                self.emit(Event::TimerSet { token, node: fired, spec });
            }
        }
        Ok(())
    }

    /// A message, a signal or a condition happened to a token that waits for it.
    pub(super) fn trigger(&mut self, token: u32, node: NodeIx) -> Result<(), Refusal> {
        if !waits(self.def, &self.state).contains(&(token, node)) {
            let (_, at) = self.place(token)?;
            return Err(wrong_place(token, at, "something that waits for this event"));
        }
        let event = self.def.node(node);
        if is_timer(event) {
            // Only time makes a timer ring; where it is one event of several, the others may come.
            if event.triggers.iter().all(|trigger| *trigger == Trigger::Timer) {
                let at = self.place(token).map_or(event, |place| place.1);
                return Err(wrong_place(token, at, "something that this can happen to"));
            }
            if event.interrupting || event.attached_to.is_none() {
                self.emit(Event::TimerDropped { token, node });
            }
        }
        self.happen(token, node)
    }

    fn happen(&mut self, token: u32, node: NodeIx) -> Result<(), Refusal> {
        self.emit(Event::Caught { token, node });
        self.fire(token, node)
    }

    /// What follows when an event happens.
    pub(super) fn fire(&mut self, token: u32, node: NodeIx) -> Result<(), Refusal> {
        let event = self.def.node(node);
        if event.kind == NodeKind::Start {
            return self.start_handler(token, node);
        }
        let Some(at) = self.state.token(token).map(|here| here.node) else { return Ok(()) };
        if event.attached_to.is_some() {
            return self.fire_boundary(token, at, node);
        }
        if at == node {
            if let Some(Script::Wait { mark: Some(mark), .. }) = &event.script {
                self.emit(Event::Marked { token, node, mark: mark.clone() });
            }
            return self.finish(token, at, None);
        }
        // The first event after an event-based gateway; the others wait no more.
        for (token, other) in self.timers_of(token).into_iter().filter(|timer| timer.1 != node) {
            self.emit(Event::TimerDropped { token, node: other });
        }
        self.emit(Event::Left { token, node: at, outcome: None });
        self.moves.push(Move::Out(token, node));
        Ok(())
    }

    pub(super) fn fire_boundary(
        &mut self,
        token: u32,
        at: NodeIx,
        by: NodeIx,
    ) -> Result<(), Refusal> {
        if self.def.node(by).interrupting {
            for (token, node) in self.timers_of(token).into_iter().filter(|timer| timer.1 != by) {
                self.emit(Event::TimerDropped { token, node });
            }
            self.drop_timers_inside(token);
            self.emit(Event::Interrupted { token, node: at, by });
            self.moves.retain(|next| next.token() != token);
            self.moves.push(Move::Out(token, by));
            return Ok(());
        }
        self.room_for(1, by)?;
        let scope = self.state.token(token).map_or(0, |token| token.scope);
        let beside = if scope == 0 {
            let beside = self.state.next;
            self.emit(Event::Forked { token: beside, node: by });
            beside
        } else {
            self.bear(by, scope, None, None)
        };
        self.moves.push(Move::Out(beside, by));
        Ok(())
    }

    /// An event sub-process begins inside the scope of `owner`.
    pub(super) fn start_handler(&mut self, owner: u32, start: NodeIx) -> Result<(), Refusal> {
        let Some(handler) = self.def.node(start).parent else { return Ok(()) };
        self.room_for(2, handler)?;
        if self.def.node(start).interrupting {
            let rang = (owner, start);
            for (token, node) in scope_timers(self.def, &self.state, owner) {
                if (token, node) != rang || !self.just_rang(token, node) {
                    self.emit(Event::TimerDropped { token, node });
                }
            }
            self.emit(Event::Shut { scope: owner });
            let inside: Vec<u32> = self.state.inside(owner).map(|token| token.id).collect();
            for token in inside {
                self.cancel_token(token);
            }
        }
        let token = self.bear(handler, owner, None, None);
        self.open_body(token, handler, Vec::new())
    }

    fn just_rang(&self, token: u32, node: NodeIx) -> bool {
        let rang = Event::TimerRang { token, node };
        self.events.iter().rev().any(|event| *event == rang)
    }

    /// Sets the timers of the event sub-processes of a scope, and notes their conditions.
    pub(super) fn watch_scope(&mut self, scope: u32) -> Result<(), Refusal> {
        for (owner, node) in scope_waits(self.def, &self.state, scope) {
            if is_timer(self.def.node(node)) {
                let spec = self.timer_spec(Some(owner), node)?;
                self.emit(Event::TimerSet { token: owner, node, spec });
            } else if self.has_condition(node) {
                self.fresh.push((owner, node));
            }
        }
        Ok(())
    }

    pub(super) fn has_condition(&self, node: NodeIx) -> bool {
        self.def.has_conditions
            && self.def.node(node).triggers.iter().any(|t| matches!(t, Trigger::Condition(_)))
    }

    /// Everything that waits and does not move at the moment.
    fn resting_waits(&self) -> Vec<(u32, NodeIx)> {
        let resting = self.state.tokens.iter().filter(|token| !self.moving(token.id));
        let mut all: Vec<(u32, NodeIx)> =
            resting.flat_map(|token| token_waits(self.def, &self.state, token)).collect();
        if !self.state.done {
            all.extend(scope_waits(self.def, &self.state, 0));
            for scope in &self.state.scopes {
                all.extend(scope_waits(self.def, &self.state, scope.owner));
            }
        }
        all
    }

    /// A signal reaches all who wait for it in this case.
    pub(super) fn signal_inside(&mut self, name: &str) -> Result<(), Refusal> {
        let hears = |trigger: &Trigger| matches!(trigger, Trigger::Signal(n) if n == name);
        let mut waiting = self.resting_waits();
        waiting.retain(|(_, node)| self.def.node(*node).triggers.iter().any(hears));
        for wait in waiting {
            // An earlier one may have interrupted it.
            if self.resting_waits().contains(&wait) {
                self.happen(wait.0, wait.1)?;
            }
        }
        Ok(())
    }

    /// Looks at conditions that have just begun to wait, and at all when variables changed.
    pub(super) fn conditions(&mut self) -> Result<(), Refusal> {
        let fresh = std::mem::take(&mut self.fresh);
        let all = std::mem::take(&mut self.changed);
        let mut waiting = self.resting_waits();
        waiting.retain(|wait| self.has_condition(wait.1) && (all || fresh.contains(wait)));
        for wait in waiting {
            let (token, node) = wait;
            let holds = self.def.node(node).triggers.iter().any(|trigger| match trigger {
                Trigger::Condition(code) => self.condition_holds(token, node, code),
                _ => false,
            });
            if holds && self.resting_waits().contains(&wait) {
                self.count(node)?;
                self.happen(token, node)?;
            }
        }
        Ok(())
    }

    /// A condition that cannot be evaluated yet does not hold.
    fn condition_holds(&self, token: u32, node: NodeIx, code: &crate::expr::Code) -> bool {
        let held = if self.def.node(node).kind == NodeKind::Start {
            self.holds_inside(node, token, code)
        } else {
            self.holds(token, node, code)
        };
        held.unwrap_or(false)
    }
}
