//! Changes a process as a table of steps: a step is put into a flow or taken out of the way.
//!
//! Flows, lists of flows, lanes and the diagram follow; all else stays as it was written.

use super::drawing::{Drawing, Joined, Row, step_size};
use super::{Document, EditError, Fragment, Place};
use crate::bpmn::Definitions;
use crate::model::MC_NS;

/// A step to be put in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewStep<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name for people.
    pub name: &'a str,
    /// Its kind as BPMN spells it, such as `userTask`.
    pub kind: &'a str,
    /// Attributes of this program's namespace, such as `("kind", "review")`.
    pub attributes: &'a [(&'a str, &'a str)],
    /// The lane it stands in; without one it stands where the flow comes from or, behind a gateway,
    /// where the flow leads.
    pub lane: Option<&'a str>,
}

impl Document {
    /// Puts a step into a sequence flow. The flow then leads to the step, with its condition, and a
    /// new flow leads on; its id is returned.
    ///
    /// # Errors
    /// No such flow or lane, an id that is taken, names or values that XML does not have.
    pub fn insert_step(&mut self, flow: &str, step: &NewStep<'_>) -> Result<String, EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let unknown = || EditError::NoSuchElement(flow.to_owned());
        let found = view.flow(flow).ok_or_else(unknown)?;
        let (flow_id, source, target) = (found.id, found.source, found.target);
        let from = view.node(source).ok_or_else(unknown)?;
        let after = self.fresh(&format!("{}_to_{target}", step.id));
        let around = view.lane_of(from).map(|lane| lane.id);
        let ahead = view.node(target).and_then(|node| view.lane_of(node)).map(|lane| lane.id);
        // A step on a branch belongs to what the branch leads to.
        let near = if from.kind.is_gateway() { ahead.or(around) } else { around };
        let lane = step.lane.or(near);
        if let Some(lane) = lane.filter(|lane| !self.contains(lane)) {
            return Err(EditError::NoSuchElement(lane.to_owned()));
        }
        let row = match lane {
            _ if lane == ahead => Row::Target,
            Some(lane) if Some(lane) != around => Row::Lane(lane),
            _ => Row::Source,
        };
        let lists = from.element.bpmn("outgoing").next().is_some();
        let mut node = Fragment::bpmn(step.kind).with("id", step.id).with("name", step.name);
        for (name, value) in step.attributes {
            node = node.with_in(MC_NS, name, value);
        }
        if lists {
            node = node
                .child(Fragment::bpmn("incoming").text(flow_id))
                .child(Fragment::bpmn("outgoing").text(&after));
        }
        let onward = Fragment::bpmn("sequenceFlow")
            .with("id", &after)
            .with("sourceRef", step.id)
            .with("targetRef", target);
        self.insert(Place::After(source), &node)?;
        self.insert(Place::After(flow_id), &onward)?;
        self.set_attribute(flow_id, "", "targetRef", step.id)?;
        self.relist(target, "incoming", flow_id, Some(&after))?;
        if let Some(lane) = lane {
            self.insert(Place::LastIn(lane), &Fragment::bpmn("flowNodeRef").text(step.id))?;
        }
        let joined = Joined {
            flow: flow_id,
            after: &after,
            from: source,
            to: target,
            row,
            size: step_size(step.kind),
        };
        Drawing::of(self).put_in(step.id, &joined);
        Ok(after)
    }

    /// Takes a step out of the way: the flows that led to it lead to where it led.
    ///
    /// # Errors
    /// No such step, more or less than one way out, or events, messages or data that hang on it.
    pub fn remove_step(&mut self, step: &str) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let unknown = || EditError::NoSuchElement(step.to_owned());
        let node = view.node(step).ok_or_else(unknown)?;
        let ways: Vec<_> = view.outgoing(node).collect();
        let [way] = ways.as_slice() else { return Err(EditError::Ways(node.id.to_owned())) };
        let hangs = view
            .nodes
            .iter()
            .any(|other| other.attached_to().is_some_and(|on| view.resolve(on) == node.id));
        let sends = view.message_flows.iter().any(|m| m.source == node.id || m.target == node.id);
        let holds = view.nodes.iter().any(|other| {
            view.parent_of(other.owner).is_some_and(|parent| std::ptr::eq(parent, node))
        });
        if hangs || sends || holds || !node.data.is_empty() || way.target == node.id {
            return Err(EditError::InUse(node.id.to_owned()));
        }
        let into: Vec<&str> = view.incoming(node).map(|flow| flow.id).collect();
        let notes = view.associations.iter().filter(|a| a.source == node.id || a.target == node.id);
        let notes: Vec<&str> = notes.map(|association| association.id).collect();
        Drawing::of(self).take_out(node.id, way.id, &into, &notes);
        let listed = view.node(way.target).is_some_and(|target| {
            let mut lists = target.element.bpmn("incoming");
            lists.any(|part| view.resolve(&part.text) == way.id)
        });
        self.relist(way.target, "incoming", way.id, None)?;
        for flow in &into {
            self.set_attribute(flow, "", "targetRef", way.target)?;
            if listed {
                self.list(way.target, "incoming", flow)?;
            }
        }
        for lane in view.lanes.iter().filter(|lane| lane.nodes.contains(&node.id)) {
            self.relist(lane.id, "flowNodeRef", node.id, None)?;
        }
        for gone in notes.iter().chain([&way.id, &node.id]) {
            self.remove(gone)?;
        }
        Ok(())
    }
}
