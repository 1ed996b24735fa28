//! A seeded province at work: citizens file, officers act, clocks run. The demo is filled by it,
//! and the simulated week of the test command is driven by it. Everything goes through the same
//! commands as the pages; nothing writes rows.

mod arrivals;
mod people;
mod run;
mod steps;

pub use people::Names;
pub use run::{JobRunner, Plan, Report, SimError, World, portal_arrival};
pub use steps::officer;
