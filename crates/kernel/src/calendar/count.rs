//! Counting one limit on one calendar: stops, the last day and its moves (rules N1–N11, E).

use super::plan::{Known, SEARCH_DAYS};
use super::time::{Day, Sec, day_of};
use super::types::{ClockRefusal, Rule};

/// The end of a stop that has none by now.
pub(super) const OPEN: Sec = i64::MAX;

/// Stops as their union: in order, apart from each other, none empty. A stop contains its start
/// and not its end.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Stops(Vec<(Sec, Sec)>);

impl Stops {
    pub(super) fn united(parts: impl Iterator<Item = (Sec, Sec)>) -> Self {
        let mut parts: Vec<(Sec, Sec)> = parts.filter(|(from, to)| from < to).collect();
        parts.sort_unstable();
        let mut united: Vec<(Sec, Sec)> = Vec::with_capacity(parts.len());
        for (from, to) in parts {
            match united.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => united.push((from, to)),
            }
        }
        Self(united)
    }

    /// The last of the days that a stop leaves out around `day`, or `None` if it counts (rule N7:
    /// the day on which a stop starts counts, the day on which it ends does not).
    pub(super) fn left_out(&self, day: Day) -> Option<Day> {
        let i = self.0.partition_point(|(_, to)| day_of(*to) < day);
        self.0.get(i).filter(|(from, _)| day_of(*from) < day).map(|(_, to)| day_of(*to))
    }

    /// The end of the stop in which an instant lies strictly inside (rule N9).
    fn around(&self, at: Sec) -> Option<Sec> {
        let i = self.0.partition_point(|(_, to)| *to <= at);
        self.0.get(i).filter(|(from, _)| *from < at).map(|(_, to)| *to)
    }

    /// Whether the clock stands at an instant.
    pub(super) fn contains(&self, at: Sec) -> bool {
        let i = self.0.partition_point(|(_, to)| *to <= at);
        self.0.get(i).is_some_and(|(from, _)| *from <= at)
    }

    /// The start of the stop without an end.
    pub(super) fn open_since(&self) -> Option<Sec> {
        self.0.last().filter(|(_, to)| *to == OPEN).map(|(from, _)| *from)
    }

    /// What the stops leave of a stretch.
    fn leave_of(&self, from: Sec, to: Sec, mut each: impl FnMut(Sec, Sec) -> bool) -> bool {
        let mut at = from;
        let first = self.0.partition_point(|(_, end)| *end <= from);
        for (start, end) in &self.0[first..] {
            if *start >= to {
                break;
            }
            if *start > at && each(at, *start) {
                return true;
            }
            at = at.max(*end);
        }
        at < to && each(at, to)
    }
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Measure {
    /// So many working days, then so many quarters of the next one.
    Working(u32, u32),
    /// So many days, whatever lies between.
    Calendar(i64),
    /// So many working seconds.
    Seconds(i64),
    /// Within the day, if received up to this second of it.
    SameDay(u32),
}

/// One count of a limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count<'c> {
    /// The calendar as known when it started (rule W5).
    pub(super) known: &'c Known,
    /// The instant from which it runs.
    pub(super) from: Sec,
    /// The day that is not counted.
    pub(super) day: Day,
    pub(super) measure: Measure,
    /// The corresponding day of a limit in months.
    pub(super) month_day: Option<Day>,
}

/// A move of the last day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Move {
    pub(super) rule: Rule,
    pub(super) from: Day,
    pub(super) to: Day,
}

/// Where a count ends.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Found {
    /// `None` while the clock stands.
    pub(super) due: Option<Sec>,
    /// The last day before it moved.
    pub(super) last_day: Option<Day>,
    pub(super) moves: Vec<Move>,
    /// Counted stretches of a limit in hours.
    pub(super) stretches: Vec<(Sec, Sec)>,
}

