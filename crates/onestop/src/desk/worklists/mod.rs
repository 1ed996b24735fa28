//! `/noi-lam-viec`: what there is to do, by list, soonest date first; filters that combine, views
//! that are saved, columns that are chosen, and the same as a spreadsheet.

mod asked;
mod choice;
mod look;
mod rows;
mod sheet;
#[cfg(test)]
mod tests;
mod views;

pub(super) use rows::{split_code, with_people};

use super::{HOME, bulk, shell};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{seen, view};
use askama::Template;
use asked::{Asked, Due, ListOf, WAYS, WAYS_OUT};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use choice::{Box_, Choice};
use kernel::case::{Bucket, Delivery};
use kernel::org::Role;
use kit::limits::PAGE_ROWS;
use kit::paging::{TableHead, Total};
use kit::{Page, Pager, Refused, T, Visit, redirect};
use look::Page as Found;
use rows::WorkRow;
use store::cases::Scope;

/// The routes of this folder.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/noi-lam-viec", get(show))
        .route("/noi-lam-viec/danh-sach.xlsx", get(sheet::show))
        .route(views::PAGE, get(views::show).post(views::change))
        .route("/noi-lam-viec/goc-nhin/cot", post(choice::keep))
}

/// A choice of a filter: address or value, words, whether it is on.
struct Option_ {
    value: String,
    label: String,
    on: bool,
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
    scopes: Vec<Option_>,
    dues: Vec<Option_>,
    lists: Vec<Option_>,
    ways: Vec<Option_>,
    out: Vec<Option_>,
    silent: String,
    words: String,
    narrowed: bool,
    clear: String,
    empty: String,
    query: String,
    view: String,
    scope: &'static str,
    due: &'static str,
    stopped: bool,
    boxes: Vec<Box_>,
    roomy: bool,
    ticked: bool,
    bar: Vec<bulk::Button>,
    more: bool,
}

/// GET: one list.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let around = shell::around(&app, &officer).await?;
    // What is asked for has an address; only the bare one leads to the view that comes first.
    if visit.query().pairs().all(|(name, _)| name == "lang")
        && let Some(first) = around.views.iter().find(|view| view.first)
    {
        return Ok(redirect(format!("{HOME}?{}", first.query)).into_response());
    }
    let asked = Asked::of(visit.query(), &officer, &around);
    let limit = u32::try_from(PAGE_ROWS).unwrap_or(25);
    let found = look::page(&app, &officer, &asked, visit.t(), limit).await?;
    let ids = found.read.listed.iter().map(|l| l.stored.case.id.0).collect();
    seen::many(&app, &officer, "list", &record_of(&visit, &asked), ids).await?;
    let account = officer.account.0.clone();
    let choice = app.read(move |reader| Ok(Choice::read(reader, &account)?));
    let choice = choice.await.map_err(refused)?;
    let ground = Ground { app: &app, officer: &officer, visit: &visit, asked: &asked };
    kit::html(&ground.page_of(&around, &found, &choice))
}

/// The filter as the access record keeps it; typed words only as a digest.
fn record_of(visit: &Visit, asked: &Asked) -> String {
    let list = asked.recorded();
    if asked.words.is_empty() {
        return list;
    }
    format!("{list} words={}", seen::digest(visit, &asked.words))
}

/// What the page is made from.
struct Ground<'a> {
    app: &'a App,
    officer: &'a Officer,
    visit: &'a Visit,
    asked: &'a Asked,
}

