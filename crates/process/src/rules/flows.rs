//! Sequence flows: what they join, their conditions and defaults.

use super::Check;
use crate::bpmn::{Flow, Kind, Node};

impl Check<'_, '_> {
    pub(super) fn flows(&mut self) {
        let view = self.view;
        for flow in &view.flows {
            self.ends(flow);
            self.conditions(flow);
        }
        for node in &view.nodes {
            self.default(node);
            self.lists(node);
        }
    }

    fn ends(&mut self, flow: &Flow<'_>) {
        let view = self.view;
        let (source, target) = (view.node(flow.source), view.node(flow.target));
        for (end, node) in [(flow.source, source), (flow.target, target)] {
            if let (None, Some(other)) = (node, view.element(end)) {
                self.note("flow-end-kind", flow.element, &format!("{} {end:?}", other.local));
            }
        }
        for node in [source, target].into_iter().flatten() {
            if node.by_event() {
                self.note("event-sub-process-flow", node.element, "");
            }
            if node.for_compensation() {
                self.note("compensation-activity-flow", node.element, "");
            }
        }
        if let (Some(source), Some(target)) = (source, target)
            && source.owner != target.owner
        {
            let detail = format!("{:?} → {:?}", flow.source, flow.target);
            self.note("flow-crosses-border", flow.element, &detail);
        }
        if source.is_some_and(|source| source.kind == Kind::EndEvent) {
            self.note("end-outgoing", flow.element, "");
        }
        match target.map(|target| target.kind) {
            Some(Kind::StartEvent) => self.note("start-incoming", flow.element, ""),
            Some(Kind::BoundaryEvent) => self.note("boundary-incoming", flow.element, ""),
            _ => {}
        }
    }

    fn conditions(&mut self, flow: &Flow<'_>) {
        let Some(condition) = flow.condition else { return };
        let Some(source) = self.view.node(flow.source) else { return };
        let default = source.default_flow().map(|id| self.view.resolve(id)) == Some(flow.id);
        if default {
            self.note("default-with-condition", flow.element, "");
        }
        let bare = matches!(source.kind, Kind::ParallelGateway | Kind::EventBasedGateway);
        if bare || source.kind.is_event() {
            self.note("condition-not-allowed", flow.element, &source.element.local);
        }
        if source.kind.is_activity() && source.outgoing.len() == 1 {
            self.note("lone-conditional-flow", flow.element, "");
        }
        if condition.text.is_empty() && self.executed(flow.owner) && !default {
            self.note_at("empty-condition", flow.element, condition.line, "");
        }
    }

    fn default(&mut self, node: &Node<'_>) {
        let view = self.view;
        let Some(default) = node.default_flow() else { return };
        let fits = node.kind.is_activity()
            || matches!(
                node.kind,
                Kind::ExclusiveGateway | Kind::InclusiveGateway | Kind::ComplexGateway
            );
        if !fits {
            self.note("default-not-allowed", node.element, "");
        }
        if let Some(flow) = view.flow(default)
            && view.resolve(flow.source) != node.id
        {
            self.note("default-not-outgoing", node.element, default);
        }
    }

    /// `incoming` and `outgoing` agree with the flows; the flows decide.
    fn lists(&mut self, node: &Node<'_>) {
        let view = self.view;
        for part in &node.element.children {
            let listed = view.flow(&part.text);
            let differs = match part.local.as_str() {
                _ if !part.is_bpmn(&part.local) => None,
                "incoming" => listed.filter(|flow| flow.target != node.id),
                "outgoing" => listed.filter(|flow| flow.source != node.id),
                _ => None,
            };
            if let Some(flow) = differs {
                self.note_at("flow-list-differs", node.element, part.line, flow.id);
            }
        }
    }
}
