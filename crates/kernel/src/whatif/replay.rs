//! Replay of what was decided: real journals against a draft of the process, case by case.
//!
//! The outcomes, answers and timers of a case are carried out again in the draft. What is compared
//! is where the case would wait after each of them, the time that its steps have, and, with a draft
//! edition, the fee and the due date. Steps are the same if they have the same BPMN id. What the
//! journal cannot answer is said so: the draft is followed no further than that.

mod calls;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::{Calendar, Instant};
use crate::case::{self, Case, Event};
use crate::ids::CaseId;
use crate::procedure::{Definitions, Edition};
use process::{Command, Definition, Env, Event as Move, Node, NodeIx, NodeKind, State};

/// Steps that only the draft has and that are passed by themselves after one decision, at most.
const ADDED_MAX: usize = 100;
/// The outcome that sends a step back.
const SEND_BACK: &str = "send_back";
/// The job of a financial duty.
const FINANCE: &str = "finance";

/// What a case was decided under.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// The process: each event is told by the version that the case was pinned to then.
    pub definitions: Definitions<'a>,
    /// The edition that it is pinned to.
    pub edition: &'a Edition,
    /// The calendar of its desk.
    pub calendar: &'a Calendar,
    /// The cut-off of its legal profile, in minutes of the day.
    pub cutoff_minutes: u16,
}

/// What it is tried against.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// The draft of the process.
    pub definition: &'a Definition,
    /// A draft of the edition, for fee and limit; without it they are not compared.
    pub edition: Option<&'a Edition>,
}

/// In what a case would differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It would wait at a step that only the draft has.
    StepAdded,
    /// A step that it took is not in the draft.
    StepRemoved,
    /// It would go another way over steps that both have.
    OtherWay,
    /// It would be finished earlier or later in its journal.
    OtherEnd,
    /// A step that it took has another time of its own.
    StepTime,
    /// A financial duty would be asked for, or would not.
    Finance,
    /// The fee.
    Fee,
    /// The due date.
    Due,
    /// It was late and would not be.
    NoLongerLate,
    /// It was not late and would be.
    NowLate,
    /// Not followed to its end.
    NotFollowed,
}

/// One difference, with the place where it was first seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Departure {
    /// In what.
    pub reason: Reason,
    /// Place in the journal, from 1.
    pub seq: u64,
    /// When that was.
    pub at: Instant,
    /// The step, or empty.
    pub step: String,
    /// What was.
    pub was: String,
    /// What would be, or why it cannot be said.
    pub would: String,
}

/// What would be different for one case; nothing if `departures` is empty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Verdict {
    /// The case.
    pub case: CaseId,
    /// Its code, or the id before there is one.
    pub name: String,
    /// The first departure for each reason, in the order in which they were seen.
    pub departures: Vec<Departure>,
}

impl Verdict {
    /// Whether all of the journal could be carried out in the draft.
    #[must_use]
    pub fn followed(&self) -> bool {
        self.departures.iter().all(|departure| departure.reason != Reason::NotFollowed)
    }
}

/// Counts over many cases.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Summary {
    /// Cases.
    pub cases: u64,
    /// Cases in which nothing differs.
    pub same: u64,
    /// Cases by reason; one case may have several.
    pub reasons: BTreeMap<Reason, u64>,
}

impl Summary {
    /// Counts a case.
    pub fn add(&mut self, verdict: &Verdict) {
        self.cases += 1;
        self.same += u64::from(verdict.departures.is_empty());
        for departure in &verdict.departures {
            *self.reasons.entry(departure.reason).or_default() += 1;
        }
    }
}

/// Replays cases one after the other. `past` says what a case was decided under; one of which it
/// knows nothing, or whose journal does not begin with a submission, is passed over.
pub fn replay_all<'a, 'p, I, P>(
    cases: I,
    past: P,
    draft: Draft<'a>,
) -> impl Iterator<Item = Verdict> + use<'a, 'p, I, P>
where
    I: IntoIterator<Item = (CaseId, Vec<Event>)>,
    P: Fn(&Case) -> Option<Past<'p>>,
{
    cases.into_iter().filter_map(move |(id, events)| {
        let born = case::born(id, events.first()?)?;
        replay(id, &events, past(&born)?, draft)
    })
}

