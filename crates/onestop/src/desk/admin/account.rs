//! `…/tai-khoan/{account}`: one account: how it stands, its posts with their days, where it is
//! signed in, and who changed what on what ground.

use super::{ACCOUNTS, page, scope, words};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view::{self, Names};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::access::StaffScope;
use kernel::calendar::Instant;
use kernel::ids::AccountId;
use kernel::org::Holding;
use kit::pieces::{Tag, Tone};
use kit::{Page, Refused, Visit};
use store::accounts::{self, Account};
use store::sessions;
use store::staff::{self, Recorded};
use uuid::Uuid;

struct PostRow {
    post: String,
    key: String,
    when: String,
    standing: Tag,
    acts: Vec<(String, String)>,
}

struct Told {
    when: String,
    who: String,
    what: String,
    ground: String,
}

#[derive(Template)]
#[template(path = "desk/admin_account.html")]
struct AccountPage {
    page: Page,
    login: String,
    status: Tag,
    resting: String,
    sessions: usize,
    posts: Vec<PostRow>,
    lent: Vec<String>,
    acts: Vec<(String, String)>,
    appoint: String,
    told: Vec<Told>,
}

/// What pages and acts of one account need.
pub(super) struct Loaded {
    pub(super) account: Account,
    pub(super) key: AccountId,
    pub(super) held: Vec<Holding>,
    pub(super) place: u64,
    sessions: usize,
    history: Vec<Recorded>,
    names: Names,
}

/// Reads an account in reach; foreign and unknown look the same.
///
/// # Errors
/// 404, or what the store says.
pub(super) async fn load(app: &App, scope: &StaffScope, address: &str) -> Result<Loaded, Refused> {
    let id = Uuid::parse_str(address).map_err(|_| Refused::not_found())?;
    let now = app.now();
    let read = app.read(move |reader| {
        let Some(account) = accounts::by_id(reader, id)? else { return Ok(None) };
        let history = staff::history(reader, id)?;
        let by = history.iter().flat_map(|r| [Some(&r.by), r.on_behalf_of.as_ref()]).flatten();
        let names = Names::read(reader, by.map(String::as_str))?;
        Ok(Some(Loaded {
            key: AccountId(id.to_string()),
            held: Vec::new(),
            place: staff::place(reader, id)?,
            sessions: sessions::by_account(reader, id, now.0)?.len(),
            account,
            history,
            names,
        }))
    });
    let mut loaded = read.await.map_err(refused)?.ok_or_else(Refused::not_found)?;
    let catalogue = app.catalogue();
    let theirs = catalogue.staff.holdings().iter().filter(|h| h.account == loaded.key);
    let theirs: Vec<&Holding> = theirs.collect();
    let mine = staff::in_scope(scope, (&loaded.key, &theirs), &catalogue, app.today());
    mine.ok_or_else(Refused::not_found)?;
    loaded.held = theirs.into_iter().cloned().collect();
    loaded.held.sort_by(|a, b| b.valid.from.cmp(&a.valid.from).then(a.post.cmp(&b.post)));
    Ok(loaded)
}

/// GET: the account.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let scope = scope(&app, &officer)?;
    let loaded = load(&app, &scope, &address).await?;
    let (t, catalogue, now) = (visit.t(), app.catalogue(), app.now());
    let account = &loaded.account;
    let href = words::account_href(account.id);
    let moment = |ms: i64| t.moment(view::when(Instant(ms)), visit.now());
    let told = |recorded: &Recorded| Told {
        when: moment(recorded.at_ms),
        who: match &recorded.on_behalf_of {
            Some(other) => t.a2(
                "admin-by-for",
                "who",
                loaded.names.of(t, &recorded.by),
                "for",
                loaded.names.of(t, other),
            ),
            None => loaded.names.of(t, &recorded.by),
        },
        what: words::event(&catalogue, t, &recorded.change.event),
        ground: recorded.change.ground.clone(),
    };
    let lent = catalogue.staff.delegations(&loaded.key, app.today());
    let lent = lent.into_iter().filter(|d| d.to == loaded.key);
    let resting = account.locked_until_ms.filter(|until| *until > now.0);
    let title = (account.display_name.clone(), ACCOUNTS);
    let posts = Posts { app: &app, visit: &visit, loaded: &loaded, href: &href };
    kit::html(&AccountPage {
        page: page(&app, &visit, &officer, title).await?,
        login: account.login.clone(),
        status: words::status(t, account, now.0),
        resting: resting.map(moment).unwrap_or_default(),
        sessions: loaded.sessions,
        posts: loaded.held.iter().map(|holding| posts.row(holding)).collect(),
        lent: lent.map(|d| words::post(&catalogue, t, &d.post)).collect(),
        acts: posts.acts(&officer, resting.is_some()),
        appoint: format!("{href}/lam/bo-nhiem"),
        told: loaded.history.iter().rev().map(told).collect(),
    })
}

struct Posts<'a> {
    app: &'a App,
    visit: &'a Visit,
    loaded: &'a Loaded,
    href: &'a str,
}

impl Posts<'_> {
    fn row(&self, holding: &Holding) -> PostRow {
        let (t, today, valid) = (self.visit.t(), self.app.today(), holding.valid);
        let query = format!("post={}&tu={}", words::encoded(&holding.post), valid.from);
        let act = |act: &str, key: &str| (format!("{}/lam/{act}?{query}", self.href), t.s(key));
        let (tone, word, acts) = if valid.from > today {
            let acts = vec![act("huy", "admin-act-huy"), act("den-ngay", "admin-act-den-ngay")];
            (Tone::New, "admin-post-later", acts)
        } else if valid.holds(today) {
            let acts =
                vec![act("den-ngay", "admin-act-den-ngay"), act("chuyen", "admin-act-chuyen")];
            (Tone::Ok, "admin-post-now", acts)
        } else {
            (Tone::Stop, "admin-post-over", Vec::new())
        };
        PostRow {
            post: words::post(&self.app.catalogue(), t, &holding.post),
            key: holding.post.clone(),
            when: words::validity(t, valid),
            standing: Tag::new(tone, t.s(word)),
            acts,
        }
    }

    /// Acts on the account itself that make sense now.
    fn acts(&self, officer: &Officer, resting: bool) -> Vec<(String, String)> {
        let (t, account) = (self.visit.t(), &self.loaded.account);
        let oneself = officer.account == self.loaded.key;
        let all = [
            ("ten", true),
            ("mat-khau", !oneself),
            ("mo-khoa", resting),
            ("ket-thuc-phien", self.loaded.sessions > 0 && !oneself),
            ("khoa", account.active && !oneself),
            ("mo", !account.active),
        ];
        let link =
            |act: &str| (format!("{}/lam/{act}", self.href), t.s(&format!("admin-act-{act}")));
        all.into_iter().filter(|(_, shown)| *shown).map(|(act, _)| link(act)).collect()
    }
}
