//! The rows of a case: state, events, work, parties and words.

use super::CaseError;
use crate::StoreError;
use crate::journal;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use kernel::access;
use kernel::case::{Case, Event, WorkItem};
use kernel::ids::UnitId;
use uuid::Uuid;

/// Where the worklist puts what has no date: last.
pub(super) const NO_DATE: i64 = i64::MAX;
/// Bytes by which the text of a state grows.
const STATE_STEP: usize = 64;
/// The pseudo-unit under which those who may see everything search.
pub(super) const EVERYONE: &str = "*";

/// The pseudo-unit under which those who watch a province list and search. No unit's key starts
/// like it, so a committee whose key is the province's does not come in by it.
pub(super) fn watchers_of(province: &UnitId) -> String {
    format!("*{province}")
}

/// The keys under which a case is listed: the units that take part, and the province's watchers.
pub(super) fn listed_under(case: &Case) -> Vec<String> {
    let mut keys: Vec<String> = access::parties(case).into_iter().map(|unit| unit.0).collect();
    keys.push(watchers_of(&case.province));
    keys
}

macro_rules! case_columns {
    ($tail:literal) => {
        concat!("SELECT number, seq, head, state FROM case_file ", $tail)
    };
}

pub(super) const BY_ID: Statement =
    Statement { name: "case_by_id", sql: case_columns!("WHERE id = $1") };
const BY_NUMBER: Statement =
    Statement { name: "case_by_number", sql: case_columns!("WHERE number = $1") };
const BY_CODE: Statement =
    Statement { name: "case_by_code", sql: case_columns!("WHERE code = $1") };
const BY_TRACKING: Statement =
    Statement { name: "case_by_tracking", sql: case_columns!("WHERE tracking = $1") };
pub(super) const AFTER: Statement = Statement {
    name: "cases_after",
    sql: case_columns!("WHERE number > $1 ORDER BY number LIMIT $2"),
};
const ADD: Statement = Statement {
    name: "case_add",
    sql: "INSERT INTO case_file (number, id, seq, head, business, procedure, desk, code, tracking, \
          subject_id, submitted_at, changed_at, state) \
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
};
const CHANGE: Statement = Statement {
    name: "case_change",
    sql: "UPDATE case_file SET seq = $1, head = $2, business = $3, changed_at = $4, state = $5 \
          WHERE number = $6 AND seq = $7",
};
/// Apart from the rest, because it has an index that every other act leaves alone.
const CODE: Statement =
    Statement { name: "case_code", sql: "UPDATE case_file SET code = $1 WHERE number = $2" };
const WORK_DROP: Statement =
    Statement { name: "work_drop", sql: "DELETE FROM work WHERE case_number = $1" };
const WORK_ADD: Statement = Statement {
    name: "work_add",
    sql: "INSERT INTO work (case_number, slot, unit, role, bucket, holder, task, due_sort, since) \
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
};
pub(super) const WORK_OF: Statement = Statement {
    name: "work_of_case",
    sql: "SELECT slot, unit, role, bucket, holder, task, due_sort, since FROM work \
          WHERE case_number = $1 ORDER BY slot",
};
pub(super) const COLUMNS_OF: Statement = Statement {
    name: "case_columns",
    sql: "SELECT business, procedure, desk, code, tracking, subject_id, submitted_at \
          FROM case_file WHERE number = $1",
};
pub(super) const HAS_PARTY: Statement = Statement {
    name: "case_has_party",
    sql: "SELECT 1 FROM case_party WHERE unit = $1 AND case_number = $2",
};
const PARTY_ADD: Statement = Statement {
    name: "case_party_add",
    sql: "INSERT INTO case_party (unit, case_number) VALUES ($1, $2) ON CONFLICT DO NOTHING",
};
const PARTY_DROP: Statement = Statement {
    name: "case_party_drop",
    sql: "DELETE FROM case_party WHERE unit = $1 AND case_number = $2",
};
const WORD_ADD: Statement = Statement {
    name: "case_word_add",
    sql: "INSERT INTO case_word (unit, word, case_number) VALUES ($1, $2, $3) \
          ON CONFLICT DO NOTHING",
};
pub(super) const COUNTER: Statement = Statement {
    name: "desk_counter_next",
    sql: "INSERT INTO desk_counter (desk, day, last) VALUES ($1, $2, 1) \
          ON CONFLICT (desk, day) DO UPDATE SET last = desk_counter.last + 1 RETURNING last",
};

