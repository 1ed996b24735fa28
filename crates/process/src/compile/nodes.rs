//! Compiles the nodes of a process: kind, events, our own attributes.

use crate::bpmn::{Kind, Node as Drawn, Trigger as Kinds};
use crate::definition::{Node, NodeIx, NodeKind};
use crate::limits;
use crate::model::Element;
use crate::profile;

use super::{Build, code};

impl<'a> Build<'a> {
    /// The node itself; what refers to other nodes comes in `wire`.
    pub(super) fn node(&mut self, at: usize, drawn: &Drawn<'a>) {
        let element = drawn.element;
        let Some(kind) = kind_of(drawn) else {
            return self.outside(element, &element.local, element.line);
        };
        self.check_extensions(element);
        if drawn.kind.is_sub_process() {
            self.check_level(element);
        } else {
            self.check_parts(element);
        }
        let Some(id) = self.fresh_id(element) else { return };
        let name = element.attr("name").unwrap_or_default();
        let mut node = Node::new(id, name, kind, element.line);
        node.interrupting = drawn.interrupting();
        node.for_compensation = drawn.for_compensation();
        node.instantiate = drawn.instantiates();
        self.quantities(element, drawn, &mut node);
        self.task_attributes(element, &mut node);
        let Ok(ix) = u16::try_from(self.nodes.len()) else { return };
        if self.nodes.len() >= limits::NODES {
            return self.refuse(element, code::LIMIT, format!("more than {} steps", limits::NODES));
        }
        self.by_id.insert(id.to_owned(), NodeIx(ix));
        self.ixs.insert(at, NodeIx(ix));
        self.nodes.push(node);
    }

    /// What refers to other nodes: parents, events, repetitions, scripts, calls.
    pub(super) fn wire(&mut self, at: usize, drawn: &Drawn<'a>) {
        let Some(ix) = self.ixs.get(&at).copied() else { return };
        let parent = drawn.owner.parent.and_then(|at| self.ixs.get(&at)).copied();
        let Some(mut node) = self.node_mut(ix).map(|node| node.clone()) else { return };
        node.parent = parent;
        self.triggers(drawn, &mut node);
        self.attach(drawn, ix, &mut node);
        self.repeat(drawn, &mut node);
        node.sends_to = self.receiver(drawn);
        self.work(drawn, &mut node);
        let boundaries = self.node_mut(ix).map(|old| std::mem::take(&mut old.boundaries));
        node.boundaries = boundaries.unwrap_or_default();
        if let Some(place) = self.node_mut(ix) {
            *place = node;
        }
    }

