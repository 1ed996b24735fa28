//! The two kinds of durations (DMN 10.3.2.3.8–9): days and time, years and months.

use std::fmt;

use super::time::{DAY_NANOS, NANOS, nanos_of};

/// Days, hours, minutes and seconds, in nanoseconds; may be negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Days(pub i128);

/// Years and months, in months; may be negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Months(pub i64);

/// Longest number in a duration, in digits.
const PART_DIGITS: usize = 15;

impl Days {
    /// Reads `P1DT2H3M4.5S`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = sign(text)?;
        let (date, time) = match rest.split_once('T') {
            Some((date, time)) if !time.is_empty() => (date, time),
            Some(_) => return None,
            None => (rest, ""),
        };
        let mut nanos = 0_i128;
        for (part, unit) in parts(date, &['D'])? {
            nanos += i128::from(whole(part)?) * unit_nanos(unit)?;
        }
        for (part, unit) in parts(time, &['H', 'M', 'S'])? {
            let (seconds, fraction) = match part.split_once('.') {
                Some((seconds, fraction)) if unit == 'S' => (seconds, nanos_of(fraction)?),
                _ => (part, 0),
            };
            nanos += i128::from(whole(seconds)?) * unit_nanos(unit)? + i128::from(fraction);
        }
        (!rest.is_empty()).then_some(Self(if negative { -nanos } else { nanos }))
    }
}

impl Months {
    /// Reads `P1Y2M`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = sign(text)?;
        let mut months = 0;
        for (part, unit) in parts(rest, &['Y', 'M'])? {
            months += whole(part)? * if unit == 'Y' { 12 } else { 1 };
        }
        (!rest.is_empty()).then_some(Self(if negative { -months } else { months }))
    }
}

fn unit_nanos(unit: char) -> Option<i128> {
    let seconds: u64 = match unit {
        'D' => return Some(i128::from(DAY_NANOS)),
        'H' => 3600,
        'M' => 60,
        'S' => 1,
        _ => return None,
    };
    Some(i128::from(seconds * NANOS))
}

fn sign(text: &str) -> Option<(bool, &str)> {
    match text.strip_prefix("-P") {
        Some(rest) => Some((true, rest)),
        None => text.strip_prefix('P').map(|rest| (false, rest)),
    }
}

fn whole(text: &str) -> Option<i64> {
    let fits = (1..=PART_DIGITS).contains(&text.len()) && super::date::digits(text);
    if fits { text.parse().ok() } else { None }
}

/// Splits `1Y2M` into numbers and units, which must come in the given order.
fn parts<'t>(text: &'t str, units: &[char]) -> Option<Vec<(&'t str, char)>> {
    let mut found = Vec::new();
    let mut left = units.iter();
    let mut rest = text;
    while !rest.is_empty() {
        let at = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at_checked(at)?;
        let unit = tail.chars().next()?;
        left.find(|known| **known == unit)?;
        found.push((number, unit));
        rest = tail.get(unit.len_utf8()..)?;
    }
    Some(found)
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.unsigned_abs();
        let (second, day) = (u128::from(NANOS), u128::from(DAY_NANOS));
        if all == 0 {
            return f.write_str("PT0S");
        }
        write!(f, "{}P", if self.0 < 0 { "-" } else { "" })?;
        if all >= day {
            write!(f, "{}D", all / day)?;
        }
        let rest = all % day;
        if rest == 0 {
            return Ok(());
        }
        f.write_str("T")?;
        for (unit, value) in [('H', rest / (3600 * second)), ('M', rest / (60 * second) % 60)] {
            if value > 0 {
                write!(f, "{value}{unit}")?;
            }
        }
        let (seconds, fraction) = (rest / second % 60, rest % second);
        if fraction > 0 {
            let digits = format!("{fraction:09}");
            write!(f, "{seconds}.{}S", digits.trim_end_matches('0'))
        } else if seconds > 0 {
            write!(f, "{seconds}S")
        } else {
            Ok(())
        }
    }
}

impl fmt::Display for Months {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.unsigned_abs();
        let (years, months) = (all / 12, all % 12);
        if all == 0 {
            return f.write_str("P0M");
        }
        write!(f, "{}P", if self.0 < 0 { "-" } else { "" })?;
        if years > 0 {
            write!(f, "{years}Y")?;
        }
        if months > 0 { write!(f, "{months}M") } else { Ok(()) }
    }
}
