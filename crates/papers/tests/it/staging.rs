//! Blobs on disk: kept, proven, refused when the disk refuses, swept when nobody refers to them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use papers::staging::{BlobId, Staging, StagingFault};

fn store() -> (tempfile::TempDir, Staging) {
    let folder = tempfile::tempdir().unwrap();
    let store = Staging::open(folder.path().join("blobs")).unwrap();
    (folder, store)
}

fn place(folder: &tempfile::TempDir, id: &BlobId) -> PathBuf {
    let name = id.to_string();
    folder.path().join("blobs").join(&name[..2]).join(&name[2..4]).join(name)
}

/// A moment after everything written by the test.
fn after(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap() + Duration::from_secs(1)
}

#[test]
fn staged_bytes_come_back_and_nothing_is_left_in_tmp() {
    let (folder, store) = store();
    let id = store.stage(b"ban ma").unwrap();
    assert_eq!(id, BlobId::of(b"ban ma"));
    assert_eq!(store.stage(b"ban ma").unwrap(), id);
    assert_eq!(store.read(&id).unwrap(), b"ban ma");
    assert!(place(&folder, &id).is_file());
    assert_eq!(fs::read_dir(folder.path().join("blobs/tmp")).unwrap().count(), 0);
}

#[test]
fn damage_is_found_and_staging_again_mends_it() {
    let (folder, store) = store();
    let id = store.stage(b"ban ma").unwrap();
    fs::write(place(&folder, &id), b"ban mA").unwrap();
    assert!(matches!(store.read(&id), Err(StagingFault::Damaged(bad)) if bad == id));
    store.stage(b"ban ma").unwrap();
    assert_eq!(store.read(&id).unwrap(), b"ban ma");
}

#[test]
fn a_missing_blob_is_told_from_a_damaged_one() {
    let (_folder, store) = store();
    assert!(matches!(store.read(&BlobId::of(b"?")), Err(StagingFault::Missing(_))));
}

#[test]
fn a_rename_that_fails_is_an_error_and_leaves_nothing_behind() {
    let (folder, store) = store();
    let id = BlobId::of(b"ban ma");
    // A folder with something in it stands where the blob should go.
    fs::create_dir_all(place(&folder, &id).join("x")).unwrap();
    let fault = store.stage(b"ban ma").unwrap_err();
    assert!(matches!(fault, StagingFault::Disk { act: "rename the blob to its place", .. }));
    assert_eq!(fs::read_dir(folder.path().join("blobs/tmp")).unwrap().count(), 0);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let (folder, store) = store();
    fs::remove_dir(folder.path().join("blobs/tmp")).unwrap();
    let fault = store.stage(b"x").unwrap_err();
    assert!(matches!(fault, StagingFault::Disk { act: "create the temporary file", .. }));
}

#[test]
fn a_sweep_takes_old_orphans_only() {
    let (folder, store) = store();
    let kept = store.stage(b"kept").unwrap();
    let lost = store.stage(b"lost").unwrap();
    let unfinished = folder.path().join("blobs/tmp/half");
    fs::write(&unfinished, b"half").unwrap();
    let later = after(&unfinished);
    let early = later - Duration::from_secs(3600);

    let young = store.orphans(&|_| false, early).unwrap();
    assert!(young.blobs.is_empty() && young.unfinished.is_empty(), "young blobs are left alone");

    let found = store.orphans(&|id| *id == kept, later).unwrap();
    assert_eq!(found.blobs, vec![lost]);
    assert_eq!(found.unfinished, vec![unfinished]);
    assert_eq!(store.remove_orphans(&found, early).unwrap(), 0, "rewritten since: left alone");
    assert_eq!(store.remove_orphans(&found, later).unwrap(), 2);
    assert!(matches!(store.read(&lost), Err(StagingFault::Missing(_))));
    assert_eq!(store.read(&kept).unwrap(), b"kept");
}

#[test]
fn an_address_has_one_spelling() {
    let id = BlobId::of(b"x");
    assert_eq!(id.to_string().parse::<BlobId>(), Ok(id));
    assert!(id.to_string().to_uppercase().parse::<BlobId>().is_err());
    assert!("../../etc/passwd".parse::<BlobId>().is_err());
}
