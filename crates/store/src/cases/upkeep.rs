//! What is done to running cases from outside their process: timers of steps that stand with the
//! clock, and new dates after a change of the calendar (rule W5), batch by batch.

use super::act::{CaseError, Env, act_on};
use super::later::timer_place;
use super::{rows, running};
use crate::bounds;
use crate::error::StoreError;
use crate::settings;
use crate::sql::{Query, Tx};
use crate::timers;
use kernel::access::Actor;
use kernel::calendar::Instant;
use kernel::case::{self, Case, Command, Ctx, Event, StepDue, UpkeepEvent};
use kernel::catalogue::Catalogue;
use kernel::ids::{CaseId, UnitId};
use serde::{Deserialize, Serialize};

/// Setting: the mark of the calendars under which all running cases were looked at last.
const WALKED: &str = "calendar_walked";
/// Setting: how far a walk that is not finished has come.
const PLACE: &str = "calendar_place";

/// What becomes of the running timers of a case by what was decided. Only acts that stop the clock
/// or ask for new dates read anything, and only for a case with timers.
pub(super) fn timer_events(
    query: &mut impl Query,
    case: &Case,
    command: &Command,
    events: &[Event],
    ctx: &Ctx<'_>,
) -> Result<Option<Event>, StoreError> {
    if !case::asks_timers(command, events) {
        return Ok(None);
    }
    let due = running_timers(query, case, ctx)?;
    Ok(case::timer_events(case, command, events, &due, ctx))
}

/// When the timers of a case's steps ring. One that rang in vain and was put off is none of them.
fn running_timers(
    query: &mut impl Query,
    case: &Case,
    ctx: &Ctx<'_>,
) -> Result<Vec<StepDue>, StoreError> {
    if process::live_timers(ctx.definition, &case.process).is_empty() {
        return Ok(Vec::new());
    }
    let mut found = timers::by_case(query, case.id.0)?;
    found.retain(|row| row.kind == "process" && row.id != timers::put_off_id(row));
    let due = found.iter().filter_map(|row| {
        let (token, node) = timer_place(&row.token)?;
        Some(StepDue { token, node, due_at: Instant(row.due_at_ms) })
    });
    Ok(due.collect())
}

/// Where a walk stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Place {
    /// The mark of the calendars that it goes by.
    mark: String,
    process: String,
    version: u32,
    number: u64,
    /// Cases that could not be looked at.
    refused: u64,
}

/// What one batch of a walk did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rederived {
    /// Cases that it looked at.
    pub looked: u32,
    /// Of these, those whose dates moved.
    pub moved: u32,
    /// Of these, those that could not be looked at, each with the reason.
    pub refused: Vec<(String, String)>,
    /// All of the walk so far that could not be looked at.
    pub refused_so_far: u64,
    /// Nothing is left to look at.
    pub finished: bool,
}

/// Whether all running cases were looked at under the calendars of this mark
/// ([`kernel::catalogue::Catalogue::calendars_mark`]).
///
/// # Errors
/// What the engine says.
pub fn is_rederived(query: &mut impl Query, mark: &str) -> Result<bool, StoreError> {
    Ok(settings::get(query, WALKED)?.as_deref() == Some(mark))
}

/// Looks at the next running cases by the calendars as they are known now; those whose last day is
/// closed later move, each with its event, the others keep what they have. The walk goes on where
/// the last committed batch ended, and begins anew when the calendars change meanwhile. A case that
/// refuses is told and passed over.
///
/// # Errors
/// What the engine says; nothing of the batch is done then.
pub fn rederive_next(tx: &mut Tx<'_>, env: &mut Env<'_>) -> Result<Rederived, StoreError> {
    let mark = env.catalogue.calendars_mark(env.now);
    if is_rederived(tx, &mark)? {
        return Ok(Rederived { finished: true, ..Rederived::default() });
    }
    let kept = settings::get(tx, PLACE)?.and_then(|text| serde_json::from_str::<Place>(&text).ok());
    let mut place = kept.filter(|place| place.mark == mark).unwrap_or_else(|| Place {
        mark: mark.clone(),
        process: String::new(),
        version: 0,
        number: 0,
        refused: 0,
    });
    let after = (place.process.as_str(), place.version, place.number);
    let page = running::some_after(tx, after, bounds::REDERIVE_BATCH)?;
    let mut done = Rederived::default();
    for (_, _, number) in &page {
        done.looked += 1;
        match rederive(tx, env, *number) {
            Ok(moved) => done.moved += u32::from(moved),
            Err(CaseError::Store(error)) if !matches!(error, StoreError::Corrupt(_)) => {
                return Err(error);
            }
            Err(refused) => done.refused.push((number.to_string(), refused.to_string())),
        }
    }
    place.refused += done.refused.len() as u64;
    done.refused_so_far = place.refused;
    let Some((process, version, number)) = page.last() else {
        settings::set(tx, WALKED, &mark, env.now.0)?;
        settings::remove(tx, PLACE)?;
        done.finished = true;
        return Ok(done);
    };
    (place.process, place.version, place.number) = (process.clone(), *version, *number);
    let text = serde_json::to_string(&place).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    settings::set(tx, PLACE, &text, env.now.0)?;
    Ok(done)
}

