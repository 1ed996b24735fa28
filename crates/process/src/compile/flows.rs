//! Compiles sequence flows: their ends, conditions and defaults.

use std::collections::HashSet;

use crate::back::SEND_BACK;
use crate::bpmn::Flow as Drawn;
use crate::definition::{Flow, NodeIx, NodeKind};
use crate::expr::Code;
use crate::limits;
use crate::profile;

use super::{Build, code};

impl<'a> Build<'a> {
    pub(super) fn flows(&mut self) -> Vec<Flow> {
        let (view, process) = (self.view, self.process);
        let mut flows = Vec::new();
        for drawn in view.flows.iter().filter(|flow| flow.owner.process == process) {
            if flows.len() >= limits::FLOWS {
                let reason = format!("more than {} flows", limits::FLOWS);
                self.refuse(drawn.element, code::LIMIT, reason);
                break;
            }
            self.check_extensions(drawn.element);
            if let Some(flow) = self.flow(drawn) {
                let number = u16::try_from(flows.len()).unwrap_or(u16::MAX);
                if let Some(node) = self.node_mut(flow.from) {
                    node.outgoing.push(number);
                }
                if let Some(node) = self.node_mut(flow.to) {
                    node.incoming.push(number);
                }
                flows.push(flow);
            }
        }
        self.defaults(&mut flows);
        flows
    }

    fn flow(&mut self, drawn: &Drawn<'a>) -> Option<Flow> {
        let element = drawn.element;
        let id = self.fresh_id(element)?;
        let from = self.end_of(drawn, drawn.source, "sourceRef");
        let to = self.end_of(drawn, drawn.target, "targetRef");
        let condition = self.condition(drawn);
        let (from, to) = (from?, to?);
        let kind = |ix: NodeIx| self.nodes.get(usize::from(ix.0)).map(|node| node.kind);
        let (source, target) = (kind(from)?, kind(to)?);
        let chooses = matches!(source, NodeKind::Exclusive | NodeKind::Inclusive);
        if condition.is_some() && !chooses && self.strict {
            let reason = "only flows out of an exclusive or inclusive gateway have conditions";
            self.refuse(element, code::STRUCTURE, reason.into());
        }
        if matches!(source, NodeKind::End | NodeKind::TerminateEnd) {
            self.refuse(element, code::STRUCTURE, "nothing leaves an end event".into());
        }
        if matches!(target, NodeKind::Start | NodeKind::TimerBoundary | NodeKind::Boundary) {
            let reason = "nothing leads into a start or boundary event";
            self.refuse(element, code::STRUCTURE, reason.into());
        }
        let name = element.attr("name").unwrap_or_default().to_owned();
        Some(Flow { id: id.to_owned(), name, from, to, is_default: false, condition })
    }

    fn end_of(&mut self, drawn: &Drawn<'a>, id: &'a str, attribute: &str) -> Option<NodeIx> {
        let found = self.named(id);
        // A reference to what was refused by name is no fault of its own.
        if found.is_none() && self.view.element(id).is_none() {
            let reason = format!("{attribute}: there is no step {id:?}");
            let code = if attribute == "targetRef" { "missing-target" } else { "missing-source" };
            self.refuse(drawn.element, code, reason);
        }
        found
    }

    fn condition(&mut self, drawn: &Drawn<'a>) -> Option<Code> {
        let element = drawn.element;
        for part in &element.children {
            let known = profile::is_artefact(&part.local) || part.is_bpmn("conditionExpression");
            if !known {
                self.outside(element, &part.local, part.line);
            }
        }
        let condition = drawn.condition.filter(|found| !found.text.is_empty())?;
        let kind = "conditionExpression";
        if let Some(language) = condition.language
            && self.strict
            && !language.contains("FEEL")
        {
            let reason = format!("expected a condition in FEEL, but its language is {language}");
            self.refuse_part(element, code::EXPRESSION, kind, condition.line, reason);
            return None;
        }
        match Code::condition(condition.text, self.dialect) {
            Ok(parsed) => Some(parsed),
            Err(reason) => {
                self.refuse_part(element, code::EXPRESSION, kind, condition.line, reason);
                None
            }
        }
    }

    fn defaults(&mut self, flows: &mut [Flow]) {
        let view = self.view;
        for (at, drawn) in view.nodes.iter().enumerate() {
            let Some(default) = drawn.default_flow() else { continue };
            let Some(from) = self.ixs.get(&at).copied() else { continue };
            let default = view.resolve(default);
            let flow = flows.iter_mut().find(|flow| flow.id == default && flow.from == from);
            match flow {
                Some(flow) if flow.condition.is_some() && self.strict => {
                    let reason = "its default flow has a condition".to_owned();
                    self.refuse(drawn.element, code::STRUCTURE, reason);
                }
                Some(flow) => {
                    // The condition of a default flow is never looked at (BPMN 2.0, table 8.63).
                    flow.condition = None;
                    flow.is_default = true;
                }
                None => {
                    let reason = format!("its default {default:?} is not a flow that leaves it");
                    self.refuse(drawn.element, "missing-default", reason);
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
            if let Some(node) = self.node_mut(flow.from) {
                node.return_drawn = true;
            }
        }
    }
}
