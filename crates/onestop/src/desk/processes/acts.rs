//! POST `/noi-lam-viec/quy-trinh/nhap/{draft}`: one change of a draft: an edit of the table, the
//! last edit taken back, the draft thrown away.

use super::super::once::Sent;
use super::draft::{self, Loaded, Shown};
use super::save::{Change, Failed, Saving, Told, save};
use super::words::anchor;
use super::{HOME, draft_href, draft_id, edit, encoded, findings, may};
use crate::app::{App, Officer};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::access::ProcessAction;
use kit::{Entries, Fault, Faults, Flash, Refused, Visit, redirect};
use process::table::{Edit, Table};
use process::{Document, Problem};
use store::bounds::PROCESS_TITLE_CHARS_MAX;
use store::process_drafts::{Content, DraftError};

/// POST: makes the change that the pressed button names.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::EditProcess)?;
    let id = draft_id(&address)?;
    let revision = entries.text("rev").parse().map_err(|_| Refused::bad_request())?;
    let loaded = draft::load(&app, id, Some(revision)).await?;
    let request = Request { app: &app, officer: &officer, visit: &visit, entries: &entries };
    match entries.text("lam") {
        "undo" => request.undo(loaded, revision).await,
        "discard" => request.discard(loaded, revision).await,
        act => {
            let act = act.to_owned();
            request.edit(loaded, revision, &act).await
        }
    }
}

/// A form that was sent.
struct Request<'a> {
    app: &'a App,
    officer: &'a Officer,
    visit: &'a Visit,
    entries: &'a Entries,
}

impl Request<'_> {
    async fn edit(&self, loaded: Loaded, revision: u64, act: &str) -> Result<Response, Refused> {
        let t = self.visit.t();
        let id = self.entries.text("buoc").to_owned();
        let xml = loaded.draft.xml.as_str();
        // A form made from another revision is held against the file as it was then.
        let read = edit::read(t, (&loaded.table, xml), (act, &id), self.entries);
        let edit = match read {
            Ok(Some(edit)) => edit,
            Ok(None) => return Err(Refused::bad_request()),
            Err(faults) => return self.again(loaded, act, faults).await,
        };
        if loaded.draft.head.revision != revision {
            return self.resent(loaded, revision, act, &edit).await;
        }
        let (changed, table) = match made(&loaded, &edit) {
            Ok(made) => made,
            Err(Unmade::Edit(error)) => {
                let fault = edit::fault(t, act, self.entries, &error);
                return self.again(loaded, act, Faults::from_iter([fault])).await;
            }
            Err(Unmade::File(problems)) => {
                tracing::error!(?problems, "an edited process cannot be read");
                let fault = Fault::new("cac-buoc", "process-edit-file");
                return self.again(loaded, act, Faults::from_iter([fault])).await;
            }
        };
        let content = self.content(&loaded, changed, &table);
        let saved = self.save(&loaded, revision, Change::Save(content), edit.clone()).await;
        self.answer(saved, loaded, (act, &edit)).await
    }

    /// A form that came twice gets the first answer; one made from an older file is shown again.
    async fn resent(
        &self,
        loaded: Loaded,
        revision: u64,
        act: &str,
        edit: &Edit,
    ) -> Result<Response, Refused> {
        let content = Content {
            title: loaded.draft.head.title.clone(),
            base_version: loaded.draft.head.base_version,
            xml: loaded.draft.xml.clone(),
            findings: Vec::new(),
        };
        let saved = self.save(&loaded, revision, Change::Save(content), edit.clone()).await;
        self.answer(saved, loaded, (act, edit)).await
    }

    async fn answer(
        &self,
        saved: Result<(), Failed>,
        loaded: Loaded,
        (act, edit): (&str, &Edit),
    ) -> Result<Response, Refused> {
        match saved {
            Ok(()) => {
                let (to, id) = place(loaded.draft.head.id, act, edit);
                let flash = Flash::new("process-saved").with("step", id);
                Ok(redirect(to).flash(flash).into_response())
            }
            Err(Failed::Draft(DraftError::Changed { .. })) => {
                self.again(loaded, act, Faults::new()).await
            }
            Err(failed) => Err(failed.refused()),
        }
    }

    async fn save(
        &self,
        loaded: &Loaded,
        revision: u64,
        change: Change,
        edit: Edit,
    ) -> Result<(), Failed> {
        self.keep(loaded, revision, change, Told::Edit(Box::new(edit))).await
    }

    async fn keep(
        &self,
        loaded: &Loaded,
        revision: u64,
        change: Change,
        told: Told,
    ) -> Result<(), Failed> {
        let saving = Saving {
            id: loaded.draft.head.id,
            name: loaded.draft.head.name.clone(),
            revision,
            change,
            told,
            sent: Sent::of(self.visit, self.entries),
        };
        save(self.app, self.officer, saving).await.map(drop)
    }

    /// The draft with a new file; its title is the name of its process.
    fn content(&self, loaded: &Loaded, xml: String, table: &Table) -> Content {
        let head = &loaded.draft.head;
        let (catalogue, day) = (self.app.catalogue(), self.app.today());
        let of = (head.name.as_str(), xml.as_str());
        let checked = findings::check(self.visit.t(), &catalogue, of, table, day);
        let named = table.processes.first().map(|p| p.name.as_str()).filter(|n| !n.is_empty());
        let title = named.unwrap_or(&head.title).chars().take(PROCESS_TITLE_CHARS_MAX).collect();
        let base_version = head.base_version;
        Content { title, base_version, findings: checked.problems, xml }
    }

    /// The page again: with what is wrong, or with what somebody else changed in the meantime.
    async fn again(&self, loaded: Loaded, act: &str, faults: Faults) -> Result<Response, Refused> {
        let lane = matches!(act, "change_lane" | "remove_lane");
        let id = self.entries.text("buoc").to_owned();
        let revision: u64 = self.entries.text("rev").parse().unwrap_or_default();
        let id_of = loaded.draft.head.id;
        // Read anew: the draft may have been saved between reading and saving.
        let loaded = draft::load(self.app, id_of, Some(revision)).await?;
        let shown = Shown {
            step: if lane { String::new() } else { id.clone() },
            lane: if lane { id } else { String::new() },
            sent: Some((act.to_owned(), self.entries.clone())),
            faults,
        };
        draft::answer(self.app, self.visit, self.officer, loaded, shown).await
    }

    async fn undo(&self, loaded: Loaded, revision: u64) -> Result<Response, Refused> {
        let to = format!("{}#lich-su", draft_href(loaded.draft.head.id));
        let Some(last) = loaded.past.first() else {
            return Ok(redirect(to).flash(Flash::new("process-undo-none")).into_response());
        };
        let (xml, back_to) = (last.xml.clone(), last.revision);
        let Ok(table) = draft::table_of(&xml, &loaded.draft.head.name) else {
            return Err(Refused::fault());
        };
        let content = self.content(&loaded, xml, &table);
        let change = Change::Undo(content, back_to);
        match self.keep(&loaded, revision, change, Told::Undone(back_to)).await {
            Ok(()) => Ok(redirect(to).flash(Flash::new("process-undone")).into_response()),
            Err(Failed::Draft(DraftError::Changed { .. })) => {
                self.again(loaded, "undo", Faults::new()).await
            }
            Err(failed) => Err(failed.refused()),
        }
    }

    async fn discard(&self, loaded: Loaded, revision: u64) -> Result<Response, Refused> {
        if !self.entries.has("z-sure", "1") {
            let what = self.visit.t().s("process-sure-what");
            let fault = Fault::new("z-sure", "err-choose").with("what", what);
            return self.again(loaded, "discard", Faults::from_iter([fault])).await;
        }
        match self.keep(&loaded, revision, Change::Discard, Told::Discarded).await {
            Ok(()) => {
                self.app.0.trials.end(loaded.draft.head.id);
                Ok(redirect(HOME).flash(Flash::new("process-discarded")).into_response())
            }
            Err(Failed::Draft(DraftError::Changed { .. })) => {
                self.again(loaded, "discard", Faults::new()).await
            }
            Err(failed) => Err(failed.refused()),
        }
    }
}

