//! Days that an administrator announced after the calendar was shipped: documents of table
//! `catalog` that say who announced what when and on what ground. One that is taken back stays,
//! since what was counted meanwhile was counted with it.
//!
//! The command line writes a request into the data folder; whoever holds the database takes it
//! over: the running server within its upkeep, otherwise the command itself.

use crate::bounds;
use crate::catalog::{self, Document};
use crate::error::{ActError, StoreError};
use crate::sql::{Query, Tx};
use crate::store::Store;
use kernel::calendar::{EntrySpec, Instant};
use kernel::catalogue::Catalogue;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Kind of the documents.
const KIND: &str = "calendar_entry";
/// Folder of requests within the data folder.
const FOLDER: &str = "announcements";

/// Who asked for something, and on what ground.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// The request; the same one is not taken twice.
    pub request: Uuid,
    /// Who.
    pub by: String,
    /// When it was asked for.
    pub at: Instant,
    /// On what ground.
    pub ground: String,
}

/// An announced entry of the calendar.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Announcement {
    /// Its number, from 1.
    pub number: u32,
    /// The entry, with the moments from which and up to which it is known.
    pub entry: EntrySpec,
    /// Who announced it.
    pub announced: Mark,
    /// Who took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Mark>,
}

/// What a request asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Announce an entry.
    Announce(EntrySpec),
    /// Take back the announcement of this number.
    Withdraw(u32),
}

/// A request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// What.
    pub ask: Ask,
    /// Who and why.
    pub mark: Mark,
}

/// Why a request is not followed.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum AnnounceError {
    /// The day is over: what was done on it was done.
    #[error("ngày {0} đã qua / {0} is over")]
    Past(kernel::calendar::Date),
    /// It does not go with what is there.
    #[error("không hợp với lịch / it does not go with the calendar: {0}")]
    Calendar(String),
    /// There is no such announcement, or it was taken back before.
    #[error("không có thông báo số {0} còn hiệu lực / no announcement number {0} stands")]
    Unknown(u32),
    /// There are as many as may be.
    #[error("đã đủ {0} thông báo / there are {0} announcements already")]
    Full(u32),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All announcements, in order of number.
///
/// # Errors
/// `Corrupt` for one that cannot be read, or what the engine says.
pub fn all(query: &mut impl Query) -> Result<Vec<Announcement>, StoreError> {
    let read = |d: &Document| {
        serde_json::from_str(&d.body)
            .map_err(|e| StoreError::Corrupt(format!("catalog {KIND} {}: {e}", d.key)))
    };
    catalog::by_kind(query, KIND)?.iter().map(read).collect()
}

/// The entries of announcements, as a catalogue takes them.
#[must_use]
pub fn entries(all: &[Announcement]) -> Vec<EntrySpec> {
    all.iter().map(|one| one.entry.clone()).collect()
}

fn put(tx: &mut Tx<'_>, one: &Announcement) -> Result<(), StoreError> {
    let body = serde_json::to_string(one).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let document = Document {
        kind: KIND.to_owned(),
        key: format!("{:06}", one.number),
        valid_from: one.entry.date.format("%Y-%m-%d").to_string(),
        valid_to: None,
        body,
    };
    catalog::put(tx, &document)
}

/// What a request makes of the announcements that are there: the one that is new or changed, or
/// nothing for a request that was followed before.
///
/// # Errors
/// Why it is not followed.
pub fn follow(
    request: &Request,
    there: &[Announcement],
    catalogue: &Catalogue,
    now: Instant,
) -> Result<Option<Announcement>, AnnounceError> {
    let same = |mark: &Mark| mark.request == request.mark.request;
    let known =
        |one: &Announcement| same(&one.announced) || one.withdrawn.as_ref().is_some_and(same);
    if there.iter().any(known) {
        return Ok(None);
    }
    let mark = request.mark.clone();
    match &request.ask {
        Ask::Announce(entry) => {
            let number = there.iter().map(|one| one.number).max().unwrap_or(0) + 1;
            if number > bounds::ANNOUNCEMENTS_MAX {
                return Err(AnnounceError::Full(bounds::ANNOUNCEMENTS_MAX));
            }
            if entry.date < now.date() {
                return Err(AnnounceError::Past(entry.date));
            }
            let entry = EntrySpec { published_at: Some(now), withdrawn_at: None, ..entry.clone() };
            let clash =
                |refused: kernel::calendar::ClockRefusal| AnnounceError::Calendar(refused.message);
            let before = catalogue.with_announced(entries(there)).map_err(clash)?;
            before.announce(entry.clone()).map_err(clash)?;
            Ok(Some(Announcement { number, entry, announced: mark, withdrawn: None }))
        }
        Ask::Withdraw(number) => {
            let stands = |one: &&Announcement| one.number == *number && one.withdrawn.is_none();
            let one = there.iter().find(stands).cloned();
            let one = one.ok_or(AnnounceError::Unknown(*number))?;
            if one.entry.date <= now.date() {
                return Err(AnnounceError::Past(one.entry.date));
            }
            let entry = EntrySpec { withdrawn_at: Some(now), ..one.entry.clone() };
            Ok(Some(Announcement { entry, withdrawn: Some(mark), ..one }))
        }
    }
}

