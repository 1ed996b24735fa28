//! Operations in the store: rows, lists, searches, timers and jobs follow them, looks and taking
//! back cannot both win, and the proof holds.

use crate::House;
use crate::cases::*;
use kernel::access::{Actor, row_filter};
use kernel::calendar::Instant;
use kernel::case::{Bucket, Business, Case, Command, Job, Op, Refusal, Why};
use kernel::ids::{CaseId, UnitId};
use kernel::org::Role;
use store::cases::{self, CaseError, Cursor, Env, Scope};
use store::{Store, Tx, outbox, timers};
use world::{HOME, OTHER};

fn system() -> Actor {
    Actor::system("test")
}

fn find(store: &Store, id: CaseId) -> Case {
    store.read_blocking(move |r| cases::by_id(r, id.0)).unwrap().unwrap().case
}

fn because(store: &Store, case: &Case) -> Why {
    Why { reason: reason(store, case), ground: "Quy chế làm việc, Điều 9".into() }
}

fn searched(store: &Store, actor: &Actor) -> usize {
    let filter = row_filter(actor, &PROVINCE.tree, now().date());
    store.read_blocking(|r| cases::find(r, &filter, "nguyen an", None, 100)).unwrap().cases.len()
}

fn listed(store: &Store, actor: &Actor, bucket: Bucket, scope: Scope) -> usize {
    store.read_blocking(|r| cases::list(r, actor, bucket, scope, Cursor::START, 100)).unwrap().len()
}

#[test]
fn lists_and_searches_follow_a_transfer_and_helpers() {
    let house = House::new();
    let store = house.open();
    let case = assigned(&store, 2, 1);
    let leader = actor(HOME, Role::Leader, now());
    let there = actor("kg.rg", Role::UnitLeader, now());
    let helper = world::account(OTHER, Role::CaseOfficer);
    let helping = world::named(&PROVINCE, &helper, now());
    assert_eq!((searched(&store, &there), searched(&store, &helping)), (0, 0));
    let why = because(&store, &case);
    let help = Op::CoProcess { officer: helper.as_str().into(), why: why.clone() };
    act(&store, &leader, case.id, None, Command::Op(help)).unwrap();
    assert_eq!(searched(&store, &helping), 1);
    assert_eq!(listed(&store, &helping, Bucket::Helping, Scope::Mine), 1);
    proven(&store);
    let transfer = Op::Transfer { unit: "kg.rg".into(), why: why.clone() };
    act(&store, &leader, case.id, None, Command::Op(transfer)).unwrap();
    assert_eq!(searched(&store, &there), 1);
    assert_eq!(searched(&store, &leader), 1, "the unit before sees it still");
    assert_eq!(listed(&store, &there, Bucket::InWork, Scope::Unit), 2, "the task, and naming");
    proven(&store);
    let end = Op::EndCoProcess { officer: helper.as_str().into(), why };
    let head = actor("kg.rg", Role::Leader, now());
    act(&store, &head, case.id, None, Command::Op(end)).unwrap();
    assert_eq!(searched(&store, &helping), 0);
    assert_eq!(listed(&store, &helping, Bucket::Helping, Scope::Mine), 0);
    proven(&store);
}

#[test]
fn a_return_ends_the_child_cases_of_what_it_cancels_and_asks_anew() {
    let house = House::new();
    let store = house.open();
    let parent = assigned(&store, 3, 1);
    let id = parent.id;
    let definition = &PROVINCE.process("consultation", 1).unwrap().definition;
    let ask = |case: &Case| {
        let (token, _) = process::open_jobs(definition, &case.process).next().unwrap();
        let open = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
            cases::open_children(tx, env, id, token, "consult", &[])
        };
        unit(&store, &system(), now(), 100 + case.seq, open).unwrap()
    };
    let children = ask(&parent);
    let case = find(&store, id);
    let officer = actor(HOME, Role::CaseOfficer, now());
    let back = Op::Return { token: token(&case), to: "assign".into(), why: because(&store, &case) };
    act(&store, &officer, id, None, Command::Op(back)).unwrap();
    assert!(store.read_blocking(|r| timers::by_case(r, id.0)).unwrap().is_empty());
    let queued = store.read_blocking(|r| outbox::by_stream(r, id.0)).unwrap();
    let job = queued.iter().find(|row| row.job == "end_children").expect("queued");
    let job: Job = serde_json::from_str(&job.payload).unwrap();
    assert_eq!(job, Job::EndChildren { children: children.clone() });
    let theirs = children.clone();
    let end = move |tx: &mut Tx<'_>, env: &mut Env<'_>| cases::end_children(tx, env, &theirs);
    assert_eq!(unit(&store, &system(), now(), 7, end.clone()).unwrap(), children);
    assert_eq!(unit(&store, &system(), now(), 8, end).unwrap(), [], "once");
    assert!(children.iter().all(|child| find(&store, *child).business == Business::Stopped));
    let head = actor(HOME, Role::UnitLeader, now());
    let again = act(&store, &head, id, None, complete(token(&find(&store, id)), "done")).unwrap();
    let second = ask(&again);
    assert_eq!(second.len(), 2, "the second round asks anew");
    let code = again.code.clone().unwrap();
    assert_eq!(find(&store, second[0]).code, Some(format!("{code}/3")));
    proven(&store);
}

