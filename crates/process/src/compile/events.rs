//! Compiles event definitions: what is waited for and what is thrown.

use crate::bpmn::{EventDefinition, Kind, Node as Drawn, Trigger as Kinds};
use crate::definition::{Node, NodeKind, TimerSpec};
use crate::expr::Code;
use crate::problem::OUTSIDE_PROFILE;
use crate::profile;
use crate::trigger::Trigger;

use super::{Build, code};

impl<'a> Build<'a> {
    pub(super) fn triggers(&mut self, drawn: &Drawn<'a>, node: &mut Node) {
        for definition in &drawn.triggers {
            let trigger = self.trigger(drawn, node, definition);
            node.triggers.extend(trigger);
        }
        let element = drawn.element;
        if element.attr("parallelMultiple") == Some("true") {
            let reason = "an event that waits for several things at once is not executed";
            self.refuse(element, OUTSIDE_PROFILE, reason.to_owned());
        }
        let timers = drawn.triggers.iter().filter(|t| t.trigger == Kinds::Timer).count();
        if timers > 1 {
            let reason = "an event with several timers is not executed".to_owned();
            self.refuse(element, OUTSIDE_PROFILE, reason);
        }
        let waits = matches!(drawn.kind, Kind::IntermediateCatchEvent | Kind::BoundaryEvent);
        if waits && drawn.triggers.is_empty() {
            let reason = "an event that waits needs a timer or another event definition";
            self.refuse(element, code::STRUCTURE, reason.to_owned());
        }
    }

    fn trigger(
        &mut self,
        drawn: &Drawn<'a>,
        node: &mut Node,
        definition: &EventDefinition<'a>,
    ) -> Option<Trigger> {
        let element = drawn.element;
        if !profile::fits(drawn.kind, definition.trigger) {
            let local = &definition.element.local;
            let reason = format!("{local} does not belong on {}", element.local);
            self.refuse_part(element, code::STRUCTURE, local, definition.element.line, reason);
            return None;
        }
        Some(match definition.trigger {
            Kinds::Timer => {
                self.timer(drawn, node, definition);
                Trigger::Timer
            }
            Kinds::Message => Trigger::Message(self.message(drawn, definition.reference())),
            Kinds::Signal => Trigger::Signal(match definition.reference() {
                Some(reference) => self.declared_name(reference),
                None => String::new(),
            }),
            Kinds::Error => Trigger::Error(self.declared_code(drawn, definition)),
            Kinds::Escalation => Trigger::Escalation(self.declared_code(drawn, definition)),
            Kinds::Compensate => {
                let reference = definition.reference();
                let activity = reference.and_then(|id| self.named(id));
                if reference.is_some() && activity.is_none() {
                    let reason = "activityRef: there is no such activity".to_owned();
                    self.refuse(element, code::REFERENCE, reason);
                }
                Trigger::Compensate(activity)
            }
            Kinds::Conditional => {
                let condition = definition.condition();
                let text = condition.map_or("", |condition| condition.text);
                match Code::condition(text, self.dialect) {
                    Ok(code) => Trigger::Condition(code),
                    Err(reason) => {
                        let line = condition.map_or(element.line, |condition| condition.line);
                        self.refuse_part(element, code::EXPRESSION, "condition", line, reason);
                        return None;
                    }
                }
            }
            Kinds::Link => Trigger::Link(definition.link_name().unwrap_or_default().to_owned()),
            Kinds::Terminate => Trigger::Terminate,
            Kinds::Cancel => Trigger::Cancel,
        })
    }

    /// The name of a message: of the one referred to, of the message flow, or of the node itself.
    pub(super) fn message(&self, drawn: &Drawn<'a>, reference: Option<&'a str>) -> String {
        if let Some(reference) = reference {
            return self.declared_name(reference);
        }
        let view = self.view;
        let mut flows = view.message_flows.iter();
        let flow = flows.find(|flow| [flow.source, flow.target].contains(&drawn.id));
        match flow.and_then(|flow| flow.element.attr("messageRef")) {
            Some(reference) => self.declared_name(reference),
            None => flow.map_or(drawn.id, |flow| flow.id).to_owned(),
        }
    }

