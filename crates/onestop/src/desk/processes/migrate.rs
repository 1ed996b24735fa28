//! `/noi-lam-viec/quy-trinh/ban/{name}/{version}/chuyen-ho-so`: the migrations of cases that run on
//! one version, and the way to begin one. `/noi-lam-viec/quy-trinh/chuyen/{migration}`: one of
//! them, and what its forms do.

use super::list::standing;
use super::migrate_page::{self, Shown, state_tag, title};
use super::publish::Told;
use super::show::edition;
use super::{may, migration_href, version_href};
use crate::app::{App, Officer};
use crate::refusals::{form_faults, refused};
use crate::view::{self, Names};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::access::{Grant, ProcessAction};
use kernel::calendar::Instant;
use kernel::procedure::ProcessEdition;
use kit::pieces::Tag;
use kit::{Check, Entries, Fault, Faults, Flash, Page, Refused, T, Visit, redirect};
use process::migration::PlanError;
use std::sync::Arc;
use store::cases::{self, CaseError, Env};
use store::process_migrations::{self, Migration, MigrationError, Said};
use store::{ActError, Tx, bounds};
use uuid::Uuid;

/// A migration in a list.
struct Row {
    href: String,
    what: String,
    state: Tag,
    who: String,
    when: String,
    result: String,
}

#[derive(Template)]
#[template(path = "desk/process_migrations.html")]
struct ListPage {
    page: Page,
    href: String,
    to: String,
    title: String,
    version: u32,
    standing: Tag,
    running: String,
    /// What the button says; empty if nothing can be begun.
    begin: String,
    target: u32,
    /// Why nothing can be begun; empty if something can, or for those who only look.
    not: String,
    rows: Vec<Row>,
}

/// The version in force today, if cases of `edition` may go there.
fn target(app: &App, edition: &ProcessEdition) -> Option<Arc<ProcessEdition>> {
    let catalogue = app.catalogue();
    let now = catalogue.process_in_force(&edition.name, app.today())?;
    (now.version > edition.version).then(|| Arc::clone(now))
}

/// What the page of a version says of moving its cases: address and words; empty for a version
/// that no later one took the place of.
pub(super) fn offered(
    app: &App,
    officer: &Officer,
    t: T,
    edition: &ProcessEdition,
    running: u32,
) -> (String, String) {
    let Some(target) = target(app, edition) else { return (String::new(), String::new()) };
    let moves = may(app, officer, ProcessAction::MigrateCases).is_ok() && running > 0;
    let words = match moves {
        true => t.a1("process-migration-begin", "n", u64::from(target.version)),
        false => t.s("process-migration"),
    };
    (list_href(&edition.name, edition.version), words)
}

/// How many cases run on a version, in words.
fn told_running(t: T, version: u32, running: u32) -> String {
    let more = running > bounds::COUNT_CAP;
    let key = if more { "process-whatif-running-more" } else { "process-whatif-running" };
    let n = u64::from(running.min(bounds::COUNT_CAP));
    t.a(key, &[("n", &n), ("version", &u64::from(version))])
}

