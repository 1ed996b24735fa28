//! Child cases in the store: opened once, answered once, silent, and ended with the case that asked.

use crate::cases::*;
use crate::{House, NOW};
use kernel::access::Actor;
use kernel::calendar::Instant;
use kernel::case::{Bucket, Business, Case, ChildAnswer, Command, Event, Job};
use kernel::ids::CaseId;
use kernel::org::Role;
use store::cases::{self, Cursor, Env, Scope};
use store::{Store, Tx, outbox, timers};

/// The units that the consultation asks, in the order in which their cases are opened.
const ASKED: [&str; 2] = ["kg.stp", "kg.tnmt"];

fn system() -> Actor {
    Actor::system("test")
}

fn find(store: &Store, id: CaseId) -> Case {
    store.read_blocking(move |r| cases::by_id(r, id.0)).unwrap().unwrap().case
}

/// A consultation whose child cases are open.
fn asking(store: &Store, seed: u64) -> (Case, Vec<CaseId>) {
    let parent = assigned(store, 3, seed);
    let definition = &PROVINCE.process("consultation", 1).unwrap().definition;
    let (token, _) = process::open_jobs(definition, &parent.process).next().unwrap();
    let id = parent.id;
    let children = unit(store, &system(), now(), seed + 100, move |tx, env| {
        cases::open_children(tx, env, id, token, "consult", &[])
    });
    let children = children.unwrap();
    for (child, asked) in children.iter().zip(ASKED) {
        assert_eq!(find(store, *child).decided_by.as_str(), asked);
    }
    (find(store, id), children)
}

/// Lets the silence timer of a case ring.
fn silence(store: &Store, id: CaseId) -> cases::Done {
    let timer = store.read_blocking(move |r| timers::by_case(r, id.0)).unwrap().remove(0);
    let at = Instant(timer.due_at_ms);
    let rung = unit(store, &system(), at, 31, move |tx, env| cases::ring(tx, env, &timer));
    rung.unwrap().expect("it moves the case on")
}

/// The jobs of a case by name, in the order they were queued.
fn jobs(store: &Store, id: CaseId, name: &str) -> Vec<Job> {
    let queued = store.read_blocking(move |r| outbox::by_stream(r, id.0)).unwrap();
    let theirs = queued.iter().filter(|row| row.job == name);
    theirs.map(|row| serde_json::from_str(&row.payload).unwrap()).collect()
}

fn close(store: &Store, id: CaseId) -> Vec<CaseId> {
    let close = move |tx: &mut Tx<'_>, env: &mut Env<'_>| cases::close_children(tx, env, id);
    unit(store, &system(), now(), 41, close).unwrap()
}

fn open_list(store: &Store, unit: &str) -> usize {
    let head = actor(unit, Role::UnitLeader, now());
    let list = store
        .read_blocking(|r| cases::list(r, &head, Bucket::InWork, Scope::Unit, Cursor::START, 100));
    list.unwrap().len()
}

