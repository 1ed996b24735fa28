//! Timers of steps beside the clock of the case: what stands with it, what runs on and when, what an
//! amended calendar moves; and against a count by hand (rules N6 to N9 and W5).

use crate::play::*;
use crate::world::{self, CLOCK_TIMERS, day};
use kernel::access::Actor;
use kernel::calendar::{ClockTime, Date, EntryKind, EntrySpec, Instant};
use kernel::case::{
    self, Business, Case, ChildAnswer, Command, Event, Job, StepDue, TimeLeft, TimerChange,
    UpkeepEvent, timer_due,
};
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use kernel::org::Role;
use kernel::procedure::{Definitions, ProcessEdition, check_process};
use process::{NodeIx, TimerSpec};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Procedures of the process `clocks`: a supplement starts the limit again, or the clock stands.
const RESET: usize = 90;
const PAUSE: usize = 91;

/// A case with the rows of its timers, as a store keeps them.
#[derive(Clone)]
struct Run<'c> {
    catalogue: &'c Catalogue,
    case: Case,
    events: Vec<Event>,
    rows: BTreeMap<String, Instant>,
    jobs: Vec<Job>,
    now: Instant,
}

impl<'c> Run<'c> {
    fn on(catalogue: &'c Catalogue, procedure: usize, at: Instant) -> Self {
        let mut play = Play::new(procedure);
        play.accept();
        let (case, events) = (play.case, play.events);
        let (rows, jobs) = (BTreeMap::new(), Vec::new());
        let mut run = Self { catalogue, case, events, rows, jobs, now: at };
        run.act(Role::DeskOfficer, &Command::Forward);
        run
    }

    fn new(procedure: usize) -> Self {
        Self::on(&PROVINCE, procedure, world::morning())
    }

    fn definitions(&self) -> Definitions<'c> {
        let edition = self.catalogue.edition(&self.case.procedure, self.case.edition).unwrap();
        self.catalogue.definitions(edition)
    }

    fn definition(&self) -> &'c process::Definition {
        self.definitions().of(1).unwrap()
    }

    fn who(&self, role: Role) -> Actor {
        let unit = if role == Role::DeskOfficer { world::DESK } else { world::HOME };
        world::officer(self.catalogue, unit, role, self.now)
    }

    fn act(&mut self, role: Role, command: &Command) -> Vec<Event> {
        let actor = self.who(role);
        self.by(&actor, command)
    }

    fn system(&mut self, command: &Command) -> Vec<Event> {
        self.by(&Actor::system("test"), command)
    }

    /// As the store does it.
    fn by(&mut self, actor: &Actor, command: &Command) -> Vec<Event> {
        let catalogue = self.catalogue;
        let ctx = catalogue.ctx(&self.case, actor, self.now).unwrap();
        let decided = case::decide(Some(&self.case), command, &ctx);
        let (_, mut events) = decided.map_err(|e| format!("{command:?}: {e}")).unwrap();
        if case::asks_timers(command, &events) {
            let due: Vec<StepDue> = self.rows.iter().filter_map(step_due).collect();
            events.extend(case::timer_events(&self.case, command, &events, &due, &ctx));
        }
        for event in &events {
            let was = self.case.business;
            let definitions = self.definitions();
            case::apply(&mut self.case, event, definitions);
            let calendar = catalogue.calendar_of(&self.case.desk);
            let effects = case::effects(Some(was), &self.case, event, calendar);
            self.jobs.extend(effects.jobs);
            for change in effects.timers {
                match change {
                    TimerChange::Set { kind, token, due_at } => {
                        self.rows.insert(format!("{kind} {token}"), due_at);
                    }
                    TimerChange::Drop { kind, token } => {
                        self.rows.remove(&format!("{kind} {token}"));
                    }
                    TimerChange::Renumber { nodes } => {
                        let all = std::mem::take(&mut self.rows).into_iter();
                        self.rows =
                            all.map(|(key, due_at)| renumbered(&key, &nodes, due_at)).collect();
                    }
                    TimerChange::DropAll => self.rows.clear(),
                }
            }
            self.events.push(event.clone());
            let json = serde_json::to_string(event).unwrap();
            assert_eq!(&serde_json::from_str::<Event>(&json).unwrap(), event);
        }
        self.laws();
        events
    }

    /// Replay needs no calendar; a timer has its row or stands still, never both.
    fn laws(&self) {
        let replayed = case::replay(self.case.id, &self.events, self.definitions());
        assert_eq!(replayed.as_ref(), Some(&self.case));
        let live = process::live_timers(self.definition(), &self.case.process);
        for paused in &self.case.paused {
            let place = (paused.token, paused.node);
            assert!(live.contains(&place), "{place:?} is over");
            assert!(!self.rows.contains_key(&key(paused.token, paused.node)), "{place:?} twice");
        }
        let mut places: Vec<_> = self.case.paused.iter().map(|p| (p.token, p.node)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), self.case.paused.len());
    }

    fn at(&mut self, date: Date, hour: u32, minute: u32) -> &mut Self {
        self.now = Instant::at(date, hour, minute);
        self
    }

    fn token_at(&self, id: &str) -> u32 {
        let definition = self.definition();
        let at = definition.node_by_id(id).unwrap();
        self.case.process.tokens.iter().find(|t| t.node == at && t.via.is_none()).unwrap().id
    }

    /// The row of a timer by its name.
    fn row(&self, name: &str) -> Option<Instant> {
        let node = self.definition().node_by_id(name).unwrap();
        let of_node = |(key, _): &(&String, &Instant)| {
            key.starts_with("process ") && key.ends_with(&format!(":{}", node.0))
        };
        self.rows.iter().find(of_node).map(|(_, due)| *due)
    }

    fn left(&self, name: &str) -> Option<TimeLeft> {
        let node = self.definition().node_by_id(name).unwrap();
        self.case.paused.iter().find(|paused| paused.node == node).map(|paused| paused.left)
    }

    /// The timer rings, if its row is there.
    fn ring(&mut self, name: &str) {
        let node = self.definition().node_by_id(name).unwrap();
        let (key, _) =
            self.rows.iter().find(|(k, _)| k.ends_with(&format!(":{}", node.0))).unwrap();
        let StepDue { token, node, .. } = step_due((key, &self.now)).unwrap();
        self.system(&Command::FireTimer { token, boundary: Some(node) });
    }
}

