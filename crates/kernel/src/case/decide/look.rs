//! Conditions that a process waits for read the data of the case: they are looked at again after an
//! act that changed these, or that brought the case back into work, though nothing moved.

use super::super::apply;
use super::super::effects::moves;
use super::super::event::Event;
use super::super::refusal::Refusal;
use super::super::state::{Business, Case};
use super::Ctx;
use super::incidents::attempt;
use super::steps::{FIELDS, field, with_end};
use process::{Command, Event as Move, Vars};

/// Adds what follows from the data that the events of an act change.
pub(super) fn after(
    case: &Case,
    mut events: Vec<Event>,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    if events.is_empty() || !ctx.definition.waits_for_conditions() {
        return Ok(events);
    }
    let mut now = case.clone();
    for event in &events {
        apply(&mut now, event, ctx.definitions);
    }
    let works = now.business == Business::Processing && now.process.started() && !now.process.done;
    let back = case.business != Business::Processing || events.iter().any(restores);
    if !works || !back && !differ(case, &now) {
        return Ok(events);
    }
    match attempt(&now, Command::Set { vars: Vars::new() }, "", ctx)? {
        (moves, None) if moves.is_empty() => {}
        (moves, None) => events.extend(with_end(&now, Event::Moved { at: ctx.now, moves }, ctx)?),
        // One that stands already is enough.
        (_, Some(incident)) if !stands(&now) => events.push(incident),
        (_, Some(_)) => {}
    }
    Ok(events)
}

fn differ(before: &Case, now: &Case) -> bool {
    FIELDS.iter().any(|name| field(before, "", name) != field(now, "", name))
}

/// Whether what was waited for before stands again, perhaps on data that changed meanwhile.
fn restores(event: &Event) -> bool {
    moves(event).iter().any(|step| matches!(step, Move::Restored { .. }))
}

/// Whether such a look stands still already.
fn stands(case: &Case) -> bool {
    let look = |command: &Command| matches!(command, Command::Set { .. });
    case.ops.incidents.iter().any(|one| look(&one.command))
}
