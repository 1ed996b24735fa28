//! Compiles lanes: who does a step and at which unit.

use std::collections::HashMap;

use crate::definition::NodeIx;
use crate::limits;
use crate::model::Element;
use crate::profile;

use super::Build;

/// Depth of the lane that each node was placed in so far.
pub(super) type Placed = HashMap<NodeIx, usize>;

/// A lane with what it takes over from the lanes around it.
struct Lane<'a> {
    element: &'a Element,
    depth: usize,
    role: Option<String>,
    unit: Option<String>,
}

impl Build<'_> {
    /// Gives nodes the lane they stand in; an inner lane wins over the outer one.
    pub(super) fn lanes(&mut self, set: &Element, placed: &mut Placed) {
        self.lanes_within(set, None, placed);
    }

    fn lanes_within(&mut self, set: &Element, outer: Option<&Lane<'_>>, placed: &mut Placed) {
        for element in &set.children {
            if profile::is_artefact(&element.local) {
                continue;
            }
            if !element.is_bpmn("lane") {
                self.refuse(element, profile::refusal(&element.local).to_owned());
                continue;
            }
            self.check_attributes(element);
            let lane = Lane {
                element,
                depth: outer.map_or(1, |outer| outer.depth + 1),
                role: self.key(element, "role").or_else(|| outer?.role.clone()),
                unit: self.key(element, "unit").or_else(|| outer?.unit.clone()),
            };
            for part in &element.children {
                match part.local.as_str() {
                    "flowNodeRef" => self.in_lane(&lane, part, placed),
                    "childLaneSet" if lane.depth < limits::XML_DEPTH => {
                        self.lanes_within(part, Some(&lane), placed);
                    }
                    local if profile::is_artefact(local) => {}
                    local => {
                        let reason = profile::refusal(local).to_owned();
                        self.refuse_part(element, local, part.line, reason);
                    }
                }
            }
        }
    }

    fn in_lane(&mut self, lane: &Lane<'_>, part: &Element, placed: &mut Placed) {
        let id = part.text.trim();
        let found = self.by_id.get(id).copied();
        let Some(ix) = found else {
            if !self.drawn.contains(id) {
                let reason = format!("the lane holds {id:?}, but there is no such step");
                self.refuse_part(lane.element, &part.local, part.line, reason);
            }
            return;
        };
        match placed.get(&ix) {
            Some(depth) if *depth == lane.depth => {
                let reason = format!("{id} stands in two lanes");
                self.refuse_part(lane.element, &part.local, part.line, reason);
            }
            Some(depth) if *depth > lane.depth => {}
            _ => {
                placed.insert(ix, lane.depth);
                if let Some(node) = self.nodes.get_mut(usize::from(ix.0)) {
                    let element = lane.element;
                    let name = element.attr("name").or_else(|| element.attr("id"));
                    node.lane = name.map(str::to_owned);
                    node.role.clone_from(&lane.role);
                    node.unit.clone_from(&lane.unit);
                }
            }
        }
    }
}
