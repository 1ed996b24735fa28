//! Migrations: numbered steps inside the program, each applied once, in order, never edited.

use crate::dialect::sqlite;
use crate::error::StoreError;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

/// One step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Number, from 1 without gaps.
    pub number: u32,
    /// What it does.
    pub name: &'static str,
    /// Its statements.
    pub sql: &'static str,
}

macro_rules! steps {
    ($($number:literal $name:literal),* $(,)?) => {
        &[$(Step {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../migrations/", $name, ".sql")),
        }),*]
    };
}

/// All steps, oldest first.
pub const STEPS: &[Step] = steps![
    1 "0001_journal",
    2 "0002_secrets",
    3 "0003_accounts",
    4 "0004_outbox_timers",
    5 "0005_portal",
    6 "0006_audit",
    7 "0007_catalog",
    8 "0008_case",
    9 "0009_particular_by_time",
    10 "0010_work_by_holder",
    11 "0011_process_draft",
    12 "0012_process_draft_past",
    13 "0013_case_process",
    14 "0014_process_trial",
    15 "0015_process_migration",
    16 "0016_saved_view",
];

const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS schema_version (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum BLOB NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT";

/// Newest schema that this program knows.
#[must_use]
pub fn newest() -> u32 {
    STEPS.last().map_or(0, |step| step.number)
}

fn checksum(step: &Step) -> [u8; 32] {
    Sha256::digest(step.sql.as_bytes()).into()
}

/// The steps that a database has, with their checksums.
fn applied(connection: &Connection) -> Result<Vec<(u32, Vec<u8>)>, StoreError> {
    let exists: bool = connection
        .query_row(
            "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = $1",
            ["schema_version"],
            |row| row.get(0),
        )
        .map_err(sqlite::error)?;
    if !exists {
        return Ok(Vec::new());
    }
    let mut statement = connection
        .prepare("SELECT number, checksum FROM schema_version ORDER BY number")
        .map_err(sqlite::error)?;
    let rows =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(sqlite::error)?;
    rows.collect::<Result<_, _>>().map_err(sqlite::error)
}

/// The number of the last applied step, after comparing each with what this program carries.
fn known(connection: &Connection) -> Result<u32, StoreError> {
    let applied = applied(connection)?;
    let found = applied.last().map_or(0, |(number, _)| *number);
    if found > newest() {
        return Err(StoreError::Newer { found, known: newest() });
    }
    for (index, (number, sum)) in applied.iter().enumerate() {
        match STEPS.get(index) {
            Some(step) if step.number == *number && checksum(step) == sum.as_slice() => {}
            _ => return Err(StoreError::Altered(*number)),
        }
    }
    Ok(found)
}

/// Refuses a database that is not exactly at this program's schema.
///
/// # Errors
/// `Behind`, `Newer`, `Altered`.
pub(crate) fn check(connection: &Connection) -> Result<(), StoreError> {
    let found = known(connection)?;
    if found < newest() {
        return Err(StoreError::Behind { found, needed: newest() });
    }
    Ok(())
}

/// Applies what is missing, each step with its note in one transaction.
///
/// # Errors
/// `Newer`, `Altered`, or what the engine says; the step that failed leaves nothing.
pub(crate) fn run(connection: &Connection, now_ms: i64) -> Result<(), StoreError> {
    let found = known(connection)?;
    sqlite::script(connection, VERSIONS)?;
    for step in STEPS.iter().filter(|step| step.number > found) {
        sqlite::script(connection, "BEGIN IMMEDIATE")?;
        let result = apply(connection, step, now_ms);
        let end = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended =
            if connection.is_autocommit() { Ok(()) } else { sqlite::script(connection, end) };
        result.and(ended)?;
    }
    Ok(())
}

fn apply(connection: &Connection, step: &Step, now_ms: i64) -> Result<(), StoreError> {
    sqlite::script(connection, step.sql)?;
    connection
        .execute(
            "INSERT INTO schema_version (number, name, checksum, applied_at)
             VALUES ($1, $2, $3, $4)",
            rusqlite::params![step.number, step.name, checksum(step), now_ms],
        )
        .map(|_| ())
        .map_err(sqlite::error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of the newest step, in a file of its own, so that two branches that each add a
    /// step collide there instead of in a database.
    const HEAD: &str = include_str!("../migrations/HEAD");

    fn schema(connection: &Connection) -> Vec<String> {
        let mut statement = connection
            .prepare(
                "SELECT sql FROM sqlite_schema
                 WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name",
            )
            .unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn numbers_have_no_gaps_and_end_at_the_head() {
        for (index, step) in STEPS.iter().enumerate() {
            assert_eq!(step.number as usize, index + 1);
            assert!(step.name.starts_with(&format!("{:04}_", step.number)), "{}", step.name);
        }
        assert_eq!(HEAD.trim(), newest().to_string());
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut files = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".sql") && name != "schema.sql")
            .collect::<Vec<_>>();
        files.sort();
        let steps: Vec<_> = STEPS.iter().map(|step| format!("{}.sql", step.name)).collect();
        assert_eq!(files, steps, "every file is a step");
    }

    #[test]
    fn a_fresh_schema_equals_the_sum_of_the_steps() {
        let sum = Connection::open_in_memory().unwrap();
        run(&sum, 1).unwrap();
        let sum = schema(&sum);
        let text = sum.iter().map(|sql| format!("{sql};\n\n")).collect::<String>();
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/schema.sql");
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(file, &text).unwrap();
        }
        let fresh = Connection::open_in_memory().unwrap();
        fresh.execute_batch(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(schema(&fresh), sum, "run once with UPDATE_SCHEMA=1 and look at the change");
    }

    #[test]
    fn every_table_is_strict() {
        let sum = Connection::open_in_memory().unwrap();
        run(&sum, 1).unwrap();
        for sql in schema(&sum).iter().filter(|sql| sql.starts_with("CREATE TABLE")) {
            assert!(sql.contains(") STRICT"), "{sql}");
        }
    }

    #[test]
    fn running_twice_changes_nothing_and_strange_databases_are_refused() {
        let database = Connection::open_in_memory().unwrap();
        assert_eq!(check(&database), Err(StoreError::Behind { found: 0, needed: newest() }));
        run(&database, 1).unwrap();
        let before = schema(&database);
        run(&database, 2).unwrap();
        assert_eq!(schema(&database), before);
        assert_eq!(check(&database), Ok(()));

        database
            .execute("UPDATE schema_version SET checksum = x'00' WHERE number = 2", [])
            .unwrap();
        assert_eq!(check(&database), Err(StoreError::Altered(2)));
        database
            .execute("INSERT INTO schema_version VALUES (9999, 'later', x'00', 3)", [])
            .unwrap();
        assert_eq!(run(&database, 4), Err(StoreError::Newer { found: 9999, known: newest() }));
    }
}
