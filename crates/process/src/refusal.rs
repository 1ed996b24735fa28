//! Why a command is refused: typed, with the element and the reason.

use serde::{Deserialize, Serialize};

/// Why a command was refused. Nothing has changed. `key` names the text for people.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
pub enum Refusal {
    /// `Start` on a process that was started.
    #[error("expected a process that has not begun, but it was started before")]
    AlreadyStarted,
    /// Any other command before `Start`.
    #[error("expected a started process, but it has not begun")]
    NotStarted,
    /// The process is finished or cancelled.
    #[error("expected a running process, but it has ended")]
    Ended,
    /// No such token: the step was done by someone else in the meantime.
    #[error("expected a live token, but token {token} is gone")]
    NoToken {
        /// The token asked for.
        token: u32,
    },
    /// The token waits at something that this command does not move.
    #[error("token {token} waits at {node}, which is not {expected}")]
    WrongPlace {
        /// The token.
        token: u32,
        /// The BPMN id of the node.
        node: String,
        /// What the command needs.
        expected: String,
    },
    /// The outcome is not one of the task's.
    #[error("step {node} has no outcome {given:?}, only {}", allowed.join(", "))]
    UnknownOutcome {
        /// The BPMN id of the task.
        node: String,
        /// The outcome given, cut to the length limit.
        given: String,
        /// The outcomes of the task.
        allowed: Vec<String>,
    },
    /// Incident: no condition of a gateway holds and it has no default.
    #[error("no way out of gateway {node}: no condition holds and there is no default")]
    NoPath {
        /// The BPMN id of the gateway.
        node: String,
    },
    /// Incident: the automatic part does not come to rest.
    #[error("more than {limit} automatic steps; the last was {node}")]
    TooManySteps {
        /// The BPMN id of the node reached last.
        node: String,
        /// The limit.
        limit: usize,
    },
    /// Incident: too many tokens at once.
    #[error("more than {limit} parallel steps at {node}")]
    TooManyTokens {
        /// The BPMN id of the node.
        node: String,
        /// The limit.
        limit: usize,
    },
    /// Incident: the command would leave the case at a join that nothing can open.
    #[error("the case would wait for ever at join {node}")]
    WouldStick {
        /// The BPMN id of the join.
        node: String,
    },
    /// The state does not fit the definition: it belongs to another edition.
    #[error("the case stands at a step that this edition of the process does not have")]
    OtherEdition,
    /// Incident: an expression has no usable value.
    #[error("{node}: {reason}")]
    Expression {
        /// The BPMN id of the element.
        node: String,
        /// What was expected and what was found.
        reason: String,
    },
    /// Incident: an error was thrown that nothing catches; it would end the process without a
    /// result.
    #[error("{node}: nothing catches the error {code:?}")]
    Uncaught {
        /// The BPMN id of the element that threw it.
        node: String,
        /// Its code.
        code: String,
    },
    /// There is no such element in the process.
    #[error("there is no element {id:?} that this can be done to")]
    UnknownElement {
        /// The id given.
        id: String,
    },
    /// Tokens cannot be moved like this.
    #[error("{node}: {reason}")]
    CannotMove {
        /// The BPMN id of the element.
        node: String,
        /// The reason.
        reason: String,
    },
    /// The task cannot be returned there.
    #[error("step {node} cannot be returned to {to}: {why}")]
    CannotReturn {
        /// The BPMN id of the task.
        node: String,
        /// The BPMN id of the target.
        to: String,
        /// The reason.
        why: ReturnReason,
    },
    /// A finished step cannot be taken back any more.
    #[error("the step cannot be taken back: the case went on since")]
    WentOn,
    /// The step cannot be sent back.
    #[error("step {node} cannot be sent back: {why}")]
    CannotSendBack {
        /// The BPMN id of the task.
        node: String,
        /// The reason.
        why: BackReason,
    },
}

/// Why a step cannot be sent back to the one before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackReason {
    /// Nothing was done before it.
    #[error("it is the first step")]
    FirstStep,
    /// It is the first step of a parallel branch.
    #[error("the case was split into parallel branches just before")]
    AcrossSplit,
    /// It follows a join.
    #[error("parallel branches were joined just before")]
    AcrossJoin,
    /// It follows an answer from another agency or system.
    #[error("an answer from outside was taken just before")]
    AcrossAnswer,
    /// It follows a timer.
    #[error("a time limit ran out just before")]
    AcrossTimer,
}

/// Why a task cannot be returned to another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// It is not a user task.
    #[error("it is not a user task")]
    NotATask,
    /// The case has not been there.
    #[error("the case has not reached it")]
    NotReached,
    /// It stands in another sub-process.
    #[error("it stands in another part of the process")]
    OtherScope,
    /// It lies in a branch beside, not before.
    #[error("it does not come before the step")]
    NotBefore,
    /// The branch around it is not closed by one way in and one way out.
    #[error("it lies in another branch")]
    OtherBranch,
    /// It is a step that was added beside the others.
    #[error("it was added beside the others and ends by itself")]
    Beside,
}

impl Refusal {
    /// Key of the text for people, below `process.refusal.`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::AlreadyStarted => "already_started",
            Self::NotStarted => "not_started",
            Self::Ended => "ended",
            Self::NoToken { .. } => "no_token",
            Self::WrongPlace { .. } => "wrong_place",
            Self::UnknownOutcome { .. } => "unknown_outcome",
            Self::NoPath { .. } => "no_path",
            Self::TooManySteps { .. } => "too_many_steps",
            Self::TooManyTokens { .. } => "too_many_tokens",
            Self::WouldStick { .. } => "would_stick",
            Self::OtherEdition => "other_edition",
            Self::Expression { .. } => "expression",
            Self::Uncaught { .. } => "uncaught",
            Self::UnknownElement { .. } => "unknown_element",
            Self::CannotMove { .. } => "cannot_move",
            Self::CannotReturn { .. } => "cannot_return",
            Self::WentOn => "went_on",
            Self::CannotSendBack { why, .. } => match why {
                BackReason::FirstStep => "back_first_step",
                BackReason::AcrossSplit => "back_across_split",
                BackReason::AcrossJoin => "back_across_join",
                BackReason::AcrossAnswer => "back_across_answer",
                BackReason::AcrossTimer => "back_across_timer",
            },
        }
    }

    /// The element that it is about, by its BPMN id.
    #[must_use]
    pub fn element(&self) -> Option<&str> {
        match self {
            Self::WrongPlace { node, .. }
            | Self::UnknownOutcome { node, .. }
            | Self::NoPath { node }
            | Self::TooManySteps { node, .. }
            | Self::TooManyTokens { node, .. }
            | Self::WouldStick { node }
            | Self::Expression { node, .. }
            | Self::Uncaught { node, .. }
            | Self::CannotMove { node, .. }
            | Self::CannotReturn { node, .. }
            | Self::CannotSendBack { node, .. } => Some(node),
            _ => None,
        }
    }

    /// The fault lies in the process file, not in the command: the case needs mending.
    #[must_use]
    pub fn is_incident(&self) -> bool {
        matches!(
            self,
            Self::NoPath { .. }
                | Self::TooManySteps { .. }
                | Self::TooManyTokens { .. }
                | Self::WouldStick { .. }
                | Self::Expression { .. }
                | Self::Uncaught { .. }
                | Self::OtherEdition
        )
    }
}
