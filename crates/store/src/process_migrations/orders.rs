//! What people do with a migration: begin it, change its plan, order its runs, give it up. The same
//! form sent twice changes nothing the second time.

use super::rows;
use super::{Migration, MigrationError, Run, Runs, State};
use crate::cases::Env;
use crate::processes::{self, ProcessEvent};
use crate::sql::Tx;
use kernel::access::Grant;
use kernel::catalogue::Catalogue;
use kernel::limits::REASON_CHARS;
use kernel::people::Fault;
use kernel::procedure::{ProcessEdition, Standing};
use process::migration;
use std::sync::Arc;
use uuid::Uuid;

/// What a person says with an order.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Said {
    /// Why.
    pub reason: String,
    /// The decision or order that it rests on; the taking back needs none.
    pub ground: String,
}

fn version<'c>(
    catalogue: &'c Catalogue,
    name: &str,
    number: u32,
) -> Result<&'c Arc<ProcessEdition>, MigrationError> {
    let found = catalogue.process(name, number);
    found.ok_or_else(|| MigrationError::NoVersion(name.to_owned(), number))
}

/// Begins a migration with the plan that the engine makes, or gives the one that is open already.
///
/// # Errors
/// The versions are not there, or the target is not a later one in force today.
pub fn begin(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    process: &str,
    (from, to): (u32, u32),
) -> Result<Uuid, MigrationError> {
    let (old, new) = (version(env.catalogue, process, from)?, version(env.catalogue, process, to)?);
    let standing = env.catalogue.process_standing(process, to, env.now.date());
    if to <= from || standing != Some(Standing::InForce) {
        return Err(MigrationError::NotInForce(to));
    }
    let plan = migration::plan(&old.definition, &new.definition);
    let all = rows::of_process(tx, process)?;
    if let Some(open) = all.iter().find(|one| one.from == from && one.state.is_open()) {
        return Ok(open.id);
    }
    let (by, at_ms) = (env.actor.by(), env.now.0);
    let migration = Migration {
        id: env.id(),
        process: process.to_owned(),
        from,
        to,
        state: State::Draft,
        revision: 1,
        plan,
        runs: Runs::default(),
        cursor: 0,
        created_by: by.clone(),
        created_at_ms: at_ms,
        changed_by: by,
        changed_at_ms: at_ms,
    };
    rows::add(tx, &migration)?;
    Ok(migration.id)
}

/// A migration as the act finds it, or that the very same act was done already.
enum Found {
    Here(Box<Migration>),
    Done,
}

fn found(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    (id, revision): (Uuid, u64),
    (from, leads_to): (&[State], &[State]),
) -> Result<Found, MigrationError> {
    let migration = rows::by_id(tx, id)?.ok_or(MigrationError::NotFound)?;
    let again = migration.revision == revision + 1 && migration.changed_by == env.actor.by();
    if again && leads_to.contains(&migration.state) {
        return Ok(Found::Done);
    }
    if migration.revision != revision {
        return Err(MigrationError::Changed { expected: revision, found: migration.revision });
    }
    if !from.contains(&migration.state) {
        return Err(MigrationError::Stands(migration.state));
    }
    Ok(Found::Here(Box::new(migration)))
}

fn keep(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    mut migration: Migration,
    revision: u64,
) -> Result<(), MigrationError> {
    migration.changed_by = env.actor.by();
    migration.changed_at_ms = env.now.0;
    rows::change(tx, &migration, revision)
}

/// Gives an element or flow of the old version another target, or none. A dry run made before
/// counts no more.
///
/// # Errors
/// The plan does not take it, somebody was faster, or the migration is past its plan.
pub fn set_target(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    (id, revision): (Uuid, u64),
    element: &str,
    target: Option<&str>,
) -> Result<(), MigrationError> {
    let states = (&[State::Draft, State::Checked][..], &[][..]);
    let mut migration = match found(tx, env, (id, revision), states) {
        Ok(Found::Here(migration)) => *migration,
        Ok(Found::Done) => return Ok(()),
        Err(error @ MigrationError::Changed { .. }) => {
            // The same choice again has nothing left to change.
            let now = rows::by_id(tx, id)?.ok_or(MigrationError::NotFound)?;
            let mine = now.revision == revision + 1 && now.changed_by == env.actor.by();
            let chosen = now.plan.nodes.get(element).map(|found| found.to.as_str());
            let chosen = chosen.or_else(|| now.plan.flows.get(element).map(String::as_str));
            return if mine && chosen == target { Ok(()) } else { Err(error) };
        }
        Err(error) => return Err(error),
    };
    let name = migration.process.clone();
    let old = version(env.catalogue, &name, migration.from)?;
    let new = version(env.catalogue, &name, migration.to)?;
    migration.plan.set(&old.definition, &new.definition, element, target)?;
    migration.state = State::Draft;
    migration.runs.check = None;
    keep(tx, env, migration, revision)
}

