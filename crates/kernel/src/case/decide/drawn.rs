//! What a process leaves to people or takes from other cases: which activity of an ad-hoc
//! sub-process begins, and signals that another case gave.

use super::super::apply;
use super::super::event::Event;
use super::super::op_event::OpEvent;
use super::super::refusal::Refusal;
use super::super::state::{Business, Case};
use super::incidents::attempt;
use super::ops::element;
use super::steps::with_end;
use super::{Ctx, expect};
use crate::ids::CaseId;
use process::{Command, NodeIx};

/// An activity of an ad-hoc sub-process begins.
pub(super) fn choose(
    case: &Case,
    token: u32,
    to: &str,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let open = process::choices(ctx.definition, &case.process);
    let gone = || Refusal::Process(process::Refusal::NoToken { token });
    let (_, among) = open.into_iter().find(|(at, _)| *at == token).ok_or_else(gone)?;
    let node = element(to, &among, ctx)?;
    let part = case.process.token(token).map(|token| token.node);
    let part = part.map_or_else(String::new, |ix| ctx.definition.node(ix).id.clone());
    let (moves, incident) = attempt(case, Command::Choose { token, node }, "", ctx)?;
    let (task, at) = (to.to_owned(), ctx.now);
    let mut events =
        with_end(case, Event::Op(OpEvent::Chosen { part, task, token, at, moves }), ctx)?;
    events.extend(incident);
    Ok(events)
}

/// A signal of another case reaches all in this one who wait for it; nothing when nobody does.
pub(super) fn hear(
    case: &Case,
    signal: &str,
    (from, code): (CaseId, &str),
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    let mut now = case.clone();
    let mut all = Vec::new();
    for (token, node) in waiting(case, signal, ctx) {
        // An earlier one may have interrupted it.
        if !waiting(&now, signal, ctx).contains(&(token, node)) {
            continue;
        }
        let (moves, incident) = attempt(&now, Command::Trigger { token, node }, "", ctx)?;
        let event = ctx.definition.node(node).id.clone();
        let heard = OpEvent::SignalHeard {
            signal: signal.to_owned(),
            event,
            from,
            code: code.to_owned(),
            at: ctx.now,
            moves,
        };
        let mut events = with_end(&now, Event::Op(heard), ctx)?;
        events.extend(incident);
        for event in &events {
            apply(&mut now, event, ctx.definitions);
        }
        all.extend(events);
    }
    Ok(all)
}

/// What waits for a signal while the process runs, whatever else the case waits for.
fn waiting(case: &Case, signal: &str, ctx: &Ctx<'_>) -> Vec<(u32, NodeIx)> {
    if case.is_decided() || case.process.done {
        return Vec::new();
    }
    let mut all = process::waits(ctx.definition, &case.process);
    all.retain(|(_, node)| ctx.definition.node(*node).hears(signal));
    all
}
