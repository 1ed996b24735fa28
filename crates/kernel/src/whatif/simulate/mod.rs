//! Discrete-event simulation of a process: arrivals, service times and staff on the working
//! calendar; shares on time, durations, queues, and what one more officer would change.
//!
//! Time inside is a whole number of working seconds since the first day; the calendar is asked only
//! at the border ([`clock`]). Chance is a function of the seed, the case and the way that it took
//! ([`dice`]), so that two runs that differ in staff alone meet the same cases with the same work
//! (common random numbers), and the same seed gives the same bytes.

mod clock;
mod desk;
mod dice;
mod plan;
mod report;
mod scenario;
mod tally;
mod ways;
mod world;

#[cfg(test)]
mod tests;

pub use dice::Spread;
pub use report::{Amounts, DeskReport, MoreStaff, Report, StepReport};
pub use scenario::{Arrivals, FORMAT, Scenario, Step};

use crate::calendar::Calendar;
use process::Definition;

use clock::WorkClock;
use plan::Plan;
use world::{Outcome, World};

/// Most cases of one simulation.
pub const CASES_MAX: u64 = 10_000_000;
/// Most cases that are under way at one time; with more the staff cannot keep up.
pub const LIVE_CASES_MAX: usize = 1_000_000;
/// Most cases of each run that tries one more officer.
pub const CASES_OF_MORE_STAFF: u64 = 200_000;
/// Most steps that one case may take.
pub const STEPS_PER_CASE_MAX: u32 = 100_000;
/// Days after the first that a simulation may last.
pub const HORIZON_DAYS: i64 = 120_000;
/// Most officers of one role.
pub const OFFICERS_MAX: u32 = 100_000;
/// Longest time that one step may be given, in minutes: a hundred years.
pub const MINUTES_MAX: f64 = 60.0 * 24.0 * 366.0 * 100.0;
/// Most instants in a list of arrivals.
pub const ARRIVALS_LISTED: usize = 1_000_000;

/// Why nothing was simulated, or why a simulation was broken off.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// The scenario does not fit: the field as a path, and why.
    #[error("`{field}`: {reason}")]
    Scenario {
        /// Path of the field, such as `steps.appraise.minutes`.
        field: String,
        /// What was expected, in English.
        reason: String,
    },
    /// The process has a step that cannot be simulated.
    #[error("line {line}, {element} ({name}): {reason}")]
    Element {
        /// BPMN id.
        element: String,
        /// Name for people; may be empty.
        name: String,
        /// Line of its start tag.
        line: usize,
        /// Why, in English.
        reason: String,
    },
    /// A limit ended the run.
    #[error("broken off after {cases} cases: {reason}")]
    Stopped {
        /// Cases that had come in.
        cases: u64,
        /// Which limit, in English.
        reason: String,
    },
}

/// How far a simulation is: cases that have ended, out of all of its runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Cases that have ended.
    pub done: u64,
    /// Cases of all runs.
    pub total: u64,
}

/// Simulates a process by a scenario. `seed` is the whole of chance; `progress` is told now and
/// then. The main run is followed by one run for each desk with one more officer, over at most
/// [`CASES_OF_MORE_STAFF`] cases each, compared with a run of the same cases.
///
/// # Errors
/// What does not fit together, by field or element; or the limit that ended the run.
pub fn simulate(
    definition: &Definition,
    calendar: &Calendar,
    scenario: &Scenario,
    seed: u64,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Refused> {
    let mut on = |now: Progress| {
        progress(now);
        true
    };
    simulate_while(definition, calendar, scenario, seed, &mut on)
}

/// The same for a caller who may want it ended: `progress` says whether to go on.
///
/// # Errors
/// As [`simulate`]; `Stopped` too when the caller did not want to go on.
pub fn simulate_while(
    definition: &Definition,
    calendar: &Calendar,
    scenario: &Scenario,
    seed: u64,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Result<Report, Refused> {
    let plan = Plan::of(definition, calendar, scenario)?;
    let mut clock = WorkClock::new(calendar, scenario)?;
    let cases = scenario.case_count()?;
    let fewer = cases.min(CASES_OF_MORE_STAFF);
    let desks = if scenario.more_staff { plan.desks.len() as u64 } else { 0 };
    let again = if desks > 0 && fewer < cases { fewer } else { 0 };
    let total = cases + again + fewer * desks;
    let mut done = 0;
    let officers: Vec<u32> = plan.desks.iter().map(|desk| desk.officers).collect();
    let arrivals = scenario.arrivals(&clock)?;
    let mut run = |officers: &[u32], cases: u64| -> Result<Outcome, Refused> {
        let mut told = |ended: u64| progress(Progress { done: done + ended, total });
        let world = World::new(&plan, officers, &mut clock, seed);
        let outcome = world.run(&arrivals, cases, &mut told)?;
        done += cases;
        Ok(outcome)
    };
    let main = run(&officers, cases)?;
    let same = if again > 0 { Some(run(&officers, fewer)?) } else { None };
    let mut more = Vec::new();
    for desk in 0..usize::try_from(desks).unwrap_or(0) {
        let mut officers = officers.clone();
        if let Some(count) = officers.get_mut(desk) {
            *count += 1;
        }
        more.push(run(&officers, fewer)?);
    }
    progress(Progress { done: total, total });
    Ok(report::report(definition, &plan, seed, &main, same.as_ref(), &more))
}
