//! What a caller asks of a compiled process to know whether it can carry every step of it out.

use crate::definition::{Definition, Node, NodeIx, NodeKind};
use crate::trigger::{Script, Trigger};

impl Node {
    /// Begins no instance of a process, at a time that stands in the file: what a caller can follow
    /// without knowing of instances and computed times.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        !self.instantiate && self.timer_code.is_none()
    }

    /// Whether it waits for a signal of this name.
    #[must_use]
    pub fn hears(&self, signal: &str) -> bool {
        let waits = matches!(self.kind, NodeKind::Start | NodeKind::Boundary | NodeKind::Catch);
        let named = |trigger: &Trigger| matches!(trigger, Trigger::Signal(name) if name == signal);
        waits && self.triggers.iter().any(named)
    }

    /// Repeated: several instances, or a loop.
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        self.repeat.is_some()
    }

    /// A script task that evaluates FEEL, or does nothing.
    #[must_use]
    pub fn runs_feel(&self) -> bool {
        matches!(self.script, None | Some(Script::Feel { .. } | Script::Nothing))
    }

    /// What the event waits for or throws, by the BPMN word of each; empty for a plain one.
    pub fn triggers(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.triggers.iter().map(|trigger| match trigger {
            Trigger::Timer => "timer",
            Trigger::Message(_) => "message",
            Trigger::Signal(_) => "signal",
            Trigger::Error(_) => "error",
            Trigger::Escalation(_) => "escalation",
            Trigger::Compensate(_) => "compensate",
            Trigger::Condition(_) => "conditional",
            Trigger::Link(_) => "link",
            Trigger::Terminate => "terminate",
            Trigger::Cancel => "cancel",
        })
    }
}

impl Definition {
    /// Whether some event waits for a condition.
    #[must_use]
    pub fn waits_for_conditions(&self) -> bool {
        self.has_conditions
    }

    /// Whether some event waits for a signal of this name.
    #[must_use]
    pub fn hears(&self, signal: &str) -> bool {
        self.nodes.iter().any(|node| node.hears(signal))
    }

    /// Whether the decision of a business rule task is among the tables that came with the process.
    #[must_use]
    pub fn has_decision(&self, task: NodeIx) -> bool {
        let found = self.decides(self.node(task));
        found.is_some_and(|(tables, decision, _)| tables.needs(decision).is_some())
    }
}
