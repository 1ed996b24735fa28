//! Worklists: what a person has to do, by list, soonest date first, with counts that stay cheap.
//!
//! Every query starts from the seats of the actor, so a row that is not theirs cannot come out.

use super::rows::{self, NO_DATE, Stored};
use crate::sql::{Query, Row, Statement};
use crate::values;
use crate::{StoreError, bounds};
use kernel::access::Actor;
use kernel::calendar::Instant;
use kernel::case::Bucket;
use kernel::ids::UnitId;
use kernel::org::Role;

const BY_UNIT: Statement = Statement {
    name: "work_by_unit",
    sql: "SELECT case_number, slot, task, holder, due_sort, since, unit FROM work \
          WHERE unit = $1 AND role = $2 AND bucket = $3 \
          AND (due_sort, case_number, slot) > ($4, $5, $6) \
          ORDER BY due_sort, case_number, slot LIMIT $7",
};
const BY_HOLDER: Statement = Statement {
    name: "work_by_holder",
    sql: "SELECT case_number, slot, task, holder, due_sort, since, unit FROM work \
          WHERE holder = $1 AND bucket = $2 AND unit = $3 AND role = $4 \
          AND (due_sort, case_number, slot) > ($5, $6, $7) \
          ORDER BY due_sort, case_number, slot LIMIT $8",
};
const COUNT_BY_UNIT: Statement = Statement {
    name: "work_count_by_unit",
    sql: "SELECT count(*) FROM (SELECT 1 FROM work WHERE unit = $1 AND role = $2 AND bucket = $3 \
          AND due_sort <= $4 LIMIT $5) AS capped",
};
const COUNT_BY_HOLDER: Statement = Statement {
    name: "work_count_by_holder",
    sql: "SELECT count(*) FROM (SELECT 1 FROM work WHERE holder = $1 AND bucket = $2 \
          AND unit = $3 AND role = $4 AND due_sort <= $5 LIMIT $6) AS capped",
};

pub(super) fn statements() -> [Statement; 4] {
    [BY_UNIT, BY_HOLDER, COUNT_BY_UNIT, COUNT_BY_HOLDER]
}

/// Whose work a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Work that stands on the actor's own name.
    Mine,
    /// All work of the actor's seats.
    Unit,
}

/// The place after which a page starts: date, case, slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cursor {
    /// Date of the last row shown.
    pub due_sort: i64,
    /// Its case.
    pub number: i64,
    /// Its slot.
    pub slot: i64,
}

impl Cursor {
    /// Before the first row.
    pub const START: Self = Self { due_sort: i64::MIN, number: 0, slot: -1 };

    /// As it stands in an address.
    #[must_use]
    pub fn encode(self) -> String {
        format!("{}.{}.{}", self.due_sort, self.number, self.slot)
    }

    /// Reads what [`encode`](Self::encode) wrote; anything else starts at the beginning.
    #[must_use]
    pub fn decode(text: &str) -> Self {
        let parts: Vec<i64> = text.split('.').filter_map(|p| p.parse().ok()).collect();
        match parts.as_slice() {
            [due_sort, number, slot] => Self { due_sort: *due_sort, number: *number, slot: *slot },
            _ => Self::START,
        }
    }
}

/// One row of a worklist, with the case behind it.
#[derive(Clone, PartialEq, Debug)]
pub struct Listed {
    /// Where the row stands.
    pub cursor: Cursor,
    /// Element id of the task, or empty.
    pub task: String,
    /// On whose name.
    pub holder: Option<String>,
    /// Until when.
    pub due_at: Option<Instant>,
    /// Since when.
    pub since: Instant,
    /// Whose work.
    pub unit: UnitId,
    /// The case.
    pub stored: Stored,
}

/// The roles whose work a role does.
fn work_roles(role: Role) -> &'static [Role] {
    match role {
        Role::DeskOfficer | Role::DeskHead => &[Role::DeskOfficer],
        Role::CaseOfficer => &[Role::CaseOfficer],
        Role::UnitLeader => &[Role::UnitLeader, Role::CaseOfficer],
        Role::Leader => &[Role::Leader],
        Role::Clerk => &[Role::Clerk],
        Role::PostOfficer => &[Role::PostOfficer],
        Role::Cashier | Role::Monitor | Role::Auditor | Role::Administrator => &[],
    }
}

/// The distinct (unit, role) pairs whose work the actor may see; a unit does the work of those that
/// it carries on after a reorganisation.
fn pairs(actor: &Actor) -> Vec<(UnitId, Role)> {
    let mut pairs: Vec<(UnitId, Role)> = Vec::new();
    for seat in &actor.seats {
        for unit in std::iter::once(&seat.unit).chain(&seat.carries_on) {
            for role in work_roles(seat.role) {
                let pair = (unit.clone(), *role);
                if !pairs.contains(&pair) {
                    pairs.push(pair);
                }
            }
        }
    }
    pairs
}

