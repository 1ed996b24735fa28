//! Exact decimal numbers: 34 significant digits, rounding half to even, as DMN 10.3.2.3.1 asks.
//!
//! Money and counts must not pass through binary fractions, so no `f64` is made here. A result out
//! of range is `None`, never an infinity.

use std::cmp::Ordering;
use std::fmt;

use dashu_float::round::mode::{Down, HalfEven};
use dashu_float::{Context, FBig, Repr};
use dashu_int::IBig;

use crate::limits;

/// A decimal number: a whole number of at most 34 digits × a power of ten.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(Repr<10>);

/// How a number is rounded to fewer digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    /// To the nearest, a tie to the even neighbour.
    HalfEven,
    /// To the nearest, a tie away from zero.
    HalfUp,
    /// To the nearest, a tie towards zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// Towards minus infinity.
    Floor,
    /// Towards plus infinity.
    Ceiling,
}

/// Significant digits of every result.
pub const DIGITS: usize = 34;
/// Largest power of ten of the leading digit; the smallest is its negative.
const EXPONENT_MAX: isize = 6144;
/// Largest whole exponent of `**` that is calculated.
const POWER_MAX: i64 = 1_000_000;
/// e^x is out of range beyond this x.
const EXP_ARGUMENT_MAX: i64 = 14_150;
/// Digits are written out in full up to this power of ten, else with an exponent.
const PLAIN_EXPONENT_MAX: isize = 60;

const CONTEXT: Context<HalfEven> = Context::new(DIGITS);

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Self(Repr::new(IBig::from(whole), 0))
    }
}

impl Number {
    /// Nothing.
    pub const ZERO: Self = Self(Repr::zero());
    /// One.
    pub const ONE: Self = Self(Repr::one());

    /// `digits` × 10^`exponent`, rounded to 34 digits; `None` out of range.
    #[must_use]
    pub fn new(digits: i128, exponent: i32) -> Option<Self> {
        Self::bounded(Repr::new(IBig::from(digits), isize::try_from(exponent).ok()?))
    }

