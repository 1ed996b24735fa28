//! Table `journal`: events of every stream, each stream a hash chain, all under one number.

use crate::bounds;
use crate::envelope::{self, Broken, Envelope, GENESIS, Hash, Walk};
use crate::error::StoreError;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use std::collections::HashMap;
use uuid::Uuid;

const ADD: Statement = Statement {
    name: "journal_add",
    // The number is the engine's: one more than the last, since rows are never taken away.
    sql: "INSERT INTO journal (stream, seq, at, by, on_behalf_of, unit, kind, version, body,
                               prev_hash, hash)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
};
const HEAD: Statement = Statement {
    name: "journal_head",
    sql: "SELECT seq, hash FROM journal WHERE stream = $1 ORDER BY seq DESC LIMIT 1",
};
const BY_STREAM: Statement = Statement {
    name: "journal_by_stream",
    sql: "SELECT number, stream, seq, at, by, on_behalf_of, unit, kind, version, body, prev_hash,
                 hash
          FROM journal WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3",
};
const AFTER: Statement = Statement {
    name: "journal_after",
    sql: "SELECT number, stream, seq, at, by, on_behalf_of, unit, kind, version, body, prev_hash,
                 hash
          FROM journal WHERE number > $1 ORDER BY number LIMIT $2",
};
const LAST: Statement =
    Statement { name: "journal_last", sql: "SELECT coalesce(max(number), 0) FROM journal" };

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[ADD, HEAD, BY_STREAM, AFTER, LAST]
}

/// An event to be recorded; its place, link and hash come from the journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// When, in milliseconds UTC.
    pub at_ms: i64,
    /// Who: an account id, `citizen`, or `system:<job>`.
    pub by: String,
    /// In whose stead.
    pub on_behalf_of: Option<String>,
    /// For which unit.
    pub unit: Option<String>,
    /// Kind of event.
    pub kind: String,
    /// Version of the kind.
    pub version: u16,
    /// Body as JSON text, without particulars of people.
    pub body: String,
}

/// The last row of a stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// Its place; 0 for a stream without rows.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
}

impl Head {
    /// That of a stream without rows.
    pub const NONE: Self = Self { seq: 0, hash: GENESIS };
}

/// A row that was just added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Added {
    /// Its number among all rows of all streams.
    pub number: u64,
    /// Its place and hash: the head of its stream now.
    pub head: Head,
}

/// A recorded row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// Its number among all rows of all streams.
    pub number: u64,
    /// What was hashed.
    pub envelope: Envelope,
    /// The hash stored beside it.
    pub hash: Hash,
}

/// The head of a stream: seq 0 if it has no rows.
///
/// # Errors
/// What the engine says.
pub fn head(query: &mut impl Query, stream: Uuid) -> Result<Head, StoreError> {
    let found = query.optional(&HEAD, values![stream], |row| {
        Ok(Head { seq: row.count(0)?, hash: row.array(1)? })
    })?;
    Ok(found.unwrap_or(Head::NONE))
}

/// Appends events to a stream whose last row is expected at `expected` (0: a new stream).
///
/// # Errors
/// `Conflict` if somebody else appended in the meantime; `TooLarge` for a body.
pub fn append(
    tx: &mut Tx<'_>,
    stream: Uuid,
    expected: u64,
    entries: &[Entry],
) -> Result<Vec<Added>, StoreError> {
    let head = head(tx, stream)?;
    if head.seq != expected {
        return Err(StoreError::Conflict { expected, found: head.seq });
    }
    append_to(tx, stream, head, entries)
}

/// Appends events to a stream whose head the caller has read in this unit of work, beside the
/// state that the events were decided on.
///
/// # Errors
/// `Constraint` if the head is not the last row; `TooLarge` for a body.
pub(crate) fn append_to(
    tx: &mut Tx<'_>,
    stream: Uuid,
    mut head: Head,
    entries: &[Entry],
) -> Result<Vec<Added>, StoreError> {
    let mut added = Vec::with_capacity(entries.len());
    for entry in entries {
        let row = append_one(tx, stream, head, entry)?;
        head = row.head;
        added.push(row);
    }
    Ok(added)
}

fn append_one(
    tx: &mut Tx<'_>,
    stream: Uuid,
    head: Head,
    entry: &Entry,
) -> Result<Added, StoreError> {
    if entry.body.len() > bounds::BODY_BYTES_MAX {
        let what = "journal body";
        return Err(StoreError::TooLarge { what, max: bounds::BODY_BYTES_MAX });
    }
    let row = envelope::Row {
        stream: *stream.as_bytes(),
        seq: head.seq + 1,
        at_ms: entry.at_ms,
        by: &entry.by,
        on_behalf_of: entry.on_behalf_of.as_deref(),
        unit: entry.unit.as_deref(),
        kind: &entry.kind,
        version: entry.version,
        body: &entry.body,
        prev_hash: head.hash,
    };
    let hash = row.hash();
    let values = values![
        stream,
        row.seq,
        row.at_ms,
        row.by,
        row.on_behalf_of,
        row.unit,
        row.kind,
        row.version,
        row.body,
        row.prev_hash,
        hash,
    ];
    let number = tx.add_numbered(&ADD, values)?;
    Ok(Added { number, head: Head { seq: row.seq, hash } })
}

