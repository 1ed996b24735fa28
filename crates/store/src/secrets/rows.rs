//! Tables `subject`, `particular` and `subject_lookup`.
//!
//! A subject is a person whose particulars are kept. Each has a random key, wrapped by the master
//! key; erasing the person deletes that key, after which nothing sealed with it can be opened.

use super::master::KeyVersion;
use super::seal::{commitment, mac, open, random, seal};
use crate::bounds;
use crate::error::{KeyError, StoreError};
use crate::sql::{Query, Statement, Tx};
use crate::values;
use rand::RngCore;
use uuid::Uuid;

const WRAP: &str = "subject-key";
const INDEX: &str = "blind-index";
/// Marks the key of a file among what a subject key seals.
const BLOB_KIND: &str = "file";

const SUBJECT_ADD: Statement = Statement {
    name: "subject_add",
    sql: "INSERT INTO subject (id, wrapped_key, key_version, created_at) VALUES ($1, $2, $3, $4)",
};
const SUBJECT_BY_ID: Statement = Statement {
    name: "subject_by_id",
    sql: "SELECT wrapped_key, key_version FROM subject WHERE id = $1",
};
const SUBJECT_ERASE: Statement = Statement {
    name: "subject_erase",
    sql: "UPDATE subject SET wrapped_key = NULL, erased_at = $1
          WHERE id = $2 AND erased_at IS NULL",
};
const SUBJECTS_ERASED_AFTER: Statement = Statement {
    name: "subjects_erased_after",
    sql: "SELECT id, erased_at FROM subject
          WHERE erased_at IS NOT NULL AND (erased_at, id) > ($1, $2)
          ORDER BY erased_at, id LIMIT $3",
};
const SUBJECTS_BELOW_VERSION: Statement = Statement {
    name: "subjects_below_version",
    sql: "SELECT id, wrapped_key, key_version FROM subject
          WHERE key_version < $1 ORDER BY key_version, id LIMIT $2",
};
const SUBJECT_REWRAP: Statement = Statement {
    name: "subject_rewrap",
    sql: "UPDATE subject SET wrapped_key = $1, key_version = $2 WHERE id = $3",
};
const PARTICULAR_ADD: Statement = Statement {
    name: "particular_add",
    sql: "INSERT INTO particular (id, subject_id, case_id, kind, sealed, created_at)
          VALUES ($1, $2, $3, $4, $5, $6)",
};
const PARTICULAR_BY_ID: Statement = Statement {
    name: "particular_by_id",
    sql: "SELECT id, subject_id, case_id, kind, sealed FROM particular WHERE id = $1",
};
const PARTICULARS_BY_CASE: Statement = Statement {
    name: "particulars_by_case",
    sql: "SELECT id, subject_id, case_id, kind, sealed FROM particular
          WHERE subject_id = $1 AND case_id = $2 ORDER BY id LIMIT $3",
};
const PARTICULARS_ERASE: Statement = Statement {
    name: "particulars_erase",
    sql: "UPDATE particular SET sealed = NULL WHERE subject_id = $1",
};
const LOOKUP_ADD: Statement = Statement {
    name: "subject_lookup_add",
    sql: "INSERT INTO subject_lookup (kind, digest, subject_id) VALUES ($1, $2, $3)
          ON CONFLICT DO NOTHING",
};
const LOOKUP_BY_DIGEST: Statement = Statement {
    name: "subject_lookup_by_digest",
    sql: "SELECT subject_id FROM subject_lookup
          WHERE kind = $1 AND digest = $2 ORDER BY subject_id LIMIT $3",
};
const LOOKUP_ERASE: Statement = Statement {
    name: "subject_lookup_erase",
    sql: "DELETE FROM subject_lookup WHERE subject_id = $1",
};
const LOOKUP_FORGET: Statement = Statement {
    name: "subject_lookup_forget",
    sql: "DELETE FROM subject_lookup WHERE kind = $1 AND digest = $2 AND subject_id = $3",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[
        SUBJECT_ADD,
        SUBJECT_BY_ID,
        SUBJECT_ERASE,
        SUBJECTS_ERASED_AFTER,
        SUBJECTS_BELOW_VERSION,
        SUBJECT_REWRAP,
        PARTICULAR_ADD,
        PARTICULAR_BY_ID,
        PARTICULARS_BY_CASE,
        PARTICULARS_ERASE,
        LOOKUP_ADD,
        LOOKUP_BY_DIGEST,
        LOOKUP_ERASE,
        LOOKUP_FORGET,
    ]
}

