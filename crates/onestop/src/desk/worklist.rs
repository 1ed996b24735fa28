//! `/noi-lam-viec`: what there is to do, by list, soonest date first.

use super::{HOME, shell};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{seen, view};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::calendar::Instant;
use kernel::case::{Bucket, Case};
use kernel::catalogue::Catalogue;
use kernel::org::Role;
use kit::limits::PAGE_ROWS;
use kit::paging::{Column, Total};
use kit::paging::{Sorted, TableHead};
use kit::pieces::Tag;
use kit::{Page, Pager, Refused, T, Visit};
use store::StoreError;
use store::cases::{self, Count, Cursor, Listed, Scope};
use view::Names;

/// One row, ready for the page.
pub(super) struct WorkRow {
    pub(super) href: String,
    /// The part of a code that all cases of the desk share.
    pub(super) prefix: String,
    /// What differs.
    pub(super) code: String,
    pub(super) procedure: String,
    pub(super) name: String,
    pub(super) step: String,
    pub(super) holder: String,
    pub(super) since: String,
    pub(super) due: String,
    pub(super) machine: String,
    pub(super) tag: Tag,
}

#[derive(Template)]
#[template(path = "desk/worklist.html")]
struct WorklistPage {
    page: Page,
    head: TableHead,
    rows: Vec<WorkRow>,
    total: String,
    pager: Pager,
    counter: bool,
    bucket: &'static str,
    scope: &'static str,
    scopes: Vec<(String, String, bool)>,
    words: String,
    filtered: bool,
    empty: String,
}

/// What the address asks for.
struct Asked {
    bucket: Bucket,
    scope: Scope,
    after: Cursor,
    words: String,
    before: u64,
}

impl Asked {
    fn of(visit: &Visit, officer: &Officer, around: &shell::Around) -> Self {
        let query = visit.query();
        let scope = match query.text("cua") {
            "toi" => Some(Scope::Mine),
            "don-vi" => Some(Scope::Unit),
            _ => None,
        };
        let bucket = Bucket::from_key(query.text("nhom"));
        let (bucket, scope) = match (bucket, scope) {
            (Some(bucket), Some(scope)) => (bucket, scope),
            (Some(bucket), None) => (bucket, Scope::Unit),
            _ => first(officer, around),
        };
        let after = query.get("sau").map_or(Cursor::START, Cursor::decode);
        let words = query.text("tu").chars().take(WORDS_CHARS_MAX).collect();
        let before = query.text("tu-dong").parse().unwrap_or(0);
        Self { bucket, scope, after, words, before }
    }

    fn href(&self) -> String {
        shell::list_href(self.bucket, self.scope)
    }
}

/// Longest words of the filter, in characters.
const WORDS_CHARS_MAX: usize = 100;
/// Rows that a filter by words looks through at once.
const FILTERED_ROWS: u32 = 500;

/// The list that a person finds first: their own work, else the first of the unit that has any.
fn first(officer: &Officer, around: &shell::Around) -> (Bucket, Scope) {
    let filled = |lists: &[(Bucket, Count)]| {
        lists.iter().find(|(_, count)| count.all > 0).map(|(bucket, _)| *bucket)
    };
    let own = officer.actor.has_role(Role::CaseOfficer);
    match (filled(&around.mine), filled(&around.unit)) {
        (Some(bucket), _) if own => (bucket, Scope::Mine),
        (_, Some(bucket)) => (bucket, Scope::Unit),
        _ if own => (Bucket::InWork, Scope::Mine),
        _ if officer.actor.has_role(Role::PostOfficer) => (Bucket::ByPost, Scope::Unit),
        _ if officer.actor.has_role(Role::DeskOfficer) => (Bucket::ToAccept, Scope::Unit),
        _ => (Bucket::InWork, Scope::Unit),
    }
}

/// Rows with what their page needs from the store.
pub(super) struct Read {
    pub(super) listed: Vec<Listed>,
    pub(super) applicants: Vec<String>,
    pub(super) names: Names,
}

