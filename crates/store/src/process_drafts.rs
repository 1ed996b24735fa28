//! Table `process_draft`: processes that officials are writing. A save names the revision that it
//! was made from, so that nobody overwrites what another saved in the meantime. Table
//! `process_draft_past`: the files before the last edits, so that these can be taken back.

use crate::bounds;
use crate::error::StoreError;
use crate::process_trials;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use process::Problem;
use uuid::Uuid;

const ADD: Statement = Statement {
    name: "process_draft_add",
    sql: "INSERT INTO process_draft (id, name, title, base_version, xml, findings, author,
                                     changed_by, revision, created_at, updated_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1, $8, $8)",
};
const BY_ID: Statement = Statement {
    name: "process_draft_by_id",
    sql: "SELECT id, name, title, base_version, author, changed_by, revision, created_at,
                 updated_at, xml, findings
          FROM process_draft WHERE id = $1",
};
const LIST: Statement = Statement {
    name: "process_drafts",
    sql: "SELECT id, name, title, base_version, author, changed_by, revision, created_at,
                 updated_at
          FROM process_draft ORDER BY updated_at DESC, id DESC LIMIT $1",
};
const COUNT: Statement =
    Statement { name: "process_draft_count", sql: "SELECT count(*) FROM process_draft" };
const SAVE: Statement = Statement {
    name: "process_draft_save",
    sql: "UPDATE process_draft SET title = $1, base_version = $2, xml = $3, findings = $4,
                                   changed_by = $5, updated_at = $6, revision = revision + 1
          WHERE id = $7 AND revision = $8",
};
const DELETE: Statement = Statement {
    name: "process_draft_delete",
    sql: "DELETE FROM process_draft WHERE id = $1 AND revision = $2",
};

const PAST_ADD: Statement = Statement {
    name: "process_draft_past_add",
    sql: "INSERT INTO process_draft_past (draft_id, revision, xml, told, changed_by, changed_at)
          SELECT id, revision, xml, $1, $2, $3 FROM process_draft
          WHERE id = $4 AND revision = $5",
};
const PAST_TRIM: Statement = Statement {
    name: "process_draft_past_trim",
    sql: "DELETE FROM process_draft_past WHERE draft_id = $1 AND revision <= $2",
};
const PAST_DROP: Statement = Statement {
    name: "process_draft_past_drop",
    sql: "DELETE FROM process_draft_past WHERE draft_id = $1 AND revision >= $2",
};
const PAST: Statement = Statement {
    name: "process_draft_past",
    sql: "SELECT revision, told, changed_by, changed_at, xml FROM process_draft_past
          WHERE draft_id = $1 ORDER BY revision DESC LIMIT $2",
};
const PAST_AT: Statement = Statement {
    name: "process_draft_past_at",
    sql: "SELECT revision, told, changed_by, changed_at, xml FROM process_draft_past
          WHERE draft_id = $1 AND revision >= $2 ORDER BY revision LIMIT 1",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[ADD, BY_ID, LIST, COUNT, SAVE, DELETE, PAST_ADD, PAST_TRIM, PAST_DROP, PAST, PAST_AT]
}

/// What a draft was before one edit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Past {
    /// The revision that the edit was made from.
    pub revision: u64,
    /// The edit as JSON text of the caller.
    pub told: String,
    /// Account of whoever made the edit.
    pub changed_by: String,
    /// When, milliseconds UTC.
    pub changed_at_ms: i64,
    /// The file before it.
    pub xml: String,
}

fn past_row(row: &Row<'_>) -> Result<Past, StoreError> {
    Ok(Past {
        revision: row.count(0)?,
        told: row.text(1)?,
        changed_by: row.text(2)?,
        changed_at_ms: row.int(3)?,
        xml: row.text(4)?,
    })
}

