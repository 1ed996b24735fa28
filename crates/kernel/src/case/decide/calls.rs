//! Called processes: a call activity of one case is carried out by a child case that runs the
//! called process. What becomes of the child, the token that waits learns here.

use super::super::apply;
use super::super::effects;
use super::super::event::Event;
use super::super::link::{Answer, Became, STOPPED, called_unit};
use super::super::op_event::OpEvent;
use super::super::refusal::Refusal;
use super::super::state::Case;
use super::Ctx;
use super::incidents::attempt;
use super::steps::{one_more, with_end};
use crate::ids::CaseId;
use process::{Command, Event as Move, Thrown, Vars};

/// How the process of a case begins: a called one with what it was given.
pub(crate) fn start(case: &Case) -> Command {
    match case.call() {
        Some(call) => Command::With { vars: call.vars.clone(), then: Box::new(Command::Start) },
        None => Command::Start,
    }
}

/// Every call must be for somebody: found out now, it is an incident that can be mended.
pub(super) fn check(case: &Case, moves: &[Move], ctx: &Ctx<'_>) -> Result<(), Refusal> {
    for step in moves {
        let Move::Called { node, asks, .. } = step else { continue };
        let place = (ctx.tree, ctx.today());
        if called_unit(asks.as_deref(), case, ctx.edition, place).is_none() {
            let node = ctx.definition.node(*node).id.clone();
            let asks = asks.as_deref().unwrap_or_default();
            let reason = format!("mc:asks: no unit {asks:?} works here today");
            return Err(process::Refusal::Expression { node, reason }.into());
        }
    }
    Ok(())
}

/// The code of the error that ends the process of a called case; nothing in it caught it.
pub(super) fn error_of<'m>(case: &Case, moves: &'m [Move]) -> Option<&'m str> {
    case.call()?;
    moves.iter().find_map(|step| match step {
        Move::Uncaught { what: Thrown::Error, code, .. } => Some(code.as_str()),
        _ => None,
    })
}

pub(super) fn decide(
    case: &Case,
    child: CaseId,
    became: &Became,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    let at = ctx.now;
    if let Became::Opened { token, unit } = became {
        one_more(case)?;
        let (token, unit) = (*token, unit.clone());
        return Ok(vec![Event::ChildOpened { child, token, unit, call: true, at }]);
    }
    let asked = case.children.iter().find(|c| c.case == child && !c.answered);
    let Some(asked) = asked else {
        return Err(Refusal::State { expected: "waiting for this child", found: "answered" });
    };
    let token = asked.token;
    let (mut given, mut error) = (Vars::new(), String::new());
    let (command, answer) = match became {
        Became::Opened { .. } => return Err(Refusal::Exists(true)),
        Became::Returned { vars } => {
            given.clone_from(vars);
            (Command::Returned { token, vars: vars.clone() }, Some(Answer::Done))
        }
        Became::Failed { code } => {
            error.clone_from(code);
            let answer = if code == STOPPED { Answer::Stopped } else { Answer::Failed };
            (Command::Fail { token, code: code.clone() }, Some(answer))
        }
        Became::Escalated { code } => (Command::Escalate { token, code: code.clone() }, None),
    };
    // The token may have gone on while the child came to its end; then it answers nobody.
    let waits = process::open_calls(ctx.definition, &case.process).any(|(t, _)| t == token);
    let (moves, incident) = if waits && !case.business.is_terminal() {
        attempt(case, command, "", ctx)?
    } else {
        (Vec::new(), None)
    };
    let event = match answer {
        Some(answer) => Event::ChildAnswered { child, answer, given, error, at, moves },
        None => Event::Moved { at, moves },
    };
    let mut events = with_end(case, event, ctx)?;
    events.extend(incident);
    Ok(events)
}

/// Adds the end of called processes whose tokens do not wait for them any more.
pub(super) fn after(case: &Case, mut events: Vec<Event>, ctx: &Ctx<'_>) -> Vec<Event> {
    let moved = events.iter().any(|event| !effects::moves(event).is_empty());
    if !moved || !case.children.iter().any(|child| child.call && !child.answered) {
        return events;
    }
    let mut now = case.clone();
    for event in &events {
        apply(&mut now, event, ctx.definitions);
    }
    // Those of a decided case end with it.
    if now.is_decided() {
        return events;
    }
    let definition = ctx.definitions.of(now.process_version).unwrap_or(ctx.definition);
    let open: Vec<u32> =
        process::open_calls(definition, &now.process).map(|(token, _)| token).collect();
    let over = now
        .children
        .iter()
        .filter(|child| child.call && !child.answered && child.token != 0)
        .filter(|child| !open.contains(&child.token))
        .map(|child| child.case);
    let children: Vec<CaseId> = over.collect();
    if !children.is_empty() {
        events.push(Event::Op(OpEvent::CallsEnded { children, at: ctx.now }));
    }
    events
}
