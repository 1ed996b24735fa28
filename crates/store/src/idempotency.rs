//! Table `once`: the answer to a form that must take effect once, for when it comes again.

use crate::bounds;
use crate::error::StoreError;
use crate::sql::{Query, Statement, Tx};
use crate::values;
use sha2::{Digest, Sha256};

const BY_TOKEN: Statement = Statement {
    name: "once_by_token",
    sql: "SELECT request_hash, answer FROM once WHERE token_hash = $1 AND expires_at > $2",
};
const ADD: Statement = Statement {
    name: "once_add",
    sql: "INSERT INTO once (token_hash, request_hash, answer, expires_at) VALUES ($1, $2, $3, $4)
          ON CONFLICT (token_hash) DO UPDATE SET
              request_hash = excluded.request_hash, answer = excluded.answer,
              expires_at = excluded.expires_at
          WHERE once.expires_at <= $5",
};
const SWEEP: Statement = Statement {
    name: "once_sweep",
    sql: "DELETE FROM once WHERE token_hash IN
              (SELECT token_hash FROM once WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[BY_TOKEN, ADD, SWEEP]
}

/// What is known of a form's token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Once {
    /// It comes for the first time.
    New,
    /// The same form came before; this was the answer.
    Answered(String),
    /// Another form came before with the same token: to be refused.
    Other,
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Looks a token up, inside the unit of work that would act. `request` is what makes the form the
/// same: session, path and fields.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn look(
    query: &mut impl Query,
    token: &str,
    request: &[u8],
    now_ms: i64,
) -> Result<Once, StoreError> {
    let found = query.optional(&BY_TOKEN, values![digest(token.as_bytes()), now_ms], |row| {
        Ok((row.array::<32>(0)?, row.text(1)?))
    })?;
    Ok(match found {
        None => Once::New,
        Some((hash, answer)) if hash == digest(request) => Once::Answered(answer),
        Some(_) => Once::Other,
    })
}

/// Keeps the answer, in the same unit of work as the act.
///
/// # Errors
/// `Rows` if the token was used meanwhile.
pub fn keep(
    tx: &mut Tx<'_>,
    token: &str,
    request: &[u8],
    answer: &str,
    expires_at_ms: i64,
    now_ms: i64,
) -> Result<(), StoreError> {
    let token = digest(token.as_bytes());
    tx.execute_one(&ADD, values![token, digest(request), answer, expires_at_ms, now_ms])
}

/// Removes answers that expired, a bounded number; returns how many.
///
/// # Errors
/// What the engine says.
pub fn sweep(tx: &mut Tx<'_>, now_ms: i64) -> Result<usize, StoreError> {
    tx.execute(&SWEEP, values![now_ms, bounds::WALK_PAGE])
}
