//! What an operation changes. Never refuses; a released arm is frozen.

use super::apply::end;
use super::effects::moves;
use super::event::Event;
use super::op_event::OpEvent;
use super::op_state::{Finished, Helper, Incident, Lent};
use super::state::{Business, Case};
use super::work::lane_role;
use crate::ids::{AccountId, UnitId};
use crate::org::Role;
use crate::procedure::Definitions;
use process::{Event as Move, State, Trace};

/// Changes a case by an event of an operation; its moves were walked before.
pub(super) fn apply(case: &mut Case, event: &OpEvent) {
    match event {
        OpEvent::Returned { token, ended, .. }
        | OpEvent::Jumped { token, ended, .. }
        | OpEvent::Skipped { token, ended, .. } => {
            // A token that comes to the same question again asks anew: those that it asked before
            // answer nobody.
            let theirs = case.children.iter_mut();
            theirs
                .filter(|child| child.token == *token || ended.contains(&child.case))
                .for_each(|child| child.token = 0);
        }
        OpEvent::CallsEnded { children, .. } => {
            let theirs = case.children.iter_mut().filter(|child| children.contains(&child.case));
            theirs.for_each(|child| child.token = 0);
        }
        OpEvent::EndedByError { at, .. } => end(case, Business::Stopped, *at),
        OpEvent::TakenBack { token, .. } => take_back(case, *token),
        OpEvent::Claimed { token, officer, .. } => {
            case.ops.hold_mut(*token).by = Some(officer.clone());
            case.ops
                .finished
                .retain(|one| one.by == *officer || one.trace.tokens().all(|t| t != *token));
        }
        OpEvent::Released { token, .. } => case.ops.hold_mut(*token).by = None,
        OpEvent::Delegated { token, from, to, unit, role, until, .. } => {
            case.ops.hold_mut(*token).lent = Some(Lent {
                from: from.clone(),
                to: to.clone(),
                unit: unit.clone(),
                role: *role,
                until: *until,
            });
        }
        OpEvent::DelegationEnded { token, .. } => case.ops.hold_mut(*token).lent = None,
        OpEvent::Transferred { from, to, .. } => transfer(case, from, to),
        OpEvent::CoProcessing { officer, unit, role, at, .. } => {
            case.ops.helpers.retain(|helper| helper.officer != *officer);
            let (officer, unit, role) = (officer.clone(), unit.clone(), *role);
            case.ops.helpers.push(Helper { officer, unit, role, since: *at });
        }
        OpEvent::CoProcessingEnded { officer, .. } => {
            case.ops.helpers.retain(|helper| helper.officer != *officer);
        }
        OpEvent::Opened { tokens, .. } => {
            let opened = |one: &Finished| one.trace.tokens().any(|token| tokens.contains(&token));
            case.ops.finished.retain(|one| !opened(one));
        }
        OpEvent::IncidentRaised { .. } => raised(case, event),
        OpEvent::Retried { incident, .. } => {
            case.ops.incidents.retain(|one| one.number != *incident);
        }
        OpEvent::StepAdded { .. }
        | OpEvent::Happened { .. }
        | OpEvent::Chosen { .. }
        | OpEvent::SignalHeard { .. }
        | OpEvent::DataSet { .. } => {}
    }
}

/// The process could not go on.
fn raised(case: &mut Case, event: &OpEvent) {
    let OpEvent::IncidentRaised {
        incident, token, node, code, message, command, outcome, at, ..
    } = event
    else {
        return;
    };
    case.ops.raised = *incident;
    case.ops.incidents.push(Incident {
        number: *incident,
        token: *token,
        node: node.clone(),
        code: code.clone(),
        message: message.clone(),
        command: command.clone(),
        outcome: outcome.clone(),
        since: *at,
    });
}

/// The case is another unit's from here on; who had it before sees it still.
fn transfer(case: &mut Case, from: &UnitId, to: &UnitId) {
    case.ops.past_units.retain(|unit| unit != to && unit != from);
    case.ops.past_units.push(from.clone());
    case.decided_by = to.clone();
    case.officer = None;
    case.ops.to_assign = true;
    case.ops.holds.clear();
    case.ops.finished.clear();
}

