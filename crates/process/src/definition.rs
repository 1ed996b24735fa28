//! The compiled process: an immutable graph of nodes and flows, made only by `compile`.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::feel::Condition;

/// A node's place in its definition. Meaningful only together with the definition's SHA-256.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Ord, PartialOrd, Debug, Default,
)]
pub struct NodeIx(pub u16);

/// What a node does when a token reaches it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// The one start of the process.
    Start,
    /// Ends its token; the process finishes with the last one.
    End,
    /// Ends every token and the process.
    TerminateEnd,
    /// Work of a person; waits for `Complete`.
    UserTask,
    /// Asks for a job; waits for `Answered` when `waits` is set.
    ServiceTask,
    /// Takes the first outgoing flow whose condition holds, else the default.
    Exclusive,
    /// Waits for one token on each incoming flow, then opens every outgoing flow.
    Parallel,
    /// Waits for its timer in the flow.
    TimerCatch,
    /// A timer on the edge of a task.
    TimerBoundary,
    /// No node of this definition: the index belongs to another edition.
    Missing,
}

/// When a timer fires. The text is kept as written; the caller's calendar gives it a date.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum TimerSpec {
    /// `P5WD` (working days), `PT16WH` (working hours), or an ISO 8601 duration such as `P1M`.
    #[serde(rename = "d")]
    Duration(String),
    /// An ISO 8601 date or date and time.
    #[serde(rename = "a")]
    Date(String),
}

/// One step of the process. Keys such as `role` and `task_kind` are an open set: the crate checks
/// their spelling, the caller their meaning.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// The BPMN id.
    pub id: String,
    /// The name for people, in the language of the file; may be empty.
    pub name: String,
    /// What it does.
    pub kind: NodeKind,
    /// Name of the lane it stands in.
    pub lane: Option<String>,
    /// `mc:role` of its lane: who does it.
    pub role: Option<String>,
    /// `mc:unit` of its lane: at which unit.
    pub unit: Option<String>,
    /// `mc:kind` of a user task.
    pub task_kind: Option<String>,
    /// `mc:outcomes` of a user task; empty when any one outcome ends it.
    pub outcomes: Vec<String>,
    /// `mc:limitShare`: percent of the statutory limit, 1 to 100.
    pub limit_share: Option<u8>,
    /// `mc:limit`: a duration of its own.
    pub limit: Option<String>,
    /// `mc:job` of a service task.
    pub job: Option<String>,
    /// `mc:wait`: the service task waits for an answer.
    pub waits: bool,
    /// The timer of a timer event.
    pub timer: Option<TimerSpec>,
    /// The task that a boundary event stands on.
    pub attached_to: Option<NodeIx>,
    /// A boundary event that ends its task when it fires.
    pub interrupting: bool,
    /// Boundary events that stand on this task.
    pub boundaries: Vec<NodeIx>,
    /// Line of its start tag.
    pub line: usize,
    /// The return is drawn in the diagram: a gateway after this task asks for `send_back`.
    pub(crate) return_drawn: bool,
    pub(crate) outgoing: Vec<u16>,
    pub(crate) incoming: Vec<u16>,
}

impl Node {
    pub(crate) fn new(id: &str, name: &str, kind: NodeKind, line: usize) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            lane: None,
            role: None,
            unit: None,
            task_kind: None,
            outcomes: Vec::new(),
            limit_share: None,
            limit: None,
            job: None,
            waits: false,
            timer: None,
            attached_to: None,
            interrupting: false,
            boundaries: Vec::new(),
            line,
            return_drawn: false,
            outgoing: Vec::new(),
            incoming: Vec::new(),
        }
    }

    /// Whether a token rests here until a command comes from outside.
    #[must_use]
    pub fn is_wait(&self) -> bool {
        match self.kind {
            NodeKind::UserTask | NodeKind::TimerCatch => true,
            NodeKind::ServiceTask => self.waits,
            _ => false,
        }
    }
}

/// A sequence flow between two nodes.
#[derive(Clone, PartialEq, Debug)]
pub struct Flow {
    /// The BPMN id.
    pub id: String,
    /// The name for people; may be empty.
    pub name: String,
    /// Where it leaves.
    pub from: NodeIx,
    /// Where it leads.
    pub to: NodeIx,
    /// Taken when no condition of its gateway holds.
    pub is_default: bool,
    pub(crate) condition: Option<Condition>,
}

impl Flow {
    /// The condition as written, if there is one.
    #[must_use]
    pub fn condition(&self) -> Option<&str> {
        self.condition.as_ref().map(Condition::text)
    }
}

/// A compiled process. Immutable; a case is pinned to it by `sha256`.
#[derive(Clone, PartialEq, Debug)]
pub struct Definition {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) sha256: String,
    pub(crate) nodes: Vec<Node>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) by_id: HashMap<String, NodeIx>,
    pub(crate) start: NodeIx,
    pub(crate) missing: Node,
}

impl Definition {
    /// The id of the BPMN process.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name of the BPMN process.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of the file's bytes, 64 hexadecimal digits in lower case.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The node at an index; an index of another edition gives a node of kind `Missing`.
    #[must_use]
    pub fn node(&self, ix: NodeIx) -> &Node {
        self.nodes.get(usize::from(ix.0)).unwrap_or(&self.missing)
    }

    /// The node with this BPMN id.
    #[must_use]
    pub fn node_by_id(&self, id: &str) -> Option<NodeIx> {
        self.by_id.get(id).copied()
    }

    /// The start event.
    #[must_use]
    pub fn start(&self) -> NodeIx {
        self.start
    }

    /// All nodes, in the order of the file.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeIx, &Node)> {
        (0_u16..).map(NodeIx).zip(self.nodes.iter())
    }

    /// All sequence flows, in the order of the file.
    #[must_use]
    pub fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// The flows that leave a node, in the order of the file, each with its number.
    pub fn outgoing(&self, ix: NodeIx) -> impl Iterator<Item = (u16, &Flow)> {
        let numbers = self.node(ix).outgoing.iter();
        numbers.filter_map(|&n| self.flows.get(usize::from(n)).map(|flow| (n, flow)))
    }
}
