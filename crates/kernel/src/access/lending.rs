//! Powers that are lent for a time: in writing, limited in time, and not lent on (Decree 30/2020
//! Art. 13.3; before it Decree 110/2004 Art. 10.3).

use super::{Actor, Denied, Grant, INSIDE, grant};
use crate::calendar::Date;
use crate::ids::{AccountId, UnitId};
use crate::org::{Post, Role, Staff, Tree};

/// The roles whose power may be lent.
const LENDABLE: &[Role] = &[Role::Leader, Role::UnitLeader, Role::DeskHead];

/// The posts of an account whose power it may lend on a day: its own, never a lent one.
#[must_use]
pub fn lendable<'s>(staff: &'s Staff, account: &AccountId, day: Date) -> Vec<&'s Post> {
    let mut posts = staff.posts_of(account, day);
    posts.retain(|post| LENDABLE.contains(&post.role));
    posts
}

/// Whether an actor may lend the power of a post.
///
/// # Errors
/// Says who may.
pub fn may_lend(actor: &Actor, post: &Post) -> Result<Grant, Denied> {
    let own = actor.seats.iter().find(|seat| {
        seat.on_behalf_of.is_none() && seat.role == post.role && seat.unit == post.unit
    });
    let own = own.filter(|_| LENDABLE.contains(&post.role));
    own.map(grant)
        .ok_or_else(|| Denied::Seat { roles: vec![post.role.as_str()], unit: post.unit.clone() })
}

/// The officers to whom the power of a post may be lent: those of its unit and of the units below.
#[must_use]
pub fn deputies(
    staff: &Staff,
    tree: &Tree,
    post: &Post,
    from: &AccountId,
    day: Date,
) -> Vec<AccountId> {
    let mut units: Vec<&UnitId> = vec![&post.unit];
    units.extend(tree.children(&post.unit, day).into_iter().map(|unit| &unit.id));
    let mut all: Vec<AccountId> = Vec::new();
    for unit in units {
        let held = staff.held(unit, day).filter(|(role, _)| INSIDE.contains(role));
        all.extend(held.map(|(_, account)| account.clone()).filter(|account| account != from));
    }
    all.sort();
    all.dedup();
    all
}

/// Whether an actor may take a lent power back: who lent it, and who leads the unit.
///
/// # Errors
/// Says who may.
pub fn may_take_back(actor: &Actor, unit: &UnitId, from: &AccountId) -> Result<Grant, Denied> {
    let denied = Denied::Seat { roles: vec![Role::Leader.as_str()], unit: unit.clone() };
    if actor.account() == Some(from) {
        let own = actor.seats.iter().find(|s| s.unit == *unit && s.on_behalf_of.is_none());
        return Ok(own.map(grant).unwrap_or_default());
    }
    let leads = |s: &&crate::org::Seat| {
        s.unit == *unit && s.role == Role::Leader && s.on_behalf_of.is_none()
    };
    actor.seats.iter().find(leads).map(grant).ok_or(denied)
}

/// Whether an actor sees the trace of a lent power: both sides, who leads the unit, auditors.
#[must_use]
pub fn sees_lending(actor: &Actor, unit: &UnitId, from: &AccountId, to: &AccountId) -> bool {
    let own = actor.account();
    own == Some(from)
        || own == Some(to)
        || actor.has_role(Role::Auditor)
        || may_take_back(actor, unit, from).is_ok()
}
