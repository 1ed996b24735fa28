//! The way of a case in plain words: what happened, who has it now, what is still to come.

use crate::view::{self, Names};
use kernel::calendar::Instant;
use kernel::case::{Business, Case, Event, OpEvent, PaperGiven, work_items};
use kernel::catalogue::Catalogue;
use kit::pieces::{Step, StepLine, StepState, Timeline};
use kit::{T, When};
use std::collections::HashMap;
use store::cases::{HistoryEntry, open_text};
use store::{Query, StoreError};
use uuid::Uuid;

/// Reasons told to the filer, opened; names of officers.
pub(super) struct Told {
    reasons: HashMap<Uuid, String>,
    names: Names,
}

/// The reason of an event that the filer may read: those of requests, refusals and new dates. Notes
/// and opinions among officers are not theirs.
fn reason_of(event: &Event) -> Option<&kernel::case::Ref> {
    match event {
        Event::PreSupplementAsked { reason, .. }
        | Event::SupplementAsked { reason, .. }
        | Event::AcceptanceVoided { reason, .. }
        | Event::Stopped { reason, .. }
        | Event::Suspended { reason, .. }
        | Event::Extended { reason, .. }
        | Event::PostFailed { reason, .. }
        | Event::Refunded { reason, .. } => Some(reason),
        Event::Rejected { reason, .. } | Event::WithdrawalDecided { reason, .. } => reason.as_ref(),
        _ => None,
    }
}

impl Told {
    /// Opens what the filer may read.
    ///
    /// # Errors
    /// What the store says.
    pub(super) fn read(
        query: &mut impl Query,
        case: &Case,
        entries: &[HistoryEntry],
    ) -> Result<Self, StoreError> {
        let mut reasons = HashMap::new();
        for sealed in entries.iter().filter_map(|e| reason_of(&e.event)) {
            if let Some(text) = open_text(query, sealed)? {
                reasons.insert(sealed.id.0, text);
            }
        }
        let ids = case.officer.iter().map(|o| o.as_str());
        let names = Names::read(query, ids)?;
        Ok(Self { reasons, names })
    }
}

/// What the way is told from.
pub(super) struct Story<'a> {
    pub(super) t: T,
    pub(super) now: When,
    pub(super) catalogue: &'a Catalogue,
    pub(super) case: &'a Case,
    pub(super) entries: &'a [HistoryEntry],
    pub(super) told: &'a Told,
}

