//! Running cases are moved to another version of their process: a plan that a person may change, a
//! dry run over all of them, the move itself and its taking back, each carried out by the worker in
//! batches and going on after a stop where it was.
//!
//! An act of a person names the revision that it was made from. Every order stands in the journal
//! of the process, every move in that of its case.

mod orders;
mod rows;
mod work;

pub use orders::{Said, apply, begin, cancel, check, revert, set_target};
pub use rows::{by_id, next, of_process, outcome_of, statements};
pub use work::{Looked, Revertible, carry_on, look, note, revertible};

use crate::bounds;
use crate::error::StoreError;
use kernel::case::Stay;
use kernel::people::Fault;
use process::migration::{Plan, PlanError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Where a migration stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// The plan is being made.
    Draft,
    /// The dry run goes on.
    Checking,
    /// The dry run is done; the plan was not changed since.
    Checked,
    /// Cases are being moved.
    Applying,
    /// All were tried.
    Applied,
    /// Cases are being taken back.
    Reverting,
    /// All were tried.
    Reverted,
    /// Given up before it was carried out.
    Cancelled,
}

impl State {
    /// All.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Checking,
        Self::Checked,
        Self::Applying,
        Self::Applied,
        Self::Reverting,
        Self::Reverted,
        Self::Cancelled,
    ];

    /// Key in the table and in texts.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Reverting => "reverting",
            Self::Reverted => "reverted",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// The worker has something to do.
    #[must_use]
    pub fn is_working(self) -> bool {
        matches!(self, Self::Checking | Self::Applying | Self::Reverting)
    }

    /// It can still become something: no second one is begun beside it.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.is_working() || matches!(self, Self::Draft | Self::Checked)
    }
}

/// A migration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Migration {
    /// Its id.
    pub id: Uuid,
    /// Name of the process.
    pub process: String,
    /// The version that cases leave.
    pub from: u32,
    /// The version that they go to.
    pub to: u32,
    /// Where it stands.
    pub state: State,
    /// Counts the acts of people, from 1.
    pub revision: u64,
    /// How the elements correspond.
    pub plan: Plan,
    /// What was carried out.
    pub runs: Runs,
    /// The number of the last case that the run under way has seen.
    pub cursor: u64,
    /// Who began it, as the journal writes actors.
    pub created_by: String,
    /// When, milliseconds UTC.
    pub created_at_ms: i64,
    /// Who did the last act on it.
    pub changed_by: String,
    /// When.
    pub changed_at_ms: i64,
}

impl Migration {
    /// SHA-256 of the plan, as the journal records it.
    #[must_use]
    pub fn plan_sha256(&self) -> String {
        let text = serde_json::to_string(&self.plan).unwrap_or_default();
        hex::encode(Sha256::digest(text.as_bytes()))
    }

    /// The run under way.
    pub(super) fn run_mut(&mut self) -> Option<&mut Run> {
        match self.state {
            State::Checking => self.runs.check.as_mut(),
            State::Applying => self.runs.apply.as_mut(),
            State::Reverting => self.runs.revert.as_mut(),
            _ => None,
        }
    }
}

/// The runs of a migration.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Runs {
    /// The dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Run>,
    /// The move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply: Option<Run>,
    /// Its taking back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revert: Option<Run>,
}

/// One walk over the cases, ordered by a person and carried out by the worker.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Run {
    /// Who ordered it, as the journal writes actors.
    pub by: String,
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at_ms: Option<i64>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The decision or order that it rests on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ground: String,
    /// Cases seen so far.
    pub seen: u64,
    /// Cases that go, or would go.
    pub moved: u64,
    /// Cases that stay, by the first reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<StayCount>,
    /// Some of the cases that stay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
}

/// How many cases stay for one reason at one element.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StayCount {
    /// Key of the reason.
    pub reason: String,
    /// BPMN id in the old version; empty for the case as a whole.
    pub element: String,
    /// Cases.
    pub cases: u64,
}

/// A case that stays.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Example {
    /// Its number.
    pub number: u64,
    /// Key of the reason.
    pub reason: String,
    /// BPMN id in the old version.
    pub element: String,
}

impl Run {
    /// Counts a case.
    pub(super) fn count(&mut self, number: u64, outcome: &Outcome) {
        self.seen += 1;
        let (reason, element) = match outcome {
            Outcome::Moved | Outcome::Reverted => {
                self.moved += 1;
                return;
            }
            Outcome::Stays(reason, element) | Outcome::Kept(reason, element) => (reason, element),
        };
        let mut known = self.stays.iter_mut();
        match known.find(|one| one.reason == *reason && one.element == *element) {
            Some(one) => one.cases += 1,
            None => {
                let (reason, element) = (reason.clone(), element.clone());
                self.stays.push(StayCount { reason, element, cases: 1 });
            }
        }
        if self.examples.len() < bounds::PROCESS_MIGRATION_EXAMPLES_MAX {
            let (reason, element) = (reason.clone(), element.clone());
            self.examples.push(Example { number, reason, element });
        }
    }

    /// How many stay.
    #[must_use]
    pub fn staying(&self) -> u64 {
        self.stays.iter().map(|one| one.cases).sum()
    }
}

/// What became of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It runs on the new version, or would.
    Moved,
    /// It stays: key of the first reason, element of the old version.
    Stays(String, String),
    /// It was taken back.
    Reverted,
    /// It was not taken back: key of the reason, element.
    Kept(String, String),
}

impl Outcome {
    pub(super) fn stays(stays: &[Stay]) -> Self {
        let first = stays.first();
        Self::Stays(
            first.map(|stay| stay.why.key().to_owned()).unwrap_or_default(),
            first.map(|stay| stay.node.clone()).unwrap_or_default(),
        )
    }

    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Stays(..) => "stays",
            Self::Reverted => "reverted",
            Self::Kept(..) => "kept",
        }
    }

    pub(super) fn why(&self) -> (&str, &str) {
        match self {
            Self::Moved | Self::Reverted => ("", ""),
            Self::Stays(reason, element) | Self::Kept(reason, element) => (reason, element),
        }
    }
}

/// Why an act on a migration was not done.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum MigrationError {
    /// There is no such migration.
    #[error("no such migration")]
    NotFound,
    /// Somebody changed it in the meantime.
    #[error("the migration is at revision {found}, not at {expected}")]
    Changed {
        /// The revision that the page was made from.
        expected: u64,
        /// Where it stands now.
        found: u64,
    },
    /// It does not stand where this act exists.
    #[error("the migration is {}", .0.key())]
    Stands(State),
    /// There is no such version.
    #[error("there is no version {1} of {0}")]
    NoVersion(String, u32),
    /// Cases go to a later version that is in force today.
    #[error("version {0} is not a later version in force today")]
    NotInForce(u32),
    /// The plan is not changed like that.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Ground or reason: field and text key.
    #[error("{} fields are not filled in as they must be", .0.len())]
    Fields(Vec<Fault>),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
