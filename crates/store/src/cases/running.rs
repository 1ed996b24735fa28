//! Table `case_process`: undecided cases by the version of the process that they run on. It is
//! written in the same unit of work as the case, so that counting and walking over those that run
//! on one version costs what they are, however many cases there are.

use super::rows::{self, Stored};
use crate::bounds;
use crate::error::StoreError;
use crate::settings;
use crate::sql::{Query, Statement, Tx};
use crate::values;
use kernel::case::Case;
use kernel::catalogue::Catalogue;

const ADD: Statement = Statement {
    name: "case_process_add",
    sql: "INSERT INTO case_process (process, version, case_number) VALUES ($1, $2, $3)
          ON CONFLICT DO NOTHING",
};
const DROP: Statement = Statement {
    name: "case_process_drop",
    sql: "DELETE FROM case_process WHERE process = $1 AND version = $2 AND case_number = $3",
};
const HAS: Statement = Statement {
    name: "case_process_has",
    sql: "SELECT 1 FROM case_process WHERE process = $1 AND version = $2 AND case_number = $3",
};
const COUNT: Statement = Statement {
    name: "case_process_count",
    sql: "SELECT count(*) FROM (SELECT 1 FROM case_process
          WHERE process = $1 AND version = $2 LIMIT $3) AS counted",
};
const PAGE: Statement = Statement {
    name: "case_process_page",
    sql: "SELECT case_number FROM case_process
          WHERE process = $1 AND version = $2 AND case_number > $3
          ORDER BY case_number LIMIT $4",
};
const AFTER: Statement = Statement {
    name: "case_process_after",
    sql: "SELECT process, version, case_number FROM case_process
          WHERE (process, version, case_number) > ($1, $2, $3)
          ORDER BY process, version, case_number LIMIT $4",
};

/// Setting: up to which case an older database was listed here.
const LISTED: &str = "case_process_listed";
/// Its value once all cases are listed.
const ALL: &str = "all";

pub(super) fn statements() -> [Statement; 6] {
    [ADD, DROP, HAS, COUNT, PAGE, AFTER]
}

/// The process and version that a case is listed under.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct RunsOn<'a> {
    pub(super) process: &'a str,
    pub(super) version: u32,
}

impl<'a> RunsOn<'a> {
    /// Nothing before acceptance and from the decision on.
    pub(super) fn of(case: &Case, process: &'a str) -> Option<Self> {
        case.is_running().then_some(Self { process, version: case.process_version })
    }
}

/// Follows a change of what a case runs on.
pub(super) fn follow(
    tx: &mut Tx<'_>,
    number: u64,
    before: Option<RunsOn<'_>>,
    now: Option<RunsOn<'_>>,
) -> Result<(), StoreError> {
    if before == now {
        return Ok(());
    }
    if let Some(RunsOn { process, version }) = before {
        tx.execute(&DROP, values![process, version, number])?;
    }
    if let Some(RunsOn { process, version }) = now {
        tx.execute(&ADD, values![process, version, number])?;
    }
    Ok(())
}

/// Whether a case is listed under what it runs on.
pub(super) fn is_listed(
    query: &mut impl Query,
    number: u64,
    runs_on: RunsOn<'_>,
) -> Result<bool, StoreError> {
    let row = values![runs_on.process, runs_on.version, number];
    Ok(query.optional(&HAS, row, |_| Ok(()))?.is_some())
}

/// Rows after a place: process, version and number of the case; for walks over all.
pub(super) fn page_after(
    query: &mut impl Query,
    place: (&str, u32, u64),
) -> Result<Vec<(String, u32, u64)>, StoreError> {
    some_after(query, place, bounds::WALK_PAGE)
}

/// The same, at most `limit` rows.
pub(super) fn some_after(
    query: &mut impl Query,
    (process, version, number): (&str, u32, u64),
    limit: u32,
) -> Result<Vec<(String, u32, u64)>, StoreError> {
    let after = values![process, version, number, limit];
    query.query(&AFTER, after, |row| Ok((row.text(0)?, row.small(1)?, row.count(2)?)))
}

/// How many undecided cases run on a version of a process; counting stops at
/// [`bounds::COUNT_CAP`], one more means that there are more.
///
/// # Errors
/// What the engine says.
pub fn running(query: &mut impl Query, process: &str, version: u32) -> Result<u32, StoreError> {
    query.one(&COUNT, values![process, version, bounds::COUNT_CAP + 1], |row| row.small(0))
}

/// The numbers of cases that run on a version of a process, after a number, at most `limit`.
///
/// # Errors
/// What the engine says.
pub fn running_after(
    query: &mut impl Query,
    (process, version): (&str, u32),
    after: u64,
    limit: u32,
) -> Result<Vec<u64>, StoreError> {
    let place = values![process, version, after, limit.min(bounds::LIST_MAX)];
    query.query(&PAGE, place, |row| row.count(0))
}

/// Lists the next cases of a database that is older than this table. `false` once all are listed:
/// at once for one that was made with it.
///
/// # Errors
/// `Corrupt` for a state that cannot be read.
pub fn list_next(tx: &mut Tx<'_>, catalogue: &Catalogue, now_ms: i64) -> Result<bool, StoreError> {
    let place = settings::get(tx, LISTED)?;
    if place.as_deref() == Some(ALL) {
        return Ok(false);
    }
    let after = place.and_then(|text| text.parse().ok()).unwrap_or(0);
    let page = rows::page_after(tx, after, bounds::LIST_MAX)?;
    for Stored { number, case, .. } in &page {
        let edition = catalogue.edition(&case.procedure, case.edition);
        let runs_on = edition.and_then(|e| RunsOn::of(case, case.process_name(e)));
        follow(tx, *number, None, runs_on)?;
    }
    let place = page.last().map_or_else(|| ALL.to_owned(), |last| last.number.to_string());
    settings::set(tx, LISTED, &place, now_ms)?;
    Ok(!page.is_empty())
}
