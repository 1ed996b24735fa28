//! What differs between engines, and nothing else.

pub(crate) mod sqlite;
