//! Decides: one command against a state gives the events of all automatic nodes up to the next
//! waits, or a refusal. Nothing is changed; the events are tried on a copy as they arise.

use std::collections::VecDeque;

use crate::act::{Command, Env, Event, Refusal};
use crate::apply::apply;
use crate::back::{SEND_BACK, send_back_check};
use crate::definition::{Definition, Node, NodeIx, NodeKind};
use crate::limits;
use crate::state::{State, token_timers};
use crate::value::Value;

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
    if state.tokens.iter().any(|token| def.node(token.node).kind == NodeKind::Missing) {
        return Err(Refusal::OtherEdition);
    }
    let mut run = Run {
        def,
        env,
        outcome: None,
        state: state.clone(),
        events: Vec::new(),
        moves: VecDeque::new(),
        steps: 0,
    };
    match command {
        Command::Start if state.started() => return Err(Refusal::AlreadyStarted),
        Command::Start => run.start()?,
        Command::TimerFired { token, boundary } => run.timer(token, boundary)?,
        _ if !state.started() => return Err(Refusal::NotStarted),
        _ if state.done => return Err(Refusal::Ended),
        Command::Complete { token, outcome } => run.complete(token, outcome)?,
        Command::SendBack { token } => run.send_back(token)?,
        Command::Answered { token } => run.answered(token)?,
        Command::Cancel => run.cancel(),
    }
    run.rest()
}

/// A command under way.
struct Run<'a> {
    def: &'a Definition,
    env: &'a Env<'a>,
    /// Outcome of the task that this command ended; conditions see it as `outcome`.
    outcome: Option<String>,
    state: State,
    events: Vec<Event>,
    /// Tokens on their way: (token, flow).
    moves: VecDeque<(u32, u16)>,
    steps: usize,
}

impl<'a> Run<'a> {
    fn emit(&mut self, event: Event) {
        apply(self.def, &mut self.state, &event);
        self.events.push(event);
    }

    fn place(&self, token: u32) -> Result<(NodeIx, &'a Node), Refusal> {
        let here = self.state.token(token).ok_or(Refusal::NoToken { token })?;
        Ok((here.node, self.def.node(here.node)))
    }

    fn start(&mut self) -> Result<(), Refusal> {
        self.emit(Event::Started);
        self.leave_by_all(1, self.def.start())
    }

    fn complete(&mut self, token: u32, outcome: String) -> Result<(), Refusal> {
        let (at, node) = self.place(token)?;
        if node.kind != NodeKind::UserTask {
            return Err(wrong_place(token, node, "a user task"));
        }
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
        self.drop_timers(token);
        let said = Some(outcome).filter(|outcome| !outcome.is_empty());
        self.outcome.clone_from(&said);
        self.emit(Event::Left { token, node: at, outcome: said });
        self.leave_by_all(token, at)
    }

    fn send_back(&mut self, token: u32) -> Result<(), Refusal> {
        let to = send_back_check(self.def, &self.state, token)?;
        let (from, _) = self.place(token)?;
        self.drop_timers(token);
        self.emit(Event::SentBack { token, from, to });
        self.wait_at(token, to, Some(from));
        Ok(())
    }

    fn answered(&mut self, token: u32) -> Result<(), Refusal> {
        let (at, node) = self.place(token)?;
        if node.kind != NodeKind::ServiceTask {
            return Err(wrong_place(token, node, "a waiting service task"));
        }
        self.drop_timers(token);
        self.emit(Event::Left { token, node: at, outcome: None });
        self.leave_by_all(token, at)
    }

    fn timer(&mut self, token: u32, boundary: Option<NodeIx>) -> Result<(), Refusal> {
        let Some(here) = self.state.token(token) else { return Ok(()) };
        let at = here.node;
        let fired = boundary.unwrap_or(at);
        if !token_timers(self.def, here).contains(&(token, fired)) {
            return Ok(());
        }
        self.emit(Event::TimerRang { token, node: fired });
        let Some(by) = boundary.filter(|boundary| *boundary != at) else {
            self.emit(Event::Left { token, node: at, outcome: None });
            return self.leave_by_all(token, at);
        };
        if self.def.node(by).interrupting {
            for (token, node) in self.timers_of(token).into_iter().filter(|timer| timer.1 != by) {
                self.emit(Event::TimerDropped { token, node });
            }
            self.emit(Event::Interrupted { token, node: at, by });
            return self.leave_by_all(token, by);
        }
        self.room_for(1, by)?;
        let beside = self.state.next;
        self.emit(Event::Forked { token: beside, node: by });
        self.leave_by_all(beside, by)
    }

    fn cancel(&mut self) {
        self.drop_all_timers();
        self.emit(Event::Cancelled);
    }

    /// Moves every token until it waits, then checks that the case can go on.
    fn rest(mut self) -> Result<Vec<Event>, Refusal> {
        while let Some((token, flow)) = self.moves.pop_front() {
            self.arrive(token, flow)?;
        }
        if self.events.is_empty() || self.state.done {
            return Ok(self.events);
        }
        if self.state.tokens.is_empty() {
            self.emit(Event::Finished);
            return Ok(self.events);
        }
        let waits = |token: &crate::state::Token| token.via.is_none();
        match self.state.tokens.first() {
            Some(first) if !self.state.tokens.iter().any(waits) => {
                Err(Refusal::WouldStick { node: self.def.node(first.node).id.clone() })
            }
            _ => Ok(self.events),
        }
    }

