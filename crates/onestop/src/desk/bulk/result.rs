//! `/noi-lam-viec/lo/{id}`: what became of each case of an act on many; for a hand-over also the
//! list that both sides sign. `/noi-lam-viec/lo`: the officer's own, newest first.

use super::super::{HOME, shell, sight};
use super::perform::number;
use super::preview;
use super::{Kind, OUTCOMES};
use crate::app::{App, Officer};
use crate::refusals::{reason_of, refused};
use crate::seen;
use crate::view::{self, Names};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::calendar::Instant;
use kernel::ids::UnitId;
use kit::limits::PAGE_ROWS;
use kit::pieces::{Tag, Tone};
use kit::{Page, Refused, T, Visit};
use store::batches::{self, Batch, Line, Outcome};
use uuid::Uuid;

struct Row {
    href: String,
    code: String,
    name: String,
    procedure: String,
    papers: u64,
    tag: Tag,
    reason: String,
    done: bool,
}

#[derive(Template)]
#[template(path = "desk/bulk/result.html")]
struct ResultPage {
    page: Page,
    number: String,
    said: String,
    rows: Vec<Row>,
    again: String,
    unfinished: bool,
    signed: bool,
    when: String,
    by: String,
    unit: String,
    other: String,
    papers: u64,
    done: usize,
}

struct Past {
    href: String,
    when: String,
    act: String,
    number: String,
    other: String,
    said: String,
}

#[derive(Template)]
#[template(path = "desk/bulk/list.html")]
struct PastPage {
    page: Page,
    rows: Vec<Past>,
    next: String,
}

/// Whether a batch is an officer's to see: their own, or one that hands papers to their unit.
fn is_theirs(officer: &Officer, batch: &Batch) -> bool {
    let to_them = |seat: &kernel::org::Seat| {
        batch.action == Kind::HandOver.key() && seat.unit.as_str() == batch.other
    };
    batch.account == officer.account.as_str() || officer.actor.seats.iter().any(to_them)
}

/// GET: the outcomes of one.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let id = id.parse::<Uuid>().map_err(|_| Refused::not_found())?;
    let (catalogue, who, today) = (app.catalogue(), officer.clone(), app.today());
    let t = visit.t();
    let read = app.read(move |reader| {
        let batch = batches::by_id(reader, id)?.filter(|batch| is_theirs(&who, batch));
        let batch = batch.ok_or(store::cases::CaseError::NotFound)?;
        let names = Names::read(reader, [batch.account.as_str()])?;
        let mut rows = Vec::new();
        for line in batches::lines(reader, id)? {
            // Words of a person are shown only to whoever sees the case now.
            let id = line.case.to_string();
            let seen = match sight::load(reader, &catalogue, &who, &id, today) {
                Ok((stored, sight::Sight::Whole)) => {
                    let party = view::applicant(reader, &stored.case)?;
                    let name = party.map_or_else(|| t.s("desk-erased"), |p| p.name);
                    Some((name, view::procedure_of(&catalogue, t, &stored.case)))
                }
                Ok(_) | Err(store::cases::CaseError::NotFound) => None,
                Err(error) => return Err(error),
            };
            rows.push((line, seen));
        }
        Ok((batch, names, rows))
    });
    let (batch, names, mut lines) = read.await.map_err(refused)?;
    // Those that changed hands stand together on the list that is signed.
    lines.sort_by_key(|(line, _)| line.outcome != Outcome::Done);
    let shown = lines.iter().filter(|(_, seen)| seen.is_some());
    let ids = shown.map(|(line, _)| line.case.0).collect();
    seen::many(&app, &officer, "print", &format!("many {}", batch.id), ids).await?;
    let around = shell::around(&app, &officer).await?;
    let unit = |id: &str| view::unit(&app.catalogue(), t, &UnitId::from(id));
    let done: Vec<&Line> =
        lines.iter().map(|(line, _)| line).filter(|l| l.outcome == Outcome::Done).collect();
    let left = lines.iter().map(|(line, _)| line).filter(|l| l.outcome != Outcome::Done);
    let left: Vec<String> = left.map(|line| line.case.to_string()).collect();
    let title = t.s(&format!("many-act-{}", batch.action));
    kit::html(&ResultPage {
        number: number(&batch),
        said: t.a2("many-said", "n", done.len(), "m", left.len()),
        again: if left.is_empty() {
            String::new()
        } else {
            preview::href(&batch.action, left.into_iter())
        },
        unfinished: batch.done_at_ms.is_none(),
        signed: batch.action == Kind::HandOver.key() && !done.is_empty(),
        when: moment(t, batch.made_at_ms),
        by: names.of(t, &batch.account),
        unit: unit(&batch.unit),
        other: if batch.other.is_empty() { String::new() } else { unit(&batch.other) },
        papers: done.iter().map(|line| line.papers).sum(),
        done: done.len(),
        rows: lines.iter().map(|(line, seen)| row(t, line, seen.as_ref())).collect(),
        page: shell::page(&app, &visit, &officer, &around, (title, OUTCOMES)),
    })
}

