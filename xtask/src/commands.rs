//! What the launcher calls by name: the only place to change when a command of the program does.

use crate::run::{self, cargo};
use crate::tree;
use std::path::PathBuf;

/// The program.
pub const PROGRAM: &str = "motcua";
/// Its measuring command.
const BENCH: &[&str] = &["bench"];
/// A simulated week, part of the tests.
pub const SIM_WEEK: &[&str] = &["sim", "--days", "7", "--seed", "1"];
/// A simulated year, on demand.
const SIM_YEAR: &[&str] = &["sim", "--days", "365", "--seed", "1"];

/// The example that runs the suites of other people.
const CONFORMANCE: &str = "conformance";
/// The example that fuzzes, and what it is asked for in the tests: a minute each, side by side.
pub const FUZZ: &str = "fuzz";
pub const FUZZ_ALL: &[&str] = &["all", "--seconds", "60"];
/// The file that carries the table of those suites.
const README: &str = "README.md";

/// Where cargo puts what it builds, as a whole path.
pub fn target() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    if target.is_absolute() { target } else { tree::root().join(target) }
}

/// The program as built for a profile (`debug`, `release`).
pub fn built(profile: &str) -> PathBuf {
    target().join(profile).join(PROGRAM)
}

/// Builds the whole workspace in the profile for daily work. A build of one package alone would
/// flip features and build its dependencies a second time.
pub fn build() -> bool {
    run::passes(cargo(&["build", "--workspace"]))
}

fn build_release() -> bool {
    run::passes(cargo(&["build", "--release", "--workspace"]))
}

/// Builds the release and measures it.
pub fn bench(args: &[String]) -> bool {
    build_release() && run::passes(run::program(&built("release"), BENCH, args))
}

/// A seeded year of one province, or what the arguments say.
pub fn sim(args: &[String]) -> bool {
    build_release() && run::passes(run::program(&built("release"), SIM_YEAR, args))
}

/// Builds an example in the profile for daily work and gives its path. The whole workspace is named
/// for the reason given at [`build`].
pub fn example(name: &str) -> Option<PathBuf> {
    let built = run::passes(cargo(&["build", "--workspace", "--example", name]));
    built.then(|| target().join("debug").join("examples").join(name))
}

/// Runs the suites of other people that lie in a folder, and writes their table into the readme
/// when that is asked for.
///
/// # Errors
/// The arguments were not understood.
pub fn conformance(args: &[String]) -> Result<bool, String> {
    let update = args.iter().any(|arg| arg == "--update-readme");
    let rest: Vec<&String> = args.iter().filter(|arg| *arg != "--update-readme").collect();
    let [folder] = rest.as_slice() else {
        return Err("conformance needs one folder".to_owned());
    };
    if folder.starts_with('-') {
        return Err(format!("unknown flag {folder}"));
    }
    let folder = std::path::absolute(folder).map_err(|why| format!("{folder}: {why}"))?;
    if !folder.is_dir() {
        println!("SKIPPED: {} is no folder; no suite was run", folder.display());
        return Ok(true);
    }
    let Some(program) = example(CONFORMANCE) else { return Ok(false) };
    let mut args = vec![folder.to_string_lossy().into_owned()];
    if update {
        args.extend(["--readme".to_owned(), README.to_owned()]);
    }
    Ok(run::passes(run::program(&program, &[], &args)))
}
