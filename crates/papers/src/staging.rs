//! Blobs on disk, addressed by the SHA-256 of their bytes.
//!
//! The caller passes ciphertext, so that the address says nothing about the content. A blob is
//! first written beside the store and fsynced, then renamed to its place and the folders fsynced:
//! once [`Staging::stage`] has returned, the blob survives a power cut. Blobs that no committed
//! row refers to are found by [`Staging::orphans`].

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

/// Folder for blobs being written, inside the store's folder.
const TMP_FOLDER: &str = "tmp";

/// Address of a blob: SHA-256 of its bytes, shown as 64 small hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId([u8; 32]);

impl BlobId {
    /// Address of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobId({self})")
    }
}

/// The text is not 64 small hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 small hexadecimal digits")]
pub struct BlobIdFault;

impl FromStr for BlobId {
    type Err = BlobIdFault;

    fn from_str(text: &str) -> Result<Self, BlobIdFault> {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).map_err(|_| BlobIdFault)?;
        // One spelling per blob, or two rows could name one file.
        let id = Self(digest);
        if id.to_string() == text { Ok(id) } else { Err(BlobIdFault) }
    }
}

/// Why the store could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StagingFault {
    /// No blob at this address.
    #[error("blob {0} is missing")]
    Missing(BlobId),
    /// The bytes on disk do not have the digest of their address.
    #[error("blob {0} is damaged on disk")]
    Damaged(BlobId),
    /// The disk refused: `act` names what was tried.
    #[error("{act}: {source}")]
    Disk {
        /// What was tried.
        act: &'static str,
        /// The system's answer.
        source: io::Error,
    },
}

/// What a sweep found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Orphans {
    /// Blobs that nothing refers to, in order.
    pub blobs: Vec<BlobId>,
    /// Left-overs of interrupted writes.
    pub unfinished: Vec<PathBuf>,
}

/// A folder of blobs, for all threads of one process: equal bytes have equal addresses, and a
/// rename is atomic. Several processes may write; only one may sweep.
#[derive(Debug)]
pub struct Staging {
    root: PathBuf,
    /// Held over a rename, and over each removal of a sweep.
    gate: Mutex<()>,
}

impl Staging {
    /// Opens the store at `root`, and makes the folder if it is not there.
    ///
    /// # Errors
    /// [`StagingFault::Disk`].
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, StagingFault> {
        let root = root.into();
        fs::create_dir_all(root.join(TMP_FOLDER)).map_err(disk("make the blob folder"))?;
        sync_folder(&root)?;
        Ok(Self { root, gate: Mutex::new(()) })
    }

    /// Keeps `bytes` and returns their address once they are safe on disk. Bytes that are there
    /// already are written again: that mends damage, and makes an old orphan young before a sweep
    /// can take it. (Ciphertexts are hardly ever equal, so this costs nothing in practice.)
    ///
    /// # Errors
    /// [`StagingFault::Disk`]; then nothing may refer to the blob.
    pub fn stage(&self, bytes: &[u8]) -> Result<BlobId, StagingFault> {
        let id = BlobId::of(bytes);
        let tmp = self.tmp_path(&id);
        let written = self.write_and_rename(&tmp, &id, bytes);
        if written.is_err() {
            // Best effort: what stays behind is swept later as unfinished.
            let _ = fs::remove_file(&tmp);
        }
        written.map(|()| id)
    }

