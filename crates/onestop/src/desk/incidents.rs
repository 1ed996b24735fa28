//! `/noi-lam-viec/su-co`: the cases of a province whose process stands still, for administrators
//! who mend it. Nothing of the applicant stands here: support is not approval.

use super::{HOME, act, shell};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{seen, view};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::access::Actor;
use kernel::case::{Action, Bucket, Case, Incident};
use kernel::catalogue::Catalogue;
use kernel::ids::UnitId;
use kernel::org::Role;
use kit::limits::PAGE_ROWS;
use kit::{Page, Refused, T, Visit, When};
use store::cases::{self, Cursor, Listed};

/// The address of the page.
pub(super) const PAGE: &str = "/noi-lam-viec/su-co";

/// Who may see it: administrators, for the provinces where they sit.
pub(super) fn may(actor: &Actor) -> bool {
    actor.has_role(Role::Administrator)
}

struct Row {
    code: String,
    procedure: String,
    step: String,
    what: String,
    detail: String,
    since: String,
    retry: String,
    mend: String,
}

#[derive(Template)]
#[template(path = "desk/incidents.html")]
struct IncidentsPage {
    page: Page,
    rows: Vec<Row>,
    next: String,
}

/// GET: the open incidents, the case that is due first at the top.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    if !may(&officer.actor) {
        return Err(Refused::forbidden());
    }
    let after = visit.query().get("sau").map_or(Cursor::START, Cursor::decode);
    let limit = u32::try_from(PAGE_ROWS + 1).unwrap_or(26);
    let units = provinces(&officer.actor);
    let read = app.read(move |reader| {
        let mut rows: Vec<Listed> = Vec::new();
        for unit in &units {
            let whose = (unit, Role::Administrator);
            rows.extend(cases::list_of(reader, whose, Bucket::Incident, after, limit)?);
        }
        rows.sort_by_key(|row| row.cursor);
        Ok(rows)
    });
    let mut listed = read.await.map_err(refused)?;
    let more = listed.len() > PAGE_ROWS;
    listed.truncate(PAGE_ROWS);
    let ids = listed.iter().map(|row| row.stored.case.id.0).collect();
    seen::many(&app, &officer, "list", "incidents", ids).await?;
    let around = shell::around(&app, &officer).await?;
    let (t, catalogue) = (visit.t(), app.catalogue());
    let last = listed.last().filter(|_| more);
    kit::html(&IncidentsPage {
        page: shell::page(&app, &visit, &officer, &around, (t.s("desk-nav-incidents"), PAGE)),
        next: last.map(|row| format!("{PAGE}?sau={}", row.cursor.encode())).unwrap_or_default(),
        rows: listed.iter().filter_map(|row| line(&catalogue, t, row, visit.now())).collect(),
    })
}

/// The units where the actor is an administrator, and those that they carry on.
fn provinces(actor: &Actor) -> Vec<UnitId> {
    let seats = actor.seats.iter().filter(|seat| seat.role == Role::Administrator);
    let all = seats.flat_map(|seat| std::iter::once(&seat.unit).chain(&seat.carries_on));
    let mut all: Vec<UnitId> = all.cloned().collect();
    all.sort();
    all.dedup();
    all
}

/// The incident of a row; its slot does not name it, its step and time do.
fn line(catalogue: &Catalogue, t: T, row: &Listed, now: When) -> Option<Row> {
    let case = &row.stored.case;
    let same = |one: &&Incident| one.node == row.task && one.since == row.since;
    let incident = case.ops.incidents.iter().find(same)?;
    Some(Row {
        code: case.name().to_owned(),
        procedure: view::procedure_of(catalogue, t, case),
        step: step(catalogue, t, case, &incident.node),
        what: what(t, &incident.code),
        detail: incident.message.clone(),
        since: t.short(view::when(incident.since), now),
        retry: act::href(case.id, Action::Retry(incident.number)),
        mend: format!("{HOME}/ho-so/{}/lam/set-data", case.id),
    })
}

fn step(catalogue: &Catalogue, t: T, case: &Case, node: &str) -> String {
    let name = view::task(catalogue, t, case, node);
    // A gateway has often no name of its own.
    if name.is_empty() { node.to_owned() } else { name }
}

/// What happened, in words.
pub(super) fn what(t: T, code: &str) -> String {
    let key = format!("process-refusal-{}", code.replace('_', "-"));
    if t.has(&key) { t.s(&key) } else { code.to_owned() }
}

/// The open incidents of a case, a sentence each.
pub(super) fn lines(catalogue: &Catalogue, t: T, case: &Case, now: When) -> Vec<String> {
    let line = |incident: &Incident| {
        let step = step(catalogue, t, case, &incident.node);
        let since = t.moment(view::when(incident.since), now);
        let what = what(t, &incident.code);
        t.a3("desk-stands-still", ("step", step), ("what", what), ("since", since))
    };
    case.ops.incidents.iter().map(line).collect()
}