impl Ground<'_> {
    fn page_of(&self, around: &shell::Around, found: &Found, choice: &Choice) -> WorklistPage {
        let (t, asked) = (self.visit.t(), self.asked);
        let href = asked.href();
        let page = shell::page(self.app, self.visit, self.officer, around, (self.title(), &href));
        let rows =
            rows::rows(&self.app.catalogue(), t, &found.read, &choice.columns, self.app.now());
        let all = self.count(around).unwrap_or(rows.len() as u64);
        let bar = bulk::bar(t, self.officer);
        let can_pick = asked.list != ListOf::Stopped && !bar.is_empty();
        let pick = can_pick.then(|| format!("{href}{}&chon=1", self.place()));
        let due = Due::ALL.into_iter().map(|due| Option_ {
            value: asked.with_due(due),
            label: t.s(&format!("work-due-{}", if due == Due::Any { "any" } else { due.key() })),
            on: due == asked.due,
        });
        WorklistPage {
            head: rows::head(t, &choice.columns, pick),
            total: self.total(all, found),
            pager: self.pager(all, found),
            counter: self.officer.actor.has_role(Role::DeskOfficer),
            scopes: self.scopes(),
            dues: due.collect(),
            lists: self.lists(),
            ways: self.ways(),
            out: self.out(),
            silent: if asked.silent_days > 0 {
                asked.silent_days.to_string()
            } else {
                String::new()
            },
            words: asked.words.clone(),
            narrowed: asked.is_narrowed() || asked.due != Due::Any,
            clear: Asked { words: String::new(), ..self.bare() }.href(),
            empty: self.empty(found),
            query: asked.query(),
            view: asked.view(),
            scope: shell::scope_key(asked.scope),
            due: asked.due.key(),
            stopped: asked.list == ListOf::Stopped,
            boxes: choice::boxes(t, choice),
            roomy: choice.roomy,
            ticked: asked.ticked,
            bar: if can_pick { bar } else { Vec::new() },
            more: found.next.is_some(),
            rows,
            page: page
                .key("J", "keys-down")
                .key("K", "keys-up")
                .key("X", "work-keys-tick")
                .key("Enter", "keys-open")
                .key("F", "keys-filter"),
        }
    }

    /// The list without its conditions.
    fn bare(&self) -> Asked {
        Asked {
            due: Due::Any,
            ways: Vec::new(),
            delivery: None,
            silent_days: 0,
            ..self.asked.clone()
        }
    }

    fn title(&self) -> String {
        list_label(self.visit.t(), self.asked.list)
    }

    /// Rows of a whole list; filtered ones are not counted.
    fn count(&self, around: &shell::Around) -> Option<u64> {
        let ListOf::One(bucket) = self.asked.list else { return None };
        let lists = match self.asked.scope {
            Scope::Mine => &around.mine,
            Scope::Unit => &around.unit,
            Scope::Lent => return None,
        };
        let count = lists.iter().find(|(b, _)| *b == bucket).map(|(_, count)| *count)?;
        match self.asked.due {
            _ if self.asked.is_narrowed() => None,
            Due::Any => Some(count.all),
            Due::Late => Some(count.late),
            Due::Soon => None,
        }
    }

    fn total(&self, all: u64, found: &Found) -> String {
        let n = i64::try_from(all).unwrap_or(i64::MAX);
        let key = if found.next.is_some() && found.read.listed.len() as u64 == all {
            "work-total-more"
        } else {
            "desk-list-total"
        };
        self.visit.t().a1(key, "n", n)
    }

    fn pager(&self, all: u64, found: &Found) -> Pager {
        let (asked, t) = (self.asked, self.visit.t());
        let shown = found.read.listed.len() as u64;
        let to = asked.before + shown;
        let next = found.next.as_ref().map(|next| {
            let place = match next {
                look::Next::Row(cursor) => format!("sau={}", cursor.encode()),
                look::Next::Stopped(number) => format!("truoc={number}"),
            };
            format!("{}&{place}&tu-dong={to}", asked.href())
        });
        let counted = Total::counted(all.max(to));
        let open = next.is_some() && all <= shown;
        Pager {
            t,
            from: asked.before + u64::from(shown > 0),
            to,
            total: if open { Total::MoreThan(to) } else { counted },
            prev: (asked.before > 0).then(|| asked.href()),
            next,
        }
    }

    /// The place of this page, for the link that ticks all its boxes.
    fn place(&self) -> String {
        if self.asked.before == 0 {
            return String::new();
        }
        format!("&sau={}&tu-dong={}", self.asked.after.encode(), self.asked.before)
    }

    fn scopes(&self) -> Vec<Option_> {
        let t = self.visit.t();
        let scope = |scope: Scope, key: &str| Option_ {
            value: self.asked.in_scope(scope),
            label: t.s(key),
            on: scope == self.asked.scope,
        };
        vec![
            scope(Scope::Mine, "desk-side-mine"),
            scope(Scope::Unit, "desk-side-unit"),
            scope(Scope::Lent, "work-scope-lent"),
        ]
    }

    fn lists(&self) -> Vec<Option_> {
        let t = self.visit.t();
        let all = [ListOf::All].into_iter().chain(Bucket::ALL.map(ListOf::One));
        let one = |list: ListOf| Option_ {
            value: list.key().to_owned(),
            label: list_label(t, list),
            on: list == self.asked.list,
        };
        all.chain([ListOf::Stopped]).map(one).collect()
    }

    fn ways(&self) -> Vec<Option_> {
        let t = self.visit.t();
        let way = |(key, _): &(&'static str, _)| Option_ {
            value: (*key).to_owned(),
            label: t.s(&format!("work-source-{key}")),
            on: self.asked.ways.contains(key),
        };
        WAYS.iter().map(way).collect()
    }

    fn out(&self) -> Vec<Option_> {
        let t = self.visit.t();
        let any = Option_ {
            value: String::new(),
            label: t.s("work-out-any"),
            on: self.asked.delivery.is_none(),
        };
        let one = |delivery: Delivery| Option_ {
            value: delivery.as_str().to_owned(),
            label: t.s(&format!("desk-delivery-{}", delivery.as_str())),
            on: self.asked.delivery == Some(delivery),
        };
        std::iter::once(any).chain(WAYS_OUT.into_iter().map(one)).collect()
    }

    fn empty(&self, found: &Found) -> String {
        let (t, asked) = (self.visit.t(), self.asked);
        match asked.list {
            _ if found.next.is_some() => t.s("work-empty-look-on"),
            ListOf::Stopped => t.s("work-empty-stopped"),
            _ if asked.scope == Scope::Lent && !asked.is_narrowed() => t.s("work-empty-lent"),
            ListOf::One(bucket) if !asked.is_narrowed() && asked.due == Due::Any => {
                t.s(&format!("desk-empty-{}", bucket.as_str()))
            }
            _ => t.s("desk-list-no-match"),
        }
    }
}

/// The name of a list.
fn list_label(t: T, list: ListOf) -> String {
    match list {
        ListOf::One(bucket) => view::bucket(t, bucket),
        ListOf::All => t.s("work-list-all"),
        ListOf::Stopped => t.s("work-list-stopped"),
    }
}
