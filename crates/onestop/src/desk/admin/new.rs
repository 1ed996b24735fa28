//! `…/tai-khoan/moi`: a new account with its first post. The first password is made here, shown
//! once, and must be changed at the first sign-in.

use super::super::once::Sent;
use super::super::password::hashed;
use super::posts::Picker;
use super::told::{Told, told};
use super::{ACCOUNTS, Failed, done, page, scope, words};
use crate::app::{App, Officer};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::access::StaffScope;
use kernel::calendar::Date;
use kernel::limits::{GROUND_CHARS, NAME_CHARS};
use kernel::org::Validity;
use kit::{Check, Entries, Fault, Faults, Field, Flash, Page, Refused, Visit, redirect};
use store::accounts::{self, NewAccount};
use store::bounds::LOGIN_CHARS_MAX;
use store::staff::{self, NewStaff};
use uuid::Uuid;

/// Letters of first passwords: none that is taken for another on paper.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Letters of one: 31 to the power of 12 is more than 2 to the power of 59.
const SECRET_CHARS: usize = 12;

#[derive(Template)]
#[template(path = "desk/admin_new.html")]
struct NewPage {
    page: Page,
    refusal: String,
    login: Field,
    name: Field,
    picker: Picker,
    from: Field,
    to: Field,
    ground: Field,
}

/// A first password with where its account stands, shown once.
#[derive(Template)]
#[template(path = "desk/admin_secret.html")]
pub(super) struct SecretPage {
    pub(super) page: Page,
    pub(super) lead: String,
    pub(super) slips: Vec<Slip>,
    pub(super) back: String,
}

/// What goes to one person, on paper.
pub(super) struct Slip {
    pub(super) name: String,
    pub(super) login: String,
    pub(super) password: String,
    pub(super) post: String,
}

/// A first password that people can read and type: three groups of four.
pub(super) fn secret(app: &App) -> String {
    let mut bytes = [0; SECRET_CHARS];
    app.0.chance.fill(&mut bytes);
    let letter = |b: &u8| LETTERS.get(usize::from(*b) % LETTERS.len()).copied().unwrap_or(b'a');
    let letters: Vec<u8> = bytes.iter().map(letter).collect();
    let groups = letters.chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join("-")
}

/// A random id.
pub(super) fn fresh_id(app: &App) -> Uuid {
    let mut bytes = [0; 16];
    app.0.chance.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// GET: the form.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let scope = scope(&app, &officer)?;
    let mut known: Vec<(String, String)> =
        visit.query().pairs().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    if visit.query().get("from-d").is_none() {
        known.extend(words::parts("from", app.today()));
    }
    let entries = Entries::from_pairs(known);
    let request = Request { app: &app, officer: &officer, visit: &visit, scope };
    request.form(&entries, Faults::new(), (StatusCode::OK, String::new())).await
}

/// POST: looks for posts, or makes the account.
pub(super) async fn make(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let scope = scope(&app, &officer)?;
    let request = Request { app: &app, officer: &officer, visit: &visit, scope };
    if entries.has("buoc", "tim") {
        return request.form(&entries, Faults::new(), (StatusCode::OK, String::new())).await;
    }
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let (new, ground) = match request.read(&entries) {
        Ok(read) => read,
        Err(faults) => return request.form(&entries, faults, (unprocessable, String::new())).await,
    };
    let password = secret(&app);
    let phc = hashed(&app, password.clone()).await?.map_err(|_| Refused::fault())?;
    let account = NewAccount { password_phc: phc, ..new.account };
    let new = NewStaff { account, ..new };
    let sent = Sent::of(&visit, &entries);
    let (kept, id) = (new.clone(), new.account.id.to_string());
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        if let Some(before) = sent.before(tx, env)? {
            return Ok(Some(before));
        }
        staff::add(tx, env, &kept, &ground)?;
        sent.keep(tx, env, &id)?;
        Ok::<_, Failed>(None)
    };
    match done(&app, &officer, unit).await {
        Ok(None) => request.slip(&new, password).await,
        // The password was shown with the first answer and is kept nowhere.
        Ok(Some(id)) => {
            let flash = Flash::new("admin-made-before");
            Ok(redirect(format!("{ACCOUNTS}/{id}")).flash(flash).into_response())
        }
        Err(failed) => match told(visit.t(), failed)? {
            Told::Fields(faults) => {
                request.form(&entries, faults, (unprocessable, String::new())).await
            }
            Told::Sentence(why) => {
                request.form(&entries, Faults::new(), (StatusCode::CONFLICT, why)).await
            }
        },
    }
}

