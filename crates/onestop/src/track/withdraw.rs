//! `/theo-doi/{number}/rut`: asking to withdraw, with a page in between that says what it means.

use super::filer::Filer;
use crate::app::App;
use crate::refusals::refused;
use crate::view;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::case::{Business, Command};
use kernel::limits;
use kit::{Check, Entries, Faults, Field, Flash, Page, Refused, Visit, redirect};
use store::cases::{CaseError, Stored, act, by_id, keep};

#[derive(Template)]
#[template(path = "track/withdraw.html")]
struct WithdrawPage {
    page: Page,
    base: String,
    name: String,
    number: String,
    reason: Field,
}

fn page(
    app: &App,
    visit: &Visit,
    stored: &Stored,
    entries: &Entries,
    faults: Faults,
) -> WithdrawPage {
    let (t, case) = (visit.t(), &stored.case);
    WithdrawPage {
        base: format!("/theo-doi/{}", case.tracking),
        name: view::procedure_of(&app.catalogue(), t, case),
        number: case.name().to_owned(),
        reason: Field::area(t, "reason", t.s("track-withdraw-reason"))
            .optional()
            .fill(entries, &faults),
        page: visit.page(t.s("track-withdraw")).at("/theo-doi").faults(faults),
    }
}

/// GET: what withdrawing means.
pub(super) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
    filer: Filer,
    visit: Visit,
) -> Result<Response, Refused> {
    let stored = filer.open(&app, &number, "open").await?;
    kit::html(&page(&app, &visit, &stored, visit.query(), Faults::new()))
}

/// POST: asks. A repeat finds the request made and changes nothing.
pub(super) async fn ask(
    State(app): State<App>,
    Path(number): Path<String>,
    filer: Filer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let stored = filer.open(&app, &number, "open").await?;
    let mut check = Check::new(&entries);
    let reason = check.optional("reason", limits::REASON_CHARS);
    if let Err(faults) = check.done() {
        return kit::respond::html_faults(&page(&app, &visit, &stored, &entries, faults));
    }
    let id = filer.case;
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        let now = by_id(tx, id.0)?.ok_or(CaseError::NotFound)?.case;
        if now.business == Business::WithdrawReq {
            return Ok(());
        }
        let reason = if reason.is_empty() {
            None
        } else {
            Some(keep(tx, env, now.subject, Some(id), "reason", &reason)?)
        };
        act(tx, env, id, None, &Command::AskWithdrawal { reason }).map(|_| ())
    };
    app.act(&filer.actor, unit).await.map_err(refused)?;
    let flash = Flash::new("track-withdraw-done");
    Ok(redirect(format!("/theo-doi/{}", stored.case.tracking)).flash(flash).into_response())
}
