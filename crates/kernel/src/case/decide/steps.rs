//! Transitions 7 to 10, 15, 16 and 22: forwarding, the tasks of the process, sending back,
//! children, another officer.

use super::super::clock;
use super::super::command::Command;
use super::super::event::Event;
use super::super::link::{Answer, consulted_units};
use super::super::op_event::OpEvent;
use super::super::refusal::Refusal;
use super::super::state::{Business, Case, Delivery};
use super::incidents::{attempt, done_already};
use super::{Ctx, calls, expect, reason};
use crate::access::{self, Grant};
use crate::ids::{AccountId, UnitId};
use crate::limits;
use crate::org::Role;
use crate::people;
use process::{Env, Event as Move, Node, NodeIx, Thrown};

/// The outcome by which a process says that a step may send back.
pub(in super::super) const SEND_BACK: &str = "send_back";

pub(super) fn decide(case: &Case, command: &Command, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let at = ctx.now;
    match command {
        Command::Forward => {
            expect(case, &[Business::Accepted], "accepted")?;
            if counter_task(ctx).is_some() {
                let (expected, found) = ("decided by another unit", "decided at the counter");
                return Err(Refusal::State { expected, found });
            }
            let late = case.forward_by.is_some_and(|by| at > by);
            let (moves, incident) = attempt(case, calls::start(case), "", ctx)?;
            let mut events = vec![Event::Forwarded { at, late, moves }];
            events.extend(incident);
            Ok(events)
        }
        Command::Complete { .. } => complete(case, command, ctx),
        Command::SendBack { token, reason: why } => {
            expect(case, &[Business::Processing], "processing")?;
            let (_, node) = task_right(case, *token, ctx)?;
            let task = ctx.definition.node(node).id.clone();
            let reason = reason(why.as_ref())?;
            let moves = step(case, process::Command::SendBack { token: *token }, "", ctx)?;
            Ok(vec![Event::SentBack { task, reason, at, moves }])
        }
        Command::FireTimer { token, boundary } => {
            let fired = process::Command::TimerFired { token: *token, boundary: *boundary };
            match attempt(case, fired, "", ctx)? {
                (moves, None) if moves.is_empty() => Ok(Vec::new()),
                (moves, None) => with_end(case, Event::Moved { at, moves }, ctx),
                (_, Some(incident)) => Ok(vec![incident]),
            }
        }
        Command::OpenChild { child, token, unit } => {
            one_more(case)?;
            let (child, token, unit) = (*child, *token, unit.clone());
            Ok(vec![Event::ChildOpened { child, token, unit, call: false, at }])
        }
        Command::SkipWait { token } => {
            let answered = process::Command::Answered { token: *token };
            match attempt(case, answered, "", ctx)? {
                (moves, None) => with_end(case, Event::Moved { at, moves }, ctx),
                (_, Some(incident)) => Ok(vec![incident]),
            }
        }
        Command::AnswerChild { child, answer } => answer_child(case, *child, *answer, ctx),
        Command::Reassign { officer, reason: why } => {
            expect(case, &[Business::Processing, Business::FinDuty], "processing")?;
            if case.officer.is_none() && !case.ops.to_assign {
                return Err(Refusal::State { expected: "assigned", found: "unassigned" });
            }
            fits(officer, &case.decided_by, ctx)?;
            Ok(vec![Event::Reassigned { officer: officer.clone(), reason: why.clone(), at }])
        }
        _ => Err(Refusal::Exists(true)),
    }
}

/// A case has so many children at most; those whose question was returned or left out do not count.
pub(super) fn one_more(case: &Case) -> Result<(), Refusal> {
    if case.children.iter().filter(|child| child.token != 0).count() < limits::CHILDREN {
        return Ok(());
    }
    let (node, limit) = ("children".to_owned(), limits::CHILDREN);
    Err(process::Refusal::TooManyTokens { node, limit }.into())
}

