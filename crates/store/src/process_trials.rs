//! Table `process_trial`: what the last trial of each kind found about a process draft. A trial
//! runs in the program's memory; only what it found is kept, so that others and a restarted program
//! see it. It goes with its draft.

use crate::bounds;
use crate::error::StoreError;
use crate::sql::{Query, Statement, Tx};
use crate::values;
use uuid::Uuid;

/// A draft that is gone takes nothing: whoever tried it comes too late.
const KEEP: Statement = Statement {
    name: "process_trial_keep",
    sql: "INSERT INTO process_trial (draft_id, kind, revision, asked_by, ended_at, told)
          SELECT id, $1, $2, $3, $4, $5 FROM process_draft WHERE id = $6
          ON CONFLICT (draft_id, kind) DO UPDATE SET
              revision = excluded.revision, asked_by = excluded.asked_by,
              ended_at = excluded.ended_at, told = excluded.told",
};
const OF_DRAFT: Statement = Statement {
    name: "process_trials_of_draft",
    sql: "SELECT kind, revision, asked_by, ended_at, told FROM process_trial
          WHERE draft_id = $1 ORDER BY kind",
};
const DROP: Statement =
    Statement { name: "process_trial_drop", sql: "DELETE FROM process_trial WHERE draft_id = $1" };

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[KEEP, OF_DRAFT, DROP]
}

/// What a trial found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trial {
    /// Which kind of trial, as the caller names it.
    pub kind: String,
    /// The revision of the draft that was tried.
    pub revision: u64,
    /// Account of whoever asked for it.
    pub asked_by: String,
    /// When it ended, milliseconds UTC.
    pub ended_at_ms: i64,
    /// What it found, as JSON text of the caller.
    pub told: String,
}

/// Keeps what a trial found in place of the last one of its kind. `false` if the draft is gone;
/// then nothing is kept.
///
/// # Errors
/// `TooLarge`, or what the engine says.
pub fn keep(tx: &mut Tx<'_>, draft: Uuid, trial: &Trial) -> Result<bool, StoreError> {
    let max = bounds::PROCESS_TRIAL_BYTES_MAX;
    if trial.told.len() > max {
        return Err(StoreError::TooLarge { what: "trial of a process", max });
    }
    let Trial { kind, revision, asked_by, ended_at_ms, told } = trial;
    let row = values![kind, *revision, asked_by, *ended_at_ms, told, draft];
    Ok(tx.execute(&KEEP, row)? == 1)
}

/// The last trial of each kind.
///
/// # Errors
/// What the engine says.
pub fn of_draft(query: &mut impl Query, draft: Uuid) -> Result<Vec<Trial>, StoreError> {
    query.query(&OF_DRAFT, values![draft], |row| {
        Ok(Trial {
            kind: row.text(0)?,
            revision: row.count(1)?,
            asked_by: row.text(2)?,
            ended_at_ms: row.int(3)?,
            told: row.text(4)?,
        })
    })
}

/// Forgets the trials of a draft that goes.
pub(crate) fn drop_all(tx: &mut Tx<'_>, draft: Uuid) -> Result<(), StoreError> {
    tx.execute(&DROP, values![draft]).map(drop)
}
