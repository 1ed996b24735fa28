//! `/noi-lam-viec/goc-nhin`: the views that an officer saved: a name for a filtered list, in an
//! order of their own; one of them may come first after signing in. Typed words are not saved: they
//! name people more often than work.

use super::super::{HOME, shell};
use super::asked::Asked;
use super::list_label;
use crate::app::{App, Officer};
use crate::refusals::refused;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kit::{Check, Entries, Fault, Faults, Field, Flash, Page, Refused, Visit, redirect};
use store::bounds::{SAVED_VIEWS_MAX, VIEW_NAME_CHARS_MAX, VIEW_QUERY_CHARS_MAX};
use store::views::{self, Saved};
use uuid::Uuid;

/// Where they stand.
pub(super) const PAGE: &str = "/noi-lam-viec/goc-nhin";

struct Row {
    id: String,
    name: String,
    href: String,
    list: String,
    first: bool,
}

#[derive(Template)]
#[template(path = "desk/views.html")]
struct ViewsPage {
    page: Page,
    rows: Vec<Row>,
    /// The list that is about to be saved, if one is.
    saving: String,
    said: String,
    field: Option<Field>,
}

/// GET: all views; with `ve` the form that saves the list at that address.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    answer(&app, &officer, &visit, visit.query(), Faults::new()).await
}

/// The list at an address, written anew: nothing else can be saved.
fn wanted(officer: &Officer, around: &shell::Around, entries: &Entries) -> Option<Asked> {
    let query = entries.text("ve");
    let asked = (!query.is_empty()).then(|| Entries::from_query(query))?;
    Some(Asked::of(&asked, officer, around))
}

async fn answer(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    entries: &Entries,
    faults: Faults,
) -> Result<Response, Refused> {
    let (t, around) = (visit.t(), shell::around(app, officer).await?);
    let saving = wanted(officer, &around, entries);
    let name = || Field::text(t, "ten", t.s("work-view-name")).fill(entries, &faults);
    let row = |view: &views::View| {
        let asked = Asked::of(&Entries::from_query(&view.query), officer, &around);
        Row {
            id: view.id.to_string(),
            name: view.name.clone(),
            href: format!("{HOME}?{}", view.query),
            list: list_label(t, asked.list),
            first: view.first,
        }
    };
    let wrong = !faults.is_empty();
    let page = ViewsPage {
        rows: around.views.iter().map(row).collect(),
        said: saving.as_ref().map(|asked| list_label(t, asked.list)).unwrap_or_default(),
        field: saving.as_ref().map(|_| name()),
        saving: saving.map(|asked| asked.view()).unwrap_or_default(),
        page: shell::page(app, visit, officer, &around, (t.s("work-views-title"), PAGE))
            .faults(faults),
    };
    if wrong { kit::respond::html_faults(&page) } else { kit::html(&page) }
}

/// What a form asks for.
enum Ask {
    Add(Uuid, String, String),
    Rename(Uuid, String),
    Shift(Uuid, bool),
    First(Option<Uuid>),
    Remove(Uuid),
}

/// POST: saves, renames, moves, puts first or removes.
pub(super) async fn change(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let ask = match read(&app, &officer, &visit, &entries).await? {
        Ok(ask) => ask,
        Err(faults) => return answer(&app, &officer, &visit, &entries, faults).await,
    };
    let (key, to) = match &ask {
        Ask::Add(_, _, query) => ("work-view-saved", format!("{HOME}?{query}")),
        Ask::Remove(_) => ("work-view-removed", PAGE.to_owned()),
        _ => ("work-view-changed", PAGE.to_owned()),
    };
    let account = officer.account.0.clone();
    let unit = move |tx: &mut store::Tx<'_>, _: &mut store::cases::Env<'_>| {
        Ok(match &ask {
            Ask::Add(id, name, query) => views::add(tx, &account, *id, name, query)?,
            Ask::Rename(id, name) => views::rename(tx, &account, *id, name)?,
            Ask::Shift(id, up) => {
                views::shift(tx, &account, *id, *up)?;
                Saved::Yes
            }
            Ask::First(id) => {
                views::put_first(tx, &account, *id)?;
                Saved::Yes
            }
            Ask::Remove(id) => {
                views::remove(tx, &account, *id)?;
                Saved::Yes
            }
        })
    };
    let fault = match app.act(&officer.actor, unit).await.map_err(refused)? {
        Saved::Yes => return Ok(redirect(to).flash(Flash::new(key)).into_response()),
        Saved::Full => Fault::new("ten", "err-views-many").with("max", SAVED_VIEWS_MAX),
        Saved::Twice => Fault::new("ten", "err-view-twice"),
        Saved::Gone => Fault::new("ten", "err-view-gone"),
    };
    let mut faults = Faults::new();
    faults.add(fault);
    answer(&app, &officer, &visit, &entries, faults).await
}

async fn read(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    entries: &Entries,
) -> Result<Result<Ask, Faults>, Refused> {
    let id = || entries.text("goc").parse::<Uuid>().map_err(|_| Refused::not_found());
    let name = || {
        let mut check = Check::new(entries);
        let name = check.optional("ten", VIEW_NAME_CHARS_MAX);
        if name.is_empty() {
            check.fault(Fault::new("ten", "err-view-name"));
        }
        check.done().map(|()| name)
    };
    Ok(match entries.text("lam") {
        "luu" => {
            let around = shell::around(app, officer).await?;
            let asked = wanted(officer, &around, entries).ok_or_else(Refused::not_found)?;
            let query = asked.view();
            if query.len() > VIEW_QUERY_CHARS_MAX {
                return Err(Refused::unprocessable());
            }
            // One form, one view: its key is the view's id.
            let once = entries.once().and_then(|key| Uuid::parse_str(key.as_str()).ok());
            let id = once.unwrap_or_else(|| fresh(visit));
            name().map(|name| Ask::Add(id, name, query))
        }
        "doi-ten" => {
            let id = id()?;
            name().map(|name| Ask::Rename(id, name))
        }
        "len" => Ok(Ask::Shift(id()?, true)),
        "xuong" => Ok(Ask::Shift(id()?, false)),
        "dau" => Ok(Ask::First(Some(id()?))),
        "thoi" => Ok(Ask::First(None)),
        "xoa" => Ok(Ask::Remove(id()?)),
        _ => return Err(Refused::not_found()),
    })
}

fn fresh(visit: &Visit) -> Uuid {
    let mut bytes = [0; 16];
    visit.kit().chance.fill(&mut bytes);
    Uuid::from_bytes(bytes)
}
