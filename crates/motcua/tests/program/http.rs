//! From `init` to the administrator's first day, with the commands beside it.

use crate::browser::Browser;
use crate::child::{Served, fine, run, run_with};
use std::path::PathBuf;
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf, String) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let text = data.to_str().unwrap().to_owned();
    (dir, data, text)
}

fn printed_password(out: &str) -> String {
    let found: Vec<&str> = out.lines().filter(|l| l.contains("password, shown once")).collect();
    assert_eq!(found.len(), 1, "printed once: {out}");
    found[0].rsplit(": ").next().unwrap().to_owned()
}

#[test]
fn init_prints_a_password_once_and_refuses_a_second_time() {
    let (_dir, _, data) = folder();
    let first = printed_password(&fine(&["init", "--data", &data]));
    assert_eq!(first.len(), 16);
    let again = run(&["init", "--data", &data]);
    assert_eq!((again.code, again.out.as_str()), (1, ""));
    assert!(again.err.contains("there are data here already"), "{}", again.err);
    fine(&["verify", "--data", &data]);
    let (_other, _, other) = folder();
    assert_ne!(first, printed_password(&fine(&["init", "--data", &other])));
}

#[test]
fn init_with_a_wrong_unit_or_a_short_password_leaves_nothing() {
    let (dir, data, text) = folder();
    let wrong = run(&["init", "--data", &text, "--unit", "nowhere"]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
    assert!(wrong.err.contains("nowhere/administrator") && wrong.err.contains("kg"));
    assert!(!data.exists());
    let short = run_with(&["init", "--data", &text, "--password-stdin"], "short\n");
    assert_eq!(short.code, 2, "{}", short.err);
    assert!(!short.err.is_empty());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "no keys, no folder");
}

#[test]
fn the_password_may_come_from_standard_input_and_need_not_be_changed() {
    let (_dir, data, text) = folder();
    let said = run_with(&["init", "--data", &text, "--password-stdin"], "mot-cua-kien-giang\n");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(!said.out.contains("mot-cua-kien-giang"), "what was typed is not shown");
    let served = Served::start("serve", &data);
    let mut browser = Browser::new(served.address, "10.0.0.1");
    assert_eq!(browser.sign_in("quan-tri", "mot-cua-kien-giang").location(), "/noi-lam-viec");
    assert_eq!(browser.get("/noi-lam-viec").status, 200);
}

#[test]
fn the_administrator_must_change_the_password_and_a_reset_ends_all_sessions() {
    let (_dir, data, text) = folder();
    let first = printed_password(&fine(&["init", "--data", &text, "--admin", "tri"]));
    let served = Served::start("serve", &data);
    let mut browser = Browser::new(served.address, "10.0.0.1");
    assert_eq!(browser.get("/noi-lam-viec").status, 303, "nobody without a session");
    let wrong = browser.sign_in("tri", "not-the-password");
    assert_eq!(wrong.status, 422);
    assert_eq!(browser.sign_in("tri", &first).location(), "/noi-lam-viec/mat-khau");
    let led = browser.get("/noi-lam-viec/tim?q=");
    assert_eq!((led.status, led.location()), (303, "/noi-lam-viec/mat-khau"));
    let page = browser.get("/noi-lam-viec/mat-khau");
    let new = "mot-cua-rach-gia";
    let fields = [("old", first.as_str()), ("new", new), ("again", new)];
    let changed = browser.post(&page, "/noi-lam-viec/mat-khau", &fields);
    assert_eq!((changed.status, changed.location()), (303, "/noi-lam-viec"));
    assert_eq!(browser.get("/noi-lam-viec").status, 200);
    let forged = browser.clone().post(&wrong, "/noi-lam-viec/mat-khau", &fields);
    assert_eq!(forged.status, 403, "a token of another session");

    let held = run(&["account", "reset", "--data", &text, "tri"]);
    assert_eq!(held.code, 3, "one program at a time: {}", held.err);
    served.kill();
    let reset = printed_password(&fine(&["account", "reset", "--data", &text, "tri"]));
    assert_eq!(run(&["account", "reset", "--data", &text, "nobody"]).code, 1);
    let served = Served::start("serve", &data);
    let mut browser = browser.at(served.address);
    assert_eq!(browser.get("/noi-lam-viec").status, 303, "the old session has ended");
    let mut fresh = Browser::new(served.address, "10.0.0.2");
    assert_eq!(fresh.sign_in("tri", new).status, 422, "the old password has ended");
    assert_eq!(fresh.sign_in("tri", &reset).location(), "/noi-lam-viec/mat-khau");
}

#[test]
fn commands_over_a_folder_that_is_not_there_say_so() {
    let (_dir, data, text) = folder();
    for args in [&["serve", "--listen", "127.0.0.1:0"][..], &["verify"], &["migrate"]] {
        let said = run(&[args, &["--data", &text]].concat());
        assert_eq!(said.code, 3, "{args:?}: {}", said.err);
        assert!(said.err.contains("motcua init"), "{}", said.err);
        assert!(!data.exists());
    }
}

