//! `/noi-lam-viec/hoi-dap`: what a leader asks an officer about a case, and the answers. Question
//! and answer are notes of the case, so its history has both; this page says whose turn it is.

use super::once::Sent;
use super::{HOME, shell, sight};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::seen;
use crate::view::{self, Names};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::access::{self, Actor};
use kernel::calendar::{Date, Instant};
use kernel::case::{Action, Case};
use kernel::catalogue::Catalogue;
use kernel::ids::AccountId;
use kernel::limits::REASON_CHARS;
use kernel::org::Role;
use kit::{Check, Entries, Fault, Faults, Field, Flash, Lang, Page, Refused, T, Visit, redirect};
use store::cases::CaseError;
use store::questions::{self, Question};
use uuid::Uuid;

/// Where they stand.
pub(super) const PAGE: &str = "/noi-lam-viec/hoi-dap";

struct Row {
    id: String,
    code: String,
    href: String,
    who: String,
    when: String,
    question: String,
    answer: String,
    field: Option<Field>,
}

/// The case that a question is about to be asked of.
struct Asking {
    id: String,
    code: String,
    procedure: String,
    back: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "desk/questions.html")]
struct QuestionsPage {
    page: Page,
    asking: Option<Asking>,
    open: Vec<Row>,
    asked: Vec<Row>,
    asks: bool,
}

/// Whether an actor may ask about a case: who answers for the work of the unit that decides it.
pub(super) fn may_ask(catalogue: &Catalogue, actor: &Actor, case: &Case, day: Date) -> bool {
    let heads = [Role::Leader, Role::UnitLeader];
    let tree = &catalogue.tree;
    access::seat_in(actor, &heads, &case.decided_by, tree, day).is_ok()
        && !case.business.is_terminal()
        && access::allowed(actor, Action::Note, case, tree, day).is_ok()
}

/// The address where one asks about a case.
pub(super) fn href(case: &Case) -> String {
    format!("{PAGE}?ho-so={}&tiep=duyet", case.id)
}