/// A particular to be kept.
#[derive(Clone, Debug)]
pub struct NewParticular<'a> {
    /// Its id, which the journal names; sorts by time.
    pub id: Uuid,
    /// Whose it is.
    pub subject_id: Uuid,
    /// The case it belongs to, if any.
    pub case_id: Option<Uuid>,
    /// What it is: `name`, `form`, `note`, …
    pub kind: &'a str,
    /// The content.
    pub plain: &'a [u8],
}

/// A particular as it is found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Particular {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub subject_id: Uuid,
    /// The case it belongs to, if any.
    pub case_id: Option<Uuid>,
    /// What it is.
    pub kind: String,
    /// The content, or `None` after the person was erased.
    pub plain: Option<Vec<u8>>,
    /// The commitment that the journal must hold, or `None` after erasure.
    pub commitment: Option<[u8; 32]>,
}

/// A person whose particulars were erased. A restored backup applies the list before it serves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Erasure {
    /// The person.
    pub subject_id: Uuid,
    /// When, in milliseconds UTC.
    pub erased_at_ms: i64,
}

/// Adds a person with a new key.
///
/// # Errors
/// `Constraint` if the id is taken.
pub fn subject_add(
    tx: &mut Tx<'_>,
    rng: &mut dyn RngCore,
    id: Uuid,
    now_ms: i64,
) -> Result<(), StoreError> {
    let version = tx.keys().current();
    let key: [u8; 32] = random(rng);
    let wrapped = wrap(tx, rng, version, id, &key)?;
    tx.execute_one(&SUBJECT_ADD, values![id, wrapped, version, now_ms])
}

fn wrap(
    tx: &Tx<'_>,
    rng: &mut dyn RngCore,
    version: KeyVersion,
    id: Uuid,
    key: &[u8; 32],
) -> Result<Vec<u8>, KeyError> {
    seal(rng, &tx.keys().derived(version, WRAP)?, &[id.as_bytes()], key)
}

fn unwrap(
    query: &impl Query,
    version: KeyVersion,
    id: Uuid,
    wrapped: &[u8],
) -> Result<[u8; 32], KeyError> {
    let key = open(&query.keys().derived(version, WRAP)?, &[id.as_bytes()], wrapped)?;
    key.try_into().map_err(|_| KeyError::Sealed)
}

/// A subject's key as the writer remembers it.
struct Opened([u8; 32]);

/// The key of a subject in a unit of work, which often needs it again in the next.
fn key_in(tx: &mut Tx<'_>, id: Uuid) -> Result<[u8; 32], StoreError> {
    if let Some(known) = tx.remembered::<Opened>(id) {
        return Ok(known.0);
    }
    let key = subject_key(tx, id)?;
    tx.remember(id, Opened(key));
    Ok(key)
}

fn subject_key(query: &mut impl Query, id: Uuid) -> Result<[u8; 32], StoreError> {
    let found =
        query.optional(&SUBJECT_BY_ID, values![id], |row| Ok((row.opt_blob(0)?, row.small(1)?)))?;
    let (wrapped, version) = found.ok_or(KeyError::NoSubject)?;
    let wrapped = wrapped.ok_or(KeyError::Erased)?;
    Ok(unwrap(query, version, id, &wrapped)?)
}

/// Whether the person's particulars were erased; `None` if there is no such person.
///
/// # Errors
/// What the engine says.
pub fn subject_is_erased(query: &mut impl Query, id: Uuid) -> Result<Option<bool>, StoreError> {
    query.optional(&SUBJECT_BY_ID, values![id], |row| Ok(row.opt_blob(0)?.is_none()))
}