/// Reads the applicants and holders of rows.
///
/// # Errors
/// What the store says.
pub(super) fn with_people(
    reader: &mut store::Reader<'_>,
    listed: Vec<Listed>,
) -> Result<Read, StoreError> {
    let mut applicants = Vec::with_capacity(listed.len());
    for row in &listed {
        let party = view::applicant(reader, &row.stored.case)?;
        applicants.push(party.map(|p| p.name).unwrap_or_default());
    }
    let names = Names::read(reader, listed.iter().filter_map(|row| row.holder.as_deref()))?;
    Ok(Read { listed, applicants, names })
}

/// GET: one list.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let around = shell::around(&app, &officer).await?;
    let asked = Asked::of(&visit, &officer, &around);
    let (actor, bucket, scope, after) =
        (officer.actor.clone(), asked.bucket, asked.scope, asked.after);
    let filtered = !asked.words.is_empty();
    let limit = if filtered { FILTERED_ROWS } else { u32::try_from(PAGE_ROWS + 1).unwrap_or(26) };
    let read = app.read(move |reader| {
        let listed = cases::list(reader, &actor, bucket, scope, after, limit)?;
        Ok(with_people(reader, listed)?)
    });
    let mut read = read.await.map_err(refused)?;
    let more = read.listed.len() > PAGE_ROWS && !filtered;
    let catalogue = app.catalogue();
    let t = visit.t();
    let mut rows = rows(&catalogue, t, &mut read, app.now());
    if filtered {
        keep(&mut rows, &mut read.listed, &asked.words);
    }
    rows.truncate(PAGE_ROWS);
    read.listed.truncate(PAGE_ROWS);
    let ids = read.listed.iter().map(|l| l.stored.case.id.0).collect();
    let filter = record_of(&visit, &asked);
    seen::many(&app, &officer, "list", &filter, ids).await?;
    let next = read.listed.last().filter(|_| more).map(|l| l.cursor);
    kit::html(&page_of(&app, &visit, &officer, &around, &asked, rows, next))
}

/// The filter as the access record keeps it; typed words only as a digest.
fn record_of(visit: &Visit, asked: &Asked) -> String {
    let list = format!("{} {}", asked.bucket.as_str(), shell::scope_key(asked.scope));
    if asked.words.is_empty() {
        return list;
    }
    format!("{list} words={}", seen::digest(visit, &asked.words))
}

fn page_of(
    app: &App,
    visit: &Visit,
    officer: &Officer,
    around: &shell::Around,
    asked: &Asked,
    rows: Vec<WorkRow>,
    next: Option<Cursor>,
) -> WorklistPage {
    let t = visit.t();
    let title = view::bucket(t, asked.bucket);
    let href = asked.href();
    let page = shell::page(app, visit, officer, around, (title, &href));
    let lists = if asked.scope == Scope::Mine { &around.mine } else { &around.unit };
    let count = lists.iter().find(|(b, _)| *b == asked.bucket).map(|(_, c)| *c).unwrap_or_default();
    let filtered = !asked.words.is_empty();
    let all = if filtered { rows.len() as u64 } else { count.all };
    let shown = rows.len() as u64;
    let to = asked.before + shown;
    let next = next.map(|c| format!("{href}&sau={}&tu-dong={to}", c.encode()));
    let prev = (asked.before > 0).then(|| href.clone());
    let pager = Pager {
        t,
        from: asked.before + u64::from(shown > 0),
        to,
        total: Total::counted(all.max(to)),
        prev,
        next,
    };
    let scope =
        |one: Scope, key: &str| (t.s(key), shell::list_href(asked.bucket, one), one == asked.scope);
    WorklistPage {
        head: head(t),
        total: t.a1("desk-list-total", "n", i64::try_from(all).unwrap_or(i64::MAX)),
        pager,
        counter: officer.actor.has_role(Role::DeskOfficer),
        bucket: asked.bucket.as_str(),
        scope: shell::scope_key(asked.scope),
        scopes: vec![scope(Scope::Mine, "desk-side-mine"), scope(Scope::Unit, "desk-side-unit")],
        words: asked.words.clone(),
        empty: if filtered {
            t.s("desk-list-no-match")
        } else {
            t.s(&format!("desk-empty-{}", asked.bucket.as_str()))
        },
        filtered,
        rows,
        page: page
            .key("J", "keys-down")
            .key("K", "keys-up")
            .key("Enter", "keys-open")
            .key("F", "keys-filter"),
    }
}

