//! Several instances side by side on one clock: timers, messages, signals and calls between them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::act::{Command, Env};
use crate::apply::apply;
use crate::definition::{Definition, NodeIx, NodeKind, TimerSpec};
use crate::event::{Event, Thrown};
use crate::limits;
use crate::refusal::Refusal;
use crate::state::{State, Vars, open_jobs, open_tasks};
use crate::step::attempt;
use crate::trigger::Script;
use crate::waits::{is_timer, waits};

use super::clock::Instant;

/// How an instance stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    Active,
    Suspended,
    Ended(&'static str),
    Failed,
}

/// One instance of a process.
#[derive(Clone)]
pub(super) struct Instance {
    pub(super) name: String,
    /// Which definition.
    pub(super) process: usize,
    pub(super) state: State,
    pub(super) status: Status,
    pub(super) error: Option<Json>,
    /// The instance that called it and the token that waits there.
    pub(super) parent: Option<(usize, u32)>,
    /// How often each call activity has called.
    pub(super) calls: BTreeMap<NodeIx, u32>,
}

/// A timer that waits: of an instance, or of a start event.
#[derive(Clone)]
pub(super) struct Timer {
    pub(super) instance: Option<usize>,
    pub(super) process: usize,
    pub(super) token: u32,
    pub(super) node: NodeIx,
    pub(super) due: Instant,
    pub(super) set_at: Instant,
    pub(super) seq: u64,
    pub(super) spec: TimerSpec,
}

/// Something that an instance waits for, in the order in which it began.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) instance: usize,
    pub(super) token: u32,
    pub(super) node: NodeIx,
}

/// What one instance does to others.
#[derive(Clone)]
pub(super) enum Effect {
    Signal { name: String, except: Option<usize>, vars: Vars },
    Message { name: String, from: usize },
    Call { parent: usize, token: u32, node: NodeIx, process: String, vars: Vars },
    Tell { instance: usize, command: Command },
}

/// Why a step did not do what it says.
pub(super) enum Trouble {
    /// Not possible; nothing changed.
    Refused(String, String),
    /// An error at run time.
    Failed(String, String),
}

pub(super) type Outcome = Result<(), Trouble>;

#[derive(Clone)]
pub(super) struct World {
    pub(super) definitions: Arc<Vec<Definition>>,
    pub(super) instances: Vec<Instance>,
    pub(super) clock: Instant,
    pub(super) timers: Vec<Timer>,
    pub(super) rows: Vec<Row>,
    pub(super) log: Vec<Json>,
    pub(super) effects: VecDeque<Effect>,
    pub(super) seq: u64,
    /// Instances begun by an event, counted by process.
    pub(super) begun: BTreeMap<usize, u32>,
}

impl World {
    pub(super) fn new(definitions: Vec<Definition>, clock: Instant) -> Self {
        let mut world = Self {
            definitions: Arc::new(definitions),
            instances: Vec::new(),
            clock,
            timers: Vec::new(),
            rows: Vec::new(),
            log: Vec::new(),
            effects: VecDeque::new(),
            seq: 0,
            begun: BTreeMap::new(),
        };
        for process in 0..world.definitions.len() {
            world.watch_starts(process);
        }
        world
    }

    pub(super) fn log(&self) -> &[Json] {
        &self.log
    }

    pub(super) fn def(&self, instance: usize) -> Option<&Definition> {
        self.definitions.get(self.instances.get(instance)?.process)
    }

    /// The next effect to follow, as long as cases do not wake each other without end.
    fn next_effect(&mut self, count: &mut usize) -> Result<Option<Effect>, Trouble> {
        let next = self.effects.pop_front();
        *count += usize::from(next.is_some());
        if *count > limits::AUTOMATIC_STEPS {
            self.effects.clear();
            let reason = "cases wake each other without end".to_owned();
            return Err(Trouble::Failed("limit".to_owned(), reason));
        }
        Ok(next)
    }

    /// A new instance for a message, a signal or a timer, named after its process.
    pub(super) fn newcomer(&mut self, process: usize) -> Option<usize> {
        let id = self.definitions.get(process)?.id().to_owned();
        let count = self.begun.entry(process).or_insert(0);
        *count += 1;
        let name = format!("{id}#{count}");
        Some(self.add(name, process, None))
    }

    /// Begins an instance by an event, and carries out all that follows elsewhere.
    pub(super) fn begin_at(&mut self, process: usize, node: NodeIx, vars: Vars) -> Outcome {
        let Some(instance) = self.newcomer(process) else { return Ok(()) };
        let then = Box::new(Command::StartAt { node });
        self.act(instance, Command::With { vars, then })
    }

    pub(super) fn add(
        &mut self,
        name: String,
        process: usize,
        parent: Option<(usize, u32)>,
    ) -> usize {
        self.instances.push(Instance {
            name,
            process,
            state: State::default(),
            status: Status::Active,
            error: None,
            parent,
            calls: BTreeMap::new(),
        });
        self.instances.len() - 1
    }

