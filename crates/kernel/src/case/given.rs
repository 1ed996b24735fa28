//! What comes in with a case: sealed texts, papers, the way by which it came.

use crate::ids::ParticularId;
use serde::{Deserialize, Serialize};

/// A sealed text: its random id and a keyed commitment, hexadecimal. The key of the commitment is
/// erased together with the text, so the journal says nothing about what was erased.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ref {
    /// Where the sealed text lies.
    pub id: ParticularId,
    /// Keyed commitment.
    pub commit: String,
}

/// Through whom a case came in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// At the counter.
    Counter,
    /// Through our own portal.
    Portal,
    /// Through the national portal.
    NationalPortal,
    /// Through the public post; filed when the hand-over record is signed.
    Post,
    /// Opened by another case.
    Parent,
}

/// A paper handed in with the case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PaperGiven {
    /// Number in the edition.
    pub no: u16,
    /// How many were handed in.
    pub count: u16,
    /// Sealed files: address of the ciphertext and the sealed name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<(String, Ref)>,
}
