//! `/noi-lam-viec/phien`: where an account is signed in; one can end one session or all others.

use super::{HOME, shell};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::calendar::Instant;
use kit::{Entries, Flash, Page, Refused, Visit, redirect};
use store::accounts::Account;
use store::sessions::{self, Session};

struct SessionRow {
    agent: String,
    began: String,
    used: String,
    this: bool,
    key: String,
}

#[derive(Template)]
#[template(path = "desk/sessions.html")]
struct SessionsPage {
    page: Page,
    rows: Vec<SessionRow>,
    others: bool,
}

/// What names a session in a form: the digest that the table keeps of its token.
fn key(session: &Session) -> String {
    session.token_hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// GET: the list.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Extension(account): Extension<Account>,
    visit: Visit,
) -> Result<Response, Refused> {
    let (id, now) = (account.id, app.now().0);
    let read = app.read(move |reader| Ok(sessions::by_account(reader, id, now)?));
    let found = read.await.map_err(refused)?;
    let around = shell::around(&app, &officer).await?;
    let t = visit.t();
    let csrf = visit.session().map(|s| s.csrf_secret).unwrap_or_default();
    let moment = |ms: i64| t.moment(view::when(Instant(ms)), visit.now());
    let row = |s: &Session| SessionRow {
        agent: if s.user_agent.is_empty() {
            t.s("desk-session-unknown")
        } else {
            s.user_agent.clone()
        },
        began: moment(s.created_at_ms),
        used: moment(s.last_seen_at_ms),
        this: s.csrf == csrf,
        key: key(s),
    };
    let rows: Vec<SessionRow> = found.iter().map(row).collect();
    let others = rows.iter().any(|r| !r.this);
    let page = shell::page(&app, &visit, &officer, &around, (t.s("desk-nav-sessions"), ""));
    kit::html(&SessionsPage { page, rows, others })
}

/// POST: ends one (`phien`) or all others (`khac`).
pub(super) async fn end(
    State(app): State<App>,
    officer: Officer,
    Extension(account): Extension<Account>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let csrf = visit.session().map(|s| s.csrf_secret).unwrap_or_default();
    let (id, wanted) = (account.id, entries.text("phien").to_owned());
    let all = entries.has("khac", "1");
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        let mine = sessions::by_account(tx, id, env.now.0)?;
        if all {
            let this = mine.iter().find(|s| s.csrf == csrf).map(|s| s.token_hash);
            return Ok(sessions::end_all(tx, id, this.as_ref(), env.now.0)?);
        }
        // Only one's own sessions are looked through: a foreign digest ends nothing.
        match mine.iter().find(|s| key(s) == wanted) {
            Some(session) => Ok(usize::from(sessions::end(tx, &session.token_hash, env.now.0)?)),
            None => Ok(0),
        }
    };
    let ended = app.act(&officer.actor, unit).await.map_err(refused)?;
    let flash = Flash::new("desk-sessions-ended").with("n", ended);
    Ok(redirect(format!("{HOME}/phien")).flash(flash).into_response())
}
