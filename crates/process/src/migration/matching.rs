//! Makes a plan: by id, then by type, name and lane; a person may change it.

use std::collections::{BTreeMap, BTreeSet};

use super::{By, Match, Plan, PlanError, branch};
use crate::definition::{Definition, Node, NodeIx, NodeKind};

/// A plan for the cases of one edition to go to another.
#[must_use]
pub fn plan(from: &Definition, to: &Definition) -> Plan {
    let mut plan = Plan {
        from: from.sha256().to_owned(),
        to: to.sha256().to_owned(),
        nodes: BTreeMap::new(),
        flows: BTreeMap::new(),
        unmatched: Vec::new(),
        added: Vec::new(),
    };
    for (_, node) in from.nodes() {
        if to.node_by_id(&node.id).is_some() {
            plan.nodes.insert(node.id.clone(), Match { to: node.id.clone(), by: By::Id });
        }
    }
    // An outer sub-process that is found makes those inside comparable: until nothing is found.
    while plan.match_traits(from, to) {}
    plan.complete(from, to);
    plan
}

impl Plan {
    /// The same, with another target of an element or flow, or with none.
    ///
    /// # Errors
    /// The plan is for other editions, an id is unknown, or the target is taken.
    pub fn set(
        &mut self,
        from: &Definition,
        to: &Definition,
        id: &str,
        target: Option<&str>,
    ) -> Result<(), PlanError> {
        if self.from != from.sha256() || self.to != to.sha256() {
            return Err(PlanError::OtherEditions);
        }
        let unknown = |id: &str| PlanError::NoSuchElement(id.to_owned());
        let taken = |by: &String| match target {
            Some(target) => Err(PlanError::Taken(target.to_owned(), by.clone())),
            None => Ok(()),
        };
        let is_flow = |def: &Definition, id: &str| def.flows().iter().any(|flow| flow.id == id);
        if is_flow(from, id) {
            if let Some(target) = target.filter(|target| !is_flow(to, target)) {
                return Err(unknown(target));
            }
            let other = self
                .flows
                .iter()
                .find(|(flow, to)| *flow != id && target.is_some_and(|target| target == **to));
            other.map_or(Ok(()), |(flow, _)| taken(flow))?;
            match target {
                Some(target) => self.flows.insert(id.to_owned(), target.to_owned()),
                None => self.flows.remove(id),
            };
            return Ok(());
        }
        from.node_by_id(id).ok_or_else(|| unknown(id))?;
        if let Some(target) = target {
            to.node_by_id(target).ok_or_else(|| unknown(target))?;
            let same = |(node, found): &(&String, &Match)| *node != id && found.to == target;
            if let Some((node, _)) = self.nodes.iter().find(same) {
                return taken(node);
            }
            let found = Match { to: target.to_owned(), by: By::Person };
            self.nodes.insert(id.to_owned(), found);
        } else {
            self.nodes.remove(id);
        }
        self.complete(from, to);
        Ok(())
    }

    /// The plan that leads back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let nodes = self
            .nodes
            .iter()
            .map(|(id, found)| (found.to.clone(), Match { to: id.clone(), by: found.by }));
        Self {
            from: self.to.clone(),
            to: self.from.clone(),
            nodes: nodes.collect(),
            flows: self.flows.iter().map(|(from, to)| (to.clone(), from.clone())).collect(),
            unmatched: self.added.clone(),
            added: self.unmatched.clone(),
        }
    }

    /// The target of an element.
    pub(super) fn node(&self, from: &Definition, to: &Definition, ix: NodeIx) -> Option<NodeIx> {
        self.nodes.get(&from.node(ix).id).and_then(|found| to.node_by_id(&found.to))
    }

    /// Matches what has the same type, name and lane in the same sub-process; whether it found any.
    fn match_traits(&mut self, from: &Definition, to: &Definition) -> bool {
        let taken: BTreeSet<&str> = self.nodes.values().map(|found| found.to.as_str()).collect();
        let mut olds: BTreeMap<Traits<'_>, Vec<&Node>> = BTreeMap::new();
        for (_, node) in from.nodes().filter(|(_, node)| !self.nodes.contains_key(&node.id)) {
            let around = match node.parent {
                None => "",
                Some(parent) => match self.nodes.get(&from.node(parent).id) {
                    Some(found) => found.to.as_str(),
                    None => continue,
                },
            };
            olds.entry(traits(node, around)).or_default().push(node);
        }
        let mut news: BTreeMap<Traits<'_>, Vec<&Node>> = BTreeMap::new();
        for (_, node) in to.nodes().filter(|(_, node)| !taken.contains(node.id.as_str())) {
            let around = node.parent.map_or("", |parent| to.node(parent).id.as_str());
            news.entry(traits(node, around)).or_default().push(node);
        }
        let mut found = Vec::new();
        for (key, old) in &olds {
            if let ([old], Some([new])) = (old.as_slice(), news.get(key).map(Vec::as_slice)) {
                found.push((old.id.clone(), new.id.clone()));
            }
        }
        let any = !found.is_empty();
        for (old, new) in found {
            self.nodes.insert(old, Match { to: new, by: By::Traits });
        }
        any
    }

    /// Fills in the flows into joins and what has no counterpart.
    fn complete(&mut self, from: &Definition, to: &Definition) {
        branch::match_flows(self, from, to);
        let targets: BTreeSet<&str> = self.nodes.values().map(|found| found.to.as_str()).collect();
        let alone = |node: &Node| !self.nodes.contains_key(&node.id);
        self.unmatched =
            from.nodes().filter(|(_, n)| alone(n)).map(|(_, n)| n.id.clone()).collect();
        let new = to.nodes().filter(|(_, node)| !targets.contains(node.id.as_str()));
        self.added = new.map(|(_, node)| node.id.clone()).collect();
    }
}

/// Type, name, lane and sub-process.
type Traits<'a> = (String, &'a str, &'a str, &'a str);

fn traits<'a>(node: &'a Node, around: &'a str) -> Traits<'a> {
    // A terminate end and a plain one are both ends for a person who compares the pictures.
    let kind = if node.kind == NodeKind::TerminateEnd { NodeKind::End } else { node.kind };
    (format!("{kind:?}"), node.name.trim(), node.lane.as_deref().unwrap_or_default(), around)
}
