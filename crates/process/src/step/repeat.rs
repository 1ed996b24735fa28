//! Repetitions: standard loops and multi-instance, parallel and sequential.

use serde_json::Value as Json;

use crate::definition::{NodeIx, NodeKind};
use crate::event::Event;
use crate::refusal::Refusal;
use crate::repeat::{Behavior, Multi, Repeat};
use crate::state::{ScopeKind, Vars};
use crate::trigger::Trigger;
use crate::value::Value;

use super::{Move, Run};

impl<'a> Run<'a> {
    /// A token comes to a repeated activity: it owns the repetition while it lasts.
    pub(super) fn open_repeat(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        let node = self.def.node(at);
        let Some(repeat) = node.repeat.as_deref() else { return Ok(()) };
        let first = node.kind == NodeKind::UserTask && !self.state.reached.contains(&at);
        self.emit(Event::Entered { token, node: at, from: None, first });
        self.busy.retain(|busy| *busy != token);
        match repeat {
            Repeat::Loop { condition, test_before, .. } => {
                let skips = match condition {
                    Some(condition) if *test_before => !self.holds(token, at, condition)?,
                    _ => false,
                };
                if skips {
                    return self.finish(token, at, None);
                }
                self.opened(token, at, ScopeKind::Loop, 0, Vec::new());
                self.watch(token)?;
                self.begin_round(token, at, 0)
            }
            Repeat::Multi(multi) => {
                let (total, items) = self.instances(token, at, multi)?;
                if total == 0 {
                    return self.finish(token, at, None);
                }
                self.opened(token, at, ScopeKind::Multi, total, items);
                self.watch(token)?;
                let begin = if multi.sequential { 1 } else { total };
                (0..begin).try_for_each(|index| self.begin_round(token, at, index))
            }
        }
    }

    fn opened(&mut self, token: u32, node: NodeIx, kind: ScopeKind, total: u32, items: Vec<Json>) {
        self.emit(Event::Opened { token, node, kind, total, items, undoable: Vec::new() });
    }

    /// How many instances, and their items.
    fn instances(
        &self,
        token: u32,
        at: NodeIx,
        multi: &Multi,
    ) -> Result<(u32, Vec<Json>), Refusal> {
        let node = &self.def.node(at).id;
        let wrong = |reason: String| Refusal::Expression { node: node.clone(), reason };
        if let Some(collection) = &multi.collection {
            let value = self.eval(token, at, collection)?;
            let Value::List(items) = &value else {
                let found = crate::data::shown(&value);
                return Err(wrong(format!("expected a list of items, but found {found:?}")));
            };
            let items: Vec<Json> = items.iter().map(crate::data::to_json).collect();
            let total = u32::try_from(items.len()).unwrap_or(u32::MAX);
            self.room_for(items.len(), at)?;
            return Ok((total, items));
        }
        let Some(cardinality) = &multi.cardinality else {
            return Err(wrong("it has no number of instances".to_owned()));
        };
        let value = self.eval(token, at, cardinality)?;
        let whole = match &value {
            Value::Num(number) => number.to_i64(),
            Value::Str(text) => text.trim().parse().ok(),
            _ => None,
        };
        let total = whole.and_then(|whole| u32::try_from(whole).ok());
        let total = total.ok_or_else(|| {
            let found = crate::data::shown(&value);
            wrong(format!("expected a number of instances, but found {found:?}"))
        })?;
        if !multi.sequential {
            self.room_for(usize::try_from(total).unwrap_or(usize::MAX / 2), at)?;
        }
        Ok((total, Vec::new()))
    }

    pub(super) fn begin_round(
        &mut self,
        owner: u32,
        at: NodeIx,
        index: u32,
    ) -> Result<(), Refusal> {
        self.room_for(1, at)?;
        let token = self.bear(at, owner, Some(index), None);
        self.moves.push(Move::At(token, at));
        Ok(())
    }

    /// One instance has ended.
    pub(super) fn round_over(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        let owner = self.state.token(token).map_or(0, |token| token.scope);
        let Some(repeat) = self.def.node(at).repeat.as_deref() else { return Ok(()) };
        if let Repeat::Multi(multi) = repeat {
            self.gather_output(token, owner, at, multi)?;
        }
        self.emit(Event::Ended { token, node: at });
        self.emit(Event::RoundEnded { token: owner });
        match repeat {
            Repeat::Loop { condition, maximum, .. } => {
                let ended = self.state.scope(owner).map_or(0, |scope| scope.ended);
                let more = maximum.is_none_or(|most| ended < most);
                let goes_on = match condition {
                    Some(condition) => more && self.holds_inside(at, owner, condition)?,
                    None => more && maximum.is_some(),
                };
                if goes_on {
                    self.begin_round(owner, at, ended)
                } else {
                    self.repeat_over(owner, at)
                }
            }
            Repeat::Multi(multi) => self.next_instance(owner, at, multi),
        }
    }

