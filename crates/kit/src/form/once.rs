//! Once: a key per rendered form, so that sending it twice does the act once.

use std::fmt;

use crate::chance::Chance;

/// Name of the hidden field.
pub const ONCE_FIELD: &str = "_once";
const BYTES: usize = 16;

/// 128 random bits in hex. Whoever acts keeps it beside the outcome, inside the same transaction,
/// and answers a second arrival with the first outcome.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OnceKey(String);

impl OnceKey {
    /// A new key.
    pub fn fresh(chance: &dyn Chance) -> OnceKey {
        let mut bytes = [0; BYTES];
        chance.fill(&mut bytes);
        OnceKey(hex::encode(bytes))
    }

    /// A key as sent; `None` when it is not one of ours.
    pub fn parse(text: &str) -> Option<OnceKey> {
        let good = text.len() == 2 * BYTES && text.bytes().all(|b| b.is_ascii_hexdigit());
        good.then(|| OnceKey(text.to_ascii_lowercase()))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OnceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
