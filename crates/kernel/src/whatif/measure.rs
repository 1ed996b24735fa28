//! Measured times: how long the steps of real cases took in working time, and how they ended.
//!
//! A step took what passed of the working calendar between its beginning and its end; the waiting
//! for an officer is in it, and the time in which the clock of the case stood is not. What an act
//! by hand ended (a jump, a skipped step) says nothing about the step and is left out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, ClockEventKind, Instant};
use crate::case::{self, Event};
use process::{Definition, Event as Move, NodeIx, NodeKind};

/// Seconds of a minute.
const MINUTE: f64 = 60.0;
/// The outcome that sends a step back.
const SEND_BACK: &str = "send_back";

/// What a step took.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Took {
    /// How often it was done.
    pub count: u64,
    /// Working minutes in all.
    pub minutes: f64,
    /// Their squares in all.
    pub squares: f64,
    /// How often with each outcome; an answer from outside has none.
    pub outcomes: BTreeMap<String, u64>,
}

impl Took {
    /// Working minutes on average; 0 if it was never done.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.minutes / number(self.count) }
    }

    /// Standard deviation in working minutes.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        if self.count == 0 {
            return 0.0;
        }
        let mean = self.mean();
        (self.squares / number(self.count) - mean * mean).max(0.0).sqrt()
    }

    fn add(&mut self, minutes: f64, outcome: Option<&str>) {
        self.count += 1;
        self.minutes += minutes;
        self.squares += minutes * minutes;
        if let Some(outcome) = outcome {
            *self.outcomes.entry(outcome.to_owned()).or_default() += 1;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn number(count: u64) -> f64 {
    count as f64
}

/// What many cases took.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Cases that were measured.
    pub cases: u64,
    /// User tasks and service tasks that wait, by BPMN id.
    pub steps: BTreeMap<String, Took>,
}

impl Measured {
    /// Adds a case: its events, the process that it ran on and the calendar of its desk. A case
    /// that went to another version is measured as far as that.
    pub fn add(&mut self, events: &[Event], definition: &Definition, calendar: &Calendar) {
        self.cases += 1;
        let mut run = Run { clock: Stood::new(calendar), open: BTreeMap::new() };
        for event in events {
            let moves = case::moves(event);
            if matches!(event, Event::Upkeep(_)) && !moves.is_empty() {
                return;
            }
            run.clock.follow(event);
            for step in moves {
                let Some((node, minutes, outcome)) = run.follow(step, event.at()) else { continue };
                if !matches!(event, Event::Op(_)) {
                    let step = definition.node(node);
                    if is_measured(step.kind) {
                        self.steps.entry(step.id.clone()).or_default().add(minutes, outcome);
                    }
                }
            }
        }
    }
}

fn is_measured(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::UserTask | NodeKind::ServiceTask | NodeKind::Call)
}

/// Steps that are open, and the clock.
struct Run<'c> {
    clock: Stood<'c>,
    /// Token and step: when it began, and how long the clock had stood by then.
    open: BTreeMap<(u32, NodeIx), (Instant, i64)>,
}

impl Run<'_> {
    /// A step that ended, its minutes and its outcome.
    fn follow<'e>(
        &mut self,
        step: &'e Move,
        at: Instant,
    ) -> Option<(NodeIx, f64, Option<&'e str>)> {
        let (token, node, outcome) = match step {
            Move::Entered { token, node, .. } => {
                self.open.insert((*token, *node), (at, self.clock.stood(at)));
                return None;
            }
            Move::Left { token, node, outcome } => (*token, *node, outcome.as_deref()),
            Move::SentBack { token, from, .. } => (*token, *from, Some(SEND_BACK)),
            Move::Interrupted { token, node, .. } => {
                self.open.remove(&(*token, *node));
                return None;
            }
            _ => return None,
        };
        let (began, stood) = self.open.remove(&(token, node))?;
        let seconds = self.clock.between(began, at) - (self.clock.stood(at) - stood);
        let seconds = u32::try_from(seconds.max(0)).unwrap_or(u32::MAX);
        Some((node, f64::from(seconds) / MINUTE, outcome))
    }
}

/// For how long the clock of a case stood, in working seconds.
struct Stood<'c> {
    calendar: &'c Calendar,
    total: i64,
    since: Option<Instant>,
}

impl<'c> Stood<'c> {
    fn new(calendar: &'c Calendar) -> Self {
        Self { calendar, total: 0, since: None }
    }

    fn between(&self, from: Instant, to: Instant) -> i64 {
        self.calendar.working_seconds_between(from, to)
    }

    fn stood(&self, at: Instant) -> i64 {
        self.total + self.since.map_or(0, |since| self.between(since, at))
    }

