//! `motcua calendar`: a day is announced, known to the installation alone, taken over by a running
//! server, and taken back before its day.

use crate::child::{Served, fine, run, run_with};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// A Tuesday far ahead, beyond the shipped days off.
const DATE: &str = "2049-06-15";
const YEAR: &str = "2049";

fn due(data: &str, calendar: &str) -> String {
    let request = json!({
        "calendar": calendar,
        "received_at": "2049-06-01T09:00:00+07:00",
        "channel": "counter",
        "limit": {"unit": "working_day", "quarters": 400},
        "edition": "2018",
        "as_of": "2049-06-01T09:00:00+07:00",
        "events": [],
    });
    let said = run_with(&["deadline", "--json", "--data", data], &request.to_string());
    assert_eq!(said.code, 0, "{}", said.err);
    let answer: Value = serde_json::from_str(&said.out).unwrap();
    answer["due_at"].as_str().unwrap().to_owned()
}

fn add<'a>(data: &'a str, date: &'a str, kind: &'a str) -> Vec<&'a str> {
    vec![
        "calendar",
        "add",
        "--data",
        data,
        "--date",
        date,
        "--kind",
        kind,
        "--ground",
        "QĐ 9/QĐ-UBND",
        "--by",
        "Quách Minh Trí",
    ]
}

#[test]
fn an_announced_day_counts_for_the_installation_until_it_is_taken_back() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data").display().to_string();
    fine(&["init", "--data", &data]);
    let shipped = due(&data, "kien-giang");
    assert_eq!(due(&data, "installation"), shipped);

    let said = fine(&add(&data, DATE, "holiday"));
    assert!(said.contains("announced") && said.contains(DATE), "{said}");
    let listed = fine(&["calendar", "list", "--data", &data, "--year", YEAR]);
    let line = listed.lines().find(|line| line.contains(DATE)).expect("listed");
    for part in ["1\t", "holiday", "QĐ 9/QĐ-UBND", "Quách Minh Trí"] {
        assert!(line.contains(part), "{line}");
    }
    // A hundred working days lead beyond it.
    assert_eq!(due(&data, "kien-giang"), shipped, "the named calendar stays as shipped");
    assert!(due(&data, "installation") > shipped);

    // Not twice, not in the past, not what is no calendar; each with its exit code.
    let twice = run(&add(&data, DATE, "swapped_off"));
    assert_eq!(twice.code, 1, "{}", twice.err);
    let past = run(&add(&data, "2019-04-25", "closure"));
    assert!(past.code == 1 && past.err.contains("2019-04-25"), "{}", past.err);
    let wrong = run(&[&add(&data, DATE, "closure")[..], &["--from", "25:00"]].concat());
    assert!(wrong.code == 2 && wrong.err.starts_with("--from"), "{}", wrong.err);
    assert_eq!(run(&add("/nowhere/at/all", DATE, "closure")).code, 3);
    let unknown = ["calendar", "remove", "9", "--data", &data, "--ground", "x"];
    assert_eq!(run(&unknown).code, 1);

    let back = ["calendar", "remove", "1", "--data", &data, "--ground", "QĐ 10/QĐ-UBND"];
    assert!(fine(&back).contains("taken back"));
    assert_eq!(due(&data, "installation"), shipped);
    let listed = fine(&["calendar", "list", "--data", &data, "--year", YEAR]);
    assert!(listed.contains("QĐ 10/QĐ-UBND"), "{listed}");
    assert_eq!(run(&back).code, 1, "once");
    fine(&["verify", "--data", &data]);
}

#[test]
fn a_server_takes_over_what_was_announced_beside_it() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("data");
    let data = folder.display().to_string();
    fine(&["init", "--data", &data]);
    let served = Served::start("serve", &folder);
    let said = fine(&add(&data, DATE, "closure"));
    assert!(said.contains("10 phút"), "{said}");
    assert_eq!(waiting(&folder), 1);
    // It would be taken over within ten minutes; a restart does so at once.
    served.kill();
    let _served = Served::start("serve", &folder);
    for _ in 0..200 {
        if waiting(&folder) == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(waiting(&folder), 0);
    let listed = fine(&["calendar", "list", "--data", &data, "--year", YEAR]);
    assert!(listed.lines().any(|line| line.contains(DATE) && line.starts_with('1')), "{listed}");
}

/// Requests that lie in the data folder.
fn waiting(folder: &Path) -> usize {
    let found = std::fs::read_dir(folder.join("announcements")).unwrap();
    found.filter(|entry| entry.as_ref().unwrap().path().extension().unwrap() == "json").count()
}
