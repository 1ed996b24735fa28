//! Clock and chance for what runs long: the true clock, or the demo's, which runs from another day.

use crate::install::demo_offset;
use crate::world::World;
use kit::chance::{Clock, SeededChance};
use std::sync::Arc;
use store::{ActError, Store, StoreError};

/// A clock that runs with the true one, a fixed time away from it.
pub struct MovedClock {
    /// The true clock, milliseconds UTC.
    pub true_ms: fn() -> i64,
    /// How far ahead of it, in milliseconds; negative for the past.
    pub offset_ms: i64,
}

impl Clock for MovedClock {
    fn now_ms(&self) -> i64 {
        (self.true_ms)() + self.offset_ms
    }
}

/// 32 bytes that nobody can guess.
///
/// # Errors
/// The system has none.
pub fn seed(world: &World<'_>) -> std::io::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    (world.dice)(&mut bytes)?;
    Ok(bytes)
}

/// Clock and chance of a store: the demo's offset if it has one.
///
/// # Errors
/// What the store or the system says.
pub fn clock_of(store: &Store, world: &World<'_>) -> Result<Arc<MovedClock>, StoreError> {
    let offset = store.read_blocking(|r| demo_offset(r)).map_err(ActError::into_store)?;
    Ok(Arc::new(MovedClock { true_ms: world.clock, offset_ms: offset.unwrap_or(0) }))
}

/// Chance from the system's.
///
/// # Errors
/// The system has none.
pub fn chance(world: &World<'_>) -> std::io::Result<Arc<SeededChance>> {
    Ok(Arc::new(SeededChance::new(seed(world)?)))
}

/// The secret that signs flashes and visitors' tokens: made once, kept in the store.
///
/// # Errors
/// What the store says.
pub fn page_secret(store: &Store, fresh: [u8; 32], now_ms: i64) -> Result<[u8; 32], StoreError> {
    const KEY: &str = "kit.secret";
    let unit = move |tx: &mut store::Tx<'_>| {
        if let Some(text) = store::settings::get(tx, KEY)?
            && let Some(secret) = from_hex(&text)
        {
            return Ok(secret);
        }
        let text: String = fresh.iter().map(|b| format!("{b:02x}")).collect();
        store::settings::set(tx, KEY, &text, now_ms)?;
        Ok(fresh)
    };
    store.act_blocking(unit).map_err(ActError::<StoreError>::into_store)
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(out)
}