/// The last edits of a draft that can be taken back, newest first.
///
/// # Errors
/// What the engine says.
pub fn past(query: &mut impl Query, id: Uuid) -> Result<Vec<Past>, StoreError> {
    query.query(&PAST, values![id, bounds::PROCESS_DRAFT_PAST_MAX], past_row)
}

/// The draft as it was at a revision, or at the next one that is still kept.
///
/// # Errors
/// What the engine says.
pub fn past_at(
    query: &mut impl Query,
    id: Uuid,
    revision: u64,
) -> Result<Option<Past>, StoreError> {
    query.optional(&PAST_AT, values![id, revision], past_row)
}

/// Keeps the file of a draft as it is now, before an edit made from `revision` is saved. `told` is
/// the edit as JSON text.
///
/// # Errors
/// `Changed` or `NotFound`: then nothing was kept.
pub fn keep_past(
    tx: &mut Tx<'_>,
    id: Uuid,
    revision: u64,
    told: &str,
    (by, now_ms): (&str, i64),
) -> Result<(), DraftError> {
    measured("edit of a process", told.len(), bounds::PROCESS_DRAFT_BYTES_MAX)?;
    if tx.execute(&PAST_ADD, values![told, by, now_ms, id, revision])? != 1 {
        return Err(changed(tx, id, revision));
    }
    let old = revision.saturating_sub(u64::from(bounds::PROCESS_DRAFT_PAST_MAX));
    tx.execute(&PAST_TRIM, values![id, old])?;
    Ok(())
}

/// Forgets the edits made from this revision and later ones: they were taken back.
///
/// # Errors
/// What the engine says.
pub fn drop_past(tx: &mut Tx<'_>, id: Uuid, revision: u64) -> Result<(), StoreError> {
    tx.execute(&PAST_DROP, values![id, revision]).map(drop)
}

/// What an official writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Content {
    /// Title for people.
    pub title: String,
    /// The published version that it was made from; `None` for a new process.
    pub base_version: Option<u32>,
    /// The BPMN file.
    pub xml: String,
    /// What the last check found.
    pub findings: Vec<Problem>,
}

/// A draft in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its random id.
    pub id: Uuid,
    /// Name of the process that it will be published as.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// The published version that it was made from; `None` for a new process.
    pub base_version: Option<u32>,
    /// Who began it, as the journal writes actors.
    pub author: String,
    /// Who saved it last.
    pub changed_by: String,
    /// Counts its saves, from 1.
    pub revision: u64,
    /// When it was begun, milliseconds UTC.
    pub created_at_ms: i64,
    /// When it was saved last.
    pub updated_at_ms: i64,
}

/// A draft.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProcessDraft {
    /// What a list shows of it.
    pub head: Listed,
    /// The BPMN file.
    pub xml: String,
    /// What the last check found.
    pub findings: Vec<Problem>,
}

/// Why a draft was not kept.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DraftError {
    /// There is no such draft: never, or not any more.
    #[error("no such draft")]
    NotFound,
    /// Somebody else saved it in the meantime; nothing of theirs was overwritten.
    #[error("the draft is at revision {found}, not at {expected}")]
    Changed {
        /// The revision that the save was made from.
        expected: u64,
        /// The revision that it has.
        found: u64,
    },
    /// There are as many drafts as there may be.
    #[error("there are {max} drafts already, delete one first")]
    Many {
        /// How many there may be.
        max: u32,
    },
    /// The store; `TooLarge` for a file, title or name that is too long.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn measured(what: &'static str, length: usize, max: usize) -> Result<(), StoreError> {
    if length > max { Err(StoreError::TooLarge { what, max }) } else { Ok(()) }
}

/// Checks the lengths and gives the findings as JSON text.
fn checked(content: &Content) -> Result<String, StoreError> {
    let (chars, xml) = (content.title.chars().count(), content.xml.len());
    measured("title of a process", chars, bounds::PROCESS_TITLE_CHARS_MAX)?;
    measured("process draft", xml, bounds::PROCESS_DRAFT_BYTES_MAX)?;
    serde_json::to_string(&content.findings).map_err(|e| StoreError::Corrupt(e.to_string()))
}

