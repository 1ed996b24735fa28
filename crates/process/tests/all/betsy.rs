//! The execution cases of the betsy suite, when they lie beside the project.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value as Json;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/betsy"))
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy, Debug)]
enum Verdict {
    Passed,
    OutsideProfile,
    Disputed,
    Failed,
}

fn markers(trace: &Json, spans: bool) -> Vec<String> {
    let log = trace["log"].as_array().expect("log");
    let mut all: Vec<String> = log
        .iter()
        .filter(|entry| entry["until"].is_null() != spans)
        .map(|entry| entry["marker"].as_str().expect("marker").to_owned())
        .collect();
    all.sort();
    let first = all.iter().position(|mark| mark == "marker");
    let mut at = 0;
    all.retain(|mark| {
        at += 1;
        mark != "marker" || first == Some(at - 1)
    });
    all
}

fn wrong(case: &Json, trace: &Json) -> Option<String> {
    let expect = &case["expect"];
    let mut wanted: Vec<String> = expect["markers"]
        .as_array()
        .map(|marks| marks.iter().map(|m| m.as_str().expect("mark").to_owned()).collect())
        .unwrap_or_default();
    wanted.sort();
    let found = markers(trace, false);
    if trace["outcome"] == "ran" && found != wanted {
        return Some(format!("marks {found:?}, not {wanted:?}"));
    }
    let last = trace["steps"].as_array().and_then(|steps| steps.last());
    let none = Vec::new();
    let instances = last.and_then(|step| step["snapshot"]["instances"].as_array()).unwrap_or(&none);
    let failed = instances.iter().any(|instance| instance["state"] == "failed");
    let uncaught = instances.iter().any(|instance| instance["error"]["kind"] == "error-event");
    let fits = match expect["error"].as_str() {
        None => trace["outcome"] == "ran" && !failed && !uncaught,
        Some("runtime") => failed,
        Some("error-event") => uncaught,
        Some("refused-or-runtime") => trace["outcome"] == "refused" || failed,
        Some(other) => panic!("unknown expectation {other}"),
    };
    if !fits {
        return Some(format!("error {} expected: {trace:#}", expect["error"]));
    }
    if let Some(overlap) = expect["overlap"].as_array() {
        let log = trace["log"].as_array().expect("log");
        let span = |mark: &Json| {
            let found = log.iter().find(|entry| entry["marker"] == *mark).expect("span");
            (found["at"].as_str().expect("at"), found["until"].as_str().expect("until"))
        };
        let (one, two) = (span(&overlap[0]), span(&overlap[1]));
        if one.0 >= two.1 || two.0 >= one.1 {
            return Some(format!("{one:?} and {two:?} do not overlap"));
        }
    }
    None
}

#[test]
fn the_betsy_suite() {
    let folder = folder();
    let Ok(text) = std::fs::read(folder.join("expected.json")) else {
        eprintln!("SKIPPED: {} is not there", folder.display());
        return;
    };
    let suite: Json = serde_json::from_slice(&text).expect("expected.json");
    let mut table: BTreeMap<(String, Verdict), usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for case in suite["cases"].as_array().expect("cases") {
        let file = case["file"].as_str().expect("file");
        let bytes = std::fs::read(folder.join(file)).expect(file);
        let scenario = serde_json::to_vec(&case["scenario"]).expect("scenario");
        let files = [(file.to_owned(), bytes)];
        let (trace, exit) = process::contract::run(&files, &scenario);
        assert_eq!(process::contract::run(&files, &scenario), (trace.clone(), exit), "the same");
        let outside = trace["outcome"] == "refused"
            && trace["problems"].as_array().is_some_and(|problems| {
                problems.iter().all(|problem| problem["code"] == "outside-profile")
            });
        let verdict = match wrong(case, &trace) {
            _ if case["disputed"] == true => Verdict::Disputed,
            None => Verdict::Passed,
            Some(_) if outside => Verdict::OutsideProfile,
            Some(why) => {
                failures.push(format!("{file} {}: {why}", case["case"]));
                Verdict::Failed
            }
        };
        let group = case["group"].as_str().expect("group").to_owned();
        *table.entry((group, verdict)).or_insert(0) += 1;
    }
    for ((group, verdict), count) in &table {
        eprintln!("{group:12} {verdict:?} {count}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn models_that_run_are_accepted_by_the_check() {
    let folder = folder();
    let Ok(text) = std::fs::read(folder.join("expected.json")) else { return };
    let suite: Json = serde_json::from_slice(&text).expect("expected.json");
    for case in suite["cases"].as_array().expect("cases").iter().filter(|c| c["case"] == 1) {
        let file = case["file"].as_str().expect("file");
        let bytes = std::fs::read(folder.join(file)).expect(file);
        let (answer, exit) = process::contract::check(&bytes, "betsy");
        let complex = file.contains("Complex") && file.contains("Gateway");
        assert_eq!(exit, u8::from(complex), "{file}: {answer:#}");
    }
}

#[test]
fn the_miwg_references_break_no_rule() {
    let folder = folder().join("../bpmn-miwg");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("SKIPPED: {} is not there", folder.display());
        return;
    };
    for entry in entries {
        let path = entry.expect("entry").path();
        if path.extension().is_none_or(|ending| ending != "bpmn") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("file");
        let (answer, _) = process::contract::check(&bytes, "feel");
        for problem in answer["problems"].as_array().expect("problems") {
            let outside = problem["code"] == "outside-profile" || problem["severity"] == "warning";
            // The B models show every symbol, with timers and conditions left empty.
            let drawing =
                path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('B'));
            assert!(outside || drawing, "{} {problem}", path.display());
        }
    }
}
