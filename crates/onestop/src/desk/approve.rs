//! `/noi-lam-viec/duyet`: what waits for the leader: the list at the left, the case at the right,
//! the next by key. Approving and sending back go through the act's own page, so that both are read
//! first.

use super::case_facts::{self, PaperRow};
use super::case_story::{Teller, Texts, is_told};
use super::{HOME, act, deed, opened, questions, shell, worklists};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{seen, view};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::access::Actor;
use kernel::case::{Action, Bucket};
use kernel::catalogue::Catalogue;
use kernel::org::Role;
use kit::pieces::{Step, Tag, Timeline};
use kit::{Page, Refused, T, Visit};
use store::StoreError;
use store::cases::{self, Cursor, HistoryEntry, Listed, Scope};

/// Rows of the queue.
const QUEUE_ROWS: u32 = 50;
/// Pages of a list that are looked through to fill the queue.
const QUEUE_PAGES: usize = 10;
/// The outcome of tasks that approve.
const APPROVE: &str = "approve";
/// Entries of the history shown beside the queue: the last ones.
const LAST_ENTRIES: usize = 4;

/// One line of the queue.
struct Line {
    id: String,
    code: String,
    href: String,
    procedure: String,
    name: String,
    step: String,
    tag: Tag,
    current: bool,
}

/// The case at the right.
struct Shown {
    code: String,
    procedure: String,
    name: String,
    due: String,
    officer: String,
    papers: Vec<PaperRow>,
    timeline: Timeline,
    approve: String,
    approve_label: String,
    send_back: String,
    ask: String,
    case_href: String,
}

#[derive(Template)]
#[template(path = "desk/approve.html")]
struct ApprovePage {
    page: Page,
    lines: Vec<Line>,
    shown: Option<Shown>,
    ticked: bool,
    tick_all: String,
}

/// GET: the queue; `?ho-so=` chooses the case at the right, else the first.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    if !officer.actor.has_role(Role::Leader) {
        return Err(Refused::forbidden());
    }
    let (actor, known) = (officer.actor.clone(), app.catalogue());
    let read = app.read(move |reader| {
        let listed = queue(reader, &known, &actor)?;
        Ok(worklists::with_people(reader, listed)?)
    });
    let read = read.await.map_err(refused)?;
    let wanted = visit.query().text("ho-so");
    let at = read.listed.iter().position(|l| l.stored.case.id.to_string() == wanted).unwrap_or(0);
    let ids = read.listed.iter().map(|l| l.stored.case.id.0).collect();
    seen::many(&app, &officer, "list", "approve", ids).await?;
    let (t, catalogue) = (visit.t(), app.catalogue());
    let ticked = visit.query().has("chon", "1");
    let ticks = if ticked { "&chon=1" } else { "" };
    let line = |(n, (listed, name)): (usize, (&Listed, &String))| {
        let case = &listed.stored.case;
        Line {
            id: case.id.to_string(),
            code: case.name().to_owned(),
            href: format!("{HOME}/duyet?ho-so={}{ticks}", case.id),
            procedure: view::procedure_of(&catalogue, t, case),
            name: name.clone(),
            step: view::task(&catalogue, t, case, &listed.task),
            tag: view::due_tag(&catalogue, t, case, listed.due_at, app.now()),
            current: n == at,
        }
    };
    let lines = read.listed.iter().zip(&read.applicants).enumerate().map(line).collect();
    let shown = match read.listed.get(at) {
        Some(listed) => {
            let name = read.applicants.get(at).cloned().unwrap_or_default();
            Some(shown(&app, &officer, &visit, listed, name).await?)
        }
        None => None,
    };
    let around = shell::around(&app, &officer).await?;
    let title = (t.s("desk-nav-approve"), "/noi-lam-viec/duyet");
    let page = shell::page(&app, &visit, &officer, &around, title);
    let page = page.key("J", "keys-down").key("K", "keys-up").key("F9", "desk-keys-approve");
    let page = page.key("B", "desk-keys-back").key("H", "ask-keys").key("X", "work-keys-tick");
    let page = page.key("Shift F9", "many-act-approve");
    let tick_all = format!("{HOME}/duyet?ho-so={}&chon={}", wanted_id(wanted), u8::from(!ticked));
    kit::html(&ApprovePage { page, lines, shown, ticked, tick_all })
}

/// The id of an address, if it is one: nothing else is written into a link.
fn wanted_id(wanted: &str) -> String {
    wanted.parse::<kernel::ids::CaseId>().map(|id| id.to_string()).unwrap_or_default()
}

