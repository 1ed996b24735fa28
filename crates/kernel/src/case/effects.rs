//! What must happen after an event is recorded: jobs for the outbox, timers to set and to drop.
//! Pure, so that the store, the simulator and the demo agree.

use super::event::Event;
use super::link::Answer;
use super::migrate;
use super::op_event::OpEvent;
use super::state::{Business, Case, decided};
use super::step_time::timer_due;
use super::step_timers::is_paused;
use super::upkeep::UpkeepEvent;
use crate::calendar::{Calendar, ClockEventKind, Date, Instant};
use crate::ids::{CaseId, UnitId};
use process::{Event as Move, NodeIx, Thrown, Vars};
use serde::{Deserialize, Serialize};

/// A job for the outbox, keyed by case and event.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "job")]
pub enum Job {
    /// Tell the national portal where the case stands.
    PortalSync {
        /// Status code of the portal, 1–10.
        status: u8,
    },
    /// Tell the applicant, by whatever way they left.
    NotifyApplicant {
        /// Key of the message.
        message: String,
    },
    /// Open the child cases that a waiting token asks for.
    OpenChildren {
        /// The token.
        token: u32,
        /// `consult` or `interlink`.
        kind: String,
        /// The units to ask.
        units: Vec<UnitId>,
    },
    /// Open the child case that carries out a called process.
    OpenCall {
        /// The token that waits for it.
        token: u32,
        /// The process.
        process: String,
        /// Its version, if the calling process names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u32>,
        /// Who carries it out, as the calling process names them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asks: Option<String>,
        /// The variables with which it begins.
        #[serde(default, skip_serializing_if = "Vars::is_empty")]
        vars: Vars,
    },
    /// Answer the parent.
    AnswerParent {
        /// The parent.
        parent: CaseId,
        /// How.
        answer: Answer,
        /// The code of the error with which a called process ended.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        code: String,
    },
    /// Tell the calling case of an escalation that a called process threw.
    EscalateParent {
        /// The calling case.
        parent: CaseId,
        /// The code.
        code: String,
    },
    /// End the child cases that are still open: their asking case was decided or ended.
    CloseChildren,
    /// End these child cases: the step that had asked them was returned, sent on or left out.
    EndChildren {
        /// The child cases.
        children: Vec<CaseId>,
    },
    /// Send a message of the process to whoever it is meant for.
    SendMessage {
        /// Its name.
        name: String,
        /// The pool to which it goes, if the process names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// Tell running cases of a signal that the case gave.
    SpreadSignal {
        /// Its name.
        name: String,
        /// Code or tracking number of the case.
        code: String,
        /// How far it was told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Spread>,
    },
    /// Tell the head of the desk that handed the case on (Decree 61/2018 Art. 19.5.b).
    NotifyDesk {
        /// Key of the message.
        message: String,
        /// The desk.
        desk: UnitId,
        /// The units that it is about: those that were asked and are silent.
        units: Vec<UnitId>,
    },
}

/// The message to the applicant when an amended calendar moves the promised date.
const DUE_MOVED: &str = "due_moved";

/// How far a signal was told: process, version and number of the case that was told last.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Spread {
    /// Name of the process.
    pub process: String,
    /// Its version.
    pub version: u32,
    /// Number of the case in the store.
    pub number: u64,
}

/// The message to a desk when asked agencies let their time pass.
const OPINION_LATE: &str = "opinion_late";

impl Job {
    /// Name in the outbox and the registry of jobs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::PortalSync { .. } => "portal_sync",
            Self::NotifyApplicant { .. } => "notify_applicant",
            Self::OpenChildren { .. } => "open_children",
            Self::OpenCall { .. } => "open_call",
            Self::AnswerParent { .. } => "answer_parent",
            Self::EscalateParent { .. } => "escalate_parent",
            Self::CloseChildren => "close_children",
            Self::EndChildren { .. } => "end_children",
            Self::NotifyDesk { .. } => "notify_desk",
            Self::SendMessage { .. } => "send_message",
            Self::SpreadSignal { .. } => "spread_signal",
        }
    }

    /// Names of all jobs.
    pub const NAMES: [&'static str; 11] = [
        "portal_sync",
        "notify_applicant",
        "open_children",
        "open_call",
        "answer_parent",
        "escalate_parent",
        "close_children",
        "end_children",
        "notify_desk",
        "send_message",
        "spread_signal",
    ];
}

/// A timer of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TimerChange {
    /// Rings at an instant.
    Set {
        /// `supplement`, `suspension`, `delegation` or `process`.
        kind: &'static str,
        /// `token:node` of a process timer, the token of a delegation, else empty.
        token: String,
        /// When.
        due_at: Instant,
    },
    /// Rings no more.
    Drop {
        /// Kind.
        kind: &'static str,
        /// Token.
        token: String,
    },
    /// Timers of steps go on with their dates under other numbers: old and new ones.
    Renumber {
        /// Old and new numbers of timer events, see [`renumbered_key`](super::renumbered_key).
        nodes: Vec<(NodeIx, NodeIx)>,
    },
    /// None of the case rings any more.
    DropAll,
}