    /// The pool to which a message flow leads from a node, by its name.
    pub(super) fn receiver(&self, drawn: &Drawn<'a>) -> Option<String> {
        let view = self.view;
        let flow = view.message_flows.iter().find(|flow| flow.source == drawn.id)?;
        let other = view.node(flow.target).and_then(|node| view.process_of(node.owner));
        let pool = view.pools.iter().find(|pool| {
            pool.id == flow.target || other.is_some_and(|other| pool.process == Some(other.id))
        })?;
        Some(if pool.name.is_empty() { pool.id.to_owned() } else { pool.name.clone() })
    }

    fn declared_name(&self, reference: &'a str) -> String {
        match self.view.declaration(reference) {
            Some(found) if !found.name.trim().is_empty() => found.name.trim().to_owned(),
            Some(found) => found.id.to_owned(),
            None => self.view.resolve(reference).to_owned(),
        }
    }

    /// The code of an error or escalation; none catches all.
    fn declared_code(&self, drawn: &Drawn<'a>, of: &EventDefinition<'a>) -> Option<String> {
        let reference = of.reference()?;
        let found = self.view.declaration(reference);
        let code = found.map(|found| found.code.trim()).filter(|code| !code.is_empty());
        match code {
            Some(code) => Some(code.to_owned()),
            // One without a code catches every one; thrown, its id stands for the code.
            None if drawn.kind.catches() => None,
            None => Some(self.view.resolve(reference).to_owned()),
        }
    }

    fn timer(&mut self, drawn: &Drawn<'a>, node: &mut Node, timer: &EventDefinition<'a>) {
        let owner = drawn.element;
        let line = timer.element.line;
        let mut times = timer.times();
        let Some((kind, time)) = times.next() else {
            let reason = "the timer has no duration and no date".to_owned();
            return self.refuse_part(owner, code::TIMER, &timer.element.local, line, reason);
        };
        if times.next().is_some() {
            let reason = "a timer has one duration or one date".to_owned();
            self.refuse_part(owner, code::TIMER, kind, time.line, reason);
        }
        drop(times);
        if kind == "timeCycle" && self.strict {
            return self.outside(owner, kind, time.line);
        }
        let code = match Code::time(time.text, self.dialect) {
            Ok(code) => code,
            Err(reason) => {
                return self.refuse_part(owner, code::EXPRESSION, kind, time.line, reason);
            }
        };
        let Some(text) = code.plain() else {
            node.timer_code = Some(code);
            return;
        };
        let spec = match kind {
            "timeDuration" if profile::is_duration(text) => {
                Some(TimerSpec::Duration(text.to_owned()))
            }
            "timeDate" if profile::is_date(text) => Some(TimerSpec::Date(text.to_owned())),
            "timeCycle" if profile::is_cycle(text) => Some(TimerSpec::Cycle(text.to_owned())),
            _ => None,
        };
        if spec.is_none() && !self.strict {
            // Some tools write an expression without marking it as one.
            if let Ok(code) = Code::parse(text, self.dialect)
                && !text.is_empty()
                && !text.starts_with(|c: char| c.is_ascii_digit())
            {
                node.timer_code = Some(code);
                return;
            }
        }
        if spec.is_none() {
            let reason = format!("expected P5WD, PT16WH or ISO 8601, but found {text:?}");
            self.refuse_part(owner, code::TIMER, kind, time.line, reason);
        }
        node.timer = spec;
        if node.kind == NodeKind::Start && drawn.owner.parent.is_none() && self.strict {
            self.outside(owner, "timerEventDefinition", line);
        }
    }
}
