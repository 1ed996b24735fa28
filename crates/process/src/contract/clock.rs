//! Instants and ISO 8601 durations of a scenario. There is no calendar here: working days are
//! Mondays to Fridays of eight hours.

use crate::definition::TimerSpec;
use crate::value::Date;

/// Milliseconds since 1970 in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Instant(i64);

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
const WORKING_HOURS: i64 = 8;
/// Most working days of one duration; they are counted one by one.
const WORKING_DAYS_MAX: i64 = 1_000_000;

impl Instant {
    /// Reads `2026-01-05T08:00:00Z`, also with an offset, a fraction, or a date alone.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, rest) = text.split_once('T').unwrap_or((text, "00:00"));
        let days = Date::parse(date)?.days() - Date::parse("1970-01-01")?.days();
        let (time, offset) = match rest.strip_suffix('Z') {
            Some(time) => (time, 0),
            None => match rest.rfind(['+', '-']) {
                Some(at) => (rest.get(..at)?, offset(rest.get(at..)?)?),
                None => (rest, 0),
            },
        };
        let time = time_of_day(time)?.checked_sub(offset)?;
        Some(Self(days.checked_mul(DAY)?.checked_add(time)?))
    }

    /// As the contract writes it: UTC, seconds, a fraction only if there is one.
    pub(super) fn text(self) -> String {
        let (days, rest) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let epoch = Date::parse("1970-01-01").map_or(0, Date::days);
        let date = Date::from_days(days.saturating_add(epoch));
        let (year, month, day) = date.map_or((1970, 1, 1), |d| (d.year(), d.month(), d.day()));
        let (hours, minutes) = (rest / HOUR, rest % HOUR / (60 * SECOND));
        let (seconds, part) = (rest % (60 * SECOND) / SECOND, rest % SECOND);
        let part = if part == 0 { String::new() } else { format!(".{part:03}") };
        format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}{part}Z")
    }

    /// The instant a duration later.
    pub(super) fn plus(self, duration: &str) -> Option<Self> {
        let rest = duration.trim().strip_prefix('P')?;
        if let Some(days) = rest.strip_suffix("WD") {
            return self.plus_working(quarters(days)?, 1);
        }
        if let Some(hours) = rest.strip_prefix('T').and_then(|rest| rest.strip_suffix("WH")) {
            return self.plus_working(quarters(hours)?, WORKING_HOURS);
        }
        let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
        let (mut months, mut millis) = (0_i64, 0_i64);
        for (number, unit) in fields(date)?.into_iter().chain(fields(time)?.into_iter().map(clock))
        {
            let whole = number / SECOND;
            match unit {
                'Y' => months = months.checked_add(whole.checked_mul(12)?)?,
                'M' => months = months.checked_add(whole)?,
                'W' => millis = millis.checked_add(number.checked_mul(7 * DAY / SECOND)?)?,
                'D' => millis = millis.checked_add(number.checked_mul(DAY / SECOND)?)?,
                'h' => millis = millis.checked_add(number.checked_mul(HOUR / SECOND)?)?,
                'm' => millis = millis.checked_add(number.checked_mul(60)?)?,
                's' => millis = millis.checked_add(number)?,
                _ => return None,
            }
        }
        let (days, rest) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let epoch = Date::parse("1970-01-01")?.days();
        let date = Date::from_days(days.checked_add(epoch)?)?.plus_months(months)?;
        let days = date.days().checked_sub(epoch)?;
        Some(Self(days.checked_mul(DAY)?.checked_add(rest)?.checked_add(millis)?))
    }

    /// `quarters` of units, of which a working day has `a_day`.
    fn plus_working(self, quarters: i64, a_day: i64) -> Option<Self> {
        let (mut days, rest) = (quarters / (4 * a_day), quarters % (4 * a_day));
        if days > WORKING_DAYS_MAX {
            return None;
        }
        let mut at = self.0.checked_add(rest * WORKING_HOURS * HOUR / (4 * a_day))?;
        // The first day of 1970 was a Thursday.
        let weekend = |at: i64| matches!((at.div_euclid(DAY) + 3).rem_euclid(7), 5 | 6);
        while days > 0 || weekend(at) {
            at = at.checked_add(DAY)?;
            days -= i64::from(!weekend(at));
        }
        Some(Self(at))
    }
}

