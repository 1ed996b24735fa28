//! The envelope of a journal row, its hash, and the walk that checks a chain. Pure.

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The previous hash of a stream's first row.
pub const GENESIS: Hash = [0; 32];

/// One row of the journal, as it is hashed.
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
    /// The hash of this row: SHA-256 over every field, each with its length before it, so that no
    /// two different rows give the same bytes.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let mut sha = Sha256::new();
        let mut part = |bytes: &[u8]| {
            sha.update((bytes.len() as u64).to_be_bytes());
            sha.update(bytes);
        };
        part(b"motcua.journal.1");
        part(&self.stream);
        part(&self.seq.to_be_bytes());
        part(&self.at_ms.to_be_bytes());
        part(self.by.as_bytes());
        for optional in [&self.on_behalf_of, &self.unit] {
            match optional {
                Some(text) => {
                    part(b"1");
                    part(text.as_bytes());
                }
                None => part(b"0"),
            }
        }
        part(self.kind.as_bytes());
        part(&self.version.to_be_bytes());
        part(self.body.as_bytes());
        part(&self.prev_hash);
        sha.finalize().into()
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