/// Replays one case; `None` if its journal does not begin with a submission, or pins a version that
/// is not there.
#[must_use]
pub fn replay(id: CaseId, events: &[Event], past: Past<'_>, draft: Draft<'_>) -> Option<Verdict> {
    let (first, rest) = events.split_first()?;
    if events.iter().filter_map(Event::pins).any(|version| past.definitions.of(version).is_none()) {
        return None;
    }
    let mut run = Run {
        past,
        draft,
        case: case::born(id, first)?,
        state: State::default(),
        lost: false,
        departed: false,
        finance: (false, false),
        found: Vec::new(),
    };
    for event in rest {
        run.event(event);
    }
    let end = events.last().map_or(Instant::default(), Event::at);
    run.edition(end);
    let name = run.case.code.clone().unwrap_or_else(|| id.to_string());
    Some(Verdict { case: id, name, departures: run.found })
}

struct Run<'a> {
    past: Past<'a>,
    draft: Draft<'a>,
    /// The case as it was.
    case: Case,
    /// Where it would stand in the draft.
    state: State,
    lost: bool,
    /// The way has departed; further differences of the way follow from that one.
    departed: bool,
    /// A financial duty was asked for, and would have been.
    finance: (bool, bool),
    found: Vec<Departure>,
}

impl<'a> Run<'a> {
    fn event(&mut self, event: &Event) {
        let moves = case::moves(event);
        self.times(event, moves);
        self.finance.0 |= asks_finance(moves);
        // Conditions see the case as it was before the event.
        if !self.lost {
            self.follow(event, moves);
        }
        case::apply(&mut self.case, event, self.past.definitions);
        let moved = !moves.is_empty() && !matches!(event, Event::Upkeep(_));
        if !self.lost && !self.departed && moved {
            self.compare(event);
        }
    }

