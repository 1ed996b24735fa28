//! Why a change of a document is refused: typed, with the element and the reason.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a change is not made; the document is as before.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize, Deserialize)]
pub enum EditError {
    /// No element has this id.
    #[error("there is no element with id {0:?}")]
    NoSuchElement(String),
    /// The root element cannot be removed or have neighbours.
    #[error("the root element cannot be moved or removed")]
    Root,
    /// An element has this id already.
    #[error("the id {0:?} is taken")]
    IdTaken(String),
    /// Not a name of XML.
    #[error("{0:?} is no name of an element or attribute")]
    Name(String),
    /// A step has no way out, or several.
    #[error("the step {0:?} does not have exactly one way out")]
    Ways(String),
    /// Events, messages, data or other steps hang on it.
    #[error("other elements hang on {0:?}; take them away first")]
    InUse(String),
    /// A value with a character that XML does not have.
    #[error("the value {0:?} has a character that XML does not allow")]
    Value(String),
    /// A change of the table of steps that does not fit.
    #[error("{id}: {why}")]
    Refused {
        /// The element.
        id: String,
        /// The reason.
        why: EditReason,
    },
}

/// Why a change of the table of steps does not fit an element.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditReason {
    /// The table shows it and leaves it as it is.
    #[error("the table shows elements of this kind but does not change this of them")]
    ReadOnly,
    /// `mc:kind`, `mc:job`, `mc:role`, `mc:unit` or an outcome.
    #[error("expected a key of lower-case letters, digits and _, but found {0:?}")]
    Key(String),
    /// An outcome stands twice, or there are too many.
    #[error("an outcome stands twice, or there are more than {}", crate::limits::OUTCOMES)]
    Outcomes,
    /// Neither a duration nor a share of 1 to 100 percent.
    #[error("expected P5WD, PT16WH, another duration or 1 to 100 percent, but found {0:?}")]
    Time(String),
    /// It is no condition in FEEL.
    #[error("the condition cannot be read: {0}")]
    Condition(String),
    /// Of several ways one must have no condition and be the default, the others a condition.
    #[error("each of several ways needs a condition; one of them may be the default instead")]
    Conditions,
    /// A lone or a parallel way has no condition and is no default.
    #[error("this way takes no condition and no default")]
    Unconditional,
    /// A flow cannot lead there.
    #[error("a step cannot be led to {0:?}")]
    Target(String),
    /// Several ways lead there or away; one must be named.
    #[error("several ways lead here or away; name the way")]
    SeveralWays,
    /// No way leads there or away.
    #[error("no way leads here or away")]
    NoWay,
    /// A choice follows it.
    #[error("a choice follows it; give it one next step first")]
    Choice,
    /// It would stand between itself and itself.
    #[error("it cannot be put beside itself")]
    Itself,
    /// The other step stands in another sub-process or process.
    #[error("it stands in another part of the process")]
    Level,
    /// The lane still holds steps or other lanes.
    #[error("the lane still holds steps or lanes")]
    LaneInUse,
    /// The file would pass a limit or no longer be readable.
    #[error("the file could not be read afterwards: {0}")]
    Unreadable(String),
}

impl EditError {
    /// The id of the element that the refusal is about; empty for the whole file.
    #[must_use]
    pub fn element(&self) -> &str {
        match self {
            Self::NoSuchElement(id)
            | Self::IdTaken(id)
            | Self::Ways(id)
            | Self::InUse(id)
            | Self::Refused { id, .. } => id,
            Self::Root | Self::Name(_) | Self::Value(_) => "",
        }
    }

    /// Key of the text for people, below `process.edit.`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::NoSuchElement(_) => "no_such_element",
            Self::Root => "root",
            Self::IdTaken(_) => "id_taken",
            Self::Name(_) => "name",
            Self::Ways(_) => "ways",
            Self::InUse(_) => "in_use",
            Self::Value(_) => "value",
            Self::Refused { why, .. } => why.key(),
        }
    }

    pub(crate) fn refused(id: &str, why: EditReason) -> Self {
        Self::Refused { id: id.to_owned(), why }
    }
}

impl EditReason {
    fn key(&self) -> &'static str {
        match self {
            Self::ReadOnly => "read_only",
            Self::Key(_) => "key",
            Self::Outcomes => "outcomes",
            Self::Time(_) => "time",
            Self::Condition(_) => "condition",
            Self::Conditions => "conditions",
            Self::Unconditional => "unconditional",
            Self::Target(_) => "target",
            Self::SeveralWays => "several_ways",
            Self::NoWay => "no_way",
            Self::Choice => "choice",
            Self::Itself => "itself",
            Self::Level => "level",
            Self::LaneInUse => "lane_in_use",
            Self::Unreadable(_) => "unreadable",
        }
    }
}
