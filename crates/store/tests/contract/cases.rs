//! Cases in the store: codes without gaps, refusals that leave nothing, lists and searches through
//! one filter, children and timers once, and a proof that names the first bad row.

use crate::{House, NOW, rng};
use kernel::access::{Actor, row_filter};
use kernel::calendar::{Channel, Instant};
use kernel::case::{
    Bucket, Business, Case, Command, Delivery, LateEntry, Refusal, Source, work_items,
};
use kernel::catalogue::Catalogue;
use kernel::ids::{CaseId, ProcedureCode};
use kernel::org::Role;
use kernel::people::{Party, PartyKind};
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use store::cases::{self, Application, CaseError, Cursor, Env, Finding, PaperIn, Scope, Submitted};
use store::pins::{PinLimits, PinTry};
use store::{ActError, DATABASE_FILE, Store, StoreError, Tx, outbox, timers};

#[path = "../../../kernel/tests/cases/world.rs"]
#[expect(dead_code, reason = "the province of the kernel's tests has more than is needed here")]
pub mod world;

use world::{AWAY, AWAY_DESK, DESK, HOME, OTHER_DESK, day};

pub static PROVINCE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| Arc::new(world::province()));

pub fn now() -> Instant {
    Instant(NOW)
}

pub fn actor(unit: &str, role: Role, at: Instant) -> Actor {
    world::officer(&PROVINCE, unit, role, at)
}

pub fn clerk_of_desk() -> Actor {
    actor(DESK, Role::DeskOfficer, now())
}

fn party(name: &str) -> Party {
    Party {
        kind: PartyKind::Person,
        name: name.into(),
        number: Some("091234567890".into()),
        born: None,
        phone: Some("0912345678".into()),
        email: None,
        address: None,
    }
}

pub fn application(desk: &str, name: &str) -> Application {
    Application {
        channel: Channel::Counter,
        source: Source::Counter,
        desk: desk.into(),
        applicant: party(name),
        answers: vec![("q".into(), "a".into())],
        papers: vec![PaperIn { no: 1, count: 1, files: Vec::new() }],
        delivery: Delivery::Counter,
        exemption: None,
        copies: None,
        parent: None,
        subject: None,
    }
}

/// One unit of work by an actor at an instant; chance comes from the seed.
pub fn unit<T: Send + 'static>(
    store: &Store,
    actor: &Actor,
    at: Instant,
    seed: u64,
    work: impl Fn(&mut Tx<'_>, &mut Env<'_>) -> Result<T, CaseError> + Send + 'static,
) -> Result<T, CaseError> {
    let actor = actor.clone();
    let done = store.act_blocking(move |tx| {
        let mut rng = rng(seed);
        let catalogue = &PROVINCE;
        let mut env = Env { catalogue, actor: &actor, now: at, rng: &mut rng };
        work(tx, &mut env)
    });
    done.map_err(|error| match error {
        ActError::Refused(refused) => refused,
        ActError::Store(store) => CaseError::Store(store),
    })
}

pub fn submit_as(
    store: &Store,
    actor: &Actor,
    procedure: usize,
    desk: &str,
    seed: u64,
) -> Result<Submitted, CaseError> {
    let application = application(desk, &format!("Nguyễn Văn Ân {seed}"));
    unit(store, actor, now(), seed, move |tx, env| {
        let code = ProcedureCode(format!("1.00000{procedure}"));
        let edition = env.catalogue.edition(&code, 1).unwrap().clone();
        cases::submit(tx, env, &edition, &application)
    })
}

pub fn submitted(store: &Store, procedure: usize, seed: u64) -> Case {
    submit_as(store, &clerk_of_desk(), procedure, DESK, seed).unwrap().case
}

pub fn act(
    store: &Store,
    actor: &Actor,
    id: CaseId,
    seen: Option<u64>,
    command: Command,
) -> Result<Case, CaseError> {
    unit(store, actor, now(), 5, move |tx, env| cases::act(tx, env, id, seen, &command))
        .map(|done| done.case)
}

pub fn accept(store: &Store, id: CaseId) -> Result<Case, CaseError> {
    unit(store, &clerk_of_desk(), now(), 6, move |tx, env| {
        cases::accept(tx, env, id, None, None, None)
    })
    .map(|done| done.case)
}

