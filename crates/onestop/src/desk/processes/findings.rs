//! The check of a draft: what the engine, the linter and the catalogue find, in the language of the
//! reader, each naming its element.

use super::words;
use crate::view;
use kernel::calendar::Date;
use kernel::catalogue::Catalogue;
use kernel::procedure::{Edition, call_faults, check_process, step_times_of};
use kit::{Lang, T};
use process::table::Table;
use process::{Document, Problem, Severity, StepTime, Times, diagram, import, remarks};
use std::collections::HashSet;
use std::sync::Arc;

/// Code of the remark about a step that has no time: its text says all of it.
const WITHOUT_TIME: &str = "step-without-time";

/// A finding in words.
pub(super) struct Found {
    pub(super) severity: Severity,
    /// The element; empty for the file as a whole.
    pub(super) element: String,
    /// Its name for people.
    pub(super) name: String,
    pub(super) text: String,
    /// The engine's own sentence in English where the text above does not say all of it.
    pub(super) detail: String,
}

/// The findings of a draft.
pub(super) struct Checked {
    pub(super) found: Vec<Found>,
    /// What is kept with the draft.
    pub(super) problems: Vec<Problem>,
}

impl Checked {
    /// How many keep it from being published.
    pub(super) fn errors(&self) -> usize {
        self.found.iter().filter(|f| f.severity == Severity::Error).count()
    }

    /// The findings as marks of the diagram, in the order of the list.
    pub(super) fn marks(&self) -> Vec<diagram::Finding> {
        let mark = |f: &Found| diagram::Finding {
            element: f.element.clone(),
            severity: f.severity,
            text: f.text.clone(),
        };
        self.found.iter().map(mark).collect()
    }

    /// Elements with an error.
    pub(super) fn faulty(&self) -> HashSet<String> {
        let errors = self.found.iter().filter(|f| f.severity == Severity::Error);
        errors.map(|f| f.element.clone()).filter(|id| !id.is_empty()).collect()
    }

    /// The numbers of the findings about an element, from 1.
    pub(super) fn numbers(&self, element: &str) -> Vec<usize> {
        let of = self.found.iter().zip(1..).filter(|(f, _)| f.element == element);
        of.map(|(_, number)| number).collect()
    }
}

/// Checks a file as the next version of the process `name`: all that a publication needs, remarks,
/// and the times of its steps against the limit of each procedure that uses it on `day`.
pub(super) fn check(
    t: T,
    catalogue: &Catalogue,
    (name, xml): (&str, &str),
    table: &Table,
    day: Date,
) -> Checked {
    let file = format!("{name}.bpmn");
    let mut found = Vec::new();
    let mut problems = match check_process(name, xml, &file) {
        Err(problems) => problems,
        Ok(definition) => {
            let all: Vec<_> = step_times_of(catalogue, name, &definition, day).collect();
            found.extend(times(t, &all));
            let mut problems = call_faults(catalogue, name, &definition, day);
            problems.extend(remarks(&definition, &file));
            problems
        }
    };
    problems.sort_by_key(|problem| problem.severity == Severity::Warning);
    let mut all: Vec<Found> = problems.iter().map(|problem| told(t, table, problem)).collect();
    let first_warning = all.iter().position(|f| f.severity == Severity::Warning);
    let at = first_warning.unwrap_or(all.len());
    all.splice(at..at, found);
    all.extend(foreign(t, xml, &file));
    Checked { found: all, problems }
}

/// What of another modeller's could not be taken over; a person must decide.
fn foreign(t: T, xml: &str, file: &str) -> Vec<Found> {
    let Ok(document) = Document::read(xml.as_bytes(), file) else { return Vec::new() };
    let Ok((_, remarks)) = import::map_vendor(&document) else { return Vec::new() };
    let open = remarks.into_iter().filter(|r| r.outcome == import::Outcome::NotMapped);
    let told = |remark: import::Remark| Found {
        severity: Severity::Warning,
        element: remark.element,
        name: remark.name,
        text: if t.lang() == Lang::Vi { remark.message_vi } else { remark.message_en },
        detail: String::new(),
    };
    open.map(told).collect()
}

