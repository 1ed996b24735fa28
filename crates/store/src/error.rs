//! What can go wrong in the store, as data.

use std::path::PathBuf;

/// A failure of the store. "Not found" is not among them: that is `Option`.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much waits already; nothing was done.
    #[error("the store is busy, try again in {retry_after_s} s")]
    Busy {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// The disk, or the size set for the database, is full; nothing was written.
    #[error("no space left for the database")]
    Full,
    /// The database can only be read; nothing was written.
    #[error("the database is read-only")]
    ReadOnly,
    /// Reading or writing the disk failed.
    #[error("the disk failed: {0}")]
    Io(String),
    /// The database file is damaged.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// A unit of work or a read took more steps than it may.
    #[error("took too long and was stopped")]
    TooLong,
    /// A unit of work panicked; its changes were taken back.
    #[error("a unit of work panicked: {0}")]
    Panicked(String),
    /// Another program has this folder open for writing.
    #[error("{0} is in use by another program")]
    Locked(PathBuf),
    /// The store was closed while the work waited.
    #[error("the store is closed")]
    Closed,
    /// Somebody else wrote to the stream in the meantime.
    #[error("expected row {expected} to be the last of the stream, but it is {found}")]
    Conflict {
        /// Place of the row that the caller had seen last.
        expected: u64,
        /// Place of the row that is the last.
        found: u64,
    },
    /// A constraint of a table does not hold.
    #[error("a constraint does not hold: {0}")]
    Constraint(String),
    /// A statement touched another number of rows than it must.
    #[error("statement {statement} touched {found} rows, expected {expected}")]
    Rows {
        /// Name of the statement.
        statement: &'static str,
        /// Rows it must touch.
        expected: usize,
        /// Rows it touched.
        found: usize,
    },
    /// A column does not hold what the program expects there.
    #[error("column {column}: expected {expected}")]
    Column {
        /// Place of the column in the row, from 0.
        column: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// A value is larger than its limit.
    #[error("{what} is larger than {max}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its limit, in the unit of the named constant.
        max: usize,
    },
    /// The database was made by a newer program.
    #[error("the database has schema {found}, this program knows {known}")]
    Newer {
        /// Schema of the database.
        found: u32,
        /// Newest schema that this program knows.
        known: u32,
    },
    /// The database must be migrated first.
    #[error("the database has schema {found}, this program needs {needed}: migrate it")]
    Behind {
        /// Schema of the database.
        found: u32,
        /// Schema that this program needs.
        needed: u32,
    },
    /// A migration that was applied is not the one this program carries.
    #[error("migration {0} is not the one that was applied")]
    Altered(u32),
    /// Keys are missing, unreadable or too widely readable.
    #[error("keys: {0}")]
    Keys(#[from] KeyError),
    /// The engine refused for another reason; a fault of the program.
    #[error("the database engine: {0}")]
    Engine(String),
}

impl StoreError {
    /// Whether nothing written in the same transaction can be trusted any more.
    #[must_use]
    pub fn ends_transaction(&self) -> bool {
        matches!(self, Self::Full | Self::ReadOnly | Self::Io(_) | Self::Corrupt(_) | Self::TooLong)
    }

    /// Whether the same request may succeed later without a change (an answer 503).
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Full | Self::ReadOnly | Self::Io(_) | Self::Closed)
    }
}

/// What can be wrong with keys and sealed data.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no key file.
    #[error("{0} does not exist")]
    Missing(PathBuf),
    /// There is a key file already.
    #[error("{0} exists already")]
    Exists(PathBuf),
    /// Others than the owner may read or write the key file.
    #[error("{path} has mode {mode:o}, expected 600")]
    Mode {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file lies in the folder of the database, so that a backup would carry both.
    #[error("{0} lies in the database folder, expected it outside")]
    Inside(PathBuf),
    /// A line of the key file cannot be read.
    #[error("{path}, line {line}: {reason}")]
    Line {
        /// The key file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// The key file could not be read or written.
    #[error("{path}: {reason}")]
    File {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Something was sealed with a version of the master key that the file does not hold.
    #[error("master key version {0} is not in the key file")]
    Version(u32),
    /// Sealed data does not open: it was altered, or belongs elsewhere.
    #[error("sealed data does not open")]
    Sealed,
    /// The person's particulars were erased.
    #[error("the particulars of this person were erased")]
    Erased,
    /// There is no such person.
    #[error("no such subject")]
    NoSubject,
}

impl From<KeyError> for ActError<StoreError> {
    fn from(error: KeyError) -> Self {
        Self::Refused(StoreError::Keys(error))
    }
}

/// Why a unit of work or a read has no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ActError<E> {
    /// The unit itself refused; its changes were taken back.
    #[error("{0}")]
    Refused(E),
    /// The store failed; nothing of the unit was written.
    #[error("{0}")]
    Store(StoreError),
}

impl ActError<StoreError> {
    /// The store's error, whoever noticed it.
    #[must_use]
    pub fn into_store(self) -> StoreError {
        match self {
            Self::Refused(error) | Self::Store(error) => error,
        }
    }
}
