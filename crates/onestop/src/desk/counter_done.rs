//! `/noi-lam-viec/quay/xong/{id}`: what was received: code, appointment, slip and PIN stub; F2
//! takes
//! the next person.

use super::{HOME, pin, shell, sight};
use crate::app::{App, Officer};
use crate::{seen, view};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::case::Action;
use kit::pieces::Tag;
use kit::{Page, Refused, Visit};

#[derive(Template)]
#[template(path = "desk/counter_done.html")]
struct DonePage {
    page: Page,
    code: String,
    procedure: String,
    state: Tag,
    due: String,
    slip: bool,
    at_once: bool,
    pin: Option<String>,
    case_href: String,
    deliver: String,
}

/// GET: the page.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let stored = sight::handed_in(&app, &officer, &visit, &id).await?;
    let case = &stored.case;
    let pin = pin::fresh(&app, &visit, case.id).await?;
    seen::one(&app, &officer, "open", case.id).await?;
    let around = shell::around(&app, &officer).await?;
    let (t, catalogue) = (visit.t(), app.catalogue());
    let edition = catalogue.edition(&case.procedure, case.edition);
    let at_once = edition.is_some_and(|e| e.at_once());
    let due = case.due_at.map(view::when);
    let ready = case.business == kernel::case::Business::ResultReady;
    let page = shell::page(&app, &visit, &officer, &around, (t.s("desk-counter-done"), ""));
    kit::html(&DonePage {
        page: page.key("F2", "keys-new"),
        code: case.name().to_owned(),
        procedure: view::procedure_of(&catalogue, t, case),
        state: view::state_tag(t, case),
        due: due.map(|d| format!("{} {}", t.clock(d), t.date(d))).unwrap_or_default(),
        slip: case.code.is_some() && !at_once,
        at_once,
        pin: pin.as_deref().map(pin::spaced),
        case_href: format!("{HOME}/ho-so/{}", case.id),
        deliver: if ready { super::act::href(case.id, Action::Deliver) } else { String::new() },
    })
}
