//! Where a process cannot go on though the act that moved it is lawful: the act is recorded, the
//! process stands still, and whoever answers for it mends the data and tries again.

use super::super::event::Event;
use super::super::op::{Op, Why};
use super::super::op_event::OpEvent;
use super::super::refusal::Refusal;
use super::super::state::{Business, Case};
use super::ops::because;
use super::steps::{step, with_end};
use super::{Ctx, expect};
use crate::limits;
use process::{Command, Event as Move, NodeIx, Vars};

/// One step of the process for an act that stands whatever becomes of the process: its moves, or
/// none and the incident that stopped it.
pub(super) fn attempt(
    case: &Case,
    command: Command,
    outcome: &str,
    ctx: &Ctx<'_>,
) -> Result<(Vec<Move>, Option<Event>), Refusal> {
    match step(case, command.clone(), outcome, ctx) {
        Err(Refusal::Process(refusal)) if refusal.is_incident() => {
            let raised = raised(case, &refusal, command, outcome, ctx);
            Ok((Vec::new(), Some(Event::Op(raised))))
        }
        other => other.map(|moves| (moves, None)),
    }
}

fn raised(
    case: &Case,
    refusal: &process::Refusal,
    command: Command,
    outcome: &str,
    ctx: &Ctx<'_>,
) -> OpEvent {
    let (token, timer) = match &command {
        Command::TimerFired { token, boundary } => {
            let here = case.process.token(*token).map(|token| token.node);
            (*token, boundary.or(here))
        }
        Command::Complete { token, .. }
        | Command::Trigger { token, .. }
        | Command::Choose { token, .. }
        | Command::Answered { token }
        | Command::Returned { token, .. }
        | Command::Fail { token, .. }
        | Command::Escalate { token, .. } => (*token, None),
        _ => (0, None),
    };
    let node = refusal.element().map(str::to_owned).or_else(|| at(case, token, timer, ctx));
    OpEvent::IncidentRaised {
        incident: case.ops.raised.saturating_add(1),
        token,
        node: node.unwrap_or_default(),
        code: refusal.key().to_owned(),
        message: refusal.to_string().chars().take(limits::INCIDENT_CHARS).collect(),
        command,
        outcome: outcome.to_owned(),
        node_of_timer: timer,
        at: ctx.now,
    }
}

fn at(case: &Case, token: u32, timer: Option<NodeIx>, ctx: &Ctx<'_>) -> Option<String> {
    let node = timer.or_else(|| case.process.token(token).map(|token| token.node))?;
    Some(ctx.definition.node(node).id.clone())
}

/// Whether the task of a token was done and only the process did not go on.
pub(in super::super) fn done_already(case: &Case, token: u32) -> bool {
    let at = case.ops.incident_at(token);
    at.is_some_and(|incident| matches!(incident.command, Command::Complete { .. }))
}

pub(super) fn decide(case: &Case, op: &Op, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    match op {
        Op::Retry { incident, why } => retry(case, *incident, why, ctx),
        Op::SetData { vars, why } => set_data(case, vars, why, ctx),
        _ => Err(Refusal::Exists(true)),
    }
}

/// The same step again; it stays open when it fails again, and nothing is recorded.
fn retry(case: &Case, number: u32, why: &Why, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let open = case.ops.incidents.iter().find(|one| one.number == number);
    let open = open.ok_or(Refusal::NoIncident)?;
    expect(case, &[Business::Processing], "processing")?;
    let because = because(why, false, "ground-mending")?;
    let moves = match step(case, open.command.clone(), &open.outcome, ctx) {
        // What had happened or was chosen is not waited for any more.
        Err(Refusal::Process(
            process::Refusal::WrongPlace { .. } | process::Refusal::NoToken { .. },
        )) if matches!(open.command, Command::Trigger { .. } | Command::Choose { .. }) => {
            Vec::new()
        }
        other => other?,
    };
    let retried = OpEvent::Retried { incident: number, because, at: ctx.now, moves };
    with_end(case, Event::Op(retried), ctx)
}

fn set_data(case: &Case, vars: &Vars, why: &Why, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    if case.ops.incidents.is_empty() {
        return Err(Refusal::NoIncident);
    }
    let because = because(why, true, "")?;
    let named = |name: &String| {
        let mut letters = name.chars();
        letters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
            && letters.all(|c| c.is_alphanumeric() || c == '_')
    };
    let bytes = serde_json::to_string(vars).map_or(usize::MAX, |text| text.len());
    let small = vars.len() <= limits::MENDED_VARS && bytes <= limits::MENDED_BYTES;
    if vars.is_empty() || !small || !vars.keys().all(named) {
        return Err(Refusal::field("vars", "err-vars"));
    }
    if !case.process.started() {
        // There is nothing to set yet; the start takes the data of the case.
        return Err(Refusal::field("vars", "err-vars"));
    }
    let moves = step(case, Command::Set { vars: vars.clone() }, "", ctx)?;
    let event = OpEvent::DataSet { vars: vars.clone(), because, at: ctx.now, moves };
    with_end(case, Event::Op(event), ctx)
}
