//! What a simulation tells: numbers rounded for people, the same bytes for the same seed.

use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::tally::Tally;
use super::world::Outcome;
use crate::calendar::Date;
use process::{Definition, NodeKind};

/// Name and version of the report.
const FORMAT: &str = "motcua/simulation-report/1";

/// Times in hours of working time.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Amounts {
    /// The mean.
    pub mean: f64,
    /// Half of all take no longer.
    pub median: f64,
    /// Nine of ten take no longer.
    pub p90: f64,
    /// Nineteen of twenty take no longer.
    pub p95: f64,
    /// The longest.
    pub max: f64,
}

/// A desk: the officers of a role.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DeskReport {
    /// `role` or `role@unit`.
    pub desk: String,
    /// How many officers.
    pub officers: u32,
    /// Steps that it began.
    pub served: u64,
    /// Share of the officers' time that was work, 0 to 1.
    pub utilisation: f64,
    /// Cases in the queue on average.
    pub queue_mean: f64,
    /// Cases in the queue at most.
    pub queue_max: u32,
    /// Waiting before a step, in hours of working time.
    pub wait_hours: Amounts,
}

/// A step of the process.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StepReport {
    /// BPMN id.
    pub step: String,
    /// Name for people.
    pub name: String,
    /// How often it was begun.
    pub begun: u64,
}

/// What one more officer at a desk changes, the cases being the same.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MoreStaff {
    /// The desk.
    pub desk: String,
    /// How many officers it had in this run.
    pub officers: u32,
    /// Cases of the run.
    pub cases: u64,
    /// Share of cases on time, 0 to 1.
    pub on_time_share: f64,
    /// The change of that share.
    pub on_time_change: f64,
    /// Mean duration in hours of working time.
    pub mean_hours: f64,
    /// The change of that mean.
    pub mean_change: f64,
}

/// The result of a simulation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Name and version of this form.
    pub format: String,
    /// Id of the process.
    pub process: String,
    /// SHA-256 of its file.
    pub sha256: String,
    /// The seed.
    pub seed: u64,
    /// Cases that came in and ended.
    pub cases: u64,
    /// The day on which the last case ended; `None` beyond the calendar.
    pub until: Option<Date>,
    /// Hours of working time from the first day to that end.
    pub hours: f64,
    /// Cases that ended within the limit.
    pub on_time: u64,
    /// Their share, 0 to 1.
    pub on_time_share: f64,
    /// Duration in hours of working time, from coming in to the end.
    pub duration_hours: Amounts,
    /// Desks in the order of the process.
    pub desks: Vec<DeskReport>,
    /// User and service tasks in the order of the file.
    pub steps: Vec<StepReport>,
    /// One more officer at each desk; empty if that was not asked for.
    pub more_staff: Vec<MoreStaff>,
}

/// To four digits after the point.
fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn hours(seconds: u64) -> f64 {
    rounded(seconds as f64 / 3_600.0)
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { rounded(part as f64 / whole as f64) }
}

fn amounts(tally: &Tally) -> Amounts {
    Amounts {
        mean: rounded(tally.mean() / 3_600.0),
        median: hours(tally.percentile(50)),
        p90: hours(tally.percentile(90)),
        p95: hours(tally.percentile(95)),
        max: hours(tally.most()),
    }
}

/// Puts the runs together. `same` is the run that those with more staff are compared with, where
/// it is not the main one.
pub(super) fn report(
    definition: &Definition,
    plan: &Plan,
    seed: u64,
    main: &Outcome,
    same: Option<&Outcome>,
    more: &[Outcome],
) -> Report {
    let desks = plan.desks.iter().zip(&main.desks).map(|(plan, desk)| DeskReport {
        desk: plan.name.clone(),
        officers: desk.officers,
        served: desk.waits.count(),
        utilisation: rounded(desk.utilisation(main.end)),
        queue_mean: rounded(desk.queue_mean(main.end)),
        queue_max: desk.longest,
        wait_hours: amounts(&desk.waits),
    });
    let tasks = |kind| matches!(kind, NodeKind::UserTask | NodeKind::ServiceTask | NodeKind::Call);
    let steps = definition.nodes().zip(&main.visits).filter(|((_, node), _)| tasks(node.kind));
    let base = same.unwrap_or(main);
    let change = plan.desks.iter().zip(more).map(|(plan, run)| {
        let (on_time, before) = (share(run.on_time, run.cases), share(base.on_time, base.cases));
        let (mean, mean_before) = (run.durations.mean() / 3_600.0, base.durations.mean() / 3_600.0);
        MoreStaff {
            desk: plan.name.clone(),
            officers: plan.officers + 1,
            cases: run.cases,
            on_time_share: on_time,
            on_time_change: rounded(on_time - before),
            mean_hours: rounded(mean),
            mean_change: rounded(mean - mean_before),
        }
    });
    Report {
        format: FORMAT.to_owned(),
        process: definition.id().to_owned(),
        sha256: definition.sha256().to_owned(),
        seed,
        cases: main.cases,
        until: main.last_day,
        hours: hours(main.end),
        on_time: main.on_time,
        on_time_share: share(main.on_time, main.cases),
        duration_hours: amounts(&main.durations),
        desks: desks.collect(),
        steps: steps
            .map(|((_, node), begun)| StepReport {
                step: node.id.clone(),
                name: node.name.clone(),
                begun: *begun,
            })
            .collect(),
        more_staff: change.collect(),
    }
}
