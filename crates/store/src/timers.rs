//! Table `timer`: what must happen in a case at a time. Polling reads only what is due.

use crate::bounds;
use crate::error::StoreError;
use crate::outbox;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use uuid::Uuid;

const ADD: Statement = Statement {
    name: "timer_add",
    sql: "INSERT INTO timer (due_at, id, case_id, kind, token) VALUES ($1, $2, $3, $4, $5)",
};
const DUE: Statement = Statement {
    name: "timers_due",
    sql: "SELECT due_at, id, case_id, kind, token FROM timer
          WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2",
};
const NEXT: Statement =
    Statement { name: "timer_next", sql: "SELECT due_at FROM timer ORDER BY due_at, id LIMIT 1" };
const BY_CASE: Statement = Statement {
    name: "timers_by_case",
    sql: "SELECT due_at, id, case_id, kind, token FROM timer
          WHERE case_id = $1 ORDER BY kind, token LIMIT $2",
};
const AFTER: Statement = Statement {
    name: "timers_after",
    sql: "SELECT due_at, id, case_id, kind, token FROM timer
          WHERE (due_at, id) > ($1, $2) ORDER BY due_at, id LIMIT $3",
};
const REMOVE: Statement =
    Statement { name: "timer_remove", sql: "DELETE FROM timer WHERE due_at = $1 AND id = $2" };
const REMOVE_TOKEN: Statement = Statement {
    name: "timer_remove_token",
    sql: "DELETE FROM timer WHERE case_id = $1 AND kind = $2 AND token = $3",
};
const REMOVE_CASE: Statement =
    Statement { name: "timer_remove_case", sql: "DELETE FROM timer WHERE case_id = $1" };

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[ADD, DUE, NEXT, BY_CASE, AFTER, REMOVE, REMOVE_TOKEN, REMOVE_CASE]
}

/// A timer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timer {
    /// When it is due, in milliseconds UTC.
    pub due_at_ms: i64,
    /// Its id.
    pub id: Uuid,
    /// Its case.
    pub case_id: Uuid,
    /// What is due.
    pub kind: String,
    /// Which place of the case's process waits for it; unique for case and kind.
    pub token: String,
}

/// Sets a timer, in place of one with the same case, kind and token.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn set(tx: &mut Tx<'_>, timer: &Timer) -> Result<(), StoreError> {
    tx.execute(&REMOVE_TOKEN, values![timer.case_id, &timer.kind, &timer.token])?;
    let row = values![timer.due_at_ms, timer.id, timer.case_id, &timer.kind, &timer.token];
    tx.execute_one(&ADD, row)
}

/// The id of a timer that the event at `seq` of its case sets: made of all that the row says, so
/// that a row whose date was altered no longer fits its id. The same event gives the same one.
#[must_use]
pub fn set_id(timer: &Timer, seq: u64) -> Uuid {
    let Timer { due_at_ms, case_id, kind, token, .. } = timer;
    outbox::job_id(*case_id, seq, &format!("timer {kind} {token} {due_at_ms}"))
}

/// The id of a timer that was put off.
#[must_use]
pub fn put_off_id(timer: &Timer) -> Uuid {
    let Timer { due_at_ms, case_id, kind, token, .. } = timer;
    outbox::job_id(*case_id, 0, &format!("timer put off {kind} {token} {due_at_ms}"))
}

/// Lets a timer ring again later, since what it asked for was refused now.
///
/// # Errors
/// What the engine says.
pub fn put_off(tx: &mut Tx<'_>, timer: &Timer, due_at_ms: i64) -> Result<(), StoreError> {
    let mut later = Timer { due_at_ms, ..timer.clone() };
    later.id = put_off_id(&later);
    set(tx, &later)
}

fn timer(row: &Row<'_>) -> Result<Timer, StoreError> {
    Ok(Timer {
        due_at_ms: row.int(0)?,
        id: row.uuid(1)?,
        case_id: row.uuid(2)?,
        kind: row.text(3)?,
        token: row.text(4)?,
    })
}

/// Timers that are due now, the oldest first, at most `limit`.
///
/// # Errors
/// What the engine says.
pub fn due(query: &mut impl Query, now_ms: i64, limit: u32) -> Result<Vec<Timer>, StoreError> {
    query.query(&DUE, values![now_ms, limit.min(bounds::LIST_MAX)], timer)
}

/// When the next timer is due.
///
/// # Errors
/// What the engine says.
pub fn next_due(query: &mut impl Query) -> Result<Option<i64>, StoreError> {
    query.optional(&NEXT, &[], |row| row.int(0))
}

/// The timers of a case.
///
/// # Errors
/// What the engine says.
pub fn by_case(query: &mut impl Query, case_id: Uuid) -> Result<Vec<Timer>, StoreError> {
    query.query(&BY_CASE, values![case_id, bounds::LIST_MAX], timer)
}

/// Timers after a place (date and id), in order, some hundred of them: for walks over all.
///
/// # Errors
/// What the engine says.
pub fn page_after(
    query: &mut impl Query,
    (due_at_ms, id): (i64, Uuid),
) -> Result<Vec<Timer>, StoreError> {
    query.query(&AFTER, values![due_at_ms, id, bounds::LIST_MAX], timer)
}

/// Removes a timer that fired. `false` if somebody removed it before: then it must not act.
///
/// # Errors
/// What the engine says.
pub fn remove(tx: &mut Tx<'_>, timer: &Timer) -> Result<bool, StoreError> {
    Ok(tx.execute(&REMOVE, values![timer.due_at_ms, timer.id])? == 1)
}

/// Removes the timer of one place of a case. `false` if there was none.
///
/// # Errors
/// What the engine says.
pub fn remove_token(
    tx: &mut Tx<'_>,
    case_id: Uuid,
    kind: &str,
    token: &str,
) -> Result<bool, StoreError> {
    Ok(tx.execute(&REMOVE_TOKEN, values![case_id, kind, token])? == 1)
}

/// Removes all timers of a case that ended; returns how many.
///
/// # Errors
/// What the engine says.
pub fn remove_case(tx: &mut Tx<'_>, case_id: Uuid) -> Result<usize, StoreError> {
    tx.execute(&REMOVE_CASE, values![case_id])
}
