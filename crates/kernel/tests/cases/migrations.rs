//! Running cases go to another version of their process: exactly, with their timers, holds and
//! questions, or they stay and say why; and back again until something is done.

use crate::play::{self, accept, because, complete, why};
use crate::world::{self, DESK, HOME, day};
use kernel::access::Actor;
use kernel::calendar::Instant;
use kernel::case::{
    self, Business, Case, ChildAnswer, Command, Event, Migrate, Op, Refusal, RevertMigration,
    Source, Stay, StayWhy, StepDue, TimeLeft, TimerChange, UpkeepEvent,
};
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use kernel::org::Role;
use kernel::procedure::{Definitions, ProcessEdition};
use kernel::whatif::replay::{Draft, Past, Reason, replay};
use process::migration::{Plan, Why};
use process::{Definition, NodeIx};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

/// Versions after the first: 2 is longer, 3 longer and slower, 4 without the step that sums up.
fn versions() -> Vec<String> {
    let (longer, slower) = (world::longer_consultation(), world::slower_consultation("P8WD"));
    vec![longer, slower, world::other_consultation()]
}

fn edition(version: u32, from: kernel::calendar::Date, text: &str) -> ProcessEdition {
    ProcessEdition::published("consultation", version, from, text).unwrap()
}

/// All versions; the first is in force in April 2019.
static LATER: LazyLock<Catalogue> = LazyLock::new(|| {
    versions().iter().zip(2_u32..).fold(play::PROVINCE.clone(), |province, (text, version)| {
        province.with_process(edition(version, day(2019, 6, version), text)).unwrap()
    })
});

/// A province in which a version was in force from the start.
fn since_ever(version: u32) -> Catalogue {
    let text = &versions()[version as usize - 2];
    play::PROVINCE.with_process(edition(version, day(2018, 2, 1), text)).unwrap()
}

/// A case with its history and the timers that the store would hold for it.
#[derive(Clone)]
struct Run<'c> {
    province: &'c Catalogue,
    case: Case,
    events: Vec<Event>,
    timers: BTreeMap<(String, String), Instant>,
    now: Instant,
}

/// What somebody does, by names that every version knows.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Done {
    Forward,
    Task(String, String),
    Ask(u128),
    Answer(u128),
    Ring(String),
}

impl<'c> Run<'c> {
    fn new(province: &'c Catalogue) -> Self {
        Self::of(province, "1.000003")
    }

    /// Accepted.
    fn of(province: &'c Catalogue, procedure: &str) -> Self {
        let now = world::morning();
        let edition = province.edition(&procedure.into(), 1).unwrap();
        let actor = world::officer(province, DESK, Role::DeskOfficer, now);
        let ctx = province.ctx_new(edition, &DESK.into(), &actor, now).unwrap();
        let command = Command::Submit(Box::new(play::submission(Source::Counter)));
        let (_, events) = case::decide(None, &command, &ctx).unwrap();
        let case = case::born(CaseId(Uuid::from_u128(3)), &events[0]).unwrap();
        let mut run = Self { province, case, events, timers: BTreeMap::new(), now };
        run.by(DESK, Role::DeskOfficer, &accept()).unwrap();
        run
    }

    fn forwarded(province: &'c Catalogue) -> Self {
        let mut run = Self::new(province);
        assert!(run.does(&Done::Forward));
        run
    }

