//! Edits of lanes: who does a step, at which unit.

use super::NewLane;
use super::fields::key;
use crate::bpmn::{Definitions, Kind, Node, Owner};
use crate::document::{Document, Drawing, EditError, EditReason, Fragment, Place};
use crate::model::MC_NS;

impl Document {
    pub(super) fn set_lane(&mut self, id: &str, lane: &str) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let node = view.node(id).ok_or_else(|| EditError::NoSuchElement(id.to_owned()))?;
        let found = view.lanes.iter().find(|found| found.id == lane);
        let found = found.ok_or_else(|| EditError::NoSuchElement(lane.to_owned()))?;
        if node.kind == Kind::BoundaryEvent {
            return Err(EditError::refused(id, EditReason::ReadOnly));
        }
        if found.owner != node.owner {
            return Err(EditError::refused(id, EditReason::Level));
        }
        if view.lane_of(node).is_some_and(|now| now.id == lane) {
            return Ok(());
        }
        let edge = on_edge(&view, node);
        let moved: Vec<&str> = std::iter::once(node.id).chain(edge.iter().copied()).collect();
        for moved in &moved {
            // A lane around the new one keeps naming the step; all others of its set give it up.
            let gives_up = |lane: &&crate::bpmn::Lane<'_>| {
                lane.set == found.set
                    && lane.nodes.contains(moved)
                    && !around(&view, found, lane.id)
            };
            for lane in view.lanes.iter().filter(gives_up) {
                self.relist(lane.id, "flowNodeRef", moved, None)?;
            }
        }
        // A node on the edge is listed where its activity is only if it was listed at all.
        for moved in &moved {
            let listed = view.lanes.iter().any(|lane| lane.nodes.contains(moved));
            if (*moved == node.id || listed) && !found.nodes.contains(moved) {
                self.name_in_lane(found.id, moved)?;
            }
        }
        Drawing::of(self).into_lane(node.id, found.id, &edge);
        self.draw_flows_of(&view, &moved);
        Ok(())
    }

    /// Adds a node to a lane, before the lane's inner lanes.
    pub(super) fn name_in_lane(&mut self, lane: &str, node: &str) -> Result<(), EditError> {
        let new = Fragment::bpmn("flowNodeRef").text(node);
        self.insert_before_part(lane, "childLaneSet", &new)
    }

    /// Leads the lines of all flows of some nodes anew.
    pub(super) fn draw_flows_of(&mut self, view: &Definitions<'_>, nodes: &[&str]) {
        let mut drawing = Drawing::of(self);
        for flow in &view.flows {
            if nodes.contains(&flow.source) || nodes.contains(&flow.target) {
                drawing.connect(flow.id, flow.source, flow.target);
            }
        }
    }

    pub(super) fn add_lane(
        &mut self,
        process: Option<&str>,
        lane: &NewLane,
    ) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        if self.contains(&lane.id) {
            return Err(EditError::IdTaken(lane.id.clone()));
        }
        let wanted = |id: &str| process.is_none_or(|process| process == id);
        let at = view.processes.iter().position(|process| wanted(process.id));
        let at = at.ok_or_else(|| EditError::NoSuchElement(process.unwrap_or("").to_owned()))?;
        let owner = Owner { process: at, parent: None };
        let new = self.lane_fragment(lane)?;
        let last = view.lanes.iter().rfind(|lane| lane.owner == owner && lane.depth == 0);
        let pool = view
            .process_of(owner)
            .and_then(|process| view.pools.iter().find(|pool| pool.process == Some(process.id)));
        if let Some(last) = last {
            self.insert(Place::After(last.id), &new)?;
            let around: Vec<&str> = pool.iter().map(|pool| pool.id).collect();
            Drawing::of(self).lane_below(&lane.id, last.id, &around);
            return Ok(());
        }
        // The first lane of a process holds all its steps.
        let process = view.process_of(owner).map_or("", |process| process.id);
        let nodes: Vec<&str> = view.level(owner).map(|node| node.id).collect();
        let new = nodes
            .iter()
            .fold(new, |lane, node| lane.child(Fragment::bpmn("flowNodeRef").text(node)));
        let set = self.fresh(&format!("{process}_lanes"));
        let set = Fragment::bpmn("laneSet").with("id", &set).child(new);
        self.insert_before_nodes(process, &set)?;
        Drawing::of(self).first_lane(&lane.id, pool.map(|pool| pool.id), &nodes);
        Ok(())
    }

    pub(super) fn lane_fragment(&self, lane: &NewLane) -> Result<Fragment, EditError> {
        let mut new = Fragment::bpmn("lane").with("id", &lane.id).with("name", &lane.name);
        for (local, word) in [("role", &lane.role), ("unit", &lane.unit)] {
            if let Some(word) = key(&lane.id, word.as_deref())? {
                new = new.mc(local, &word);
            }
        }
        Ok(new)
    }

    pub(super) fn change_lane(&mut self, lane: &NewLane) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        if !view.lanes.iter().any(|found| found.id == lane.id) {
            return Err(EditError::NoSuchElement(lane.id.clone()));
        }
        let name = Some(lane.name.as_str()).filter(|name| !name.is_empty());
        self.set_or_remove(&lane.id, "", "name", name)?;
        for (local, word) in [("role", &lane.role), ("unit", &lane.unit)] {
            let word = key(&lane.id, word.as_deref())?;
            self.set_or_remove(&lane.id, MC_NS, local, word.as_deref())?;
        }
        Ok(())
    }

    pub(super) fn remove_lane(&mut self, id: &str) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let at = view.lanes.iter().position(|lane| lane.id == id);
        let (at, lane) = at
            .and_then(|at| view.lanes.get(at).map(|lane| (at, lane)))
            .ok_or_else(|| EditError::NoSuchElement(id.to_owned()))?;
        let inner = view.lanes.iter().any(|lane| lane.parent == Some(at));
        let alone = !view.lanes.iter().any(|other| other.id != id && other.set == lane.set);
        if inner || alone || !lane.nodes.is_empty() {
            return Err(EditError::refused(id, EditReason::LaneInUse));
        }
        Drawing::of(self).erase(&[id]);
        self.remove(id)
    }
}

/// Whether a lane is this one or around it.
fn around(view: &Definitions<'_>, lane: &crate::bpmn::Lane<'_>, other: &str) -> bool {
    let mut at = lane.parent.and_then(|ix| view.lanes.get(ix));
    while let Some(lane) = at {
        if lane.id == other {
            return true;
        }
        at = lane.parent.and_then(|ix| view.lanes.get(ix));
    }
    false
}

/// Events on the edge of an activity.
pub(super) fn on_edge<'a>(view: &Definitions<'a>, host: &Node<'_>) -> Vec<&'a str> {
    let on = |node: &&Node<'a>| {
        node.kind == Kind::BoundaryEvent
            && node.attached_to().is_some_and(|on| view.resolve(on) == host.id)
    };
    view.nodes.iter().filter(on).map(|node| node.id).collect()
}
