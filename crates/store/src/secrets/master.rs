//! The master keys: a file of its own, readable by its owner only, kept outside the database folder
//! and its backups. Each line is one version; the last one is used for new work.

use super::seal::{mac, random};
use crate::bounds;
use crate::error::KeyError;
use rand::RngCore;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const HEADER: &str = "motcua-master-keys 1";
const OWNER_ONLY: u32 = 0o600;

/// Version of a master key, from 1.
pub type KeyVersion = u32;

/// The master keys of an installation. They are never printed.
#[derive(Clone)]
pub struct Keys {
    path: Option<PathBuf>,
    versions: Vec<[u8; 32]>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("path", &self.path)
            .field("versions", &self.versions.len())
            .finish_non_exhaustive()
    }
}

impl Keys {
    /// Makes the first key and writes it to a new file with mode 600.
    ///
    /// # Errors
    /// `Exists` if the file is there already; `File` if it cannot be written.
    pub fn create(path: &Path, rng: &mut dyn RngCore) -> Result<Self, KeyError> {
        let keys = Self { path: Some(path.to_owned()), versions: vec![random(rng)] };
        keys.write_new(path)?;
        Ok(keys)
    }

    /// Reads the key file.
    ///
    /// # Errors
    /// `Missing`; `Mode` if others than the owner may touch it; `Line` if it is damaged.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let mut file = File::open(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => KeyError::Missing(path.to_owned()),
            _ => file_error(path, &error),
        })?;
        let metadata = file.metadata().map_err(|error| file_error(path, &error))?;
        let mode = metadata.permissions().mode() & 0o7777;
        if mode & !OWNER_ONLY != 0 {
            return Err(KeyError::Mode { path: path.to_owned(), mode });
        }
        let mut text = String::new();
        Read::by_ref(&mut file)
            .take(bounds::KEY_FILE_BYTES_MAX)
            .read_to_string(&mut text)
            .map_err(|error| file_error(path, &error))?;
        let versions = parse(&text).map_err(|(line, reason)| KeyError::Line {
            path: path.to_owned(),
            line,
            reason,
        })?;
        Ok(Self { path: Some(path.to_owned()), versions })
    }

    /// Keys without a file, for tests and throwaway databases.
    #[must_use]
    pub fn unsaved(rng: &mut dyn RngCore) -> Self {
        Self { path: None, versions: vec![random(rng)] }
    }

    /// Adds a version and replaces the file at once. Subject keys move to it with `rewrap`.
    ///
    /// # Errors
    /// `File` if the new file cannot be written; the old one then stays.
    pub fn rotate(&mut self, rng: &mut dyn RngCore) -> Result<KeyVersion, KeyError> {
        let mut next = self.clone();
        next.versions.push(random(rng));
        if let Some(path) = &self.path {
            let beside = path.with_extension("new");
            // A leftover of an interrupted rotation was never in use.
            match std::fs::remove_file(&beside) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(file_error(&beside, &error));
                }
                _ => next.write_new(&beside)?,
            }
            std::fs::rename(&beside, path).map_err(|error| file_error(path, &error))?;
            sync_folder(path)?;
        }
        *self = next;
        Ok(self.current())
    }

    /// The version used for new work.
    #[must_use]
    pub fn current(&self) -> KeyVersion {
        KeyVersion::try_from(self.versions.len()).unwrap_or(KeyVersion::MAX)
    }

    /// All versions, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = KeyVersion> + use<> {
        1..=self.current()
    }

    /// Where the keys are kept.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// A key for one purpose, derived from one version of the master key.
    pub(crate) fn derived(
        &self,
        version: KeyVersion,
        purpose: &'static str,
    ) -> Result<[u8; 32], KeyError> {
        let master = (version as usize).checked_sub(1).and_then(|index| self.versions.get(index));
        let master = master.ok_or(KeyError::Version(version))?;
        Ok(mac(master, &[b"motcua.derived.1", purpose.as_bytes()]))
    }

    fn write_new(&self, path: &Path) -> Result<(), KeyError> {
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path).map_err(
                |error| match error.kind() {
                    std::io::ErrorKind::AlreadyExists => KeyError::Exists(path.to_owned()),
                    _ => file_error(path, &error),
                },
            )?;
        let mut text = format!("{HEADER}\n");
        for (version, key) in self.versions().zip(&self.versions) {
            text.push_str(&format!("{version} {}\n", hex::encode(key)));
        }
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| file_error(path, &error))?;
        sync_folder(path)
    }
}

/// Keys in the order of their versions, or the line and what is wrong with it.
fn parse(text: &str) -> Result<Vec<[u8; 32]>, (usize, &'static str)> {
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        return Err((1, "expected the header `motcua-master-keys 1`"));
    }
    let mut versions = Vec::new();
    for (index, line) in lines.enumerate() {
        let number = index + 2;
        let (version, key) = line.split_once(' ').ok_or((number, "expected version and key"))?;
        if version.parse() != Ok(versions.len() + 1) {
            return Err((number, "expected the next version"));
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(key, &mut bytes)
            .map_err(|_| (number, "expected a key of 64 hexadecimal digits"))?;
        versions.push(bytes);
    }
    if versions.is_empty() { Err((2, "expected at least one key")) } else { Ok(versions) }
}

/// Without this, a power cut could take back the creation or renaming of the file.
fn sync_folder(path: &Path) -> Result<(), KeyError> {
    let folder = match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => return Ok(()),
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| file_error(path, &error))
}

fn file_error(path: &Path, error: &std::io::Error) -> KeyError {
    KeyError::File { path: path.to_owned(), reason: error.to_string() }
}