/// The officers who may be asked: the one in charge first, then those of the unit that decides.
fn asked_of(catalogue: &Catalogue, officer: &Officer, case: &Case, day: Date) -> Vec<AccountId> {
    let unit = catalogue.tree.in_charge(&case.decided_by, day).map_or(&case.decided_by, |u| &u.id);
    let mut all: Vec<AccountId> = case.officer.iter().cloned().collect();
    for role in [Role::CaseOfficer, Role::UnitLeader, Role::Clerk] {
        all.extend(catalogue.staff.holders(unit, role, day).into_iter().cloned());
    }
    let mut once = Vec::new();
    for one in all {
        if one != officer.account && !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

/// A question with its words and case, if the case is the officer's to see.
struct Told {
    question: Question,
    code: String,
    words: String,
    answer: String,
}

fn told(
    reader: &mut store::Reader<'_>,
    (catalogue, officer, today): (&Catalogue, &Officer, Date),
    all: Vec<Question>,
) -> Result<Vec<Told>, CaseError> {
    let mut out = Vec::new();
    for question in all {
        let id = question.case.to_string();
        let code = match sight::load(reader, catalogue, officer, &id, today) {
            Ok((stored, sight::Sight::Whole)) => stored.case.name().to_owned(),
            // It went to another unit: what it says is theirs no more.
            Ok(_) | Err(CaseError::NotFound) => continue,
            Err(error) => return Err(error),
        };
        let words = questions::words(reader, question.question)?.unwrap_or_default();
        let answer = match question.answer {
            Some(sealed) => questions::words(reader, sealed)?.unwrap_or_default(),
            None => String::new(),
        };
        out.push(Told { question, code, words, answer });
    }
    Ok(out)
}

/// GET: what waits for an answer, what was asked; with `ho-so` the form that asks.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    answer(&app, &officer, &visit, visit.query(), Faults::new(), "").await
}

async fn answer(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    entries: &Entries,
    faults: Faults,
    at: &str,
) -> Result<Response, Refused> {
    let asking = asking(app, officer, visit, entries, &faults).await?;
    let (catalogue, who, today) = (app.catalogue(), officer.clone(), app.today());
    let read = app.read(move |reader| {
        let own = who.account.as_str();
        let (open, asked) = (questions::open(reader, own)?, questions::asked(reader, own)?);
        let ground = (&*catalogue, &who, today);
        let (open, asked) = (told(reader, ground, open)?, told(reader, ground, asked)?);
        let people = open
            .iter()
            .chain(&asked)
            .flat_map(|one| [one.question.asked_by.as_str(), one.question.asked_to.as_str()]);
        let names = Names::read(reader, people)?;
        Ok((open, asked, names))
    });
    let (open, asked, names) = read.await.map_err(refused)?;
    let ids = open.iter().chain(&asked).map(|one| one.question.case.0).collect();
    seen::many(app, officer, "list", "questions", ids).await?;
    let (t, around) = (visit.t(), shell::around(app, officer).await?);
    let row = |one: &Told, who: &str| {
        let when = view::when(Instant(one.question.asked_at_ms));
        Row {
            id: one.question.id.to_string(),
            code: one.code.clone(),
            href: format!("{HOME}/ho-so/{}", one.question.case),
            who: names.of(t, who),
            when: t.moment(when, visit.now()),
            question: one.words.clone(),
            answer: one.answer.clone(),
            field: None,
        }
    };
    let form = |mut row: Row| {
        let field = Field::area(t, format!("note.{}", row.id), t.s("ask-field-answer"));
        row.field = Some(if row.id == at { field.fill(entries, &faults) } else { field });
        row
    };
    let wrong = !faults.is_empty();
    let heads = [Role::Leader, Role::UnitLeader];
    let page = QuestionsPage {
        asking,
        open: open.iter().map(|one| form(row(one, &one.question.asked_by))).collect(),
        asked: asked.iter().map(|one| row(one, &one.question.asked_to)).collect(),
        asks: heads.iter().any(|role| officer.actor.has_role(*role)),
        page: shell::page(app, visit, officer, &around, (t.s("ask-title"), PAGE)).faults(faults),
    };
    if wrong { kit::respond::html_faults(&page) } else { kit::html(&page) }
}

/// The form that asks about the case of `ho-so`, if there is one.
async fn asking(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    entries: &Entries,
    faults: &Faults,
) -> Result<Option<Asking>, Refused> {
    let id = entries.text("ho-so").to_owned();
    if id.is_empty() {
        return Ok(None);
    }
    let stored = sight::whole(app, officer, &id).await?;
    let (catalogue, today, case) = (app.catalogue(), app.today(), &stored.case);
    if !may_ask(&catalogue, &officer.actor, case, today) {
        return Err(Refused::forbidden());
    }
    let all = asked_of(&catalogue, officer, case, today);
    let known = all.clone();
    let read = app
        .read(move |reader| Ok(Names::read(reader, known.iter().map(|account| account.as_str()))?));
    let names = read.await.map_err(refused)?;
    let t = visit.t();
    let mut field = Field::select(t, "officer", t.s("ask-field-officer"));
    for account in &all {
        field = field.choice(account.as_str(), names.of(t, account.as_str()));
    }
    let words = Field::area(t, "note", t.s("ask-field-question")).fill(entries, faults);
    Ok(Some(Asking {
        code: case.name().to_owned(),
        procedure: view::procedure_of(&catalogue, t, case),
        back: entries.text("tiep").to_owned(),
        fields: vec![field.fill(entries, faults), words],
        id,
    }))
}

/// POST: asks or answers.
pub(super) async fn change(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    match entries.text("lam") {
        "hoi" => ask(&app, &officer, &visit, &entries).await,
        "tra-loi" => reply(&app, &officer, &visit, &entries).await,
        _ => Err(Refused::not_found()),
    }
}

/// Words of a form, or what is wrong with them.
fn words(entries: &Entries, field: &str, key: &str) -> Result<String, Faults> {
    let mut check = Check::new(entries);
    let words = check.optional(field, REASON_CHARS);
    if words.is_empty() {
        check.fault(Fault::new(field, key));
    }
    check.done().map(|()| words)
}

async fn ask(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    entries: &Entries,
) -> Result<Response, Refused> {
    let stored = sight::whole(app, officer, entries.text("ho-so")).await?;
    let (catalogue, today, case) = (app.catalogue(), app.today(), &stored.case);
    if !may_ask(&catalogue, &officer.actor, case, today) {
        return Err(Refused::forbidden());
    }
    let to = entries.text("officer").to_owned();
    let mut words = words(entries, "note", "err-question-missing");
    if !asked_of(&catalogue, officer, case, today).iter().any(|one| one.as_str() == to) {
        let mut faults = words.err().unwrap_or_default();
        faults.add(Fault::new("officer", "err-officer-missing"));
        words = Err(faults);
    }
    let words = match words {
        Ok(words) => words,
        Err(faults) => return answer(app, officer, visit, entries, faults, "").await,
    };
    let (id, sent) = (case.id, Sent::of(visit, entries));
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        if sent.before(tx, env)?.is_some() {
            return Ok(());
        }
        let name = Names::read(tx, [to.as_str()])?.of(T::new(Lang::Vi), &to);
        let said = T::new(Lang::Vi).a2("ask-note", "name", name, "words", words.clone());
        questions::ask(tx, env, id, &to, &said)?;
        sent.keep(tx, env, "asked")
    };
    app.act(&officer.actor, unit).await.map_err(refused)?;
    let to = if entries.text("tiep") == "duyet" { "/noi-lam-viec/duyet" } else { PAGE };
    Ok(redirect(to).flash(Flash::new("ask-done")).into_response())
}

async fn reply(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    entries: &Entries,
) -> Result<Response, Refused> {
    let id = entries.text("cau").parse::<Uuid>().map_err(|_| Refused::not_found())?;
    let at = id.to_string();
    let words = match words(entries, &format!("note.{at}"), "err-answer-missing") {
        Ok(words) => words,
        Err(faults) => return answer(app, officer, visit, entries, faults, &at).await,
    };
    let (catalogue, who, sent) = (app.catalogue(), officer.clone(), Sent::of(visit, entries));
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        if sent.before(tx, env)?.is_some() {
            return Ok(true);
        }
        let asked = questions::by_id(tx, id)?.ok_or(CaseError::NotFound)?;
        if asked.asked_to != who.account.as_str() {
            return Err(CaseError::NotFound);
        }
        let case = asked.case.to_string();
        sight::load(tx, &catalogue, &who, &case, env.now.date())?;
        let said = T::new(Lang::Vi).a1("ask-note-answer", "words", words.clone());
        let first = questions::answer(tx, env, &asked, &said)?;
        sent.keep(tx, env, "answered")?;
        Ok(first)
    };
    let first = app.act(&officer.actor, unit).await.map_err(refused)?;
    let key = if first { "ask-answered" } else { "ask-answered-before" };
    Ok(redirect(PAGE).flash(Flash::new(key)).into_response())
}