    fn arrive(&mut self, token: u32, flow: u16) -> Result<(), Refusal> {
        let Some(to) = self.def.flows.get(usize::from(flow)).map(|flow| flow.to) else {
            return Err(Refusal::OtherEdition);
        };
        let node = self.def.node(to);
        self.steps += 1;
        if self.steps > limits::AUTOMATIC_STEPS {
            let limit = limits::AUTOMATIC_STEPS;
            return Err(Refusal::TooManySteps { node: node.id.clone(), limit });
        }
        match node.kind {
            NodeKind::End => self.emit(Event::Ended { token, node: to }),
            NodeKind::TerminateEnd => {
                self.emit(Event::Ended { token, node: to });
                self.moves.clear();
                self.drop_all_timers();
                self.emit(Event::Finished);
            }
            NodeKind::Exclusive => self.choose(token, to, node)?,
            NodeKind::Parallel if node.incoming.len() > 1 => self.join(token, to, flow)?,
            NodeKind::ServiceTask if !node.waits => {
                self.ask(token, to, node);
                self.leave_by_all(token, to)?;
            }
            NodeKind::UserTask | NodeKind::ServiceTask | NodeKind::TimerCatch => {
                let from = self.state.token(token).and_then(|token| token.came_from());
                self.wait_at(token, to, from);
            }
            // A start or a boundary event has no incoming flow: `compile` refuses one.
            NodeKind::Parallel | NodeKind::Start | NodeKind::TimerBoundary | NodeKind::Missing => {
                self.leave_by_all(token, to)?;
            }
        }
        Ok(())
    }

    fn wait_at(&mut self, token: u32, node: NodeIx, from: Option<NodeIx>) {
        self.emit(Event::Entered { token, node, from });
        let at = self.def.node(node);
        if at.kind == NodeKind::ServiceTask {
            self.ask(token, node, at);
        }
        for (token, node) in self.timers_of(token) {
            if let Some(spec) = self.def.node(node).timer.clone() {
                self.emit(Event::TimerSet { token, node, spec });
            }
        }
    }

    fn ask(&mut self, token: u32, node: NodeIx, at: &Node) {
        let job = at.job.clone().unwrap_or_default();
        self.emit(Event::JobAsked { token, node, job });
    }

    fn choose(&mut self, token: u32, at: NodeIx, node: &Node) -> Result<(), Refusal> {
        let (data, outcome) = (self.env.data, self.outcome.as_deref());
        let look = |name: &str| match (name, outcome) {
            ("outcome", Some(outcome)) => Some(Value::from(outcome)),
            _ => data(name),
        };
        // A flow without condition that is not the default is the only way, or always open.
        let open = |flow: &crate::definition::Flow| match &flow.condition {
            Some(condition) => condition.holds(&look),
            None => !flow.is_default,
        };
        let first = self.def.outgoing(at).find(|(_, flow)| open(flow));
        let way = first.or_else(|| self.def.outgoing(at).find(|(_, flow)| flow.is_default));
        let flow = way.map(|(number, _)| number);
        let flow = flow.ok_or_else(|| Refusal::NoPath { node: node.id.clone() })?;
        self.emit(Event::Chose { token, node: at, flow });
        self.moves.push_back((token, flow));
        Ok(())
    }

    fn join(&mut self, token: u32, at: NodeIx, flow: u16) -> Result<(), Refusal> {
        self.emit(Event::Arrived { token, node: at, flow });
        let mut of = Vec::new();
        for &incoming in &self.def.node(at).incoming {
            let here =
                |token: &&crate::state::Token| token.node == at && token.via == Some(incoming);
            match self.state.tokens.iter().find(here) {
                Some(token) => of.push(token.id),
                None => return Ok(()),
            }
        }
        let joined = self.state.next;
        self.emit(Event::Joined { token: joined, node: at, of });
        self.leave_by_all(joined, at)
    }

    /// Sends a token on; where several flows leave, one token goes along each.
    fn leave_by_all(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        let ways: Vec<u16> = self.def.outgoing(at).map(|(number, _)| number).collect();
        match ways.as_slice() {
            [] => {
                // A node that nothing leaves ends its token, as BPMN says.
                self.emit(Event::Ended { token, node: at });
            }
            [only] => self.moves.push_back((token, *only)),
            _ => {
                self.room_for(ways.len() - 1, at)?;
                let first = self.state.next;
                let into: Vec<u32> = (first..).take(ways.len()).collect();
                self.emit(Event::Split { token, node: at, into: into.clone() });
                self.moves.extend(into.into_iter().zip(ways));
            }
        }
        Ok(())
    }

    fn room_for(&self, more: usize, at: NodeIx) -> Result<(), Refusal> {
        if self.state.tokens.len() + more > limits::TOKENS {
            let node = self.def.node(at).id.clone();
            return Err(Refusal::TooManyTokens { node, limit: limits::TOKENS });
        }
        Ok(())
    }

    fn timers_of(&self, token: u32) -> Vec<(u32, NodeIx)> {
        self.state.token(token).map_or_else(Vec::new, |token| token_timers(self.def, token))
    }

    fn drop_timers(&mut self, token: u32) {
        for (token, node) in self.timers_of(token) {
            self.emit(Event::TimerDropped { token, node });
        }
    }

    fn drop_all_timers(&mut self) {
        for (token, node) in crate::state::live_timers(self.def, &self.state) {
            self.emit(Event::TimerDropped { token, node });
        }
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
