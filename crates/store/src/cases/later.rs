//! What follows an act in a unit of work of its own: child cases opened, answered and ended, timers
//! that ring. Each may run again without doing anything twice.

use super::act::{CaseError, Done, Env, act_on};
use super::rows;
use super::submit::{Application, accept, submit};
use crate::StoreError;
use crate::secrets;
use crate::sql::Tx;
use crate::timers::{self, Timer};
use kernel::calendar::Channel;
use kernel::case::{
    Became, Business, CALL, Call, Case, ChildAnswer, Command, Delivery, Op, ParentLink, STOPPED,
    Source, called_unit, consulted_units,
};
use kernel::ids::{CaseId, ProcedureCode, UnitId};
use kernel::people::{Party, PartyKind};
use process::NodeIx;

/// The internal procedures that child cases run under.
const CONSULT: &str = "internal.consult";
const INTERLINK: &str = "internal.interlink";

/// The units that a waiting token asks: those chosen at the assignment, else those of the edition;
/// an interlinked step asks the unit that decides.
fn asked_units(case: &Case, kind: &str, chosen: &[UnitId], env: &Env<'_>) -> Vec<UnitId> {
    let day = env.now.date();
    let today = |unit: &UnitId| env.catalogue.tree.in_charge(unit, day).map(|u| u.id.clone());
    if kind == "interlink" {
        return today(&case.decided_by).into_iter().collect();
    }
    let edition = env.catalogue.edition(&case.procedure, case.edition);
    let here = (&case.desk, &case.decided_by);
    let place = (&env.catalogue.tree, day);
    edition.map(|edition| consulted_units(chosen, here, edition, place)).unwrap_or_default()
}

/// Opens the child cases of a waiting token: submitted, accepted and forwarded in one go, each
/// with a clock of its own. Units that have their child already are left out, so a second run does
/// nothing. A token that has nobody to ask is answered at once.
///
/// # Errors
/// A refusal, or what the store says.
pub fn open_children(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    parent: CaseId,
    token: u32,
    kind: &str,
    chosen: &[UnitId],
) -> Result<Vec<CaseId>, CaseError> {
    let asking = rows::by_id(tx, parent.0)?.ok_or(CaseError::NotFound)?;
    if asking.case.children.iter().any(|c| c.token == token) || asking.case.is_decided() {
        return Ok(Vec::new());
    }
    if !waits(&asking.case, token, env)? {
        return Ok(Vec::new());
    }
    let units = asked_units(&asking.case, kind, chosen, env);
    let mut opened = Vec::new();
    for unit in &units {
        let child = open_one(tx, env, &asking.case, (token, kind, None), unit)?;
        let current = rows::by_id(tx, parent.0)?.ok_or(CaseError::NotFound)?;
        act_on(tx, env, current, &Command::OpenChild { child, token, unit: unit.clone() })?;
        begin(tx, env, child)?;
        opened.push(child);
    }
    if units.is_empty() {
        act_on(tx, env, asking, &Command::SkipWait { token })?;
    }
    Ok(opened)
}

/// Accepts and forwards a child case.
fn begin(tx: &mut Tx<'_>, env: &mut Env<'_>, child: CaseId) -> Result<(), CaseError> {
    accept(tx, env, child, None, None, None)?;
    let accepted = rows::by_id(tx, child.0)?.ok_or(CaseError::NotFound)?;
    act_on(tx, env, accepted, &Command::Forward).map(|_| ())
}

