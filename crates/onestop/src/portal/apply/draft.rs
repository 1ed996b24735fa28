//! The draft of an application and the cookie that opens it.

use crate::app::App;
use crate::refusals::refused;
use axum::http::HeaderMap;
use kernel::access::Actor;
use kernel::procedure::Edition;
use kit::cookies::Jar;
use kit::{Entries, Refused, Visit};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::cases::CaseError;
use store::drafts::{self, Draft};
use uuid::Uuid;

/// How long a draft is kept after its last change, in milliseconds: 30 days.
pub(super) const DRAFT_MS: i64 = 30 * 86_400_000;
/// How long the receipt with its PIN can be seen in the browser that filed, in milliseconds.
pub(super) const RECEIPT_MS: i64 = 30 * 60_000;
/// How long the browser keeps the secret, in seconds.
const COOKIE_S: i64 = DRAFT_MS / 1000;

/// A file of a draft: sealed and staged, not yet part of a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct DraftFile {
    /// Number of the paper in the edition.
    pub(crate) paper: u16,
    /// Address of the ciphertext.
    pub(crate) address: String,
    /// Id under which it was sealed.
    pub(crate) file: Uuid,
    /// Name to show.
    pub(crate) name: String,
    /// Size in bytes.
    pub(crate) bytes: u64,
}

/// What the filer may see right after filing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Receipt {
    /// The case.
    pub(super) case: Uuid,
    /// Its PIN.
    pub(super) pin: String,
}

/// What a draft holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Content {
    /// Procedure.
    pub(super) code: String,
    /// Edition begun with; the applicant stays on it while it is in force.
    pub(super) edition: u32,
    /// Receiving desk.
    pub(super) desk: String,
    /// The person under whose key files are sealed.
    pub(super) subject: Uuid,
    /// Everything typed, by field.
    pub(super) fields: Vec<(String, String)>,
    /// Files.
    pub(super) files: Vec<DraftFile>,
    /// Set once it was sent; everything else is empty then.
    #[serde(default)]
    pub(super) receipt: Option<Receipt>,
}

impl Content {
    /// What was typed, as a form shows it again.
    pub(super) fn entries(&self) -> Entries {
        Entries::from_pairs(self.fields.iter().cloned())
    }

    /// Takes the typed values of some fields in the place of the old ones.
    pub(super) fn take(&mut self, entries: &Entries, names: &[String]) {
        self.fields.retain(|(name, _)| !names.contains(name));
        for (name, value) in entries.pairs() {
            if names.iter().any(|n| n == name) {
                self.fields.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// What was typed in a field; empty if nothing.
    pub(super) fn text(&self, name: &str) -> String {
        let found = self.fields.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }
}

/// A draft that its owner opened.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) id: Uuid,
    pub(super) secret: Vec<u8>,
    pub(super) content: Content,
}

fn cookie_name(id: Uuid) -> String {
    let short = id.simple().to_string();
    format!("mc-draft-{}", short.get(short.len() - 12..).unwrap_or_default())
}

/// Gives the browser the secret of a draft.
pub(super) fn set_cookie(visit: &Visit, headers: &mut HeaderMap, id: Uuid, secret: &[u8]) {
    let jar = Jar { tls: visit.kit().site.tls };
    let value: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    jar.set(headers, &cookie_name(id), &value, Some(COOKIE_S));
}

/// Takes it back.
pub(super) fn forget_cookie(visit: &Visit, headers: &mut HeaderMap, id: Uuid) {
    Jar { tls: visit.kit().site.tls }.forget(headers, &cookie_name(id));
}

fn secret_of(visit: &Visit, headers: &HeaderMap, id: Uuid) -> Option<Vec<u8>> {
    let jar = Jar { tls: visit.kit().site.tls };
    let text = jar.get(headers, &cookie_name(id))?;
    let pair = |i: usize| u8::from_str_radix(text.get(i..i + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(pair).collect()
}

/// A new draft.
pub(super) async fn begin(
    app: &App,
    visit: &Visit,
    edition: &Edition,
    desk: &str,
) -> Result<Opened, Refused> {
    let (secret, lang) = (visit.kit().secret().to_vec(), visit.lang().code().to_owned());
    let (code, number, desk) = (edition.code.0.clone(), edition.edition, desk.to_owned());
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        let id = env.id();
        let subject = Uuid::from_bytes(store::secrets::random(env.rng));
        store::secrets::subject_add(tx, env.rng, subject, env.now.0)?;
        let content = Content {
            code: code.clone(),
            edition: number,
            desk: desk.clone(),
            subject,
            fields: Vec::new(),
            files: Vec::new(),
            receipt: None,
        };
        let opened = Opened { id, secret: secret.clone(), content };
        write(tx, env, &opened, &lang, DRAFT_MS)?;
        Ok(opened)
    };
    app.act(&Actor::visitor(), unit).await.map_err(refused)
}

/// Writes a draft inside a unit of work.
pub(super) fn write(
    tx: &mut store::Tx<'_>,
    env: &mut store::cases::Env<'_>,
    opened: &Opened,
    lang: &str,
    life_ms: i64,
) -> Result<(), CaseError> {
    let content = serde_json::to_vec(&opened.content)
        .map_err(|e| store::StoreError::Corrupt(e.to_string()))?;
    let draft = Draft {
        id: opened.id,
        procedure: opened.content.code.clone(),
        lang: lang.to_owned(),
        content,
        updated_at_ms: env.now.0,
        expires_at_ms: env.now.0.saturating_add(life_ms),
    };
    if drafts::save(tx, env.rng, &opened.secret, &draft)? {
        Ok(())
    } else {
        Err(CaseError::NotFound)
    }
}

/// Saves what changed.
pub(super) async fn save(app: &App, visit: &Visit, opened: &Opened) -> Result<(), Refused> {
    let (opened, lang) = (opened.clone(), visit.lang().code().to_owned());
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        write(tx, env, &opened, &lang, DRAFT_MS)
    };
    app.act(&Actor::visitor(), unit).await.map_err(refused)
}

/// Opens a draft with the secret of the browser. Somebody else's, an expired and an unknown one get
/// the same answer.
pub(super) async fn open(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    code: &str,
    id: &str,
) -> Result<Opened, Refused> {
    let gone = || Refused::not_found().because("apply-gone");
    let id = Uuid::parse_str(id).map_err(|_| gone())?;
    let secret = secret_of(visit, headers, id).ok_or_else(gone)?;
    let (key, now) = (secret.clone(), app.now().0);
    let read = move |reader: &mut store::Reader<'_>| -> Result<_, CaseError> {
        Ok(drafts::get(reader, id, &key, now)?)
    };
    let draft = app.read(read).await.map_err(refused)?.ok_or_else(gone)?;
    let content: Content = serde_json::from_slice(&draft.content).map_err(|_| gone())?;
    if content.code != code {
        return Err(gone());
    }
    Ok(Opened { id, secret, content })
}

/// The edition that a draft was begun with, if it is still in force.
pub(super) fn edition_of(app: &App, content: &Content) -> Result<Arc<Edition>, Refused> {
    let catalogue = app.catalogue();
    let code = content.code.as_str().into();
    let edition = catalogue.edition(&code, content.edition).filter(|e| e.open_on(app.today()));
    edition.cloned().ok_or_else(|| Refused::conflict().because("refusal-edition-closed"))
}
