//! Commands, events and refusals: all that goes into a process and comes out of it.

use serde::{Deserialize, Serialize};

use crate::definition::{NodeIx, TimerSpec};
use crate::value::Value;

/// What a caller asks of a process. Who may ask is the caller's matter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Command {
    /// Begins the process.
    Start,
    /// Ends a user task with one of its outcomes. The outcome `send_back` is the same as
    /// `SendBack`, unless a gateway after the task asks for it by name.
    Complete {
        /// The token at the task.
        token: u32,
        /// One of `Node::outcomes`; conditions read it under the name `outcome`.
        outcome: String,
    },
    /// Sends the token at a user task back to the previous step.
    SendBack {
        /// The token at the task.
        token: u32,
    },
    /// A timer is due. One that no longer applies changes nothing and is no error.
    TimerFired {
        /// The token that the timer was set for.
        token: u32,
        /// The boundary event, or `None` for a timer in the flow.
        boundary: Option<NodeIx>,
    },
    /// The answer to a waiting service task has come.
    Answered {
        /// The token at the service task.
        token: u32,
    },
    /// Ends the process without a result.
    Cancel,
}

/// The data that conditions read. A name without a value is null.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// Value of a name; a name may have dots (`fee.due`).
    pub data: &'a dyn Fn(&str) -> Option<Value>,
}

impl std::fmt::Debug for Env<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Env")
    }
}

/// What happened. The short tag in `k` is the event's version: a changed meaning gets a new tag.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "k")]
pub enum Event {
    /// The process began; token 1 stands at the start event.
    #[serde(rename = "started")]
    Started,
    /// A token came to a place where it waits (user task, waiting service task, timer).
    #[serde(rename = "in")]
    Entered {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// Where it waits now.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The user task finished before, if any since the last barrier.
        #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
        from: Option<NodeIx>,
    },
    /// A token left the place where it waited.
    #[serde(rename = "out")]
    Left {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The place it left.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The outcome of a user task.
        #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
    },
    /// A token took a flow out of an exclusive gateway; the flow is its number in the definition.
    #[serde(rename = "via")]
    Chose {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The gateway.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The number of the flow, see `Definition::flows`.
        #[serde(rename = "e")]
        flow: u16,
    },
    /// A timer is to be set for a token.
    #[serde(rename = "timer")]
    TimerSet {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The timer event: the catch itself, or the boundary event on the token's task.
        #[serde(rename = "n")]
        node: NodeIx,
        /// When it fires.
        #[serde(rename = "w")]
        spec: TimerSpec,
    },
    /// A timer that was set is no longer needed.
    #[serde(rename = "timer_off")]
    TimerDropped {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The timer event.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// A timer fired and took effect.
    #[serde(rename = "rang")]
    TimerRang {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The timer event.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// An interrupting boundary event ended a task; the token goes on from the boundary event.
    #[serde(rename = "cut")]
    Interrupted {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The task that ended.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The boundary event.
        #[serde(rename = "by")]
        by: NodeIx,
    },
    /// A non-interrupting boundary event opened a new token beside the task.
    #[serde(rename = "beside")]
    Forked {
        /// The new token.
        #[serde(rename = "t")]
        token: u32,
        /// The boundary event.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// A service task asks for a job; it leaves through the caller's outbox.
    #[serde(rename = "job")]
    JobAsked {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The service task.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The job's key.
        #[serde(rename = "j")]
        job: String,
    },
    /// A token waits at a join for the others.
    #[serde(rename = "arrived")]
    Arrived {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The join.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The incoming flow.
        #[serde(rename = "e")]
        flow: u16,
    },
    /// A join has all it waits for: the tokens end and a new one goes on.
    #[serde(rename = "joined")]
    Joined {
        /// The new token.
        #[serde(rename = "t")]
        token: u32,
        /// The join.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The tokens that ended.
        #[serde(rename = "of")]
        of: Vec<u32>,
    },
    /// A split ends its token and opens one for each outgoing flow.
    #[serde(rename = "split")]
    Split {
        /// The token that ended.
        #[serde(rename = "t")]
        token: u32,
        /// The gateway.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The new tokens, in the order of the outgoing flows.
        #[serde(rename = "to")]
        into: Vec<u32>,
    },
    /// A token came to an end event and is gone.
    #[serde(rename = "end")]
    Ended {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The end event.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// The process is finished; no token is left.
    #[serde(rename = "finished")]
    Finished,
    /// A token went back to the previous step. `Entered` follows for the same token.
    #[serde(rename = "back")]
    SentBack {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The task that sent it back.
        #[serde(rename = "f")]
        from: NodeIx,
        /// The task that has it again.
        #[serde(rename = "n")]
        to: NodeIx,
    },
    /// The process ended without a result; no token is left.
    #[serde(rename = "cancelled")]
    Cancelled,
}

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
            Self::CannotSendBack { why, .. } => match why {
                BackReason::FirstStep => "back_first_step",
                BackReason::AcrossSplit => "back_across_split",
                BackReason::AcrossJoin => "back_across_join",
                BackReason::AcrossAnswer => "back_across_answer",
                BackReason::AcrossTimer => "back_across_timer",
            },
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
                | Self::OtherEdition
        )
    }
}
