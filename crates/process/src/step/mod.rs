//! Decides: one command against a state gives the events of all automatic nodes up to the next
//! waits, or a refusal. Nothing is changed; the events are tried on a copy as they arise.

mod begin;
mod catch;
mod data;
mod end;
mod join;
mod leave;
mod modify;
mod raise;
mod repeat;
mod scope;
mod undo;

use smallvec::SmallVec;

use crate::act::{Command, Env};
use crate::apply::apply;
use crate::back::{SEND_BACK, send_back_check};
use crate::definition::{Definition, Node, NodeIx, NodeKind};
use crate::event::Event;
use crate::limits;
use crate::refusal::Refusal;
use crate::state::State;

/// Room for the events of most commands.
const USUAL_EVENTS: usize = 4;

/// Decides a command. All automatic nodes up to the next waits belong to the same answer.
///
/// A timer that no longer applies gives no events.
///
/// # Errors
/// A [`Refusal`] with the reason; the state stays as it is.
pub fn step(
    def: &Definition,
    state: &State,
    command: Command,
    env: &Env<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (events, refusal) = attempt(def, state, command, env);
    refusal.map_or(Ok(events), Err)
}

/// Like `step`, but tells also what happened before an incident.
pub(crate) fn attempt(
    def: &Definition,
    state: &State,
    command: Command,
    env: &Env<'_>,
) -> (Vec<Event>, Option<Refusal>) {
    if state.tokens.iter().any(|token| def.node(token.node).kind == NodeKind::Missing) {
        return (Vec::new(), Some(Refusal::OtherEdition));
    }
    let mut run = Run {
        def,
        env,
        outcome: None,
        state: state.clone(),
        events: Vec::with_capacity(USUAL_EVENTS),
        moves: SmallVec::new(),
        busy: SmallVec::new(),
        steps: 0,
        changed: false,
        fresh: Vec::new(),
    };
    let refusal = run.command(command).and_then(|()| run.rest()).err();
    (run.events, refusal)
}

/// A command under way.
pub(crate) struct Run<'a> {
    def: &'a Definition,
    env: &'a Env<'a>,
    /// Outcome of the task that this command ends, until its event has it.
    outcome: Option<String>,
    state: State,
    events: Vec<Event>,
    /// Tokens on their way, in turn.
    moves: SmallVec<[Move; 2]>,
    /// Tokens that move now: where they last waited no longer counts.
    busy: SmallVec<[u32; 4]>,
    steps: usize,
    /// Variables changed: conditions are looked at again.
    changed: bool,
    /// Waits for a condition that have just begun.
    fresh: Vec<(u32, NodeIx)>,
}

/// What a token does next.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// Goes along a flow.
    Flow(u32, u16),
    /// Arrives at a node without a flow.
    At(u32, NodeIx),
    /// Leaves a node.
    Out(u32, NodeIx),
}

impl Move {
    fn token(self) -> u32 {
        match self {
            Self::Flow(token, _) | Self::At(token, _) | Self::Out(token, _) => token,
        }
    }
}

impl<'a> Run<'a> {
    fn command(&mut self, command: Command) -> Result<(), Refusal> {
        match command {
            Command::Start | Command::StartAt { .. } if self.state.started() => {
                Err(Refusal::AlreadyStarted)
            }
            Command::Start => self.start(None),
            Command::StartAt { node } => self.start(Some(node)),
            Command::TimerFired { token, boundary } => self.timer(token, boundary),
            Command::With { vars, then } => {
                if matches!(*then, Command::Start | Command::StartAt { .. }) {
                    self.command_with_start(vars, *then)
                } else {
                    self.running()?;
                    self.set_from(then.token(), vars);
                    self.command(*then)
                }
            }
            other => {
                self.running()?;
                self.running_command(other)
            }
        }
    }

    fn running(&self) -> Result<(), Refusal> {
        if !self.state.started() {
            return Err(Refusal::NotStarted);
        }
        if self.state.done { Err(Refusal::Ended) } else { Ok(()) }
    }

