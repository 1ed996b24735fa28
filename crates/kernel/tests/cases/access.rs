//! The policy as a table: every act by every role, in the case's own units and in the next ones.

use crate::play::*;
use crate::world::{self, AWAY, DESK, HOME, OTHER, OTHER_DESK, day};
use kernel::access::{self, Actor, RowFilter};
use kernel::calendar::Instant;
use kernel::case::Action;
use kernel::org::Role;

/// The roles that may do an act, as one word per role; desk roles sit at the desk, others inside.
fn may(action: Action) -> &'static [Role] {
    use Role::*;
    match action {
        Action::Register
        | Action::Accept
        | Action::AskPreSupplement
        | Action::GivePreSupplement
        | Action::Reject
        | Action::VoidAcceptance
        | Action::Forward
        | Action::GiveSupplement
        | Action::AcceptSupplement
        | Action::AskWithdrawal
        | Action::Deliver
        | Action::RenewPin => &[DeskOfficer, DeskHead],
        Action::Pay | Action::Refund | Action::Waive => &[DeskOfficer, DeskHead, Cashier],
        Action::PostCollect | Action::PostDeliver | Action::PostFail | Action::PostReturn => {
            &[PostOfficer]
        }
        Action::AskSupplement
        | Action::OpenFinance
        | Action::CloseFinance
        | Action::DecideWithdrawal
        | Action::Happen(_)
        | Action::Choose(_)
        | Action::StopUnanswered => &[CaseOfficer, UnitLeader],
        Action::DraftExtension | Action::Reassign => &[UnitLeader],
        Action::Transfer | Action::CoProcess | Action::EndCoProcess => &[UnitLeader, Leader],
        Action::Stop
        | Action::Suspend
        | Action::Resume
        | Action::GrantExtension
        | Action::Jump(_)
        | Action::Skip(_)
        | Action::AddStep
        | Action::Retry(_)
        | Action::SetData => &[Leader],
        Action::Note => &[DeskOfficer, DeskHead, CaseOfficer, UnitLeader, Leader, Clerk],
        Action::Submit
        | Action::Complete(_)
        | Action::SendBack(_)
        | Action::Return(_)
        | Action::TakeBack(_)
        | Action::Claim(_)
        | Action::Release(_)
        | Action::Delegate(_)
        | Action::EndDelegation(_)
        | Action::Open
        | Action::System => &[],
    }
}

fn home(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::DeskOfficer | Role::DeskHead | Role::Cashier => (DESK, OTHER_DESK),
        // The post carries for the whole province.
        Role::PostOfficer => ("kg", "ag"),
        _ => (HOME, OTHER),
    }
}

#[test]
fn every_act_by_every_role_here_and_elsewhere() {
    let play = Play::new(2);
    let more = [
        Action::Register,
        Action::Note,
        Action::Submit,
        Action::System,
        Action::Complete(1),
        Action::Happen(1),
        Action::Choose(1),
        Action::Jump(1),
        Action::Skip(1),
        Action::Retry(1),
        Action::TakeBack(1),
    ];
    for action in Action::ON_CASE.into_iter().chain(more) {
        for role in Role::ALL {
            let (here, there) = home(role);
            for (unit, expected) in [(here, may(action).contains(&role)), (there, false)] {
                let actor = world::officer(&PROVINCE, unit, role, play.now);
                let judged =
                    access::allowed(&actor, action, &play.case, &PROVINCE.tree, play.now.date());
                assert_eq!(judged.is_ok(), expected, "{action:?} by {role:?} of {unit}");
                if let Ok(grant) = judged {
                    assert_eq!(grant.unit.unwrap().as_str(), unit);
                }
            }
        }
    }
}

#[test]
fn the_filer_may_give_and_withdraw_and_nothing_else() {
    let play = Play::new(2);
    let filer = play.filer();
    for action in Action::ON_CASE {
        let judged = access::allowed(&filer, action, &play.case, &PROVINCE.tree, play.now.date());
        let theirs = matches!(
            action,
            Action::GivePreSupplement | Action::GiveSupplement | Action::AskWithdrawal
        );
        assert_eq!(judged.is_ok(), theirs, "{action:?}");
    }
}