/// Lays a request into the data folder, where it is taken over.
///
/// # Errors
/// The folder cannot be written.
pub fn lay(dir: &Path, request: &Request) -> Result<PathBuf, StoreError> {
    let io = |error: std::io::Error| StoreError::Io(error.to_string());
    let folder = dir.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(io)?;
    let body = serde_json::to_string(request).map_err(|e| StoreError::Io(e.to_string()))?;
    // Names sort by time, so that what was asked first is followed first.
    let name = format!("{:015}-{}", request.mark.at.0, request.mark.request);
    let (half, whole) = (folder.join(format!("{name}.half")), folder.join(format!("{name}.json")));
    let mut file = std::fs::File::create(&half).map_err(io)?;
    file.write_all(body.as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
    std::fs::rename(&half, &whole).map_err(io)?;
    Ok(whole)
}

/// Follows a request in the caller's unit of work: for whoever runs beside the database anyway.
/// `None` for one that was followed before.
///
/// # Errors
/// Why it is not followed.
pub fn ask(
    tx: &mut Tx<'_>,
    request: &Request,
    catalogue: &Catalogue,
    now: Instant,
) -> Result<Option<Announcement>, AnnounceError> {
    let there = all(tx)?;
    let one = follow(request, &there, catalogue, now)?;
    one.iter().try_for_each(|one| put(tx, one))?;
    Ok(one)
}

/// Requests that lie in the data folder, the oldest first; what cannot be read is put aside.
fn waiting(dir: &Path) -> Vec<(PathBuf, Request)> {
    let Ok(found) = std::fs::read_dir(dir.join(FOLDER)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = found.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    let mut requests = Vec::new();
    for path in paths.into_iter().take(bounds::ANNOUNCEMENT_FILES_MAX) {
        match read(&path) {
            Ok(request) => requests.push((path, request)),
            Err(error) => put_aside(&path, &error),
        }
    }
    requests
}

fn read(path: &Path) -> Result<Request, std::io::Error> {
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    file.take(bounds::ANNOUNCEMENT_BYTES_MAX).read_to_string(&mut text)?;
    Ok(serde_json::from_str(&text)?)
}

/// Kept for whoever looks into the folder, and not tried again.
fn put_aside(path: &Path, why: &dyn std::fmt::Display) {
    tracing::warn!(path = %path.display(), %why, "a calendar request is not followed");
    if let Err(error) = std::fs::rename(path, path.with_extension("refused")) {
        tracing::warn!(path = %path.display(), %error, "it could not be put aside");
    }
}

/// Takes over the requests that lie in the data folder, each in a unit of work of its own, and says
/// how many were followed. What is refused is put aside.
///
/// # Errors
/// What the store says; the request stays where it is.
pub fn take_over(store: &Store, catalogue: &Catalogue, now: Instant) -> Result<u32, StoreError> {
    let mut followed = 0;
    for (path, request) in waiting(store.dir()) {
        let data = catalogue.clone();
        let unit = move |tx: &mut Tx<'_>| {
            ask(tx, &request, &data, now)?;
            Ok::<_, AnnounceError>(())
        };
        match store.act_blocking(unit) {
            Ok(()) => {
                followed += 1;
                std::fs::remove_file(&path).map_err(|e| StoreError::Io(e.to_string()))?;
            }
            Err(ActError::Refused(AnnounceError::Store(error)) | ActError::Store(error)) => {
                return Err(error);
            }
            Err(ActError::Refused(refused)) => put_aside(&path, &refused),
        }
    }
    Ok(followed)
}
