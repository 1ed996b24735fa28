//! `/`: what people come for: search, fields of life as tiles, following a case.

use super::icon;
use crate::app::App;
use crate::view;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::procedure::Edition;
use kit::{Page, Refused, T, Visit};
use std::collections::BTreeMap;

/// Tiles on the page; the rest is one link away.
const TILES: usize = 9;
/// Procedures named in a tile.
const NAMED: usize = 2;
/// Procedures offered under the search.
const CHIPS: [&str; 3] = ["1.001193", "2.000815", "1.001612"];

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    page: Page,
    chips: Vec<(String, String)>,
    tiles: Vec<Tile>,
    total: usize,
    desks: usize,
}

pub(super) struct Tile {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) inside: String,
    pub(super) count: usize,
    pub(super) icon: &'static str,
}

/// GET: the home page.
pub(super) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Refused> {
    let (t, day, catalogue) = (visit.t(), app.today(), app.catalogue());
    let editions: Vec<&Edition> = catalogue.all_in_force(day).map(AsRef::as_ref).collect();
    let chip = |code: &&str| {
        let edition = editions.iter().find(|e| e.code.as_str() == *code)?;
        Some((format!("/thu-tuc/{code}"), view::procedure(t, edition)))
    };
    let desks = catalogue.tree.all();
    let desks = desks.iter().filter(|u| u.kind == "desk" && u.valid.holds(day)).count();
    let mut tiles = tiles(t, &editions);
    tiles.sort_by_key(|tile| std::cmp::Reverse(tile.count));
    tiles.truncate(TILES);
    let page = HomePage {
        page: visit.page(t.s("home-ask")),
        chips: CHIPS.iter().filter_map(chip).collect(),
        tiles,
        total: editions.len(),
        desks,
    };
    kit::html(&page).map(kit::respond::revisitable)
}

/// One tile per field of administration.
pub(super) fn tiles(t: T, editions: &[&Edition]) -> Vec<Tile> {
    let mut fields: BTreeMap<&str, Vec<&Edition>> = BTreeMap::new();
    for edition in editions {
        fields.entry(edition.field.as_str()).or_default().push(edition);
    }
    let tile = |(field, of_field): (&str, Vec<&Edition>)| {
        let names: Vec<String> =
            of_field.iter().take(NAMED).map(|e| view::procedure(t, e)).collect();
        let english = of_field.first().map(|e| e.field_en.as_str()).unwrap_or_default();
        Tile {
            href: super::search::address(field),
            name: view::in_language(t, field, english),
            inside: names.join("; "),
            count: of_field.len(),
            icon: icon::of_field(field),
        }
    };
    fields.into_iter().map(tile).collect()
}
