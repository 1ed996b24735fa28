//! Operations on a case beyond the drawn process: what administrative work needs on any day and in
//! any step. Each is recorded with its reason and its ground.

use super::action::Action;
use super::event::Ref;
use crate::calendar::Date;
use crate::ids::{AccountId, CaseId, UnitId};
use process::Vars;
use serde::{Deserialize, Serialize};

/// Why an operation is asked for; whether it is enough, the deciders say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Why {
    /// Reason, sealed.
    pub reason: Option<Ref>,
    /// Legal ground: an article, a regulation of the office, or the key of one.
    pub ground: String,
}

/// Why an operation was done, as the journal keeps it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Because {
    /// Reason, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Ref>,
    /// Legal ground.
    pub ground: String,
}

/// One operation.
#[derive(Clone, PartialEq, Debug)]
pub enum Op {
    /// Back to an earlier task; what runs beside it in the same part of the process ends.
    Return {
        /// Token at the task.
        token: u32,
        /// Element id of the earlier task.
        to: String,
        /// Why.
        why: Why,
    },
    /// One's own finished step, as long as nobody opened what follows.
    TakeBack {
        /// The token that the step was done with.
        token: u32,
        /// Why.
        why: Why,
    },
    /// A leader sends a step on or back to another task.
    Jump {
        /// Token at the step.
        token: u32,
        /// Element id of the task.
        to: String,
        /// Why.
        why: Why,
    },
    /// A leader leaves a step out.
    Skip {
        /// Token at the step.
        token: u32,
        /// The outcome that counts for the way on, if the process asks for one.
        outcome: String,
        /// Why.
        why: Why,
    },
    /// A leader has a task done once more beside what runs.
    AddStep {
        /// Element id of the task.
        node: String,
        /// Why.
        why: Why,
    },
    /// Takes a task of one's post that nobody has.
    Claim {
        /// Token.
        token: u32,
    },
    /// Gives it back to all of the post.
    Release {
        /// Token.
        token: u32,
        /// Why.
        why: Why,
    },
    /// Has one task done by a named officer until a day.
    Delegate {
        /// Token.
        token: u32,
        /// Who does it.
        to: AccountId,
        /// Last day.
        until: Date,
        /// Why.
        why: Why,
    },
    /// Ends that, before its day by a person, after it by the program.
    EndDelegation {
        /// Token.
        token: u32,
    },
    /// Hands the case to another unit, which names its officer.
    Transfer {
        /// The unit.
        unit: UnitId,
        /// Why.
        why: Why,
    },
    /// An officer helps: sees the case and writes notes, decides nothing.
    CoProcess {
        /// Who.
        officer: AccountId,
        /// Why.
        why: Why,
    },
    /// They help no more.
    EndCoProcess {
        /// Who.
        officer: AccountId,
        /// Why.
        why: Why,
    },
    /// The person looks at a task that somebody else could still take back.
    Open,
    /// What the case waited for has happened outside: a message came, a signal was given.
    Happen {
        /// The token that waits.
        token: u32,
        /// Element id of the event or receive task.
        event: String,
        /// Why.
        why: Why,
    },
    /// An activity of an ad-hoc sub-process begins.
    Choose {
        /// The token that stands there.
        token: u32,
        /// Element id of the activity.
        to: String,
    },
    /// Another case gave a signal that this one may wait for.
    Hear {
        /// Name of the signal.
        signal: String,
        /// The case that gave it.
        from: CaseId,
        /// Its code or tracking number.
        code: String,
    },
    /// Tries again what the process could not do.
    Retry {
        /// Number of the incident.
        incident: u32,
        /// Why.
        why: Why,
    },
    /// Mends the data that conditions read.
    SetData {
        /// Variables of the process.
        vars: Vars,
        /// Why.
        why: Why,
    },
}

impl Op {
    /// The action that the policy knows.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Return { token, .. } => Action::Return(*token),
            Self::TakeBack { token, .. } => Action::TakeBack(*token),
            Self::Jump { token, .. } => Action::Jump(*token),
            Self::Skip { token, .. } => Action::Skip(*token),
            Self::AddStep { .. } => Action::AddStep,
            Self::Claim { token } => Action::Claim(*token),
            Self::Release { token, .. } => Action::Release(*token),
            Self::Delegate { token, .. } => Action::Delegate(*token),
            Self::EndDelegation { token } => Action::EndDelegation(*token),
            Self::Transfer { .. } => Action::Transfer,
            Self::CoProcess { .. } => Action::CoProcess,
            Self::EndCoProcess { .. } => Action::EndCoProcess,
            Self::Open => Action::Open,
            Self::Happen { token, .. } => Action::Happen(*token),
            Self::Choose { token, .. } => Action::Choose(*token),
            Self::Hear { .. } => Action::System,
            Self::Retry { incident, .. } => Action::Retry(*incident),
            Self::SetData { .. } => Action::SetData,
        }
    }
}
