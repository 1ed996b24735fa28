//! Who does what in a case: tasks claimed, given back and lent, officers who help, another unit.

use super::super::event::Event;
use super::super::op::{Op, Why};
use super::super::op_event::OpEvent;
use super::super::refusal::Refusal;
use super::super::state::{Business, Case};
use super::ops::because;
use super::steps::{lane_unit, task_right};
use super::{Ctx, expect};
use crate::access::{self, Grant, HEADS, INSIDE};
use crate::calendar::Date;
use crate::ids::{AccountId, UnitId};
use crate::limits;
use crate::org::{Role, Seat, Unit};
use process::NodeIx;

/// The task at which a token waits.
fn task(case: &Case, token: u32, ctx: &Ctx<'_>) -> Result<NodeIx, Refusal> {
    let mut open = process::open_tasks(ctx.definition, &case.process);
    let found = open.find(|(open, _)| *open == token).map(|(_, node)| node);
    found.ok_or(Refusal::Process(process::Refusal::NoToken { token }))
}

/// By what right a task is given back or lent: it is one's own, or one answers for the unit.
pub(super) fn right(case: &Case, op: &Op, token: u32, ctx: &Ctx<'_>) -> Result<Grant, Refusal> {
    if matches!(ctx.actor.who, access::Who::System(_)) {
        return Ok(Grant::default());
    }
    let lent = case.ops.hold(token).and_then(|hold| hold.lent.as_ref());
    let borrowed = lent.filter(|lent| Some(&lent.to) == ctx.actor.account());
    if let (Op::EndDelegation { .. }, Some(lent)) = (op, borrowed) {
        let seat = access::seat_in(ctx.actor, &[lent.role], &lent.unit, ctx.tree, ctx.today())?;
        return Ok(Grant { on_behalf_of: Some(lent.from.clone()), ..seat });
    }
    match own_right(case, token, ctx) {
        Some(grant) => Ok(grant),
        None => may_head(case, token, ctx),
    }
}

/// The right to a task that is not lent.
pub(in super::super) fn own_right(case: &Case, token: u32, ctx: &Ctx<'_>) -> Option<Grant> {
    let lent = case.ops.lent(token, ctx.today());
    if lent.is_some_and(|lent| Some(&lent.to) == ctx.actor.account()) {
        return None;
    }
    task_right(case, token, ctx).ok().map(|(grant, _)| grant)
}

/// The right of those who answer for the unit of a task.
pub(in super::super) fn may_head(case: &Case, token: u32, ctx: &Ctx<'_>) -> Result<Grant, Refusal> {
    let node = ctx.definition.node(task(case, token, ctx)?);
    let unit = lane_unit(case, node);
    let mut heads = HEADS.to_vec();
    heads.push(Role::DeskHead);
    Ok(access::seat_in(ctx.actor, &heads, unit, ctx.tree, ctx.today())?)
}

pub(super) fn decide(case: &Case, op: &Op, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let event = match op {
        Op::Claim { token } => claim(case, *token, ctx)?,
        Op::Release { token, why } => release(case, *token, why, ctx)?,
        Op::Delegate { token, to, until, why } => lend(case, *token, to, *until, why, ctx)?,
        Op::EndDelegation { token } => {
            let held = case.ops.hold(*token).and_then(|hold| hold.lent.as_ref());
            held.ok_or(Refusal::NotHeld)?;
            let task = ctx.definition.node(task(case, *token, ctx)?).id.clone();
            OpEvent::DelegationEnded { task, token: *token, at: ctx.now }
        }
        Op::Transfer { unit, why } => transfer(case, unit, why, ctx)?,
        Op::CoProcess { officer, why } => help(case, officer, why, ctx)?,
        Op::EndCoProcess { officer, why } => {
            let helps = case.ops.helpers.iter().any(|helper| helper.officer == *officer);
            if !helps {
                return Err(Refusal::field("officer", "err-officer-missing"));
            }
            let because = because(why, false, "ground-unit-order")?;
            OpEvent::CoProcessingEnded { officer: officer.clone(), because, at: ctx.now }
        }
        _ => return Err(Refusal::Exists(true)),
    };
    Ok(vec![Event::Op(event)])
}

fn claim(case: &Case, token: u32, ctx: &Ctx<'_>) -> Result<OpEvent, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let node = ctx.definition.node(task(case, token, ctx)?);
    let officer = ctx.actor.account().ok_or(access::Denied::SystemOnly)?;
    if !is_free(case, token, ctx) {
        return Err(Refusal::Held);
    }
    Ok(OpEvent::Claimed { task: node.id.clone(), token, officer: officer.clone(), at: ctx.now })
}

