//! What the worker does: one page of the dry run, one batch of moves, one batch of taking back.
//! Each ends with the place it came to, so that a stop loses nothing and nothing is done twice.

use super::rows;
use super::{Migration, Outcome, State};
use crate::bounds;
use crate::cases::{self, CaseError, Env, Stored};
use crate::error::StoreError;
use crate::sql::{Query, Tx};
use crate::timers;
use kernel::calendar::Instant;
use kernel::case::{self, Command, Event, Migrate, Refusal, RevertMigration, StepDue, UpkeepEvent};
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use kernel::procedure::Definitions;
use process::NodeIx;
use std::sync::Arc;
use uuid::Uuid;

/// A page of a dry run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Looked {
    before: Migration,
    after: Migration,
}

/// Looks at the next page of cases of a dry run: reads only.
///
/// # Errors
/// What the store says; `NoEdition` if a version is not loaded.
pub fn look(
    query: &mut impl Query,
    catalogue: &Catalogue,
    migration: &Migration,
    now: Instant,
) -> Result<Looked, CaseError> {
    let no_edition = || CaseError::NoEdition(migration.process.clone());
    let version = |number| catalogue.process(&migration.process, number).ok_or_else(no_edition);
    let (from, to) = (version(migration.from)?, version(migration.to)?);
    let runs_on = (migration.process.as_str(), migration.from);
    let page = bounds::PROCESS_MIGRATION_PAGE;
    let numbers = cases::running_after(query, runs_on, migration.cursor, page)?;
    let mut after = migration.clone();
    for number in &numbers {
        let Some(stored) = cases::by_number(query, *number)? else { continue };
        let plan = &migration.plan;
        let outcome = match case::moves_to(&stored.case, plan, &from.definition, &to.definition) {
            Ok(_) => Outcome::Moved,
            Err(stays) => Outcome::stays(&stays),
        };
        if let Some(run) = after.run_mut() {
            run.count(*number, &outcome);
        }
    }
    go_on(&mut after, numbers.last().copied(), State::Checked, now);
    Ok(Looked { before: migration.clone(), after })
}

/// The place after a page; the last, empty one ends the run.
fn go_on(after: &mut Migration, last: Option<u64>, done: State, now: Instant) {
    if let Some(last) = last {
        after.cursor = last;
        return;
    }
    if let Some(run) = after.run_mut() {
        run.ended_at_ms = Some(now.0);
    }
    after.state = done;
}

/// Keeps what was looked at, unless the plan was changed or somebody else kept it in the meantime.
///
/// # Errors
/// What the engine says.
pub fn note(tx: &mut Tx<'_>, looked: &Looked) -> Result<bool, StoreError> {
    if looked.before.state != State::Checking {
        return Ok(false);
    }
    rows::step(tx, &looked.before, &looked.after)
}

/// Moves or takes back the next batch of cases, in one unit of work with the place it came to. A
/// case that is refused is counted and does not stop the others. `false` if there was nothing to
/// do.
///
/// # Errors
/// What the store says: then nothing of the batch stays, and it is done again.
pub fn carry_on(tx: &mut Tx<'_>, env: &mut Env<'_>, id: Uuid) -> Result<bool, CaseError> {
    let Some(before) = rows::by_id(tx, id)? else { return Ok(false) };
    let batch = bounds::PROCESS_MIGRATION_BATCH;
    let (numbers, done) = match before.state {
        State::Applying => {
            let runs_on = (before.process.as_str(), before.from);
            (cases::running_after(tx, runs_on, before.cursor, batch)?, State::Applied)
        }
        State::Reverting => {
            (rows::moved_after(tx, before.id, before.cursor, batch)?, State::Reverted)
        }
        _ => return Ok(false),
    };
    let plan = Arc::new(before.plan.clone());
    let mut after = before.clone();
    for number in &numbers {
        let Some(stored) = cases::by_number(tx, *number)? else { continue };
        let outcome = match before.state {
            State::Applying => move_one(tx, env, &before, Arc::clone(&plan), stored)?,
            _ => take_back(tx, env, &before, stored)?,
        };
        rows::put_case(tx, id, *number, &outcome)?;
        if let Some(run) = after.run_mut() {
            run.count(*number, &outcome);
        }
    }
    go_on(&mut after, numbers.last().copied(), done, env.now);
    if rows::step(tx, &before, &after)? {
        Ok(true)
    } else {
        Err(StoreError::Corrupt(format!("migration {id} changed within a unit of work")).into())
    }
}