/// An officer was named for the case: what colleagues had claimed of it is theirs now, and no step
/// before can be taken back, since that would name the one before again.
pub(super) fn named(case: &mut Case, definitions: Definitions<'_>) {
    case.ops.to_assign = false;
    case.ops.finished.clear();
    let Some(definition) = definitions.of(case.process_version) else { return };
    let process = &case.process;
    case.ops.holds.retain(|hold| {
        let at = process.token(hold.token).map(|token| definition.node(token.node));
        at.is_some_and(|node| lane_role(node) != Role::CaseOfficer)
    });
}

/// What the step had brought beside its moves goes with it.
fn take_back(case: &mut Case, token: u32) {
    let Some(place) = case.ops.finished.iter().position(|one| one.token == token) else { return };
    let one = case.ops.finished.remove(place);
    case.officer = one.officer;
    case.consulted = one.consulted;
    case.result_number = one.number;
}

/// What an event finds, kept as far as it is needed after it.
pub(super) struct Stood {
    process: State,
    officer: Option<AccountId>,
    consulted: Vec<UnitId>,
    number: Option<String>,
}

impl Stood {
    /// Nothing for an event that moves nothing: a change of version leaves all where it stands.
    pub(super) fn of(case: &Case, event: &Event) -> Option<Self> {
        if moves(event).is_empty() || matches!(event, Event::Upkeep(_)) {
            return None;
        }
        Some(Self {
            process: case.process.clone(),
            officer: case.officer.clone(),
            consulted: case.consulted.clone(),
            number: case.result_number.clone(),
        })
    }
}

/// What follows from the moves of any event: holds, incidents and finished steps that they overran
/// are forgotten; a step that a person finished is kept as long as it can be taken back.
pub(super) fn after(case: &mut Case, event: &Event, stood: Option<Stood>) {
    if case.is_decided() {
        case.ops.holds.clear();
        case.ops.finished.clear();
        case.ops.incidents.clear();
        case.ops.to_assign = false;
        if case.business.is_terminal() {
            case.ops.helpers.clear();
        }
        return;
    }
    let Some(stood) = stood else { return };
    let moves = moves(event);
    // A token that was put anywhere begins anew there.
    let entered = |token: u32| {
        moves.iter().any(|step| matches!(step, Move::Entered { token: t, .. } if *t == token))
    };
    let process = &case.process;
    let stays = |token: u32| {
        let place = |state: &State| state.token(token).map(|token| token.node);
        place(process).is_some() && place(process) == place(&stood.process) && !entered(token)
    };
    case.ops.holds.retain(|hold| stays(hold.token));
    // What belongs to the process as a whole stands until it was tried again.
    case.ops.incidents.retain(|one| one.token == 0 || stays(one.token));
    case.ops.finished.retain(|one| one.trace.holds(process));
    let Event::TaskDone { by: Some(by), task, .. } = event else { return };
    let Some(token) = done_with(moves) else { return };
    if case.business == Business::Processing && !moves.iter().any(is_final) {
        let trace = Trace::of(&stood.process, process);
        case.ops.finished.push(Finished {
            by: by.clone(),
            task: task.clone(),
            token,
            trace,
            officer: stood.officer,
            consulted: stood.consulted,
            number: stood.number,
        });
    }
}

/// The token with which the step was done.
fn done_with(moves: &[Move]) -> Option<u32> {
    moves.iter().find_map(|step| match step {
        Move::Left { token, .. } => Some(*token),
        _ => None,
    })
}

/// What somebody outside may have heard of already, and what the process as a whole remembers.
fn is_final(step: &Move) -> bool {
    matches!(
        step,
        Move::JobAsked { .. }
            | Move::Called { .. }
            | Move::MessageSent { .. }
            | Move::SignalSent { .. }
            | Move::Shut { scope: 0 }
            | Move::Caught { token: 0, .. }
            | Move::Finished
            | Move::Cancelled
    )
}