    /// Carries out a command on one instance and all that follows from it elsewhere.
    pub(super) fn act(&mut self, instance: usize, command: Command) -> Outcome {
        let mut outcome = self.one(instance, command);
        if matches!(outcome, Err(Trouble::Refused(..))) {
            return outcome;
        }
        let mut count = 0;
        while let Some(effect) = self.next_effect(&mut count)? {
            let next = self.follow(effect);
            if outcome.is_ok()
                && let Err(Trouble::Failed(code, message)) = next
            {
                outcome = Err(Trouble::Failed(code, message));
            }
        }
        outcome
    }

    /// Signals from outside.
    pub(super) fn signal(&mut self, name: &str, vars: Vars) -> Outcome {
        let name = name.to_owned();
        self.follow_all(Effect::Signal { name, except: None, vars })
    }

    fn follow_all(&mut self, effect: Effect) -> Outcome {
        let mut outcome = self.follow(effect);
        let mut count = 0;
        while let Some(effect) = self.next_effect(&mut count)? {
            let next = self.follow(effect);
            if outcome.is_ok() {
                outcome = next;
            }
        }
        outcome
    }

    pub(super) fn one(&mut self, instance: usize, command: Command) -> Outcome {
        let Some(found) = self.instances.get(instance) else { return Ok(()) };
        let Some(def) = self.definitions.get(found.process) else { return Ok(()) };
        let nothing = |_: &str| None;
        let (events, refusal) = attempt(def, &found.state, command, &Env { data: &nothing });
        if let Some(refusal) = refusal {
            if !refusal.is_incident() {
                return Err(Trouble::Refused(kebab(refusal.key()), refusal.to_string()));
            }
            return Err(self.fail(instance, &events, &refusal));
        }
        for event in &events {
            self.happened(instance, event);
        }
        self.settle(instance);
        Ok(())
    }

    /// The instance stops where it was; what scripts had marked stays in the log.
    fn fail(&mut self, instance: usize, events: &[Event], refusal: &Refusal) -> Trouble {
        for event in events.iter().filter(|event| matches!(event, Event::Marked { .. })) {
            self.mark(instance, event);
        }
        let code = match refusal {
            Refusal::TooManySteps { .. } | Refusal::TooManyTokens { .. } => "limit".to_owned(),
            other => kebab(other.key()),
        };
        let element = match refusal {
            Refusal::NoPath { node }
            | Refusal::WouldStick { node }
            | Refusal::TooManySteps { node, .. }
            | Refusal::TooManyTokens { node, .. }
            | Refusal::Expression { node, .. } => Json::from(node.as_str()),
            _ => Json::Null,
        };
        let message = refusal.to_string();
        self.break_off(instance, &code, element, &message);
        Trouble::Failed(code, message)
    }

    /// Marks an instance as failed; its timers and waits go.
    pub(super) fn break_off(&mut self, at: usize, code: &str, element: Json, message: &str) {
        if let Some(instance) = self.instances.get_mut(at) {
            instance.status = Status::Failed;
            instance.error = Some(json!({
                "kind": "runtime", "code": code, "element": element, "message": message,
            }));
        }
        self.timers.retain(|timer| timer.instance != Some(at));
        self.rows.retain(|row| row.instance != at);
    }

    /// Applies one event of an instance and notes what it means for the world.
    fn happened(&mut self, at: usize, event: &Event) {
        self.mark(at, event);
        let process = self.instances.get(at).map_or(0, |instance| instance.process);
        match event {
            Event::TimerSet { token, node, spec } => {
                self.set_timer(Some(at), process, *token, *node, spec.clone());
            }
            Event::TimerDropped { token, node } => {
                let gone = |t: &Timer| (t.instance, t.token, t.node) == (Some(at), *token, *node);
                if let Some(place) = self.timers.iter().position(gone) {
                    self.timers.remove(place);
                }
            }
            Event::SignalSent { name, .. } => {
                let name = name.clone();
                self.effects.push_back(Effect::Signal {
                    name,
                    except: Some(at),
                    vars: Vars::new(),
                });
            }
            Event::MessageSent { name, .. } => {
                self.effects.push_back(Effect::Message { name: name.clone(), from: at });
            }
            Event::Called { token, node, process, vars, .. } => {
                self.effects.push_back(Effect::Call {
                    parent: at,
                    token: *token,
                    node: *node,
                    process: process.clone(),
                    vars: vars.clone(),
                });
            }
            Event::Interrupted { token, .. } | Event::Returned { token, .. } => {
                self.abandon(|parent| parent == (at, *token));
            }
            Event::Uncaught { node, what, code } => self.uncaught(at, *node, *what, code),
            _ => {}
        }
        let how = self.ending(at, event);
        let Some(instance) = self.instances.get_mut(at) else { return };
        let Some(def) = self.definitions.get(process) else { return };
        apply(def, &mut instance.state, event);
        if let Some(how) = how {
            instance.status = Status::Ended(how);
            let finished = *event == Event::Finished;
            if let (Some((parent, token)), true) = (instance.parent, finished) {
                let vars = instance.state.vars.clone();
                let command = Command::Returned { token, vars };
                self.effects.push_back(Effect::Tell { instance: parent, command });
            }
        }
    }

