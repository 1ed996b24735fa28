//! Compiles the nodes of a process: kind, timers, our own attributes.

use crate::definition::{Node, NodeIx, NodeKind, TimerSpec};
use crate::limits;
use crate::model::{BPMN_NS, Element, MC_NS};
use crate::profile;

use super::Build;

impl<'a> Build<'a> {
    pub(super) fn node(&mut self, element: &'a Element) {
        let kind = match element.local.as_str() {
            "startEvent" => NodeKind::Start,
            "endEvent" if element.bpmn("terminateEventDefinition").next().is_some() => {
                NodeKind::TerminateEnd
            }
            "endEvent" => NodeKind::End,
            "userTask" => NodeKind::UserTask,
            "serviceTask" => NodeKind::ServiceTask,
            "exclusiveGateway" => NodeKind::Exclusive,
            "parallelGateway" => NodeKind::Parallel,
            "intermediateCatchEvent" => NodeKind::TimerCatch,
            "boundaryEvent" => NodeKind::TimerBoundary,
            local => return self.refuse(element, profile::refusal(local).to_owned()),
        };
        self.check_attributes(element);
        let Some(id) = self.fresh_id(element) else { return };
        let mut node = Node::new(id, element.attr("name").unwrap_or_default(), kind, element.line);
        self.parts(element, &mut node);
        self.task_attributes(element, &mut node);
        node.interrupting = element.attr("cancelActivity") != Some("false");
        let Ok(ix) = u16::try_from(self.nodes.len()) else { return };
        if self.nodes.len() >= limits::NODES {
            return self.refuse(element, format!("more than {} steps", limits::NODES));
        }
        self.by_id.insert(id.to_owned(), NodeIx(ix));
        self.nodes.push(node);
    }

    pub(super) fn check_attributes(&mut self, element: &Element) {
        for attribute in element.attributes.iter().filter(|a| a.namespace.is_empty()) {
            let (name, value) = (&attribute.local, &attribute.value);
            if let Some(reason) = profile::attribute_refusal(&element.local, name, value) {
                self.refuse(element, reason);
            }
        }
        self.check_extensions(element);
    }

    pub(super) fn fresh_id(&mut self, element: &'a Element) -> Option<&'a str> {
        match element.attr("id") {
            None | Some("") => self.refuse(element, "it has no id".to_owned()),
            Some(id) if id.len() > limits::KEY_BYTES => {
                self.refuse(element, format!("its id is longer than {} bytes", limits::KEY_BYTES));
            }
            Some(id) if !self.used.insert(id) => {
                self.refuse(element, "its id is used twice".to_owned());
            }
            Some(id) => return Some(id),
        }
        None
    }

    /// Judges what stands inside a node: event definitions and the rest.
    pub(super) fn parts(&mut self, element: &Element, node: &mut Node) {
        let timed = matches!(node.kind, NodeKind::TimerCatch | NodeKind::TimerBoundary);
        for part in &element.children {
            let known = match part.local.as_str() {
                _ if part.namespace != BPMN_NS => false,
                "incoming" | "outgoing" | "documentation" | "extensionElements" => true,
                "terminateEventDefinition" => node.kind == NodeKind::TerminateEnd,
                "timerEventDefinition" if timed && node.timer.is_none() => {
                    node.timer = self.timer(element, part);
                    true
                }
                _ => false,
            };
            if !known {
                let reason = profile::refusal(&part.local).to_owned();
                self.refuse_part(element, &part.local, part.line, reason);
            }
        }
        let named = element.children.iter().any(|part| part.local.ends_with("EventDefinition"));
        if timed && !named {
            self.refuse(element, "an event that waits needs a timer".to_owned());
        }
    }

    pub(super) fn timer(&mut self, owner: &Element, timer: &Element) -> Option<TimerSpec> {
        let mut spec = None;
        for part in timer.children.iter().filter(|part| !profile::is_artefact(&part.local)) {
            let text = part.text.trim();
            let found = match part.local.as_str() {
                "timeDuration" if profile::is_duration(text) => {
                    TimerSpec::Duration(text.to_owned())
                }
                "timeDate" if profile::is_date(text) => TimerSpec::Date(text.to_owned()),
                "timeDuration" | "timeDate" => {
                    let reason = format!("expected P5WD, PT16WH or ISO 8601, but found {text:?}");
                    self.refuse_part(owner, &part.local, part.line, reason);
                    return None;
                }
                local => {
                    let reason = profile::refusal(local).to_owned();
                    self.refuse_part(owner, local, part.line, reason);
                    return None;
                }
            };
            if spec.replace(found).is_some() {
                let reason = "a timer has one duration or one date".to_owned();
                self.refuse_part(owner, &part.local, part.line, reason);
            }
        }
        if spec.is_none() {
            let reason = "the timer has no duration and no date".to_owned();
            self.refuse_part(owner, &timer.local, timer.line, reason);
        }
        spec
    }

    pub(super) fn task_attributes(&mut self, element: &Element, node: &mut Node) {
        node.task_kind = self.key(element, "kind");
        node.job = self.key(element, "job");
        node.outcomes = self.outcomes(element);
        node.waits = match element.attr_in(MC_NS, "wait") {
            Some("true") => true,
            None | Some("false") => false,
            Some(other) => {
                self.refuse(element, format!("mc:wait: expected true or false, found {other:?}"));
                false
            }
        };
        if node.kind == NodeKind::ServiceTask && node.job.is_none() {
            self.refuse(element, "a service task names its job in mc:job".to_owned());
        }
        if let Some(share) = element.attr_in(MC_NS, "limitShare") {
            node.limit_share = share.parse().ok().filter(|share| (1..=100).contains(share));
            if node.limit_share.is_none() {
                let reason = format!("mc:limitShare: expected 1 to 100 percent, found {share:?}");
                self.refuse(element, reason);
            }
        }
        if let Some(limit) = element.attr_in(MC_NS, "limit") {
            if !profile::is_duration(limit) {
                let reason = format!("mc:limit: expected P2WD or PT4WH, but found {limit:?}");
                self.refuse(element, reason);
            } else if node.limit_share.is_some() {
                self.refuse(element, "give mc:limit or mc:limitShare, not both".to_owned());
            }
            node.limit = Some(limit.to_owned());
        }
    }

    pub(super) fn key(&mut self, element: &Element, local: &str) -> Option<String> {
        let key = element.attr_in(MC_NS, local)?;
        if profile::is_key(key) {
            return Some(key.to_owned());
        }
        let reason = format!("mc:{local}: expected a key of lower-case letters, found {key:?}");
        self.refuse(element, reason);
        None
    }

    pub(super) fn outcomes(&mut self, element: &Element) -> Vec<String> {
        let Some(list) = element.attr_in(MC_NS, "outcomes") else { return Vec::new() };
        let mut outcomes: Vec<String> = Vec::new();
        for outcome in list.split(',').map(str::trim) {
            if !profile::is_key(outcome) {
                self.refuse(element, format!("mc:outcomes: {outcome:?} is not a key"));
            } else if outcomes.iter().any(|known| known == outcome) {
                self.refuse(element, format!("mc:outcomes: {outcome} stands twice"));
            } else if outcomes.len() >= limits::OUTCOMES {
                self.refuse(element, format!("more than {} outcomes", limits::OUTCOMES));
                break;
            } else {
                outcomes.push(outcome.to_owned());
            }
        }
        outcomes
    }
}