    fn running_command(&mut self, command: Command) -> Result<(), Refusal> {
        match command {
            Command::Complete { token, outcome } => self.complete(token, outcome),
            Command::SendBack { token } => self.send_back(token),
            Command::Answered { token } => self.answered(token),
            Command::Trigger { token, node } => self.trigger(token, node),
            Command::Fail { token, code } => self.fail(token, &code),
            Command::Escalate { token, code } => self.escalated(token, &code),
            Command::Returned { token, vars } => self.returned(token, &vars),
            Command::Choose { token, node } => self.choose_activity(token, node),
            Command::Return { token, to } => self.return_to(token, to),
            Command::Modify { instructions } => self.modify(&instructions),
            Command::Set { vars } => {
                // Also without variables: the data of the caller may have changed.
                self.changed = true;
                self.set_in(0, vars);
                Ok(())
            }
            Command::Cancel => {
                self.drop_all_timers();
                self.emit(Event::Cancelled);
                Ok(())
            }
            Command::Start
            | Command::StartAt { .. }
            | Command::TimerFired { .. }
            | Command::With { .. } => Err(Refusal::AlreadyStarted),
        }
    }

    fn emit(&mut self, event: Event) {
        apply(self.def, &mut self.state, &event);
        self.events.push(event);
    }

    fn place(&self, token: u32) -> Result<(NodeIx, &'a Node), Refusal> {
        let here = self.state.token(token).ok_or(Refusal::NoToken { token })?;
        Ok((here.node, self.def.node(here.node)))
    }

    /// A token that waits at a node of the wanted kind and does its work itself.
    fn waiting(&self, token: u32, kind: NodeKind, what: &str) -> Result<NodeIx, Refusal> {
        let (at, node) = self.place(token)?;
        let rests = self.state.token(token).is_some_and(|token| token.via.is_none());
        let works = self.state.scope(token).is_none_or(|scope| scope.kind.is_body());
        if node.kind == kind && rests && works {
            return Ok(at);
        }
        Err(wrong_place(token, node, what))
    }

    fn start(&mut self, at: Option<NodeIx>) -> Result<(), Refusal> {
        self.started(at)?;
        self.launched(at);
        Ok(())
    }

    fn command_with_start(
        &mut self,
        vars: crate::state::Vars,
        then: Command,
    ) -> Result<(), Refusal> {
        if self.state.started() {
            return Err(Refusal::AlreadyStarted);
        }
        let at = if let Command::StartAt { node } = then { Some(node) } else { None };
        self.started(at)?;
        self.set_in(0, vars);
        self.launched(at);
        Ok(())
    }

    fn started(&mut self, at: Option<NodeIx>) -> Result<(), Refusal> {
        match at {
            None => self.emit(Event::Started),
            Some(node) if self.def.event_starts().contains(&node) => {
                self.emit(Event::StartedAt { node });
            }
            Some(node) => {
                return Err(Refusal::UnknownElement { id: self.def.node(node).id.clone() });
            }
        }
        self.watch_scope(0)
    }

    fn launched(&mut self, at: Option<NodeIx>) {
        match at {
            None => {
                self.launch(1, self.def.start());
                for &node in self.def.inner.starts.iter().skip(1) {
                    let token = self.bear(node, 0, None, None);
                    self.launch(token, node);
                }
            }
            Some(node) => self.moves.push(Move::Out(1, node)),
        }
    }

    /// A token begins at a start event, or at a node that nothing leads to.
    fn launch(&mut self, token: u32, node: NodeIx) {
        self.moves.push(match self.def.node(node).kind {
            NodeKind::Start => Move::Out(token, node),
            _ => Move::At(token, node),
        });
    }

    fn complete(&mut self, token: u32, outcome: String) -> Result<(), Refusal> {
        let at = self.waiting(token, NodeKind::UserTask, "a user task")?;
        let node = self.def.node(at);
        if !outcome_allowed(node, &outcome) {
            return Err(Refusal::UnknownOutcome {
                node: node.id.clone(),
                given: outcome.chars().take(limits::KEY_BYTES).collect(),
                allowed: node.outcomes.clone(),
            });
        }
        if outcome == SEND_BACK && !node.return_drawn {
            return self.send_back(token);
        }
        self.outcome = Some(outcome).filter(|outcome| !outcome.is_empty());
        self.finish(token, at, None)
    }