#[test]
fn children_open_once_answer_once_and_timers_ring() {
    let house = House::new();
    let store = house.open();
    let system = Actor::system("test");
    let parent = assigned(&store, 3, 1);
    let definition = &PROVINCE.process("consultation", 1).unwrap().definition;
    let (token, _) = process::open_jobs(definition, &parent.process).next().unwrap();
    let id = parent.id;
    let open = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
        cases::open_children(tx, env, id, token, "consult", &[])
    };
    let children = unit(&store, &system, now(), 11, open).unwrap();
    assert_eq!(children.len(), 2);
    assert_eq!(unit(&store, &system, now(), 12, open).unwrap(), []);
    let find =
        |case: CaseId| store.read_blocking(move |r| cases::by_id(r, case.0)).unwrap().unwrap().case;
    let codes: Vec<String> = children.iter().map(|c| find(*c).code.unwrap()).collect();
    let code = parent.code.clone().unwrap();
    assert_eq!(codes, [format!("{code}/1"), format!("{code}/2")]);
    let answer = |child: CaseId| {
        unit(&store, &system, now(), 13, move |tx, env| {
            cases::answer_parent(tx, env, child, id, ChildAnswer::Done, "")
        })
    };
    assert!(answer(children[0]).unwrap().is_some());
    assert!(answer(children[0]).unwrap().is_none(), "answered once");

    // The silence timer rings; the late answer is recorded and moves nothing.
    let due = store.read_blocking(|r| timers::by_case(r, id.0)).unwrap();
    assert_eq!(due.len(), 1, "{due:?}");
    let timer = due[0].clone();
    let at = Instant(timer.due_at_ms);
    let ring = move |tx: &mut Tx<'_>, env: &mut Env<'_>| cases::ring(tx, env, &timer);
    let rung = unit(&store, &system, at, 14, ring.clone()).unwrap().unwrap();
    assert_eq!(process::open_jobs(definition, &rung.case.process).count(), 0);
    let again = unit(&store, &system, at, 15, ring).unwrap();
    assert!(again.is_none_or(|done| done.events.is_empty()), "a stale timer does nothing");
    assert!(store.read_blocking(|r| timers::by_case(r, id.0)).unwrap().is_empty());
    assert!(answer(children[1]).unwrap().is_some());
    // Once the token has gone on, opening children does nothing.
    let late = assigned(&store, 3, 2);
    let id = late.id;
    act(&store, &system, id, None, Command::SkipWait { token }).unwrap();
    let none = unit(&store, &system, now(), 16, move |tx, env| {
        cases::open_children(tx, env, id, token, "consult", &[])
    });
    assert_eq!(none.unwrap(), []);
    proven(&store);
}

#[test]
fn the_head_of_the_desk_hears_once_of_each_agency_that_is_silent_art_19_5() {
    let house = House::new();
    let store = house.open();
    let (parent, children) = asking(&store, 1);
    assert_eq!(jobs(&store, parent.id, "notify_desk"), []);
    let answered = children[0];
    let id = parent.id;
    let answer = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
        cases::answer_parent(tx, env, answered, id, ChildAnswer::Done, "")
    };
    unit(&store, &system(), now(), 13, answer).unwrap();
    silence(&store, id);
    let told = |units: &[&str]| Job::NotifyDesk {
        message: "opinion_late".into(),
        desk: parent.desk.clone(),
        units: units.iter().map(|unit| (*unit).into()).collect(),
    };
    assert_eq!(jobs(&store, id, "notify_desk"), [told(&ASKED[1..])]);
    // Whoever is silent keeps the duty to answer: the case stays open there, and the answer counts.
    assert_eq!(open_list(&store, ASKED[1]), 1);
    let late = children[1];
    let answer = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
        cases::answer_parent(tx, env, late, id, ChildAnswer::Done, "")
    };
    let done = unit(&store, &system(), now(), 14, answer).unwrap().unwrap();
    assert!(matches!(&done.events[..], [Event::ChildAnswered { moves, .. }] if moves.is_empty()));
    assert_eq!(jobs(&store, id, "notify_desk").len(), 1, "once");

    let (nobody, _) = asking(&store, 2);
    silence(&store, nobody.id);
    assert_eq!(jobs(&store, nobody.id, "notify_desk"), [told(&ASKED)]);
    proven(&store);
}

