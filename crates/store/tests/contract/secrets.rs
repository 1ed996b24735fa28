//! Keys and particulars: sealed, found blindly, erased for good, carried through a rotation.

use crate::{House, NOW, id, options, rng};
use std::os::unix::fs::PermissionsExt;
use store::secrets::{self, NewParticular};
use store::{ActError, DATABASE_FILE, KeyError, Keys, Store, StoreError};
use uuid::Uuid;

const PERSON: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

/// Two people with a phone each in one case; returns the first one's commitment.
fn two_people(store: &Store) -> [u8; 32] {
    store
        .act_blocking(|tx| {
            let mut rng = rng(5);
            let mut promise = [0; 32];
            for (person, phone) in [(OTHER, "0911111111"), (PERSON, "0922222222")] {
                secrets::subject_add(tx, &mut rng, person, NOW)?;
                let new = NewParticular {
                    id: id(person.as_u128() + 100),
                    subject_id: person,
                    case_id: Some(id(50)),
                    kind: "phone",
                    plain: phone.as_bytes(),
                };
                promise = secrets::put(tx, &mut rng, &new, NOW)?;
                secrets::blind_index(tx, "phone", phone, person)?;
            }
            Ok::<_, StoreError>(promise)
        })
        .unwrap()
}

fn phone(store: &Store, person: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    let found = store.read_blocking(|r| secrets::particular_get(r, id(person.as_u128() + 100)));
    found.map(|found| found.unwrap().plain).map_err(ActError::into_store)
}

fn lookup(store: &Store, phone: &str) -> Vec<Uuid> {
    store.read_blocking(|r| secrets::blind_lookup(r, "phone", phone)).unwrap()
}