pub fn reason(store: &Store, case: &Case) -> Option<kernel::case::Ref> {
    let (subject, id) = (case.subject, case.id);
    let sealed =
        unit(store, &clerk_of_desk(), now(), u64::from(case.seq as u32) + 90, move |tx, env| {
            Ok(cases::keep(tx, env, subject, Some(id), "reason", "Vì thiếu giấy")?)
        });
    Some(sealed.unwrap())
}

pub fn complete(token: u32, outcome: &str) -> Command {
    Command::Complete {
        token,
        outcome: outcome.into(),
        officer: Some(world::account(HOME, Role::CaseOfficer).as_str().into()),
        consulted: Vec::new(),
        note: None,
        number: Some("1/GP".into()),
        amount_vnd: None,
    }
}

pub fn token(case: &Case) -> u32 {
    let definition = PROVINCE.definition_of(case, now().date()).unwrap();
    process::open_tasks(definition, &case.process).next().unwrap().0
}

/// A case that a unit leader has assigned.
pub fn assigned(store: &Store, procedure: usize, seed: u64) -> Case {
    let case = submitted(store, procedure, seed);
    accept(store, case.id).unwrap();
    let case = act(store, &clerk_of_desk(), case.id, None, Command::Forward).unwrap();
    let head = actor(HOME, Role::UnitLeader, now());
    act(store, &head, case.id, None, complete(token(&case), "done")).unwrap()
}

pub fn proven(store: &Store) -> cases::Proof {
    store.read_blocking(|r| cases::verify(r, &PROVINCE, &mut |_| ())).unwrap()
}

pub fn finding(store: &Store) -> Finding {
    let proof = store.read_blocking(|r| cases::verify(r, &PROVINCE, &mut |_| ()));
    let found = match proof {
        Err(ActError::Refused(finding)) => Some(finding),
        _ => None,
    };
    found.expect("a finding")
}

/// Changes the closed database by hand.
pub fn by_hand(house: &House, sql: &str) {
    let file = house.data().join(DATABASE_FILE);
    let connection = rusqlite::Connection::open(file).unwrap();
    assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
}

fn size(store: &Store) -> (u64, u64) {
    let rows = crate::rows(store);
    let particulars = store
        .read_blocking(|r| cases::latest(r, &kernel::access::RowFilter::Everything, None, 100));
    (rows, particulars.unwrap().cases.len() as u64)
}

#[test]
fn codes_are_unique_and_gapless_under_refusals_and_64_threads() {
    let house = House::new();
    let store = house.open();
    let ids: Vec<CaseId> = (0..64).map(|n| submitted(&store, 2, 1000 + n).id).collect();
    std::thread::scope(|scope| {
        for id in &ids {
            let store = store.clone();
            scope.spawn(move || {
                // A refusal that has drawn a number already, then the real thing twice at once.
                let papers = Some(Vec::new());
                let refused = unit(&store, &clerk_of_desk(), now(), 1, {
                    let id = *id;
                    move |tx, env| cases::accept(tx, env, id, None, papers.clone(), None)
                });
                assert_eq!(refused, Err(CaseError::Refused(Refusal::PaperMissing(1))));
                accept(&store, *id).unwrap();
                let again = accept(&store, *id);
                assert!(matches!(again, Err(CaseError::Refused(Refusal::State { .. }))));
            });
        }
    });
    let codes: HashSet<String> = ids
        .iter()
        .map(|id| {
            let id = id.0;
            let found = store.read_blocking(move |r| cases::by_id(r, id)).unwrap();
            found.unwrap().case.code.unwrap()
        })
        .collect();
    let expected = (1..=64).map(|n| format!("000.05.12.H33-190425-{n:04}"));
    assert_eq!(codes, expected.collect::<HashSet<_>>());
    // A cancelled acceptance keeps its code for ever; the next one takes the next number.
    let case = store.read_blocking({
        let id = ids[0].0;
        move |r| cases::by_id(r, id)
    });
    let case = case.unwrap().unwrap().case;
    let void = Command::VoidAcceptance { reason: reason(&store, &case) };
    let voided = act(&store, &clerk_of_desk(), case.id, None, void).unwrap();
    assert_eq!(voided.business, Business::Voided);
    let next = accept(&store, submitted(&store, 2, 5000).id).unwrap();
    assert_eq!(next.code.as_deref(), Some("000.05.12.H33-190425-0065"));
    // Another desk counts for itself.
    let other = actor(OTHER_DESK, Role::DeskOfficer, now());
    let there = submit_as(&store, &other, 2, OTHER_DESK, 5001).unwrap().case;
    let there = unit(&store, &other, now(), 2, move |tx, env| {
        cases::accept(tx, env, there.id, None, None, None)
    });
    assert_eq!(there.unwrap().case.code.as_deref(), Some("000.06.12.H33-190425-0001"));
    proven(&store);
}

