//! The test ladder: each rung runs, a table says how it went, the last line counts everything.

use crate::run::{self, Count, cargo};
use crate::{commands, conventions, tools, tree};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// One rung: its name, what it is, and how it is climbed.
struct Rung {
    name: &'static str,
    what: &'static str,
    climb: fn() -> Outcome,
}

/// How a rung went: whether it held, what it counted, and a word about it.
struct Outcome {
    held: bool,
    count: Count,
    note: String,
}

impl Outcome {
    /// A rung that is one check.
    fn one(held: bool, note: &str) -> Self {
        let count = Count { passed: held.into(), failed: (!held).into() };
        Self { held, count, note: if held { String::new() } else { note.to_owned() } }
    }

    /// A rung of many tests. A runner that ends badly without a failed test counts as one failure,
    /// and one that ran nothing has not shown anything.
    fn many((ended_well, mut count): (bool, Count), note: &str) -> Self {
        let empty = count.passed == 0;
        if count.failed == 0 && (!ended_well || empty) {
            count.failed = 1;
        }
        let held = count.failed == 0;
        let note = match (held, empty && ended_well) {
            (true, _) => "",
            (_, true) => "no test ran",
            _ => note,
        };
        Self { held, count, note: note.to_owned() }
    }
}

const RUNGS: [Rung; 8] = [
    Rung { name: "tools", what: "node, npm and a browser", climb: climb_tools },
    Rung { name: "fmt", what: "rustfmt", climb: climb_fmt },
    Rung { name: "clippy", what: "lints, warnings denied", climb: climb_clippy },
    Rung { name: "conventions", what: "arrows, sizes, texts, paths", climb: climb_conventions },
    Rung { name: "tests", what: "unit, law, contract, endpoint", climb: climb_tests },
    Rung { name: "fuzz", what: "mutated inputs, a minute a target", climb: climb_fuzz },
    Rung { name: "sim", what: "a simulated week", climb: climb_sim },
    Rung { name: "e2e", what: "a real browser, with axe", climb: climb_e2e },
];

/// Which rungs are wanted.
pub struct Wanted {
    only: Vec<String>,
    skip: Vec<String>,
}

impl Wanted {
    /// Reads `--only RUNG` and `--skip RUNG`, each as often as one likes.
    ///
    /// # Errors
    /// An unknown flag or rung, in words.
    pub fn parse(args: &[String]) -> Result<Self, String> {
        let mut wanted = Self { only: Vec::new(), skip: Vec::new() };
        let mut args = args.iter();
        while let Some(flag) = args.next() {
            let list = match flag.as_str() {
                "--only" => &mut wanted.only,
                "--skip" => &mut wanted.skip,
                other => return Err(format!("unknown flag {other}")),
            };
            let name = args.next().ok_or_else(|| format!("{flag} needs the name of a rung"))?;
            if !RUNGS.iter().any(|rung| rung.name == name) {
                return Err(format!("{name} is no rung"));
            }
            list.push(name.clone());
        }
        Ok(wanted)
    }

    /// Whether a rung is climbed. The tools serve the journeys alone, so they go with them.
    fn takes(&self, name: &str) -> bool {
        let skipped = |name: &str| self.skip.iter().any(|skip| skip == name);
        let named = self.only.is_empty() || self.only.iter().any(|only| only == name);
        named && !skipped(name) && !(name == "tools" && skipped("e2e"))
    }
}

