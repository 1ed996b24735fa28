//! Receptions that were begun and not finished: what was typed and scanned is kept sealed in one of
//! a few slots of the officer, so that neither a closed browser nor a lost line loses it.

use crate::app::{App, Officer};
use crate::portal::apply::draft::DraftFile;
use crate::refusals::{file_fault, refused};
use kernel::calendar::Instant;
use kernel::ids::AccountId;
use kernel::procedure::Edition;
use kit::{Entries, Fault, Faults, Refused, Visit};
use papers::intake;
use serde::{Deserialize, Serialize};
use store::cases::{CaseError, Env};
use store::drafts::{self, Draft};
use store::{Reader, StoreError, Tx, secrets};
use uuid::Uuid;

/// Receptions that an officer may have begun at once.
pub(super) const SLOTS: u8 = 6;
/// How long one is kept after its last change, in milliseconds: 14 days.
const KEPT_MS: i64 = 14 * 86_400_000;
/// Fields that say what to do, not what was told.
const COMMANDS: [&str; 6] = ["lam", "nhap", "tt", "noi", "_csrf", "_once"];
/// The field of files whose paper follows from their names.
pub(super) const ANY_FILES: &str = "file_any";

/// What is kept of a reception.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Procedure.
    pub(super) code: String,
    /// Receiving desk.
    pub(super) desk: String,
    /// The person under whose key the files are sealed, once there is one.
    pub(super) subject: Option<Uuid>,
    /// Everything typed, by field.
    pub(super) fields: Vec<(String, String)>,
    /// Files: sealed and staged.
    pub(super) files: Vec<DraftFile>,
}

/// A slot that is taken.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// Its number.
    pub(super) no: u8,
    /// What it holds.
    pub(super) kept: Kept,
    /// When it changed last.
    pub(super) at: Instant,
}

impl Kept {
    /// An empty one.
    pub(super) fn new(edition: &Edition, desk: &str) -> Self {
        Self { code: edition.code.0.clone(), desk: desk.to_owned(), ..Self::default() }
    }

    /// What was typed, as the form shows it again.
    pub(super) fn entries(&self) -> Entries {
        Entries::from_pairs(self.fields.iter().cloned())
    }

    /// Takes what the form holds now.
    pub(super) fn take(&mut self, entries: &Entries) {
        let told = entries.pairs().filter(|(name, _)| !COMMANDS.contains(name));
        self.fields = told.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    }

    /// A field of it.
    pub(super) fn text(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.trim())
    }
}

/// The id of a slot follows from its officer, so that only they come to it.
fn id_of(account: &AccountId, no: u8) -> Uuid {
    drafts::id_of("reception", account.as_str(), no)
}

/// What the content is sealed with beside the key of the installation.
fn secret_of(account: &AccountId) -> Vec<u8> {
    [b"reception:", account.as_str().as_bytes()].concat()
}

fn read(
    reader: &mut impl store::Query,
    account: &AccountId,
    no: u8,
    now_ms: i64,
) -> Result<Option<Slot>, StoreError> {
    let found = drafts::get(reader, id_of(account, no), &secret_of(account), now_ms)?;
    Ok(found.and_then(|draft| {
        let kept = serde_json::from_slice(&draft.content).ok()?;
        Some(Slot { no, kept, at: Instant(draft.updated_at_ms) })
    }))
}

/// All that the officer has begun, newest first.
///
/// # Errors
/// What the store says.
pub(super) async fn all(app: &App, officer: &Officer) -> Result<Vec<Slot>, Refused> {
    let (account, now) = (officer.account.clone(), app.now().0);
    let look = move |reader: &mut Reader<'_>| -> Result<_, CaseError> {
        let mut slots = Vec::new();
        for no in 0..SLOTS {
            slots.extend(read(reader, &account, no, now)?);
        }
        Ok(slots)
    };
    let mut slots = app.read(look).await.map_err(refused)?;
    slots.sort_by_key(|slot| std::cmp::Reverse(slot.at));
    Ok(slots)
}

/// One of them; `None` for a number that is free.
///
/// # Errors
/// What the store says.
pub(super) async fn one(app: &App, officer: &Officer, no: u8) -> Result<Option<Slot>, Refused> {
    let (account, now) = (officer.account.clone(), app.now().0);
    let look = move |reader: &mut Reader<'_>| -> Result<_, CaseError> {
        Ok(read(reader, &account, no, now)?)
    };
    app.read(look).await.map_err(refused)
}

