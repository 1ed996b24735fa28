//! Edits of rows: a step is put in, taken out or put elsewhere.

use super::fields::{kind_attributes, outcomes_text, time_attributes};
use super::lanes::on_edge;
use super::rows::choice_of;
use super::{NewRow, Spot, StepKind};
use crate::NewStep;
use crate::bpmn::{Definitions, Kind, Node};
use crate::document::{Document, Drawing, EditError, EditReason};

/// Where a step goes: the flows that will lead to it, and the node that it will lead to.
pub(super) struct Gap {
    pub(super) flows: Vec<String>,
    pub(super) from: String,
    pub(super) to: String,
}

/// The gap that a spot names.
pub(super) fn gap(view: &Definitions<'_>, spot: &Spot) -> Result<Gap, EditError> {
    let node = |id: &str| view.node(id).ok_or_else(|| EditError::NoSuchElement(id.to_owned()));
    let of_flow = |flow: &crate::bpmn::Flow<'_>| Gap {
        flows: vec![flow.id.to_owned()],
        from: flow.source.to_owned(),
        to: flow.target.to_owned(),
    };
    match spot {
        Spot::Flow(id) => {
            let flow = view.flow(id).ok_or_else(|| EditError::NoSuchElement(id.clone()))?;
            Ok(of_flow(flow))
        }
        Spot::After(id) => {
            let step = node(id)?;
            if choice_of(view, step).is_some() {
                return Err(EditError::refused(id, EditReason::SeveralWays));
            }
            let mut ways = view.outgoing(step);
            let way = ways.next().ok_or_else(|| EditError::refused(id, EditReason::NoWay))?;
            if ways.next().is_some() {
                return Err(EditError::refused(id, EditReason::SeveralWays));
            }
            Ok(of_flow(way))
        }
        Spot::Before(id) => {
            let step = node(id)?;
            let ways: Vec<_> = view.incoming(step).collect();
            let first = ways.first().ok_or_else(|| EditError::refused(id, EditReason::NoWay))?;
            if waits_for_all(step) && ways.len() > 1 {
                return Err(EditError::refused(id, EditReason::SeveralWays));
            }
            let flows = ways.iter().map(|flow| flow.id.to_owned()).collect();
            Ok(Gap { flows, from: first.source.to_owned(), to: step.id.to_owned() })
        }
    }
}

/// Whether a step may be taken out.
pub(super) fn removable<'a>(view: &Definitions<'a>, node: &Node<'a>) -> bool {
    check_removable(view, node).is_ok()
}

/// Several ways to a step that leads to a join: without the step the join would wait for them all.
fn one_by_one<'a>(view: &Definitions<'a>, node: &Node<'a>) -> Result<(), EditError> {
    let joins = view.outgoing(node).filter_map(|flow| view.node(flow.target)).any(waits_for_all);
    if joins && node.incoming.len() > 1 {
        return Err(EditError::refused(node.id, EditReason::SeveralWays));
    }
    Ok(())
}

fn waits_for_all(node: &Node<'_>) -> bool {
    node.kind.is_gateway() && !matches!(node.kind, Kind::ExclusiveGateway | Kind::EventBasedGateway)
}

fn check_removable<'a>(view: &Definitions<'a>, node: &Node<'a>) -> Result<(), EditError> {
    if choice_of(view, node).is_some() {
        return Err(EditError::refused(node.id, EditReason::Choice));
    }
    let sends = view.message_flows.iter().any(|m| m.source == node.id || m.target == node.id);
    let at = view.node_ix(node.id);
    let holds =
        view.nodes.iter().any(|other| other.owner.parent.is_some() && other.owner.parent == at);
    if sends || holds || !node.data.is_empty() || !on_edge(view, node).is_empty() {
        return Err(EditError::InUse(node.id.to_owned()));
    }
    one_by_one(view, node)?;
    let loose = node.incoming.is_empty() && node.kind != Kind::StartEvent;
    let to_itself = view.outgoing(node).any(|flow| flow.target == node.id);
    if (node.outgoing.len() != 1 || node.kind == Kind::StartEvent || to_itself) && !loose {
        return Err(EditError::Ways(node.id.to_owned()));
    }
    Ok(())
}