    fn definitions(&self) -> Definitions<'c> {
        let edition = self.province.edition(&self.case.procedure, self.case.edition).unwrap();
        self.province.definitions(edition)
    }

    fn definition(&self) -> &'c Definition {
        self.definitions().of(self.case.process_version).unwrap()
    }

    fn by(&mut self, unit: &str, role: Role, command: &Command) -> Result<Vec<Event>, Refusal> {
        let actor = world::officer(self.province, unit, role, self.now);
        self.act(&actor, command)
    }

    fn system(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        self.act(&Actor::system("test"), command)
    }

    /// Does a command, carries out what it does to timers, and holds the laws.
    fn act(&mut self, actor: &Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
        let ctx = self.province.ctx(&self.case, actor, self.now).unwrap();
        let (_, events) = case::decide(Some(&self.case), command, &ctx)?;
        for event in &events {
            let stood = self.case.business;
            case::apply(&mut self.case, event, ctx.definitions);
            self.events.push(event.clone());
            for change in case::effects(Some(stood), &self.case, event, ctx.calendar).timers {
                self.change(change);
            }
        }
        self.laws();
        Ok(events)
    }

    fn change(&mut self, change: TimerChange) {
        match change {
            TimerChange::Set { kind, token, due_at } => {
                self.timers.insert((kind.to_owned(), token), due_at);
            }
            TimerChange::Drop { kind, token } => {
                self.timers.remove(&(kind.to_owned(), token));
            }
            TimerChange::Renumber { nodes } => {
                let old = std::mem::take(&mut self.timers);
                let key = |(kind, token): (String, String)| match kind.as_str() {
                    "process" => (kind, case::renumbered_key(&token, &nodes)),
                    _ => (kind, token),
                };
                self.timers = old.into_iter().map(|(at, due)| (key(at), due)).collect();
            }
            TimerChange::DropAll => self.timers.clear(),
        }
    }

    /// Replay gives the state, also through JSON; each timer that can ring is set or stands.
    fn laws(&self) {
        let all = self.definitions();
        assert_eq!(case::replay(self.case.id, &self.events, all).unwrap(), self.case);
        let json = serde_json::to_string(&self.events).unwrap();
        let again: Vec<Event> = serde_json::from_str(&json).unwrap();
        assert_eq!(case::replay(self.case.id, &again, all).unwrap(), self.case);
        if self.case.is_decided() || !self.case.ops.incidents.is_empty() {
            return;
        }
        let live = process::live_timers(self.definition(), &self.case.process);
        let live: BTreeSet<String> = live.iter().map(|(t, n)| format!("{t}:{}", n.0)).collect();
        let set = self.timers.keys().filter(|(kind, _)| kind == "process");
        let stand = self.case.paused.iter().map(|one| format!("{}:{}", one.token, one.node.0));
        let held: BTreeSet<String> = set.map(|(_, key)| key.clone()).chain(stand).collect();
        assert_eq!(live, held, "{:?}", self.case.process);
    }

    fn id(&self, node: NodeIx) -> &'c str {
        &self.definition().node(node).id
    }

    fn token_at(&self, id: &str) -> Option<u32> {
        let process = &self.case.process;
        let mut here = process.tokens.iter().filter(|token| token.via.is_none());
        here.find(|token| self.id(token.node) == id).map(|token| token.id)
    }

    /// What could be done now.
    fn possible(&self) -> Vec<Done> {
        if !self.case.process.started() {
            return vec![Done::Forward];
        }
        let (definition, process) = (self.definition(), &self.case.process);
        let mut all = Vec::new();
        for (_, node) in process::open_tasks(definition, process) {
            for outcome in &definition.node(node).outcomes {
                all.push(Done::Task(self.id(node).to_owned(), outcome.clone()));
            }
        }
        let asks = process::open_jobs(definition, process).next().is_some();
        for child in [5, 6] {
            match self.case.children.iter().find(|c| c.case == CaseId(Uuid::from_u128(child))) {
                None if asks => all.push(Done::Ask(child)),
                Some(found) if !found.answered => all.push(Done::Answer(child)),
                _ => {}
            }
        }
        for (_, node) in process::live_timers(definition, process) {
            all.push(Done::Ring(self.id(node).to_owned()));
        }
        all
    }

    /// Does it, if it is possible here.
    fn does(&mut self, done: &Done) -> bool {
        self.now = self.now.plus_days(1);
        let child = |n: u128| CaseId(Uuid::from_u128(n));
        match done {
            Done::Forward => self.by(DESK, Role::DeskOfficer, &Command::Forward).is_ok(),
            Done::Task(task, outcome) => {
                let Some(token) = self.token_at(task) else { return false };
                let node = self.definition().node_by_id(task).unwrap();
                let role = Role::from_key(self.definition().node(node).role.as_deref().unwrap());
                let command = match outcome.as_str() {
                    "send_back" => Command::SendBack { token, reason: why() },
                    other => complete(token, other),
                };
                self.by(HOME, role.unwrap(), &command).is_ok()
            }
            Done::Ask(n) => {
                let Some(token) = self.token_at("consult") else { return false };
                let command = Command::OpenChild { child: child(*n), token, unit: "kg.stp".into() };
                self.system(&command).is_ok()
            }
            Done::Answer(n) => {
                let command = Command::AnswerChild { child: child(*n), answer: ChildAnswer::Done };
                self.system(&command).is_ok()
            }
            Done::Ring(timer) => {
                let live = process::live_timers(self.definition(), &self.case.process);
                let found = live.into_iter().find(|(_, node)| self.id(*node) == timer);
                let Some((token, node)) = found else { return false };
                let boundary = self.definition().node(node).attached_to.map(|_| node);
                self.system(&Command::FireTimer { token, boundary }).is_ok()
            }
        }
    }

    fn plan(&self, to: u32) -> Plan {
        process::migration::plan(self.definition(), self.definitions().of(to).unwrap())
    }

    fn order(&self, to: u32, plan: Plan) -> Command {
        let row = |((kind, key), due): (&(String, String), &Instant)| {
            let (token, node) = key.split_once(':').filter(|_| kind == "process")?;
            let node = NodeIx(node.parse().unwrap());
            Some(StepDue { token: token.parse().unwrap(), node, due_at: *due })
        };
        Command::Migrate(Box::new(Migrate {
            migration: Uuid::from_u128(11),
            to,
            plan: Arc::new(plan),
            arrivals: case::arrivals(self.case.id, &self.events, self.definitions()).unwrap(),
            rows: self.timers.iter().filter_map(row).collect(),
        }))
    }

    fn migrate(&mut self, to: u32) -> Result<UpkeepEvent, Vec<Stay>> {
        let order = self.order(to, self.plan(to));
        let events = self.system(&order).map_err(stays)?;
        assert_eq!(events.len(), 1);
        let upkeep = events.into_iter().find_map(|event| match event {
            Event::Upkeep(event) => Some(event),
            _ => None,
        });
        Ok(upkeep.unwrap())
    }

    fn take_back(&mut self, before: &Self, migrated: UpkeepEvent) -> Result<(), Vec<Stay>> {
        let order = RevertMigration { before: before.case.clone(), migrated };
        self.system(&Command::RevertMigration(Box::new(order))).map(|_| ()).map_err(stays)
    }
}

