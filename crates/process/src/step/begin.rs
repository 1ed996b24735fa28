//! A token arrives at a node and the node begins.

use crate::definition::{Flow, Node, NodeIx, NodeKind};
use crate::dmn::NotDecided;
use crate::event::Event;
use crate::refusal::Refusal;
use crate::state::Vars;
use crate::trigger::{Script, Trigger};
use crate::value::Value;
use crate::waits::{is_round, token_timers};

use super::Run;

impl<'a> Run<'a> {
    pub(super) fn arrive(&mut self, token: u32, flow: u16) -> Result<(), Refusal> {
        let Some(to) = self.def.flows.get(usize::from(flow)).map(|flow| flow.to) else {
            return Err(Refusal::OtherEdition);
        };
        let node = self.def.node(to);
        let joins = node.incoming.len() > 1;
        match node.kind {
            NodeKind::Parallel if joins => {
                self.count(to)?;
                self.join(token, to, flow)
            }
            NodeKind::Inclusive if joins => {
                self.count(to)?;
                self.emit(Event::Arrived { token, node: to, flow });
                Ok(())
            }
            _ if node.start_quantity > 1 => {
                self.count(to)?;
                self.gather(token, to, flow)
            }
            _ => self.reach(token, to),
        }
    }

    /// A token is put at a node without a flow; at a join it counts for a branch that is missing.
    pub(super) fn placed(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        let node = self.def.node(at);
        let joins = matches!(node.kind, NodeKind::Parallel | NodeKind::Inclusive);
        if !joins || node.incoming.len() < 2 {
            return self.reach(token, at);
        }
        let scope = self.state.token(token).map_or(0, |token| token.scope);
        let taken = |flow: &&u16| {
            let mut here = self.state.inside(scope);
            here.any(|other| other.node == at && other.via == Some(**flow))
        };
        let free = node.incoming.iter().find(|flow| !taken(flow)).or(node.incoming.first());
        match free.copied() {
            Some(flow) => self.arrive(token, flow),
            None => self.reach(token, at),
        }
    }

    /// A token is at a node and nothing holds it up.
    pub(super) fn reach(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        self.count(at)?;
        let node = self.def.node(at);
        let round = self.state.token(token).is_some_and(|t| is_round(&self.state, t));
        if node.repeat.is_some() && !round {
            return self.open_repeat(token, at);
        }
        if !node.inputs.is_empty() {
            let vars = self.evaluated(token, at, &node.inputs)?;
            self.emit(Event::OwnSet { token, vars });
        }
        self.begin(token, at, node)
    }

    fn begin(&mut self, token: u32, at: NodeIx, node: &'a Node) -> Result<(), Refusal> {
        match node.kind {
            NodeKind::End => self.end_event(token, at),
            NodeKind::TerminateEnd => self.terminate(token, at),
            NodeKind::Exclusive => self.choose(token, at, node),
            NodeKind::Inclusive => self.fork_inclusive(token, at),
            NodeKind::ServiceTask if !node.waits => {
                self.ask(token, at, node);
                self.finish_at_once(token, at)
            }
            NodeKind::UserTask => {
                let from = self.state.token(token).and_then(|token| token.came_from());
                self.wait_at(token, at, from)
            }
            NodeKind::Rule if self.def.decides(node).is_some() => self.decide(token, at, node),
            NodeKind::ServiceTask
            | NodeKind::Rule
            | NodeKind::TimerCatch
            | NodeKind::Receive
            | NodeKind::EventGateway => {
                let from = self.state.token(token).and_then(|token| token.came_from());
                self.wait_at(token, at, from)
            }
            NodeKind::Catch if node.is_wait() => self.wait_at(token, at, None),
            NodeKind::Call => self.call(token, at, node),
            NodeKind::SubProcess | NodeKind::AdHoc | NodeKind::EventSubProcess => {
                self.wait_at(token, at, None)?;
                self.open_body(token, at, Vec::new())
            }
            NodeKind::Script => self.script(token, at, node),
            NodeKind::Send => {
                self.throw_all(token, at, node)?;
                self.finish_at_once(token, at)
            }
            NodeKind::Throw => self.throw_event(token, at, node),
            NodeKind::Pass => self.finish_at_once(token, at),
            // A start or a boundary event has no incoming flow: `compile` refuses one.
            NodeKind::Parallel
            | NodeKind::Start
            | NodeKind::Catch
            | NodeKind::TimerBoundary
            | NodeKind::Boundary
            | NodeKind::Missing => self.leave(token, at),
        }
    }

