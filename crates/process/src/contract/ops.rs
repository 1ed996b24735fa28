//! The steps of a scenario, each carried out on the world.

use serde_json::{Value as Json, json};

use crate::act::Command;
use crate::definition::{Definition, NodeIx, NodeKind};
use crate::limits;
use crate::modify::Instruction;
use crate::region::return_targets;
use crate::state::Vars;

use super::clock::Instant;
use super::scenario::{
    Advance, Complete, CompleteAll, Job, JobResult, Message, Modify, Moved, Order, Place, Return,
    Start, Step, Targets,
};
use super::world::{Outcome, Row, Status, Trouble, World};

fn refused(code: &str, message: String) -> Outcome {
    Err(Trouble::Refused(code.to_owned(), message))
}

impl World {
    /// One step with its entry in the trace.
    pub(super) fn step(&mut self, index: u64, step: &Step) -> Json {
        let before = self.clone();
        let mut targets = None;
        let outcome = match step {
            Step::Targets(wanted) => match self.targets(wanted) {
                Ok(found) => {
                    targets = Some(found);
                    Ok(())
                }
                Err(trouble) => Err(trouble),
            },
            other => self.carry_out(other),
        };
        let (result, code, message) = match outcome {
            Ok(()) => ("done", Json::Null, Json::Null),
            Err(Trouble::Refused(code, message)) => {
                *self = before;
                ("refused", Json::from(code), Json::from(message))
            }
            Err(Trouble::Failed(code, message)) => {
                ("failed", Json::from(code), Json::from(message))
            }
        };
        let mut entry = json!({
            "index": index, "op": step.name(), "result": result, "code": code, "message": message,
            "snapshot": self.snapshot(),
        });
        if let (Some(targets), Some(entry)) = (targets, entry.as_object_mut()) {
            entry.insert("targets".to_owned(), Json::from(targets));
        }
        entry
    }

    fn carry_out(&mut self, step: &Step) -> Outcome {
        match step {
            Step::Start(start) => self.begin(start),
            Step::Complete(complete) => self.complete(complete),
            Step::CompleteAll(complete) => self.complete_all(complete),
            Step::Advance(advance) => self.advance(advance),
            Step::FireTimer(place) => self.fire_timer(place),
            Step::Message(message) => self.message(message),
            Step::Signal(signal) => self.signal(&signal.name, signal.variables.clone()),
            Step::Set(set) => {
                let at = self.named(&set.instance)?;
                self.act(at, Command::Set { vars: set.variables.clone() })
            }
            Step::Job(job) => self.job(job),
            Step::Modify(modify) => self.modify(modify),
            Step::Return(wanted) => self.return_task(wanted),
            Step::Targets(_) => Ok(()),
            Step::Suspend(named) => {
                let at = self.named(&named.instance)?;
                self.set_status(at, Status::Suspended);
                Ok(())
            }
            Step::Resume(named) => {
                let at = self.any_named(&named.instance)?;
                if self.status(at) != Some(Status::Suspended) {
                    return refused("not-suspended", "it is not suspended".to_owned());
                }
                self.set_status(at, Status::Active);
                Ok(())
            }
            Step::Stop(named) => {
                let at = self.any_named(&named.instance)?;
                match self.status(at) {
                    Some(Status::Active | Status::Suspended) => self.act(at, Command::Cancel),
                    _ => refused("ended", "it has ended".to_owned()),
                }
            }
        }
    }

    fn status(&self, at: usize) -> Option<Status> {
        self.instances.get(at).map(|instance| instance.status)
    }

    fn set_status(&mut self, at: usize, status: Status) {
        if let Some(instance) = self.instances.get_mut(at) {
            instance.status = status;
        }
    }

    fn any_named(&self, name: &str) -> Result<usize, Trouble> {
        let found = self.instances.iter().position(|instance| instance.name == name);
        found.ok_or_else(|| {
            Trouble::Refused("no-instance".to_owned(), format!("there is no instance {name:?}"))
        })
    }

    /// An instance that can be worked on.
    fn named(&self, name: &str) -> Result<usize, Trouble> {
        let at = self.any_named(name)?;
        let (code, state) = match self.status(at) {
            Some(Status::Active) => return Ok(at),
            Some(Status::Suspended) => ("suspended", "suspended"),
            Some(Status::Failed) => ("failed", "failed"),
            _ => ("ended", "ended"),
        };
        Err(Trouble::Refused(code.to_owned(), format!("instance {name:?} is {state}")))
    }

    fn wanted(&self, instance: Option<&String>) -> Result<Option<usize>, Trouble> {
        instance.map(|name| self.named(name)).transpose()
    }

    fn begin(&mut self, start: &Start) -> Outcome {
        let found = self.definitions.iter().position(|def| def.id() == start.process);
        let Some(process) = found else {
            return refused("no-process", format!("there is no process {:?}", start.process));
        };
        if !self.definitions.get(process).is_some_and(Definition::starts_plainly) {
            return refused("no-start", "the process has no plain start".to_owned());
        }
        if self.instances.iter().any(|instance| instance.name == start.name) {
            return refused("name-taken", format!("there is an instance {:?}", start.name));
        }
        let at = self.add(start.name.clone(), process, None);
        let then = Box::new(Command::Start);
        self.act(at, Command::With { vars: start.variables.clone(), then })
    }

