//! `/theo-doi/{number}`: where the case is, who has it, until when, why that date, and what the
//! filer may do now.

use super::filer::Filer;
use super::story::{Story, Told};
use crate::app::App;
use crate::papers_of;
use crate::refusals::refused;
use crate::view;
use crate::why::why;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::case::{Action, Business, Case, offers};
use kernel::catalogue::Catalogue;
use kernel::procedure::Edition;
use kit::pieces::{Tag, Timeline, Why};
use kit::{File, Page, Refused, T, Visit};
use std::sync::Arc;
use store::cases::{CaseError, Stored, history};

#[derive(Template)]
#[template(path = "track/case.html")]
struct CasePage {
    page: Page,
    base: String,
    number: String,
    tracking: String,
    has_code: bool,
    name: String,
    state: Tag,
    due: Option<Tag>,
    label: String,
    date: String,
    machine: String,
    place: String,
    todo: String,
    supplement: bool,
    withdraw: bool,
    slip: bool,
    fee: Option<(String, String)>,
    timeline: Timeline,
    why: Option<Why>,
    files: Vec<FileRow>,
    delivery: String,
}

struct FileRow {
    href: String,
    paper: String,
    name: String,
}

/// What the page is made from.
struct Read {
    stored: Stored,
    entries: Vec<store::cases::HistoryEntry>,
    told: Told,
    files: Vec<(u16, String, Option<String>)>,
}

async fn read(app: &App, stored: Stored) -> Result<Read, Refused> {
    let read = move |reader: &mut store::Reader<'_>| -> Result<Read, CaseError> {
        let entries = history(reader, stored.case.id.0)?;
        let told = Told::read(reader, &stored.case, &entries)?;
        let files = papers_of::file_names(reader, &stored.case.papers)?;
        Ok(Read { stored, entries, told, files })
    };
    app.read(read).await.map_err(refused)
}

/// GET: the case.
pub(super) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
    filer: Filer,
    visit: Visit,
) -> Result<Response, Refused> {
    let stored = filer.open(&app, &number, "open").await?;
    let read = read(&app, stored).await?;
    kit::html(&page(&app, &visit, &filer, &read))
}

fn page(app: &App, visit: &Visit, filer: &Filer, read: &Read) -> CasePage {
    let (t, catalogue, now) = (visit.t(), app.catalogue(), app.now());
    let case = &read.stored.case;
    let base = format!("/theo-doi/{}", case.tracking);
    let may = may(&catalogue, case, filer, app);
    let (entries, told) = (&read.entries, &read.told);
    let story = Story { t, now: visit.now(), catalogue: &catalogue, case, entries, told };
    let (label, date) = date_of(t, case);
    let edition = catalogue.edition(&case.procedure, case.edition);
    // A supplement's state says all that its clock could say.
    let is_told = case.business.is_terminal() || case.business == Business::Supplement;
    let due = case.accepted_at.filter(|_| !is_told);
    CasePage {
        page: visit.page(t.s("track-title")).at("/theo-doi"),
        number: case.name().to_owned(),
        tracking: case.tracking.clone(),
        has_code: case.code.is_some(),
        name: view::procedure_of(&catalogue, t, case),
        state: view::state_tag(t, case),
        due: due.map(|_| view::due_tag(&catalogue, t, case, None, now)),
        label,
        date: date.map(|at| t.capital(&t.date(view::when(at)))).unwrap_or_default(),
        machine: date.map(|at| view::when(at).machine()).unwrap_or_default(),
        place: view::unit(&catalogue, t, &case.desk),
        todo: todo(t, case, &story),
        supplement: may.contains(&Action::GiveSupplement)
            || may.contains(&Action::GivePreSupplement),
        withdraw: may.contains(&Action::AskWithdrawal),
        slip: case.code.is_some() && edition.is_some_and(|e| !e.at_once()),
        fee: fee(t, edition, case),
        timeline: story.timeline(),
        why: why(&catalogue, case, now, t, false),
        files: file_rows(&catalogue, case, &base, &read.files),
        delivery: t.s(&format!("delivery-{}", case.delivery.as_str())),
        base,
    }
}

