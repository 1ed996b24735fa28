//! Timers of steps beside the clock of the case: they stand while it stands, run on with it, and
//! move where an amended calendar closes their last day (rules N6 to N9 and W5 of the deadline
//! contract, applied to the time of one step).
//!
//! The date of a running timer is known by its row alone. So whoever keeps the rows hands them to
//! [`timer_events`] when what was decided asks for it; running on needs the state alone.

use super::command::Command;
use super::decide::Ctx;
use super::effects::moves;
use super::event::Event;
use super::state::{Business, Case};
use super::step_time::StepTime;
use super::upkeep::{Paused, StepDue, TimeLeft, UpkeepEvent};
use crate::calendar::{AsKnown, ClockEventKind, Instant, SupplementRule};
use crate::procedure::Definitions;
use process::{Definition, Event as Move, NodeIx, NodeKind};

/// The job of a step that waits for a financial duty.
const FINANCE: &str = "finance";

/// The state under a withdrawal that was asked for: what the clock goes by.
fn underlying(case: &Case) -> Business {
    match case.business {
        Business::WithdrawReq => case.resume_to.unwrap_or(Business::WithdrawReq),
        business => business,
    }
}

/// Whether the legal clock of a case stands.
fn stands(case: &Case) -> bool {
    matches!(
        underlying(case),
        Business::Supplement | Business::Supplemented | Business::FinDuty | Business::Suspended
    )
}

fn stops_clock(event: &Event) -> bool {
    matches!(
        event,
        Event::SupplementAsked { .. } | Event::FinanceOpened { .. } | Event::Suspended { .. }
    )
}

/// The time of a timer that can stand still: one with a duration. A fixed date stays where it is,
/// and so does a computed time, of which only the row knows.
fn pausable(definition: &Definition, node: NodeIx) -> Option<StepTime> {
    let time = StepTime::of(definition.node(node).timer.as_ref()?)?;
    (!matches!(time, StepTime::At(_))).then_some(time)
}

/// Whether a token stands at the very step that is the wait: its timers measure that wait.
fn is_the_wait(case: &Case, definition: &Definition, token: u32) -> bool {
    let at = || case.process.token(token).map(|token| definition.node(token.node));
    underlying(case) == Business::FinDuty
        && at().is_some_and(|node| {
            node.kind == NodeKind::ServiceTask && node.job.as_deref() == Some(FINANCE)
        })
}

/// Whether a timer that begins now begins stopped: the clock stands, the timer can stand with it,
/// and it does not measure the very wait. A migration asks with the version that the token stands
/// in and the one that the timer is of.
pub(super) fn begins_stopped(
    case: &Case,
    (stood, token): (&Definition, u32),
    (definition, node): (&Definition, NodeIx),
) -> bool {
    stands(case) && !is_the_wait(case, stood, token) && pausable(definition, node).is_some()
}

/// What an event changes of the timers that stand still; its other changes were made before.
pub(super) fn after(case: &mut Case, event: &Event, definitions: Definitions<'_>) {
    match event {
        Event::Upkeep(UpkeepEvent::TimersPaused { timers, .. }) => {
            for timer in timers {
                put(&mut case.paused, *timer);
            }
        }
        Event::Upkeep(UpkeepEvent::TimersResumed { timers, .. }) => {
            timers.iter().for_each(|timer| remove(&mut case.paused, timer.token, timer.node));
        }
        _ => {}
    }
    if case.is_decided() {
        case.paused.clear();
        return;
    }
    // What a migration does to them it has done itself, by the numbers of two versions.
    let moves = if matches!(event, Event::Upkeep(_)) { &[] } else { moves(event) };
    if moves.is_empty() || case.paused.is_empty() && !stands(case) {
        return;
    }
    let Some(definition) = definitions.of(case.process_version) else { return };
    for step in moves {
        match step {
            // What begins while the clock stands begins stopped.
            Move::TimerSet { token, node, .. } => {
                if begins_stopped(case, (definition, *token), (definition, *node)) {
                    let (token, node, left) = (*token, *node, TimeLeft::Whole);
                    put(&mut case.paused, Paused { token, node, left });
                } else {
                    remove(&mut case.paused, *token, *node);
                }
            }
            Move::TimerDropped { token, node } | Move::TimerRang { token, node } => {
                remove(&mut case.paused, *token, *node);
            }
            _ => {}
        }
    }
    if !case.paused.is_empty() {
        let live = process::live_timers(definition, &case.process);
        case.paused.retain(|paused| live.contains(&(paused.token, paused.node)));
    }
}

