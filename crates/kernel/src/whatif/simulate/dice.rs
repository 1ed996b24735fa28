//! Chance as a function: a number for a key, and what distributions make of it.
//!
//! Only addition, multiplication, division and the square root are used, which are rounded the same
//! way everywhere; a logarithm from a library would not be.

use serde::{Deserialize, Serialize};

/// How long something takes, in minutes of working time.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// Always the same.
    Fixed(f64),
    /// Anything between two numbers, all alike.
    Uniform([f64; 2]),
    /// Least, most often, most.
    Triangular([f64; 3]),
    /// Without memory, with this mean.
    Exponential(f64),
}

/// Mixes a number so that neighbours have nothing in common (the finaliser of SplitMix64).
pub(super) const fn mix(key: u64) -> u64 {
    let key = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ (key >> 31)
}

/// A key out of two.
pub(super) const fn join(one: u64, two: u64) -> u64 {
    mix(one ^ mix(two))
}

/// Bits of a number that chance decides.
pub(super) const BITS: u32 = 53;

/// A number from 0 to below 2^53.
pub(super) const fn draw(key: u64) -> u64 {
    mix(key) >> (64 - BITS)
}

/// A number from 0 to below 1.
#[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
fn unit(key: u64) -> f64 {
    draw(key) as f64 / (1_u64 << BITS) as f64
}

/// An exponential number with mean 1.
pub(super) fn exponential(key: u64) -> f64 {
    -ln(1.0 - unit(key))
}

/// The natural logarithm of a number above 0 and up to 1, to about twelve digits.
fn ln(x: f64) -> f64 {
    const LN_2: f64 = std::f64::consts::LN_2;
    let (mut mantissa, mut exponent) = (x, 0.0);
    while mantissa < 0.75 {
        mantissa *= 2.0;
        exponent -= 1.0;
    }
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let (square, mut power, mut sum, mut n) = (s * s, s, 0.0, 1.0);
    while n < 16.0 {
        sum += power / n;
        power *= square;
        n += 2.0;
    }
    2.0 * sum + exponent * LN_2
}

impl Spread {
    /// What is wrong with its numbers, if anything is.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let numbers: &[f64] = match self {
            Self::Fixed(n) | Self::Exponential(n) => std::slice::from_ref(n),
            Self::Uniform(n) => n,
            Self::Triangular(n) => n,
        };
        if numbers.iter().any(|n| !(0.0..=super::MINUTES_MAX).contains(n)) {
            return Some("expected minutes from 0 up to a hundred years");
        }
        let ordered = numbers.windows(2).all(|pair| matches!(pair, [a, b] if a <= b));
        (!ordered).then_some("expected the numbers in rising order")
    }

    /// Working seconds for a key.
    pub(super) fn seconds(&self, key: u64) -> u64 {
        let minutes = match *self {
            Self::Fixed(minutes) => minutes,
            Self::Uniform([low, high]) => low + unit(key) * (high - low),
            Self::Triangular([low, mode, high]) => triangular(unit(key), low, mode, high),
            Self::Exponential(mean) => mean * exponential(key),
        };
        whole(minutes * 60.0)
    }

    /// Its mean in minutes.
    #[cfg(test)]
    pub(super) fn mean(&self) -> f64 {
        match *self {
            Self::Fixed(mean) | Self::Exponential(mean) => mean,
            Self::Uniform([low, high]) => f64::midpoint(low, high),
            Self::Triangular([low, mode, high]) => (low + mode + high) / 3.0,
        }
    }
}

fn triangular(u: f64, low: f64, mode: f64, high: f64) -> f64 {
    let span = high - low;
    if span <= 0.0 {
        return low;
    }
    if u * span < mode - low {
        low + (u * span * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * span * (high - mode)).sqrt()
    }
}

/// The nearest whole number; the caller has bounded it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative and far below the largest"
)]
pub(super) fn whole(number: f64) -> u64 {
    (number + 0.5) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_that_of_the_library() {
        for n in 1..=2_000_u32 {
            let x = f64::from(n) / 2_000.0;
            assert!((ln(x) - x.ln()).abs() < 1e-11, "{x}");
        }
        assert!((ln(1e-16) - 1e-16_f64.ln()).abs() < 1e-10);
    }

    #[test]
    fn each_spread_has_its_mean() {
        let all = [
            Spread::Fixed(30.0),
            Spread::Uniform([20.0, 60.0]),
            Spread::Triangular([10.0, 30.0, 200.0]),
            Spread::Exponential(45.0),
        ];
        for spread in all {
            let total: u64 = (0..100_000).map(|n| spread.seconds(join(7, n))).sum();
            #[expect(clippy::cast_precision_loss, reason = "a mean")]
            let mean = total as f64 / 100_000.0 / 60.0;
            assert!((mean / spread.mean() - 1.0).abs() < 0.02, "{spread:?}: {mean}");
        }
    }

    #[test]
    fn numbers_that_make_no_sense_are_named() {
        assert!(Spread::Fixed(-1.0).fault().is_some());
        assert!(Spread::Fixed(f64::NAN).fault().is_some());
        assert!(Spread::Uniform([3.0, 2.0]).fault().is_some());
        assert!(Spread::Triangular([1.0, 2.0, 3.0]).fault().is_none());
    }
}
