//! The elements of models and what they require: found, resolved, put in order.

use std::collections::BTreeMap;

use super::items::Imports;
use super::read::{Source, child, children};
use crate::feel::tidy;
use crate::limits;
use crate::model::Element;
use crate::problem::Problem;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Input,
    Decision,
    Knowledge,
    Service,
}

/// An element of a requirements graph.
#[derive(Debug)]
pub(super) struct Node<'s> {
    /// Number of the model.
    pub(super) source: usize,
    pub(super) kind: Kind,
    pub(super) element: &'s Element,
    /// Its name, with single blanks.
    pub(super) name: String,
    /// What its logic may use, by place.
    pub(super) requires: Vec<usize>,
    /// The parts of a service.
    pub(super) service: Parts,
}

/// The parts of a decision service, by place.
#[derive(Clone, Default, Debug)]
pub(super) struct Parts {
    pub(super) outputs: Vec<usize>,
    pub(super) inside: Vec<usize>,
    pub(super) inputs: Vec<usize>,
}

/// All elements, and an order in which each comes after what it requires.
#[derive(Debug)]
pub(super) struct Graph<'s> {
    pub(super) nodes: Vec<Node<'s>>,
    /// Those that stand in a circle are left out.
    pub(super) order: Vec<usize>,
}

/// Which models each model imports; an import that is not given is a problem.
pub(super) fn imports(sources: &[Source], problems: &mut Vec<Problem>) -> Vec<Imports> {
    let mut all = Vec::new();
    for source in sources {
        let mut imports = Imports::new();
        for import in children(&source.root, "import") {
            let kind = import.attr("importType").unwrap_or_default();
            if !super::read::MODEL_NAMESPACES.contains(&kind) && !kind.contains("/spec/DMN/") {
                let reason = format!("imports of {kind:?} are not executed");
                problems.push(source.problem(crate::problem::OUTSIDE_PROFILE, import, reason));
                continue;
            }
            let namespace = import.attr("namespace").unwrap_or_default();
            match sources.iter().position(|other| other.namespace == namespace) {
                Some(place) => {
                    imports.push((tidy(import.attr("name").unwrap_or_default()), place));
                }
                None => {
                    let reason = format!("there is no model of the namespace {namespace:?}");
                    problems.push(source.problem("missing-import", import, reason));
                }
            }
        }
        all.push(imports);
    }
    all
}

impl<'s> Graph<'s> {
    pub(super) fn read(sources: &'s [Source], problems: &mut Vec<Problem>) -> Self {
        let mut nodes = Vec::new();
        let mut by_id = BTreeMap::new();
        for (number, source) in sources.iter().enumerate() {
            let mut names = BTreeMap::new();
            for element in &source.root.children {
                let Some(kind) = kind(source, element, problems) else { continue };
                if nodes.len() >= limits::DECISION_NODES {
                    let reason = format!("more than {} elements", limits::DECISION_NODES);
                    problems.push(source.problem("limit", element, reason));
                    break;
                }
                let name = tidy(element.attr("name").unwrap_or_default());
                let id = element.attr("id").unwrap_or_default();
                if name.is_empty() {
                    problems.push(source.problem("no-name", element, "it has no name".into()));
                }
                if by_id.insert((number, id), nodes.len()).is_some() {
                    let reason = format!("there are two elements with the id {id:?}");
                    problems.push(source.problem("duplicate-id", element, reason));
                }
                if names.insert(name.clone(), ()).is_some() {
                    let reason = format!("there are two elements with the name {name:?}");
                    problems.push(source.problem("duplicate-name", element, reason));
                }
                let (requires, service) = (Vec::new(), Parts::default());
                nodes.push(Node { source: number, kind, element, name, requires, service });
            }
        }
        let mut graph = Self { nodes, order: Vec::new() };
        graph.connect(sources, &by_id, problems);
        graph.sort(sources, problems);
        graph
    }