fn key(token: u32, node: NodeIx) -> String {
    format!("process {token}:{}", node.0)
}

fn step_due((key, due_at): (&String, &Instant)) -> Option<StepDue> {
    let (token, node) = key.strip_prefix("process ")?.split_once(':')?;
    let node = NodeIx(node.parse().unwrap());
    Some(StepDue { token: token.parse().unwrap(), node, due_at: *due_at })
}

fn at(month: u32, date: u32, hour: u32, minute: u32) -> Instant {
    Instant::at(day(2019, month, date), hour, minute)
}

fn ask() -> Command {
    Command::AskSupplement { papers: vec![1], reason: why(), answer_days: 60 }
}

fn suspend(until: Date) -> Command {
    Command::Suspend { ground: "Điều 12".into(), reason: why(), until }
}

/// The three stops: begin, and end.
const STOPS: [&str; 3] = ["supplement", "finance", "suspension"];

fn stop(run: &mut Run<'_>, kind: &str) {
    match kind {
        "supplement" => run.act(Role::CaseOfficer, &ask()),
        "finance" => run.act(Role::CaseOfficer, &Command::OpenFinance { amount_vnd: 1 }),
        _ => {
            let until = run.now.plus_days(300).date();
            run.act(Role::Leader, &suspend(until))
        }
    };
}

fn go_on(run: &mut Run<'_>, kind: &str) -> Vec<Event> {
    match kind {
        "supplement" => {
            let filer = Actor::filer(run.case.id);
            run.by(&filer, &Command::GiveSupplement { papers: papers() });
            run.act(Role::DeskOfficer, &Command::AcceptSupplement)
        }
        "finance" => run.act(Role::CaseOfficer, &Command::CloseFinance),
        _ => run.act(Role::Leader, &Command::Resume),
    }
}

