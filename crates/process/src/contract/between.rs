//! What one instance does to others: signals, messages, calls and their ends.

use serde_json::Value as Json;

use crate::act::Command;
use crate::definition::{Definition, NodeIx};
use crate::limits;
use crate::state::Vars;
use crate::trigger::Trigger;

use super::world::{Effect, Outcome, Row, Status, Trouble, World};

impl World {
    pub(super) fn follow(&mut self, effect: Effect) -> Outcome {
        match effect {
            Effect::Tell { instance, command } => match self.one(instance, command) {
                // Whoever was to be told has gone on in the meantime.
                Err(Trouble::Refused(..)) => Ok(()),
                other => other,
            },
            Effect::Signal { name, except, vars } => self.broadcast(&name, except, &vars),
            Effect::Message { name, from } => {
                let other = |row: &Row| row.instance != from;
                match self
                    .message_row(&name, None, &other)
                    .or_else(|| self.message_row(&name, None, &|row: &Row| row.instance == from))
                {
                    Some(row) => self
                        .one(row.instance, Command::Trigger { token: row.token, node: row.node }),
                    None => match self.message_start(&name) {
                        Some((process, node)) => self.begin_at_now(process, node, Vars::new()),
                        // It goes to somebody outside.
                        None => Ok(()),
                    },
                }
            }
            Effect::Call { parent, token, node, process, vars } => {
                self.call(parent, token, node, &process, vars)
            }
        }
    }

    /// Like `begin_at`, as one effect among others.
    fn begin_at_now(&mut self, process: usize, node: NodeIx, vars: Vars) -> Outcome {
        let Some(instance) = self.newcomer(process) else { return Ok(()) };
        let then = Box::new(Command::StartAt { node });
        self.one(instance, Command::With { vars, then })
    }

    fn broadcast(&mut self, name: &str, except: Option<usize>, vars: &Vars) -> Outcome {
        let hears = |trigger: &Trigger| matches!(trigger, Trigger::Signal(n) if n == name);
        let mut waiting = self.rows.clone();
        waiting.retain(|row| Some(row.instance) != except && self.is_active(row.instance));
        waiting.retain(|row| {
            self.def(row.instance).is_some_and(|def| def.node(row.node).triggers.iter().any(hears))
        });
        let mut starts = Vec::new();
        for (process, def) in self.definitions.iter().enumerate() {
            let begins = def.event_starts().iter().copied();
            let begins = begins.filter(|ix| def.node(*ix).triggers.iter().any(hears));
            starts.extend(begins.map(|node| (process, node)));
        }
        let mut outcome = Ok(());
        for row in waiting {
            if !self.rows.contains(&row) {
                continue;
            }
            let then = Box::new(Command::Trigger { token: row.token, node: row.node });
            let next = self.one(row.instance, Command::With { vars: vars.clone(), then });
            if let (true, Err(Trouble::Failed(..))) = (outcome.is_ok(), &next) {
                outcome = next;
            }
        }
        for (process, node) in starts {
            let next = self.begin_at_now(process, node, vars.clone());
            if let (true, Err(Trouble::Failed(..))) = (outcome.is_ok(), &next) {
                outcome = next;
            }
        }
        outcome
    }

    pub(super) fn is_active(&self, instance: usize) -> bool {
        self.instances.get(instance).is_some_and(|found| found.status == Status::Active)
    }

    /// The oldest one that waits for a message.
    pub(super) fn message_row(
        &self,
        name: &str,
        instance: Option<usize>,
        fits: &dyn Fn(&Row) -> bool,
    ) -> Option<Row> {
        let hears = |trigger: &Trigger| matches!(trigger, Trigger::Message(n) if n == name);
        let mut rows = self.rows.iter().filter(|row| {
            instance.is_none_or(|instance| row.instance == instance)
                && fits(row)
                && self.is_active(row.instance)
                && self
                    .def(row.instance)
                    .is_some_and(|def| def.node(row.node).triggers.iter().any(hears))
        });
        rows.next().copied()
    }

    /// A start by a message.
    pub(super) fn message_start(&self, name: &str) -> Option<(usize, NodeIx)> {
        let hears = |trigger: &Trigger| matches!(trigger, Trigger::Message(n) if n == name);
        self.definitions.iter().enumerate().find_map(|(process, def)| {
            let mut starts = def.event_starts().iter();
            let found = starts.find(|ix| def.node(**ix).triggers.iter().any(hears));
            found.map(|ix| (process, *ix))
        })
    }

    fn call(
        &mut self,
        parent: usize,
        token: u32,
        node: NodeIx,
        process: &str,
        vars: Vars,
    ) -> Outcome {
        let element = self.def(parent).map(|def| def.node(node).id.clone()).unwrap_or_default();
        let found = self.definitions.iter().position(|def| def.id() == process);
        let Some(called) =
            found.filter(|at| self.definitions.get(*at).is_some_and(Definition::starts_plainly))
        else {
            let message = format!("there is no process {process:?} that could be called");
            self.break_off(parent, "no-process", Json::from(element), &message);
            return Err(Trouble::Failed("no-process".to_owned(), message));
        };
        let Some(caller) = self.instances.get_mut(parent) else { return Ok(()) };
        if caller.state.token(token).is_none() {
            return Ok(());
        }
        let count = caller.calls.entry(node).or_insert(0);
        *count += 1;
        let name = match *count {
            1 => format!("{}/{element}", caller.name),
            count => format!("{}/{element}#{count}", caller.name),
        };
        if name.matches('/').count() > limits::CALL_DEPTH {
            let message = format!("calls nest deeper than {}", limits::CALL_DEPTH);
            self.break_off(parent, "limit", Json::from(element), &message);
            return Err(Trouble::Failed("limit".to_owned(), message));
        }
        let child = self.add(name, called, Some((parent, token)));
        self.one(child, Command::With { vars, then: Box::new(Command::Start) })
    }
}
