//! Lent powers: documents of table `catalog`, and for each unit a stream of the journal that says
//! who lent which post to whom from when to when, and who took it back. What was done under a power
//! stands in the journals of the cases, with the lender beside whoever acted.

mod proof;

pub use proof::verify;

use crate::cases::Env;
use crate::catalog::{self, Document};
use crate::error::StoreError;
use crate::journal::{self, Entry};
use crate::sql::{Query, Statement, Tx};
use crate::{bounds, values};
use kernel::access::Grant;
use kernel::calendar::Date;
use kernel::ids::{AccountId, UnitId};
use kernel::limits::GROUND_CHARS;
use kernel::org::{Delegation, Post, Role, Validity};
use kernel::people::Fault;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const DONE: Statement = Statement {
    name: "journal_on_behalf",
    sql: "SELECT stream, at, kind, number FROM journal \
          WHERE on_behalf_of = $1 AND by = $2 AND number < $3 ORDER BY number DESC LIMIT $4",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[DONE]
}

/// Kind of the documents.
pub const KIND: &str = "delegation";

/// A power that is lent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Lending {
    /// Key of the post.
    pub post: String,
    /// Its unit.
    pub unit: UnitId,
    /// Its role.
    pub role: Role,
    /// Who lends.
    pub from: AccountId,
    /// Who acts in their stead.
    pub to: AccountId,
    /// First day.
    pub first: Date,
    /// Last day; none in data that came with the demonstration only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Date>,
    /// The paper that it rests on.
    pub ground: String,
}

impl Lending {
    /// A delegation of a post.
    #[must_use]
    pub fn of(delegation: &Delegation, post: &Post) -> Self {
        Self {
            post: delegation.post.clone(),
            unit: post.unit.clone(),
            role: post.role,
            from: delegation.from.clone(),
            to: delegation.to.clone(),
            first: delegation.valid.from,
            last: delegation.valid.to,
            ground: delegation.ground.clone(),
        }
    }

    /// As the catalogue of the program holds it.
    #[must_use]
    pub fn delegation(&self) -> Delegation {
        Delegation {
            post: self.post.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            valid: Validity { from: self.first, to: self.last },
            ground: self.ground.clone(),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        (&self.post, &self.from, &self.to, self.first)
            == (&other.post, &other.from, &other.to, other.first)
    }

    fn overlaps(&self, other: &Self) -> bool {
        (&self.post, &self.from, &self.to) == (&other.post, &other.from, &other.to)
            && self.first <= other.last.unwrap_or(Date::MAX)
            && other.first <= self.last.unwrap_or(Date::MAX)
    }
}

/// What the journal says of lent powers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LendingEvent {
    /// A power was lent.
    PowerLent {
        /// Which, by whom, to whom, when.
        lending: Lending,
    },
    /// It was taken back before its last day.
    PowerTakenBack {
        /// The place of its lending in the stream.
        lent: u64,
        /// The last day on which it may be used; before its first day it was never used.
        last: Date,
        /// Reason.
        reason: String,
    },
}

impl LendingEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::PowerLent { .. } => "power_lent",
            Self::PowerTakenBack { .. } => "power_taken_back",
        }
    }
}

/// A lending with what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lent {
    /// Its place in the stream of its unit.
    pub seq: u64,
    /// When it was recorded, milliseconds UTC.
    pub at_ms: i64,
    /// Who recorded it.
    pub by: String,
    /// The lending, with its last day as it is now.
    pub lending: Lending,
    /// The last day that was meant at first.
    pub meant: Option<Date>,
    /// Who took it back, when, why.
    pub taken_back: Option<(String, i64, String)>,
}

impl Lent {
    /// Whether it may be used on a day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.lending.first <= day && self.lending.last.is_none_or(|last| day <= last)
    }

    /// Whether it was taken back before it began.
    #[must_use]
    pub fn never_began(&self) -> bool {
        self.lending.last.is_some_and(|last| last < self.lending.first)
    }
}

