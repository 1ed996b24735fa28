//! What each level of a process needs: start, end, and a way in and out of every node.

use std::collections::HashMap;

use super::Check;
use crate::bpmn::{Kind, Node, Owner, Trigger};
use crate::model::Element;

/// What was seen on a level.
#[derive(Default)]
struct Level {
    starts: usize,
    ends: usize,
    /// A receive task or event-based gateway that starts the process.
    instantiates: bool,
}

impl<'v> Check<'v, '_> {
    pub(super) fn levels(&mut self) {
        let view = self.view;
        let mut levels: HashMap<Owner, Level> = HashMap::new();
        for node in &view.nodes {
            let level = levels.entry(node.owner).or_default();
            match node.kind {
                Kind::StartEvent => level.starts += 1,
                Kind::EndEvent => level.ends += 1,
                Kind::ReceiveTask | Kind::EventBasedGateway => {
                    level.instantiates |= node.instantiates();
                }
                _ => {}
            }
        }
        for (owner, level) in &levels {
            let Some(holder) = self.holder(*owner) else { continue };
            if self.ad_hoc(*owner) {
                continue;
            }
            if level.starts == 0 && level.ends > 0 && !level.instantiates {
                self.note("missing-start", holder, "");
            }
            if level.starts > 0 && level.ends == 0 {
                self.note("missing-end", holder, "");
            }
        }
        for node in &view.nodes {
            if let Some(level) = levels.get(&node.owner).filter(|_| !self.ad_hoc(node.owner)) {
                self.ways(node, level);
            }
        }
        self.event_sub_processes(&levels);
    }

    fn holder(&self, owner: Owner) -> Option<&'v Element> {
        let process = self.view.process_of(owner).map(|process| process.element);
        self.view.parent_of(owner).map(|parent| parent.element).or(process)
    }

    fn ad_hoc(&self, owner: Owner) -> bool {
        self.view.parent_of(owner).is_some_and(|parent| parent.kind == Kind::AdHocSubProcess)
    }

    fn ways(&mut self, node: &Node<'_>, level: &Level) {
        let apart = node.by_event() || node.for_compensation() || node.kind == Kind::Choreography;
        if apart {
            return;
        }
        let link = node.has(Trigger::Link);
        let middle =
            matches!(node.kind, Kind::IntermediateCatchEvent | Kind::IntermediateThrowEvent);
        let starts = node.kind == Kind::StartEvent
            || node.kind == Kind::BoundaryEvent
            || (node.kind == Kind::IntermediateCatchEvent && link)
            || node.instantiates();
        if node.incoming.is_empty() && !starts && (level.starts > 0 || middle) {
            self.note("no-incoming", node.element, "");
        }
        if node.kind == Kind::EndEvent && node.incoming.is_empty() && level.starts == 0 {
            self.note("no-incoming", node.element, "");
        }
        let ends = matches!(node.kind, Kind::EndEvent | Kind::BoundaryEvent)
            || (node.kind == Kind::IntermediateThrowEvent && link);
        let must = level.ends > 0 || middle || node.kind == Kind::StartEvent;
        if node.outgoing.is_empty() && !ends && must {
            self.note("no-outgoing", node.element, "");
        }
    }

    fn event_sub_processes(&mut self, levels: &HashMap<Owner, Level>) {
        let view = self.view;
        for (ix, node) in view.nodes.iter().enumerate().filter(|(_, node)| node.by_event()) {
            let inside = Owner { parent: Some(ix), ..node.owner };
            let starts = levels.get(&inside).map_or(0, |level| level.starts);
            if starts != 1 {
                self.note("event-sub-process-start", node.element, &starts.to_string());
            }
        }
    }
}