/// Why a case stays; another refusal ends the test.
fn stays(refusal: Refusal) -> Vec<Stay> {
    let found = match refusal {
        Refusal::Stays(stays) => Some(stays),
        _ => None,
    };
    found.unwrap()
}

fn why_of(stays: &[Stay]) -> Vec<(&str, &StayWhy)> {
    stays.iter().map(|stay| (stay.node.as_str(), &stay.why)).collect()
}

/// A state as far as a person or a clock can tell it from another: places in the journal and steps
/// that could be taken back aside.
fn told(run: &Run<'_>) -> (Case, BTreeMap<(String, String), Instant>) {
    let mut case = run.case.clone();
    (case.seq, case.page_seq) = (0, 0);
    case.ops.finished.clear();
    (case, run.timers.clone())
}

/// The shortest way to every state of the process, each way with all before it.
fn ways(province: &Catalogue) -> Vec<Vec<Done>> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    let mut open = VecDeque::from([(Run::new(province), Vec::new())]);
    while let Some((run, way)) = open.pop_front() {
        let asked = run.case.children.iter().map(|child| (child.token, child.answered));
        let places = run.case.process.tokens.iter().map(|token| (token.node, token.via));
        let key =
            (run.case.business.as_str(), places.collect::<Vec<_>>(), asked.collect::<Vec<_>>());
        if !seen.insert(format!("{key:?}")) {
            continue;
        }
        all.push(way.clone());
        if run.case.is_decided() {
            continue;
        }
        for done in run.possible() {
            let mut next = run.clone();
            if next.does(&done) {
                let mut way = way.clone();
                way.push(done);
                open.push_back((next, way));
            }
        }
    }
    all
}

