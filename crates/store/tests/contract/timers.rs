//! Timers of steps in the store: rows go and come back with the clock and are proven; a new calendar
//! moves what it must, batch by batch, once, and goes on after a stop; announced days are kept.

use crate::cases::*;
use crate::{House, NOW, id, rng};
use kernel::access::Actor;
use kernel::calendar::{ClockTime, Date, EntryKind, EntrySpec, Instant};
use kernel::case::{Case, Command, Event, TimeLeft, UpkeepEvent};
use kernel::catalogue::Catalogue;
use kernel::ids::{CaseId, ProcedureCode};
use kernel::org::Role;
use store::announcements::{self, AnnounceError, Ask, Mark, Request};
use store::cases::{self, CaseError, Env, Finding, Rederived};
use store::timers::{self, Timer};
use store::{ActError, Store, Tx, bounds};
use world::{DESK, HOME, day};

fn rows(store: &Store, id: CaseId) -> Vec<Timer> {
    store.read_blocking(move |r| timers::by_case(r, id.0)).unwrap()
}

fn at(month: u32, date: u32, hour: u32) -> Instant {
    Instant::at(day(2019, month, date), hour, 0)
}

/// One unit of work on a catalogue.
fn on<T: Send + 'static>(
    store: &Store,
    catalogue: &Catalogue,
    actor: &Actor,
    now: Instant,
    work: impl Fn(&mut Tx<'_>, &mut Env<'_>) -> Result<T, CaseError> + Send + 'static,
) -> Result<T, CaseError> {
    let (catalogue, actor) = (catalogue.clone(), actor.clone());
    let done = store.act_blocking(move |tx| {
        let mut rng = rng(u64::try_from(now.0).unwrap());
        let mut env = Env { catalogue: &catalogue, actor: &actor, now, rng: &mut rng };
        work(tx, &mut env)
    });
    done.map_err(|error| match error {
        ActError::Refused(refused) => refused,
        ActError::Store(store) => CaseError::Store(store),
    })
}

/// Forwarded cases of a procedure.
fn running(store: &Store, procedure: usize, many: u64) -> Vec<CaseId> {
    let mut ids = Vec::new();
    for chunk in 0..many.div_ceil(20) {
        let actor = clerk_of_desk();
        let count = 20.min(many - chunk * 20);
        let made = unit(store, &actor, now(), 1_000 * procedure as u64 + chunk, move |tx, env| {
            let code = ProcedureCode(format!("1.00000{procedure}"));
            let edition = env.catalogue.edition(&code, 1).unwrap().clone();
            let mut made = Vec::new();
            for _ in 0..count {
                let application = application(DESK, "Nguyễn Văn Ân");
                let id = cases::submit(tx, env, &edition, &application)?.case.id;
                cases::accept(tx, env, id, None, None, None)?;
                cases::act(tx, env, id, None, &Command::Forward)?;
                made.push(id);
            }
            Ok(made)
        });
        ids.extend(made.unwrap());
    }
    ids
}

fn done(
    store: &Store,
    actor: &Actor,
    now: Instant,
    case: CaseId,
    command: Command,
) -> (Case, Vec<Event>) {
    let work = move |tx: &mut Tx<'_>, env: &mut Env<'_>| cases::act(tx, env, case, None, &command);
    let done = unit(store, actor, now, 11, work).unwrap();
    (done.case, done.events)
}

#[test]
fn rows_go_and_come_back_with_the_clock_and_their_dates_are_proven() {
    let house = House::new();
    let store = house.open();
    let id = running(&store, 91, 1)[0];
    let set = rows(&store, id);
    assert_eq!(set.len(), 8);
    let leader = actor(HOME, Role::Leader, now());
    let reason = reason(&store, &find(&store, id));
    let until = day(2019, 7, 1);
    let suspend = Command::Suspend { ground: "Điều 12".into(), reason, until };
    let (case, events) = done(&store, &leader, at(4, 29, 10), id, suspend);
    assert!(matches!(
        events[..],
        [Event::Suspended { .. }, Event::Upkeep(UpkeepEvent::TimersPaused { .. }),]
    ));
    assert_eq!(case.paused.len(), 5, "{:?}", case.paused);
    assert!(case.paused.iter().any(|paused| paused.left == TimeLeft::WorkingDays(3)));
    let stood = rows(&store, id);
    let process: Vec<&Timer> = stood.iter().filter(|row| row.kind == "process").collect();
    assert_eq!(process.len(), 3, "a fixed date, and two that only wait to ring");
    proven(&store);
    let (case, events) = done(&store, &leader, at(5, 2, 14), id, Command::Resume);
    assert!(case.paused.is_empty());
    let [Event::Resumed { .. }, Event::Upkeep(UpkeepEvent::TimersResumed { timers, .. })] =
        &events[..]
    else {
        panic!("{events:?}")
    };
    let again = rows(&store, id);
    assert_eq!(again.len(), 8);
    for due in timers {
        let key = format!("{}:{}", due.token, due.node.0);
        let row = again.iter().find(|row| row.token == key).unwrap();
        assert_eq!((row.kind.as_str(), row.due_at_ms), ("process", due.due_at.0));
    }
    proven(&store);
    // The journal holds the date of a timer that ran on: no other one passes, whatever its id.
    let due = timers[0];
    let forge = move |tx: &mut Tx<'_>, _: &mut Env<'_>| {
        let token = format!("{}:{}", due.token, due.node.0);
        let (due_at_ms, case_id) = (due.due_at.0 + 3_600_000, id.0);
        let kind = "process".to_owned();
        let mut forged = Timer { due_at_ms, id: crate::id(0), case_id, kind, token };
        forged.id = timers::set_id(&forged, case.seq);
        timers::set(tx, &forged)?;
        Ok(())
    };
    unit(&store, &leader, now(), 3, forge).unwrap();
    let Finding::Row { table, what, .. } = finding(&store) else { panic!() };
    assert_eq!(table, "timer");
    assert!(what.contains("altered"), "{what}");
}