#[test]
fn every_stop_keeps_what_is_left_of_every_kind_of_time() {
    for kind in STOPS {
        let mut run = Run::new(PAUSE);
        assert_eq!(run.row("days"), Some(at(5, 2, 17, 0)));
        assert_eq!(run.row("quarter"), Some(at(4, 30, 9, 0)));
        assert_eq!(run.row("hours"), Some(at(4, 29, 15, 12)));
        run.at(day(2019, 4, 29), 10, 0);
        stop(&mut run, kind);
        let hours = 3 * 3600 + 12 * 60;
        assert_eq!(run.left("days"), Some(TimeLeft::WorkingDays(3)), "{kind}");
        assert_eq!(run.left("quarter"), Some(TimeLeft::WorkingDays(1)), "{kind}");
        assert_eq!(run.left("hours"), Some(TimeLeft::WorkingSeconds(hours)), "{kind}");
        let week = at(5, 5, 9, 12).0 - at(4, 29, 10, 0).0;
        assert_eq!(run.left("week"), Some(TimeLeft::Millis(week)), "{kind}");
        // A fixed date stays; what was over at the stop only waits to ring (rule N10).
        for (name, due) in
            [("fixed", at(6, 3, 8, 0)), ("late", at(4, 25, 9, 13)), ("day", at(4, 26, 17, 0))]
        {
            assert_eq!((run.row(name), run.left(name)), (Some(due), None), "{kind} {name}");
        }
        let process = run.rows.keys().filter(|key| key.starts_with("process")).count();
        assert_eq!(process, 3, "{kind}: {:?}", run.rows);
        run.at(day(2019, 5, 2), 14, 0);
        let events = go_on(&mut run, kind);
        assert!(
            matches!(events.last(), Some(Event::Upkeep(UpkeepEvent::TimersResumed { .. }))),
            "{kind}: {events:?}"
        );
        assert!(run.case.paused.is_empty());
        for (name, due) in [
            ("days", at(5, 7, 17, 0)),
            ("quarter", at(5, 3, 9, 0)),
            ("hours", at(5, 3, 7, 12)),
            ("week", at(5, 8, 13, 12)),
            ("month", at(5, 28, 13, 12)),
            ("fixed", at(6, 3, 8, 0)),
        ] {
            assert_eq!(run.row(name), Some(due), "{kind} {name}");
        }
    }
}

#[test]
fn a_supplement_that_starts_the_limit_again_starts_the_steps_again() {
    let mut run = Run::new(RESET);
    run.at(day(2019, 4, 29), 10, 0);
    stop(&mut run, "supplement");
    for name in ["days", "quarter", "hours", "week", "month"] {
        assert_eq!(run.left(name), Some(TimeLeft::Whole), "{name}");
    }
    run.at(day(2019, 5, 2), 14, 0);
    go_on(&mut run, "supplement");
    let calendar = PROVINCE.calendar_of(&run.case.desk);
    for name in ["days", "quarter", "hours", "week", "month"] {
        let (_, _, time) = CLOCK_TIMERS.iter().find(|(id, ..)| *id == name).unwrap();
        let spec = TimerSpec::Duration((*time).to_owned());
        assert_eq!(run.row(name), timer_due(&spec, run.now, calendar), "{name}");
    }
    // Other stops of the same edition only stop.
    run.at(day(2019, 5, 3), 10, 0);
    stop(&mut run, "finance");
    assert_eq!(run.left("days"), Some(TimeLeft::WorkingDays(4)));
    go_on(&mut run, "finance");
    // A request after the due date starts nothing again (rule N10).
    let due = run.case.due_at.unwrap();
    run.now = due.plus_seconds(60);
    stop(&mut run, "supplement");
    assert!(matches!(run.left("month"), Some(TimeLeft::Millis(_))), "{:?}", run.case.paused);
}

#[test]
fn a_stop_within_the_last_day_takes_nothing_away_if_it_ends_in_time() {
    // `quarter` ends on 30 April at 09:00, `days` on 2 May at 17:00.
    for (from, to, due) in [
        (at(4, 30, 7, 30), at(4, 30, 8, 0), at(4, 30, 9, 0)),
        (at(4, 30, 7, 30), at(4, 30, 9, 0), at(4, 30, 9, 0)),
        (at(4, 30, 7, 30), at(4, 30, 9, 1), at(5, 1, 9, 0)),
        (at(4, 30, 7, 30), at(5, 3, 8, 0), at(5, 6, 9, 0)),
        (at(4, 29, 7, 30), at(4, 29, 8, 0), at(4, 30, 9, 0)),
    ] {
        let mut run = Run::new(PAUSE);
        run.now = from;
        stop(&mut run, "finance");
        run.now = to;
        go_on(&mut run, "finance");
        assert_eq!(run.row("quarter"), Some(due), "{from} {to}");
    }
}

