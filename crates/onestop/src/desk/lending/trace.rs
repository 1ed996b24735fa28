//! `/noi-lam-viec/uy-quyen/{unit}/{seq}`: one lent power with what was done under it; POST takes it
//! back.

use super::super::{HOME, shell, sight};
use super::{PAGE, faults_of, list, standing};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::seen;
use crate::view::{self, Names};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::access;
use kernel::calendar::Instant;
use kernel::ids::UnitId;
use kernel::limits::GROUND_CHARS;
use kit::pieces::Tag;
use kit::{Check, Entries, Fault, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use store::cases::CaseError;
use store::delegations::{self, DoneFor, Lent};

struct Row {
    when: String,
    act: String,
    code: String,
    href: String,
}

#[derive(Template)]
#[template(path = "desk/lending/trace.html")]
struct TracePage {
    page: Page,
    what: String,
    from: String,
    to: String,
    first: String,
    last: String,
    ground: String,
    recorded: String,
    tag: Tag,
    back: String,
    rows: Vec<Row>,
    more: bool,
    here: String,
    field: Option<Field>,
}

/// A lent power that is the officer's to see, with what was done under it.
struct Read {
    lent: Lent,
    done: Vec<(DoneFor, Option<String>)>,
    more: bool,
    names: Names,
}

async fn read(app: &App, officer: &Officer, (unit, seq): (&str, u64)) -> Result<Read, Refused> {
    let (unit, who, catalogue) = (UnitId::from(unit), officer.clone(), app.catalogue());
    let (today, now) = (app.today(), app.now());
    let read = app.read(move |reader| {
        let all = delegations::of_unit(reader, &unit)?;
        let lent = all.into_iter().find(|one| one.seq == seq).filter(|one| {
            let lending = &one.lending;
            access::sees_lending(&who.actor, &lending.unit, &lending.from, &lending.to)
        });
        let lent = lent.ok_or(CaseError::NotFound)?;
        let lending = &lent.lending;
        let since = Instant::at(lending.first, 0, 0).0.max(lent.at_ms);
        // Taken back on a day: what was done on it before counts.
        let until = match (&lent.taken_back, lending.last.and_then(|day| day.succ_opt())) {
            (Some((_, at_ms, _)), _) => *at_ms,
            (None, Some(after)) => Instant::at(after, 0, 0).0,
            (None, None) => now.0 + 1,
        };
        let pair = (&lending.from, &lending.to);
        let (found, more) = delegations::done_under(reader, pair, (since, until))?;
        let mut done = Vec::with_capacity(found.len());
        for one in found {
            let id = one.stream.to_string();
            let code = match sight::load(reader, &catalogue, &who, &id, today) {
                Ok((stored, sight::Sight::Whole)) => Some(stored.case.name().to_owned()),
                Ok(_) | Err(CaseError::NotFound) => None,
                Err(error) => return Err(error),
            };
            done.push((one, code));
        }
        let mut people = vec![lending.from.as_str(), lending.to.as_str(), lent.by.as_str()];
        people.extend(lent.taken_back.as_ref().map(|(by, ..)| by.as_str()));
        let names = Names::read(reader, people)?;
        Ok(Read { names, done, more, lent })
    });
    read.await.map_err(refused)
}

/// GET: the trace.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path((unit, seq)): Path<(String, u64)>,
    visit: Visit,
) -> Result<Response, Refused> {
    let read = read(&app, &officer, (&unit, seq)).await?;
    answer(&app, &officer, &visit, read, (visit.query(), Faults::new())).await
}

async fn answer(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    read: Read,
    (entries, faults): (&Entries, Faults),
) -> Result<Response, Refused> {
    let t = visit.t();
    let lending = &read.lent.lending;
    let codes = read.done.iter().filter(|(_, code)| code.is_some());
    let ids = codes.map(|(one, _)| one.stream).collect();
    seen::many(app, officer, "list", &format!("lent {}", lending.unit), ids).await?;
    let (catalogue, around) = (app.catalogue(), shell::around(app, officer).await?);
    let moment = |at_ms: i64| {
        let when = view::when(Instant(at_ms));
        format!("{} {}", t.clock(when), t.date(when))
    };
    let open = read.lent.taken_back.is_none()
        && lending.last.is_none_or(|last| last >= app.today())
        && access::may_take_back(&officer.actor, &lending.unit, &lending.from).is_ok();
    let row = |(one, code): &(DoneFor, Option<String>)| Row {
        when: moment(one.at_ms),
        act: act(t, &one.kind),
        href: if code.is_some() { format!("{HOME}/ho-so/{}", one.stream) } else { String::new() },
        code: code.clone().unwrap_or_default(),
    };
    let back = read.lent.taken_back.as_ref().map(|(by, at_ms, reason)| {
        let by = read.names.of(t, by);
        t.a3("lend-taken-back-by", ("name", by), ("when", moment(*at_ms)), ("reason", reason))
    });
    let wrong = !faults.is_empty();
    let page = TracePage {
        what: list::what(t, &catalogue, &read.lent),
        from: read.names.of(t, lending.from.as_str()),
        to: read.names.of(t, lending.to.as_str()),
        first: view::day(t, lending.first),
        last: read.lent.meant.map(|day| view::day(t, day)).unwrap_or_default(),
        ground: lending.ground.clone(),
        recorded: t.a2(
            "lend-recorded",
            "name",
            read.names.of(t, &read.lent.by),
            "when",
            moment(read.lent.at_ms),
        ),
        tag: standing(t, &read.lent, app.today()),
        back: back.unwrap_or_default(),
        rows: read.done.iter().map(row).collect(),
        more: read.more,
        here: format!("{PAGE}/{}/{}", lending.unit, read.lent.seq),
        field: open
            .then(|| Field::area(t, "reason", t.s("lend-field-reason")).fill(entries, &faults)),
        page: shell::page(app, visit, officer, &around, (t.s("lend-one-title"), PAGE))
            .faults(faults),
    };
    if wrong { kit::respond::html_faults(&page) } else { kit::html(&page) }
}

/// What an event of the journal was, in a few words.
fn act(t: T, kind: &str) -> String {
    let key = format!("lend-act-{}", kind.replace('_', "-"));
    if t.has(&key) { t.s(&key) } else { t.s("lend-act-other") }
}

/// POST: takes it back.
pub(super) async fn take_back(
    State(app): State<App>,
    officer: Officer,
    Path((unit, seq)): Path<(String, u64)>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let read = read(&app, &officer, (&unit, seq)).await?;
    let lending = &read.lent.lending;
    let grant = access::may_take_back(&officer.actor, &lending.unit, &lending.from);
    let grant = grant.map_err(|_| Refused::forbidden())?;
    let mut check = Check::new(&entries);
    let reason = check.optional("reason", GROUND_CHARS);
    if reason.is_empty() {
        check.fault(Fault::new("reason", "err-reason-missing"));
    }
    if let Err(faults) = check.done() {
        return answer(&app, &officer, &visit, read, (&entries, faults)).await;
    }
    let at = (lending.unit.clone(), seq);
    match app.take_power_back(&officer.actor, grant, at, reason).await {
        Ok(()) => {
            let to = format!("{PAGE}/{}/{seq}", lending.unit);
            Ok(redirect(to).flash(Flash::new("lend-back-done")).into_response())
        }
        Err(error) => {
            let faults = faults_of(error)?;
            answer(&app, &officer, &visit, read, (&entries, faults)).await
        }
    }
}