fn put(paused: &mut Vec<Paused>, timer: Paused) {
    remove(paused, timer.token, timer.node);
    paused.push(timer);
}

fn remove(paused: &mut Vec<Paused>, token: u32, node: NodeIx) {
    paused.retain(|one| (one.token, one.node) != (token, node));
}

/// Whether a timer of a case stands still.
pub(super) fn is_paused(case: &Case, token: u32, node: NodeIx) -> bool {
    case.paused.iter().any(|one| (one.token, one.node) == (token, node))
}

/// The state after events.
fn then(case: &Case, events: &[Event], ctx: &Ctx<'_>) -> Case {
    let mut after = case.clone();
    for event in events {
        super::apply(&mut after, event, ctx.definitions);
    }
    after
}

/// Whether what was decided must be told when the running timers of the steps ring: it stops the
/// clock, or it asks for dates by the calendar as it is known now.
#[must_use]
pub fn asks_timers(command: &Command, events: &[Event]) -> bool {
    matches!(command, Command::RederiveDue) || events.iter().any(stops_clock)
}

/// What becomes of the running timers of a case by what was decided; `due` says when they ring,
/// without those that rang in vain and were put off.
#[must_use]
pub fn timer_events(
    case: &Case,
    command: &Command,
    events: &[Event],
    due: &[StepDue],
    ctx: &Ctx<'_>,
) -> Option<Event> {
    if events.iter().any(stops_clock) {
        return pause(case, events, due, ctx);
    }
    match command {
        Command::RederiveDue => moved(case, due, ctx),
        _ => None,
    }
}

/// The clock stands from now on.
fn pause(case: &Case, events: &[Event], due: &[StepDue], ctx: &Ctx<'_>) -> Option<Event> {
    let after = then(case, events, ctx);
    let definition = ctx.definitions.of(after.process_version).unwrap_or(ctx.definition);
    if !stands(&after) || after.is_decided() {
        return None;
    }
    // Rule N6: what was asked for in time starts the limit again, and with it the steps.
    let asked = events.iter().any(|event| matches!(event, Event::SupplementAsked { .. }));
    let in_time = case.due_at.is_none_or(|due| ctx.now < due);
    let anew = asked && in_time && ctx.edition.supplement_rule == SupplementRule::Reset;
    let known = ctx.calendar.as_known(ctx.now);
    let live = process::live_timers(definition, &after.process);
    let timers: Vec<Paused> = live
        .into_iter()
        .filter(|(token, node)| !is_paused(&after, *token, *node))
        .filter(|(token, _)| !is_the_wait(&after, definition, *token))
        .filter_map(|(token, node)| {
            let time = pausable(definition, node)?;
            let row = due.iter().find(|row| (row.token, row.node) == (token, node));
            let left = match row {
                _ if was_set(events, token, node) => TimeLeft::Whole,
                // Rule N10: its time is over, it only waits to ring.
                Some(row) if row.due_at <= ctx.now => return None,
                Some(_) if anew => TimeLeft::Whole,
                Some(row) => left(time, ctx.now, row.due_at, known),
                // It rang, and the process could not go on.
                None => return None,
            };
            Some(Paused { token, node, left })
        })
        .collect();
    let at = ctx.now;
    (!timers.is_empty()).then(|| Event::Upkeep(UpkeepEvent::TimersPaused { timers, at }))
}

/// Whether one of the events sets this timer: all of its time is left then.
fn was_set(events: &[Event], token: u32, node: NodeIx) -> bool {
    let mut all = events.iter().flat_map(moves);
    all.any(|step| {
        matches!(step, Move::TimerSet { token: t, node: n, .. } if (*t, *n) == (token, node))
    })
}

/// What is left at a stop of the time of a timer that would ring later. The day of the stop counts
/// (rule N7), so that no day is left of a timer that would ring on it.
fn left(time: StepTime, stop: Instant, due: Instant, known: AsKnown<'_>) -> TimeLeft {
    match time {
        StepTime::WorkingDays { .. } => {
            let days = known.working_days_between(stop.date(), due.date());
            TimeLeft::WorkingDays(u32::try_from(days).unwrap_or(0))
        }
        StepTime::WorkingSeconds(_) => {
            TimeLeft::WorkingSeconds(known.working_seconds_between(stop, due).max(1))
        }
        StepTime::Calendar { .. } | StepTime::At(_) => TimeLeft::Millis(due.0 - stop.0),
    }
}