/// The unit of a lane: the receiving desk, or the unit that decides.
pub(in super::super) fn lane_unit<'c>(case: &'c Case, node: &Node) -> &'c UnitId {
    match node.unit.as_deref() {
        Some("receiving") if super::super::lane_role(node) == Role::DeskOfficer => &case.desk,
        Some("receiving") => &case.received_by,
        _ => &case.decided_by,
    }
}

/// By what right an actor does the task of a token.
///
/// # Errors
/// No such task, or not theirs.
pub(in super::super) fn task_right(
    case: &Case,
    token: u32,
    ctx: &Ctx<'_>,
) -> Result<(Grant, NodeIx), Refusal> {
    let gone = || Refusal::Process(process::Refusal::NoToken { token });
    // The counter's only step is done in the same act as the start.
    let node = if case.business == Business::Accepted && !case.process.started() {
        counter_task(ctx).filter(|_| token == 0).ok_or_else(gone)?
    } else {
        let mut open = process::open_tasks(ctx.definition, &case.process);
        open.find(|(t, _)| *t == token).map(|(_, node)| node).ok_or_else(gone)?
    };
    let found = ctx.definition.node(node);
    let role = found.role.as_deref().and_then(Role::from_key).unwrap_or(Role::CaseOfficer);
    let unit = lane_unit(case, found);
    let day = ctx.today();
    if let Some(lent) = case.ops.lent(token, day).filter(|l| Some(&l.to) == ctx.actor.account()) {
        let seat = access::seat_in(ctx.actor, &[lent.role], &lent.unit, ctx.tree, day)?;
        return Ok((Grant { on_behalf_of: Some(lent.from.clone()), ..seat }, node));
    }
    let taken = case.ops.hold(token).and_then(|hold| hold.by.as_ref());
    let officer = taken.or(case.officer.as_ref().filter(|_| role == Role::CaseOfficer));
    let grant = access::task_allowed(ctx.actor, role, unit, officer, ctx.tree, day)?;
    Ok((grant, node))
}

/// The first step of a process that is decided at the counter.
pub(in super::super) fn counter_task(ctx: &Ctx<'_>) -> Option<NodeIx> {
    let mut nodes = ctx.definition.nodes();
    nodes.find(|(_, n)| n.task_kind.as_deref() == Some("decide")).map(|(ix, _)| ix)
}

fn complete(case: &Case, command: &Command, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::Complete { token, outcome, officer, consulted, note, number, amount_vnd } =
        command
    else {
        return Err(Refusal::Exists(true));
    };
    let (_, ix) = task_right(case, *token, ctx)?;
    let node = ctx.definition.node(ix);
    let kind = node.task_kind.clone().unwrap_or_default();
    let mut events = Vec::new();
    let mut moved = case.clone();
    // 8: settled at the counter: forwarding and the decision are one act.
    let token = if case.business == Business::Accepted {
        let moves = step(case, process::Command::Start, "", ctx)?;
        let late = case.forward_by.is_some_and(|by| ctx.now > by);
        let forwarded = Event::Forwarded { at: ctx.now, late, moves };
        super::super::apply(&mut moved, &forwarded, ctx.definition);
        events.push(forwarded);
        let first = process::open_tasks(ctx.definition, &moved.process).next();
        first.map_or(*token, |(t, _)| t)
    } else {
        expect(case, &[Business::Processing], "processing")?;
        if done_already(case, *token) {
            return Err(Refusal::StandsStill);
        }
        *token
    };
    // Sending back has a command of its own, since it needs a reason.
    if outcome == SEND_BACK || !node.outcomes.is_empty() && !node.outcomes.contains(outcome) {
        let allowed: Vec<String> =
            node.outcomes.iter().filter(|o| *o != SEND_BACK).cloned().collect();
        return Err(Refusal::Process(process::Refusal::UnknownOutcome {
            node: node.id.clone(),
            given: outcome.clone(),
            allowed,
        }));
    }
    needs(&kind, officer.as_ref(), note.is_some(), number.as_deref())?;
    if let Some(officer) = officer {
        fits(officer, &case.decided_by, ctx)?;
    }
    let consulted = checked_units(consulted, ctx)?;
    // What comes next may ask them.
    if !consulted.is_empty() {
        moved.consulted.clone_from(&consulted);
    }
    let completed = process::Command::Complete { token, outcome: outcome.clone() };
    let (moves, incident) = attempt(&moved, completed, outcome, ctx)?;
    let waits_for_money = asks(&moves, "finance");
    let done = Event::TaskDone {
        task: node.id.clone(),
        kind,
        outcome: outcome.clone(),
        officer: officer.clone(),
        consulted,
        note: note.clone(),
        number: number.as_deref().map(people::tidy).filter(|n| !n.is_empty()),
        by: ctx.actor.account().cloned(),
        at: ctx.now,
        moves,
    };
    events.extend(with_end(&moved, done, ctx)?);
    events.extend(incident);
    if waits_for_money {
        let amount_vnd = amount_vnd.filter(|a| *a > 0);
        let amount_vnd =
            amount_vnd.ok_or_else(|| Refusal::field("amount_vnd", "err-amount-missing"))?;
        events.push(Event::FinanceOpened { amount_vnd, at: ctx.now });
    }
    Ok(events)
}

