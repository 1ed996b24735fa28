//! `/noi-lam-viec/quy-trinh/nhap/{draft}/cong-bo`: what a publication changes, from which day and
//! on
//! what ground; then the draft is the next version of its process.

use super::diff::{self, Change};
use super::draft::{FoundRow, Loaded, found_rows, load, table_of};
use super::findings::{self, Checked};
use super::show::{UseRow, uses};
use super::{draft_href, draft_id, draft_refused, may, version_href, whatif, words};
use crate::app::{App, Officer};
use crate::refusals::{form_faults, refused};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::access::ProcessAction;
use kernel::calendar::Date;
use kernel::limits::REASON_CHARS;
use kit::{Check, Entries, Fault, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use process::table::Table;
use store::cases::CaseError;
use store::processes::{Publication, PublishError};

#[derive(Template)]
#[template(path = "desk/process_publish.html")]
struct PublishPage {
    page: Page,
    draft: String,
    to: String,
    rev: u64,
    title: String,
    refusal: String,
    changes: Vec<Change>,
    new: bool,
    found: Vec<FoundRow>,
    ready: bool,
    uses: Vec<UseRow>,
    running: String,
    fate: String,
    from: Field,
    ground: Field,
}

/// GET: what it would change, and the form.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::PublishProcess)?;
    let loaded = load(&app, draft_id(&address)?, None).await?;
    let request = Request { app: &app, officer: &officer, visit: &visit };
    request.page(loaded, visit.query(), Faults::new(), (StatusCode::OK, String::new())).await
}

/// POST: publishes.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let grant = may(&app, &officer, ProcessAction::PublishProcess)?;
    let id = draft_id(&address)?;
    let revision = entries.text("rev").parse().map_err(|_| Refused::bad_request())?;
    let loaded = load(&app, id, None).await?;
    let request = Request { app: &app, officer: &officer, visit: &visit };
    let (t, mut check) = (visit.t(), Check::new(&entries));
    let from = check.required_date("from", &t.s("process-publish-from-what"));
    let ground = check.required("ground", &t.s("process-publish-ground-what"), REASON_CHARS);
    let (faults, unprocessable) = (check.done(), StatusCode::UNPROCESSABLE_ENTITY);
    if let Err(faults) = faults {
        return request.page(loaded, &entries, faults, (unprocessable, String::new())).await;
    }
    if request.checked(&loaded).errors() > 0 {
        let told = t.s("process-publish-findings");
        return request.page(loaded, &entries, Faults::new(), (unprocessable, told)).await;
    }
    let day = from.and_then(|w| Date::from_ymd_opt(w.year, w.month.into(), w.day.into()));
    let valid_from = day.ok_or_else(Refused::bad_request)?;
    let publication = Publication { draft: id, revision, valid_from, ground };
    match app.publish_process(&officer.actor, grant, publication).await {
        Ok(edition) => {
            app.0.trials.end(id);
            let to = version_href(&edition.name, edition.version);
            let flash = Flash::new("process-published").with("n", edition.version);
            Ok(redirect(to).flash(flash).into_response())
        }
        Err(error) => request.not_published(loaded, &entries, error).await,
    }
}

struct Request<'a> {
    app: &'a App,
    officer: &'a Officer,
    visit: &'a Visit,
}