    /// A token comes to a place where it waits; its timers are set.
    pub(super) fn wait_at(
        &mut self,
        token: u32,
        node: NodeIx,
        from: Option<NodeIx>,
    ) -> Result<(), Refusal> {
        let at = self.def.node(node);
        let first = at.kind == NodeKind::UserTask && !self.state.reached.contains(&node);
        self.emit(Event::Entered { token, node, from, first });
        self.busy.retain(|busy| *busy != token);
        if matches!(at.kind, NodeKind::ServiceTask | NodeKind::Rule) {
            self.ask(token, node, at);
        }
        self.watch(token)
    }

    /// Sets the timers of a token that has begun to wait, and notes its conditions.
    pub(super) fn watch(&mut self, token: u32) -> Result<(), Refusal> {
        let Some(here) = self.state.token(token) else { return Ok(()) };
        let waits = crate::waits::token_waits(self.def, &self.state, here);
        for (token, node) in waits {
            if crate::waits::is_timer(self.def.node(node)) {
                let spec = self.timer_spec(Some(token), node)?;
                self.emit(Event::TimerSet { token, node, spec });
            } else if self.has_condition(node) {
                self.fresh.push((token, node));
            }
        }
        Ok(())
    }

    pub(super) fn ask(&mut self, token: u32, node: NodeIx, at: &Node) {
        let job = at.job.clone().unwrap_or_default();
        self.emit(Event::JobAsked { token, node, job });
    }

    /// A token leaves a node that did not begin for it.
    pub(super) fn go_out(&mut self, token: u32, at: NodeIx) -> Result<(), Refusal> {
        let node = self.def.node(at);
        match node.kind {
            NodeKind::Exclusive => self.choose(token, at, node),
            NodeKind::Inclusive => self.fork_inclusive(token, at),
            NodeKind::End | NodeKind::TerminateEnd => self.end_token(token, at),
            _ => self.leave(token, at),
        }
    }

    fn choose(&mut self, token: u32, at: NodeIx, node: &'a Node) -> Result<(), Refusal> {
        let mut way = None;
        for (number, flow) in self.def.outgoing(at) {
            if self.open(token, flow)? {
                way = Some(number);
                break;
            }
        }
        let default = || self.def.outgoing(at).find(|(_, flow)| flow.is_default).map(|way| way.0);
        let flow = way.or_else(default);
        let flow = flow.ok_or_else(|| Refusal::NoPath { node: node.id.clone() })?;
        self.emit(Event::Chose { token, node: at, flow });
        self.moves.push(super::Move::Flow(token, flow));
        Ok(())
    }

    /// Whether a flow may be taken. One without condition that is not the default is always open.
    pub(super) fn open(&self, token: u32, flow: &Flow) -> Result<bool, Refusal> {
        match &flow.condition {
            Some(condition) => self.holds(token, flow.from, condition),
            None => Ok(!flow.is_default),
        }
    }

    fn script(&mut self, token: u32, at: NodeIx, node: &'a Node) -> Result<(), Refusal> {
        let mark = |run: &mut Self, mark: &str| {
            run.emit(Event::Marked { token, node: at, mark: mark.to_owned() });
        };
        match &node.script {
            None | Some(Script::Nothing) => {}
            Some(Script::Feel { result, code }) => {
                let value = self.eval(token, at, code)?;
                self.keep(token, result.as_deref(), &value);
            }
            Some(Script::Mark(word)) => mark(self, word),
            Some(Script::Count { name, mark: word }) => {
                let one = crate::value::Number::from(1);
                let sum = match self.look(token, name) {
                    Some(Value::Num(number)) => number.add(&one),
                    None | Some(Value::Null) => Some(one),
                    Some(_) => None,
                };
                let sum = sum.ok_or_else(|| Refusal::Expression {
                    node: node.id.clone(),
                    reason: format!("{name} is not a number that one can be added to"),
                })?;
                self.keep(token, Some(name), &Value::Num(sum));
                if let Some(word) = word {
                    mark(self, word);
                }
            }
            Some(Script::Store { name, text }) => {
                self.keep(token, Some(name), &Value::from(text.as_str()));
            }
            Some(Script::Tell(name)) => {
                let value = self.look(token, name).unwrap_or_default();
                mark(self, &format!("{name}:{}", crate::data::shown(&value)));
            }
            Some(Script::Throw(code)) => {
                self.wait_at(token, at, None)?;
                return self.throw_error(token, at, code, true);
            }
            Some(Script::Wait { .. }) => return self.wait_at(token, at, None),
        }
        self.finish_at_once(token, at)
    }

