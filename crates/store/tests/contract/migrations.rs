//! Migrations of running cases: a dry run that writes nothing, a move that goes on after a stop and
//! does nothing twice, its taking back, and a proof that holds at every point.

use crate::cases::{PROVINCE, accept, act, actor, assigned, by_hand, complete, now, token, world};
use crate::{House, rng};
use kernel::access::{Actor, Grant};
use kernel::calendar::Instant;
use kernel::case::{Case, Command, Event, UpkeepEvent};
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use kernel::org::Role;
use kernel::procedure::ProcessEdition;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use store::cases::{self, CaseError, Env, Finding};
use store::process_migrations::{self, Migration, MigrationError, Said, State};
use store::processes::{self, ProcessEvent};
use store::{ActError, Store, Tx, bounds, timers};
use uuid::Uuid;
use world::{HOME, day};

fn changed(text: &str) -> Catalogue {
    let second = ProcessEdition::published("consultation", 2, day(2019, 4, 26), text).unwrap();
    PROVINCE.with_process(second).unwrap()
}

/// The second version is in force when the cases are moved.
static LATER: LazyLock<Catalogue> = LazyLock::new(|| changed(&world::other_consultation()));
/// The same with another time for those who are asked.
static SLOWER: LazyLock<Catalogue> = LazyLock::new(|| changed(&world::slower_consultation("P8WD")));

fn later() -> Instant {
    now().plus_days(4)
}

fn unit<T: Send + 'static, E: Send + 'static>(
    store: &Store,
    by: &Actor,
    work: impl Fn(&mut Tx<'_>, &mut Env<'_>) -> Result<T, E> + Send + 'static,
) -> Result<T, ActError<E>> {
    unit_on(&LATER, store, by, work)
}

fn unit_on<T: Send + 'static, E: Send + 'static>(
    catalogue: &'static Catalogue,
    store: &Store,
    by: &Actor,
    work: impl Fn(&mut Tx<'_>, &mut Env<'_>) -> Result<T, E> + Send + 'static,
) -> Result<T, ActError<E>> {
    // Ids are made of the instant and of chance, so each unit has its own.
    static SEED: AtomicU64 = AtomicU64::new(7);
    let (by, seed) = (by.clone(), SEED.fetch_add(1, Ordering::Relaxed));
    store.act_blocking(move |tx| {
        let mut rng = rng(seed);
        let mut env = Env { catalogue, actor: &by, now: later(), rng: &mut rng };
        work(tx, &mut env)
    })
}

fn admin() -> Actor {
    actor("kg", Role::Administrator, now())
}

fn order(
    store: &Store,
    work: impl Fn(&mut Tx<'_>, &mut Env<'_>) -> Result<(), MigrationError> + Send + 'static,
) -> Result<(), MigrationError> {
    unit(store, &admin(), work).map_err(|error| match error {
        ActError::Refused(refused) => refused,
        ActError::Store(error) => MigrationError::Store(error),
    })
}

fn begin(store: &Store) -> Uuid {
    let work = |tx: &mut Tx<'_>, env: &mut Env<'_>| {
        process_migrations::begin(tx, env, "consultation", (1, 2))
    };
    unit(store, &admin(), work).unwrap()
}

fn said() -> Said {
    Said { reason: "Rút gọn".into(), ground: "Quyết định 12/QĐ-UBND".into() }
}

fn read(store: &Store, id: Uuid) -> Migration {
    store.read_blocking(|r| process_migrations::by_id(r, id)).unwrap().unwrap()
}

fn proven(store: &Store) -> cases::Proof {
    store.read_blocking(|r| cases::verify(r, &LATER, &mut |_| ())).unwrap()
}

fn case(store: &Store, id: CaseId) -> Case {
    store.read_blocking(|r| cases::by_id(r, id.0)).unwrap().unwrap().case
}

