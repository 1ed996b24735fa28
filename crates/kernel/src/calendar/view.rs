//! A calendar as it was known at one instant (rule W5): the counts that steps of a process need.

use super::plan::{Known, next_opening};
use super::time::{Date, Instant, LAW_OFFSET_SECONDS, date_of, day_of, number_of};
use super::{Calendar, SEARCH_DAYS};

/// The entries of a calendar that were known at an instant, ready to count with.
#[derive(Clone, Copy, Debug)]
pub struct AsKnown<'c>(&'c Known);

impl Calendar {
    /// The calendar as known at an instant.
    #[must_use]
    pub fn as_known(&self, at: Instant) -> AsKnown<'_> {
        AsKnown(self.known_at(at.sec(0)))
    }

    /// The calendar by all entries, whenever they become known.
    pub(super) fn by_all(&self) -> AsKnown<'_> {
        AsKnown(self.known_at(i64::MAX))
    }
}

impl AsKnown<'_> {
    /// Whether a date is a working day (rule W1).
    #[must_use]
    pub fn is_working_day(self, date: Date) -> bool {
        self.0.is_working(number_of(date))
    }

    /// The n-th working day after a date (0: the date itself). `None` where none follows within
    /// [`SEARCH_DAYS`].
    #[must_use]
    pub fn add_working_days(self, date: Date, days: u32) -> Option<Date> {
        self.0.nth_working(number_of(date), days).map(date_of)
    }

    /// The first working day after a date that is one in another state of the calendar too.
    #[must_use]
    pub fn first_usable_after(self, date: Date, other: AsKnown<'_>) -> Option<Date> {
        let day = number_of(date);
        let usable = |day: &i64| self.0.is_working(*day) && other.0.is_working(*day);
        (day + 1..=day.saturating_add(SEARCH_DAYS)).find(usable).map(date_of)
    }

    /// Working days after `from` up to and including `to`; negative the other way round.
    #[must_use]
    pub fn working_days_between(self, from: Date, to: Date) -> i64 {
        self.0.days_between(number_of(from), number_of(to))
    }

    /// Working seconds from one instant to another; negative the other way round.
    #[must_use]
    pub fn working_seconds_between(self, from: Instant, to: Instant) -> i64 {
        self.0.seconds_between(from.sec(LAW_OFFSET_SECONDS), to.sec(LAW_OFFSET_SECONDS))
    }

    /// The instant at which so many working seconds have passed; with none left exactly at the end
    /// of a window, that end (rule W4). `None` where the calendar has no more working time.
    #[must_use]
    pub fn add_working_seconds(self, from: Instant, seconds: i64) -> Option<Instant> {
        let at = from.sec(LAW_OFFSET_SECONDS);
        if seconds <= 0 {
            return (seconds == 0).then_some(from);
        }
        let (mut left, mut day) = (seconds, day_of(at));
        loop {
            for (a, b) in self.0.work(day) {
                let (a, open) = (a.max(at), b - a.max(at));
                if open >= left {
                    return Some(Instant::from_sec(a + left, LAW_OFFSET_SECONDS));
                }
                left -= open.max(0);
            }
            day = self.0.first_after(day, Known::is_working)?;
        }
    }

    /// The end of working time on a date (rule W3), or with quarters the instant at which so many
    /// quarters of its working time have passed (rule W2); `None` if it is not a working day.
    #[must_use]
    pub fn end_of(self, date: Date, quarters: u32) -> Option<Instant> {
        let day = number_of(date);
        let at = if quarters == 0 { self.0.end(day) } else { self.0.quarter(day, quarters) };
        at.map(|at| Instant::from_sec(at, LAW_OFFSET_SECONDS))
    }

    /// The instant itself while the desk is open, otherwise its next opening.
    #[must_use]
    pub fn next_desk_opening(self, at: Instant) -> Option<Instant> {
        let sec = at.sec(LAW_OFFSET_SECONDS);
        let opens = next_opening(self.0, sec)?;
        Some(if opens == sec { at } else { Instant::from_sec(opens, LAW_OFFSET_SECONDS) })
    }
}
