//! Transitions 13, 17, 18, 20 and 21: how a case ends, and how its result gets into the applicant's
//! hands; notes, PINs and the telling of outside systems.

use super::super::command::Command;
use super::super::event::Event;
use super::super::refusal::Refusal;
use super::super::state::{Business, Case, Delivery, DeliveryState};
use super::money::open_vnd;
use super::{Ctx, expect, own_case, reason};
use crate::limits;

/// States in which the clock may run or stand after acceptance.
const ALIVE: [Business; 6] = [
    Business::Accepted,
    Business::Processing,
    Business::Supplement,
    Business::Supplemented,
    Business::FinDuty,
    Business::Suspended,
];

pub(super) fn decide(case: &Case, command: &Command, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let at = ctx.now;
    match command {
        Command::StopUnanswered { reason: why } => {
            expect(case, &[Business::Supplement], "supplement")?;
            let open = case.supplement.as_ref().is_some_and(|s| at < s.answer_by);
            if open {
                return Err(Refusal::State { expected: "unanswered", found: "supplement" });
            }
            Ok(vec![Event::Stopped { reason: reason(why.as_ref())?, expired: true, at }])
        }
        Command::Stop { reason: why } => {
            expect(case, &[Business::Processing, Business::Suspended], "processing")?;
            Ok(vec![Event::Stopped { reason: reason(why.as_ref())?, expired: false, at }])
        }
        Command::EndWithParent if case.parent.is_none() => {
            Err(Refusal::State { expected: "a child case", found: "a case of its own" })
        }
        // It came to its end by itself; ending it again changes nothing.
        Command::EndWithParent if case.business.is_terminal() => Ok(Vec::new()),
        Command::EndWithParent => Ok(vec![Event::ParentEnded { at }]),
        Command::AskWithdrawal { reason: why } => {
            let states = [&ALIVE[..], &[Business::Submitted, Business::PreSupplement]].concat();
            expect(case, &states, "open")?;
            own_case(case)?;
            Ok(vec![Event::WithdrawalAsked { reason: why.clone(), at }])
        }
        Command::DecideWithdrawal { granted, reason: why } => {
            expect(case, &[Business::WithdrawReq], "withdraw_req")?;
            let reason = if *granted { why.clone() } else { Some(reason(why.as_ref())?) };
            Ok(vec![Event::WithdrawalDecided { granted: *granted, reason, at }])
        }
        Command::Note { note } => {
            if case.business.is_terminal() {
                return Err(Refusal::State { expected: "open", found: case.business.as_str() });
            }
            let note = note.clone().ok_or_else(|| Refusal::field("note", "err-note-missing"))?;
            Ok(vec![Event::Noted { note, at }])
        }
        Command::RenewPin => {
            own_case(case)?;
            Ok(vec![Event::PinRenewed { at }])
        }
        Command::Sync { target, state } => {
            Ok(vec![Event::Synced { target: *target, state: state.clone(), at }])
        }
        _ => hand_over(case, command, ctx),
    }
}

/// 20 and 21. Money comes before the result; by post it goes with the item's own receipt.
fn hand_over(case: &Case, command: &Command, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let at = ctx.now;
    expect(case, &[Business::ResultReady], "result_ready")?;
    let travelling =
        matches!(case.delivery_state, DeliveryState::Collected | DeliveryState::Failed(_));
    let on_the_way = |wanted: bool| {
        let (expected, found) = if wanted {
            ("with the post", "at the desk")
        } else {
            ("at the desk", "with the post")
        };
        if travelling == wanted { Ok(()) } else { Err(Refusal::State { expected, found }) }
    };
    match command {
        Command::Deliver { how, taken_by, authorised } => {
            on_the_way(false)?;
            if *how == Delivery::Post {
                return Err(Refusal::field("how", "err-choice"));
            }
            if open_vnd(case) > 0 {
                return Err(Refusal::FeeOpen(open_vnd(case)));
            }
            if *how == Delivery::Counter && taken_by.is_none() && case.parent.is_none() {
                return Err(Refusal::field("taken_by", "err-taken-by-missing"));
            }
            let (how, authorised) = (*how, *authorised);
            Ok(vec![Event::Delivered { how, taken_by: taken_by.clone(), authorised, at }])
        }
        Command::PostCollect => {
            on_the_way(false)?;
            if case.delivery != Delivery::Post {
                let found = case.delivery.as_str();
                return Err(Refusal::State { expected: "to be sent by post", found });
            }
            Ok(vec![Event::PostCollected { at }])
        }
        Command::PostDeliver { taken_by } => {
            on_the_way(true)?;
            let taken_by = taken_by.clone();
            if taken_by.is_none() {
                return Err(Refusal::field("taken_by", "err-taken-by-missing"));
            }
            Ok(vec![Event::Delivered { how: Delivery::Post, taken_by, authorised: false, at }])
        }
        Command::PostFail { reason: why } => {
            on_the_way(true)?;
            Ok(vec![Event::PostFailed { reason: reason(why.as_ref())?, at }])
        }
        Command::PostReturn => {
            on_the_way(true)?;
            let found = match case.delivery_state {
                DeliveryState::Failed(n) => n,
                _ => 0,
            };
            if found < limits::POST_ATTEMPTS {
                return Err(Refusal::TooFewAttempts { expected: limits::POST_ATTEMPTS, found });
            }
            Ok(vec![Event::PostReturned { at }])
        }
        _ => Err(Refusal::Exists(true)),
    }
}
