//! Running cases go to another version of their process, and back again as long as nothing was done
//! since. The engine decides about the process ([`process::migration`]); here stands what the case
//! adds: dates of timers, open incidents, what may be forgotten.

use super::apply::{apply as apply_event, born};
use super::decide::Ctx;
use super::effects::{Effects, TimerChange, drop_one, set, step_key};
use super::event::Event;
use super::refusal::Refusal;
use super::state::Case;
use super::step_time::timer_due;
use super::step_timers::begins_stopped;
use super::upkeep::{Paused, StepDue, TimeLeft, UpkeepEvent};
use crate::calendar::Instant;
use crate::ids::CaseId;
use crate::procedure::Definitions;
use process::migration::{self, Plan};
use process::{Command, Definition, Event as Move, NodeIx};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// A case is to go to another version.
#[derive(Clone, PartialEq, Debug)]
pub struct Migrate {
    /// The migration that it is part of.
    pub migration: Uuid,
    /// The version to go to.
    pub to: u32,
    /// How the elements correspond.
    pub plan: Arc<Plan>,
    /// Since when each token stands where it stands, see [`arrivals`]: timers that begin are
    /// counted from then. Only needed when some begin.
    pub arrivals: BTreeMap<u32, Instant>,
    /// The timers of steps that are set now, with their dates.
    pub rows: Vec<StepDue>,
}

/// That is to be taken back.
#[derive(Clone, PartialEq, Debug)]
pub struct RevertMigration {
    /// The case right before it went.
    pub before: Case,
    /// What was recorded then.
    pub migrated: UpkeepEvent,
}

/// Why a case, or a part of it, stays on its version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stay {
    /// BPMN id of the element; empty for the case as a whole.
    pub node: String,
    /// The reason.
    pub why: StayWhy,
}

/// The reason.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StayWhy {
    /// The process says no.
    #[error(transparent)]
    Process(#[from] migration::Why),
    /// The case is not accepted yet, or decided.
    #[error("the case does not run")]
    NotRunning,
    /// The case runs on another version than the plan starts from, or that version is not loaded.
    #[error("the case does not run on the version that the plan is for")]
    OtherVersion,
    /// An incident is open and what is to be tried again names a place of the old version.
    #[error("an incident is open that is bound to a place of the old version")]
    Incident,
    /// Something was done since, so that the migration is not taken back.
    #[error("something was done since")]
    DoneSince,
}

impl StayWhy {
    /// Key of the text for people.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Process(why) => why.key(),
            Self::NotRunning => "not_running",
            Self::OtherVersion => "other_editions",
            Self::Incident => "incident",
            Self::DoneSince => "done_since",
        }
    }

    /// All keys.
    pub const KEYS: [&'static str; 14] = [
        "other_editions",
        "not_running",
        "no_target",
        "type_differs",
        "repeat_differs",
        "scope_differs",
        "branch_unknown",
        "branch_twice",
        "join_opens",
        "would_stick",
        "computed_timer",
        "cannot_undo",
        "incident",
        "done_since",
    ];
}

fn whole(why: StayWhy) -> Vec<Stay> {
    vec![Stay { node: String::new(), why }]
}

/// The moves by which a case would go from the version it runs on to another: none for a case whose
/// process has not begun, which only begins under the other version.
///
/// # Errors
/// Every reason why it stays.
pub fn moves_to(
    case: &Case,
    plan: &Plan,
    from: &Definition,
    to: &Definition,
) -> Result<Vec<Move>, Vec<Stay>> {
    if !case.is_running() {
        return Err(whole(StayWhy::NotRunning));
    }
    if plan.from != from.sha256() || plan.to != to.sha256() {
        return Err(whole(StayWhy::OtherVersion));
    }
    let bound = case.ops.incidents.iter().filter(|open| names_a_place(&open.command));
    let mut stays: Vec<Stay> =
        bound.map(|open| Stay { node: open.node.clone(), why: StayWhy::Incident }).collect();
    let moves = if case.process.started() {
        match migration::migrate(plan, from, to, &case.process) {
            Ok(moves) => moves,
            Err(found) => {
                let found = found.into_iter();
                stays.extend(found.map(|s| Stay { node: s.node, why: StayWhy::Process(s.why) }));
                Vec::new()
            }
        }
    } else {
        Vec::new()
    };
    if stays.is_empty() { Ok(moves) } else { Err(stays) }
}

