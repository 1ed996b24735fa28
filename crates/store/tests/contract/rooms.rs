//! The smaller resources, each through a restart where it must survive one.

use crate::{House, NOW, id, rng};
use store::accounts::{self, NewAccount};
use store::catalog::{self, Document};
use store::drafts::{self, Draft};
use store::idempotency::{self, Once};
use store::limits::{self, Verdict};
use store::outbox::{self, JobState};
use store::pins::{self, PinCheck, PinLimits, PinTry};
use store::sessions::{self, NewSession};
use store::timers::{self, Timer};
use store::{ActError, Store, StoreError, settings};

fn try_pin(store: &Store, case: Option<u128>, pin: &str, address: &str, at: i64) -> PinCheck {
    let (pin, address) = (pin.to_owned(), address.to_owned());
    let check = move |tx: &mut store::Tx<'_>| {
        let case_id = case.map(id);
        let tried = PinTry { asked: "unknown number", case_id, pin: &pin, address: &address };
        pins::check(tx, tried, PinLimits::default(), at)
    };
    store.act_blocking(check).unwrap()
}

fn issue(store: &Store, case: u128, seed: u64) -> String {
    store.act_blocking(move |tx| pins::issue(tx, &mut rng(seed), id(case), NOW)).unwrap()
}

#[test]
fn a_new_pin_voids_the_old_one_and_belongs_to_one_case() {
    let house = House::new();
    let store = house.open();
    let old = issue(&store, 1, 1);
    assert_eq!(try_pin(&store, Some(1), &old, "a", NOW), PinCheck::Right);
    let new = issue(&store, 1, 2);
    let other = issue(&store, 2, 3);
    assert_eq!(try_pin(&store, Some(1), &old, "a", NOW), PinCheck::Wrong);
    assert_eq!(try_pin(&store, Some(1), &other, "a", NOW), PinCheck::Wrong);
    assert_eq!(try_pin(&store, Some(1), &new, "a", NOW), PinCheck::Right);
    assert_eq!(store.act_blocking(|tx| pins::void(tx, id(1), NOW)), Ok(true));
    assert_eq!(try_pin(&store, Some(1), &new, "a", NOW), PinCheck::Wrong);
    assert_eq!(try_pin(&store, None, "00000000", "a", NOW), PinCheck::Wrong);
}

#[test]
fn limits_on_pins_survive_a_restart() {
    let house = House::new();
    let store = house.open();
    let pin = issue(&store, 1, 1);
    for _ in 0..store::bounds::PIN_TRIES_PER_CASE {
        assert_eq!(try_pin(&store, Some(1), "wrong", "a", NOW), PinCheck::Wrong);
    }
    drop(store);
    let store = house.open();
    let until_ms = NOW + store::bounds::PIN_WINDOW_MS;
    let blocked = PinCheck::Blocked { until_ms };
    assert_eq!(try_pin(&store, Some(1), &pin, "b", NOW + 1), blocked, "whatever the address");
    assert_eq!(try_pin(&store, Some(1), &pin, "b", until_ms - 1), blocked);
    assert_eq!(try_pin(&store, Some(1), &pin, "b", until_ms), PinCheck::Right);

    // An address that walks through unknown numbers is stopped as well, known case or not.
    let mut answers = Vec::new();
    for number in 0..=store::bounds::PIN_TRIES_PER_ADDRESS {
        let asked = format!("unknown {number}");
        let check = move |tx: &mut store::Tx<'_>| {
            let tried = PinTry { asked: &asked, case_id: None, pin: "1", address: "walker" };
            pins::check(tx, tried, PinLimits::default(), NOW)
        };
        answers.push(store.act_blocking(check).unwrap());
    }
    assert_eq!(answers.pop(), Some(blocked));
    assert!(answers.iter().all(|answer| *answer == PinCheck::Wrong));
    assert_eq!(try_pin(&store, Some(1), &pin, "walker", NOW), blocked);
}

