//! Processes in BPMN 2.0: read, check, compile to an immutable graph, and step through it.
//!
//! The crate is pure: no input or output, no clock, no randomness, no knowledge of government.
//! The order of use is [`read`] → [`compile`] → [`step`] (decides, yields events) → [`apply`]
//! (changes the small [`State`], never refuses). A construct outside the profile is refused by
//! [`compile`] with the element's id, name, kind, line and the reason; nothing is ignored.
//! DMN decision tables and the rest of FEEL join here when the profile grows.

mod act;
mod apply;
mod back;
mod compile;
mod definition;
mod feel;
pub mod limits;
mod lint;
mod model;
mod problem;
mod profile;
mod state;
mod step;
mod value;
mod xml;

pub use act::{BackReason, Command, Env, Event, Refusal};
pub use apply::apply;
pub use back::{send_back_check, send_back_target};
pub use compile::{compile, compile_unchecked};
pub use definition::{Definition, Flow, Node, NodeIx, NodeKind, TimerSpec};
pub use lint::lint;
pub use model::{Attribute, Element, MC_NS, Model, read};
pub use problem::Problem;
pub use state::{Behind, State, Token, live_timers, open_jobs, open_tasks};
pub use step::step;
pub use value::{Number, Value};
