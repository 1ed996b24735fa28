//! Which case an officer may look at, and how much of it. Everything that shows or changes a case goes
//! through here; what is not theirs does not exist for them.

use crate::app::{App, Officer};
use crate::refusals::refused;
use kernel::access::{self, Grant};
use kernel::calendar::Date;
use kernel::case::{Bucket, Case, work_items};
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use kernel::org::Role;
use kit::Refused;
use store::Query;
use store::cases::{self, CaseError, Stored};

/// How much of a case an officer sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sight {
    /// All of it.
    Whole,
    /// What the post needs to carry a result: code, addressee, address, phone.
    Carried,
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
    carries(catalogue, officer, case, today).map(|_| Sight::Carried)
}

/// By what right the post carries this case: a post officer's seat at its desk, while the result is
/// on the post's list.
fn carries(catalogue: &Catalogue, officer: &Officer, case: &Case, today: Date) -> Option<Grant> {
    let edition = catalogue.edition(&case.procedure, case.edition)?;
    let definition = catalogue.process_of(edition)?;
    let by_post = work_items(case, definition).iter().any(|w| w.bucket == Bucket::ByPost);
    let actor = &officer.actor;
    let seat = || access::seat_in(actor, &[Role::PostOfficer], &case.desk, &catalogue.tree, today);
    if by_post { seat().ok() } else { None }
}

/// The case of an address, if the officer may see it.
///
/// # Errors
/// `NotFound` for no such case, a foreign one, or an address that is no id: the answer does not tell
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
        (_, Sight::Carried) => Err(Refused::not_found()),
    }
}
