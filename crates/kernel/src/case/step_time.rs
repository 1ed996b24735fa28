//! The time of a step's timer: what its text says, and the instant that a calendar gives it.

use crate::calendar::{AsKnown, Calendar, Date, Instant, parse_date};
use process::TimerSpec;

/// Quarters of a working day or hour that `.25`, `.5` and `.75` stand for.
const PARTS: [(&str, u32); 5] = [("0", 0), ("25", 1), ("5", 2), ("50", 2), ("75", 3)];
/// Hours of a working day, as the times of steps are compared with limits.
pub(crate) const DAY_HOURS: u64 = 8;
/// Seconds of a quarter of a working hour.
const QUARTER_HOUR: i64 = 900;

/// What the text of a timer says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum StepTime {
    /// `P5WD`, `P0.25WD`: whole working days, then quarters of the next one.
    WorkingDays {
        /// Whole days.
        days: u32,
        /// Quarters of the day after them.
        quarters: u32,
    },
    /// `PT16WH`, `PT0.5WH`: working seconds.
    WorkingSeconds(i64),
    /// `P1M`, `P2DT4H`, `P2W`: months, then seconds by the clock on the wall.
    Calendar {
        /// Months.
        months: u32,
        /// Seconds.
        seconds: i64,
    },
    /// A fixed moment.
    At(Instant),
}

impl StepTime {
    /// Reads a timer; `None` for what no calendar can count: repetitions, since the law knows no
    /// limit that repeats, and days that no month has.
    pub(super) fn of(spec: &TimerSpec) -> Option<Self> {
        match spec {
            TimerSpec::Date(text) => moment(text).map(Self::At),
            TimerSpec::Cycle(_) => None,
            TimerSpec::Duration(text) => {
                let body = text.strip_prefix('P')?;
                if let Some(days) = body.strip_suffix("WD") {
                    let (days, quarters) = quarters(days)?;
                    return Some(Self::WorkingDays { days, quarters });
                }
                if let Some(hours) = body.strip_prefix('T').and_then(|b| b.strip_suffix("WH")) {
                    let (hours, rest) = quarters(hours)?;
                    let all = i64::from(hours) * 4 + i64::from(rest);
                    return Some(Self::WorkingSeconds(all * QUARTER_HOUR));
                }
                iso(body)
            }
        }
    }

    /// Whether it is counted in working time: only then can an amended calendar close its last day.
    pub(super) fn is_working(self) -> bool {
        matches!(self, Self::WorkingDays { .. } | Self::WorkingSeconds(_))
    }

    /// The quarters of its last day; 0 where it ends with the day.
    pub(super) fn quarters(self) -> u32 {
        match self {
            Self::WorkingDays { quarters, .. } => quarters,
            _ => 0,
        }
    }

    /// When it ends that begins at an instant, by a calendar (rules N1, N3, N4 of the deadline
    /// contract). `None` where the calendar has no working time left.
    pub(super) fn end(self, from: Instant, known: AsKnown<'_>) -> Option<Instant> {
        match self {
            // No time at all is over at the end of the day itself, and at once on a rest day.
            Self::WorkingDays { days: 0, quarters: 0 } => {
                Some(known.end_of(from.date(), 0).unwrap_or(from))
            }
            Self::WorkingDays { days, quarters } => {
                let days = days.saturating_add(u32::from(quarters > 0));
                known.end_of(known.add_working_days(from.date(), days)?, quarters)
            }
            Self::WorkingSeconds(seconds) => known.add_working_seconds(from, seconds),
            Self::Calendar { months, seconds } => {
                let day = from.date().checked_add_months(chrono::Months::new(months))?;
                let days = day.signed_duration_since(from.date()).num_days();
                Some(from.plus_days(days).plus_seconds(seconds))
            }
            Self::At(at) => Some(at),
        }
    }
}

/// The instant of a timer that is set at `at`: `P3WD` ends with the third working day after that
/// day, `P0.25WD` after a quarter of the next one, `PT4WH` after four working hours, `P1M` and
/// `P2DT4H` by the clock on the wall. Counted on the calendar as known at `at` (rule W5).
#[must_use]
pub fn timer_due(spec: &TimerSpec, at: Instant, calendar: &Calendar) -> Option<Instant> {
    StepTime::of(spec)?.end(at, calendar.as_known(at))
}

