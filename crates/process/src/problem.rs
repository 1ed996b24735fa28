//! What is wrong with a process file, as data that names the file, the line and the element.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Code of a correct construct that this engine does not execute.
pub const OUTSIDE_PROFILE: &str = "outside-profile";

/// Whether a finding keeps a file from being published.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file is refused.
    #[default]
    Error,
    /// The file may be published; a person should look at it.
    Warning,
}

/// One finding about a process file. `line` counts from 1; 0 means the file as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// Whether it refuses the file.
    #[serde(default)]
    pub severity: Severity,
    /// What kind of finding it is: short, stable, kebab-case.
    #[serde(default)]
    pub code: String,
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

impl Problem {
    /// A finding that refuses the file.
    #[must_use]
    pub fn error(
        code: &str,
        file: &str,
        line: usize,
        element: (&str, &str),
        kind: &str,
        reason: String,
    ) -> Self {
        Self {
            severity: Severity::Error,
            code: code.to_owned(),
            file: file.to_owned(),
            line,
            element_id: element.0.to_owned(),
            element_name: element.1.to_owned(),
            kind: kind.to_owned(),
            reason,
        }
    }

    /// The same finding as a remark that refuses nothing.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }
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
