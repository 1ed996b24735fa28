//! Link events come in pairs on one level.

use std::collections::{HashMap, HashSet};

use super::Check;
use crate::bpmn::{Kind, Node, Owner, Trigger};
use crate::model::Element;

/// The ends of the links of a level.
#[derive(Default)]
struct Ends<'a> {
    /// Names and ids of the definitions of throwing link events.
    thrown: HashSet<&'a str>,
    /// The same of catching ones, each with the number of events of this name.
    caught: HashMap<&'a str, usize>,
}

impl Check<'_, '_> {
    pub(super) fn links(&mut self) {
        let view = self.view;
        let mut levels: HashMap<Owner, Ends<'_>> = HashMap::new();
        for (node, definition) in links(&view.nodes) {
            let ends = levels.entry(node.owner).or_default();
            let own = definition.attr("name").map(str::trim).filter(|name| !name.is_empty());
            let id = definition.attr("id");
            if node.kind.catches() {
                if let Some(name) = own {
                    *ends.caught.entry(name).or_default() += 1;
                }
                if let Some(id) = id {
                    ends.caught.entry(id).or_default();
                }
            } else {
                ends.thrown.extend(own.into_iter().chain(id));
            }
        }
        for (node, definition) in links(&view.nodes) {
            if let Some(ends) = levels.get(&node.owner) {
                self.link(node, definition, ends);
            }
        }
    }

    fn link(&mut self, node: &Node<'_>, definition: &Element, ends: &Ends<'_>) {
        let name = definition.attr("name").map(str::trim).unwrap_or_default();
        let catches = node.kind.catches();
        let refers: Vec<&str> = definition
            .bpmn(if catches { "source" } else { "target" })
            .map(|part| self.view.resolve(&part.text))
            .collect();
        if name.is_empty() {
            self.note("link-without-name", node.element, "");
        }
        let known = |end: &str| match catches {
            true => ends.thrown.contains(end),
            false => ends.caught.contains_key(end),
        };
        let by_name = !name.is_empty() && known(name);
        if !by_name && !refers.iter().any(|other| known(other)) {
            self.note("link-without-partner", node.element, name);
        }
        let several = ends.caught.get(name).is_some_and(|count| *count > 1);
        if several && !name.is_empty() && !catches {
            self.note("link-ambiguous", node.element, name);
        }
        let wrong = if catches { &node.incoming } else { &node.outgoing };
        if !wrong.is_empty() {
            self.note("link-both-ways", node.element, "");
        }
    }
}

/// Intermediate link events with their definitions.
fn links<'n, 'a>(nodes: &'n [Node<'a>]) -> impl Iterator<Item = (&'n Node<'a>, &'a Element)> {
    let middle = nodes.iter().filter(|node| {
        matches!(node.kind, Kind::IntermediateCatchEvent | Kind::IntermediateThrowEvent)
    });
    middle.flat_map(|node| {
        let link = node.triggers.iter().filter(|definition| definition.trigger == Trigger::Link);
        link.map(move |definition| (node, definition.element))
    })
}
