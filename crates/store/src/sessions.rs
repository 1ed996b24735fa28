//! Table `session`: who is signed in, and visitors. The token is never stored, only its hash.

use crate::bounds;
use crate::error::StoreError;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const ADD: Statement = Statement {
    name: "session_add",
    sql: "INSERT INTO session (token_hash, account_id, csrf, user_agent, created_at, last_seen_at,
                               expires_at, realm)
          VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
};
const BY_TOKEN: Statement = Statement {
    name: "session_by_token",
    sql: "SELECT token_hash, account_id, csrf, user_agent, created_at, last_seen_at, expires_at,
                 realm
          FROM session WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2",
};
const BY_ACCOUNT: Statement = Statement {
    name: "sessions_by_account",
    sql: "SELECT token_hash, account_id, csrf, user_agent, created_at, last_seen_at, expires_at,
                 realm
          FROM session
          WHERE account_id = $1 AND account_id IS NOT NULL AND ended_at IS NULL
            AND expires_at > $2
          ORDER BY created_at DESC LIMIT $3",
};
const TOUCH: Statement = Statement {
    name: "session_touch",
    sql: "UPDATE session SET last_seen_at = $1, expires_at = $2
          WHERE token_hash = $3 AND ended_at IS NULL",
};
const END: Statement = Statement {
    name: "session_end",
    sql: "UPDATE session SET ended_at = $1 WHERE token_hash = $2 AND ended_at IS NULL",
};
const END_ALL: Statement = Statement {
    name: "sessions_end_all",
    sql: "UPDATE session SET ended_at = $1
          WHERE account_id = $2 AND account_id IS NOT NULL AND ended_at IS NULL
            AND token_hash <> $3",
};
const SWEEP: Statement = Statement {
    name: "sessions_sweep",
    sql: "DELETE FROM session WHERE token_hash IN
              (SELECT token_hash FROM session WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[ADD, BY_TOKEN, BY_ACCOUNT, TOUCH, END, END_ALL, SWEEP]
}

/// SHA-256 of a session's token.
pub type TokenHash = [u8; 32];

/// The hash under which a token is kept.
#[must_use]
pub fn token_hash(token: &[u8]) -> TokenHash {
    Sha256::digest(token).into()
}

/// A session that holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of its token; also what a person ends it by.
    pub token_hash: TokenHash,
    /// `officer` or `citizen`; one does not open the other.
    pub realm: String,
    /// The account of an officer, the case of a filer, `None` for a visitor.
    pub account_id: Option<Uuid>,
    /// Secret of its forms.
    pub csrf: [u8; 32],
    /// The browser's name, shortened.
    pub user_agent: String,
    /// When it began, in milliseconds UTC.
    pub created_at_ms: i64,
    /// When it was last used, to the minute.
    pub last_seen_at_ms: i64,
    /// When it ends by itself.
    pub expires_at_ms: i64,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("account_id", &self.account_id).finish_non_exhaustive()
    }
}

/// A session to be started.
#[derive(Clone)]
pub struct NewSession {
    /// `token_hash` of a random token of at least 32 bytes.
    pub token_hash: TokenHash,
    /// `officer` or `citizen`; one does not open the other.
    pub realm: String,
    /// The account of an officer, the case of a filer, `None` for a visitor.
    pub account_id: Option<Uuid>,
    /// Random secret of its forms.
    pub csrf: [u8; 32],
    /// The browser's name; shortened here.
    pub user_agent: String,
    /// When it ends by itself, in milliseconds UTC.
    pub expires_at_ms: i64,
}

/// Starts a session.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn start(tx: &mut Tx<'_>, new: &NewSession, now_ms: i64) -> Result<(), StoreError> {
    let agent: String = new.user_agent.chars().take(bounds::USER_AGENT_CHARS_MAX).collect();
    let (token, account) = (new.token_hash, new.account_id);
    let row = values![token, account, new.csrf, agent, now_ms, new.expires_at_ms, &new.realm];
    tx.execute_one(&ADD, row)
}

fn session(row: &Row<'_>) -> Result<Session, StoreError> {
    Ok(Session {
        token_hash: row.array(0)?,
        account_id: row.opt_uuid(1)?,
        csrf: row.array(2)?,
        user_agent: row.text(3)?,
        created_at_ms: row.int(4)?,
        last_seen_at_ms: row.int(5)?,
        expires_at_ms: row.int(6)?,
        realm: row.text(7)?,
    })
}

/// The session of a token, if it holds now.
///
/// # Errors
/// What the engine says.
pub fn by_token(
    query: &mut impl Query,
    token_hash: &TokenHash,
    now_ms: i64,
) -> Result<Option<Session>, StoreError> {
    query.optional(&BY_TOKEN, values![token_hash, now_ms], session)
}

/// The sessions of an account that hold now, newest first.
///
/// # Errors
/// What the engine says.
pub fn by_account(
    query: &mut impl Query,
    account_id: Uuid,
    now_ms: i64,
) -> Result<Vec<Session>, StoreError> {
    query.query(&BY_ACCOUNT, values![account_id, now_ms, bounds::LIST_MAX], session)
}

/// Whether the last use is old enough to be written again.
#[must_use]
pub fn needs_touch(session: &Session, now_ms: i64) -> bool {
    now_ms - session.last_seen_at_ms >= bounds::SESSION_TOUCH_MS
}

/// Notes the last use and the new end. `false` if the session was ended meanwhile.
///
/// # Errors
/// What the engine says.
pub fn touch(
    tx: &mut Tx<'_>,
    token_hash: &TokenHash,
    now_ms: i64,
    expires_at_ms: i64,
) -> Result<bool, StoreError> {
    Ok(tx.execute(&TOUCH, values![now_ms, expires_at_ms, token_hash])? == 1)
}

/// Ends a session. `false` if it had ended.
///
/// # Errors
/// What the engine says.
pub fn end(tx: &mut Tx<'_>, token_hash: &TokenHash, now_ms: i64) -> Result<bool, StoreError> {
    Ok(tx.execute(&END, values![now_ms, token_hash])? == 1)
}

/// Ends all sessions of an account but `except`; returns how many.
///
/// # Errors
/// What the engine says.
pub fn end_all(
    tx: &mut Tx<'_>,
    account_id: Uuid,
    except: Option<&TokenHash>,
    now_ms: i64,
) -> Result<usize, StoreError> {
    let except: &[u8] = except.map_or(&[], |hash| hash);
    tx.execute(&END_ALL, values![now_ms, account_id, except])
}

/// Removes sessions that ended by themselves, a bounded number; returns how many.
///
/// # Errors
/// What the engine says.
pub fn sweep(tx: &mut Tx<'_>, now_ms: i64) -> Result<usize, StoreError> {
    tx.execute(&SWEEP, values![now_ms, bounds::WALK_PAGE])
}