/// Jobs and timers of one event; `case` is the state after it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Effects {
    /// Jobs.
    pub jobs: Vec<Job>,
    /// Timers.
    pub timers: Vec<TimerChange>,
}

/// The effects of an event.
#[must_use]
pub fn effects(
    before: Option<Business>,
    case: &Case,
    event: &Event,
    calendar: &Calendar,
) -> Effects {
    let mut out = Effects::default();
    let changed = before != Some(case.business);
    if changed && case.parent.is_none() {
        out.jobs.push(Job::PortalSync { status: case.business.portal_status() });
        if let Some(message) = message(event) {
            out.jobs.push(Job::NotifyApplicant { message: message.to_owned() });
        }
    }
    match event {
        Event::PreSupplementAsked { answer_by, .. } => {
            out.timers.push(set("supplement", String::new(), *answer_by));
        }
        // Asking to withdraw let the timer ring in vain; the wait for the citizen goes on.
        Event::WithdrawalDecided { granted: false, .. }
            if case.business == Business::PreSupplement =>
        {
            let until = case.supplement.as_ref().map(|s| s.answer_by);
            out.timers.extend(until.map(|until| set("supplement", String::new(), until)));
        }
        // The same for a lawful suspension.
        Event::WithdrawalDecided { granted: false, .. } if case.business == Business::Suspended => {
            let until = suspended_until(case);
            out.timers.extend(until.map(|day| set("suspension", String::new(), day_after(day))));
        }
        Event::PreSupplementGiven { .. } => {
            out.timers.push(drop_one("supplement", String::new()));
        }
        Event::Suspended { until, .. } => {
            out.timers.push(set("suspension", String::new(), day_after(*until)));
        }
        Event::Resumed { .. } | Event::Stopped { .. } => {
            out.timers.push(drop_one("suspension", String::new()));
        }
        Event::Op(op) => op_effects(op, &mut out),
        Event::Upkeep(upkeep) => upkeep_effects(upkeep, &mut out),
        // The promised date is another one; the asking case sees that of its child itself.
        Event::DueMoved { due_at: Some(_), .. } if case.parent.is_none() => {
            out.jobs.push(Job::NotifyApplicant { message: DUE_MOVED.to_owned() });
        }
        _ => {}
    }
    // What upkeep does to timers it says itself.
    let of_process: &[Move] = if matches!(event, Event::Upkeep(_)) { &[] } else { moves(event) };
    for step in of_process {
        process_effects(step, case, event.at(), calendar, &mut out);
    }
    if changed && (case.business.is_terminal() || case.business == Business::ResultReady) {
        out.timers.push(TimerChange::DropAll);
        let answer = match (case.business, &case.parent) {
            (_, None) => None,
            (Business::ResultReady, Some(_)) => Some(Answer::Done),
            (Business::Returned, Some(_)) => None,
            // The asking case ended it and waits for nothing.
            (_, Some(_)) if matches!(event, Event::ParentEnded { .. }) => None,
            (_, Some(_)) if error_of(event).is_some() => Some(Answer::Failed),
            (_, Some(_)) => Some(Answer::Stopped),
        };
        if let (Some(parent), Some(answer)) = (&case.parent, answer) {
            let code = error_of(event).unwrap_or_default().to_owned();
            out.jobs.push(Job::AnswerParent { parent: parent.case, answer, code });
        }
    }
    // Until then a late opinion is of use; afterwards nobody waits for it.
    let just_decided = case.is_decided() && !before.is_some_and(decided);
    if just_decided && case.children.iter().any(|child| !child.answered) {
        out.jobs.push(Job::CloseChildren);
    }
    out
}

/// The code of the error with which a called process ended.
fn error_of(event: &Event) -> Option<&str> {
    match event {
        Event::Op(OpEvent::EndedByError { code, .. }) => Some(code),
        _ => None,
    }
}

/// The beginning of the day after: what lasts until a day ends with it.
fn day_after(day: Date) -> Instant {
    Instant::at(day, 0, 0).plus_days(1)
}

/// The last day of the suspension that a case is in.
fn suspended_until(case: &Case) -> Option<Date> {
    case.clock.iter().rev().find_map(|step| match &step.kind {
        ClockEventKind::Suspended { until, .. } => *until,
        _ => None,
    })
}

/// Timers and jobs of operations beside those of their moves.
fn op_effects(op: &OpEvent, out: &mut Effects) {
    if !op.ended().is_empty() {
        out.jobs.push(Job::EndChildren { children: op.ended().to_vec() });
    }
    match op {
        OpEvent::Delegated { token, until, .. } => {
            out.timers.push(set("delegation", token.to_string(), day_after(*until)));
        }
        OpEvent::DelegationEnded { token, .. } => {
            out.timers.push(drop_one("delegation", token.to_string()));
        }
        // It rang; trying again does not need it.
        OpEvent::IncidentRaised {
            command: process::Command::TimerFired { token, .. },
            node_of_timer: Some(node),
            ..
        } => out.timers.push(drop_one("process", step_key(*token, *node))),
        _ => {}
    }
}

