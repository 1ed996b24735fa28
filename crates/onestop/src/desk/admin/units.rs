//! `…/don-vi`: units, their posts, and who is who on a day, with everybody before and after; the
//! same as a table.

use super::{UNITS, page, scope, words};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view::{self, Names};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::access::StaffScope;
use kernel::calendar::{Date, parse_date};
use kernel::catalogue::Catalogue;
use kernel::fold::fold;
use kernel::ids::UnitId;
use kernel::org::{Holding, Post, Unit};
use kit::{Entries, Faults, Field, File, Page, Refused, T, Visit};
use std::collections::HashMap;

/// Units that a search shows.
const FOUND_MAX: usize = 50;

struct Holder {
    name: String,
    href: String,
    when: String,
}

struct PostRow {
    title: String,
    key: String,
    now: Vec<Holder>,
    other: Vec<Holder>,
    appoint: String,
}

struct UnitLink {
    href: String,
    name: String,
    note: String,
}

#[derive(Template)]
#[template(path = "desk/admin_units.html")]
struct UnitsPage {
    page: Page,
    day: Field,
    typed: String,
    unit: String,
    on: String,
    found: Option<Vec<UnitLink>>,
    more: usize,
    line: Vec<UnitLink>,
    facts: Vec<String>,
    posts: Vec<PostRow>,
    below: Vec<UnitLink>,
    table: String,
}

/// The day that the address asks for: three fields, or `ngay` as a date.
fn day_of(app: &App, query: &Entries) -> Date {
    let part = |name: &str| query.text(&format!("n-{name}")).parse::<u32>().ok();
    let year = query.text("n-y").parse::<i32>().ok();
    let typed = year.zip(part("m")).zip(part("d"));
    let typed = typed.and_then(|((y, m), d)| Date::from_ymd_opt(y, m, d));
    typed.or_else(|| parse_date(query.text("ngay")).ok()).unwrap_or_else(|| app.today())
}

/// GET: one unit on a day, or a search.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let scope = scope(&app, &officer)?;
    let (t, catalogue, query) = (visit.t(), app.catalogue(), visit.query());
    let day = day_of(&app, query);
    let typed = query.text("q").to_owned();
    let unit = chosen(&catalogue, &scope, query.text("dv"), day)?;
    let names = names(&app, &catalogue, std::iter::once(&unit.id)).await?;
    let link = |unit: &Unit, note: String| UnitLink {
        href: words::unit_href(unit.id.as_str(), day),
        name: view::in_language(t, &unit.name, &unit.name_en),
        note,
    };
    let (found, more) = match typed.is_empty() {
        true => (None, 0),
        false => {
            let all = search(&catalogue, &scope, &typed);
            let more = all.len().saturating_sub(FOUND_MAX);
            let one = |unit: &&Unit| link(unit, words::validity(t, unit.valid));
            (Some(all.iter().take(FOUND_MAX).map(one).collect()), more)
        }
    };
    let line = catalogue.tree.line(&unit.id).into_iter().skip(1);
    let line = line.filter(|above| scope.grant(&above.id, &catalogue.tree).is_some());
    let mut line: Vec<UnitLink> = line.map(|above| link(above, String::new())).collect();
    line.reverse();
    let below = catalogue.tree.children(&unit.id, day);
    let below = below.into_iter().map(|one| {
        let (held, all) = filled(&catalogue, &one.id, day);
        link(one, t.a2("admin-posts-filled", "held", held, "all", all))
    });
    let title = view::in_language(t, &unit.name, &unit.name_en);
    let shown = Shown { catalogue: &catalogue, t, names: &names, day };
    let parts = words::parts("n", day);
    let filled_in = Entries::from_pairs(parts);
    kit::html(&UnitsPage {
        day: Field::date(t, "n", t.s("admin-day")).fill(&filled_in, &Faults::new()),
        unit: unit.id.to_string(),
        on: view::day(t, day),
        line,
        facts: shown.facts(unit),
        posts: shown.posts(&unit.id),
        below: below.collect(),
        table: format!("{UNITS}/bang.csv?dv={}&ngay={day}", words::encoded(unit.id.as_str())),
        page: page(&app, &visit, &officer, (title, UNITS)).await?,
        typed,
        found,
        more,
    })
}