fn find(store: &Store, id: CaseId) -> Case {
    store.read_blocking(move |r| cases::by_id(r, id.0)).unwrap().unwrap().case
}

#[test]
fn a_timer_that_rang_in_vain_is_not_stopped() {
    let house = House::new();
    let store = house.open();
    let id = running(&store, 91, 1)[0];
    let mut set = rows(&store, id).into_iter();
    let days = set.find(|row| row.due_at_ms == at(5, 2, 17).0).unwrap();
    let later = at(4, 30, 8);
    let put_off = {
        let days = days.clone();
        move |tx: &mut Tx<'_>, _: &mut Env<'_>| Ok(timers::put_off(tx, &days, later.0)?)
    };
    unit(&store, &Actor::system("timer"), now(), 3, put_off).unwrap();
    let officer = actor(HOME, Role::CaseOfficer, now());
    let open = Command::OpenFinance { amount_vnd: 1 };
    let (case, _) = done(&store, &officer, at(4, 29, 10), id, open);
    let key = |paused: &kernel::case::Paused| format!("{}:{}", paused.token, paused.node.0);
    assert!(case.paused.iter().all(|paused| key(paused) != days.token));
    assert!(rows(&store, id).iter().any(|row| row.token == days.token));
    proven(&store);
}

fn closure(date: Date, published: Instant) -> EntrySpec {
    EntrySpec {
        date,
        kind: EntryKind::Closure { from: ClockTime::MIDNIGHT, to: ClockTime::END },
        published_at: Some(published),
        withdrawn_at: None,
        name: "QĐ 9".into(),
    }
}

fn step(store: &Store, catalogue: &Catalogue, now: Instant) -> Rederived {
    let work = |tx: &mut Tx<'_>, env: &mut Env<'_>| Ok(cases::rederive_next(tx, env)?);
    on(store, catalogue, &Actor::system("calendar"), now, work).unwrap()
}

fn length(store: &Store) -> u64 {
    proven(store).rows
}

#[test]
fn a_new_calendar_moves_every_case_once_and_goes_on_after_a_stop() {
    let house = House::new();
    let store = house.open();
    let many = u64::from(bounds::REDERIVE_BATCH) + 15;
    let mut ids = running(&store, 2, many - 5);
    ids.extend(running(&store, 91, 5));
    let announced = at(4, 26, 10);
    // The first walk of an installation finds nothing to move.
    let rows = length(&store);
    let first: Vec<Rederived> =
        std::iter::repeat_with(|| step(&store, &PROVINCE, announced)).take(3).collect();
    assert_eq!(first.iter().map(|one| one.looked).collect::<Vec<_>>(), [200, 15, 0]);
    assert!(first.iter().all(|one| one.moved == 0) && first[2].finished);
    assert_eq!(length(&store), rows);
    // The last day of all promises, and the last day of the hours of one step.
    let due = find(&store, ids[0]).due_at.unwrap();
    let amended = PROVINCE
        .announce(closure(due.date(), announced))
        .and_then(|c| c.announce(closure(day(2019, 4, 29), announced)))
        .unwrap();
    let one = step(&store, &amended, announced);
    assert_eq!((one.looked, one.moved, one.finished), (200, 200, false));
    drop(store);
    let store = house.open();
    let mark = amended.calendars_mark(announced);
    let is_done = |store: &Store| {
        let mark = mark.clone();
        store.read_blocking(move |r| cases::is_rederived(r, &mark)).unwrap()
    };
    assert!(!is_done(&store));
    let two = step(&store, &amended, announced);
    assert_eq!((two.looked, two.moved, two.finished), (15, 15, false), "from where it stood");
    assert!(step(&store, &amended, announced).finished && is_done(&store));
    let moved: Vec<u64> = ids
        .iter()
        .map(|id| {
            let id = *id;
            let case = find(&store, id);
            assert_eq!(case.due_at.map(Instant::date), Some(day(2019, 5, 10)));
            let history = store.read_blocking(move |r| cases::history(r, id.0)).unwrap();
            let dates = history.iter().filter_map(|entry| match &entry.event {
                Event::DueMoved { due_before, .. } => {
                    assert_eq!(*due_before, Some(due), "the old date is kept");
                    Some(())
                }
                _ => None,
            });
            dates.count() as u64
        })
        .collect();
    assert!(moved.iter().all(|count| *count == 1), "{moved:?}");
    // 5 cases have a step whose hours would have ended on the closed 29th.
    assert_eq!(length(&store), rows + many + 5);
    assert_eq!(
        step(&store, &amended, announced),
        Rederived { finished: true, ..Rederived::default() }
    );
    assert_eq!(length(&store), rows + many + 5);
}

