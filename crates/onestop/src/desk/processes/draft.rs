//! `/noi-lam-viec/quy-trinh/nhap/{draft}`: the editor: diagram, table of steps with the forms of
//! one
//! step, lanes, findings, what becomes of running cases, the last edits.

use super::diff::{self, Change};
use super::findings::{self, Checked};
use super::forms::{self, FormBox, Ground, Panel};
use super::save::Told;
use super::words::{self, StepRow};
use super::{Svg, draft_href, draft_id, drawn, encoded, may, trial, version_href, whatif};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view::{self, Names};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::access::ProcessAction;
use kernel::calendar::Instant;
use kit::pieces::{Tag, Tone};
use kit::{Entries, Faults, File, Page, Refused, T, Visit};
use process::diagram::Highlights;
use process::table::{Edit, Table};
use process::{Problem, Severity};
use store::cases::{self, CaseError};
use store::process_drafts::{self, Past, ProcessDraft};
use store::process_trials::{self, Trial};
use uuid::Uuid;

/// A draft with all that its page shows.
pub(super) struct Loaded {
    pub(super) draft: ProcessDraft,
    pub(super) table: Table,
    pub(super) past: Vec<Past>,
    /// A form was made from another revision.
    stale: bool,
    /// The file as it was at that revision, if it is still kept.
    then: Option<Past>,
    pub(super) names: Names,
    pub(super) running: Option<u32>,
    /// What the last trials found.
    pub(super) trials: Vec<Trial>,
}

/// What of the page is open, and the form that could not be taken.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) step: String,
    pub(super) lane: String,
    pub(super) sent: Option<(String, Entries)>,
    pub(super) faults: Faults,
}

/// A finding as the list shows it.
pub(super) struct FoundRow {
    pub(super) number: usize,
    pub(super) severity: String,
    pub(super) error: bool,
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) text: String,
    pub(super) detail: String,
}

/// A lane with its forms.
struct LaneRow {
    id: String,
    name: String,
    role: String,
    unit: String,
    steps: usize,
    edit: String,
    open: bool,
}

/// An edit that was made.
struct PastRow {
    when: String,
    who: String,
    what: String,
}

/// What somebody else changed in the meantime.
struct Conflict {
    told: String,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "desk/process_draft.html")]
struct DraftPage {
    page: Page,
    to: String,
    rev: u64,
    base: String,
    base_href: String,
    saved: String,
    state: Tag,
    publish: String,
    conflict: Option<Conflict>,
    picture: Svg,
    rows: Vec<StepRow>,
    panel: Option<Panel>,
    lanes: Vec<LaneRow>,
    lane_panel: Option<Panel>,
    new_lane: FormBox,
    title: FormBox,
    found: Vec<FoundRow>,
    whatif: whatif::WhatIf,
    /// Where the draft is tried.
    trial: String,
    past: Vec<PastRow>,
    discard: FormBox,
}

/// The table of a file.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn table_of(xml: &str, name: &str) -> Result<Table, Vec<Problem>> {
    let model = process::read(xml.as_bytes(), &format!("{name}.bpmn"))?;
    Ok(Table::of(&model))
}

/// Reads a draft; `revision` is the one that a form was made from.
///
/// # Errors
/// 404 if there is none any more.
pub(super) async fn load(app: &App, id: Uuid, revision: Option<u64>) -> Result<Loaded, Refused> {
    let read = app.read(move |reader| {
        let draft = process_drafts::by_id(reader, id)?.ok_or(CaseError::NotFound)?;
        let past = process_drafts::past(reader, id)?;
        let other = revision.filter(|then| *then != draft.head.revision);
        let then = match other {
            Some(then) => process_drafts::past_at(reader, id, then)?,
            None => None,
        };
        let running = match draft.head.base_version {
            Some(version) => Some(cases::running(reader, &draft.head.name, version)?),
            None => None,
        };
        let trials = process_trials::of_draft(reader, id)?;
        let by = past.iter().map(|p| p.changed_by.as_str());
        let by = by.chain(trials.iter().map(|trial| trial.asked_by.as_str()));
        let heads = [draft.head.author.as_str(), draft.head.changed_by.as_str()];
        let names = Names::read(reader, by.chain(heads))?;
        Ok((draft, past, (other.is_some(), then), names, (running, trials)))
    });
    let (draft, past, (stale, then), names, (running, trials)) = read.await.map_err(refused)?;
    let table = table_of(&draft.xml, &draft.head.name).map_err(|problems| {
        tracing::error!(%id, ?problems, "a kept draft cannot be read");
        Refused::fault()
    })?;
    Ok(Loaded { draft, table, past, stale, then, names, running, trials })
}

