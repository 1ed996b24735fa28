//! Pools, the messages between them, and lanes.

use std::collections::HashMap;

use super::Check;
use crate::bpmn::{Kind, MessageFlow, Node, Trigger};

impl Check<'_, '_> {
    pub(super) fn pools(&mut self) {
        let view = self.view;
        let pools: HashMap<&str, Option<&str>> =
            view.pools.iter().map(|pool| (pool.id, pool.process)).collect();
        for flow in &view.message_flows {
            self.message_flow(flow, &pools);
        }
        for pool in &view.pools {
            for part in pool.element.bpmn("participantMultiplicity") {
                let number = |name: &str, default: i64| match part.attr(name) {
                    Some(text) => text.trim().parse::<i64>().map_err(|_| ()),
                    None => Ok(default),
                };
                let fits = match (number("minimum", 0), number("maximum", i64::MAX)) {
                    (Ok(least), Ok(most)) => least >= 0 && most >= 1 && most >= least,
                    _ => false,
                };
                if !fits {
                    let told = ["minimum", "maximum"].map(|name| part.attr(name).unwrap_or("–"));
                    self.note("participant-multiplicity", pool.element, &told.join(" … "));
                }
            }
        }
        self.lanes();
    }

    fn message_flow(&mut self, flow: &MessageFlow<'_>, pools: &HashMap<&str, Option<&str>>) {
        let view = self.view;
        let mut sides = Vec::new();
        for (end, sends) in [(flow.source, true), (flow.target, false)] {
            if let Some(process) = pools.get(end) {
                sides.push(*process);
            } else if let Some(node) = view.node(end) {
                sides.push(view.process_of(node.owner).map(|process| process.id));
                self.message_end(flow, node, sends);
            } else if let Some(other) = view.element(end) {
                let detail = format!("{} {end:?}", other.local);
                self.note("message-flow-end", flow.element, &detail);
            }
        }
        let same = match sides.as_slice() {
            [Some(one), Some(other)] => one == other,
            _ => false,
        };
        if same || (flow.source == flow.target && !flow.source.is_empty()) {
            self.note("message-flow-same-pool", flow.element, "");
        }
    }

    fn message_end(&mut self, flow: &MessageFlow<'_>, node: &Node<'_>, sends: bool) {
        let fits = match node.kind {
            kind if kind.is_activity() => true,
            Kind::EndEvent | Kind::IntermediateThrowEvent => sends,
            Kind::StartEvent | Kind::IntermediateCatchEvent | Kind::BoundaryEvent => !sends,
            _ => false,
        };
        if !fits {
            let detail = format!("{} {:?}", node.element.local, node.id);
            self.note("message-flow-end", flow.element, &detail);
        } else if node.kind.is_event() && !node.has(Trigger::Message) {
            self.note("message-flow-trigger", node.element, node.id);
        }
    }

    /// A lane set splits its level once: the same node twice at one depth contradicts that.
    fn lanes(&mut self) {
        let view = self.view;
        let mut placed: HashMap<(&str, usize, usize), &str> = HashMap::new();
        for lane in &view.lanes {
            for id in &lane.nodes {
                let node = view.node(id);
                if node.is_some_and(|node| node.owner.process != lane.owner.process) {
                    self.note("lane-foreign-node", lane.element, id);
                }
                let other = placed.insert((id, lane.depth, lane.set), lane.id);
                if other.is_some_and(|other| other != lane.id) {
                    self.note("lane-twice", lane.element, id);
                }
            }
        }
    }
}
