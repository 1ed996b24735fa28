//! Events: which triggers stand where, and what each trigger needs.

use std::collections::HashSet;

use super::Check;
use crate::bpmn::{EventDefinition, Kind, Node, Trigger};

/// Triggers of a start event of a process.
const START: &[Trigger] =
    &[Trigger::Message, Trigger::Timer, Trigger::Conditional, Trigger::Signal];
/// Triggers of the start event of an event sub-process.
const EVENT_SUB_PROCESS: &[Trigger] = &[
    Trigger::Message,
    Trigger::Timer,
    Trigger::Escalation,
    Trigger::Error,
    Trigger::Compensate,
    Trigger::Conditional,
    Trigger::Signal,
];
const END: &[Trigger] = &[
    Trigger::Message,
    Trigger::Escalation,
    Trigger::Error,
    Trigger::Cancel,
    Trigger::Compensate,
    Trigger::Signal,
    Trigger::Terminate,
];
const CATCH: &[Trigger] =
    &[Trigger::Message, Trigger::Timer, Trigger::Conditional, Trigger::Link, Trigger::Signal];
const THROW: &[Trigger] =
    &[Trigger::Message, Trigger::Escalation, Trigger::Link, Trigger::Compensate, Trigger::Signal];
const BOUNDARY: &[Trigger] = &[
    Trigger::Message,
    Trigger::Timer,
    Trigger::Escalation,
    Trigger::Error,
    Trigger::Cancel,
    Trigger::Compensate,
    Trigger::Conditional,
    Trigger::Signal,
];
/// Triggers that always interrupt.
const INTERRUPTING: &[Trigger] = &[Trigger::Error, Trigger::Cancel];

impl Check<'_, '_> {
    pub(super) fn events(&mut self) {
        let view = self.view;
        let handlers = Handlers::of(view);
        let mut thrown: HashSet<&str> = HashSet::new();
        for node in view.nodes.iter().filter(|node| node.kind.is_event()) {
            self.triggers(node);
            if node.kind == Kind::BoundaryEvent {
                self.boundary(node, &handlers);
            }
            if node.kind == Kind::EndEvent
                && node.has(Trigger::Cancel)
                && !self.in_transaction(node)
            {
                self.note("cancel-outside-transaction", node.element, "");
            }
            for definition in &node.triggers {
                if self.executed(node.owner) {
                    self.complete(node, definition);
                }
                self.compensated(node, definition, &handlers);
                if node.kind.throws() && !definition.referred {
                    let id = definition.element.attr("id").unwrap_or_default();
                    thrown.insert(id);
                }
            }
        }
        for node in view.nodes.iter().filter(|node| node.kind.is_event()) {
            for definition in node.triggers.iter().filter(|definition| definition.referred) {
                let id = definition.element.attr("id").unwrap_or_default();
                if thrown.contains(id) {
                    self.note("shared-throw-definition", node.element, id);
                }
            }
        }
    }

    fn triggers(&mut self, node: &Node<'_>) {
        let parent = self.view.parent_of(node.owner);
        let (code, allowed): (&str, &[Trigger]) = match node.kind {
            Kind::StartEvent => match parent {
                Some(parent) if parent.by_event() => {
                    ("event-sub-process-trigger", EVENT_SUB_PROCESS)
                }
                Some(_) => ("sub-process-start-trigger", &[]),
                None => ("start-trigger", START),
            },
            Kind::EndEvent => ("end-trigger", END),
            Kind::IntermediateCatchEvent => ("catch-trigger", CATCH),
            Kind::IntermediateThrowEvent => ("throw-trigger", THROW),
            Kind::BoundaryEvent => ("boundary-trigger", BOUNDARY),
            _ => return,
        };
        for definition in node.triggers.iter().filter(|d| !allowed.contains(&d.trigger)) {
            self.note(code, node.element, definition.trigger.name());
        }
        let waits = matches!(node.kind, Kind::IntermediateCatchEvent | Kind::BoundaryEvent)
            || code == "event-sub-process-trigger";
        let refers = node.element.bpmn("eventDefinitionRef").next().is_some();
        if waits && node.triggers.is_empty() && !refers {
            self.note("missing-trigger", node.element, "");
        }
        let beside = matches!(code, "event-sub-process-trigger" | "boundary-trigger");
        if beside && !node.interrupting() {
            for definition in node.triggers.iter().filter(|d| INTERRUPTING.contains(&d.trigger)) {
                let detail = format!("{}, not interrupting", definition.trigger.name());
                self.note(code, node.element, &detail);
            }
        }
    }