/// GET: the editor; `?buoc=` opens the forms of a step, `?lan=` those of a lane.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::EditProcess)?;
    let loaded = load(&app, draft_id(&address)?, None).await?;
    let step = visit.query().text("buoc").to_owned();
    let lane = visit.query().text("lan").to_owned();
    let shown = Shown { step, lane, ..Shown::default() };
    answer(&app, &visit, &officer, loaded, shown).await
}

/// GET `…/tep.bpmn`: the file as it is now.
pub(super) async fn file(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::EditProcess)?;
    let loaded = load(&app, draft_id(&address)?, None).await?;
    let name = format!("{}-nhap-{}.bpmn", loaded.draft.head.name, loaded.draft.head.revision);
    Ok(File::new(name, loaded.draft.xml).saved().into_response())
}

/// The page, with the status that fits: 409 if somebody saved in the meantime, 422 for faults.
///
/// # Errors
/// What the store says.
pub(super) async fn answer(
    app: &App,
    visit: &Visit,
    officer: &Officer,
    loaded: Loaded,
    shown: Shown,
) -> Result<Response, Refused> {
    let t = visit.t();
    let title = t.a1("process-draft-title", "name", &loaded.draft.head.title);
    let page = super::page(app, visit, officer, title).await?;
    let status = match (loaded.stale, shown.faults.is_empty()) {
        (true, _) => StatusCode::CONFLICT,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, true) => StatusCode::OK,
    };
    kit::respond::html_status(status, &page_of(app, visit, page, &loaded, &shown))
}

fn page_of(app: &App, visit: &Visit, page: Page, loaded: &Loaded, shown: &Shown) -> DraftPage {
    let (t, head, table) = (visit.t(), &loaded.draft.head, &loaded.table);
    let (name, xml, today) = (head.name.as_str(), loaded.draft.xml.as_str(), app.today());
    let checked = findings::check(t, &app.catalogue(), (name, xml), table, today);
    let sent = shown.sent.as_ref().map(|(act, entries)| (act.as_str(), entries));
    let g = Ground { t, table, sent, faults: &shown.faults };
    let to = draft_href(head.id);
    let base = head.base_version;
    let when = |ms| t.moment(view::when(Instant(ms)), visit.now());
    let discard = kit::Field::checkbox(t, "z-sure", t.s("process-field-discard-sure"));
    DraftPage {
        rev: head.revision,
        base: base.map_or_else(
            || t.s("process-draft-new"),
            |n| t.a1("process-draft-base", "version", u64::from(n)),
        ),
        base_href: base.map(|n| version_href(name, n)).unwrap_or_default(),
        saved: t.a(
            "process-draft-saved",
            &[
                ("n", &head.revision),
                ("who", &loaded.names.of(t, &head.changed_by)),
                ("when", &when(head.updated_at_ms)),
            ],
        ),
        state: state(t, &checked),
        publish: if checked.errors() == 0 { format!("{to}/cong-bo") } else { String::new() },
        conflict: conflict(t, loaded, &when),
        picture: picture(t, name, xml, &checked),
        rows: step_rows(t, table, (&to, &shown.step), &checked),
        panel: table.row(&shown.step).map(|row| forms::of_row(&g, row)),
        lanes: lane_rows(t, table, (&to, &shown.lane)),
        lane_panel: table.lanes.iter().find(|l| l.id == shown.lane).map(|l| forms::of_lane(&g, l)),
        new_lane: forms::new_lane(&g),
        title: forms::title(&g, &head.title),
        found: found_rows(t, table, &checked),
        whatif: whatif::section(t, base.zip(loaded.running), trial::short(t, loaded)),
        trial: trial::href(head.id),
        past: loaded.past.iter().map(|one| past_row(t, table, one, loaded, &when)).collect(),
        discard: g.form("discard", vec![discard], []),
        page: page.faults(shown.faults.clone()),
        to,
    }
}

/// Whether it may be published, in a word.
fn state(t: T, checked: &Checked) -> Tag {
    match checked.errors() {
        0 if checked.found.is_empty() => Tag::new(Tone::Ok, t.s("process-check-clean")),
        0 => Tag::new(Tone::Soon, t.a1("process-check-remarks", "n", checked.found.len())),
        n => Tag::new(Tone::Late, t.a1("process-check-errors", "n", n)),
    }
}

