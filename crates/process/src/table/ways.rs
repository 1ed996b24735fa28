//! Edits of where a step leads: one way, or a choice by conditions.

use super::Way;
use super::rows::{choice_of, folded_into};
use crate::bpmn::{Definitions, Flow, Kind, Node, Trigger};
use crate::dialect::Dialect;
use crate::document::{Document, Drawing, EditError, EditReason, Fragment, Place, keeps_lists};
use crate::expr::Code;

/// Whether the table may set where a node leads.
pub(super) fn leads(node: &Node<'_>) -> bool {
    let jumps = node.has(Trigger::Link) && node.kind.throws() || node.has(Trigger::Compensate);
    let uncontrolled = node.outgoing.len() > 1 && !node.kind.is_gateway();
    let conditional = matches!(node.kind, Kind::ComplexGateway | Kind::EventBasedGateway);
    let ends = matches!(node.kind, Kind::EndEvent | Kind::ImplicitThrowEvent | Kind::Choreography);
    !(jumps || uncontrolled || conditional || ends || node.by_event() || node.for_compensation())
}

impl Document {
    pub(super) fn set_next(&mut self, id: &str, ways: &[Way]) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let node = view.node(id).ok_or_else(|| EditError::NoSuchElement(id.to_owned()))?;
        if !leads(node) || folded_into(&view, node).is_some() {
            return Err(EditError::refused(id, EditReason::ReadOnly));
        }
        check(&view, node, ways)?;
        let [way] = ways else {
            let hub = match choice_of(&view, node) {
                Some(gateway) => gateway.id.to_owned(),
                None if node.kind.is_gateway() => node.id.to_owned(),
                None => self.make_choice(&view, node)?,
            };
            return self.fan_out(&hub, ways);
        };
        if node.kind.is_gateway() {
            return self.fan_out(node.id, ways);
        }
        if let Some(gateway) = choice_of(&view, node) {
            for flow in view.outgoing(gateway) {
                self.drop_flow(flow.id)?;
            }
            self.lead_on(&view, node, way)?;
            return self.drop_node(gateway.id);
        }
        self.lead_on(&view, node, way)
    }

    /// Leads the one flow out of a step to where the way leads.
    fn lead_on(
        &mut self,
        view: &Definitions<'_>,
        node: &Node<'_>,
        way: &Way,
    ) -> Result<(), EditError> {
        let known = node.outgoing.first().and_then(|ix| view.flows.get(*ix));
        let flow = match known {
            Some(flow) if flow.target == way.to => flow.id.to_owned(),
            Some(flow) => {
                self.lead_flow(flow.id, &way.to)?;
                Drawing::of(self).connect(flow.id, node.id, &way.to);
                flow.id.to_owned()
            }
            None => self.new_flow(node.id, &way.to)?,
        };
        self.name_way(&flow, way)
    }

    fn new_flow(&mut self, from: &str, to: &str) -> Result<String, EditError> {
        let id = self.fresh(&format!("{from}_to_{to}"));
        self.add_flow(&id, from, to)?;
        Drawing::of(self).connect(&id, from, to);
        Ok(id)
    }

    fn name_way(&mut self, flow: &str, way: &Way) -> Result<(), EditError> {
        let Some(name) = &way.name else { return Ok(()) };
        self.set_or_remove(flow, "", "name", Some(name.as_str()).filter(|name| !name.is_empty()))
    }

    /// Puts an exclusive gateway behind a step.
    fn make_choice(
        &mut self,
        view: &Definitions<'_>,
        node: &Node<'_>,
    ) -> Result<String, EditError> {
        let gateway = self.fresh(&format!("{}_choice", node.id));
        if let Some(flow) = node.outgoing.first().and_then(|ix| view.flows.get(*ix)) {
            let step = crate::NewStep {
                id: &gateway,
                name: "",
                kind: "exclusiveGateway",
                attributes: &[],
                lane: view.lane_of(node).map(|lane| lane.id),
            };
            self.insert_step(flow.id, &step)?;
            self.remove_attribute(&gateway, "", "name")?;
            return Ok(gateway);
        }
        self.insert(
            Place::After(node.id),
            &Fragment::bpmn("exclusiveGateway").with("id", &gateway),
        )?;
        if let Some(lane) = view.lane_of(node) {
            self.name_in_lane(lane.id, &gateway)?;
        }
        let lane = view.lane_of(node).map(|lane| lane.id);
        Drawing::of(self).beside(&gateway, "exclusiveGateway", node.id, lane);
        self.new_flow(node.id, &gateway)?;
        Ok(gateway)
    }

    /// Makes the ways out of a gateway those that are wanted, in their order. A way that was there
    /// keeps its flow with all that stands in it.
    fn fan_out(&mut self, hub: &str, ways: &[Way]) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let node = view.node(hub).ok_or_else(|| EditError::NoSuchElement(hub.to_owned()))?;
        let default = node.default_flow().map(|flow| view.resolve(flow));
        let mut left: Vec<&Flow<'_>> = view.outgoing(node).collect();
        let mut chosen: Vec<Option<String>> = vec![None; ways.len()];
        for exact in [true, false] {
            for (place, way) in chosen.iter_mut().zip(ways) {
                let same = |flow: &&Flow<'_>| {
                    let condition = flow.condition.map(|condition| condition.text);
                    let alike = condition == way.condition.as_deref().map(str::trim)
                        && (default == Some(flow.id)) == way.default;
                    flow.target == way.to && (!exact || alike)
                };
                if let (None, Some(at)) = (&place, left.iter().position(same)) {
                    *place = Some(left.remove(at).id.to_owned());
                }
            }
        }
        self.remove_attribute(hub, "", "default")?;
        for flow in left {
            self.drop_flow(flow.id)?;
        }
        let mut flows = Vec::new();
        for (known, way) in chosen.into_iter().zip(ways) {
            let flow = match known {
                Some(flow) => flow,
                None => self.new_flow(hub, &way.to)?,
            };
            self.set_condition(&flow, way.condition.as_deref())?;
            self.name_way(&flow, way)?;
            if way.default {
                self.set_attribute(hub, "", "default", &flow)?;
            }
            flows.push(flow);
        }
        self.reorder(&flows)?;
        self.relist_in_order(hub, &flows)
    }

    /// The `outgoing` list of a node in the order of its flows.
    fn relist_in_order(&mut self, node: &str, flows: &[String]) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        if !keeps_lists(&view, node) {
            return Ok(());
        }
        let listed: Vec<&str> = view
            .node(node)
            .into_iter()
            .flat_map(|node| node.element.bpmn("outgoing"))
            .map(|part| view.resolve(&part.text))
            .collect();
        if listed.iter().eq(flows.iter()) {
            return Ok(());
        }
        for flow in flows {
            self.relist(node, "outgoing", flow, None)?;
        }
        flows.iter().try_for_each(|flow| self.list(node, "outgoing", flow))
    }
}

