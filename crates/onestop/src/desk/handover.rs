//! `/noi-lam-viec/tra-ket-qua`: results that wait: at the counter and online for the desk, by post
//! for
//! the post. A post officer sees here all that the post needs and nothing else.

use super::{act, deed, shell};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{seen, view};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::case::{Bucket, Delivery};
use kernel::people::Party;
use kit::limits::PAGE_ROWS;
use kit::{Page, Refused, Visit};
use store::cases::{self, Cursor, Listed, Scope};

/// A button of a row.
struct Deed {
    label: String,
    href: String,
}

struct Row {
    code: String,
    href: String,
    name: String,
    address: String,
    phone: String,
    how: String,
    open: String,
    since: String,
    deeds: Vec<Deed>,
}

struct Group {
    title: String,
    empty: String,
    /// Whether the post carries these: address and phone are needed.
    carried: bool,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "desk/handover.html")]
struct HandoverPage {
    page: Page,
    groups: Vec<Group>,
}

/// GET: the lists of the officer's seats.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    use kernel::org::Role;
    let has = |role| officer.actor.has_role(role);
    let desk = has(Role::DeskOfficer) || has(Role::DeskHead);
    let post = has(Role::PostOfficer);
    if !desk && !post {
        return Err(Refused::forbidden());
    }
    let mut groups = Vec::new();
    let mut ids = Vec::new();
    for (bucket, mine) in [(Bucket::ToDeliver, desk), (Bucket::ByPost, post)] {
        if mine {
            let rows = read(&app, &officer, bucket).await?;
            ids.extend(rows.iter().map(|(l, _)| l.stored.case.id.0));
            groups.push(group(&app, &officer, &visit, bucket, &rows));
        }
    }
    seen::many(&app, &officer, "list", "hand-over", ids).await?;
    let around = shell::around(&app, &officer).await?;
    let title = (visit.t().s("desk-nav-handover"), "/noi-lam-viec/tra-ket-qua");
    kit::html(&HandoverPage { page: shell::page(&app, &visit, &officer, &around, title), groups })
}

type Line = (Listed, Option<Party>);

async fn read(app: &App, officer: &Officer, bucket: Bucket) -> Result<Vec<Line>, Refused> {
    let actor = officer.actor.clone();
    let limit = u32::try_from(PAGE_ROWS).unwrap_or(25);
    let read = app.read(move |reader| {
        let listed = cases::list(reader, &actor, bucket, Scope::Unit, Cursor::START, limit)?;
        let mut lines = Vec::with_capacity(listed.len());
        for row in listed {
            let party = view::applicant(reader, &row.stored.case)?;
            lines.push((row, party));
        }
        Ok(lines)
    });
    read.await.map_err(refused)
}

fn group(app: &App, officer: &Officer, visit: &Visit, bucket: Bucket, lines: &[Line]) -> Group {
    let (t, catalogue) = (visit.t(), app.catalogue());
    let carried = bucket == Bucket::ByPost;
    let row = |(listed, party): &Line| {
        let case = &listed.stored.case;
        let offers = deed::offered(&catalogue, officer, &listed.stored, app.now());
        let deed = |o: &kernel::case::Offer| Deed {
            label: act::label(t, o.action, o.task.as_ref()),
            href: act::href(case.id, o.action),
        };
        let open = match case.finance {
            kernel::case::Finance::Due | kernel::case::Finance::Partly => {
                t.money((case.fee_vnd - case.paid_vnd).max(0))
            }
            _ => String::new(),
        };
        let party = party.as_ref();
        let how = if case.delivery == Delivery::Online { "online" } else { "counter" };
        let line = |value: Option<&String>| value.filter(|_| carried).cloned().unwrap_or_default();
        Row {
            code: case.name().to_owned(),
            href: if carried {
                String::new()
            } else {
                format!("{}/ho-so/{}", super::HOME, case.id)
            },
            name: party.map_or_else(|| t.s("desk-erased"), |p| p.name.clone()),
            address: line(party.and_then(|p| p.address.as_ref())),
            phone: line(party.and_then(|p| p.phone.as_ref())),
            how: t.s(&format!("desk-delivery-{}", if carried { "post" } else { how })),
            open,
            since: t.short(view::when(listed.since), visit.now()),
            deeds: offers.iter().filter(|o| hands_over(o.action)).map(deed).collect(),
        }
    };
    Group {
        title: view::bucket(t, bucket),
        empty: t.s(&format!("desk-empty-{}", bucket.as_str())),
        carried,
        rows: lines.iter().map(row).collect(),
    }
}

/// The acts of this page; all others stay on the case page.
fn hands_over(action: kernel::case::Action) -> bool {
    use kernel::case::Action as A;
    matches!(
        action,
        A::Deliver | A::Pay | A::PostCollect | A::PostDeliver | A::PostFail | A::PostReturn
    )
}
