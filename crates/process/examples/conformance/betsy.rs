//! The execution cases of betsy: which script tasks leave a mark, and how errors end.

use std::path::Path;

use serde_json::Value as Json;

use crate::report::{Row, Verdict};

/// Runs every case of `expected.json`.
pub fn run(folder: &Path) -> Result<Vec<Row>, String> {
    let suite: Json = serde_json::from_slice(&crate::bytes(&folder.join("expected.json"))?)
        .map_err(|why| format!("expected.json: {why}"))?;
    let cases = suite["cases"].as_array().ok_or("expected.json: there are no cases")?;
    cases.iter().map(|case| one(folder, case)).collect()
}

fn text<'a>(case: &'a Json, key: &str) -> Result<&'a str, String> {
    case[key].as_str().ok_or_else(|| format!("expected.json: a case without {key}"))
}

fn one(folder: &Path, case: &Json) -> Result<Row, String> {
    let file = text(case, "file")?;
    let files = [(file.to_owned(), crate::bytes(&folder.join(file))?)];
    let scenario = case["scenario"].to_string();
    let (trace, _) = process::contract::run(&files, scenario.as_bytes());
    let verdict = match wrong(case, &trace) {
        _ if case["disputed"] == true => Verdict::Disputed,
        None => Verdict::Passed,
        Some(why) => outside(&trace).map_or(Verdict::Failed(why), Verdict::Outside),
    };
    let group = text(case, "group")?.to_owned();
    Ok(Row { group, case: text(case, "name")?.to_owned(), verdict })
}

/// The elements for which a model was refused, if all of them are outside of the profile.
fn outside(trace: &Json) -> Option<Vec<String>> {
    let problems = trace["problems"].as_array().filter(|_| trace["outcome"] == "refused")?;
    let named = |problem: &Json| {
        let element = problem["element"].as_str().unwrap_or("the file");
        format!("`{element}`, {}", problem["message"].as_str().unwrap_or_default())
    };
    let errors = || problems.iter().filter(|problem| problem["severity"] == "error");
    let all = errors().count() > 0 && errors().all(|problem| problem["code"] == "outside-profile");
    all.then(|| errors().map(named).collect())
}

/// The marks of a run, sorted; `marker` counts once however often it is left.
fn marks(trace: &Json) -> Vec<&str> {
    let log = trace["log"].as_array().into_iter().flatten();
    let mut all: Vec<&str> = log
        .filter(|entry| entry["until"].is_null())
        .filter_map(|entry| entry["marker"].as_str())
        .collect();
    all.sort_unstable();
    let mut seen = false;
    all.retain(|mark| *mark != "marker" || !std::mem::replace(&mut seen, true));
    all
}

/// In what a run is not as expected.
fn wrong(case: &Json, trace: &Json) -> Option<String> {
    let expect = &case["expect"];
    let marked = expect["markers"].as_array().into_iter().flatten();
    let mut wanted: Vec<&str> = marked.filter_map(Json::as_str).collect();
    wanted.sort_unstable();
    let (found, ran) = (marks(trace), trace["outcome"] == "ran");
    if ran && found != wanted {
        return Some(format!("the marks are {found:?}, expected {wanted:?}"));
    }
    let last = trace["steps"].as_array().and_then(|steps| steps.last());
    let instances = || {
        let list = last.and_then(|step| step["snapshot"]["instances"].as_array());
        list.into_iter().flatten()
    };
    let failed = instances().any(|instance| instance["state"] == "failed");
    let uncaught = instances().any(|instance| instance["error"]["kind"] == "error-event");
    let fits = match expect["error"].as_str() {
        None => ran && !failed && !uncaught,
        Some("runtime") => failed,
        Some("error-event") => uncaught,
        Some(either) if either.ends_with("-or-runtime") => trace["outcome"] == "refused" || failed,
        Some(_) => false,
    };
    if !fits {
        let expected = expect["error"].as_str().unwrap_or("none");
        return Some(format!("the expected end (error: {expected}) did not come"));
    }
    overlap(&expect["overlap"], trace)
}

/// Whether two stretches of waiting work lie beside each other, where that is expected.
fn overlap(expect: &Json, trace: &Json) -> Option<String> {
    let spans = expect.as_array()?;
    let log = trace["log"].as_array()?;
    let span = |mark: &Json| {
        let found = log.iter().find(|entry| entry["marker"] == *mark)?;
        Some((found["at"].as_str()?, found["until"].as_str()?))
    };
    let found: Option<Vec<_>> = spans.iter().map(span).collect();
    match found.as_deref() {
        Some([one, two]) if one.0 < two.1 && two.0 < one.1 => None,
        other => Some(format!("the spans {other:?} do not overlap")),
    }
}