impl Document {
    pub(super) fn insert_row(&mut self, spot: &Spot, row: &NewRow) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let gap = gap(&view, spot)?;
        let attributes = attributes(row)?;
        let attributes: Vec<(&str, &str)> =
            attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let step = NewStep {
            id: &row.id,
            name: &row.name,
            kind: kind_attributes(&row.id, &row.kind)?.0,
            attributes: &attributes,
            lane: row.lane.as_deref(),
        };
        check_lane(&view, &gap.to, row)?;
        self.put_into(&gap, &step)
    }

    /// Puts a new step into a gap.
    pub(super) fn put_into(&mut self, gap: &Gap, step: &NewStep<'_>) -> Result<(), EditError> {
        let Some((first, others)) = gap.flows.split_first() else { return Ok(()) };
        self.insert_step(first, step)?;
        for flow in others {
            self.lead_flow(flow, step.id)?;
        }
        if others.is_empty() { Ok(()) } else { self.redraw(&[step.id]) }
    }

    /// Leads the lines of all flows of some nodes anew.
    pub(super) fn redraw(&mut self, nodes: &[&str]) -> Result<(), EditError> {
        let model = self.snapshot()?;
        self.draw_flows_of(&Definitions::of(&model), nodes);
        Ok(())
    }

    pub(super) fn remove_row(&mut self, id: &str) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let node = view.node(id).ok_or_else(|| EditError::NoSuchElement(id.to_owned()))?;
        check_removable(&view, node)?;
        if node.incoming.is_empty() || node.outgoing.is_empty() {
            for flow in view.outgoing(node) {
                self.drop_flow(flow.id)?;
            }
            return self.drop_node(id);
        }
        if let Some((fork, join)) = super::parallel::branch_around(&view, node) {
            let (fork, join) = (fork.to_owned(), join.to_owned());
            return self.remove_branch(&view, node, &fork, &join);
        }
        self.remove_step(id)
    }

    pub(super) fn move_row(&mut self, id: &str, spot: &Spot) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let node = view.node(id).ok_or_else(|| EditError::NoSuchElement(id.to_owned()))?;
        if matches!(spot, Spot::After(other) | Spot::Before(other) if other == id) {
            return Err(EditError::refused(id, EditReason::Itself));
        }
        if !node.kind.is_activity() || node.incoming.is_empty() {
            return Err(EditError::refused(id, EditReason::ReadOnly));
        }
        if choice_of(&view, node).is_some() {
            return Err(EditError::refused(id, EditReason::Choice));
        }
        let ways: Vec<_> = view.outgoing(node).collect();
        let [way] = ways.as_slice() else { return Err(EditError::Ways(id.to_owned())) };
        if way.target == id {
            return Err(EditError::refused(id, EditReason::Itself));
        }
        one_by_one(&view, node)?;
        let gap = gap(&view, spot)?;
        let beside = view.node(&gap.to).is_some_and(|target| target.owner == node.owner);
        if !beside {
            return Err(EditError::refused(id, EditReason::Level));
        }
        let into: Vec<&str> = view.incoming(node).map(|flow| flow.id).collect();
        if gap.flows.iter().all(|flow| flow == way.id || into.contains(&flow.as_str())) {
            return Ok(());
        }
        if gap.flows.iter().any(|flow| flow == way.id || into.contains(&flow.as_str())) {
            return Err(EditError::refused(id, EditReason::SeveralWays));
        }
        for flow in &into {
            self.lead_flow(flow, way.target)?;
            let from = view.flow(flow).map_or("", |flow| flow.source);
            Drawing::of(self).connect(flow, from, way.target);
        }
        for flow in &gap.flows {
            self.lead_flow(flow, id)?;
        }
        self.lead_flow(way.id, &gap.to)?;
        let lane = view.lane_of(node).map(|lane| lane.id);
        let edge = on_edge(&view, node);
        Drawing::of(self).behind(id, &gap.from, &gap.to, &edge, lane);
        let moved: Vec<&str> = edge.into_iter().chain([node.id]).collect();
        self.redraw(&moved)
    }
}

/// The lane of a new step must be a lane of the level where the step will stand.
pub(super) fn check_lane(
    view: &Definitions<'_>,
    near: &str,
    row: &NewRow,
) -> Result<(), EditError> {
    let Some(lane) = &row.lane else { return Ok(()) };
    let found = view.lanes.iter().find(|found| found.id == *lane);
    let found = found.ok_or_else(|| EditError::NoSuchElement(lane.clone()))?;
    match view.node(near) {
        Some(node) if node.owner != found.owner => {
            Err(EditError::refused(&row.id, EditReason::Level))
        }
        _ => Ok(()),
    }
}

/// The attributes of ours of a new step.
pub(super) fn attributes(row: &NewRow) -> Result<Vec<(&'static str, String)>, EditError> {
    let (_, own) = kind_attributes(&row.id, &row.kind)?;
    let outcomes = outcomes_text(&row.id, &row.outcomes)?;
    let (limit, share) = time_attributes(&row.id, row.time.as_ref())?;
    let person = matches!(row.kind, StepKind::User { .. });
    let by_hand = matches!(row.kind, StepKind::Manual);
    if outcomes.is_some() && !person || row.time.is_some() && by_hand {
        return Err(EditError::refused(&row.id, EditReason::ReadOnly));
    }
    let rest = [("outcomes", outcomes), ("limit", limit), ("limitShare", share)];
    let all = own.into_iter().chain(rest);
    Ok(all.filter_map(|(name, value)| Some((name, value?))).collect())
}
