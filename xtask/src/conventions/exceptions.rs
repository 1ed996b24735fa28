//! Exceptions from the conventions, each with its reason; one that is no longer needed must go.

use super::{Finding, sources};
use crate::tree::File;

/// Most lines of a file, its tests aside.
pub const FILE_LINES: usize = 500;

/// Most lines of a function: about 70, with room for a long signature or a match over all events.
pub const FUNCTION_LINES: usize = 80;

/// Most columns of a line.
pub const COLUMNS: usize = 100;

/// Functions that may be longer: path, name, reason.
pub const LONGER_FUNCTIONS: &[(&str, &str, &str)] = &[
    (
        "crates/kernel/src/calendar/brute.rs",
        "find",
        "the slow count of the tests: one walk in the order of the contract's sections",
    ),
    ("crates/kernel/src/case/apply.rs", "born", "names every field of a new case once"),
];

/// Files that may be longer: path, lines, reason.
pub const LONGER: &[(&str, usize, &str)] = &[];

/// Where the clock is read or dice are rolled: path, reason.
pub const CLOCK: &[(&str, &str)] = &[
    ("crates/motcua/src/main.rs", "main is the front door of time and chance"),
    ("crates/motcua/src/bench", "measuring needs a stopwatch"),
    ("crates/kernel/examples/fuzz", "fuzzing ends by the clock and watches for endless loops"),
    ("crates/process/examples/steps.rs", "measuring needs a stopwatch"),
    ("xtask/src/rungs.rs", "the launcher times its rungs"),
];

/// Where SQL may stand beside `store` and `rows.rs`: path, reason.
pub const SQL: &[(&str, &str)] =
    &[("crates/motcua/src/bench", "the bare rows that acts are measured against")];

/// Text keys that no source names: prefix, reason.
pub const TEXTS: &[(&str, &str)] = &[
    ("refused-", "the second sentence of an answer is named after the first, with -do"),
    ("bulk-", "the kit's bulk bar, which its own tests show"),
    ("table-pick", "the kit's column of tick boxes, which its own tests show"),
];

/// Whether a path is one of these, or lies below one of them.
pub fn covers(list: &[(&str, &str)], path: &str) -> bool {
    list.iter().any(|(known, _)| {
        path.strip_prefix(known).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('/') || (rest == ".rs" && !known.ends_with(".rs"))
        })
    })
}

/// Exceptions for longer files that have become short.
pub fn stale(files: &[File]) -> Vec<Finding> {
    let needed =
        |path: &str| files.iter().any(|file| file.path == path && file.lines().len() > FILE_LINES);
    let files_gone = LONGER.iter().filter(|(path, ..)| !needed(path)).map(|(path, ..)| *path);
    let is_long = |path: &str, name: &str| {
        let file = files.iter().find(|file| file.path == path);
        file.is_some_and(|file| {
            sources::lengths(file).iter().any(|(_, n, lines)| n == name && *lines > FUNCTION_LINES)
        })
    };
    let functions = LONGER_FUNCTIONS.iter().filter(|(path, name, _)| !is_long(path, name));
    let functions_gone = functions.map(|(path, ..)| *path);
    files_gone
        .chain(functions_gone)
        .map(|path| Finding::new(path, 0, "an exception for its length is not needed"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_covers_a_file_and_what_lies_below() {
        let list = [("crates/motcua/src/bench", "why")];
        assert!(covers(&list, "crates/motcua/src/bench/http.rs"));
        assert!(covers(&list, "crates/motcua/src/bench.rs"));
        assert!(!covers(&list, "crates/motcua/src/benches.rs"));
    }
}
