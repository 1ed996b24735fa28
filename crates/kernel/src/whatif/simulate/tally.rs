//! Counts of times in few bytes: exact to the second up to eight minutes, then within 0.4 percent.

/// Buckets in which a power of two is divided.
const PARTS: u64 = 256;
/// Its bits.
const PART_BITS: u32 = 8;

/// How often which time was seen.
#[derive(Clone, Default, Debug)]
pub(super) struct Tally {
    counts: Vec<u64>,
    count: u64,
    sum: u128,
    most: u64,
}

/// The bucket of a time.
fn bucket(seconds: u64) -> usize {
    if seconds < 2 * PARTS {
        return usize::try_from(seconds).unwrap_or(usize::MAX);
    }
    let shift = 63 - seconds.leading_zeros() - PART_BITS;
    let place = u64::from(shift) * PARTS + (seconds >> shift);
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The middle of a bucket.
fn middle(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < 2 * PARTS {
        return bucket;
    }
    let shift = bucket / PARTS - 1;
    let low = (bucket - shift * PARTS) << shift;
    low + ((1_u64 << shift) - 1) / 2
}

impl Tally {
    /// Counts a time in seconds.
    pub(super) fn add(&mut self, seconds: u64) {
        let at = bucket(seconds);
        if at >= self.counts.len() {
            self.counts.resize(at + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(at) {
            *count += 1;
        }
        self.count += 1;
        self.sum += u128::from(seconds);
        self.most = self.most.max(seconds);
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn most(&self) -> u64 {
        self.most
    }

    /// The mean in seconds.
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    pub(super) fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum as f64 / self.count as f64 }
    }

    /// The time that so many percent of all do not pass.
    pub(super) fn percentile(&self, percent: u64) -> u64 {
        let wanted = (u128::from(self.count) * u128::from(percent)).div_ceil(100).max(1);
        let mut seen = 0_u128;
        for (at, count) in self.counts.iter().enumerate() {
            seen += u128::from(*count);
            if seen >= wanted {
                return middle(at).min(self.most);
            }
        }
        self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bucket_holds_its_middle_and_the_error_is_small() {
        for seconds in (0..2_000).chain((2_000..100_000_000).step_by(7_919)) {
            let near = middle(bucket(seconds));
            assert_eq!(bucket(near), bucket(seconds), "{seconds}");
            assert!(near.abs_diff(seconds) * 250 <= seconds, "{seconds} is told as {near}");
        }
    }

    #[test]
    fn percentiles_of_a_row() {
        let mut tally = Tally::default();
        (1..=100).for_each(|n| tally.add(n));
        assert_eq!((tally.percentile(50), tally.percentile(95), tally.most()), (50, 95, 100));
        assert!((tally.mean() - 50.5).abs() < 1e-9);
    }
}
