//! The façade that every statement goes through: statement, value, row, reading and writing.
//!
//! Statements use `$1, $2, …`, first appearing in this order, and only what both engines know.

use crate::dialect::sqlite;
use crate::error::StoreError;
use crate::memo::Memo;
use crate::secrets::Keys;
use std::any::Any;
use std::sync::Arc;
use uuid::Uuid;

/// A named statement. Every one is listed by its file, and explained by the contract suite.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Statement {
    /// Name, noun first: `case_by_code`.
    pub name: &'static str,
    /// Text in the common subset of both engines.
    pub sql: &'static str,
}

/// A value that goes into a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number: counts, đồng, instants in milliseconds UTC, 0 or 1.
    Int(i64),
    /// Text: names, JSON, dates as ISO text.
    Text(String),
    /// Bytes: ids (16), hashes (32), sealed data.
    Blob(Vec<u8>),
}

macro_rules! value_from {
    ($($from:ty => |$x:ident| $to:expr),* $(,)?) => {
        $(impl From<$from> for Value {
            fn from($x: $from) -> Self {
                $to
            }
        })*
    };
}

value_from! {
    i64 => |x| Self::Int(x),
    i32 => |x| Self::Int(i64::from(x)),
    u32 => |x| Self::Int(i64::from(x)),
    u16 => |x| Self::Int(i64::from(x)),
    bool => |x| Self::Int(i64::from(x)),
    &str => |x| Self::Text(x.to_owned()),
    String => |x| Self::Text(x),
    &String => |x| Self::Text(x.clone()),
    &[u8] => |x| Self::Blob(x.to_owned()),
    Vec<u8> => |x| Self::Blob(x),
    &Vec<u8> => |x| Self::Blob(x.clone()),
    Uuid => |x| Self::Blob(x.as_bytes().to_vec()),
    &Uuid => |x| Self::Blob(x.as_bytes().to_vec()),
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

/// Counts and places are stored as the engine's signed numbers; they never come near the border.
impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The values of a statement: `values![id, at_ms, "text"]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::Value::from($value)),*]
    };
}

/// One row of an answer; columns are counted from 0.
#[derive(Debug)]
pub struct Row<'a> {
    inner: &'a rusqlite::Row<'a>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(inner: &'a rusqlite::Row<'a>) -> Self {
        Self { inner }
    }

    fn cell<T: rusqlite::types::FromSql>(
        &self,
        column: usize,
        expected: &'static str,
    ) -> Result<T, StoreError> {
        self.inner.get(column).map_err(|_| StoreError::Column { column, expected })
    }

    /// A whole number.
    ///
    /// # Errors
    /// `Column` if something else stands there; the same for every method below.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.cell(column, "a whole number")
    }

    /// A whole number or nothing.
    ///
    /// # Errors
    /// `Column`
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        self.cell(column, "a whole number or nothing")
    }

    /// A count or place, never negative.
    ///
    /// # Errors
    /// `Column`
    pub fn count(&self, column: usize) -> Result<u64, StoreError> {
        let expected = "a count";
        u64::try_from(self.int(column)?).map_err(|_| StoreError::Column { column, expected })
    }

    /// A small count or version.
    ///
    /// # Errors
    /// `Column`
    pub fn small(&self, column: usize) -> Result<u32, StoreError> {
        let expected = "a small count";
        u32::try_from(self.int(column)?).map_err(|_| StoreError::Column { column, expected })
    }

    /// Yes or no, stored as 1 or 0.
    ///
    /// # Errors
    /// `Column`
    pub fn flag(&self, column: usize) -> Result<bool, StoreError> {
        match self.int(column)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(StoreError::Column { column, expected: "0 or 1" }),
        }
    }

    /// Text.
    ///
    /// # Errors
    /// `Column`
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        self.cell(column, "text")
    }

    /// Text or nothing.
    ///
    /// # Errors
    /// `Column`
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        self.cell(column, "text or nothing")
    }

    /// Bytes.
    ///
    /// # Errors
    /// `Column`
    pub fn blob(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        self.cell(column, "bytes")
    }

    /// Bytes or nothing.
    ///
    /// # Errors
    /// `Column`
    pub fn opt_blob(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        self.cell(column, "bytes or nothing")
    }

    /// Bytes of a fixed length: an id or a hash.
    ///
    /// # Errors
    /// `Column`
    pub fn array<const N: usize>(&self, column: usize) -> Result<[u8; N], StoreError> {
        self.cell(column, "bytes of a fixed length")
    }

    /// An id.
    ///
    /// # Errors
    /// `Column`
    pub fn uuid(&self, column: usize) -> Result<Uuid, StoreError> {
        self.array(column).map(Uuid::from_bytes)
    }

    /// An id or nothing.
    ///
    /// # Errors
    /// `Column`
    pub fn opt_uuid(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        let bytes: Option<[u8; 16]> = self.cell(column, "an id or nothing")?;
        Ok(bytes.map(Uuid::from_bytes))
    }
}

/// Asking the database; what a unit of work and a read have in common.
pub trait Query {
    /// Hands every row to `row`, in the order of the statement.
    ///
    /// # Errors
    /// Whatever the engine or `row` says.
    fn each(
        &mut self,
        statement: &Statement,
        values: &[Value],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// The keys that open sealed data.
    fn keys(&self) -> &Keys;

    /// A value of a row that the writer remembers; a reader remembers nothing.
    fn remembered<T: Any + Send + Sync>(&mut self, id: Uuid) -> Option<Arc<T>>
    where
        Self: Sized,
    {
        let _ = id;
        None
    }

    /// All rows, each turned into a value.
    ///
    /// # Errors
    /// Whatever the engine or `row` says.
    fn query<T>(
        &mut self,
        statement: &Statement,
        values: &[Value],
        mut row: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError>
    where
        Self: Sized,
    {
        let mut all = Vec::new();
        self.each(statement, values, &mut |found| {
            all.push(row(found)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// The row if there is one; a second one is an error.
    ///
    /// # Errors
    /// `Rows` for more than one row.
    fn optional<T>(
        &mut self,
        statement: &Statement,
        values: &[Value],
        row: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError>
    where
        Self: Sized,
    {
        let mut all = self.query(statement, values, row)?;
        match all.len() {
            0 | 1 => Ok(all.pop()),
            found => Err(StoreError::Rows { statement: statement.name, expected: 1, found }),
        }
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// `Rows` for none or more than one.
    fn one<T>(
        &mut self,
        statement: &Statement,
        values: &[Value],
        row: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError>
    where
        Self: Sized,
    {
        let statement_name = statement.name;
        self.optional(statement, values, row)?.ok_or(StoreError::Rows {
            statement: statement_name,
            expected: 1,
            found: 0,
        })
    }
}

/// A unit of work's hold on the database. Whatever it writes becomes visible with the commit, or
/// never. Units may be run again, so they keep no state of their own and touch nothing else.
#[derive(Debug)]
pub struct Tx<'c> {
    connection: &'c rusqlite::Connection,
    keys: &'c Keys,
    memo: &'c mut Memo,
    broken: Option<StoreError>,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(
        connection: &'c rusqlite::Connection,
        keys: &'c Keys,
        memo: &'c mut Memo,
    ) -> Self {
        Self { connection, keys, memo, broken: None }
    }

    pub(crate) fn gather(&mut self) -> Result<(), StoreError> {
        let result = sqlite::gather(self.connection);
        self.noted(result)
    }

    /// Remembers what a row holds now. Whoever changes such a row must remember or forget it.
    pub(crate) fn remember<T: Any + Send + Sync>(&mut self, id: Uuid, value: T) {
        self.memo.keep(id, value);
    }

    /// Gives away what is remembered of a row: for who remembers its new value.
    pub(crate) fn take_remembered<T: Any + Send + Sync + Clone>(&mut self, id: Uuid) -> Option<T> {
        self.memo.take(id)
    }

    /// Forgets what a row held.
    pub(crate) fn forget<T: Any>(&mut self, id: Uuid) {
        self.memo.forget::<T>(id);
    }

    /// The first error after which nothing of the transaction can be trusted, even if the unit
    /// itself swallowed it.
    pub(crate) fn broken(&mut self) -> Option<StoreError> {
        self.broken.take()
    }

    fn noted<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result
            && error.ends_transaction()
            && self.broken.is_none()
        {
            self.broken = Some(error.clone());
        }
        result
    }

    /// Runs a statement that changes rows and says how many.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub fn execute(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<usize, StoreError> {
        let result = sqlite::execute(self.connection, statement, values);
        self.noted(result)
    }

    /// Runs a statement that must change exactly one row.
    ///
    /// # Errors
    /// `Rows` for another number of rows.
    pub fn execute_one(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<(), StoreError> {
        match self.execute(statement, values)? {
            1 => Ok(()),
            found => Err(StoreError::Rows { statement: statement.name, expected: 1, found }),
        }
    }

    /// Adds one row to a table whose whole-number key the engine counts up, and gives its number.
    ///
    /// # Errors
    /// As [`Tx::execute_one`].
    pub fn add_numbered(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<u64, StoreError> {
        self.execute_one(statement, values)?;
        let number = self.connection.last_insert_rowid();
        u64::try_from(number).map_err(|_| StoreError::Column { column: 0, expected: "a count" })
    }
}

impl Query for Tx<'_> {
    fn each(
        &mut self,
        statement: &Statement,
        values: &[Value],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let result = sqlite::each(self.connection, statement, values, row);
        self.noted(result)
    }

    fn keys(&self) -> &Keys {
        self.keys
    }

    fn remembered<T: Any + Send + Sync>(&mut self, id: Uuid) -> Option<Arc<T>> {
        self.memo.get(id)
    }
}

/// A read: one unchanging picture of the database for as long as it lasts.
#[derive(Debug)]
pub struct Reader<'c> {
    connection: &'c rusqlite::Connection,
    keys: &'c Keys,
}

impl<'c> Reader<'c> {
    pub(crate) fn new(connection: &'c rusqlite::Connection, keys: &'c Keys) -> Self {
        Self { connection, keys }
    }
}

impl Query for Reader<'_> {
    fn each(
        &mut self,
        statement: &Statement,
        values: &[Value],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        sqlite::each(self.connection, statement, values, row)
    }

    fn keys(&self) -> &Keys {
        self.keys
    }
}
