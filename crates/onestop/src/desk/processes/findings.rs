//! The check of a draft: what the engine, the linter and the catalogue find, in the language of the
//! reader, each naming its element.

use super::words;
use crate::view;
use kernel::calendar::{Date, Limit, LimitUnit};
use kernel::catalogue::Catalogue;
use kernel::procedure::{Edition, check_process};
use kit::{Lang, T};
use process::table::Table;
use process::{Definition, Document, Problem, Severity, diagram, import, lint_times, remarks};
use std::collections::HashSet;

/// Hours of a working day, as step times are compared with limits.
const DAY_HOURS: u64 = 8;
/// Quarters of a unit.
const QUARTERS: u64 = 4;

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
            let users = catalogue.all_in_force(day).filter(|e| e.process == name);
            for edition in users {
                found.extend(times(t, &definition, edition));
            }
            remarks(&definition, &file)
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

/// Sentences of the linter that have a text of their own.
const SENTENCES: &[(&str, &str)] = &[
    ("nothing leaves it; lead it to an end event", "process-lint-nothing-leaves"),
    ("several flows leave it; put a gateway after it", "process-lint-several-leave"),
    ("a user task must stand in a lane", "process-lint-no-lane"),
    ("its lane names no role (mc:role)", "process-lint-no-role"),
    ("a flow out of it has no condition and is not the default", "process-lint-bare-flow"),
    ("the gateway has no default flow", "process-lint-no-default"),
    ("the process has no end event", "process-lint-no-end"),
    ("it cannot be reached from the start", "process-lint-unreached"),
    ("no end can be reached from it", "process-lint-endless"),
    ("tokens can pile up here without end", "process-lint-pile"),
    ("a case can wait for ever at this join", "process-lint-stuck"),
    ("this join can never fire", "process-lint-never"),
    ("it has no time, but other steps have (mc:limitShare, mc:limit)", "process-lint-without-time"),
];

/// A finding in the language of the page, with the engine's sentence where that says more.
fn sentence(t: T, problem: &Problem) -> (String, String) {
    let known = SENTENCES.iter().find(|(english, _)| *english == problem.reason);
    if let Some((_, key)) = known {
        return (t.s(key), String::new());
    }
    let rule = process::rules::all().find(|rule| rule.code == problem.code);
    if t.lang() == Lang::Vi
        && let Some(rule) = rule
    {
        return (rule.vi.to_owned(), problem.reason.clone());
    }
    let key = format!("process-finding-{}", problem.code);
    if t.has(&key) {
        return (t.s(&key), problem.reason.clone());
    }
    (t.s("process-finding-other"), problem.reason.clone())
}

/// The steps that take longer together than the law allows for a procedure.
fn times(t: T, definition: &Definition, edition: &Edition) -> Vec<Found> {
    let Some((limit, amount)) = measure(edition.limit) else { return Vec::new() };
    let times = lint_times(definition, limit, &amount);
    let hours = |hundredths: u64| {
        let (whole, part) = (hundredths / 100, hundredths % 100);
        if part == 0 { whole.to_string() } else { format!("{whole},{part:02}") }
    };
    let procedure = format!("{} ({})", view::procedure(t, edition), edition.code);
    let over = times.steps.iter().filter(|_| times.exceeds()).map(|step| Found {
        severity: Severity::Error,
        element: step.id.clone(),
        name: step.name.clone(),
        text: t.a(
            "process-lint-over-limit",
            &[
                ("procedure", &procedure),
                ("sum", &hours(times.hundredths)),
                ("limit", &limit.to_string()),
                ("own", &hours(step.hundredths)),
            ],
        ),
        detail: String::new(),
    });
    let unknown = times.unknown.iter().map(|(id, duration)| Found {
        severity: Severity::Warning,
        element: id.clone(),
        name: String::new(),
        text: t.a("process-lint-not-comparable", &[("procedure", &procedure), ("time", duration)]),
        detail: String::new(),
    });
    over.chain(unknown).collect()
}

type Amount = fn(&str) -> Option<u64>;

/// A statutory limit in hours, and how a duration is told in the same hours: working hours for
/// limits in working days, hours of the clock for limits in days. Months and years are not
/// compared.
fn measure(limit: Limit) -> Option<(u64, Amount)> {
    let quarters = u64::from(limit.quarters);
    Some(match limit.unit {
        LimitUnit::SameDay => (DAY_HOURS, working),
        LimitUnit::WorkingDay => (quarters * DAY_HOURS / QUARTERS, working),
        LimitUnit::WorkingHour => (quarters / QUARTERS, working),
        LimitUnit::CalendarDay => (quarters * 24 / QUARTERS, calendar),
        _ => return None,
    })
}

fn working(duration: &str) -> Option<u64> {
    match words::amount(duration)? {
        (words::Unit::WorkingDays, n) => n.checked_mul(DAY_HOURS),
        (words::Unit::WorkingHours, n) => Some(n),
        _ => None,
    }
}

fn calendar(duration: &str) -> Option<u64> {
    match words::amount(duration)? {
        (words::Unit::Days, n) => n.checked_mul(24),
        (words::Unit::Hours, n) => Some(n),
        _ => None,
    }
}
