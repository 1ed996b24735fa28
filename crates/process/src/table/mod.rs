//! A process as a table of steps: step, who, time, next, condition.
//!
//! Table and diagram are two views of one BPMN file. [`Table::of`] shows every node of the file,
//! those that the table does not change too; [`Edit`]s change the file and nothing else in it
//! ([`Document::edit`](crate::Document::edit)).

mod blank;
mod edit;
mod fields;
mod lanes;
mod order;
mod parallel;
mod rows;
mod steps;
mod ways;

use serde::{Deserialize, Serialize};

pub use blank::blank;
pub use edit::{Edit, NewLane, NewRow, Spot, Way};

/// All processes of a file as a table of steps.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Table {
    /// The processes, in the order of the file.
    pub processes: Vec<Named>,
    /// The lanes, an outer lane before the inner ones.
    pub lanes: Vec<Lane>,
    /// The steps in the order in which the flows lead; what stands in a sub-process follows it.
    pub rows: Vec<Row>,
}

/// An id with its name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Named {
    /// The BPMN id.
    pub id: String,
    /// The name for people; may be empty.
    pub name: String,
}

/// A lane: who does the steps in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Lane {
    /// The BPMN id.
    pub id: String,
    /// The name for people; may be empty.
    pub name: String,
    /// Id of its process.
    pub process: String,
    /// Id of the lane around it.
    pub parent: Option<String>,
    /// `mc:role`, its own or that of the lane around it.
    pub role: Option<String>,
    /// `mc:unit`, its own or that of the lane around it.
    pub unit: Option<String>,
    /// Ids of the nodes that it names.
    pub steps: Vec<String>,
}

/// One row: a step, an event, a gateway that is no plain choice, a sub-process.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Row {
    /// The BPMN id.
    pub id: String,
    /// The name for people; may be empty.
    pub name: String,
    /// What it is for the table.
    pub kind: StepKind,
    /// Its kind as BPMN spells it, such as `userTask`.
    pub element: String,
    /// Id of its process.
    pub process: String,
    /// Id of the sub-process around it.
    pub parent: Option<String>,
    /// How many sub-processes are around it.
    pub depth: usize,
    /// Of a boundary event: the activity that it stands on.
    pub on: Option<String>,
    /// Of a boundary event: it ends that activity.
    pub cuts: bool,
    /// What an event waits for or sets off, as BPMN names it (`timer`).
    pub triggers: Vec<String>,
    /// Who: the lane that it stands in.
    pub who: Option<Who>,
    /// Its time.
    pub time: Option<Time>,
    /// `mc:outcomes` of a user task.
    pub outcomes: Vec<String>,
    /// The exclusive gateway after it that is shown as conditions in `next`.
    pub choice: Option<Named>,
    /// Where it leads.
    pub next: Vec<Next>,
    /// What the table may change of it.
    pub may: May,
}

/// What a row is for the table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Work of a person, with `mc:kind`.
    User {
        /// `mc:kind`, such as `appraise`.
        kind: Option<String>,
    },
    /// A job of the machine.
    Service {
        /// `mc:job`, such as `consult`.
        job: Option<String>,
        /// `mc:wait`: the case waits for the answer.
        wait: bool,
    },
    /// Done by hand, passed at once.
    Manual,
    /// A gateway.
    Gateway,
    /// An event.
    Event,
    /// A sub-process.
    SubProcess,
    /// Anything else, shown as it is.
    Other,
}

/// The lane of a step.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Who {
    /// Id of the lane.
    pub lane: String,
    /// Its name; may be empty.
    pub name: String,
    /// `mc:role`, its own or that of the lane around it.
    pub role: Option<String>,
    /// `mc:unit`, its own or that of the lane around it.
    pub unit: Option<String>,
    /// It is the lane of the sub-process around the step.
    pub inherited: bool,
}

/// The time of a step or timer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Time {
    /// `mc:limit`, or the duration of a timer: `P5WD`, `PT16WH`, or ISO 8601.
    Limit(String),
    /// `mc:limitShare`: percent of the statutory limit, 1 to 100.
    Share(u8),
    /// Another time of a timer, as written: a date, a cycle, an expression.
    Written(String),
}

/// A way on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Next {
    /// Id of the sequence flow that arrives there.
    pub flow: String,
    /// Id of the row that it leads to.
    pub to: String,
    /// The name of the flow for people; may be empty.
    pub name: String,
    /// Its condition in FEEL, as written.
    pub condition: Option<String>,
    /// Taken when no condition holds.
    pub default: bool,
}

/// What the table may change of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "one switch for each column of the table")]
pub struct May {
    /// The kind, among user task, job and manual task.
    pub kind: bool,
    /// The lane.
    pub lane: bool,
    /// The time.
    pub time: bool,
    /// The outcomes.
    pub outcomes: bool,
    /// Where it leads.
    pub next: bool,
    /// Move it elsewhere.
    pub place: bool,
    /// Take it out.
    pub remove: bool,
}
