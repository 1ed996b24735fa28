//! Variables: where they are found and where they are set.

use crate::definition::{Node, NodeIx, TimerSpec};
use crate::event::Event;
use crate::expr::Code;
use crate::refusal::Refusal;
use crate::repeat::Repeat;
use crate::state::{ScopeKind, Vars};
use crate::trigger::Called;
use crate::value::Value;

use super::Run;

impl Run<'_> {
    /// The value of a name as a token sees it: its own variables, those of each scope around it,
    /// those of the process, and last the data of the case.
    pub(super) fn look(&self, token: u32, name: &str) -> Option<Value> {
        if name == "outcome"
            && let Some(outcome) = self.outcome()
        {
            return Some(Value::from(outcome));
        }
        let mut at = token;
        while let Some(here) = self.state.token(at) {
            if let Some(value) = here.vars.get(name) {
                return Some(crate::data::from_json(value));
            }
            if here.scope == 0 {
                break;
            }
            if let Some(value) = self.in_scope(here.scope, here.index, name) {
                return Some(value);
            }
            at = here.scope;
        }
        match self.state.vars.get(name) {
            Some(value) => Some(crate::data::from_json(value)),
            None => (self.env.data)(name),
        }
    }

    /// The outcome of the task that this command ends.
    fn outcome(&self) -> Option<&str> {
        let told = self.events.iter().find_map(|event| match event {
            Event::Left { outcome, .. } => outcome.as_deref(),
            _ => None,
        });
        told.or(self.outcome.as_deref())
    }

    /// The value of a name inside the scope that a token owns.
    fn look_inside(&self, owner: u32, name: &str) -> Option<Value> {
        self.in_scope(owner, None, name).or_else(|| self.look(owner, name))
    }

    fn in_scope(&self, owner: u32, index: Option<u32>, name: &str) -> Option<Value> {
        let scope = self.state.scope(owner)?;
        if let Some(value) = scope.vars.get(name) {
            return Some(crate::data::from_json(value));
        }
        if scope.kind == ScopeKind::Body {
            return None;
        }
        let count = |number: u32| Some(Value::from(i64::from(number)));
        let repeat = self.def.node(scope.node).repeat.as_deref();
        if let (Some(index), Some(Repeat::Multi(multi))) = (index, repeat)
            && multi.item.as_deref() == Some(name)
        {
            let item = usize::try_from(index).ok().and_then(|index| scope.items.get(index));
            return item.map(crate::data::from_json);
        }
        match name {
            "loopCounter" => count(index.unwrap_or(scope.ended) + self.def.first_counter),
            "numberOfInstances" | "nrOfInstances" => count(scope.total),
            "numberOfCompletedInstances" | "nrOfCompletedInstances" => count(scope.ended),
            "numberOfActiveInstances" | "nrOfActiveInstances" => {
                let active = self.state.inside(owner).count();
                count(u32::try_from(active).unwrap_or(u32::MAX))
            }
            "numberOfTerminatedInstances" => count(0),
            _ => None,
        }
    }

    pub(super) fn eval(&self, token: u32, at: NodeIx, code: &Code) -> Result<Value, Refusal> {
        self.wrong(at, code.eval(&|name| self.look(token, name)))
    }

    pub(super) fn holds(&self, token: u32, at: NodeIx, code: &Code) -> Result<bool, Refusal> {
        self.wrong(at, code.holds(&|name| self.look(token, name)))
    }

    pub(super) fn holds_inside(
        &self,
        at: NodeIx,
        owner: u32,
        code: &Code,
    ) -> Result<bool, Refusal> {
        self.wrong(at, code.holds(&|name| self.look_inside(owner, name)))
    }

    fn wrong<T>(&self, at: NodeIx, found: Result<T, String>) -> Result<T, Refusal> {
        found.map_err(|reason| Refusal::Expression { node: self.def.node(at).id.clone(), reason })
    }

    /// Named expressions as a token sees them.
    pub(super) fn evaluated(
        &self,
        token: u32,
        at: NodeIx,
        codes: &[(String, Code)],
    ) -> Result<Vars, Refusal> {
        let mut vars = Vars::new();
        for (name, code) in codes {
            let value = self.eval(token, at, code)?;
            vars.insert(name.clone(), crate::data::to_json(&value));
        }
        Ok(vars)
    }

    /// All variables that a token sees, without the data of the case.
    pub(super) fn visible(&self, token: u32) -> Vars {
        let mut layers = Vec::new();
        let mut at = token;
        while let Some(here) = self.state.token(at) {
            layers.push(&here.vars);
            let Some(scope) = self.state.scope(here.scope) else { break };
            layers.push(&scope.vars);
            at = here.scope;
        }
        layers.push(&self.state.vars);
        let mut all = Vars::new();
        for vars in layers.into_iter().rev() {
            all.extend(vars.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        if let Some(here) = self.state.token(token)
            && let Some(scope) = self.state.scope(here.scope)
            && let Some(Repeat::Multi(multi)) = self.def.node(scope.node).repeat.as_deref()
            && let (Some(item), Some(index)) = (&multi.item, here.index)
            && let Some(value) = usize::try_from(index).ok().and_then(|at| scope.items.get(at))
        {
            all.insert(item.clone(), value.clone());
        }
        all
    }

    /// What a called process gives back.
    pub(super) fn called_outputs(
        &self,
        node: &Node,
        called: &Called,
        vars: &Vars,
    ) -> Result<Vars, Refusal> {
        let mut out = if called.all_out { vars.clone() } else { Vars::new() };
        let data = |name: &str| vars.get(name).map(crate::data::from_json);
        for (name, code) in &called.outputs {
            let value = code.eval(&data);
            let value =
                value.map_err(|reason| Refusal::Expression { node: node.id.clone(), reason })?;
            out.insert(name.clone(), crate::data::to_json(&value));
        }
        Ok(out)
    }

    /// Sets variables where they are known, seen from a token; unknown ones in the process.
    pub(super) fn set_from(&mut self, token: u32, vars: Vars) {
        let mut by_scope: Vec<(u32, Vars)> = Vec::new();
        for (name, value) in vars {
            let scope = self.home_of(token, &name);
            match by_scope.iter_mut().find(|(known, _)| *known == scope) {
                Some((_, vars)) => {
                    vars.insert(name, value);
                }
                None => by_scope.push((scope, Vars::from([(name, value)]))),
            }
        }
        for (scope, vars) in by_scope {
            self.set_in(scope, vars);
        }
    }

    fn home_of(&self, token: u32, name: &str) -> u32 {
        let mut at = token;
        while let Some(here) = self.state.token(at) {
            let Some(scope) = self.state.scope(here.scope) else { break };
            if scope.vars.contains_key(name) {
                return here.scope;
            }
            at = here.scope;
        }
        0
    }

    pub(super) fn set_in(&mut self, scope: u32, vars: Vars) {
        if !vars.is_empty() {
            self.changed = true;
            self.emit(Event::VarsSet { scope, vars });
        }
    }

    /// The names that a sub-process or the process declares, without a value yet.
    pub(super) fn declare(&mut self, scope: u32, inside: Option<NodeIx>) {
        let names = &self.def.inner(inside).declares;
        if !names.is_empty() {
            let vars = names.iter().map(|name| (name.clone(), serde_json::Value::Null)).collect();
            self.emit(Event::VarsSet { scope, vars });
        }
    }

    /// When a timer fires, with computed parts filled in.
    pub(super) fn timer_spec(&self, token: Option<u32>, at: NodeIx) -> Result<TimerSpec, Refusal> {
        let node = self.def.node(at);
        let Some(code) = &node.timer_code else {
            return Ok(node.timer.clone().unwrap_or(TimerSpec::Duration("PT0S".to_owned())));
        };
        let text = crate::data::shown(&self.eval(token.unwrap_or(0), at, code)?);
        let spec = crate::profile::timer_text(&text);
        spec.ok_or_else(|| Refusal::Expression {
            node: node.id.clone(),
            reason: format!("{} gives {text:?}, which is no time in ISO 8601", code.text()),
        })
    }
}
