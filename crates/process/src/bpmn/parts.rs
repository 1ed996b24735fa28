//! The parts of a file: processes, nodes, flows, lanes, pools, data, declarations.

use super::kinds::{Kind, Trigger};
use crate::model::{BPMN_NS, Element};

/// Where an element stands: in a process, and there perhaps in a sub-process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Owner {
    /// Index in `Definitions::processes`; `usize::MAX` for a collaboration.
    pub process: usize,
    /// Index in `Definitions::nodes` of the enclosing sub-process.
    pub parent: Option<usize>,
}

/// A process.
#[derive(Clone, Debug)]
pub struct Process<'a> {
    /// The element.
    pub element: &'a Element,
    /// Its id, or empty.
    pub id: &'a str,
    /// Its name with single blanks, or empty.
    pub name: String,
    /// `isExecutable`, if it is said.
    pub executable: Option<bool>,
}

/// A flow node.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// The element.
    pub element: &'a Element,
    /// Its id, or empty.
    pub id: &'a str,
    /// Its name with single blanks, or empty.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Where it stands.
    pub owner: Owner,
    /// What an event waits for or sets off, root definitions resolved.
    pub triggers: Vec<EventDefinition<'a>>,
    /// How an activity is repeated.
    pub looping: Option<Loop<'a>>,
    /// Data that goes in and out.
    pub data: Vec<DataAssociation<'a>>,
    /// Indexes in `Definitions::flows` of the flows that arrive, by `sequenceFlow`.
    pub incoming: Vec<usize>,
    /// Indexes of the flows that leave.
    pub outgoing: Vec<usize>,
}

impl<'a> Node<'a> {
    /// The activity that a boundary event stands on, as written.
    #[must_use]
    pub fn attached_to(&self) -> Option<&'a str> {
        self.element.attr("attachedToRef")
    }

    /// Whether a boundary or start event ends what it interrupts.
    #[must_use]
    pub fn interrupting(&self) -> bool {
        let name =
            if self.kind == Kind::BoundaryEvent { "cancelActivity" } else { "isInterrupting" };
        flag(self.element, name).unwrap_or(true)
    }

    /// The default flow, as written.
    #[must_use]
    pub fn default_flow(&self) -> Option<&'a str> {
        self.element.attr("default").filter(|id| !id.trim().is_empty())
    }

    /// `isForCompensation`.
    #[must_use]
    pub fn for_compensation(&self) -> bool {
        flag(self.element, "isForCompensation").unwrap_or(false)
    }

    /// `triggeredByEvent`: an event sub-process.
    #[must_use]
    pub fn by_event(&self) -> bool {
        self.kind.is_sub_process() && flag(self.element, "triggeredByEvent").unwrap_or(false)
    }

    /// `instantiate` of a receive task or an event-based gateway.
    #[must_use]
    pub fn instantiates(&self) -> bool {
        flag(self.element, "instantiate").unwrap_or(false)
    }

    /// What a call activity calls, as written.
    #[must_use]
    pub fn called(&self) -> Option<&'a str> {
        self.element.attr("calledElement").filter(|id| !id.trim().is_empty())
    }

    /// `startQuantity` or `completionQuantity`; `Err` gives a text that is no number from 1 on.
    ///
    /// # Errors
    /// The text of the attribute.
    pub fn quantity(&self, attribute: &str) -> Result<u32, &'a str> {
        let Some(text) = self.element.attr(attribute) else { return Ok(1) };
        text.trim().parse().ok().filter(|quantity| *quantity >= 1).ok_or(text)
    }

    /// The text of a script, with its line.
    #[must_use]
    pub fn script(&self) -> Option<(&'a str, usize)> {
        self.element.bpmn("script").next().map(|script| (script.text.as_str(), script.line))
    }

    /// Whether the event has this trigger.
    #[must_use]
    pub fn has(&self, trigger: Trigger) -> bool {
        self.triggers.iter().any(|definition| definition.trigger == trigger)
    }
}

