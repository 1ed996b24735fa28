//! Every statement of the store, explained over the rows of thousands of real cases: none walks
//! through a table that grows.

use kernel::calendar::{Date, Instant};
use motcua::bench;
use motcua::{config, demo_fill, install};
use store::{LARGE_TABLES, Statement, Store};

/// Cases, each with some ten events, and the rows that hang on it.
const CASES: usize = 5_000;
/// Rows that there are at least: some three stand beside each row of the journal.
const ROWS: u64 = 100_000;

/// Statements that the engine calls a walk although they take a few rows at one end, with why.
const BOUNDED: [(&str, &str); 1] =
    [("access_record_last", "one row at the end of the primary key")];

#[test]
fn no_statement_walks_through_a_table_that_grows() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(&dir.path().join("data"));
    let (mut bad, mut used) = (Vec::new(), Vec::new());
    for statement in store::statements() {
        for step in walks(&store, &statement) {
            match BOUNDED.iter().find(|(name, _)| *name == statement.name) {
                Some((name, _)) => used.push(*name),
                None => bad.push(format!("{}: {step}", statement.name)),
            }
        }
    }
    assert_eq!(bad, Vec::<String>::new());
    let idle = BOUNDED.iter().filter(|(name, _)| !used.contains(name)).collect::<Vec<_>>();
    assert!(idle.is_empty(), "no longer needed: {idle:?}");
}

fn walks(store: &Store, statement: &Statement) -> Vec<String> {
    let steps = store.explain(statement);
    let steps = steps.unwrap_or_else(|error| panic!("{}: {error}", statement.name));
    let large = |step: &String| {
        let table = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
        table.is_some_and(|table| LARGE_TABLES.contains(&table))
    };
    steps.into_iter().filter(large).collect()
}

fn filled(data: &std::path::Path) -> Store {
    let flags = config::Flags { data: Some(data.to_path_buf()), ..config::Flags::default() };
    let config = config::load(&flags, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let now = Instant::at(Date::from_ymd_opt(2019, 4, 25).unwrap(), 9, 12);
    let set = demo_fill::set_on(now.date());
    let mut installation = install::create(&config, [9; 32], now.0).unwrap();
    demo_fill::people(&mut installation, set, now).unwrap();
    let made = bench::bulk(&installation, set, now, CASES, 11, &mut |_| {}).unwrap();
    assert!(made.cases == CASES && made.acts > CASES * 4, "{made:?}");
    let last = installation.store.read_blocking(|r| store::journal::last_number(r));
    assert!(last.unwrap() * 3 > ROWS, "too few rows to tell a walk from a step");
    installation.store.analyse_blocking().unwrap();
    installation.store
}
