//! Links between an asking case and its child cases: consultations and interlinked steps.

use crate::ids::{CaseId, UnitId};
use serde::{Deserialize, Serialize};

/// The case and the waiting token that a child answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ParentLink {
    /// The asking case.
    pub case: CaseId,
    /// Its waiting token.
    pub token: u32,
    /// `consult` or `interlink`.
    pub job: String,
    /// The unit that asked.
    pub unit: UnitId,
    /// The asking case's code.
    pub code: String,
}

/// How a child answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It came to its end.
    Done,
    /// It was stopped.
    Stopped,
    /// Its time ran out; silence counts as agreement where the process says so.
    Silent,
}

/// A child case, as the asking case knows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Child {
    /// The child.
    pub case: CaseId,
    /// The token that waits, or waited, for its answer.
    pub token: u32,
    /// The unit that was asked.
    pub unit: UnitId,
    /// Whether it answered.
    pub answered: bool,
}

impl Child {
    /// One that was just asked.
    pub(super) fn asked(case: CaseId, token: u32, unit: &UnitId) -> Self {
        Self { case, token, unit: unit.clone(), answered: false }
    }
}
