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