/// Opens the child case that carries out a called process for a waiting token, in one go like those
/// of [`open_children`]. A token that has its child, or waits no more, gets none.
///
/// # Errors
/// A refusal, or what the store says.
pub fn open_call(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    parent: CaseId,
    token: u32,
    call: Call,
    asks: Option<&str>,
) -> Result<Option<CaseId>, CaseError> {
    let asking = rows::by_id(tx, parent.0)?.ok_or(CaseError::NotFound)?;
    let case = &asking.case;
    let has_one = case.children.iter().any(|c| c.token == token && !c.answered);
    let day = env.now.date();
    let no_edition = |name: &str| CaseError::NoEdition(name.to_owned());
    let definition = env.catalogue.definition_of(case, day);
    let definition = definition.ok_or_else(|| no_edition(&case.procedure.0))?;
    let waits = process::open_calls(definition, &case.process).any(|(open, _)| open == token);
    if has_one || !waits || case.is_decided() {
        return Ok(None);
    }
    let edition = env.catalogue.edition(&case.procedure, case.edition);
    let edition = edition.ok_or_else(|| no_edition(&case.procedure.0))?;
    // The act that came to the call made sure of the unit; it may have closed since.
    let unit = called_unit(asks, case, edition, (&env.catalogue.tree, day));
    let unit = unit.unwrap_or_else(|| case.decided_by.clone());
    let child = open_one(tx, env, case, (token, CALL, Some(call)), &unit)?;
    let became = Became::Opened { token, unit };
    act_on(tx, env, asking, &Command::Called { child, became })?;
    begin(tx, env, child)?;
    Ok(Some(child))
}

/// Tells a calling case of an escalation that the process it called threw.
///
/// # Errors
/// A refusal, or what the store says.
pub fn escalate_parent(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    child: CaseId,
    parent: CaseId,
    code: &str,
) -> Result<Option<Done>, CaseError> {
    let asking = rows::by_id(tx, parent.0)?.ok_or(CaseError::NotFound)?;
    if !asking.case.children.iter().any(|c| c.case == child && !c.answered) {
        return Ok(None);
    }
    let became = Became::Escalated { code: code.to_owned() };
    act_on(tx, env, asking, &Command::Called { child, became }).map(Some)
}

/// Whether a token still waits for answers; after its silence timer it does not.
fn waits(case: &Case, token: u32, env: &Env<'_>) -> Result<bool, CaseError> {
    let definition = env.catalogue.definition_of(case, env.now.date());
    let definition = definition.ok_or_else(|| CaseError::NoEdition(case.procedure.0.clone()))?;
    Ok(process::open_jobs(definition, &case.process).any(|(open, _)| open == token))
}

fn open_one(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    asking: &Case,
    (token, kind, call): (u32, &str, Option<Call>),
    unit: &UnitId,
) -> Result<CaseId, CaseError> {
    let code = ProcedureCode::from(if kind == "consult" { CONSULT } else { INTERLINK });
    let edition = env.catalogue.in_force(&code, env.now.date()).cloned();
    let edition = edition.ok_or_else(|| CaseError::NoEdition(code.0.clone()))?;
    let applicant = party_of(tx, asking)?;
    let application = Application {
        channel: Channel::Online,
        source: Source::Parent,
        desk: unit.clone(),
        applicant,
        answers: Vec::new(),
        papers: Vec::new(),
        delivery: Delivery::Online,
        exemption: None,
        copies: None,
        parent: Some(ParentLink {
            case: asking.id,
            token,
            job: kind.to_owned(),
            unit: if kind == "interlink" { &asking.received_by } else { &asking.decided_by }
                .clone(),
            code: asking.name().to_owned(),
            call,
        }),
        subject: Some(asking.subject),
    };
    Ok(submit(tx, env, &edition, &application)?.case.id)
}

/// The applicant of the asking case; a nameless stand-in after erasure.
fn party_of(tx: &mut Tx<'_>, asking: &Case) -> Result<Party, StoreError> {
    let found = secrets::particular_get(tx, asking.applicant.id.0)?.and_then(|p| p.plain);
    let parsed = found.and_then(|bytes| serde_json::from_slice::<Party>(&bytes).ok());
    Ok(parsed.unwrap_or_else(|| Party {
        kind: PartyKind::Person,
        name: asking.name().to_owned(),
        number: None,
        born: None,
        phone: None,
        email: None,
        address: None,
    }))
}

/// Gives a child's answer to its parent; an answer given before changes nothing.
///
/// # Errors
/// A refusal, or what the store says.
pub fn answer_parent(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    child: CaseId,
    parent: CaseId,
    answer: ChildAnswer,
    error: &str,
) -> Result<Option<Done>, CaseError> {
    let asking = rows::by_id(tx, parent.0)?.ok_or(CaseError::NotFound)?;
    let open = asking.case.children.iter().find(|c| c.case == child && !c.answered);
    let Some(open) = open else {
        return Ok(None);
    };
    let command = if open.call {
        Command::Called { child, became: became(tx, child, answer, error)? }
    } else {
        Command::AnswerChild { child, answer }
    };
    act_on(tx, env, asking, &command).map(Some)
}

