//! Dates of the Gregorian calendar without a zone (DMN 10.3.2.3.5), reckoned in whole days.

use std::fmt;

/// A day; the fields are always those of a real day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

/// Years reach from minus this to plus this (DMN 10.3.4.1).
pub const YEAR_MAX: i32 = 999_999_999;
const DAYS_OF_400_YEARS: i64 = 146_097;

impl Date {
    /// The day, or `None` when there is none such.
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let fits = (-YEAR_MAX..=YEAR_MAX).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_of_month(year, month)).contains(&day);
        fits.then_some(Self { year, month, day })
    }

    /// Reads `2026-01-05`, with a sign and up to nine digits in the year.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut parts = rest.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let padded = year.len() > 4 && year.starts_with('0');
        let shape = (4..=9).contains(&year.len()) && !padded && parts.next().is_none();
        if !shape || month.len() != 2 || day.len() != 2 || !digits(year) {
            return None;
        }
        let year: i32 = year.parse().ok()?;
        Self::new(if negative { -year } else { year }, two(month)?, two(day)?)
    }

    /// Year, negative before the year 0.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year
    }

    /// Month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// Days since 1 January 1970.
    #[must_use]
    pub fn days(self) -> i64 {
        // Years begin in March here, so that the leap day is the last of its year.
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        era * DAYS_OF_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day this many days after 1 January 1970.
    #[must_use]
    pub fn from_days(days: i64) -> Option<Self> {
        let shifted = days.checked_add(719_468)?;
        let era = shifted.div_euclid(DAYS_OF_400_YEARS);
        let day = shifted.rem_euclid(DAYS_OF_400_YEARS);
        let of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
        let month = (5 * of_year + 2) / 153;
        let in_month = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + of_era + i64::from(month <= 2);
        Self::new(
            i32::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(in_month).ok()?,
        )
    }

    /// The day `months` later; a day that the month lacks becomes its last.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Option<Self> {
        let all = i64::from(self.year) * 12 + i64::from(self.month) - 1;
        let all = all.checked_add(months)?;
        let year = i32::try_from(all.div_euclid(12)).ok()?;
        let month = u8::try_from(all.rem_euclid(12) + 1).ok()?;
        Self::new(year, month, self.day.min(days_of_month(year, month)))
    }

    /// The day `days` later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Option<Self> {
        Self::from_days(self.days().checked_add(days)?)
    }

    /// Day of the week, Monday is 1.
    #[must_use]
    pub fn weekday(self) -> u8 {
        u8::try_from((self.days() + 3).rem_euclid(7)).map_or(0, |day| day + 1)
    }

    /// Day of the year, from 1.
    #[must_use]
    pub fn day_of_year(self) -> u16 {
        let first = Self { year: self.year, month: 1, day: 1 };
        u16::try_from(self.days() - first.days() + 1).unwrap_or(0)
    }

    /// Week of the year by ISO 8601: the week of a Thursday belongs to its year.
    #[must_use]
    pub fn week_of_year(self) -> u8 {
        let thursday = self.days() - i64::from(self.weekday()) + 4;
        let day = Self::from_days(thursday).map_or(1, Self::day_of_year);
        u8::try_from((day - 1) / 7 + 1).unwrap_or(0)
    }
}

/// Days in a month; 0 for a month that is none.
#[must_use]
pub fn days_of_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

pub(super) fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Exactly two digits.
pub(super) fn two(text: &str) -> Option<u8> {
    if text.len() == 2 && digits(text) { text.parse().ok() } else { None }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{:02}-{:02}", self.year.unsigned_abs(), self.month, self.day)
    }
}
