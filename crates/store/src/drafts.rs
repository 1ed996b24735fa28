//! Table `draft`: applications that citizens have not sent yet. The content is sealed with a key
//! made from the master key and a secret that only the citizen holds, so that neither opens it
//! alone.

use crate::bounds;
use crate::error::{KeyError, StoreError};
use crate::secrets::{mac, open, seal};
use crate::sql::{Query, Statement, Tx};
use crate::values;
use rand::RngCore;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

const PURPOSE: &str = "draft";

const SAVE: Statement = Statement {
    name: "draft_save",
    sql: "INSERT INTO draft (id, secret_hash, key_version, procedure, lang, sealed, updated_at,
                             expires_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
          ON CONFLICT (id) DO UPDATE SET
              key_version = excluded.key_version, procedure = excluded.procedure,
              lang = excluded.lang, sealed = excluded.sealed, updated_at = excluded.updated_at,
              expires_at = excluded.expires_at
          WHERE draft.secret_hash = excluded.secret_hash",
};
const BY_ID: Statement = Statement {
    name: "draft_by_id",
    sql: "SELECT secret_hash, key_version, procedure, lang, sealed, updated_at, expires_at
          FROM draft WHERE id = $1 AND expires_at > $2",
};
const REMOVE: Statement =
    Statement { name: "draft_remove", sql: "DELETE FROM draft WHERE id = $1 AND secret_hash = $2" };
const SWEEP: Statement = Statement {
    name: "drafts_sweep",
    sql: "DELETE FROM draft WHERE id IN
              (SELECT id FROM draft WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[SAVE, BY_ID, REMOVE, SWEEP]
}

/// A draft.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// Code of the procedure, with its edition if the caller pins one.
    pub procedure: String,
    /// Language of the page.
    pub lang: String,
    /// What was entered, in the caller's form.
    pub content: Vec<u8>,
    /// When it was last saved, in milliseconds UTC.
    pub updated_at_ms: i64,
    /// When it is removed.
    pub expires_at_ms: i64,
}

/// The id of a draft that belongs to an owner and a place of theirs, so that it needs no list.
#[must_use]
pub fn id_of(kind: &str, owner: &str, no: u8) -> Uuid {
    let mut hash = Sha256::new();
    for part in [kind.as_bytes(), owner.as_bytes(), &[no]] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut id = [0_u8; 16];
    id.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    Uuid::from_bytes(id)
}

fn secret_hash(secret: &[u8]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

fn key(query: &impl Query, version: u32, secret: &[u8]) -> Result<[u8; 32], KeyError> {
    Ok(mac(&query.keys().derived(version, PURPOSE)?, &[secret]))
}

/// Saves a draft. `false` if the id belongs to somebody with another secret.
///
/// # Errors
/// `TooLarge`
pub fn save(
    tx: &mut Tx<'_>,
    rng: &mut dyn RngCore,
    secret: &[u8],
    draft: &Draft,
) -> Result<bool, StoreError> {
    if draft.content.len() > bounds::DRAFT_BYTES_MAX {
        return Err(StoreError::TooLarge { what: "draft", max: bounds::DRAFT_BYTES_MAX });
    }
    let version = tx.keys().current();
    let key = key(tx, version, secret)?;
    let sealed = seal(rng, &key, &[draft.id.as_bytes()], &draft.content)?;
    let row = values![
        draft.id,
        secret_hash(secret),
        version,
        &draft.procedure,
        &draft.lang,
        sealed,
        draft.updated_at_ms,
        draft.expires_at_ms,
    ];
    Ok(tx.execute(&SAVE, row)? == 1)
}

/// A draft; `None` if there is none, it expired, or the secret is another one: the answer does not
/// tell which.
///
/// # Errors
/// `Keys(Sealed)` if it was altered.
pub fn get(
    query: &mut impl Query,
    id: Uuid,
    secret: &[u8],
    now_ms: i64,
) -> Result<Option<Draft>, StoreError> {
    let found = query.optional(&BY_ID, values![id, now_ms], |row| {
        let draft = Draft {
            id,
            procedure: row.text(2)?,
            lang: row.text(3)?,
            content: row.blob(4)?,
            updated_at_ms: row.int(5)?,
            expires_at_ms: row.int(6)?,
        };
        Ok((row.array::<32>(0)?, row.small(1)?, draft))
    })?;
    let Some((hash, version, mut draft)) = found else { return Ok(None) };
    if !bool::from(hash.ct_eq(&secret_hash(secret))) {
        return Ok(None);
    }
    draft.content = open(&key(query, version, secret)?, &[id.as_bytes()], &draft.content)?;
    Ok(Some(draft))
}

/// Removes a draft, after it was sent or at its owner's wish. `false` if there was none.
///
/// # Errors
/// What the engine says.
pub fn remove(tx: &mut Tx<'_>, id: Uuid, secret: &[u8]) -> Result<bool, StoreError> {
    Ok(tx.execute(&REMOVE, values![id, secret_hash(secret)])? == 1)
}

/// Removes drafts that expired, a bounded number; returns how many.
///
/// # Errors
/// What the engine says.
pub fn sweep(tx: &mut Tx<'_>, now_ms: i64) -> Result<usize, StoreError> {
    tx.execute(&SWEEP, values![now_ms, bounds::WALK_PAGE])
}
