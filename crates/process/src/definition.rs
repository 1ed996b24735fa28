//! The compiled process: an immutable graph of nodes and flows, made only by `compile`.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::dmn::Decisions;
use crate::expr::Code;
use crate::repeat::Repeat;
use crate::trigger::{Called, Script, Trigger};

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
    /// Passed at once: a manual task, a task without a type, an event without a trigger.
    Pass,
    /// Runs a script.
    Script,
    /// Evaluates a decision.
    Rule,
    /// Sends a message.
    Send,
    /// Waits for a message.
    Receive,
    /// Runs another process and waits for its end.
    Call,
    /// An embedded sub-process.
    SubProcess,
    /// A sub-process begun by an event inside the scope around it.
    EventSubProcess,
    /// A sub-process whose steps are chosen while it runs.
    AdHoc,
    /// Opens every outgoing flow whose condition holds; joins what can still come.
    Inclusive,
    /// Waits for the first of several events.
    EventGateway,
    /// Waits in the flow for a message, a signal or a condition, or takes a link.
    Catch,
    /// Throws in the flow: a signal, a message, an escalation, a compensation, a link.
    Throw,
    /// An event other than a timer on the edge of an activity.
    Boundary,
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
    /// An ISO 8601 repetition: `R3/PT10M`, `R/P1D`.
    #[serde(rename = "c")]
    Cycle(String),
}

impl TimerSpec {
    /// How often it may fire at most; `None` is without end.
    #[must_use]
    pub fn times(&self) -> Option<u32> {
        match self {
            Self::Cycle(text) => {
                let count = text.strip_prefix('R').and_then(|t| t.split_once('/')).map(|c| c.0);
                count.and_then(|count| count.parse().ok())
            }
            _ => Some(1),
        }
    }
}

/// What the process or a sub-process holds.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Inner {
    /// Where a token is put when it opens.
    pub(crate) starts: Vec<NodeIx>,
    /// Event sub-processes that stand directly in it.
    pub(crate) handlers: Vec<NodeIx>,
    /// Names of its own data objects and properties.
    pub(crate) declares: Vec<String>,
    /// Ad-hoc: one activity at a time.
    pub(crate) sequential: bool,
    /// Ad-hoc: the rest is cancelled when the condition holds.
    pub(crate) cancel_rest: bool,
    /// Ad-hoc: people choose the activities.
    pub(crate) chosen: bool,
    /// Ad-hoc: it is complete when this holds.
    pub(crate) complete: Option<Code>,
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
    /// The sub-process that it stands in.
    pub parent: Option<NodeIx>,
    /// A start event inside an event sub-process or a boundary event that ends what it stands on
    /// has `interrupting`; these are the events themselves. Empty for a plain event.
    pub(crate) triggers: Vec<Trigger>,
    /// Repetition: multi-instance or standard loop.
    pub(crate) repeat: Option<Box<Repeat>>,
    /// Tokens that must arrive before it begins.
    pub(crate) start_quantity: u16,
    /// Tokens that leave each outgoing flow.
    pub(crate) completion_quantity: u16,
    /// Runs only to undo another activity.
    pub(crate) for_compensation: bool,
    /// The activity that undoes this one.
    pub(crate) handler: Option<NodeIx>,
    /// A receive task or event gateway that begins the process.
    pub(crate) instantiate: bool,
    /// What a script task does.
    pub(crate) script: Option<Script>,
    /// The decision of a business rule task: reference and the variable for its result.
    pub(crate) decision: Option<(String, Option<String>)>,
    /// The pool to which a message flow leads from it.
    pub(crate) sends_to: Option<String>,
    /// What a call activity calls.
    pub(crate) called: Option<Box<Called>>,
    /// Variables set in the activity's own scope when it begins.
    pub(crate) inputs: Vec<(String, Code)>,
    /// Variables set outside when it ends.
    pub(crate) outputs: Vec<(String, Code)>,
    /// A duration, date or cycle that is computed.
    pub(crate) timer_code: Option<Code>,
    /// What a sub-process holds.
    pub(crate) inner: Inner,
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
            parent: None,
            triggers: Vec::new(),
            repeat: None,
            start_quantity: 1,
            completion_quantity: 1,
            for_compensation: false,
            handler: None,
            instantiate: false,
            script: None,
            decision: None,
            sends_to: None,
            called: None,
            inputs: Vec::new(),
            outputs: Vec::new(),
            timer_code: None,
            inner: Inner::default(),
            return_drawn: false,
            outgoing: Vec::new(),
            incoming: Vec::new(),
        }
    }

    /// Whether a token rests here until a command comes from outside.
    #[must_use]
    pub fn is_wait(&self) -> bool {
        match self.kind {
            NodeKind::UserTask
            | NodeKind::TimerCatch
            | NodeKind::Receive
            | NodeKind::Rule
            | NodeKind::Call
            | NodeKind::EventGateway
            | NodeKind::SubProcess
            | NodeKind::EventSubProcess
            | NodeKind::AdHoc => true,
            NodeKind::Catch => !self.triggers.iter().any(|t| matches!(t, Trigger::Link(_))),
            NodeKind::ServiceTask => self.waits,
            _ => false,
        }
    }

    /// Done once, by one token, begun by no event, with a time that stands in the file, and undoing
    /// nothing.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let timed = matches!(self.kind, NodeKind::TimerCatch | NodeKind::TimerBoundary);
        self.repeat.is_none()
            && self.start_quantity <= 1
            && self.completion_quantity <= 1
            && !self.for_compensation
            && !self.instantiate
            && self.timer_code.is_none()
            && self.inputs.is_empty()
            && self.outputs.is_empty()
            && (timed || self.triggers.is_empty())
    }

    /// An activity: what can be repeated, interrupted and undone.
    pub(crate) fn is_activity(&self) -> bool {
        matches!(
            self.kind,
            NodeKind::UserTask
                | NodeKind::ServiceTask
                | NodeKind::Pass
                | NodeKind::Script
                | NodeKind::Rule
                | NodeKind::Send
                | NodeKind::Receive
                | NodeKind::Call
                | NodeKind::SubProcess
                | NodeKind::AdHoc
        )
    }

    /// What opens a scope of its own.
    pub(crate) fn is_scope(&self) -> bool {
        matches!(self.kind, NodeKind::SubProcess | NodeKind::EventSubProcess | NodeKind::AdHoc)
    }

    /// The process that a call activity calls by name, and the version that it asks for; `None` for
    /// other steps and for a name that is computed.
    #[must_use]
    pub fn calls(&self) -> Option<(&str, Option<u32>)> {
        let called = self.called.as_deref().filter(|called| called.code.is_none())?;
        Some((&called.process, called.version))
    }

    /// Multi-instance, not a standard loop.
    #[must_use]
    pub fn is_multi(&self) -> bool {
        self.repeat.as_ref().is_some_and(|repeat| !repeat.is_loop())
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
    pub(crate) condition: Option<Code>,
}