impl Request<'_> {
    fn checked(&self, loaded: &Loaded) -> Checked {
        let head = &loaded.draft.head;
        let of = (head.name.as_str(), loaded.draft.xml.as_str());
        let (catalogue, today) = (self.app.catalogue(), self.app.today());
        findings::check(self.visit.t(), &catalogue, of, &loaded.table, today)
    }

    async fn page(
        &self,
        loaded: Loaded,
        entries: &Entries,
        faults: Faults,
        (status, refusal): (StatusCode, String),
    ) -> Result<Response, Refused> {
        let (t, head) = (self.visit.t(), &loaded.draft.head);
        let checked = self.checked(&loaded);
        let catalogue = self.app.catalogue();
        let base = head.base_version.and_then(|version| catalogue.process(&head.name, version));
        let old = base.and_then(|e| table_of(&e.xml, &e.name).ok());
        let changes = diff::diff(t, old.as_ref().unwrap_or(&Table::default()), &loaded.table);
        let title = t.a1("process-publish-title", "name", &head.title);
        let page = super::page(self.app, self.visit, self.officer, title).await?;
        let section = whatif::section(t, head.base_version.zip(loaded.running), None);
        let draft = draft_href(head.id);
        let from = Field::date(t, "from", t.s("process-publish-from"));
        let ground = Field::text(t, "ground", t.s("process-publish-ground"));
        let from = from.hint(t.s("process-publish-from-hint"));
        let ground = ground.hint(t.s("process-publish-ground-hint"));
        kit::respond::html_status(
            status,
            &PublishPage {
                to: format!("{draft}/cong-bo"),
                draft,
                rev: head.revision,
                title: head.title.clone(),
                refusal,
                changes,
                new: old.is_none(),
                found: found_rows(t, &Table::default(), &checked),
                ready: checked.errors() == 0,
                uses: uses(self.app, t, &head.name),
                running: section.running,
                fate: section.fate,
                from: from.fill(entries, &faults),
                ground: ground.fill(entries, &faults),
                page: page.faults(faults),
            },
        )
    }

    async fn not_published(
        &self,
        loaded: Loaded,
        entries: &Entries,
        error: PublishError,
    ) -> Result<Response, Refused> {
        let t = self.visit.t();
        match told(t, error)? {
            Told::Fields(faults) => {
                let status = (StatusCode::UNPROCESSABLE_ENTITY, String::new());
                self.page(loaded, entries, faults, status).await
            }
            Told::Sentence(sentence) => {
                let id = loaded.draft.head.id;
                let loaded = load(self.app, id, None).await?;
                let status = (StatusCode::CONFLICT, sentence);
                self.page(loaded, entries, Faults::new(), status).await
            }
        }
    }
}

/// A refusal as the page shows it.
pub(super) enum Told {
    /// At its field.
    Fields(Faults),
    /// Above the form.
    Sentence(String),
}

/// Why nothing was published or withdrawn, for the page.
///
/// # Errors
/// What no page can show better: the draft or version is gone, the store failed.
pub(super) fn told(t: T, error: PublishError) -> Result<Told, Refused> {
    use store::process_drafts::DraftError;
    let at = |fault: Fault| Ok(Told::Fields(Faults::from_iter([fault])));
    let day = |date| words::day(t, date);
    match error {
        PublishError::Fields(faults) => Ok(Told::Fields(form_faults(&faults))),
        PublishError::Past { today, .. } => {
            at(Fault::new("from", "process-publish-past").with("today", day(today)))
        }
        PublishError::NotAfter { version, starts, .. } => {
            let fault = Fault::new("from", "process-publish-not-after");
            at(fault.with("n", version).with("date", day(starts)))
        }
        PublishError::Outdated { base, newest } => {
            let number = |v: Option<u32>| v.map_or_else(|| t.s("process-none"), |v| v.to_string());
            let (base, newest) = (number(base), number(newest));
            let args: [(&str, &dyn kit::Arg); 2] = [("base", &base), ("newest", &newest)];
            Ok(Told::Sentence(t.a("process-publish-outdated", &args)))
        }
        PublishError::Problems(problems) => {
            Ok(Told::Sentence(t.a1("process-publish-problems", "n", problems.len())))
        }
        PublishError::Begun { version, since, .. } => {
            let (version, since) = (u64::from(version), day(since));
            let args: [(&str, &dyn kit::Arg); 2] = [("n", &version), ("date", &since)];
            Ok(Told::Sentence(t.a("process-withdraw-begun", &args)))
        }
        PublishError::Draft(DraftError::Changed { .. }) => {
            Ok(Told::Sentence(t.s("process-publish-changed")))
        }
        PublishError::Draft(error) => Err(draft_refused(error)),
        PublishError::NoVersion { .. } => {
            Err(Refused::not_found().because("process-withdraw-none"))
        }
        PublishError::Misfit(misfit) => {
            tracing::error!(%misfit, "a published process was not taken over");
            Err(Refused::fault().because("process-publish-misfit"))
        }
        PublishError::Store(error) => Err(refused(CaseError::Store(error))),
    }
}
