//! The history of a case in plain words: who did what, when, in whose stead, for which unit, and
//! what
//! they said.

use super::case_time;
use super::{act, case_timers, incidents};
use crate::view::{self, Names};
use kernel::calendar::Instant;
use kernel::case::{Case, Event, OpEvent, PaperGiven, Ref, UpkeepEvent, Used};
use kernel::catalogue::Catalogue;
use kernel::ids::UnitId;
use kit::pieces::{Step, StepLine, StepState};
use kit::{T, When};
use std::collections::HashMap;
use store::cases::{HistoryEntry, open_text};
use store::{Query, StoreError};

/// Sealed texts of a history, opened, and the names of who acted.
pub(super) struct Texts {
    names: Names,
    opened: HashMap<uuid::Uuid, Option<String>>,
}

impl Texts {
    /// Opens the texts of entries and reads the names of their actors.
    ///
    /// # Errors
    /// What the store says.
    pub(super) fn read(
        query: &mut impl Query,
        entries: &[HistoryEntry],
    ) -> Result<Self, StoreError> {
        let mut ids: Vec<&str> = Vec::new();
        let mut opened = HashMap::new();
        for entry in entries {
            ids.push(&entry.by);
            ids.extend(entry.on_behalf_of.as_deref());
            ids.extend(officer_of(&entry.event));
            for sealed in refs(&entry.event) {
                opened.insert(sealed.id.0, open_text(query, sealed)?);
            }
        }
        Ok(Self { names: Names::read(query, ids)?, opened })
    }
}

/// Whether an entry belongs into a told history: looks are kept, and told where access is.
pub(super) fn is_told(entry: &HistoryEntry) -> bool {
    !matches!(entry.event, Event::Op(OpEvent::Opened { .. }))
}

/// Tells entries of one case.
pub(super) struct Teller<'a> {
    pub(super) t: T,
    pub(super) catalogue: &'a Catalogue,
    pub(super) case: &'a Case,
    pub(super) texts: &'a Texts,
    pub(super) now: When,
    /// Whose time was used, event by event; empty tells nothing of it.
    pub(super) used: &'a [Used],
}

