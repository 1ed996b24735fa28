//! What the disk and the engine can do without any law: the neighbours of every figure of the
//! bench. Used by `motcua bench` only, on a copy of a database that is thrown away afterwards.

use crate::StoreError;
use crate::dialect::sqlite::{self, Handle, Use};
use rusqlite::Statement;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use uuid::Uuid;

/// Bytes of the body of a probed journal row: those of a noted event.
const BODY_BYTES: usize = 160;
/// Bytes of a probed particular: those of a short note, sealed.
const SEALED_BYTES: usize = 100;
/// Rows that one probed act writes: journal, particular, case.
pub const ROWS_OF_ACT: u8 = 3;

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

/// The rows of an act, written as tightly as the engine allows into a database that the program
/// uses at the same time: its tables, indexes and settings, one thread, statements prepared once,
/// nothing read, no law, no sealing. The cases stay as they were, so that acts can go on.
#[derive(Debug)]
pub struct RowProbe {
    handle: Handle,
    cases: Vec<Probed>,
    next: i64,
}

/// A case whose row is rewritten with what it holds.
#[derive(Debug)]
struct Probed {
    number: i64,
    id: [u8; 16],
    subject: [u8; 16],
    seq: i64,
    head: [u8; 32],
    state: String,
    /// Stream of the probe's own beside that of the case, and its last place there.
    stream: [u8; 16],
    place: i64,
}

fn engine(error: rusqlite::Error) -> StoreError {
    sqlite::error(error)
}

impl RowProbe {
    /// Opens a database beside the program, to write the rows of acts on these cases.
    ///
    /// # Errors
    /// The engine; `Rows` for an unknown case.
    pub fn open(file: &Path, ids: &[Uuid]) -> Result<Self, StoreError> {
        let handle = sqlite::open(file, Use::Write, None)?;
        let mut cases = {
            let mut statement = handle.connection.prepare(CASE).map_err(engine)?;
            let read = |id: &Uuid| {
                statement.query_row([id.as_bytes()], |row| {
                    let id: [u8; 16] = row.get(1)?;
                    Ok(Probed {
                        number: row.get(0)?,
                        id,
                        subject: row.get(2)?,
                        seq: row.get(3)?,
                        head: row.get(4)?,
                        state: row.get(5)?,
                        stream: beside(id),
                        place: 0,
                    })
                })
            };
            ids.iter().map(read).collect::<Result<Vec<_>, _>>().map_err(engine)?
        };
        let mut places = handle.connection.prepare(PLACE).map_err(engine)?;
        for case in &mut cases {
            case.place = places.query_row([&case.stream], |row| row.get(0)).map_err(engine)?;
        }
        drop(places);
        let last = "SELECT coalesce(max(number), 0) FROM journal";
        let next = handle.connection.query_row(last, [], |row| row.get(0)).map_err(engine)?;
        Ok(Self { handle, cases, next })
    }

    /// Reads the rows of the cases again after others have acted on them.
    ///
    /// # Errors
    /// The engine.
    pub fn refresh(&mut self) -> Result<(), StoreError> {
        let mut statement = self.handle.connection.prepare(CASE).map_err(engine)?;
        for case in &mut self.cases {
            let read = statement.query_row([&case.id], |row| {
                Ok((row.get(3)?, row.get(4)?, row.get::<_, String>(5)?))
            });
            (case.seq, case.head, case.state) = read.map_err(engine)?;
        }
        Ok(())
    }

    /// Writes the rows of a group of acts and commits once, durably; `picks` says which cases are
    /// acted on, counted from 0.
    ///
    /// # Errors
    /// The engine.
    pub fn commit(&mut self, picks: impl Iterator<Item = usize>) -> Result<(), StoreError> {
        let tx = self.handle.connection.transaction().map_err(engine)?;
        {
            let mut journal = tx.prepare_cached(JOURNAL).map_err(engine)?;
            let mut particular = tx.prepare_cached(PARTICULAR).map_err(engine)?;
            let mut change = tx.prepare_cached(CHANGE).map_err(engine)?;
            for pick in picks {
                let Some(case) = self.cases.get_mut(pick) else { continue };
                case.place += 1;
                self.next += 1;
                write(case, self.next, (&mut journal, &mut particular, &mut change))?;
            }
        }
        tx.commit().map_err(engine)
    }
}

const CASE: &str = "SELECT number, id, subject_id, seq, head, state FROM case_file WHERE id = ?1";
const PLACE: &str = "SELECT coalesce(max(seq), 0) FROM journal WHERE stream = ?1";
const JOURNAL: &str = "INSERT INTO journal (stream, seq, at, by, on_behalf_of, unit, kind, \
                       version, body, prev_hash, hash) \
                       VALUES (?1, ?2, 0, 'system:probe', NULL, NULL, 'noted', 1, ?3, ?4, ?4)";
const PARTICULAR: &str = "INSERT INTO particular (id, subject_id, case_id, kind, sealed, \
                          created_at) VALUES (?1, ?2, ?3, 'note', ?4, 0)";
const CHANGE: &str = "UPDATE case_file SET seq = ?1, head = ?2, state = ?3 \
                      WHERE number = ?4 AND seq = ?1";

/// The stream beside a case's own: its rows stand on the same pages of the index as those of acts
/// on that case, which are scattered over the whole index. Streams far from them, all together,
/// would be written three times as fast, and no act could be.
fn beside(mut id: [u8; 16]) -> [u8; 16] {
    id[15] ^= 1;
    id
}

/// An id that sorts like its number, behind all that the program has made.
fn id(number: i64) -> [u8; 16] {
    let mut id = [0xff; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    id
}

type Statements<'s, 'c> = (&'s mut Statement<'c>, &'s mut Statement<'c>, &'s mut Statement<'c>);

fn write(case: &Probed, next: i64, statements: Statements<'_, '_>) -> Result<(), StoreError> {
    let (journal, particular, change) = statements;
    let body = "b".repeat(BODY_BYTES);
    journal.execute((case.stream, case.place, body, [6u8; 32])).map_err(engine)?;
    let sealed = [8u8; SEALED_BYTES];
    particular.execute((id(next), case.subject, case.id, sealed)).map_err(engine)?;
    change.execute((case.seq, case.head, &case.state, case.number)).map_err(engine)?;
    Ok(())
}
