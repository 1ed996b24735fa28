//! What is registered in the program stands where people look for it: addresses answer, jobs and
//! limits are in the manual.

use crate::browser::Browser;
use crate::child::{Served, fine};
use std::path::{Path, PathBuf};

/// Certificate of marital status, which can be filed online.
const PROCEDURE: &str = "1.004873";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn every_address_answers_and_the_officers_ones_ask_for_a_session() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    fine(&["init", "--data", data.to_str().unwrap()]);
    let served = Served::start("serve", &data);
    let mut stranger = Browser::new(served.address, "10.0.0.1");
    let mut bad = Vec::new();
    for route in onestop::portal::ROUTES.iter().filter(|r| !r.contains("{draft}")) {
        let path = with_values(route);
        let status = stranger.get(&path).status;
        // The program runs on the real day, on which the law may have closed filing here.
        let closed = *route == "/nop/{code}" && status == 422;
        if status != 200 && !closed {
            bad.push(format!("{path}: {status}"));
        }
    }
    bad.extend(drafts_stay_closed(&mut stranger));
    for route in onestop::desk::ROUTES {
        let path = with_values(route);
        let answer = stranger.get(&path);
        let led = answer.status == 303 && answer.location().starts_with("/dang-nhap");
        if !led {
            bad.push(format!("{path}: {} to {:?}", answer.status, answer.location()));
        }
        let page = stranger.get("/dang-nhap");
        let answer = stranger.post(&page, &path, &[]);
        let refused = answer.status == 303 && answer.location().starts_with("/dang-nhap");
        // 405 where nothing can be sent to.
        if !refused && !matches!(answer.status, 401 | 403 | 405) {
            bad.push(format!("POST {path}: {} to {:?}", answer.status, answer.location()));
        }
    }
    for route in onestop::track::ROUTES.iter().filter(|r| **r != "/theo-doi") {
        let answer = stranger.get(&with_values(route));
        // 405 where nothing can be read.
        if !matches!(answer.status, 403 | 405) {
            bad.push(format!("{route}: {}", answer.status));
        }
    }
    if stranger.get("/theo-doi").status != 200 {
        bad.push("/theo-doi".to_owned());
    }
    assert_eq!(bad, Vec::<String>::new());
    assert_eq!(stranger.get("/khong-co-trang-nay").status, 404);
}

/// A draft opens to the browser that began it and to nobody else: a stranger with the right address
/// and a valid form gets the answer for a draft that is not there.
fn drafts_stay_closed(stranger: &mut Browser) -> Vec<String> {
    let mut bad = Vec::new();
    let page = stranger.get("/dang-nhap");
    for route in onestop::portal::ROUTES.iter().filter(|r| r.contains("{draft}")) {
        let path = with_values(route);
        let (read, sent) = (stranger.get(&path), stranger.post(&page, &path, &[]));
        // 405 where nothing can be read or sent to.
        for (method, answer) in [("GET", read), ("POST", sent)] {
            if !matches!(answer.status, 404 | 405) || answer.body.contains('⟦') {
                bad.push(format!("{method} {path}: {}", answer.status));
            }
        }
    }
    bad
}

fn with_values(route: &str) -> String {
    route
        .replace("{code}", PROCEDURE)
        .replace("{draft}", "0190f0a0-0000-7000-8000-000000000002")
        .replace("{step}", "nguoi-nop")
        .replace("{id}", "0190f0a0-0000-7000-8000-000000000001")
        .replace("{n}", "1")
        .replace("{action}", "note")
        .replace("{number}", "ABCD2345EFGH")
}

#[test]
fn every_job_stands_in_the_manual() {
    let manual = read("docs/manual/jobs.md");
    for name in kernel::case::Job::NAMES {
        assert!(manual.contains(&format!("| `{name}` |")), "{name} is not in docs/manual/jobs.md");
    }
}

#[test]
fn every_limit_stands_in_the_manual_under_its_file() {
    let manual = read("docs/manual/limits.md");
    let files = [
        "crates/process/src/limits.rs",
        "crates/kernel/src/limits.rs",
        "crates/store/src/bounds.rs",
        "crates/kit/src/limits.rs",
        "crates/papers/src/limits.rs",
    ];
    let mut bad = Vec::new();
    for file in files {
        let under = manual.split("\n## ").find(|part| part.lines().next().unwrap().contains(file));
        let under = under.unwrap_or_else(|| panic!("{file} has no table in the manual"));
        let names = names_of(&read(file));
        assert!(!names.is_empty(), "{file} has limits");
        let listed = |name: &String| under.contains(&format!("| `{name}` |"));
        bad.extend(
            names
                .iter()
                .filter(|n| !listed(n))
                .map(|n| format!("{file}: {n}: manual and code differ")),
        );
        let rows = under.lines().filter_map(|l| l.strip_prefix("| `")?.split('`').next());
        let gone = rows.filter(|row| !names.iter().any(|n| n == row));
        bad.extend(gone.map(|row| format!("{file}: {row} is no longer there")));
    }
    assert_eq!(bad, Vec::<String>::new());
}

/// The public constants of a file.
fn names_of(text: &str) -> Vec<String> {
    let of = |line: &str| {
        let rest = line.trim().strip_prefix("pub const ")?;
        rest.split(':').next().map(str::to_owned)
    };
    text.lines().filter_map(of).collect()
}