/// A refusal comes before anything is written, so it spoils nothing of the batch.
fn rederive(tx: &mut Tx<'_>, env: &mut Env<'_>, number: u64) -> Result<bool, CaseError> {
    let stored = rows::by_number(tx, number)?.ok_or(CaseError::NotFound)?;
    let done = act_on(tx, env, stored, &Command::RederiveDue)?;
    Ok(!done.events.is_empty())
}

/// A running case whose dates a change of the calendar would move.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WouldMove {
    /// The case.
    pub id: CaseId,
    /// Its code, or its tracking number before acceptance.
    pub code: String,
    /// The desk that it belongs to.
    pub desk: UnitId,
    /// Its due date as it is and as it would be.
    pub due: Option<(Option<Instant>, Option<Instant>)>,
    /// Timers of its steps that would ring on another day.
    pub timers: u32,
}

/// Where a dry run goes on: process, version, number of the last case.
pub type DryPlace = (String, u32, u64);

/// What one page of a dry run found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Dry {
    /// Cases that it looked at.
    pub looked: u32,
    /// Those whose dates would move.
    pub moved: Vec<WouldMove>,
    /// Those that could not be looked at.
    pub refused: u32,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<DryPlace>,
}

/// Looks at the running cases after a place by a changed calendar and changes nothing: what
/// [`rederive_next`] would do once the change is known.
///
/// # Errors
/// What the engine says.
pub fn would_move(
    query: &mut impl Query,
    changed: &Catalogue,
    now: Instant,
    after: &DryPlace,
) -> Result<Dry, StoreError> {
    let place = (after.0.as_str(), after.1, after.2);
    let page = running::some_after(query, place, bounds::CALENDAR_DRY_PAGE)?;
    let mut dry = Dry::default();
    for (_, _, number) in &page {
        dry.looked += 1;
        match moves(query, changed, now, *number) {
            Ok(moved) => dry.moved.extend(moved),
            Err(CaseError::Store(error)) => return Err(error),
            Err(_) => dry.refused += 1,
        }
    }
    let full = page.len() >= usize::try_from(bounds::CALENDAR_DRY_PAGE).unwrap_or(usize::MAX);
    dry.next = page.into_iter().next_back().filter(|_| full);
    Ok(dry)
}

fn moves(
    query: &mut impl Query,
    changed: &Catalogue,
    now: Instant,
    number: u64,
) -> Result<Option<WouldMove>, CaseError> {
    let case = rows::by_number(query, number)?.ok_or(CaseError::NotFound)?.case;
    let actor = Actor::system("calendar");
    let no_edition = || CaseError::NoEdition(case.procedure.0.clone());
    let ctx = changed.ctx(&case, &actor, now).ok_or_else(no_edition)?;
    let command = Command::RederiveDue;
    let (_, events) = case::decide(Some(&case), &command, &ctx)?;
    let timers = timer_events(query, &case, &command, &events, &ctx)?;
    let due = events.iter().find_map(|event| match event {
        Event::DueMoved { due_before, due_at, .. } => Some((*due_before, *due_at)),
        _ => None,
    });
    let timers = match timers {
        Some(Event::Upkeep(UpkeepEvent::TimersMoved { timers, .. })) => timers.len(),
        _ => 0,
    };
    let timers = u32::try_from(timers).unwrap_or(u32::MAX);
    let moved = due.is_some() || timers > 0;
    let (code, desk) = (case.name().to_owned(), case.desk.clone());
    Ok(moved.then_some(WouldMove { id: case.id, code, desk, due, timers }))
}