struct Line {
    cursor: Cursor,
    task: String,
    holder: Option<String>,
    since: Instant,
    unit: UnitId,
}

fn line(row: &Row<'_>) -> Result<Line, StoreError> {
    Ok(Line {
        cursor: Cursor { due_sort: row.int(4)?, number: row.int(0)?, slot: row.int(1)? },
        task: row.text(2)?,
        holder: row.opt_text(3)?,
        since: Instant(row.int(5)?),
        unit: UnitId(row.text(6)?),
    })
}

/// A page of a list, soonest first, at most `limit` rows.
///
/// # Errors
/// What the engine says.
pub fn list(
    query: &mut impl Query,
    actor: &Actor,
    bucket: Bucket,
    scope: Scope,
    after: Cursor,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let limit = limit.min(bounds::LIST_MAX);
    let (due, number, slot) = (after.due_sort, after.number, after.slot);
    let mut lines: Vec<Line> = Vec::new();
    match (scope, actor.account()) {
        (Scope::Mine, Some(account)) => {
            for (unit, role) in pairs(actor) {
                let (unit, role) = (unit.as_str(), role.as_str());
                let (holder, key) = (account.as_str(), bucket.as_str());
                let own = values![holder, key, unit, role, due, number, slot, limit];
                lines.extend(query.query(&BY_HOLDER, own, line)?);
            }
        }
        (Scope::Mine, None) => {}
        (Scope::Unit, _) => {
            for (unit, role) in pairs(actor) {
                let (unit, role) = (unit.as_str(), role.as_str());
                let theirs = values![unit, role, bucket.as_str(), due, number, slot, limit];
                lines.extend(query.query(&BY_UNIT, theirs, line)?);
            }
        }
    }
    lines.sort_by_key(|l| l.cursor);
    lines.truncate(limit as usize);
    listed(query, lines)
}

fn listed(query: &mut impl Query, lines: Vec<Line>) -> Result<Vec<Listed>, StoreError> {
    let mut listed = Vec::with_capacity(lines.len());
    for line in lines {
        let number = u64::try_from(line.cursor.number).unwrap_or(0);
        let stored = rows::by_number(query, number)?.ok_or(StoreError::Rows {
            statement: "case_by_number",
            expected: 1,
            found: 0,
        })?;
        let due_at = (line.cursor.due_sort != NO_DATE).then_some(Instant(line.cursor.due_sort));
        listed.push(Listed {
            cursor: line.cursor,
            task: line.task,
            holder: line.holder,
            due_at,
            since: line.since,
            unit: line.unit,
            stored,
        });
    }
    Ok(listed)
}

/// The rows of one role in one unit, whoever asks: the caller answers for who may see them.
///
/// # Errors
/// What the engine says.
pub fn list_of(
    query: &mut impl Query,
    (unit, role): (&UnitId, Role),
    bucket: Bucket,
    after: Cursor,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let limit = limit.min(bounds::LIST_MAX);
    let (due, number, slot) = (after.due_sort, after.number, after.slot);
    let theirs = values![unit.as_str(), role.as_str(), bucket.as_str(), due, number, slot, limit];
    let lines = query.query(&BY_UNIT, theirs, line)?;
    listed(query, lines)
}

/// How many rows a list has, up to the cap, and how many of them are due before an instant.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Count {
    /// All; the cap plus one means "more than the cap".
    pub all: u64,
    /// Due before the instant.
    pub late: u64,
}

/// Counts of every list, through the same seats as the lists themselves.
///
/// # Errors
/// What the engine says.
pub fn counts(
    query: &mut impl Query,
    actor: &Actor,
    scope: Scope,
    now: Instant,
) -> Result<Vec<(Bucket, Count)>, StoreError> {
    let cap = bounds::COUNT_CAP + 1;
    let mut counts = Vec::new();
    for bucket in Bucket::ALL {
        let mut count = Count::default();
        for (before, sum) in [(i64::MAX, &mut count.all), (now.0, &mut count.late)] {
            // "No date" is the largest number; everything lies at or before it.
            let key = bucket.as_str();
            let found = match (scope, actor.account()) {
                (Scope::Mine, Some(account)) => {
                    let mut sum = 0;
                    for (unit, role) in pairs(actor) {
                        let (holder, unit) = (account.as_str(), unit.as_str());
                        let own = values![holder, key, unit, role.as_str(), before, cap];
                        sum += query.one(&COUNT_BY_HOLDER, own, |row| row.count(0))?;
                    }
                    sum
                }
                (Scope::Mine, None) => 0,
                (Scope::Unit, _) => {
                    let mut sum = 0;
                    for (unit, role) in pairs(actor) {
                        let theirs = values![unit.as_str(), role.as_str(), key, before, cap];
                        sum += query.one(&COUNT_BY_UNIT, theirs, |row| row.count(0))?;
                    }
                    sum
                }
            };
            *sum = found.min(u64::from(cap));
        }
        counts.push((bucket, count));
    }
    Ok(counts)
}
