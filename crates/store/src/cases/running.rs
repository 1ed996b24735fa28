//! How many live cases run on one version of a process: counted over the newest cases, so that the
//! answer costs the same however many there are.

use crate::bounds::PROCESS_CASES_LOOKED_AT;
use crate::error::StoreError;
use crate::sql::{Query, Statement};
use crate::values;
use kernel::case::{Business, Case};
use kernel::catalogue::Catalogue;

pub(super) const NEWEST: Statement = Statement {
    name: "cases_newest",
    sql: "SELECT business, state FROM case_file WHERE number < $1 ORDER BY number DESC LIMIT $2",
};

/// What was found among the newest cases.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Running {
    /// Live accepted cases that are pinned to the version.
    pub cases: u32,
    /// How many cases were looked at, at most [`PROCESS_CASES_LOOKED_AT`].
    pub looked_at: u32,
    /// There are older cases that were not looked at.
    pub more: bool,
}

/// Counts the live cases that are pinned to a version of a process.
///
/// # Errors
/// `Corrupt` for a state that cannot be read.
pub fn running(
    query: &mut impl Query,
    catalogue: &Catalogue,
    (name, version): (&str, u32),
) -> Result<Running, StoreError> {
    let limit = PROCESS_CASES_LOOKED_AT;
    let read = query
        .query(&NEWEST, values![i64::MAX, limit + 1], |row| Ok((row.text(0)?, row.text(1)?)))?;
    let mut found = Running { more: read.len() > limit as usize, ..Running::default() };
    for (business, state) in read.iter().take(limit as usize) {
        found.looked_at += 1;
        if Business::from_key(business).is_none_or(Business::is_terminal) {
            continue;
        }
        let case: Case = serde_json::from_str(state)
            .map_err(|e| StoreError::Corrupt(format!("a case row: {e}")))?;
        let process = catalogue.edition(&case.procedure, case.edition).map(|e| e.process.as_str());
        let pinned = case.accepted_at.is_some() && case.process_version == version;
        if pinned && process == Some(name) {
            found.cases += 1;
        }
    }
    Ok(found)
}
