//! A full disk, a read-only disk, a second program, a database edited by hand.

use crate::{House, NOW, checked, entry, id, note, options, rows};
use std::process::Command;
use store::journal::{self, BadReason};
use store::{ActError, DATABASE_FILE, Keys, Options, Statement, Store, StoreError, audit};

/// A folder in memory of a given size, if this user may make one.
struct SmallDisk {
    root: tempfile::TempDir,
}

impl SmallDisk {
    fn new(kib: u32) -> Option<Self> {
        let root = tempfile::tempdir().unwrap();
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"])
            .arg(root.path())
            .output();
        done.is_ok_and(|output| output.status.success()).then_some(Self { root })
    }

    fn remount_read_only(&self) {
        let done = Command::new("mount").args(["-o", "remount,ro"]).arg(self.root.path()).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.root.path()).status();
    }
}

/// Writes until the store refuses; returns what was acknowledged and the refusal.
fn fill(store: &Store) -> (u64, StoreError) {
    let body = "x".repeat(20_000);
    let mut acknowledged = 0;
    loop {
        let body = body.clone();
        match store.act_blocking(move |tx| note(tx, id(1), &body)) {
            Ok(_) => acknowledged += 1,
            Err(error) => return (acknowledged, error.into_store()),
        }
        assert!(acknowledged < 10_000, "it never became full");
    }
}

#[test]
fn a_database_at_its_size_limit_acknowledges_nothing_more_and_goes_on_reading() {
    let house = House::new();
    let store = house.open_with(Options { max_pages: Some(200), ..options() }).unwrap();
    let (acknowledged, refusal) = fill(&store);
    assert_eq!(refusal, StoreError::Full);
    assert!(acknowledged > 5 && refusal.is_passing());
    assert_eq!(rows(&store), acknowledged);

    // As soon as there is room again, it goes on without a restart.
    const MORE: Statement = Statement { name: "more", sql: "PRAGMA max_page_count = 400" };
    store.act_blocking(|tx| store::Query::query(tx, &MORE, &[], |_| Ok(()))).unwrap();
    assert_eq!(store.act_blocking(|tx| note(tx, id(1), "{}")), Ok(acknowledged + 1));
    assert_eq!(checked(&store).rows, acknowledged + 1);
}

#[test]
fn a_full_disk_acknowledges_nothing_more_and_keeps_what_it_acknowledged() {
    let Some(disk) = SmallDisk::new(3_000) else {
        // The size limit above covers the rest.
        eprintln!("NOT RUN: a small disk needs the right to mount; run the suite as root");
        return;
    };
    let keys = || Keys::unsaved(&mut crate::rng(1));
    let store = Store::open(disk.root.path(), keys(), options()).unwrap();
    let (acknowledged, refusal) = fill(&store);
    assert!(matches!(refusal, StoreError::Full | StoreError::Io(_)), "{refusal:?}");
    assert!(acknowledged > 5);
    assert_eq!(checked(&store).rows, acknowledged);
    drop(store);
    let store = Store::open(disk.root.path(), keys(), options()).unwrap();
    assert_eq!(checked(&store).rows, acknowledged);
    drop(store);

    disk.remount_read_only();
    let refused = Store::open(disk.root.path(), keys(), options());
    assert_eq!(refused.map(drop), Err(StoreError::ReadOnly));
}

#[test]
fn a_database_that_turns_read_only_fails_the_act_and_says_so() {
    let house = House::new();
    let store = house.open();
    store.act_blocking(|tx| note(tx, id(1), "{}")).unwrap();
    const FREEZE: Statement = Statement { name: "freeze", sql: "PRAGMA query_only = 1" };
    store.act_blocking(|tx| tx.execute(&FREEZE, &[])).unwrap();
    let refused = store.act_blocking(|tx| note(tx, id(1), "{}"));
    assert_eq!(refused, Err(ActError::Store(StoreError::ReadOnly)));
    assert_eq!(rows(&store), 1);
    assert_eq!(store.statistics().lost, 1);
}

#[test]
fn a_second_program_may_read_but_not_write() {
    let house = House::new();
    let store = house.open();
    store.act_blocking(|tx| note(tx, id(1), "{}")).unwrap();
    assert_eq!(house.open_with(options()).map(drop), Err(StoreError::Locked(house.data())));

    let reading = house.open_with(Options { read_only: true, ..Options::default() }).unwrap();
    assert_eq!(rows(&reading), 1);
    let refused = reading.act_blocking(|tx| note(tx, id(1), "{}"));
    assert_eq!(refused, Err(ActError::Store(StoreError::ReadOnly)));
    drop((store, reading));
    assert_eq!(rows(&house.open()), 1, "closing lets the next program in");
}

