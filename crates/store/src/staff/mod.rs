//! Officers' accounts and the posts that they hold: documents of kind `holding` and, for each
//! account, a stream of the journal that says who changed what on what ground.
//!
//! An account that is older than its stream is written down as it was found before its first
//! change; from then on its posts, its name and whether it is closed can be proven.

mod acts;
mod guard;
mod proof;
mod sheet;

pub use acts::{Act, NewStaff, act, add};
pub use guard::in_scope;
pub use proof::verify;
pub use sheet::{Applied, Line, Planned, Secret, SheetError, Verdict, What, apply, digest, plan};

use crate::catalog::{self, Document};
use crate::error::StoreError;
use crate::journal;
use crate::sql::{Query, Tx};
use kernel::calendar::Date;
use kernel::ids::AccountId;
use kernel::org::{Holding, Validity};
use kernel::people::Fault;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Kind of the documents that say who holds which post.
const HOLDING: &str = "holding";

/// What the journal says of an account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffEvent {
    /// The account as it was found before its first recorded change.
    AccountFound {
        /// Sign-in name.
        login: String,
        /// Name shown to others.
        name: String,
        /// Whether it could sign in.
        active: bool,
        /// The posts that it held.
        holdings: Vec<(String, Validity)>,
    },
    /// The account was made.
    AccountAdded {
        /// Sign-in name.
        login: String,
        /// Name shown to others.
        name: String,
    },
    /// It got another name.
    AccountRenamed {
        /// The name before.
        from: String,
        /// The name now.
        to: String,
    },
    /// It was closed; its sessions ended.
    AccountDisabled {
        /// How many sessions ended.
        sessions: u64,
    },
    /// It was opened again.
    AccountEnabled {},
    /// It got another first password; its sessions ended.
    PasswordReset {
        /// How many sessions ended.
        sessions: u64,
    },
    /// A rest after wrong passwords was lifted.
    LockLifted {},
    /// Its sessions were ended.
    SessionsEnded {
        /// How many.
        sessions: u64,
    },
    /// It was appointed to a post.
    Appointed {
        /// The post.
        post: String,
        /// When.
        valid: Validity,
    },
    /// The last day of an appointment was set, moved or taken away.
    EndSet {
        /// The post.
        post: String,
        /// First day of the appointment.
        from: Date,
        /// Last day before.
        before: Option<Date>,
        /// Last day now.
        to: Option<Date>,
    },
    /// An appointment was taken back before its first day.
    AppointmentCancelled {
        /// The post.
        post: String,
        /// When it would have been.
        valid: Validity,
    },
}

impl StaffEvent {
    /// Kind, as the journal's column has it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AccountFound { .. } => "account_found",
            Self::AccountAdded { .. } => "account_added",
            Self::AccountRenamed { .. } => "account_renamed",
            Self::AccountDisabled { .. } => "account_disabled",
            Self::AccountEnabled {} => "account_enabled",
            Self::PasswordReset { .. } => "password_reset",
            Self::LockLifted {} => "lock_lifted",
            Self::SessionsEnded { .. } => "sessions_ended",
            Self::Appointed { .. } => "appointed",
            Self::EndSet { .. } => "end_set",
            Self::AppointmentCancelled { .. } => "appointment_cancelled",
        }
    }
}

/// Body of a journal row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// What.
    pub event: StaffEvent,
    /// On what ground.
    pub ground: String,
    /// The import that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Uuid>,
}

/// An entry of an account's history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// Who, as the journal writes actors.
    pub by: String,
    /// In whose stead.
    pub on_behalf_of: Option<String>,
    /// What and why.
    pub change: Change,
}

/// Why an account was not changed.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum StaffError {
    /// There is no such account, or no such appointment.
    #[error("no such account or appointment")]
    NotFound,
    /// Not one of the units that the actor keeps.
    #[error("the account or post belongs to another unit")]
    OtherUnit,
    /// The province would be left without anybody who keeps accounts.
    #[error("the last administrator stays")]
    LastAdministrator,
    /// One does not lock oneself out.
    #[error("nobody closes their own account or ends their own post of administrator")]
    Oneself,
    /// Somebody else changed it in the meantime.
    #[error("the account is at {found}, not at {expected}")]
    Changed {
        /// The place that the page was made from.
        expected: u64,
        /// Where it stands now.
        found: u64,
    },
    /// It is so already.
    #[error("nothing would change")]
    Same,
    /// Entries that cannot be taken: field and text key.
    #[error("{} fields are not filled in as they must be", .0.len())]
    Fields(Vec<Fault>),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Fault> for StaffError {
    fn from(fault: Fault) -> Self {
        Self::Fields(vec![fault])
    }
}

/// The journal stream of an account.
#[must_use]
pub fn stream(account: Uuid) -> Uuid {
    let mut sha = Sha256::new();
    sha.update(b"motcua.stream.account.1\0");
    sha.update(account.as_bytes());
    let digest: [u8; 32] = sha.finalize().into();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// How many changes of an account are recorded: what a page was made from.
///
/// # Errors
/// What the engine says.
pub fn place(query: &mut impl Query, account: Uuid) -> Result<u64, StoreError> {
    Ok(journal::head(query, stream(account))?.seq)
}

/// The history of an account, oldest first.
///
/// # Errors
/// `Corrupt` for a body that cannot be read.
pub fn history(query: &mut impl Query, account: Uuid) -> Result<Vec<Recorded>, StoreError> {
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page = journal::by_stream(query, stream(account), after)?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.envelope.seq;
        for row in page {
            let envelope = row.envelope;
            let change = serde_json::from_str(&envelope.body).map_err(corrupt)?;
            all.push(Recorded {
                at_ms: envelope.at_ms,
                by: envelope.by,
                on_behalf_of: envelope.on_behalf_of,
                change,
            });
        }
    }
}

/// Who holds which post, those that ended included.
///
/// # Errors
/// `Corrupt` for a document that cannot be read.
pub fn holdings(query: &mut impl Query) -> Result<Vec<Holding>, StoreError> {
    let read = |d: &Document| {
        serde_json::from_str(&d.body)
            .map_err(|e| corrupt(format!("catalog {HOLDING} {}: {e}", d.key)))
    };
    catalog::by_kind(query, HOLDING)?.iter().map(read).collect()
}

/// Keeps that an account holds a post, without a record: for a new installation and the
/// demonstration. What people change goes through [`act`] and [`add`].
///
/// # Errors
/// What the store says.
pub fn put_holding(tx: &mut Tx<'_>, holding: &Holding) -> Result<(), StoreError> {
    let body = serde_json::to_string(holding).map_err(corrupt)?;
    catalog::put(
        tx,
        &Document {
            kind: HOLDING.to_owned(),
            key: key(&holding.post, &holding.account),
            valid_from: day(holding.valid.from),
            valid_to: holding.valid.to.map(day),
            body,
        },
    )
}

fn remove_holding(tx: &mut Tx<'_>, holding: &Holding) -> Result<bool, StoreError> {
    let key = key(&holding.post, &holding.account);
    catalog::remove(tx, HOLDING, &key, &day(holding.valid.from))
}

fn key(post: &str, account: &AccountId) -> String {
    format!("{post}|{account}")
}

fn day(date: Date) -> String {
    date.format("%Y-%m-%d").to_string()
}

fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}