/// One step of the dry run; whether it was kept.
fn looks(store: &Store, id: Uuid) -> bool {
    let migration = read(store, id);
    let looked =
        store.read_blocking(move |r| process_migrations::look(r, &LATER, &migration, later()));
    let looked = looked.unwrap();
    store.act_blocking(move |tx| process_migrations::note(tx, &looked)).unwrap()
}

fn carries_on(store: &Store, id: Uuid) -> bool {
    let worker = Actor::system("migration");
    unit(store, &worker, move |tx, env| process_migrations::carry_on(tx, env, id)).unwrap()
}

fn checked(store: &Store, id: Uuid) -> Migration {
    let revision = read(store, id).revision;
    order(store, move |tx, env| process_migrations::check(tx, env, (id, revision))).unwrap();
    while read(store, id).state == State::Checking {
        assert!(looks(store, id));
    }
    read(store, id)
}

fn applied(store: &Store, id: Uuid) -> Migration {
    let revision = read(store, id).revision;
    order(store, move |tx, env| {
        process_migrations::apply(tx, env, &Grant::default(), (id, revision), &said())
    })
    .unwrap();
    while read(store, id).state == State::Applying {
        assert!(carries_on(store, id));
    }
    read(store, id)
}

fn reverted(store: &Store, id: Uuid) -> Migration {
    let revision = read(store, id).revision;
    order(store, move |tx, env| {
        process_migrations::revert(tx, env, &Grant::default(), (id, revision), &said())
    })
    .unwrap();
    while read(store, id).state == State::Reverting {
        assert!(carries_on(store, id));
    }
    read(store, id)
}

/// A case at the step that the second version has not.
fn summing_up(store: &Store, seed: u64) -> Case {
    let case = assigned(store, 3, seed);
    let rows = store.read_blocking(|r| timers::by_case(r, case.id.0)).unwrap();
    let row = rows[0].clone();
    unit(store, &Actor::system("timer"), move |tx, env| cases::ring(tx, env, &row)).unwrap();
    let officer = actor(HOME, Role::CaseOfficer, now());
    act(store, &officer, case.id, None, complete(token(&case), "done")).unwrap()
}

fn due_of(store: &Store, id: CaseId) -> Vec<(String, i64)> {
    let rows = store.read_blocking(|r| timers::by_case(r, id.0)).unwrap();
    rows.into_iter().map(|row| (row.token, row.due_at_ms)).collect()
}