/// Whether a command to be tried again holds numbers of a version, or rests on a timer of it.
fn names_a_place(command: &Command) -> bool {
    !matches!(
        command,
        Command::Start
            | Command::Complete { .. }
            | Command::SendBack { .. }
            | Command::Answered { .. }
            | Command::Cancel
            | Command::Fail { .. }
            | Command::Escalate { .. }
            | Command::Returned { .. }
            | Command::Set { .. }
    )
}

/// Whether moves begin a timer: then [`Migrate::arrivals`] is needed.
#[must_use]
pub fn begins_timers(moves: &[Move]) -> bool {
    moves.iter().any(|step| matches!(step, Move::TimerSet { .. }))
}

pub(super) fn migrate(case: &Case, order: &Migrate, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let to = ctx.definitions.of(order.to).filter(|_| order.to != case.process_version);
    let to = to.ok_or_else(|| Refusal::Stays(whole(StayWhy::OtherVersion)))?;
    let moves = moves_to(case, &order.plan, ctx.definition, to).map_err(Refusal::Stays)?;
    let mut timers = Vec::new();
    let mut ended = Vec::new();
    for step in &moves {
        match step {
            Move::TimerSet { token, node, spec }
                if !begins_stopped(case, (ctx.definition, *token), (to, *node)) =>
            {
                let since = order.arrivals.get(token).copied().unwrap_or(ctx.now);
                let due = timer_due(spec, since, ctx.calendar);
                timers.extend(due.map(|due_at| StepDue { token: *token, node: *node, due_at }));
            }
            Move::TimerDropped { token, node } => {
                let rows = order.rows.iter();
                ended.extend(rows.filter(|row| (row.token, row.node) == (*token, *node)));
            }
            _ => {}
        }
    }
    Ok(vec![Event::Upkeep(UpkeepEvent::Migrated {
        migration: order.migration,
        from: case.process_version,
        to: order.to,
        timers,
        ended,
        at: ctx.now,
        moves,
    })])
}

pub(super) fn revert(
    case: &Case,
    order: &RevertMigration,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    let moves = moves_back(case, order, ctx.definitions).map_err(Refusal::Stays)?;
    let UpkeepEvent::Migrated { migration, from, to, ended, moves: there, .. } = &order.migrated
    else {
        return Err(Refusal::Stays(whole(StayWhy::DoneSince)));
    };
    let nodes = there.iter().find_map(|step| match step {
        Move::Migrated { nodes, .. } => Some(nodes.iter().map(|(old, new)| (*new, *old)).collect()),
        _ => None,
    });
    Ok(vec![Event::Upkeep(UpkeepEvent::MigrationReverted {
        migration: *migration,
        from: *to,
        to: *from,
        timers: ended.clone(),
        nodes: nodes.unwrap_or_default(),
        paused: order.before.paused.clone(),
        at: ctx.now,
        moves,
    })])
}

/// The moves by which a case goes back to the version that it left: none for a case whose process
/// has not begun.
///
/// # Errors
/// Something was done since, or a version is not loaded.
pub fn moves_back(
    case: &Case,
    order: &RevertMigration,
    definitions: Definitions<'_>,
) -> Result<Vec<Move>, Vec<Stay>> {
    let UpkeepEvent::Migrated { from, to, moves, .. } = &order.migrated else {
        return Err(whole(StayWhy::DoneSince));
    };
    let (Some(old), Some(new)) = (definitions.of(*from), definitions.of(*to)) else {
        return Err(whole(StayWhy::OtherVersion));
    };
    let before = &order.before;
    let mut after = before.clone();
    apply_event(&mut after, &Event::Upkeep(order.migrated.clone()), definitions);
    if !is_untouched(case, &after) {
        return Err(whole(StayWhy::DoneSince));
    }
    if !before.process.started() {
        return Ok(Vec::new());
    }
    let back = migration::revert(old, new, &before.process, moves, &case.process);
    back.ok_or_else(|| whole(StayWhy::DoneSince))
}

/// Whether nothing was done to the process, the clock or the questions asked of others.
fn is_untouched(case: &Case, after: &Case) -> bool {
    case.process_version == after.process_version
        && case.process == after.process
        && case.business == after.business
        && case.clock == after.clock
        && case.paused == after.paused
        && case.children == after.children
        && case.ops.incidents == after.ops.incidents
}

