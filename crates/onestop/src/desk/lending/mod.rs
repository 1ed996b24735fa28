//! `/noi-lam-viec/uy-quyen`: powers that are lent for a time: in writing, with a first and a last
//! day, not lent on (Decree 30/2020 Art. 13.3). Who lent what to whom, when, and what was done
//! under it; taken back at any time.

mod lend;
mod list;
#[cfg(test)]
mod tests;
mod trace;

use crate::app::{App, Officer};
use axum::Router;
use axum::routing::get;
use kernel::access;
use kernel::calendar::Date;
use kernel::catalogue::Catalogue;
use kernel::ids::UnitId;
use kernel::org::Role;
use kit::pieces::{Tag, Tone};
use kit::{Fault, Faults, T};
use store::delegations::{LendError, Lent};

/// Where they stand.
pub(super) const PAGE: &str = "/noi-lam-viec/uy-quyen";

/// The routes of this folder.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PAGE, get(list::show).post(lend::lend))
        .route("/noi-lam-viec/uy-quyen/{unit}/{seq}", get(trace::show).post(trace::take_back))
}

/// Whether an officer has anything to do with lent powers: their own to lend, one that was lent to
/// them, or the duty to look.
pub(super) fn may(catalogue: &Catalogue, officer: &Officer, day: Date) -> bool {
    let actor = &officer.actor;
    !access::lendable(&catalogue.staff, &officer.account, day).is_empty()
        || actor.seats.iter().any(|seat| seat.on_behalf_of.is_some())
        || actor.has_role(Role::Auditor)
}

/// The units whose lent powers may be an officer's to see: their own, those above, where somebody
/// may have lent them something, and for an auditor all.
fn units(catalogue: &Catalogue, officer: &Officer) -> Vec<UnitId> {
    if officer.actor.has_role(Role::Auditor) {
        return catalogue.tree.iter().map(|unit| unit.id.clone()).collect();
    }
    let mut all: Vec<UnitId> = Vec::new();
    for seat in &officer.actor.seats {
        let above = catalogue.tree.unit(&seat.unit).and_then(|unit| unit.parent.clone());
        all.extend(std::iter::once(seat.unit.clone()).chain(above));
    }
    all.sort();
    all.dedup();
    all
}

/// How a lending stands on a day.
fn standing(t: T, lent: &Lent, day: Date) -> Tag {
    let (tone, key) = match (&lent.taken_back, lent.holds(day)) {
        (Some(_), _) => (Tone::Stop, "lend-taken-back"),
        (None, true) => (Tone::Work, "lend-holds"),
        (None, false) if day < lent.lending.first => (Tone::New, "lend-to-come"),
        (None, false) => (Tone::Ok, "lend-over"),
    };
    Tag::new(tone, t.s(key))
}

/// Faults of a form from what the store says; anything else is told as a refusal.
fn faults_of(error: LendError) -> Result<Faults, kit::Refused> {
    match error {
        LendError::Fields(all) => Ok(crate::refusals::form_faults(&all)),
        LendError::Gone => {
            let mut faults = Faults::new();
            faults.add(Fault::new("reason", "err-lend-gone"));
            Ok(faults)
        }
        LendError::Store(error) => {
            Err(crate::refusals::refused(store::cases::CaseError::Store(error)))
        }
    }
}