#[test]
fn cases_are_tried_moved_and_taken_back_across_stops() {
    let house = House::new();
    let mut store = house.open();
    let many = u64::from(bounds::PROCESS_MIGRATION_BATCH) + 10;
    let running: Vec<CaseId> = (0..many).map(|n| assigned(&store, 3, 100 + n).id).collect();
    let stay: Vec<CaseId> = (0..3).map(|n| summing_up(&store, 300 + n).id).collect();
    let waiting = crate::cases::submitted(&store, 3, 400);
    accept(&store, waiting.id).unwrap();
    let elsewhere = assigned(&store, 2, 401);
    let before: Vec<Case> = running.iter().map(|id| case(&store, *id)).collect();
    let due = due_of(&store, running[0]);
    assert_eq!(due.len(), 1);

    let id = begin(&store);
    assert_eq!(begin(&store), id, "the open one is gone on with");
    let rows = crate::rows(&store);
    let migration = checked(&store, id);
    assert_eq!(migration.state, State::Checked);
    let check = migration.runs.check.clone().unwrap();
    assert_eq!((check.seen, check.moved, check.staying()), (many + 4, many + 1, 3));
    let counts: Vec<_> =
        check.stays.iter().map(|s| (s.reason.as_str(), s.element.as_str(), s.cases)).collect();
    assert_eq!(counts, [("no_target", "summarise", 3)]);
    assert_eq!((check.examples.len(), crate::rows(&store)), (3, rows), "nothing was written");
    assert!(!carries_on(&store, id), "nothing was ordered");

    let revision = migration.revision;
    order(&store, move |tx, env| {
        process_migrations::apply(tx, env, &Grant::default(), (id, revision), &said())
    })
    .unwrap();
    // The same form again: no second order.
    order(&store, move |tx, env| {
        process_migrations::apply(tx, env, &Grant::default(), (id, revision), &said())
    })
    .unwrap();
    let mut steps = 0;
    while read(&store, id).state == State::Applying {
        assert!(carries_on(&store, id));
        proven(&store);
        drop(store);
        store = house.open();
        steps += 1;
    }
    assert_eq!(steps, 3, "two batches and the end");
    let migration = read(&store, id);
    let apply = migration.runs.apply.clone().unwrap();
    assert_eq!((apply.seen, apply.moved, apply.staying()), (many + 4, many + 1, 3));
    assert_eq!(apply.ended_at_ms, Some(later().0));
    assert_eq!(crate::rows(&store), rows + many + 2, "one move a case and one order");
    assert!(!carries_on(&store, id), "a second run does nothing");
    for (id, version) in [(running[0], 2), (waiting.id, 2), (stay[0], 1), (elsewhere.id, 1)] {
        assert_eq!(case(&store, id).process_version, version);
    }
    let moved = due_of(&store, running[0]);
    assert!(moved[0].0 != due[0].0 && moved[0].1 == due[0].1, "another number, the same date");
    let count = |version| store.read_blocking(move |r| cases::running(r, "consultation", version));
    assert_eq!((count(1).unwrap(), u64::from(count(2).unwrap())), (3, many + 1));

    // Somebody works on one of them.
    let officer = actor(HOME, Role::CaseOfficer, later());
    let busy = running[1];
    let second = &LATER.process("consultation", 2).unwrap().definition;
    let stands = case(&store, busy).process;
    let task = process::open_tasks(second, &stands).next().unwrap().0;
    unit::<(), CaseError>(&store, &officer, move |tx, env| {
        cases::act(tx, env, busy, None, &complete(task, "done")).map(|_| ())
    })
    .unwrap();
    let shown = migration.clone();
    let back = store.read_blocking(move |r| process_migrations::revertible(r, &LATER, &shown));
    let back = back.unwrap();
    assert_eq!((back.cases, back.looked, back.more), (many, many + 1, false));
    let migration = reverted(&store, id);
    proven(&store);
    let revert = migration.runs.revert.clone().unwrap();
    assert_eq!((revert.moved, revert.staying()), (many, 1));
    assert_eq!(revert.stays[0].reason, "done_since");
    for before in before {
        let mut now = case(&store, before.id);
        if before.id == busy {
            assert_eq!(now.process_version, 2);
            continue;
        }
        (now.seq, now.page_seq) = (before.seq, before.page_seq);
        now.ops.finished.clone_from(&before.ops.finished);
        assert_eq!(now, before);
    }
    assert_eq!(due_of(&store, running[0]), due);
    let outcome = |case: CaseId| {
        store
            .read_blocking(move |r| {
                let number = cases::by_id(r, case.0)?.unwrap().number;
                process_migrations::outcome_of(r, id, number)
            })
            .unwrap()
            .unwrap()
    };
    assert_eq!(outcome(busy).0, "kept");
    assert_eq!(outcome(running[0]).0, "reverted");
    let told = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(outcome(stay[0]), told("stays", "no_target", "summarise"));
}