impl Story<'_> {
    /// The whole way.
    pub(super) fn timeline(&self) -> Timeline {
        let mut steps: Vec<Step> =
            self.entries.iter().filter_map(|entry| self.behind(entry)).collect();
        steps.extend(self.present());
        steps.extend(self.ahead());
        Timeline { t: self.t, steps }
    }

    /// A step behind us; events among officers and machines are left out.
    fn behind(&self, entry: &HistoryEntry) -> Option<Step> {
        let t = self.t;
        let what = match &entry.event {
            Event::Noted { .. }
            | Event::Synced { .. }
            | Event::Moved { .. }
            | Event::ChildOpened { .. }
            | Event::ChildAnswered { .. }
            | Event::ParentEnded { .. }
            | Event::Reassigned { .. }
            | Event::ExtensionDrafted { .. }
            | Event::PapersCounted { .. }
            | Event::SentBack { .. } => return None,
            // Whom to ask changes; how the office works inside is its own affair.
            Event::Op(OpEvent::Transferred { .. }) => t.s("story-transferred"),
            Event::Op(_) | Event::Upkeep(_) => return None,
            Event::TaskDone { task, .. } => view::task(self.catalogue, t, self.case, task),
            Event::Rejected { expired: true, .. } | Event::Stopped { expired: true, .. } => {
                t.s("story-expired")
            }
            Event::WithdrawalDecided { granted: false, .. } => t.s("story-withdrawal-refused"),
            other => t.s(&format!("story-{}", other.kind().replace('_', "-"))),
        };
        let at = view::when(entry.event.at());
        let mut lines = vec![StepLine {
            machine: at.machine(),
            when: t.moment(at, self.now),
            who: String::new(),
            text: self.place(entry),
        }];
        let line = |text: String| StepLine { text, ..StepLine::default() };
        lines.extend(self.detail(&entry.event).map(line));
        let reason = reason_of(&entry.event).and_then(|r| self.told.reasons.get(&r.id.0));
        lines.extend(reason.map(|text| line(t.a1("story-reason", "text", text))));
        Some(Step { state: StepState::Done, what, lines })
    }

    /// At which unit.
    fn place(&self, entry: &HistoryEntry) -> String {
        let unit = match &entry.event {
            Event::Submitted { desk, .. } => Some(desk.clone()),
            Event::Forwarded { .. } => Some(self.case.decided_by.clone()),
            _ => entry.unit.as_deref().map(Into::into),
        };
        unit.map(|u| view::unit(self.catalogue, self.t, &u)).unwrap_or_default()
    }

    fn detail(&self, event: &Event) -> Option<String> {
        let t = self.t;
        let day = |at: Instant| t.date(view::when(at));
        match event {
            Event::Submitted { papers, .. }
            | Event::PreSupplementGiven { papers, .. }
            | Event::SupplementGiven { papers, .. } => self.handed(papers),
            Event::PreSupplementAsked { papers, answer_by, .. }
            | Event::SupplementAsked { papers, answer_by, .. } => {
                let names = self.paper_names(papers);
                Some(t.a2("story-asked", "papers", names, "until", day(*answer_by)))
            }
            Event::Accepted { code, due_at, .. } => {
                Some(t.a2("story-accepted-detail", "code", code, "due", day(*due_at)))
            }
            Event::Extended { due_at, .. } => Some(t.a1("story-new-date", "date", day(*due_at))),
            Event::SupplementAccepted { due_at: Some(due), .. }
            | Event::FinanceClosed { due_at: Some(due), .. }
            | Event::Resumed { due_at: Some(due), .. }
            | Event::DueMoved { due_at: Some(due), .. } => {
                Some(t.a1("story-new-date", "date", day(*due)))
            }
            Event::Suspended { ground, until, .. } => Some(t.a2(
                "story-suspended-detail",
                "ground",
                ground,
                "until",
                view::day(t, *until),
            )),
            Event::FinanceOpened { amount_vnd, .. }
            | Event::Paid { amount_vnd, .. }
            | Event::Refunded { amount_vnd, .. } => Some(t.money(*amount_vnd)),
            _ => None,
        }
    }

    fn handed(&self, papers: &[PaperGiven]) -> Option<String> {
        let numbers: Vec<u16> = papers.iter().map(|p| p.no).collect();
        (!numbers.is_empty()).then(|| self.paper_names(&numbers))
    }

    /// Names of papers, or their numbers when the edition is not loaded.
    pub(super) fn paper_names(&self, numbers: &[u16]) -> String {
        let edition = self.catalogue.edition(&self.case.procedure, self.case.edition);
        let name = |no: &u16| {
            let paper = edition.and_then(|e| e.paper(*no));
            paper.map_or_else(|| no.to_string(), |p| p.name.clone())
        };
        numbers.iter().map(name).collect::<Vec<_>>().join("; ")
    }

    /// Who has it now, since when, until when.
    fn present(&self) -> Vec<Step> {
        let t = self.t;
        let definition = self.catalogue.definition_of(self.case, self.case.since.date());
        let Some(definition) = definition else { return Vec::new() };
        let mut steps = Vec::new();
        for item in work_items(self.case, definition) {
            let what = if self.case.business == Business::Accepted {
                // The acceptance stands above it as a step that is done.
                t.s("story-to-forward")
            } else if item.task.is_empty() {
                t.s(&state_key(self.case.business))
            } else {
                view::task(self.catalogue, t, self.case, &item.task)
            };
            let holder = item.holder.as_ref().map(|h| self.told.names.of(t, h.as_str()));
            let unit = view::unit(self.catalogue, t, &item.unit);
            let since = t.moment(view::when(item.since), self.now);
            let mut lines = vec![StepLine {
                who: holder.unwrap_or_else(|| unit.clone()),
                text: t.a1("story-since", "since", since),
                ..StepLine::default()
            }];
            let due = item.due_at.filter(|_| self.case.accepted_at.is_some());
            if let Some(due) = due {
                let until = t.moment(view::when(due), self.now);
                let key = match self.case.business {
                    Business::Supplement => "story-until-filer",
                    Business::Accepted => "story-until-forward",
                    _ => "story-until",
                };
                let text = t.a1(key, "until", until);
                lines.push(StepLine { text, ..StepLine::default() });
            }
            steps.push(Step { state: StepState::Now, what, lines });
        }
        steps
    }

    /// What is still to come, as far as it can be told.
    fn ahead(&self) -> Vec<Step> {
        use Business as B;
        let (t, case) = (self.t, self.case);
        if case.business.is_terminal() {
            return Vec::new();
        }
        let next = |key: &str, text: Option<String>| Step {
            state: StepState::Next,
            what: t.s(key),
            lines: text.map(|text| StepLine { text, ..StepLine::default() }).into_iter().collect(),
        };
        // While the clock stands still nothing is promised; the expectation was of filing.
        let expected = case.expected_at.filter(|_| case.accepted_at.is_none());
        let date = case.due_at.or(expected);
        let due = date.map(|at| t.a1("time-expected", "date", t.date(view::when(at))));
        let mut steps = Vec::new();
        if matches!(case.business, B::Submitted | B::PreSupplement) {
            steps.push(next("story-next-accept", None));
        }
        if matches!(case.business, B::Submitted | B::PreSupplement | B::Accepted) {
            steps.push(next("story-next-decide", None));
        }
        if case.business != B::ResultReady {
            steps.push(next("story-next-deliver", due));
        }
        steps
    }
}

/// The key of a state's word; a lawful suspension has a name of its own.
fn state_key(business: Business) -> String {
    match business {
        Business::Suspended => "state-suspended-lawful".to_owned(),
        other => kit::pieces::state_key(other.as_str()),
    }
}
