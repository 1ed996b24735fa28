//! What happened to the time of steps, in words: it stood, ran on, or moved with the calendar.

use crate::view;
use kernel::calendar::Instant;
use kernel::case::{Case, StepDue, TimeLeft, UpkeepEvent};
use kernel::catalogue::Catalogue;
use kit::T;
use process::NodeIx;

/// Seconds of an hour and of a minute.
const HOUR_S: i64 = 3_600;
const MINUTE_S: i64 = 60;
/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;

/// One line for each timer of an event.
pub(super) fn lines(t: T, catalogue: &Catalogue, case: &Case, event: &UpkeepEvent) -> Vec<String> {
    let line = |node: NodeIx, text: String| {
        t.a2("desk-timer-line", "step", step(t, catalogue, case, node), "text", text)
    };
    match event {
        UpkeepEvent::TimersPaused { timers, .. } => {
            timers.iter().map(|timer| line(timer.node, left(t, timer.left))).collect()
        }
        UpkeepEvent::TimersResumed { timers, .. } => {
            let until = |due: &StepDue| t.a1("desk-detail-until", "when", moment(t, due.due_at));
            timers.iter().map(|due| line(due.node, until(due))).collect()
        }
        UpkeepEvent::TimersMoved { before, timers, .. } => {
            let both = before.iter().zip(timers);
            both.map(|(was, now)| line(now.node, moved(t, was.due_at, now.due_at))).collect()
        }
        UpkeepEvent::Migrated { .. } | UpkeepEvent::MigrationReverted { .. } => Vec::new(),
    }
}

/// From when to when a date moved with the calendar.
pub(super) fn moved(t: T, from: Instant, to: Instant) -> String {
    t.a2("desk-detail-moved", "from", moment(t, from), "to", moment(t, to))
}

fn moment(t: T, at: Instant) -> String {
    let when = view::when(at);
    format!("{} {}", t.clock(when), t.date(when))
}

/// The step whose time it is: that on whose edge the timer sits, or the wait itself.
fn step(t: T, catalogue: &Catalogue, case: &Case, node: NodeIx) -> String {
    let Some(definition) = catalogue.definition_of(case, case.since.date()) else {
        return String::new();
    };
    let timer = definition.node(node);
    let step = timer.attached_to.map_or(timer, |at| definition.node(at));
    let name = view::task(catalogue, t, case, &step.id);
    if name.is_empty() { timer.name.clone() } else { name }
}

fn left(t: T, left: TimeLeft) -> String {
    match left {
        TimeLeft::Whole => t.s("desk-left-whole"),
        TimeLeft::WorkingDays(0) => t.s("desk-left-last-day"),
        TimeLeft::WorkingDays(days) => t.a1("desk-left-days", "n", days),
        TimeLeft::WorkingSeconds(seconds) => {
            let (hours, minutes) = (seconds / HOUR_S, seconds % HOUR_S / MINUTE_S);
            t.a2("desk-left-working-time", "hours", hours, "minutes", minutes)
        }
        TimeLeft::Millis(millis) => {
            let hours = millis / HOUR_MS;
            t.a2("desk-left-time", "days", hours / 24, "hours", hours % 24)
        }
    }
}
