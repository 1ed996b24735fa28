//! Published processes: documents of table `catalog` and, for each process, a stream of the journal
//! that says who published or withdrew which file from which day on.
//!
//! A document can be proven: the SHA-256 of its file stands in the stream's hash chain.

mod proof;

pub use proof::verify;

use crate::cases::Env;
use crate::catalog::{self, Document};
use crate::error::StoreError;
use crate::journal::{self, Entry};
use crate::process_drafts::{self, DraftError, ProcessDraft};
use crate::sql::{Query, Tx};
use kernel::access::Grant;
use kernel::calendar::Date;
use kernel::catalogue::{Catalogue, Misfit};
use kernel::limits::REASON_CHARS;
use kernel::people::Fault;
use kernel::procedure::{ProcessEdition, call_faults, over_limit};
use process::Problem;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Kind of the documents of published versions; the key is the name of the process.
pub const PUBLISHED: &str = "process";
/// Kind of the documents whose publication was withdrawn; the key is `name/version`. They stay, so
/// that every record has its file.
pub const WITHDRAWN: &str = "process_withdrawn";

/// The ground of versions that came with the program.
pub const SHIPPED: &str = "motcua";

/// Body of a document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Published {
    /// Name of the process.
    pub name: String,
    /// Number of the version; never given twice.
    pub version: u32,
    /// First day on which cases are accepted under it.
    pub valid_from: Date,
    /// Title for people.
    pub title: String,
    /// The file.
    pub xml: String,
}

impl Published {
    /// SHA-256 of the file as it stands here, 64 hexadecimal digits.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.xml.as_bytes()))
    }
}

/// What the journal says of a process.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessEvent {
    /// A version was published.
    ProcessPublished {
        /// Name of the process.
        name: String,
        /// Number of the version.
        version: u32,
        /// SHA-256 of the file.
        sha256: String,
        /// First day on which cases are accepted under it.
        valid_from: Date,
        /// The version that it was made from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base_version: Option<u32>,
        /// The decision or order that it rests on.
        ground: String,
    },
    /// A publication was withdrawn before its first day.
    ProcessWithdrawn {
        /// Name of the process.
        name: String,
        /// Number of the version.
        version: u32,
        /// The first day that it would have had.
        valid_from: Date,
        /// Reason.
        reason: String,
    },
    /// Somebody ordered that running cases go to another version; each case records its own move.
    ProcessMigrated {
        /// Name of the process.
        name: String,
        /// The migration.
        migration: Uuid,
        /// The version that they leave.
        from: u32,
        /// The version that they go to.
        to: u32,
        /// SHA-256 of the plan, as the migration keeps it.
        plan_sha256: String,
        /// Reason.
        reason: String,
        /// The decision or order that it rests on.
        ground: String,
    },
    /// Somebody ordered that those on which nothing was done since go back.
    ProcessMigrationReverted {
        /// Name of the process.
        name: String,
        /// The migration.
        migration: Uuid,
        /// The version that they leave again.
        from: u32,
        /// The version that they go back to.
        to: u32,
        /// Reason.
        reason: String,
    },
}

impl ProcessEvent {
    /// Kind, as the journal's column has it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ProcessPublished { .. } => "process_published",
            Self::ProcessWithdrawn { .. } => "process_withdrawn",
            Self::ProcessMigrated { .. } => "process_migrated",
            Self::ProcessMigrationReverted { .. } => "process_migration_reverted",
        }
    }

    /// The version that it is about.
    #[must_use]
    pub fn version(&self) -> u32 {
        match self {
            Self::ProcessPublished { version, .. } | Self::ProcessWithdrawn { version, .. } => {
                *version
            }
            Self::ProcessMigrated { to, .. } | Self::ProcessMigrationReverted { to, .. } => *to,
        }
    }

    /// The version that it publishes or withdraws: its number is used up.
    #[must_use]
    pub fn publishes(&self) -> Option<u32> {
        match self {
            Self::ProcessPublished { version, .. } | Self::ProcessWithdrawn { version, .. } => {
                Some(*version)
            }
            _ => None,
        }
    }
}

/// An entry of a process's history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// Who, as the journal writes actors.
    pub by: String,
    /// In whose stead.
    pub on_behalf_of: Option<String>,
    /// For which unit.
    pub unit: Option<String>,
    /// What.
    pub event: ProcessEvent,
}

/// What is to be published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Publication {
    /// The draft.
    pub draft: Uuid,
    /// Its revision that the person saw.
    pub revision: u64,
    /// First day on which cases are accepted under it.
    pub valid_from: Date,
    /// The decision or order that it rests on.
    pub ground: String,
}

