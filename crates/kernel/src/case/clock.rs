//! The case's clock: what its events mean to the one deadline algorithm.

use super::decide::Ctx;
use super::event::Event;
use super::refusal::Refusal;
use super::state::Case;
use crate::calendar::{
    self, Answer, Calendar, ClockEvent, ClockEventKind, ClockRequest, ClockSettings, Instant,
};
use crate::procedure::Edition;

/// The clock event of a case event, if it has one.
pub(super) fn of_event(event: &Event) -> Option<ClockEvent> {
    let kind = match event {
        Event::SupplementAsked { .. } => ClockEventKind::SupplementRequested,
        Event::SupplementAccepted { .. } => ClockEventKind::SupplementReceived,
        Event::FinanceOpened { .. } => ClockEventKind::FinanceWait,
        Event::FinanceClosed { .. } => ClockEventKind::FinanceDone,
        Event::Suspended { ground, until, .. } => {
            ClockEventKind::Suspended { ground: ground.clone(), until: Some(*until) }
        }
        Event::Resumed { .. } => ClockEventKind::Resumed,
        Event::Extended { new_due_on, .. } => ClockEventKind::Extended { new_due_on: *new_due_on },
        Event::ResultReady { .. } => ClockEventKind::ResultReady,
        _ => return None,
    };
    Some(ClockEvent { at: event.at(), kind })
}

/// Derives the clock of an accepted case as of `now`, with events that are about to be added.
pub(super) fn derive(
    case: &Case,
    ctx: &Ctx<'_>,
    started: Instant,
    more: &[ClockEvent],
) -> Result<Answer, Refusal> {
    let mut events = case.clock.clone();
    events.extend_from_slice(more);
    let settings = settings(ctx.edition, ctx.profile.cutoff_minutes);
    run(case, ctx.edition, ctx.calendar, started, &events, ctx.now.max(started), settings)
}

/// The settings that an edition and its legal profile give.
fn settings(edition: &Edition, cutoff_minutes: u16) -> ClockSettings {
    ClockSettings {
        cutoff_seconds: u32::from(cutoff_minutes) * 60,
        supplement_within_days: edition.supplement_within_days,
        ..ClockSettings::default()
    }
}

fn run(
    case: &Case,
    edition: &Edition,
    calendar: &Calendar,
    started: Instant,
    events: &[ClockEvent],
    as_of: Instant,
    settings: ClockSettings,
) -> Result<Answer, Refusal> {
    let request = ClockRequest {
        calendar,
        received_at: started,
        channel: case.channel,
        limit: edition.limit,
        rule: edition.supplement_rule,
        events,
        as_of,
        settings,
    };
    calendar::derive(&request).map_err(|refused| Refusal::Clock(refused.to_string()))
}

/// The whole derivation of an accepted case as of `now`, for "why this date". `None` before
/// acceptance.
///
/// # Errors
/// The clock refused: the calendar or the recorded events are damaged.
pub fn explain(
    case: &Case,
    edition: &Edition,
    calendar: &Calendar,
    cutoff_minutes: u16,
    now: Instant,
) -> Result<Option<Answer>, Refusal> {
    let Some(started) = case.accepted_at else {
        return Ok(None);
    };
    let as_of = now.max(started);
    let settings = settings(edition, cutoff_minutes);
    run(case, edition, calendar, started, &case.clock, as_of, settings).map(Some)
}

/// The date that acceptance at `at` would give: the expected date shown at submission.
#[must_use]
pub fn expected(case_channel: calendar::Channel, at: Instant, ctx: &Ctx<'_>) -> Option<Instant> {
    let request = ClockRequest {
        calendar: ctx.calendar,
        received_at: at,
        channel: case_channel,
        limit: ctx.edition.limit,
        rule: ctx.edition.supplement_rule,
        events: &[],
        as_of: at,
        settings: settings(ctx.edition, ctx.profile.cutoff_minutes),
    };
    calendar::derive(&request).ok().and_then(|answer| answer.due_at)
}