/// What must hold of ways on from a node.
fn check(view: &Definitions<'_>, node: &Node<'_>, ways: &[Way]) -> Result<(), EditError> {
    let no = |why: EditReason| Err(EditError::refused(node.id, why));
    if ways.is_empty() {
        return no(EditReason::NoWay);
    }
    for way in ways {
        let target = view.node(&way.to).filter(|target| target.id == way.to);
        let target = target.ok_or_else(|| EditError::NoSuchElement(way.to.clone()))?;
        if target.owner != node.owner {
            return no(EditReason::Level);
        }
        let begins = matches!(target.kind, Kind::StartEvent | Kind::BoundaryEvent);
        let links = target.kind.catches() && target.has(Trigger::Link);
        let aside = target.by_event() || target.for_compensation() || links;
        let inside = folded_into(view, target).is_some();
        if begins || aside || inside {
            return no(EditReason::Target(way.to.clone()));
        }
        if let Some(text) = &way.condition
            && let Err(reason) = Code::condition(text.trim(), Dialect::Feel)
        {
            return no(EditReason::Condition(reason));
        }
    }
    let defaults = ways.iter().filter(|way| way.default).count();
    let bare = |way: &Way| way.condition.is_none();
    let plain = ways.iter().all(|way| bare(way) && !way.default);
    let lone = ways.len() == 1;
    match node.kind {
        Kind::ParallelGateway if !plain => no(EditReason::Unconditional),
        Kind::ParallelGateway => Ok(()),
        _ if lone && !plain => no(EditReason::Unconditional),
        _ if lone => Ok(()),
        _ if defaults > 1 || ways.iter().any(|way| way.default && !bare(way)) => {
            no(EditReason::Conditions)
        }
        // An inclusive way without a condition is always taken.
        Kind::InclusiveGateway => Ok(()),
        _ if ways.iter().any(|way| bare(way) && !way.default) => no(EditReason::Conditions),
        _ => Ok(()),
    }
}
