//! Moves running cases to another edition of their process, by a plan.
//!
//! [`plan`] matches the elements of two editions, a person may change it, [`migrate`] decides for
//! one case: events, or each reason why the case must stay. The events are replayed by
//! [`apply`](crate::apply) like all others. [`revert`] takes a migration back as long as nothing
//! else has been done.

mod branch;
mod carry;
mod decide;
mod matching;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub(crate) use carry::carry;
pub use decide::{migrate, revert};
pub use matching::plan;

/// How the elements of one edition correspond to those of another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// SHA-256 of the edition that cases leave.
    pub from: String,
    /// SHA-256 of the edition that they go to.
    pub to: String,
    /// For each matched element of the old edition, by BPMN id, its target.
    pub nodes: BTreeMap<String, Match>,
    /// For each matched sequence flow, by BPMN id, its target: the branches of joins.
    pub flows: BTreeMap<String, String>,
    /// Elements of the old edition without a target, in the order of the file.
    pub unmatched: Vec<String>,
    /// Elements of the new edition that nothing corresponds to, in the order of the file.
    pub added: Vec<String>,
}

/// The target of an element.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Match {
    /// The BPMN id in the new edition.
    pub to: String,
    /// Why it is the target.
    pub by: By,
}

/// Why two elements correspond.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// They have the same id.
    Id,
    /// They have the same type, name and lane, and no others have.
    Traits,
    /// A person said so.
    Person,
}

/// Why a person's change of a plan is not made.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize, Deserialize)]
pub enum PlanError {
    /// The plan is for other editions.
    #[error("the plan is for other editions")]
    OtherEditions,
    /// The element or flow is not in its edition.
    #[error("there is no element {0:?} in this edition")]
    NoSuchElement(String),
    /// Another element has this target already.
    #[error("{0:?} is the target of {1:?} already")]
    Taken(String, String),
}

/// A part of a case that cannot be migrated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stays {
    /// The token; 0 is the case as a whole.
    pub token: u32,
    /// The BPMN id of the old element; empty for the case as a whole.
    pub node: String,
    /// The reason.
    pub why: Why,
}

/// Why a case, or a token of it, cannot be migrated.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The plan is for other editions.
    #[error("the plan is for other editions")]
    OtherEditions,
    /// The case has not begun or has ended.
    #[error("the case does not run")]
    NotRunning,
    /// The plan gives no target.
    #[error("the plan gives no target")]
    NoTarget,
    /// The target is of another type, or asks for another job, process or event.
    #[error("the target {0} is of another type")]
    TypeDiffers(String),
    /// The target repeats in another way.
    #[error("the target {0} repeats in another way")]
    RepeatDiffers(String),
    /// The target stands in another sub-process.
    #[error("the target {0} stands in another sub-process")]
    ScopeDiffers(String),
    /// The case waits at a join, and the branch by which it came has no counterpart.
    #[error("the branch {0} by which it came to the join has no counterpart")]
    BranchUnknown(String),
    /// Two tokens that wait at a join would have come by one branch.
    #[error("another token came by the branch {0} as well")]
    BranchTwice(String),
    /// Every branch of the join would have come: it would open at once.
    #[error("the join {0} would open at once")]
    JoinOpens(String),
    /// A branch that the join waits for was never begun.
    #[error("the case would wait for ever at join {0}")]
    WouldStick(String),
    /// A timer of the target has a computed time.
    #[error("the time of {0} is computed and cannot be set by a migration")]
    ComputedTimer(String),
    /// The activity can still be undone, and the plan gives no target.
    #[error("the activity can still be undone, and the plan gives no target")]
    CannotUndo,
}

impl Why {
    /// Key of the text for people, below `process.migration.`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::OtherEditions => "other_editions",
            Self::NotRunning => "not_running",
            Self::NoTarget => "no_target",
            Self::TypeDiffers(_) => "type_differs",
            Self::RepeatDiffers(_) => "repeat_differs",
            Self::ScopeDiffers(_) => "scope_differs",
            Self::BranchUnknown(_) => "branch_unknown",
            Self::BranchTwice(_) => "branch_twice",
            Self::JoinOpens(_) => "join_opens",
            Self::WouldStick(_) => "would_stick",
            Self::ComputedTimer(_) => "computed_timer",
            Self::CannotUndo => "cannot_undo",
        }
    }
}
