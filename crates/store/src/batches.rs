//! Tables `batch` and `batch_line`: an act on many cases, and what became of each. The outcome of a
//! case is written in the same unit of work as its act, so that a stop in the middle leaves the
//! truth; when all are done, the journal keeps the whole in a stream of the batch's own.

mod proof;

pub use proof::verify;

use crate::cases::Env;
use crate::error::StoreError;
use crate::journal::{self, Entry, Head};
use crate::sql::{Query, Row, Statement, Tx};
use crate::{bounds, values};
use kernel::ids::CaseId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const LAST_NUMBER: Statement = Statement {
    name: "batch_last_number",
    sql: "SELECT coalesce(max(number), 0) FROM batch \
          WHERE unit = $1 AND action = $2 AND year = $3",
};
const ADD: Statement = Statement {
    name: "batch_add",
    sql: "INSERT INTO batch (id, account, action, unit, other, year, number, made_at, done_at) \
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)",
};
const LINE_ADD: Statement = Statement {
    name: "batch_line_add",
    sql: "INSERT INTO batch_line (batch_id, place, case_id, code, papers, outcome, reason, args) \
          VALUES ($1, $2, $3, $4, $5, 'waiting', '', '[]')",
};
const BY_ID: Statement = Statement {
    name: "batch_by_id",
    sql: "SELECT id, account, action, unit, other, year, number, made_at, done_at FROM batch \
          WHERE id = $1",
};
const BY_ACCOUNT: Statement = Statement {
    name: "batches_by_account",
    sql: "SELECT id, account, action, unit, other, year, number, made_at, done_at FROM batch \
          WHERE account = $1 AND made_at < $2 ORDER BY made_at DESC, id DESC LIMIT $3",
};
const AFTER: Statement = Statement {
    name: "batches_after",
    sql: "SELECT id, account, action, unit, other, year, number, made_at, done_at FROM batch \
          WHERE id > $1 ORDER BY id LIMIT $2",
};
const LINES: Statement = Statement {
    name: "batch_lines",
    sql: "SELECT case_id, code, papers, outcome, reason, args FROM batch_line \
          WHERE batch_id = $1 ORDER BY place LIMIT $2",
};
const LINE_SET: Statement = Statement {
    name: "batch_line_set",
    sql: "UPDATE batch_line SET outcome = $1, reason = $2, args = $3 \
          WHERE batch_id = $4 AND place = $5 AND outcome = 'waiting'",
};
const DONE: Statement = Statement {
    name: "batch_done",
    sql: "UPDATE batch SET done_at = $1 WHERE id = $2 AND done_at IS NULL",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[LAST_NUMBER, ADD, LINE_ADD, BY_ID, BY_ACCOUNT, AFTER, LINES, LINE_SET, DONE]
}

/// What became of one case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its turn has not come.
    Waiting,
    /// The act was done.
    Done,
    /// The law, the policy or the state said no.
    Refused,
    /// Somebody acted on it after the page was made.
    Changed,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Done, Self::Refused, Self::Changed];

    /// Key in tables and texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Changed => "changed",
        }
    }
}

/// An act on many cases.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// Its id, and that of its stream.
    pub id: Uuid,
    /// Who acts.
    pub account: String,
    /// Which act, as the caller names it.
    pub action: String,
    /// The unit of whoever acts.
    pub unit: String,
    /// The unit at the other end, if there is one.
    pub other: String,
    /// Year of the number.
    pub year: i32,
    /// Number among those of the unit, the act and the year.
    pub number: u64,
    /// When it began, milliseconds UTC.
    pub made_at_ms: i64,
    /// When the last case was done.
    pub done_at_ms: Option<i64>,
}

/// A case of a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The case.
    pub case: CaseId,
    /// Its code or tracking number then.
    pub code: String,
    /// How many papers it held then.
    pub papers: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// Text key of the reason, if it was not done.
    pub reason: String,
    /// Variables of that text.
    pub args: Vec<(String, String)>,
}

/// What the journal keeps of a batch that was carried through.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BatchDone {
    /// Which act.
    pub action: String,
    /// The unit at the other end.
    pub other: String,
    /// Year of the number.
    pub year: i32,
    /// Number.
    pub number: u64,
    /// How many cases were done.
    pub done: u64,
    /// How many were not.
    pub not_done: u64,
    /// SHA-256 over the lines.
    pub lines_sha256: String,
}

/// A batch about to begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewBatch {
    /// Which act.
    pub action: String,
    /// The unit of whoever acts.
    pub unit: String,
    /// The unit at the other end, or empty.
    pub other: String,
    /// Cases in order: id, code, papers.
    pub cases: Vec<(CaseId, String, u64)>,
}

fn batch(row: &Row<'_>) -> Result<Batch, StoreError> {
    let year = i32::try_from(row.int(5)?)
        .map_err(|_| StoreError::Column { column: 5, expected: "a year" })?;
    Ok(Batch {
        id: row.uuid(0)?,
        account: row.text(1)?,
        action: row.text(2)?,
        unit: row.text(3)?,
        other: row.text(4)?,
        year,
        number: row.count(6)?,
        made_at_ms: row.int(7)?,
        done_at_ms: row.opt_int(8)?,
    })
}