/// The unit asked for, or the first in reach that is there on the day.
fn chosen<'c>(
    catalogue: &'c Catalogue,
    scope: &StaffScope,
    asked: &str,
    day: Date,
) -> Result<&'c Unit, Refused> {
    let tree = &catalogue.tree;
    if !asked.is_empty() {
        let unit = tree.unit(&UnitId(asked.to_owned()));
        let theirs = unit.filter(|unit| scope.grant(&unit.id, tree).is_some());
        return theirs.ok_or_else(Refused::not_found);
    }
    let first = match scope {
        StaffScope::Whole(_) => {
            tree.iter().find(|unit| unit.parent.is_none() && unit.valid.holds(day))
        }
        StaffScope::Lines(lines) => lines.first().and_then(|(unit, _)| tree.unit(unit)),
    };
    first.or_else(|| tree.iter().find(|u| u.parent.is_none())).ok_or_else(Refused::not_found)
}

/// Units in reach whose name has all words, those that are over included.
fn search<'c>(catalogue: &'c Catalogue, scope: &StaffScope, typed: &str) -> Vec<&'c Unit> {
    let folded = fold(typed);
    let wanted: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let fits = |unit: &&Unit| {
        let text = fold(&format!("{} {}", unit.name, unit.name_en));
        let has = |word: &&str| text.split(' ').any(|one| one.starts_with(*word));
        let named = unit.id.as_str() == typed || (!wanted.is_empty() && wanted.iter().all(has));
        named && scope.grant(&unit.id, &catalogue.tree).is_some()
    };
    catalogue.tree.iter().filter(fits).collect()
}

/// How many posts of a unit are held on a day, and how many there are.
fn filled(catalogue: &Catalogue, unit: &UnitId, day: Date) -> (usize, usize) {
    let posts: Vec<&Post> =
        catalogue.staff.posts().into_iter().filter(|post| post.unit == *unit).collect();
    let held =
        posts.iter().filter(|post| !catalogue.staff.holders(unit, post.role, day).is_empty());
    (held.count(), posts.len())
}

/// The names of everybody who holds or held a post of these units.
async fn names<'a>(
    app: &App,
    catalogue: &Catalogue,
    units: impl Iterator<Item = &'a UnitId>,
) -> Result<Names, Refused> {
    let units: std::collections::HashSet<&UnitId> = units.collect();
    let of =
        |h: &&Holding| catalogue.staff.post(&h.post).is_some_and(|post| units.contains(&post.unit));
    let ids: Vec<String> =
        catalogue.staff.holdings().iter().filter(of).map(|h| h.account.0.clone()).collect();
    let read = app.read(move |reader| Ok(Names::read(reader, ids.iter().map(String::as_str))?));
    read.await.map_err(refused)
}

struct Shown<'a> {
    catalogue: &'a Catalogue,
    t: T,
    names: &'a Names,
    day: Date,
}

