//! What is wrong with a process file, as data that names the file, the line and the element.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One finding about a process file. `line` counts from 1; 0 means the file as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// Name of the file, as given to `read`.
    pub file: String,
    /// Line of the element's start tag, from 1; 0 when no line applies.
    pub line: usize,
    /// The element's `id`, or empty.
    pub element_id: String,
    /// The element's `name`, or empty.
    pub element_name: String,
    /// The element's kind as BPMN spells it (`callActivity`), or `xml` for the text itself.
    pub kind: String,
    /// Why it is refused, in English.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.kind)?;
        if !self.element_id.is_empty() {
            write!(f, " {}", self.element_id)?;
        }
        if !self.element_name.is_empty() {
            write!(f, " ({})", self.element_name)?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for Problem {}
