//! Words and files that do not belong into the project: paths of one machine, hosts, fetched code.

use super::Finding;
use crate::tree::File;

/// Beginnings of paths that exist on one machine only; put together here so that this file is
/// clean.
const PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/tm", "p/"),
    concat!("/Us", "ers/"),
];

/// Hosts of package registries: cargo and npm know their own, and mirrors differ.
const HOSTS: &[&str] = &[
    concat!("registry.np", "mjs.org"),
    concat!("static.crat", "es.io"),
    concat!("index.crat", "es.io"),
    concat!("py", "pi.org"),
    concat!("deb.deb", "ian.org"),
];

/// Files written by tools, whose words are not ours.
const WRITTEN_BY_TOOLS: &[&str] = &["Cargo.lock", "LICENSE"];

/// Marks of code that was fetched: it comes through cargo, or through npm for tests.
const FETCHED: &[&str] = &[".min.js", ".min.css", "package-lock.json", "yarn.lock", ".wasm"];

/// Machine paths and registry hosts.
pub fn paths(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|f| !WRITTEN_BY_TOOLS.contains(&f.path.as_str())) {
        for (index, line) in file.text.lines().enumerate() {
            let whole = |path: &&&str| {
                line.match_indices(**path).any(|(at, _)| {
                    let before = line.get(..at).and_then(|l| l.chars().next_back());
                    !before
                        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}'))
                })
            };
            if let Some(path) = PATHS.iter().find(whole) {
                findings.push(Finding::new(
                    &file.path,
                    index + 1,
                    format!("a machine path: {path}"),
                ));
            }
            if let Some(host) = HOSTS.iter().find(|host| line.contains(**host)) {
                findings.push(Finding::new(&file.path, index + 1, format!("a registry: {host}")));
            }
        }
    }
    findings
}

/// Code, styles or fonts that were fetched and committed.
pub fn fetched(files: &[File]) -> Vec<Finding> {
    let is_fetched = |path: &str| FETCHED.iter().any(|mark| path.ends_with(mark));
    files
        .iter()
        .filter(|file| is_fetched(&file.path))
        .map(|file| Finding::new(&file.path, 0, "fetched code must not be committed"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_hosts_are_found_where_they_begin() {
        let text = format!("a{0}b\n see {0}b\n{1}\n", PATHS[0], HOSTS[0]);
        let files = [File { path: "docs/a.md".into(), text }];
        let lines: Vec<usize> = paths(&files).iter().map(|f| f.line).collect();
        assert_eq!(lines, [2, 3]);
    }
}