    fn send_back(&mut self, token: u32) -> Result<(), Refusal> {
        let to = send_back_check(self.def, &self.state, token)?;
        let (from, _) = self.place(token)?;
        self.drop_timers(token);
        self.emit(Event::SentBack { token, from, to });
        self.wait_at(token, to, Some(from))
    }

    fn answered(&mut self, token: u32) -> Result<(), Refusal> {
        let at = self
            .waiting(token, NodeKind::Rule, "a decision")
            .or_else(|_| self.waiting(token, NodeKind::ServiceTask, "a waiting service task"))?;
        self.finish(token, at, None)
    }

    fn returned(&mut self, token: u32, vars: &crate::state::Vars) -> Result<(), Refusal> {
        let at = self.waiting(token, NodeKind::Call, "a call activity")?;
        let node = self.def.node(at);
        if let Some(called) = &node.called {
            let out = self.called_outputs(node, called, vars)?;
            self.set_from(token, out);
        }
        self.finish(token, at, None)
    }

    /// Moves every token until it waits, then checks that the case can go on.
    fn rest(&mut self) -> Result<(), Refusal> {
        self.after_move()?;
        while !self.moves.is_empty() {
            let next = self.moves.remove(0);
            if self.state.token(next.token()).is_none() {
                continue;
            }
            self.busy.push(next.token());
            match next {
                Move::Flow(token, flow) => self.arrive(token, flow)?,
                Move::At(token, node) => self.placed(token, node)?,
                Move::Out(token, node) => self.go_out(token, node)?,
            }
            self.busy.clear();
            self.after_move()?;
        }
        if self.events.is_empty() || self.state.done {
            return Ok(());
        }
        if self.state.tokens.is_empty() {
            self.drop_all_timers();
            self.emit(Event::Finished);
            return Ok(());
        }
        let waits = |token: &crate::state::Token| token.via.is_none();
        match self.state.tokens.first() {
            Some(first) if self.def.strict && !self.state.tokens.iter().any(waits) => {
                Err(Refusal::WouldStick { node: self.def.node(first.node).id.clone() })
            }
            _ => Ok(()),
        }
    }

    /// What one move may have made possible for tokens that wait.
    fn after_move(&mut self) -> Result<(), Refusal> {
        if !self.def.reach.is_empty() {
            self.inclusive_joins()?;
        }
        if self.def.has_conditions && (self.changed || !self.fresh.is_empty()) {
            self.conditions()?;
        }
        Ok(())
    }

    fn count(&mut self, at: NodeIx) -> Result<(), Refusal> {
        self.steps += 1;
        if self.steps > limits::AUTOMATIC_STEPS {
            let (node, limit) = (self.def.node(at).id.clone(), limits::AUTOMATIC_STEPS);
            return Err(Refusal::TooManySteps { node, limit });
        }
        Ok(())
    }

    /// Whether a token is on its way: where it last waited no longer counts.
    fn moving(&self, token: u32) -> bool {
        self.busy.contains(&token) || self.moves.iter().any(|next| next.token() == token)
    }

    /// A new token.
    fn bear(&mut self, node: NodeIx, scope: u32, index: Option<u32>, undo: Option<u32>) -> u32 {
        let token = self.state.next;
        self.emit(Event::Born { token, node, scope, index, undo });
        token
    }

    fn room_for(&self, more: usize, at: NodeIx) -> Result<(), Refusal> {
        if self.state.tokens.len() + more > limits::TOKENS {
            let node = self.def.node(at).id.clone();
            return Err(Refusal::TooManyTokens { node, limit: limits::TOKENS });
        }
        Ok(())
    }
}

fn wrong_place(token: u32, node: &Node, expected: &str) -> Refusal {
    Refusal::WrongPlace { token, node: node.id.clone(), expected: expected.to_owned() }
}

/// A task that names its outcomes takes only these; another takes any short one.
fn outcome_allowed(node: &Node, outcome: &str) -> bool {
    if node.outcomes.is_empty() {
        return outcome.len() <= limits::KEY_BYTES;
    }
    node.outcomes.iter().any(|allowed| allowed == outcome)
}