struct Request<'a> {
    app: &'a App,
    officer: &'a Officer,
    visit: &'a Visit,
    scope: StaffScope,
}

impl Request<'_> {
    fn read(&self, entries: &Entries) -> Result<(NewStaff, String), Faults> {
        let (t, mut check) = (self.visit.t(), Check::new(entries));
        let login = check.required("login", &t.s("admin-login-what"), LOGIN_CHARS_MAX);
        let folded = accounts::fold_login(&login);
        if !login.is_empty() && folded.is_err() {
            check.fault(Fault::new("login", "admin-err-login"));
        }
        let name = check.required("name", &t.s("admin-name-what"), NAME_CHARS);
        let post = entries.text("post").to_owned();
        if post.is_empty() {
            check.fault(Fault::new("post", "err-choose").with("what", t.s("admin-post-what")));
        }
        let from = check.required_date("from", &t.s("admin-from-what")).and_then(words::date);
        let to = check.date("to").and_then(words::date);
        let ground = check.required("ground", &t.s("admin-ground-what"), GROUND_CHARS);
        check.done()?;
        let from: Date = from.unwrap_or_else(|| self.app.today());
        let account = NewAccount {
            id: fresh_id(self.app),
            login: folded.unwrap_or_default(),
            password_phc: String::new(),
            display_name: name,
            must_change: true,
        };
        Ok((NewStaff { account, post, valid: Validity { from, to } }, ground))
    }

    async fn form(
        &self,
        entries: &Entries,
        faults: Faults,
        (status, refusal): (StatusCode, String),
    ) -> Result<Response, Refused> {
        let t = self.visit.t();
        let title = (t.s("admin-new-title"), ACCOUNTS);
        let page = page(self.app, self.visit, self.officer, title).await?;
        let login = Field::text(t, "login", t.s("admin-login")).hint(t.s("admin-login-hint"));
        let name = Field::text(t, "name", t.s("admin-name"));
        let from = Field::date(t, "from", t.s("admin-from"));
        let to = Field::date(t, "to", t.s("admin-to")).hint(t.s("admin-to-hint")).optional();
        let ground = Field::text(t, "ground", t.s("admin-ground")).hint(t.s("admin-ground-hint"));
        let catalogue = self.app.catalogue();
        let reach = (&self.scope, self.app.today());
        kit::respond::html_status(
            status,
            &NewPage {
                refusal,
                login: login.width("20").autocomplete("off").focus().fill(entries, &faults),
                name: name.autocomplete("off").fill(entries, &faults),
                picker: Picker::new((&catalogue, t), reach, (entries, &faults)),
                from: from.fill(entries, &faults),
                to: to.fill(entries, &faults),
                ground: ground.fill(entries, &faults),
                page: page.faults(faults),
            },
        )
    }

    async fn slip(&self, new: &NewStaff, password: String) -> Result<Response, Refused> {
        let t = self.visit.t();
        let title = (t.s("admin-secret-title"), ACCOUNTS);
        let slip = Slip {
            name: new.account.display_name.clone(),
            login: new.account.login.clone(),
            password,
            post: words::post(&self.app.catalogue(), t, &new.post),
        };
        kit::html(&SecretPage {
            page: page(self.app, self.visit, self.officer, title).await?,
            lead: t.s("admin-secret-new"),
            slips: vec![slip],
            back: words::account_href(new.account.id),
        })
    }
}