impl Flow {
    /// The condition as written, if there is one.
    #[must_use]
    pub fn condition(&self) -> Option<&str> {
        self.condition.as_ref().map(Code::text)
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
    /// What the process itself holds; `starts` are those of a plain start.
    pub(crate) inner: Inner,
    /// Starts by message, signal or timer, instantiating tasks and gateways.
    pub(crate) event_starts: Vec<NodeIx>,
    /// For each inclusive join: which of its incoming flows each node leads to, as bits.
    pub(crate) reach: HashMap<NodeIx, Vec<u64>>,
    /// Some event waits for a condition.
    pub(crate) has_conditions: bool,
    /// A case that waits for ever at a join is an incident.
    pub(crate) strict: bool,
    /// Where `loopCounter` begins.
    pub(crate) first_counter: u32,
    /// The decision tables that its business rule tasks ask.
    pub(crate) tables: Option<Tables>,
}

/// Decision tables; two are the same when they are one.
#[derive(Clone, Debug)]
pub(crate) struct Tables(pub(crate) Arc<Decisions>);

impl PartialEq for Tables {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
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

    /// The same process with decision tables for its business rule tasks. A task whose decision is
    /// not among them waits for an answer like a job.
    #[must_use]
    pub fn with_decisions(mut self, decisions: Arc<Decisions>) -> Self {
        self.tables = Some(Tables(decisions));
        self
    }

    /// All that is wrong or doubtful with the decision tables.
    pub fn table_problems(&self) -> impl Iterator<Item = &crate::Problem> {
        self.tables.iter().flat_map(|tables| tables.0.problems())
    }

    /// The decision tables that a business rule task asks, its decision and the variable for it.
    pub(crate) fn decides<'d>(
        &'d self,
        node: &'d Node,
    ) -> Option<(&'d Decisions, &'d str, Option<&'d str>)> {
        let (decision, result) = node.decision.as_ref()?;
        let tables = &self.tables.as_ref()?.0;
        Some((tables.as_ref(), decision.as_str(), result.as_deref()))
    }

    /// It can be started without an event.
    pub(crate) fn starts_plainly(&self) -> bool {
        !self.inner.starts.is_empty()
    }

    /// The starts by message, signal or timer, in the order of the file.
    pub(crate) fn event_starts(&self) -> &[NodeIx] {
        &self.event_starts
    }

    /// Where a thrown link leads.
    pub(crate) fn link_target(&self, thrown: NodeIx) -> Option<NodeIx> {
        let node = self.node(thrown);
        let name = node.triggers.iter().find_map(|trigger| match trigger {
            Trigger::Link(name) => Some(name),
            _ => None,
        })?;
        let catches = |other: &Node| {
            other.kind == NodeKind::Catch
                && other.parent == node.parent
                && other.triggers.iter().any(|t| matches!(t, Trigger::Link(l) if l == name))
        };
        self.nodes().find(|(_, other)| catches(other)).map(|(ix, _)| ix)
    }

    /// What the process (`None`) or a sub-process holds.
    pub(crate) fn inner(&self, scope: Option<NodeIx>) -> &Inner {
        scope.map_or(&self.inner, |ix| &self.node(ix).inner)
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
