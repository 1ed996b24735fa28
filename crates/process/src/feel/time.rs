//! Times of day and moments, with or without an offset from UTC (DMN 10.3.2.3.5, 10.3.2.3.7).

use std::cmp::Ordering;
use std::fmt;

use super::date::{Date, digits, two};

/// A distance from UTC, with the zone it was written with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offset {
    /// Seconds east of UTC.
    pub seconds: i32,
    /// Name of the zone, for those few that keep one offset all year.
    pub zone: Option<&'static str>,
}

/// A time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Time {
    nanos: u64,
    /// Where it is that time; `None` is local time of nowhere.
    pub offset: Option<Offset>,
}

/// A day and a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// The time on it.
    pub time: Time,
}

pub(super) const NANOS: u64 = 1_000_000_000;
pub(super) const DAY_NANOS: u64 = 86_400 * NANOS;
/// Offsets are less than this many seconds (18 hours, XML Schema asks 14).
const OFFSET_MAX: i32 = 18 * 3600;

/// Zones without summer time; the offset of any other depends on tables that change.
const ZONES: &[(&str, i32)] = &[
    ("Asia/Bangkok", 7 * 3600),
    ("Asia/Ho_Chi_Minh", 7 * 3600),
    ("Asia/Hong_Kong", 8 * 3600),
    ("Asia/Jakarta", 7 * 3600),
    ("Asia/Phnom_Penh", 7 * 3600),
    ("Asia/Saigon", 7 * 3600),
    ("Asia/Seoul", 9 * 3600),
    ("Asia/Shanghai", 8 * 3600),
    ("Asia/Singapore", 8 * 3600),
    ("Asia/Tokyo", 9 * 3600),
    ("Asia/Vientiane", 7 * 3600),
    ("Etc/GMT", 0),
    ("Etc/UTC", 0),
    ("GMT", 0),
    ("UTC", 0),
];

impl Offset {
    /// An offset without a zone; `None` when 18 hours or more.
    #[must_use]
    pub fn new(seconds: i32) -> Option<Self> {
        (seconds.abs() < OFFSET_MAX).then_some(Self { seconds, zone: None })
    }

    /// Reads `Z`, `+07:00`, `-05:30:10` or `@Asia/Ho_Chi_Minh`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "Z" || text == "z" {
            return Self::new(0);
        }
        if let Some(name) = text.strip_prefix('@') {
            let (zone, seconds) = ZONES.iter().find(|(zone, _)| *zone == name)?;
            return Some(Self { seconds: *seconds, zone: Some(zone) });
        }
        let sign = match text.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        let mut parts = text.get(1..)?.split(':');
        let hours = i32::from(two(parts.next()?)?);
        let minutes = i32::from(two(parts.next()?)?);
        let seconds = parts.next().map_or(Some(0), two).map(i32::from)?;
        if minutes > 59 || seconds > 59 || parts.next().is_some() {
            return None;
        }
        Self::new(sign * (hours * 3600 + minutes * 60 + seconds))
    }
}

