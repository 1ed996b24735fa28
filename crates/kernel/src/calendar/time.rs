//! Instants, dates and clock times: the only time types of the kernel, with exact text forms.

use std::fmt;

use chrono::Datelike;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A date of the solar calendar (BLDS 2015 Art. 145.2).
pub type Date = chrono::NaiveDate;

/// Seconds east of Greenwich of all law-relevant time: Asia/Ho_Chi_Minh, no daylight saving.
pub const LAW_OFFSET_SECONDS: i32 = 7 * 3600;
/// Largest offset that a zone may have, in seconds.
const MAX_OFFSET_SECONDS: i64 = 24 * 3600 - 60;

/// Local seconds since 1970-01-01T00:00:00 of the wall clock; the engine counts in these.
pub(super) type Sec = i64;
/// Local days since 1970-01-01.
pub(super) type Day = i64;

/// Seconds of a day; there are no leap seconds here.
pub(super) const DAY: i64 = 86_400;
/// `NaiveDate`'s number of 1970-01-01.
const EPOCH_FROM_CE: i64 = 719_163;

/// The day on which a local second lies.
pub(super) const fn day_of(at: Sec) -> Day {
    at.div_euclid(DAY)
}

/// Monday is 0.
pub(super) fn weekday(day: Day) -> usize {
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)
}

/// The date of a day number; beyond what a date can hold, the last one it can.
pub(super) fn date_of(day: Day) -> Date {
    i32::try_from(day.saturating_add(EPOCH_FROM_CE))
        .ok()
        .and_then(Date::from_num_days_from_ce_opt)
        .unwrap_or(if day < 0 { Date::MIN } else { Date::MAX })
}

/// The day number of a date.
pub(super) fn number_of(date: Date) -> Day {
    i64::from(date.num_days_from_ce()) - EPOCH_FROM_CE
}

/// A text that is not what it should be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TimeFault {
    /// Not an instant `YYYY-MM-DDTHH:MM:SS` with `Z` or `±HH:MM`, or no such moment.
    #[error("expected an instant like 2026-01-31T08:00:00+07:00")]
    Instant,
    /// Not a date `YYYY-MM-DD`, or no such day.
    #[error("expected a date like 2026-01-31")]
    Date,
    /// Not a clock time `HH:MM`.
    #[error("expected a clock time like 07:30")]
    Clock,
    /// Not an offset `±HH:MM`.
    #[error("expected an offset like +07:00")]
    Offset,
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The moment at which a wall clock with this offset shows the date and the second of the day.
    #[must_use]
    pub fn from_local(date: Date, second_of_day: u32, offset_seconds: i32) -> Self {
        Self::from_sec(number_of(date) * DAY + i64::from(second_of_day), offset_seconds)
    }

    /// The moment of a clock time on a date in the law's own time zone.
    #[must_use]
    pub fn at(date: Date, hour: u32, minute: u32) -> Self {
        Self::from_local(date, hour * 3600 + minute * 60, LAW_OFFSET_SECONDS)
    }

    /// Local second of this moment; parts of a second are dropped.
    pub(super) const fn sec(self, offset_seconds: i32) -> Sec {
        self.0.div_euclid(1000) + offset_seconds as i64
    }

    /// The moment of a local second.
    pub(super) const fn from_sec(at: Sec, offset_seconds: i32) -> Self {
        Self(at.saturating_sub(offset_seconds as i64).saturating_mul(1000))
    }

    /// The date in the law's time zone.
    #[must_use]
    pub fn date(self) -> Date {
        self.date_in(LAW_OFFSET_SECONDS)
    }

    /// The date of a wall clock with this offset.
    #[must_use]
    pub fn date_in(self, offset_seconds: i32) -> Date {
        date_of(day_of(self.sec(offset_seconds)))
    }

    /// Second of the day in the law's time zone, 0–86399.
    #[must_use]
    pub fn second_of_day(self) -> u32 {
        u32::try_from(self.sec(LAW_OFFSET_SECONDS).rem_euclid(DAY)).unwrap_or(0)
    }

    /// The same clock time some days later or earlier.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(DAY))
    }

    /// Some seconds later or earlier.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// Reads `YYYY-MM-DDTHH:MM:SS` with `Z` or `±HH:MM`, to the second.
    ///
    /// # Errors
    /// Any other form, no zone, or no such moment.
    pub fn parse(text: &str) -> Result<Self, TimeFault> {
        let bad = TimeFault::Instant;
        let (date, rest) = text.split_at_checked(10).ok_or(bad)?;
        let date = parse_date(date).map_err(|_| bad)?;
        let (clock, zone) = rest.split_at_checked(9).ok_or(bad)?;
        let clock = clock.strip_prefix('T').ok_or(bad)?.as_bytes();
        let &[h, hh, b':', m, mm, b':', s, ss] = clock else { return Err(bad) };
        let hour = two(h, hh).filter(|n| *n < 24).ok_or(bad)?;
        let minute = two(m, mm).filter(|n| *n < 60).ok_or(bad)?;
        let second = two(s, ss).filter(|n| *n < 60).ok_or(bad)?;
        let offset = if zone == "Z" { 0 } else { parse_offset(zone).map_err(|_| bad)? };
        Ok(Self::from_local(date, hour * 3600 + minute * 60 + second, offset))
    }

    /// Prints the moment to the second as a wall clock with this offset shows it.
    #[must_use]
    pub fn print(self, offset_seconds: i32) -> String {
        let at = self.sec(offset_seconds);
        let (date, clock) = (date_of(day_of(at)), at.rem_euclid(DAY));
        let (sign, zone) =
            if offset_seconds < 0 { ('-', -offset_seconds) } else { ('+', offset_seconds) };
        format!(
            "{date}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            clock / 3600,
            clock / 60 % 60,
            clock % 60,
            zone / 3600,
            zone / 60 % 60,
        )
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.print(LAW_OFFSET_SECONDS))
    }
}