/// Findings of the engine about a file that could be read or not.
pub(super) fn told(t: T, table: &Table, problem: &Problem) -> Found {
    let name = match (problem.element_name.as_str(), problem.element_id.as_str()) {
        ("", "") => String::new(),
        ("", id) => words::called_id(t, table, id),
        (name, _) => name.to_owned(),
    };
    let (text, detail) = sentence(t, problem);
    let element = problem.element_id.clone();
    Found { severity: problem.severity, element, name, text, detail }
}

/// A finding in the language of the page, with the engine's sentence where that says more.
fn sentence(t: T, problem: &Problem) -> (String, String) {
    let key = format!("process-finding-{}", problem.code);
    if process::LINT_CODES.contains(&problem.code.as_str()) || problem.code == WITHOUT_TIME {
        return (t.s(&key), String::new());
    }
    let rule = process::rules::all().find(|rule| rule.code == problem.code);
    if t.lang() == Lang::Vi
        && let Some(rule) = rule
    {
        return (rule.vi.to_owned(), problem.reason.clone());
    }
    if t.has(&key) {
        return (t.s(&key), problem.reason.clone());
    }
    (t.s("process-finding-other"), problem.reason.clone())
}

/// The steps that take longer together than the law allows: each step once, by the procedure that
/// it exceeds most, with the number of the others.
fn times(t: T, all: &[(&Arc<Edition>, Times)]) -> Vec<Found> {
    let mut over: Vec<(&Edition, &Times, &StepTime, u64)> = Vec::new();
    let mut unknown: Vec<(&Edition, &str, &str)> = Vec::new();
    for (edition, times) in all {
        for step in times.steps.iter().filter(|_| times.exceeds()) {
            match over.iter_mut().find(|(_, _, known, _)| known.id == step.id) {
                Some((worst, of, known, others)) => {
                    *others += 1;
                    if excess(times) > excess(of) {
                        (*worst, *of, *known) = (edition, times, step);
                    }
                }
                None => over.push((edition, times, step, 0)),
            }
        }
        for (id, duration) in &times.unknown {
            if !unknown.iter().any(|(_, known, _)| known == id) {
                unknown.push((edition, id, duration));
            }
        }
    }
    let over = over.into_iter().map(|(edition, times, step, others)| Found {
        severity: Severity::Error,
        element: step.id.clone(),
        name: step.name.clone(),
        text: over_limit(t, edition, times, step, others),
        detail: String::new(),
    });
    let unknown = unknown.into_iter().map(|(edition, id, duration)| {
        let args = [("procedure", &named(t, edition) as &dyn kit::Arg), ("time", &duration)];
        Found {
            severity: Severity::Warning,
            element: id.to_owned(),
            name: String::new(),
            text: t.a("process-lint-not-comparable", &args),
            detail: String::new(),
        }
    });
    over.chain(unknown).collect()
}

/// By how many hundredths of the limit the steps exceed it.
fn excess(times: &Times) -> u64 {
    times.hundredths / times.limit.max(1)
}

fn named(t: T, edition: &Edition) -> String {
    format!("{} ({})", view::procedure(t, edition), edition.code)
}

fn over_limit(t: T, edition: &Edition, times: &Times, step: &StepTime, others: u64) -> String {
    let hours = |hundredths: u64| {
        let (whole, part) = (hundredths / 100, hundredths % 100);
        if part == 0 { whole.to_string() } else { format!("{whole},{part:02}") }
    };
    let told = t.a(
        "process-lint-over-limit",
        &[
            ("procedure", &named(t, edition)),
            ("sum", &hours(times.hundredths)),
            ("limit", &times.limit.to_string()),
            ("own", &hours(step.hundredths)),
        ],
    );
    if others == 0 {
        return told;
    }
    format!("{told} {}", t.a1("process-lint-over-limit-others", "n", others))
}