#[test]
fn the_step_that_waits_for_the_duty_keeps_its_time_and_what_begins_meanwhile_waits() {
    let mut run = Run::new(PAUSE);
    run.now = at(4, 26, 8, 0);
    let token = run.token_at("b");
    let done = complete(token, "done");
    let events = run.act(Role::CaseOfficer, &done);
    assert!(matches!(events.last(), Some(Event::Upkeep(UpkeepEvent::TimersPaused { .. }))));
    assert_eq!(run.case.business, Business::FinDuty);
    assert_eq!(run.row("wait"), Some(at(5, 2, 17, 0)), "it measures the wait itself");
    assert_eq!((run.row("beside"), run.left("beside")), (None, Some(TimeLeft::Whole)));
    assert_eq!(run.left("days"), Some(TimeLeft::WorkingDays(4)));
    run.now = at(5, 2, 17, 0);
    run.ring("wait");
    // What a timer opens while the clock stands begins when it runs again.
    run.ring("late");
    assert_eq!((run.row("opened"), run.left("opened")), (None, Some(TimeLeft::Whole)));
    run.now = at(5, 6, 10, 0);
    run.act(Role::CaseOfficer, &Command::CloseFinance);
    assert_eq!(run.row("opened"), Some(at(5, 8, 17, 0)));
    assert_eq!(run.row("beside"), Some(at(5, 9, 17, 0)));
    assert_eq!(run.row("days"), Some(at(5, 10, 17, 0)));
}

#[test]
fn what_ends_during_a_stop_does_not_come_back() {
    let mut run = Run::new(3);
    let assign = complete(run.token_at("assign"), "done");
    run.act(Role::UnitLeader, &assign);
    let (token, _) = process::open_jobs(run.definition(), &run.case.process).next().unwrap();
    let child = CaseId(Uuid::from_u128(5));
    run.system(&Command::OpenChild { child, token, unit: "kg.stp".into() });
    assert_eq!(run.rows.len(), 1);
    stop(&mut run, "suspension");
    assert_eq!(run.case.paused.len(), 1);
    run.system(&Command::AnswerChild { child, answer: ChildAnswer::Done });
    assert!(run.case.paused.is_empty(), "answered in time");
    let events = go_on(&mut run, "suspension");
    assert!(matches!(events[..], [Event::Resumed { .. }]), "{events:?}");
    assert!(run.rows.is_empty());
}

#[test]
fn a_withdrawal_asked_during_a_stop_changes_nothing_of_it() {
    let mut run = Run::new(PAUSE);
    run.now = at(4, 29, 10, 0);
    stop(&mut run, "supplement");
    let before = run.case.paused.clone();
    let filer = Actor::filer(run.case.id);
    run.by(&filer, &Command::AskWithdrawal { reason: why() });
    assert_eq!(run.case.paused, before);
    let mut granted = run.clone();
    run.act(Role::CaseOfficer, &Command::DecideWithdrawal { granted: false, reason: why() });
    assert_eq!((run.case.business, &run.case.paused), (Business::Supplement, &before));
    run.now = at(5, 2, 14, 0);
    go_on(&mut run, "supplement");
    assert_eq!(run.row("days"), Some(at(5, 7, 17, 0)));
    granted.act(Role::CaseOfficer, &Command::DecideWithdrawal { granted: true, reason: None });
    assert!(granted.case.paused.is_empty() && granted.rows.is_empty());
    // While the clock runs, a withdrawal does not stop it.
    let mut run = Run::new(PAUSE);
    let rows = run.rows.clone();
    run.by(&filer, &Command::AskWithdrawal { reason: why() });
    run.act(Role::CaseOfficer, &Command::DecideWithdrawal { granted: false, reason: why() });
    assert_eq!(run.rows, rows);
}