    /// Rows of active instances that stand at nodes of a kind.
    fn at(&self, kind: NodeKind, element: Option<&str>, instance: Option<usize>) -> Vec<Row> {
        let fits = |row: &&Row| {
            let node = self.def(row.instance).map(|def| def.node(row.node));
            self.is_active(row.instance)
                && instance.is_none_or(|instance| row.instance == instance)
                && node.is_some_and(|node| {
                    node.kind == kind && element.is_none_or(|element| node.id == element)
                })
                && self.instances.get(row.instance).is_some_and(|found| {
                    // A row of an event on the edge has the node of the event.
                    found.state.token(row.token).is_some_and(|token| token.node == row.node)
                })
        };
        self.rows.iter().filter(fits).copied().collect()
    }

    fn complete(&mut self, complete: &Complete) -> Outcome {
        let instance = self.wanted(complete.instance.as_ref())?;
        let tasks = self.at(NodeKind::UserTask, complete.task.as_deref(), instance);
        let row = match (tasks.as_slice(), &complete.task) {
            ([], _) => return refused("no-task", "no such task is active".to_owned()),
            ([row], _) | ([row, ..], Some(_)) => *row,
            _ => return refused("several-tasks", "more than one task is active".to_owned()),
        };
        self.complete_row(row, complete.variables.clone())
    }

