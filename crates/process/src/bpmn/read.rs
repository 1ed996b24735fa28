//! Builds the typed view from the elements of a file.

use std::collections::HashMap;

use super::Definitions;
use super::kinds::{Kind, Trigger};
use super::parts::{
    Association, Data, DataAssociation, Declared, EventDefinition, Expression, Flow, Lane, Loop,
    MessageFlow, Node, Owner, Pool, Process, flag,
};
use crate::model::{BPMN_NS, Element};

/// Place of what stands in a collaboration.
const COLLABORATION: Owner = Owner { process: usize::MAX, parent: None };

pub(super) fn read<'a>(file: &'a str, root: &'a Element) -> Definitions<'a> {
    let mut view = Definitions {
        file,
        root,
        processes: Vec::new(),
        nodes: Vec::new(),
        flows: Vec::new(),
        lanes: Vec::new(),
        pools: Vec::new(),
        message_flows: Vec::new(),
        associations: Vec::new(),
        artefacts: Vec::new(),
        data: Vec::new(),
        declared: Vec::new(),
        others: Vec::new(),
        event_definitions: HashMap::new(),
        ids: HashMap::new(),
        duplicates: Vec::new(),
        nodes_by_id: HashMap::new(),
        flows_by_id: HashMap::new(),
        lanes_by_node: HashMap::new(),
        declared_by_id: HashMap::new(),
    };
    view.collect_ids(root);
    for child in root.children.iter().filter(|child| child.namespace == BPMN_NS) {
        view.root_element(child);
    }
    view.connect();
    view
}

/// Runs of white space as one blank, ends trimmed.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn id(element: &Element) -> &str {
    element.attr("id").unwrap_or_default()
}

fn name(element: &Element) -> String {
    element.attr("name").map(words).unwrap_or_default()
}

impl<'a> Definitions<'a> {
    fn collect_ids(&mut self, element: &'a Element) {
        let diagram = element.namespace.starts_with("http://www.omg.org/spec/");
        if let Some(id) = element.attr("id").filter(|_| diagram) {
            if self.ids.contains_key(id) {
                self.duplicates.push(element);
            } else {
                self.ids.insert(id, element);
            }
        }
        if element.namespace == BPMN_NS && Trigger::of(&element.local).is_some() {
            self.event_definitions.entry(id(element)).or_insert(element);
        }
        for child in &element.children {
            self.collect_ids(child);
        }
    }

    fn root_element(&mut self, element: &'a Element) {
        match element.local.as_str() {
            "process" => {
                let owner = Owner { process: self.processes.len(), parent: None };
                self.processes.push(Process {
                    element,
                    id: id(element),
                    name: name(element),
                    executable: flag(element, "isExecutable"),
                });
                self.container(element, owner);
            }
            "collaboration" => self.collaboration(element),
            "message" | "signal" | "error" | "escalation" | "itemDefinition" | "interface"
            | "resource" | "category" => {
                let code = element.attr("errorCode").or_else(|| element.attr("escalationCode"));
                self.declared_by_id.entry(id(element)).or_insert(self.declared.len());
                self.declared.push(Declared {
                    element,
                    id: id(element),
                    name: element.attr("name").unwrap_or_default(),
                    code: code.unwrap_or_default(),
                });
            }
            "dataStore" => self.add_data(element, None),
            _ => self.others.push(element),
        }
    }

    fn collaboration(&mut self, element: &'a Element) {
        for child in element.children.iter().filter(|child| child.namespace == BPMN_NS) {
            match child.local.as_str() {
                "participant" => {
                    let process = child.attr("processRef").filter(|id| !id.trim().is_empty());
                    let process = process.map(|process| self.resolve(process));
                    let (id, name) = (id(child), name(child));
                    self.pools.push(Pool { element: child, id, name, process });
                }
                "messageFlow" => {
                    let flow = MessageFlow {
                        element: child,
                        id: id(child),
                        name: name(child),
                        source: self.reference(child, "sourceRef"),
                        target: self.reference(child, "targetRef"),
                    };
                    self.message_flows.push(flow);
                }
                "association" => self.association(child, COLLABORATION),
                "textAnnotation" | "group" => self.artefacts.push((child, COLLABORATION)),
                _ => {}
            }
        }
    }