/// Whether a task is on nobody's name.
pub(in super::super) fn is_free(case: &Case, token: u32, ctx: &Ctx<'_>) -> bool {
    let Ok(ix) = task(case, token, ctx) else { return false };
    let officers = super::super::lane_role(ctx.definition.node(ix)) == Role::CaseOfficer;
    case.ops.hold(token).is_none_or(|hold| hold.by.is_none() && hold.lent.is_none())
        && !(officers && case.officer.is_some())
}

fn release(case: &Case, token: u32, why: &Why, ctx: &Ctx<'_>) -> Result<OpEvent, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let task = ctx.definition.node(task(case, token, ctx)?).id.clone();
    if case.ops.hold(token).is_none_or(|hold| hold.by.is_none()) {
        return Err(Refusal::NotHeld);
    }
    let because = because(why, false, "ground-own-post")?;
    Ok(OpEvent::Released { task, token, because, at: ctx.now })
}

/// A seat of the officer's own inside a unit, or the unit in charge of it.
fn seat_at(account: &AccountId, unit: &UnitId, ctx: &Ctx<'_>) -> Option<Seat> {
    let unit = ctx.tree.in_charge(unit, ctx.today()).map_or(unit, |u| &u.id);
    let seats = ctx.staff.seats(account, ctx.today()).into_iter();
    let own = |s: &Seat| s.on_behalf_of.is_none() && INSIDE.contains(&s.role);
    seats.filter(own).find(|seat| seat.unit == *unit)
}

/// The officers of a unit, in order, each once.
fn officers_of(unit: &UnitId, ctx: &Ctx<'_>) -> Vec<AccountId> {
    let unit = ctx.tree.in_charge(unit, ctx.today()).map_or(unit, |u| &u.id);
    let of_role = |role: &Role| ctx.staff.holders(unit, *role, ctx.today());
    let mut all: Vec<AccountId> = INSIDE.iter().flat_map(of_role).cloned().collect();
    all.sort();
    all.dedup();
    all
}

/// The officers to whom the task of a token may be lent.
#[must_use]
pub fn lendable_to(case: &Case, token: u32, ctx: &Ctx<'_>) -> Vec<AccountId> {
    let Ok(ix) = task(case, token, ctx) else { return Vec::new() };
    let node = ctx.definition.node(ix);
    let mut all = officers_of(lane_unit(case, node), ctx);
    let from = whose(case, token, ix, ctx);
    all.retain(|officer| Some(officer) != from.as_ref());
    all
}

/// Whether there is one.
pub(in super::super) fn may_be_lent(case: &Case, token: u32, ctx: &Ctx<'_>) -> bool {
    let Ok(ix) = task(case, token, ctx) else { return false };
    let unit = lane_unit(case, ctx.definition.node(ix));
    let unit = ctx.tree.in_charge(unit, ctx.today()).map_or(unit, |u| &u.id);
    let from = whose(case, token, ix, ctx);
    let mut held = ctx.staff.held(unit, ctx.today());
    held.any(|(role, officer)| INSIDE.contains(&role) && Some(officer) != from.as_ref())
}

/// Whose task it is: who took it, the officer in charge, else whoever lends it.
fn whose(case: &Case, token: u32, ix: NodeIx, ctx: &Ctx<'_>) -> Option<AccountId> {
    let taken = case.ops.hold(token).and_then(|hold| hold.by.clone());
    let officers = super::super::lane_role(ctx.definition.node(ix)) == Role::CaseOfficer;
    let in_charge = case.officer.clone().filter(|_| officers);
    taken.or(in_charge).or_else(|| ctx.actor.account().cloned())
}

fn lend(
    case: &Case,
    token: u32,
    to: &AccountId,
    until: Date,
    why: &Why,
    ctx: &Ctx<'_>,
) -> Result<OpEvent, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let ix = task(case, token, ctx)?;
    let node = ctx.definition.node(ix);
    if case.ops.lent(token, ctx.today()).is_some() {
        return Err(Refusal::Held);
    }
    let because = because(why, true, "")?;
    let from = whose(case, token, ix, ctx).ok_or(access::Denied::SystemOnly)?;
    let seat = seat_at(to, lane_unit(case, node), ctx).filter(|_| *to != from);
    let seat = seat.ok_or(Refusal::OfficerElsewhere)?;
    let days = until.signed_duration_since(ctx.today()).num_days();
    if !(0..=limits::DELEGATION_DAYS).contains(&days) {
        return Err(Refusal::DelegationLength(limits::DELEGATION_DAYS));
    }
    let (task, to) = (node.id.clone(), to.clone());
    let (unit, role, at) = (seat.unit, seat.role, ctx.now);
    Ok(OpEvent::Delegated { task, token, from, to, unit, role, until, because, at })
}

/// The units that may take the case over, in order: those of the same province that have somebody
/// who names officers.
#[must_use]
pub fn transfer_targets(case: &Case, ctx: &Ctx<'_>) -> Vec<UnitId> {
    takers(case, ctx).map(|unit| unit.id.clone()).collect()
}