/// GET: the list.
pub(super) async fn list(
    State(app): State<App>,
    officer: Officer,
    Path((name, version)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::ReadProcess)?;
    let edition = edition(&app, (&name, &version))?;
    let (of, number) = (edition.name.clone(), edition.version);
    let read = app.read(move |reader| {
        let running = cases::running(reader, &of, number)?;
        let mut all = process_migrations::of_process(reader, &of)?;
        all.retain(|one| one.from == number);
        let names = Names::read(reader, all.iter().map(|one| one.created_by.as_str()))?;
        Ok((running, all, names))
    });
    let (running, all, names) = read.await.map_err(refused)?;
    let t = visit.t();
    let writes = may(&app, &officer, ProcessAction::MigrateCases).is_ok();
    let target = target(&app, &edition);
    let open = all.iter().any(|one| one.state.is_open());
    let not = match &target {
        None => t.s("process-migration-no-target-version"),
        Some(_) if running == 0 => t.s("process-migration-nobody"),
        Some(_) if open => t.s("process-migration-open"),
        Some(_) => String::new(),
    };
    let begin = target.as_ref().filter(|_| writes && not.is_empty());
    let href = version_href(&edition.name, edition.version);
    let title = t.a1("process-migration-list", "n", u64::from(edition.version));
    let at = app.catalogue().process_standing(&edition.name, edition.version, app.today());
    let rows = all.iter().map(|one| row(t, one, &names, visit.now())).collect();
    kit::html(&ListPage {
        page: super::page(&app, &visit, &officer, title).await?,
        to: format!("{href}/chuyen-ho-so"),
        href,
        title: edition.title.clone(),
        version: edition.version,
        standing: standing(t, at),
        running: told_running(t, edition.version, running),
        begin: begin
            .map(|to| t.a1("process-migration-begin", "n", u64::from(to.version)))
            .unwrap_or_default(),
        target: begin.map(|to| to.version).unwrap_or_default(),
        not: if writes { not } else { String::new() },
        rows,
    })
}

fn row(t: T, one: &Migration, names: &Names, now: kit::When) -> Row {
    let result = one.runs.apply.as_ref().map(|run| {
        t.a("process-migration-result", &[("moved", &run.moved), ("stay", &run.staying())])
    });
    Row {
        href: migration_href(one.id),
        what: title(t, (one.from, one.to)),
        state: state_tag(t, one.state),
        who: names.of(t, &one.created_by),
        when: t.moment(view::when(Instant(one.created_at_ms)), now),
        result: result.unwrap_or_default(),
    }
}

/// POST: begins a migration, or leads to the one that is open.
pub(super) async fn begin(
    State(app): State<App>,
    officer: Officer,
    Path((name, version)): Path<(String, String)>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::MigrateCases)?;
    let edition = edition(&app, (&name, &version))?;
    let to: u32 = entries.text("to").parse().map_err(|_| Refused::bad_request())?;
    let (of, from) = (edition.name.clone(), edition.version);
    let unit = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
        process_migrations::begin(tx, env, &of, (from, to))
    };
    match app.unit(&officer.actor, unit).await {
        Ok(id) => Ok(redirect(migration_href(id)).into_response()),
        Err(error) => match told(visit.t(), error)? {
            Told::Fields(_) => Err(Refused::bad_request()),
            Told::Sentence(_) => {
                Err(Refused::conflict().because("process-migration-no-target-version"))
            }
        },
    }
}

/// GET: the page.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::ReadProcess)?;
    let id = Uuid::parse_str(&address).map_err(|_| Refused::not_found())?;
    let shown = Shown { element: visit.query().text("phan-tu").to_owned(), ..Shown::default() };
    migrate_page::page(&app, &visit, &officer, id, visit.query(), shown).await
}

/// POST: one act on the migration.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let grant = may(&app, &officer, ProcessAction::MigrateCases)?;
    let id = Uuid::parse_str(&address).map_err(|_| Refused::not_found())?;
    let revision: u64 = entries.text("rev").parse().map_err(|_| Refused::bad_request())?;
    let t = visit.t();
    let act = match order(t, &entries) {
        Ok(act) => act,
        Err(None) => return Err(Refused::bad_request()),
        Err(Some(faults)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let shown = Shown { faults, status, ..Shown::default() };
            return migrate_page::page(&app, &visit, &officer, id, &entries, shown).await;
        }
    };
    let element = entries.text("buoc").to_owned();
    let flash = act.flash();
    match carried_out(&app, &officer, grant, (id, revision), act).await {
        Ok(()) => Ok(redirect(migration_href(id)).flash(Flash::new(flash)).into_response()),
        Err(error) => {
            let (status, faults, refusal) = match told(t, error)? {
                Told::Fields(faults) => (StatusCode::UNPROCESSABLE_ENTITY, faults, String::new()),
                Told::Sentence(sentence) => (StatusCode::CONFLICT, Faults::new(), sentence),
            };
            let shown = Shown { element, faults, status, refusal };
            migrate_page::page(&app, &visit, &officer, id, &entries, shown).await
        }
    }
}

