//! The proof: every chain holds, and replaying the journal gives exactly the rows, also those of
//! the tables beside the cases. The first bad row is named.

use super::beside::{self, Beside, Ledger};
use super::rows::{self, NO_DATE, Stored};
use super::running::{self, RunsOn};
use crate::envelope::{Envelope, Walk};
use crate::journal::{self, Checked};
use crate::sql::Query;
use crate::values;
use crate::{KeyError, StoreError, batches, delegations, processes, staff};
use kernel::case::{self, Case, Event, WorkItem, work_items};
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use kernel::procedure::Definitions;

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

/// The first thing that does not hold. No part of it holds particulars of people.
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
    /// The number of a desk's day is not the highest that the journal gives.
    #[error("desk_counter: {desk} {day}: {what}")]
    Counter {
        /// The desk.
        desk: String,
        /// The day.
        day: String,
        /// What differs.
        what: String,
    },
    /// The journal has rows that belong to no case, process or account.
    #[error("journal: {0} rows belong to no case, process or account")]
    Loose(u64),
    /// An account is not what the journal recorded.
    #[error("account {login}: {what}")]
    Account {
        /// Sign-in name.
        login: String,
        /// What differs.
        what: String,
    },
    /// A published process is not what the journal recorded.
    #[error("catalog: process {name} version {version}: {what}")]
    Process {
        /// Name of the process.
        name: String,
        /// The version.
        version: u32,
        /// What is wrong.
        what: String,
    },
    /// Something that officers keep beside the cases is not what the journal recorded.
    #[error("{table}: {row}: {what}")]
    Kept {
        /// Table.
        table: &'static str,
        /// Key of the row.
        row: String,
        /// What is wrong.
        what: String,
    },
    /// The case names data that are not loaded.
    #[error("case {0}: its edition or process is not loaded, it cannot be replayed")]
    NoEdition(String),
    /// The store itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A page of a proof.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Page {
    /// Cases on it; none on the last.
    pub cases: u64,
    /// Their journal rows.
    pub rows: u64,
    /// The place after which the next page starts.
    pub last: u64,
    /// What these cases ask of the tables beside them, for [`Beside`].
    pub ledger: Ledger,
}

/// Proves the cases after a place, some hundred of them: a read of bounded length.
///
/// # Errors
/// The first finding.
pub fn verify_page(
    query: &mut impl Query,
    catalogue: &Catalogue,
    after: u64,
) -> Result<Page, Finding> {
    let found = query.query(&rows::AFTER, values![after, PAGE], rows::stored)?;
    let mut page = Page { last: after, ..Page::default() };
    for stored in &found {
        page.rows += one(query, catalogue, stored, &mut page.ledger)?;
        page.cases += 1;
        page.last = stored.number;
    }
    Ok(page)
}

/// Compares a walk over the whole journal with the rows that the cases account for.
///
/// # Errors
/// The first row that does not hold; `Loose` for rows that belong to no case.
pub fn verify_journal(all: &Checked, rows: u64) -> Result<(), Finding> {
    if let Some(bad) = &all.first_bad {
        let stream = bad.stream.map_or_else(|| "unknown".to_owned(), |s| s.to_string());
        let what = format!("row number {}: {}", bad.number, bad.reason);
        return Err(Finding::Journal { stream, what });
    }
    if all.rows == rows { Ok(()) } else { Err(Finding::Loose(all.rows.abs_diff(rows))) }
}

/// Proves everything in one read; `progress` is told how far it is.
///
/// # Errors
/// The first finding.
pub fn verify(
    query: &mut impl Query,
    catalogue: &Catalogue,
    progress: &mut dyn FnMut(&Proof),
) -> Result<Proof, Finding> {
    let mut proof = Proof::default();
    let mut ledger = Ledger::default();
    let mut last = 0;
    loop {
        let page = verify_page(query, catalogue, last)?;
        if page.cases == 0 {
            break;
        }
        ledger.join(page.ledger);
        proof.cases += page.cases;
        proof.rows += page.rows;
        last = page.last;
        progress(&proof);
    }
    proof.rows += processes::verify(query, catalogue)?;
    proof.rows += staff::verify(query)?;
    proof.rows += batches::verify(query)? + delegations::verify(query, catalogue)?;
    verify_journal(&journal::check(query).map_err(Finding::Store)?, proof.rows)?;
    let mut beside = Beside::new(ledger);
    while beside.step(query)? {}
    Ok(proof)
}

