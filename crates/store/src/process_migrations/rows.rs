//! Tables `process_migration` and `process_migration_case`.

use super::{Migration, MigrationError, Outcome, Runs, State};
use crate::bounds;
use crate::error::StoreError;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use uuid::Uuid;

macro_rules! columns {
    ($tail:literal) => {
        concat!(
            "SELECT id, process, from_version, to_version, state, revision, plan, runs, cursor, \
             created_by, created_at, changed_by, changed_at FROM process_migration ",
            $tail
        )
    };
}

const ADD: Statement = Statement {
    name: "process_migration_add",
    sql: "INSERT INTO process_migration (id, process, from_version, to_version, state, revision,
              plan, runs, cursor, created_by, created_at, changed_by, changed_at)
          VALUES ($1, $2, $3, $4, $5, 1, $6, $7, 0, $8, $9, $8, $9)",
};
const BY_ID: Statement =
    Statement { name: "process_migration_by_id", sql: columns!("WHERE id = $1") };
const OF_PROCESS: Statement = Statement {
    name: "process_migrations_of",
    sql: columns!("WHERE process = $1 ORDER BY created_at DESC, id DESC LIMIT $2"),
};
const IN_STATE: Statement = Statement {
    name: "process_migrations_in_state",
    sql: columns!("WHERE state = $1 ORDER BY created_at, id LIMIT $2"),
};
/// An act of a person: names the revision that it was made from.
const CHANGE: Statement = Statement {
    name: "process_migration_change",
    sql: "UPDATE process_migration SET state = $1, plan = $2, runs = $3, cursor = $4,
              changed_by = $5, changed_at = $6, revision = revision + 1
          WHERE id = $7 AND revision = $8",
};
/// A step of the worker: names the place that it was made from.
const STEP: Statement = Statement {
    name: "process_migration_step",
    sql: "UPDATE process_migration SET state = $1, runs = $2, cursor = $3
          WHERE id = $4 AND revision = $5 AND state = $6 AND cursor = $7",
};
const CASE_PUT: Statement = Statement {
    name: "process_migration_case_put",
    sql: "INSERT INTO process_migration_case (migration_id, case_number, outcome, reason, element)
          VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (migration_id, case_number) DO UPDATE SET
              outcome = excluded.outcome, reason = excluded.reason, element = excluded.element",
};
const MOVED_AFTER: Statement = Statement {
    name: "process_migration_moved_after",
    sql: "SELECT case_number FROM process_migration_case
          WHERE migration_id = $1 AND case_number > $2 AND outcome = 'moved'
          ORDER BY case_number LIMIT $3",
};
const OUTCOME: Statement = Statement {
    name: "process_migration_outcome",
    sql: "SELECT outcome, reason, element FROM process_migration_case
          WHERE migration_id = $1 AND case_number = $2",
};

/// Every statement of the migrations.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[ADD, BY_ID, OF_PROCESS, IN_STATE, CHANGE, STEP, CASE_PUT, MOVED_AFTER, OUTCOME]
}

fn migration(row: &Row<'_>) -> Result<Migration, StoreError> {
    let id = row.uuid(0)?;
    let corrupt = |what: &dyn std::fmt::Display| {
        StoreError::Corrupt(format!("process_migration {id}: {what}"))
    };
    let state = row.text(4)?;
    let state = State::from_key(&state).ok_or_else(|| corrupt(&state))?;
    let plan = row.text(6)?;
    let runs: Runs = serde_json::from_str(&row.text(7)?).map_err(|e| corrupt(&e))?;
    Ok(Migration {
        id,
        process: row.text(1)?,
        from: row.small(2)?,
        to: row.small(3)?,
        state,
        revision: row.count(5)?,
        plan: serde_json::from_str(&plan).map_err(|e| corrupt(&e))?,
        runs,
        cursor: row.count(8)?,
        created_by: row.text(9)?,
        created_at_ms: row.int(10)?,
        changed_by: row.text(11)?,
        changed_at_ms: row.int(12)?,
    })
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Corrupt(e.to_string()))
}