/// What a form asks for.
#[derive(Clone)]
enum Act {
    Target(String, Option<String>),
    Check,
    Apply(Said),
    Revert(Said),
    Cancel,
}

impl Act {
    fn flash(&self) -> &'static str {
        match self {
            Self::Target(..) => "process-migration-target-set",
            Self::Check => "process-migration-check-ordered",
            Self::Apply(_) => "process-migration-apply-ordered",
            Self::Revert(_) => "process-migration-revert-ordered",
            Self::Cancel => "process-migration-cancel-done",
        }
    }
}

/// Reads the form; `None` for a button that does not exist.
fn order(t: T, entries: &Entries) -> Result<Act, Option<Faults>> {
    let mut check = Check::new(entries);
    let mut said = |ground: bool| {
        let max = kernel::limits::REASON_CHARS;
        let reason = check.required("reason", &t.s("process-migration-reason-what"), max);
        let ground = match ground {
            true => check.required("ground", &t.s("process-publish-ground-what"), max),
            false => String::new(),
        };
        check.ticked("sure", &t.s("process-migration-sure-what"));
        Said { reason, ground }
    };
    let act = match entries.text("lam") {
        "target" => {
            let target = Some(entries.text("target").to_owned()).filter(|to| !to.is_empty());
            Act::Target(entries.text("buoc").to_owned(), target)
        }
        "check" => Act::Check,
        "apply" => Act::Apply(said(true)),
        "revert" => Act::Revert(said(false)),
        "cancel" => Act::Cancel,
        _ => return Err(None),
    };
    check.done().map_err(Some)?;
    Ok(act)
}

async fn carried_out(
    app: &App,
    officer: &Officer,
    grant: Grant,
    at: (Uuid, u64),
    act: Act,
) -> Result<(), ActError<MigrationError>> {
    let unit = move |tx: &mut Tx<'_>, env: &mut Env<'_>| match &act {
        Act::Target(element, target) => {
            process_migrations::set_target(tx, env, at, element, target.as_deref())
        }
        Act::Check => process_migrations::check(tx, env, at),
        Act::Apply(said) => process_migrations::apply(tx, env, &grant, at, said),
        Act::Revert(said) => process_migrations::revert(tx, env, &grant, at, said),
        Act::Cancel => process_migrations::cancel(tx, env, at),
    };
    app.unit(&officer.actor, unit).await
}

/// Why an act was not done, for the page.
///
/// # Errors
/// What no page can show better: the migration is gone, the store failed.
fn told(t: T, error: ActError<MigrationError>) -> Result<Told, Refused> {
    let error = match error {
        ActError::Refused(error) => error,
        ActError::Store(error) => MigrationError::Store(error),
    };
    let sentence = |key: &str| Ok(Told::Sentence(t.s(key)));
    match error {
        MigrationError::NotFound => Err(Refused::not_found()),
        MigrationError::Changed { .. } => sentence("process-migration-changed"),
        MigrationError::Stands(state) => {
            let state = state_tag(t, state).word;
            Ok(Told::Sentence(t.a1("process-migration-stands", "state", state)))
        }
        MigrationError::NoVersion(..) | MigrationError::NotInForce(_) => {
            sentence("process-migration-no-target-version")
        }
        MigrationError::Plan(PlanError::Taken(_, by)) => {
            let fault = Fault::new("target", "process-migration-taken").with("by", by);
            Ok(Told::Fields(Faults::from_iter([fault])))
        }
        MigrationError::Plan(_) => {
            let fault = Fault::new("target", "process-migration-no-element");
            Ok(Told::Fields(Faults::from_iter([fault])))
        }
        MigrationError::Fields(faults) => Ok(Told::Fields(form_faults(&faults))),
        MigrationError::Store(error) => Err(refused(CaseError::Store(error))),
    }
}

/// The address of the list of a version.
pub(super) fn list_href(name: &str, version: u32) -> String {
    format!("{}/chuyen-ho-so", version_href(name, version))
}
