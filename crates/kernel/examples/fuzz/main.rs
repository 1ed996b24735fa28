//! Fuzzing on stable Rust: mutated inputs for the readers, the evaluators and `step`.
//!
//! `cargo xtask test --only fuzz` runs all targets, a minute each, in parallel on the cores. An
//! input is a function of the seed and its number alone, so that a run can be repeated from any
//! place. What fails is saved, made smaller, and told with the command that repeats it. Each target
//! runs in a process of its own: an abort, an endless loop and a flood of memory are found too.
#![expect(clippy::print_stdout, reason = "a command for the terminal: stdout is its page")]

mod corpus;
mod mutate;
mod runner;
mod steps;
mod targets;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

/// Exit code of a target that found something.
pub const FOUND: u8 = 1;
/// Exit code for a command line that was not understood.
const BAD_USAGE: u8 = 2;

/// What the command line asks for.
pub struct Wanted {
    /// A target, or `all`.
    pub target: String,
    /// How long each target runs.
    pub seconds: u64,
    /// Chance.
    pub seed: u64,
    /// The number of the first input.
    pub from: u64,
    /// Each input is saved before it is tried: slow, and survives everything.
    pub careful: bool,
    /// One input is tried and nothing else.
    pub replay: Option<PathBuf>,
    /// Where inputs that failed are saved.
    pub out: PathBuf,
}

const USAGE: &str = "usage: fuzz all|TARGET [--seconds N] [--seed N] [--from N] [--careful] \
    [--replay FILE] [--out DIR]";

fn wanted() -> Result<Wanted, String> {
    let mut args = std::env::args().skip(1);
    let target = args.next().ok_or(USAGE)?;
    let mut wanted = Wanted {
        target,
        seconds: 60,
        seed: 1,
        from: 0,
        careful: false,
        replay: None,
        out: PathBuf::from("fuzz-found"),
    };
    while let Some(flag) = args.next() {
        if flag == "--careful" {
            wanted.careful = true;
            continue;
        }
        let value = args.next().ok_or(USAGE)?;
        let number = || value.parse::<u64>().map_err(|why| format!("{flag} {value}: {why}"));
        match flag.as_str() {
            "--seconds" => wanted.seconds = number()?,
            "--seed" => wanted.seed = number()?,
            "--from" => wanted.from = number()?,
            "--replay" => wanted.replay = Some(PathBuf::from(value)),
            "--out" => wanted.out = PathBuf::from(value),
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(wanted)
}

fn main() -> ExitCode {
    let done = wanted().and_then(|wanted| {
        if wanted.target == "all" {
            return runner::all(&wanted);
        }
        let target = targets::named(&wanted.target).ok_or_else(|| {
            let names: Vec<&str> = targets::ALL.iter().map(|target| target.name).collect();
            format!("there is no target {}; there are {}", wanted.target, names.join(", "))
        })?;
        match &wanted.replay {
            Some(file) => watch::replay(target, file),
            None => watch::run(target, &wanted),
        }
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FOUND),
        Err(why) => {
            println!("{why}");
            ExitCode::from(BAD_USAGE)
        }
    }
}
