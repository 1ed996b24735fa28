//! What operations did, as the journal keeps it. A released event is frozen, as in `event`.

use super::event::Ref;
use super::op::Because;
use crate::calendar::{Date, Instant};
use crate::ids::{AccountId, CaseId, UnitId};
use crate::org::Role;
use process::{Event as Move, Vars};
use serde::{Deserialize, Serialize};

/// One event of an operation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpEvent {
    /// A task went back to an earlier one.
    Returned {
        /// Element id of the task.
        task: String,
        /// Element id of the earlier one.
        to: String,
        /// Its token.
        token: u32,
        /// Why.
        because: Because,
        /// Child cases that end with what was cancelled.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ended: Vec<CaseId>,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
    /// A finished step was taken back by who had finished it.
    TakenBack {
        /// Element id of the task.
        task: String,
        /// Its token.
        token: u32,
        /// Why.
        because: Because,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
    /// A leader sent a step to another task.
    Jumped {
        /// Element id of the step.
        task: String,
        /// Element id of the task.
        to: String,
        /// Its token, which is gone.
        token: u32,
        /// Why.
        because: Because,
        /// Child cases that end with what was cancelled.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ended: Vec<CaseId>,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
    /// A leader left a step out.
    Skipped {
        /// Element id of the step.
        task: String,
        /// The outcome that counted for the way on.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        outcome: String,
        /// Its token.
        token: u32,
        /// Why.
        because: Because,
        /// Child cases that end with the step.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ended: Vec<CaseId>,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
    /// A leader added a step beside the others.
    StepAdded {
        /// Element id of the task.
        task: String,
        /// Why.
        because: Because,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
    /// Somebody took a task of their post.
    Claimed {
        /// Element id of the task.
        task: String,
        /// Its token.
        token: u32,
        /// Who.
        officer: AccountId,
        /// When.
        at: Instant,
    },
    /// A task was given back to all of the post.
    Released {
        /// Element id of the task.
        task: String,
        /// Its token.
        token: u32,
        /// Why.
        because: Because,
        /// When.
        at: Instant,
    },
    /// One task was lent to an officer until a day.
    Delegated {
        /// Element id of the task.
        task: String,
        /// Its token.
        token: u32,
        /// Whose task it is.
        from: AccountId,
        /// Who does it.
        to: AccountId,
        /// The unit of their seat.
        unit: UnitId,
        /// The role of their seat.
        role: Role,
        /// Last day.
        until: Date,
        /// Why.
        because: Because,
        /// When.
        at: Instant,
    },
    /// That ended.
    DelegationEnded {
        /// Element id of the task.
        task: String,
        /// Its token.
        token: u32,
        /// When.
        at: Instant,
    },
    /// The case went to another unit.
    Transferred {
        /// From where.
        from: UnitId,
        /// To where.
        to: UnitId,
        /// Why.
        because: Because,
        /// When.
        at: Instant,
    },
    /// An officer helps.
    CoProcessing {
        /// Who.
        officer: AccountId,
        /// The unit of their seat.
        unit: UnitId,
        /// The role of their seat.
        role: Role,
        /// Why.
        because: Because,
        /// When.
        at: Instant,
    },
    /// They help no more.
    CoProcessingEnded {
        /// Who.
        officer: AccountId,
        /// Why.
        because: Because,
        /// When.
        at: Instant,
    },
    /// Somebody opened what follows a finished step; it cannot be taken back any more.
    Opened {
        /// The tokens that they may act on.
        tokens: Vec<u32>,
        /// When.
        at: Instant,
    },
    /// What the case waited for has happened outside.
    Happened {
        /// Element id of the event or receive task.
        event: String,
        /// The token that waited.
        token: u32,
        /// Why.
        because: Because,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
    /// An activity of an ad-hoc sub-process began.
    Chosen {
        /// Element id of the sub-process.
        part: String,
        /// Element id of the activity.
        task: String,
        /// The token that stands at the sub-process.
        token: u32,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
    /// A signal that another case gave was waited for here.
    SignalHeard {
        /// Name of the signal.
        signal: String,
        /// Element id of the event.
        event: String,
        /// The case that gave it.
        from: CaseId,
        /// Its code or tracking number.
        code: String,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
    /// Child cases that carried out called processes end: nothing waits for them any more.
    CallsEnded {
        /// They.
        children: Vec<CaseId>,
        /// When.
        at: Instant,
    },
    /// The called process that this case carries out ended with an error that it did not catch.
    EndedByError {
        /// Its code.
        code: String,
        /// When.
        at: Instant,
    },
    /// The process could not go on; the act before it stands.
    IncidentRaised {
        /// Number within the case, from 1.
        incident: u32,
        /// The token; 0 is the process.
        token: u32,
        /// Element id where it happened; empty when unknown.
        node: String,
        /// Key of what happened.
        code: String,
        /// What happened, in English, for whoever mends the process.
        message: String,
        /// What is to be tried again.
        command: process::Command,
        /// The outcome that conditions read.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        outcome: String,
        /// The timer event that rang, if one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node_of_timer: Option<process::NodeIx>,
        /// When.
        at: Instant,
    },
    /// It was tried again and went on.
    Retried {
        /// Number of the incident.
        incident: u32,
        /// Why.
        because: Because,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
    /// The data that conditions read were mended.
    DataSet {
        /// The variables.
        vars: Vars,
        /// Why.
        because: Because,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
}

impl OpEvent {
    /// Kind, as the journal's column has it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Returned { .. } => "returned",
            Self::TakenBack { .. } => "taken_back",
            Self::Jumped { .. } => "jumped",
            Self::Skipped { .. } => "skipped",
            Self::StepAdded { .. } => "step_added",
            Self::Claimed { .. } => "claimed",
            Self::Released { .. } => "released",
            Self::Delegated { .. } => "delegated",
            Self::DelegationEnded { .. } => "delegation_ended",
            Self::Transferred { .. } => "transferred",
            Self::CoProcessing { .. } => "co_processing",
            Self::CoProcessingEnded { .. } => "co_processing_ended",
            Self::Opened { .. } => "opened",
            Self::Happened { .. } => "happened",
            Self::Chosen { .. } => "chosen",
            Self::SignalHeard { .. } => "signal_heard",
            Self::CallsEnded { .. } => "calls_ended",
            Self::EndedByError { .. } => "ended_by_error",
            Self::IncidentRaised { .. } => "incident_raised",
            Self::Retried { .. } => "retried",
            Self::DataSet { .. } => "data_set",
        }
    }

    /// When it happened.
    #[must_use]
    pub fn at(&self) -> Instant {
        match self {
            Self::Returned { at, .. }
            | Self::TakenBack { at, .. }
            | Self::Jumped { at, .. }
            | Self::Skipped { at, .. }
            | Self::StepAdded { at, .. }
            | Self::Claimed { at, .. }
            | Self::Released { at, .. }
            | Self::Delegated { at, .. }
            | Self::DelegationEnded { at, .. }
            | Self::Transferred { at, .. }
            | Self::CoProcessing { at, .. }
            | Self::CoProcessingEnded { at, .. }
            | Self::Opened { at, .. }
            | Self::Happened { at, .. }
            | Self::Chosen { at, .. }
            | Self::SignalHeard { at, .. }
            | Self::CallsEnded { at, .. }
            | Self::EndedByError { at, .. }
            | Self::IncidentRaised { at, .. }
            | Self::Retried { at, .. }
            | Self::DataSet { at, .. } => *at,
        }
    }

    /// Whether somebody has something new to do from then on.
    pub(super) fn begins_anew(&self) -> bool {
        matches!(
            self,
            Self::Returned { .. }
                | Self::TakenBack { .. }
                | Self::Jumped { .. }
                | Self::Skipped { .. }
                | Self::Transferred { .. }
                | Self::Happened { .. }
                | Self::Chosen { .. }
                | Self::SignalHeard { .. }
                | Self::Retried { .. }
        )
    }

    /// The moves of the process.
    #[must_use]
    pub fn moves(&self) -> &[Move] {
        match self {
            Self::Returned { moves, .. }
            | Self::TakenBack { moves, .. }
            | Self::Jumped { moves, .. }
            | Self::Skipped { moves, .. }
            | Self::StepAdded { moves, .. }
            | Self::Happened { moves, .. }
            | Self::Chosen { moves, .. }
            | Self::SignalHeard { moves, .. }
            | Self::Retried { moves, .. }
            | Self::DataSet { moves, .. } => moves,
            _ => &[],
        }
    }

    /// Why it was done, if it was for a reason of its own.
    #[must_use]
    pub fn because(&self) -> Option<&Because> {
        match self {
            Self::Returned { because, .. }
            | Self::TakenBack { because, .. }
            | Self::Jumped { because, .. }
            | Self::Skipped { because, .. }
            | Self::StepAdded { because, .. }
            | Self::Released { because, .. }
            | Self::Delegated { because, .. }
            | Self::Transferred { because, .. }
            | Self::CoProcessing { because, .. }
            | Self::CoProcessingEnded { because, .. }
            | Self::Happened { because, .. }
            | Self::Retried { because, .. }
            | Self::DataSet { because, .. } => Some(because),
            _ => None,
        }
    }

    /// The sealed reason.
    #[must_use]
    pub fn reason(&self) -> Option<&Ref> {
        self.because().and_then(|because| because.reason.as_ref())
    }

    /// Child cases that end with it.
    #[must_use]
    pub fn ended(&self) -> &[CaseId] {
        match self {
            Self::Returned { ended, .. }
            | Self::Jumped { ended, .. }
            | Self::Skipped { ended, .. }
            | Self::CallsEnded { children: ended, .. } => ended,
            _ => &[],
        }
    }

    /// The officer whom it names.
    #[must_use]
    pub fn officer(&self) -> Option<&AccountId> {
        match self {
            Self::Claimed { officer, .. }
            | Self::Delegated { to: officer, .. }
            | Self::CoProcessing { officer, .. }
            | Self::CoProcessingEnded { officer, .. } => Some(officer),
            _ => None,
        }
    }
}
