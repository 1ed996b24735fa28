//! What an event changes. Never refuses; a released arm is frozen.

use super::event::{Event, PaperGiven};
use super::link::Child;
use super::migrate;
use super::op_apply;
use super::op_event::OpEvent;
use super::op_state::Ops;
use super::state::{Business, Case, DeliveryState, Finance, Supplement};
use super::step_timers;
use crate::calendar::Instant;
use crate::ids::CaseId;
use crate::procedure::{Definitions, FIRST_VERSION};
use process::Event as Move;

/// Changes a case by one event after the first. Steps of the process are taken on the version that
/// the case is pinned to at this event; of one that is not among `definitions` no step can be
/// taken, so callers make sure of it first (`Catalogue::ctx`, [`replay`]).
pub fn apply<'d>(case: &mut Case, event: &Event, definitions: impl Into<Definitions<'d>>) {
    change(case, event, definitions.into());
}

fn change(case: &mut Case, event: &Event, definitions: Definitions<'_>) {
    case.seq += 1;
    // Looks and the telling of outside systems change nothing that a page shows.
    let unseen = matches!(event, Event::Synced { .. } | Event::Op(OpEvent::Opened { .. }));
    if !unseen {
        case.page_seq = case.seq;
    }
    let at = event.at();
    let before = case.business;
    let stood = op_apply::Stood::of(case, event);
    if let Some(step) = event.clock_event() {
        case.clock.push(step);
    }
    match event {
        Event::Submitted { .. } | Event::Noted { .. } | Event::PinRenewed { .. } => {}
        Event::PapersCounted { papers, .. } => case.papers.clone_from(papers),
        Event::PreSupplementAsked { papers, reason, answer_by, .. } => {
            case.business = Business::PreSupplement;
            case.pre_supplements += 1;
            case.supplement = Some(Supplement {
                papers: papers.clone(),
                reason: reason.clone(),
                asked_at: at,
                answer_by: *answer_by,
            });
        }
        Event::PreSupplementGiven { papers, .. } => {
            add_papers(case, papers);
            case.supplement = None;
            case.business = Business::Submitted;
        }
        Event::Rejected { .. } => end(case, Business::Rejected, at),
        Event::Accepted {
            code,
            profile,
            due_at,
            forward_by,
            supplement_deadline,
            late,
            process_version,
            ..
        } => {
            case.business = Business::Accepted;
            case.code = Some(code.clone());
            case.profile.clone_from(profile);
            case.accepted_at = Some(at);
            case.due_at = Some(*due_at);
            case.original_due_at = Some(*due_at);
            case.forward_by = Some(*forward_by);
            case.supplement_deadline = Some(*supplement_deadline);
            case.late_entry = late.is_some();
            case.process_version = *process_version;
        }
        Event::AcceptanceVoided { refund_vnd, .. } => {
            case.paid_vnd -= refund_vnd;
            case.finance = if *refund_vnd > 0 { Finance::Refunded } else { Finance::None };
            case.due_at = None;
            end(case, Business::Voided, at);
        }
        _ => in_work(case, event, definitions),
    }
    op_apply::after(case, event, stood);
    step_timers::after(case, event, definitions);
    if case.business != before
        || matches!(event, Event::TaskDone { .. } | Event::SentBack { .. })
        || matches!(event, Event::Op(op) if op.begins_anew())
    {
        case.since = at;
    }
}