/// The property: whenever in its life a case is moved, it is from then on the case that it would be
/// had it begun under the new version with the same answers: same places, same data, same dates.
#[test]
fn a_migrated_case_equals_a_fresh_case_with_the_same_answers() {
    let ways = ways(&LATER);
    assert!(ways.len() > 20, "{}", ways.len());
    for version in [2, 3] {
        let anew = since_ever(version);
        let mut compared = 0;
        for way in &ways {
            let mut fresh = Run::new(&anew);
            assert_eq!(fresh.case.process_version, version);
            let all: Vec<bool> = way.iter().map(|done| fresh.does(done)).collect();
            for moved_at in 0..=way.len() {
                let mut moved = Run::new(&LATER);
                let (before, after) = way.split_at(moved_at);
                let first: Vec<bool> = before.iter().map(|done| moved.does(done)).collect();
                if moved.case.is_decided() {
                    continue;
                }
                moved.migrate(version).unwrap();
                let rest = after.iter().map(|done| moved.does(done));
                let given: Vec<bool> = first.into_iter().chain(rest).collect();
                assert_eq!(given, all, "version {version}, moved after {before:?}, then {after:?}");
                assert_eq!(told(&moved), told(&fresh), "{before:?}, then {after:?}");
                compared += 1;
            }
        }
        assert!(compared > 100, "{compared}");
    }
}

#[test]
fn every_state_goes_and_comes_back_exactly_and_stays_once_something_was_done() {
    for way in ways(&LATER) {
        for version in [2, 3] {
            let mut run = Run::new(&LATER);
            assert!(way.iter().all(|done| run.does(done)));
            if run.case.is_decided() {
                assert_eq!(
                    why_of(&run.migrate(version).unwrap_err()),
                    [("", &StayWhy::NotRunning)]
                );
                continue;
            }
            let before = run.clone();
            let event = run.migrate(version).unwrap();
            assert_eq!(run.case.process_version, version);
            for done in run.possible() {
                let mut on = run.clone();
                assert!(on.does(&done), "{way:?}, then {done:?}");
                let stays = on.take_back(&before, event.clone()).unwrap_err();
                assert_eq!(why_of(&stays), [("", &StayWhy::DoneSince)], "{way:?}, then {done:?}");
            }
            run.take_back(&before, event.clone()).unwrap();
            assert_eq!(told(&run), told(&before), "{way:?}");
            assert!(run.take_back(&before, event).is_err(), "once");
        }
    }
}

#[test]
fn timers_go_on_with_their_date_or_are_counted_from_the_arrival() {
    let mut run = Run::forwarded(&LATER);
    assert!(run.does(&Done::Task("assign".into(), "done".into())));
    let came = run.now;
    let old: Vec<_> = run.timers.clone().into_iter().collect();
    run.now = run.now.plus_days(3);
    let [((_, key), due)] = old.as_slice() else { panic!("{old:?}") };
    let mut same = run.clone();
    same.migrate(2).unwrap();
    let new: Vec<_> = same.timers.clone().into_iter().collect();
    let [((_, new_key), new_due)] = new.as_slice() else { panic!("{new:?}") };
    assert!(new_key != key && new_due == due, "another number, the same date");
    let mut slow = run.clone();
    let event = slow.migrate(3).unwrap();
    let calendar = LATER.calendar_of(&DESK.into());
    let spec = process::TimerSpec::Duration("P8WD".into());
    let expected = case::timer_due(&spec, came, calendar).unwrap();
    assert_eq!(slow.timers.values().collect::<Vec<_>>(), [&expected], "since the question");
    let UpkeepEvent::Migrated { timers, ended, .. } = event else { panic!("{event:?}") };
    assert_eq!((timers[0].due_at, ended[0].due_at), (expected, *due));
}

#[test]
fn a_new_time_that_has_passed_rings_at_once() {
    let text = world::slower_consultation("P1WD");
    let province = play::PROVINCE.with_process(edition(2, day(2019, 6, 1), &text)).unwrap();
    let mut run = Run::forwarded(&province);
    assert!(run.does(&Done::Task("assign".into(), "done".into())));
    run.now = run.now.plus_days(5);
    run.migrate(2).unwrap();
    let due = *run.timers.values().next().unwrap();
    assert!(due < run.now, "the date is in the past, so the next round rings it");
    assert!(run.does(&Done::Ring("silence".into())));
}

#[test]
fn a_case_that_was_not_forwarded_begins_under_the_new_version() {
    let mut run = Run::new(&LATER);
    let before = run.clone();
    let event = run.migrate(2).unwrap();
    assert!(event.moves().is_empty());
    let mut back = run.clone();
    back.take_back(&before, event.clone()).unwrap();
    assert_eq!(told(&back), told(&before));
    assert!(run.does(&Done::Forward));
    assert_eq!(run.case.process_version, 2);
    assert!(run.token_at("assign").is_some());
    assert_eq!(why_of(&run.take_back(&before, event).unwrap_err()), [("", &StayWhy::DoneSince)]);
}

