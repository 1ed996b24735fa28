//! Processes in BPMN 2.0: read, check, compile to an immutable graph, and step through it.
//!
//! The crate is pure: no input or output, no clock, no randomness, no knowledge of government.
//! The order of use is [`read`] → [`compile`] → [`step`] (decides, yields events) → [`apply`]
//! (changes the small [`State`], never refuses). A construct outside the profile is refused by
//! [`compile`] with the element's id, name, kind, line and the reason; nothing is ignored.
//! Conditions are FEEL ([`feel`]), decisions are DMN ([`dmn`]); both are bounded and repeatable.

// execution
mod act;
mod apply;
mod back;
pub mod contract;
mod data;
mod event;
mod expr;
mod modify;
mod nodes;
mod refusal;
mod region;
mod repeat;
mod trigger;
mod waits;
// the rest
pub mod bpmn;
mod compile;
mod definition;
pub mod diagram;
pub mod dialect;
pub mod dmn;
mod document;
pub mod feel;
mod followed;
mod graph;
pub mod import;
pub mod limits;
mod lint;
pub mod migration;
mod model;
mod problem;
mod profile;
pub mod rules;
mod state;
mod step;
pub mod table;
mod value;
mod xml;

pub use act::{Command, Env};
pub use apply::apply;
pub use back::{Trace, send_back_check, send_back_target, take_back};
pub use compile::{compile, compile_unchecked};
pub use definition::{Definition, Flow, Node, NodeIx, NodeKind, TimerSpec};
pub use document::{Document, EditError, EditReason, Fragment, NewStep, Place, convert};
pub use event::{Event, Part, Thrown};
pub use graph::{graph, graph_of};
pub use lint::{LINT_CODES, StepTime, Times, lint, lint_times, remarks};
pub use model::{Attribute, Element, MC_NS, Model, read};
pub use modify::Instruction;
pub use nodes::Nodes;
pub use problem::{OUTSIDE_PROFILE, Problem, Severity};
pub use refusal::{BackReason, Refusal, ReturnReason};
pub use region::{add_targets, choices, jump_targets, return_targets, skip_targets};
pub use state::{
    Behind, Done, Scope, ScopeKind, State, Token, Tokens, Vars, open_calls, open_jobs, open_tasks,
};
pub use step::step;
pub use value::{Number, Value};
pub use waits::{live_timers, waits};
