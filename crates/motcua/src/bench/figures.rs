//! Stopwatch and spreads.

use std::time::{Duration, Instant};

/// Starts a stopwatch; calling what it gives reads it.
#[expect(clippy::disallowed_methods, reason = "the bench measures time itself")]
pub fn stopwatch() -> impl Fn() -> Duration {
    let start = Instant::now();
    move || start.elapsed()
}

/// The spread of a set of times.
#[derive(Clone, Copy, Default, Debug)]
pub struct Spread {
    /// Half are faster.
    pub p50: Duration,
    /// One in a hundred is slower.
    pub p99: Duration,
}

impl Spread {
    /// The spread of times, in any order.
    #[must_use]
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
        Self { p50: at(50), p99: at(99) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |d: Duration| d.as_secs_f64() * 1_000.0;
        write!(f, "p50 {:.2} ms, p99 {:.2} ms", ms(self.p50), ms(self.p99))
    }
}