fn line(row: &Row<'_>) -> Result<Line, StoreError> {
    let key = row.text(3)?;
    let outcome = Outcome::ALL.into_iter().find(|one| one.as_str() == key);
    let outcome = outcome.ok_or(StoreError::Column { column: 3, expected: "an outcome" })?;
    let args = serde_json::from_str(&row.text(5)?)
        .map_err(|_| StoreError::Column { column: 5, expected: "variables of a text" })?;
    Ok(Line {
        case: CaseId(row.uuid(0)?),
        code: row.text(1)?,
        papers: row.count(2)?,
        outcome,
        reason: row.text(4)?,
        args,
    })
}

/// Begins a batch: its number and all its cases, none of them done.
///
/// # Errors
/// `TooLarge` for more cases than may be; what the engine says.
pub fn begin(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    new: &NewBatch,
    year: i32,
) -> Result<Uuid, StoreError> {
    if new.cases.len() > bounds::BATCH_CASES_MAX {
        return Err(StoreError::TooLarge { what: "batch", max: bounds::BATCH_CASES_MAX });
    }
    let id = env.id();
    let of = values![new.unit.as_str(), new.action.as_str(), year];
    let number = tx.one(&LAST_NUMBER, of, |row| row.count(0))? + 1;
    let by = env.actor.by();
    let row = values![
        id,
        by,
        new.action.as_str(),
        new.unit.as_str(),
        new.other.as_str(),
        year,
        number,
        env.now.0,
    ];
    tx.execute_one(&ADD, row)?;
    for (place, (case, code, papers)) in new.cases.iter().enumerate() {
        let row = values![id, place as u64, case.0, code.as_str(), *papers];
        tx.execute_one(&LINE_ADD, row)?;
    }
    Ok(id)
}

/// A batch by id.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn by_id(query: &mut impl Query, id: Uuid) -> Result<Option<Batch>, StoreError> {
    query.optional(&BY_ID, values![id], batch)
}

/// The batches of an account before an instant, newest first.
///
/// # Errors
/// What the engine says.
pub fn by_account(
    query: &mut impl Query,
    account: &str,
    before_ms: i64,
    limit: u32,
) -> Result<Vec<Batch>, StoreError> {
    let limit = limit.min(bounds::LIST_MAX);
    query.query(&BY_ACCOUNT, values![account, before_ms, limit], batch)
}

/// The cases of a batch in order.
///
/// # Errors
/// What the engine says.
pub fn lines(query: &mut impl Query, id: Uuid) -> Result<Vec<Line>, StoreError> {
    query.query(&LINES, values![id, bounds::BATCH_CASES_MAX as u64], line)
}

/// Notes what became of a case. `false` if that was noted before: then its act must not be done
/// again.
///
/// # Errors
/// What the engine says.
pub fn note(
    tx: &mut Tx<'_>,
    (id, place): (Uuid, usize),
    outcome: Outcome,
    reason: &str,
    args: &[(String, String)],
) -> Result<bool, StoreError> {
    let args = serde_json::to_string(args).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let row = values![outcome.as_str(), reason, args, id, place as u64];
    Ok(tx.execute(&LINE_SET, row)? == 1)
}

/// SHA-256 over the lines of a batch.
fn digest(lines: &[Line]) -> String {
    let mut sha = Sha256::new();
    for line in lines {
        let text = format!(
            "{}\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{}\u{1e}",
            line.case,
            line.code,
            line.papers,
            line.outcome.as_str(),
            line.reason
        );
        sha.update(text.as_bytes());
    }
    hex::encode(sha.finalize())
}

fn told(batch: &Batch, lines: &[Line]) -> BatchDone {
    let done = lines.iter().filter(|line| line.outcome == Outcome::Done).count() as u64;
    BatchDone {
        action: batch.action.clone(),
        other: batch.other.clone(),
        year: batch.year,
        number: batch.number,
        done,
        not_done: lines.len() as u64 - done,
        lines_sha256: digest(lines),
    }
}

/// Ends a batch whose cases all had their turn, and records it. Once more changes nothing.
///
/// # Errors
/// What the engine says.
pub fn finish(tx: &mut Tx<'_>, env: &Env<'_>, id: Uuid) -> Result<(), StoreError> {
    let Some(found) = by_id(tx, id)? else { return Ok(()) };
    let lines = lines(tx, id)?;
    let open = lines.iter().any(|line| line.outcome == Outcome::Waiting);
    if open || tx.execute(&DONE, values![env.now.0, id])? == 0 {
        return Ok(());
    }
    let body = serde_json::to_string(&told(&found, &lines))
        .map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let entry = Entry {
        at_ms: env.now.0,
        by: found.account,
        on_behalf_of: None,
        unit: Some(found.unit),
        kind: KIND.to_owned(),
        version: 1,
        body,
    };
    journal::append_to(tx, id, Head::NONE, &[entry]).map(|_| ())
}

/// Kind of the journal's row.
const KIND: &str = "batch_done";
