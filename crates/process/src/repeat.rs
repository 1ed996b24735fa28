//! Repetition of an activity: standard loops and multi-instance.

use crate::expr::Code;
use crate::trigger::Trigger;

/// How an activity is repeated.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Repeat {
    /// `standardLoopCharacteristics`.
    Loop {
        /// Goes on while it holds; without it, up to `maximum`.
        condition: Option<Code>,
        /// Most rounds.
        maximum: Option<u32>,
        /// The condition is looked at before each round.
        test_before: bool,
    },
    /// `multiInstanceLoopCharacteristics`.
    Multi(Box<Multi>),
}

/// Multi-instance: one instance for each item or number.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Multi {
    /// One after the other.
    pub(crate) sequential: bool,
    /// How many instances.
    pub(crate) cardinality: Option<Code>,
    /// A list with one item for each instance.
    pub(crate) collection: Option<Code>,
    /// The name of the item inside an instance.
    pub(crate) item: Option<String>,
    /// The list that gathers a value from each instance: name and value.
    pub(crate) output: Option<(String, Code)>,
    /// The rest is cancelled when it holds.
    pub(crate) complete: Option<Code>,
    /// Events thrown as instances end, to be caught on the edge of the activity.
    pub(crate) behavior: Behavior,
}

/// When instances that end throw an event (BPMN 2.0, table 10.27).
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) enum Behavior {
    /// Never.
    #[default]
    All,
    /// At the end of each instance.
    None(Trigger),
    /// At the end of the first instance.
    One(Trigger),
    /// When a condition holds: the rest is cancelled and the event thrown.
    Complex(Vec<(Code, Trigger)>),
}

impl Repeat {
    /// A standard loop.
    pub(crate) fn is_loop(&self) -> bool {
        matches!(self, Self::Loop { .. })
    }
}
