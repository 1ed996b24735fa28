//! The command line's `check` and `run` as pure functions: files in, JSON and exit code out.

mod between;
mod clock;
mod ops;
mod scenario;
mod timers;
mod trace;
mod world;

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::compile::compile_all;
use crate::definition::Definition;
use crate::dialect::Dialect;
use crate::dmn::{Decisions, Source};
use crate::lint::lint;
use crate::model::{Model, read};
use crate::problem::{Problem, Severity};

use clock::Instant;
use scenario::Scenario;
use world::World;

/// Exit code: the answer is in the output.
pub const DONE: u8 = 0;
/// Exit code: the model is refused.
pub const REFUSED: u8 = 1;
/// Exit code: misuse, or a file that cannot be read.
pub const MISUSE: u8 = 2;

/// May this model be published? Gives `motcua/check/1` and the exit code.
#[must_use]
pub fn check(bytes: &[u8], dialect: &str) -> (Json, u8) {
    let Some(dialect) = Dialect::of(dialect) else {
        return (checked(&[misuse(format!("there is no dialect {dialect:?}"))]), MISUSE);
    };
    let model = match read(bytes, "model") {
        Ok(model) => model,
        Err(problems) => return (checked(&problems), MISUSE),
    };
    let (definitions, found) = compile_all(&model, dialect, false);
    let mut problems = crate::rules::rules(&model);
    problems.extend(found);
    for definition in &definitions {
        let findings = lint(definition, model.file());
        problems.extend(findings.into_iter().map(Problem::as_warning));
    }
    let exit = if refuses(&problems) { REFUSED } else { DONE };
    (checked(&problems), exit)
}

/// Publishes files in memory, carries out the steps of a scenario and reports. Gives
/// `motcua/trace/1` and the exit code. The first file is the main one; files of decision tables
/// (DMN) serve the business rule tasks of all.
#[must_use]
pub fn run(files: &[(String, Vec<u8>)], scenario: &[u8]) -> (Json, u8) {
    let scenario = match Scenario::read(scenario) {
        Ok(scenario) => scenario,
        Err(reason) => return (refused(&[misuse(reason)]), MISUSE),
    };
    let Some(dialect) = Dialect::of(&scenario.dialect) else {
        let reason = format!("there is no dialect {:?}", scenario.dialect);
        return (refused(&[misuse(reason)]), MISUSE);
    };
    let Some(clock) = Instant::parse(&scenario.clock) else {
        let reason = format!("clock: {:?} is no instant", scenario.clock);
        return (refused(&[misuse(reason)]), MISUSE);
    };
    let mut all: Vec<Definition> = Vec::new();
    let mut problems = Vec::new();
    let mut tables = Vec::new();
    for (name, bytes) in files {
        if let Ok(source) = Source::read(bytes, name) {
            tables.push(source);
            continue;
        }
        let model = match read(bytes, name) {
            Ok(model) => model,
            Err(problems) => return (refused(&problems), MISUSE),
        };
        let (definitions, found) = judged(&model, dialect);
        problems.extend(found);
        for definition in definitions {
            if !all.iter().any(|known| known.id() == definition.id()) {
                all.push(definition);
            }
        }
    }
    if !tables.is_empty() {
        let decisions = Decisions::compile(&tables);
        problems.extend(decisions.problems().iter().cloned());
        let decisions = Arc::new(decisions);
        all = all.into_iter().map(|def| def.with_decisions(Arc::clone(&decisions))).collect();
    }
    if refuses(&problems) {
        return (refused(&problems), REFUSED);
    }
    let mut world = World::new(all, clock);
    let steps: Vec<Json> =
        (0_u64..).zip(&scenario.steps).map(|(at, step)| world.step(at, step)).collect();
    let trace = json!({
        "format": "motcua/trace/1", "outcome": "ran", "problems": [],
        "log": world.log(), "steps": steps,
    });
    (trace, DONE)
}

/// The processes of a file, and what keeps it from being carried out.
fn judged(model: &Model, dialect: Dialect) -> (Vec<Definition>, Vec<Problem>) {
    let (definitions, mut problems) = compile_all(model, dialect, false);
    problems.extend(crate::rules::blocking(model));
    (definitions, problems)
}

fn refuses(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}

fn misuse(reason: String) -> Problem {
    Problem::error("misuse", "", 0, ("", ""), "", reason)
}

fn checked(problems: &[Problem]) -> Json {
    json!({
        "format": "motcua/check/1", "accepted": !refuses(problems), "problems": listed(problems),
    })
}

fn refused(problems: &[Problem]) -> Json {
    json!({
        "format": "motcua/trace/1", "outcome": "refused", "problems": listed(problems),
        "log": [], "steps": [],
    })
}

fn listed(problems: &[Problem]) -> Vec<Json> {
    let some = |text: &str| if text.is_empty() { Json::Null } else { Json::from(text) };
    let shown = |problem: &Problem| {
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = if problem.line > 0 {
            format!("line {}, {}: ", problem.line, problem.kind)
        } else {
            String::new()
        };
        json!({
            "severity": severity,
            "code": if problem.code.is_empty() { "unreadable" } else { &problem.code },
            "element": some(&problem.element_id),
            "name": some(&problem.element_name),
            "message": format!("{place}{}", problem.reason),
        })
    };
    problems.iter().map(shown).collect()
}
