//! GET `/noi-lam-viec/uy-quyen`: the powers that were lent, and the form that lends one.

use super::super::shell;
use super::{PAGE, standing, units};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view::{self, Names};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::access;
use kernel::ids::AccountId;
use kernel::org::Post;
use kit::pieces::Tag;
use kit::{Entries, Faults, Field, Page, Refused, T, Visit};
use store::bounds::{LENDING_DAYS_MAX, LIST_MAX};
use store::delegations::{self, Lent};

struct Row {
    href: String,
    what: String,
    from: String,
    to: String,
    first: String,
    last: String,
    ground: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "desk/lending/list.html")]
struct ListPage {
    page: Page,
    fields: Vec<Field>,
    /// Why there is no form.
    none: String,
    rows: Vec<Row>,
    more: bool,
}

/// The name of the power of a post.
pub(super) fn what(t: T, catalogue: &kernel::catalogue::Catalogue, lent: &Lent) -> String {
    let role = t.s(&format!("desk-role-{}", lent.lending.role.as_str().replace('_', "-")));
    format!("{role}, {}", view::unit(catalogue, t, &lent.lending.unit))
}

/// The value of a choice of post and deputy in one: the deputies depend on the post.
pub(super) fn choices(app: &App, officer: &Officer) -> Vec<(Post, Vec<AccountId>)> {
    let (catalogue, today) = (app.catalogue(), app.today());
    let posts = access::lendable(&catalogue.staff, &officer.account, today);
    let of = |post: &Post| {
        access::deputies(&catalogue.staff, &catalogue.tree, post, &officer.account, today)
    };
    posts.into_iter().map(|post| (post.clone(), of(post))).collect()
}

/// GET: the page.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    answer(&app, &officer, &visit, visit.query(), Faults::new()).await
}

/// The page, fresh or with what was sent.
pub(super) async fn answer(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    entries: &Entries,
    faults: Faults,
) -> Result<Response, Refused> {
    let catalogue = app.catalogue();
    if !super::may(&catalogue, officer, app.today()) {
        return Err(Refused::forbidden());
    }
    let choices = choices(app, officer);
    let (of, who) = (units(&catalogue, officer), officer.actor.clone());
    let named: Vec<AccountId> = choices.iter().flat_map(|(_, all)| all.clone()).collect();
    let read = app.read(move |reader| {
        let mut all: Vec<Lent> = Vec::new();
        for unit in &of {
            let lent = delegations::of_unit(reader, unit)?.into_iter();
            all.extend(lent.filter(|one| {
                let lending = &one.lending;
                access::sees_lending(&who, &lending.unit, &lending.from, &lending.to)
            }));
        }
        all.sort_by_key(|one| std::cmp::Reverse((one.lending.first, one.at_ms, one.seq)));
        let more = all.len() > LIST_MAX as usize;
        all.truncate(LIST_MAX as usize);
        let people = all.iter().flat_map(|one| [&one.lending.from, &one.lending.to]);
        let ids: Vec<&str> = people.chain(&named).map(|account| account.as_str()).collect();
        Ok((Names::read(reader, ids)?, all, more))
    });
    let (names, all, more) = read.await.map_err(refused)?;
    let (t, around) = (visit.t(), shell::around(app, officer).await?);
    let row = |one: &Lent| {
        let lending = &one.lending;
        Row {
            href: format!("{PAGE}/{}/{}", lending.unit, one.seq),
            what: what(t, &catalogue, one),
            from: names.of(t, lending.from.as_str()),
            to: names.of(t, lending.to.as_str()),
            first: view::day(t, lending.first),
            last: one.meant.map(|day| view::day(t, day)).unwrap_or_default(),
            ground: lending.ground.clone(),
            tag: standing(t, one, app.today()),
        }
    };
    let wrong = !faults.is_empty();
    let some = choices.iter().any(|(_, deputies)| !deputies.is_empty());
    let page = ListPage {
        rows: all.iter().map(row).collect(),
        more,
        none: match (choices.is_empty(), some) {
            (true, _) => t.s("lend-none-own"),
            (_, false) => t.s("lend-none-deputy"),
            _ => String::new(),
        },
        fields: if some {
            fields(t, app, &choices, &names, (entries, &faults))
        } else {
            Vec::new()
        },
        page: shell::page(app, visit, officer, &around, (t.s("lend-title"), PAGE)).faults(faults),
    };
    if wrong { kit::respond::html_faults(&page) } else { kit::html(&page) }
}

fn fields(
    t: T,
    app: &App,
    choices: &[(Post, Vec<AccountId>)],
    names: &Names,
    (entries, faults): (&Entries, &Faults),
) -> Vec<Field> {
    let catalogue = app.catalogue();
    let mut field = Field::select(t, "to", t.s("lend-field-to")).choice("", t.s("form-choose"));
    for (post, deputies) in choices {
        let role = t.s(&format!("desk-role-{}", post.role.as_str().replace('_', "-")));
        let unit = view::unit(&catalogue, t, &post.unit);
        for account in deputies {
            let name = names.of(t, account.as_str());
            let label = t.a3("lend-choice", ("role", &role), ("unit", &unit), ("name", name));
            field = field.choice(format!("{}|{account}", post.id), label);
        }
    }
    let ground = Field::text(t, "ground", t.s("lend-field-ground")).hint(t.s("lend-ground-hint"));
    let most = t.a1("lend-last-hint", "max", LENDING_DAYS_MAX);
    let last = Field::date(t, "last", t.s("lend-field-last")).hint(most);
    let first = Field::date(t, "first", t.s("lend-field-first"));
    [field, first, last, ground].map(|field| field.fill(entries, faults)).to_vec()
}