/// The head of the table.
pub(super) fn head(t: T) -> TableHead {
    let mut columns = vec![
        Column::new(t.s("desk-col-code"), "w-code"),
        Column::new(t.s("desk-col-procedure"), ""),
        Column::new(t.s("desk-col-name"), "w-who"),
        Column::new(t.s("desk-col-step"), "w-step"),
        Column::new(t.s("desk-col-holder-since"), "w-due"),
        Column::new(t.s("desk-col-due"), "w-day"),
        Column::new(t.s("desk-col-tag"), "w-tag"),
    ];
    if let Some(due) = columns.get_mut(5) {
        due.sort = Sorted::Up;
    }
    TableHead { columns }
}

/// Rows for the page.
pub(super) fn rows(catalogue: &Catalogue, t: T, read: &mut Read, now: Instant) -> Vec<WorkRow> {
    let pairs = read.listed.iter().zip(&read.applicants);
    pairs.map(|(listed, name)| row(catalogue, t, listed, name, &read.names, now)).collect()
}

fn row(
    catalogue: &Catalogue,
    t: T,
    listed: &Listed,
    name: &str,
    names: &Names,
    now: Instant,
) -> WorkRow {
    let case = &listed.stored.case;
    let (prefix, code) = split_code(case);
    let step = if listed.task.is_empty() {
        view::state_tag(t, case).word
    } else {
        view::task(catalogue, t, case, &listed.task)
    };
    let holder = listed.holder.as_deref().map(|h| names.of(t, h));
    let due = listed.due_at.map(view::when);
    WorkRow {
        href: format!("{HOME}/ho-so/{}", case.id),
        prefix,
        code,
        procedure: view::procedure_of(catalogue, t, case),
        name: if name.is_empty() { t.s("desk-erased") } else { name.to_owned() },
        step,
        holder: holder.unwrap_or_else(|| view::unit(catalogue, t, &listed.unit)),
        since: t.short(view::when(listed.since), view::when(now)),
        due: due.map_or_else(|| t.s("desk-no-date"), |d| t.short(d, view::when(now))),
        machine: due.map(|d| d.machine()).unwrap_or_default(),
        tag: view::due_tag(catalogue, t, case, listed.due_at, now),
    }
}

/// A code in its shared and its own part; before there is one, the tracking number.
pub(super) fn split_code(case: &Case) -> (String, String) {
    match case.code.as_deref().and_then(|code| code.split_once('-')) {
        Some((shared, own)) => (format!("{shared}-"), own.to_owned()),
        None => (String::new(), case.name().to_owned()),
    }
}

/// Keeps rows that hold all words, without marks: code, procedure, name, step.
fn keep(rows: &mut Vec<WorkRow>, listed: &mut Vec<Listed>, words: &str) {
    let words = kernel::fold::words(words);
    let fits = |row: &WorkRow| {
        let text = [&row.prefix, &row.code, &row.procedure, &row.name, &row.step, &row.holder];
        let text = kernel::fold::fold(&text.map(String::as_str).join(" "));
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let kept: Vec<bool> = rows.iter().map(fits).collect();
    let mut at = kept.iter();
    rows.retain(|_| at.next().copied().unwrap_or(false));
    let mut at = kept.iter();
    listed.retain(|_| at.next().copied().unwrap_or(false));
}
