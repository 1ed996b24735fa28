//! Rules about Rust sources: their size, their first line, time and chance, where SQL stands.

use super::Finding;
use super::exceptions::{
    self, CLOCK, COLUMNS, FILE_LINES, FUNCTION_LINES, LONGER, LONGER_FUNCTIONS, SQL,
};
use crate::tree::File;

/// Calls that read the clock or roll dice.
const CALLS: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "rand::rng(",
    "thread_rng",
    "rand::random",
    "OsRng",
    "from_os_rng",
    "getrandom::",
    "now_v7",
    "new_v4",
];

fn rust(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|file| file.is("rs"))
}

/// Files longer than a reader can hold, their tests aside.
pub fn sizes(files: &[File]) -> Vec<Finding> {
    let most = |path: &str| {
        LONGER.iter().find(|(known, ..)| *known == path).map_or(FILE_LINES, |(_, lines, _)| *lines)
    };
    rust(files)
        .filter(|file| file.lines().len() > most(&file.path))
        .map(|file| {
            let what = format!("{} lines, at most {}", file.lines().len(), most(&file.path));
            Finding::new(&file.path, 0, what)
        })
        .collect()
}

/// The functions of a file that are no tests: line, name, number of lines. Relies on rustfmt: a
/// function ends at the brace that stands as deep as it began.
pub fn lengths(file: &File) -> Vec<(usize, String, usize)> {
    let lines = file.lines();
    let mut found = Vec::new();
    for (index, (number, line)) in lines.iter().enumerate() {
        let Some(name) = function(line) else { continue };
        let depth = line.len() - line.trim_start().len();
        let end = format!("{}}}", " ".repeat(depth));
        if line.trim_end().ends_with(['}', ';']) {
            continue;
        }
        let rest = lines.get(index..).unwrap_or_default();
        if let Some(length) = rest.iter().position(|(_, line)| *line == end) {
            found.push((*number, name, length + 1));
        }
    }
    found
}

/// The name of the function that a line begins.
fn function(line: &str) -> Option<String> {
    let line = line.trim_start();
    let before = line.split("fn ").next()?;
    let modifiers = |word: &str| {
        matches!(word, "pub" | "async" | "const" | "unsafe" | "extern") || word.starts_with("pub(")
    };
    if !line.contains("fn ") || !before.split_whitespace().all(modifiers) {
        return None;
    }
    let rest = line.get(before.len() + 3..)?;
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// Functions longer than a screen.
pub fn functions(files: &[File]) -> Vec<Finding> {
    let excused =
        |path: &str, name: &str| LONGER_FUNCTIONS.iter().any(|(p, n, _)| *p == path && *n == name);
    let mut findings = Vec::new();
    for file in rust(files) {
        for (line, name, length) in lengths(file) {
            if length > FUNCTION_LINES && !excused(&file.path, &name) {
                let what = format!("fn {name}: {length} lines, at most {FUNCTION_LINES}");
                findings.push(Finding::new(&file.path, line, what));
            }
        }
    }
    findings
}

/// Lines wider than a reader's window; rustfmt leaves comments and strings alone.
pub fn widths(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in rust(files) {
        for (number, line) in file.lines() {
            let columns = line.chars().count();
            if columns > COLUMNS && !line.contains("https://") {
                findings.push(Finding::new(&file.path, number, format!("{columns} columns")));
            }
        }
    }
    findings
}

/// Files that do not begin by saying what they are for.
pub fn first_lines(files: &[File]) -> Vec<Finding> {
    let says = |file: &&File| {
        let first = file.text.lines().next().unwrap_or_default();
        first.strip_prefix("//!").is_some_and(|rest| !rest.trim().is_empty())
    };
    rust(files)
        .filter(|file| !says(file))
        .map(|file| Finding::new(&file.path, 1, "the first line must be `//!` and say what for"))
        .collect()
}

/// Reads of the clock and rolls of dice below the front door.
pub fn time_and_chance(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let checked = |file: &&File| {
        !exceptions::covers(CLOCK, &file.path) && file.path != "xtask/src/conventions/sources.rs"
    };
    for file in rust(files).filter(checked) {
        for (number, line) in file.lines() {
            let code = line.split("//").next().unwrap_or_default();
            for call in CALLS.iter().filter(|call| code.contains(**call)) {
                let what = format!("{call}: take `now` or an rng from the caller");
                findings.push(Finding::new(&file.path, number, what));
            }
        }
    }
    findings
}

/// SQL outside `store` and the slices' `rows.rs`.
pub fn sql(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let elsewhere = |file: &&File| {
        let at_home = file.path.starts_with("crates/store/") || file.path.ends_with("/rows.rs");
        !at_home && !file.path.contains("/rows/") && !exceptions::covers(SQL, &file.path)
    };
    for file in rust(files).filter(elsewhere) {
        for (number, line) in file.lines().into_iter().filter(|(_, line)| is_sql(line)) {
            let what = format!("SQL: move it to rows.rs: {}", line.trim());
            findings.push(Finding::new(&file.path, number, what));
        }
    }
    findings
}

fn is_sql(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default().trim_start_matches(['"', ' ']);
    let begins = |word: &str| code.contains(&format!("\"{word} ")) || code.starts_with(word);
    let both = |a: &str, b: &str| begins(a) && code.contains(b);
    begins("SELECT")
        || both("INSERT", " INTO ")
        || both("DELETE", " FROM ")
        || both("UPDATE", " SET ")
        || both("CREATE", " TABLE ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    #[test]
    fn clocks_below_main_are_found_and_comments_are_not() {
        let text = "//! x\nlet a = Instant::now();\n// Instant::now is banned\n";
        assert_eq!(time_and_chance(&[file("crates/kit/src/a.rs", text)]).len(), 1);
        assert!(time_and_chance(&[file("crates/motcua/src/main.rs", text)]).is_empty());
    }

    #[test]
    fn sql_is_at_home_in_rows_only() {
        let text = "//! x\nconst A: &str = \"SELECT id FROM t\";\n/// SELECT in a comment\n";
        assert_eq!(sql(&[file("crates/onestop/src/desk/list.rs", text)]).len(), 1);
        assert!(sql(&[file("crates/onestop/src/rows.rs", text)]).is_empty());
    }

    #[test]
    fn functions_are_measured_from_name_to_brace() {
        let text = "//! x\nimpl A {\n    pub(crate) async fn a(\n        b: B,\n    ) {\n        if c {\n        }\n    }\n}\nfn d() {}\n";
        let found = lengths(&file("crates/a/src/b.rs", text));
        assert_eq!(found, [(3, "a".to_owned(), 6)]);
    }

    #[test]
    fn sizes_and_first_lines() {
        let long = "x\n".repeat(FILE_LINES + 1);
        let files = [file("crates/a/src/b.rs", &long), file("crates/a/src/c.rs", "//! c\n")];
        assert_eq!(sizes(&files).len(), 1);
        assert_eq!(first_lines(&files).len(), 1);
    }
}
