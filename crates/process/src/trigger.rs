//! What triggers events, what scripts do, what call activities call: parts of compiled nodes.

use crate::definition::NodeIx;
use crate::expr::Code;

/// What an event waits for or throws. Names and codes are those of the root elements.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Trigger {
    /// Time; the details are in `Node::timer`.
    Timer,
    /// A message by name.
    Message(String),
    /// A signal by name.
    Signal(String),
    /// An error; without a code it catches every one.
    Error(Option<String>),
    /// An escalation; without a code it catches every one.
    Escalation(Option<String>),
    /// Compensation of one activity, or of all in the scope.
    Compensate(Option<NodeIx>),
    /// A condition on the data.
    Condition(Code),
    /// A jump within the same scope.
    Link(String),
    /// Ends the scope.
    Terminate,
    /// Cancels a transaction.
    Cancel,
}

/// What a script task does.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Script {
    /// An expression; its value goes to the variable, or each entry of a context to its own.
    Feel {
        /// The variable for the value.
        result: Option<String>,
        /// The expression.
        code: Code,
    },
    /// Nothing at all.
    Nothing,
    /// Leaves a mark.
    Mark(String),
    /// Adds one to a variable and may leave a mark.
    Count {
        /// The variable.
        name: String,
        /// The mark.
        mark: Option<String>,
    },
    /// Sets a variable to a text.
    Store {
        /// The variable.
        name: String,
        /// The text.
        text: String,
    },
    /// Leaves a mark with the value of a variable.
    Tell(String),
    /// Throws an error.
    Throw(String),
    /// Takes time and may leave a mark at the end.
    Wait {
        /// ISO 8601.
        duration: String,
        /// The mark.
        mark: Option<String>,
    },
}

/// What a call activity calls and which data go in and out.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Called {
    /// Id of the process, without prefix.
    pub(crate) process: String,
    /// The id is computed.
    pub(crate) code: Option<Code>,
    /// `mc:version`: this version of it, not the latest.
    pub(crate) version: Option<u32>,
    /// `mc:asks`: who carries it out.
    pub(crate) asks: Option<Code>,
    /// All variables go in.
    pub(crate) all_in: bool,
    /// All variables come out.
    pub(crate) all_out: bool,
    /// Variables of the called instance: name and value here.
    pub(crate) inputs: Vec<(String, Code)>,
    /// Variables here: name and value in the called instance.
    pub(crate) outputs: Vec<(String, Code)>,
}
