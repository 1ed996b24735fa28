//! Transition 14 and the finance axis: duties that stop the clock, fees, refunds, exemptions.

use super::super::clock;
use super::super::command::Command;
use super::super::event::Event;
use super::super::refusal::Refusal;
use super::super::state::{Business, Case, Finance};
use super::incidents::attempt;
use super::steps::with_end;
use super::{Ctx, expect, reason};
use crate::calendar::{ClockEvent, ClockEventKind};

/// Ways to pay that a receipt can name.
const METHODS: [&str; 3] = ["cash", "transfer", "online"];

pub(super) fn decide(case: &Case, command: &Command, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let at = ctx.now;
    match command {
        Command::OpenFinance { amount_vnd } => {
            expect(case, &[Business::Processing], "processing")?;
            if *amount_vnd <= 0 {
                return Err(Refusal::field("amount_vnd", "err-amount-missing"));
            }
            Ok(vec![Event::FinanceOpened { amount_vnd: *amount_vnd, at }])
        }
        Command::CloseFinance => close(case, ctx),
        Command::Pay { amount_vnd, method } => {
            if case.business.is_terminal() && case.business != Business::Returned {
                return Err(Refusal::State { expected: "open", found: case.business.as_str() });
            }
            if !METHODS.contains(&method.as_str()) {
                return Err(Refusal::field("method", "err-choice"));
            }
            let open = open_vnd(case);
            if *amount_vnd <= 0 {
                return Err(Refusal::field("amount_vnd", "err-amount-missing"));
            }
            if *amount_vnd > open {
                return Err(Refusal::TooMuch(open));
            }
            Ok(vec![Event::Paid { amount_vnd: *amount_vnd, method: method.clone(), at }])
        }
        Command::Refund { amount_vnd, reason: why } => {
            // While a case runs, money given back would leave its fee paid by nobody.
            if !case.business.is_terminal() {
                return Err(Refusal::State { expected: "ended", found: case.business.as_str() });
            }
            if *amount_vnd <= 0 || case.paid_vnd == 0 {
                return Err(Refusal::field("amount_vnd", "err-amount-missing"));
            }
            if *amount_vnd > case.paid_vnd {
                return Err(Refusal::TooMuch(case.paid_vnd));
            }
            let reason = reason(why.as_ref())?;
            Ok(vec![Event::Refunded { amount_vnd: *amount_vnd, reason, at }])
        }
        Command::Waive { exemption } => {
            if case.business.is_terminal() && case.business != Business::Returned {
                return Err(Refusal::State { expected: "open", found: case.business.as_str() });
            }
            if !matches!(case.finance, Finance::Due) {
                let found = case.finance.as_str();
                return Err(Refusal::State { expected: "fee due", found });
            }
            if ctx.edition.exemptions.iter().all(|e| e.key != *exemption) {
                return Err(Refusal::field("exemption", "err-choice"));
            }
            Ok(vec![Event::Waived { exemption: exemption.clone(), at }])
        }
        _ => Err(Refusal::Exists(true)),
    }
}

/// What is still to be paid, in đồng.
pub(in super::super) fn open_vnd(case: &Case) -> i64 {
    match case.finance {
        Finance::Due | Finance::Partly => (case.fee_vnd - case.paid_vnd).max(0),
        _ => 0,
    }
}

/// The duty is fulfilled: the clock runs on, and a process step that waited for it goes on.
fn close(case: &Case, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::FinDuty], "fin_duty")?;
    let Some(started) = case.accepted_at else {
        return Err(Refusal::State { expected: "accepted", found: case.business.as_str() });
    };
    let done = ClockEvent { at: ctx.now, kind: ClockEventKind::FinanceDone };
    let answer = clock::derive(case, ctx, started, &[done])?;
    let waiting = process::open_jobs(ctx.definition, &case.process)
        .find(|(_, node)| ctx.definition.node(*node).job.as_deref() == Some("finance"));
    let (moves, incident) = match waiting {
        Some((token, _)) => attempt(case, process::Command::Answered { token }, "", ctx)?,
        None => (Vec::new(), None),
    };
    let closed = Event::FinanceClosed { due_at: answer.due_at, at: ctx.now, moves };
    let mut events = with_end(case, closed, ctx)?;
    events.extend(incident);
    Ok(events)
}