    /// Asks a decision table with the data that the token sees.
    fn decide(&mut self, token: u32, at: NodeIx, node: &'a Node) -> Result<(), Refusal> {
        let Some((tables, decision, result)) = self.def.decides(node) else { return Ok(()) };
        let inputs = tables.inputs().filter_map(|name| Some((name, self.look(token, name)?)));
        let inputs: crate::value::Context = inputs.collect();
        let wrong = |reason: String| Refusal::Expression { node: node.id.clone(), reason };
        let decided = tables.evaluate(decision, &inputs, None);
        let decided = match decided {
            Ok(decided) => decided,
            // Nobody here knows the decision: somebody outside may.
            Err(NotDecided::NoSuch(_)) => return self.wait_at(token, at, None),
            Err(error) => return Err(wrong(error.to_string())),
        };
        if let (true, Some(remark)) = (decided.value.is_null(), decided.remarks.first()) {
            return Err(wrong(format!("{}: {}", remark.decision, remark.note)));
        }
        let entries = matches!(decided.value, Value::Context(_));
        let name = if entries { result } else { Some(result.unwrap_or(decision)) };
        self.keep(token, name, &decided.value);
        self.finish_at_once(token, at)
    }

    /// Keeps a value in a variable; without a name each entry of a context in its own.
    pub(super) fn keep(&mut self, token: u32, name: Option<&str>, value: &Value) {
        let mut vars = Vars::new();
        match (name, value) {
            (Some(name), value) => {
                vars.insert(name.to_owned(), crate::data::to_json(value));
            }
            (None, Value::Context(entries)) => {
                let pairs = entries.iter().map(|(n, v)| (n.to_string(), crate::data::to_json(v)));
                vars.extend(pairs);
            }
            (None, _) => return,
        }
        self.set_from(token, vars);
    }

    fn call(&mut self, token: u32, at: NodeIx, node: &'a Node) -> Result<(), Refusal> {
        self.wait_at(token, at, None)?;
        let Some(called) = &node.called else { return Ok(()) };
        let process = match &called.code {
            Some(code) => crate::data::shown(&self.eval(token, at, code)?),
            None => called.process.clone(),
        };
        let mut vars = if called.all_in { self.visible(token) } else { Vars::new() };
        vars.extend(self.evaluated(token, at, &called.inputs)?);
        let asks = match &called.asks {
            Some(code) => Some(crate::data::shown(&self.eval(token, at, code)?)),
            None => None,
        };
        let version = called.version;
        self.emit(Event::Called { token, node: at, process, vars, version, asks });
        Ok(())
    }

    /// Messages and signals of a task or event; the token stays where it is.
    pub(super) fn throw_all(
        &mut self,
        token: u32,
        at: NodeIx,
        node: &'a Node,
    ) -> Result<(), Refusal> {
        for trigger in &node.triggers {
            match trigger {
                Trigger::Message(name) => {
                    let to = node.sends_to.clone();
                    self.emit(Event::MessageSent { node: at, name: name.clone(), to });
                }
                Trigger::Signal(name) => {
                    self.emit(Event::SignalSent { node: at, name: name.clone() });
                    self.signal_inside(name)?;
                }
                Trigger::Escalation(code) => {
                    self.escalate(token, at, code.as_deref().unwrap_or_default())?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn throw_event(&mut self, token: u32, at: NodeIx, node: &'a Node) -> Result<(), Refusal> {
        if node.triggers.iter().any(|trigger| matches!(trigger, Trigger::Link(_))) {
            let target = self.def.link_target(at);
            let target = target.ok_or_else(|| Refusal::NoPath { node: node.id.clone() })?;
            self.moves.push(super::Move::Out(token, target));
            return Ok(());
        }
        self.throw_all(token, at, node)?;
        if self.state.token(token).is_none() {
            return Ok(());
        }
        let undone = node.triggers.iter().find_map(|trigger| match trigger {
            Trigger::Compensate(of) => Some(*of),
            _ => None,
        });
        if let Some(of) = undone
            && self.undo(token, at, of)?
        {
            return Ok(());
        }
        self.leave(token, at)
    }

    pub(super) fn timers_of(&self, token: u32) -> Vec<(u32, NodeIx)> {
        match self.state.token(token) {
            Some(here) if !self.moving(token) => token_timers(self.def, &self.state, here),
            _ => Vec::new(),
        }
    }

    pub(super) fn drop_timers(&mut self, token: u32) {
        for (token, node) in self.timers_of(token) {
            self.emit(Event::TimerDropped { token, node });
        }
    }

    pub(super) fn drop_all_timers(&mut self) {
        for (token, node) in crate::waits::live_timers(self.def, &self.state) {
            if !self.moving(token) || self.state.scope(token).is_some() {
                self.emit(Event::TimerDropped { token, node });
            }
        }
    }
}