impl Count<'_> {
    /// Whether a limit within the day falls on the day of reception (rule N5).
    pub(super) fn is_on_day(&self) -> bool {
        let Measure::SameDay(cutoff) = self.measure else { return false };
        let latest = self.day * super::time::DAY + i64::from(cutoff);
        self.from <= latest && self.known.end(self.day).is_some_and(|end| self.from < end)
    }

    /// Finds the end of the count with these stops, by the calendar known `now`.
    ///
    /// # Errors
    /// `no_working_day`.
    pub(super) fn end(&self, stops: &Stops, now: &Known) -> Result<Found, ClockRefusal> {
        let (first, quarters) = match self.measure {
            Measure::Seconds(amount) => return self.end_of_hours(amount, stops, now),
            Measure::SameDay(_) if self.is_on_day() => (Some(self.day), 0),
            Measure::SameDay(_) => (self.nth_working(1, stops)?, 0),
            Measure::Calendar(days) => (self.nth_day(days, stops), 0),
            Measure::Working(days, 0) => (self.nth_working(days, stops)?, 0),
            Measure::Working(days, quarters) => (self.nth_working(days + 1, stops)?, quarters),
        };
        let mut found = Found { last_day: first, ..Found::default() };
        if let Some(day) = first {
            self.settle(day, quarters, stops, now, &mut found)?;
        }
        Ok(found)
    }

    /// Moves the last day until the limit can end on it.
    fn settle(
        &self,
        mut day: Day,
        quarters: u32,
        stops: &Stops,
        now: &Known,
        found: &mut Found,
    ) -> Result<(), ClockRefusal> {
        loop {
            let end =
                if quarters == 0 { self.known.end(day) } else { self.known.quarter(day, quarters) };
            let around = end.and_then(|end| stops.around(end));
            let rule = match end {
                None => Rule::EndsOnRestDay,
                Some(_) if !now.is_working(day) => Rule::EndsOnDayClosedLater,
                Some(_) if around.is_some() || stops.left_out(day).is_some() => {
                    Rule::EndsWhileStopped
                }
                Some(end) => {
                    found.due = Some(end);
                    return Ok(());
                }
            };
            let after = around.map_or(day, |to| day.max(day_of(to)));
            let Some(next) = self.first_usable(after, stops, now)? else { return Ok(()) };
            found.moves.push(Move { rule, from: day, to: next });
            day = next;
        }
    }

    /// The first usable day after `day`; `None` if a stop without end leaves all of them out.
    fn first_usable(
        &self,
        day: Day,
        stops: &Stops,
        now: &Known,
    ) -> Result<Option<Day>, ClockRefusal> {
        self.next(day, stops, |day| self.known.is_working(day) && now.is_working(day))
    }

    /// The first wanted day after `day` that counts; days that a stop leaves out are no search.
    fn next(
        &self,
        mut day: Day,
        stops: &Stops,
        wanted: impl Fn(Day) -> bool,
    ) -> Result<Option<Day>, ClockRefusal> {
        if day >= day_of(OPEN) {
            return Ok(None);
        }
        let mut searched = 0;
        while searched < SEARCH_DAYS {
            day += 1;
            match stops.left_out(day) {
                Some(last) if last >= day_of(OPEN) => return Ok(None),
                Some(last) => day = last,
                None if wanted(day) => return Ok(Some(day)),
                None => searched += 1,
            }
        }
        Err(ClockRefusal::no_working_day())
    }

    fn nth_working(&self, n: u32, stops: &Stops) -> Result<Option<Day>, ClockRefusal> {
        let mut day = self.day;
        for _ in 0..n {
            let next = self.next(day, stops, |day| self.known.is_working(day))?;
            let Some(next) = next else { return Ok(None) };
            day = next;
        }
        Ok(Some(day))
    }

    fn nth_day(&self, n: i64, stops: &Stops) -> Option<Day> {
        let (mut day, mut left) = (self.day, n);
        while left > 0 {
            day += 1;
            match stops.left_out(day) {
                Some(last) if last >= day_of(OPEN) => return None,
                Some(last) => day = last,
                None => left -= 1,
            }
        }
        Some(day)
    }

    /// Hours count second by second outside stops (rules N4, N8, W4). The found instant stands
    /// unless its day was closed later (rule E2).
    fn end_of_hours(&self, amount: i64, stops: &Stops, now: &Known) -> Result<Found, ClockRefusal> {
        let mut found = Found::default();
        let (mut left, mut day) = (amount, day_of(self.from));
        let mut searched = 0;
        loop {
            for (from, to) in self.known.work(day) {
                let ended = stops.leave_of(from.max(self.from), to, |a, b| {
                    let b = b.min(a + left);
                    found.stretches.push((a, b));
                    left -= b - a;
                    searched = 0;
                    left == 0
                });
                if ended {
                    return self.settle_hours(day, found, stops, now);
                }
            }
            day += 1;
            if stops.open_since().is_some_and(|since| day_of(since) < day) {
                return Ok(found);
            }
            searched += i64::from(stops.left_out(day).is_none());
            if searched > SEARCH_DAYS {
                return Err(ClockRefusal::no_working_day());
            }
        }
    }

    fn settle_hours(
        &self,
        day: Day,
        mut found: Found,
        stops: &Stops,
        now: &Known,
    ) -> Result<Found, ClockRefusal> {
        found.last_day = Some(day);
        if now.is_working(day) {
            found.due = found.stretches.last().map(|(_, to)| *to);
            return Ok(found);
        }
        if let Some(next) = self.first_usable(day, stops, now)? {
            let rule = Rule::EndsOnDayClosedLater;
            found.moves.push(Move { rule, from: day, to: next });
            self.settle(next, 0, stops, now, &mut found)?;
        }
        Ok(found)
    }
}