fn moment(t: T, at_ms: i64) -> String {
    let when = view::when(Instant(at_ms));
    format!("{} {}", t.clock(when), t.date(when))
}

fn row(t: T, line: &Line, seen: Option<&(String, String)>) -> Row {
    let tone = match line.outcome {
        Outcome::Done => Tone::Ok,
        Outcome::Waiting => Tone::Wait,
        Outcome::Refused => Tone::Stop,
        Outcome::Changed => Tone::Late,
    };
    let (name, procedure) = seen.cloned().unwrap_or_default();
    Row {
        href: if seen.is_some() { format!("{HOME}/ho-so/{}", line.case) } else { String::new() },
        code: line.code.clone(),
        name,
        procedure,
        papers: line.papers,
        tag: Tag::new(tone, t.s(&format!("many-outcome-{}", line.outcome.as_str()))),
        reason: if line.reason.is_empty() {
            String::new()
        } else {
            reason_of(t, &line.reason, &line.args)
        },
        done: line.outcome == Outcome::Done,
    }
}

/// GET: the officer's own, newest first.
pub(super) async fn list(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let before = visit.query().text("truoc").parse::<i64>().unwrap_or(i64::MAX);
    let account = officer.account.0.clone();
    let limit = u32::try_from(PAGE_ROWS + 1).unwrap_or(26);
    let read = app.read(move |reader| {
        let found = batches::by_account(reader, &account, before, limit)?;
        let mut all = Vec::with_capacity(found.len());
        for batch in found {
            let lines = batches::lines(reader, batch.id)?;
            let done = lines.iter().filter(|l| l.outcome == Outcome::Done).count();
            all.push((batch, done, lines.len() - done));
        }
        Ok(all)
    });
    let found = read.await.map_err(refused)?;
    let (t, catalogue) = (visit.t(), app.catalogue());
    let last = found.get(PAGE_ROWS - 1).filter(|_| found.len() > PAGE_ROWS);
    let next = last.map(|(batch, ..)| format!("{OUTCOMES}?truoc={}", batch.made_at_ms));
    let past = |(batch, done, left): &(Batch, usize, usize)| Past {
        href: format!("{OUTCOMES}/{}", batch.id),
        when: moment(t, batch.made_at_ms),
        act: t.s(&format!("many-act-{}", batch.action)),
        number: number(batch),
        other: if batch.other.is_empty() {
            String::new()
        } else {
            view::unit(&catalogue, t, &UnitId::from(batch.other.as_str()))
        },
        said: t.a2("many-said", "n", *done, "m", *left),
    };
    let rows = found.iter().take(PAGE_ROWS).map(past).collect();
    let around = shell::around(&app, &officer).await?;
    let title = (t.s("many-list-title"), OUTCOMES);
    let page = shell::page(&app, &visit, &officer, &around, title);
    kit::html(&PastPage { page, rows, next: next.unwrap_or_default() })
}