/// The fee and whether it is paid; `None` where nothing is taken.
fn fee(t: T, edition: Option<&Arc<Edition>>, case: &Case) -> Option<(String, String)> {
    if edition.is_some_and(|e| view::fee_is_unknown(e, case)) {
        return Some((t.s("money-unknown"), t.s("finance-told")));
    }
    let state = || t.s(&format!("finance-{}", case.finance.as_str()));
    (case.fee_vnd > 0).then(|| (t.money(case.fee_vnd), state()))
}

/// The acts that the filer may do now.
fn may(catalogue: &Catalogue, case: &Case, filer: &Filer, app: &App) -> Vec<Action> {
    let Some(ctx) = catalogue.ctx(case, &filer.actor, app.now()) else { return Vec::new() };
    offers(case, &ctx).into_iter().map(|offer| offer.action).collect()
}

/// The date of the page and what it is: a promise after acceptance, an expectation before.
fn date_of(t: T, case: &Case) -> (String, Option<kernel::calendar::Instant>) {
    if let Some(finished) = case.finished_at.filter(|_| !case.business.is_terminal()) {
        return (t.s("track-ready-since"), Some(finished));
    }
    if case.business.is_terminal() {
        return (t.s("track-ended"), Some(case.since));
    }
    match (case.accepted_at, case.due_at) {
        (Some(_), Some(due)) => (t.s("done-appointment"), Some(due)),
        (Some(_), None) => (t.s("track-stopped"), None),
        (None, _) => (t.s("done-expected"), case.expected_at),
    }
}

/// What the filer has to do now, in a sentence.
fn todo(t: T, case: &Case, story: &Story<'_>) -> String {
    match (case.business, &case.supplement) {
        (Business::PreSupplement | Business::Supplement, Some(asked)) => {
            let until = t.date(view::when(asked.answer_by));
            let papers = story.paper_names(&asked.papers);
            t.a2("track-todo-supplement", "papers", papers, "until", until)
        }
        (Business::FinDuty, _) => t.s("track-todo-money"),
        (Business::ResultReady, _) => t.s("track-todo-fetch"),
        (business, _) if business.is_terminal() => String::new(),
        _ => t.s("track-nothing"),
    }
}

fn file_rows(
    catalogue: &Catalogue,
    case: &Case,
    base: &str,
    files: &[(u16, String, Option<String>)],
) -> Vec<FileRow> {
    let edition = catalogue.edition(&case.procedure, case.edition);
    let row = |(n, (no, _, name)): (usize, &(u16, String, Option<String>))| FileRow {
        href: format!("{base}/tep/{n}"),
        paper: edition.and_then(|e| e.paper(*no)).map(|p| p.name.clone()).unwrap_or_default(),
        name: name.clone().unwrap_or_default(),
    };
    files.iter().enumerate().map(row).filter(|row| !row.name.is_empty()).collect()
}

/// GET: form 01 as PDF, drawn on demand.
pub(super) async fn slip(
    State(app): State<App>,
    Path(number): Path<String>,
    filer: Filer,
) -> Result<Response, Refused> {
    let stored = filer.open(&app, &number, "print").await?;
    let pdf = papers_of::form01_pdf(&app, &stored).await?;
    let name = format!("giay-hen-{}.pdf", stored.case.name().replace('/', "-"));
    Ok(File::new(name, pdf).into_response())
}

/// GET: a file that was handed in, by its place among the files of the case.
pub(super) async fn file(
    State(app): State<App>,
    Path((number, n)): Path<(String, usize)>,
    filer: Filer,
) -> Result<Response, Refused> {
    let stored = filer.open(&app, &number, "file").await?;
    let found = stored.case.papers.iter().flat_map(|p| &p.files).nth(n);
    let found = found.ok_or_else(|| Refused::not_found().because("papers-file-gone"))?;
    Ok(papers_of::open_file(&app, &stored.case, found).await?.into_response())
}