/// Timers of steps that stop, run on or move.
fn upkeep_effects(event: &UpkeepEvent, out: &mut Effects) {
    match event {
        UpkeepEvent::TimersPaused { timers, .. } => {
            let keys = timers.iter().map(|timer| step_key(timer.token, timer.node));
            out.timers.extend(keys.map(|key| drop_one("process", key)));
        }
        UpkeepEvent::TimersResumed { timers, .. } | UpkeepEvent::TimersMoved { timers, .. } => {
            let due = timers.iter();
            let due = due.map(|t| set("process", step_key(t.token, t.node), t.due_at));
            out.timers.extend(due);
        }
        UpkeepEvent::Migrated { .. } | UpkeepEvent::MigrationReverted { .. } => {
            migrate::effects(event, out);
        }
    }
}

pub(super) fn set(kind: &'static str, token: String, due_at: Instant) -> TimerChange {
    TimerChange::Set { kind, token, due_at }
}

pub(super) fn drop_one(kind: &'static str, token: String) -> TimerChange {
    TimerChange::Drop { kind, token }
}

/// The key of a timer of a step.
pub(super) fn step_key(token: u32, node: NodeIx) -> String {
    format!("{token}:{}", node.0)
}

/// What an event did in the process; empty for one that did nothing there.
#[must_use]
pub fn moves(event: &Event) -> &[Move] {
    match event {
        Event::Op(op) => op.moves(),
        Event::Upkeep(upkeep) => upkeep.moves(),
        Event::Forwarded { moves, .. }
        | Event::TaskDone { moves, .. }
        | Event::SentBack { moves, .. }
        | Event::Moved { moves, .. }
        | Event::ChildAnswered { moves, .. }
        | Event::FinanceClosed { moves, .. } => moves,
        _ => &[],
    }
}

fn process_effects(step: &Move, case: &Case, at: Instant, calendar: &Calendar, out: &mut Effects) {
    match step {
        // It begins when the clock runs again.
        Move::TimerSet { token, node, .. } if is_paused(case, *token, *node) => {}
        Move::TimerSet { token, node, spec } => {
            if let Some(due_at) = timer_due(spec, at, calendar) {
                out.timers.push(set("process", step_key(*token, *node), due_at));
            }
        }
        Move::TimerDropped { token, node } | Move::TimerRang { token, node } => {
            out.timers.push(drop_one("process", step_key(*token, *node)));
        }
        Move::JobAsked { token, job, .. } if job == "consult" || job == "interlink" => {
            out.jobs.push(Job::OpenChildren {
                token: *token,
                kind: job.clone(),
                units: case.consulted.clone(),
            });
        }
        Move::Called { token, process, vars, version, asks, .. } => {
            out.jobs.push(Job::OpenCall {
                token: *token,
                process: process.clone(),
                version: *version,
                asks: asks.clone(),
                vars: vars.clone(),
            });
        }
        Move::Uncaught { what: Thrown::Escalation, code, .. } if case.call().is_some() => {
            let parent = case.parent.iter().map(|parent| parent.case);
            out.jobs
                .extend(parent.map(|parent| Job::EscalateParent { parent, code: code.clone() }));
        }
        Move::MessageSent { name, to, .. } => {
            out.jobs.push(Job::SendMessage { name: name.clone(), to: to.clone() });
        }
        Move::SignalSent { name, .. } => out.jobs.push(Job::SpreadSignal {
            name: name.clone(),
            code: case.name().to_owned(),
            after: None,
        }),
        Move::JobAsked { token, job, .. } if job == "notify" => {
            out.jobs.push(Job::NotifyDesk {
                message: OPINION_LATE.to_owned(),
                desk: case.desk.clone(),
                units: silent(case, *token),
            });
        }
        _ => {}
    }
}

/// The units asked for a token that have not answered; a token that a timer beside the waiting one
/// made asked nobody itself, so it stands for all.
fn silent(case: &Case, token: u32) -> Vec<UnitId> {
    let open = || case.children.iter().filter(|child| !child.answered);
    let own = |token| open().any(|child| child.token == token);
    let open = || open().filter(|child| child.token != 0);
    let mut units: Vec<UnitId> = open()
        .filter(|child| child.token == token || !own(token))
        .map(|child| child.unit.clone())
        .collect();
    units.sort();
    units.dedup();
    units
}

/// The message that an event sends to the applicant.
fn message(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::Submitted { .. } => "submitted",
        Event::PreSupplementAsked { .. } | Event::SupplementAsked { .. } => "supplement",
        Event::Rejected { .. } => "rejected",
        Event::Accepted { .. } => "accepted",
        Event::AcceptanceVoided { .. } => "voided",
        Event::FinanceOpened { .. } => "finance",
        Event::Stopped { .. } => "stopped",
        Event::Suspended { .. } => "suspended",
        Event::ResultReady { .. } => "result_ready",
        Event::WithdrawalDecided { .. } => "withdrawal",
        Event::Delivered { .. } => "delivered",
        _ => return None,
    })
}
