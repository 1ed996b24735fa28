//! Working seconds and the calendar: the border between the two.

use super::{HORIZON_DAYS, Refused, Scenario};
use crate::calendar::{
    self, Calendar, ClockRequest, ClockSettings, Instant, Limit, LimitUnit, SupplementRule,
};
use crate::case::timer_due;
use process::TimerSpec;

/// Seconds of working time since the start of the first day.
pub(super) type Work = u64;

/// A working day: when it ends in working seconds, its date, and what a case that comes in on it
/// may take.
struct Day {
    end: Work,
    date: calendar::Date,
    /// End of the limit of a case that comes in on this day, where the day alone decides.
    due: Option<Work>,
}

/// Turns working seconds into dates and back; days are looked up once.
pub(super) struct WorkClock<'c> {
    calendar: &'c Calendar,
    /// The start of the first day.
    first: Instant,
    channel: calendar::Channel,
    limit: Limit,
    days: Vec<Day>,
    /// The working day that was asked for last: time goes on.
    today: usize,
}

impl<'c> WorkClock<'c> {
    pub(super) fn new(calendar: &'c Calendar, scenario: &Scenario) -> Result<Self, Refused> {
        scenario.limit.check().map_err(|refused| Refused::Scenario {
            field: refused.field.clone(),
            reason: refused.message,
        })?;
        let first = Instant::at(scenario.start, 0, 0);
        let (channel, limit) = (scenario.channel, scenario.limit);
        Ok(Self { calendar, first, channel, limit, days: Vec::new(), today: 0 })
    }

    /// A run begins anew.
    pub(super) fn rewind(&mut self) {
        self.today = 0;
    }

    /// Working seconds up to an instant.
    pub(super) fn work_of(&self, at: Instant) -> Work {
        let seconds = self.calendar.working_seconds_between(self.first, at);
        u64::try_from(seconds).unwrap_or(0)
    }

    /// The instant at which so much work has passed; an end of day stays on its day.
    fn instant(&mut self, at: Work) -> Option<Instant> {
        let day = self.day(at)?;
        let before = day.checked_sub(1).and_then(|day| self.days.get(day)).map_or(0, |d| d.end);
        let from = Instant::at(self.days.get(day)?.date, 0, 0);
        let left = i64::try_from(at.saturating_sub(before)).ok()?;
        self.calendar.add_working_seconds(from, left)
    }

    /// The date on which so much work has passed.
    pub(super) fn date(&mut self, at: Work) -> Option<calendar::Date> {
        let day = self.day(at)?;
        self.days.get(day).map(|day| day.date)
    }

    /// The working day of a moment that is not before those asked for since the last rewind.
    fn day(&mut self, at: Work) -> Option<usize> {
        while self.days.get(self.today).is_none_or(|day| day.end < at) {
            if self.today < self.days.len() {
                self.today += 1;
            } else {
                self.one_more()?;
            }
        }
        Some(self.today)
    }

    /// The end of the n-th working day after one.
    fn end_of(&mut self, day: usize) -> Option<Work> {
        while self.days.len() <= day {
            self.one_more()?;
        }
        self.days.get(day).map(|day| day.end)
    }

    fn one_more(&mut self) -> Option<()> {
        let start = self.first.date();
        let date = match self.days.last() {
            Some(last) => self.calendar.add_working_days(last.date, 1)?,
            None if self.calendar.is_working_day(start) => start,
            None => self.calendar.add_working_days(start, 1)?,
        };
        if (date - start).num_days() > HORIZON_DAYS {
            return None;
        }
        let end = self.work_of(self.calendar.end_of_day(date)?);
        self.days.push(Day { end, date, due: None });
        Some(())
    }

    /// When the limit of a case that comes in now ends. Limits in days depend on the day alone,
    /// and hours are counted second by second (rules N1 to N5 of the deadline contract).
    pub(super) fn due(&mut self, at: Work) -> Option<Work> {
        match self.limit.unit {
            LimitUnit::WorkingHour => Some(at + u64::from(self.limit.quarters) * 900),
            LimitUnit::SameDay => {
                let received = self.instant(at)?;
                self.derived(received)
            }
            _ => {
                let day = self.day(at)?;
                if let Some(due) = self.days.get(day)?.due {
                    return Some(due);
                }
                let received = self.instant(at)?;
                let due = self.derived(received)?;
                self.days.get_mut(day)?.due = Some(due);
                Some(due)
            }
        }
    }

    fn derived(&self, received_at: Instant) -> Option<Work> {
        let request = ClockRequest {
            calendar: self.calendar,
            received_at,
            channel: self.channel,
            limit: self.limit,
            rule: SupplementRule::Pause,
            events: &[],
            as_of: received_at,
            settings: ClockSettings::default(),
        };
        let due = calendar::derive(&request).ok()?.due_at?;
        Some(self.work_of(due))
    }

    /// When a timer that is set now rings. One that is due in the past rings now.
    pub(super) fn rings(&mut self, spec: &TimerSpec, at: Work) -> Option<Work> {
        if let TimerSpec::Duration(text) = spec {
            let body = text.strip_prefix('P')?;
            // Whole days and hours need no calendar here; their quarters do.
            let days = body.strip_suffix("WD").and_then(|days| days.parse::<usize>().ok());
            if let Some(days) = days {
                let day = self.day(at)?;
                return self.end_of(day.checked_add(days)?);
            }
            let hours = body.strip_prefix('T').and_then(|body| body.strip_suffix("WH"));
            if let Some(hours) = hours.and_then(|hours| hours.parse::<u64>().ok()) {
                return at.checked_add(hours.checked_mul(3600)?);
            }
        }
        let now = self.instant(at)?;
        let due = timer_due(spec, now, self.calendar)?;
        Some(self.work_of(due).max(at))
    }
}
