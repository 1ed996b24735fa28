//! Time and chance come in by the front door: the two traits the binary implements.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};

/// The clock of the program; in the demo it can be moved.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 UTC.
    fn now_ms(&self) -> i64;
}

/// A clock that stands where it was set, for tests and for the demo.
#[derive(Debug, Default)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock at an instant (ms since 1970 UTC).
    pub fn new(ms: i64) -> FixedClock {
        FixedClock(AtomicI64::new(ms))
    }

    /// Moves the clock.
    pub fn set(&self, ms: i64) {
        self.0.store(ms, Ordering::Relaxed);
    }
}

impl Clock for FixedClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A source of unguessable bytes.
pub trait Chance: Send + Sync {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// A cryptographic generator started from a seed: the system's in the program, a fixed one in
/// tests.
pub struct SeededChance(Mutex<StdRng>);

impl SeededChance {
    /// A generator from 32 bytes of seed.
    pub fn new(seed: [u8; 32]) -> SeededChance {
        SeededChance(Mutex::new(StdRng::from_seed(seed)))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}
