//! Decides for one case whether and how it goes to another edition.

use std::collections::{BTreeMap, BTreeSet};

use super::{Plan, Stays, Why, carry};
use crate::act::{Command, Env};
use crate::definition::{Definition, Node, NodeIx, NodeKind};
use crate::event::Event;
use crate::repeat::Repeat;
use crate::state::{Done, ScopeKind, State, Token};
use crate::trigger::Trigger;
use crate::waits::live_timers;

/// The events by which a case goes from one edition to another.
///
/// First come the timers that end (numbers of the old edition), then [`Event::Migrated`], then the
/// timers that begin (numbers of the new one). Timers that go on keep their date; the caller gives
/// their rows the new number that `Migrated` names. A timer with another time than before ends and
/// begins; the caller counts it from when the token came there.
///
/// # Errors
/// Every token that cannot go, with the reason. The case then stays as it is.
pub fn migrate(
    plan: &Plan,
    from: &Definition,
    to: &Definition,
    state: &State,
) -> Result<Vec<Event>, Vec<Stays>> {
    let whole = |why| vec![Stays { token: 0, node: String::new(), why }];
    if plan.from != from.sha256() || plan.to != to.sha256() {
        return Err(whole(Why::OtherEditions));
    }
    if !state.started() || state.done {
        return Err(whole(Why::NotRunning));
    }
    let mut decide = Decide { plan, from, to, state, stays: Vec::new() };
    for token in &state.tokens {
        if let Err(why) = decide.token(token) {
            decide.stay(token.id, token.node, why);
        }
    }
    decide.undoable(&state.undoable);
    for scope in &state.scopes {
        decide.undoable(&scope.undoable);
    }
    let (nodes, flows) = decide.numbers();
    let mut after = state.clone();
    carry(&mut after, &nodes, &flows);
    if decide.stays.is_empty() {
        decide.joins(&after);
    }
    let timers = decide.timers(&after, &nodes);
    if !decide.stays.is_empty() {
        return Err(decide.stays);
    }
    let (mut events, begin) = timers;
    events.push(Event::Migrated { nodes, flows });
    events.extend(begin);
    Ok(events)
}

/// The events that take a migration back: the case is again as it was before. `before` is the state
/// before the migration, `after` the one right after it; `None` when something has been done since.
#[must_use]
pub fn revert(
    from: &Definition,
    to: &Definition,
    before: &State,
    migrated: &[Event],
    now: &State,
) -> Option<Vec<Event>> {
    let mut after = before.clone();
    for event in migrated {
        crate::apply::apply(to, &mut after, event);
    }
    if after != *now {
        return None;
    }
    let mut events = Vec::new();
    for event in migrated {
        if let Event::TimerSet { token, node, .. } = event {
            events.push(Event::TimerDropped { token: *token, node: *node });
        }
    }
    events.push(Event::Unmigrated { state: Box::new(before.clone()) });
    for event in migrated {
        if let Event::TimerDropped { token, node } = event
            && let Some(spec) = from.node(*node).timer.clone()
        {
            events.push(Event::TimerSet { token: *token, node: *node, spec });
        }
    }
    Some(events)
}

struct Decide<'a> {
    plan: &'a Plan,
    from: &'a Definition,
    to: &'a Definition,
    state: &'a State,
    stays: Vec<Stays>,
}

/// Pairs of numbers: old and new.
type Numbers = (Vec<(NodeIx, NodeIx)>, Vec<(u16, u16)>);

