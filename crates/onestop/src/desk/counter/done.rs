//! `/noi-lam-viec/quay/xong/{id}`: what was received: code, appointment, slip and PIN stub; F2
//! takes the next person, T another procedure for the same one.

use crate::app::{App, Officer};
use crate::desk::{HOME, act, pin, shell, sight};
use crate::{seen, view};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::case::{Action, Case};
use kernel::ids::CaseId;
use kit::pieces::Tag;
use kit::{Page, Refused, Visit};

/// The field that names the cases of the same person in this go.
pub(in crate::desk) const CHAIN: &str = "cung";
/// Most cases of one go that are carried on.
const CHAIN_MAX: usize = 8;

/// Cases of a go as an address carries them, with one more; what is no id is left out.
pub(in crate::desk) fn chained(chain: &str, more: &str) -> String {
    let ids = chain.split('.').chain([more]).filter(|id| id.parse::<CaseId>().is_ok());
    let mut ids: Vec<&str> = ids.collect();
    ids.dedup();
    ids.drain(..ids.len().saturating_sub(CHAIN_MAX));
    ids.join(".")
}

/// Another case of the same go.
struct Earlier {
    code: String,
    procedure: String,
    href: String,
    slip: bool,
}

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
    /// The same person once more.
    again: String,
    earlier: Vec<Earlier>,
}

/// GET: the page.
pub(in crate::desk) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let stored = sight::handed_in(&app, &officer, &visit, &id).await?;
    let case = &stored.case;
    let pin = pin::fresh(&app, &visit, case.id).await?;
    seen::one(&app, &officer, "open", case.id).await?;
    let mut earlier = Vec::new();
    let chain = chained(visit.query().text(CHAIN), "");
    for one in chain.split('.').filter(|one| !one.is_empty() && *one != id) {
        // What cannot be seen any more is left out.
        if let Ok(stored) = sight::handed_in(&app, &officer, &visit, one).await {
            seen::one(&app, &officer, "open", stored.case.id).await?;
            earlier.push(stored.case);
        }
    }
    let around = shell::around(&app, &officer).await?;
    let (t, catalogue) = (visit.t(), app.catalogue());
    let edition = catalogue.edition(&case.procedure, case.edition);
    let at_once = edition.is_some_and(|e| e.at_once());
    let due = case.due_at.map(view::when);
    let ready = case.business == kernel::case::Business::ResultReady;
    let page = shell::page(&app, &visit, &officer, &around, (t.s("desk-counter-done"), ""));
    let at_once_of = |case: &Case| {
        let edition = catalogue.edition(&case.procedure, case.edition);
        edition.is_some_and(|e| e.at_once())
    };
    let line = |case: &Case| Earlier {
        code: case.name().to_owned(),
        procedure: view::procedure_of(&catalogue, t, case),
        href: format!("{HOME}/ho-so/{}", case.id),
        slip: case.code.is_some() && !at_once_of(case),
    };
    kit::html(&DonePage {
        page: page
            .key("F2", "keys-new")
            .key("I", "counter-keys-slip")
            .key("T", "counter-keys-again"),
        again: format!("{HOME}/quay?tu={id}&{CHAIN}={}", chained(&chain, &id)),
        earlier: earlier.iter().map(line).collect(),
        code: case.name().to_owned(),
        procedure: view::procedure_of(&catalogue, t, case),
        state: view::state_tag(t, case),
        due: due.map(|d| format!("{} {}", t.clock(d), t.date(d))).unwrap_or_default(),
        slip: case.code.is_some() && !at_once,
        at_once,
        pin: pin.as_deref().map(pin::spaced),
        case_href: format!("{HOME}/ho-so/{}", case.id),
        deliver: if ready { act::href(case.id, Action::Deliver) } else { String::new() },
    })
}
