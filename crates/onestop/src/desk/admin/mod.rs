//! `/noi-lam-viec/quan-tri`: accounts and posts, staff from a sheet, announced days. Administrators
//! only; one of a unit below the province keeps its own line and no calendar.

mod account;
mod accounts;
mod act;
mod act_form;
mod calendar;
mod calendar_form;
mod calendar_moves;
mod import;
mod new;
mod posts;
mod sheet;
#[cfg(test)]
mod tests;
mod told;
mod units;
mod words;

use super::shell;
use crate::app::{App, Officer};
use crate::jobs::staff as running;
use crate::refusals::refused;
use axum::Router;
use axum::routing::get;
use kernel::access::{StaffScope, staff_scope};
use kit::{Page, Refused, Visit};
use store::announcements::AnnounceError;
use store::cases::{CaseError, Env};
use store::staff::{SheetError, StaffError};
use store::{ActError, StoreError, Tx};

/// Where the pages of accounts begin.
const ACCOUNTS: &str = "/noi-lam-viec/quan-tri/tai-khoan";
/// Where the pages of units begin.
const UNITS: &str = "/noi-lam-viec/quan-tri/don-vi";
/// Where the pages of the calendar begin.
const CALENDAR: &str = "/noi-lam-viec/quan-tri/lich";

/// The routes of the room; `desk::ROUTES` names them too.
pub(super) fn routes() -> Router<App> {
    let base = "/noi-lam-viec/quan-tri";
    Router::new()
        .route(&format!("{base}/tai-khoan"), get(accounts::show))
        .route(&format!("{base}/tai-khoan/moi"), get(new::show).post(new::make))
        .route(&format!("{base}/tai-khoan/nhap"), get(import::show).post(import::perform))
        .route(&format!("{base}/tai-khoan/bang.csv"), get(accounts::table))
        .route(&format!("{base}/tai-khoan/{{account}}"), get(account::show))
        .route(
            &format!("{base}/tai-khoan/{{account}}/lam/{{act}}"),
            get(act::show).post(act::perform),
        )
        .route(&format!("{base}/don-vi"), get(units::show))
        .route(&format!("{base}/don-vi/bang.csv"), get(units::table))
        .route(&format!("{base}/lich"), get(calendar::show))
        .route(&format!("{base}/lich/moi"), get(calendar_form::show).post(calendar_form::perform))
        .route(
            &format!("{base}/lich/{{number}}/rut"),
            get(calendar_form::show_back).post(calendar_form::perform_back),
        )
}

/// The units whose accounts the officer keeps today.
///
/// # Errors
/// 403 for everybody who is no administrator.
fn scope(app: &App, officer: &Officer) -> Result<StaffScope, Refused> {
    let found = staff_scope(&officer.actor, &app.catalogue().tree, app.today());
    found.ok_or_else(|| Refused::forbidden().because("admin-only"))
}

/// The same, of the province alone.
///
/// # Errors
/// 403 for everybody else.
fn province(app: &App, officer: &Officer) -> Result<StaffScope, Refused> {
    let found = scope(app, officer)?;
    let whole = || Refused::forbidden().because("admin-only-province");
    found.is_whole().then_some(found).ok_or_else(whole)
}

/// The frame of a page of this room; `at` is the page among those at the side.
async fn page(
    app: &App,
    visit: &Visit,
    officer: &Officer,
    (title, at): (String, &str),
) -> Result<Page, Refused> {
    let around = shell::around(app, officer).await?;
    Ok(shell::page(app, visit, officer, &around, (title, at)))
}

/// Why something was not done.
#[derive(Debug)]
enum Failed {
    Case(CaseError),
    Staff(StaffError),
    Sheet(SheetError),
    Announce(AnnounceError),
}

impl From<CaseError> for Failed {
    fn from(error: CaseError) -> Self {
        Self::Case(error)
    }
}

impl From<StaffError> for Failed {
    fn from(error: StaffError) -> Self {
        Self::Staff(error)
    }
}

impl From<SheetError> for Failed {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::Staff(error) => Self::Staff(error),
            other => Self::Sheet(other),
        }
    }
}

impl From<AnnounceError> for Failed {
    fn from(error: AnnounceError) -> Self {
        Self::Announce(error)
    }
}

/// Does a unit of work; from its commit on the running program goes by who holds which post.
///
/// # Errors
/// Why it was not done.
async fn done<T, F>(app: &App, officer: &Officer, unit: F) -> Result<T, Failed>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>, &mut Env<'_>) -> Result<T, Failed> + Send + 'static,
{
    let answer = app.unit(&officer.actor, unit).await.map_err(|error| match error {
        ActError::Refused(refused) => refused,
        ActError::Store(store) => Failed::Case(CaseError::Store(store)),
    })?;
    running::take_over(app).await?;
    Ok(answer)
}

/// Where no form can say it better.
fn store_failed(error: StoreError) -> Refused {
    refused(CaseError::Store(error))
}