    fn write_and_rename(&self, tmp: &Path, id: &BlobId, bytes: &[u8]) -> Result<(), StagingFault> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(tmp)
            .map_err(disk("create the temporary file"))?;
        file.write_all(bytes).map_err(disk("write the blob"))?;
        file.sync_all().map_err(disk("fsync the blob"))?;
        drop(file);
        let path = self.path(id);
        fs::create_dir_all(parent(&path)).map_err(disk("make the blob's folder"))?;
        let gate = self.gate();
        fs::rename(tmp, &path).map_err(disk("rename the blob to its place"))?;
        drop(gate);
        self.sync_folders(id)
    }

    /// The bytes at `id`, proven to be the ones that were staged.
    ///
    /// # Errors
    /// [`StagingFault::Missing`], [`StagingFault::Damaged`] or [`StagingFault::Disk`].
    pub fn read(&self, id: &BlobId) -> Result<Vec<u8>, StagingFault> {
        let bytes = fs::read(self.path(id)).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => StagingFault::Missing(*id),
            _ => StagingFault::Disk { act: "read the blob", source },
        })?;
        if BlobId::of(&bytes) == *id { Ok(bytes) } else { Err(StagingFault::Damaged(*id)) }
    }

    /// Blobs last written before `older_than` that `referenced` does not know, and unfinished
    /// writes as old. The age protects blobs whose unit of work has not committed yet; an hour is
    /// ample.
    ///
    /// # Errors
    /// [`StagingFault::Disk`].
    pub fn orphans(
        &self,
        referenced: &dyn Fn(&BlobId) -> bool,
        older_than: SystemTime,
    ) -> Result<Orphans, StagingFault> {
        let mut found = Orphans::default();
        for first in folders(&self.root)? {
            if first.file_name().is_some_and(|name| name == TMP_FOLDER) {
                found.unfinished = old_files(&first, older_than)?;
                continue;
            }
            for second in folders(&first)? {
                let ids = old_files(&second, older_than)?;
                let ids = ids.iter().filter_map(|path| path.file_name()?.to_str()?.parse().ok());
                found.blobs.extend(ids.filter(|id| !referenced(id)));
            }
        }
        found.blobs.sort();
        found.unfinished.sort();
        Ok(found)
    }

    /// Removes what [`Self::orphans`] found. A blob written again in the meantime (its time is no
    /// longer before `older_than`) is left alone. Returns the number of files removed.
    ///
    /// # Errors
    /// [`StagingFault::Disk`]; what was removed before stays removed.
    pub fn remove_orphans(
        &self,
        orphans: &Orphans,
        older_than: SystemTime,
    ) -> Result<usize, StagingFault> {
        let mut removed = 0;
        let blobs = orphans.blobs.iter().map(|id| self.path(id));
        for path in blobs.chain(orphans.unfinished.iter().cloned()) {
            // Between the look and the removal no writer of this process may put the blob back.
            let _gate = self.gate();
            if !is_older(&path, older_than)? {
                continue;
            }
            match fs::remove_file(&path) {
                Ok(()) => removed += 1,
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(StagingFault::Disk { act: "remove an orphan", source }),
            }
        }
        Ok(removed)
    }

    fn gate(&self) -> MutexGuard<'_, ()> {
        // The lock guards no data, so a panic elsewhere cannot have spoilt anything.
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `root/ab/cd/abcd…`.
    fn path(&self, id: &BlobId) -> PathBuf {
        let name = id.to_string();
        self.root.join(&name[..2]).join(&name[2..4]).join(&name)
    }

    /// A name that no other writer uses: address, process, counter.
    fn tmp_path(&self, id: &BlobId) -> PathBuf {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        self.root.join(TMP_FOLDER).join(format!("{id}-{}-{count}", std::process::id()))
    }

    /// Makes the rename, and the folders that it may have made, survive a power cut.
    fn sync_folders(&self, id: &BlobId) -> Result<(), StagingFault> {
        let path = self.path(id);
        let second = parent(&path);
        sync_folder(second)?;
        sync_folder(parent(second))?;
        sync_folder(&self.root)
    }
}

/// The folder of a path of ours; such a path always has one.
fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

fn disk(act: &'static str) -> impl FnOnce(io::Error) -> StagingFault {
    move |source| StagingFault::Disk { act, source }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<(), StagingFault> {
    let opened = File::open(folder).map_err(disk("open the folder to fsync"))?;
    opened.sync_all().map_err(disk("fsync the folder"))
}

/// Windows has no fsync of folders; NTFS journals the rename itself.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<(), StagingFault> {
    Ok(())
}

fn folders(of: &Path) -> Result<Vec<PathBuf>, StagingFault> {
    list(of, |kind| kind.is_dir())
}

fn old_files(folder: &Path, older_than: SystemTime) -> Result<Vec<PathBuf>, StagingFault> {
    let mut old = Vec::new();
    for path in list(folder, |kind| kind.is_file())? {
        if is_older(&path, older_than)? {
            old.push(path);
        }
    }
    Ok(old)
}

fn list(
    folder: &Path,
    wanted: impl Fn(&fs::FileType) -> bool,
) -> Result<Vec<PathBuf>, StagingFault> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(disk("list a folder of blobs"))? {
        let entry = entry.map_err(disk("list a folder of blobs"))?;
        if wanted(&entry.file_type().map_err(disk("look at a blob"))?) {
            paths.push(entry.path());
        }
    }
    Ok(paths)
}

/// Whether the file is there and was last written before `older_than`.
fn is_older(path: &Path, older_than: SystemTime) -> Result<bool, StagingFault> {
    match fs::metadata(path).and_then(|meta| meta.modified()) {
        Ok(written_at) => Ok(written_at < older_than),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(StagingFault::Disk { act: "look at a blob", source }),
    }
}