    fn complete_row(&mut self, row: Row, vars: Vars) -> Outcome {
        let said = vars.get("outcome").and_then(Json::as_str).map(str::to_owned);
        // A task that can end in one way only needs no word for it.
        let only = || match self.def(row.instance)?.node(row.node).outcomes.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        };
        let outcome = said.or_else(only).unwrap_or_default();
        let then = Box::new(Command::Complete { token: row.token, outcome });
        self.act(row.instance, Command::With { vars, then })
    }

    fn complete_all(&mut self, complete: &CompleteAll) -> Outcome {
        let instance = self.wanted(complete.instance.as_ref())?;
        let mut rounds = 0;
        loop {
            let tasks = self.at(NodeKind::UserTask, complete.task.as_deref(), instance);
            if tasks.is_empty() {
                return Ok(());
            }
            for row in tasks {
                rounds += 1;
                if rounds > limits::AUTOMATIC_STEPS {
                    let message = format!("more than {} tasks", limits::AUTOMATIC_STEPS);
                    return Err(Trouble::Failed("limit".to_owned(), message));
                }
                if self.rows.contains(&row) && self.is_active(row.instance) {
                    self.complete_row(row, Vars::new())?;
                }
            }
            if !complete.repeat {
                return Ok(());
            }
        }
    }

    fn advance(&mut self, advance: &Advance) -> Outcome {
        let until = match (&advance.by, &advance.to) {
            (Some(by), _) => self.clock.plus(by),
            (None, Some(to)) => Instant::parse(to),
            (None, None) => None,
        };
        let Some(until) = until.filter(|until| *until >= self.clock) else {
            return refused("bad-time", "expected a duration or a later instant".to_owned());
        };
        let (mut outcome, mut count) = (Ok(()), 0);
        while let Some(at) = self.next_timer(until) {
            count += 1;
            if count > limits::AUTOMATIC_STEPS {
                let message = format!("more than {} timers fire", limits::AUTOMATIC_STEPS);
                outcome = Err(Trouble::Failed("limit".to_owned(), message));
                break;
            }
            if let Some(timer) = self.timers.get(at) {
                self.clock = self.clock.max(timer.due);
            }
            let next = self.fire(at);
            if let (true, Err(Trouble::Failed(..))) = (outcome.is_ok(), &next) {
                outcome = next;
            }
        }
        self.clock = until;
        outcome
    }

    fn fire_timer(&mut self, place: &Place) -> Outcome {
        let instance = self.wanted(place.instance.as_ref())?;
        let fits = |(at, timer): (usize, &super::world::Timer)| {
            let node = self.definitions.get(timer.process).map(|def| def.node(timer.node));
            let element = place.element.as_deref();
            let fits = timer.instance.is_none_or(|at| self.is_active(at))
                && instance.is_none_or(|wanted| timer.instance == Some(wanted))
                && node.is_some_and(|node| element.is_none_or(|element| node.id == element));
            fits.then_some(at)
        };
        let found: Vec<usize> = self.timers.iter().enumerate().filter_map(fits).collect();
        match found.as_slice() {
            [at] => self.fire(*at),
            [] => refused("no-timer", "no such timer waits".to_owned()),
            _ => refused("several-timers", "more than one such timer waits".to_owned()),
        }
    }

    fn message(&mut self, message: &Message) -> Outcome {
        let instance = self.wanted(message.instance.as_ref())?;
        let vars = message.variables.clone();
        if let Some(row) = self.message_row(&message.name, instance, &|_| true) {
            let then = Box::new(Command::Trigger { token: row.token, node: row.node });
            return self.act(row.instance, Command::With { vars, then });
        }
        let start = self.message_start(&message.name).filter(|_| instance.is_none());
        match start {
            Some((process, node)) => self.begin_at(process, node, vars),
            None => refused("no-receiver", format!("nothing waits for {:?}", message.name)),
        }
    }

    fn job(&mut self, job: &Job) -> Outcome {
        let instance = self.wanted(job.instance.as_ref())?;
        let mut rows = self.at(NodeKind::ServiceTask, Some(&job.element), instance);
        rows.extend(self.at(NodeKind::Rule, Some(&job.element), instance));
        let Some(row) = rows.first().copied() else {
            return refused("no-job", format!("no job waits at {:?}", job.element));
        };
        let token = row.token;
        let vars = job.variables.clone();
        let code = job.code.clone().unwrap_or_default();
        let then = match job.result {
            JobResult::Done => Box::new(Command::Answered { token }),
            JobResult::Error => Box::new(Command::Fail { token, code }),
            JobResult::Failed => {
                let code = if code.is_empty() { "job-failed".to_owned() } else { code };
                let message = "the job failed".to_owned();
                self.break_off(row.instance, &code, Json::from(job.element.as_str()), &message);
                return Ok(());
            }
        };
        self.act(row.instance, Command::With { vars, then })
    }

    fn modify(&mut self, modify: &Modify) -> Outcome {
        let instances: Vec<usize> = match self.wanted(modify.instance.as_ref())? {
            Some(at) => vec![at],
            None => (0..self.instances.len()).filter(|at| self.is_active(*at)).collect(),
        };
        if instances.is_empty() {
            return refused("no-instance", "no instance is active".to_owned());
        }
        let (mut ordered, mut unknown) = (Vec::new(), None);
        for at in instances {
            let Some(def) = self.def(at) else { continue };
            let instructions: Result<Vec<Instruction>, String> =
                modify.instructions.iter().map(|order| instruction(def, order)).collect();
            match instructions {
                Ok(instructions) => ordered.push((at, instructions)),
                Err(id) => unknown = Some(id),
            }
        }
        // Without a name those instances are meant whose process has the elements.
        if let (true, Some(id)) = (ordered.is_empty(), unknown) {
            return refused("unknown-element", format!("there is no element {id:?}"));
        }
        for (at, instructions) in ordered {
            self.act(at, Command::Modify { instructions })?;
        }
        Ok(())
    }

    fn task(&self, task: &str, instance: Option<&String>) -> Result<Row, Trouble> {
        let instance = self.wanted(instance)?;
        let rows = self.at(NodeKind::UserTask, Some(task), instance);
        rows.first().copied().ok_or_else(|| {
            Trouble::Refused("no-task".to_owned(), format!("no task {task:?} is active"))
        })
    }

    fn return_task(&mut self, wanted: &Return) -> Outcome {
        let row = self.task(&wanted.task, wanted.instance.as_ref())?;
        let to = self.def(row.instance).and_then(|def| def.node_by_id(&wanted.to));
        let Some(to) = to else {
            return refused("unknown-element", format!("there is no element {:?}", wanted.to));
        };
        self.act(row.instance, Command::Return { token: row.token, to })
    }

    fn targets(&self, wanted: &Targets) -> Result<Vec<String>, Trouble> {
        let row = self.task(&wanted.task, wanted.instance.as_ref())?;
        let (Some(def), Some(instance)) =
            (self.def(row.instance), self.instances.get(row.instance))
        else {
            return Ok(Vec::new());
        };
        let targets = return_targets(def, &instance.state, row.token);
        Ok(targets.into_iter().map(|ix| def.node(ix).id.clone()).collect())
    }
}

/// An instruction with the places of its elements; the error is an id that is not there.
fn instruction(def: &Definition, order: &Order) -> Result<Instruction, String> {
    let node = |id: &String| def.node_by_id(id).ok_or_else(|| id.clone());
    let nodes = |ids: &[String]| ids.iter().map(node).collect::<Result<Vec<NodeIx>, String>>();
    if let Some(id) = &order.cancel {
        return node(id).map(Instruction::Cancel);
    }
    if let Some(id) = &order.cancel_one {
        return node(id).map(Instruction::CancelOne);
    }
    if let Some(id) = &order.start_before {
        let whole = order.whole == Some(true);
        return node(id).map(|node| Instruction::StartBefore { node, whole });
    }
    if let Some(id) = &order.start_after {
        return node(id).map(Instruction::StartAfter);
    }
    if let Some(id) = &order.take_flow {
        let flow = def.flows().iter().position(|flow| flow.id == *id);
        let flow = flow.and_then(|flow| u16::try_from(flow).ok());
        return flow.map(Instruction::TakeFlow).ok_or_else(|| id.clone());
    }
    if let Some(Moved { from, to }) = &order.moved {
        return Ok(Instruction::Move { from: nodes(from)?, to: nodes(to)? });
    }
    Ok(Instruction::CancelAll)
}
