//! The samples of the rules through the check that decides on publication.

use process::OUTSIDE_PROFILE;
use process::rules::{self, Grade};

use crate::rule_samples::samples;
use crate::support::definitions;

/// Whether the file is accepted, and the codes of its errors.
fn checked(content: &str) -> (bool, Vec<String>) {
    let (answer, exit) = process::contract::check(definitions(content).as_bytes(), "feel");
    let accepted = answer["accepted"].as_bool().unwrap();
    assert_eq!(exit == process::contract::DONE, accepted, "{answer}");
    let problems = answer["problems"].as_array().unwrap();
    let errors = problems.iter().filter(|problem| problem["severity"] == "error");
    (accepted, errors.map(|problem| problem["code"].as_str().unwrap().to_owned()).collect())
}

#[test]
fn what_breaks_a_rule_is_refused_by_its_code_and_what_is_sound_is_accepted() {
    let mut wrong = Vec::new();
    for (code, bad, good) in samples() {
        let warning = rules::all().any(|rule| rule.code == code && rule.grade == Grade::Warning);
        let (accepted, codes) = checked(bad);
        if accepted != warning || (!warning && !codes.iter().any(|found| *found == code)) {
            wrong.push(format!("{code}: broken, accepted {accepted} {codes:?}\n{bad}"));
        }
        let (accepted, codes) = checked(good);
        if !accepted && codes.iter().any(|found| found != OUTSIDE_PROFILE) {
            wrong.push(format!("{code}: sound, but {codes:?}\n{good}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
