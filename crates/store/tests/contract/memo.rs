//! What the writer remembers of rows never outlives the rows themselves.

use crate::House;
use crate::cases::*;
use kernel::case::Command;
use store::cases::{self, CaseError};
use store::{DATABASE_FILE, secrets};

#[test]
fn a_refusal_after_an_act_takes_back_what_was_remembered_of_it() {
    let house = House::new();
    let store = house.open();
    let case = submitted(&store, 3, 1);
    accept(&store, case.id).unwrap();
    let id = case.id;
    // The unit forwards, sees its own act, and is refused in the end.
    let refused = unit(&store, &clerk_of_desk(), now(), 2, move |tx, env| {
        let before = cases::by_id(tx, id.0)?.unwrap().case.seq;
        let done = cases::act(tx, env, id, None, &Command::Forward)?;
        assert!(done.case.seq > before);
        assert_eq!(cases::by_id(tx, id.0)?.unwrap().case, done.case, "it sees what it wrote");
        Err::<(), _>(CaseError::NotFound)
    });
    assert_eq!(refused, Err(CaseError::NotFound));
    let seen = unit(&store, &clerk_of_desk(), now(), 3, move |tx, _| {
        Ok(cases::by_id(tx, id.0)?.unwrap().case)
    });
    let stored = store.read_blocking(move |r| cases::by_id(r, id.0)).unwrap().unwrap();
    assert_eq!(seen.unwrap(), stored.case, "the writer and a reader see the same");
    act(&store, &clerk_of_desk(), id, None, Command::Forward).unwrap();
    proven(&store);
}

#[test]
fn what_another_program_wrote_is_seen_by_the_next_act() {
    let house = House::new();
    let store = house.open();
    let id = submitted(&store, 1, 1).id;
    let accepted = accept(&store, id).unwrap();
    let other = rusqlite::Connection::open(house.data().join(DATABASE_FILE)).unwrap();
    let changed = "UPDATE case_file SET state = replace(state, '\"paid_vnd\":0', '\"paid_vnd\":7')";
    assert_eq!(other.execute(changed, []).unwrap(), 1);
    let seen = unit(&store, &clerk_of_desk(), now(), 3, move |tx, _| {
        Ok(cases::by_id(tx, id.0)?.unwrap().case)
    });
    assert_eq!((accepted.paid_vnd, seen.unwrap().paid_vnd), (0, 7));
}

#[test]
fn the_key_of_an_erased_person_is_forgotten() {
    let house = House::new();
    let store = house.open();
    let case = submitted(&store, 1, 1);
    assert!(reason(&store, &case).is_some(), "their key was just used");
    let (subject, at) = (case.subject, now().0);
    let erase = store.act_blocking(move |tx| secrets::erase(tx, subject.0, at));
    assert_eq!(erase, Ok(true));
    let after = unit(&store, &clerk_of_desk(), now(), 4, move |tx, env| {
        Ok(cases::keep(tx, env, subject, Some(case.id), "reason", "Vì thiếu giấy")?)
    });
    assert!(matches!(after, Err(CaseError::Store(_))), "nothing can be sealed for them: {after:?}");
}