fn in_work(case: &mut Case, event: &Event, definitions: Definitions<'_>) {
    match event {
        Event::Forwarded { moves, .. } => {
            case.business = Business::Processing;
            walk(case, moves, definitions);
        }
        Event::TaskDone { officer, consulted, number, moves, .. } => {
            if officer.is_some() {
                case.officer.clone_from(officer);
                op_apply::named(case, definitions);
            }
            if !consulted.is_empty() {
                case.consulted.clone_from(consulted);
            }
            if number.is_some() {
                case.result_number.clone_from(number);
            }
            walk(case, moves, definitions);
        }
        Event::SentBack { moves, .. } | Event::Moved { moves, .. } => {
            walk(case, moves, definitions);
        }
        Event::ChildOpened { .. }
        | Event::ChildAnswered { .. }
        | Event::Reassigned { .. }
        | Event::Op(_)
        | Event::Upkeep(_) => by_others(case, event, definitions),
        Event::SupplementAsked { papers, reason, answer_by, at, .. } => {
            case.business = Business::Supplement;
            case.supplements += 1;
            stand(case, *at);
            case.supplement = Some(Supplement {
                papers: papers.clone(),
                reason: reason.clone(),
                asked_at: *at,
                answer_by: *answer_by,
            });
        }
        Event::SupplementGiven { papers, .. } => {
            add_papers(case, papers);
            case.business = Business::Supplemented;
        }
        Event::SupplementAccepted { due_at, .. } => {
            case.supplement = None;
            case.due_at = *due_at;
            case.business = Business::Processing;
        }
        Event::FinanceOpened { at, .. } => {
            stand(case, *at);
            case.business = Business::FinDuty;
        }
        Event::FinanceClosed { due_at, moves, .. } => {
            case.due_at = *due_at;
            case.business = Business::Processing;
            walk(case, moves, definitions);
        }
        Event::Suspended { due_at, .. } => {
            case.due_at = *due_at;
            case.business = Business::Suspended;
        }
        Event::Resumed { due_at, .. } => {
            case.due_at = *due_at;
            case.business = Business::Processing;
        }
        Event::ExtensionDrafted { new_due_on, reason, .. } => {
            case.extension_draft = Some((*new_due_on, reason.clone()));
        }
        Event::Extended { due_at, .. } => {
            case.extension_draft = None;
            case.extensions += 1;
            case.due_at = Some(*due_at);
        }
        Event::DueMoved { due_at, .. } => case.due_at = *due_at,
        _ => at_the_end(case, event),
    }
}

/// Children, another officer, and operations beyond the drawn process.
fn by_others(case: &mut Case, event: &Event, definitions: Definitions<'_>) {
    match event {
        Event::ChildOpened { child, token, unit, call, .. } => {
            case.children.push(Child::asked(*child, *token, unit, *call));
        }
        Event::ChildAnswered { child, moves, .. } => {
            let theirs = case.children.iter_mut().filter(|c| c.case == *child);
            theirs.for_each(|c| c.answered = true);
            walk(case, moves, definitions);
        }
        Event::Reassigned { officer, .. } => {
            case.officer = Some(officer.clone());
            op_apply::named(case, definitions);
        }
        Event::Op(op) => {
            walk(case, op.moves(), definitions);
            op_apply::apply(case, op);
        }
        Event::Upkeep(upkeep) => migrate::apply(case, upkeep, definitions),
        _ => {}
    }
}

/// The clock stands and there is no date, unless the limit had ended before (rule N10): what was
/// late stays late.
fn stand(case: &mut Case, at: Instant) {
    case.due_at = case.due_at.filter(|due| at >= *due);
}

fn at_the_end(case: &mut Case, event: &Event) {
    let at = event.at();
    match event {
        Event::WithdrawalAsked { .. } => {
            case.resume_to = Some(case.business);
            case.business = Business::WithdrawReq;
        }
        Event::WithdrawalDecided { granted: true, .. } => end(case, Business::Withdrawn, at),
        Event::WithdrawalDecided { .. } => {
            case.business = case.resume_to.take().unwrap_or(Business::Processing);
        }
        Event::Stopped { .. } | Event::ParentEnded { .. } => end(case, Business::Stopped, at),
        Event::ResultReady { due_at, .. } => {
            case.due_at = due_at.or(case.due_at);
            case.business = Business::ResultReady;
            case.delivery_state = DeliveryState::Created;
            case.finished_at = Some(at);
        }
        Event::Delivered { .. } => {
            case.business = Business::Returned;
            case.delivery_state = DeliveryState::Delivered;
        }
        Event::PostCollected { .. } => case.delivery_state = DeliveryState::Collected,
        Event::PostFailed { .. } => {
            let made = match case.delivery_state {
                DeliveryState::Failed(n) => n,
                _ => 0,
            };
            case.delivery_state = DeliveryState::Failed(made + 1);
        }
        Event::PostReturned { .. } => case.delivery_state = DeliveryState::Returned,
        Event::Paid { amount_vnd, .. } => {
            case.paid_vnd += amount_vnd;
            case.finance =
                if case.paid_vnd >= case.fee_vnd { Finance::Paid } else { Finance::Partly };
        }
        Event::Refunded { amount_vnd, .. } => {
            case.paid_vnd -= amount_vnd;
            case.finance = Finance::Refunded;
        }
        Event::Waived { .. } => {
            case.fee_vnd = 0;
            case.finance = Finance::Waived;
        }
        Event::Synced { target, state, .. } => {
            case.sync.retain(|(t, _)| t != target);
            case.sync.push((*target, state.clone()));
        }
        _ => {}
    }
}