    fn ending(&self, at: usize, event: &Event) -> Option<&'static str> {
        let instance = self.instances.get(at)?;
        let def = self.definitions.get(instance.process)?;
        match event {
            Event::Finished => {
                // A terminate end finishes the process with its own token only.
                let terminated = instance.status == Status::Ended("terminated");
                Some(if terminated { "terminated" } else { "completed" })
            }
            Event::Ended { token, node } if def.node(*node).kind == NodeKind::TerminateEnd => {
                let root = instance.state.token(*token).is_some_and(|token| token.scope == 0);
                root.then_some("terminated")
            }
            Event::Cancelled => {
                let by_error = instance.error.as_ref().is_some_and(|e| e["kind"] == "error-event");
                Some(if by_error { "error" } else { "cancelled" })
            }
            _ => None,
        }
    }

    fn mark(&mut self, at: usize, event: &Event) {
        let Event::Marked { token, node, mark } = event else { return };
        let Some(instance) = self.instances.get(at) else { return };
        let Some(def) = self.definitions.get(instance.process) else { return };
        let element = def.node(*node);
        let here = |t: &&Timer| (t.instance, t.token, t.node) == (Some(at), *token, *node);
        let took = matches!(element.script, Some(Script::Wait { .. }));
        let began = self.timers.iter().find(here).filter(|_| took).map(|timer| timer.set_at);
        let until = if took { Json::from(self.clock.text()) } else { Json::Null };
        self.log.push(json!({
            "marker": mark, "element": element.id, "instance": instance.name,
            "at": began.unwrap_or(self.clock).text(), "until": until,
        }));
    }

    fn uncaught(&mut self, at: usize, node: NodeIx, what: Thrown, code: &str) {
        let element = self.def(at).map(|def| def.node(node).id.clone()).unwrap_or_default();
        let parent = self.instances.get(at).and_then(|instance| instance.parent);
        let kind = match what {
            Thrown::Error => "error-event",
            Thrown::Escalation => "escalation-event",
        };
        if let Some((parent, token)) = parent {
            let code = code.to_owned();
            let command = match what {
                Thrown::Error => Command::Fail { token, code },
                Thrown::Escalation => Command::Escalate { token, code },
            };
            self.effects.push_back(Effect::Tell { instance: parent, command });
        }
        let thrown_at_end = self.def(at).is_some_and(|def| def.node(node).kind == NodeKind::End);
        if what == Thrown::Escalation && !thrown_at_end {
            return;
        }
        if let Some(instance) = self.instances.get_mut(at) {
            let message = format!("nothing caught the code {code:?}");
            instance.error = Some(json!({
                "kind": kind, "code": code, "element": element, "message": message,
            }));
        }
    }

    /// After an instance moved: its rows, and the instances that nobody waits for any more.
    fn settle(&mut self, at: usize) {
        let Some(instance) = self.instances.get(at) else { return };
        let Some(def) = self.definitions.get(instance.process) else { return };
        let state = &instance.state;
        let mut now: Vec<Row> = Vec::new();
        if matches!(instance.status, Status::Active | Status::Suspended) {
            let tasks = open_tasks(def, state).chain(open_jobs(def, state));
            let events = waits(def, state).into_iter().filter(|w| !is_timer(def.node(w.1)));
            now.extend(tasks.chain(events).map(|(token, node)| Row { instance: at, token, node }));
        } else {
            self.timers.retain(|timer| timer.instance != Some(at));
        }
        self.rows.retain(|row| row.instance != at || now.contains(row));
        let fresh: Vec<Row> = now.into_iter().filter(|row| !self.rows.contains(row)).collect();
        self.rows.extend(fresh);
        let calls: Vec<u32> = state
            .tokens
            .iter()
            .filter(|token| def.node(token.node).kind == NodeKind::Call)
            .map(|token| token.id)
            .collect();
        self.abandon(|(parent, token)| parent == at && !calls.contains(&token));
    }

    /// Cancels running instances that nobody waits for any more, by the place that called them.
    fn abandon(&mut self, gone: impl Fn((usize, u32)) -> bool) {
        for (instance, found) in self.instances.iter().enumerate() {
            let runs = matches!(found.status, Status::Active | Status::Suspended);
            if runs && found.parent.is_some_and(&gone) {
                self.effects.push_back(Effect::Tell { instance, command: Command::Cancel });
            }
        }
    }
}

fn kebab(key: &str) -> String {
    key.replace('_', "-")
}
