//! What a caller asks of a compiled process to know whether it can carry every step of it out.

use crate::definition::{Definition, Node, NodeIx};
use crate::trigger::{Script, Trigger};

impl Node {
    /// Done by one token at a time that arrives by a flow, and undoing nothing: what a caller can
    /// follow without knowing of quantities, instances of a process and compensation.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        self.start_quantity <= 1
            && self.completion_quantity <= 1
            && !self.for_compensation
            && self.handler.is_none()
            && !self.instantiate
            && self.timer_code.is_none()
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
    /// Whether the decision of a business rule task is among the tables that came with the process.
    #[must_use]
    pub fn has_decision(&self, task: NodeIx) -> bool {
        let found = self.decides(self.node(task));
        found.is_some_and(|(tables, decision, _)| tables.needs(decision).is_some())
    }
}
