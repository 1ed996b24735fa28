//! Whose accounts may be changed by whom, and what must not be taken away: the last administrator,
//! and one's own key.

use super::{Act, StaffError};
use crate::accounts;
use crate::cases::Env;
use crate::error::StoreError;
use crate::sql::Query;
use kernel::access::{Grant, StaffScope};
use kernel::calendar::Date;
use kernel::catalogue::Catalogue;
use kernel::ids::AccountId;
use kernel::org::{Holding, Role};
use std::collections::BTreeSet;
use uuid::Uuid;

/// By what right an account is kept: every post that it holds now or later, or may use in
/// another's stead, must stand in the scope; otherwise whoever keeps a part of it could sign in as
/// the whole. One that holds nothing any more is kept by those who kept what it held.
#[must_use]
pub fn in_scope(
    scope: &StaffScope,
    (account, theirs): (&AccountId, &[&Holding]),
    catalogue: &Catalogue,
    today: Date,
) -> Option<Grant> {
    if let StaffScope::Whole(grant) = scope {
        return Some(grant.clone());
    }
    let open = |h: &&&Holding| h.valid.to.is_none_or(|to| to >= today);
    let mut posts: Vec<&str> = theirs.iter().filter(open).map(|h| h.post.as_str()).collect();
    if posts.is_empty() {
        posts = theirs.iter().map(|h| h.post.as_str()).collect();
    }
    let lent = catalogue.staff.delegations(account, today);
    posts.extend(lent.iter().filter(|d| d.to == *account).map(|d| d.post.as_str()));
    let mut grants = posts.into_iter().map(|post| {
        let post = catalogue.staff.post(post)?;
        scope.grant(&post.unit, &catalogue.tree)
    });
    let first = grants.next()??;
    grants.all(|grant| grant.is_some()).then_some(first)
}

/// Refuses to close one's own account, to give oneself a password past the page for it, or to end
/// one's own post of administrator.
pub(super) fn not_oneself(env: &Env<'_>, id: &AccountId, act: &Act) -> Result<(), StaffError> {
    if env.actor.account() != Some(id) {
        return Ok(());
    }
    let keeps =
        |post: &str| env.catalogue.staff.post(post).is_some_and(|p| p.role == Role::Administrator);
    let locks = match act {
        Act::Disable | Act::Reset { .. } | Act::EndSessions => true,
        Act::SetEnd { post, to, .. } => to.is_some() && keeps(post),
        Act::Cancel { post, .. } | Act::Move { post, .. } => keeps(post),
        _ => false,
    };
    if locks { Err(StaffError::Oneself) } else { Ok(()) }
}

/// Refuses what would leave a province without an administrator on one of these days who is there
/// on it now. `closed` is an account that can sign in no longer.
pub(super) fn somebody_stays(
    query: &mut impl Query,
    catalogue: &Catalogue,
    (before, after): (&[Holding], &[Holding]),
    closed: Option<&AccountId>,
    days: &[Date],
) -> Result<(), StaffError> {
    for day in days {
        let mut left = keepers(catalogue, after, *day);
        if let Some(closed) = closed {
            left.remove(closed);
        }
        let had = keepers(catalogue, before, *day);
        if had.is_empty() || had == left {
            continue;
        }
        let mut any = false;
        for account in &left {
            any = any || is_active(query, account)?;
        }
        if !any {
            return Err(StaffError::LastAdministrator);
        }
    }
    Ok(())
}

/// The administrators of a top unit on a day.
fn keepers(catalogue: &Catalogue, holdings: &[Holding], day: Date) -> BTreeSet<AccountId> {
    let keeps = |holding: &&Holding| {
        let post = catalogue.staff.post(&holding.post);
        let post = post.filter(|post| post.role == Role::Administrator);
        let unit = post.and_then(|post| catalogue.tree.unit(&post.unit));
        holding.valid.holds(day) && unit.is_some_and(|u| u.parent.is_none() && u.valid.holds(day))
    };
    holdings.iter().filter(keeps).map(|holding| holding.account.clone()).collect()
}

fn is_active(query: &mut impl Query, account: &AccountId) -> Result<bool, StoreError> {
    let Ok(id) = Uuid::parse_str(account.as_str()) else { return Ok(false) };
    Ok(accounts::by_id(query, id)?.is_some_and(|account| account.active))
}