/// Keeps a particular and returns the commitment for the journal. The commitment's random key is
/// sealed with the content, so that both go with the person's key.
///
/// # Errors
/// `TooLarge`; `Keys(Erased)` or `Keys(NoSubject)` about the person.
pub fn put(
    tx: &mut Tx<'_>,
    rng: &mut dyn RngCore,
    new: &NewParticular<'_>,
    now_ms: i64,
) -> Result<[u8; 32], StoreError> {
    if new.plain.len() > bounds::PARTICULAR_BYTES_MAX {
        return Err(StoreError::TooLarge { what: "particular", max: bounds::PARTICULAR_BYTES_MAX });
    }
    let key = key_in(tx, new.subject_id)?;
    let commit_key: [u8; 32] = random(rng);
    let content = [commit_key.as_slice(), new.plain].concat();
    let sealed = seal(rng, &key, &context(&new.subject_id, &new.id, new.kind), &content)?;
    let row = values![new.id, new.subject_id, new.case_id, new.kind, sealed, now_ms];
    tx.execute_one(&PARTICULAR_ADD, row)?;
    Ok(commitment(&commit_key, new.plain))
}

/// What a sealed record is bound to: its person, its id and its kind.
fn context<'a>(subject: &'a Uuid, id: &'a Uuid, kind: &'a str) -> [&'a [u8]; 3] {
    [subject.as_bytes(), id.as_bytes(), kind.as_bytes()]
}

/// One particular.
///
/// # Errors
/// `Keys(Sealed)` if it was altered.
pub fn particular_get(query: &mut impl Query, id: Uuid) -> Result<Option<Particular>, StoreError> {
    let found = query.optional(&PARTICULAR_BY_ID, values![id], raw)?;
    found.map(|raw| opened(query, raw)).transpose()
}

/// The particulars that a person left in a case, oldest first, at most `LIST_MAX`.
///
/// # Errors
/// `Keys(Sealed)` if one was altered.
pub fn particulars_by_case(
    query: &mut impl Query,
    subject_id: Uuid,
    case_id: Uuid,
) -> Result<Vec<Particular>, StoreError> {
    let row = values![subject_id, case_id, bounds::LIST_MAX];
    let found = query.query(&PARTICULARS_BY_CASE, row, raw)?;
    found.into_iter().map(|raw| opened(query, raw)).collect()
}

type Raw = (Uuid, Uuid, Option<Uuid>, String, Option<Vec<u8>>);

fn raw(row: &crate::sql::Row<'_>) -> Result<Raw, StoreError> {
    Ok((row.uuid(0)?, row.uuid(1)?, row.opt_uuid(2)?, row.text(3)?, row.opt_blob(4)?))
}

fn opened(query: &mut impl Query, raw: Raw) -> Result<Particular, StoreError> {
    let (id, subject_id, case_id, kind, sealed) = raw;
    let key = match subject_key(query, subject_id) {
        Ok(key) => Some(key),
        Err(StoreError::Keys(KeyError::Erased)) => None,
        Err(error) => return Err(error),
    };
    let (mut plain, mut promise) = (None, None);
    if let (Some(key), Some(sealed)) = (key, sealed) {
        let content = open(&key, &context(&subject_id, &id, &kind), &sealed)?;
        let (commit_key, rest) = content.split_first_chunk::<32>().ok_or(KeyError::Sealed)?;
        promise = Some(commitment(commit_key, rest));
        plain = Some(rest.to_vec());
    }
    Ok(Particular { id, subject_id, case_id, kind, plain, commitment: promise })
}

/// Erases a person: the key, what was sealed with it, and every way to look the person up. The
/// journal stays whole. `false` if the person was erased before or never existed.
///
/// # Errors
/// What the engine says.
pub fn erase(tx: &mut Tx<'_>, subject_id: Uuid, now_ms: i64) -> Result<bool, StoreError> {
    tx.forget::<Opened>(subject_id);
    let erased = tx.execute(&SUBJECT_ERASE, values![now_ms, subject_id])? == 1;
    tx.execute(&PARTICULARS_ERASE, values![subject_id])?;
    tx.execute(&LOOKUP_ERASE, values![subject_id])?;
    Ok(erased)
}

/// Erasures after a place in their order, for export and for restored backups.
///
/// # Errors
/// What the engine says.
pub fn erasures_after(
    query: &mut impl Query,
    after: Option<Erasure>,
    limit: u32,
) -> Result<Vec<Erasure>, StoreError> {
    let (at, id) = after.map_or((i64::MIN, Uuid::nil()), |e| (e.erased_at_ms, e.subject_id));
    let limit = limit.min(bounds::WALK_PAGE);
    query.query(&SUBJECTS_ERASED_AFTER, values![at, id, limit], |row| {
        Ok(Erasure { subject_id: row.uuid(0)?, erased_at_ms: row.int(1)? })
    })
}