impl Teller<'_> {
    /// One entry as a step of a timeline.
    pub(super) fn step(&self, entry: &HistoryEntry) -> Step {
        let t = self.t;
        let at = view::when(entry.event.at());
        let mut lines = vec![StepLine {
            machine: at.machine(),
            when: t.moment(at, self.now),
            who: self.who(entry),
            text: self.standing(entry),
        }];
        let mut texts = self.details(&entry.event);
        texts.extend(case_time::line(t, self.used, entry.seq));
        lines.extend(texts.into_iter().map(|text| StepLine { text, ..StepLine::default() }));
        if entry.at_ms > entry.event.at().0 + LATE_RECORD_MS {
            let recorded = t.moment(view::when(Instant(entry.at_ms)), self.now);
            let text = t.a1("desk-recorded-at", "when", recorded);
            lines.push(StepLine { text, ..StepLine::default() });
        }
        Step { state: StepState::Done, what: self.what(&entry.event), lines }
    }

    fn who(&self, entry: &HistoryEntry) -> String {
        let name = self.texts.names.of(self.t, &entry.by);
        match &entry.on_behalf_of {
            None => name,
            Some(other) => {
                let other = self.texts.names.of(self.t, other);
                self.t.a2("desk-on-behalf", "name", name, "other", other)
            }
        }
    }

    /// For which unit.
    fn standing(&self, entry: &HistoryEntry) -> String {
        let unit = entry.unit.as_deref().map(UnitId::from);
        unit.map(|u| view::unit(self.catalogue, self.t, &u)).unwrap_or_default()
    }

    /// What happened.
    fn what(&self, event: &Event) -> String {
        let t = self.t;
        let task = |id: &str| view::task(self.catalogue, t, self.case, id);
        match event {
            Event::TaskDone { task: id, outcome, .. } => {
                let outcome = act::outcome_word(t, outcome);
                t.a2("desk-event-task-done", "task", task(id), "outcome", outcome)
            }
            Event::SentBack { task: id, .. } => t.a1("desk-event-sent-back", "task", task(id)),
            Event::Op(op) => self.operation(op, &task),
            Event::Upkeep(UpkeepEvent::Migrated { to, .. }) => {
                t.a1("desk-event-migrated", "n", u64::from(*to))
            }
            Event::Upkeep(UpkeepEvent::MigrationReverted { to, .. }) => {
                t.a1("desk-event-migration-reverted", "n", u64::from(*to))
            }
            Event::Rejected { expired: true, .. } => t.s("desk-event-rejected-expired"),
            Event::Stopped { expired: true, .. } => t.s("desk-event-stopped-expired"),
            Event::WithdrawalDecided { granted: false, .. } => t.s("desk-event-withdrawal-refused"),
            other => t.s(&format!("desk-event-{}", other.kind().replace('_', "-"))),
        }
    }

    /// What an operation did, with its step.
    fn operation(&self, op: &OpEvent, task: &dyn Fn(&str) -> String) -> String {
        let t = self.t;
        let key = format!("desk-event-{}", op.kind().replace('_', "-"));
        match op {
            OpEvent::Returned { task: id, to, .. } | OpEvent::Jumped { task: id, to, .. } => {
                t.a2(&key, "task", task(id), "to", task(to))
            }
            OpEvent::TakenBack { task: id, .. }
            | OpEvent::Skipped { task: id, .. }
            | OpEvent::StepAdded { task: id, .. }
            | OpEvent::Claimed { task: id, .. }
            | OpEvent::Released { task: id, .. }
            | OpEvent::Delegated { task: id, .. }
            | OpEvent::DelegationEnded { task: id, .. }
            | OpEvent::Happened { event: id, .. }
            | OpEvent::SignalHeard { event: id, .. }
            | OpEvent::Chosen { task: id, .. }
            | OpEvent::IncidentRaised { node: id, .. } => t.a1(&key, "task", task(id)),
            _ => t.s(&key),
        }
    }

    /// Lines under it: numbers, dates, papers, and what was said.
    fn details(&self, event: &Event) -> Vec<String> {
        let t = self.t;
        let mut lines = Vec::new();
        match event {
            Event::Accepted { code, due_at, .. } => {
                lines.push(t.a2("desk-detail-accepted", "code", code, "due", self.moment(*due_at)));
            }
            Event::PreSupplementAsked { papers, answer_by, .. }
            | Event::SupplementAsked { papers, answer_by, .. } => {
                lines.push(self.papers(papers));
                lines.push(t.a1("desk-detail-answer-by", "when", self.moment(*answer_by)));
            }
            Event::PreSupplementGiven { papers, .. }
            | Event::SupplementGiven { papers, .. }
            | Event::PapersCounted { papers, .. } => lines.push(self.counted(papers)),
            Event::TaskDone { officer, number, consulted, .. } => {
                if let Some(officer) = officer {
                    lines.push(self.texts.names.of(t, officer.as_str()));
                }
                lines.extend(number.clone());
                lines.extend(consulted.iter().map(|u| view::unit(self.catalogue, t, u)));
            }
            Event::Reassigned { officer, .. } => {
                lines.push(self.texts.names.of(t, officer.as_str()));
            }
            Event::FinanceOpened { amount_vnd, .. }
            | Event::Paid { amount_vnd, .. }
            | Event::Refunded { amount_vnd, .. } => lines.push(t.money(*amount_vnd)),
            Event::Suspended { ground, until, .. } => {
                lines.push(ground.clone());
                lines.push(t.a1("desk-detail-until", "when", view::day(t, *until)));
            }
            Event::ExtensionDrafted { new_due_on, .. } | Event::Extended { new_due_on, .. } => {
                lines.push(t.a1("desk-detail-new-due", "when", view::day(t, *new_due_on)));
            }
            Event::SupplementAccepted { due_at: Some(due), .. }
            | Event::FinanceClosed { due_at: Some(due), .. }
            | Event::Resumed { due_at: Some(due), .. }
            | Event::DueMoved { due_before: None, due_at: Some(due), .. } => {
                lines.push(t.a1("desk-detail-new-due", "when", self.moment(*due)));
            }
            Event::DueMoved { due_before: Some(before), due_at: Some(due), .. } => {
                lines.push(case_timers::moved(t, *before, *due));
            }
            Event::Upkeep(upkeep) => {
                lines.extend(case_timers::lines(t, self.catalogue, self.case, upkeep));
            }
            Event::Op(op) => lines.extend(self.of_operation(op)),
            Event::ChildAnswered { error, .. } if !error.is_empty() => {
                lines.push(t.a1("desk-detail-error", "code", error));
            }
            Event::Delivered { authorised: true, .. } => lines.push(t.s("desk-detail-authorised")),
            _ => {}
        }
        lines.extend(kernel::case::moves(event).iter().filter_map(|step| self.sent(step)));
        for sealed in refs(event) {
            let opened = self.texts.opened.get(&sealed.id.0).cloned().flatten();
            lines.push(opened.unwrap_or_else(|| t.s("desk-erased")));
        }
        lines.retain(|line| !line.is_empty());
        lines
    }

    /// What the process sent out.
    fn sent(&self, step: &process::Event) -> Option<String> {
        let t = self.t;
        Some(match step {
            process::Event::MessageSent { name, to: Some(to), .. } => {
                t.a2("desk-detail-message-to", "message", name, "to", to)
            }
            process::Event::MessageSent { name, .. } => {
                t.a1("desk-detail-message", "message", name)
            }
            process::Event::SignalSent { name, .. } => t.a1("desk-detail-signal", "signal", name),
            _ => return None,
        })
    }

    /// Who, until when, to where, and the ground.
    fn of_operation(&self, op: &OpEvent) -> Vec<String> {
        let t = self.t;
        let mut lines = Vec::new();
        lines.extend(op.officer().map(|officer| self.texts.names.of(t, officer.as_str())));
        match op {
            OpEvent::Delegated { until, .. } => {
                lines.push(t.a1("desk-detail-lent-until", "when", view::day(t, *until)));
            }
            OpEvent::Transferred { from, to, .. } => {
                lines.extend([from, to].map(|unit| view::unit(self.catalogue, t, unit)));
            }
            OpEvent::IncidentRaised { code, .. } => lines.push(incidents::what(t, code)),
            OpEvent::SignalHeard { signal, code, .. } => {
                lines.push(t.a2("desk-detail-signal-heard", "signal", signal, "code", code));
            }
            OpEvent::EndedByError { code, .. } => {
                lines.push(t.a1("desk-detail-error", "code", code))
            }
            OpEvent::DataSet { vars, .. } => {
                lines.push(vars.keys().cloned().collect::<Vec<_>>().join(", "));
            }
            _ => {}
        }
        lines.extend(op.because().map(|because| {
            // Acts that rest on the same ground each time keep its key.
            let known = because.ground.strip_prefix("ground-");
            let key = known.map(|known| format!("desk-ground-{known}"));
            key.filter(|key| t.has(key)).map_or_else(|| because.ground.clone(), |key| t.s(&key))
        }));
        lines
    }

    fn moment(&self, at: Instant) -> String {
        let when = view::when(at);
        format!("{} {}", self.t.clock(when), self.t.date(when))
    }

    fn paper_name(&self, no: u16) -> String {
        let edition = self.catalogue.edition(&self.case.procedure, self.case.edition);
        edition.and_then(|e| e.paper(no)).map_or_else(|| no.to_string(), |p| p.name.clone())
    }

    fn papers(&self, papers: &[u16]) -> String {
        papers.iter().map(|no| self.paper_name(*no)).collect::<Vec<_>>().join("; ")
    }

    fn counted(&self, papers: &[PaperGiven]) -> String {
        // Papers that came as files alone have no count of sheets.
        let one = |p: &PaperGiven| match p.count {
            0 => self.paper_name(p.no),
            count => format!("{count} × {}", self.paper_name(p.no)),
        };
        papers.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

/// An event recorded this much after it happened says when it was recorded, in milliseconds.
const LATE_RECORD_MS: i64 = 10 * 60 * 1000;

/// The sealed texts of an event that a history shows.
fn refs(event: &Event) -> Vec<&Ref> {
    match event {
        Event::PreSupplementAsked { reason, .. }
        | Event::AcceptanceVoided { reason, .. }
        | Event::SentBack { reason, .. }
        | Event::SupplementAsked { reason, .. }
        | Event::Stopped { reason, .. }
        | Event::Suspended { reason, .. }
        | Event::ExtensionDrafted { reason, .. }
        | Event::Extended { reason, .. }
        | Event::PostFailed { reason, .. }
        | Event::Refunded { reason, .. } => vec![reason],
        Event::Op(op) => op.reason().into_iter().collect(),
        Event::Rejected { reason, .. }
        | Event::WithdrawalAsked { reason, .. }
        | Event::WithdrawalDecided { reason, .. }
        | Event::Reassigned { reason, .. } => reason.iter().collect(),
        Event::TaskDone { note, .. } => note.iter().collect(),
        Event::Noted { note, .. } => vec![note],
        Event::Delivered { taken_by, .. } => taken_by.iter().collect(),
        Event::Accepted { late, .. } => late.iter().map(|(reason, _)| reason).collect(),
        _ => Vec::new(),
    }
}

/// The officer that an event names.
fn officer_of(event: &Event) -> Option<&str> {
    match event {
        Event::TaskDone { officer, .. } => officer.as_ref().map(|o| o.as_str()),
        Event::Reassigned { officer, .. } => Some(officer.as_str()),
        Event::Op(op) => op.officer().map(|o| o.as_str()),
        _ => None,
    }
}
