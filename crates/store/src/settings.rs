//! Table `setting`: the few values that the program itself keeps, such as the demo's clock.

use crate::error::StoreError;
use crate::sql::{Query, Statement, Tx};
use crate::values;

const BY_KEY: Statement =
    Statement { name: "setting_by_key", sql: "SELECT value FROM setting WHERE key = $1" };
const SET: Statement = Statement {
    name: "setting_set",
    sql: "INSERT INTO setting (key, value, updated_at) VALUES ($1, $2, $3)
          ON CONFLICT (key) DO UPDATE SET
              value = excluded.value, updated_at = excluded.updated_at",
};
const REMOVE: Statement =
    Statement { name: "setting_remove", sql: "DELETE FROM setting WHERE key = $1" };

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[BY_KEY, SET, REMOVE]
}

/// A setting.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn get(query: &mut impl Query, key: &str) -> Result<Option<String>, StoreError> {
    query.optional(&BY_KEY, values![key], |row| row.text(0))
}

/// Sets a setting.
///
/// # Errors
/// What the engine says.
pub fn set(tx: &mut Tx<'_>, key: &str, value: &str, now_ms: i64) -> Result<(), StoreError> {
    tx.execute_one(&SET, values![key, value, now_ms])
}

/// Removes a setting. `false` if there was none.
///
/// # Errors
/// What the engine says.
pub fn remove(tx: &mut Tx<'_>, key: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(&REMOVE, values![key])? == 1)
}