/// Whether the bytes stand anywhere in the database's files.
fn on_disk(house: &House, bytes: &[u8]) -> bool {
    std::fs::read_dir(house.data()).unwrap().any(|file| {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn particulars_are_kept_sealed_and_found_blindly() {
    let house = House::new();
    let store = house.open();
    let promise = two_people(&store);
    let found = store.read_blocking(|r| secrets::particulars_by_case(r, PERSON, id(50))).unwrap();
    let [mine] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(mine.plain.as_deref(), Some(b"0922222222".as_slice()));
    assert_eq!(mine.commitment, Some(promise));
    assert_eq!(lookup(&store, "0922222222"), [PERSON]);
    assert!(lookup(&store, "0933333333").is_empty());
    assert!(!on_disk(&house, b"0922222222"));
    store.act_blocking(|tx| secrets::blind_forget(tx, "phone", "0922222222", PERSON)).unwrap();
    assert!(lookup(&store, "0922222222").is_empty());
}

#[test]
fn erasing_a_person_makes_everything_unreadable_and_touches_nobody_else() {
    let house = House::new();
    let store = house.open();
    two_people(&store);
    let file = store
        .read_blocking(|r| secrets::seal_blob(r, &mut rng(9), PERSON, id(7), b"a deed"))
        .unwrap();
    let open = |file: &[u8]| store.read_blocking(|r| secrets::open_blob(r, PERSON, id(7), file));
    assert_eq!(open(&file).unwrap(), b"a deed");
    let mut altered = file.clone();
    altered[30] ^= 1;
    let damaged = Err(ActError::Refused(StoreError::Keys(KeyError::Sealed)));
    assert_eq!(open(&altered), damaged);

    assert_eq!(store.act_blocking(|tx| secrets::erase(tx, PERSON, NOW + 5)), Ok(true));
    assert_eq!(store.act_blocking(|tx| secrets::erase(tx, PERSON, NOW + 6)), Ok(false));
    assert_eq!(phone(&store, PERSON), Ok(None));
    assert!(lookup(&store, "0922222222").is_empty());
    assert_eq!(open(&file), Err(ActError::Refused(StoreError::Keys(KeyError::Erased))));
    let state = |person| store.read_blocking(move |r| secrets::subject_is_erased(r, person));
    assert_eq!(
        (state(PERSON), state(OTHER), state(id(77))),
        (Ok(Some(true)), Ok(Some(false)), Ok(None))
    );
    let list = store.read_blocking(|r| secrets::erasures_after(r, None, 10)).unwrap();
    assert_eq!(list, [secrets::Erasure { subject_id: PERSON, erased_at_ms: NOW + 5 }]);
    let rest = store.read_blocking(|r| secrets::erasures_after(r, Some(list[0]), 10));
    assert_eq!(rest, Ok(vec![]));

    assert_eq!(phone(&store, OTHER), Ok(Some(b"0911111111".to_vec())));
    assert_eq!(lookup(&store, "0911111111"), [OTHER]);
}

#[test]
fn an_erased_key_is_not_left_in_the_database_file() {
    let house = House::new();
    let store = house.open();
    two_people(&store);
    drop(store);
    let wrapped: Vec<u8> = rusqlite::Connection::open(house.data().join(DATABASE_FILE))
        .unwrap()
        .query_row("SELECT wrapped_key FROM subject WHERE id = $1", [PERSON.as_bytes()], |row| {
            row.get(0)
        })
        .unwrap();
    assert!(on_disk(&house, &wrapped));
    let store = house.open();
    store.act_blocking(|tx| secrets::erase(tx, PERSON, NOW)).unwrap();
    drop(store);
    assert!(!on_disk(&house, &wrapped));
}

#[test]
fn a_particular_moved_to_another_person_does_not_open() {
    let house = House::new();
    let store = house.open();
    two_people(&store);
    drop(store);
    let database = rusqlite::Connection::open(house.data().join(DATABASE_FILE)).unwrap();
    let swap = "UPDATE particular SET sealed =
        (SELECT p.sealed FROM particular AS p WHERE p.subject_id <> particular.subject_id)
        WHERE subject_id = $1";
    assert_eq!(database.execute(swap, [PERSON.as_bytes()]).unwrap(), 1);
    drop(database);
    assert_eq!(phone(&house.open(), PERSON), Err(StoreError::Keys(KeyError::Sealed)));
}

#[test]
fn a_rotation_keeps_everything_readable_and_findable() {
    let house = House::new();
    let store = house.open();
    two_people(&store);
    drop(store);
    let mut keys = house.keys();
    assert_eq!(keys.rotate(&mut rng(11)), Ok(2));
    assert_eq!(house.keys().current(), 2);

    let store = house.open();
    assert_eq!(phone(&store, PERSON), Ok(Some(b"0922222222".to_vec())));
    let step = || store.act_blocking(|tx| secrets::rewrap(tx, &mut rng(12), 1)).unwrap();
    assert_eq!([step(), step(), step()], [1, 1, 0]);
    assert_eq!(phone(&store, PERSON), Ok(Some(b"0922222222".to_vec())));
    assert_eq!(lookup(&store, "0922222222"), [PERSON]);
    let again = store.act_blocking(|tx| secrets::blind_index(tx, "phone", "0922222222", PERSON));
    assert_eq!(again, Ok(()));
    assert_eq!(lookup(&store, "0922222222"), [PERSON]);
}

#[test]
fn the_key_file_is_guarded() {
    let house = House::new();
    let path = house.key_file();
    let mode = |mode| std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
    for wide in [0o640, 0o604, 0o644, 0o660, 0o700] {
        mode(wide);
        let refused = Keys::load(&path).map(drop);
        assert_eq!(refused, Err(KeyError::Mode { path: path.clone(), mode: wide }));
    }
    mode(0o600);
    assert_eq!(Keys::create(&path, &mut rng(1)).map(drop), Err(KeyError::Exists(path.clone())));
    assert!(!format!("{:?}", house.keys()).contains(&"0".repeat(8)));

    let whole = std::fs::read_to_string(&path).unwrap();
    for (text, line) in [("", 1), ("motcua-master-keys 1\n", 2), (&whole[..40], 2)] {
        std::fs::write(&path, text).unwrap();
        let Err(KeyError::Line { line: found, .. }) = Keys::load(&path) else {
            panic!("{text:?} was read");
        };
        assert_eq!(found, line);
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(Keys::load(&path).map(drop), Err(KeyError::Missing(path)));
}

#[test]
fn keys_inside_the_database_folder_are_refused() {
    let house = House::new();
    let inside = house.data().join("master.keys");
    let keys = Keys::create(&inside, &mut rng(1)).unwrap();
    let refused = Store::open(&house.data(), keys, options()).map(drop);
    assert_eq!(refused, Err(StoreError::Keys(KeyError::Inside(inside))));
}
