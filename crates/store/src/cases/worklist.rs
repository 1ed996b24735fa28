//! Worklists: what a person has to do, by list, soonest date first, with counts that stay cheap.
//!
//! Every query starts from the seats of the actor, so a row that is not theirs cannot come out.

use super::rows::{self, NO_DATE, Stored};
use crate::sql::{Query, Row, Statement};
use crate::values;
use crate::{StoreError, bounds};
use kernel::access::Actor;
use kernel::calendar::Instant;
use kernel::case::{Bucket, is_lent_slot};
use kernel::ids::UnitId;
use kernel::org::{Role, Seat};

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
    /// Work that is theirs because a power, a task or a holder's name was lent to them.
    Lent,
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
    pairs_of(&actor.seats)
}

fn pairs_of(seats: &[Seat]) -> Vec<(UnitId, Role)> {
    let mut pairs: Vec<(UnitId, Role)> = Vec::new();
    for seat in seats {
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

pub(super) struct Line {
    pub(super) cursor: Cursor,
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

/// Work that one seat gives, in the order of an index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Stream {
    unit: UnitId,
    role: Role,
    holder: Option<String>,
    only: Only,
}

/// Which rows of a stream count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Only {
    All,
    /// On nobody's name.
    Free,
    /// Lent one by one.
    LentTasks,
}

impl Stream {
    /// Rows after a place, and where the last one stands that was looked at, unless the stream has
    /// come to its end.
    pub(super) fn lines(
        &self,
        query: &mut impl Query,
        bucket: Bucket,
        after: Cursor,
        limit: u32,
    ) -> Result<(Vec<Line>, Option<Cursor>), StoreError> {
        let (due, number, slot) = (after.due_sort, after.number, after.slot);
        let (unit, role, key) = (self.unit.as_str(), self.role.as_str(), bucket.as_str());
        let mut lines = match &self.holder {
            Some(holder) => {
                let own = values![holder.as_str(), key, unit, role, due, number, slot, limit];
                query.query(&BY_HOLDER, own, line)?
            }
            None => {
                let theirs = values![unit, role, key, due, number, slot, limit];
                query.query(&BY_UNIT, theirs, line)?
            }
        };
        let full = lines.len() as u64 >= u64::from(limit);
        let last = lines.last().map(|line| line.cursor).filter(|_| full);
        let lent = |line: &Line| u32::try_from(line.cursor.slot).is_ok_and(is_lent_slot);
        match self.only {
            Only::All => {}
            Only::Free => lines.retain(|line| line.holder.is_none()),
            Only::LentTasks => lines.retain(lent),
        }
        Ok((lines, last))
    }
}

/// The streams of a scope.
pub(super) fn streams(actor: &Actor, scope: Scope) -> Vec<Stream> {
    let own = actor.account().map(|account| account.0.clone());
    let stream = |(unit, role): (UnitId, Role), holder: Option<String>, only| Stream {
        unit,
        role,
        holder,
        only,
    };
    match (scope, own) {
        (Scope::Unit, _) => {
            pairs(actor).into_iter().map(|pair| stream(pair, None, Only::All)).collect()
        }
        (_, None) => Vec::new(),
        (Scope::Mine, Some(own)) => {
            let mine = |pair| stream(pair, Some(own.clone()), Only::All);
            pairs(actor).into_iter().map(mine).collect()
        }
        (Scope::Lent, Some(own)) => {
            let mut all = Vec::new();
            for seat in actor.seats.iter().filter(|seat| seat.on_behalf_of.is_some()) {
                let lender = seat.on_behalf_of.as_ref().map(|from| from.0.clone());
                for pair in pairs_of(std::slice::from_ref(seat)) {
                    all.push(stream(pair.clone(), None, Only::Free));
                    all.push(stream(pair, lender.clone(), Only::All));
                }
            }
            for pair in pairs(actor) {
                all.push(stream(pair, Some(own.clone()), Only::LentTasks));
            }
            all
        }
    }
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
    let mut lines: Vec<Line> = Vec::new();
    for stream in streams(actor, scope) {
        lines.extend(stream.lines(query, bucket, after, limit)?.0);
    }
    lines.sort_by_key(|l| l.cursor);
    lines.dedup_by_key(|l| l.cursor);
    lines.truncate(limit as usize);
    listed(query, lines)
}

pub(super) fn listed(query: &mut impl Query, lines: Vec<Line>) -> Result<Vec<Listed>, StoreError> {
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

/// Counts of every list, through the same seats as the lists themselves. Lent work is not counted.
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
    let streams: Vec<Stream> = streams(actor, scope);
    let mut counts = Vec::new();
    for bucket in Bucket::ALL {
        let mut count = Count::default();
        for (before, sum) in [(i64::MAX, &mut count.all), (now.0, &mut count.late)] {
            // "No date" is the largest number; everything lies at or before it.
            let key = bucket.as_str();
            let mut found = 0;
            for stream in streams.iter().filter(|stream| stream.only == Only::All) {
                let (unit, role) = (stream.unit.as_str(), stream.role.as_str());
                found += match &stream.holder {
                    Some(holder) => {
                        let own = values![holder.as_str(), key, unit, role, before, cap];
                        query.one(&COUNT_BY_HOLDER, own, |row| row.count(0))?
                    }
                    None => {
                        let theirs = values![unit, role, key, before, cap];
                        query.one(&COUNT_BY_UNIT, theirs, |row| row.count(0))?
                    }
                };
            }
            *sum = found.min(u64::from(cap));
        }
        counts.push((bucket, count));
    }
    Ok(counts)
}