    fn boundary(&mut self, node: &Node<'_>, handlers: &Handlers<'_>) {
        let view = self.view;
        let on = node.attached_to().unwrap_or_default();
        let host = view.node(on);
        let fits = host.is_some_and(|host| host.kind.is_activity() && host.owner == node.owner);
        if !fits && (host.is_some() || view.element(on).is_some() || on.trim().is_empty()) {
            self.note("boundary-host", node.element, on);
        }
        let cancel = node.has(Trigger::Cancel);
        if cancel && host.is_some_and(|host| host.kind != Kind::Transaction) {
            self.note("cancel-outside-transaction", node.element, "");
        }
        if node.has(Trigger::Compensate) {
            if !node.outgoing.is_empty() {
                self.note("compensation-boundary-flow", node.element, "");
            } else if !handlers.joined.contains(node.id) {
                self.note("compensation-without-handler", node.element, node.id);
            }
        } else if node.outgoing.is_empty() {
            self.note("boundary-without-flow", node.element, "");
        }
    }

    fn in_transaction(&self, node: &Node<'_>) -> bool {
        let mut owner = node.owner;
        while let Some(parent) = self.view.parent_of(owner) {
            if parent.kind == Kind::Transaction {
                return true;
            }
            owner = parent.owner;
        }
        false
    }

    /// What a definition must say in a process that is executed.
    fn complete(&mut self, node: &Node<'_>, definition: &EventDefinition<'_>) {
        let view = self.view;
        let named = definition.reference();
        let declared = named.and_then(|named| view.declaration(named));
        // What is named but not declared has a rule of its own.
        let coded = match (named, declared) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(_), Some(declared)) => !declared.code.trim().is_empty(),
        };
        let line = definition.element.line;
        let throws = node.kind.throws();
        let missing = match definition.trigger {
            Trigger::Message if named.is_none() && throws => "missing-message-sent",
            Trigger::Message if named.is_none() => "missing-message",
            Trigger::Signal if named.is_none() => "missing-signal",
            Trigger::Error if throws && !coded => "missing-error",
            Trigger::Escalation if throws && !coded => "missing-escalation",
            Trigger::Timer => {
                let told = definition.times().filter(|(_, time)| !time.text.is_empty()).count();
                if told == 1 && definition.times().count() == 1 {
                    return;
                }
                "missing-timer"
            }
            Trigger::Conditional
                if definition.condition().is_none_or(|condition| condition.text.is_empty()) =>
            {
                "missing-condition"
            }
            _ => return,
        };
        self.note_at(missing, node.element, line, "");
    }

    /// A compensation that names an activity finds a handler there.
    fn compensated(
        &mut self,
        node: &Node<'_>,
        definition: &EventDefinition<'_>,
        handlers: &Handlers<'_>,
    ) {
        if definition.trigger != Trigger::Compensate || !node.kind.throws() {
            return;
        }
        let Some(activity) = definition.reference().and_then(|id| self.view.node(id)) else {
            return;
        };
        let handled = handlers.hosts.contains(activity.id)
            || activity.kind.is_sub_process()
            || activity.kind == Kind::CallActivity;
        if !handled {
            self.note("compensation-without-handler", node.element, activity.id);
        }
    }
}

/// Where compensation handlers stand.
struct Handlers<'a> {
    /// Compensation boundary events that are joined to a compensation activity.
    joined: HashSet<&'a str>,
    /// Activities with a compensation boundary event.
    hosts: HashSet<&'a str>,
}

impl<'a> Handlers<'a> {
    fn of(view: &crate::bpmn::Definitions<'a>) -> Self {
        let mut handlers = Self { joined: HashSet::new(), hosts: HashSet::new() };
        for association in &view.associations {
            for (event, activity) in
                [(association.source, association.target), (association.target, association.source)]
            {
                let handles = view.node(activity).is_some_and(Node::for_compensation);
                if handles {
                    handlers.joined.insert(event);
                }
            }
        }
        for node in view.nodes.iter().filter(|node| node.has(Trigger::Compensate)) {
            handlers.hosts.extend(node.attached_to().map(|on| view.resolve(on)));
        }
        handlers
    }
}
