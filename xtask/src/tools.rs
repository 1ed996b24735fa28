//! The tools that the tests need beside cargo: found, installed where that is possible, or named.

use crate::run;
use std::process::Command;

/// A tool outside cargo.
pub struct Tool {
    /// What it is called here.
    pub name: &'static str,
    /// Programs that count as it, with an argument that makes them say their version.
    programs: &'static [&'static str],
    /// The Debian package.
    package: &'static str,
}

/// The browser that drives the journeys; the environment may name another.
pub const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// What the browser journeys need.
pub const NEEDED: &[Tool] = &[
    Tool { name: "node", programs: &["node"], package: "nodejs" },
    Tool { name: "npm", programs: &["npm"], package: "npm" },
    Tool { name: "chromium", programs: BROWSERS, package: "chromium" },
];

impl Tool {
    fn there(&self) -> bool {
        let named = self.name == "chromium" && std::env::var_os("CHROMIUM").is_some();
        named || self.programs.iter().any(|program| run::starts(program, "--version"))
    }
}

/// Whether tests run under nextest; cargo's own runner serves as well.
pub fn has_nextest() -> bool {
    run::starts("cargo-nextest", "--version") || run::starts("cargo", "nextest")
}

/// The tools that are not there.
pub fn missing() -> Vec<&'static Tool> {
    NEEDED.iter().filter(|tool| !tool.there()).collect()
}

/// The command that installs these tools.
pub fn advice(tools: &[&Tool]) -> String {
    let packages: Vec<&str> = tools.iter().map(|tool| tool.package).collect();
    format!("apt-get install -y --no-install-recommends {}", packages.join(" "))
}

/// Installs what is missing where this is a Debian and we may; says what stays missing.
pub fn install() -> Vec<&'static Tool> {
    let lacking = missing();
    if lacking.is_empty() || !is_root() || !run::starts("apt-get", "--version") {
        return lacking;
    }
    println!("installing: {}", advice(&lacking));
    let mut update = Command::new("apt-get");
    update.args(["update", "-q"]);
    if !run::passes(update) {
        println!("the package lists could not be refreshed; trying with those that are here");
    }
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install.args(["install", "-y", "-q", "--no-install-recommends"]);
    install.args(lacking.iter().map(|tool| tool.package));
    if !run::passes(install) {
        println!("the installation failed");
    }
    missing()
}

fn is_root() -> bool {
    let mut id = Command::new("id");
    id.arg("-u");
    run::output(id).is_ok_and(|user| user.trim() == "0")
}

/// `cargo xtask tools`: the list, and the command for what is missing.
pub fn command() -> bool {
    for tool in NEEDED {
        println!("{:<14} {}", tool.name, if tool.there() { "there" } else { "missing" });
    }
    let runner = if has_nextest() { "there" } else { "missing (cargo test is used)" };
    println!("{:<14} {runner}", "cargo-nextest");
    let lacking = missing();
    if !lacking.is_empty() {
        println!("to install: {}", advice(&lacking));
    }
    lacking.is_empty()
}
