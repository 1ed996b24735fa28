//! The contract of the command line `dmn`: a model and a file of tests in, `motcua/dmn/1` out.

use serde_json::{Value as Json, json};

use super::evaluate::{Decisions, Evaluated, Given, NotDecided};
use super::graph::Kind;
use super::read::Source;
use super::testfile::{self, Case, Wanted};
use crate::feel::equal;
use crate::problem::{Problem, Severity};
use crate::value::{Context, Value};

/// The format of the answer.
pub const FORMAT: &str = "motcua/dmn/1";
/// All was evaluated.
pub const EXIT_DONE: i32 = 0;
/// The model cannot be used.
pub const EXIT_REFUSED: i32 = 1;
/// A file is not XML, not DMN or not a file of tests.
pub const EXIT_MISUSE: i32 = 2;

/// How the results of a file compare with those it expects.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Score {
    /// Results that are as expected.
    pub passed: usize,
    /// The others: case, result, what was wrong.
    pub failed: Vec<(String, String, String)>,
}

/// Evaluates every test case of a file.
///
/// `model_files` are names and contents; the first is the model that is tested, the others are
/// those that it may import. The answer is the object of the contract and the exit code: 0, 1 when
/// the model cannot be used (every result has the error), 2 when a file is not what it should be.
/// Beside the fields of the contract, a result has `notes` if something went wrong on the way, and
/// the answer `problems` if something is wrong with the model.
#[must_use]
pub fn run(model_files: &[(&str, &[u8])], test_xml: &[u8]) -> (Json, i32) {
    let cases = match testfile::read(test_xml) {
        Ok(cases) => cases,
        Err(problems) => return (answer(Vec::new(), &problems), EXIT_MISUSE),
    };
    let sources = match sources(model_files) {
        Ok(sources) => sources,
        Err((problems, exit)) => {
            let reason = problems.first().map_or("there is no model".to_owned(), told);
            let cases = cases.iter().map(|case| refused(case, &reason)).collect();
            return (answer(cases, &problems), exit);
        }
    };
    let decisions = Decisions::compile(&sources);
    let broken = decisions.problems().iter().find(|problem| problem.code == "missing-import");
    if let Some(broken) = broken {
        let cases = cases.iter().map(|case| refused(case, &told(broken))).collect();
        return (answer(cases, decisions.problems()), EXIT_REFUSED);
    }
    let results = cases.iter().map(|case| {
        let results = case.results.iter().map(|wanted| {
            let found = one(&decisions, case, wanted);
            let (value, error, notes) = match &found {
                Ok(found) => {
                    let note = |r: &super::Remark| format!("{}: {}", r.decision, r.note);
                    let notes: Vec<String> = found.remarks.iter().map(note).collect();
                    (found.value.to_marked(), Json::Null, notes)
                }
                Err(error) => (Json::Null, json!(error), Vec::new()),
            };
            let mut result = json!({"name": wanted.name, "value": value, "error": error});
            if let Some(object) = result.as_object_mut().filter(|_| !notes.is_empty()) {
                object.insert("notes".to_owned(), json!(notes));
            }
            result
        });
        json!({"id": case.id, "results": results.collect::<Vec<_>>()})
    });
    (answer(results.collect(), decisions.problems()), EXIT_DONE)
}

/// Evaluates every test case and compares with what the file expects: numbers within 1e-8, lists
/// in order, contexts by name.
///
/// # Errors
/// A file is not what it should be.
pub fn score(model_files: &[(&str, &[u8])], test_xml: &[u8]) -> Result<Score, Vec<Problem>> {
    let cases = testfile::read(test_xml)?;
    let sources = sources(model_files).map_err(|(problems, _)| problems)?;
    let decisions = Decisions::compile(&sources);
    let mut score = Score::default();
    for case in &cases {
        for wanted in &case.results {
            let found = one(&decisions, case, wanted);
            let says = match (&found, &wanted.expected) {
                (_, Err(reason)) => Some(format!("the expected value: {reason}")),
                (Err(_), _) if wanted.error_expected => None,
                (Ok(found), _) if wanted.error_expected && found.value.is_null() => None,
                (Err(error), _) => Some(error.clone()),
                (Ok(found), Ok(expected)) if same(&found.value, expected) => None,
                (Ok(found), Ok(expected)) => Some(format!(
                    "expected {}, but found {}; {:?}",
                    expected.to_marked(),
                    found.value.to_marked(),
                    found.remarks
                )),
            };
            match says {
                None => score.passed += 1,
                Some(says) => score.failed.push((case.id.clone(), wanted.name.clone(), says)),
            }
        }
    }
    Ok(score)
}