#[test]
fn right_pins_take_no_place_from_an_address_and_wrong_ones_still_do() {
    let house = House::new();
    let mut store = house.open();
    let max = u128::from(store::bounds::PIN_TRIES_PER_ADDRESS);
    let people = max + 10;
    let pins: Vec<String> = (1..=people).map(|n| issue(&store, n, n as u64)).collect();
    for (case, pin) in (1..).zip(&pins) {
        assert_eq!(try_pin(&store, Some(case), pin, "office", NOW), PinCheck::Right, "{case}");
    }
    // Wrong ones count on across right ones between them and across a restart.
    for case in 1..=max {
        assert_eq!(try_pin(&store, Some(case), "wrong", "office", NOW), PinCheck::Wrong, "{case}");
        if case == max / 2 {
            drop(store);
            store = house.open();
        }
        if case < max {
            assert_eq!(
                try_pin(&store, Some(people), &pins[people as usize - 1], "office", NOW),
                PinCheck::Right
            );
        }
    }
    drop(store);
    let store = house.open();
    let blocked = PinCheck::Blocked { until_ms: NOW + store::bounds::PIN_WINDOW_MS };
    assert_eq!(try_pin(&store, Some(1), &pins[0], "office", NOW + 1), blocked);
    assert_eq!(try_pin(&store, Some(1), &pins[0], "home", NOW + 1), PinCheck::Right);
}

#[test]
fn an_installation_sets_its_own_limits_on_pins() {
    let house = House::new();
    let store = house.open();
    let pin = issue(&store, 1, 1);
    let limits = PinLimits { per_case: 1, per_address: 9, window_ms: 60_000 };
    let tried = |pin: &str, at: i64| {
        let pin = pin.to_owned();
        let check = move |tx: &mut store::Tx<'_>| {
            let tried = PinTry { asked: "x", case_id: Some(id(1)), pin: &pin, address: "a" };
            pins::check(tx, tried, limits, at)
        };
        store.act_blocking(check).unwrap()
    };
    assert_eq!(tried("wrong", NOW), PinCheck::Wrong);
    assert_eq!(tried(&pin, NOW + 1), PinCheck::Blocked { until_ms: NOW + 60_000 });
    assert_eq!(tried(&pin, NOW + 60_000), PinCheck::Right);
}

#[test]
fn a_bucket_counts_within_its_window_and_starts_anew_after_it() {
    let house = House::new();
    let store = house.open();
    let key = limits::key(&["sign-in", "10.0.0.1"]);
    assert_ne!(key, limits::key(&["sign-in1", "0.0.0.1"]));
    let hit = |at| store.act_blocking(move |tx| limits::hit(tx, &key, 1000, 2, at)).unwrap();
    assert_eq!([hit(0), hit(500)], [Verdict::Allowed; 2]);
    assert_eq!(hit(999), Verdict::Blocked { until_ms: 1000 });
    assert_eq!(hit(1000), Verdict::Allowed);
    assert_eq!(store.act_blocking(|tx| limits::sweep(tx, 1999)), Ok(0));
    assert_eq!(store.act_blocking(|tx| limits::sweep(tx, 2000)), Ok(1));
}

#[test]
fn the_same_form_takes_effect_once() {
    let house = House::new();
    let store = house.open();
    let look = |request: &'static [u8], at| {
        store.read_blocking(move |r| idempotency::look(r, "token", request, at)).unwrap()
    };
    assert_eq!(look(b"a", NOW), Once::New);
    let keep = |at| {
        store.act_blocking(move |tx| idempotency::keep(tx, "token", b"a", "/case/7", at + 1000, at))
    };
    keep(NOW).unwrap();
    assert_eq!(look(b"a", NOW), Once::Answered("/case/7".into()));
    assert_eq!(look(b"b", NOW), Once::Other);
    let twice = StoreError::Rows { statement: "once_add", expected: 1, found: 0 };
    assert_eq!(keep(NOW + 1), Err(ActError::Refused(twice)));
    assert_eq!(look(b"a", NOW + 1000), Once::New);
    keep(NOW + 1000).unwrap();
    assert_eq!(store.act_blocking(|tx| idempotency::sweep(tx, NOW + 5000)), Ok(1));
}

fn add_account(store: &Store, number: u128, login: &str) -> Result<(), ActError<StoreError>> {
    let new = NewAccount {
        id: id(number),
        login: login.into(),
        password_phc: "phc".into(),
        display_name: "Nguyễn Thị Hoa".into(),
        must_change: true,
    };
    store.act_blocking(move |tx| accounts::add(tx, &new, NOW))
}

