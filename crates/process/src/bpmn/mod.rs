//! A typed view of a BPMN 2.0 file: what stands in it, with references resolved, nothing judged.
//!
//! The view borrows from a [`Model`](crate::Model). Every BPMN file can be viewed, executable or
//! not; rules are judged in [`crate::rules`].

mod kinds;
mod parts;
mod read;

pub(crate) use parts::flag;
pub(crate) use read::words;

use std::collections::HashMap;

pub use kinds::{Kind, Trigger};
pub use parts::{
    Association, Data, DataAssociation, Declared, EventDefinition, Expression, Flow, Lane, Loop,
    MessageFlow, Node, Owner, Pool, Process,
};

use crate::model::{Element, Model};

/// All that a BPMN 2.0 file says about processes, in the order of the file.
#[derive(Debug)]
pub struct Definitions<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// The `definitions` element.
    pub root: &'a Element,
    /// Processes.
    pub processes: Vec<Process<'a>>,
    /// Flow nodes of all processes, those in sub-processes included.
    pub nodes: Vec<Node<'a>>,
    /// Sequence flows.
    pub flows: Vec<Flow<'a>>,
    /// Lanes; an outer lane stands before the inner ones.
    pub lanes: Vec<Lane<'a>>,
    /// Participants of collaborations.
    pub pools: Vec<Pool<'a>>,
    /// Message flows.
    pub message_flows: Vec<MessageFlow<'a>>,
    /// Associations, in processes and collaborations.
    pub associations: Vec<Association<'a>>,
    /// Text annotations and groups.
    pub artefacts: Vec<(&'a Element, Owner)>,
    /// Data objects, stores, references, properties, inputs and outputs.
    pub data: Vec<Data<'a>>,
    /// Messages, signals, errors, escalations and other declarations at the root.
    pub declared: Vec<Declared<'a>>,
    /// Choreographies, conversations, global tasks and other root elements.
    pub others: Vec<&'a Element>,
    /// Event definitions by id, wherever they stand.
    event_definitions: HashMap<&'a str, &'a Element>,
    /// Elements of BPMN and its diagram by id; the first one of each id.
    ids: HashMap<&'a str, &'a Element>,
    /// Elements whose id was taken already.
    pub duplicates: Vec<&'a Element>,
    nodes_by_id: HashMap<&'a str, usize>,
    flows_by_id: HashMap<&'a str, usize>,
    lanes_by_node: HashMap<&'a str, usize>,
    declared_by_id: HashMap<&'a str, usize>,
}

impl<'a> Definitions<'a> {
    /// The view of a model.
    #[must_use]
    pub fn of(model: &'a Model) -> Self {
        read::read(model.file(), model.root())
    }

    /// A reference without its namespace prefix: the prefix is dropped when no element has the
    /// reference as its id as it is written.
    #[must_use]
    pub fn resolve<'r>(&self, reference: &'r str) -> &'r str {
        let reference = reference.trim();
        if self.ids.contains_key(reference) {
            return reference;
        }
        reference.split_once(':').map_or(reference, |(_, local)| local)
    }

    /// The element that a reference names.
    #[must_use]
    pub fn element(&self, reference: &str) -> Option<&'a Element> {
        self.ids.get(self.resolve(reference)).copied()
    }

    /// The flow node that a reference names.
    #[must_use]
    pub fn node(&self, reference: &str) -> Option<&Node<'a>> {
        self.node_ix(reference).and_then(|ix| self.nodes.get(ix))
    }

    /// Index in `nodes` of the flow node that a reference names.
    #[must_use]
    pub fn node_ix(&self, reference: &str) -> Option<usize> {
        self.nodes_by_id.get(self.resolve(reference)).copied()
    }

    /// The sequence flow that a reference names.
    #[must_use]
    pub fn flow(&self, reference: &str) -> Option<&Flow<'a>> {
        self.flows_by_id.get(self.resolve(reference)).and_then(|ix| self.flows.get(*ix))
    }

    /// The declaration (message, signal, error, escalation…) that a reference names.
    #[must_use]
    pub fn declaration(&self, reference: &str) -> Option<&Declared<'a>> {
        self.declared_by_id.get(self.resolve(reference)).and_then(|ix| self.declared.get(*ix))
    }

    /// Flows that arrive at a node.
    pub fn incoming(&self, node: &Node<'a>) -> impl Iterator<Item = &Flow<'a>> {
        node.incoming.iter().filter_map(|ix| self.flows.get(*ix))
    }

    /// Flows that leave a node, in the order of the file.
    pub fn outgoing(&self, node: &Node<'a>) -> impl Iterator<Item = &Flow<'a>> {
        node.outgoing.iter().filter_map(|ix| self.flows.get(*ix))
    }

    /// The process that holds a node.
    #[must_use]
    pub fn process_of(&self, owner: Owner) -> Option<&Process<'a>> {
        self.processes.get(owner.process)
    }

    /// The sub-process around a node, or `None` at the level of the process.
    #[must_use]
    pub fn parent_of(&self, owner: Owner) -> Option<&Node<'a>> {
        owner.parent.and_then(|ix| self.nodes.get(ix))
    }

    /// The innermost lane that names a node.
    #[must_use]
    pub fn lane_of(&self, node: &Node<'a>) -> Option<&Lane<'a>> {
        self.lanes_by_node.get(node.id).and_then(|ix| self.lanes.get(*ix))
    }

    /// Nodes right inside a process or sub-process.
    pub fn level(&self, owner: Owner) -> impl Iterator<Item = &Node<'a>> {
        self.nodes.iter().filter(move |node| node.owner == owner)
    }
}
