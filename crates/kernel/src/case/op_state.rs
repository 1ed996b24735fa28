//! What operations leave in the state of a case: who holds which task, who helps, what can still be
//! taken back, where the process stands still.

use crate::calendar::{Date, Instant};
use crate::ids::{AccountId, UnitId};
use crate::org::Role;
use process::Trace;
use serde::{Deserialize, Serialize};

/// The part of a case's state that operations make; empty for most cases.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Ops {
    /// Who holds which task.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Hold>,
    /// Officers who help, in the order they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub helpers: Vec<Helper>,
    /// Finished steps that can still be taken back, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finished: Vec<Finished>,
    /// Where the process stands still, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<Incident>,
    /// Incidents so far.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub raised: u32,
    /// Units that decided on it before; they see it still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_units: Vec<UnitId>,
    /// Came from another unit and nobody was named for it yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_assign: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Who holds the task of a token.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hold {
    /// The token.
    pub token: u32,
    /// Who took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// To whom it is lent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lent: Option<Lent>,
}

/// One task lent to an officer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Lent {
    /// Whose task it is.
    pub from: AccountId,
    /// Who does it.
    pub to: AccountId,
    /// The unit of their seat.
    pub unit: UnitId,
    /// The role of their seat.
    pub role: Role,
    /// Last day.
    pub until: Date,
}

/// An officer who helps.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Helper {
    /// Who.
    pub officer: AccountId,
    /// The unit of their seat.
    pub unit: UnitId,
    /// The role of their seat.
    pub role: Role,
    /// Since when.
    pub since: Instant,
}

/// A finished step that can still be taken back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finished {
    /// Who finished it.
    pub by: AccountId,
    /// Element id.
    pub task: String,
    /// The token that it was done with.
    pub token: u32,
    /// What it changed in the process.
    pub trace: Trace,
    /// The officer in charge before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<AccountId>,
    /// Units chosen for consultation before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consulted: Vec<UnitId>,
    /// Number of the result before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// Where the process stands still.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Incident {
    /// Number within the case, from 1.
    pub number: u32,
    /// The token; 0 is the process.
    pub token: u32,
    /// Element id where it happened; empty when unknown.
    pub node: String,
    /// Key of what happened.
    pub code: String,
    /// What happened, in English.
    pub message: String,
    /// What is to be tried again.
    pub command: process::Command,
    /// The outcome that conditions read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub outcome: String,
    /// Since when.
    pub since: Instant,
}

impl Ops {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Who holds the task of a token.
    #[must_use]
    pub fn hold(&self, token: u32) -> Option<&Hold> {
        self.holds.iter().find(|hold| hold.token == token)
    }

    /// To whom the task of a token is lent on a day.
    #[must_use]
    pub fn lent(&self, token: u32, day: Date) -> Option<&Lent> {
        self.hold(token)?.lent.as_ref().filter(|lent| day <= lent.until)
    }

    /// The open incident of a token.
    #[must_use]
    pub fn incident_at(&self, token: u32) -> Option<&Incident> {
        self.incidents.iter().find(|incident| incident.token == token)
    }

    pub(super) fn hold_mut(&mut self, token: u32) -> &mut Hold {
        let place = self.holds.iter().position(|hold| hold.token == token);
        let place = place.unwrap_or_else(|| {
            self.holds.push(Hold { token, by: None, lent: None });
            self.holds.len() - 1
        });
        // The place was found or made just now.
        #[expect(clippy::indexing_slicing, reason = "the place exists")]
        &mut self.holds[place]
    }
}