/// Climbs the wanted rungs, all of them even after one broke; whether every one held.
pub fn climb(wanted: &Wanted) -> bool {
    let mut table = Vec::new();
    let mut total = Count::default();
    for rung in &RUNGS {
        if !wanted.takes(rung.name) {
            table.push(format!("{:<12} SKIPPED  not climbed: {}", rung.name, rung.what));
            continue;
        }
        println!("\n── {}: {}", rung.name, rung.what);
        let start = now();
        let outcome = (rung.climb)();
        let seconds = since(start).as_secs_f32();
        total.passed += outcome.count.passed;
        total.failed += outcome.count.failed;
        let word = if outcome.held { "ok" } else { "FAILED" };
        let Count { passed, failed } = outcome.count;
        let note = outcome.note;
        table.push(format!(
            "{:<12} {word:<8} {passed:>5} passed {failed:>4} failed {seconds:>7.1} s  {note}",
            rung.name
        ));
    }
    println!("\n── the ladder");
    for line in &table {
        println!("{line}");
    }
    let skipped = RUNGS.iter().filter(|rung| !wanted.takes(rung.name)).count();
    if skipped > 0 {
        println!("ATTENTION: {skipped} of {} rungs were skipped; this is no full run", RUNGS.len());
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    total.failed == 0
}

#[expect(clippy::disallowed_methods, reason = "the launcher times its rungs; no law depends on it")]
fn now() -> Instant {
    Instant::now()
}

fn since(start: Instant) -> Duration {
    start.elapsed()
}

fn climb_tools() -> Outcome {
    let lacking = tools::install();
    for tool in &lacking {
        println!("{} is missing", tool.name);
    }
    let note = format!("as root: {}", tools::advice(&lacking));
    Outcome::one(lacking.is_empty(), &note)
}

fn climb_fmt() -> Outcome {
    Outcome::one(run::passes(cargo(&["fmt", "--all", "--check"])), "cargo fmt --all")
}

fn climb_clippy() -> Outcome {
    let args = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    Outcome::one(run::passes(cargo(&args)), "see above")
}

fn climb_conventions() -> Outcome {
    let (count, note) = conventions::check_all();
    Outcome { held: count.failed == 0, count, note }
}

fn climb_tests() -> Outcome {
    let nextest = tools::has_nextest();
    let args: &[&str] = if nextest {
        &["nextest", "run", "--workspace", "--no-fail-fast"]
    } else {
        &["test", "--workspace", "--no-fail-fast"]
    };
    Outcome::many(run::counted(cargo(args)), "see above")
}

fn climb_fuzz() -> Outcome {
    let Some(program) = commands::example(commands::FUZZ) else {
        return Outcome::one(false, "the build failed");
    };
    let out = commands::target().join("fuzz").to_string_lossy().into_owned();
    let all = run::program(&program, commands::FUZZ_ALL, &["--out".to_owned(), out]);
    Outcome::many(run::counted(all), "inputs are in target/fuzz")
}

fn climb_sim() -> Outcome {
    if !commands::build() {
        return Outcome::one(false, "the build failed");
    }
    let week = run::program(&commands::built("debug"), commands::SIM_WEEK, &[]);
    Outcome::one(run::passes(week), "the simulated week broke an invariant or did not run")
}

fn climb_e2e() -> Outcome {
    let lacking = tools::missing();
    if !lacking.is_empty() {
        return Outcome::one(false, &format!("as root: {}", tools::advice(&lacking)));
    }
    if !commands::build() {
        return Outcome::one(false, "the build failed");
    }
    let folder: PathBuf = tree::root().join("e2e");
    let mut fetch = Command::new("npm");
    fetch.args(["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]);
    fetch.current_dir(&folder);
    if !run::passes(fetch) {
        return Outcome::one(false, "npm could not fetch the checkers");
    }
    let mut journeys = Command::new("node");
    journeys.env("E2E_OUT", commands::target().join("e2e"));
    journeys.arg("run.mjs").arg("--bin").arg(commands::built("debug")).current_dir(&folder);
    Outcome::many(run::counted(journeys), "pictures and reports are in target/e2e")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn rungs_are_chosen_by_name_and_unknown_ones_refused() {
        let wanted = Wanted::parse(&words("--skip e2e --skip sim")).unwrap();
        assert!(wanted.takes("fmt") && !wanted.takes("e2e") && !wanted.takes("sim"));
        assert!(!wanted.takes("tools"), "only the journeys need them");
        let wanted = Wanted::parse(&words("--only fmt")).unwrap();
        assert!(wanted.takes("fmt") && !wanted.takes("tests"));
        assert!(Wanted::parse(&words("--only fnt")).is_err());
        assert!(Wanted::parse(&words("--skip")).is_err());
        assert!(Wanted::parse(&words("--quick")).is_err());
    }

    #[test]
    fn a_run_without_tests_or_with_a_bad_end_does_not_hold() {
        assert!(Outcome::many((true, Count { passed: 3, failed: 0 }), "").held);
        assert!(!Outcome::many((true, Count::default()), "").held);
        assert!(!Outcome::many((false, Count { passed: 3, failed: 0 }), "").held);
        assert_eq!(Outcome::many((false, Count { passed: 3, failed: 2 }), "").count.failed, 2);
    }
}
