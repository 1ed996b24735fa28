//! Personal particulars at rest: master keys, a key per person, sealing, erasing, blind look-up.

mod master;
mod rows;
mod seal;

pub use master::{KeyVersion, Keys};
pub use rows::{
    Erasure, NewParticular, Particular, blind_forget, blind_index, blind_lookup, erase,
    erasures_after, open_blob, particular_get, particulars_by_case, put, rewrap, seal_blob,
    statements, subject_add, subject_is_erased,
};
pub use seal::{commitment, mac, random};
pub(crate) use seal::{open, seal};
