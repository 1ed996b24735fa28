//! Values that conditions compare: text, exact decimal numbers, truth values, nothing.

use std::cmp::Ordering;

/// A value of a case field as a condition sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Text.
    Str(String),
    /// An exact decimal number.
    Num(Number),
    /// True or false.
    Bool(bool),
    /// No value; it equals only itself, and ordering it is neither true nor false.
    Null,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Num(Number::from(number))
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

/// An exact decimal number: `digits` × 10^-`scale`, kept without trailing zeros.
///
/// Money and counts must not be compared through binary fractions, so there is no `f64` here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Number {
    digits: i64,
    scale: u8,
}

/// Most digits after the point.
const SCALE_MAX: u8 = 18;

impl From<i64> for Number {
    fn from(digits: i64) -> Self {
        Self { digits, scale: 0 }
    }
}

impl Number {
    /// Reads `-12`, `0.5`, `1200000`; at most 18 digits in all. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
        if whole.is_empty() || (rest.contains('.') && part.is_empty()) {
            return None;
        }
        let mut digits: i64 = 0;
        for byte in whole.bytes().chain(part.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            digits = digits.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
        }
        let mut scale = u8::try_from(part.len()).ok().filter(|scale| *scale <= SCALE_MAX)?;
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        Some(Self { digits: if negative { -digits } else { digits }, scale })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        // |i64| × 10^18 < 2^127, so the widening never overflows.
        let scale = self.scale.max(other.scale);
        let widen = |n: &Self| i128::from(n.digits) * 10_i128.pow(u32::from(scale - n.scale));
        widen(self).cmp(&widen(other))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