/// Whether any calendar with working days gives a timer its moment.
pub(crate) fn is_countable(spec: &TimerSpec) -> bool {
    StepTime::of(spec).is_some()
}

/// A step's own time in whole hours, and whether these are working hours; a working day has
/// [`DAY_HOURS`] of them. `None` for what is no whole number of hours or counts months.
pub(crate) fn whole_hours(duration: &str) -> Option<(u64, bool)> {
    let time = StepTime::of(&TimerSpec::Duration(duration.to_owned()))?;
    let whole = |seconds: i64| u64::try_from(seconds).ok().filter(|s| s % 3_600 == 0);
    match time {
        StepTime::WorkingDays { days, quarters } => {
            Some(((u64::from(days) * 4 + u64::from(quarters)) * DAY_HOURS / 4, true))
        }
        StepTime::WorkingSeconds(seconds) => Some((whole(seconds)? / 3_600, true)),
        StepTime::Calendar { months: 0, seconds } => Some((whole(seconds)? / 3_600, false)),
        StepTime::Calendar { .. } | StepTime::At(_) => None,
    }
}

fn quarters(text: &str) -> Option<(u32, u32)> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let part = PARTS.iter().find(|(digits, _)| *digits == part)?.1;
    Some((whole.parse().ok()?, part))
}

/// `1Y2M3DT4H5M6S` or `2W`.
fn iso(body: &str) -> Option<StepTime> {
    let (date, time) = body.split_once('T').unwrap_or((body, ""));
    let (mut months, mut seconds) = (0_u32, 0_i64);
    for (number, unit) in fields(date)? {
        match unit {
            'Y' => months = months.checked_add(number.checked_mul(12)?)?,
            'M' => months = months.checked_add(number)?,
            'W' => seconds += i64::from(number) * 7 * 86_400,
            'D' => seconds += i64::from(number) * 86_400,
            _ => return None,
        }
    }
    for (number, unit) in fields(time)? {
        let each = match unit {
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        seconds += i64::from(number) * each;
    }
    (!body.is_empty() && !body.ends_with('T')).then_some(StepTime::Calendar { months, seconds })
}

fn fields(mut rest: &str) -> Option<Vec<(u32, char)>> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, tail) = rest.split_at_checked(end)?;
        let unit = tail.chars().next()?;
        found.push((number.parse().ok()?, unit));
        rest = tail.get(unit.len_utf8()..)?;
    }
    Some(found)
}

/// `2019-04-25`, with a time `T09:12` or `T09:12:00` and a zone if they are given; the law's own
/// zone where none is, the start of the day where no time is.
fn moment(text: &str) -> Option<Instant> {
    let Some((date, time)) = text.split_once('T') else {
        return Some(Instant::at(day(text)?, 0, 0));
    };
    day(date)?;
    let (time, zone) = match (time.strip_suffix('Z'), time.find(['+', '-'])) {
        (Some(time), _) => (time, "Z"),
        (None, Some(at)) => time.split_at_checked(at)?,
        (None, None) => (time, "+07:00"),
    };
    let time = time.split_once('.').map_or(time, |(time, _)| time);
    let seconds = if time.len() == "09:12".len() { ":00" } else { "" };
    Instant::parse(&format!("{date}T{time}{seconds}{zone}")).ok()
}

fn day(text: &str) -> Option<Date> {
    parse_date(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_steps_in_whole_hours() {
        let found = ["P2WD", "P0.5WD", "PT4WH", "P2DT4H", "P1W"].map(whole_hours);
        let hours = |n, working| Some((n, working));
        let expected =
            [hours(16, true), hours(4, true), hours(4, true), hours(52, false), hours(168, false)];
        assert_eq!(found, expected);
        assert_eq!(["P1M", "PT90M", "PT0.5WH", "soon"].map(whole_hours), [None; 4]);
    }
}