#[test]
fn open_children_end_with_the_case_that_asked_and_only_once() {
    let house = House::new();
    let store = house.open();
    let (parent, children) = asking(&store, 1);
    assert_eq!(close(&store, parent.id), [], "the asking case goes on");
    // One opinion is in work with a timer of its own beside it, the other waits to be assigned.
    let stray = timers::Timer {
        due_at_ms: NOW + 1,
        id: crate::id(9),
        case_id: children[0].0,
        kind: "process".into(),
        token: "1:1".into(),
    };
    store.act_blocking(move |tx| timers::set(tx, &stray)).unwrap();
    assert_eq!(ASKED.map(|unit| open_list(&store, unit)), [1, 1]);
    let leader = actor(world::HOME, Role::Leader, now());
    let stop = Command::Stop { reason: reason(&store, &parent) };
    act(&store, &leader, parent.id, None, stop).unwrap();
    assert_eq!(jobs(&store, parent.id, "close_children"), [Job::CloseChildren]);

    // Killed before the job was done: it is there when the store opens again.
    drop(store);
    let store = house.open();
    assert_eq!(ASKED.map(|unit| open_list(&store, unit)), [1, 1]);
    assert_eq!(jobs(&store, parent.id, "close_children"), [Job::CloseChildren]);
    assert_eq!(close(&store, parent.id), children);
    assert_eq!(close(&store, parent.id), [], "a second run finds none");
    for child in &children {
        let case = find(&store, *child);
        assert_eq!(case.business, Business::Stopped);
        let id = child.0;
        let history = store.read_blocking(move |r| cases::history(r, id)).unwrap();
        let last = history.last().unwrap();
        assert!(matches!(last.event, Event::ParentEnded { .. }));
        assert_eq!(last.by, "system:test");
        assert_eq!(jobs(&store, *child, "answer_parent"), [], "nobody waits for it");
        assert!(store.read_blocking(move |r| timers::by_case(r, id)).unwrap().is_empty());
    }
    assert_eq!(ASKED.map(|unit| open_list(&store, unit)), [0, 0]);
    // And nobody can work on it any more.
    let head = actor(ASKED[0], Role::UnitLeader, now());
    let child = find(&store, children[0]);
    let late = act(&store, &head, child.id, None, complete(1, "done"));
    assert!(matches!(late, Err(cases::CaseError::Refused(_))), "{late:?}");
    proven(&store);
}

#[test]
fn what_was_answered_in_time_keeps_its_end_when_the_asking_case_ends() {
    let house = House::new();
    let store = house.open();
    let (parent, children) = asking(&store, 1);
    let (head, leader) = (Role::UnitLeader, Role::Leader);
    let child = children[0];
    let mut assign = complete(token(&find(&store, child)), "done");
    if let Command::Complete { officer, .. } = &mut assign {
        *officer = Some(world::account(ASKED[0], Role::CaseOfficer).as_str().into());
    }
    act(&store, &actor(ASKED[0], head, now()), child, None, assign).unwrap();
    for (role, outcome) in [(Role::CaseOfficer, "done"), (leader, "approve")] {
        let case = find(&store, child);
        let mut step = complete(token(&case), outcome);
        if let Command::Complete { officer, note, .. } = &mut step {
            *officer = None;
            *note = reason(&store, &case);
        }
        act(&store, &actor(ASKED[0], role, now()), child, None, step).unwrap();
    }
    assert_eq!(jobs(&store, child, "answer_parent").len(), 1);
    // Its answer has not arrived yet when the asking case is withdrawn.
    act(&store, &Actor::filer(parent.id), parent.id, None, Command::AskWithdrawal { reason: None })
        .unwrap();
    let officer = actor(world::HOME, Role::CaseOfficer, now());
    let grant = Command::DecideWithdrawal { granted: true, reason: None };
    act(&store, &officer, parent.id, None, grant).unwrap();
    assert_eq!(close(&store, parent.id), [children[1]]);
    assert_eq!(find(&store, child).business, Business::Returned);
    let id = parent.id;
    let arrives = unit(&store, &system(), now(), 51, move |tx, env| {
        cases::answer_parent(tx, env, child, id, ChildAnswer::Done, "")
    });
    let recorded = arrives.unwrap().unwrap();
    assert_eq!(recorded.case.business, Business::Withdrawn, "recorded, and moves nothing");
    proven(&store);
}