/// Every statement of the cases.
#[must_use]
pub fn statements() -> Vec<Statement> {
    let mut all = vec![
        BY_ID,
        BY_NUMBER,
        BY_CODE,
        BY_TRACKING,
        AFTER,
        ADD,
        CHANGE,
        CODE,
        WORK_DROP,
        WORK_ADD,
        WORK_OF,
        PARTY_ADD,
        PARTY_DROP,
        WORD_ADD,
        COUNTER,
        COLUMNS_OF,
        HAS_PARTY,
    ];
    all.extend(super::worklist::statements());
    all.extend(super::erase::statements());
    all.extend(super::filtered::statements());
    all.extend(super::search::statements());
    all.extend(super::beside::statements());
    all.extend(super::running::statements());
    all
}

/// A case as it is stored.
#[derive(Clone, PartialEq, Debug)]
pub struct Stored {
    /// Its number in order of submission; not shown to anybody.
    pub number: u64,
    /// Hash of its last journal row.
    pub head: [u8; 32],
    /// Its state.
    pub case: Case,
}

impl Stored {
    /// Checks that the place of the journal which a person saw still shows what counts: what only
    /// told an outside system does not.
    ///
    /// # Errors
    /// [`CaseError::Changed`] when somebody acted in between.
    pub fn unchanged_since(&self, seen: u64) -> Result<(), CaseError> {
        if (self.case.page_seq..=self.case.seq).contains(&seen) {
            return Ok(());
        }
        Err(CaseError::Changed { expected: seen, found: self.case.seq })
    }
}

pub(super) fn stored(row: &Row<'_>) -> Result<Stored, StoreError> {
    let state = row.text(3)?;
    let case: Case = serde_json::from_str(&state)
        .map_err(|e| StoreError::Corrupt(format!("case row {}: {e}", row.count(0).unwrap_or(0))))?;
    Ok(Stored { number: row.count(0)?, head: row.array(2)?, case })
}

/// A case by id.
///
/// # Errors
/// What the engine says; `Corrupt` for a state that cannot be read.
pub fn by_id(query: &mut impl Query, id: Uuid) -> Result<Option<Stored>, StoreError> {
    if let Some(known) = query.remembered::<Stored>(id) {
        return Ok(Some(Stored::clone(&known)));
    }
    query.optional(&BY_ID, values![id], stored)
}

/// A case for an act that changes it: what the writer remembers is given away, since the act keeps
/// the new state. A refused act costs one reading more the next time.
pub(super) fn to_change(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Stored>, StoreError> {
    match tx.take_remembered::<Stored>(id) {
        Some(known) => Ok(Some(known)),
        None => by_id(tx, id),
    }
}

/// A case by its internal number.
///
/// # Errors
/// As [`by_id`].
pub fn by_number(query: &mut impl Query, number: u64) -> Result<Option<Stored>, StoreError> {
    query.optional(&BY_NUMBER, values![number], stored)
}

/// Cases after a place, in order of submission: for walks over all of them.
///
/// # Errors
/// As [`by_id`].
pub fn page_after(
    query: &mut impl Query,
    after: u64,
    limit: u32,
) -> Result<Vec<Stored>, StoreError> {
    query.query(&AFTER, values![after, limit], stored)
}

/// A case by code.
///
/// # Errors
/// As [`by_id`].
pub fn by_code(query: &mut impl Query, code: &str) -> Result<Option<Stored>, StoreError> {
    query.optional(&BY_CODE, values![code], stored)
}

/// A case by tracking number.
///
/// # Errors
/// As [`by_id`].
pub fn by_tracking(query: &mut impl Query, tracking: &str) -> Result<Option<Stored>, StoreError> {
    query.optional(&BY_TRACKING, values![tracking], stored)
}

/// One entry of a case's history.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Place in the stream.
    pub seq: u64,
    /// When it was recorded, milliseconds UTC.
    pub at_ms: i64,
    /// Who.
    pub by: String,
    /// In whose stead.
    pub on_behalf_of: Option<String>,
    /// For which unit.
    pub unit: Option<String>,
    /// What.
    pub event: Event,
}

/// The history of a case, oldest first.
///
/// # Errors
/// `Corrupt` for a body that cannot be read.
pub fn history(query: &mut impl Query, id: Uuid) -> Result<Vec<Entry>, StoreError> {
    let mut entries = Vec::new();
    let mut after = 0;
    loop {
        let page = journal::by_stream(query, id, after)?;
        let Some(last) = page.last() else { return Ok(entries) };
        after = last.envelope.seq;
        for row in page {
            let event = serde_json::from_str(&row.envelope.body)
                .map_err(|e| StoreError::Corrupt(format!("journal row {}: {e}", row.number)))?;
            let envelope = row.envelope;
            entries.push(Entry {
                seq: envelope.seq,
                at_ms: envelope.at_ms,
                by: envelope.by,
                on_behalf_of: envelope.on_behalf_of,
                unit: envelope.unit,
                event,
            });
        }
    }
}

