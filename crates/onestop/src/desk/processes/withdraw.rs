//! `/noi-lam-viec/quy-trinh/ban/{name}/{version}/thu-hoi`: a publication is withdrawn before its
//! first day, with a reason.

use super::publish::{Told, told};
use super::show::edition;
use super::{HOME, may, version_href, words};
use crate::app::{App, Officer};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::access::ProcessAction;
use kernel::procedure::ProcessEdition;
use kit::{Entries, Faults, Field, Flash, Page, Refused, Visit, redirect};

#[derive(Template)]
#[template(path = "desk/process_withdraw.html")]
struct WithdrawPage {
    page: Page,
    href: String,
    title: String,
    version: u32,
    from: String,
    refusal: String,
    reason: Field,
}

/// GET: the form.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path((name, version)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::PublishProcess)?;
    let edition = edition(&app, (&name, &version))?;
    let shown = (StatusCode::OK, Faults::new(), String::new());
    page(&app, &visit, &officer, &edition, visit.query(), shown).await
}

async fn page(
    app: &App,
    visit: &Visit,
    officer: &Officer,
    edition: &ProcessEdition,
    entries: &Entries,
    (status, faults, refusal): (StatusCode, Faults, String),
) -> Result<Response, Refused> {
    let t = visit.t();
    let title = t.a1("process-withdraw-title", "n", u64::from(edition.version));
    let page = super::page(app, visit, officer, title).await?;
    let reason = Field::area(t, "reason", t.s("process-withdraw-reason"));
    kit::respond::html_status(
        status,
        &WithdrawPage {
            href: version_href(&edition.name, edition.version),
            title: edition.title.clone(),
            version: edition.version,
            from: words::day(t, edition.valid_from),
            refusal,
            reason: reason.fill(entries, &faults),
            page: page.faults(faults),
        },
    )
}

/// POST: withdraws.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    Path((name, version)): Path<(String, String)>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let grant = may(&app, &officer, ProcessAction::PublishProcess)?;
    let edition = edition(&app, (&name, &version))?;
    let of = (edition.name.as_str(), edition.version);
    let reason = entries.text("reason").to_owned();
    match app.withdraw_process(&officer.actor, grant, of, reason).await {
        Ok(()) => {
            let flash = Flash::new("process-withdrawn").with("n", edition.version);
            Ok(redirect(HOME).flash(flash).into_response())
        }
        Err(error) => {
            let shown = match told(visit.t(), error)? {
                Told::Fields(faults) => (StatusCode::UNPROCESSABLE_ENTITY, faults, String::new()),
                Told::Sentence(sentence) => (StatusCode::CONFLICT, Faults::new(), sentence),
            };
            page(&app, &visit, &officer, &edition, &entries, shown).await
        }
    }
}