#[test]
fn what_ends_in_the_meantime_is_not_seen_and_an_order_is_recorded() {
    let house = House::new();
    let store = house.open();
    let one = assigned(&store, 3, 1);
    let other = assigned(&store, 3, 2);
    let id = begin(&store);
    checked(&store, id);
    let leader = actor(HOME, Role::Leader, now());
    let reason = crate::cases::reason(&store, &other);
    act(&store, &leader, other.id, None, Command::Stop { reason }).unwrap();
    let migration = applied(&store, id);
    assert_eq!(migration.runs.check.as_ref().unwrap().seen, 2);
    assert_eq!(migration.runs.apply.as_ref().unwrap().seen, 1);
    let history = store.read_blocking(|r| cases::history(r, one.id.0)).unwrap();
    let last = history.last().unwrap();
    assert_eq!((last.by.as_str(), last.event.kind()), ("system:migration", "migrated"));
    let Event::Upkeep(UpkeepEvent::Migrated { migration: named, from, to, .. }) = &last.event
    else {
        panic!("{last:?}")
    };
    assert_eq!((*named, *from, *to), (id, 1, 2));
    let orders = store.read_blocking(|r| processes::history(r, "consultation")).unwrap();
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0].by, "kg/administrator");
    let ProcessEvent::ProcessMigrated { ground, plan_sha256, .. } = &orders[0].event else {
        panic!("{orders:?}")
    };
    assert_eq!(*plan_sha256, migration.plan_sha256());
    assert_eq!(ground, "Quyết định 12/QĐ-UBND");
    proven(&store);
    drop(store);
    by_hand(&house, "UPDATE process_migration SET plan = replace(plan, 'appraise', 'review')");
    let store = house.open();
    let proof = store.read_blocking(|r| cases::verify(r, &LATER, &mut |_| ()));
    let found = matches!(proof, Err(ActError::Refused(Finding::Process { version: 2, .. })));
    assert!(found, "an altered plan is named");
}

#[test]
fn a_plan_is_changed_by_one_person_at_a_time_and_never_after_the_order() {
    let house = House::new();
    let store = house.open();
    assigned(&store, 3, 1);
    let case = summing_up(&store, 2);
    let id = begin(&store);
    let set = |revision, target: Option<&'static str>| {
        order(&store, move |tx, env| {
            process_migrations::set_target(tx, env, (id, revision), "summarise", target)
        })
    };
    assert_eq!(checked(&store, id).runs.check.unwrap().staying(), 1);
    let revision = read(&store, id).revision;
    let taken = set(revision, Some("review"));
    assert!(matches!(taken, Err(MigrationError::Plan(_))), "{taken:?}");
    set(revision, Some("sum_up")).unwrap();
    let migration = read(&store, id);
    assert_eq!((migration.state, migration.runs.check), (State::Draft, None), "tried anew");
    assert_eq!(set(revision, Some("sum_up")), Ok(()), "the same form again");
    let changed = MigrationError::Changed { expected: revision, found: revision + 1 };
    assert_eq!(set(revision, None), Err(changed));
    let revision = revision + 1;
    let apply = |revision, said: Said| {
        order(&store, move |tx, env| {
            process_migrations::apply(tx, env, &Grant::default(), (id, revision), &said)
        })
    };
    assert_eq!(apply(revision, said()), Err(MigrationError::Stands(State::Draft)));
    assert_eq!(checked(&store, id).runs.check.unwrap().staying(), 0);
    let revision = read(&store, id).revision;
    let silent = apply(revision, Said::default());
    assert!(matches!(&silent, Err(MigrationError::Fields(all)) if all.len() == 2), "{silent:?}");
    applied(&store, id);
    assert_eq!(self::case(&store, case.id).process_version, 2);
    let revision = read(&store, id).revision;
    assert_eq!(set(revision, None), Err(MigrationError::Stands(State::Applied)));
    let cancel = order(&store, move |tx, env| process_migrations::cancel(tx, env, (id, revision)));
    assert_eq!(cancel, Err(MigrationError::Stands(State::Applied)));
    assert_ne!(begin(&store), id, "a new one may begin");
    proven(&store);
}

