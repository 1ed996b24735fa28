//! `/noi-lam-viec/nhat-ky-truy-cap`: who read whose data, for auditors and administrators: by
//! person or
//! by case, newest first. Looking here is itself recorded.

use super::{HOME, shell};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{seen, view};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::access::Actor;
use kernel::calendar::Instant;
use kernel::org::Role;
use kit::limits::PAGE_ROWS;
use kit::{Page, Refused, T, Visit};
use store::audit::{self, AccessRecord};
use store::{accounts, cases};
use view::Names;

/// Longest search, in characters.
const TYPED_CHARS_MAX: usize = 100;

/// Who may read the access records.
pub(super) fn may(actor: &Actor) -> bool {
    actor.has_role(Role::Auditor) || actor.has_role(Role::Administrator)
}

struct Row {
    number: u64,
    when: String,
    who: String,
    act: String,
    case: String,
    filter: String,
    count: u64,
}

#[derive(Template)]
#[template(path = "desk/records.html")]
struct RecordsPage {
    page: Page,
    login: String,
    code: String,
    asked: bool,
    rows: Vec<Row>,
    next: String,
}

/// GET: `?nguoi=` a sign-in name, or `?ma=` a case code.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    if !may(&officer.actor) {
        return Err(Refused::forbidden());
    }
    let text =
        |name: &str| -> String { visit.query().text(name).chars().take(TYPED_CHARS_MAX).collect() };
    let (login, code) = (text("nguoi"), text("ma"));
    let before = visit.query().text("truoc").parse::<u64>().ok();
    let asked = !login.is_empty() || !code.is_empty();
    let (who, which) = (login.clone(), code.clone());
    let read = app.read(move |reader| {
        let limit = u32::try_from(PAGE_ROWS + 1).unwrap_or(26);
        let records = if !which.is_empty() {
            let which = which.to_uppercase();
            let found = match cases::by_code(reader, &which)? {
                Some(found) => Some(found),
                None => cases::by_tracking(reader, &which)?,
            };
            match found {
                Some(found) => audit::by_case(reader, found.case.id.0, before, limit)?,
                None => Vec::new(),
            }
        } else {
            let login = accounts::fold_login(&who).unwrap_or_default();
            match accounts::by_login(reader, &login)? {
                Some(account) => audit::by_actor(reader, &account.id.to_string(), before, limit)?,
                None => Vec::new(),
            }
        };
        let names = Names::read(reader, records.iter().map(|r| r.access.actor.as_str()))?;
        let mut codes = Vec::with_capacity(records.len());
        for record in &records {
            let found = match record.access.case_id {
                Some(id) => cases::by_id(reader, id)?,
                None => None,
            };
            codes.push(found.map(|s| s.case.name().to_owned()).unwrap_or_default());
        }
        Ok((records, names, codes))
    });
    let (records, names, codes) = read.await.map_err(refused)?;
    if asked {
        let filter = format!("records words={}", seen::digest(&visit, &format!("{login} {code}")));
        seen::many(&app, &officer, "audit", &filter, Vec::new()).await?;
    }
    let around = shell::around(&app, &officer).await?;
    let t = visit.t();
    let title = (t.s("desk-nav-records"), "/noi-lam-viec/nhat-ky-truy-cap");
    let last = records.get(PAGE_ROWS - 1).filter(|_| records.len() > PAGE_ROWS);
    let next = last.map(|r| next_href(&login, &code, r.number)).unwrap_or_default();
    let shown = records.iter().zip(&codes).take(PAGE_ROWS);
    kit::html(&RecordsPage {
        page: shell::page(&app, &visit, &officer, &around, title),
        rows: shown.map(|(r, code)| row(t, visit.now(), &names, r, code)).collect(),
        login,
        code,
        asked,
        next,
    })
}

/// Sign-in names and codes need no more than this to stand in an address.
fn next_href(login: &str, code: &str, before: u64) -> String {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_ascii_alphanumeric() || "._-@/".contains(*c)).collect()
    };
    format!("{HOME}/nhat-ky-truy-cap?nguoi={}&ma={}&truoc={before}", plain(login), plain(code))
}

fn row(t: T, now: kit::When, names: &Names, record: &AccessRecord, code: &str) -> Row {
    let access = &record.access;
    let key = format!("desk-record-{}", access.act.replace('_', "-"));
    Row {
        number: record.number,
        when: t.moment(view::when(Instant(access.at_ms)), now),
        who: names.of(t, &access.actor),
        act: if t.has(&key) { t.s(&key) } else { access.act.clone() },
        case: code.to_owned(),
        filter: access.filter.clone().unwrap_or_default(),
        count: record.count,
    }
}