/// What a kind of task needs beside its outcome.
fn needs(
    kind: &str,
    officer: Option<&AccountId>,
    noted: bool,
    number: Option<&str>,
) -> Result<(), Refusal> {
    match kind {
        "assign" if officer.is_none() => Err(Refusal::field("officer", "err-officer-missing")),
        "field" | "opinion" if !noted => Err(Refusal::field("note", "err-note-missing")),
        "stamp" if number.is_none_or(|n| n.trim().is_empty()) => {
            Err(Refusal::field("number", "err-number-missing"))
        }
        _ => Ok(()),
    }
}

fn checked_units(units: &[UnitId], ctx: &Ctx<'_>) -> Result<Vec<UnitId>, Refusal> {
    let here = |u: &&UnitId| ctx.tree.unit(u).is_some_and(|u| u.valid.holds(ctx.today()));
    let mut once: Vec<UnitId> = Vec::with_capacity(units.len());
    for unit in units {
        if !here(&unit) {
            return Err(Refusal::field("consulted", "err-unit"));
        }
        if !once.contains(unit) {
            once.push(unit.clone());
        }
    }
    if once.len() > limits::CHILDREN {
        return Err(Refusal::field("consulted", "err-unit"));
    }
    Ok(once)
}

/// The officer named must hold the post of a case officer there.
fn fits(officer: &AccountId, unit: &UnitId, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let unit = ctx.tree.in_charge(unit, ctx.today()).map_or(unit, |u| &u.id);
    let holders = ctx.staff.holders(unit, Role::CaseOfficer, ctx.today());
    if holders.contains(&officer) { Ok(()) } else { Err(Refusal::OfficerElsewhere) }
}

fn answer_child(
    case: &Case,
    child: crate::ids::CaseId,
    answer: Answer,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    let at = ctx.now;
    let Some(asked) = case.children.iter().find(|c| c.case == child && !c.answered) else {
        return Err(Refusal::State { expected: "waiting for this child", found: "answered" });
    };
    let token = asked.token;
    let others = case.children.iter().filter(|c| c.case != child && c.token == token);
    let others_wait = others.into_iter().any(|c| !c.answered);
    // After the silence timer the token has moved on. The duty to answer goes on (Decree 61/2018
    // Art. 19.5.b sets no forfeit), so a late opinion is recorded all the same.
    let waiting = process::open_jobs(ctx.definition, &case.process).any(|(t, _)| t == token);
    let live = waiting && !case.business.is_terminal();
    let (moves, incident) = if live && !others_wait {
        attempt(case, process::Command::Answered { token }, "", ctx)?
    } else {
        (Vec::new(), None)
    };
    let (given, error) = (process::Vars::new(), String::new());
    let answered = Event::ChildAnswered { child, answer, given, error, at, moves };
    let mut events = with_end(case, answered, ctx)?;
    events.extend(incident);
    Ok(events)
}

