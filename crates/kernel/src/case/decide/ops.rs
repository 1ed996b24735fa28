//! Operations that move a case beside its drawn way: return, take back, jump, skip, add; and looks
//! that make a finished step final.

use super::super::event::Event;
use super::super::op::{Because, Op, Why};
use super::super::op_event::OpEvent;
use super::super::op_state::Finished;
use super::super::refusal::Refusal;
use super::super::state::{Business, Case};
use super::incidents::attempt;
use super::steps::{lane_unit, step, task_right, with_end};
use super::{Ctx, drawn, expect, incidents, people};
use crate::access::{self, Grant};
use crate::ids::CaseId;
use crate::limits;
use process::{Command, Event as Move, Instruction, NodeIx, NodeKind};

/// By what right an operation is done.
pub(super) fn right(case: &Case, op: &Op, ctx: &Ctx<'_>) -> Result<Grant, Refusal> {
    match op {
        Op::Return { token, .. } | Op::Claim { token } => {
            task_right(case, *token, ctx).map(|(grant, _)| grant)
        }
        Op::TakeBack { token, .. } => {
            let done = finished_by(case, *token, ctx).ok_or(Refusal::NotTakenBack)?;
            let node = ctx.definition.node_by_id(&done.task);
            let unit = node.map_or(&case.decided_by, |ix| lane_unit(case, ctx.definition.node(ix)));
            let seat = access::seat_in(ctx.actor, access::INSIDE, unit, ctx.tree, ctx.today());
            Ok(seat.unwrap_or_default())
        }
        Op::Open => opens(case, ctx).first().map_or(Ok(Grant::default()), |token| {
            task_right(case, *token, ctx).map(|(grant, _)| grant)
        }),
        Op::Release { token, .. } | Op::Delegate { token, .. } | Op::EndDelegation { token } => {
            people::right(case, op, *token, ctx)
        }
        _ => Ok(access::allowed(ctx.actor, op.action(), case, ctx.tree, ctx.today())?),
    }
}

pub(super) fn decide(case: &Case, op: &Op, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    match op {
        Op::Return { token, to, why } => give_back(case, *token, to, why, ctx),
        Op::TakeBack { token, why } => take_back(case, *token, why, ctx),
        Op::Jump { token, to, why } => jump(case, *token, to, why, ctx),
        Op::Skip { token, outcome, why } => skip(case, *token, outcome, why, ctx),
        Op::AddStep { node, why } => add(case, node, why, ctx),
        Op::Open => {
            let tokens = opens(case, ctx);
            if tokens.is_empty() {
                return Ok(Vec::new());
            }
            Ok(vec![Event::Op(OpEvent::Opened { tokens, at: ctx.now })])
        }
        Op::Happen { token, event, why } => happen(case, *token, event, why, ctx),
        Op::Choose { token, to } => drawn::choose(case, *token, to, ctx),
        Op::Hear { signal, from, code } => drawn::hear(case, signal, (*from, code), ctx),
        Op::Retry { .. } | Op::SetData { .. } => incidents::decide(case, op, ctx),
        _ => people::decide(case, op, ctx),
    }
}

/// Why it is done: a reason where one is needed, and a ground; `known` is the ground of acts that
/// rest on the same one each time.
pub(super) fn because(why: &Why, reasoned: bool, known: &str) -> Result<Because, Refusal> {
    if reasoned && why.reason.is_none() {
        return Err(Refusal::field("reason", "err-reason-missing"));
    }
    let ground = crate::people::tidy(&why.ground);
    if ground.chars().count() > limits::GROUND_CHARS {
        let fault = crate::people::Fault::new("ground", "err-too-long");
        return Err(Refusal::Fields(vec![fault.with("max", limits::GROUND_CHARS)]));
    }
    let ground = match (ground.is_empty(), known.is_empty()) {
        (false, _) => ground,
        (true, false) => known.to_owned(),
        (true, true) => return Err(Refusal::field("ground", "err-ground-missing")),
    };
    Ok(Because { reason: why.reason.clone(), ground })
}

pub(super) fn element(id: &str, among: &[NodeIx], ctx: &Ctx<'_>) -> Result<NodeIx, Refusal> {
    if id.is_empty() {
        return Err(Refusal::field("to", "err-step-missing"));
    }
    let found = ctx.definition.node_by_id(id).filter(|ix| among.contains(ix));
    found.ok_or_else(|| Refusal::NoTarget(id.to_owned()))
}

/// The step where a token stands.
fn place(case: &Case, token: u32, ctx: &Ctx<'_>) -> Result<String, Refusal> {
    let here = case.process.token(token);
    let here = here.ok_or(Refusal::Process(process::Refusal::NoToken { token }))?;
    Ok(ctx.definition.node(here.node).id.clone())
}

/// Open child cases of tokens that end with these moves; not those of a token that goes on.
fn ended(case: &Case, moves: &[Move], ctx: &Ctx<'_>) -> Vec<CaseId> {
    let mut after = case.process.clone();
    for step in moves {
        process::apply(ctx.definition, &mut after, step);
    }
    let over = |token: u32| case.process.token(token).is_some() && after.token(token).is_none();
    let open = case.children.iter().filter(|child| !child.answered && over(child.token));
    open.map(|child| child.case).collect()
}