    /// Reads `-12`, `0.5`, `.872`, `1200000`, `1.5E-3`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > limits::NUMBER_BYTES {
            return None;
        }
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, exponent_of(power)?),
            None => (rest, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let no_part = mantissa.contains('.') && part.is_empty();
        let digits = [whole, part].concat();
        if digits.is_empty() || no_part || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = IBig::from_str_radix(&digits, 10).ok()?;
        let exponent = power.checked_sub(isize::try_from(part.len()).ok()?)?;
        Self::bounded(Repr::new(if negative { -digits } else { digits }, exponent))
    }

    /// Rounds to the digits kept and checks the range. What is too small to keep becomes zero.
    fn bounded(repr: Repr<10>) -> Option<Self> {
        if repr.is_infinite() {
            return None;
        }
        let (digits, exponent) = repr.into_parts();
        if digits.is_zero() {
            return Some(Self::ZERO);
        }
        let repr = Repr::<10>::new(digits, exponent);
        let repr = if repr.digits() > DIGITS {
            FBig::<HalfEven, 10>::from_repr(repr, Context::new(0))
                .with_precision(DIGITS)
                .value()
                .into_repr()
        } else {
            repr
        };
        let lead = repr.exponent() + isize::try_from(repr.digits()).ok()? - 1;
        if lead > EXPONENT_MAX {
            None
        } else if lead < -EXPONENT_MAX {
            Some(Self::ZERO)
        } else {
            Some(Self(repr))
        }
    }

    fn taken(
        result: Result<dashu_float::round::Rounded<FBig<HalfEven, 10>>, dashu_float::FpError>,
    ) -> Option<Self> {
        match result {
            Ok(rounded) => Self::bounded(rounded.value().into_repr()),
            Err(dashu_float::FpError::Underflow(_)) => Some(Self::ZERO),
            Err(_) => None,
        }
    }

    /// The sum; `None` out of range.
    #[must_use]
    pub fn add(&self, other: &Self) -> Option<Self> {
        Self::taken(CONTEXT.add(&self.0, &other.0))
    }

    /// The difference; `None` out of range.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Option<Self> {
        Self::taken(CONTEXT.sub(&self.0, &other.0))
    }

    /// The product; `None` out of range.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Option<Self> {
        Self::taken(CONTEXT.mul(&self.0, &other.0))
    }

    /// The quotient; `None` by zero or out of range.
    #[must_use]
    pub fn div(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        Self::taken(CONTEXT.div(&self.0, &other.0))
    }

    /// The remainder with the sign of the divisor (DMN 10.3.4.5 `modulo`); `None` by zero.
    #[must_use]
    pub fn modulo(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let rest = Context::<Down>::new(DIGITS).rem(&self.0, &other.0).ok()?;
        Self::bounded(rest.value().into_repr())
    }

    /// The power; `None` when it is not defined, out of range or costs too much.
    #[must_use]
    pub fn pow(&self, power: &Self) -> Option<Self> {
        if self.is_zero() && power.is_negative() {
            return None;
        }
        if *self == Self::ONE || power.is_zero() {
            return Some(Self::ONE);
        }
        if self.is_zero() {
            return Some(Self::ZERO);
        }
        if let Some(whole) = power.to_i64() {
            if whole.abs() > POWER_MAX {
                return None;
            }
            return Self::taken(CONTEXT.powi(&self.0, IBig::from(whole)));
        }
        if self.is_negative() {
            return None;
        }
        if self.ln()?.mul(power)?.abs() > Self::from(EXP_ARGUMENT_MAX) {
            return None;
        }
        Self::taken(CONTEXT.powf(&self.0, &power.0, None))
    }

    /// The square root; `None` of a negative number.
    #[must_use]
    pub fn sqrt(&self) -> Option<Self> {
        if self.is_negative() { None } else { Self::taken(CONTEXT.sqrt(&self.0)) }
    }

    /// The natural logarithm; `None` of zero or less.
    #[must_use]
    pub fn ln(&self) -> Option<Self> {
        if self.is_positive() { Self::taken(CONTEXT.ln(&self.0, None)) } else { None }
    }

    /// e to this power; `None` out of range.
    #[must_use]
    pub fn exp(&self) -> Option<Self> {
        if self.abs() > Self::from(EXP_ARGUMENT_MAX) {
            return None;
        }
        Self::taken(CONTEXT.exp(&self.0, None))
    }

    /// The number with the other sign.
    #[must_use]
    pub fn neg(&self) -> Self {
        let (digits, exponent) = self.0.clone().into_parts();
        Self(Repr::new(-digits, exponent))
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    /// Rounds to `scale` digits after the point (negative: before it); `None` for a scale beyond
    /// the range of exponents.
    #[must_use]
    pub fn round(&self, scale: i64, how: Rounding) -> Option<Self> {
        let scale = isize::try_from(scale).ok().filter(|s| s.abs() <= EXPONENT_MAX + 33)?;
        let drop = -scale - self.0.exponent();
        let (digits, _) = self.0.clone().into_parts();
        if drop <= 0 {
            return Some(self.clone());
        }
        let sign = if self.is_negative() { -1 } else { 1 };
        if drop > isize::try_from(self.0.digits()).ok()? {
            // Less than a tenth of a unit: only the directed modes do not give zero.
            let unit = match how {
                Rounding::Up => sign,
                Rounding::Floor if sign < 0 => -1,
                Rounding::Ceiling if sign > 0 => 1,
                _ => 0,
            };
            let unit = if digits.is_zero() { 0 } else { unit };
            return Self::bounded(Repr::new(IBig::from(unit), -scale));
        }
        let divisor = IBig::from(10).pow(usize::try_from(drop).ok()?);
        let whole = &digits / &divisor;
        let rest = &digits - &whole * &divisor;
        let twice = (&rest * IBig::from(2 * sign)).cmp(&divisor);
        let odd = &whole % IBig::from(2) != IBig::ZERO;
        let away = !rest.is_zero()
            && match how {
                Rounding::HalfEven => twice.is_gt() || (twice.is_eq() && odd),
                Rounding::HalfUp => twice.is_ge(),
                Rounding::HalfDown => twice.is_gt(),
                Rounding::Up => true,
                Rounding::Down => false,
                Rounding::Floor => sign < 0,
                Rounding::Ceiling => sign > 0,
            };
        let whole = if away { whole + IBig::from(sign) } else { whole };
        Self::bounded(Repr::new(whole, -scale))
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.significand().is_zero()
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        !self.is_zero() && self.0.sign() == dashu_int::Sign::Negative
    }

    /// Whether it is above zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        !self.is_zero() && !self.is_negative()
    }

    /// Whether nothing follows the point.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_zero() || self.0.exponent() >= 0
    }

    /// The whole number it is, if it is one that fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        i64::try_from(self.to_i128()?).ok()
    }

    /// The whole number it is, if it is one that fits.
    #[must_use]
    pub fn to_i128(&self) -> Option<i128> {
        if !self.is_whole() || self.0.exponent() > 38 {
            return None;
        }
        let (digits, exponent) = self.0.clone().into_parts();
        let power = 10_i128.checked_pow(u32::try_from(exponent.max(0)).ok()?)?;
        i128::try_from(digits).ok()?.checked_mul(power)
    }
}

fn exponent_of(text: &str) -> Option<isize> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    /// Plain digits, without zeros at the end; very large or small numbers as `1.5E+70`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.write_str("0");
        }
        let text = self.abs().0.significand().to_string();
        if self.is_negative() {
            f.write_str("-")?;
        }
        let exponent = self.0.exponent();
        let length = isize::try_from(text.len()).unwrap_or(isize::MAX);
        let lead = exponent + length - 1;
        if !(-PLAIN_EXPONENT_MAX..=PLAIN_EXPONENT_MAX).contains(&lead) {
            let (first, rest) = text.split_at_checked(1).unwrap_or((&text, ""));
            let point = if rest.is_empty() { "" } else { "." };
            return write!(f, "{first}{point}{rest}E{lead:+}");
        }
        if exponent >= 0 {
            let zeros = usize::try_from(exponent).unwrap_or(0);
            return write!(f, "{text}{}", "0".repeat(zeros));
        }
        let whole = usize::try_from(length + exponent).unwrap_or(0);
        let zeros = usize::try_from(-exponent - length).unwrap_or(0);
        let (before, after) = text.split_at_checked(whole).unwrap_or(("", &text));
        let before = if before.is_empty() { "0" } else { before };
        write!(f, "{before}.{}{after}", "0".repeat(zeros))
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