/// One step of the process, with the case's fields for its conditions.
pub(super) fn step(
    case: &Case,
    command: process::Command,
    outcome: &str,
    ctx: &Ctx<'_>,
) -> Result<Vec<Move>, Refusal> {
    let data = |name: &str| match name {
        // Whoever is asked when nobody in particular was chosen, the edition says.
        CONSULTED => Some(unit_list(&consulted_units(
            &case.consulted,
            (&case.desk, &case.decided_by),
            ctx.edition,
            (ctx.tree, ctx.today()),
        ))),
        _ => field(case, outcome, name),
    };
    let moves = process::step(ctx.definition, &case.process, command, &Env { data: &data })?;
    calls::check(case, &moves, ctx)?;
    // What the calling case makes of an error, it says itself.
    if case.call().is_some() {
        return Ok(moves);
    }
    // An error that nothing catches would end the process without a result, and the case with it.
    let thrown = moves.iter().find_map(|step| match step {
        Move::Uncaught { node, what: Thrown::Error, code } => Some((*node, code.clone())),
        _ => None,
    });
    match thrown {
        None => Ok(moves),
        Some((node, code)) => {
            let node = ctx.definition.node(node).id.clone();
            Err(process::Refusal::Uncaught { node, code }.into())
        }
    }
}

/// The field that lists the units to be asked.
const CONSULTED: &str = "consulted";

/// The fields of a case that conditions may read beside `outcome`, which an act brings.
pub(super) const FIELDS: [&str; 6] =
    ["fee_vnd", "fee_open_vnd", "procedure", "delivery", "consults", CONSULTED];

fn unit_list(units: &[UnitId]) -> process::Value {
    let list: Vec<process::Value> = units.iter().map(|unit| unit.as_str().into()).collect();
    list.into()
}

/// A field of a case as conditions see it.
pub(crate) fn field(case: &Case, outcome: &str, name: &str) -> Option<process::Value> {
    Some(match name {
        "outcome" => outcome.into(),
        "fee_vnd" => case.fee_vnd.into(),
        "fee_open_vnd" => (case.fee_vnd - case.paid_vnd).into(),
        "procedure" => case.procedure.as_str().into(),
        "delivery" => case.delivery.as_str().into(),
        CONSULTED => unit_list(&case.consulted),
        "consults" => (i64::try_from(case.consulted.len()).unwrap_or(i64::MAX)).into(),
        _ => return None,
    })
}

/// Whether moves ask for a job.
pub(super) fn asks(moves: &[Move], job: &str) -> bool {
    moves.iter().any(|m| matches!(m, Move::JobAsked { job: j, .. } if j == job))
}

/// An event, and the ready result if its moves finish the process.
pub(super) fn with_end(case: &Case, event: Event, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let moves = super::super::effects::moves(&event);
    let finished = moves.iter().any(|m| matches!(m, Move::Finished));
    let failed = calls::error_of(case, moves).map(str::to_owned);
    let due_at = match case.accepted_at {
        Some(started) if finished => {
            let more: Vec<_> = event.clock_event().into_iter().collect();
            clock::derive(case, ctx, started, &more)?.due_at
        }
        _ => None,
    };
    let mut events = vec![event];
    if finished {
        events.push(Event::ResultReady { at: ctx.now, due_at });
        // The answer of a child goes to the asking case by itself; nobody hands it over.
        if case.parent.is_some() {
            let how = Delivery::Online;
            events.push(Event::Delivered { how, taken_by: None, authorised: false, at: ctx.now });
        }
    }
    if let Some(code) = failed {
        events.push(Event::Op(OpEvent::EndedByError { code, at: ctx.now }));
    }
    Ok(events)
}
