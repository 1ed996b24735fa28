//! `/thu-tuc`: finds procedures by words with or without marks, by code, by first letters, by
//! field.

use super::home::{Tile, tiles};
use crate::app::App;
use crate::view;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::fold;
use kernel::procedure::Edition;
use kit::{Page, Refused, T, Visit};

/// Longest query that is looked at, in characters; longer ones are cut.
const QUERY_CHARS: usize = 100;
/// Rows of a page of results.
const RESULTS: usize = 30;
/// Rows of the suggestions while typing.
const SUGGESTIONS: usize = 8;

#[derive(Template)]
#[template(path = "portal/search.html")]
struct SearchPage {
    page: Page,
    query: String,
    field: String,
    rows: Vec<Row>,
    found: usize,
    tiles: Vec<Tile>,
}

#[derive(Template)]
#[template(path = "portal/suggest.html")]
struct Suggestions {
    rows: Vec<Row>,
}

struct Row {
    href: String,
    name: String,
    code: String,
    field: String,
    time: String,
    online: bool,
}

fn row(t: T, edition: &Edition) -> Row {
    Row {
        href: format!("/thu-tuc/{}", edition.code),
        name: view::procedure(t, edition),
        code: edition.code.to_string(),
        field: view::in_language(t, &edition.field, &edition.field_en),
        time: edition.time_text.clone(),
        online: edition.online,
    }
}

/// The address that lists a field.
pub(super) fn address(field: &str) -> String {
    let slug = fold::fold(field).replace(' ', "-");
    format!("/thu-tuc?linh-vuc={slug}")
}

/// GET: results, or all fields when nothing was asked.
pub(super) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Refused> {
    let (t, day, catalogue) = (visit.t(), app.today(), app.catalogue());
    let query: String = visit.query().text("q").chars().take(QUERY_CHARS).collect();
    let wanted = visit.query().text("linh-vuc").to_owned();
    let all: Vec<&Edition> = catalogue.all_in_force(day).map(AsRef::as_ref).collect();
    let mut field = String::new();
    let found: Vec<&Edition> = if query.is_empty() && wanted.is_empty() {
        Vec::new()
    } else {
        let hits = catalogue.search(&query, day).into_iter().map(AsRef::as_ref);
        let of_field =
            |e: &&Edition| wanted.is_empty() || fold::fold(&e.field).replace(' ', "-") == wanted;
        hits.filter(of_field).collect()
    };
    if let Some(first) = found.first().filter(|_| !wanted.is_empty()) {
        field = view::in_language(t, &first.field, &first.field_en);
    }
    let (count, rows) = (found.len(), found.iter().take(limit(&wanted)).map(|e| row(t, e)));
    let page = SearchPage {
        page: visit.page(t.s("search-title")).at("/thu-tuc"),
        query,
        field,
        rows: rows.collect(),
        found: count,
        tiles: tiles(t, &all),
    };
    kit::html(&page).map(kit::respond::revisitable)
}

/// A field is listed whole; words show the best.
fn limit(field: &str) -> usize {
    if field.is_empty() { RESULTS } else { usize::MAX }
}

/// GET: suggestions while typing, a piece of a page.
pub(super) async fn suggest(State(app): State<App>, visit: Visit) -> Result<Response, Refused> {
    let query: String = visit.query().text("q").chars().take(QUERY_CHARS).collect();
    let catalogue = app.catalogue();
    let hits = catalogue.search(&query, app.today());
    let rows = if query.is_empty() {
        Vec::new()
    } else {
        hits.iter().take(SUGGESTIONS).map(|e| row(visit.t(), e)).collect()
    };
    kit::html(&Suggestions { rows })
}
