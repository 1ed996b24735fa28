//! `…/tai-khoan/{account}/lam/{act}`: one act on an account: what it will do, its form with the
//! ground, and the act itself.

use super::super::once::Sent;
use super::super::password::hashed;
use super::account::{Loaded, load};
use super::act_form::{Form, Kind};
use super::new::{SecretPage, Slip, secret};
use super::told::{Told, told};
use super::{ACCOUNTS, Failed, done, page, scope, words};
use crate::app::{App, Officer};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::access::StaffScope;
use kit::{Entries, Faults, Flash, Refused, Visit, redirect};
use store::staff::{self, Act};

/// Everything about one request.
pub(super) struct Request<'a> {
    pub(super) app: &'a App,
    pub(super) officer: &'a Officer,
    pub(super) visit: &'a Visit,
    pub(super) scope: StaffScope,
    pub(super) loaded: Loaded,
    pub(super) kind: Kind,
}

/// GET: what it will do, and the form.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path((address, act)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Refused> {
    let request = request(&app, &officer, &visit, (&address, &act)).await?;
    let entries = Form::begun(&request);
    Form::answer(&request, &entries, Faults::new(), (StatusCode::OK, String::new())).await
}

async fn request<'a>(
    app: &'a App,
    officer: &'a Officer,
    visit: &'a Visit,
    (address, act): (&str, &str),
) -> Result<Request<'a>, Refused> {
    let scope = scope(app, officer)?;
    let kind = Kind::from_key(act).ok_or_else(Refused::not_found)?;
    let loaded = load(app, &scope, address).await?;
    Ok(Request { app, officer, visit, scope, loaded, kind })
}

/// POST: does it, or looks for posts.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    Path((address, act)): Path<(String, String)>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let request = request(&app, &officer, &visit, (&address, &act)).await?;
    if entries.has("buoc", "tim") {
        let fine = (StatusCode::OK, String::new());
        return Form::answer(&request, &entries, Faults::new(), fine).await;
    }
    let unprocessable = (StatusCode::UNPROCESSABLE_ENTITY, String::new());
    let read = match Form::read(&request, &entries) {
        Ok(read) => read,
        Err(faults) => return Form::answer(&request, &entries, faults, unprocessable).await,
    };
    let password = matches!(read.act, Act::Reset { .. }).then(|| secret(&app));
    let act = match &password {
        Some(password) => {
            let phc = hashed(&app, password.clone()).await?.map_err(|_| Refused::fault())?;
            Act::Reset { phc }
        }
        None => read.act,
    };
    let (sent, id) = (Sent::of(&visit, &entries), request.loaded.account.id);
    let (seen, ground) = (read.seen, read.ground);
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        if sent.before(tx, env)?.is_some() {
            return Ok(true);
        }
        staff::act(tx, env, (id, Some(seen)), &act, &ground)?;
        sent.keep(tx, env, "done")?;
        Ok::<_, Failed>(false)
    };
    match done(&app, &officer, unit).await {
        Ok(false) if password.is_some() => slip(&request, password.unwrap_or_default()).await,
        Ok(again) => {
            let key = if again { "admin-done-before" } else { request.kind.done() };
            Ok(redirect(words::account_href(id)).flash(Flash::new(key)).into_response())
        }
        Err(failed) => match told(visit.t(), failed)? {
            Told::Fields(faults) => Form::answer(&request, &entries, faults, unprocessable).await,
            Told::Sentence(why) => {
                let conflict = (StatusCode::CONFLICT, why);
                Form::answer(&request, &entries, Faults::new(), conflict).await
            }
        },
    }
}

async fn slip(request: &Request<'_>, password: String) -> Result<Response, Refused> {
    let (t, account) = (request.visit.t(), &request.loaded.account);
    let (app, today) = (request.app, request.app.today());
    let post = request.loaded.held.iter().find(|h| h.valid.holds(today));
    let slip = Slip {
        name: account.display_name.clone(),
        login: account.login.clone(),
        password,
        post: post.map(|h| words::post(&app.catalogue(), t, &h.post)).unwrap_or_default(),
    };
    let title = (t.s("admin-secret-title"), ACCOUNTS);
    kit::html(&SecretPage {
        page: page(app, request.visit, request.officer, title).await?,
        lead: t.s("admin-secret-reset"),
        slips: vec![slip],
        back: words::account_href(account.id),
    })
}