    fn connect(
        &mut self,
        sources: &[Source],
        by_id: &BTreeMap<(usize, &str), usize>,
        problems: &mut Vec<Problem>,
    ) {
        for place in 0..self.nodes.len() {
            let Some(node) = self.nodes.get(place) else { continue };
            let (number, element) = (node.source, node.element);
            let Some(source) = sources.get(number) else { continue };
            let mut missing = Vec::new();
            let mut find = |reference: &Element| {
                let href = reference.attr("href").unwrap_or_default();
                let found = resolve(sources, number, href).and_then(|key| by_id.get(&key));
                if found.is_none() {
                    let reason = format!("{}: there is no element {href:?}", reference.local);
                    missing.push(source.problem("missing-requirement", element, reason));
                }
                found.copied()
            };
            let mut requires: Vec<usize> = Vec::new();
            for (edge, ends) in [
                ("informationRequirement", ["requiredDecision", "requiredInput"]),
                ("knowledgeRequirement", ["requiredKnowledge", ""]),
            ] {
                for edge in children(element, edge) {
                    let end = ends.iter().find_map(|end| child(edge, end));
                    requires.extend(end.and_then(&mut find));
                }
            }
            let mut parts = |local: &str| children(element, local).filter_map(&mut find).collect();
            let outputs: Vec<usize> = parts("outputDecision");
            let inside: Vec<usize> = parts("encapsulatedDecision");
            let mut inputs: Vec<usize> = parts("inputData");
            inputs.extend::<Vec<usize>>(parts("inputDecision"));
            problems.append(&mut missing);
            // A knowledge model may call itself: its name is known inside it anyway.
            requires.retain(|required| *required != place || kind_of(element) != "knowledge");
            if let Some(node) = self.nodes.get_mut(place) {
                node.requires = requires;
                node.service = Parts { outputs, inside, inputs };
            }
        }
    }

    /// Orders the nodes; those of circles are named as problems.
    fn sort(&mut self, sources: &[Source], problems: &mut Vec<Problem>) {
        let needs = |node: &Node<'_>| -> Vec<usize> {
            let parts = node.service.outputs.iter().chain(&node.service.inside);
            node.requires.iter().chain(parts).copied().collect()
        };
        let mut left: Vec<usize> = self.nodes.iter().map(|node| needs(node).len()).collect();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for (place, node) in self.nodes.iter().enumerate() {
            for needed in needs(node) {
                if let Some(users) = users.get_mut(needed) {
                    users.push(place);
                }
            }
        }
        let mut ready: Vec<usize> =
            (0..left.len()).rev().filter(|p| left.get(*p) == Some(&0)).collect();
        while let Some(place) = ready.pop() {
            self.order.push(place);
            for user in users.get(place).into_iter().flatten() {
                if let Some(count) = left.get_mut(*user) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(*user);
                    }
                }
            }
        }
        for (place, count) in left.iter().enumerate() {
            let node = self.nodes.get(place).filter(|_| *count > 0);
            let Some(node) = node else { continue };
            if let Some(source) = sources.get(node.source) {
                let reason = "it requires itself, directly or through others".to_owned();
                problems.push(source.problem("cycle", node.element, reason));
            }
        }
    }
}

fn kind_of(element: &Element) -> &'static str {
    if element.local == "businessKnowledgeModel" { "knowledge" } else { "" }
}

/// The kind of an element; elements that are not known at all are remarked on.
fn kind(source: &Source, element: &Element, problems: &mut Vec<Problem>) -> Option<Kind> {
    if element.namespace != source.root.namespace {
        return None;
    }
    match element.local.as_str() {
        "inputData" => Some(Kind::Input),
        "decision" => Some(Kind::Decision),
        "businessKnowledgeModel" => Some(Kind::Knowledge),
        "decisionService" => Some(Kind::Service),
        "import"
        | "itemDefinition"
        | "description"
        | "extensionElements"
        | "knowledgeSource"
        | "elementCollection"
        | "performanceIndicator"
        | "organizationUnit"
        | "textAnnotation"
        | "association"
        | "group"
        | "businessContextElement" => None,
        other => {
            let reason = format!("the element {other} is not known and has no effect");
            let problem = source.problem("unknown-element", element, reason);
            problems.push(problem.as_warning());
            None
        }
    }
}

/// The model and id that a reference names: `#id`, `namespace#id` or `file#id`.
fn resolve<'h>(sources: &[Source], here: usize, href: &'h str) -> Option<(usize, &'h str)> {
    let (model, id) = href.rsplit_once('#').unwrap_or(("", href));
    if model.is_empty() {
        return Some((here, id));
    }
    let named = |source: &Source| source.namespace == model || source.file == model;
    Some((sources.iter().position(named)?, id))
}