/// An event definition of an event.
#[derive(Clone, Copy, Debug)]
pub struct EventDefinition<'a> {
    /// The element.
    pub element: &'a Element,
    /// What it waits for or sets off.
    pub trigger: Trigger,
    /// It stands elsewhere and the event refers to it.
    pub referred: bool,
}

impl<'a> EventDefinition<'a> {
    /// The message, signal, error, escalation or (compensation) activity, as written.
    #[must_use]
    pub fn reference(&self) -> Option<&'a str> {
        let name = match self.trigger {
            Trigger::Message => "messageRef",
            Trigger::Signal => "signalRef",
            Trigger::Error => "errorRef",
            Trigger::Escalation => "escalationRef",
            Trigger::Compensate => "activityRef",
            _ => return None,
        };
        self.element.attr(name).filter(|id| !id.trim().is_empty())
    }

    /// `timeDate`, `timeDuration` and `timeCycle` with their expressions.
    pub fn times(&self) -> impl Iterator<Item = (&'a str, Expression<'a>)> {
        let parts = self.element.children.iter();
        parts
            .filter(|part| part.namespace == BPMN_NS && part.local.starts_with("time"))
            .map(|part| (part.local.as_str(), Expression::of(part)))
    }

    /// The condition of a conditional event.
    #[must_use]
    pub fn condition(&self) -> Option<Expression<'a>> {
        self.element.bpmn("condition").next().map(Expression::of)
    }

    /// The name of a link.
    #[must_use]
    pub fn link_name(&self) -> Option<&'a str> {
        self.element.attr("name").map(str::trim).filter(|name| !name.is_empty())
    }
}

/// An expression as written.
#[derive(Clone, Copy, Debug)]
pub struct Expression<'a> {
    /// Its text, trimmed.
    pub text: &'a str,
    /// `language`, if it is said.
    pub language: Option<&'a str>,
    /// Line of its element.
    pub line: usize,
}

impl<'a> Expression<'a> {
    /// The expression in an element.
    #[must_use]
    pub fn of(element: &'a Element) -> Self {
        Self { text: element.text.trim(), language: element.attr("language"), line: element.line }
    }
}

/// How an activity is repeated.
#[derive(Clone, Copy, Debug)]
pub enum Loop<'a> {
    /// `standardLoopCharacteristics`.
    Standard {
        /// The element.
        element: &'a Element,
        /// The condition is looked at before the first round.
        test_before: bool,
        /// `loopMaximum`.
        maximum: Option<&'a str>,
        /// `loopCondition`.
        condition: Option<Expression<'a>>,
    },
    /// `multiInstanceLoopCharacteristics`.
    Multi {
        /// The element.
        element: &'a Element,
        /// One instance after the other.
        sequential: bool,
        /// `loopCardinality`.
        cardinality: Option<Expression<'a>>,
        /// `loopDataInputRef`, as written.
        collection: Option<&'a str>,
        /// `completionCondition`.
        completion: Option<Expression<'a>>,
        /// `behavior`: `None`, `One`, `All` or `Complex`; `All` when it is not said.
        behavior: &'a str,
    },
}

impl<'a> Loop<'a> {
    pub(super) fn of(activity: &'a Element) -> Option<Self> {
        let found = |local: &'a str| activity.bpmn(local).next();
        if let Some(element) = found("multiInstanceLoopCharacteristics") {
            let expression = |local: &'a str| element.bpmn(local).next().map(Expression::of);
            let collection = element.bpmn("loopDataInputRef").next().map(|part| part.text.trim());
            return Some(Self::Multi {
                element,
                sequential: flag(element, "isSequential").unwrap_or(false),
                cardinality: expression("loopCardinality"),
                collection: collection.filter(|id| !id.is_empty()),
                completion: expression("completionCondition"),
                behavior: element.attr("behavior").unwrap_or("All"),
            });
        }
        let element = found("standardLoopCharacteristics")?;
        Some(Self::Standard {
            element,
            test_before: flag(element, "testBefore").unwrap_or(false),
            maximum: element.attr("loopMaximum"),
            condition: element.bpmn("loopCondition").next().map(Expression::of),
        })
    }

