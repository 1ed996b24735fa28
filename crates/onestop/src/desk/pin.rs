//! `/noi-lam-viec/ho-so/{id}/ma-bi-mat`: the filer's PIN, just issued, for the stub. It is kept
//! sealed
//! under the session's secret for some minutes and nowhere else, so that printing it again after a
//! paper jam needs no new one.

use super::{HOME, shell, sight};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{papers_of, seen};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::ids::CaseId;
use kit::{File, Page, Refused, Visit};
use store::Tx;
use store::cases::{CaseError, Env};
use store::drafts::{self, Draft};
use store::outbox::job_id;
use uuid::Uuid;

/// How long a PIN can be shown and printed, in milliseconds.
const SHOWN_MS: i64 = 10 * 60 * 1000;

#[derive(Template)]
#[template(path = "desk/pin.html")]
struct PinPage {
    page: Page,
    number: String,
    case_href: String,
    pin: Option<String>,
    renew: String,
}

/// Where the sealed PIN of a case lies: for one session and one case, made from both.
fn place(case: CaseId, secret: &[u8; 32]) -> Uuid {
    let words: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    job_id(case.0, 0, &format!("pin for {words}"))
}

/// Keeps a PIN for its stub, in the unit of work that issued it.
///
/// # Errors
/// What the store says.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    case: CaseId,
    secret: &[u8; 32],
    pin: &str,
) -> Result<(), CaseError> {
    let now = env.now.0;
    let draft = Draft {
        id: place(case, secret),
        procedure: "pin".to_owned(),
        lang: "vi".to_owned(),
        content: pin.as_bytes().to_vec(),
        updated_at_ms: now,
        expires_at_ms: now + SHOWN_MS,
    };
    drafts::save(tx, env.rng, secret, &draft)?;
    Ok(())
}

/// The PIN of a case that this session has issued a short time ago.
///
/// # Errors
/// What the store says.
pub(super) async fn fresh(
    app: &App,
    visit: &Visit,
    case: CaseId,
) -> Result<Option<String>, Refused> {
    let secret = visit.session().map(|s| s.csrf_secret).unwrap_or_default();
    let now = app.now().0;
    let read = app.read(move |reader| Ok(drafts::get(reader, place(case, &secret), &secret, now)?));
    let found = read.await.map_err(refused)?;
    Ok(found.map(|draft| String::from_utf8_lossy(&draft.content).into_owned()))
}

/// GET: the PIN, as long as it can be shown.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let stored = sight::handed_in(&app, &officer, &visit, &id).await?;
    let case = &stored.case;
    let pin = fresh(&app, &visit, case.id).await?;
    seen::one(&app, &officer, "pin", case.id).await?;
    let around = shell::around(&app, &officer).await?;
    let t = visit.t();
    kit::html(&PinPage {
        page: shell::page(&app, &visit, &officer, &around, (t.s("desk-pin-title"), "")),
        number: case.name().to_owned(),
        case_href: format!("{HOME}/ho-so/{}", case.id),
        renew: super::act::href(case.id, kernel::case::Action::RenewPin),
        pin: pin.as_deref().map(spaced),
    })
}

/// Eight digits as they are read out: in two groups.
pub(super) fn spaced(pin: &str) -> String {
    match pin.split_at_checked(pin.len() / 2) {
        Some((first, second)) => format!("{first} {second}"),
        None => pin.to_owned(),
    }
}

/// GET: the stub as a paper of its own.
pub(super) async fn stub(
    State(app): State<App>,
    officer: Officer,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let stored = sight::handed_in(&app, &officer, &visit, &id).await?;
    let case = stored.case;
    let pin = fresh(&app, &visit, case.id).await?.ok_or_else(Refused::not_found)?;
    seen::one(&app, &officer, "pin", case.id).await?;
    let bytes = papers_of::pin_stub_pdf(&app, &case, &pin).await?;
    Ok(File::new("ma-bi-mat.pdf", bytes).into_response())
}