/// Why a power was not lent or taken back.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum LendError {
    /// What was told is not enough: field and text key.
    #[error("{} fields are not filled in as they must be", .0.len())]
    Fields(Vec<Fault>),
    /// There is no such lending, or it has ended.
    #[error("there is no such power that is still lent")]
    Gone,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn fault(field: &str, key: &str) -> LendError {
    LendError::Fields(vec![Fault::new(field, key)])
}

fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

/// The stream of a unit's lent powers.
fn stream(unit: &UnitId) -> Uuid {
    let mut sha = Sha256::new();
    sha.update(b"motcua lent powers\0");
    sha.update(unit.as_str().as_bytes());
    let digest: [u8; 32] = sha.finalize().into();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn day(date: Date) -> String {
    date.format("%Y-%m-%d").to_string()
}

fn key(lending: &Lending) -> String {
    format!("{}|{}|{}", lending.post, lending.from, lending.to)
}

fn put(tx: &mut Tx<'_>, lending: &Lending) -> Result<(), StoreError> {
    let body = serde_json::to_string(&lending.delegation()).map_err(corrupt)?;
    let document = Document {
        kind: KIND.to_owned(),
        key: key(lending),
        valid_from: day(lending.first),
        valid_to: lending.last.map(day),
        body,
    };
    catalog::put(tx, &document)
}

fn record(
    tx: &mut Tx<'_>,
    (at_ms, by): (i64, String),
    grant: &Grant,
    unit: &UnitId,
    event: &LendingEvent,
) -> Result<(), StoreError> {
    let entry = Entry {
        at_ms,
        by,
        on_behalf_of: grant.on_behalf_of.as_ref().map(|a| a.0.clone()),
        unit: Some(unit.0.clone()),
        kind: event.kind().to_owned(),
        version: 1,
        body: serde_json::to_string(event).map_err(corrupt)?,
    };
    let head = journal::head(tx, stream(unit))?;
    journal::append_to(tx, stream(unit), head, &[entry]).map(|_| ())
}

/// Keeps powers that came with the data of a new installation, recorded like any other.
///
/// # Errors
/// What the engine says.
pub fn keep(tx: &mut Tx<'_>, at_ms: i64, by: &str, lending: &Lending) -> Result<(), StoreError> {
    put(tx, lending)?;
    let event = LendingEvent::PowerLent { lending: lending.clone() };
    record(tx, (at_ms, by.to_owned()), &Grant::default(), &lending.unit, &event)
}

/// Everything that a unit's posts lent, the newest first.
///
/// # Errors
/// `Corrupt` for a body that cannot be read.
pub fn of_unit(query: &mut impl Query, unit: &UnitId) -> Result<Vec<Lent>, StoreError> {
    let mut all: Vec<Lent> = Vec::new();
    let mut after = 0;
    loop {
        let page = journal::by_stream(query, stream(unit), after)?;
        let Some(last) = page.last() else { break };
        after = last.envelope.seq;
        for row in page {
            let envelope = row.envelope;
            match serde_json::from_str(&envelope.body).map_err(corrupt)? {
                LendingEvent::PowerLent { lending } => all.push(Lent {
                    seq: envelope.seq,
                    at_ms: envelope.at_ms,
                    by: envelope.by,
                    meant: lending.last,
                    lending,
                    taken_back: None,
                }),
                LendingEvent::PowerTakenBack { lent, last, reason } => {
                    if let Some(one) = all.iter_mut().find(|one| one.seq == lent) {
                        one.lending.last = Some(last);
                        one.taken_back = Some((envelope.by, envelope.at_ms, reason));
                    }
                }
            }
        }
    }
    all.reverse();
    Ok(all)
}

/// Lends a power. Whether the actor may, and whether the other may take it, the policy has said.
///
/// # Errors
/// What is not filled in as it must be; nothing is kept then.
pub fn lend(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    grant: &Grant,
    lending: &Lending,
) -> Result<(), LendError> {
    let today = env.now.date();
    let ground = lending.ground.trim();
    if ground.is_empty() {
        return Err(fault("ground", "err-lend-ground"));
    }
    if ground.chars().count() > GROUND_CHARS {
        let long = Fault::new("ground", "err-too-long").with("max", GROUND_CHARS);
        return Err(LendError::Fields(vec![long]));
    }
    let Some(last) = lending.last else { return Err(fault("last", "err-date-missing")) };
    if lending.first < today {
        return Err(fault("first", "err-lend-past"));
    }
    let days = last.signed_duration_since(lending.first).num_days();
    if !(0..bounds::LENDING_DAYS_MAX).contains(&days) {
        let long = Fault::new("last", "err-lend-days").with("max", bounds::LENDING_DAYS_MAX);
        return Err(LendError::Fields(vec![long]));
    }
    if lending.from == lending.to {
        return Err(fault("to", "err-officer-missing"));
    }
    let there = of_unit(tx, &lending.unit)?;
    if there.iter().any(|one| !one.never_began() && one.lending.overlaps(lending)) {
        return Err(fault("first", "err-lend-overlap"));
    }
    let lending = Lending { ground: ground.to_owned(), ..lending.clone() };
    put(tx, &lending)?;
    let event = LendingEvent::PowerLent { lending: lending.clone() };
    Ok(record(tx, (env.now.0, env.actor.by()), grant, &lending.unit, &event)?)
}

/// Takes a power back: from now on it is not used any more; what was done under it stands. Gives
/// the lending as it is then.
///
/// # Errors
/// There is no such lending, or it has ended; no reason.
pub fn take_back(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    grant: &Grant,
    (unit, seq): (&UnitId, u64),
    reason: &str,
) -> Result<Lending, LendError> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(fault("reason", "err-reason-missing"));
    }
    if reason.chars().count() > GROUND_CHARS {
        let long = Fault::new("reason", "err-too-long").with("max", GROUND_CHARS);
        return Err(LendError::Fields(vec![long]));
    }
    let today = env.now.date();
    let found = of_unit(tx, unit)?.into_iter().find(|one| one.seq == seq);
    let open =
        |one: &Lent| one.taken_back.is_none() && one.lending.last.is_none_or(|last| last >= today);
    let found = found.filter(open).ok_or(LendError::Gone)?;
    let last = today.pred_opt().ok_or(LendError::Gone)?;
    let lending = Lending { last: Some(last), ..found.lending };
    if last < lending.first {
        catalog::remove(tx, KIND, &key(&lending), &day(lending.first))?;
    } else {
        put(tx, &lending)?;
    }
    let event = LendingEvent::PowerTakenBack { lent: seq, last, reason: reason.to_owned() };
    record(tx, (env.now.0, env.actor.by()), grant, unit, &event)?;
    Ok(lending)
}