#[test]
fn a_dry_run_of_an_older_plan_is_not_kept() {
    let house = House::new();
    let store = house.open();
    assigned(&store, 3, 1);
    let id = begin(&store);
    order(&store, move |tx, env| process_migrations::check(tx, env, (id, 1))).unwrap();
    let migration = read(&store, id);
    let looked = store
        .read_blocking(move |r| process_migrations::look(r, &LATER, &migration, later()))
        .unwrap();
    let note = || {
        let looked = looked.clone();
        store.act_blocking(move |tx| process_migrations::note(tx, &looked)).unwrap()
    };
    assert!(note());
    assert!(!note(), "a page counts once");
    order(&store, move |tx, env| process_migrations::cancel(tx, env, (id, 2))).unwrap();
    assert!(!looks(&store, id));
    assert_eq!(read(&store, id).state, State::Cancelled);
    assert_eq!(store.read_blocking(|r| process_migrations::next(r)).unwrap(), None);
}

#[test]
fn only_a_later_version_in_force_is_a_target() {
    let house = House::new();
    let store = house.open();
    let begin = |from, to| {
        let work = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
            process_migrations::begin(tx, env, "consultation", (from, to))
        };
        match unit(&store, &admin(), work) {
            Err(ActError::Refused(refused)) => refused,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(begin(2, 1), MigrationError::NotInForce(1));
    assert_eq!(begin(2, 2), MigrationError::NotInForce(2));
    assert_eq!(begin(1, 9), MigrationError::NoVersion("consultation".into(), 9));
}

#[test]
fn timers_that_begin_and_end_are_rows_that_can_be_proven() {
    let house = House::new();
    let store = house.open();
    let moved = assigned(&store, 3, 1);
    let ended = due_of(&store, moved.id);
    let row = store.read_blocking(|r| timers::by_case(r, moved.id.0)).unwrap().remove(0);
    let on = |work: fn(&mut Tx<'_>, &mut Env<'_>, Uuid) -> Result<(), MigrationError>, id| {
        unit_on(&SLOWER, &store, &admin(), move |tx, env| work(tx, env, id)).unwrap();
    };
    let begun = unit_on(&SLOWER, &store, &admin(), |tx, env| {
        process_migrations::begin(tx, env, "consultation", (1, 2))
    });
    let id = begun.unwrap();
    on(|tx, env, id| process_migrations::check(tx, env, (id, 1)), id);
    let carry_on = || {
        unit_on::<bool, CaseError>(&SLOWER, &store, &Actor::system("migration"), move |tx, env| {
            process_migrations::carry_on(tx, env, id)
        })
        .unwrap()
    };
    while read(&store, id).state == State::Checking {
        let migration = read(&store, id);
        let looked = store
            .read_blocking(move |r| process_migrations::look(r, &SLOWER, &migration, later()))
            .unwrap();
        store.act_blocking(move |tx| process_migrations::note(tx, &looked)).unwrap();
    }
    on(|tx, env, id| process_migrations::apply(tx, env, &Grant::default(), (id, 2), &said()), id);
    while carry_on() {}
    let prove = || store.read_blocking(|r| cases::verify(r, &SLOWER, &mut |_| ())).unwrap();
    prove();
    // Eight working days since the question, not since the move.
    let spec = process::TimerSpec::Duration("P8WD".into());
    let since = kernel::case::timer_due(&spec, now(), SLOWER.calendar_of(&world::DESK.into()));
    let new = due_of(&store, moved.id);
    assert_eq!(new.iter().map(|(_, due)| *due).collect::<Vec<_>>(), [since.unwrap().0]);
    // The worker read the old row before the move: it rings in vain.
    let rung = unit_on(&SLOWER, &store, &Actor::system("timer"), move |tx, env| {
        cases::ring(tx, env, &row)
    });
    assert_eq!(rung, Ok(None));
    on(|tx, env, id| process_migrations::revert(tx, env, &Grant::default(), (id, 3), &said()), id);
    while carry_on() {}
    prove();
    assert_eq!(due_of(&store, moved.id), ended, "the old timer with its old date");
    assert_eq!(case(&store, moved.id).process, moved.process);
}
