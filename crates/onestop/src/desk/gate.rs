//! The gate before all officers' pages: a live session of an account that may sign in, and a
//! password
//! that is the officer's own.

use crate::app::App;
use crate::refusals::refused;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kit::session::Realm;
use kit::{Refused, Visit, redirect};
use store::accounts::{self, Account};
use uuid::Uuid;

/// Where one changes a password; open to those who must.
pub(super) const PASSWORD: &str = "/noi-lam-viec/mat-khau";

/// Lets a request pass, or leads to the sign-in page. Without a session only reading leads there: a
/// sent form must not vanish unsaid.
pub(super) async fn gate(
    State(app): State<App>,
    visit: Visit,
    mut request: Request,
    next: Next,
) -> Response {
    let reading = request.method() == Method::GET && !visit.is_for_programs();
    match account(&app, &visit).await {
        Err(refused) => refused.into_response(),
        Ok(None) if reading && !visit.wants_fragment() => redirect("/dang-nhap").into_response(),
        Ok(None) => Refused::sign_in().into_response(),
        Ok(Some(account)) if account.must_change && visit.is_for_programs() => {
            Refused::forbidden().because("refused-forbidden-do").into_response()
        }
        Ok(Some(account)) if account.must_change && visit.path() != PASSWORD => {
            redirect(PASSWORD).into_response()
        }
        Ok(Some(account)) => {
            request.extensions_mut().insert(account);
            next.run(request).await
        }
    }
}

/// The account behind the visit, if it may sign in still.
async fn account(app: &App, visit: &Visit) -> Result<Option<Account>, Refused> {
    let session = visit.session().filter(|s| s.realm == Realm::Officer);
    let id = session.and_then(|s| Uuid::parse_str(&s.account_id).ok());
    let Some(id) = id else { return Ok(None) };
    let found = app.read(move |reader| Ok(accounts::by_id(reader, id)?)).await;
    Ok(found.map_err(refused)?.filter(|account| account.active))
}
