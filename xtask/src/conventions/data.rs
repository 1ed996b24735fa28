//! Data that belongs together: migrations and their head, procedures and what they name, tables.

use super::Finding;
use crate::tree::File;
use std::collections::BTreeSet;

const MIGRATIONS: &str = "crates/store/migrations/";
const PROCEDURES: &str = "seeds/procedures/procedures.csv";
const PROCESSES: &str = "procedures/processes/";
const FORMS: &str = "seeds/procedures/forms/";

/// Migrations are numbered without a gap, and HEAD names the last, so that two writers collide.
pub fn migrations(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut last = String::new();
    let of = |file: &&File| {
        let name = file.path.strip_prefix(MIGRATIONS).unwrap_or_default();
        name.starts_with(|c: char| c.is_ascii_digit()) && file.is("sql")
    };
    for (index, file) in files.iter().filter(of).enumerate() {
        let name = file.path.trim_start_matches(MIGRATIONS).trim_end_matches(".sql");
        let number = format!("{:04}_", index + 1);
        if !name.starts_with(&number) {
            findings.push(Finding::new(&file.path, 0, format!("expected the number {number}")));
        }
        if !file.text.starts_with("--") {
            findings.push(Finding::new(
                &file.path,
                1,
                "the first line must say the purpose: `-- …`",
            ));
        }
        name.clone_into(&mut last);
    }
    let path = format!("{MIGRATIONS}HEAD");
    let head = files.iter().find(|f| f.path == path).map(|f| f.text.trim().to_owned());
    match head {
        Some(head) if number(&head).is_some() && number(&head) == number(&last) => {}
        Some(head) => findings.push(Finding::new(&path, 1, format!("says {head}, last is {last}"))),
        None => findings.push(Finding::new(&path, 0, "is missing")),
    }
    findings
}

/// The number that a migration's name, or HEAD, begins with.
fn number(name: &str) -> Option<u32> {
    name.split('_').next().and_then(|digits| digits.parse().ok())
}

/// Processes and forms named by procedures that do not exist, and processes that nothing names.
pub fn procedures(files: &[File]) -> Vec<Finding> {
    let Some(table) = files.iter().find(|f| f.path == PROCEDURES) else {
        return vec![Finding::new(PROCEDURES, 0, "is missing")];
    };
    let exists = |path: &str| files.iter().any(|f| f.path == path);
    let rows = records(&table.text);
    let header = rows.first().map(|(_, cells)| cells.clone()).unwrap_or_default();
    let mut findings = Vec::new();
    let mut named = BTreeSet::new();
    for (line, cells) in rows.iter().skip(1) {
        let cell = |name: &str| {
            let at = header.iter().position(|column| column == name)?;
            cells.get(at).filter(|cell| !cell.is_empty())
        };
        let processes = [cell("process_2019"), cell("process_2025")].into_iter().flatten();
        let processes = processes.map(|name| format!("{PROCESSES}{name}.bpmn"));
        let form = cell("form").map(|name| format!("{FORMS}{name}.toml"));
        for path in processes.chain(form) {
            if !exists(&path) {
                findings.push(Finding::new(PROCEDURES, *line, format!("{path} does not exist")));
            }
            named.insert(path);
        }
    }
    for file in files.iter().filter(|f| f.path.starts_with(PROCESSES) && f.is("bpmn")) {
        if !named.contains(&file.path) && !is_called(files, file) {
            findings.push(Finding::new(&file.path, 0, "no procedure and no process uses this"));
        }
    }
    findings
}

/// Whether another process calls this one, or a source starts it by its name.
fn is_called(files: &[File], process: &File) -> bool {
    let name = process.path.trim_start_matches(PROCESSES).trim_end_matches(".bpmn");
    let quoted = format!("\"{name}\"");
    let calls = |file: &File| match file.path == process.path {
        true => false,
        false if file.is("bpmn") => file.text.contains(&quoted),
        false => file.is("rs") && file.lines().iter().any(|(_, line)| line.contains(&quoted)),
    };
    files.iter().any(calls)
}

/// Seed tables whose rows have more or fewer cells than their header.
pub fn tables(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|f| f.path.starts_with("seeds/") && f.is("csv")) {
        let rows = records(&file.text);
        let width = rows.first().map_or(0, |(_, cells)| cells.len());
        for (line, cells) in rows.iter().filter(|(_, cells)| cells.len() != width) {
            let what = format!("{} cells, the header has {width}", cells.len());
            findings.push(Finding::new(&file.path, *line, what));
        }
        if rows.len() < 2 {
            findings.push(Finding::new(&file.path, 0, "is empty"));
        }
    }
    findings
}

/// The records of a CSV file (RFC 4180), each with the line it starts on; lines that start with
/// `#` are comments.
fn records(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut record = line.to_owned();
        while record.matches('"').count() % 2 == 1 {
            let Some((_, more)) = lines.next() else { break };
            record.push('\n');
            record.push_str(more);
        }
        found.push((index + 1, cells(&record)));
    }
    found
}

fn cells(record: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut inside = false;
    let mut chars = record.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                push(&mut cells, '"');
            }
            '"' => inside = !inside,
            ',' if !inside => cells.push(String::new()),
            c => push(&mut cells, c),
        }
    }
    cells
}

fn push(cells: &mut [String], c: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    #[test]
    fn records_keep_quotes_commas_and_lines() {
        let rows = records("a,b\n\"x, \"\"y\"\"\",\"1\n2\"\nc,\n");
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[1], (2, vec!["x, \"y\"".to_owned(), "1\n2".to_owned()]));
        assert_eq!(rows[2].0, 4);
    }

    #[test]
    fn a_gap_between_migrations_and_a_wrong_head_are_found() {
        let files = [
            file("crates/store/migrations/0001_a.sql", "-- a\n"),
            file("crates/store/migrations/0003_c.sql", "-- c\n"),
            file("crates/store/migrations/HEAD", "2\n"),
        ];
        assert_eq!(migrations(&files).len(), 2);
    }

    #[test]
    fn a_procedure_without_process_or_form_is_found() {
        let table = "code,process_2019,process_2025,form\n1.1,counter,,generic\n";
        let files = [file(PROCEDURES, table), file("procedures/processes/odd.bpmn", "")];
        assert_eq!(procedures(&files).len(), 3);
    }
}