pub(super) fn end(case: &mut Case, business: Business, at: Instant) {
    case.business = business;
    case.finished_at = Some(at);
    case.supplement = None;
    case.extension_draft = None;
    case.resume_to = None;
    case.process.tokens.clear();
    case.process.done = true;
}

/// Papers given later replace the ones of the same number but keep their files.
fn add_papers(case: &mut Case, given: &[PaperGiven]) {
    for paper in given {
        match case.papers.iter_mut().find(|p| p.no == paper.no) {
            Some(there) => {
                there.count = there.count.max(paper.count);
                there.files.extend(paper.files.iter().cloned());
            }
            None => case.papers.push(paper.clone()),
        }
    }
    case.papers.sort_by_key(|p| p.no);
}

fn walk(case: &mut Case, moves: &[Move], definitions: Definitions<'_>) {
    let Some(definition) = definitions.of(case.process_version) else { return };
    for step in moves {
        process::apply(definition, &mut case.process, step);
    }
}

/// The state after a submission; `None` if the event is another one.
#[must_use]
pub fn born(id: CaseId, event: &Event) -> Option<Case> {
    let Event::Submitted {
        procedure,
        edition,
        profile,
        channel,
        source,
        desk,
        received_by,
        province,
        decided_by,
        tracking,
        subject,
        applicant,
        answers,
        papers,
        delivery,
        fee_vnd,
        exemption,
        copies,
        at,
        expected_at,
        parent,
    } = event
    else {
        return None;
    };
    let finance = match (*fee_vnd, exemption) {
        (0, Some(_)) => Finance::Waived,
        (0, None) => Finance::None,
        _ => Finance::Due,
    };
    Some(Case {
        id,
        seq: 1,
        page_seq: 1,
        business: Business::Submitted,
        resume_to: None,
        finance,
        fee_vnd: *fee_vnd,
        paid_vnd: 0,
        delivery: *delivery,
        delivery_state: DeliveryState::None,
        sync: Vec::new(),
        procedure: procedure.clone(),
        edition: *edition,
        process_version: FIRST_VERSION,
        profile: profile.clone(),
        channel: *channel,
        source: *source,
        desk: desk.clone(),
        received_by: received_by.clone(),
        province: province.clone(),
        decided_by: decided_by.clone(),
        tracking: tracking.clone(),
        code: None,
        subject: *subject,
        applicant: applicant.clone(),
        answers: answers.clone(),
        papers: papers.clone(),
        submitted_at: *at,
        expected_at: *expected_at,
        accepted_at: None,
        due_at: None,
        original_due_at: None,
        forward_by: None,
        supplement_deadline: None,
        clock: Vec::new(),
        pre_supplements: 0,
        supplements: 0,
        supplement: None,
        extension_draft: None,
        extensions: 0,
        process: process::State::default(),
        officer: None,
        consulted: Vec::new(),
        children: Vec::new(),
        parent: parent.clone(),
        copies: *copies,
        since: *at,
        result_number: None,
        finished_at: None,
        late_entry: false,
        paused: Vec::new(),
        ops: Ops::default(),
    })
}

/// The state after a whole stream, each event on the version that the case was pinned to then.
/// `None` for an empty stream, one that does not start with a submission, or one that pins a
/// version which is not there.
#[must_use]
pub fn replay<'e, 'd>(
    id: CaseId,
    events: impl IntoIterator<Item = &'e Event>,
    definitions: impl Into<Definitions<'d>>,
) -> Option<Case> {
    let definitions = definitions.into();
    let mut events = events.into_iter();
    let mut case = born(id, events.next()?)?;
    for event in events {
        if let Some(version) = event.pins() {
            definitions.of(version)?;
        }
        change(&mut case, event, definitions);
    }
    Some(case)
}
