//! The shape of a compiled process: what scopes hold, where things begin, what leads to joins.

use std::collections::HashMap;

use crate::definition::{Definition, Flow, Inner, NodeIx, NodeKind};
use crate::trigger::Trigger;

use super::{Build, code};

/// Most incoming flows of an inclusive join: one bit each.
const JOIN_FLOWS: usize = 64;

impl Build<'_> {
    /// Fills in what each sub-process holds and gives what the process holds.
    pub(super) fn shape(&mut self, flows: &[Flow]) -> Inner {
        let mut inners: HashMap<Option<NodeIx>, Inner> = HashMap::new();
        let entered: Vec<bool> = (0..self.nodes.len())
            .map(|at| flows.iter().any(|flow| usize::from(flow.to.0) == at))
            .collect();
        for (at, node) in (0_u16..).zip(&self.nodes) {
            let inner = inners.entry(node.parent).or_default();
            let at = NodeIx(at);
            let begun_by = entered.get(usize::from(at.0)).copied().unwrap_or(false);
            match node.kind {
                NodeKind::EventSubProcess => inner.handlers.push(at),
                NodeKind::Start => inner.starts.push(at),
                NodeKind::TimerBoundary | NodeKind::Boundary => {}
                NodeKind::Catch if !node.is_wait() => {}
                _ if begun_by || node.for_compensation || node.instantiate => {}
                _ => inner.starts.push(at),
            }
        }
        self.declare(&mut inners);
        for at in 0..self.nodes.len() {
            let ix = NodeIx(u16::try_from(at).unwrap_or(u16::MAX));
            let inner = inners.remove(&Some(ix)).unwrap_or_default();
            let inner = self.plain_starts(inner, Some(ix));
            let chosen = inner.starts.iter().any(|start| {
                let node = self.nodes.get(usize::from(start.0));
                node.is_some_and(|node| node.kind == NodeKind::UserTask)
            });
            if let Some(node) = self.nodes.get_mut(at) {
                node.inner.starts = inner.starts;
                node.inner.handlers = inner.handlers;
                node.inner.declares = inner.declares;
                node.inner.chosen = chosen;
            }
        }
        self.joins();
        let inner = inners.remove(&None).unwrap_or_default();
        self.plain_starts(inner, None)
    }

    /// A start event goes before nodes that nothing leads to; event starts do not begin a scope.
    fn plain_starts(&self, mut inner: Inner, of: Option<NodeIx>) -> Inner {
        let node = |ix: &NodeIx| self.nodes.get(usize::from(ix.0));
        let is_start = |ix: &NodeIx| node(ix).is_some_and(|n| n.kind == NodeKind::Start);
        let by_event = of
            .and_then(|ix| self.nodes.get(usize::from(ix.0)))
            .is_some_and(|n| n.kind == NodeKind::EventSubProcess);
        if inner.starts.iter().any(is_start) {
            inner.starts.retain(is_start);
            if !by_event {
                inner.starts.retain(|ix| node(ix).is_some_and(|n| n.triggers.is_empty()));
            }
        }
        inner
    }

    /// Names of data objects and properties, each in the scope where it stands.
    fn declare(&self, inners: &mut HashMap<Option<NodeIx>, Inner>) {
        for data in &self.view.data {
            let declares = matches!(data.element.local.as_str(), "dataObject" | "property");
            let Some(owner) = data.owner.filter(|owner| owner.process == self.process) else {
                continue;
            };
            let name = if data.name.is_empty() { data.id } else { data.name.as_str() };
            if !declares || name.is_empty() {
                continue;
            }
            let parent = owner.parent.and_then(|at| self.ixs.get(&at)).copied();
            inners.entry(parent).or_default().declares.push(name.to_owned());
        }
    }

    /// Inclusive joins have one bit for each incoming flow.
    fn joins(&mut self) {
        let view = self.view;
        for (at, drawn) in view.nodes.iter().enumerate() {
            let node = self.ixs.get(&at).and_then(|ix| self.nodes.get(usize::from(ix.0)));
            let wide =
                |n: &crate::Node| n.kind == NodeKind::Inclusive && n.incoming.len() > JOIN_FLOWS;
            if node.is_some_and(wide) {
                let reason = format!("an inclusive join has at most {JOIN_FLOWS} incoming flows");
                self.refuse(drawn.element, code::LIMIT, reason);
            }
        }
    }
}

/// What is derived from the finished graph.
pub(super) fn finish(def: &mut Definition) {
    let root_start = |n: &crate::Node| {
        n.parent.is_none()
            && (n.kind == NodeKind::Start && !n.triggers.is_empty()
                || n.instantiate && matches!(n.kind, NodeKind::Receive | NodeKind::EventGateway))
    };
    let mut starts = Vec::new();
    for (ix, node) in def.nodes().filter(|(_, node)| root_start(node)) {
        match node.kind {
            // A gateway that begins the process stands for the events after it.
            NodeKind::EventGateway => starts.extend(def.outgoing(ix).map(|(_, flow)| flow.to)),
            _ => starts.push(ix),
        }
    }
    def.event_starts = starts;
    def.has_conditions = def
        .nodes
        .iter()
        .any(|node| node.triggers.iter().any(|t| matches!(t, Trigger::Condition(_))));
    let joins = |n: &crate::Node| n.kind == NodeKind::Inclusive && n.incoming.len() > 1;
    let joins: Vec<NodeIx> = def.nodes().filter(|(_, n)| joins(n)).map(|(ix, _)| ix).collect();
    for join in joins {
        let reach = reach(def, join);
        def.reach.insert(join, reach);
    }
}

/// For each node, the incoming flows of a join by which a token there can come to it.
fn reach(def: &Definition, join: NodeIx) -> Vec<u64> {
    let mut bits = vec![0_u64; def.nodes.len()];
    for (place, &flow) in def.node(join).incoming.iter().enumerate().take(JOIN_FLOWS) {
        let bit = 1_u64 << place;
        let Some(from) = def.flows.get(usize::from(flow)).map(|flow| flow.from) else { continue };
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            let Some(known) = bits.get_mut(usize::from(at.0)) else { continue };
            if at == join || *known & bit != 0 {
                continue;
            }
            *known |= bit;
            let node = def.node(at);
            let flows = node.incoming.iter().filter_map(|n| def.flows.get(usize::from(*n)));
            open.extend(flows.map(|flow| flow.from));
            // An activity may be left by the events on its edge, a link is a jump.
            open.extend(node.attached_to);
            open.extend(links_to(def, at));
        }
    }
    bits
}

fn links_to(def: &Definition, at: NodeIx) -> Vec<NodeIx> {
    let node = def.node(at);
    let name = node.triggers.iter().find_map(|trigger| match trigger {
        Trigger::Link(name) if node.kind == NodeKind::Catch => Some(name),
        _ => None,
    });
    let Some(name) = name else { return Vec::new() };
    let jumps = |other: &crate::Node| {
        other.kind == NodeKind::Throw
            && other.parent == node.parent
            && other.triggers.iter().any(|t| matches!(t, Trigger::Link(l) if l == name))
    };
    def.nodes().filter(|(_, other)| jumps(other)).map(|(ix, _)| ix).collect()
}
