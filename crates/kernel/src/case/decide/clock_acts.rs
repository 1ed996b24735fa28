//! Transitions 11, 12 and 19, lawful suspension, and the new date after a change of the calendar:
//! what moves the clock.

use super::super::clock;
use super::super::command::Command;
use super::super::event::{Event, Ref};
use super::super::refusal::Refusal;
use super::super::state::{Business, Case};
use super::{Ctx, expect, given_papers, named_papers, reason};
use crate::calendar::{Answer, ClockEvent, ClockEventKind, Date, Instant, ViolationCode};
use crate::limits;
use crate::people::Fault;

/// Bounds of the days that a citizen gets to answer a supplement request.
const ANSWER_DAYS: std::ops::RangeInclusive<u32> = 1..=180;

pub(super) fn decide(case: &Case, command: &Command, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let at = ctx.now;
    match command {
        Command::AskSupplement { papers, reason: why, answer_days } => {
            ask(case, papers, why.as_ref(), *answer_days, ctx)
        }
        Command::GiveSupplement { papers } => {
            expect(case, &[Business::Supplement], "supplement")?;
            given_papers(papers, ctx)?;
            if papers.is_empty() {
                return Err(Refusal::field("papers", "err-papers-none"));
            }
            Ok(vec![Event::SupplementGiven { papers: papers.clone(), at }])
        }
        Command::AcceptSupplement => {
            expect(case, &[Business::Supplemented], "supplemented")?;
            let answer = with(case, ClockEventKind::SupplementReceived, ctx)?;
            let due_before = case.due_at.or(case.original_due_at);
            Ok(vec![Event::SupplementAccepted { at, due_before, due_at: answer.due_at }])
        }
        Command::Suspend { ground, reason: why, until } => {
            suspend(case, ground, why.as_ref(), *until, ctx)
        }
        Command::Resume => {
            expect(case, &[Business::Suspended], "suspended")?;
            let answer = with(case, ClockEventKind::Resumed, ctx)?;
            Ok(vec![Event::Resumed { at, due_at: answer.due_at }])
        }
        Command::DraftExtension { new_due_on, reason: why } => {
            let reason = reason(why.as_ref())?;
            extend(case, *new_due_on, ctx)?;
            Ok(vec![Event::ExtensionDrafted { new_due_on: *new_due_on, reason, at }])
        }
        Command::GrantExtension => {
            let Some((new_due_on, reason)) = case.extension_draft.clone() else {
                return Err(Refusal::State { expected: "extension drafted", found: "none" });
            };
            let (due_before, due_at) = extend(case, new_due_on, ctx)?;
            Ok(vec![Event::Extended { new_due_on, reason, at, due_before, due_at }])
        }
        Command::RederiveDue => rederive(case, ctx),
        _ => Err(Refusal::Exists(true)),
    }
}

fn started(case: &Case) -> Result<Instant, Refusal> {
    case.accepted_at.ok_or(Refusal::State { expected: "accepted", found: case.business.as_str() })
}

/// The clock with one more event now.
fn with(case: &Case, kind: ClockEventKind, ctx: &Ctx<'_>) -> Result<Answer, Refusal> {
    clock::derive(case, ctx, started(case)?, &[ClockEvent { at: ctx.now, kind }])
}

fn ask(
    case: &Case,
    papers: &[u16],
    why: Option<&Ref>,
    answer_days: u32,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let papers = named_papers(papers, ctx)?;
    let reason = reason(why)?;
    if !ANSWER_DAYS.contains(&answer_days) {
        let fault = Fault::new("answer_days", "err-number").with("max", ANSWER_DAYS.end());
        return Err(Refusal::Fields(vec![fault]));
    }
    let answer = with(case, ClockEventKind::SupplementRequested, ctx)?;
    let late = |v: &crate::calendar::Violation| {
        v.at == ctx.now && v.code == ViolationCode::SupplementRequestLate
    };
    Ok(vec![Event::SupplementAsked {
        papers,
        reason,
        at: ctx.now,
        answer_by: ctx.now.plus_days(i64::from(answer_days)),
        late: answer.violations.iter().any(late),
    }])
}

fn suspend(
    case: &Case,
    ground: &str,
    why: Option<&Ref>,
    until: Date,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let reason = reason(why)?;
    let ground = crate::people::tidy(ground);
    if ground.is_empty() {
        return Err(Refusal::field("ground", "err-ground-missing"));
    }
    let days = until.signed_duration_since(ctx.today()).num_days();
    if !(1..=limits::SUSPENSION_DAYS).contains(&days) {
        return Err(Refusal::SuspensionLength(limits::SUSPENSION_DAYS));
    }
    let kind = ClockEventKind::Suspended { ground: ground.clone(), until: Some(until) };
    let due_at = with(case, kind, ctx)?.due_at;
    Ok(vec![Event::Suspended { ground, reason, until, at: ctx.now, due_at }])
}

/// 19: at least a day before the due date, once only (Decree 61/2018 Art. 19.9). The calendar's one
/// algorithm judges; its findings become refusals here.
fn extend(case: &Case, new_due_on: Date, ctx: &Ctx<'_>) -> Result<(Instant, Instant), Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    if case.extensions >= limits::EXTENSIONS {
        return Err(Refusal::ExtensionRepeated);
    }
    let before = clock::derive(case, ctx, started(case)?, &[])?;
    let answer = with(case, ClockEventKind::Extended { new_due_on }, ctx)?;
    let found = answer.violations.iter().filter(|v| v.at == ctx.now).map(|v| v.code);
    for code in found {
        match code {
            ViolationCode::ExtensionRepeated => return Err(Refusal::ExtensionRepeated),
            ViolationCode::ExtensionWhileStopped => return Err(Refusal::ExtensionWhileStopped),
            ViolationCode::ExtensionTooLate => {
                let until = before.latest_apology_at.unwrap_or(before.received_effective_at);
                return Err(Refusal::ExtensionTooLate(until));
            }
            ViolationCode::ExtensionNotLater => return Err(Refusal::ExtensionNotLater),
            _ => {}
        }
    }
    match (before.due_at, answer.due_at) {
        (Some(before), Some(after)) => Ok((before, after)),
        _ => Err(Refusal::ExtensionWhileStopped),
    }
}

fn rederive(case: &Case, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    if case.finished_at.is_some() || case.accepted_at.is_none() {
        return Ok(Vec::new());
    }
    let answer = clock::derive(case, ctx, started(case)?, &[])?;
    if answer.due_at == case.due_at {
        return Ok(Vec::new());
    }
    let (due_before, due_at) = (case.due_at, answer.due_at);
    Ok(vec![Event::DueMoved { due_before, due_at, at: ctx.now }])
}