#[test]
fn a_suspension_ends_with_its_last_day_even_if_that_is_recorded_later() {
    // 29 April to 2 May; the timer rings on the 3rd, the worker comes to it on the 6th.
    for (recorded, actor) in [(at(5, 3, 0, 0), "timer"), (at(5, 6, 8, 0), "late")] {
        let mut run = Run::new(PAUSE);
        run.now = at(4, 29, 10, 0);
        run.act(Role::Leader, &suspend(day(2019, 5, 2)));
        run.now = recorded;
        run.by(&Actor::system(actor), &Command::Resume);
        assert_eq!(run.row("days"), Some(at(5, 7, 17, 0)), "{actor}");
        assert_eq!(run.row("hours"), Some(at(5, 3, 10, 12)), "{actor}");
    }
}

fn entry(date: Date, kind: EntryKind, published: Instant) -> EntrySpec {
    EntrySpec {
        date,
        kind,
        published_at: Some(published),
        withdrawn_at: None,
        name: "QĐ 9/QĐ-UBND".into(),
    }
}

fn closure(date: Date, published: Instant) -> EntrySpec {
    let (from, to) = (ClockTime::MIDNIGHT, ClockTime::END);
    entry(date, EntryKind::Closure { from, to }, published)
}

#[test]
fn only_a_last_day_that_is_closed_later_moves_and_once() {
    let announced = at(4, 26, 10, 0);
    let holiday = |date| entry(date, EntryKind::Holiday { desk: Vec::new() }, announced);
    let amended = PROVINCE
        .announce(closure(day(2019, 4, 29), announced))
        .and_then(|c| c.announce(closure(day(2019, 4, 30), announced)))
        .and_then(|c| c.announce(holiday(day(2019, 5, 9))))
        .unwrap();
    let mut run = Run::new(PAUSE);
    assert_eq!(run.case.due_at, Some(at(5, 9, 17, 0)));
    run.catalogue = &amended;
    run.now = at(4, 26, 9, 0);
    assert_eq!(run.system(&Command::RederiveDue), [], "nobody knows of it yet");
    let rows = run.rows.clone();
    run.now = announced;
    let events = run.system(&Command::RederiveDue);
    let [
        Event::DueMoved { due_before, due_at, .. },
        Event::Upkeep(UpkeepEvent::TimersMoved { before, timers, .. }),
    ] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!((*due_before, *due_at), (Some(at(5, 9, 17, 0)), Some(at(5, 10, 17, 0))));
    let told = Job::NotifyApplicant { message: "due_moved".into() };
    assert_eq!(run.jobs.iter().filter(|job| **job == told).count(), 1);
    // The quarter of the 30th moves with the same quarter, the hours of the 29th to an end of day.
    assert_eq!(
        (run.row("quarter"), run.row("hours")),
        (Some(at(5, 1, 9, 0)), Some(at(5, 1, 17, 0)))
    );
    assert_eq!((before.len(), timers.len()), (2, 2));
    for due in before {
        assert_eq!(rows.get(&key(due.token, due.node)), Some(&due.due_at));
    }
    for name in ["days", "week", "month", "fixed", "late", "day"] {
        let node = run.definition().node_by_id(name).unwrap();
        let of = |rows: &BTreeMap<String, Instant>| {
            rows.iter().find(|(k, _)| k.ends_with(&format!(":{}", node.0))).map(|(_, due)| *due)
        };
        assert_eq!(of(&run.rows), of(&rows), "{name}: a closed day between moves nothing");
    }
    assert_eq!(run.system(&Command::RederiveDue), [], "once");
}

#[test]
fn what_was_announced_while_the_clock_stood_closes_the_last_day_only() {
    let (stopped, announced) = (at(4, 29, 10, 0), at(4, 30, 9, 0));
    // `days` had three days left and goes on on the 2nd: the 3rd, the 6th, the 7th.
    let between = PROVINCE.announce(closure(day(2019, 5, 6), announced)).unwrap();
    let last = PROVINCE.announce(closure(day(2019, 5, 7), announced)).unwrap();
    for (catalogue, due) in [(&between, at(5, 7, 17, 0)), (&last, at(5, 8, 17, 0))] {
        let mut run = Run::on(catalogue, PAUSE, world::morning());
        run.now = stopped;
        stop(&mut run, "finance");
        run.now = at(5, 2, 14, 0);
        go_on(&mut run, "finance");
        assert_eq!(run.row("days"), Some(due));
        assert_eq!(run.system(&Command::RederiveDue).len(), 0);
    }
}