    fn follow(&mut self, event: &Event) {
        use ClockEventKind as Kind;
        let Some(clock) = event.clock_event() else { return };
        match clock.kind {
            Kind::SupplementRequested | Kind::FinanceWait | Kind::Suspended { .. } => {
                self.since = self.since.or(Some(event.at()));
            }
            Kind::SupplementReceived | Kind::FinanceDone | Kind::Resumed => {
                self.total = self.stood(event.at());
                self.since = None;
            }
            Kind::Extended { .. } | Kind::ResultReady => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{CalendarSpec, ClockTime, Date, WeekdaySpec, Window};
    use crate::case::Ref;
    use crate::ids::ParticularId;

    /// Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00.
    fn calendar() -> Calendar {
        let time = |text| ClockTime::parse(text).unwrap();
        let window = |from, to| Window { from: time(from), to: time(to) };
        let work = vec![window("08:00", "12:00"), window("13:00", "17:00")];
        let weekly = std::array::from_fn(|i| WeekdaySpec {
            work: if i < 5 { work.clone() } else { Vec::new() },
            desk: None,
        });
        Calendar::compile(CalendarSpec { weekly, ..CalendarSpec::default() }).unwrap()
    }

    fn definition() -> Definition {
        let text = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
            xmlns:mc=\"http://motcua.vn/bpmn/1\" targetNamespace=\"t\">\
            <process id=\"p\" isExecutable=\"true\"><laneSet id='ls'><lane id='l' mc:role='clerk'>\
            <flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef></lane></laneSet>\
            <startEvent id='s'/><userTask id='a' mc:outcomes='done'/>\
            <userTask id='b' mc:outcomes='done,send_back'/><endEvent id='e'/>\
            <sequenceFlow id='f1' sourceRef='s' targetRef='a'/>\
            <sequenceFlow id='f2' sourceRef='a' targetRef='b'/>\
            <sequenceFlow id='f3' sourceRef='b' targetRef='e'/></process></definitions>";
        process::compile(&process::read(text.as_bytes(), "t").unwrap()).unwrap()
    }

    /// January 2026: the 5th is a Monday.
    fn at(day: u32, hour: u32, minute: u32) -> Instant {
        Instant::at(Date::from_ymd_opt(2026, 1, day).unwrap(), hour, minute)
    }

    fn entered(token: u32, node: NodeIx) -> Move {
        Move::Entered { token, node, from: None, first: true }
    }

    fn left(token: u32, node: NodeIx, outcome: &str) -> Move {
        Move::Left { token, node, outcome: Some(outcome.to_owned()) }
    }

    fn sealed() -> Ref {
        Ref { id: ParticularId(uuid::Uuid::nil()), commit: String::new() }
    }

    fn done(task: &str, at: Instant, moves: Vec<Move>) -> Event {
        Event::TaskDone {
            task: task.to_owned(),
            kind: String::new(),
            outcome: "done".to_owned(),
            officer: None,
            consulted: Vec::new(),
            note: None,
            number: None,
            by: None,
            at,
            moves,
        }
    }

    #[test]
    fn steps_take_working_time_without_nights_and_without_the_standing_clock() {
        let (definition, calendar) = (definition(), calendar());
        let node = |id| definition.node_by_id(id).unwrap();
        let (a, b) = (node("a"), node("b"));
        let events = [
            Event::Forwarded { at: at(5, 16, 0), late: false, moves: vec![entered(1, a)] },
            // Monday 16:00 to Tuesday 09:00 are two hours of work.
            done("a", at(6, 9, 0), vec![left(1, a, "done"), entered(1, b)]),
            Event::SupplementAsked {
                papers: Vec::new(),
                reason: sealed(),
                at: at(6, 10, 0),
                answer_by: at(9, 17, 0),
                late: false,
            },
            Event::SupplementAccepted { at: at(8, 10, 0), due_before: None, due_at: None },
            // One hour before the question, half an hour after the answer.
            Event::SentBack {
                task: "b".to_owned(),
                reason: sealed(),
                at: at(8, 10, 30),
                moves: vec![Move::SentBack { token: 1, from: b, to: a }, entered(1, a)],
            },
            done("a", at(8, 11, 30), vec![left(1, a, "done"), entered(1, b)]),
            // Still open: not measured.
        ];
        let mut measured = Measured::default();
        measured.add(&events, &definition, &calendar);
        let (a, b) = (&measured.steps["a"], &measured.steps["b"]);
        assert_eq!((a.count, a.mean()), (2, 90.0), "120 and 60 minutes");
        assert!((a.deviation() - 30.0).abs() < 1e-9, "{a:?}");
        assert_eq!(a.outcomes, BTreeMap::from([("done".to_owned(), 2)]));
        assert_eq!((b.count, b.mean(), b.deviation()), (1, 90.0, 0.0));
        assert_eq!(b.outcomes, BTreeMap::from([("send_back".to_owned(), 1)]));
        assert_eq!(measured.cases, 1);
    }

    #[test]
    fn what_an_act_by_hand_ended_is_left_out() {
        let (definition, calendar) = (definition(), calendar());
        let a = definition.node_by_id("a").unwrap();
        let cut = Move::Interrupted { token: 1, node: a, by: NodeIx(0) };
        let events = [
            Event::Forwarded { at: at(5, 8, 0), late: false, moves: vec![entered(1, a)] },
            Event::Moved { at: at(5, 9, 0), moves: vec![cut] },
        ];
        let mut measured = Measured::default();
        measured.add(&events, &definition, &calendar);
        assert_eq!(measured.steps, BTreeMap::new());
        assert_eq!((Took::default().mean(), Took::default().deviation()), (0.0, 0.0));
    }
}
