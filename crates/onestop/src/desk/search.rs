//! `/noi-lam-viec/tim?q=`: cases by code, number or name within what the officer sees; pages and
//! procedures that the words fit, so that the search field is also the way to every command.

use super::{HOME, shell, worklists};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{seen, view};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kit::limits::PAGE_ROWS;
use kit::pieces::Tag;
use kit::{Page, Refused, T, Visit};
use store::cases::{self, Found, Hit};

/// Longest search, in characters.
const TYPED_CHARS_MAX: usize = 200;
/// Procedures shown under the cases.
const PROCEDURES: usize = 5;

struct Row {
    href: String,
    prefix: String,
    code: String,
    procedure: String,
    name: String,
    unit: String,
    state: Tag,
}

struct Command {
    href: String,
    label: String,
}

#[derive(Template)]
#[template(path = "desk/search.html")]
struct SearchPage {
    page: Page,
    understood: String,
    rows: Vec<Row>,
    commands: Vec<Command>,
    next: String,
}

/// GET: what was found; one record with the filter and the ids shown.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let typed: String = visit.query().text("q").chars().take(TYPED_CHARS_MAX).collect();
    let before = visit.query().text("truoc").parse::<u64>().ok();
    let (filter, words) = (officer.filter(&app), typed.clone());
    let limit = u32::try_from(PAGE_ROWS).unwrap_or(25);
    let read = app.read(move |reader| {
        let found = cases::find(reader, &filter, &words, before, limit)?;
        let mut names = Vec::with_capacity(found.cases.len());
        for stored in &found.cases {
            let party = view::applicant(reader, &stored.case)?;
            names.push(party.map(|p| p.name).unwrap_or_default());
        }
        Ok((found, names))
    });
    let (found, names) = read.await.map_err(refused)?;
    let ids = found.cases.iter().map(|s| s.case.id.0).collect();
    let recorded = format!("{} words={}", hit_key(found.hit), seen::digest(&visit, &typed));
    seen::many(&app, &officer, "search", &recorded, ids).await?;
    let around = shell::around(&app, &officer).await?;
    let t = visit.t();
    let commands = commands(&app, &officer, t, &typed, &around);
    let next = found.next.map(|n| next_href(&typed, n)).unwrap_or_default();
    kit::html(&SearchPage {
        page: shell::page(&app, &visit, &officer, &around, (t.s("desk-search-title"), ""))
            .key("J", "keys-down")
            .key("K", "keys-up")
            .key("Enter", "keys-open"),
        understood: t.s(&format!("desk-search-{}", hit_key(found.hit))),
        rows: rows(&app, t, &found, &names),
        commands,
        next,
    })
}

fn hit_key(hit: Hit) -> &'static str {
    match hit {
        Hit::Code => "code",
        Hit::Number => "number",
        Hit::Words => "words",
        Hit::Latest => "latest",
    }
}

fn next_href(typed: &str, before: u64) -> String {
    let encode = |byte: u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    let typed: String = typed.bytes().map(encode).collect();
    format!("{HOME}/tim?q={typed}&truoc={before}")
}

fn rows(app: &App, t: T, found: &Found, names: &[String]) -> Vec<Row> {
    let catalogue = app.catalogue();
    let row = |(stored, name): (&cases::Stored, &String)| {
        let case = &stored.case;
        let (prefix, code) = worklists::split_code(case);
        Row {
            href: format!("{HOME}/ho-so/{}", case.id),
            prefix,
            code,
            procedure: view::procedure_of(&catalogue, t, case),
            name: if name.is_empty() { t.s("desk-erased") } else { name.clone() },
            unit: view::unit(&catalogue, t, &case.decided_by),
            state: view::state_tag(t, case),
        }
    };
    found.cases.iter().zip(names).map(row).collect()
}

/// Pages and procedures that the words fit.
fn commands(
    app: &App,
    officer: &Officer,
    t: T,
    typed: &str,
    around: &shell::Around,
) -> Vec<Command> {
    let words = kernel::fold::words(typed);
    let fits = |label: &str| {
        let label = kernel::fold::fold(label);
        !words.is_empty() && words.iter().all(|word| label.contains(word.as_str()))
    };
    let mut commands: Vec<Command> = shell::links(t, officer, around)
        .into_iter()
        .filter(|link| fits(&link.label))
        .map(|link| Command { href: link.href, label: link.label })
        .collect();
    if let Some((desk, _)) = super::counter::place(officer).filter(|_| !words.is_empty()) {
        let found = super::counter::search(&app.catalogue(), t, &desk, typed, app.now());
        commands.extend(found.into_iter().take(PROCEDURES).map(|choice| Command {
            label: t.a1("desk-search-receive", "name", choice.name),
            href: choice.href,
        }));
    }
    commands
}
