//! Keeps a changed draft: in one unit of work the file before it, the new file, the record of who
//! did what, and the form's key, so that a repeated form changes nothing.

use super::super::once::Sent;
use super::draft_refused;
use crate::app::{App, Officer};
use crate::refusals::refused;
use kit::Refused;
use process::table::Edit;
use serde::{Deserialize, Serialize};
use store::audit::{self, Access};
use store::cases::{CaseError, Env};
use store::process_drafts::{self, Content, DraftError};
use store::{ActError, StoreError, Tx};
use uuid::Uuid;

/// What is said of a change in the record of accesses.
const ACT: &str = "process_draft";

/// What a change of a draft was, as the draft's past and the records keep it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    /// The draft was begun: from which version, file or from nothing.
    Begun(String),
    /// A change of the table of steps.
    Edit(Box<Edit>),
    /// The edit made from this revision was taken back.
    Undone(u64),
    /// The draft was thrown away.
    Discarded,
}

impl Told {
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Why a draft was not kept.
#[derive(Debug)]
pub(super) enum Failed {
    Draft(DraftError),
    Case(CaseError),
}

impl From<DraftError> for Failed {
    fn from(error: DraftError) -> Self {
        Self::Draft(error)
    }
}

impl From<CaseError> for Failed {
    fn from(error: CaseError) -> Self {
        Self::Case(error)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Draft(DraftError::Store(error))
    }
}

impl Failed {
    pub(super) fn refused(self) -> Refused {
        match self {
            Self::Draft(error) => draft_refused(error),
            Self::Case(error) => refused(error),
        }
    }
}

/// A change to be kept.
#[derive(Clone)]
pub(super) struct Saving {
    pub(super) id: Uuid,
    /// Name of the process.
    pub(super) name: String,
    /// The revision that the change was made from.
    pub(super) revision: u64,
    pub(super) change: Change,
    pub(super) told: Told,
    pub(super) sent: Sent,
}

/// What becomes of the draft.
#[derive(Clone)]
pub(super) enum Change {
    Begin(Content),
    Save(Content),
    /// Back to the content before the edit made from this revision.
    Undo(Content, u64),
    Discard,
}

/// Does it; gives the id of the draft, for a repeated form the one of the first time.
///
/// # Errors
/// Every reason why not; nothing was kept then.
pub(super) async fn save(app: &App, officer: &Officer, saving: Saving) -> Result<Uuid, Failed> {
    let unit = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
        if let Some(first) = saving.sent.before(tx, env)? {
            return Ok(Uuid::parse_str(&first).unwrap_or(saving.id));
        }
        change(tx, env, &saving)?;
        let filter = serde_json::json!({
            "process": &saving.name,
            "draft": saving.id,
            "revision": saving.revision,
            "change": &saving.told,
        });
        let access = Access {
            at_ms: env.now.0,
            actor: env.actor.by(),
            act: ACT.to_owned(),
            case_id: None,
            filter: Some(filter.to_string()),
            ids: vec![saving.id],
        };
        audit::record(tx, &access)?;
        saving.sent.keep(tx, env, &saving.id.to_string())?;
        Ok(saving.id)
    };
    app.unit(&officer.actor, unit).await.map_err(|error| match error {
        ActError::Refused(failed) => failed,
        ActError::Store(error) => Failed::from(error),
    })
}

fn change(tx: &mut Tx<'_>, env: &Env<'_>, saving: &Saving) -> Result<(), DraftError> {
    let (id, revision, by, now) = (saving.id, saving.revision, env.actor.by(), env.now.0);
    match &saving.change {
        Change::Begin(content) => process_drafts::create(tx, id, &saving.name, content, &by, now),
        Change::Save(content) => {
            process_drafts::keep_past(tx, id, revision, &saving.told.json(), (&by, now))?;
            process_drafts::save(tx, id, revision, content, &by, now).map(drop)
        }
        Change::Undo(content, back_to) => {
            process_drafts::save(tx, id, revision, content, &by, now)?;
            Ok(process_drafts::drop_past(tx, id, *back_to)?)
        }
        Change::Discard => process_drafts::delete(tx, id, revision),
    }
}