impl Shown<'_> {
    fn facts(&self, unit: &Unit) -> Vec<String> {
        let t = self.t;
        let mut facts = vec![
            t.a1("admin-unit-code", "code", &unit.org_code),
            t.a1("admin-unit-there", "when", words::validity(t, unit.valid)),
        ];
        if let Some(next) = &unit.succeeded_by {
            facts.push(t.a1("admin-unit-next", "unit", view::unit(self.catalogue, t, next)));
        }
        let before = self.catalogue.tree.carries_on(&unit.id, self.day);
        if !before.is_empty() {
            let names: Vec<String> =
                before.iter().map(|one| view::unit(self.catalogue, t, one)).collect();
            facts.push(t.a2("admin-unit-before", "n", names.len(), "units", names.join("; ")));
        }
        facts
    }

    fn posts(&self, unit: &UnitId) -> Vec<PostRow> {
        let posts = self.catalogue.staff.posts().into_iter().filter(|post| post.unit == *unit);
        let row = |post: &Post| {
            let held = self.catalogue.staff.holdings().iter().filter(|h| h.post == post.id);
            let mut held: Vec<&Holding> = held.collect();
            held.sort_by_key(|h| std::cmp::Reverse(h.valid.from));
            let (now, other): (Vec<&Holding>, Vec<&Holding>) =
                held.into_iter().partition(|h| h.valid.holds(self.day));
            PostRow {
                title: words::title(self.t, post),
                key: post.id.clone(),
                now: now.into_iter().map(|h| self.holder(h)).collect(),
                other: other.into_iter().map(|h| self.holder(h)).collect(),
                appoint: format!("{}/moi?post={}", super::ACCOUNTS, words::encoded(&post.id)),
            }
        };
        posts.map(row).collect()
    }

    fn holder(&self, holding: &Holding) -> Holder {
        Holder {
            name: self.names.of(self.t, holding.account.as_str()),
            href: format!("{}/{}", super::ACCOUNTS, holding.account),
            when: words::validity(self.t, holding.valid),
        }
    }
}

/// GET `…/bang.csv`: who is who on a day in a unit and below it, vacant posts too.
pub(super) async fn table(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let scope = scope(&app, &officer)?;
    let (t, catalogue) = (visit.t(), app.catalogue());
    let day = day_of(&app, visit.query());
    let top = chosen(&catalogue, &scope, visit.query().text("dv"), day)?;
    let mut units = catalogue.tree.subtree(&top.id, day);
    units.sort_by(|a, b| a.id.cmp(&b.id));
    let names = names(&app, &catalogue, units.iter().map(|unit| &unit.id)).await?;
    let mut of_unit: HashMap<&UnitId, Vec<&Post>> = HashMap::new();
    for post in catalogue.staff.posts() {
        of_unit.entry(&post.unit).or_default().push(post);
    }
    let mut held: HashMap<&str, Vec<&Holding>> = HashMap::new();
    for holding in catalogue.staff.holdings().iter().filter(|h| h.valid.holds(day)) {
        held.entry(&holding.post).or_default().push(holding);
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    let fault = |_| Refused::fault();
    let heads =
        ["admin-unit", "admin-post", "admin-post-key", "admin-name", "admin-from", "admin-to"];
    out.write_record(heads.map(|key| t.s(key))).map_err(fault)?;
    for unit in units {
        let name = view::in_language(t, &unit.name, &unit.name_en);
        for post in of_unit.get(&unit.id).into_iter().flatten() {
            let title = words::title(t, post);
            let holders = held.get(post.id.as_str()).map(Vec::as_slice).unwrap_or_default();
            let line = |who: String, from: String, to: String| {
                [name.clone(), title.clone(), post.id.clone(), who, from, to]
                    .map(|cell| super::sheet::plain(&cell).to_owned())
            };
            if holders.is_empty() {
                let none = line(String::new(), String::new(), String::new());
                out.write_record(none).map_err(fault)?;
            }
            for h in holders {
                let to = h.valid.to.map(|to| to.to_string()).unwrap_or_default();
                let who = names.of(t, h.account.as_str());
                out.write_record(line(who, h.valid.from.to_string(), to)).map_err(fault)?;
            }
        }
    }
    let bytes = out.into_inner().map_err(|_| Refused::fault())?;
    let bytes = [b"\xEF\xBB\xBF".as_slice(), &bytes].concat();
    Ok(File::new(format!("vi-tri-{day}.csv"), bytes).saved().into_response())
}
