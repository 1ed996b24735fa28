//! The files that seeds are read from: those inside the program, or a folder in their place.

use super::embedded::EMBEDDED;
use super::faults::Faults;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Largest seed file, in bytes.
pub const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Most files of one set of seeds.
pub const FILES_MAX: usize = 2_000;
/// Deepest folder below the seeds.
const DEPTH_MAX: usize = 4;
/// Folder of the process files inside a set of seeds.
pub(crate) const PROCESSES: &str = "processes/";

/// Where seeds come from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum SeedSource {
    /// The files that were built into the program.
    #[default]
    Embedded,
    /// A folder laid out like `seeds/` of the source. It replaces the built-in data as a whole;
    /// its `processes/*.bpmn` are added to the built-in processes and win over those of their name.
    Folder(PathBuf),
}

/// The texts of a set of seeds, by path relative to the seeds folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    texts: BTreeMap<String, Cow<'static, str>>,
}

impl Files {
    /// Collects the files of a source; what cannot be read is a fault.
    pub(crate) fn of(source: &SeedSource, faults: &mut Faults) -> Self {
        let mut files = Self::default();
        let SeedSource::Folder(folder) = source else {
            let all = EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).into()));
            files.texts.extend(all);
            return files;
        };
        let processes = EMBEDDED.iter().filter(|(path, _)| path.starts_with(PROCESSES));
        files.texts.extend(processes.map(|(path, text)| ((*path).to_owned(), (*text).into())));
        files.walk(folder, "", DEPTH_MAX, faults);
        files
    }

    fn walk(&mut self, folder: &Path, prefix: &str, depth: usize, faults: &mut Faults) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let name = if prefix.is_empty() { "." } else { prefix };
                return faults.add(name, 0, "", format!("the folder cannot be read: {error}"));
            }
        };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            let is_folder = entry.path().is_dir();
            if name.starts_with('.') || (!is_folder && !is_seed(&name)) {
                continue;
            }
            if is_folder && depth > 0 {
                self.walk(&entry.path(), &format!("{path}/"), depth - 1, faults);
            } else if self.texts.len() >= FILES_MAX {
                return faults.add(&path, 0, "", format!("expected at most {FILES_MAX} files"));
            } else if !is_folder && let Some(text) = read(&entry.path(), &path, faults) {
                self.texts.insert(path, text.into());
            }
        }
    }

    /// The text of a file that must be there.
    pub(crate) fn need(&self, path: &str, faults: &mut Faults) -> Option<&str> {
        let text = self.texts.get(path).map(AsRef::as_ref);
        if text.is_none() {
            faults.add(path, 0, "", "expected this file, but it is not there");
        }
        text
    }

    /// Paths and texts of the files in a folder with an extension, in order of name.
    pub(crate) fn in_folder<'a>(
        &'a self,
        folder: &'a str,
        extension: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let wanted = move |path: &str| {
            let name = path.strip_prefix(folder).and_then(|rest| rest.strip_suffix(extension));
            name.is_some_and(|n| !n.contains('/'))
        };
        self.texts.iter().filter(move |(p, _)| wanted(p)).map(|(p, t)| (p.as_str(), t.as_ref()))
    }

    /// Paths of the unit files: `<set>/units.csv`.
    pub(crate) fn unit_files(&self) -> Vec<String> {
        let is_units =
            |path: &&String| path.strip_suffix("/units.csv").is_some_and(|set| !set.contains('/'));
        self.texts.keys().filter(is_units).cloned().collect()
    }

    #[cfg(test)]
    pub(crate) fn replace(&mut self, path: &str, text: Option<String>) {
        match text {
            Some(text) => self.texts.insert(path.to_owned(), text.into()),
            None => self.texts.remove(path),
        };
    }
}

/// The name of a file without folder and extension.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

fn is_seed(name: &str) -> bool {
    [".csv", ".toml", ".bpmn"].iter().any(|extension| name.ends_with(extension))
}

fn read(file: &Path, path: &str, faults: &mut Faults) -> Option<String> {
    let size = std::fs::metadata(file).map(|m| m.len()).unwrap_or_default();
    if size > FILE_BYTES_MAX {
        let reason = format!("expected at most {FILE_BYTES_MAX} bytes, but found {size}");
        faults.add(path, 0, "", reason);
        return None;
    }
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            faults.add(path, 0, "", format!("the file cannot be read: {error}"));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let before = error.as_bytes().iter().take(good);
            let line = before.filter(|b| **b == b'\n').count() as u64 + 1;
            faults.add(path, line, "", "expected UTF-8, but found other bytes");
            None
        }
    }
}