    pub(super) fn fresh_id(&mut self, element: &'a Element) -> Option<&'a str> {
        match element.attr("id") {
            None | Some("") => {
                self.refuse(element, code::STRUCTURE, "it has no id".to_owned());
            }
            Some(id) if id.len() > limits::KEY_BYTES => {
                let reason = format!("its id is longer than {} bytes", limits::KEY_BYTES);
                self.refuse(element, code::LIMIT, reason);
            }
            Some(id) if !self.used.insert(id) => {
                self.refuse(element, code::STRUCTURE, "its id is used twice".to_owned());
            }
            Some(id) => return Some(id),
        }
        None
    }

    /// Judges what stands inside a task, an event or a gateway.
    fn check_parts(&mut self, element: &'a Element) {
        for part in &element.children {
            let ours = part.namespace == crate::model::BPMN_NS;
            let known = if ours { profile::is_part(&part.local) } else { !self.strict };
            if !known {
                self.outside(element, &part.local, part.line);
            }
        }
    }

    fn quantities(&mut self, element: &'a Element, drawn: &Drawn<'a>, node: &mut Node) {
        for name in ["startQuantity", "completionQuantity"] {
            let quantity = match drawn.quantity(name) {
                Ok(quantity) => u16::try_from(quantity).ok().filter(|q| usize::from(*q) <= 100),
                Err(_) => None,
            };
            let Some(quantity) = quantity else {
                let reason = format!("{name}: expected a number from 1 to 100");
                self.refuse(element, code::STRUCTURE, reason);
                continue;
            };
            if name == "startQuantity" {
                node.start_quantity = quantity;
            } else {
                node.completion_quantity = quantity;
            }
        }
    }

    /// Ties a boundary event to its activity.
    fn attach(&mut self, drawn: &Drawn<'a>, ix: NodeIx, node: &mut Node) {
        if drawn.kind != Kind::BoundaryEvent {
            return;
        }
        let element = drawn.element;
        let holder = drawn.attached_to().and_then(|id| self.named(id));
        let strict = self.strict;
        let timed = node.kind == NodeKind::TimerBoundary;
        let undoes = drawn.has(Kinds::Compensate);
        let edge = holder.and_then(|holder| self.node_mut(holder));
        match edge {
            Some(edge) if edge.is_activity() && (!strict || !timed || edge.is_wait()) => {
                if !undoes {
                    edge.boundaries.push(ix);
                }
                node.attached_to = holder;
            }
            Some(_) => {
                let reason = "it must stand on a user task or a waiting service task";
                self.refuse(element, code::STRUCTURE, reason.to_owned());
            }
            None => {
                let reason = "it must stand on an activity of its process";
                self.refuse(element, code::REFERENCE, reason.to_owned());
            }
        }
        if undoes {
            self.handler(drawn, node);
        }
    }

    /// The association from a compensation event leads to the activity that undoes.
    fn handler(&mut self, drawn: &Drawn<'a>, node: &mut Node) {
        let view = self.view;
        let mut ends = view.associations.iter().filter_map(|association| {
            let (source, target) = (association.source, association.target);
            if view.resolve(source) == drawn.id {
                Some(target)
            } else if view.resolve(target) == drawn.id {
                Some(source)
            } else {
                None
            }
        });
        let handler = ends.find_map(|end| self.named(end));
        let Some(handler) = handler else {
            let reason = "no association leads from it to an activity that undoes".to_owned();
            return self.refuse(drawn.element, code::REFERENCE, reason);
        };
        if let Some(activity) = node.attached_to.and_then(|at| self.node_mut(at)) {
            activity.handler = Some(handler);
        }
        if let Some(handler) = self.node_mut(handler) {
            handler.for_compensation = true;
        }
    }
}

fn kind_of(drawn: &Drawn<'_>) -> Option<NodeKind> {
    let triggers = &drawn.triggers;
    let timed = triggers.iter().any(|t| t.trigger == Kinds::Timer) && triggers.len() == 1;
    Some(match drawn.kind {
        Kind::StartEvent => NodeKind::Start,
        Kind::EndEvent if drawn.has(Kinds::Terminate) => NodeKind::TerminateEnd,
        Kind::EndEvent => NodeKind::End,
        Kind::UserTask => NodeKind::UserTask,
        Kind::ServiceTask => NodeKind::ServiceTask,
        Kind::Task | Kind::ManualTask => NodeKind::Pass,
        Kind::ScriptTask => NodeKind::Script,
        Kind::BusinessRuleTask => NodeKind::Rule,
        Kind::SendTask => NodeKind::Send,
        Kind::ReceiveTask => NodeKind::Receive,
        Kind::CallActivity => NodeKind::Call,
        Kind::SubProcess | Kind::Transaction if drawn.by_event() => NodeKind::EventSubProcess,
        Kind::SubProcess | Kind::Transaction => NodeKind::SubProcess,
        Kind::AdHocSubProcess => NodeKind::AdHoc,
        Kind::ExclusiveGateway => NodeKind::Exclusive,
        Kind::ParallelGateway => NodeKind::Parallel,
        Kind::InclusiveGateway => NodeKind::Inclusive,
        Kind::EventBasedGateway => NodeKind::EventGateway,
        Kind::IntermediateCatchEvent if timed => NodeKind::TimerCatch,
        Kind::IntermediateCatchEvent => NodeKind::Catch,
        Kind::IntermediateThrowEvent if triggers.is_empty() => NodeKind::Pass,
        Kind::IntermediateThrowEvent => NodeKind::Throw,
        Kind::BoundaryEvent if timed => NodeKind::TimerBoundary,
        Kind::BoundaryEvent => NodeKind::Boundary,
        Kind::ComplexGateway | Kind::ImplicitThrowEvent | Kind::Choreography => return None,
    })
}