/// Why an edit was not made.
enum Unmade {
    Edit(process::EditError),
    File(Vec<Problem>),
}

/// The file after an edit, with its table.
fn made(loaded: &Loaded, edit: &Edit) -> Result<(String, Table), Unmade> {
    let file = format!("{}.bpmn", loaded.draft.head.name);
    let mut document = Document::read(loaded.draft.xml.as_bytes(), &file).map_err(Unmade::File)?;
    document.edit(edit).map_err(Unmade::Edit)?;
    let xml = document.text();
    let table = draft::table_of(&xml, &loaded.draft.head.name).map_err(Unmade::File)?;
    Ok((xml, table))
}

/// Where the page goes on after an edit, and the step that it was about.
fn place(draft: uuid::Uuid, act: &str, edit: &Edit) -> (String, String) {
    let base = draft_href(draft);
    let step = match edit {
        Edit::Insert { step, .. } | Edit::Parallel { step, .. } => &step.id,
        Edit::AddLane { lane, .. } | Edit::ChangeLane { lane } => {
            return (format!("{base}#cac-lan"), lane.name.clone());
        }
        Edit::RemoveLane { id } => return (format!("{base}#cac-lan"), id.clone()),
        Edit::Layout => return (format!("{base}#so-do"), String::new()),
        Edit::Remove { id } => return (format!("{base}#cac-buoc"), id.clone()),
        Edit::Rename { id, .. } if act == "title" => return (base, id.clone()),
        Edit::Rename { id, .. }
        | Edit::SetKind { id, .. }
        | Edit::SetLane { id, .. }
        | Edit::SetTime { id, .. }
        | Edit::SetOutcomes { id, .. }
        | Edit::Move { id, .. }
        | Edit::SetNext { id, .. } => id,
    };
    let at = encoded(step);
    (format!("{base}?buoc={at}#{}", encoded(&anchor(step))), step.clone())
}
