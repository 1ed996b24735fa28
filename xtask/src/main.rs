//! The project's own commands; `cargo xtask help` lists them.
//!
//! A launcher over cargo, npm and the program itself, without dependencies, so that it is built in
//! seconds. What the commands call by name stands in `commands.rs`.
#![expect(clippy::print_stdout, reason = "a command for the terminal: stdout is its page")]

mod commands;
mod conventions;
mod run;
mod rungs;
mod tools;
mod tree;

use std::process::ExitCode;

/// Exit code for a command line that was not understood.
const BAD_USAGE: u8 = 2;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let outcome = match args.first().map(String::as_str) {
        Some("test" | "ci") => rungs::Wanted::parse(rest).map(|wanted| rungs::climb(&wanted)),
        Some("conventions" | "tidy") => Ok(conventions::command()),
        Some("bench") => Ok(commands::bench(rest)),
        Some("sim") => Ok(commands::sim(rest)),
        Some("conformance") => commands::conformance(rest),
        Some("tools") => Ok(tools::command()),
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some(other) => Err(format!("unknown command {other}")),
        None => Err("a command is needed".to_owned()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            print!("{why}\n\n{HELP}");
            ExitCode::from(BAD_USAGE)
        }
    }
}

const HELP: &str = "\
cargo xtask test [--only RUNG]… [--skip RUNG]…   everything; ends with `N passed, N failed`
cargo xtask ci                                   the same
cargo xtask conventions                          arrows between crates, sizes, texts, paths …
cargo xtask bench [ARGS]                         builds the release and measures it
cargo xtask sim [ARGS]                           a seeded year of one province
cargo xtask conformance DIR [--update-readme]    suites of other people against the engine
cargo xtask tools                                what is installed, and how to install the rest

Rungs, in order: tools fmt clippy conventions tests fuzz sim e2e
";
