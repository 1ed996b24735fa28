//! Every statement: prepared, explained over filled tables, and never walking through a large one.

use crate::{House, NOW, id, note, rng};
use store::secrets::{self, NewParticular};
use store::{LARGE_TABLES, Statement, Store, StoreError, audit, outbox, sessions};

const ROWS: u128 = 2_000;

fn filled(house: &House) -> Store {
    let store = house.open();
    store
        .act_blocking(|tx| {
            let mut rng = rng(1);
            for number in 0..ROWS {
                let seq = note(tx, id(number / 4), "{}")?;
                secrets::subject_add(tx, &mut rng, id(number), NOW)?;
                let new = NewParticular {
                    id: id(number),
                    subject_id: id(number),
                    case_id: Some(id(number / 4)),
                    kind: "name",
                    plain: b"An",
                };
                secrets::put(tx, &mut rng, &new, NOW)?;
                secrets::blind_index(tx, "phone", &number.to_string(), id(number))?;
                outbox::add(tx, (id(number / 4), seq, "mail"), "{}", NOW, NOW)?;
                let access = audit::Access {
                    at_ms: NOW,
                    actor: (number % 7).to_string(),
                    act: "open".into(),
                    case_id: Some(id(number / 4)),
                    ..audit::Access::default()
                };
                audit::record(tx, &access)?;
                let new = sessions::NewSession {
                    realm: "officer".into(),
                    token_hash: sessions::token_hash(&number.to_be_bytes()),
                    account_id: None,
                    csrf: [0; 32],
                    user_agent: String::new(),
                    expires_at_ms: NOW,
                };
                sessions::start(tx, &new, NOW)?;
                store::pins::issue(tx, &mut rng, id(number), NOW)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    store.analyse_blocking().unwrap();
    store
}

#[test]
fn no_statement_walks_through_a_large_table() {
    let house = House::new();
    let store = filled(&house);
    let mut bad = Vec::new();
    for statement in store::statements() {
        let steps = store.explain(&statement);
        for step in steps.unwrap_or_else(|error| panic!("{}: {error}", statement.name)) {
            let walks = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
            if walks.is_some_and(|table| LARGE_TABLES.contains(&table)) && !bounded(&statement) {
                bad.push(format!("{}: {step}", statement.name));
            }
        }
    }
    assert_eq!(bad, Vec::<String>::new());
}

/// Statements that take one row at the end of an index, which the engine calls a walk.
fn bounded(statement: &Statement) -> bool {
    statement.name == "access_record_last" && statement.sql.ends_with("LIMIT 1")
}

#[test]
fn the_check_itself_sees_a_walk() {
    let house = House::new();
    let store = filled(&house);
    let walk = Statement { name: "walk", sql: "SELECT number FROM journal WHERE body = $1" };
    assert_eq!(store.explain(&walk).unwrap(), ["SCAN journal"]);
}

#[test]
fn statements_have_names_of_their_own_and_placeholders_in_order() {
    let mut names = std::collections::HashSet::new();
    for statement in store::statements() {
        assert!(names.insert(statement.name), "{} twice", statement.name);
        let mut next = 1;
        for piece in statement.sql.split('$').skip(1) {
            let digits: String = piece.chars().take_while(char::is_ascii_digit).collect();
            let number: u32 = digits.parse().unwrap();
            assert!(number <= next, "{}: ${number} before ${next}", statement.name);
            next = next.max(number + 1);
        }
        assert!(!statement.sql.contains('?'), "{}", statement.name);
    }
    assert!(names.len() > 60, "{}", names.len());
}
