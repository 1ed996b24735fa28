//! The frame around officers' pages: name and post, search, and the lists at the side with their
//! counts.

use super::HOME;
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view;
use kernel::case::Bucket;
use kernel::org::Role;
use kit::frame::{Link, SideGroup, SideLink, UserMenu};
use kit::{Page, Refused, T, Visit};
use store::accounts;
use store::cases::{self, Count, Scope};
use uuid::Uuid;

/// What the frame needs from the store.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// The officer's name.
    pub(super) name: String,
    /// Lists of their own name.
    pub(super) mine: Vec<(Bucket, Count)>,
    /// Lists of their seats.
    pub(super) unit: Vec<(Bucket, Count)>,
    /// Views that they saved.
    pub(super) views: Vec<store::views::View>,
    /// Questions that wait for their answer.
    pub(super) asked: u64,
    /// Whether they lend powers, or borrow them, or look after it.
    pub(super) lends: bool,
}

/// Key of a scope in addresses.
pub(super) fn scope_key(scope: Scope) -> &'static str {
    match scope {
        Scope::Mine => "toi",
        Scope::Unit => "don-vi",
        Scope::Lent => "thay",
    }
}

/// The address of a list.
pub(super) fn list_href(bucket: Bucket, scope: Scope) -> String {
    format!("{HOME}?nhom={}&cua={}", bucket.as_str(), scope_key(scope))
}

/// Reads name and counts.
///
/// # Errors
/// What the store says.
pub(super) async fn around(app: &App, officer: &Officer) -> Result<Around, Refused> {
    let (actor, now) = (officer.actor.clone(), app.now());
    let id = Uuid::parse_str(officer.account.as_str()).ok();
    let own = officer.account.0.clone();
    let lends = super::lending::may(&app.catalogue(), officer, app.today());
    let read = app.read(move |reader| {
        let account = match id {
            Some(id) => accounts::by_id(reader, id)?,
            None => None,
        };
        Ok(Around {
            name: account.map(|a| a.display_name).unwrap_or_default(),
            mine: cases::counts(reader, &actor, Scope::Mine, now)?,
            unit: cases::counts(reader, &actor, Scope::Unit, now)?,
            views: store::views::of(reader, &own)?,
            asked: store::questions::open_count(reader, &own)?,
            lends,
        })
    });
    read.await.map_err(refused)
}

/// A page of an officer, with the frame filled; `at` is the address of this page among the lists.
pub(super) fn page(
    app: &App,
    visit: &Visit,
    officer: &Officer,
    around: &Around,
    (title, at): (String, &str),
) -> Page {
    let t = visit.t();
    let (post, unit) = view::post(&app.catalogue(), t, &officer.actor);
    let user = UserMenu {
        name: around.name.clone(),
        post,
        links: vec![
            Link::new(t.s("desk-nav-sessions"), format!("{HOME}/phien")),
            Link::new(t.s("desk-nav-password"), format!("{HOME}/mat-khau")),
        ],
        sign_out: "/dang-xuat".to_owned(),
    };
    let typed = if visit.path() == format!("{HOME}/tim") { visit.query().text("q") } else { "" };
    visit
        .page(title)
        .user(user, unit)
        .search(format!("{HOME}/tim"), typed)
        .side(side(t, officer, around, at))
}

fn side(t: T, officer: &Officer, around: &Around, at: &str) -> Vec<SideGroup> {
    let mine = lists(t, &around.mine, Scope::Mine, at);
    let unit = lists(t, &around.unit, Scope::Unit, at);
    let groups = [
        ("desk-side-mine", mine),
        ("desk-side-unit", unit),
        ("work-views-title", views(t, officer, around, at)),
        ("desk-side-pages", pages(t, officer, around, at)),
    ];
    groups
        .into_iter()
        .filter(|(_, links)| !links.is_empty())
        .map(|(key, links)| SideGroup { label: t.s(key), links })
        .collect()
}

/// Lists that have something in them; the one shown stays though it is empty.
fn lists(t: T, counts: &[(Bucket, Count)], scope: Scope, at: &str) -> Vec<SideLink> {
    let mut links = Vec::new();
    for (bucket, count) in counts {
        let href = list_href(*bucket, scope);
        let current = href == at;
        if count.all == 0 && !current {
            continue;
        }
        links.push(SideLink {
            label: view::bucket(t, *bucket),
            href,
            count: Some(i64::try_from(count.all).unwrap_or(i64::MAX)),
            current,
            class: if count.late > 0 { "is-late" } else { "" },
        });
    }
    links
}

/// Views that they saved, and where lent work and views are found.
fn views(t: T, officer: &Officer, around: &Around, at: &str) -> Vec<SideLink> {
    let link = |label: String, href: String| SideLink {
        label,
        current: href == at,
        href,
        ..SideLink::default()
    };
    let saved = around.views.iter();
    let mut links: Vec<SideLink> =
        saved.map(|view| link(view.name.clone(), format!("{HOME}?{}", view.query))).collect();
    if officer.actor.seats.iter().any(|seat| seat.on_behalf_of.is_some()) {
        links.push(link(t.s("work-scope-lent"), format!("{HOME}?nhom=tat-ca&cua=thay")));
    }
    if !around.views.is_empty() {
        links.push(link(t.s("work-views-all"), format!("{HOME}/goc-nhin")));
    }
    links
}

/// Every page of the officer with its words: lists that have something in them, then pages.
pub(super) fn links(t: T, officer: &Officer, around: &Around) -> Vec<SideLink> {
    side(t, officer, around, "").into_iter().flat_map(|group| group.links).collect()
}

/// The officer's own pages, by role.
fn pages(t: T, officer: &Officer, around: &Around, at: &str) -> Vec<SideLink> {
    let has = |roles: &[Role]| roles.iter().any(|r| officer.actor.has_role(*r));
    let desk = [Role::DeskOfficer, Role::DeskHead];
    let all = [
        ("desk-nav-counter", "quay", has(&desk) || has(&[Role::PostOfficer])),
        ("counter-lane-open", "quay/ngay", has(&desk)),
        ("desk-nav-approve", "duyet", has(&[Role::Leader])),
        ("many-list-title", "lo", super::bulk::may_any(&officer.actor)),
        ("desk-nav-handover", "tra-ket-qua", has(&desk) || has(&[Role::PostOfficer])),
        ("ask-title", "hoi-dap", around.asked > 0 || has(&[Role::Leader, Role::UnitLeader])),
        ("lend-title", "uy-quyen", around.lends),
        ("desk-nav-outbox", "hop-thu-di", super::outbox::may(&officer.actor)),
        ("desk-nav-incidents", "su-co", super::incidents::may(&officer.actor)),
        ("desk-nav-records", "nhat-ky-truy-cap", super::records::may(&officer.actor)),
        ("process-list-title", "quy-trinh", has(&[Role::Administrator, Role::UnitLeader])),
        ("admin-nav-accounts", "quan-tri/tai-khoan", has(&[Role::Administrator])),
        ("admin-nav-units", "quan-tri/don-vi", has(&[Role::Administrator])),
        ("admin-nav-calendar", "quan-tri/lich", has(&[Role::Administrator])),
    ];
    let link = |(key, path, _): (&str, &str, bool)| {
        let href = format!("{HOME}/{path}");
        let count = i64::try_from(around.asked).ok().filter(|n| path == "hoi-dap" && *n > 0);
        SideLink { label: t.s(key), current: href == at, href, count, ..SideLink::default() }
    };
    all.into_iter().filter(|(.., shown)| *shown).map(link).collect()
}