/// Moves up to `limit` subject keys from an older master key to the newest; returns how many. Run
/// it until it returns 0, after every rotation.
///
/// # Errors
/// `Keys(Version)` if the older key is not in the file.
pub fn rewrap(tx: &mut Tx<'_>, rng: &mut dyn RngCore, limit: u32) -> Result<u32, StoreError> {
    let current = tx.keys().current();
    let limit = limit.min(bounds::WALK_PAGE);
    let found = tx.query(&SUBJECTS_BELOW_VERSION, values![current, limit], |row| {
        Ok((row.uuid(0)?, row.opt_blob(1)?, row.small(2)?))
    })?;
    let mut moved = 0;
    for (id, wrapped, version) in found {
        let wrapped = match wrapped {
            Some(old) => {
                let key = unwrap(tx, version, id, &old)?;
                Some(wrap(tx, rng, current, id, &key)?)
            }
            None => None,
        };
        tx.execute_one(&SUBJECT_REWRAP, values![wrapped, current, id])?;
        moved += 1;
    }
    Ok(moved)
}

/// The keyed digest of something that people are looked up by.
fn blind(
    query: &impl Query,
    version: KeyVersion,
    kind: &str,
    value: &str,
) -> Result<[u8; 32], KeyError> {
    let key = query.keys().derived(version, INDEX)?;
    Ok(mac(&key, &[kind.as_bytes(), value.as_bytes()]))
}

/// Makes a person findable by a number or phone (already in its one written form).
///
/// # Errors
/// What the engine says.
pub fn blind_index(
    tx: &mut Tx<'_>,
    kind: &str,
    value: &str,
    subject_id: Uuid,
) -> Result<(), StoreError> {
    let digest = blind(tx, tx.keys().current(), kind, value)?;
    tx.execute(&LOOKUP_ADD, values![kind, digest, subject_id]).map(|_| ())
}

/// Takes one way of finding a person away, after a correction.
///
/// # Errors
/// What the engine says.
pub fn blind_forget(
    tx: &mut Tx<'_>,
    kind: &str,
    value: &str,
    subject_id: Uuid,
) -> Result<(), StoreError> {
    for version in tx.keys().versions() {
        let digest = blind(tx, version, kind, value)?;
        tx.execute(&LOOKUP_FORGET, values![kind, digest, subject_id])?;
    }
    Ok(())
}

/// The people with this number or phone, under whichever version of the master key they were
/// written; at most `LIST_MAX`.
///
/// # Errors
/// What the engine says.
pub fn blind_lookup(
    query: &mut impl Query,
    kind: &str,
    value: &str,
) -> Result<Vec<Uuid>, StoreError> {
    let mut all = Vec::new();
    for version in query.keys().versions() {
        let digest = blind(query, version, kind, value)?;
        let limit = bounds::LIST_MAX;
        all.extend(
            query.query(&LOOKUP_BY_DIGEST, values![kind, digest, limit], |row| row.uuid(0))?,
        );
    }
    all.sort_unstable();
    all.dedup();
    all.truncate(bounds::LIST_MAX as usize);
    Ok(all)
}

/// Seals the bytes of a person's file. The caller addresses it by the hash of what it gets back.
///
/// # Errors
/// `Keys(Erased)` or `Keys(NoSubject)` about the person.
pub fn seal_blob(
    query: &mut impl Query,
    rng: &mut dyn RngCore,
    subject_id: Uuid,
    file_id: Uuid,
    plain: &[u8],
) -> Result<Vec<u8>, StoreError> {
    let key = subject_key(query, subject_id)?;
    Ok(seal(rng, &key, &context(&subject_id, &file_id, BLOB_KIND), plain)?)
}

/// Opens what `seal_blob` made.
///
/// # Errors
/// `Keys(Erased)` after erasure, `Keys(Sealed)` if it was altered.
pub fn open_blob(
    query: &mut impl Query,
    subject_id: Uuid,
    file_id: Uuid,
    sealed: &[u8],
) -> Result<Vec<u8>, StoreError> {
    let key = subject_key(query, subject_id)?;
    Ok(open(&key, &context(&subject_id, &file_id, BLOB_KIND), sealed)?)
}
