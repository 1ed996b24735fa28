//! Gateways: their directions, and what may stand behind one that waits for events.

use std::collections::HashSet;

use super::Check;
use crate::bpmn::{Kind, Node, Trigger};

/// What an event-based gateway may wait for.
const AWAITED: &[Trigger] =
    &[Trigger::Message, Trigger::Signal, Trigger::Timer, Trigger::Conditional];

impl Check<'_, '_> {
    pub(super) fn gateways(&mut self) {
        let view = self.view;
        let boundaries = view.nodes.iter().filter(|node| node.kind == Kind::BoundaryEvent);
        let hosts: HashSet<&str> =
            boundaries.filter_map(Node::attached_to).map(|on| view.resolve(on)).collect();
        for node in view.nodes.iter().filter(|node| node.kind.is_gateway()) {
            self.direction(node);
            if node.kind == Kind::EventBasedGateway {
                self.event_based(node, &hosts);
            }
        }
    }

    fn direction(&mut self, node: &Node<'_>) {
        let (into, out) = (node.incoming.len(), node.outgoing.len());
        let direction = node.element.attr("gatewayDirection").unwrap_or("Unspecified");
        let fits = match direction {
            "Converging" => out <= 1,
            "Diverging" => into <= 1,
            "Mixed" => into > 1 && out > 1,
            _ => true,
        };
        if !fits {
            self.note("gateway-direction", node.element, direction);
        }
        if into <= 1 && out <= 1 {
            self.note("gateway-without-choice", node.element, "");
        }
    }

    fn event_based(&mut self, node: &Node<'_>, hosts: &HashSet<&str>) {
        let view = self.view;
        if node.outgoing.len() < 2 {
            self.note("event-gateway-flows", node.element, "");
        }
        let parallel = node.element.attr("eventGatewayType") == Some("Parallel");
        if parallel && !node.instantiates() {
            self.note("event-gateway-type", node.element, "");
        }
        if node.instantiates() && !node.incoming.is_empty() {
            self.note("event-gateway-instantiate", node.element, "");
        }
        let (mut receives, mut messages) = (false, false);
        for flow in view.outgoing(node) {
            let Some(target) = view.node(flow.target) else { continue };
            let awaited = target.kind == Kind::IntermediateCatchEvent
                && target.triggers.iter().all(|d| AWAITED.contains(&d.trigger));
            if !awaited && target.kind != Kind::ReceiveTask {
                self.note("event-gateway-target", flow.element, target.id);
            }
            receives |= target.kind == Kind::ReceiveTask;
            messages |= target.has(Trigger::Message);
            if target.kind == Kind::ReceiveTask && hosts.contains(target.id) {
                self.note("event-gateway-boundary", target.element, "");
            }
            if target.incoming.len() > 1 {
                self.note("event-gateway-other-flow", target.element, "");
            }
        }
        if receives && messages {
            self.note("event-gateway-mixed", node.element, "");
        }
    }
}
