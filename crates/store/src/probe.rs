//! What the disk and the engine can do without any law: the neighbours of every figure of the
//! bench. Used by `motcua bench` only; works in a scratch file of its own.

use crate::StoreError;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Bytes of a probed row: those of a journal row with a middling body.
const ROW_BYTES: usize = 420;

/// A file that is written and flushed to the disk again and again.
#[derive(Debug)]
pub struct FlushProbe(File);

impl FlushProbe {
    /// Makes the file.
    ///
    /// # Errors
    /// The disk.
    pub fn open(dir: &Path) -> std::io::Result<Self> {
        let path = dir.join("probe.bin");
        Ok(Self(OpenOptions::new().create(true).append(true).open(path)?))
    }

    /// Appends a page and waits until the disk has it.
    ///
    /// # Errors
    /// The disk.
    pub fn flush(&mut self) -> std::io::Result<()> {
        self.0.write_all(&[7; 4096])?;
        self.0.sync_data()
    }
}

/// A bare table that takes rows in groups, with the settings of the real database.
#[derive(Debug)]
pub struct RowProbe {
    connection: rusqlite::Connection,
    next: i64,
}

impl RowProbe {
    /// Makes a scratch database.
    ///
    /// # Errors
    /// The engine.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let engine = |e: rusqlite::Error| StoreError::Engine(e.to_string());
        let connection = rusqlite::Connection::open(dir.join("probe.db")).map_err(engine)?;
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, body BLOB NOT NULL)",
            )
            .map_err(engine)?;
        let next = connection
            .query_row("SELECT coalesce(max(id), 0) + 1 FROM row", [], |r| r.get(0))
            .map_err(engine)?;
        Ok(Self { connection, next })
    }

    /// Writes a group of rows and commits once, durably.
    ///
    /// # Errors
    /// The engine.
    pub fn commit(&mut self, rows: usize) -> Result<(), StoreError> {
        let engine = |e: rusqlite::Error| StoreError::Engine(e.to_string());
        let tx = self.connection.transaction().map_err(engine)?;
        {
            let mut add =
                tx.prepare_cached("INSERT INTO row (id, body) VALUES (?1, ?2)").map_err(engine)?;
            for _ in 0..rows {
                add.execute((self.next, [7u8; ROW_BYTES])).map_err(engine)?;
                self.next += 1;
            }
        }
        tx.commit().map_err(engine)
    }
}
