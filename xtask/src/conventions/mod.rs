//! Convention tests: what no compiler checks and every reader relies on.

mod arrows;
mod data;
mod exceptions;
mod sources;
mod texts;
mod words;

use crate::run::Count;
use crate::tree::{self, File};

/// Something that goes against a convention, and where.
pub struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Finding {
    /// A finding in a file; line 0 means the whole file.
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

/// One convention.
struct Check {
    name: &'static str,
    find: fn(&[File]) -> Vec<Finding>,
}

const CHECKS: &[Check] = &[
    Check { name: "crates use only what the architecture allows", find: arrows::crates },
    Check { name: "no second TLS or native library in the tree", find: arrows::banned },
    Check { name: "files are small", find: sources::sizes },
    Check { name: "functions are short", find: sources::functions },
    Check { name: "lines fit into 100 columns", find: sources::widths },
    Check { name: "each file says what it is for", find: sources::first_lines },
    Check { name: "no clock and no dice below main", find: sources::time_and_chance },
    Check { name: "SQL stands in store and rows.rs only", find: sources::sql },
    Check { name: "exceptions are still needed", find: exceptions::stale },
    Check { name: "both languages have the same texts", find: texts::languages },
    Check { name: "every text is there and used", find: texts::keys },
    Check { name: "no machine path or registry host", find: words::paths },
    Check { name: "nothing fetched is committed", find: words::fetched },
    Check { name: "migrations are numbered and HEAD names the last", find: data::migrations },
    Check { name: "procedures name processes and forms that exist", find: data::procedures },
    Check { name: "seed tables are rectangular", find: data::tables },
];

/// Checks everything and prints what was found; one check counts as one test.
pub fn check_all() -> (Count, String) {
    let files = tree::files();
    let mut count = Count::default();
    let mut broken = Vec::new();
    for check in CHECKS {
        let mut findings = (check.find)(&files);
        findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        println!("{} {}", if findings.is_empty() { "ok    " } else { "BROKEN" }, check.name);
        for Finding { path, line, what } in &findings {
            println!("       {path}:{line}: {what}");
        }
        if findings.is_empty() {
            count.passed += 1;
        } else {
            count.failed += 1;
            broken.push(check.name);
        }
    }
    (count, broken.join("; "))
}

/// `cargo xtask conventions`.
pub fn command() -> bool {
    let (count, _) = check_all();
    println!("{} passed, {} failed", count.passed, count.failed);
    count.failed == 0
}