/// The clock runs again by these events: when the timers that stood ring now.
pub(super) fn resume(case: &Case, events: &[Event], ctx: &Ctx<'_>) -> Option<Event> {
    if case.paused.is_empty() || events.is_empty() {
        return None;
    }
    let after = then(case, events, ctx);
    let definition = ctx.definitions.of(after.process_version).unwrap_or(ctx.definition);
    if stands(&after) || after.paused.is_empty() {
        return None;
    }
    let spell = Spell::of(case, ctx.now);
    let due = |paused: &Paused| {
        let time = pausable(definition, paused.node);
        let due_at = time.and_then(|time| spell.due(paused.left, time, ctx));
        // A timer without a date would be lost; this one asks for attention now.
        let due_at = due_at.unwrap_or(ctx.now);
        StepDue { token: paused.token, node: paused.node, due_at }
    };
    let timers = after.paused.iter().map(due).collect();
    Some(Event::Upkeep(UpkeepEvent::TimersResumed { timers, at: ctx.now }))
}

/// The time in which the clock stood, from its start (included) to its end (excluded).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Spell {
    from: Instant,
    to: Instant,
}

impl Spell {
    /// A suspension ends by itself with its last day, even if that is recorded later.
    fn of(case: &Case, now: Instant) -> Self {
        let stop = case.clock.iter().rev().find_map(|step| match &step.kind {
            ClockEventKind::SupplementRequested | ClockEventKind::FinanceWait => {
                Some((step.at, None))
            }
            ClockEventKind::Suspended { until, .. } => Some((step.at, *until)),
            _ => None,
        });
        let (from, until) = stop.unwrap_or((now, None));
        let last = until.map_or(now, |day| Instant::at(day, 0, 0).plus_days(1).plus_seconds(-1));
        Self { from, to: now.min(last) }
    }

    /// When a timer rings that stood in this time. What was left at the stop is counted on the
    /// calendar as known at the stop, so that nothing announced meanwhile shortens or lengthens it.
    fn due(self, left: TimeLeft, time: StepTime, ctx: &Ctx<'_>) -> Option<Instant> {
        let known = match left {
            TimeLeft::Whole => ctx.calendar.as_known(self.to),
            _ => ctx.calendar.as_known(self.from),
        };
        let quarters = time.quarters();
        let found = match left {
            TimeLeft::Whole => time.end(self.to, known)?,
            TimeLeft::WorkingDays(days) => {
                let date = self.to.date();
                // Rules N7 and N9: a stop within the last day takes nothing away if it ended in
                // time.
                let same = (days == 0 && self.from.date() == date).then_some(date);
                let in_time = same.and_then(|date| known.end_of(date, quarters));
                match in_time.filter(|end| self.to <= *end) {
                    Some(end) => end,
                    None => {
                        let day = known.add_working_days(date, days.max(1))?;
                        known.end_of(day, quarters)?
                    }
                }
            }
            TimeLeft::WorkingSeconds(seconds) => known.add_working_seconds(self.to, seconds)?,
            TimeLeft::Millis(millis) => Instant(self.to.0.saturating_add(millis)),
        };
        let now = ctx.calendar.as_known(ctx.now);
        if !time.is_working() || now.is_working_day(found.date()) {
            return Some(found);
        }
        // Rule E2: the last day was closed later.
        let day = known.first_usable_after(found.date(), now)?;
        known.end_of(day, quarters)
    }
}

/// Rule W5 for running timers: only one whose last day is closed in the calendar known now moves.
fn moved(case: &Case, due: &[StepDue], ctx: &Ctx<'_>) -> Option<Event> {
    if !case.is_running() {
        return None;
    }
    let known = ctx.calendar.as_known(ctx.now);
    let (mut before, mut timers) = (Vec::new(), Vec::new());
    for row in due.iter().filter(|row| ctx.now < row.due_at) {
        let time = pausable(ctx.definition, row.node).filter(|time| time.is_working());
        let day = row.due_at.date();
        let Some(time) = time.filter(|_| !known.is_working_day(day)) else { continue };
        let later = known.add_working_days(day, 1);
        let Some(due_at) = later.and_then(|day| known.end_of(day, time.quarters())) else {
            continue;
        };
        before.push(*row);
        timers.push(StepDue { due_at, ..*row });
    }
    let at = ctx.now;
    (!timers.is_empty()).then(|| Event::Upkeep(UpkeepEvent::TimersMoved { before, timers, at }))
}
