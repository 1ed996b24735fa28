//! What is hashed of a row of the journal, and how.

use super::Hash;
use sha2::{Digest, Sha256};

/// Says what the bytes are; another way of writing them gets another number.
const TAG: &[u8] = b"motcua.journal.2";

/// What the fields of one length and the lengths of the others take at most.
const FIXED: usize = 160;

/// One row of the journal, as it is hashed: whoever writes it keeps what it is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row<'a> {
    /// Stream: the id of a case or of another long-lived thing.
    pub stream: [u8; 16],
    /// Place in the stream, from 1, without gaps.
    pub seq: u64,
    /// When it was recorded, milliseconds UTC.
    pub at_ms: i64,
    /// Who did it.
    pub by: &'a str,
    /// In whose stead, if the power was lent.
    pub on_behalf_of: Option<&'a str>,
    /// The unit for which it was done.
    pub unit: Option<&'a str>,
    /// Kind of event.
    pub kind: &'a str,
    /// Version of the kind.
    pub version: u16,
    /// Body as JSON text.
    pub body: &'a str,
    /// Hash of the row before it in the stream.
    pub prev_hash: Hash,
}

impl Row<'_> {
    /// The hash of this row: SHA-256 over the tag and every field. Numbers and lengths are written
    /// in as few bytes as they need (LEB128) and a text stands behind its length, so that the bytes
    /// can be read back in one way only and no two different rows give the same.
    #[must_use]
    pub fn hash(&self) -> Hash {
        // Gathered first: one long update costs half of many short ones.
        let mut room = Vec::with_capacity(FIXED + self.text_bytes());
        room.extend_from_slice(TAG);
        room.extend_from_slice(&self.prev_hash);
        room.extend_from_slice(&self.stream);
        room.extend_from_slice(&self.at_ms.to_be_bytes());
        number(&mut room, self.seq);
        number(&mut room, u64::from(self.version));
        text(&mut room, self.by);
        optional(&mut room, self.on_behalf_of);
        optional(&mut room, self.unit);
        text(&mut room, self.kind);
        text(&mut room, self.body);
        Sha256::digest(&room).into()
    }

    fn text_bytes(&self) -> usize {
        let optional = self.on_behalf_of.map_or(0, str::len) + self.unit.map_or(0, str::len);
        self.by.len() + self.kind.len() + self.body.len() + optional
    }
}

/// Seven bits a byte, the lowest first; only the last byte has no high bit.
fn number(room: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        room.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    room.push(number.to_le_bytes()[0]);
}

fn text(room: &mut Vec<u8>, text: &str) {
    number(room, text.len() as u64);
    room.extend_from_slice(text.as_bytes());
}

/// 0 for none, otherwise one more than the length.
fn optional(room: &mut Vec<u8>, text: Option<&str>) {
    number(room, text.map_or(0, |text| text.len() as u64 + 1));
    room.extend_from_slice(text.unwrap_or_default().as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Row<'_> = Row {
        stream: [7; 16],
        seq: 300,
        at_ms: 1_556_158_320_000,
        by: "account",
        on_behalf_of: None,
        unit: Some("kg.rach-gia"),
        kind: "task_done",
        version: 1,
        body: "{}",
        prev_hash: [9; 32],
    };

    #[test]
    fn what_is_hashed_is_frozen() {
        let mut bytes = TAG.to_vec();
        bytes.extend([9; 32]);
        bytes.extend([7; 16]);
        bytes.extend(1_556_158_320_000_i64.to_be_bytes());
        // 300 is 2 · 128 + 44.
        bytes.extend([0xac, 2, 1, 7]);
        bytes.extend(b"account");
        bytes.extend([0, 12]);
        bytes.extend(b"kg.rach-gia");
        bytes.extend([9]);
        bytes.extend(b"task_done");
        bytes.extend([2]);
        bytes.extend(b"{}");
        assert_eq!(ROW.hash(), Hash::from(Sha256::digest(&bytes)));
    }

    #[test]
    fn every_field_counts() {
        let others = [
            Row { stream: [8; 16], ..ROW },
            Row { seq: 44, ..ROW },
            Row { at_ms: 0, ..ROW },
            Row { by: "accoun", kind: "ttask_done", ..ROW },
            Row { on_behalf_of: Some(""), ..ROW },
            Row { on_behalf_of: ROW.unit, unit: None, ..ROW },
            Row { unit: Some(""), ..ROW },
            Row { unit: None, ..ROW },
            Row { kind: "task", ..ROW },
            Row { version: 2, ..ROW },
            Row { body: "[]", ..ROW },
            Row { prev_hash: [0; 32], ..ROW },
            ROW,
        ];
        let hashes: std::collections::BTreeSet<Hash> = others.iter().map(Row::hash).collect();
        assert_eq!(hashes.len(), others.len());
    }
}