#[test]
fn who_holds_a_task_keeps_it_and_the_step_before_is_no_longer_taken_back() {
    let mut run = Run::forwarded(&LATER);
    assert!(run.does(&Done::Task("assign".into(), "done".into())));
    assert!(run.does(&Done::Task("appraise".into(), "done".into())));
    assert!(run.does(&Done::Ring("silence".into())));
    assert!(run.does(&Done::Task("summarise".into(), "done".into())));
    let token = run.token_at("review").unwrap();
    let mut plain = run.clone();
    plain.migrate(2).unwrap();
    let back = Command::Op(Op::TakeBack { token, why: because() });
    assert!(run.clone().by(HOME, Role::CaseOfficer, &back).is_ok(), "the old version allows it");
    let refused = plain.by(HOME, Role::CaseOfficer, &back).unwrap_err();
    assert_eq!(refused, Refusal::NotTakenBack);
    run.by(HOME, Role::UnitLeader, &Command::Op(Op::Claim { token })).unwrap();
    let holds = run.case.ops.holds.clone();
    assert_eq!(holds.len(), 1);
    let before = run.clone();
    let event = run.migrate(2).unwrap();
    assert_eq!(run.case.ops.holds, holds);
    // A note is no step: it hinders nothing.
    let note = Command::Note { note: why() };
    run.by(HOME, Role::UnitLeader, &note).unwrap();
    run.take_back(&before, event).unwrap();
    assert_eq!(run.case.ops.holds, holds);
}

#[test]
fn a_case_stays_and_says_why() {
    let mut run = Run::forwarded(&LATER);
    let no_target = StayWhy::Process(Why::NoTarget);
    for (done, outcome) in [("assign", "done"), ("appraise", "done")] {
        assert!(run.does(&Done::Task(done.into(), outcome.into())));
    }
    assert!(run.clone().migrate(4).is_ok(), "the step that is missing lies ahead");
    assert!(run.does(&Done::Ring("silence".into())));
    let seq = run.case.seq;
    assert_eq!(why_of(&run.migrate(4).unwrap_err()), [("summarise", &no_target)]);
    assert_eq!((run.case.seq, run.case.process_version), (seq, 1), "nothing was recorded");
    let mut chosen = run.plan(4);
    let (from, to) = (run.definition(), run.definitions().of(4).unwrap());
    chosen.set(from, to, "summarise", Some("sum_up")).unwrap();
    let order = run.order(4, chosen);
    run.clone().system(&order).unwrap();
    for (to, plan) in [(2, run.plan(3)), (1, run.plan(2)), (9, run.plan(2))] {
        let order = run.order(to, plan);
        let stays = stays(run.clone().system(&order).unwrap_err());
        assert_eq!(why_of(&stays), [("", &StayWhy::OtherVersion)], "{to}");
    }
    let order = run.order(2, run.plan(2));
    let refused = run.by(HOME, Role::Leader, &order).unwrap_err();
    assert!(matches!(refused, Refusal::Denied(_)), "{refused}");
}

#[test]
fn while_the_clock_stands_a_timer_that_begins_stands_too() {
    let mut run = Run::forwarded(&LATER);
    assert!(run.does(&Done::Task("assign".into(), "done".into())));
    let ask = Command::AskSupplement { papers: vec![1], reason: why(), answer_days: 5 };
    run.by(HOME, Role::CaseOfficer, &ask).unwrap();
    assert_eq!(run.case.business, Business::Supplement);
    let before = run.clone();
    let event = run.migrate(3).unwrap();
    let set = run.timers.keys().filter(|(kind, _)| kind == "process").count();
    assert_eq!((set, run.case.paused.len()), (0, 1));
    assert_eq!(run.case.paused[0].left, TimeLeft::Whole);
    let mut on = run.clone();
    let second = on.migrate(2).unwrap();
    assert_eq!(on.case.paused.len(), 1, "its time is another again, so it begins anew");
    assert!(on.case.paused[0].node == run.case.paused[0].node);
    on.take_back(&run, second).unwrap();
    assert_eq!(on.case.paused, run.case.paused);
    run.take_back(&before, event).unwrap();
    assert_eq!(told(&run), told(&before));
}

