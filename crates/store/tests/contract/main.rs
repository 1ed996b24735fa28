//! The contract of the store, in one binary: what it promises to everything above it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a broken promise ends the test, also in its helpers"
)]

mod asked;
mod cases;
mod crash;
mod desk_lists;
mod faults;
mod memo;
mod migrations;
mod operations;
mod plans;
mod rooms;
mod secrets;
mod timers;
mod versions;
mod writer;

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::path::PathBuf;
use store::journal::Entry;
use store::{Keys, Options, Store, StoreError, Tx};
use uuid::Uuid;

/// 25 April 2019, 09:12 in Vietnam.
const NOW: i64 = 1_556_158_320_000;

/// A folder with keys beside it, as an installation has them.
struct House {
    root: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("data")).unwrap();
        let house = Self { root };
        Keys::create(&house.key_file(), &mut rng(1)).unwrap();
        house
    }

    fn data(&self) -> PathBuf {
        self.root.path().join("data")
    }

    fn key_file(&self) -> PathBuf {
        self.root.path().join("master.keys")
    }

    fn keys(&self) -> Keys {
        Keys::load(&self.key_file()).unwrap()
    }

    fn open(&self) -> Store {
        self.open_with(options()).unwrap()
    }

    fn open_with(&self, options: Options) -> Result<Store, StoreError> {
        Store::open(&self.data(), self.keys(), options)
    }
}

fn options() -> Options {
    Options { migrate_at_ms: Some(NOW), ..Options::default() }
}

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn entry(body: &str) -> Entry {
    Entry {
        at_ms: NOW,
        by: "account".into(),
        on_behalf_of: None,
        unit: Some("kg.rach-gia".into()),
        kind: "noted".into(),
        version: 1,
        body: body.into(),
    }
}

/// Appends one row at the end of a stream, whatever its end is.
fn note(tx: &mut Tx<'_>, stream: Uuid, body: &str) -> Result<u64, StoreError> {
    let head = store::journal::head(tx, stream)?;
    let rows = store::journal::append(tx, stream, head.seq, &[entry(body)])?;
    Ok(rows[0].head.seq)
}

fn rows(store: &Store) -> u64 {
    store.read_blocking(|r| store::journal::last_number(r)).unwrap()
}

/// The whole chain, which must hold.
fn checked(store: &Store) -> store::journal::Checked {
    let checked = store.read_blocking(|r| store::journal::check(r)).unwrap();
    assert_eq!(checked.first_bad, None);
    checked
}
