//! Which case an officer may look at, and how much of it. Everything that shows or changes a case
//! goes
//! through here; what is not theirs does not exist for them.

#[cfg(test)]
mod tests;

use crate::app::{App, Officer};
use crate::refusals::refused;
use kernel::access::{self, Grant};
use kernel::calendar::Date;
use kernel::case::{Bucket, Case, work_items};
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use kernel::org::Role;
use kit::{Refused, Visit};
use store::Query;
use store::cases::{self, CaseError, Stored};

/// How much of a case an officer sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sight {
    /// All of it.
    Whole,
    /// What the post needs to carry a result: code, addressee, address, phone.
    Carried,
    /// Where its process stands still, for an administrator who mends it: nothing of the person.
    Standing,
}

/// How much of a case an officer sees on a day; `None` if it is not theirs to know.
pub(super) fn sight(
    catalogue: &Catalogue,
    officer: &Officer,
    case: &Case,
    today: Date,
) -> Option<Sight> {
    let filter = access::row_filter(&officer.actor, &catalogue.tree, today);
    if access::sees(&filter, case) {
        return Some(Sight::Whole);
    }
    let carried = carries(catalogue, officer, case, today).map(|_| Sight::Carried);
    carried.or_else(|| stands_still(catalogue, officer, case, today).then_some(Sight::Standing))
}

/// Whether the officer mends processes of the case's province and this one stands still.
fn stands_still(catalogue: &Catalogue, officer: &Officer, case: &Case, today: Date) -> bool {
    let tree = &catalogue.tree;
    let mends = || {
        access::seat_in(&officer.actor, &[Role::Administrator], &case.province, tree, today).is_ok()
    };
    !case.ops.incidents.is_empty() && mends()
}

/// By what right the post carries this case: a seat where its work stands, while the result is
/// on the post's list.
fn carries(catalogue: &Catalogue, officer: &Officer, case: &Case, today: Date) -> Option<Grant> {
    let definition = catalogue.definition_of(case, today)?;
    let item = work_items(case, definition).into_iter().find(|w| w.bucket == Bucket::ByPost)?;
    let tree = &catalogue.tree;
    access::seat_in(&officer.actor, &[Role::PostOfficer], &item.unit, tree, today).ok()
}

/// The case of an address, if the officer may see it.
///
/// # Errors
/// `NotFound` for no such case, a foreign one, or an address that is no id: the answer does not
/// tell
/// which.
pub(super) fn load(
    query: &mut impl Query,
    catalogue: &Catalogue,
    officer: &Officer,
    id: &str,
    today: Date,
) -> Result<(Stored, Sight), CaseError> {
    let id: CaseId = id.parse().map_err(|_| CaseError::NotFound)?;
    let stored = cases::by_id(query, id.0)?.ok_or(CaseError::NotFound)?;
    let seen = sight(catalogue, officer, &stored.case, today).ok_or(CaseError::NotFound)?;
    Ok((stored, seen))
}

/// The whole case of an address, for files and papers.
///
/// # Errors
/// As [`load`]; also for what the post only carries.
pub(super) async fn whole(app: &App, officer: &Officer, id: &str) -> Result<Stored, Refused> {
    let (catalogue, today) = (app.catalogue(), app.today());
    let (officer, id) = (officer.clone(), id.to_owned());
    let found = app.read(move |reader| load(reader, &catalogue, &officer, &id, today)).await;
    match found.map_err(refused)? {
        (stored, Sight::Whole) => Ok(stored),
        (_, Sight::Carried | Sight::Standing) => Err(Refused::not_found()),
    }
}

/// The whole case, or the one that this very session has just handed in for somebody: whoever typed
/// it
/// in may see its receipt while its PIN can still be printed (the post files cases that it does not
/// see later).
///
/// # Errors
/// As [`whole`].
pub(super) async fn handed_in(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    id: &str,
) -> Result<Stored, Refused> {
    let refusal = match whole(app, officer, id).await {
        Ok(stored) => return Ok(stored),
        Err(refusal) => refusal,
    };
    let Ok(case) = id.parse::<CaseId>() else { return Err(refusal) };
    if super::pin::fresh(app, visit, case).await?.is_none() {
        return Err(refusal);
    }
    let found = app.read(move |reader| Ok(cases::by_id(reader, case.0)?)).await;
    found.map_err(refused)?.ok_or(refusal)
}