/// Whether there is one.
pub(in super::super) fn may_move_on(case: &Case, ctx: &Ctx<'_>) -> bool {
    takers(case, ctx).next().is_some()
}

fn takers<'c>(case: &'c Case, ctx: &Ctx<'c>) -> impl Iterator<Item = &'c Unit> {
    let (day, tree, staff) = (ctx.today(), ctx.tree, ctx.staff);
    let here = tree.in_charge(&case.decided_by, day).map_or(&case.decided_by, |u| &u.id);
    let top = move |unit: &UnitId| tree.top(unit).map(|top| &top.id);
    let province = top(here);
    tree.iter().filter(move |unit| {
        unit.valid.holds(day)
            && unit.kind != "desk"
            && unit.id != *here
            && staff.held(&unit.id, day).any(|(role, _)| role == Role::UnitLeader)
            && top(&unit.id) == province
    })
}

fn transfer(case: &Case, unit: &UnitId, why: &Why, ctx: &Ctx<'_>) -> Result<OpEvent, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let because = because(why, true, "")?;
    if unit.as_str().is_empty() {
        return Err(Refusal::field("unit", "err-unit"));
    }
    if !transfer_targets(case, ctx).contains(unit) {
        return Err(Refusal::UnitElsewhere(unit.clone()));
    }
    let (from, to) = (case.decided_by.clone(), unit.clone());
    Ok(OpEvent::Transferred { from, to, because, at: ctx.now })
}

/// The units near a case whose officers are offered as helpers: those that take part, and those
/// beside and below the one that decides.
fn near(case: &Case, ctx: &Ctx<'_>) -> Vec<UnitId> {
    let day = ctx.today();
    let here = ctx.tree.in_charge(&case.decided_by, day).map_or(&case.decided_by, |u| &u.id);
    let mut units = vec![here.clone(), case.desk.clone(), case.received_by.clone()];
    units.extend(ctx.tree.children(here, day).into_iter().map(|u| u.id.clone()));
    let above = ctx.tree.unit(here).and_then(|u| u.parent.as_ref());
    let beside = above.map(|parent| ctx.tree.children(parent, day)).unwrap_or_default();
    units.extend(beside.into_iter().map(|u| u.id.clone()));
    units.sort();
    units.dedup();
    units
}

/// The officers who may be named as helpers, in order.
#[must_use]
pub fn helpers_for(case: &Case, ctx: &Ctx<'_>) -> Vec<AccountId> {
    let mut all: Vec<AccountId> =
        near(case, ctx).iter().flat_map(|unit| officers_of(unit, ctx)).collect();
    all.sort();
    all.dedup();
    all.retain(|officer| may_help(case, officer));
    all
}

/// Whether there is one.
pub(in super::super) fn may_be_helped(case: &Case, ctx: &Ctx<'_>) -> bool {
    let day = ctx.today();
    let anybody = |unit: &UnitId| {
        let unit = ctx.tree.in_charge(unit, day).map_or(unit, |u| &u.id);
        let mut held = ctx.staff.held(unit, day);
        held.any(|(role, officer)| INSIDE.contains(&role) && may_help(case, officer))
    };
    // The case's own units come first: most often somebody is found there.
    [&case.decided_by, &case.desk, &case.received_by].into_iter().any(anybody)
        || near(case, ctx).iter().any(anybody)
}

fn may_help(case: &Case, officer: &AccountId) -> bool {
    case.officer.as_ref() != Some(officer)
        && !case.ops.helpers.iter().any(|helper| helper.officer == *officer)
}

fn help(case: &Case, officer: &AccountId, why: &Why, ctx: &Ctx<'_>) -> Result<OpEvent, Refusal> {
    if case.is_decided() || case.accepted_at.is_none() {
        return Err(Refusal::State { expected: "processing", found: case.business.as_str() });
    }
    let because = because(why, true, "")?;
    if officer.as_str().is_empty() {
        return Err(Refusal::field("officer", "err-officer-missing"));
    }
    if case.ops.helpers.len() >= limits::HELPERS {
        let fault = crate::people::Fault::new("officer", "err-helpers-many");
        return Err(Refusal::Fields(vec![fault.with("max", limits::HELPERS)]));
    }
    if !helpers_for(case, ctx).contains(officer) {
        return Err(Refusal::OfficerElsewhere);
    }
    let units = near(case, ctx);
    let seat = units.iter().find_map(|unit| seat_at(officer, unit, ctx));
    let seat = seat.ok_or(Refusal::OfficerElsewhere)?;
    let (officer, unit, role) = (officer.clone(), seat.unit, seat.role);
    Ok(OpEvent::CoProcessing { officer, unit, role, because, at: ctx.now })
}
