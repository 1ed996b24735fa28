//! Arrows between crates, read from cargo's own view of the workspace.

use super::Finding;
use crate::run::{self, cargo};
use crate::tree::File;
use std::collections::BTreeMap;

/// Which of our crates each of our crates may use (ARCHITECTURE.md).
const MAY_USE: &[(&str, &[&str])] = &[
    ("process", &[]),
    ("kernel", &["process"]),
    ("store", &["kernel"]),
    ("papers", &["kernel"]),
    ("link", &["kernel"]),
    ("kit", &["kernel"]),
    ("onestop", &["process", "kernel", "store", "kit", "papers"]),
    ("sim", &["kernel", "store"]),
    ("motcua", &["process", "kernel", "store", "papers", "link", "kit", "onestop", "sim"]),
    ("xtask", &[]),
];

/// Crates that know no input, output, clock or chance.
const PURE: &[&str] = &["process", "kernel"];

/// What a pure crate must not depend on.
const IMPURE: &[&str] = &[
    "axum",
    "getrandom",
    "hyper",
    "postgres",
    "rand",
    "reqwest",
    "rusqlite",
    "time",
    "tokio",
    "tracing",
    "ureq",
];

/// Libraries that must not come in by any path: one TLS, in Rust, is enough (docs/decisions).
const BANNED: &[&str] = &["openssl-sys", "openssl", "native-tls", "aws-lc-sys", "aws-lc-rs"];

/// Crate → what it depends on directly, for building, running and testing.
type Direct = BTreeMap<String, Vec<String>>;

fn direct(edges: &str) -> Result<Direct, String> {
    let args =
        ["tree", "--workspace", "--depth", "1", "--prefix", "depth", "--format", "{p}", "--edges"];
    let mut command = cargo(&args);
    command.arg(edges);
    Ok(read(&run::output(command)?))
}

/// Reads lines such as `0kernel v0.1.0 (…)` and `1serde v1.0.1`.
fn read(listing: &str) -> Direct {
    let mut found = Direct::new();
    let mut at = String::new();
    for line in listing.lines() {
        let name = line.get(1..).unwrap_or_default();
        let name = name.split(' ').next().unwrap_or_default().to_owned();
        if line.starts_with('0') {
            at.clone_from(&name);
            found.entry(name).or_default();
        } else if line.starts_with('1') {
            found.entry(at.clone()).or_default().push(name);
        }
    }
    found
}

/// Arrows that the architecture does not have.
pub fn crates(_: &[File]) -> Vec<Finding> {
    match direct("normal,build,dev") {
        Ok(found) => judge(&found),
        Err(why) => vec![Finding::new("Cargo.toml", 0, why)],
    }
}

fn judge(found: &Direct) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, uses) in found {
        let path = format!("crates/{name}/Cargo.toml");
        let Some((_, may)) = MAY_USE.iter().find(|(known, _)| known == name) else {
            let what = format!("{name} has no row in the table of arrows; give it one");
            findings.push(Finding::new(&path, 0, what));
            continue;
        };
        for used in uses {
            if found.contains_key(used) && !may.contains(&used.as_str()) {
                findings.push(Finding::new(&path, 0, format!("{name} must not use {used}")));
            }
            if PURE.contains(&name.as_str()) && IMPURE.contains(&used.as_str()) {
                let what = format!("{name} is pure and must not use {used}");
                findings.push(Finding::new(&path, 0, what));
            }
        }
    }
    findings
}

/// Banned libraries anywhere in the tree.
pub fn banned(_: &[File]) -> Vec<Finding> {
    let args = ["tree", "--workspace", "--prefix", "none", "--format", "{p}", "--edges", "all"];
    match run::output(cargo(&args)) {
        Ok(listing) => {
            let names = listing.lines().filter_map(|line| line.split(' ').next());
            let mut bad: Vec<&str> = names.filter(|name| BANNED.contains(name)).collect();
            bad.sort_unstable();
            bad.dedup();
            let why = |name| Finding::new("Cargo.lock", 0, format!("{name} is in the tree"));
            bad.into_iter().map(why).collect()
        }
        Err(why) => vec![Finding::new("Cargo.toml", 0, why)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_arrow_an_impure_kernel_and_a_new_crate_are_found() {
        let listing = "0kernel v0.1.0 (x)\n1process v0.1.0 (x)\n1tokio v1.0.0\n1store v0.1.0 (x)\n\
                       0process v0.1.0 (x)\n0store v0.1.0 (x)\n1kernel v0.1.0 (x)\n0press v0.1.0 (x)\n";
        let findings = judge(&read(listing));
        let what: Vec<&str> = findings.iter().map(|f| f.what.as_str()).collect();
        assert_eq!(what.len(), 3, "{what:?}");
        assert!(what[0].contains("pure") && what[1] == "kernel must not use store");
        assert!(what[2].starts_with("press has no row"));
    }

    #[test]
    fn the_table_has_no_circle_and_knows_its_own_names() {
        for (name, uses) in MAY_USE {
            for used in *uses {
                let (_, back) = MAY_USE.iter().find(|(known, _)| known == used).unwrap();
                assert!(!back.contains(name), "{name} and {used} use each other");
            }
        }
    }
}