/// What can be approved, soonest first. A deputy who signs for the leader has work of other kinds
/// in the same lists (cases to assign), so pages of them are read until the queue is full.
fn queue(
    reader: &mut store::Reader<'_>,
    catalogue: &Catalogue,
    actor: &Actor,
) -> Result<Vec<Listed>, StoreError> {
    let (unit, rows) = (Scope::Unit, QUEUE_ROWS);
    let mut listed = cases::list(reader, actor, Bucket::ToExtend, unit, Cursor::START, rows)?;
    let (mut after, full) = (Cursor::START, listed.len() + QUEUE_ROWS as usize);
    for _ in 0..QUEUE_PAGES {
        let page = cases::list(reader, actor, Bucket::InWork, unit, after, rows)?;
        let Some(last) = page.last().map(|l| l.cursor) else { break };
        listed.extend(page.into_iter().filter(|l| is_approved(catalogue, l)));
        after = last;
        if listed.len() >= full {
            break;
        }
    }
    listed.sort_by_key(|l| l.cursor);
    listed.truncate(QUEUE_ROWS as usize);
    Ok(listed)
}

/// Whether the task of a row ends in an approval, as its process says.
fn is_approved(catalogue: &Catalogue, listed: &Listed) -> bool {
    let case = &listed.stored.case;
    let definition = catalogue.definition_of(case, case.since.date());
    let node = definition.and_then(|d| d.nodes().find(|(_, n)| n.id == listed.task));
    node.is_some_and(|(_, n)| n.outcomes.iter().any(|o| o == APPROVE))
}

/// The case at the right; recorded as opened.
async fn shown(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    listed: &Listed,
    name: String,
) -> Result<Shown, Refused> {
    let case = listed.stored.case.clone();
    let read = app.read(move |reader| {
        let mut history = cases::history(reader, case.id.0)?;
        history.retain(is_told);
        let skip = history.len().saturating_sub(LAST_ENTRIES);
        let last: Vec<HistoryEntry> = history.into_iter().skip(skip).collect();
        let texts = Texts::read(reader, &last)?;
        let files = case_facts::file_names(reader, &case)?;
        let officers = case.officer.iter().map(|o| o.as_str());
        Ok((last, texts, files, view::Names::read(reader, officers)?))
    });
    let (last, texts, files, names) = read.await.map_err(refused)?;
    let case = &listed.stored.case;
    seen::one(app, officer, "open", case.id).await?;
    opened::note(app, officer, &listed.stored).await?;
    let (t, catalogue) = (visit.t(), app.catalogue());
    let teller =
        Teller { t, catalogue: &catalogue, case, texts: &texts, now: visit.now(), used: &[] };
    let steps: Vec<Step> = last.iter().map(|entry| teller.step(entry)).collect();
    let offers = deed::offered(&catalogue, officer, &listed.stored, app.now());
    let to = |action: Action| format!("{}{}tiep=duyet", act::href(case.id, action), joint(action));
    let main =
        offers.iter().find(|o| matches!(o.action, Action::Complete(_) | Action::GrantExtension));
    let back = offers.iter().find(|o| matches!(o.action, Action::Return(_)));
    Ok(Shown {
        code: case.name().to_owned(),
        procedure: view::procedure_of(&catalogue, t, case),
        name,
        due: due(t, case),
        officer: case.officer.as_ref().map(|o| names.of(t, o.as_str())).unwrap_or_default(),
        papers: case_facts::papers(&catalogue, t, case, &files),
        timeline: Timeline { t, steps },
        approve: main.map(|o| to(o.action)).unwrap_or_default(),
        approve_label: main.map(|o| act::label(t, o.action, o.task.as_ref())).unwrap_or_default(),
        send_back: back.map(|o| to(o.action)).unwrap_or_default(),
        ask: if questions::may_ask(&catalogue, &officer.actor, case, app.today()) {
            questions::href(case)
        } else {
            String::new()
        },
        case_href: format!("{HOME}/ho-so/{}", case.id),
    })
}

fn joint(action: Action) -> &'static str {
    if action.number().is_some() { "&" } else { "?" }
}

fn due(t: T, case: &kernel::case::Case) -> String {
    let due = case.due_at.map(view::when);
    due.map_or_else(|| t.s("desk-no-date"), |d| format!("{} {}", t.clock(d), t.date(d)))
}