#[test]
fn a_late_entry_takes_the_number_of_its_true_day() {
    let house = House::new();
    let store = house.open();
    let case = submitted(&store, 2, 1);
    let reason = reason(&store, &case).unwrap();
    let late = LateEntry {
        received_at: now().plus_days(-1),
        reason,
        second: world::account(DESK, Role::DeskHead).as_str().into(),
    };
    let id = case.id;
    let done = unit(&store, &clerk_of_desk(), now(), 3, move |tx, env| {
        cases::accept(tx, env, id, None, None, Some(late.clone()))
    });
    let case = done.unwrap().case;
    assert_eq!(case.code.as_deref(), Some("000.05.12.H33-190424-0001"));
    assert!(case.late_entry);
    proven(&store);
}

#[test]
fn a_stale_page_is_told_and_a_refused_act_leaves_nothing() {
    let house = House::new();
    let store = house.open();
    let case = submitted(&store, 2, 1);
    accept(&store, case.id).unwrap();
    let before = size(&store);
    let stale = act(&store, &clerk_of_desk(), case.id, Some(1), Command::Forward);
    assert_eq!(stale.unwrap_err(), CaseError::Changed { expected: 1, found: 2 });
    let ahead = act(&store, &clerk_of_desk(), case.id, Some(9), Command::Forward);
    assert!(matches!(ahead, Err(CaseError::Changed { .. })));
    let denied =
        act(&store, &actor(OTHER_DESK, Role::DeskOfficer, now()), case.id, None, Command::Forward);
    assert!(matches!(denied, Err(CaseError::Refused(Refusal::Denied(_)))));
    // A refused submission has sealed particulars and an issued PIN by then.
    let wrong = actor(OTHER_DESK, Role::DeskOfficer, now());
    let refused = submit_as(&store, &wrong, 2, DESK, 77);
    assert!(matches!(refused, Err(CaseError::Refused(Refusal::Denied(_)))));
    assert_eq!(size(&store), before);
    drop(store);
    let count = |table: &str| {
        let file = house.data().join(DATABASE_FILE);
        let connection = rusqlite::Connection::open(file).unwrap();
        let sql = format!("SELECT count(*) FROM {table}");
        connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!((count("subject"), count("particular"), count("pin")), (1, 2, 1));
}

#[test]
fn lists_counts_and_searches_show_the_own_units_only() {
    let house = House::new();
    let store = house.open();
    for seed in 1..=5 {
        submitted(&store, 2, seed);
    }
    let case = assigned(&store, 2, 9);
    let list = |actor: &Actor, bucket, scope| {
        store.read_blocking(|r| cases::list(r, actor, bucket, scope, Cursor::START, 100)).unwrap()
    };
    let counted = |actor: &Actor, bucket, scope| {
        let counts = store.read_blocking(|r| cases::counts(r, actor, scope, now())).unwrap();
        counts.into_iter().find(|(b, _)| *b == bucket).unwrap().1.all
    };
    let (desk, other) = (clerk_of_desk(), actor(OTHER_DESK, Role::DeskOfficer, now()));
    assert_eq!(list(&desk, Bucket::ToAccept, Scope::Unit).len(), 5);
    assert_eq!(counted(&desk, Bucket::ToAccept, Scope::Unit), 5);
    assert!(list(&other, Bucket::ToAccept, Scope::Unit).is_empty());
    assert_eq!(counted(&other, Bucket::ToAccept, Scope::Unit), 0);
    let officer = actor(HOME, Role::CaseOfficer, now());
    assert_eq!(list(&officer, Bucket::InWork, Scope::Mine).len(), 1);
    // Who has left the post no longer sees what stands on their name.
    let gone = Actor::officer(officer.account().unwrap().clone(), Vec::new());
    assert!(list(&gone, Bucket::InWork, Scope::Mine).is_empty());
    assert_eq!(counted(&gone, Bucket::InWork, Scope::Mine), 0);

    let find = |actor: &Actor, typed: &str| {
        let filter = row_filter(actor, &PROVINCE.tree, now().date());
        store.read_blocking(|r| cases::find(r, &filter, typed, None, 100)).unwrap().cases.len()
    };
    let code = case.code.clone().unwrap();
    let monitor = |unit: &str| actor(unit, Role::Monitor, now());
    for typed in [code.as_str(), &case.tracking, "091234567890", "nguyen an", ""] {
        assert!(find(&desk, typed) > 0, "{typed}");
        assert!(find(&monitor("kg"), typed) > 0, "{typed}");
        assert_eq!(find(&monitor(AWAY), typed), 0, "{typed}: a monitor of another province");
        assert_eq!(find(&actor("kg", Role::Leader, now()), typed), 0, "{typed}: its committee");
        assert_eq!(find(&other, typed), 0, "{typed}");
        assert_eq!(find(&actor("kg", Role::Administrator, now()), typed), 0, "{typed}");
        assert!(find(&actor("kg", Role::Auditor, now()), typed) > 0, "{typed}");
    }
    // Watching is not working: no list of work, no count, here as there.
    for unit in ["kg", AWAY] {
        for bucket in Bucket::ALL {
            assert!(list(&monitor(unit), bucket, Scope::Unit).is_empty(), "{bucket:?}");
            assert_eq!(counted(&monitor(unit), bucket, Scope::Unit), 0, "{bucket:?}");
        }
    }
    // Each province by itself, also page by page, although the installation holds both.
    let there = actor(AWAY_DESK, Role::DeskOfficer, now());
    submit_as(&store, &there, 2, AWAY_DESK, 50).unwrap();
    let pages = |unit: &str| {
        let filter = row_filter(&monitor(unit), &PROVINCE.tree, now().date());
        let (mut before, mut found) = (None, Vec::new());
        loop {
            let page = store.read_blocking(|r| cases::latest(r, &filter, before, 2)).unwrap();
            found.extend(page.cases.into_iter().map(|stored| stored.case.province.0));
            before = page.next;
            if before.is_none() {
                return found;
            }
        }
    };
    assert_eq!((pages("kg"), pages(AWAY)), (vec!["kg".to_owned(); 6], vec![AWAY.to_owned()]));
    assert_eq!((find(&monitor(AWAY), "nguyen an"), find(&monitor("kg"), "nguyen an")), (1, 6));
    assert_eq!(find(&desk, "nguyen an"), 6);
    assert_eq!(find(&desk, "nguyen khong"), 0);
}

#[test]
fn an_erased_person_is_found_by_nothing_and_read_by_nobody_and_the_proof_holds() {
    let house = House::new();
    let store = house.open();
    let (case, other) = (submitted(&store, 2, 1), submitted(&store, 2, 2));
    let find = |typed: &str| {
        let filter = row_filter(&clerk_of_desk(), &PROVINCE.tree, now().date());
        store.read_blocking(|r| cases::find(r, &filter, typed, None, 100)).unwrap().cases.len()
    };
    assert_eq!((find("nguyen an 1"), find("091234567890")), (1, 2));
    let of = store.read_blocking(|r| cases::of_subject(r, case.subject)).unwrap();
    assert_eq!(of.iter().map(|s| s.case.id).collect::<Vec<_>>(), [case.id]);

    let subject = case.subject;
    let erase = || store.act_blocking(move |tx| cases::erase(tx, subject, NOW));
    assert!(erase().unwrap());
    assert!(!erase().unwrap(), "there is nothing left to erase");
    assert_eq!((find("nguyen an 1"), find("nguyen an 2"), find("091234567890")), (0, 1, 1));
    for watcher in [actor("kg", Role::Monitor, now()), actor("kg", Role::Auditor, now())] {
        let filter = row_filter(&watcher, &PROVINCE.tree, now().date());
        let found = store.read_blocking(|r| cases::find(r, &filter, "nguyen an 1", None, 100));
        assert_eq!(found.unwrap().cases.len(), 0);
    }
    let id = case.applicant.id.0;
    let read: Result<_, ActError<StoreError>> =
        store.read_blocking(|r| store::secrets::particular_get(r, id));
    assert!(read.unwrap().is_none_or(|p| p.plain.is_none()));
    let id = other.applicant.id.0;
    let read: Result<_, ActError<StoreError>> =
        store.read_blocking(|r| store::secrets::particular_get(r, id));
    assert!(read.unwrap().is_some_and(|p| p.plain.is_some()));
    assert_eq!(proven(&store).cases, 2);
}

#[test]
fn after_the_reorganisation_the_successor_lists_and_finds_the_old_cases() {
    let house = House::new();
    let store = house.open();
    let case = assigned(&store, 2, 1);
    submitted(&store, 2, 2);
    let later = Instant::at(day(2026, 8, 3), 9, 0);
    let head = actor("ag.rg", Role::UnitLeader, later);
    let desk = actor("ag.rg.desk", Role::DeskOfficer, later);
    let list = |actor: &Actor, bucket| {
        store
            .read_blocking(|r| cases::list(r, actor, bucket, Scope::Unit, Cursor::START, 100))
            .unwrap()
            .len()
    };
    assert_eq!((list(&head, Bucket::InWork), list(&desk, Bucket::ToAccept)), (1, 1));
    let counts = store.read_blocking(|r| cases::counts(r, &desk, Scope::Unit, later)).unwrap();
    assert!(counts.iter().any(|(b, c)| *b == Bucket::ToAccept && c.all == 1 && c.late == 1));
    let filter = row_filter(&desk, &PROVINCE.tree, later.date());
    let code = case.code.clone().unwrap();
    let found = store.read_blocking(|r| cases::find(r, &filter, &code, None, 10)).unwrap();
    assert_eq!(found.cases.len(), 1);
    assert_eq!(list(&actor("ag.stp", Role::UnitLeader, later), Bucket::InWork), 0);
    // And it goes on: another officer, the next step, the same date.
    let reassign = Command::Reassign { officer: "ag.rg/case_officer".into(), reason: None };
    let id = case.id;
    let done =
        unit(&store, &head, later, 3, move |tx, env| cases::act(tx, env, id, None, &reassign));
    assert_eq!(done.unwrap().case.due_at, case.due_at);
    let officer = actor("ag.rg", Role::CaseOfficer, later);
    let mine = store.read_blocking(|r| {
        cases::list(r, &officer, Bucket::InWork, Scope::Mine, Cursor::START, 10)
    });
    assert_eq!(mine.unwrap().len(), 1);
    proven(&store);
}

#[test]
fn the_wait_before_acceptance_ends_by_its_timer_also_after_a_refused_withdrawal() {
    let house = House::new();
    let store = house.open();
    let case = submitted(&store, 2, 1);
    let ask = Command::AskPreSupplement { papers: vec![1], reason: reason(&store, &case) };
    act(&store, &clerk_of_desk(), case.id, None, ask).unwrap();
    let id = case.id;
    let timer =
        move |store: &Store| store.read_blocking(move |r| timers::by_case(r, id.0)).unwrap().pop();
    let first = timer(&store).unwrap();
    let asked = Command::AskWithdrawal { reason: None };
    let waiting = act(&store, &Actor::filer(id), id, None, asked).unwrap();
    let ring = |timer: timers::Timer| {
        let at = Instant(timer.due_at_ms);
        let system = Actor::system("timer");
        unit(&store, &system, at, 21, move |tx, env| cases::ring(tx, env, &timer)).unwrap()
    };
    assert!(ring(first).is_none(), "while the withdrawal is open nothing expires");
    assert!(timer(&store).is_none());
    proven(&store);
    let refuse = Command::DecideWithdrawal { granted: false, reason: reason(&store, &waiting) };
    act(&store, &actor(HOME, Role::CaseOfficer, now()), id, None, refuse).unwrap();
    let ended = ring(timer(&store).expect("the wait goes on")).unwrap();
    assert_eq!(ended.case.business, Business::Rejected);
    assert!(timer(&store).is_none());
}

#[test]
fn after_kill_and_reopen_rows_equal_the_replay_and_jobs_are_there() {
    let house = House::new();
    let store = house.open();
    let case = assigned(&store, 2, 1);
    drop(store);
    let store = house.open();
    let proof = proven(&store);
    assert_eq!((proof.cases, proof.rows), (1, case.seq));
    let id = case.id.0;
    let stored = store.read_blocking(move |r| cases::by_id(r, id)).unwrap().unwrap();
    assert_eq!(stored.case, case);
    assert_eq!(
        work_items(&stored.case, &PROVINCE.process("appraisal", 1).unwrap().definition).len(),
        1
    );
    let waiting = outbox::JobState::Queued;
    let jobs = store.read_blocking(move |r| outbox::count(r, waiting)).unwrap();
    assert_eq!(jobs, 5, "three changes told to the portal, two to the applicant");
}

#[test]
fn the_proof_names_the_first_row_that_was_edited_by_hand() {
    let edits = [
        ("UPDATE journal SET body = replace(body, '20000', '10000') WHERE seq = 1", "journal"),
        ("DELETE FROM journal WHERE seq = 3", "journal"),
        ("DELETE FROM journal WHERE seq = 4", "case_file"),
        ("UPDATE journal SET kind = 'noted' WHERE seq = 2", "journal"),
        (
            "UPDATE case_file SET state = replace(state, '\"fee_vnd\":20000', '\"fee_vnd\":1')",
            "case_file",
        ),
        ("UPDATE case_file SET state = replace(state, '1.000002', '1.999999')", "case_file"),
        ("UPDATE case_file SET desk = 'kg.rg.at.desk'", "column desk"),
        ("UPDATE case_file SET code = 'H33-X'", "column code"),
        ("UPDATE case_file SET business = 'returned'", "column business"),
        ("UPDATE case_file SET head = zeroblob(32)", "case_file"),
        ("UPDATE work SET due_sort = due_sort + 1", "work"),
        ("UPDATE work SET holder = 'nobody'", "work"),
        ("DELETE FROM work", "work"),
        ("DELETE FROM case_party WHERE unit = 'kg.rg.vtv'", "case_party"),
        ("DELETE FROM case_party WHERE unit = '*kg'", "case_party"),
        ("INSERT INTO case_party SELECT 'kg.rg.at', number FROM case_file", "case_party"),
        ("DELETE FROM case_word WHERE word = 'nguyen' AND unit = '*'", "case_word"),
        ("UPDATE case_word SET word = 'tran' WHERE word = 'nguyen'", "case_word"),
        ("UPDATE case_word SET unit = 'kg.rg.at' WHERE unit = 'kg.rg.vtv'", "case_word"),
        ("INSERT INTO case_word SELECT '*', 'tran', number FROM case_file", "case_word"),
        ("INSERT INTO case_word SELECT 'kg.rg.at', 'an', number FROM case_file", "case_word"),
        ("UPDATE particular SET sealed = zeroblob(99) WHERE kind = 'applicant'", "particular"),
    ];
    for (sql, expected) in edits {
        let house = House::new();
        let store = house.open();
        let case = assigned(&store, 2, 1);
        assert_eq!(case.seq, 4);
        tampered(&house, store, &case, (sql, expected));
    }
}

/// Edits a proven database by hand; the proof names table and case, and nobody's name.
fn tampered(house: &House, store: Store, case: &Case, (sql, expected): (&str, &str)) {
    proven(&store);
    drop(store);
    by_hand(house, sql);
    let found = finding(&house.open()).to_string();
    assert!(found.starts_with(expected) || found.contains(expected), "{sql}: {found}");
    let named = found.contains(&case.id.to_string())
        || found.contains(case.code.as_deref().unwrap_or(&case.tracking))
        || found.contains(&case.tracking);
    assert!(named, "{sql}: names its case: {found}");
    for word in ["nguyen", "tran", "Nguyễn"] {
        assert!(!found.contains(word), "{sql}: {found}");
    }
}

#[test]
fn the_proof_names_a_timer_that_was_edited_by_hand() {
    let edits = [
        "UPDATE timer SET due_at = due_at + 1",
        "UPDATE timer SET id = zeroblob(16)",
        "UPDATE timer SET token = '7:7'",
        "UPDATE timer SET kind = 'other'",
        "DELETE FROM timer",
        "INSERT INTO timer SELECT due_at, zeroblob(16), case_id, kind, '7:7' FROM timer",
    ];
    for sql in edits {
        // A timer of the process.
        let house = House::new();
        let store = house.open();
        let case = assigned(&store, 3, 1);
        tampered(&house, store, &case, (sql, "timer: case"));
        // The wait for the citizen.
        let house = House::new();
        let store = house.open();
        let case = submitted(&store, 2, 1);
        let ask = Command::AskPreSupplement { papers: vec![1], reason: reason(&store, &case) };
        act(&store, &clerk_of_desk(), case.id, None, ask).unwrap();
        tampered(&house, store, &case, (sql, "timer: case"));
    }
    // A timer of no case.
    let house = House::new();
    let store = house.open();
    assigned(&store, 2, 1);
    let stray = timers::Timer {
        due_at_ms: NOW,
        id: crate::id(4),
        case_id: crate::id(5),
        kind: "process".into(),
        token: String::new(),
    };
    let lost = stray.case_id.to_string();
    store.act_blocking(move |tx| timers::set(tx, &stray)).unwrap();
    let found = finding(&store).to_string();
    assert!(found.starts_with("timer: case") && found.contains(&lost), "{found}");
}

#[test]
fn a_timer_that_was_put_off_or_rang_in_vain_is_no_finding() {
    let house = House::new();
    let store = house.open();
    let case = assigned(&store, 3, 1);
    let id = case.id.0;
    let timer = store.read_blocking(move |r| timers::by_case(r, id)).unwrap().remove(0);
    let later = timer.due_at_ms + 60_000;
    store.act_blocking(move |tx| timers::put_off(tx, &timer, later)).unwrap();
    let found = store.read_blocking(move |r| timers::by_case(r, id)).unwrap();
    assert_eq!(found.iter().map(|t| t.due_at_ms).collect::<Vec<_>>(), [later]);
    proven(&store);
    drop(store);
    by_hand(&house, "UPDATE timer SET due_at = due_at + 1");
    assert!(finding(&house.open()).to_string().starts_with("timer: case"));
}

#[test]
fn the_proof_names_a_counter_that_was_edited_by_hand() {
    let edits = [
        "UPDATE desk_counter SET last = last + 1",
        "UPDATE desk_counter SET last = last - 1",
        "UPDATE desk_counter SET day = '2019-04-24'",
        "UPDATE desk_counter SET desk = 'kg.rg.at.desk'",
        "DELETE FROM desk_counter",
        "INSERT INTO desk_counter VALUES ('kg.rg.at.desk', '2019-04-25', 3)",
    ];
    for sql in edits {
        let house = House::new();
        let store = house.open();
        for seed in 1..=3 {
            let case = submitted(&store, 2, seed);
            accept(&store, case.id).unwrap();
        }
        // What only waits has no number yet.
        submitted(&store, 2, 4);
        proven(&store);
        drop(store);
        by_hand(&house, sql);
        let found = finding(&house.open()).to_string();
        assert!(found.starts_with("desk_counter: kg.rg."), "{sql}: {found}");
        assert!(found.contains("2019-04-2"), "{sql}: {found}");
    }
}

#[test]
fn a_new_pin_voids_the_old_one() {
    let house = House::new();
    let store = house.open();
    let made = submit_as(&store, &clerk_of_desk(), 2, DESK, 1).unwrap();
    let (old, id) = (made.pin.unwrap(), made.case.id.0);
    let renewed =
        store.act_blocking(move |tx| store::pins::issue(tx, &mut rng(8), id, NOW)).unwrap();
    let check = |pin: String| {
        store
            .act_blocking(move |tx| {
                let tried = PinTry { asked: "x", case_id: Some(id), pin: &pin, address: "ip" };
                store::pins::check(tx, tried, PinLimits::default(), NOW)
            })
            .unwrap()
    };
    assert_eq!(check(old), store::pins::PinCheck::Wrong);
    assert_eq!(check(renewed), store::pins::PinCheck::Right);
    let none: Result<_, ActError<StoreError>> = store.read_blocking(|r| cases::by_code(r, "X"));
    assert_eq!(none.unwrap(), None);
}
