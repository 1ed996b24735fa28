//! Rules of the BPMN 2.0 standard that go beyond well-formed XML, each with a stable code.
//!
//! The view judges only the standard: whether a correct construct is executed here is judged by
//! `compile`. A *formal* finding breaks the letter of the standard while the meaning stays clear:
//! such a file is not published, but outside models with it can still be run in a test.

mod activities;
mod data;
mod events;
mod flows;
mod gateways;
mod levels;
mod links;
mod pools;
mod references;
mod schema;
mod schema_table;
mod texts;
mod texts_flow;
mod texts_parts;

use crate::bpmn::{Definitions, Owner};
use crate::limits;
use crate::model::{Element, Model};
use crate::problem::{Problem, Severity};

pub use texts::{Grade, Rule, all};

/// One finding about an element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Whether it keeps the file from being published.
    pub severity: Severity,
    /// The rule's code, short and stable.
    pub code: &'static str,
    /// The letter of the standard is broken, but the meaning is clear.
    pub formal: bool,
    /// The element's id, or empty.
    pub element: String,
    /// The element's name, or empty.
    pub name: String,
    /// The element's kind as BPMN spells it.
    pub kind: String,
    /// Line of the element, from 1.
    pub line: usize,
    /// What is wrong, in Vietnamese.
    pub message_vi: String,
    /// What is wrong, in English.
    pub message_en: String,
}

/// Judges a file by the rules of the standard; at most [`limits::PROBLEMS`] findings, by line.
#[must_use]
pub fn check(view: &Definitions<'_>) -> Vec<Finding> {
    let mut check = Check { view, found: Vec::new() };
    check.schema();
    check.references();
    check.flows();
    check.levels();
    check.events();
    check.links();
    check.gateways();
    check.activities();
    check.pools();
    check.data();
    check.found.sort_by_key(|finding| (finding.severity == Severity::Warning, finding.line));
    check.found.truncate(limits::PROBLEMS);
    check.found.sort_by_key(|finding| finding.line);
    check.found
}

/// All findings of [`check`] as problems with English reasons.
#[must_use]
pub fn rules(model: &Model) -> Vec<Problem> {
    problems(model, |_| true)
}

/// The findings that leave no clear meaning: all but formal ones and warnings.
#[must_use]
pub fn blocking(model: &Model) -> Vec<Problem> {
    problems(model, |finding| !finding.formal && finding.severity == Severity::Error)
}

fn problems(model: &Model, wanted: impl Fn(&Finding) -> bool) -> Vec<Problem> {
    let view = Definitions::of(model);
    let found = check(&view).into_iter().filter(wanted);
    let problem = |finding: Finding| {
        let element = (finding.element.as_str(), finding.name.as_str());
        let reason = finding.message_en;
        let problem = Problem::error(
            finding.code,
            model.file(),
            finding.line,
            element,
            &finding.kind,
            reason,
        );
        if finding.severity == Severity::Warning { problem.as_warning() } else { problem }
    };
    found.map(problem).collect()
}

struct Check<'v, 'a> {
    view: &'v Definitions<'a>,
    found: Vec<Finding>,
}

impl Check<'_, '_> {
    /// Notes that an element breaks a rule; `detail` fills the gap in the rule's text.
    fn note(&mut self, code: &str, element: &Element, detail: &str) {
        self.note_at(code, element, element.line, detail);
    }

    /// The same with the line of a part of the element.
    fn note_at(&mut self, code: &str, element: &Element, line: usize, detail: &str) {
        // A hostile file gives a finding for each of its elements: stop at a fixed count.
        if self.found.len() >= FOUND {
            return;
        }
        let Some(rule) = all().find(|rule| rule.code == code) else { return };
        let detail: String = detail.chars().take(DETAIL).collect();
        self.found.push(Finding {
            severity: match rule.grade {
                Grade::Warning => Severity::Warning,
                Grade::Error | Grade::Formal => Severity::Error,
            },
            code: rule.code,
            formal: rule.grade == Grade::Formal,
            element: element.attr("id").unwrap_or_default().to_owned(),
            name: element.attr("name").map(crate::bpmn::words).unwrap_or_default(),
            kind: element.local.clone(),
            line,
            message_vi: rule.vi.replace("{}", &detail),
            message_en: rule.en.replace("{}", &detail),
        });
    }

    /// Whether what stands there is meant to be executed; a process that does not say is.
    fn executed(&self, owner: Owner) -> bool {
        self.view.process_of(owner).is_some_and(|process| process.executable != Some(false))
    }
}

/// Findings gathered before the search stops.
const FOUND: usize = 5_000;
/// Longest detail in a finding, in characters.
const DETAIL: usize = 120;