    fn reference(&self, element: &'a Element, attribute: &str) -> &'a str {
        element.attr(attribute).map(|text| self.resolve(text)).unwrap_or_default()
    }

    fn container(&mut self, element: &'a Element, owner: Owner) {
        for child in element.children.iter().filter(|child| child.namespace == BPMN_NS) {
            if let Some(kind) = Kind::of(&child.local) {
                self.add_node(child, kind, owner);
                continue;
            }
            match child.local.as_str() {
                "sequenceFlow" => {
                    let flow = Flow {
                        element: child,
                        id: id(child),
                        name: name(child),
                        owner,
                        source: self.reference(child, "sourceRef"),
                        target: self.reference(child, "targetRef"),
                        condition: child.bpmn("conditionExpression").next().map(Expression::of),
                    };
                    self.flows_by_id.entry(flow.id).or_insert(self.flows.len());
                    self.flows.push(flow);
                }
                "laneSet" => {
                    let set = self.lanes.last().map_or(0, |lane| lane.set + 1);
                    self.lanes_of(child, owner, None, set);
                }
                "association" => self.association(child, owner),
                "textAnnotation" | "group" => self.artefacts.push((child, owner)),
                "dataObject" | "dataObjectReference" | "dataStoreReference" | "property" => {
                    self.add_data(child, Some(owner));
                }
                "ioSpecification" => self.inputs_and_outputs(child, owner),
                _ => {}
            }
        }
    }

    fn add_node(&mut self, element: &'a Element, kind: Kind, owner: Owner) {
        let ix = self.nodes.len();
        let mut associations = Vec::new();
        for child in element.children.iter().filter(|child| child.namespace == BPMN_NS) {
            match child.local.as_str() {
                "dataInputAssociation" => associations.push(self.data_association(child, true)),
                "dataOutputAssociation" => associations.push(self.data_association(child, false)),
                "property" if !kind.is_sub_process() => self.add_data(child, Some(owner)),
                "ioSpecification" if !kind.is_sub_process() => {
                    self.inputs_and_outputs(child, owner);
                }
                "dataInput" | "dataOutput" => self.add_data(child, Some(owner)),
                _ => {}
            }
        }
        self.nodes_by_id.entry(id(element)).or_insert(ix);
        self.nodes.push(Node {
            element,
            id: id(element),
            name: name(element),
            kind,
            owner,
            triggers: self.triggers(element, kind),
            looping: if kind.is_activity() { Loop::of(element) } else { None },
            data: associations,
            incoming: Vec::new(),
            outgoing: Vec::new(),
        });
        if kind.is_sub_process() {
            self.container(element, Owner { parent: Some(ix), ..owner });
        }
    }

    fn triggers(&self, element: &'a Element, kind: Kind) -> Vec<EventDefinition<'a>> {
        if !kind.is_event() {
            return Vec::new();
        }
        let parts = element.children.iter().filter(|part| part.namespace == BPMN_NS);
        let found = parts.filter_map(|part| {
            if let Some(trigger) = Trigger::of(&part.local) {
                return Some(EventDefinition { element: part, trigger, referred: false });
            }
            if part.local != "eventDefinitionRef" {
                return None;
            }
            let definition = self.event_definitions.get(self.resolve(&part.text)).copied()?;
            let trigger = Trigger::of(&definition.local)?;
            Some(EventDefinition { element: definition, trigger, referred: true })
        });
        found.collect()
    }

    fn data_association(&self, element: &'a Element, input: bool) -> DataAssociation<'a> {
        let sources = element.bpmn("sourceRef").map(|part| self.resolve(&part.text)).collect();
        let target = element.bpmn("targetRef").next().map(|part| self.resolve(&part.text));
        DataAssociation { element, id: id(element), input, sources, target }
    }

    fn inputs_and_outputs(&mut self, specification: &'a Element, owner: Owner) {
        for part in specification.bpmn("dataInput").chain(specification.bpmn("dataOutput")) {
            self.add_data(part, Some(owner));
        }
    }

    fn add_data(&mut self, element: &'a Element, owner: Option<Owner>) {
        self.data.push(Data { element, id: id(element), name: name(element), owner });
    }

    fn association(&mut self, element: &'a Element, owner: Owner) {
        self.associations.push(Association {
            element,
            id: id(element),
            owner,
            source: self.reference(element, "sourceRef"),
            target: self.reference(element, "targetRef"),
        });
    }

    fn lanes_of(&mut self, lanes: &'a Element, owner: Owner, outer: Option<usize>, set: usize) {
        let depth = outer.and_then(|ix| self.lanes.get(ix)).map_or(0, |lane| lane.depth + 1);
        for element in lanes.bpmn("lane") {
            let nodes: Vec<&'a str> =
                element.bpmn("flowNodeRef").map(|part| self.resolve(&part.text)).collect();
            let ix = self.lanes.len();
            for node in &nodes {
                let known = self.lanes_by_node.get(node).and_then(|known| self.lanes.get(*known));
                if known.is_none_or(|known| known.depth < depth) {
                    self.lanes_by_node.insert(node, ix);
                }
            }
            let (id, name) = (id(element), name(element));
            self.lanes.push(Lane { element, id, name, owner, parent: outer, depth, set, nodes });
            for inner in element.bpmn("childLaneSet") {
                self.lanes_of(inner, owner, Some(ix), set);
            }
        }
    }

    /// Tells the nodes which flows arrive and leave; `sequenceFlow` decides.
    fn connect(&mut self) {
        for ix in 0..self.flows.len() {
            let Some(flow) = self.flows.get(ix) else { continue };
            let source = self.nodes_by_id.get(flow.source).copied();
            let target = self.nodes_by_id.get(flow.target).copied();
            if let Some(node) = source.and_then(|source| self.nodes.get_mut(source)) {
                node.outgoing.push(ix);
            }
            if let Some(node) = target.and_then(|target| self.nodes.get_mut(target)) {
                node.incoming.push(ix);
            }
        }
    }
}