/// The state as JSON, filled up with blanks: a row that keeps its length is overwritten where it
/// stands, and its neighbours are not moved from page to page.
fn state_of(case: &Case) -> Result<String, StoreError> {
    let mut text = serde_json::to_string(case).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let whole = text.len().next_multiple_of(STATE_STEP);
    text.extend(std::iter::repeat_n(' ', whole - text.len()));
    Ok(text)
}

/// Adds the row of a new case; its number is that of its first journal row.
pub(super) fn add(
    tx: &mut Tx<'_>,
    number: u64,
    head: [u8; 32],
    case: &Case,
    at_ms: i64,
) -> Result<(), StoreError> {
    let row = values![
        number,
        case.id.0,
        case.seq,
        head,
        case.business.as_str(),
        case.procedure.as_str(),
        case.desk.as_str(),
        case.code.as_deref(),
        &case.tracking,
        case.subject.0,
        case.submitted_at.0,
        at_ms,
        state_of(case)?,
    ];
    tx.execute_one(&ADD, row)
}

/// Follows a change of who takes part: keys that came and keys that went, with their words.
pub(super) fn rejoin(
    tx: &mut Tx<'_>,
    number: u64,
    before: &[String],
    case: &Case,
) -> Result<(), StoreError> {
    let now = listed_under(case);
    if now == before {
        return Ok(());
    }
    let words = super::erase::words_of(tx, case)?;
    for key in now.iter().filter(|key| !before.contains(key)) {
        tx.execute(&PARTY_ADD, values![key, number])?;
        for word in &words {
            tx.execute(&WORD_ADD, values![key, word, number])?;
        }
    }
    for key in before.iter().filter(|key| !now.contains(key)) {
        tx.execute(&PARTY_DROP, values![key, number])?;
        for word in &words {
            tx.execute(&super::erase::WORD_DROP, values![key, word, number])?;
        }
    }
    Ok(())
}

/// What a case's row held before an act.
pub(super) struct Before {
    pub(super) number: u64,
    pub(super) seq: u64,
    pub(super) code: Option<String>,
}

/// Writes the state of a case after an act.
pub(super) fn change(
    tx: &mut Tx<'_>,
    before: &Before,
    head: [u8; 32],
    case: &Case,
    at_ms: i64,
) -> Result<(), StoreError> {
    let row = values![
        case.seq,
        head,
        case.business.as_str(),
        at_ms,
        state_of(case)?,
        before.number,
        before.seq,
    ];
    tx.execute_one(&CHANGE, row)?;
    if before.code != case.code {
        tx.execute_one(&CODE, values![case.code.as_deref(), before.number])?;
    }
    tx.remember(case.id.0, Stored { number: before.number, head, case: case.clone() });
    Ok(())
}

/// Replaces the work rows of a case if they changed.
pub(super) fn write_work(
    tx: &mut Tx<'_>,
    number: u64,
    before: &[WorkItem],
    now: &[WorkItem],
) -> Result<(), StoreError> {
    if before == now {
        return Ok(());
    }
    if !before.is_empty() {
        tx.execute(&WORK_DROP, values![number])?;
    }
    for item in now {
        let row = values![
            number,
            item.slot,
            item.unit.as_str(),
            item.role.as_str(),
            item.bucket.as_str(),
            item.holder.as_ref().map(|h| h.as_str()),
            &item.task,
            item.due_at.map_or(NO_DATE, |due| due.0),
            item.since.0,
        ];
        tx.execute_one(&WORK_ADD, row)?;
    }
    Ok(())
}

/// Writes who takes part, and the folded words by which they find the case.
pub(super) fn write_parties(
    tx: &mut Tx<'_>,
    number: u64,
    case: &Case,
    words: &[String],
) -> Result<(), StoreError> {
    for key in listed_under(case) {
        tx.execute(&PARTY_ADD, values![&key, number])?;
        for word in words {
            tx.execute(&WORD_ADD, values![&key, word, number])?;
        }
    }
    for word in words {
        tx.execute(&WORD_ADD, values![EVERYONE, word, number])?;
    }
    Ok(())
}
