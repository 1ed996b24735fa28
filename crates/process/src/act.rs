//! Commands: all that may be asked of a process.

use serde::{Deserialize, Serialize};

use crate::definition::NodeIx;
use crate::modify::Instruction;
use crate::state::Vars;
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
    /// Begins the process at one of its event starts.
    StartAt {
        /// A start by message, signal or timer, a receive task or a gateway that instantiates.
        node: NodeIx,
    },
    /// An event that a token waits for has happened: a message, a signal, a condition.
    Trigger {
        /// The token; for the start of an event sub-process the owner of the scope around it.
        token: u32,
        /// The event or receive task, see `waits`.
        node: NodeIx,
    },
    /// Work at a service task or in a called process ended with an error.
    Fail {
        /// The token at the activity.
        token: u32,
        /// The code of the error.
        code: String,
    },
    /// An escalation came out of a called process, which goes on.
    Escalate {
        /// The token at the call activity.
        token: u32,
        /// The code of the escalation.
        code: String,
    },
    /// The called process has ended with these variables.
    Returned {
        /// The token at the call activity.
        token: u32,
        /// The variables of the called process.
        vars: Vars,
    },
    /// Starts an activity of an ad-hoc sub-process.
    Choose {
        /// The token that stands at the ad-hoc sub-process.
        token: u32,
        /// The activity.
        node: NodeIx,
    },
    /// Returns a task to an earlier one, see `return_targets`.
    Return {
        /// The token at the task.
        token: u32,
        /// The earlier task.
        to: NodeIx,
    },
    /// Moves tokens by force; all or nothing.
    Modify {
        /// Carried out in order.
        instructions: Vec<Instruction>,
    },
    /// Changes variables of the process; conditions are looked at again, with no variables too,
    /// since they may read data of the caller.
    Set {
        /// The variables.
        vars: Vars,
    },
    /// Sets variables where the token of the command stands, then carries out the command.
    With {
        /// The variables.
        vars: Vars,
        /// The command.
        then: Box<Command>,
    },
}

impl Command {
    /// The token that the command is about; 0 is the process.
    pub(crate) fn token(&self) -> u32 {
        match self {
            Self::Complete { token, .. }
            | Self::SendBack { token }
            | Self::TimerFired { token, .. }
            | Self::Answered { token }
            | Self::Trigger { token, .. }
            | Self::Fail { token, .. }
            | Self::Escalate { token, .. }
            | Self::Returned { token, .. }
            | Self::Choose { token, .. }
            | Self::Return { token, .. } => *token,
            Self::With { then, .. } => then.token(),
            Self::Start
            | Self::StartAt { .. }
            | Self::Cancel
            | Self::Modify { .. }
            | Self::Set { .. } => 0,
        }
    }
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
