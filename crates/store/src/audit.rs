//! Table `access_record`: who looked at what. Appended before the answer goes out, one record for a
//! list or search; hash-chained, never changed.

use crate::bounds;
use crate::error::StoreError;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const LAST: Statement = Statement {
    name: "access_record_last",
    sql: "SELECT number, hash FROM access_record ORDER BY number DESC LIMIT 1",
};
const ADD: Statement = Statement {
    name: "access_record_add",
    sql: "INSERT INTO access_record (number, at, actor, act, case_id, filter, ids, ids_hash, count,
                                     prev_hash, hash)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
};
const AFTER: Statement = Statement {
    name: "access_records_after",
    sql: "SELECT number, at, actor, act, case_id, filter, ids, ids_hash, count, prev_hash, hash
          FROM access_record WHERE number > $1 ORDER BY number LIMIT $2",
};
const BY_CASE: Statement = Statement {
    name: "access_records_by_case",
    sql: "SELECT number, at, actor, act, case_id, filter, ids, ids_hash, count, prev_hash, hash
          FROM access_record WHERE case_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
};
const BY_ACTOR: Statement = Statement {
    name: "access_records_by_actor",
    sql: "SELECT number, at, actor, act, case_id, filter, ids, ids_hash, count, prev_hash, hash
          FROM access_record WHERE actor = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[LAST, ADD, AFTER, BY_CASE, BY_ACTOR]
}

/// One access to be recorded.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Access {
    /// When, in milliseconds UTC.
    pub at_ms: i64,
    /// Who: an account id, or what stands for a citizen.
    pub actor: String,
    /// What was done: `open`, `unmask`, `export`, `search`, …
    pub act: String,
    /// The case, if it was one.
    pub case_id: Option<Uuid>,
    /// The filter of a list or search as JSON text. Records are never erased, so names and numbers
    /// of people go in as keyed digests, not as text.
    pub filter: Option<String>,
    /// The ids that were shown.
    pub ids: Vec<Uuid>,
}

/// One access as it was recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessRecord {
    /// Its number, from 1 without gaps.
    pub number: u64,
    /// What was recorded; `ids` is empty if there were more than `AUDIT_IDS_MAX`.
    pub access: Access,
    /// SHA-256 over all ids, in their order.
    pub ids_hash: [u8; 32],
    /// How many ids there were.
    pub count: u64,
    /// Hash of the record before it.
    pub prev_hash: [u8; 32],
    /// Its own hash.
    pub hash: [u8; 32],
}

impl AccessRecord {
    /// SHA-256 over all fields, each with its length before it.
    #[must_use]
    pub fn computed_hash(&self) -> [u8; 32] {
        let access = &self.access;
        let mut sha = Sha256::new();
        let mut part = |bytes: &[u8]| {
            sha.update((bytes.len() as u64).to_be_bytes());
            sha.update(bytes);
        };
        part(b"motcua.access.1");
        part(&self.number.to_be_bytes());
        part(&access.at_ms.to_be_bytes());
        part(access.actor.as_bytes());
        part(access.act.as_bytes());
        part(access.case_id.as_ref().map_or(&[], |id| id.as_bytes()));
        part(if access.filter.is_some() { b"1" } else { b"0" });
        part(access.filter.as_deref().unwrap_or_default().as_bytes());
        part(joined(&access.ids).as_bytes());
        part(&self.ids_hash);
        part(&self.count.to_be_bytes());
        part(&self.prev_hash);
        sha.finalize().into()
    }
}

fn joined(ids: &[Uuid]) -> String {
    ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(" ")
}

/// Records an access, in a unit of work that commits before the answer goes out.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn record(tx: &mut Tx<'_>, access: &Access) -> Result<AccessRecord, StoreError> {
    let last = tx.optional(&LAST, &[], |row| Ok((row.count(0)?, row.array(1)?)))?;
    let (last, prev_hash) = last.unwrap_or((0, [0; 32]));
    let mut sha = Sha256::new();
    access.ids.iter().for_each(|id| sha.update(id.as_bytes()));
    let mut record = AccessRecord {
        number: last + 1,
        count: access.ids.len() as u64,
        access: access.clone(),
        ids_hash: sha.finalize().into(),
        prev_hash,
        hash: [0; 32],
    };
    if access.ids.len() > bounds::AUDIT_IDS_MAX {
        record.access.ids.clear();
    }
    record.hash = record.computed_hash();
    let ids = (!record.access.ids.is_empty()).then(|| joined(&record.access.ids));
    let row = values![
        record.number,
        access.at_ms,
        &access.actor,
        &access.act,
        access.case_id,
        access.filter.as_deref(),
        ids,
        record.ids_hash,
        record.count,
        record.prev_hash,
        record.hash,
    ];
    tx.execute_one(&ADD, row)?;
    Ok(record)
}

fn found(row: &Row<'_>) -> Result<AccessRecord, StoreError> {
    let bad = || StoreError::Column { column: 6, expected: "ids" };
    let ids = row.opt_text(6)?.unwrap_or_default();
    let ids = ids.split_whitespace().map(Uuid::parse_str).collect::<Result<_, _>>();
    Ok(AccessRecord {
        number: row.count(0)?,
        access: Access {
            at_ms: row.int(1)?,
            actor: row.text(2)?,
            act: row.text(3)?,
            case_id: row.opt_uuid(4)?,
            filter: row.opt_text(5)?,
            ids: ids.map_err(|_| bad())?,
        },
        ids_hash: row.array(7)?,
        count: row.count(8)?,
        prev_hash: row.array(9)?,
        hash: row.array(10)?,
    })
}

/// Records after a number, oldest first, at most `WALK_PAGE`.
///
/// # Errors
/// What the engine says.
pub fn after(query: &mut impl Query, number: u64) -> Result<Vec<AccessRecord>, StoreError> {
    query.query(&AFTER, values![number, bounds::WALK_PAGE], found)
}

/// Records of one case, newest first, before a number (`None`: from the newest).
///
/// # Errors
/// What the engine says.
pub fn by_case(
    query: &mut impl Query,
    case_id: Uuid,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<AccessRecord>, StoreError> {
    let limit = limit.min(bounds::LIST_MAX);
    query.query(&BY_CASE, values![case_id, before.unwrap_or(u64::MAX), limit], found)
}

/// Records of one actor, newest first, before a number (`None`: from the newest).
///
/// # Errors
/// What the engine says.
pub fn by_actor(
    query: &mut impl Query,
    actor: &str,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<AccessRecord>, StoreError> {
    let limit = limit.min(bounds::LIST_MAX);
    query.query(&BY_ACTOR, values![actor, before.unwrap_or(u64::MAX), limit], found)
}

/// Walks all records and returns how many hold and the number of the first that does not.
///
/// # Errors
/// What the engine says.
pub fn check(query: &mut impl Query) -> Result<(u64, Option<u64>), StoreError> {
    let (mut last, mut head) = (0, [0; 32]);
    loop {
        let page = after(query, last)?;
        if page.is_empty() {
            return Ok((last, None));
        }
        for record in page {
            let fits = record.number == last + 1 && record.prev_hash == head;
            if !fits || record.computed_hash() != record.hash {
                return Ok((last, Some(last + 1)));
            }
            (last, head) = (record.number, record.hash);
        }
    }
}