#[test]
fn accounts_rest_after_wrong_passwords_and_names_are_unique() {
    let house = House::new();
    let store = house.open();
    add_account(&store, 1, "hoa").unwrap();
    add_account(&store, 2, "an").unwrap();
    let taken = add_account(&store, 3, "hoa").unwrap_err().into_store();
    assert!(matches!(taken, StoreError::Constraint(_)), "{taken:?}");
    let list = store.read_blocking(|r| accounts::list(r, "", 10)).unwrap();
    assert_eq!(list.iter().map(|a| a.login.as_str()).collect::<Vec<_>>(), ["an", "hoa"]);

    let wrong = || store.act_blocking(|tx| accounts::note_sign_in(tx, id(1), false, NOW)).unwrap();
    for _ in 1..store::bounds::SIGN_IN_FAILURES_MAX {
        assert_eq!(wrong(), None);
    }
    let until = NOW + store::bounds::SIGN_IN_REST_MS;
    assert_eq!(wrong(), Some(until));
    drop(store);
    let store = house.open();
    let get = || store.read_blocking(|r| accounts::by_login(r, "hoa")).unwrap().unwrap();
    assert!(!get().may_try(until - 1) && get().may_try(until));
    store.act_blocking(move |tx| accounts::note_sign_in(tx, id(1), true, until)).unwrap();
    assert!(get().failed_count == 0 && get().may_try(NOW));
    store.act_blocking(|tx| accounts::set_password(tx, id(1), "other", false, NOW)).unwrap();
    assert!(!get().must_change && get().password_phc == "other");
    store.act_blocking(|tx| accounts::set_active(tx, id(1), false, NOW)).unwrap();
    assert!(!get().may_try(until));
    store.act_blocking(|tx| accounts::set_display_name(tx, id(1), "Hoa", NOW)).unwrap();
    assert_eq!(get().display_name, "Hoa");
    let nobody = store.act_blocking(|tx| accounts::set_active(tx, id(9), false, NOW));
    assert!(matches!(nobody, Err(ActError::Refused(StoreError::Rows { found: 0, .. }))));
}

#[test]
fn sessions_hold_until_they_end_and_can_all_be_ended() {
    let house = House::new();
    let store = house.open();
    add_account(&store, 1, "hoa").unwrap();
    for (token, account) in [("a", Some(id(1))), ("b", Some(id(1))), ("c", None)] {
        let new = NewSession {
            realm: "officer".into(),
            token_hash: sessions::token_hash(token.as_bytes()),
            account_id: account,
            csrf: [7; 32],
            user_agent: "x".repeat(500),
            expires_at_ms: NOW + 1000,
        };
        store.act_blocking(move |tx| sessions::start(tx, &new, NOW)).unwrap();
    }
    let hash = |token: &str| sessions::token_hash(token.as_bytes());
    let get =
        |token: &str, at| store.read_blocking(|r| sessions::by_token(r, &hash(token), at)).unwrap();
    let session = get("a", NOW).unwrap();
    assert_eq!(session.user_agent.len(), store::bounds::USER_AGENT_CHARS_MAX);
    assert!(session.account_id == Some(id(1)) && session.csrf == [7; 32]);
    assert!(get("c", NOW).unwrap().account_id.is_none());
    assert!(get("a", NOW + 1000).is_none(), "it ends by itself");
    assert!(!sessions::needs_touch(&session, NOW) && sessions::needs_touch(&session, NOW + 60_000));

    let a = hash("a");
    assert_eq!(store.act_blocking(move |tx| sessions::touch(tx, &a, NOW, NOW + 9000)), Ok(true));
    assert!(get("a", NOW + 1000).is_some());
    let all = || store.read_blocking(|r| sessions::by_account(r, id(1), NOW)).unwrap().len();
    assert_eq!(all(), 2);
    assert_eq!(store.act_blocking(move |tx| sessions::end_all(tx, id(1), Some(&a), NOW)), Ok(1));
    assert!(get("b", NOW).is_none() && get("a", NOW).is_some() && all() == 1);
    assert_eq!(store.act_blocking(move |tx| sessions::end(tx, &a, NOW)), Ok(true));
    assert_eq!(store.act_blocking(move |tx| sessions::end(tx, &a, NOW)), Ok(false));
    assert_eq!(store.act_blocking(move |tx| sessions::touch(tx, &a, NOW, NOW)), Ok(false));
    assert!(get("a", NOW).is_none() && get("c", NOW).is_some());
    assert_eq!(store.act_blocking(|tx| sessions::sweep(tx, NOW + 1000)), Ok(2));
}

