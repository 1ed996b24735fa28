//! The times of a process's steps against the statutory limits of the procedures that use it.

use super::{Edition, EditionStatus};
use crate::calendar::{Date, Limit, LimitUnit};
use crate::case::{DAY_HOURS, whole_hours};
use crate::catalogue::Catalogue;
use process::{Definition, Problem, Times, lint_times};
use std::sync::Arc;

/// Hours of a calendar day.
const CALENDAR_DAY_HOURS: u64 = 24;
/// Quarters of a unit.
const QUARTERS: u64 = 4;

/// Tells a duration (`P5WD`) in hours; nothing for one that cannot be compared with the limit.
type Amount = fn(&str) -> Option<u64>;

/// The longest way through the steps of a process, in hundredths of hours, beside the limit of a
/// procedure in hours: working hours for limits in working days and hours, hours of the clock for
/// limits in days. Nothing for limits in months, which are not compared.
#[must_use]
pub fn step_times(definition: &Definition, edition: &Edition) -> Option<Times> {
    let (limit, amount) = measure(edition.limit)?;
    Some(lint_times(definition, limit, &amount))
}

/// The same for every procedure under which cases may be filed on a day or later and that uses the
/// process.
pub fn step_times_of<'c>(
    catalogue: &'c Catalogue,
    name: &'c str,
    definition: &'c Definition,
    day: Date,
) -> impl Iterator<Item = (&'c Arc<Edition>, Times)> {
    let users = catalogue.editions().filter(move |edition| {
        edition.process == name
            && edition.status == EditionStatus::Active
            && edition.valid.to.is_none_or(|last| last >= day)
    });
    users.filter_map(move |edition| Some((edition, step_times(definition, edition)?)))
}

/// What keeps a process from being published from a day on: steps that take longer together than
/// the law allows for a procedure that uses it.
#[must_use]
pub fn over_limit(
    catalogue: &Catalogue,
    name: &str,
    definition: &Definition,
    day: Date,
) -> Vec<Problem> {
    let file = format!("{name}.bpmn");
    let found = step_times_of(catalogue, name, definition, day).filter(|(_, t)| t.exceeds());
    let mut problems = Vec::new();
    for (edition, times) in found {
        let own = times.problems(&file).into_iter();
        problems.extend(own.filter(|p| p.severity == process::Severity::Error).map(
            |mut problem| {
                problem.reason = format!("procedure {}: {}", edition.code, problem.reason);
                problem
            },
        ));
    }
    problems.truncate(process::limits::PROBLEMS);
    problems
}

/// A limit in hours, and how a duration is told in the same hours.
fn measure(limit: Limit) -> Option<(u64, Amount)> {
    let quarters = u64::from(limit.quarters);
    Some(match limit.unit {
        LimitUnit::SameDay => (DAY_HOURS, working),
        LimitUnit::WorkingDay => (quarters * DAY_HOURS / QUARTERS, working),
        LimitUnit::WorkingHour => (quarters / QUARTERS, working),
        LimitUnit::CalendarDay => (quarters * CALENDAR_DAY_HOURS / QUARTERS, calendar),
        LimitUnit::Month => return None,
    })
}

fn working(duration: &str) -> Option<u64> {
    whole_hours(duration).filter(|(_, working)| *working).map(|(hours, _)| hours)
}

fn calendar(duration: &str) -> Option<u64> {
    whole_hours(duration).filter(|(_, working)| !working).map(|(hours, _)| hours)
}