/// The diagram with the numbered marks of the findings.
pub(super) fn picture(t: T, name: &str, xml: &str, checked: &Checked) -> Svg {
    let highlights =
        Highlights { faulty: checked.faulty(), findings: checked.marks(), ..Highlights::default() };
    match process::read(xml.as_bytes(), &format!("{name}.bpmn")) {
        Ok(model) => drawn(t, &model, highlights),
        Err(_) => Svg(String::new()),
    }
}

fn step_rows(t: T, table: &Table, (to, open): (&str, &str), checked: &Checked) -> Vec<StepRow> {
    let mut rows = words::rows(t, table);
    for row in &mut rows {
        row.edit = format!("{to}?buoc={}#{}", encoded(&row.id), encoded(&row.anchor));
        row.open = row.id == open;
        row.marks = checked.numbers(&row.id);
    }
    rows
}

fn lane_rows(t: T, table: &Table, (to, open): (&str, &str)) -> Vec<LaneRow> {
    let lane = |lane: &process::table::Lane| LaneRow {
        id: lane.id.clone(),
        name: words::lane(t, lane),
        role: lane.role.as_deref().map(|r| words::role(t, r)).unwrap_or_default(),
        unit: lane.unit.as_deref().map(|u| words::lane_unit(t, u)).unwrap_or_default(),
        steps: lane.steps.len(),
        edit: format!("{to}?lan={}#cac-lan", encoded(&lane.id)),
        open: lane.id == open,
    };
    table.lanes.iter().map(lane).collect()
}

/// The findings as a list; each leads to the row of its element.
pub(super) fn found_rows(t: T, table: &Table, checked: &Checked) -> Vec<FoundRow> {
    let row = |(found, number): (&findings::Found, usize)| FoundRow {
        number,
        severity: t.s(match found.severity {
            Severity::Error => "process-severity-error",
            Severity::Warning => "process-severity-warning",
        }),
        error: found.severity == Severity::Error,
        anchor: table.row(&found.element).map(|r| words::anchor(&r.id)).unwrap_or_default(),
        name: found.name.clone(),
        text: found.text.clone(),
        detail: found.detail.clone(),
    };
    checked.found.iter().zip(1..).map(row).collect()
}

fn conflict(t: T, loaded: &Loaded, when: &dyn Fn(i64) -> String) -> Option<Conflict> {
    let head = &loaded.draft.head;
    if !loaded.stale {
        return None;
    }
    let old = loaded.then.as_ref().and_then(|then| table_of(&then.xml, &head.name).ok());
    let changes = old.map(|old| diff::diff(t, &old, &loaded.table)).unwrap_or_default();
    let told = t.a(
        "process-conflict",
        &[("who", &loaded.names.of(t, &head.changed_by)), ("when", &when(head.updated_at_ms))],
    );
    Some(Conflict { told, changes })
}

fn past_row(
    t: T,
    table: &Table,
    past: &Past,
    loaded: &Loaded,
    when: &dyn Fn(i64) -> String,
) -> PastRow {
    PastRow {
        when: when(past.changed_at_ms),
        who: loaded.names.of(t, &past.changed_by),
        what: told(t, table, past),
    }
}

/// An edit in a sentence; steps by the names that they had before it.
fn told(t: T, table: &Table, past: &Past) -> String {
    let edit = match serde_json::from_str(&past.told) {
        Ok(Told::Edit(edit)) => edit,
        _ => return t.s("process-told-other"),
    };
    let before = table_of(&past.xml, "").unwrap_or_else(|_| table.clone());
    let step = |id: &str| words::called_id(t, &before, id);
    let (key, name) = match edit.as_ref() {
        Edit::Rename { id, .. } => ("rename", step(id)),
        Edit::SetKind { id, .. } => ("kind", step(id)),
        Edit::SetLane { id, .. } => ("lane", step(id)),
        Edit::AddLane { lane, .. } => ("add-lane", lane.name.clone()),
        Edit::ChangeLane { lane } => ("change-lane", lane.name.clone()),
        Edit::RemoveLane { id } => ("remove-lane", id.clone()),
        Edit::SetTime { id, .. } => ("time", step(id)),
        Edit::SetOutcomes { id, .. } => ("outcomes", step(id)),
        Edit::Insert { step, .. } => ("insert", step.name.clone()),
        Edit::Remove { id } => ("remove", step(id)),
        Edit::Move { id, .. } => ("move", step(id)),
        Edit::SetNext { id, .. } => ("next", step(id)),
        Edit::Parallel { step, .. } => ("parallel", step.name.clone()),
        Edit::Layout => return t.s("process-told-layout"),
    };
    t.a1(&format!("process-told-{key}"), "name", name)
}