fn move_one(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    migration: &Migration,
    plan: Arc<process::migration::Plan>,
    stored: Stored,
) -> Result<Outcome, CaseError> {
    let case = &stored.case;
    let no_edition = || CaseError::NoEdition(migration.process.clone());
    let versions = env.catalogue.process_editions(&migration.process);
    let definitions = Definitions::Versions(versions);
    let from = definitions.of(migration.from).ok_or_else(no_edition)?;
    let to = definitions.of(migration.to).ok_or_else(no_edition)?;
    let moves = match case::moves_to(case, &plan, from, to) {
        Ok(moves) => moves,
        Err(stays) => return Ok(Outcome::stays(&stays)),
    };
    // Only timers that begin need to know since when their tokens stand there.
    let arrivals = if case::begins_timers(&moves) {
        let history = cases::history(tx, case.id.0)?;
        case::arrivals(case.id, history.iter().map(|entry| &entry.event), definitions)
    } else {
        None
    };
    let order = Migrate {
        migration: migration.id,
        to: migration.to,
        plan,
        arrivals: arrivals.unwrap_or_default(),
        rows: rows_of(tx, case.id.0)?,
    };
    match cases::act_on(tx, env, stored, &Command::Migrate(Box::new(order))) {
        Ok(_) => Ok(Outcome::Moved),
        Err(error) => refused(error).map(|(key, element)| Outcome::Stays(key, element)),
    }
}

/// The timers of steps that are set for a case.
fn rows_of(tx: &mut Tx<'_>, case: Uuid) -> Result<Vec<StepDue>, StoreError> {
    let place = |row: timers::Timer| {
        let (token, node) = row.token.split_once(':')?;
        let (token, node) = (token.parse().ok()?, NodeIx(node.parse().ok()?));
        Some(StepDue { token, node, due_at: Instant(row.due_at_ms) })
    };
    let rows = timers::by_case(tx, case)?.into_iter();
    Ok(rows.filter(|row| row.kind == "process").filter_map(place).collect())
}

fn take_back(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    migration: &Migration,
    stored: Stored,
) -> Result<Outcome, CaseError> {
    let order = order_back(tx, env.catalogue, migration, stored.case.id)?;
    match cases::act_on(tx, env, stored, &Command::RevertMigration(Box::new(order))) {
        Ok(_) => Ok(Outcome::Reverted),
        Err(error) => refused(error).map(|(key, element)| Outcome::Kept(key, element)),
    }
}

/// The migration of a case stands in its journal; as it was before, it is replayed.
fn order_back(
    query: &mut impl Query,
    catalogue: &Catalogue,
    migration: &Migration,
    id: CaseId,
) -> Result<RevertMigration, StoreError> {
    let definitions = Definitions::Versions(catalogue.process_editions(&migration.process));
    let history = cases::history(query, id.0)?;
    let events: Vec<Event> = history.into_iter().map(|entry| entry.event).collect();
    let place = events.iter().rposition(|event| {
        matches!(event, Event::Upkeep(UpkeepEvent::Migrated { migration: m, .. })
            if *m == migration.id)
    });
    let found = place.and_then(|at| events.split_at_checked(at)).and_then(|(before, rest)| {
        let before = case::replay(id, before, definitions)?;
        match rest.first() {
            Some(Event::Upkeep(migrated)) => {
                Some(RevertMigration { before, migrated: migrated.clone() })
            }
            _ => None,
        }
    });
    let missing = || StoreError::Corrupt(format!("case {id}: its journal knows no migration"));
    found.ok_or_else(missing)
}

/// How many moved cases could still be taken back.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Revertible {
    /// Nothing was done on them since.
    pub cases: u64,
    /// How many were looked at, at most
    /// [`PROCESS_MIGRATION_PAGE`](bounds::PROCESS_MIGRATION_PAGE).
    pub looked: u64,
    /// There are others that were not looked at.
    pub more: bool,
}

/// Looks at moved cases: which of them could still be taken back.
///
/// # Errors
/// What the store says.
pub fn revertible(
    query: &mut impl Query,
    catalogue: &Catalogue,
    migration: &Migration,
) -> Result<Revertible, StoreError> {
    let definitions = Definitions::Versions(catalogue.process_editions(&migration.process));
    let limit = bounds::PROCESS_MIGRATION_PAGE;
    let numbers = rows::moved_after(query, migration.id, 0, limit + 1)?;
    let mut found = Revertible { more: numbers.len() > limit as usize, ..Revertible::default() };
    for number in numbers.into_iter().take(limit as usize) {
        found.looked += 1;
        let Some(stored) = cases::by_number(query, number)? else { continue };
        // What runs on no version, or on another one again, needs no look at its journal.
        if !stored.case.is_running() || stored.case.process_version != migration.to {
            continue;
        }
        let order = order_back(query, catalogue, migration, stored.case.id)?;
        found.cases += u64::from(case::moves_back(&stored.case, &order, definitions).is_ok());
    }
    Ok(found)
}

/// The first reason of a refusal, which was made before anything was written; other errors end the
/// batch.
fn refused(error: CaseError) -> Result<(String, String), CaseError> {
    match error {
        CaseError::Refused(Refusal::Stays(stays)) => {
            let outcome = Outcome::stays(&stays);
            let (key, element) = outcome.why();
            Ok((key.to_owned(), element.to_owned()))
        }
        CaseError::Refused(refusal) => {
            tracing::warn!(%refusal, "a case was not migrated");
            Ok(("refused".to_owned(), String::new()))
        }
        other => Err(other),
    }
}