/// Length and last hash of a chain.
type Head = (u64, [u8; 32]);

/// The history of a case and the head of its chain, which was walked.
fn history(query: &mut impl Query, id: CaseId) -> Result<(Vec<Event>, Head), Finding> {
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
    Ok((events, walk.head()))
}

/// Proves one case with its rows; the tables beside it get their due in the ledger.
fn one(
    query: &mut impl Query,
    catalogue: &Catalogue,
    stored: &Stored,
    ledger: &mut Ledger,
) -> Result<u64, Finding> {
    let id = stored.case.id;
    let (events, head) = history(query, id)?;
    let broken = |what: String| Finding::Journal { stream: id.to_string(), what };
    let name = stored.case.name().to_owned();
    let differs = |table, what: &str| Finding::Row { table, case: name.clone(), what: what.into() };
    // The edition that the journal names; the row may have been edited.
    let no_start = || broken("does not start with a submission".to_owned());
    let born = events.first().and_then(|first| case::born(id, first)).ok_or_else(no_start)?;
    let edition = catalogue.edition(&born.procedure, born.edition);
    let definitions = edition.map(|e| catalogue.definitions_of(&born, e));
    // Each event is replayed on the version of the process that the case was pinned to then.
    let loaded = |d: &Definitions<'_>| {
        events.iter().filter_map(Event::pins).all(|version| d.of(version).is_some())
    };
    let Some(definitions) = definitions.filter(loaded) else {
        return Err(Finding::NoEdition(name));
    };
    let calendar = catalogue.calendar_of(&born.desk);
    let (replayed, timers) =
        beside::replay(id, &events, definitions, calendar).ok_or_else(no_start)?;
    if head != (stored.case.seq, stored.head) {
        return Err(differs("case_file", "place or head is not that of the journal"));
    }
    if let Some(field) = first_difference(&replayed, &stored.case) {
        return Err(differs("case_file", &format!("state differs from the journal: {field}")));
    }
    if let Some(what) = column_difference(query, stored.number, &replayed)? {
        return Err(differs("case_file", &what));
    }
    match beside::listed(query, stored.number, &replayed, ledger) {
        Ok(None) => {}
        Ok(Some((table, what))) => return Err(differs(table, &what)),
        Err(StoreError::Keys(fault @ KeyError::Sealed)) => {
            return Err(differs("particular", &fault.to_string()));
        }
        Err(error) => return Err(error.into()),
    }
    let work = definitions.of(replayed.process_version).map(|d| work_items(&replayed, d));
    let work = work.unwrap_or_default();
    if let Some(what) = work_difference(query, stored.number, &work)? {
        return Err(differs("work", &what));
    }
    if let Some(what) = timers.difference(query, &replayed)? {
        return Err(differs("timer", &what));
    }
    let process = edition.map(|e| replayed.process_name(e)).unwrap_or_default();
    if let Some(runs_on) = RunsOn::of(&replayed, process) {
        if !running::is_listed(query, stored.number, runs_on)? {
            let what = format!("{process} {} is missing", runs_on.version);
            return Err(differs("case_process", &what));
        }
        ledger.runs();
    }
    ledger.number(&replayed);
    Ok(head.0)
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

/// The first column of the row that is not what its state says: the columns are what lists and
/// searches read.
fn column_difference(
    query: &mut impl Query,
    number: u64,
    case: &Case,
) -> Result<Option<String>, StoreError> {
    let expected = [
        ("business", case.business.as_str().to_owned()),
        ("procedure", case.procedure.to_string()),
        ("desk", case.desk.to_string()),
        ("code", case.code.clone().unwrap_or_default()),
        ("tracking", case.tracking.clone()),
        ("subject_id", case.subject.to_string()),
        ("submitted_at", case.submitted_at.0.to_string()),
    ];
    let found = query.one(&rows::COLUMNS_OF, values![number], |row| {
        let code = row.opt_text(3)?.unwrap_or_default();
        let subject = row.uuid(5)?.to_string();
        let (business, procedure, desk) = (row.text(0)?, row.text(1)?, row.text(2)?);
        let submitted = row.int(6)?.to_string();
        Ok([business, procedure, desk, code, row.text(4)?, subject, submitted])
    })?;
    let differing = expected.iter().zip(&found).find(|((_, expected), found)| expected != *found);
    Ok(differing.map(|((name, expected), found)| {
        format!("column {name}: expected {expected}, found {found}")
    }))
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