#[test]
fn a_database_without_migration_is_refused_with_both_versions() {
    let house = House::new();
    let needed = store::newest_schema();
    let refused = house.open_with(Options::default()).map(drop);
    assert_eq!(refused, Err(StoreError::Behind { found: 0, needed }));
    drop(house.open());
    drop(house.open_with(Options::default()).unwrap());
}

fn edit(house: &House, sql: &str) {
    let changed = rusqlite::Connection::open(house.data().join(DATABASE_FILE))
        .unwrap()
        .execute(sql, [])
        .unwrap();
    assert!(changed > 0, "{sql}");
}

/// Six rows in two streams, then an edit by hand: the number and kind of the first bad row.
fn first_bad(sql: &str) -> (u64, BadReason) {
    let house = House::new();
    let store = house.open();
    for number in 0..6 {
        store.act_blocking(move |tx| note(tx, id(number % 2), "{\"n\":1}")).unwrap();
    }
    drop(store);
    edit(&house, sql);
    let store = house.open();
    let bad = store.read_blocking(|r| journal::check(r)).unwrap().first_bad.expect("a bad row");
    (bad.number, bad.reason)
}

#[test]
fn the_first_row_edited_by_hand_is_named() {
    let content = |seq| BadReason::Chain(store::envelope::Broken::Content(seq));
    assert_eq!(
        first_bad("UPDATE journal SET body = '{\"n\":2}' WHERE number = 3"),
        (3, content(2))
    );
    assert_eq!(first_bad("UPDATE journal SET at = at + 1 WHERE number = 6"), (6, content(3)));
    assert_eq!(first_bad("UPDATE journal SET unit = NULL WHERE number = 1"), (1, content(1)));
    assert_eq!(first_bad("DELETE FROM journal WHERE number = 2"), (2, BadReason::Missing));
    let column = BadReason::Column { column: 11, expected: "bytes of a fixed length" };
    assert_eq!(first_bad("UPDATE journal SET hash = x'00' WHERE number = 4"), (4, column));
}

#[test]
fn access_records_are_a_chain_of_their_own() {
    let house = House::new();
    let store = house.open();
    for number in 1..=4 {
        let access = audit::Access {
            at_ms: NOW,
            actor: "account".into(),
            act: "search".into(),
            case_id: (number == 2).then(|| id(9)),
            filter: Some("{\"state\":\"open\"}".into()),
            ids: (0..number * 100).map(id).collect(),
        };
        store.act_blocking(move |tx| audit::record(tx, &access)).unwrap();
    }
    let all = store.read_blocking(|r| audit::after(r, 0)).unwrap();
    let shown: Vec<_> = all.iter().map(|a| (a.number, a.count, a.access.ids.len())).collect();
    assert_eq!(shown, [(1, 100, 100), (2, 200, 200), (3, 300, 0), (4, 400, 0)]);
    let by_case = store.read_blocking(|r| audit::by_case(r, id(9), None, 10)).unwrap();
    assert_eq!(by_case.iter().map(|a| a.number).collect::<Vec<_>>(), [2]);
    let by_actor = store.read_blocking(|r| audit::by_actor(r, "account", Some(4), 2)).unwrap();
    assert_eq!(by_actor.iter().map(|a| a.number).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(store.read_blocking(|r| audit::check(r)), Ok((4, None)));
    drop(store);
    edit(&house, "UPDATE access_record SET count = 1 WHERE number = 3");
    assert_eq!(house.open().read_blocking(|r| audit::check(r)), Ok((2, Some(3))));
}

#[test]
fn a_body_beyond_its_limit_is_refused() {
    let house = House::new();
    let store = house.open();
    let body = "x".repeat(store::bounds::BODY_BYTES_MAX + 1);
    let refused =
        store.act_blocking(move |tx| journal::append(tx, id(1), 0, &[entry(&body)]).map(drop));
    let max = store::bounds::BODY_BYTES_MAX;
    let too_large = StoreError::TooLarge { what: "journal body", max };
    assert_eq!(refused, Err(ActError::Refused(too_large)));
}
