//! SQLite: opening, settings, running statements, and what its errors mean to us.

use crate::bounds;
use crate::error::StoreError;
use crate::sql::{Row, Statement, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How a connection will be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Use {
    /// The one that writes; creates the file if it is missing.
    Write,
    /// The same without waiting for the disk, for a database that is being generated.
    Generate,
    /// One of those that read.
    Read,
}

/// A connection with its step budget.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) connection: Connection,
    steps_left: Arc<AtomicU64>,
}

impl Handle {
    /// Gives the next unit of work or read its budget of steps.
    pub(crate) fn refill(&self, steps: u64) {
        self.steps_left.store(steps, Ordering::Relaxed);
    }
}

/// Opens the database file.
pub(crate) fn open(file: &Path, usage: Use, max_pages: Option<u32>) -> Result<Handle, StoreError> {
    let access = match usage {
        Use::Write | Use::Generate => {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        }
        Use::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
    let mut connection = Connection::open_with_flags(file, flags).map_err(error)?;
    settings(&connection, usage, max_pages).map_err(error)?;
    connection.set_prepared_statement_cache_capacity(bounds::STATEMENT_CACHE);
    let steps_left = Arc::new(AtomicU64::new(u64::MAX));
    let budget = Arc::clone(&steps_left);
    let each_look = bounds::STEPS_PER_LOOK.unsigned_abs().into();
    let look = move || {
        let left = budget.load(Ordering::Relaxed);
        if left == u64::MAX {
            return false;
        }
        budget.store(left.saturating_sub(each_look), Ordering::Relaxed);
        left < each_look
    };
    connection.progress_handler(bounds::STEPS_PER_LOOK, Some(look)).map_err(error)?;
    Ok(Handle { connection, steps_left })
}

fn settings(
    connection: &Connection,
    usage: Use,
    max_pages: Option<u32>,
) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(Duration::from_millis(bounds::BUSY_TIMEOUT_MS))?;
    // A plan must not depend on the values bound to it: with statistics the engine would compile
    // such statements anew at every call, and the plans that the tests read would not be ours.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "mmap_size", bounds::MMAP_BYTES)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    match usage {
        Use::Write | Use::Generate => {
            let generates = usage == Use::Generate;
            // FULL: a commit returns only after the log is on the disk (an act answered "done"
            // survives the loss of power).
            let (log, wait) = if generates { ("OFF", "OFF") } else { ("WAL", "FULL") };
            connection.pragma_update(None, "journal_mode", log)?;
            connection.pragma_update(None, "synchronous", wait)?;
            if generates {
                connection.pragma_update(None, "temp_store", "FILE")?;
            }
            // Statistics from a sample: a walk through a large database would hold the writer.
            connection.pragma_update(None, "analysis_limit", bounds::ANALYSIS_ROWS)?;
            // Erased keys and particulars must not stay readable in freed parts of a page.
            connection.pragma_update(None, "secure_delete", true)?;
            let more = if generates { bounds::GENERATING_FACTOR } else { 1 };
            connection.pragma_update(None, "cache_size", -bounds::WRITER_CACHE_KIB * more)?;
            let pages = bounds::CHECKPOINT_PAGES * more;
            connection.pragma_update(None, "wal_autocheckpoint", pages)?;
            connection.pragma_update(None, "journal_size_limit", bounds::WAL_BYTES_MAX)?;
            if let Some(pages) = max_pages {
                connection.pragma_update(None, "max_page_count", pages)?;
            }
        }
        Use::Read => {
            connection.pragma_update(None, "query_only", true)?;
            connection.pragma_update(None, "cache_size", -bounds::READER_CACHE_KIB)?;
        }
    }
    Ok(())
}

/// What an error of the engine means to us.
#[expect(clippy::needless_pass_by_value, reason = "used as `map_err(error)`")]
pub(crate) fn error(error: rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(cause, message) = &error else {
        return StoreError::Engine(error.to_string());
    };
    let text = message.clone().unwrap_or_else(|| cause.to_string());
    match cause.code {
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly,
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::OutOfMemory => {
            StoreError::Io(text)
        }
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt(text),
        ErrorCode::OperationInterrupted => StoreError::TooLong,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            StoreError::Busy { retry_after_s: bounds::RETRY_AFTER_S }
        }
        ErrorCode::ConstraintViolation => StoreError::Constraint(text),
        _ => StoreError::Engine(text),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>, rusqlite::Error> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Runs a statement that changes rows.
pub(crate) fn execute(
    connection: &Connection,
    statement: &Statement,
    values: &[Value],
) -> Result<usize, StoreError> {
    let mut prepared = connection.prepare_cached(statement.sql).map_err(error)?;
    prepared.execute(rusqlite::params_from_iter(values)).map_err(error)
}

/// Runs a statement that returns rows.
pub(crate) fn each(
    connection: &Connection,
    statement: &Statement,
    values: &[Value],
    row: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut prepared = connection.prepare_cached(statement.sql).map_err(error)?;
    let mut rows = prepared.query(rusqlite::params_from_iter(values)).map_err(error)?;
    while let Some(found) = rows.next().map_err(error)? {
        row(&Row::new(found))?;
    }
    Ok(())
}

/// How the engine means to run a statement, one line per step. The contract suite reads it.
pub(crate) fn explain(
    connection: &Connection,
    statement: &Statement,
) -> Result<Vec<String>, StoreError> {
    let text = format!("EXPLAIN QUERY PLAN {}", statement.sql);
    let mut prepared = connection.prepare(&text).map_err(error)?;
    let mut rows = prepared.raw_query();
    let mut steps = Vec::new();
    while let Some(found) = rows.next().map_err(error)? {
        steps.push(found.get(3).map_err(error)?);
    }
    Ok(steps)
}

/// Before a database is generated: rows of tables whose keys are scattered go into heaps of the
/// same names, which the engine finds first.
pub(crate) fn scatter(connection: &Connection) -> Result<(), StoreError> {
    script(
        connection,
        "CREATE TEMP TABLE case_word (unit TEXT, word TEXT, case_number INTEGER);
         CREATE TEMP TABLE subject_lookup (kind TEXT, digest BLOB, subject_id BLOB);",
    )
}

/// After it: the heaps are put in order and moved into the tables, each page written once.
pub(crate) fn gather(connection: &Connection) -> Result<(), StoreError> {
    script(
        connection,
        "INSERT OR IGNORE INTO main.case_word (unit, word, case_number)
         SELECT unit, word, case_number FROM temp.case_word ORDER BY unit, word, case_number;
         INSERT OR IGNORE INTO main.subject_lookup (kind, digest, subject_id)
         SELECT kind, digest, subject_id FROM temp.subject_lookup
         ORDER BY kind, digest, subject_id;
         DROP TABLE temp.case_word;
         DROP TABLE temp.subject_lookup;",
    )
}

/// A mark that changes when another connection has written to the file.
pub(crate) fn written_by_others(connection: &Connection) -> Result<i64, StoreError> {
    let mut prepared = connection.prepare_cached("PRAGMA data_version").map_err(error)?;
    prepared.query_row([], |row| row.get(0)).map_err(error)
}

/// Runs several statements at once: migrations only.
pub(crate) fn script(connection: &Connection, text: &str) -> Result<(), StoreError> {
    connection.execute_batch(text).map_err(error)
}