pub(super) fn add(tx: &mut Tx<'_>, new: &Migration) -> Result<(), StoreError> {
    let (plan, runs) = (json(&new.plan)?, json(&new.runs)?);
    let (by, at) = (&new.created_by, new.created_at_ms);
    let row = values![new.id, &new.process, new.from, new.to, new.state.key(), plan, runs, by, at];
    tx.execute_one(&ADD, row)
}

/// A migration.
///
/// # Errors
/// What the engine says; `Corrupt` for a row that cannot be read. The same for the two below.
pub fn by_id(query: &mut impl Query, id: Uuid) -> Result<Option<Migration>, StoreError> {
    query.optional(&BY_ID, values![id], migration)
}

/// The migrations of a process, the newest first, at most
/// [`PROCESS_MIGRATIONS_MAX`](bounds::PROCESS_MIGRATIONS_MAX).
///
/// # Errors
/// As [`by_id`].
pub fn of_process(query: &mut impl Query, process: &str) -> Result<Vec<Migration>, StoreError> {
    query.query(&OF_PROCESS, values![process, bounds::PROCESS_MIGRATIONS_MAX], migration)
}

/// The oldest migration that the worker has to go on with.
///
/// # Errors
/// As [`by_id`].
pub fn next(query: &mut impl Query) -> Result<Option<Migration>, StoreError> {
    for state in State::ALL.into_iter().filter(|state| state.is_working()) {
        let found = query.optional(&IN_STATE, values![state.key(), 1_u32], migration)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Keeps what a person changed, if nobody changed it since `revision`.
pub(super) fn change(
    tx: &mut Tx<'_>,
    changed: &Migration,
    revision: u64,
) -> Result<(), MigrationError> {
    let (plan, runs) = (json(&changed.plan)?, json(&changed.runs)?);
    let (by, at) = (&changed.changed_by, changed.changed_at_ms);
    let (state, cursor) = (changed.state.key(), changed.cursor);
    let row = values![state, plan, runs, cursor, by, at, changed.id, revision];
    if tx.execute(&CHANGE, row)? == 1 {
        return Ok(());
    }
    let found = by_id(tx, changed.id)?.ok_or(MigrationError::NotFound)?.revision;
    Err(MigrationError::Changed { expected: revision, found })
}

/// Keeps a step of the worker that was made from `before`. `false` if somebody was faster: then the
/// step counts for nothing.
pub(super) fn step(
    tx: &mut Tx<'_>,
    before: &Migration,
    after: &Migration,
) -> Result<bool, StoreError> {
    let runs = json(&after.runs)?;
    let (id, revision) = (before.id, before.revision);
    let (was, cursor) = (before.state.key(), before.cursor);
    let row = values![after.state.key(), runs, after.cursor, id, revision, was, cursor];
    Ok(tx.execute(&STEP, row)? == 1)
}

pub(super) fn put_case(
    tx: &mut Tx<'_>,
    id: Uuid,
    number: u64,
    outcome: &Outcome,
) -> Result<(), StoreError> {
    let (reason, element) = outcome.why();
    tx.execute_one(&CASE_PUT, values![id, number, outcome.key(), reason, element])
}

pub(super) fn moved_after(
    query: &mut impl Query,
    id: Uuid,
    after: u64,
    limit: u32,
) -> Result<Vec<u64>, StoreError> {
    query.query(&MOVED_AFTER, values![id, after, limit], |row| row.count(0))
}

/// What became of a case in a migration: outcome, key of the reason, element.
///
/// # Errors
/// What the engine says.
pub fn outcome_of(
    query: &mut impl Query,
    id: Uuid,
    number: u64,
) -> Result<Option<(String, String, String)>, StoreError> {
    query.optional(&OUTCOME, values![id, number], |row| {
        Ok((row.text(0)?, row.text(1)?, row.text(2)?))
    })
}
