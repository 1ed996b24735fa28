//! `/noi-lam-viec/quy-trinh`: all processes with their versions, what uses them, the drafts, and
//! who
//! may write and publish.

use super::words::day;
use super::{HOME, draft_href, may, version_href};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view::{self, Names};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::access::ProcessAction;
use kernel::calendar::{Date, Instant};
use kernel::catalogue::Catalogue;
use kernel::procedure::{ProcessEdition, Standing};
use kit::pieces::{Tag, Tone};
use kit::{Page, Refused, T, Visit};
use store::process_drafts::{self, Listed};

/// A process with its versions.
struct ProcessRow {
    title: String,
    name: String,
    uses: usize,
    versions: Vec<VersionRow>,
}

/// A version of a process.
pub(super) struct VersionRow {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) from: String,
    pub(super) standing: Tag,
}

/// A draft.
struct DraftRow {
    href: String,
    title: String,
    base: String,
    who: String,
    when: String,
}

#[derive(Template)]
#[template(path = "desk/process_list.html")]
struct ListPage {
    page: Page,
    may: bool,
    start: String,
    processes: Vec<ProcessRow>,
    drafts: Vec<DraftRow>,
}

/// GET: the list.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::ReadProcess)?;
    let writes = may(&app, &officer, ProcessAction::EditProcess).is_ok();
    let read = app.read(move |reader| {
        let drafts = if writes { process_drafts::list(reader)? } else { Vec::new() };
        let names = Names::read(reader, drafts.iter().map(|d| d.changed_by.as_str()))?;
        Ok((drafts, names))
    });
    let (drafts, names) = read.await.map_err(refused)?;
    let (t, catalogue, today) = (visit.t(), app.catalogue(), app.today());
    let page = super::page(&app, &visit, &officer, t.s("process-list-title")).await?;
    let row = |name: &str| process_row(t, &catalogue, name, today);
    kit::html(&ListPage {
        page,
        may: writes,
        start: format!("{HOME}/moi"),
        processes: catalogue.process_names().into_iter().map(row).collect(),
        drafts: drafts.iter().map(|d| draft_row(t, d, &names, visit.now())).collect(),
    })
}

fn process_row(t: T, catalogue: &Catalogue, name: &str, today: Date) -> ProcessRow {
    let editions = catalogue.process_editions(name);
    let shown = catalogue.process_in_force(name, today).or(editions.last());
    ProcessRow {
        title: shown.map(|e| e.title.clone()).unwrap_or_default(),
        name: name.to_owned(),
        uses: catalogue.all_in_force(today).filter(|e| e.process == name).count(),
        versions: editions.iter().rev().map(|e| version_row(t, catalogue, e, today)).collect(),
    }
}

/// A version with where it stands today.
pub(super) fn version_row(
    t: T,
    catalogue: &Catalogue,
    edition: &ProcessEdition,
    today: Date,
) -> VersionRow {
    VersionRow {
        href: version_href(&edition.name, edition.version),
        label: t.a1("process-version", "n", u64::from(edition.version)),
        from: t.a1("process-from", "date", day(t, edition.valid_from)),
        standing: standing(t, catalogue.process_standing(&edition.name, edition.version, today)),
    }
}

/// Where a version stands, in a word.
pub(super) fn standing(t: T, standing: Option<Standing>) -> Tag {
    match standing {
        Some(Standing::InForce) => Tag::new(Tone::Ok, t.s("process-in-force")),
        Some(Standing::Planned) => Tag::new(Tone::New, t.s("process-planned")),
        Some(Standing::Superseded) | None => Tag::new(Tone::Stop, t.s("process-superseded")),
    }
}

fn draft_row(t: T, draft: &Listed, names: &Names, now: kit::When) -> DraftRow {
    DraftRow {
        href: draft_href(draft.id),
        title: if draft.title.is_empty() { draft.name.clone() } else { draft.title.clone() },
        base: draft.base_version.map_or_else(
            || t.s("process-draft-new"),
            |n| t.a1("process-draft-base", "version", u64::from(n)),
        ),
        who: names.of(t, &draft.changed_by),
        when: t.moment(view::when(Instant(draft.updated_at_ms)), now),
    }
}
