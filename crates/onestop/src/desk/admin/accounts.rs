//! `…/tai-khoan`: the accounts that an administrator keeps, by sign-in name, with search; and the
//! same as a table for a sheet, which the import takes back.

use super::{ACCOUNTS, page, scope, words};
use crate::app::{App, Officer};
use crate::refusals::refused;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::access::StaffScope;
use kernel::calendar::Date;
use kernel::catalogue::Catalogue;
use kernel::fold::fold;
use kernel::ids::AccountId;
use kernel::org::Holding;
use kit::limits::PAGE_ROWS;
use kit::pieces::Tag;
use kit::{File, Page, Refused, Visit};
use std::collections::HashMap;
use store::accounts::{self, Account};
use store::{bounds, staff};

/// Standings that one may ask for: key in addresses and in texts.
const STANDINGS: [&str; 5] = ["all", "open", "closed", "resting", "first"];

struct Row {
    href: String,
    login: String,
    name: String,
    posts: Vec<String>,
    status: Tag,
}

struct Chip {
    href: String,
    label: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "desk/admin_accounts.html")]
struct AccountsPage {
    page: Page,
    typed: String,
    standing: &'static str,
    standings: Vec<Chip>,
    rows: Vec<Row>,
    total: usize,
    next: String,
    whole: bool,
}

/// GET: the list.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let scope = scope(&app, &officer)?;
    let (t, query, now) = (visit.t(), visit.query(), app.now());
    let typed = query.text("q").to_owned();
    let standing = STANDINGS.into_iter().find(|s| *s == query.text("tt")).unwrap_or("all");
    let kept = kept(&app, &scope).await?;
    let catalogue = app.catalogue();
    let folded = fold(&typed);
    let wanted: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let stands = |account: &Account| match standing {
        "open" => account.active,
        "closed" => !account.active,
        "resting" => account.locked_until_ms.is_some_and(|until| until > now.0),
        "first" => account.active && account.must_change,
        _ => true,
    };
    let fits = |one: &&Kept| stands(&one.account) && one.has(&catalogue, &wanted);
    let found: Vec<&Kept> = kept.iter().filter(fits).collect();
    let after = query.text("sau");
    let rest: Vec<&&Kept> = found.iter().filter(|one| one.account.login.as_str() > after).collect();
    let address = |standing: &str, after: &str| {
        let q = words::encoded(&typed);
        let after = if after.is_empty() {
            String::new()
        } else {
            format!("&sau={}", words::encoded(after))
        };
        format!("{ACCOUNTS}?q={q}&tt={standing}{after}")
    };
    let shown: Vec<&Kept> = rest.iter().take(PAGE_ROWS).map(|one| **one).collect();
    let last = shown.last().filter(|_| rest.len() > PAGE_ROWS);
    let next = last.map(|one| address(standing, &one.account.login)).unwrap_or_default();
    let row = |one: &&Kept| Row {
        href: words::account_href(one.account.id),
        login: one.account.login.clone(),
        name: one.account.display_name.clone(),
        posts: one.today(app.today()).map(|h| words::post(&catalogue, t, &h.post)).collect(),
        status: words::status(t, &one.account, now.0),
    };
    let chip = |key: &'static str| Chip {
        href: address(key, ""),
        label: t.s(&format!("admin-standing-{key}")),
        current: key == standing,
    };
    kit::html(&AccountsPage {
        rows: shown.iter().map(row).collect(),
        total: found.len(),
        standings: STANDINGS.map(chip).into_iter().collect(),
        page: page(&app, &visit, &officer, (t.s("admin-nav-accounts"), ACCOUNTS)).await?,
        whole: scope.is_whole(),
        typed,
        standing,
        next,
    })
}

/// An account with its appointments, all of them.
struct Kept {
    account: Account,
    held: Vec<Holding>,
}

impl Kept {
    fn today(&self, day: Date) -> impl Iterator<Item = &Holding> {
        self.held.iter().filter(move |holding| holding.valid.holds(day))
    }

    /// Whether name, sign-in name or one of its posts has all words.
    fn has(&self, catalogue: &Catalogue, wanted: &[&str]) -> bool {
        if wanted.is_empty() {
            return true;
        }
        let mut text = format!("{} {}", self.account.login, self.account.display_name);
        for holding in &self.held {
            let post = catalogue.staff.post(&holding.post);
            let unit = post.and_then(|post| catalogue.tree.unit(&post.unit));
            let title = post.map(|post| post.title.as_str()).unwrap_or_default();
            let unit = unit.map(|unit| unit.name.as_str()).unwrap_or_default();
            text.push_str(&format!(" {title} {unit}"));
        }
        let text = fold(&text);
        wanted.iter().all(|word| text.split(' ').any(|one| one.starts_with(word)))
    }
}

/// The accounts in reach, by sign-in name.
async fn kept(app: &App, scope: &StaffScope) -> Result<Vec<Kept>, Refused> {
    let read = app.read(|reader| {
        let mut all: Vec<Account> = Vec::new();
        loop {
            let after = all.last().map(|one| one.login.clone()).unwrap_or_default();
            let page = accounts::list(reader, &after, bounds::LIST_MAX)?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    });
    let all = read.await.map_err(refused)?;
    let (catalogue, today) = (app.catalogue(), app.today());
    let mut held: HashMap<&AccountId, Vec<&Holding>> = HashMap::new();
    for holding in catalogue.staff.holdings() {
        held.entry(&holding.account).or_default().push(holding);
    }
    let mut kept = Vec::new();
    for account in all {
        let key = AccountId(account.id.to_string());
        let theirs = held.get(&key).map(Vec::as_slice).unwrap_or_default();
        if staff::in_scope(scope, (&key, theirs), &catalogue, today).is_some() {
            let held = theirs.iter().map(|holding| (*holding).clone()).collect();
            kept.push(Kept { account, held });
        }
    }
    Ok(kept)
}

/// GET `…/bang.csv`: one line an appointment that is not over, as the import takes it.
pub(super) async fn table(State(app): State<App>, officer: Officer) -> Result<Response, Refused> {
    let scope = scope(&app, &officer)?;
    let (kept, today) = (kept(&app, &scope).await?, app.today());
    let mut out = csv::Writer::from_writer(Vec::new());
    let fault = |_| Refused::fault();
    out.write_record(super::sheet::HEADS).map_err(fault)?;
    for one in kept.iter().filter(|one| one.account.active) {
        let open = |h: &&Holding| h.valid.to.is_none_or(|to| to >= today);
        for holding in one.held.iter().filter(open) {
            let (from, to) = (holding.valid.from, holding.valid.to);
            let to = to.map(|to| to.to_string()).unwrap_or_default();
            let (login, name) = (&one.account.login, &one.account.display_name);
            let row = [login.as_str(), name, &holding.post, &from.to_string(), &to];
            out.write_record(row.map(super::sheet::plain)).map_err(fault)?;
        }
    }
    let bytes = out.into_inner().map_err(|_| Refused::fault())?;
    // The mark by which spreadsheet programs know the encoding.
    let bytes = [b"\xEF\xBB\xBF".as_slice(), &bytes].concat();
    Ok(File::new("can-bo.csv", bytes).saved().into_response())
}