/// What became of a called process, by how its case ended.
fn became(
    tx: &mut Tx<'_>,
    child: CaseId,
    answer: ChildAnswer,
    error: &str,
) -> Result<Became, CaseError> {
    Ok(match answer {
        ChildAnswer::Done | ChildAnswer::Silent => {
            let ended = rows::by_id(tx, child.0)?.ok_or(CaseError::NotFound)?;
            Became::Returned { vars: ended.case.process.vars }
        }
        ChildAnswer::Stopped => Became::Failed { code: STOPPED.to_owned() },
        ChildAnswer::Failed => Became::Failed { code: error.to_owned() },
    })
}

/// Ends the child cases of a case that was decided or ended, as far as they are still open; their
/// own children follow by a job of theirs. A second run finds none.
///
/// # Errors
/// A refusal, or what the store says.
pub fn close_children(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    parent: CaseId,
) -> Result<Vec<CaseId>, CaseError> {
    let asking = rows::by_id(tx, parent.0)?.ok_or(CaseError::NotFound)?;
    if !asking.case.is_decided() {
        return Ok(Vec::new());
    }
    let mut closed = Vec::new();
    for child in asking.case.children.iter().filter(|child| !child.answered) {
        let stored = rows::by_id(tx, child.case.0)?.ok_or(CaseError::NotFound)?;
        // What answered while the asking case was decided keeps its own end.
        if !stored.case.business.is_terminal() {
            act_on(tx, env, stored, &Command::EndWithParent)?;
            closed.push(child.case);
        }
    }
    Ok(closed)
}

/// Ends child cases whose question was returned, sent on or left out; those that ended by
/// themselves keep their end. A second run finds none.
///
/// # Errors
/// A refusal, or what the store says.
pub fn end_children(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    children: &[CaseId],
) -> Result<Vec<CaseId>, CaseError> {
    let mut ended = Vec::new();
    for child in children {
        let stored = rows::by_id(tx, child.0)?.ok_or(CaseError::NotFound)?;
        if !stored.case.business.is_terminal() {
            act_on(tx, env, stored, &Command::EndWithParent)?;
            ended.push(*child);
        }
    }
    Ok(ended)
}

/// Lets a timer ring. A stale one does nothing; either way it is gone. One that was read before its
/// case went to another version has another row by now, and does nothing either.
///
/// # Errors
/// A refusal, or what the store says.
pub fn ring(tx: &mut Tx<'_>, env: &mut Env<'_>, timer: &Timer) -> Result<Option<Done>, CaseError> {
    if !timers::remove(tx, timer)? {
        return Ok(None);
    }
    let Some(stored) = rows::by_id(tx, timer.case_id)? else {
        return Ok(None);
    };
    let case = &stored.case;
    let command = match timer.kind.as_str() {
        "supplement" if case.business == Business::PreSupplement => Command::ExpirePreSupplement,
        "suspension" if case.business == Business::Suspended => Command::Resume,
        "delegation" if case.business == Business::Processing => {
            let Ok(token) = timer.token.parse() else { return Ok(None) };
            if case.ops.hold(token).is_none_or(|hold| hold.lent.is_none()) {
                return Ok(None);
            }
            Command::Op(Op::EndDelegation { token })
        }
        "process" if !case.business.is_terminal() => {
            let Some((token, node)) = timer_place(&timer.token) else { return Ok(None) };
            let at_node = case.process.token(token).is_some_and(|t| t.node == node);
            Command::FireTimer { token, boundary: (!at_node).then_some(node) }
        }
        _ => return Ok(None),
    };
    act_on(tx, env, stored, &command).map(Some)
}

/// Token and node of a process timer's key, `token:node`.
pub(super) fn timer_place(key: &str) -> Option<(u32, NodeIx)> {
    let (token, node) = key.split_once(':')?;
    Some((token.parse().ok()?, NodeIx(node.parse().ok()?)))
}