#[test]
fn a_withdrawn_day_is_known_from_its_announcement_to_its_withdrawal() {
    let (told, back) = (at(4, 26, 10, 0), at(4, 27, 10, 0));
    let friday = day(2019, 5, 3);
    let mut one = closure(friday, told);
    one.withdrawn_at = Some(back);
    let catalogue = PROVINCE.with_announced(vec![one]).unwrap();
    let calendar = catalogue.calendar();
    let works = |at: Instant| calendar.as_known(at).is_working_day(friday);
    assert!(works(Instant(told.0 - 1000)) && !works(told));
    assert!(!works(Instant(back.0 - 1000)) && works(back) && calendar.is_working_day(friday));
    // The marks differ as long as it is known, so that dates are looked at both times.
    let mark = |at| catalogue.calendars_mark(at);
    assert_eq!(mark(Instant(told.0 - 1000)), mark(back));
    assert_ne!(mark(told), mark(back));
    assert_eq!(PROVINCE.calendars_mark(back), mark(back));
}

#[test]
fn announced_days_must_go_with_those_of_their_date() {
    let now = at(4, 26, 10, 0);
    let friday = day(2019, 5, 3);
    let holiday = entry(friday, EntryKind::Holiday { desk: Vec::new() }, now);
    let once = PROVINCE.announce(holiday.clone()).unwrap();
    let swapped = entry(friday, EntryKind::SwappedOff { desk: Vec::new() }, now);
    assert_eq!(once.announce(swapped.clone()).unwrap_err().code.as_str(), "calendar_conflict");
    once.announce(closure(friday, now)).unwrap();
    // Taken back, it makes room.
    let back = EntrySpec { withdrawn_at: Some(now.plus_seconds(60)), ..holiday.clone() };
    let again = EntrySpec { published_at: Some(now.plus_seconds(60)), ..swapped };
    PROVINCE.with_announced(vec![back]).unwrap().announce(again).unwrap();
    let bad = EntryKind::Closure {
        from: ClockTime::parse("13:00").unwrap(),
        to: ClockTime::parse("11:00").unwrap(),
    };
    let refused = PROVINCE.announce(entry(friday, bad, now)).unwrap_err();
    assert_eq!(refused.code.as_str(), "window_invalid");
}

/// A file whose first task has a timer of this text.
fn timed(kind: &str, text: &str) -> String {
    let opinion = include_str!("../../../../procedures/processes/opinion.bpmn");
    let timer = format!(
        "<bpmn:boundaryEvent id=\"tick\" name=\"Nhắc\" attachedToRef=\"assign\" \
         cancelActivity=\"false\"><bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}>\
         </bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id=\"tock\"/>\
         <bpmn:sequenceFlow id=\"tt\" sourceRef=\"tick\" targetRef=\"tock\"/></bpmn:process>"
    );
    opinion.replacen("</bpmn:process>", &timer, 1)
}