impl Time {
    /// The time, or `None` when there is none such. Nanoseconds are below a second.
    #[must_use]
    pub fn new(
        hour: u8,
        minute: u8,
        second: u8,
        nanos: u32,
        offset: Option<Offset>,
    ) -> Option<Self> {
        if hour > 23 || minute > 59 || second > 59 || u64::from(nanos) >= NANOS {
            return None;
        }
        let seconds = u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second);
        Some(Self { nanos: seconds * NANOS + u64::from(nanos), offset })
    }

    /// The time this many nanoseconds after midnight; whole days are dropped.
    #[must_use]
    pub fn from_nanos(nanos: i128, offset: Option<Offset>) -> Self {
        let nanos = nanos.rem_euclid(i128::from(DAY_NANOS));
        Self { nanos: u64::try_from(nanos).unwrap_or(0), offset }
    }

    /// Reads `08:00:00`, with a fraction and an offset if there are any.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let clock = text.get(..8)?;
        let (hour, minute, second) = (clock.get(..2)?, clock.get(3..5)?, clock.get(6..8)?);
        if clock.get(2..3)? != ":" || clock.get(5..6)? != ":" {
            return None;
        }
        let rest = text.get(8..)?;
        let (nanos, rest) = match rest.strip_prefix('.') {
            Some(fraction) => {
                let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
                let (part, rest) = fraction.split_at_checked(end)?;
                (nanos_of(part)?, rest)
            }
            None => (0, rest),
        };
        let offset = if rest.is_empty() { None } else { Some(Offset::parse(rest)?) };
        Self::new(two(hour)?, two(minute)?, two(second)?, nanos, offset)
    }

    /// Hour, 0 to 23.
    #[must_use]
    pub fn hour(self) -> u64 {
        self.nanos / (3600 * NANOS)
    }

    /// Minute, 0 to 59.
    #[must_use]
    pub fn minute(self) -> u64 {
        self.nanos / (60 * NANOS) % 60
    }

    /// Second, 0 to 59, without its fraction.
    #[must_use]
    pub fn second(self) -> u64 {
        self.nanos / NANOS % 60
    }

    /// Nanoseconds since midnight.
    #[must_use]
    pub fn nanos(self) -> u64 {
        self.nanos
    }

    /// Nanoseconds since midnight in UTC, which may fall on another day.
    fn utc(self) -> i128 {
        let seconds = i128::from(self.offset.map_or(0, |offset| offset.seconds));
        i128::from(self.nanos) - seconds * i128::from(NANOS)
    }

    /// Which is earlier; `None` when only one of them says where it is.
    #[must_use]
    pub fn order(self, other: Self) -> Option<Ordering> {
        let both = self.offset.is_some() == other.offset.is_some();
        both.then(|| self.utc().cmp(&other.utc()))
    }

    /// Nanoseconds from the other time to this one; `None` when they cannot be compared.
    #[must_use]
    pub fn since(self, other: Self) -> Option<i128> {
        let both = self.offset.is_some() == other.offset.is_some();
        both.then(|| self.utc() - other.utc())
    }

    /// The time so many nanoseconds later, round the clock.
    #[must_use]
    pub fn plus(self, nanos: i128) -> Self {
        let day = nanos.rem_euclid(i128::from(DAY_NANOS));
        Self::from_nanos(i128::from(self.nanos) + day, self.offset)
    }
}

/// The digits after the point of a second; those beyond the ninth are dropped.
pub(super) fn nanos_of(digits_after: &str) -> Option<u32> {
    if !digits(digits_after) {
        return None;
    }
    let mut nanos = 0;
    for place in 0..9 {
        let digit = digits_after.as_bytes().get(place).map_or(0, |byte| byte - b'0');
        nanos = nanos * 10 + u32::from(digit);
    }
    Some(nanos)
}

impl DateTime {
    /// Reads `2026-01-05T08:00:00+07:00`; a date alone is its midnight in local time.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('T') {
            Some((date, time)) => Some(Self { date: Date::parse(date)?, time: Time::parse(time)? }),
            None => Some(Self::midnight(Date::parse(text)?, None)),
        }
    }

    /// The first moment of a day.
    #[must_use]
    pub fn midnight(date: Date, offset: Option<Offset>) -> Self {
        Self { date, time: Time { nanos: 0, offset } }
    }

    /// Nanoseconds since 1970 in UTC, or in local time if it has no offset.
    #[must_use]
    pub fn instant(self) -> i128 {
        i128::from(self.date.days()) * i128::from(DAY_NANOS) + self.time.utc()
    }

    /// Which is earlier; `None` when only one of them says where it is.
    #[must_use]
    pub fn order(self, other: Self) -> Option<Ordering> {
        let both = self.time.offset.is_some() == other.time.offset.is_some();
        both.then(|| self.instant().cmp(&other.instant()))
    }

    /// Nanoseconds from the other moment to this one; `None` when they cannot be compared.
    #[must_use]
    pub fn since(self, other: Self) -> Option<i128> {
        let both = self.time.offset.is_some() == other.time.offset.is_some();
        both.then(|| self.instant() - other.instant())
    }

    /// The moment so many nanoseconds later, at the same offset.
    #[must_use]
    pub fn plus(self, nanos: i128) -> Option<Self> {
        let all = nanos.checked_add(i128::from(self.time.nanos))?;
        let days = i64::try_from(all.div_euclid(i128::from(DAY_NANOS))).ok()?;
        let date = self.date.plus_days(days)?;
        Some(Self { date, time: Time::from_nanos(all, self.time.offset) })
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(zone) = self.zone {
            return write!(f, "@{zone}");
        }
        let all = self.seconds.unsigned_abs();
        let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
        if all == 0 {
            return f.write_str("Z");
        }
        write!(f, "{}{hours:02}:{minutes:02}", if self.seconds < 0 { '-' } else { '+' })?;
        if seconds > 0 { write!(f, ":{seconds:02}") } else { Ok(()) }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour(), self.minute(), self.second())?;
        let rest = self.nanos % NANOS;
        if rest > 0 {
            let digits = format!("{rest:09}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        match &self.offset {
            Some(offset) => write!(f, "{offset}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.date, self.time)
    }
}
