//! `/theo-doi/{number}/bo-sung`: giving the papers that were asked for, before acceptance or after.

use super::filer::Filer;
use crate::app::App;
use crate::portal::apply::files;
use crate::refusals::refused;
use crate::view;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::case::{Business, Case, Command};
use kernel::procedure::Edition;
use kit::{Entries, Fault, Faults, Field, Flash, Page, Refused, Visit, redirect};
use std::sync::Arc;
use store::cases::{CaseError, PaperIn, Stored, act, by_id, open_text, seal_papers};

#[derive(Template)]
#[template(path = "track/answer.html")]
struct AnswerPage {
    page: Page,
    base: String,
    name: String,
    reason: String,
    until: String,
    fields: Vec<Field>,
}

/// What is asked, with the edition that names the papers; a case that waits for nothing has no
/// page.
fn asked(app: &App, case: &Case) -> Result<(Arc<Edition>, Vec<u16>), Refused> {
    let waits = matches!(case.business, Business::PreSupplement | Business::Supplement);
    let edition = app.catalogue().edition(&case.procedure, case.edition).cloned();
    match (edition, &case.supplement) {
        (Some(edition), Some(asked)) if waits => Ok((edition, asked.papers.clone())),
        _ => Err(Refused::conflict().because("track-not-asked")),
    }
}

async fn page(
    app: &App,
    visit: &Visit,
    stored: &Stored,
    entries: &Entries,
    faults: Faults,
) -> Result<AnswerPage, Refused> {
    let t = visit.t();
    let case = &stored.case;
    let (edition, papers) = asked(app, case)?;
    let sealed = case.supplement.as_ref().map(|s| s.reason.clone());
    let read = move |reader: &mut store::Reader<'_>| -> Result<_, CaseError> {
        Ok(match &sealed {
            Some(sealed) => open_text(reader, sealed)?,
            None => None,
        })
    };
    let reason = app.read(read).await.map_err(refused)?;
    let most = visit.kit().site.uploads.file_bytes;
    let field = |no: &u16| {
        let name = edition.paper(*no).map(|p| p.name.clone()).unwrap_or_default();
        Field::file(t, files::field_of(*no), name)
            .file_bytes(most)
            .multiple()
            .fill(entries, &faults)
    };
    let until = case.supplement.as_ref().map(|s| t.date(view::when(s.answer_by)));
    Ok(AnswerPage {
        base: format!("/theo-doi/{}", case.tracking),
        name: view::procedure_of(&app.catalogue(), t, case),
        reason: reason.unwrap_or_default(),
        until: until.unwrap_or_default(),
        fields: papers.iter().map(field).collect(),
        page: visit.page(t.s("track-supplement-title")).at("/theo-doi").faults(faults),
    })
}

/// GET: what is asked, and where to put it.
pub(super) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
    filer: Filer,
    visit: Visit,
) -> Result<Response, Refused> {
    let stored = filer.open(&app, &number, "open").await?;
    kit::html(&page(&app, &visit, &stored, visit.query(), Faults::new()).await?)
}

/// POST: hands the files in. A repeat finds the case no longer waiting and changes nothing.
pub(super) async fn give(
    State(app): State<App>,
    Path(number): Path<String>,
    filer: Filer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let stored = filer.open(&app, &number, "open").await?;
    let case = &stored.case;
    let done = redirect(format!("/theo-doi/{}", case.tracking));
    if matches!(case.business, Business::Supplemented | Business::Submitted) {
        return Ok(done.into_response());
    }
    let (edition, papers) = asked(&app, case)?;
    let mut faults = entries.faults().clone();
    let kept = case.papers.iter().map(|p| p.files.len()).sum();
    let checked = files::look(&app, &edition, entries.all_files(), kept, &mut faults);
    if checked.is_empty() && faults.is_empty() {
        let field = papers.first().map(|no| files::field_of(*no)).unwrap_or_default();
        faults.add(Fault::new(field, "err-papers-none"));
    }
    if !faults.is_empty() {
        return kit::respond::html_faults(&page(&app, &visit, &stored, &entries, faults).await?);
    }
    let staged = files::stage(&app, &visit, case.subject.0, checked).await?;
    let mut given: Vec<PaperIn> = Vec::new();
    for no in edition.papers.iter().map(|p| p.no) {
        let own = staged.iter().filter(|f| f.paper == no);
        let files: Vec<_> = own.map(|f| (f.address.clone(), f.file, f.name.clone())).collect();
        if !files.is_empty() {
            given.push(PaperIn { no, count: 0, files });
        }
    }
    let id = filer.case;
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        let now = by_id(tx, id.0)?.ok_or(CaseError::NotFound)?.case;
        if matches!(now.business, Business::Supplemented | Business::Submitted) {
            return Ok(());
        }
        let papers = seal_papers(tx, env, now.subject, id, &given)?;
        let command = if now.business == Business::PreSupplement {
            Command::GivePreSupplement { papers }
        } else {
            Command::GiveSupplement { papers }
        };
        act(tx, env, id, None, &command).map(|_| ())
    };
    app.act(&filer.actor, unit).await.map_err(refused)?;
    Ok(done.flash(Flash::new("track-supplement-done")).into_response())
}
