//! Filtered worklists: several lists, seats and conditions at once, soonest date first. A page
//! looks at a bounded number of rows and says where to go on, whether or not it is full.

use super::rows::{self, NO_DATE, Stored};
use super::worklist::{Cursor, Line, Listed, Stream, listed, streams};
use crate::sql::{Query, Statement};
use crate::{StoreError, bounds, values};
use kernel::access::{Actor, RowFilter, sees};
use kernel::calendar::Instant;
use kernel::case::{Bucket, Delivery, Source};

const CHANGED: Statement = Statement {
    name: "case_changed_at",
    sql: "SELECT changed_at FROM case_file WHERE number = $1",
};
const STOPPED: Statement = Statement {
    name: "cases_stopped",
    sql: "SELECT number FROM case_file WHERE business = 'stopped' AND number < $1 \
          ORDER BY number DESC LIMIT $2",
};

pub(super) fn statements() -> [Statement; 2] {
    [CHANGED, STOPPED]
}

/// How a date stands.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum DueBy {
    /// Anyhow.
    #[default]
    Any,
    /// It has passed at this instant.
    Late(Instant),
    /// It lies between these: not passed, and near.
    Soon(Instant, Instant),
}

/// What a list shows; conditions hold together.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Filter {
    /// Lists; none means all.
    pub buckets: Vec<Bucket>,
    /// How the date stands.
    pub due: DueBy,
    /// Through whom it came in; none means anyhow.
    pub sources: Vec<Source>,
    /// How the result goes out.
    pub delivery: Option<Delivery>,
    /// Nothing was recorded since this instant.
    pub silent_since: Option<Instant>,
}

impl Filter {
    fn start(&self, after: Cursor) -> Cursor {
        match self.due {
            DueBy::Soon(from, _) => after.max(Cursor { due_sort: from.0, number: 0, slot: -1 }),
            DueBy::Any | DueBy::Late(_) => after,
        }
    }

    /// The last place that can fit.
    fn end(&self) -> i64 {
        match self.due {
            DueBy::Any => i64::MAX,
            DueBy::Late(now) => now.0 - 1,
            DueBy::Soon(_, until) => until.0.min(NO_DATE - 1),
        }
    }

    fn fits(&self, stored: &Stored) -> bool {
        let case = &stored.case;
        (self.sources.is_empty() || self.sources.contains(&case.source))
            && self.delivery.is_none_or(|delivery| delivery == case.delivery)
    }
}

/// A page of a filtered list.
#[derive(Clone, PartialEq, Debug)]
pub struct Looked {
    /// Rows that fit, soonest first.
    pub listed: Vec<Listed>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<Cursor>,
}

/// When something was last recorded of a case.
///
/// # Errors
/// What the engine says.
pub fn changed_at(query: &mut impl Query, number: u64) -> Result<Option<Instant>, StoreError> {
    Ok(query.optional(&CHANGED, values![number], |row| row.int(0))?.map(Instant))
}

/// One more chunk of every stream; rows behind the place up to which all streams are known wait for
/// the next chunk.
fn chunk(
    query: &mut impl Query,
    all: &[(Stream, Bucket)],
    after: Cursor,
) -> Result<(Vec<Line>, Option<Cursor>), StoreError> {
    let mut lines: Vec<Line> = Vec::new();
    let mut known: Option<Cursor> = None;
    for (stream, bucket) in all {
        let (found, last) = stream.lines(query, *bucket, after, bounds::FILTER_CHUNK)?;
        if let Some(last) = last {
            known = Some(known.map_or(last, |known| known.min(last)));
        }
        lines.extend(found);
    }
    lines.sort_by_key(|line| line.cursor);
    lines.dedup_by_key(|line| line.cursor);
    if let Some(known) = known {
        lines.retain(|line| line.cursor <= known);
    }
    Ok((lines, known))
}

/// A page of what fits, at most `limit` rows. `keep` has the last word on each row, after the
/// conditions of the filter.
///
/// # Errors
/// What the engine or `keep` says.
pub fn filtered<Q: Query>(
    query: &mut Q,
    (actor, scope): (&Actor, super::Scope),
    filter: &Filter,
    after: Cursor,
    limit: u32,
    keep: &mut dyn FnMut(&mut Q, &Listed) -> Result<bool, StoreError>,
) -> Result<Looked, StoreError> {
    let buckets: &[Bucket] = if filter.buckets.is_empty() { &Bucket::ALL } else { &filter.buckets };
    let streams = streams(actor, scope);
    let all: Vec<(Stream, Bucket)> =
        buckets.iter().flat_map(|b| streams.iter().map(move |s| (s.clone(), *b))).collect();
    let (mut at, end) = (filter.start(after), filter.end());
    let (mut fit, mut looked) = (Vec::new(), 0);
    // Rows that a seat does not count (others' names) are looked at too, so chunks are bounded.
    for _ in 0..look_max(limit).div_ceil(bounds::FILTER_CHUNK) {
        let (lines, known) = chunk(query, &all, at)?;
        for line in lines {
            if line.cursor.due_sort > end {
                return Ok(Looked { listed: fit, next: None });
            }
            if fit.len() >= limit as usize || looked >= look_max(limit) {
                return Ok(Looked { listed: fit, next: Some(at) });
            }
            at = line.cursor;
            looked += 1;
            let number = u64::try_from(at.number).unwrap_or(0);
            if let Some(since) = filter.silent_since
                && changed_at(query, number)?.is_none_or(|changed| changed > since)
            {
                continue;
            }
            for row in listed(query, vec![line])? {
                if filter.fits(&row.stored) && keep(query, &row)? {
                    fit.push(row);
                }
            }
        }
        match known {
            Some(known) => at = at.max(known),
            None => return Ok(Looked { listed: fit, next: None }),
        }
    }
    Ok(Looked { listed: fit, next: Some(at) })
}

/// A page that may hold more rows than usual may look at more.
fn look_max(limit: u32) -> u32 {
    bounds::FILTER_LOOK_MAX.max(limit.saturating_mul(2))
}

/// Cases that were stopped, the latest first, and the place after which to look on. A page looks at
/// a bounded number of them.
///
/// # Errors
/// What the engine says.
pub fn stopped(
    query: &mut impl Query,
    filter: &RowFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<(Vec<Stored>, Option<u64>), StoreError> {
    let start = before.unwrap_or(i64::MAX as u64);
    let look = values![start, bounds::STOPPED_LOOK_MAX];
    let numbers = query.query(&STOPPED, look, |row| row.count(0))?;
    let full = numbers.len() as u64 >= u64::from(bounds::STOPPED_LOOK_MAX);
    let last = numbers.last().copied().filter(|_| full);
    let mut found: Vec<Stored> = Vec::new();
    for number in numbers {
        if !super::search::may_see(query, filter, number)? {
            continue;
        }
        if found.len() >= limit as usize {
            return Ok((found.clone(), found.last().map(|one| one.number)));
        }
        found.extend(rows::by_number(query, number)?.filter(|one| sees(filter, &one.case)));
    }
    Ok((found, last))
}