fn recorded(row: &Row<'_>) -> Result<Recorded, StoreError> {
    let version = u16::try_from(row.int(8)?)
        .map_err(|_| StoreError::Column { column: 8, expected: "a version" })?;
    let envelope = Envelope {
        stream: row.array(1)?,
        seq: row.count(2)?,
        at_ms: row.int(3)?,
        by: row.text(4)?,
        on_behalf_of: row.opt_text(5)?,
        unit: row.opt_text(6)?,
        kind: row.text(7)?,
        version,
        body: row.text(9)?,
        prev_hash: row.array(10)?,
    };
    Ok(Recorded { number: row.count(0)?, envelope, hash: row.array(11)? })
}

/// The rows of a stream after a place, in order, at most `WALK_PAGE`.
///
/// # Errors
/// What the engine says.
pub fn by_stream(
    query: &mut impl Query,
    stream: Uuid,
    after_seq: u64,
) -> Result<Vec<Recorded>, StoreError> {
    query.query(&BY_STREAM, values![stream, after_seq, bounds::WALK_PAGE], recorded)
}

/// All rows after a number, in order, at most `WALK_PAGE`: the page of a walk over everything.
///
/// # Errors
/// What the engine says.
pub fn after(query: &mut impl Query, number: u64) -> Result<Vec<Recorded>, StoreError> {
    query.query(&AFTER, values![number, bounds::WALK_PAGE], recorded)
}

/// The number of the last row, 0 if there is none.
///
/// # Errors
/// What the engine says.
pub fn last_number(query: &mut impl Query) -> Result<u64, StoreError> {
    query.one(&LAST, &[], |row| row.count(0))
}

/// What a walk over the whole journal found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// Rows that hold.
    pub rows: u64,
    /// The head of every stream, to be compared with rows kept elsewhere.
    pub heads: HashMap<[u8; 16], Head>,
    /// The first row that does not hold, if any; nothing after it was looked at.
    pub first_bad: Option<BadRow>,
}

/// A row of the journal that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadRow {
    /// Its number.
    pub number: u64,
    /// Its stream, unless the row is missing or cannot be read.
    pub stream: Option<Uuid>,
    /// What is wrong.
    pub reason: BadReason,
}

/// What is wrong with a row.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadReason {
    /// No row has this number although later ones exist.
    #[error("the row is missing")]
    Missing,
    /// It does not fit into its stream, or its content was changed.
    #[error("{0}")]
    Chain(#[from] Broken),
    /// A column does not hold what it must.
    #[error("column {column} does not hold {expected}")]
    Column {
        /// The column, from 0.
        column: usize,
        /// What it must hold.
        expected: &'static str,
    },
}

/// A walk over the whole journal, a page at a time, so that no single read lasts long.
#[derive(Debug, Default)]
pub struct Check {
    walks: HashMap<[u8; 16], Walk>,
    rows: u64,
    last: u64,
    first_bad: Option<BadRow>,
}

impl Check {
    /// Looks at one more page. `false` at the end, or behind the first row that does not hold.
    ///
    /// # Errors
    /// What the engine says.
    pub fn step(&mut self, query: &mut impl Query) -> Result<bool, StoreError> {
        if self.first_bad.is_some() {
            return Ok(false);
        }
        let page = query.query(&AFTER, values![self.last, bounds::WALK_PAGE], |row| {
            Ok((row.count(0)?, recorded(row)))
        })?;
        let more = !page.is_empty();
        for (number, row) in page {
            if let Err(bad) = check_row(&mut self.walks, self.last, number, row)? {
                self.first_bad = Some(bad);
                return Ok(false);
            }
            self.rows += 1;
            self.last = number;
        }
        Ok(more)
    }

    /// What was found.
    #[must_use]
    pub fn found(self) -> Checked {
        let heads = heads(&self.walks);
        Checked { rows: self.rows, heads, first_bad: self.first_bad }
    }
}

/// Walks the whole journal in the order of numbers and checks every chain. Rows cut off at the end
/// of a stream are found by comparing the heads with the case rows or with heads kept outside.
///
/// # Errors
/// What the engine says; damage to rows is part of the answer.
pub fn check(query: &mut impl Query) -> Result<Checked, StoreError> {
    let mut check = Check::default();
    while check.step(query)? {}
    Ok(check.found())
}

/// The inner result is the row's, the outer one the engine's.
fn check_row(
    walks: &mut HashMap<[u8; 16], Walk>,
    last: u64,
    number: u64,
    row: Result<Recorded, StoreError>,
) -> Result<Result<(), BadRow>, StoreError> {
    if number != last + 1 {
        let reason = BadReason::Missing;
        return Ok(Err(BadRow { number: last + 1, stream: None, reason }));
    }
    let row = match row {
        Ok(row) => row,
        Err(StoreError::Column { column, expected }) => {
            let reason = BadReason::Column { column, expected };
            return Ok(Err(BadRow { number, stream: None, reason }));
        }
        Err(error) => return Err(error),
    };
    let walk = walks.entry(row.envelope.stream).or_default();
    Ok(walk.next(&row.envelope, &row.hash).map_err(|broken| BadRow {
        number,
        stream: Some(Uuid::from_bytes(row.envelope.stream)),
        reason: broken.into(),
    }))
}

fn heads(walks: &HashMap<[u8; 16], Walk>) -> HashMap<[u8; 16], Head> {
    let head = |walk: &Walk| {
        let (seq, hash) = walk.head();
        Head { seq, hash }
    };
    walks.iter().map(|(stream, walk)| (*stream, head(walk))).collect()
}
