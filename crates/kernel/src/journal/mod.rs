//! The journal: one hash-chained row per recorded event, a chain per stream.

mod row;
mod text;

pub use row::Row;
pub use text::json;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The previous hash of a stream's first row.
pub const GENESIS: Hash = [0; 32];

/// One row of the journal, as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// Stream: the id of a case or of another long-lived thing.
    pub stream: [u8; 16],
    /// Place in the stream, from 1, without gaps.
    pub seq: u64,
    /// When it was recorded, milliseconds UTC.
    pub at_ms: i64,
    /// Who did it: an account id, `citizen`, or `system:<job>`.
    pub by: String,
    /// In whose stead, if the power was lent.
    pub on_behalf_of: Option<String>,
    /// The unit for which it was done.
    pub unit: Option<String>,
    /// Kind of event.
    pub kind: String,
    /// Version of the kind; a new meaning is a new version.
    pub version: u16,
    /// Body as JSON text.
    pub body: String,
    /// Hash of the row before it in the stream.
    pub prev_hash: Hash,
}

impl Envelope {
    /// The hash of this row, see [`Row::hash`].
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.row().hash()
    }

    /// This row as it is hashed.
    #[must_use]
    pub fn row(&self) -> Row<'_> {
        Row {
            stream: self.stream,
            seq: self.seq,
            at_ms: self.at_ms,
            by: &self.by,
            on_behalf_of: self.on_behalf_of.as_deref(),
            unit: self.unit.as_deref(),
            kind: &self.kind,
            version: self.version,
            body: &self.body,
            prev_hash: self.prev_hash,
        }
    }
}

/// Why a chain does not hold.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Broken {
    /// A row is missing, doubled or out of order.
    #[error("row {found} stands where row {expected} should")]
    Sequence {
        /// Expected place.
        expected: u64,
        /// Found place.
        found: u64,
    },
    /// A row does not continue the one before it.
    #[error("row {0} does not continue the row before it")]
    Link(u64),
    /// A row's content is not what was hashed.
    #[error("row {0} was changed after it was written")]
    Content(u64),
}

/// Walks one stream row by row.
#[derive(Clone, Debug)]
pub struct Walk {
    seq: u64,
    head: Hash,
}

impl Default for Walk {
    fn default() -> Self {
        Self { seq: 0, head: GENESIS }
    }
}

impl Walk {
    /// Takes the next row with the hash stored beside it.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn next(&mut self, row: &Envelope, stored: &Hash) -> Result<(), Broken> {
        if row.seq != self.seq + 1 {
            return Err(Broken::Sequence { expected: self.seq + 1, found: row.seq });
        }
        if row.prev_hash != self.head {
            return Err(Broken::Link(row.seq));
        }
        if row.hash() != *stored {
            return Err(Broken::Content(row.seq));
        }
        self.seq = row.seq;
        self.head = *stored;
        Ok(())
    }

    /// The place and hash of the last row taken.
    #[must_use]
    pub fn head(&self) -> (u64, Hash) {
        (self.seq, self.head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seq: u64, prev_hash: Hash) -> Envelope {
        Envelope {
            stream: [7; 16],
            seq,
            at_ms: 1_556_158_320_000 + i64::try_from(seq).unwrap(),
            by: "a".into(),
            on_behalf_of: None,
            unit: Some("kg".into()),
            kind: "accepted".into(),
            version: 1,
            body: "{}".into(),
            prev_hash,
        }
    }

    #[test]
    fn a_whole_chain_holds_and_each_kind_of_damage_is_named() {
        let first = row(1, GENESIS);
        let second = row(2, first.hash());
        let mut walk = Walk::default();
        walk.next(&first, &first.hash()).unwrap();
        let mut other = walk.clone();
        walk.next(&second, &second.hash()).unwrap();
        assert_eq!(walk.head(), (2, second.hash()));

        let third = row(3, first.hash());
        assert_eq!(
            other.next(&third, &third.hash()),
            Err(Broken::Sequence { expected: 2, found: 3 })
        );
        let loose = row(2, GENESIS);
        assert_eq!(other.next(&loose, &loose.hash()), Err(Broken::Link(2)));
        let mut edited = second.clone();
        edited.body = "{\"code\":1}".into();
        assert_eq!(other.next(&edited, &second.hash()), Err(Broken::Content(2)));
    }

    #[test]
    fn fields_cannot_be_shifted_into_each_other() {
        let mut a = row(1, GENESIS);
        let mut b = row(1, GENESIS);
        (a.by, a.kind) = ("ab".into(), "c".into());
        (b.by, b.kind) = ("a".into(), "bc".into());
        assert_ne!(a.hash(), b.hash());
        let mut c = row(1, GENESIS);
        (c.on_behalf_of, c.unit) = (Some("kg".into()), None);
        assert_ne!(row(1, GENESIS).hash(), c.hash());
    }
}
