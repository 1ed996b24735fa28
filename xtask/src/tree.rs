//! The files of the project: found once, read once, with the parts that are tests cut off.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what was built, fetched or filled, never what was written.
const SKIPPED: &[&str] = &["target", ".git", "node_modules", "data", "demo-data"];
/// Largest file that is read as text, in bytes.
const TEXT_BYTES: u64 = 4_000_000;

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| ".".into(), Path::to_path_buf)
}

/// One file of the project.
pub struct File {
    /// Path from the root, with `/`.
    pub path: String,
    /// Content; empty where it is no text.
    pub text: String,
}

impl File {
    /// Whether the path ends in this extension.
    pub fn is(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }

    /// Whether the whole file is a test.
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }

    /// The lines before the test module, numbered from 1; none of a file that is all tests.
    pub fn lines(&self) -> Vec<(usize, &str)> {
        if self.is_test() {
            return Vec::new();
        }
        let all: Vec<&str> = self.text.lines().collect();
        let is_start = |i: &usize| {
            all.get(*i).is_some_and(|line| line.trim() == "#[cfg(test)]")
                && all[*i + 1..].iter().find(|l| !l.trim().starts_with("#[")).is_some_and(|next| {
                    let next = next.trim_start_matches("pub(crate) ");
                    next.starts_with("mod ") && next.ends_with('{')
                })
        };
        let end = (0..all.len()).find(is_start).unwrap_or(all.len());
        all.into_iter().take(end).enumerate().map(|(i, line)| (i + 1, line)).collect()
    }
}

/// Every file that was written for the project, in order of path.
pub fn files() -> Vec<File> {
    let mut found = Vec::new();
    let root = root();
    walk(&root, &root, &mut found);
    found.sort_by(|a: &File, b| a.path.cmp(&b.path));
    found
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
            walk(root, &path, found);
        } else if kind.is_file() {
            let small = entry.metadata().is_ok_and(|m| m.len() <= TEXT_BYTES);
            let text =
                if small { fs::read_to_string(&path).unwrap_or_default() } else { String::new() };
            let path =
                path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            found.push(File { path, text });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_module_is_cut_off() {
        let text = "//! x\nfn a() {}\n#[cfg(test)]\nuse b;\n#[cfg(test)]\nmod tests {\n}\n";
        let file = File { path: "crates/a/src/b.rs".into(), text: text.into() };
        assert_eq!(file.lines().len(), 4);
        let all = File { path: "crates/a/src/c/tests.rs".into(), text: text.into() };
        assert!(all.lines().is_empty());
    }
}