/// Begins a draft under an id that the caller drew; its revision is 1.
///
/// # Errors
/// Too many drafts, or too long a text.
pub fn create(
    tx: &mut Tx<'_>,
    id: Uuid,
    name: &str,
    content: &Content,
    author: &str,
    now_ms: i64,
) -> Result<(), DraftError> {
    measured("name of a process", name.len(), process::limits::KEY_BYTES)?;
    let findings = checked(content)?;
    let max = bounds::PROCESS_DRAFTS_MAX;
    if tx.one(&COUNT, &[], |row| row.count(0))? >= u64::from(max) {
        return Err(DraftError::Many { max });
    }
    let base = content.base_version;
    let row = values![id, name, &content.title, base, &content.xml, findings, author, now_ms];
    Ok(tx.execute_one(&ADD, row)?)
}

fn listed(row: &Row<'_>) -> Result<Listed, StoreError> {
    let bad = |_| StoreError::Column { column: 3, expected: "a version" };
    Ok(Listed {
        id: row.uuid(0)?,
        name: row.text(1)?,
        title: row.text(2)?,
        base_version: row.opt_int(3)?.map(u32::try_from).transpose().map_err(bad)?,
        author: row.text(4)?,
        changed_by: row.text(5)?,
        revision: row.count(6)?,
        created_at_ms: row.int(7)?,
        updated_at_ms: row.int(8)?,
    })
}

/// A draft with its file.
///
/// # Errors
/// What the engine says; `Corrupt` for findings that cannot be read.
pub fn by_id(query: &mut impl Query, id: Uuid) -> Result<Option<ProcessDraft>, StoreError> {
    query.optional(&BY_ID, values![id], |row| {
        let findings = serde_json::from_str(&row.text(10)?)
            .map_err(|e| StoreError::Corrupt(format!("process_draft {id}: {e}")))?;
        Ok(ProcessDraft { head: listed(row)?, xml: row.text(9)?, findings })
    })
}

/// All drafts without their files, the last saved first.
///
/// # Errors
/// What the engine says.
pub fn list(query: &mut impl Query) -> Result<Vec<Listed>, StoreError> {
    query.query(&LIST, values![bounds::PROCESS_DRAFTS_MAX], listed)
}

/// Why nothing was touched: the draft is gone, or at another revision.
fn changed(query: &mut impl Query, id: Uuid, expected: u64) -> DraftError {
    match query.optional(&BY_ID, values![id], listed) {
        Ok(None) => DraftError::NotFound,
        Ok(Some(draft)) => DraftError::Changed { expected, found: draft.revision },
        Err(error) => DraftError::Store(error),
    }
}

/// Saves a draft that was read at `revision`; gives the new revision.
///
/// # Errors
/// `Changed` if somebody saved it in the meantime, `NotFound`, or too long a text.
pub fn save(
    tx: &mut Tx<'_>,
    id: Uuid,
    revision: u64,
    content: &Content,
    by: &str,
    now_ms: i64,
) -> Result<u64, DraftError> {
    let findings = checked(content)?;
    let base = content.base_version;
    let row = values![&content.title, base, &content.xml, findings, by, now_ms, id, revision];
    if tx.execute(&SAVE, row)? == 1 { Ok(revision + 1) } else { Err(changed(tx, id, revision)) }
}

/// Deletes a draft that was read at `revision`.
///
/// # Errors
/// `Changed` if somebody saved it in the meantime, or `NotFound`.
pub fn delete(tx: &mut Tx<'_>, id: Uuid, revision: u64) -> Result<(), DraftError> {
    if tx.execute(&DELETE, values![id, revision])? != 1 {
        return Err(changed(tx, id, revision));
    }
    process_trials::drop_all(tx, id)?;
    Ok(drop_past(tx, id, 0)?)
}