/// Why nothing was published or withdrawn.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum PublishError {
    /// The draft is not there, or was changed in the meantime.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The file may not be published: every finding.
    #[error("the process has {} findings", .0.len())]
    Problems(Vec<Problem>),
    /// Ground or reason: field and text key.
    #[error("{} fields are not filled in as they must be", .0.len())]
    Fields(Vec<Fault>),
    /// The first day lies in the past.
    #[error("expected {today} or a later day, but found {valid_from}")]
    Past {
        /// The day asked for.
        valid_from: Date,
        /// Today.
        today: Date,
    },
    /// The first day must lie after that of the version before it.
    #[error("version {version} starts on {starts}: expected a later day, but found {valid_from}")]
    NotAfter {
        /// The day asked for.
        valid_from: Date,
        /// The newest version.
        version: u32,
        /// Its first day.
        starts: Date,
    },
    /// The draft was made from another version than the newest: its changes would be lost.
    #[error("the draft was made from version {base:?}, but the newest is {newest:?}")]
    Outdated {
        /// The version that the draft was made from.
        base: Option<u32>,
        /// The newest version.
        newest: Option<u32>,
    },
    /// No such publication, or one that came with the program.
    #[error("there is no publication of {name} with version {version}")]
    NoVersion {
        /// Name of the process.
        name: String,
        /// The version asked for.
        version: u32,
    },
    /// It has begun: cases may be pinned to it.
    #[error("version {version} of {name} is in force since {since}")]
    Begun {
        /// Name of the process.
        name: String,
        /// The version asked for.
        version: u32,
        /// Its first day.
        since: Date,
    },
    /// Published, but the running program could not take it over; a restart does.
    #[error(transparent)]
    Misfit(#[from] Misfit),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The journal stream of a process.
#[must_use]
pub fn stream(name: &str) -> Uuid {
    let mut sha = Sha256::new();
    sha.update(b"motcua.stream.process.1\0");
    sha.update(name.as_bytes());
    let digest: [u8; 32] = sha.finalize().into();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

/// The history of a process, oldest first.
///
/// # Errors
/// `Corrupt` for a body that cannot be read.
pub fn history(query: &mut impl Query, name: &str) -> Result<Vec<Recorded>, StoreError> {
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page = journal::by_stream(query, stream(name), after)?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.envelope.seq;
        for row in page {
            let envelope = row.envelope;
            let event = serde_json::from_str(&envelope.body).map_err(corrupt)?;
            all.push(Recorded {
                at_ms: envelope.at_ms,
                by: envelope.by,
                on_behalf_of: envelope.on_behalf_of,
                unit: envelope.unit,
                event,
            });
        }
    }
}

fn read(document: &Document) -> Result<Published, StoreError> {
    serde_json::from_str(&document.body)
        .map_err(|e| corrupt(format!("catalog {} {}: {e}", document.kind, document.key)))
}

/// All published versions, by name and first day; withdrawn ones are left out.
///
/// # Errors
/// `Corrupt` for a document that cannot be read.
pub fn all(query: &mut impl Query) -> Result<Vec<Published>, StoreError> {
    catalog::by_kind(query, PUBLISHED)?.iter().map(read).collect()
}

fn day(date: Date) -> String {
    date.format("%Y-%m-%d").to_string()
}

fn put(tx: &mut Tx<'_>, kind: &str, key: String, body: &Published) -> Result<(), StoreError> {
    let (valid_from, body) = (day(body.valid_from), serde_json::to_string(body).map_err(corrupt)?);
    catalog::put(tx, &Document { kind: kind.to_owned(), key, valid_from, valid_to: None, body })
}

/// A ground or reason as it is kept.
fn said(field: &str, text: &str) -> Result<String, PublishError> {
    let text = text.trim();
    let fault = if text.is_empty() {
        Fault::new(field, "err-reason-missing")
    } else if text.chars().count() > REASON_CHARS {
        Fault::new(field, "err-too-long").with("max", REASON_CHARS)
    } else {
        return Ok(text.to_owned());
    };
    Err(PublishError::Fields(vec![fault]))
}

/// The versions of a process as this unit of work sees them.
struct Known {
    /// The newest one: number and first day.
    newest: Option<(u32, Date)>,
    /// The number that the next one gets.
    next: u32,
}

/// What came with the program, what the store has published, and the numbers used up by both.
fn known(tx: &mut Tx<'_>, catalogue: &Catalogue, name: &str) -> Result<Known, StoreError> {
    let used: BTreeSet<u32> =
        history(tx, name)?.iter().filter_map(|r| r.event.publishes()).collect();
    let shipped = catalogue.process_editions(name).iter();
    // The catalogue may be older than this unit of work: of what was published, the store knows.
    let mut live: Vec<(u32, Date)> =
        shipped.filter(|e| !used.contains(&e.version)).map(|e| (e.version, e.valid_from)).collect();
    for document in catalog::by_key(tx, PUBLISHED, name)? {
        let published = read(&document)?;
        live.push((published.version, published.valid_from));
    }
    let newest = live.into_iter().max();
    let highest = newest.map(|(version, _)| version).max(used.last().copied());
    Ok(Known { newest, next: highest.unwrap_or(0) + 1 })
}

/// Publishes a draft as the next version of its process: checked strictly, kept as a document,
/// recorded in the journal; the draft is gone afterwards. `grant` says by what right, as the policy
/// answered the caller. The caller puts the version into the running catalogue after the commit.
///
/// # Errors
/// Every reason why not; nothing is kept then.
pub fn publish(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    grant: &Grant,
    publication: &Publication,
) -> Result<ProcessEdition, PublishError> {
    let (id, revision) = (publication.draft, publication.revision);
    let draft = process_drafts::by_id(tx, id).map_err(DraftError::from)?;
    let ProcessDraft { head, xml, .. } = draft.ok_or(DraftError::NotFound)?;
    process_drafts::delete(tx, id, revision)?;
    let ground = said("ground", &publication.ground)?;
    let name = head.name.as_str();
    let known = known(tx, env.catalogue, name)?;
    let valid_from = starts(publication.valid_from, env.now.date(), known.newest)?;
    let newest = known.newest.map(|(version, _)| version);
    if head.base_version != newest {
        return Err(PublishError::Outdated { base: head.base_version, newest });
    }
    let mut edition = ProcessEdition::compile(name, known.next, valid_from, &xml)
        .map_err(PublishError::Problems)?;
    let mut faults = call_faults(env.catalogue, name, &edition.definition, valid_from);
    faults.extend(over_limit(env.catalogue, name, &edition.definition, valid_from));
    if !faults.is_empty() {
        return Err(PublishError::Problems(faults));
    }
    if !head.title.is_empty() {
        edition.title.clone_from(&head.title);
    }
    let body = Published {
        name: head.name.clone(),
        version: edition.version,
        valid_from,
        title: edition.title.clone(),
        xml,
    };
    put(tx, PUBLISHED, head.name.clone(), &body)?;
    let event = ProcessEvent::ProcessPublished {
        name: head.name,
        version: edition.version,
        sha256: edition.sha256.clone(),
        valid_from,
        base_version: head.base_version,
        ground,
    };
    record(tx, env, grant, &body.name, &event)?;
    Ok(edition)
}

/// Keeps the versions that the program brings along as documents of a new installation, recorded
/// like any publication: a later program with other files does not change what cases run on.
///
/// # Errors
/// What the engine says.
pub fn keep_shipped(tx: &mut Tx<'_>, env: &Env<'_>) -> Result<(), StoreError> {
    for name in env.catalogue.process_names() {
        for edition in env.catalogue.process_editions(name) {
            let body = Published {
                name: name.to_owned(),
                version: edition.version,
                valid_from: edition.valid_from,
                title: edition.title.clone(),
                xml: edition.xml.to_string(),
            };
            put(tx, PUBLISHED, name.to_owned(), &body)?;
            let event = ProcessEvent::ProcessPublished {
                name: name.to_owned(),
                version: edition.version,
                sha256: edition.sha256.clone(),
                valid_from: edition.valid_from,
                base_version: None,
                ground: SHIPPED.to_owned(),
            };
            record(tx, env, &Grant::default(), name, &event)?;
        }
    }
    Ok(())
}

/// The first day of a version: today or later, and after that of the version before it.
fn starts(
    valid_from: Date,
    today: Date,
    newest: Option<(u32, Date)>,
) -> Result<Date, PublishError> {
    if valid_from < today {
        return Err(PublishError::Past { valid_from, today });
    }
    match newest {
        Some((version, starts)) if valid_from <= starts => {
            Err(PublishError::NotAfter { valid_from, version, starts })
        }
        _ => Ok(valid_from),
    }
}

/// Withdraws a publication whose first day is still to come. Its number is not given again.
///
/// # Errors
/// No such publication, or one that has begun.
pub fn withdraw(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    grant: &Grant,
    (name, version): (&str, u32),
    reason: &str,
) -> Result<(), PublishError> {
    let reason = said("reason", reason)?;
    let mut published = None;
    for document in catalog::by_key(tx, PUBLISHED, name)? {
        published = published.or(Some(read(&document)?).filter(|p| p.version == version));
    }
    let no_version = || PublishError::NoVersion { name: name.to_owned(), version };
    let body = published.ok_or_else(no_version)?;
    let valid_from = body.valid_from;
    if valid_from <= env.now.date() {
        let name = name.to_owned();
        return Err(PublishError::Begun { name, version, since: valid_from });
    }
    catalog::remove(tx, PUBLISHED, name, &day(valid_from))?;
    put(tx, WITHDRAWN, format!("{name}/{version}"), &body)?;
    let name_of = name.to_owned();
    let event = ProcessEvent::ProcessWithdrawn { name: name_of, version, valid_from, reason };
    Ok(record(tx, env, grant, name, &event)?)
}

pub(crate) fn record(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    grant: &Grant,
    name: &str,
    event: &ProcessEvent,
) -> Result<(), StoreError> {
    let entry = Entry {
        at_ms: env.now.0,
        by: env.actor.by(),
        on_behalf_of: grant.on_behalf_of.as_ref().map(|a| a.0.clone()),
        unit: grant.unit.as_ref().map(|u| u.0.clone()),
        kind: event.kind().to_owned(),
        version: 1,
        body: crate::envelope::json(event).map_err(corrupt)?,
    };
    let head = journal::head(tx, stream(name))?;
    journal::append_to(tx, stream(name), head, &[entry]).map(|_| ())
}