    fn next_instance(&mut self, owner: u32, at: NodeIx, multi: &'a Multi) -> Result<(), Refusal> {
        let ends_rest = self.throw_behavior(owner, at, &multi.behavior)?;
        if self.state.scope(owner).is_none() {
            return Ok(());
        }
        let complete = match &multi.complete {
            Some(condition) => self.holds_inside(at, owner, condition)?,
            None => false,
        };
        if ends_rest || complete {
            return self.repeat_over(owner, at);
        }
        let (total, begun) = self.state.scope(owner).map_or((0, 0), |s| (s.total, s.begun));
        if multi.sequential && begun < total {
            return self.begin_round(owner, at, begun);
        }
        if self.state.inside(owner).next().is_none() {
            return self.repeat_over(owner, at);
        }
        Ok(())
    }

    /// Adds the value of an instance to the list that is gathered.
    fn gather_output(
        &mut self,
        token: u32,
        owner: u32,
        at: NodeIx,
        multi: &Multi,
    ) -> Result<(), Refusal> {
        let Some((name, code)) = &multi.output else { return Ok(()) };
        let value = crate::data::to_json(&self.eval(token, at, code)?);
        let known = self.state.scope(owner).and_then(|scope| scope.vars.get(name)).cloned();
        let mut list = if let Some(Json::Array(list)) = known { list } else { Vec::new() };
        list.push(value);
        let vars = Vars::from([(name.clone(), Json::Array(list))]);
        self.set_in(owner, vars);
        Ok(())
    }

    /// Events that instances throw as they end are caught on the edge of the activity, which goes
    /// on. Gives whether the rest is to be cancelled.
    fn throw_behavior(
        &mut self,
        owner: u32,
        at: NodeIx,
        behavior: &'a Behavior,
    ) -> Result<bool, Refusal> {
        let ended = self.state.scope(owner).map_or(0, |scope| scope.ended);
        match behavior {
            Behavior::All => {}
            Behavior::None(event) => self.beside(owner, at, event)?,
            Behavior::One(event) if ended == 1 => self.beside(owner, at, event)?,
            Behavior::One(_) => {}
            Behavior::Complex(parts) => {
                let mut ends_rest = false;
                for (condition, event) in parts {
                    if self.holds_inside(at, owner, condition)? {
                        ends_rest = true;
                        self.beside(owner, at, event)?;
                    }
                }
                return Ok(ends_rest);
            }
        }
        Ok(false)
    }

    fn beside(&mut self, owner: u32, at: NodeIx, thrown: &Trigger) -> Result<(), Refusal> {
        let edge = &self.def.node(at).boundaries;
        let catches = |event: &&NodeIx| self.def.node(**event).triggers.contains(thrown);
        let Some(event) = edge.iter().find(catches).copied() else { return Ok(()) };
        self.room_for(1, event)?;
        let scope = self.state.token(owner).map_or(0, |token| token.scope);
        self.emit(Event::Caught { token: owner, node: event });
        let token = self.bear(event, scope, None, None);
        self.moves.push(Move::Out(token, event));
        Ok(())
    }

    /// The repetition is complete: what still runs is cancelled and the activity is left.
    pub(super) fn repeat_over(&mut self, owner: u32, at: NodeIx) -> Result<(), Refusal> {
        self.cancel_inside(owner);
        let gathered = self.state.scope(owner).map(|scope| scope.vars.clone()).unwrap_or_default();
        self.emit(Event::Closed { token: owner });
        if !gathered.is_empty() {
            self.set_from(owner, gathered);
        }
        // The instances were registered for undoing one by one.
        let outcome = None;
        self.leave_repeat(owner, at, outcome)
    }

    fn leave_repeat(
        &mut self,
        owner: u32,
        at: NodeIx,
        outcome: Option<String>,
    ) -> Result<(), Refusal> {
        self.drop_timers(owner);
        self.emit(Event::Left { token: owner, node: at, outcome });
        self.busy.push(owner);
        let went = self.past_repeat(owner, at);
        self.busy.pop();
        went
    }

    fn past_repeat(&mut self, owner: u32, at: NodeIx) -> Result<(), Refusal> {
        match self.state.token(owner).and_then(|token| token.undo) {
            Some(thrower) => {
                self.emit(Event::Ended { token: owner, node: at });
                self.undone(thrower)
            }
            None => self.leave(owner, at),
        }
    }
}
