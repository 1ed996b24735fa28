//! Compiles sequence flows: their ends, conditions and defaults.

use std::collections::HashSet;

use crate::back::SEND_BACK;
use crate::definition::{Flow, NodeIx, NodeKind};
use crate::feel::Condition;
use crate::limits;
use crate::model::Element;
use crate::profile;

use super::Build;

impl<'a> Build<'a> {
    pub(super) fn flows(&mut self, process: &'a Element, elements: &[&'a Element]) -> Vec<Flow> {
        let mut flows = Vec::new();
        for element in elements {
            if flows.len() >= limits::FLOWS {
                self.refuse(element, format!("more than {} flows", limits::FLOWS));
                break;
            }
            self.check_attributes(element);
            if let Some(flow) = self.flow(element) {
                let number = u16::try_from(flows.len()).unwrap_or(u16::MAX);
                if let Some(node) = self.nodes.get_mut(usize::from(flow.from.0)) {
                    node.outgoing.push(number);
                }
                if let Some(node) = self.nodes.get_mut(usize::from(flow.to.0)) {
                    node.incoming.push(number);
                }
                flows.push(flow);
            }
        }
        self.defaults(process, &mut flows);
        flows
    }

    pub(super) fn flow(&mut self, element: &'a Element) -> Option<Flow> {
        let id = self.fresh_id(element)?;
        let from = self.end_of(element, "sourceRef");
        let to = self.end_of(element, "targetRef");
        let condition = self.condition(element);
        let (from, to) = (from?, to?);
        let kind = |ix: NodeIx| self.nodes.get(usize::from(ix.0)).map(|node| node.kind);
        let (source, target) = (kind(from)?, kind(to)?);
        if condition.is_some() && source != NodeKind::Exclusive {
            self.refuse(element, "only flows out of an exclusive gateway have conditions".into());
        }
        if matches!(source, NodeKind::End | NodeKind::TerminateEnd) {
            self.refuse(element, "nothing leaves an end event".into());
        }
        if matches!(target, NodeKind::Start | NodeKind::TimerBoundary) {
            self.refuse(element, "nothing leads into a start or boundary event".into());
        }
        let name = element.attr("name").unwrap_or_default().to_owned();
        Some(Flow { id: id.to_owned(), name, from, to, is_default: false, condition })
    }

    pub(super) fn end_of(&mut self, element: &Element, attribute: &str) -> Option<NodeIx> {
        let id = element.attr(attribute).unwrap_or_default();
        let found = self.by_id.get(id).copied();
        if found.is_none() && !self.drawn.contains(id) {
            self.refuse(element, format!("{attribute}: there is no step {id:?}"));
        }
        found
    }

    pub(super) fn condition(&mut self, element: &Element) -> Option<Condition> {
        let mut condition = None;
        for part in &element.children {
            if profile::is_artefact(&part.local) {
                continue;
            }
            if !part.is_bpmn("conditionExpression") || condition.is_some() {
                let reason = profile::refusal(&part.local).to_owned();
                self.refuse_part(element, &part.local, part.line, reason);
                continue;
            }
            if let Some(language) = part.attr("language").filter(|l| !l.contains("FEEL")) {
                let reason =
                    format!("expected a condition in FEEL, but its language is {language}");
                self.refuse_part(element, &part.local, part.line, reason);
                continue;
            }
            match Condition::parse(&part.text) {
                Ok(parsed) => condition = Some(parsed),
                Err(reason) => self.refuse_part(element, &part.local, part.line, reason),
            }
        }
        condition
    }

    pub(super) fn defaults(&mut self, process: &'a Element, flows: &mut [Flow]) {
        for element in process.bpmn("exclusiveGateway") {
            let Some(default) = element.attr("default") else { continue };
            let gateway = self.by_id.get(element.attr("id").unwrap_or_default()).copied();
            let flow = flows.iter_mut().find(|flow| flow.id == default);
            match flow.filter(|flow| Some(flow.from) == gateway) {
                Some(flow) if flow.condition.is_some() => {
                    self.refuse(element, "its default flow has a condition".to_owned());
                }
                Some(flow) => flow.is_default = true,
                None => {
                    let reason = format!("its default {default:?} is not a flow that leaves it");
                    self.refuse(element, reason);
                }
            }
        }
    }

    /// A gateway right after a task that asks for `send_back` draws the return itself.
    pub(super) fn mark_drawn_returns(&mut self, flows: &[Flow]) {
        let asking = flows.iter().filter(|flow| {
            flow.condition.as_ref().is_some_and(|condition| condition.mentions(SEND_BACK))
        });
        let gateways: HashSet<NodeIx> = asking.map(|flow| flow.from).collect();
        for flow in flows.iter().filter(|flow| gateways.contains(&flow.to)) {
            if let Some(node) = self.nodes.get_mut(usize::from(flow.from.0)) {
                node.return_drawn = true;
            }
        }
    }
}
