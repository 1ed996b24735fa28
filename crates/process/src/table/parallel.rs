//! Steps that run at the same time: a branch is added to a parallel part, or taken out of it.

use super::fields::kind_attributes;
use super::rows::choice_of;
use super::steps::{attributes, check_lane, gap};
use super::{NewRow, Spot};
use crate::NewStep;
use crate::bpmn::{Definitions, Kind, Node};
use crate::document::{Document, Drawing, EditError, EditReason, Fragment, Place};
use crate::model::MC_NS;

/// The parallel split and join around a branch of one step.
pub(super) fn branch_around<'a>(
    view: &Definitions<'a>,
    node: &Node<'a>,
) -> Option<(&'a str, &'a str)> {
    let ([into], [out]) = (node.incoming.as_slice(), node.outgoing.as_slice()) else {
        return None;
    };
    let fork = view.node(view.flows.get(*into)?.source)?;
    let join = view.node(view.flows.get(*out)?.target)?;
    let parallel = |node: &Node<'_>| node.kind == Kind::ParallelGateway;
    let splits = parallel(fork) && fork.outgoing.len() > 1;
    let joins = parallel(join) && join.incoming.len() > 1;
    (splits && joins && fork.id != join.id).then_some((fork.id, join.id))
}

const PARALLEL: &str = "parallelGateway";

/// A gateway to be put in.
fn gateway<'a>(id: &'a str, kind: &'a str, lane: Option<&'a str>) -> NewStep<'a> {
    NewStep { id, name: "", kind, attributes: &[], lane }
}

/// Id of the gateway where several ways come together before a split.
fn merge_of(fork: &str) -> String {
    format!("{}_merge", fork.strip_suffix("_fork").unwrap_or(fork))
}

impl Document {
    /// Takes a branch of one step out; a part that is left with one branch is no longer parallel.
    pub(super) fn remove_branch(
        &mut self,
        view: &Definitions<'_>,
        node: &Node<'_>,
        fork: &str,
        join: &str,
    ) -> Result<(), EditError> {
        let flows = view.incoming(node).chain(view.outgoing(node));
        for flow in flows {
            self.drop_flow(flow.id)?;
        }
        self.drop_node(node.id)?;
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let single = |id: &str| {
            view.node(id).is_some_and(|n| n.incoming.len() == 1 && n.outgoing.len() == 1)
        };
        if single(fork) && single(join) {
            let merge =
                view.node(fork).and_then(|fork| view.incoming(fork).next()).map(|f| f.source);
            self.remove_step(fork)?;
            self.remove_step(join)?;
            // What was put before the split for its sake goes with it.
            if let Some(merge) = merge.filter(|merge| *merge == merge_of(fork)) {
                self.remove_step(merge)?;
            }
        }
        Ok(())
    }

    pub(super) fn add_parallel(&mut self, beside: &str, row: &NewRow) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let node = view.node(beside).ok_or_else(|| EditError::NoSuchElement(beside.to_owned()))?;
        check_lane(&view, beside, row)?;
        if self.contains(&row.id) {
            return Err(EditError::IdTaken(row.id.clone()));
        }
        if choice_of(&view, node).is_some() {
            return Err(EditError::refused(beside, EditReason::Choice));
        }
        if !node.kind.is_activity() {
            return Err(EditError::refused(beside, EditReason::ReadOnly));
        }
        let around = branch_around(&view, node).map(|(a, b)| (a.to_owned(), b.to_owned()));
        let (fork, join) = match around {
            Some(found) => found,
            None => self.make_parallel(&view, node, &row.id)?,
        };
        self.add_branch(&fork, &join, beside, row)
    }

    /// Puts a step between a new parallel split and a new join.
    fn make_parallel(
        &mut self,
        view: &Definitions<'_>,
        node: &Node<'_>,
        new: &str,
    ) -> Result<(String, String), EditError> {
        let (fork, join) = (self.fresh(&format!("{new}_fork")), self.fresh(&format!("{new}_join")));
        let before = gap(view, &Spot::Before(node.id.to_owned()))?;
        gap(view, &Spot::After(node.id.to_owned()))?;
        let lane = view.lane_of(node).map(|lane| lane.id);
        let mut before = before;
        if before.flows.len() > 1 {
            // A parallel gateway would wait for all of them: they come together one by one first.
            let merge = self.fresh(&merge_of(&fork));
            self.put_into(&before, &gateway(&merge, "exclusiveGateway", lane))?;
            self.remove_attribute(&merge, "", "name")?;
            let model = self.snapshot()?;
            before = gap(&Definitions::of(&model), &Spot::After(merge))?;
        }
        self.put_into(&before, &gateway(&fork, PARALLEL, lane))?;
        let model = self.snapshot()?;
        let after = gap(&Definitions::of(&model), &Spot::After(node.id.to_owned()))?;
        self.put_into(&after, &gateway(&join, PARALLEL, lane))?;
        for gateway in [&fork, &join] {
            self.remove_attribute(gateway, "", "name")?;
        }
        Ok((fork, join))
    }

    /// Adds a branch of one step between a split and its join.
    fn add_branch(
        &mut self,
        fork: &str,
        join: &str,
        beside: &str,
        row: &NewRow,
    ) -> Result<(), EditError> {
        let (kind, _) = kind_attributes(&row.id, &row.kind)?;
        let mut step = Fragment::bpmn(kind).with("id", &row.id).with("name", &row.name);
        for (name, value) in attributes(row)? {
            step = step.with_in(MC_NS, name, &value);
        }
        let (into, out) = (
            self.fresh(&format!("{fork}_to_{}", row.id)),
            self.fresh(&format!("{}_to_{join}", row.id)),
        );
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        self.insert(Place::After(beside), &step)?;
        let near = view.node(beside).and_then(|node| view.lane_of(node)).map(|lane| lane.id);
        let lane = row.lane.as_deref().or(near);
        if let Some(lane) = lane {
            self.name_in_lane(lane, &row.id)?;
        }
        Drawing::of(self).beside(&row.id, kind, beside, lane);
        for (id, from, to) in [(&into, fork, row.id.as_str()), (&out, row.id.as_str(), join)] {
            self.add_flow(id, from, to)?;
            Drawing::of(self).connect(id, from, to);
        }
        Ok(())
    }
}