/// Orders the dry run over all cases that run on the old version.
///
/// # Errors
/// Somebody was faster, or the migration is past its plan.
pub fn check(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    (id, revision): (Uuid, u64),
) -> Result<(), MigrationError> {
    let leads_to = &[State::Checking, State::Checked];
    let states = (&[State::Draft, State::Checked][..], &leads_to[..]);
    let Found::Here(mut migration) = found(tx, env, (id, revision), states)? else {
        return Ok(());
    };
    migration.runs.check = Some(run(env, Said::default()));
    set_going(tx, env, *migration, State::Checking, revision)
}

/// A run that this person orders now.
fn run(env: &Env<'_>, said: Said) -> Run {
    let Said { reason, ground } = said;
    Run { by: env.actor.by(), at_ms: env.now.0, reason, ground, ..Run::default() }
}

/// Hands a migration to the worker, which goes through all cases from the first.
fn set_going(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    mut migration: Migration,
    state: State,
    revision: u64,
) -> Result<(), MigrationError> {
    (migration.state, migration.cursor) = (state, 0);
    keep(tx, env, migration, revision)
}

/// Orders the move itself, after the dry run of the very plan.
///
/// # Errors
/// Reason or ground is missing, somebody was faster, or there was no dry run.
pub fn apply(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    grant: &Grant,
    (id, revision): (Uuid, u64),
    said: &Said,
) -> Result<(), MigrationError> {
    let said = checked(said, true)?;
    let states = (&[State::Checked][..], &[State::Applying, State::Applied][..]);
    let Found::Here(mut migration) = found(tx, env, (id, revision), states)? else {
        return Ok(());
    };
    let event = ProcessEvent::ProcessMigrated {
        name: migration.process.clone(),
        migration: id,
        from: migration.from,
        to: migration.to,
        plan_sha256: migration.plan_sha256(),
        reason: said.reason.clone(),
        ground: said.ground.clone(),
    };
    migration.runs.apply = Some(run(env, said));
    processes::record(tx, env, grant, &migration.process, &event)?;
    set_going(tx, env, *migration, State::Applying, revision)
}

/// Orders that the moved cases are taken back, as far as nothing was done on them since.
///
/// # Errors
/// The reason is missing, somebody was faster, or it was not carried out.
pub fn revert(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    grant: &Grant,
    (id, revision): (Uuid, u64),
    said: &Said,
) -> Result<(), MigrationError> {
    let said = checked(said, false)?;
    let states = (&[State::Applied][..], &[State::Reverting, State::Reverted][..]);
    let Found::Here(mut migration) = found(tx, env, (id, revision), states)? else {
        return Ok(());
    };
    let event = ProcessEvent::ProcessMigrationReverted {
        name: migration.process.clone(),
        migration: id,
        from: migration.to,
        to: migration.from,
        reason: said.reason.clone(),
    };
    migration.runs.revert = Some(run(env, said));
    processes::record(tx, env, grant, &migration.process, &event)?;
    set_going(tx, env, *migration, State::Reverting, revision)
}

/// Gives a migration up that was not carried out.
///
/// # Errors
/// Somebody was faster, or cases were moved already.
pub fn cancel(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    (id, revision): (Uuid, u64),
) -> Result<(), MigrationError> {
    let states = (&[State::Draft, State::Checking, State::Checked][..], &[State::Cancelled][..]);
    let Found::Here(mut migration) = found(tx, env, (id, revision), states)? else {
        return Ok(());
    };
    migration.state = State::Cancelled;
    keep(tx, env, *migration, revision)
}

/// Reason and ground as they are kept.
fn checked(said: &Said, needs_ground: bool) -> Result<Said, MigrationError> {
    let mut faults = Vec::new();
    let mut one = |field: &str, text: &str, needed: bool| {
        let text = text.trim();
        if text.is_empty() && needed {
            faults.push(Fault::new(field, "err-reason-missing"));
        } else if text.chars().count() > REASON_CHARS {
            faults.push(Fault::new(field, "err-too-long").with("max", REASON_CHARS));
        }
        text.to_owned()
    };
    let reason = one("reason", &said.reason, true);
    let ground = one("ground", &said.ground, needs_ground);
    if faults.is_empty() {
        Ok(Said { reason, ground })
    } else {
        Err(MigrationError::Fields(faults))
    }
}