/// Reads `YYYY-MM-DD`.
///
/// # Errors
/// Any other form, or no such day.
pub fn parse_date(text: &str) -> Result<Date, TimeFault> {
    let &[a, b, c, d, b'-', m, mm, b'-', n, nn] = text.as_bytes() else {
        return Err(TimeFault::Date);
    };
    let numbers = || Some((two(a, b)? * 100 + two(c, d)?, two(m, mm)?, two(n, nn)?));
    let (year, month, day) = numbers().ok_or(TimeFault::Date)?;
    let year = i32::try_from(year).map_err(|_| TimeFault::Date)?;
    Date::from_ymd_opt(year, month, day).ok_or(TimeFault::Date)
}

/// Reads `±HH:MM` as seconds east of Greenwich.
///
/// # Errors
/// Any other form, or a day and more.
pub fn parse_offset(text: &str) -> Result<i32, TimeFault> {
    let &[sign, h, hh, b':', m, mm] = text.as_bytes() else { return Err(TimeFault::Offset) };
    let minutes = two(m, mm).filter(|n| *n < 60).ok_or(TimeFault::Offset)?;
    let seconds = two(h, hh).ok_or(TimeFault::Offset)? * 3600 + minutes * 60;
    let seconds = i32::try_from(seconds).map_err(|_| TimeFault::Offset)?;
    match sign {
        _ if i64::from(seconds) > MAX_OFFSET_SECONDS => Err(TimeFault::Offset),
        b'+' => Ok(seconds),
        b'-' => Ok(-seconds),
        _ => Err(TimeFault::Offset),
    }
}

/// The number that two digits write.
fn two(tens: u8, ones: u8) -> Option<u32> {
    let digit = |c: u8| c.is_ascii_digit().then(|| u32::from(c - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

/// A clock time in seconds since midnight, a whole minute from 00:00 to 24:00.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ClockTime(u32);

impl ClockTime {
    /// 00:00.
    pub const MIDNIGHT: Self = Self(0);
    /// 24:00, the end of the day.
    pub const END: Self = Self(86_400);

    /// A clock time, or `None` where the clock has none.
    #[must_use]
    pub const fn new(hour: u32, minute: u32) -> Option<Self> {
        if hour < 24 && minute < 60 { Some(Self(hour * 3600 + minute * 60)) } else { None }
    }

    /// Seconds since midnight, 0–86400.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0
    }

    /// Reads `HH:MM`, 00:00 to 23:59, or 24:00.
    ///
    /// # Errors
    /// Any other form.
    pub fn parse(text: &str) -> Result<Self, TimeFault> {
        let &[h, hh, b':', m, mm] = text.as_bytes() else { return Err(TimeFault::Clock) };
        let (Some(hour), Some(minute)) = (two(h, hh), two(m, mm)) else {
            return Err(TimeFault::Clock);
        };
        if (hour, minute) == (24, 0) {
            return Ok(Self::END);
        }
        Self::new(hour, minute).ok_or(TimeFault::Clock)
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 3600, self.0 / 60 % 60)
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
