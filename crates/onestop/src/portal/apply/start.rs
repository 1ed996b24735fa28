//! `/nop/{code}`: choosing the desk that receives; then a draft begins.

use super::draft;
use crate::app::{App, ClientAddress};
use crate::refusals::refused;
use crate::view;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::access::Actor;
use kernel::calendar::{Channel, Date};
use kernel::case::Refusal;
use kernel::catalogue::{Catalogue, is_internal};
use kernel::fold;
use kernel::ids::{ProcedureCode, UnitId};
use kernel::org::Unit;
use kernel::procedure::Edition;
use kit::{Entries, Fault, Faults, Field, Page, Refused, T, Visit, redirect};
use std::sync::Arc;
use store::cases::CaseError;
use store::limits::{self, Verdict};

/// Drafts that one address may begin within the window; a library or an office shares one.
const DRAFTS_PER_ADDRESS: u32 = 60;
/// The window of those drafts, in milliseconds: an hour.
const DRAFTS_WINDOW_MS: i64 = 3_600_000;
/// Desks shown at once; more asks for a few letters.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "portal/start.html")]
struct StartPage {
    page: Page,
    code: String,
    name: String,
    query: String,
    search: bool,
    desk: Field,
    shown: usize,
    found: usize,
}

/// The edition that can be filed under here today, or why not.
fn open_edition(app: &App, catalogue: &Catalogue, code: &str) -> Result<Arc<Edition>, Refused> {
    let (code, day) = (ProcedureCode::from(code), app.today());
    let edition = catalogue.in_force(&code, day).filter(|e| !is_internal(&e.code));
    let edition = edition.ok_or_else(|| Refused::not_found().because("proc-unknown"))?;
    let refuse = |refusal: Refusal| Err(refused(CaseError::Refused(refusal)));
    if catalogue.profile_on(day).is_some_and(|p| !p.local_filing) {
        return refuse(Refusal::LocalFilingClosed);
    }
    if !edition.takes(Channel::Online) {
        return refuse(Refusal::Channel);
    }
    Ok(Arc::clone(edition))
}

/// The desks that receive a procedure on a day, in order of name.
pub(crate) fn desks<'c>(catalogue: &'c Catalogue, edition: &Edition, day: Date) -> Vec<&'c Unit> {
    let receives = |unit: &&Unit| {
        unit.kind == "desk"
            && unit.valid.holds(day)
            && edition.levels.contains(&unit.level)
            && edition.decides(&unit.id, &catalogue.tree, day).is_ok()
    };
    catalogue.tree.all().into_iter().filter(receives).collect()
}

/// The words of a desk: the unit it belongs to, and where that lies.
pub(super) fn desk_words(catalogue: &Catalogue, t: T, desk: &UnitId) -> (String, String) {
    let line = catalogue.tree.line(desk);
    // The provincial centre is an office with a name of its own; other desks are their unit's.
    let mut above = line.iter().filter(|u| u.kind != "desk" || u.level == "province");
    let own = above.next().map_or_else(|| desk.to_string(), |u| view::unit(catalogue, t, &u.id));
    let next = above.next().map(|u| view::unit(catalogue, t, &u.id)).unwrap_or_default();
    (own, next)
}

fn page(
    app: &App,
    visit: &Visit,
    edition: &Edition,
    entries: &Entries,
    faults: Faults,
) -> StartPage {
    let (t, catalogue) = (visit.t(), app.catalogue());
    let query = entries.text("q").to_owned();
    let words = fold::words(&query);
    let all = desks(&catalogue, edition, app.today());
    let matches = |unit: &&&Unit| {
        let (own, next) = desk_words(&catalogue, t, &unit.id);
        let folded = fold::fold(&format!("{own} {next}"));
        words.iter().all(|word| folded.contains(word.as_str()))
    };
    let found: Vec<&&Unit> = all.iter().filter(matches).collect();
    let mut desk = Field::radio(t, "desk", t.s("apply-desk"));
    for unit in found.iter().take(SHOWN) {
        let (own, next) = desk_words(&catalogue, t, &unit.id);
        desk = desk.choice_hint(unit.id.as_str(), own, next);
    }
    StartPage {
        code: edition.code.to_string(),
        name: view::procedure(t, edition),
        search: all.len() > SHOWN,
        shown: found.len().min(SHOWN),
        found: found.len(),
        desk: desk.fill(entries, &faults),
        query,
        page: visit.page(t.s("apply-desk-title")).at("/thu-tuc").faults(faults),
    }
}

/// GET: the desks; `?q=` narrows them.
pub(in super::super) async fn show(
    State(app): State<App>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let edition = open_edition(&app, &app.catalogue(), &code)?;
    kit::html(&page(&app, &visit, &edition, visit.query(), Faults::new()))
}

/// POST: begins a draft at the chosen desk.
pub(in super::super) async fn begin(
    State(app): State<App>,
    Path(code): Path<String>,
    ClientAddress(address): ClientAddress,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let catalogue = app.catalogue();
    let edition = open_edition(&app, &catalogue, &code)?;
    let desk = entries.text("desk");
    if !desks(&catalogue, &edition, app.today()).iter().any(|u| u.id.as_str() == desk) {
        let what = visit.t().s("apply-desk-what");
        let faults = [Fault::new("desk", "err-choose").with("what", what)].into_iter().collect();
        return kit::respond::html_faults(&page(&app, &visit, &edition, &entries, faults));
    }
    slow_down(&app, address).await?;
    let opened = draft::begin(&app, &visit, &edition, desk).await?;
    let mut answer = redirect(format!("/nop/{code}/{}/nguoi-nop", opened.id)).into_response();
    draft::set_cookie(&visit, answer.headers_mut(), opened.id, &opened.secret);
    Ok(answer)
}

/// Anybody may begin drafts, so their number is limited by address.
async fn slow_down(app: &App, address: String) -> Result<(), Refused> {
    let now = app.now().0;
    let unit = move |tx: &mut store::Tx<'_>, _: &mut store::cases::Env<'_>| {
        let key = limits::key(&["draft", &address]);
        Ok(limits::hit(tx, &key, DRAFTS_WINDOW_MS, DRAFTS_PER_ADDRESS, now)?)
    };
    match app.act(&Actor::visitor(), unit).await.map_err(refused)? {
        Verdict::Allowed => Ok(()),
        Verdict::Blocked { until_ms } => {
            let seconds = (until_ms - now).max(1_000) / 1_000;
            Err(Refused::too_many(u32::try_from(seconds).unwrap_or(u32::MAX)))
        }
    }
}
