//! Runs the suites of other people against the engine and prints a table for each of them:
//! `cargo xtask conformance DIR [--update-readme]`. The cases stay outside of the project.
#![expect(clippy::print_stdout, reason = "a command for the terminal: stdout is its page")]

mod betsy;
mod dmn_tck;
mod miwg;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use report::{Report, Row};

/// Exit code for a command line or a folder that cannot be used.
const BAD_USAGE: u8 = 2;

/// A suite: its name, its folder, and what runs it.
struct Suite {
    name: &'static str,
    folder: &'static str,
    run: fn(&Path) -> Result<Vec<Row>, String>,
}

const SUITES: [Suite; 3] = [
    Suite { name: "betsy", folder: "betsy", run: betsy::run },
    Suite { name: "BPMN MIWG", folder: "bpmn-miwg", run: miwg::run },
    Suite { name: "DMN TCK, level 2", folder: "dmn-tck", run: dmn_tck::run },
];

/// What the command line asks for.
struct Wanted {
    folder: PathBuf,
    readme: Option<PathBuf>,
}

fn wanted() -> Result<Wanted, String> {
    let usage = || "usage: conformance DIR [--readme FILE]".to_owned();
    let mut args = std::env::args_os().skip(1);
    let (mut folder, mut readme) = (None, None);
    while let Some(arg) = args.next() {
        if arg == "--readme" {
            readme = Some(args.next().map(PathBuf::from).ok_or_else(usage)?);
        } else if folder.is_none() && !arg.to_string_lossy().starts_with('-') {
            folder = Some(PathBuf::from(arg));
        } else {
            return Err(usage());
        }
    }
    Ok(Wanted { folder: folder.ok_or_else(usage)?, readme })
}

fn main() -> ExitCode {
    match wanted().and_then(|wanted| climb(&wanted)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            println!("{why}");
            ExitCode::from(BAD_USAGE)
        }
    }
}

/// Runs every suite that is there. A suite that is not is named loudly, and then the table of the
/// readme stays as it is: a table with a suite missing would say less than the old one.
fn climb(wanted: &Wanted) -> Result<bool, String> {
    let mut report = Report::default();
    let mut skipped = Vec::new();
    for suite in &SUITES {
        let folder = wanted.folder.join(suite.folder);
        if !folder.is_dir() {
            println!("SKIPPED: {}: there is no folder {}", suite.name, folder.display());
            skipped.push(suite.name);
            continue;
        }
        let rows = (suite.run)(&folder).map_err(|why| format!("{}: {why}", suite.name))?;
        if rows.is_empty() {
            return Err(format!("{}: no case is in {}", suite.name, folder.display()));
        }
        report.add(suite.name, rows);
    }
    print!("{}", report.terminal());
    if !skipped.is_empty() {
        println!("ATTENTION: nothing was shown about {}", skipped.join(", "));
    }
    match &wanted.readme {
        Some(_) if !skipped.is_empty() => println!("The readme is left as it is."),
        Some(readme) => report.write_into(readme)?,
        None => {}
    }
    Ok(report.held())
}

/// Reads a file of a suite.
fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|why| format!("{}: {why}", path.display()))
}

/// The entries of a folder, in order of their names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let found = std::fs::read_dir(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let mut paths: Vec<PathBuf> = found.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

/// The last part of a path as text.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
