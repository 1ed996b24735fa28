//! `/noi-lam-viec/quy-trinh/ban/{name}/{version}`: one published version: its diagram, its steps,
//! what uses it, its history with check sums, its file.

use super::forms::Panel;
use super::list::{VersionRow, standing, version_row};
use super::words::{self, StepRow};
use super::{HOME, Svg, drawn, may, migrate, version_href};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view::{self, Names};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::access::ProcessAction;
use kernel::calendar::Instant;
use kernel::catalogue::is_internal;
use kernel::procedure::{ProcessEdition, Standing};
use kit::pieces::Tag;
use kit::{File, Page, Refused, T, Visit};
use process::diagram::Highlights;
use process::table::Table;
use std::sync::Arc;
use store::cases;
use store::processes::{self, ProcessEvent, Recorded};

/// A procedure that uses the process.
pub(super) struct UseRow {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) time: String,
    /// Its public page; empty for procedures inside the administration.
    pub(super) href: String,
}

/// An entry of the history.
struct HistoryRow {
    what: String,
    when: String,
    who: String,
    ground: String,
    sha256: String,
}

#[derive(Template)]
#[template(path = "desk/process_show.html")]
struct ShowPage {
    page: Page,
    home: &'static str,
    name: String,
    version: u32,
    from: String,
    standing: Tag,
    sha256: String,
    file: String,
    start: String,
    older: String,
    withdraw: String,
    /// Moving the cases that run on it: address and words; empty where there is no later version.
    migrate: (String, String),
    picture: Svg,
    rows: Vec<StepRow>,
    panel: Option<Panel>,
    to: String,
    rev: u64,
    uses: Vec<UseRow>,
    others: Vec<VersionRow>,
    history: Vec<HistoryRow>,
}

/// The version of an address.
///
/// # Errors
/// 404 if there is none.
pub(super) fn edition(
    app: &App,
    (name, version): (&str, &str),
) -> Result<Arc<ProcessEdition>, Refused> {
    let version: u32 = version.parse().map_err(|_| Refused::not_found())?;
    app.catalogue().process(name, version).cloned().ok_or_else(Refused::not_found)
}

/// GET: the page.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path((name, version)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::ReadProcess)?;
    let edition = edition(&app, (&name, &version))?;
    let (of, number) = (edition.name.clone(), edition.version);
    let read = app.read(move |reader| {
        let history = processes::history(reader, &of)?;
        let names = Names::read(reader, history.iter().map(|r| r.by.as_str()))?;
        Ok((history, names, cases::running(reader, &of, number)?))
    });
    let (history, names, running) = read.await.map_err(refused)?;
    let page = super::page(&app, &visit, &officer, edition.title.clone()).await?;
    let told = history.iter().rev().map(|r| history_row(visit.t(), r, &names, visit.now()));
    let told = told.collect();
    kit::html(&page_of(&app, &visit, (page, &officer), (&edition, running), told)?)
}

fn page_of(
    app: &App,
    visit: &Visit,
    (page, officer): (Page, &Officer),
    (edition, running): (&ProcessEdition, u32),
    history: Vec<HistoryRow>,
) -> Result<ShowPage, Refused> {
    let (t, catalogue, today) = (visit.t(), app.catalogue(), app.today());
    let file = format!("{}.bpmn", edition.name);
    let model = process::read(edition.xml.as_bytes(), &file).map_err(|_| Refused::fault())?;
    let all = catalogue.process_editions(&edition.name);
    let newest = all.iter().map(|e| e.version).max() == Some(edition.version);
    let at = catalogue.process_standing(&edition.name, edition.version, today);
    let href = version_href(&edition.name, edition.version);
    let writes = may(app, officer, ProcessAction::EditProcess).is_ok();
    let publishes = may(app, officer, ProcessAction::PublishProcess).is_ok();
    let published = history.iter().any(|row| row.sha256 == edition.sha256);
    let planned = at == Some(Standing::Planned) && published;
    let others = all.iter().rev().filter(|e| e.version != edition.version);
    Ok(ShowPage {
        page,
        home: HOME,
        name: edition.name.clone(),
        version: edition.version,
        from: words::day(t, edition.valid_from),
        standing: standing(t, at),
        sha256: edition.sha256.clone(),
        file: format!("{href}/tep.bpmn"),
        start: if writes && newest { format!("{HOME}/moi") } else { String::new() },
        older: if writes && !newest { t.s("process-older") } else { String::new() },
        withdraw: if publishes && planned { format!("{href}/thu-hoi") } else { String::new() },
        migrate: migrate::offered(app, officer, t, edition, running),
        picture: drawn(t, &model, Highlights::default()),
        rows: words::rows(t, &Table::of(&model)),
        panel: None,
        to: String::new(),
        rev: 0,
        uses: uses(app, t, &edition.name),
        others: others.map(|e| version_row(t, &catalogue, e, today)).collect(),
        history,
    })
}

/// The procedures that use a process today.
pub(super) fn uses(app: &App, t: T, name: &str) -> Vec<UseRow> {
    let (catalogue, today) = (app.catalogue(), app.today());
    let used = catalogue.all_in_force(today).filter(|e| e.process == name);
    let row = |edition: &Arc<kernel::procedure::Edition>| UseRow {
        code: edition.code.to_string(),
        name: view::procedure(t, edition),
        time: edition.time_text.clone(),
        href: match is_internal(&edition.code) {
            true => String::new(),
            false => format!("/thu-tuc/{}", edition.code),
        },
    };
    used.map(row).collect()
}

fn history_row(t: T, recorded: &Recorded, names: &Names, now: kit::When) -> HistoryRow {
    let when = t.moment(view::when(Instant(recorded.at_ms)), now);
    let who = names.of(t, &recorded.by);
    match &recorded.event {
        ProcessEvent::ProcessPublished { version, sha256, valid_from, ground, .. } => {
            let what = t.a(
                "process-history-published",
                &[("n", &u64::from(*version)), ("date", &words::day(t, *valid_from))],
            );
            HistoryRow { what, when, who, ground: ground.clone(), sha256: sha256.clone() }
        }
        ProcessEvent::ProcessWithdrawn { version, reason, .. } => {
            let what = t.a1("process-history-withdrawn", "n", u64::from(*version));
            HistoryRow { what, when, who, ground: reason.clone(), sha256: String::new() }
        }
        ProcessEvent::ProcessMigrated { from, to, reason, ground, .. } => {
            let what = t.a(
                "process-history-migrated",
                &[("from", &u64::from(*from)), ("to", &u64::from(*to))],
            );
            let ground = format!("{reason} · {ground}");
            HistoryRow { what, when, who, ground, sha256: String::new() }
        }
        ProcessEvent::ProcessMigrationReverted { from, to, reason, .. } => {
            let what = t.a(
                "process-history-migration-reverted",
                &[("from", &u64::from(*from)), ("to", &u64::from(*to))],
            );
            HistoryRow { what, when, who, ground: reason.clone(), sha256: String::new() }
        }
    }
}

/// GET `…/tep.bpmn`: the file as it was published.
pub(super) async fn file(
    State(app): State<App>,
    officer: Officer,
    Path((name, version)): Path<(String, String)>,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::ReadProcess)?;
    let edition = edition(&app, (&name, &version))?;
    let name = format!("{}-{}.bpmn", edition.name, edition.version);
    Ok(File::new(name, edition.xml.to_string()).saved().into_response())
}