#[test]
fn jobs_are_queued_once_leased_retried_and_given_up() {
    let house = House::new();
    let store = house.open();
    let add =
        || store.act_blocking(|tx| outbox::add(tx, (id(1), 3, "receipt"), "{}", NOW, NOW)).unwrap();
    assert!(add() && !add(), "the same event queues it once");
    let claim = |at| store.act_blocking(move |tx| outbox::claim(tx, 60_000, 10, at)).unwrap();
    let job = outbox::job_id(id(1), 3, "receipt");
    assert_eq!(claim(NOW - 1), []);
    assert_eq!(claim(NOW).iter().map(|j| (j.id, j.attempts)).collect::<Vec<_>>(), [(job, 1)]);
    assert_eq!(claim(NOW + 59_999), [], "it is leased");
    assert_eq!(claim(NOW + 60_000).len(), 1, "its worker died");

    let mut at = NOW + 60_000;
    let state = loop {
        let fail = store.act_blocking(move |tx| outbox::mark_failed(tx, job, "no route", at));
        let state = fail.unwrap();
        if state == JobState::Dead {
            break state;
        }
        at += store::bounds::JOB_RETRY_MAX_MS;
        assert_eq!(claim(at).len(), 1);
    };
    let get = || store.read_blocking(|r| outbox::by_id(r, job)).unwrap().unwrap();
    let dead = get();
    assert_eq!((dead.state, dead.attempts), (state, store::bounds::JOB_ATTEMPTS_MAX));
    assert_eq!((dead.next_at_ms, dead.last_error.as_deref()), (None, Some("no route")));
    let count = |state| store.read_blocking(move |r| outbox::count(r, state)).unwrap();
    assert_eq!(JobState::ALL.map(count), [0, 0, 0, 0, 1]);

    assert_eq!(store.act_blocking(move |tx| outbox::requeue(tx, job, at)), Ok(true));
    assert_eq!(claim(at).len(), 1);
    let sent = move |tx: &mut store::Tx<'_>| outbox::mark_sent(tx, job, Some(at + 5000), at);
    assert_eq!(store.act_blocking(sent), Ok(true));
    assert_eq!(claim(at + 4999), []);
    assert_eq!(claim(at + 5000).len(), 1, "nobody acknowledged it");
    assert_eq!(store.act_blocking(move |tx| outbox::mark_acked(tx, job, at)), Ok(true));
    assert_eq!(store.act_blocking(move |tx| outbox::mark_acked(tx, job, at)), Ok(false));
    let late = store.act_blocking(move |tx| outbox::mark_failed(tx, job, "late", at));
    assert_eq!(late, Ok(JobState::Acked), "a late failure changes nothing");
    assert_eq!(store.act_blocking(move |tx| outbox::requeue(tx, job, at)), Ok(false));
    assert_eq!((get().state, get().next_at_ms), (JobState::Acked, None));
}

#[test]
fn jobs_are_listed_newest_first_page_by_page() {
    let house = House::new();
    let store = house.open();
    for seq in 1..=5 {
        let add = move |tx: &mut store::Tx<'_>| {
            outbox::add(tx, (id(1), seq, "mail"), "{}", NOW, NOW + i64::try_from(seq / 2).unwrap())
        };
        store.act_blocking(add).unwrap();
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page =
            store.read_blocking(|r| outbox::by_state(r, JobState::Queued, before, 2)).unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.created_at_ms, last.id));
        seen.extend(page.iter().map(|job| (job.created_at_ms, job.id)));
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.windows(2).all(|two| two[0] > two[1]), "{seen:?}");
    assert_eq!(store.read_blocking(|r| outbox::by_stream(r, id(1))).unwrap().len(), 5);
}

#[test]
fn timers_come_due_in_order_and_fire_once() {
    let house = House::new();
    let store = house.open();
    let timer = |number: u128, due_at_ms, token: &str| Timer {
        due_at_ms,
        id: id(number),
        case_id: id(1),
        kind: "due".into(),
        token: token.into(),
    };
    let set = |timer: Timer| store.act_blocking(move |tx| timers::set(tx, &timer)).unwrap();
    let due = |at| {
        let found = store.read_blocking(move |r| timers::due(r, at, 10)).unwrap();
        found.iter().map(|t| t.id.as_u128()).collect::<Vec<_>>()
    };
    set(timer(1, 300, "a"));
    set(timer(2, 100, "b"));
    set(timer(3, 200, "c"));
    assert_eq!((due(99), due(200), due(300)), (vec![], vec![2, 3], vec![2, 3, 1]));
    assert_eq!(store.read_blocking(|r| timers::next_due(r)), Ok(Some(100)));
    set(timer(4, 250, "b"));
    assert_eq!(due(300), [3, 4, 1], "a new one takes the place of the old");
    let fired = timer(3, 200, "c");
    let fire = {
        let fired = fired.clone();
        move |tx: &mut store::Tx<'_>| timers::remove(tx, &fired)
    };
    assert_eq!(store.act_blocking(fire.clone()), Ok(true));
    assert_eq!(store.act_blocking(fire), Ok(false));
    assert_eq!(store.act_blocking(|tx| timers::remove_token(tx, id(1), "due", "a")), Ok(true));
    assert_eq!(store.read_blocking(|r| timers::by_case(r, id(1))).unwrap().len(), 1);
    assert_eq!(store.act_blocking(|tx| timers::remove_case(tx, id(1))), Ok(1));
    assert_eq!(store.read_blocking(|r| timers::next_due(r)), Ok(None));
}