#[test]
fn whatever_may_be_published_rings() {
    let calendar = PROVINCE.calendar();
    let checked = |kind: &str, text: &str| {
        check_process("opinion", &timed(kind, text), "t.bpmn").map(|definition| {
            let node = definition.node_by_id("tick").unwrap();
            definition.node(node).timer.clone().expect("a timer")
        })
    };
    let durations = [
        "P0WD",
        "P5WD",
        "P0.25WD",
        "P1.5WD",
        "P2.50WD",
        "P0.75WD",
        "P99999WD",
        "PT0WH",
        "PT4WH",
        "PT0.25WH",
        "PT1.75WH",
        "P1M",
        "P2DT4H",
        "P1Y2M3DT4H5M6S",
        "P2W",
        "PT30M",
        "PT0S",
        "P99999Y",
        "P99999M",
        "P99999D",
        "PT99999H",
        "P15D",
    ];
    let dates = [
        "2019-04-25",
        "2019-04-25T09:12",
        "2019-04-25T09:12:30",
        "2019-04-25T09:12:00Z",
        "2019-04-25T09:12:00+07:00",
        "2019-04-25T09:12-05:00",
        "2019-04-25T09:12:00.125Z",
    ];
    let texts = durations.map(|text| ("timeDuration", text));
    let mut accepted = 0;
    for (kind, text) in texts.into_iter().chain(dates.map(|text| ("timeDate", text))) {
        let spec = checked(kind, text).unwrap_or_else(|found| panic!("{text}: {found:?}"));
        // A Thursday at work, a lunch break, a Sunday night.
        for at in [at(4, 25, 9, 12), at(4, 25, 12, 0), at(4, 28, 23, 30)] {
            let due = timer_due(&spec, at, calendar);
            assert!(due.is_some(), "{text} set {at} never rings");
            assert!(
                kind == "timeDate" || due >= Some(Instant(at.0 - 86_400_000)),
                "{text} {due:?}"
            );
        }
        accepted += 1;
    }
    assert_eq!(accepted, durations.len() + dates.len());
    for (kind, text) in [
        ("timeDate", "2019-02-31"),
        ("timeDate", "2019-04-25T09:12:00+99:99"),
        ("timeDate", "2019-04-31T09:12"),
        ("timeCycle", "R3/PT1H"),
        ("timeDuration", "P0.3WD"),
        ("timeDuration", "P"),
    ] {
        let found = checked(kind, text).expect_err(text);
        assert!(found.iter().any(|problem| problem.element_id == "tick"), "{text}: {found:?}");
    }
    let known = |text: &str, due: Instant| {
        let spec = TimerSpec::Duration(text.to_owned());
        assert_eq!(timer_due(&spec, at(4, 25, 9, 12), calendar), Some(due), "{text}");
    };
    known("P0.25WD", at(4, 26, 9, 0));
    known("P1.5WD", at(4, 29, 11, 0));
    known("PT0.5WH", at(4, 25, 9, 42));
    known("P1M", at(5, 25, 9, 12));
    known("P2DT4H", at(4, 27, 13, 12));
    known("P2W", at(5, 9, 9, 12));
    let last = TimerSpec::Duration("P1M".to_owned());
    assert_eq!(timer_due(&last, at(1, 31, 8, 0), calendar), Some(at(2, 28, 8, 0)));
}

/// A generator of small numbers, the same every time.
struct Dice(u64);

fn renumbered(key: &str, nodes: &[(NodeIx, NodeIx)], due_at: Instant) -> (String, Instant) {
    let key = match key.strip_prefix("process ") {
        Some(place) => format!("process {}", case::renumbered_key(place, nodes)),
        None => key.to_owned(),
    };
    (key, due_at)
}