fn standing() -> Catalogue {
    let first = &play::PROVINCE.process("standing", 1).unwrap().xml;
    let text = world::changed(
        first,
        &[("<startEvent id=\"s\"/>", "<task id=\"p\"/><startEvent id=\"s\"/>")],
    );
    let text = world::changed(
        &text,
        &[(
            "sourceRef=\"c\" targetRef=\"e\"/>",
            "sourceRef=\"c\" targetRef=\"p\"/>\
              <sequenceFlow id=\"f7\" sourceRef=\"p\" targetRef=\"e\"/>",
        )],
    );
    let second = ProcessEdition::published("standing", 2, day(2019, 6, 1), &text).unwrap();
    play::PROVINCE.with_process(second).unwrap()
}

#[test]
fn an_incident_goes_along_unless_it_is_bound_to_a_place() {
    let province = standing();
    let mut run = Run::of(&province, "1.000007");
    assert!(run.does(&Done::Forward));
    assert!(run.does(&Done::Task("a".into(), "done".into())));
    let incident = run.case.ops.incidents[0].clone();
    let mut bound = run.clone();
    bound.case.ops.incidents[0].command =
        process::Command::TimerFired { token: incident.token, boundary: Some(NodeIx(1)) };
    let (from, to) = (run.definition(), run.definitions().of(2).unwrap());
    let stays = case::moves_to(&bound.case, &run.plan(2), from, to).unwrap_err();
    assert_eq!(why_of(&stays), [(incident.node.as_str(), &StayWhy::Incident)]);
    run.migrate(2).unwrap();
    assert_eq!(run.case.ops.incidents, std::slice::from_ref(&incident));
    let mut vars = process::Vars::new();
    vars.insert("area".into(), serde_json::json!(10));
    run.by(HOME, Role::Leader, &Command::Op(Op::SetData { vars, why: because() })).unwrap();
    let retry = Op::Retry { incident: incident.number, why: because() };
    run.by(HOME, Role::Leader, &Command::Op(retry)).unwrap();
    assert!(run.token_at("c").is_some(), "it goes on in the new version");
    assert!(run.case.ops.incidents.is_empty());
}

#[test]
fn every_reason_has_a_key_of_its_own() {
    let x = || String::from("x");
    let process = [
        Why::OtherEditions,
        Why::NotRunning,
        Why::NoTarget,
        Why::TypeDiffers(x()),
        Why::RepeatDiffers(x()),
        Why::ScopeDiffers(x()),
        Why::BranchUnknown(x()),
        Why::BranchTwice(x()),
        Why::JoinOpens(x()),
        Why::WouldStick(x()),
        Why::ComputedTimer(x()),
        Why::CannotUndo,
    ];
    let own = [StayWhy::NotRunning, StayWhy::OtherVersion, StayWhy::Incident, StayWhy::DoneSince];
    let all = process.into_iter().map(StayWhy::Process).chain(own);
    let keys: BTreeSet<&str> = all.map(|why| why.key()).collect();
    assert_eq!(keys, BTreeSet::from(StayWhy::KEYS));
}

/// What a draft would have made of a case that was moved: each event is told by the version that
/// the case ran on then.
#[test]
fn a_trial_of_a_draft_follows_a_case_through_its_migration() {
    let mut run = Run::forwarded(&LATER);
    assert!(run.does(&Done::Task("assign".into(), "done".into())));
    run.migrate(2).unwrap();
    assert!(run.does(&Done::Task("appraise".into(), "done".into())));
    assert!(run.does(&Done::Ring("silence".into())));
    let edition = LATER.edition(&run.case.procedure, 1).unwrap();
    let tried = |definitions, version| {
        let calendar = LATER.calendar_of(&DESK.into());
        let past = Past { definitions, edition, calendar, cutoff_minutes: 900 };
        let definition = run.definitions().of(version).unwrap();
        replay(run.case.id, &run.events, past, Draft { definition, edition: None })
    };
    for version in [1, 2, 3] {
        let verdict = tried(run.definitions(), version).unwrap();
        assert!(verdict.followed() && verdict.departures.is_empty(), "{verdict:?}");
    }
    let other = tried(run.definitions(), 4).unwrap();
    let first = other.departures.first().map(|departure| departure.reason);
    assert_eq!(first, Some(Reason::StepAdded), "it would wait at the step of the draft");
    let first_only = play::PROVINCE.definitions(edition);
    assert_eq!(tried(first_only, 1), None, "the version that it went to is not there");
}
