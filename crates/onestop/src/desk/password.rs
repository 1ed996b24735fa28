//! `/noi-lam-viec/mat-khau`: change one's own password; those who must are led here first. All
//! other
//! sessions of the account end with the old password.

use super::{HOME, sign_in};
use crate::app::{App, Officer};
use crate::refusals::refused;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kit::{Check, Entries, Fault, Faults, Field, Flash, Page, Refused, Visit, redirect};
use rand::SeedableRng;
use rand::rngs::StdRng;
use store::accounts::{self, Account, CredentialError};
use store::{bounds, sessions};

#[derive(Template)]
#[template(path = "desk/password.html")]
struct PasswordPage {
    page: Page,
    must: bool,
    old: Field,
    new: Field,
    again: Field,
}

impl PasswordPage {
    fn new(visit: &Visit, account: &Account, entries: &Entries, faults: Faults) -> Self {
        let t = visit.t();
        let field = |name: &str, key: &str, auto: &str| {
            Field::password(t, name, t.s(key)).autocomplete(auto).fill(entries, &faults)
        };
        let hint = t.a1("desk-password-hint", "n", bounds::PASSWORD_CHARS_MIN);
        Self {
            old: field("old", "desk-password-old", "current-password"),
            new: field("new", "desk-password-new", "new-password").hint(hint),
            again: field("again", "desk-password-again", "new-password"),
            must: account.must_change,
            page: visit.page(t.s("desk-nav-password")).faults(faults),
        }
    }
}

/// GET: the form.
pub(super) async fn show(
    Extension(account): Extension<Account>,
    visit: Visit,
) -> Result<Response, Refused> {
    kit::html(&PasswordPage::new(&visit, &account, visit.query(), Faults::new()))
}

/// POST: checks the old one and sets the new one.
pub(super) async fn change(
    State(app): State<App>,
    officer: Officer,
    Extension(account): Extension<Account>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let (old, new) =
        (entries.get("old").unwrap_or_default(), entries.get("new").unwrap_or_default());
    let mut check = Check::new(&entries);
    if !sign_in::verified(Some(account.password_phc.clone()), old.to_owned()).await? {
        check.fault(Fault::new("old", "err-password-old"));
    }
    if new != entries.get("again").unwrap_or_default() {
        check.fault(Fault::new("again", "err-password-again"));
    }
    if new == old {
        check.fault(Fault::new("new", "err-password-same"));
    }
    let phc = match hashed(&app, new.to_owned()).await? {
        Ok(phc) => phc,
        Err(error) => {
            let (key, n) = match error {
                CredentialError::TooLong => ("err-long", bounds::PASSWORD_CHARS_MAX),
                _ => ("err-password-short", bounds::PASSWORD_CHARS_MIN),
            };
            check.fault(Fault::new("new", key).with("n", n).with("max", n));
            String::new()
        }
    };
    if let Err(faults) = check.done() {
        return kit::respond::html_faults(&PasswordPage::new(&visit, &account, &entries, faults));
    }
    let (id, csrf) = (account.id, visit.session().map(|s| s.csrf_secret).unwrap_or_default());
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        accounts::set_password(tx, id, &phc, false, env.now.0)?;
        let mine = sessions::by_account(tx, id, env.now.0)?;
        let this = mine.into_iter().find(|s| s.csrf == csrf).map(|s| s.token_hash);
        sessions::end_all(tx, id, this.as_ref(), env.now.0)?;
        Ok(())
    };
    app.act(&officer.actor, unit).await.map_err(refused)?;
    Ok(redirect(HOME).flash(Flash::new("desk-password-done")).into_response())
}

/// Hashes away from the threads that serve pages.
pub(super) async fn hashed(
    app: &App,
    new: String,
) -> Result<Result<String, CredentialError>, Refused> {
    let mut seed = [0; 32];
    app.0.chance.fill(&mut seed);
    let work = move || accounts::hash_password(&mut StdRng::from_seed(seed), &new);
    tokio::task::spawn_blocking(work).await.map_err(|_| Refused::fault())
}
