//! Compiles lanes: who does a step and at which unit.

use std::collections::HashMap;

use crate::bpmn::Lane;
use crate::definition::NodeIx;

use super::{Build, code};

impl<'a> Build<'a> {
    /// Gives nodes the lane they stand in; an inner lane wins over the outer one and takes over
    /// what it does not say itself.
    pub(super) fn lanes(&mut self) {
        let (view, process) = (self.view, self.process);
        let mut placed: HashMap<NodeIx, usize> = HashMap::new();
        for lane in view.lanes.iter().filter(|lane| lane.owner.process == process) {
            self.check_extensions(lane.element);
            let role = self.inherited(lane, "role");
            let unit = self.inherited(lane, "unit");
            for id in &lane.nodes {
                let Some(ix) = self.named(id) else {
                    if view.element(id).is_none() {
                        let reason = format!("the lane holds {id:?}, but there is no such step");
                        let (element, kind) = (lane.element, "flowNodeRef");
                        self.refuse_part(element, code::REFERENCE, kind, element.line, reason);
                    }
                    continue;
                };
                match placed.get(&ix) {
                    Some(depth) if *depth == lane.depth => {
                        let reason = format!("{id} stands in two lanes");
                        let (element, kind) = (lane.element, "flowNodeRef");
                        self.refuse_part(element, code::STRUCTURE, kind, element.line, reason);
                    }
                    Some(depth) if *depth > lane.depth => {}
                    _ => {
                        placed.insert(ix, lane.depth);
                        let name = lane.element.attr("name").or_else(|| lane.element.attr("id"));
                        let name = name.map(str::to_owned);
                        if let Some(node) = self.node_mut(ix) {
                            node.lane = name;
                            node.role.clone_from(&role);
                            node.unit.clone_from(&unit);
                        }
                    }
                }
            }
        }
        self.lanes_of_inner();
    }

    /// A step inside a sub-process stands in the lane of the sub-process.
    fn lanes_of_inner(&mut self) {
        for at in 0..self.nodes.len() {
            let Some(node) = self.nodes.get(at).filter(|node| node.lane.is_none()) else {
                continue;
            };
            let parent = node.parent.and_then(|ix| self.nodes.get(usize::from(ix.0)));
            let Some(parent) = parent else { continue };
            let (lane, role, unit) =
                (parent.lane.clone(), parent.role.clone(), parent.unit.clone());
            if let Some(node) = self.nodes.get_mut(at) {
                (node.lane, node.role, node.unit) = (lane, role, unit);
            }
        }
    }

    fn inherited(&mut self, lane: &Lane<'a>, local: &str) -> Option<String> {
        let view = self.view;
        let mut at = Some(lane);
        while let Some(lane) = at {
            if let Some(key) = self.key(lane.element, local) {
                return Some(key);
            }
            at = lane.parent.and_then(|ix| view.lanes.get(ix));
        }
        None
    }
}
