//! Table `rate_limit`: buckets that slow down guessing, kept so that a restart does not empty them.

use crate::bounds;
use crate::error::StoreError;
use crate::sql::{Query, Statement, Tx};
use crate::values;
use sha2::{Digest, Sha256};

const HIT: Statement = Statement {
    name: "rate_limit_hit",
    sql: "INSERT INTO rate_limit (key, window_start, expires_at, count) VALUES ($1, $2, $3, 1)
          ON CONFLICT (key) DO UPDATE SET
              count = CASE WHEN rate_limit.expires_at <= $2 THEN 1 ELSE rate_limit.count + 1 END,
              window_start = CASE WHEN rate_limit.expires_at <= $2
                                  THEN $2 ELSE rate_limit.window_start END,
              expires_at = CASE WHEN rate_limit.expires_at <= $2
                                THEN $3 ELSE rate_limit.expires_at END
          RETURNING count, expires_at",
};
const LOOK: Statement = Statement {
    name: "rate_limit_look",
    sql: "SELECT count, expires_at FROM rate_limit WHERE key = $1 AND expires_at > $2",
};
const CLEAR: Statement =
    Statement { name: "rate_limit_clear", sql: "DELETE FROM rate_limit WHERE key = $1" };
const GIVE_BACK: Statement = Statement {
    name: "rate_limit_give_back",
    sql: "UPDATE rate_limit SET count = count - 1 WHERE key = $1 AND count > 0",
};
const SWEEP: Statement = Statement {
    name: "rate_limits_sweep",
    sql: "DELETE FROM rate_limit WHERE key IN
              (SELECT key FROM rate_limit WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[HIT, LOOK, CLEAR, GIVE_BACK, SWEEP]
}

/// Whether one more try is allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is.
    Allowed,
    /// It is not, until the window ends (ms UTC).
    Blocked {
        /// End of the window.
        until_ms: i64,
    },
}

/// The key of a bucket, for example `key(&["sign-in", address])`. Only its hash is kept.
#[must_use]
pub fn key(parts: &[&str]) -> [u8; 32] {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part.as_bytes());
    }
    sha.finalize().into()
}

/// Counts one try and says whether it is allowed: at most `max` in each window of `window_ms`. The
/// unit must end in `Ok`, or the count is taken back with it.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn hit(
    tx: &mut Tx<'_>,
    key: &[u8; 32],
    window_ms: i64,
    max: u32,
    now_ms: i64,
) -> Result<Verdict, StoreError> {
    let row = values![key, now_ms, now_ms.saturating_add(window_ms)];
    let (count, until_ms) = tx.one(&HIT, row, |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(if count > i64::from(max) { Verdict::Blocked { until_ms } } else { Verdict::Allowed })
}

/// Says whether a try would be allowed, without counting it.
///
/// # Errors
/// What the engine says.
pub fn look(
    query: &mut impl Query,
    key: &[u8; 32],
    max: u32,
    now_ms: i64,
) -> Result<Verdict, StoreError> {
    let found =
        query.optional(&LOOK, values![key, now_ms], |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(match found {
        Some((count, until_ms)) if count >= i64::from(max) => Verdict::Blocked { until_ms },
        _ => Verdict::Allowed,
    })
}

/// Empties a bucket, after success.
///
/// # Errors
/// What the engine says.
pub fn clear(tx: &mut Tx<'_>, key: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute(&CLEAR, values![key]).map(|_| ())
}

/// Takes one counted try back, after success: others keep counting, so that one right answer does
/// not pay for guessing.
///
/// # Errors
/// What the engine says.
pub fn give_back(tx: &mut Tx<'_>, key: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute(&GIVE_BACK, values![key]).map(|_| ())
}

/// Removes buckets whose window has ended, a bounded number; returns how many.
///
/// # Errors
/// What the engine says.
pub fn sweep(tx: &mut Tx<'_>, now_ms: i64) -> Result<usize, StoreError> {
    tx.execute(&SWEEP, values![now_ms, bounds::WALK_PAGE])
}