fn sources(files: &[(&str, &[u8])]) -> Result<Vec<Source>, (Vec<Problem>, i32)> {
    let mut sources = Vec::new();
    for (number, (name, bytes)) in files.iter().enumerate() {
        match Source::read(bytes, name) {
            Ok(source) => sources.push(source),
            // Other files of the folder may be anything; only the model itself must be one.
            Err(problems) if number == 0 => return Err((problems, EXIT_MISUSE)),
            Err(_) => {}
        }
    }
    if sources.is_empty() {
        return Err((Vec::new(), EXIT_MISUSE));
    }
    Ok(sources)
}

fn told(problem: &Problem) -> String {
    problem.to_string()
}

fn answer(cases: Vec<Json>, problems: &[Problem]) -> Json {
    let mut answer = json!({"format": FORMAT, "cases": cases});
    if let Some(object) = answer.as_object_mut().filter(|_| !problems.is_empty()) {
        let problems = problems.iter().map(|problem| {
            let error = problem.severity == Severity::Error;
            json!({
                "severity": if error { "error" } else { "warning" },
                "code": problem.code,
                "element": problem.element_id,
                "name": problem.element_name,
                "line": problem.line,
                "message": problem.reason,
            })
        });
        object.insert("problems".to_owned(), problems.collect::<Vec<_>>().into());
    }
    answer
}

fn refused(case: &Case, reason: &str) -> Json {
    let results = case
        .results
        .iter()
        .map(|wanted| json!({"name": wanted.name, "value": null, "error": reason}));
    json!({"id": case.id, "results": results.collect::<Vec<_>>()})
}

/// One result of one case, or why there is none.
fn one(decisions: &Decisions, case: &Case, wanted: &Wanted) -> Result<Evaluated, String> {
    for input in &case.inputs {
        input.value.as_ref().map_err(|reason| format!("the input {}: {reason}", input.name))?;
    }
    let source = |namespace: &Option<String>| {
        let namespace = namespace.as_ref()?;
        decisions.namespaces.iter().position(|known| known == namespace)
    };
    let given =
        case.inputs.iter().filter_map(|input| Some((input, input.value.as_ref().ok()?.clone())));
    let place = decisions.place(source(&wanted.namespace), &wanted.name, &[Kind::Decision]);
    let called = case.kind != "decision" || wanted.kind == "decisionService";
    let found = if let Some(place) = place.filter(|_| case.invocable.is_none() || !called) {
        let mut values = Given::new();
        for (input, value) in given {
            decisions.give(&mut values, source(&input.namespace), &input.name, value);
        }
        decisions.decide(place, values, None)
    } else if called || case.invocable.is_some() {
        let args: Context = given.map(|(input, value)| (input.name.as_str(), value)).collect();
        let name = case.invocable.as_deref().unwrap_or(&wanted.name);
        decisions.invoke(name, &args, None)
    } else {
        Err(NotDecided::NoSuch(wanted.name.clone()))
    };
    found.map_err(|error| error.to_string())
}

/// Whether two values are the same, numbers within 1e-8.
fn same(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Num(a), Value::Num(b)) => {
            let near = crate::value::Number::new(1, -8);
            a.sub(b).zip(near).is_some_and(|(off, near)| off.abs() <= near)
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
        }
        (Value::Context(a), Value::Context(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => equal(found, expected),
    }
}