fn give_back(
    case: &Case,
    token: u32,
    to: &str,
    why: &Why,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let task = place(case, token, ctx)?;
    let because = because(why, true, "")?;
    if to.is_empty() {
        return Err(Refusal::field("to", "err-step-missing"));
    }
    let target = ctx.definition.node_by_id(to);
    let target = target.ok_or_else(|| Refusal::NoTarget(to.to_owned()))?;
    let moves = step(case, Command::Return { token, to: target }, "", ctx)?;
    let ended = ended(case, &moves, ctx);
    let (to, at) = (to.to_owned(), ctx.now);
    with_end(case, Event::Op(OpEvent::Returned { task, to, token, because, ended, at, moves }), ctx)
}

/// A finished step of this person that can still be taken back.
pub(in super::super) fn finished_by<'c>(
    case: &'c Case,
    token: u32,
    ctx: &Ctx<'_>,
) -> Option<&'c Finished> {
    let account = ctx.actor.account()?;
    let mut mine = case.ops.finished.iter().rev();
    mine.find(|one| one.token == token && one.by == *account)
}

fn take_back(case: &Case, token: u32, why: &Why, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let done = finished_by(case, token, ctx).ok_or(Refusal::NotTakenBack)?;
    let because = because(why, false, "ground-own-step")?;
    let moves = process::take_back(ctx.definition, &case.process, &done.trace)?;
    let (task, at) = (done.task.clone(), ctx.now);
    Ok(vec![Event::Op(OpEvent::TakenBack { task, token, because, at, moves })])
}

/// The tokens that this person would open by looking at the case: those that they may act on and
/// that somebody else's finished step could still be taken back from. Empty for most looks.
#[must_use]
pub fn opens(case: &Case, ctx: &Ctx<'_>) -> Vec<u32> {
    let Some(account) = ctx.actor.account() else { return Vec::new() };
    let others = case.ops.finished.iter().filter(|one| one.by != *account);
    let mut tokens: Vec<u32> = others.flat_map(|one| one.trace.tokens()).collect();
    tokens.sort_unstable();
    tokens.dedup();
    tokens.retain(|token| task_right(case, *token, ctx).is_ok());
    tokens
}

fn jump(
    case: &Case,
    token: u32,
    to: &str,
    why: &Why,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let task = place(case, token, ctx)?;
    let because = because(why, true, "")?;
    let targets = process::jump_targets(ctx.definition, &case.process, token);
    let target = element(to, &targets, ctx)?;
    let instructions = vec![Instruction::Goto { token, to: target }];
    let moves = step(case, Command::Modify { instructions }, "", ctx)?;
    let ended = ended(case, &moves, ctx);
    let (to, at) = (to.to_owned(), ctx.now);
    with_end(case, Event::Op(OpEvent::Jumped { task, to, token, because, ended, at, moves }), ctx)
}

fn skip(
    case: &Case,
    token: u32,
    outcome: &str,
    why: &Why,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let task = place(case, token, ctx)?;
    let because = because(why, true, "")?;
    let instructions = vec![Instruction::Skip { token }];
    let moves = step(case, Command::Modify { instructions }, outcome, ctx)?;
    let mut ended = ended(case, &moves, ctx);
    // What the step itself had asked is asked no more, though its token goes on.
    let asked = case.children.iter().filter(|child| child.token == token && !child.answered);
    ended.extend(asked.map(|child| child.case));
    ended.sort();
    ended.dedup();
    let (outcome, at) = (outcome.to_owned(), ctx.now);
    let skipped = OpEvent::Skipped { task, outcome, token, because, ended, at, moves };
    with_end(case, Event::Op(skipped), ctx)
}

fn add(case: &Case, node: &str, why: &Why, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let because = because(why, true, "")?;
    let targets = process::add_targets(ctx.definition, &case.process);
    let added = element(node, &targets, ctx)?;
    let instructions = vec![Instruction::Beside { node: added }];
    let moves = step(case, Command::Modify { instructions }, "", ctx)?;
    let (task, at) = (node.to_owned(), ctx.now);
    with_end(case, Event::Op(OpEvent::StepAdded { task, because, at, moves }), ctx)
}

/// What a case waits for from outside, each with its token: messages and signals.
pub(in super::super) fn expected(case: &Case, ctx: &Ctx<'_>) -> Vec<(u32, NodeIx)> {
    let outside = |node: NodeIx| {
        let node = ctx.definition.node(node);
        let named = node.triggers().any(|word| matches!(word, "message" | "signal"));
        named || node.kind == NodeKind::Receive
    };
    let mut all = process::waits(ctx.definition, &case.process);
    all.retain(|(_, node)| outside(*node));
    all
}

fn happen(
    case: &Case,
    token: u32,
    event: &str,
    why: &Why,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Processing], "processing")?;
    let because = because(why, true, "")?;
    let waits = expected(case, ctx).into_iter().filter(|(waiting, _)| *waiting == token);
    let nodes: Vec<NodeIx> = waits.map(|(_, node)| node).collect();
    let node = element(event, &nodes, ctx)?;
    let (moves, incident) = attempt(case, Command::Trigger { token, node }, "", ctx)?;
    let (event, at) = (event.to_owned(), ctx.now);
    let happened = OpEvent::Happened { event, token, because, at, moves };
    let mut events = with_end(case, Event::Op(happened), ctx)?;
    events.extend(incident);
    Ok(events)
}
