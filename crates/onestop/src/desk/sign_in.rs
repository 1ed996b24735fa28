//! `/dang-nhap`, `/dang-xuat`: sign in by name and password. A wrong name and a wrong password get
//! the
//! same answer after the same work.

use super::HOME;
use crate::app::{App, ClientAddress, DemoAccount};
use crate::refusals::refused;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::access::Actor;
use kit::session::Realm;
use kit::{Check, Entries, Fault, Faults, Field, Page, Refused, Visit, redirect};
use store::accounts::{self, Account};
use store::bounds;
use store::limits::{self, Verdict};
use tokio::sync::Semaphore;

/// Passwords hashed at the same time; each takes 19 MiB and a core for some 20 ms.
const HASHES_AT_ONCE: usize = 2;
/// Seconds that a person is asked to wait when too many sign in at once.
const BUSY_S: u32 = 5;
/// Wrong tries with one name, existing or not, within the window before it must rest.
const TRIES_PER_NAME: u32 = 10;
/// Wrong tries from one address within the window before it must rest; an office of many officers
/// may share one address.
const TRIES_PER_ADDRESS: u32 = 60;
/// The window of those tries, in milliseconds.
const TRIES_WINDOW_MS: i64 = 15 * 60 * 1000;

static HASHING: Semaphore = Semaphore::const_new(HASHES_AT_ONCE);

#[derive(Template)]
#[template(path = "desk/sign_in.html")]
struct SignInPage {
    page: Page,
    name: Field,
    password: Field,
    failures: i64,
    minutes: i64,
    demo: Vec<DemoRow>,
}

struct DemoRow {
    login: String,
    password: String,
    name: String,
    note: String,
}

impl SignInPage {
    fn new(app: &App, visit: &Visit, entries: &Entries, faults: Faults) -> Self {
        let t = visit.t();
        let row = |a: &DemoAccount| DemoRow {
            login: a.login.clone(),
            password: a.password.clone(),
            name: a.name.clone(),
            note: crate::view::in_language(t, &a.note, &a.note_en),
        };
        Self {
            name: Field::text(t, "name", t.s("sign-in-name"))
                .autocomplete("username")
                .fill(entries, &faults),
            password: Field::password(t, "password", t.s("sign-in-password"))
                .autocomplete("current-password")
                .fill(entries, &faults),
            page: visit.page(t.s("sign-in-title")).at("/dang-nhap").faults(faults),
            failures: bounds::SIGN_IN_FAILURES_MAX,
            minutes: bounds::SIGN_IN_REST_MS / 60_000,
            demo: app.0.demo.iter().map(row).collect(),
        }
    }
}

/// GET: the form; the demo's accounts stand beside it in the demo only.
pub(super) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Refused> {
    if visit.session().is_some_and(|s| s.realm == Realm::Officer) {
        return Ok(redirect(HOME).into_response());
    }
    kit::html(&SignInPage::new(&app, &visit, visit.query(), Faults::new()))
}

/// POST: checks and begins a session.
pub(super) async fn enter(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let t = visit.t();
    let mut check = Check::new(&entries);
    let typed = check.required("name", &t.s("sign-in-name-what"), bounds::LOGIN_CHARS_MAX);
    if entries.get("password").unwrap_or_default().is_empty() {
        check.fault(
            Fault::new("password", "err-required").with("what", t.s("sign-in-password-what")),
        );
    }
    if let Err(faults) = check.done() {
        return kit::respond::html_faults(&SignInPage::new(&app, &visit, &entries, faults));
    }
    let password = entries.get("password").unwrap_or_default().to_owned();
    match proven(&app, &typed, password, &address).await? {
        Some(account) => {
            let id = account.id.to_string();
            let session = visit.kit().sign_in(&id, Realm::Officer).await;
            let session = session.map_err(|fault| {
                tracing::error!(%fault, "a session could not be kept");
                Refused::busy(BUSY_S)
            })?;
            let to = if account.must_change { super::gate::PASSWORD } else { HOME };
            Ok(redirect(to).signed_in(session).into_response())
        }
        None => {
            let faults: Faults = [Fault::new("name", "err-sign-in")].into_iter().collect();
            kit::respond::html_faults(&SignInPage::new(&app, &visit, &entries, faults))
        }
    }
}

/// The account whose password this is, `None` for anything else: no such name, wrong password, an
/// account that rests or is closed, an address that has tried too often. All of them cost one
/// hashing.
async fn proven(
    app: &App,
    typed: &str,
    password: String,
    address: &str,
) -> Result<Option<Account>, Refused> {
    let login = accounts::fold_login(typed).unwrap_or_default();
    let by_name = limits::key(&["sign-in", &login]);
    let by_address = limits::key(&["sign-in-address", address]);
    let now = app.now().0;
    let wanted = login.clone();
    let found = app.read(move |reader| {
        let verdicts = [
            limits::look(reader, &by_name, TRIES_PER_NAME, now)?,
            limits::look(reader, &by_address, TRIES_PER_ADDRESS, now)?,
        ];
        let account = accounts::by_login(reader, &wanted)?;
        Ok((account, verdicts == [Verdict::Allowed; 2]))
    });
    let (account, allowed) = found.await.map_err(refused)?;
    let account = account.filter(|a| allowed && a.may_try(now));
    let right = verified(account.as_ref().map(|a| a.password_phc.clone()), password).await?;
    let id = account.as_ref().map(|a| a.id);
    let note = move |tx: &mut store::Tx<'_>, _: &mut store::cases::Env<'_>| {
        if right {
            // The address keeps its count: one right password must not pay for guessing others.
            limits::clear(tx, &by_name)?;
        } else {
            limits::hit(tx, &by_name, TRIES_WINDOW_MS, TRIES_PER_NAME, now)?;
            limits::hit(tx, &by_address, TRIES_WINDOW_MS, TRIES_PER_ADDRESS, now)?;
        }
        if let Some(id) = id {
            accounts::note_sign_in(tx, id, right, now)?;
        }
        Ok(())
    };
    app.act(&Actor::system("sign-in"), note).await.map_err(refused)?;
    Ok(account.filter(|_| right))
}

/// Verifies away from the threads that serve pages, a few at a time.
pub(super) async fn verified(phc: Option<String>, password: String) -> Result<bool, Refused> {
    let permit = HASHING.acquire().await.map_err(|_| Refused::busy(BUSY_S))?;
    let work = move || accounts::verify_password(phc.as_deref(), &password);
    let right = tokio::task::spawn_blocking(work).await;
    drop(permit);
    right.map_err(|_| Refused::fault())
}

/// POST: ends the session.
pub(super) async fn leave(visit: Visit) -> Result<Response, Refused> {
    visit.kit().sign_out(&visit).await.map_err(|fault| {
        tracing::error!(%fault, "a session could not be ended");
        Refused::busy(BUSY_S)
    })?;
    Ok(redirect("/dang-nhap").signed_out().into_response())
}