#[test]
fn drafts_open_with_their_secret_only() {
    let house = House::new();
    let store = house.open();
    let draft = |content: &str| Draft {
        id: id(1),
        procedure: "1.001193".into(),
        lang: "vi".into(),
        content: content.into(),
        updated_at_ms: NOW,
        expires_at_ms: NOW + 1000,
    };
    let save = |secret: &'static [u8], content: &str| {
        let draft = draft(content);
        store.act_blocking(move |tx| drafts::save(tx, &mut rng(1), secret, &draft)).unwrap()
    };
    let get = |secret: &'static [u8], at| {
        store.read_blocking(move |r| drafts::get(r, id(1), secret, at)).unwrap()
    };
    assert!(save(b"mine", "{}") && save(b"mine", "{\"a\":1}"));
    assert!(!save(b"other", "{}"), "somebody else's draft is not overwritten");
    assert_eq!(get(b"mine", NOW), Some(draft("{\"a\":1}")));
    assert_eq!((get(b"other", NOW), get(b"mine", NOW + 1000)), (None, None));
    assert_eq!(store.act_blocking(|tx| drafts::remove(tx, id(1), b"other")), Ok(false));
    assert_eq!(store.act_blocking(|tx| drafts::remove(tx, id(1), b"mine")), Ok(true));
    save(b"mine", "{}");
    assert_eq!(store.act_blocking(|tx| drafts::sweep(tx, NOW + 1000)), Ok(1));
}

#[test]
fn settings_and_documents_are_found_by_key_and_day() {
    let house = House::new();
    let store = house.open();
    store.act_blocking(|tx| settings::set(tx, "demo.clock", "1", NOW)).unwrap();
    store.act_blocking(|tx| settings::set(tx, "demo.clock", "2", NOW)).unwrap();
    drop(store);
    let store = house.open();
    let get = || store.read_blocking(|r| settings::get(r, "demo.clock"));
    assert_eq!(get(), Ok(Some("2".into())));
    assert_eq!(store.act_blocking(|tx| settings::remove(tx, "demo.clock")), Ok(true));
    assert_eq!(get(), Ok(None));

    let document = |key: &str, from: &str, to: Option<&str>| Document {
        kind: "unit".into(),
        key: key.into(),
        valid_from: from.into(),
        valid_to: to.map(Into::into),
        body: "{}".into(),
    };
    let all = [
        document("a", "2019-01-01", Some("2025-07-01")),
        document("a", "2025-07-01", None),
        document("b", "2019-01-01", Some("2025-07-01")),
    ];
    let put = all.clone();
    store.act_blocking(move |tx| put.iter().rev().try_for_each(|d| catalog::put(tx, d))).unwrap();
    assert_eq!(store.read_blocking(|r| catalog::by_kind(r, "unit")), Ok(all.to_vec()));
    assert_eq!(store.read_blocking(|r| catalog::by_key(r, "unit", "a")).unwrap(), all[..2]);
    let on = |key: &'static str, day: &'static str| {
        store.read_blocking(move |r| catalog::on(r, "unit", key, day)).unwrap()
    };
    assert_eq!(on("a", "2025-06-30"), Some(all[0].clone()));
    assert_eq!(on("a", "2025-07-01"), Some(all[1].clone()));
    assert_eq!((on("b", "2025-07-01"), on("a", "2018-12-31")), (None, None));
    let remove = |tx: &mut store::Tx<'_>| catalog::remove(tx, "unit", "b", "2019-01-01");
    assert_eq!(store.act_blocking(remove), Ok(true));
    assert_eq!(on("b", "2019-06-01"), None);
}