/// When a timer set now fires first; `None` when the text gives no time.
pub(super) fn due(now: Instant, spec: &TimerSpec) -> Option<Instant> {
    match spec {
        TimerSpec::Duration(text) => now.plus(text),
        TimerSpec::Date(text) => Instant::parse(text),
        TimerSpec::Cycle(text) => {
            let (_, rest) = text.split_once('/')?;
            match rest.split_once('/') {
                Some((start, interval)) => {
                    let (mut at, mut rounds) = (Instant::parse(start)?, 0);
                    while at <= now && rounds < crate::limits::AUTOMATIC_STEPS {
                        (at, rounds) = (at.plus(interval)?, rounds + 1);
                    }
                    Some(at)
                }
                None => now.plus(rest),
            }
        }
    }
}

/// Hours, minutes and seconds are told from years and months by small letters.
fn clock((number, unit): (i64, char)) -> (i64, char) {
    (number, unit.to_ascii_lowercase())
}

/// `1Y2M` as thousandths with their units.
fn fields(text: &str) -> Option<Vec<(i64, char)>> {
    let (mut rest, mut found) = (text, Vec::new());
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number = thousandths(rest.get(..end)?)?;
        let unit = rest.get(end..)?.chars().next()?;
        found.push((number, unit));
        rest = rest.get(end + unit.len_utf8()..)?;
    }
    Some(found)
}

fn thousandths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    whole.parse::<i64>().ok()?.checked_mul(SECOND)?.checked_add(part.parse().ok()?)
}

fn quarters(text: &str) -> Option<i64> {
    thousandths(text).map(|thousandths| thousandths / 250)
}

fn time_of_day(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let seconds = parts.next().map_or(Some(0), thousandths)?;
    let minutes = minutes.checked_mul(60 * SECOND)?;
    hours.checked_mul(HOUR)?.checked_add(minutes)?.checked_add(seconds)
}

fn offset(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    time_of_day(text.get(1..)?)?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_move_the_clock() {
        let at = Instant::parse("2026-01-30T08:00:00Z").expect("instant");
        for (duration, text) in [
            ("PT1H", "2026-01-30T09:00:00Z"),
            ("PT0.5S", "2026-01-30T08:00:00.500Z"),
            ("P1M", "2026-02-28T08:00:00Z"),
            ("P1Y2M3DT4H5M6S", "2027-04-02T12:05:06Z"),
            ("P2W", "2026-02-13T08:00:00Z"),
            ("P1WD", "2026-02-02T08:00:00Z"),
            ("PT12WH", "2026-02-02T12:00:00Z"),
        ] {
            assert_eq!(at.plus(duration).map(Instant::text).as_deref(), Some(text), "{duration}");
        }
        assert_eq!(Instant::parse("2026-01-30T15:00:00+07:00"), Some(at));
        assert_eq!(at.plus("1 hour"), None);
        for endless in ["P99999999999999WD", "PT9999999999999999WH", "P9223372036854775807D"] {
            assert_eq!(at.plus(endless), None, "{endless}");
        }
        assert_eq!(Instant::parse("2026-01-05T9223372036854775807:00:00Z"), None);
        assert_eq!(Instant::parse("2026-01-05T08:00:00-9999999999999999:00"), None);
        let cycle = TimerSpec::Cycle("R3/2026-01-30T07:30:00Z/PT1H".to_owned());
        assert_eq!(due(at, &cycle).map(Instant::text).as_deref(), Some("2026-01-30T08:30:00Z"));
    }
}
