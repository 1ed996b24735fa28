//! The proof: every chain holds, and replaying the journal gives exactly the rows. The first bad row
//! is named.

use super::rows::{self, NO_DATE, Stored};
use crate::StoreError;
use crate::journal;
use crate::sql::Query;
use crate::values;
use kernel::case::{self, Case, Event, WorkItem, work_items};
use kernel::catalogue::Catalogue;
use crate::envelope::{Envelope, Walk};

/// Cases read at once.
const PAGE: u32 = 500;

/// What was proven.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Proof {
    /// Cases whose rows equal their replay.
    pub cases: u64,
    /// Journal rows in their chains.
    pub rows: u64,
}

/// The first thing that does not hold.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum Finding {
    /// A journal row.
    #[error("journal: stream {stream}: {what}")]
    Journal {
        /// The stream.
        stream: String,
        /// What is wrong.
        what: String,
    },
    /// A row of a table differs from what the journal gives.
    #[error("{table}: case {case}: {what}")]
    Row {
        /// Table.
        table: &'static str,
        /// Case code or tracking number.
        case: String,
        /// What differs.
        what: String,
    },
    /// The journal has rows that belong to no case.
    #[error("journal: {0} rows belong to no case")]
    Loose(u64),
    /// The case names data that are not loaded.
    #[error("case {0}: its edition or process is not loaded, it cannot be replayed")]
    NoEdition(String),
    /// The store itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Proves all cases; `progress` is told how many are done.
///
/// # Errors
/// The first finding.
pub fn verify(
    query: &mut impl Query,
    catalogue: &Catalogue,
    progress: &mut dyn FnMut(&Proof),
) -> Result<Proof, Finding> {
    let mut proof = Proof::default();
    let mut after = 0;
    loop {
        let page = query.query(&rows::AFTER, values![after, PAGE], rows::stored)?;
        let Some(last) = page.last() else { break };
        after = last.number;
        for stored in &page {
            proof.rows += one(query, catalogue, stored)?;
            proof.cases += 1;
        }
        progress(&proof);
    }
    let all = journal::check(query).map_err(Finding::Store)?;
    if let Some(bad) = all.first_bad {
        let stream = bad.stream.map_or_else(|| "unknown".to_owned(), |s| s.to_string());
        let what = format!("row number {}: {}", bad.number, bad.reason);
        return Err(Finding::Journal { stream, what });
    }
    if all.rows != proof.rows {
        return Err(Finding::Loose(all.rows.abs_diff(proof.rows)));
    }
    Ok(proof)
}

fn one(
    query: &mut impl Query,
    catalogue: &Catalogue,
    stored: &Stored,
) -> Result<u64, Finding> {
    let id = stored.case.id;
    let mut walk = Walk::default();
    let mut events: Vec<Event> = Vec::new();
    let broken = |what: String| Finding::Journal { stream: id.to_string(), what };
    let mut after = 0;
    loop {
        let page = journal::by_stream(query, id.0, after)?;
        let Some(last) = page.last() else { break };
        after = last.envelope.seq;
        for row in &page {
            let envelope: &Envelope = &row.envelope;
            walk.next(envelope, &row.hash).map_err(|e| broken(e.to_string()))?;
            let event: Event = serde_json::from_str(&envelope.body)
                .map_err(|e| broken(format!("row {}: {e}", envelope.seq)))?;
            if event.kind() != envelope.kind {
                return Err(broken(format!("row {}: kind and body differ", envelope.seq)));
            }
            events.push(event);
        }
    }
    let name = stored.case.name().to_owned();
    let differs = |table, what: &str| Finding::Row { table, case: name.clone(), what: what.into() };
    let edition = catalogue.edition(&stored.case.procedure, stored.case.edition);
    let definition = edition.and_then(|e| catalogue.process_of(e));
    let Some(definition) = definition else {
        return Err(Finding::NoEdition(name));
    };
    let replayed = case::replay(id, &events, definition)
        .ok_or_else(|| broken("does not start with a submission".to_owned()))?;
    if walk.head() != (stored.case.seq, stored.head) {
        return Err(differs("case_file", "place or head is not that of the journal"));
    }
    if let Some(field) = first_difference(&replayed, &stored.case) {
        return Err(differs("case_file", &format!("state differs from the journal: {field}")));
    }
    if let Some(what) = work_difference(query, stored.number, &work_items(&replayed, definition))? {
        return Err(differs("work", &what));
    }
    Ok(walk.head().0)
}

/// The first field in which two states differ, as `name: expected …, found …`.
fn first_difference(expected: &Case, found: &Case) -> Option<String> {
    if expected == found {
        return None;
    }
    let (a, b) = (serde_json::to_value(expected).ok()?, serde_json::to_value(found).ok()?);
    let fields = a.as_object()?;
    let differing = fields.iter().find(|(key, value)| b.get(*key) != Some(*value));
    Some(differing.map_or_else(
        || "unknown field".to_owned(),
        |(key, value)| {
            let other = b.get(key).map_or_else(|| "nothing".to_owned(), ToString::to_string);
            format!("{key}: expected {value}, found {other}")
        },
    ))
}

fn work_difference(
    query: &mut impl Query,
    number: u64,
    expected: &[WorkItem],
) -> Result<Option<String>, StoreError> {
    let text = |w: &WorkItem| {
        format!(
            "{} {} {} {} {} {} {} {}",
            w.slot,
            w.unit,
            w.role.as_str(),
            w.bucket.as_str(),
            w.holder.as_ref().map_or("", |h| h.as_str()),
            w.task,
            w.due_at.map_or(NO_DATE, |d| d.0),
            w.since.0
        )
    };
    let mut expected: Vec<(u32, String)> = expected.iter().map(|w| (w.slot, text(w))).collect();
    expected.sort();
    let found = query.query(&rows::WORK_OF, values![number], |row| {
        let holder = row.opt_text(4)?.unwrap_or_default();
        let (unit, role, bucket) = (row.text(1)?, row.text(2)?, row.text(3)?);
        let (slot, task, due, since) = (row.small(0)?, row.text(5)?, row.int(6)?, row.int(7)?);
        Ok((slot, format!("{slot} {unit} {role} {bucket} {holder} {task} {due} {since}")))
    })?;
    if expected == found {
        return Ok(None);
    }
    let lines = |rows: &[(u32, String)]| {
        rows.iter().map(|(_, t)| t.as_str()).collect::<Vec<_>>().join("; ")
    };
    Ok(Some(format!("expected [{}], found [{}]", lines(&expected), lines(&found))))
}