/// An act that somebody did in another's stead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DoneFor {
    /// The stream: most often a case.
    pub stream: Uuid,
    /// When it was recorded, milliseconds UTC.
    pub at_ms: i64,
    /// Kind of the event.
    pub kind: String,
    number: u64,
}

/// What `by` did in the stead of `from` between two instants, newest first, and whether there is
/// more than was looked at.
///
/// # Errors
/// What the engine says.
pub fn done_under(
    query: &mut impl Query,
    (from, by): (&AccountId, &AccountId),
    (since_ms, until_ms): (i64, i64),
) -> Result<(Vec<DoneFor>, bool), StoreError> {
    let all = values![from.as_str(), by.as_str(), i64::MAX, bounds::TRACE_MAX];
    let mut all = query.query(&DONE, all, |row| {
        Ok(DoneFor {
            stream: row.uuid(0)?,
            at_ms: row.int(1)?,
            kind: row.text(2)?,
            number: row.count(3)?,
        })
    })?;
    let more = all.len() as u64 >= u64::from(bounds::TRACE_MAX)
        && all.last().is_some_and(|oldest| oldest.at_ms >= since_ms && oldest.number > 1);
    all.retain(|one| (since_ms..until_ms).contains(&one.at_ms));
    Ok((all, more))
}
