//! POST `/noi-lam-viec/uy-quyen`: lends a power.

use super::super::act_told::day;
use super::{PAGE, faults_of, list};
use crate::app::{App, Officer};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::access;
use kernel::ids::AccountId;
use kernel::limits::GROUND_CHARS;
use kernel::org::Post;
use kit::{Check, Entries, Fault, Faults, Flash, Refused, Visit, redirect};
use store::delegations::Lending;

/// POST.
pub(super) async fn lend(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    if !super::may(&app.catalogue(), &officer, app.today()) {
        return Err(Refused::forbidden());
    }
    let (post, lending) = match read(&app, &officer, &entries) {
        Ok(read) => read,
        Err(faults) => return list::answer(&app, &officer, &visit, &entries, faults).await,
    };
    let grant = access::may_lend(&officer.actor, &post).map_err(|_| Refused::forbidden())?;
    match app.lend(&officer.actor, grant, lending).await {
        Ok(()) => Ok(redirect(PAGE).flash(Flash::new("lend-done")).into_response()),
        Err(error) => {
            let faults = faults_of(error)?;
            list::answer(&app, &officer, &visit, &entries, faults).await
        }
    }
}

/// What was told: whose power, to whom, when, on what paper.
fn read(app: &App, officer: &Officer, entries: &Entries) -> Result<(Post, Lending), Faults> {
    let mut check = Check::new(entries);
    let choices = list::choices(app, officer);
    let (key, to) = entries.text("to").rsplit_once('|').unwrap_or_default();
    let to = AccountId::from(to);
    let post = choices.into_iter().find(|(post, all)| post.id == key && all.contains(&to));
    if post.is_none() {
        check.fault(Fault::new("to", "err-officer-missing"));
    }
    let mut date = |name: &str| {
        let found = check.date(name);
        if found.is_none() && entries.text(&format!("{name}-d")).is_empty() {
            check.fault(Fault::new(name, "err-date-missing"));
        }
        found.and_then(day)
    };
    let (first, last) = (date("first"), date("last"));
    let ground = check.optional("ground", GROUND_CHARS);
    if ground.is_empty() {
        check.fault(Fault::new("ground", "err-lend-ground"));
    }
    check.done()?;
    let (Some((post, _)), Some(first)) = (post, first) else { return Err(Faults::new()) };
    let lending = Lending {
        post: post.id.clone(),
        unit: post.unit.clone(),
        role: post.role,
        from: officer.account.clone(),
        to,
        first,
        last,
        ground,
    };
    Ok((post, lending))
}