#[test]
fn migrate_twice_verify_and_export_of_a_filled_folder() {
    let (dir, _, text) = folder();
    fine(&["demo", "--cases", "12", "--fill-only", "--data", &text]);
    let first = fine(&["migrate", "--data", &text]);
    assert_eq!(first, fine(&["migrate", "--data", &text]));
    let before = records(&fine(&["verify", "--data", &text]));
    let out = dir.path().join("out");
    let to = out.to_str().unwrap();
    let silent = run(&["export", "--data", &text, "--out", to]);
    assert_eq!(silent.code, 2, "a reason is asked for");
    let blank = run(&["export", "--data", &text, "--out", to, "--reason", " "]);
    assert_eq!(blank.code, 2);
    assert!(!out.exists(), "nothing left the house");
    fine(&["export", "--data", &text, "--out", to, "--reason", "thanh tra"]);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&out).unwrap() {
        let body = std::fs::read_to_string(entry.unwrap().path().join("case.json")).unwrap();
        found.push(serde_json::from_str::<serde_json::Value>(&body).unwrap());
    }
    assert!(found.len() >= 12, "{}", found.len());
    assert!(found.iter().all(|case| !case["history"].as_array().unwrap().is_empty()));
    let after = records(&fine(&["verify", "--data", &text]));
    assert_eq!(after, before + 1, "the export is recorded");
    let again = run(&["export", "--data", &text, "--out", to, "--reason", "thanh tra"]);
    assert_eq!(again.code, 1, "an export is not written over: {}", again.err);
    let unknown = dir.path().join("none");
    let to = unknown.to_str().unwrap();
    let none = run(&["export", "--data", &text, "--out", to, "--reason", "x", "--case", "X-1"]);
    assert_eq!(none.code, 1);
    assert!(!unknown.exists(), "a refused export makes no folder");
    assert_eq!(records(&fine(&["verify", "--data", &text])), after, "nothing left, nothing told");
    mined(&dir, &text);
    assert_eq!(records(&fine(&["verify", "--data", &text])), after + 1, "the log is recorded");
    tried(&dir, &text);
}

/// The journal as XES: read back, one trace for each case, and nobody's name in it.
fn mined(dir: &TempDir, data: &str) {
    let file = dir.path().join("log.xes");
    let to = file.to_str().unwrap();
    let both = ["export", "--data", data, "--xes", to, "--out", "x", "--reason", "x"];
    assert_eq!(run(&both).code, 2, "a folder or a log");
    let flags = ["export", "--data", data, "--xes", to, "--reason", "khai phá quy trình"];
    fine(&flags);
    assert_eq!(run(&flags).code, 1, "a log is not written over");
    let bytes = std::fs::read(&file).unwrap();
    let root = process::Document::read(&bytes, "log.xes").unwrap().root().unwrap();
    let traces: Vec<_> = root.children.iter().filter(|c| c.local == "trace").collect();
    assert!(traces.len() >= 12, "{}", traces.len());
    let value = |of: &process::Element, key: &str| {
        let found = of.children.iter().find(|a| a.attr("key") == Some(key));
        found.and_then(|a| a.attr("value")).unwrap_or_default().to_owned()
    };
    let mut resources = std::collections::BTreeSet::new();
    for trace in traces {
        assert!(!value(trace, "concept:name").is_empty());
        let events: Vec<_> = trace.children.iter().filter(|c| c.local == "event").collect();
        assert_eq!(value(events[0], "concept:name"), "submitted");
        let times: Vec<String> = events.iter().map(|e| value(e, "time:timestamp")).collect();
        assert!(times.is_sorted(), "{times:?}");
        resources.extend(events.iter().map(|e| value(e, "org:resource")));
    }
    assert!(resources.iter().any(|r| r.ends_with("/case_officer")), "{resources:?}");
    let text = String::from_utf8(bytes).unwrap();
    let people = include_str!("../../../../seeds/demo/people.csv");
    for line in people.lines().skip(1) {
        let login = line.split(',').next().unwrap();
        assert!(!text.contains(&format!("\"{login}\"")), "{login} is in the log");
    }
}

/// Real cases against a draft: the process itself changes nothing, another one is told.
fn tried(dir: &TempDir, data: &str) {
    let own = "../../procedures/processes/appraisal.bpmn";
    let same = fine(&["process", "what-if", "appraisal", own, "--data", data, "--json"]);
    let same: serde_json::Value = serde_json::from_str(&same).unwrap();
    assert!(same["cases"].as_u64().unwrap() > 0, "{same}");
    assert_eq!(same["cases"], same["same"], "{same}");
    let text = std::fs::read_to_string(own).unwrap();
    let draft = dir.path().join("draft.bpmn");
    std::fs::write(&draft, text.replace("mc:limitShare=\"50\"", "mc:limit=\"P2WD\"")).unwrap();
    let draft = draft.to_str().unwrap();
    let flags =
        ["process", "what-if", "appraisal", draft, "--data", data, "--fee", "12345", "--json"];
    let other: serde_json::Value = serde_json::from_str(&fine(&flags)).unwrap();
    assert!(other["reasons"]["step_time"].as_u64().unwrap() > 0, "{other}");
    assert!(other["reasons"]["fee"].as_u64().unwrap() > 0, "{other}");
    let departure = &other["differing"][0]["departures"][0];
    assert!(departure["seq"].as_u64().unwrap() > 0 && departure["would"].is_string(), "{other}");
    let unknown = run(&["process", "what-if", "no-such", own, "--data", data]);
    assert_eq!(unknown.code, 2, "{}", unknown.err);
}

/// How many records of access `verify` counted.
fn records(out: &str) -> u64 {
    let part = out.rsplit(" events, ").next().unwrap_or_default();
    part.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{out}"))
}
