//! `/theo-doi`: number and PIN. An unknown number, somebody else's and a wrong PIN get one answer
//! and cost the same; tries are limited per case and per address, and the limits survive a restart.

use crate::app::{App, ClientAddress};
use crate::refusals::refused;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::access::Actor;
use kit::session::Realm;
use kit::{Check, Entries, Fault, Faults, Field, Page, Refused, Visit, redirect};
use store::cases::{by_code, by_tracking};
use store::pins::{self, PinCheck, PinTry};

/// Longest number that is looked at, in characters.
const NUMBER_CHARS: usize = 64;
/// Longest PIN that is looked at, in characters: eight digits with blanks between.
const PIN_CHARS: usize = 24;

#[derive(Template)]
#[template(path = "track/gate.html")]
struct GatePage {
    page: Page,
    code: Field,
    pin: Field,
}

impl GatePage {
    fn new(visit: &Visit, entries: &Entries, faults: Faults) -> Self {
        let t = visit.t();
        Self {
            code: Field::text(t, "ma", t.s("track-code"))
                .hint(t.s("track-code-hint"))
                .autocomplete("off")
                .fill(entries, &faults),
            pin: Field::password(t, "pin", t.s("track-pin"))
                .hint(t.s("track-pin-hint"))
                .digits("12")
                .autocomplete("off")
                .fill(entries, &faults),
            page: visit.page(t.s("nav-track")).at("/theo-doi").faults(faults),
        }
    }
}

/// GET: the form; `?ma=` fills the number in (QR codes of papers lead here).
pub(super) async fn show(visit: Visit) -> Result<Response, Refused> {
    kit::html(&GatePage::new(&visit, visit.query(), Faults::new()))
}

/// POST: tries the PIN and begins a session for this case alone.
pub(super) async fn enter(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let t = visit.t();
    let mut check = Check::new(&entries);
    let number = check.required("ma", &t.s("track-code-what"), NUMBER_CHARS).to_uppercase();
    let pin = check.required("pin", &t.s("track-pin-what"), PIN_CHARS);
    if let Err(faults) = check.done() {
        return kit::respond::html_faults(&GatePage::new(&visit, &entries, faults));
    }
    let pin: String = pin.chars().filter(|c| !c.is_whitespace()).collect();
    let (asked, limits) = (number.clone(), app.0.settings.pin);
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        let found = match by_code(tx, &asked)? {
            Some(found) => Some(found),
            None => by_tracking(tx, &asked)?,
        };
        let id = found.as_ref().map(|s| s.case.id.0);
        let tried = PinTry { asked: &asked, case_id: id, pin: &pin, address: &address };
        let checked = pins::check(tx, tried, limits, env.now.0)?;
        Ok((checked, found.map(|s| (s.case.id, s.case.tracking))))
    };
    let (checked, found) = app.act(&Actor::visitor(), unit).await.map_err(refused)?;
    match (checked, found) {
        (PinCheck::Right, Some((id, tracking))) => {
            let session = visit.kit().sign_in(&id.to_string(), Realm::Citizen).await;
            let session = session.map_err(|_| Refused::busy(kit::limits::BUSY_RETRY_S))?;
            Ok(redirect(format!("/theo-doi/{tracking}")).signed_in(session).into_response())
        }
        (PinCheck::Blocked { until_ms }, _) => {
            let seconds = (until_ms - visit.now_ms()).max(1_000) / 1_000;
            Err(Refused::too_many(u32::try_from(seconds).unwrap_or(u32::MAX)))
        }
        _ => {
            let faults = [Fault::new("ma", "track-hidden")].into_iter().collect();
            kit::respond::html_faults(&GatePage::new(&visit, &entries, faults))
        }
    }
}

/// POST `/theo-doi/ra`: ends the session.
pub(super) async fn leave(visit: Visit) -> Result<Response, Refused> {
    let ended = visit.kit().sign_out(&visit).await;
    ended.map_err(|_| Refused::busy(kit::limits::BUSY_RETRY_S))?;
    Ok(redirect("/").signed_out().into_response())
}