#[test]
fn a_desk_role_of_the_deciding_unit_is_no_desk_of_the_case() {
    let play = Play::new(2);
    for role in Role::ALL {
        let (here, _) = home(role);
        let wrong = if here == DESK { HOME } else { DESK };
        let actor = world::officer(&PROVINCE, wrong, role, play.now);
        for action in Action::ON_CASE {
            let judged =
                access::allowed(&actor, action, &play.case, &PROVINCE.tree, play.now.date());
            assert!(judged.is_err(), "{action:?} by {role:?} of {wrong}");
        }
    }
}

#[test]
fn who_sees_a_case() {
    let play = Play::new(2);
    let sees = |unit: &str, role, at: Instant| {
        let actor = world::officer(&PROVINCE, unit, role, at);
        let filter = access::row_filter(&actor, &PROVINCE.tree, at.date());
        access::sees(&filter, &play.case)
    };
    let later = Instant::at(day(2026, 8, 3), 9, 0);
    for role in [Role::CaseOfficer, Role::UnitLeader, Role::Leader, Role::Clerk] {
        assert!(sees(HOME, role, play.now), "{role:?}");
        assert!(!sees(OTHER, role, play.now), "{role:?}");
        assert!(!sees(HOME, role, later), "{role:?} of a unit that is no more");
        assert!(sees("ag.rg", role, later), "{role:?} of the successor");
        assert!(!sees("ag.stp", role, later), "{role:?}");
    }
    for role in [Role::DeskOfficer, Role::DeskHead, Role::Cashier] {
        assert!(sees(DESK, role, play.now) && !sees(OTHER_DESK, role, play.now), "{role:?}");
    }
    assert!(sees("kg", Role::Auditor, play.now) && sees(AWAY, Role::Auditor, play.now));
    // A monitor sees the province, wherever in it the seat is, and its successor what came before.
    assert!(sees("kg", Role::Monitor, play.now) && sees("kg.stp", Role::Monitor, play.now));
    assert!(!sees(AWAY, Role::Monitor, play.now), "a monitor of another province");
    assert!(sees("ag", Role::Monitor, later) && !sees("cto", Role::Monitor, later));
    assert!(!sees("kg", Role::Leader, play.now), "a committee takes part only in its own cases");
    assert!(!sees("kg", Role::Administrator, play.now) && !sees("kg", Role::PostOfficer, play.now));
    let visitor = access::row_filter(&Actor::visitor(), &PROVINCE.tree, play.now.date());
    assert_eq!(visitor, RowFilter::Nothing);
    assert!(access::sees(&RowFilter::One(play.case.id), &play.case));
}

#[test]
fn a_monitor_who_has_other_posts_sees_what_each_of_them_sees() {
    let play = Play::new(2);
    let mut actor = world::officer(&PROVINCE, AWAY, Role::Monitor, play.now);
    let filter = |actor: &Actor| access::row_filter(actor, &PROVINCE.tree, play.now.date());
    let watching = RowFilter::Part { units: Vec::new(), provinces: vec![AWAY.into()] };
    assert_eq!(filter(&actor), watching);
    assert!(!access::sees(&filter(&actor), &play.case));
    actor.seats.extend(world::officer(&PROVINCE, HOME, Role::Clerk, play.now).seats);
    assert!(access::sees(&filter(&actor), &play.case));
}

#[test]
fn a_successor_carries_on_what_came_before_and_only_then() {
    let tree = &PROVINCE.tree;
    let carried = tree.carries_on(&"ag.rg".into(), day(2026, 8, 3));
    let carried: Vec<&str> = carried.iter().map(|u| u.as_str()).collect();
    assert_eq!(carried, ["kg.rg", OTHER, HOME]);
    assert!(tree.carries_on(&"ag.rg".into(), day(2019, 5, 2)).is_empty());
    assert!(tree.carries_on(&HOME.into(), day(2019, 5, 2)).is_empty());
}