/// Keeps a reception in its slot, or in the first that is free. `None` when all are taken: nothing
/// is thrown away for a new one.
///
/// # Errors
/// What the store says.
pub(super) async fn save(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    slot: Option<u8>,
    kept: &Kept,
) -> Result<Option<u8>, Refused> {
    let (account, lang) = (officer.account.clone(), visit.lang().code().to_owned());
    let procedure = kept.code.clone();
    let content = serde_json::to_vec(kept).map_err(|_| Refused::fault())?;
    let unit = move |tx: &mut Tx<'_>, env: &mut Env<'_>| -> Result<_, CaseError> {
        let mut free = slot;
        for no in 0..SLOTS {
            if free.is_none() && read(tx, &account, no, env.now.0)?.is_none() {
                free = Some(no);
            }
        }
        let Some(no) = free else { return Ok(None) };
        let draft = Draft {
            id: id_of(&account, no),
            procedure: procedure.clone(),
            lang: lang.clone(),
            content: content.clone(),
            updated_at_ms: env.now.0,
            expires_at_ms: env.now.0.saturating_add(KEPT_MS),
        };
        Ok(drafts::save(tx, env.rng, &secret_of(&account), &draft)?.then_some(no))
    };
    app.act(&officer.actor, unit).await.map_err(refused)
}

/// Frees a slot, in the unit of work that took the case in or at the officer's wish.
///
/// # Errors
/// What the store says.
pub(super) fn drop_in(tx: &mut Tx<'_>, account: &AccountId, no: u8) -> Result<(), StoreError> {
    drafts::remove(tx, id_of(account, no), &secret_of(account))?;
    Ok(())
}

/// The same in a unit of work of its own.
///
/// # Errors
/// What the store says.
pub(super) async fn drop_one(app: &App, officer: &Officer, no: u8) -> Result<(), Refused> {
    let account = officer.account.clone();
    let unit = move |tx: &mut Tx<'_>, _: &mut Env<'_>| -> Result<_, CaseError> {
        Ok(drop_in(tx, &account, no)?)
    };
    app.act(&officer.actor, unit).await.map_err(refused)
}

/// Takes the files that came with the form: each is looked at by its bytes, sealed under the key of
/// the person to be and staged. Those that are refused are named at their field; the others stay.
///
/// # Errors
/// A full disk, or what the store says.
pub(super) async fn take_files(
    app: &App,
    officer: &Officer,
    entries: &Entries,
    edition: &Edition,
    kept: &mut Kept,
    faults: &mut Faults,
) -> Result<(), Refused> {
    for upload in entries.all_files() {
        let Some(no) = paper_of(&upload.field, &upload.name, edition) else {
            if upload.field == ANY_FILES {
                let fault = Fault::new(ANY_FILES, "counter-err-file-number");
                faults.add(fault.with("name", &upload.name));
            }
            continue;
        };
        let most = app.0.settings.files_per_case;
        if kept.files.len() >= most {
            faults.add(Fault::new(&upload.field, "err-files-many").with("max", most));
            continue;
        }
        let limit = app.0.settings.file_bytes_max;
        match intake::inspect(&upload.bytes, &upload.name, limit) {
            Ok(found) => {
                let file = stage(app, officer, kept, &upload.bytes).await?;
                let (paper, name) = (no, found.display_name);
                kept.files.push(DraftFile { paper, name, ..file });
            }
            Err(fault) => faults.add(file_fault(&upload.field, &upload.name, &fault)),
        }
    }
    Ok(())
}

/// The paper that a file belongs to: by its field, or by the number at the beginning of its name
/// (`2 giay chung sinh.pdf`), or the only paper there is.
fn paper_of(field: &str, name: &str, edition: &Edition) -> Option<u16> {
    let asked = |no: u16| edition.paper(no).map(|paper| paper.no);
    if let Some(no) = field.strip_prefix("file_").and_then(|no| no.parse().ok()) {
        return asked(no);
    }
    if field != ANY_FILES {
        return None;
    }
    // A folder sends paths.
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    match (digits.parse().ok().and_then(asked), edition.papers.as_slice()) {
        (Some(no), _) => Some(no),
        (None, [only]) => Some(only.no),
        (None, _) => None,
    }
}

async fn stage(
    app: &App,
    officer: &Officer,
    kept: &mut Kept,
    bytes: &[u8],
) -> Result<DraftFile, Refused> {
    let (plain, known) = (bytes.to_vec(), kept.subject);
    let seal = move |tx: &mut Tx<'_>, env: &mut Env<'_>| -> Result<_, CaseError> {
        let subject = match known {
            Some(subject) => subject,
            None => {
                let subject = Uuid::from_bytes(secrets::random(env.rng));
                secrets::subject_add(tx, env.rng, subject, env.now.0)?;
                subject
            }
        };
        let file = Uuid::from_bytes(secrets::random(env.rng));
        let sealed = secrets::seal_blob(tx, env.rng, subject, file, &plain)?;
        Ok((subject, file, sealed))
    };
    let (subject, file, sealed) = app.act(&officer.actor, seal).await.map_err(refused)?;
    let blobs = app.clone();
    let address = match tokio::task::spawn_blocking(move || blobs.0.blobs.stage(&sealed)).await {
        Ok(Ok(address)) => address.to_string(),
        Ok(Err(fault)) => {
            tracing::error!(%fault, "a file cannot be kept");
            return Err(Refused::busy(60).because("err-disk-full"));
        }
        Err(_) => return Err(Refused::fault()),
    };
    kept.subject = Some(subject);
    let size = bytes.len() as u64;
    Ok(DraftFile { paper: 0, address, file, name: String::new(), bytes: size })
}