#[test]
fn suspensions_and_delegations_end_by_their_timers() {
    let house = House::new();
    let store = house.open();
    let case = assigned(&store, 2, 1);
    let (id, leader) = (case.id, actor(HOME, Role::Leader, now()));
    let until = now().plus_days(3).date();
    let ring = |kind: &str| {
        let all = store.read_blocking(|r| timers::by_case(r, id.0)).unwrap();
        let timer = all.into_iter().find(|timer| timer.kind == kind).expect("set");
        assert_eq!(timer.due_at_ms, Instant::at(until, 0, 0).plus_days(1).0);
        let at = Instant(timer.due_at_ms);
        unit(&store, &system(), at, 9, move |tx, env| cases::ring(tx, env, &timer)).unwrap()
    };
    let reason = reason(&store, &case);
    let suspend = Command::Suspend { ground: "Điều 12".into(), reason, until };
    act(&store, &leader, id, None, suspend).unwrap();
    proven(&store);
    assert_eq!(ring("suspension").unwrap().case.business, Business::Processing);
    proven(&store);
    let case = find(&store, id);
    let (token, why) = (token(&case), because(&store, &case));
    let to = world::account(HOME, Role::Clerk);
    let lend = Op::Delegate { token, to: to.as_str().into(), until, why };
    act(&store, &leader, id, None, Command::Op(lend)).unwrap();
    let clerk = actor(HOME, Role::Clerk, now());
    assert_eq!(listed(&store, &clerk, Bucket::InWork, Scope::Mine), 1);
    proven(&store);
    ring("delegation").unwrap();
    assert_eq!(listed(&store, &clerk, Bucket::InWork, Scope::Mine), 0);
    proven(&store);
}

#[test]
fn an_incident_stands_on_the_list_of_the_province() {
    let house = House::new();
    let store = house.open();
    let case = submitted(&store, 7, 1);
    accept(&store, case.id).unwrap();
    let case = act(&store, &clerk_of_desk(), case.id, None, Command::Forward).unwrap();
    let officer = actor(HOME, Role::CaseOfficer, now());
    let note = reason(&store, &case);
    let mut done = complete(token(&case), "done");
    if let Command::Complete { note: told, .. } = &mut done {
        *told = note;
    }
    let case = act(&store, &officer, case.id, None, done).unwrap();
    assert_eq!(case.ops.incidents.len(), 1);
    let list = |unit: &str| {
        let unit = UnitId::from(unit);
        let whose = (&unit, Role::Administrator);
        let all =
            store.read_blocking(|r| cases::list_of(r, whose, Bucket::Incident, Cursor::START, 10));
        all.unwrap().len()
    };
    assert_eq!((list("kg"), list(HOME), list(world::AWAY)), (1, 0, 0));
    let admin = actor("kg", Role::Administrator, now());
    assert_eq!(searched(&store, &admin), 0, "no particulars by it");
    proven(&store);
}

#[test]
fn a_look_and_taking_back_cannot_both_win() {
    let house = House::new();
    let store = house.open();
    let officer = actor(HOME, Role::CaseOfficer, now());
    let head = actor(HOME, Role::UnitLeader, now());
    for seed in 0..24 {
        let case = assigned(&store, 2, 300 + seed);
        let (id, token) = (case.id, token(&case));
        act(&store, &officer, id, None, complete(token, "done")).unwrap();
        let (looked, taken) = std::thread::scope(|scope| {
            let look = scope.spawn(|| act(&store, &head, id, None, Command::Op(Op::Open)));
            let back = Op::TakeBack { token, why: Why::default() };
            let take = scope.spawn(|| act(&store, &officer, id, None, Command::Op(back)));
            (look.join().unwrap(), take.join().unwrap())
        });
        looked.unwrap();
        let history = store.read_blocking(|r| cases::history(r, id.0)).unwrap();
        let opened = history.iter().any(|entry| entry.event.kind() == "opened");
        match taken {
            Ok(_) => assert!(!opened, "who took it back was first"),
            Err(CaseError::Refused(Refusal::NotTakenBack)) => assert!(opened),
            Err(other) => panic!("{other}"),
        }
    }
    proven(&store);
}