impl Decide<'_> {
    fn stay(&mut self, token: u32, node: NodeIx, why: Why) {
        self.stays.push(Stays { token, node: self.from.node(node).id.clone(), why });
    }

    fn target(&self, ix: NodeIx) -> Option<NodeIx> {
        self.plan.node(self.from, self.to, ix)
    }

    fn token(&self, token: &Token) -> Result<(), Why> {
        let old = self.from.node(token.node);
        let target = self.target(token.node).ok_or(Why::NoTarget)?;
        let new = self.to.node(target);
        let id = || new.id.clone();
        if !same_work(old, new) {
            return Err(Why::TypeDiffers(id()));
        }
        if repeats(old) != repeats(new) {
            return Err(Why::RepeatDiffers(id()));
        }
        // An instance stands at the same activity as the token that owns the repetition.
        let mut at = token.scope;
        while let Some(scope) = self.state.scope(at).filter(|s| s.kind != ScopeKind::Body) {
            if scope.node != token.node {
                break;
            }
            at = self.state.token(at).map_or(0, |owner| owner.scope);
        }
        let around = self.state.body_of(at).map(|body| self.target(body));
        if new.parent != around.flatten() {
            return Err(Why::ScopeDiffers(id()));
        }
        if let Some(via) = token.via {
            self.branch(token, via)?;
        }
        Ok(())
    }

    /// The branch by which a token came to a join.
    fn branch(&self, token: &Token, via: u16) -> Result<(), Why> {
        let name = |via: u16| {
            self.from.flows.get(usize::from(via)).map(|flow| flow.id.clone()).unwrap_or_default()
        };
        let target = self.flow(via).ok_or_else(|| Why::BranchUnknown(name(via)))?;
        let twice = self.state.tokens.iter().any(|other| {
            let beside = other.id != token.id && other.node == token.node;
            let other = other.via.filter(|other| *other != via && beside);
            other.is_some_and(|other| self.flow(other) == Some(target))
        });
        if twice { Err(Why::BranchTwice(name(via))) } else { Ok(()) }
    }

    /// The number of the flow that corresponds to a flow.
    fn flow(&self, number: u16) -> Option<u16> {
        let id = &self.from.flows.get(usize::from(number))?.id;
        let target = self.plan.flows.get(id)?;
        let at = self.to.flows.iter().position(|flow| flow.id == *target)?;
        u16::try_from(at).ok()
    }

    /// What can still be undone must still be there.
    fn undoable(&mut self, list: &[Done]) {
        for done in list {
            match self.target(done.node) {
                Some(target) if same_work(self.from.node(done.node), self.to.node(target)) => {}
                _ => self.stay(0, done.node, Why::CannotUndo),
            }
            self.undoable(&done.inner);
        }
    }

    /// The numbers that occur in the state, old and new; steps passed only as what they were.
    fn numbers(&self) -> Numbers {
        fn undone(list: &[Done], used: &mut BTreeSet<NodeIx>) {
            for done in list {
                used.insert(done.node);
                undone(&done.inner, used);
            }
        }
        let mut used = BTreeSet::new();
        for token in &self.state.tokens {
            used.insert(token.node);
            used.extend(token.path.iter().chain(&token.rang));
        }
        for scope in &self.state.scopes {
            used.insert(scope.node);
            undone(&scope.undoable, &mut used);
        }
        undone(&self.state.undoable, &mut used);
        used.extend(self.state.reached.iter().chain(&self.state.rang));
        // Rows of live timers are renumbered too.
        used.extend(live_timers(self.from, self.state).into_iter().map(|(_, node)| node));
        let nodes = used.into_iter().filter_map(|old| {
            let new = self.target(old)?;
            same_work(self.from.node(old), self.to.node(new)).then_some((old, new))
        });
        let via: BTreeSet<u16> = self.state.tokens.iter().filter_map(|token| token.via).collect();
        let flows = via.into_iter().filter_map(|old| Some((old, self.flow(old)?)));
        (nodes.collect(), flows.collect())
    }

    /// No join opens at once, and none waits for a branch that was never begun.
    fn joins(&mut self, after: &State) {
        let mut tried = BTreeSet::new();
        for token in after.tokens.iter().filter(|token| token.via.is_some()) {
            let node = self.to.node(token.node);
            if node.kind != NodeKind::Parallel || !tried.insert((token.node, token.scope)) {
                continue;
            }
            let here = after.inside(token.scope).filter(|other| other.node == token.node);
            let come: BTreeSet<u16> = here.filter_map(|other| other.via).collect();
            if node.incoming.iter().all(|flow| come.contains(flow)) {
                let why = Why::JoinOpens(node.id.clone());
                self.stays.push(Stays { token: token.id, node: node.id.clone(), why });
            }
        }
        self.inclusive_joins(after);
        for (scope, stuck) in crate::lint::stuck_from(self.to, after) {
            let id = self.to.node(stuck).id.clone();
            let token = after.inside(scope).next().map_or(0, |token| token.id);
            let node = self.state.token(token).map_or(self.from.start(), |token| token.node);
            self.stay(token, node, Why::WouldStick(id));
        }
    }

    /// An inclusive join that nothing else can reach any more opens with the next look.
    fn inclusive_joins(&mut self, after: &State) {
        if self.to.reach.is_empty() {
            return;
        }
        let env = Env { data: &|_| None };
        let look = Command::Set { vars: crate::state::Vars::new() };
        let (events, _) = crate::step::attempt(self.to, after, look, &env);
        for event in events {
            if let Event::Joined { node, of, .. } = event {
                let (id, token) = (self.to.node(node).id.clone(), of.first().copied());
                let why = Why::JoinOpens(id.clone());
                self.stays.push(Stays { token: token.unwrap_or(0), node: id, why });
            }
        }
    }

    /// Timers that end and timers that begin.
    fn timers(&mut self, after: &State, nodes: &[(NodeIx, NodeIx)]) -> (Vec<Event>, Vec<Event>) {
        let new_of: BTreeMap<NodeIx, NodeIx> = nodes.iter().copied().collect();
        let mut live: BTreeSet<(u32, NodeIx)> = live_timers(self.to, after).into_iter().collect();
        let (mut end, mut begin) = (Vec::new(), Vec::new());
        for (token, node) in live_timers(self.from, self.state) {
            let goes_on = new_of.get(&node).is_some_and(|new| {
                let (old, new_node) = (self.from.node(node), self.to.node(*new));
                same_time(old, new_node) && live.remove(&(token, *new))
            });
            if !goes_on {
                end.push(Event::TimerDropped { token, node });
            }
        }
        for (token, node) in live {
            match self.to.node(node).timer.clone() {
                Some(spec) => begin.push(Event::TimerSet { token, node, spec }),
                None => {
                    let id = self.to.node(node).id.clone();
                    let why = Why::ComputedTimer(id.clone());
                    self.stays.push(Stays { token, node: id, why });
                }
            }
        }
        (end, begin)
    }
}

/// Whether work that has begun at one node can go on at another.
fn same_work(old: &Node, new: &Node) -> bool {
    let called = |node: &Node| node.called.as_ref().map(|c| (c.process.clone(), c.version));
    let links = |node: &Node| node.triggers.iter().any(|t| matches!(t, Trigger::Link(_)));
    old.kind == new.kind
        && old.job == new.job
        && old.is_wait() == new.is_wait()
        && called(old) == called(new)
        && old.interrupting == new.interrupting
        && old.for_compensation == new.for_compensation
        && links(old) == links(new)
}

fn same_time(old: &Node, new: &Node) -> bool {
    let code = |node: &Node| node.timer_code.as_ref().map(|code| code.text().to_owned());
    old.timer == new.timer && code(old) == code(new)
}

/// 0: once; 1: standard loop; 2: all at the same time; 3: one after the other.
fn repeats(node: &Node) -> (u8, u16) {
    let kind = match node.repeat.as_deref() {
        None => 0,
        Some(Repeat::Loop { .. }) => 1,
        Some(Repeat::Multi(multi)) if !multi.sequential => 2,
        Some(Repeat::Multi(_)) => 3,
    };
    (kind, node.start_quantity)
}