    /// The version that the case is pinned to now.
    fn past(&self) -> &'a Definition {
        self.past.definitions.of(self.case.process_version).unwrap_or(self.draft.definition)
    }

    fn depart(&mut self, reason: Reason, event: &Event, step: &str, was: String, would: String) {
        // The event is not applied yet.
        let seq = self.case.seq + 1;
        self.note(Departure { reason, seq, at: event.at(), step: step.to_owned(), was, would });
    }

    /// The first of each reason is kept.
    fn note(&mut self, departure: Departure) {
        if self.found.iter().all(|known| known.reason != departure.reason) {
            self.found.push(departure);
        }
    }

    fn lose(&mut self, event: &Event, step: &str, why: String) {
        self.lost = true;
        self.depart(Reason::NotFollowed, event, step, event.kind().to_owned(), why);
    }

    /// Steps that the case entered and that have another time in the draft.
    fn times(&mut self, event: &Event, moves: &[Move]) {
        for step in moves {
            let Move::Entered { node, .. } = step else { continue };
            let was = self.past().node(*node);
            let Some(ix) = self.draft.definition.node_by_id(&was.id) else { continue };
            let would = self.draft.definition.node(ix);
            if (&was.limit, was.limit_share) != (&would.limit, would.limit_share) {
                self.depart(Reason::StepTime, event, &was.id, time(was), time(would));
            }
        }
    }

    /// Carries out in the draft what the event decided.
    fn follow(&mut self, event: &Event, moves: &[Move]) {
        match event {
            Event::Forwarded { .. } => self.command(event, "", case::start(&self.case), ""),
            Event::TaskDone { task, outcome, .. } => self.task(event, task, outcome),
            Event::SentBack { task, .. } => self.task(event, task, SEND_BACK),
            // A condition held; which ones hold in the draft, a look there says.
            Event::Moved { .. } if matches!(moves.first(), Some(Move::Caught { .. })) => {
                self.command(event, "", Command::Set { vars: process::Vars::new() }, "");
            }
            Event::ChildAnswered { child, given, error, .. } if self.called(*child).is_some() => {
                self.returned(event, *child, given, error);
            }
            Event::Moved { .. } | Event::ChildAnswered { .. } | Event::FinanceClosed { .. } => {
                for step in moves {
                    self.outside(event, step);
                }
            }
            _ if moves.is_empty() => {}
            // The case stands where it stood, in another version; the draft knows only itself.
            Event::Upkeep(_) => {}
            other => {
                let why = "an act by hand moved it: the draft does not say where to".to_owned();
                self.lose(other, "", why);
            }
        }
    }

    /// An answer or a timer.
    fn outside(&mut self, event: &Event, step: &Move) {
        let past = self.past();
        match step {
            Move::TimerRang { node, .. } => {
                let id = past.node(*node).id.clone();
                let live = process::live_timers(self.draft.definition, &self.state);
                let timer = live.into_iter().find(|(_, at)| self.id(*at) == id);
                let Some((token, at)) = timer else {
                    return self.missing(event, &id, "the timer would not be waiting");
                };
                let flows = self.state.token(token).is_some_and(|token| token.node == at);
                let boundary = (!flows).then_some(at);
                self.command(event, &id, Command::TimerFired { token, boundary }, "");
            }
            Move::Left { node, .. } if past.node(*node).kind == NodeKind::ServiceTask => {
                let id = past.node(*node).id.clone();
                let open = process::open_jobs(self.draft.definition, &self.state);
                let mut open = open.filter(|(_, at)| self.draft.definition.node(*at).id == id);
                let token = open.next().map(|(token, _)| token);
                drop(open);
                match token {
                    Some(token) => self.command(event, &id, Command::Answered { token }, ""),
                    None => self.missing(event, &id, "nothing would wait for this answer"),
                }
            }
            _ => {}
        }
    }

    fn id(&self, at: NodeIx) -> &'a str {
        let definition = self.draft.definition;
        &definition.node(at).id
    }

    /// A decision about a step that does not wait in the draft: removed there, or not reached.
    fn missing(&mut self, event: &Event, id: &str, why: &str) {
        if self.draft.definition.node_by_id(id).is_none() {
            self.departed = true;
            let was = format!("{id} was done");
            self.depart(Reason::StepRemoved, event, id, was, self.places_told());
        } else {
            let places = self.places_told();
            self.lose(event, id, format!("{why}; it would stand at: {places}"));
        }
    }

    fn task(&mut self, event: &Event, task: &str, outcome: &str) {
        if self.draft.definition.node_by_id(task).is_none() {
            return self.missing(event, task, "");
        }
        let mut token = self.waiting_at(task);
        if token.is_none() {
            self.pass_added(event);
            token = self.waiting_at(task);
        }
        let Some(token) = token else {
            if !self.lost {
                self.missing(event, task, "this step would not be open");
            }
            return;
        };
        let command = Command::Complete { token, outcome: outcome.to_owned() };
        self.command(event, task, command, outcome);
    }

    fn waiting_at(&self, task: &str) -> Option<u32> {
        let mut open = process::open_tasks(self.draft.definition, &self.state);
        open.find(|(_, at)| self.id(*at) == task).map(|(token, _)| token)
    }

    /// Passes steps that only the draft has, as long as they can end in one way only.
    fn pass_added(&mut self, event: &Event) {
        let (past, draft) = (self.past(), self.draft.definition);
        for _ in 0..ADDED_MAX {
            let is_new = |at: NodeIx| past.node_by_id(&draft.node(at).id).is_none();
            let task = process::open_tasks(draft, &self.state).find(|(_, at)| is_new(*at));
            let job = process::open_jobs(draft, &self.state).find(|(_, at)| is_new(*at));
            let called = process::open_calls(draft, &self.state).find(|(_, at)| is_new(*at));
            let (command, at, outcome) = match (task, job) {
                (Some((token, at)), _) => {
                    let Some(outcome) = only_outcome(draft.node(at)) else {
                        let step = draft.node(at).id.clone();
                        let why = "the draft asks for a decision that nobody took";
                        return self.lose(event, &step, why.to_owned());
                    };
                    let command = Command::Complete { token, outcome: outcome.clone() };
                    (command, at, outcome)
                }
                (None, Some((token, at))) => (Command::Answered { token }, at, String::new()),
                (None, None) => match called {
                    Some((token, at)) => {
                        let vars = process::Vars::new();
                        (Command::Returned { token, vars }, at, String::new())
                    }
                    None => return,
                },
            };
            self.command(event, &draft.node(at).id, command, &outcome);
            if self.lost {
                return;
            }
        }
    }

    fn command(&mut self, event: &Event, step: &str, command: Command, outcome: &str) {
        let data = |name: &str| case::field(&self.case, outcome, name);
        let (draft, env) = (self.draft.definition, Env { data: &data });
        match process::step(draft, &self.state, command, &env) {
            Ok(moves) => {
                self.finance.1 |= asks_finance(&moves);
                for step in &moves {
                    process::apply(draft, &mut self.state, step);
                }
            }
            Err(refusal) => self.lose(event, step, refusal.to_string()),
        }
    }

    /// Compares where the case waits with where it would wait.
    fn compare(&mut self, event: &Event) {
        let (past, draft) = (self.past(), self.draft.definition);
        let was = places(past, &self.case.process);
        let would = places(draft, &self.state);
        if was == would && self.case.process.done == self.state.done {
            return;
        }
        self.departed = true;
        let new = would.iter().find(|id| past.node_by_id(id).is_none());
        let gone = was.iter().find(|id| draft.node_by_id(id).is_none());
        let other = would.iter().find(|id| !was.contains(*id));
        let (reason, step) = match (new, gone) {
            (Some(step), _) => (Reason::StepAdded, step.clone()),
            (None, Some(step)) => (Reason::StepRemoved, step.clone()),
            (None, None) if self.case.process.done != self.state.done => {
                (Reason::OtherEnd, String::new())
            }
            (None, None) => (Reason::OtherWay, other.cloned().unwrap_or_default()),
        };
        let told = |places: &BTreeSet<String>| join(places);
        let (was, would) = (told(&was), told(&would));
        self.note(Departure { reason, seq: self.case.seq, at: event.at(), step, was, would });
    }

    fn places_told(&self) -> String {
        join(&places(self.draft.definition, &self.state))
    }

    /// Fee and due date under a draft of the edition, and the financial duty.
    fn edition(&mut self, end: Instant) {
        let seq = self.case.seq;
        let noted = |reason, was: String, would: String| Departure {
            reason,
            seq,
            at: end,
            step: String::new(),
            was,
            would,
        };
        if !self.lost && self.finance.0 != self.finance.1 {
            let word = |asked: bool| if asked { "asked for" } else { "not asked for" }.to_owned();
            let (was, would) = self.finance;
            self.note(noted(Reason::Finance, word(was), word(would)));
        }
        let Some(edition) = self.draft.edition else { return };
        // Nobody pays more for an exemption that the case had.
        let exempt = self.case.fee_vnd < self.past.edition.fee_vnd;
        let would = if exempt { self.case.fee_vnd } else { edition.fee_vnd };
        if would != self.case.fee_vnd {
            let told = |fee: i64| format!("{fee} VND");
            self.note(noted(Reason::Fee, told(self.case.fee_vnd), told(would)));
        }
        let (calendar, cutoff) = (self.past.calendar, self.past.cutoff_minutes);
        let due = |edition| {
            let answer = case::explain(&self.case, edition, calendar, cutoff, end).ok()??;
            Some(answer.due_at.unwrap_or(answer.original_due_at))
        };
        let (Some(was), Some(would)) = (due(self.past.edition), due(edition)) else { return };
        if was == would {
            return;
        }
        let moment = self.case.moment(end);
        let told = |at: Instant| at.to_string();
        self.note(noted(Reason::Due, told(was), told(would)));
        let late = match (moment > was, moment > would) {
            (true, false) => Reason::NoLongerLate,
            (false, true) => Reason::NowLate,
            _ => return,
        };
        self.note(noted(late, told(was), told(would)));
    }
}

fn asks_finance(moves: &[Move]) -> bool {
    moves.iter().any(|step| matches!(step, Move::JobAsked { job, .. } if job == FINANCE))
}

/// The one way in which a step that nobody decided can end.
fn only_outcome(node: &Node) -> Option<String> {
    let mut forward = node.outcomes.iter().filter(|outcome| *outcome != SEND_BACK);
    match (forward.next(), forward.next()) {
        (only, None) => Some(only.cloned().unwrap_or_default()),
        (_, Some(_)) => None,
    }
}

/// The steps at which a case waits; joins aside, since they wait for others.
fn places(definition: &Definition, state: &State) -> BTreeSet<String> {
    let waiting = state.tokens.iter().filter(|token| token.via.is_none());
    waiting.map(|token| definition.node(token.node).id.clone()).collect()
}

fn join(places: &BTreeSet<String>) -> String {
    if places.is_empty() {
        return "no step".to_owned();
    }
    places.iter().cloned().collect::<Vec<_>>().join(", ")
}

fn time(node: &Node) -> String {
    match (&node.limit, node.limit_share) {
        (Some(limit), _) => limit.clone(),
        (None, Some(share)) => format!("{share} % of the limit"),
        (None, None) => "no time of its own".to_owned(),
    }
}