/// What the two events change. Holds stay by their tokens, and incidents whose command names no
/// place; finished steps can no longer be taken back, since their traces hold old numbers.
pub(super) fn apply(case: &mut Case, event: &UpkeepEvent, definitions: Definitions<'_>) {
    match event {
        UpkeepEvent::Migrated { to, moves, .. } => {
            let old = definitions.of(case.process_version);
            let both = old.zip(definitions.of(*to));
            for step in moves {
                match step {
                    Move::TimerDropped { token, node } => {
                        case.paused.retain(|one| (one.token, one.node) != (*token, *node));
                    }
                    Move::Migrated { nodes, .. } => {
                        for one in &mut case.paused {
                            one.node = renumbered(one.node, nodes);
                        }
                    }
                    Move::TimerSet { token, node, .. }
                        if both.is_some_and(|(old, new)| {
                            begins_stopped(case, (old, *token), (new, *node))
                        }) =>
                    {
                        let (token, node, left) = (*token, *node, TimeLeft::Whole);
                        case.paused.push(Paused { token, node, left });
                    }
                    _ => {}
                }
            }
            walk(case, moves, *to, definitions);
        }
        UpkeepEvent::MigrationReverted { to, moves, paused, .. } => {
            walk(case, moves, *to, definitions);
            case.paused.clone_from(paused);
        }
        _ => {}
    }
}

/// Moves before the change of version are of the old one.
fn walk(case: &mut Case, moves: &[Move], to: u32, definitions: Definitions<'_>) {
    let mut version = case.process_version;
    for step in moves {
        if matches!(step, Move::Migrated { .. } | Move::Unmigrated { .. }) {
            version = to;
        }
        if let Some(definition) = definitions.of(version) {
            process::apply(definition, &mut case.process, step);
        }
    }
    case.process_version = to;
    case.ops.finished.clear();
}

fn renumbered(node: NodeIx, nodes: &[(NodeIx, NodeIx)]) -> NodeIx {
    nodes.iter().find(|(old, _)| *old == node).map_or(node, |(_, new)| *new)
}

/// Timers that end, go on under another number, and begin.
pub(super) fn effects(event: &UpkeepEvent, out: &mut Effects) {
    let (timers, moves) = match event {
        UpkeepEvent::Migrated { timers, moves, .. }
        | UpkeepEvent::MigrationReverted { timers, moves, .. } => (timers, moves),
        _ => return,
    };
    let renumber = |nodes: &[(NodeIx, NodeIx)]| {
        let nodes: Vec<_> = nodes.iter().filter(|(old, new)| old != new).copied().collect();
        (!nodes.is_empty()).then_some(TimerChange::Renumber { nodes })
    };
    for step in moves {
        match (step, event) {
            (Move::TimerDropped { token, node }, _) => {
                out.timers.push(drop_one("process", step_key(*token, *node)));
            }
            (Move::Migrated { nodes, .. }, _)
            | (Move::Unmigrated { .. }, UpkeepEvent::MigrationReverted { nodes, .. }) => {
                out.timers.extend(renumber(nodes));
            }
            _ => {}
        }
    }
    for one in timers {
        out.timers.push(set("process", step_key(one.token, one.node), one.due_at));
    }
}

/// The key of a process timer, `token:node`, with the number that its event has now; the same key
/// if that did not change.
#[must_use]
pub fn renumbered_key(key: &str, nodes: &[(NodeIx, NodeIx)]) -> String {
    let place = key.split_once(':').and_then(|(token, node)| {
        let (token, node): (u32, u16) = (token.parse().ok()?, node.parse().ok()?);
        Some(step_key(token, renumbered(NodeIx(node), nodes)))
    });
    place.unwrap_or_else(|| key.to_owned())
}

/// Since when each token of a case stands where it stands now; under 0, when its process began. A
/// migration moves nobody. `None` for a history that does not start with a submission.
#[must_use]
pub fn arrivals<'e>(
    id: CaseId,
    events: impl IntoIterator<Item = &'e Event>,
    definitions: Definitions<'_>,
) -> Option<BTreeMap<u32, Instant>> {
    let mut events = events.into_iter();
    let mut case = born(id, events.next()?)?;
    let mut since: BTreeMap<u32, Instant> = BTreeMap::new();
    for event in events {
        let stood: BTreeMap<u32, NodeIx> =
            case.process.tokens.iter().map(|token| (token.id, token.node)).collect();
        apply_event(&mut case, event, definitions);
        since.retain(|token, _| *token == 0 || case.process.token(*token).is_some());
        if matches!(event, Event::Upkeep(_)) {
            continue;
        }
        if case.process.started() {
            since.entry(0).or_insert_with(|| event.at());
        }
        let moves = super::effects::moves(event);
        let entered = |token: u32| {
            moves.iter().any(|step| matches!(step, Move::Entered { token: t, .. } if *t == token))
        };
        for token in &case.process.tokens {
            if stood.get(&token.id) != Some(&token.node) || entered(token.id) {
                since.insert(token.id, event.at());
            }
        }
    }
    Some(since)
}
