//! `/noi-lam-viec/hop-thu-di`: what leaves the house: waiting, sent, acknowledged, failed, given
//! up; a person may send it again.

use super::once::Sent;
use super::{HOME, shell};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::access::{Actor, RowFilter, sees};
use kernel::calendar::Instant;
use kernel::org::Role;
use kit::limits::PAGE_ROWS;
use kit::pieces::{Tag, Tone};
use kit::{Cursor, Entries, Flash, Page, Refused, T, Visit, redirect};
use store::cases;
use store::outbox::{self, Job, JobState};
use uuid::Uuid;

/// Who may look at the outbox and send again: heads of desks and administrators.
pub(super) fn may(actor: &Actor) -> bool {
    actor.has_role(Role::Administrator) || actor.has_role(Role::DeskHead)
}

struct Row {
    id: String,
    job: String,
    case: String,
    attempts: i64,
    created: String,
    moved: String,
    next: String,
    error: String,
    again: bool,
}

struct StateLink {
    href: String,
    label: String,
    count: u64,
    current: bool,
}

#[derive(Template)]
#[template(path = "desk/outbox.html")]
struct OutboxPage {
    page: Page,
    states: Vec<StateLink>,
    state: Tag,
    key: &'static str,
    rows: Vec<Row>,
    next: String,
}

/// GET: the jobs of one state, newest first, with how many there are in each.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    if !may(&officer.actor) {
        return Err(Refused::forbidden());
    }
    let asked = JobState::parse(visit.query().text("trang-thai"));
    let before = before(&visit);
    let filter = officer.filter(&app);
    let read = app.read(move |reader| {
        let mut counts = Vec::new();
        for state in JobState::ALL {
            counts.push((state, outbox::count(reader, state)?));
        }
        // What needs a person comes first.
        let most = [JobState::Dead, JobState::Failed, JobState::Sent, JobState::Queued];
        let full = |s: &&JobState| counts.iter().any(|(state, n)| state == *s && *n > 0);
        let state = asked.or_else(|| most.iter().find(full).copied()).unwrap_or(JobState::Acked);
        let limit = u32::try_from(PAGE_ROWS + 1).unwrap_or(26);
        let jobs = outbox::by_state(reader, state, before, limit)?;
        let mut lines = Vec::with_capacity(jobs.len());
        for job in jobs {
            let name = case_name(reader, &filter, job.stream)?;
            lines.push((job, name));
        }
        Ok((counts, state, lines))
    });
    let (counts, state, mut lines) = read.await.map_err(refused)?;
    let more = lines.len() > PAGE_ROWS;
    lines.truncate(PAGE_ROWS);
    let around = shell::around(&app, &officer).await?;
    let t = visit.t();
    let title = (t.s("desk-nav-outbox"), "/noi-lam-viec/hop-thu-di");
    let last = lines.last().filter(|_| more).map(|(job, _)| {
        let cursor = Cursor(vec![job.created_at_ms.to_string(), job.id.to_string()]);
        format!("{HOME}/hop-thu-di?trang-thai={}&sau={}", state.as_str(), cursor.token())
    });
    kit::html(&OutboxPage {
        page: shell::page(&app, &visit, &officer, &around, title),
        states: counts.iter().map(|(one, count)| link(t, *one, *count, state)).collect(),
        state: tag(t, state),
        key: state.as_str(),
        rows: lines.iter().map(|(job, name)| row(t, visit.now(), job, name)).collect(),
        next: last.unwrap_or_default(),
    })
}

/// The code of a job's case; those who may not see the case get none and are told so
/// (administrators keep accounts and settings and see no particulars).
fn case_name(
    reader: &mut store::Reader<'_>,
    filter: &RowFilter,
    stream: Uuid,
) -> Result<String, store::StoreError> {
    let found = cases::by_id(reader, stream)?.filter(|s| sees(filter, &s.case));
    Ok(found.map(|s| s.case.name().to_owned()).unwrap_or_default())
}

fn before(visit: &Visit) -> Option<(i64, Uuid)> {
    let cursor = Cursor::parse(visit.query().text("sau"), 2)?;
    let [at, id] = cursor.0.as_slice() else { return None };
    Some((at.parse().ok()?, Uuid::parse_str(id).ok()?))
}

fn link(t: T, state: JobState, count: u64, current: JobState) -> StateLink {
    StateLink {
        href: format!("{HOME}/hop-thu-di?trang-thai={}", state.as_str()),
        label: t.s(&format!("desk-outbox-{}", state.as_str())),
        count,
        current: state == current,
    }
}

fn tag(t: T, state: JobState) -> Tag {
    let tone = match state {
        JobState::Queued => Tone::New,
        JobState::Sent => Tone::Work,
        JobState::Acked => Tone::Ok,
        JobState::Failed => Tone::Soon,
        JobState::Dead => Tone::Late,
    };
    Tag::new(tone, t.s(&format!("desk-outbox-{}", state.as_str())))
}

fn row(t: T, now: kit::When, job: &Job, case: &str) -> Row {
    let moment =
        |ms: Option<i64>| ms.map(|ms| t.short(view::when(Instant(ms)), now)).unwrap_or_default();
    let key = format!("desk-job-{}", job.job.replace('_', "-"));
    Row {
        id: job.id.to_string(),
        job: if t.has(&key) { t.s(&key) } else { job.job.clone() },
        case: case.to_owned(),
        attempts: job.attempts,
        created: moment(Some(job.created_at_ms)),
        moved: moment(job.acked_at_ms.or(job.sent_at_ms)),
        next: moment(job.next_at_ms),
        error: job.last_error.clone().unwrap_or_default(),
        again: matches!(job.state, JobState::Failed | JobState::Dead | JobState::Sent),
    }
}

/// POST: sends one job again.
pub(super) async fn send_again(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    if !may(&officer.actor) {
        return Err(Refused::forbidden());
    }
    let id = Uuid::parse_str(entries.text("viec")).map_err(|_| Refused::not_found())?;
    let sent = Sent::of(&visit, &entries);
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        if sent.before(tx, env)?.is_some() {
            return Ok(true);
        }
        let again = outbox::requeue(tx, id, env.now.0)?;
        sent.keep(tx, env, "again")?;
        Ok(again)
    };
    let again = app.act(&officer.actor, unit).await.map_err(refused)?;
    let key = if again { "desk-outbox-again-done" } else { "desk-outbox-again-none" };
    let state = JobState::parse(entries.text("trang-thai")).map_or("", JobState::as_str);
    let to = format!("{HOME}/hop-thu-di?trang-thai={state}");
    Ok(redirect(to).flash(Flash::new(key)).into_response())
}
