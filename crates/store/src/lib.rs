//! The only crate that opens a database: the door, the façade for statements, and one file per
//! resource.
//!
//! A unit of work is a closure over [`Tx`]; it runs on the writer's thread together with its
//! neighbours, and its caller is answered after the commit ([`Store::act`]). Reads have connections
//! of their own ([`Store::read`]). Both ask through [`Query`], with named statements.

pub mod accounts;
pub mod announcements;
pub mod audit;
pub mod batches;
pub mod bounds;
pub mod cases;
pub mod catalog;
pub mod delegations;
mod dialect;
pub mod drafts;
mod error;
pub mod idempotency;
pub mod journal;
pub mod limits;
mod memo;
mod migrate;
pub mod outbox;
pub mod pins;
pub mod probe;
pub mod process_drafts;
pub mod process_migrations;
pub mod process_trials;
pub mod processes;
pub mod questions;
mod readers;
pub mod secrets;
pub mod sessions;
pub mod settings;
mod sql;
pub mod staff;
mod store;
pub mod timers;
pub mod views;
mod writer;

pub use error::{ActError, KeyError, StoreError};
pub use kernel::journal as envelope;
pub use migrate::newest as newest_schema;
pub use secrets::Keys;
pub use sql::{Query, Reader, Row, Statement, Tx, Value};
pub use store::{DATABASE_FILE, LOCK_FILE, Options, Statistics, Store};

/// Tables that grow with the number of cases, people or accesses; no statement walks through one.
pub const LARGE_TABLES: [&str; 18] = [
    "case_file",
    "case_process",
    "process_migration_case",
    "work",
    "case_party",
    "case_word",
    "journal",
    "particular",
    "subject",
    "subject_lookup",
    "outbox",
    "access_record",
    "session",
    "pin",
    "draft",
    "batch",
    "batch_line",
    "case_question",
];

/// Every statement of the store: prepared, explained and counted by the contract suite.
#[must_use]
pub fn statements() -> Vec<Statement> {
    [
        accounts::statements().to_vec(),
        audit::statements().to_vec(),
        batches::statements().to_vec(),
        cases::statements(),
        catalog::statements().to_vec(),
        delegations::statements().to_vec(),
        drafts::statements().to_vec(),
        idempotency::statements().to_vec(),
        journal::statements().to_vec(),
        limits::statements().to_vec(),
        outbox::statements().to_vec(),
        pins::statements().to_vec(),
        process_drafts::statements().to_vec(),
        process_migrations::statements().to_vec(),
        process_trials::statements().to_vec(),
        questions::statements().to_vec(),
        secrets::statements().to_vec(),
        sessions::statements().to_vec(),
        settings::statements().to_vec(),
        timers::statements().to_vec(),
        views::statements().to_vec(),
    ]
    .concat()
}