impl Dice {
    fn roll(&mut self, sides: i64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// What a date holds, in minutes of the day, written down apart from the calendar's own code.
fn minutes_of(date: Date, closed: &[Date]) -> Vec<(i64, i64)> {
    use chrono::Datelike;
    if date.weekday().num_days_from_monday() > 4 || closed.contains(&date) {
        return Vec::new();
    }
    vec![(7 * 60, 11 * 60), (13 * 60, 17 * 60)]
}

/// Counts days one by one and leaves out those of the stops (rules N1, N7, N9).
fn days_by_hand(
    set: Instant,
    (days, quarters): (u32, i64),
    stops: &[(Instant, Instant)],
    closed: &[Date],
) -> Instant {
    let left_out =
        |date: Date| stops.iter().any(|(from, to)| from.date() < date && date <= to.date());
    let works = |date: Date| !minutes_of(date, closed).is_empty();
    let end = |date: Date| match quarters {
        0 => Instant::at(date, 17, 0),
        quarters => {
            let minutes = quarters * 120;
            let minutes = if minutes > 240 { minutes + 120 } else { minutes };
            Instant::at(date, 7, 0).plus_seconds(minutes * 60)
        }
    };
    let mut date = set.date();
    let mut left = days + u32::from(quarters > 0);
    while left > 0 {
        date = date.succ_opt().unwrap();
        left -= u32::from(works(date) && !left_out(date));
    }
    // It does not end while the clock stands.
    while let Some((_, to)) = stops.iter().find(|(from, to)| *from < end(date) && end(date) < *to) {
        date = to.date();
        loop {
            date = date.succ_opt().unwrap();
            if works(date) && !left_out(date) {
                break;
            }
        }
    }
    end(date)
}

/// Counts minutes one by one and leaves out those of the stops (rules N4, N8).
fn minutes_by_hand(
    set: Instant,
    minutes: i64,
    stops: &[(Instant, Instant)],
    closed: &[Date],
) -> Instant {
    let (mut at, mut left) = (set, minutes);
    while left > 0 {
        let minute = i64::from(at.second_of_day() / 60);
        let open = minutes_of(at.date(), closed);
        let works = open.iter().any(|(from, to)| (*from..*to).contains(&minute));
        let stands = stops.iter().any(|(from, to)| (*from..*to).contains(&at));
        left -= i64::from(works && !stands);
        at = at.plus_seconds(60);
    }
    at
}

#[test]
fn pauses_at_random_give_the_date_of_a_count_by_hand() {
    let known = Instant::at(day(2018, 1, 1), 0, 0);
    let mut dice = Dice(7);
    let mut ended = 0;
    for round in 0..250 {
        let closed: Vec<Date> = (0..6)
            .map(|_| day(2019, 4, 26) + chrono::Days::new(dice.roll(40).unsigned_abs()))
            .collect();
        let mut closed = closed;
        closed.sort_unstable();
        closed.dedup();
        let announced = closed.iter().map(|date| closure(*date, known)).collect();
        let catalogue = PROVINCE.with_announced(announced).unwrap();
        let set = at(4, 25, 0, 0).plus_seconds(60 * (552 + dice.roll(500)));
        let mut run = Run::on(&catalogue, PAUSE, set);
        let mut stops: Vec<(Instant, Instant)> = Vec::new();
        let mut now = set;
        for _ in 0..1 + dice.roll(4) {
            let from = now.plus_seconds(60 * (1 + dice.roll(4_000)));
            let longest = if dice.roll(2) == 0 { 300 } else { 9_000 };
            let to = from.plus_seconds(60 * (1 + dice.roll(longest)));
            let kind = ["finance", "suspension"][usize::try_from(dice.roll(2)).unwrap()];
            // What rang before does not stand; its row stays, since nobody lets it ring here.
            run.now = from;
            stop(&mut run, kind);
            run.now = to;
            go_on(&mut run, kind);
            stops.push((from, to));
            now = to;
        }
        for (name, count) in [("days", (5, 0)), ("quarter", (2, 1)), ("day", (1, 0))] {
            let by_hand = days_by_hand(set, count, &stops, &closed);
            assert_eq!(run.row(name), Some(by_hand), "{round} {name} {set} {stops:?} {closed:?}");
            ended += u32::from(stops.iter().all(|(from, _)| *from < by_hand));
        }
        let by_hand = minutes_by_hand(set, 20 * 60, &stops, &closed);
        assert_eq!(run.row("hours"), Some(by_hand), "{round} {set} {stops:?} {closed:?}");
        let month = Instant(at(5, 25, 0, 0).0 + (set.0 - at(4, 25, 0, 0).0));
        let month = stops.iter().fold(month, |due, (from, to)| {
            if *from < due { Instant(due.0 + to.0 - from.0) } else { due }
        });
        assert_eq!(run.row("month"), Some(month), "{round}");
    }
    assert!(ended > 100, "most counts met their stops: {ended}");
}

/// The process of these tests, as a publication would see it.
#[test]
fn the_process_of_these_tests_is_one_that_a_case_carries_out() {
    let edition: &ProcessEdition = PROVINCE.process("clocks", 1).unwrap();
    let left_out: Vec<&str> =
        case::not_carried_out(&edition.definition).map(|node| node.id.as_str()).collect();
    assert!(left_out.is_empty(), "{left_out:?}");
    for (name, step, _) in CLOCK_TIMERS {
        let node = edition.definition.node_by_id(name).expect(name);
        let on = edition.definition.node(node).attached_to.expect(name);
        assert_eq!(edition.definition.node(on).id, step);
    }
}