#[test]
fn a_case_that_refuses_is_told_and_passed_over() {
    let house = House::new();
    let store = house.open();
    let ids = running(&store, 2, 3);
    drop(store);
    by_hand(
        &house,
        "UPDATE case_file SET state = replace(state, '1.000002', '1.999999') WHERE number = \
         (SELECT number FROM case_file ORDER BY number LIMIT 1 OFFSET 1)",
    );
    let store = house.open();
    let announced = at(4, 26, 10);
    let due = find(&store, ids[0]).due_at.unwrap();
    let amended = PROVINCE.announce(closure(due.date(), announced)).unwrap();
    let one = step(&store, &amended, announced);
    assert_eq!((one.looked, one.moved, one.refused.len()), (3, 2, 1), "{one:?}");
    let whole = [ids[0], ids[2]].map(|id| find(&store, id).due_at);
    assert!(whole.iter().all(|moved| *moved > Some(due)), "{whole:?}");
    let end = step(&store, &amended, announced);
    assert_eq!((end.finished, end.refused_so_far), (true, 1));
}

fn request(number: u128, ask: Ask) -> Request {
    let mark = Mark { request: id(number), by: "an".into(), at: now(), ground: "QĐ 9".into() };
    Request { ask, mark }
}

#[test]
fn announced_days_are_taken_over_once_and_kept_when_taken_back() {
    let house = House::new();
    let store = house.open();
    let friday = day(2019, 5, 3);
    let all = || store.read_blocking(|r| announcements::all(r)).unwrap();
    let take = |now: Instant| announcements::take_over(&store, &PROVINCE, now).unwrap();
    let add = request(1, Ask::Announce(closure(friday, Instant(0))));
    let path = announcements::lay(&house.data(), &add).unwrap();
    assert_eq!(take(now()), 1);
    assert!(!path.exists());
    let [one] = &all()[..] else { panic!() };
    assert_eq!((one.number, one.entry.published_at), (1, Some(now())), "known from now on");
    assert_eq!(one.announced.by, "an");
    // After a stop between the commit and the removal of the file it lies there again.
    announcements::lay(&house.data(), &add).unwrap();
    take(now());
    assert_eq!(all().len(), 1);
    // What cannot be is put aside with what cannot be read.
    for (number, ask) in
        [(2, Ask::Announce(closure(day(2019, 4, 24), Instant(0)))), (3, Ask::Withdraw(7))]
    {
        let path = announcements::lay(&house.data(), &request(number, ask)).unwrap();
        assert_eq!(take(now()), 0);
        assert!(!path.exists() && path.with_extension("refused").exists());
    }
    std::fs::write(house.data().join("announcements/0.json"), "{").unwrap();
    assert_eq!(take(now()), 0);
    assert!(house.data().join("announcements/0.refused").exists());
    // On its day it is too late to take it back.
    let back = request(4, Ask::Withdraw(1));
    let late = announcements::follow(&back, &all(), &PROVINCE, Instant::at(friday, 6, 0));
    assert_eq!(late, Err(AnnounceError::Past(friday)));
    announcements::lay(&house.data(), &back).unwrap();
    let later = Instant(NOW + 60_000);
    assert_eq!(take(later), 1);
    let [one] = &all()[..] else { panic!() };
    assert_eq!((one.entry.withdrawn_at, one.withdrawn.is_some()), (Some(later), true));
    let again = announcements::follow(&request(5, Ask::Withdraw(1)), &all(), &PROVINCE, later);
    assert_eq!(again, Err(AnnounceError::Unknown(1)));
}