    /// `loop`, `parallel` or `sequential`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Standard { .. } => "loop",
            Self::Multi { sequential: true, .. } => "sequential",
            Self::Multi { .. } => "parallel",
        }
    }
}

/// A sequence flow.
#[derive(Clone, Debug)]
pub struct Flow<'a> {
    /// The element.
    pub element: &'a Element,
    /// Its id, or empty.
    pub id: &'a str,
    /// Its name with single blanks, or empty.
    pub name: String,
    /// Where it stands.
    pub owner: Owner,
    /// Where it leaves, without prefix; empty when it is not said.
    pub source: &'a str,
    /// Where it leads, without prefix; empty when it is not said.
    pub target: &'a str,
    /// Its condition.
    pub condition: Option<Expression<'a>>,
}

/// A lane.
#[derive(Clone, Debug)]
pub struct Lane<'a> {
    /// The element.
    pub element: &'a Element,
    /// Its id, or empty.
    pub id: &'a str,
    /// Its name with single blanks, or empty.
    pub name: String,
    /// Where it stands.
    pub owner: Owner,
    /// Index in `Definitions::lanes` of the lane around it.
    pub parent: Option<usize>,
    /// 0 for an outermost lane.
    pub depth: usize,
    /// Number of the outermost lane set in the file; a level may be split in several ways.
    pub set: usize,
    /// Ids of the nodes in it, without prefix.
    pub nodes: Vec<&'a str>,
}

/// A participant.
#[derive(Clone, Debug)]
pub struct Pool<'a> {
    /// The element.
    pub element: &'a Element,
    /// Its id, or empty.
    pub id: &'a str,
    /// Its name with single blanks, or empty.
    pub name: String,
    /// Id of its process, without prefix; `None` for a closed pool.
    pub process: Option<&'a str>,
}

/// A message flow. Its ends are pools or nodes, without prefix.
#[derive(Clone, Debug)]
pub struct MessageFlow<'a> {
    /// The element.
    pub element: &'a Element,
    /// Its id, or empty.
    pub id: &'a str,
    /// Its name with single blanks, or empty.
    pub name: String,
    /// Where it leaves.
    pub source: &'a str,
    /// Where it leads.
    pub target: &'a str,
}

/// An association.
#[derive(Clone, Debug)]
pub struct Association<'a> {
    /// The element.
    pub element: &'a Element,
    /// Its id, or empty.
    pub id: &'a str,
    /// Where it stands.
    pub owner: Owner,
    /// One end, without prefix.
    pub source: &'a str,
    /// The other end, without prefix.
    pub target: &'a str,
}

/// An association of an activity or event with data.
#[derive(Clone, Debug)]
pub struct DataAssociation<'a> {
    /// The element.
    pub element: &'a Element,
    /// Its id, or empty.
    pub id: &'a str,
    /// Into the activity (`dataInputAssociation`) or out of it.
    pub input: bool,
    /// Where the data comes from, without prefix.
    pub sources: Vec<&'a str>,
    /// Where the data goes, without prefix.
    pub target: Option<&'a str>,
}

/// Something that holds data: `dataObject`, `dataObjectReference`, `dataStore`,
/// `dataStoreReference`, `property`, `dataInput` or `dataOutput`.
#[derive(Clone, Debug)]
pub struct Data<'a> {
    /// The element; its `local` tells the kind.
    pub element: &'a Element,
    /// Its id, or empty.
    pub id: &'a str,
    /// Its name with single blanks, or empty.
    pub name: String,
    /// Where it stands; `None` for a data store at the root.
    pub owner: Option<Owner>,
}

/// A declaration at the root: a message, signal, error, escalation, item definition…
#[derive(Clone, Debug)]
pub struct Declared<'a> {
    /// The element; its `local` tells the kind.
    pub element: &'a Element,
    /// Its id, or empty.
    pub id: &'a str,
    /// Its name, or empty.
    pub name: &'a str,
    /// `errorCode` or `escalationCode`, or empty.
    pub code: &'a str,
}

/// A boolean attribute.
pub(crate) fn flag(element: &Element, name: &str) -> Option<bool> {
    match element.attr(name)?.trim() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}
