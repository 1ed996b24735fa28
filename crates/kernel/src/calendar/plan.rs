//! The compiled calendar: what each date holds, as it was known at an instant, and fast counts.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use super::spec::{CalendarSpec, EntryKind, EntrySpec, WEEKDAYS, WeekdaySpec, Window};
use super::time::{ClockTime, DAY, Date, Day, Instant, Sec, day_of, number_of, weekday};
use super::types::{ClockRefusal, RefusalCode};

/// Days within which a working day or a desk opening must be found where one is needed.
pub const SEARCH_DAYS: i64 = 3660;

/// Why a date is not a working day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Off {
    /// A closure took the last working time away.
    Closure,
    /// The day off in place of a holiday on a rest day.
    HolidayMoved,
    /// A public holiday.
    Holiday,
    /// Given off in exchange.
    SwappedOff,
    /// A weekly rest day.
    RestDay,
}

/// Start and end in seconds of the day.
type Span = (i64, i64);

/// What one date holds.
#[derive(Clone, PartialEq, Eq, Debug)]
struct DayPlan {
    work: Vec<Span>,
    desk: Vec<Span>,
    off: Option<Off>,
}

impl DayPlan {
    fn new(work: Vec<Span>, desk: Vec<Span>, off: Off) -> Self {
        let off = work.is_empty().then_some(off);
        Self { work, desk, off }
    }

    fn seconds(&self) -> i64 {
        self.work.iter().map(|(from, to)| to - from).sum()
    }

    fn close(&mut self, from: i64, to: i64) {
        self.desk = without(&self.desk, from, to);
        if self.off.is_none() {
            self.work = without(&self.work, from, to);
            self.off = self.work.is_empty().then_some(Off::Closure);
        }
    }
}

fn without(spans: &[Span], from: i64, to: i64) -> Vec<Span> {
    let parts = |&(a, b): &Span| [(a, b.min(from)), (a.max(to), b)];
    if from >= to {
        return spans.to_vec();
    }
    spans.iter().flat_map(parts).filter(|(a, b)| a < b).collect()
}

/// Windows without empty ones, touching ones joined.
fn stretches(windows: &[Window]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::with_capacity(windows.len());
    for window in windows.iter().filter(|w| w.from < w.to) {
        let (from, to) = (i64::from(window.from.seconds()), i64::from(window.to.seconds()));
        match spans.last_mut() {
            Some(last) if last.1 == from => last.1 = to,
            _ => spans.push((from, to)),
        }
    }
    spans
}

/// A date that differs from its week, with what all such dates up to it add to the plain week.
#[derive(Clone, Debug)]
struct Special {
    day: Day,
    plan: DayPlan,
    added_days: i64,
    added_seconds: i64,
}

/// The calendar as it was known at one instant.
#[derive(Clone, Debug)]
pub(super) struct Known {
    week: [DayPlan; 7],
    /// Working days and seconds from Monday up to before the weekday; the eighth is the whole week.
    week_days: [i64; 8],
    week_seconds: [i64; 8],
    /// In order of date.
    specials: Vec<Special>,
}

impl Known {
    fn new(spec: &CalendarSpec, is_known: &dyn Fn(&EntrySpec) -> bool) -> Self {
        let week = std::array::from_fn(|i| week_plan(&spec.weekly[i]));
        let mut dates: BTreeMap<Day, DayPlan> = BTreeMap::new();
        let known = || spec.entries.iter().filter(|e| is_known(e));
        for entry in known() {
            if let Some(plan) = entry_plan(entry, &week) {
                dates.insert(number_of(entry.date), plan);
            }
        }
        if spec.move_holidays {
            move_holidays(&week, &mut dates);
        }
        for entry in known() {
            if let EntryKind::Closure { from, to } = entry.kind {
                let day = number_of(entry.date);
                let plan = dates.entry(day).or_insert_with(|| week[weekday(day)].clone());
                plan.close(i64::from(from.seconds()), i64::from(to.seconds()));
            }
        }
        Self::summed(week, dates)
    }

    fn summed(week: [DayPlan; 7], dates: BTreeMap<Day, DayPlan>) -> Self {
        let (mut week_days, mut week_seconds) = ([0; 8], [0; 8]);
        for (i, plan) in week.iter().enumerate() {
            week_days[i + 1] = week_days[i] + i64::from(plan.off.is_none());
            week_seconds[i + 1] = week_seconds[i] + plan.seconds();
        }
        let (mut added_days, mut added_seconds) = (0, 0);
        let sum = |(day, plan): (Day, DayPlan)| {
            let usual = &week[weekday(day)];
            added_days += i64::from(plan.off.is_none()) - i64::from(usual.off.is_none());
            added_seconds += plan.seconds() - usual.seconds();
            Special { day, plan, added_days, added_seconds }
        };
        let specials = dates.into_iter().map(sum).collect();
        Self { week, week_days, week_seconds, specials }
    }

    fn plan(&self, day: Day) -> &DayPlan {
        match self.specials.binary_search_by_key(&day, |s| s.day) {
            Ok(i) => &self.specials[i].plan,
            Err(_) => &self.week[weekday(day)],
        }
    }

    /// Why the date is not a working day; `None` if it is one (rule W1).
    pub(super) fn off(&self, day: Day) -> Option<Off> {
        self.plan(day).off
    }

    pub(super) fn is_working(&self, day: Day) -> bool {
        self.plan(day).off.is_none()
    }

    /// Windows of working time of a date, as local seconds.
    pub(super) fn work(&self, day: Day) -> impl Iterator<Item = (Sec, Sec)> + '_ {
        self.plan(day).work.iter().map(move |(a, b)| (day * DAY + a, day * DAY + b))
    }

    /// Windows of reception of a date, as local seconds.
    pub(super) fn desk(&self, day: Day) -> impl Iterator<Item = (Sec, Sec)> + '_ {
        self.plan(day).desk.iter().map(move |(a, b)| (day * DAY + a, day * DAY + b))
    }

    pub(super) fn has_desk(&self, day: Day) -> bool {
        !self.plan(day).desk.is_empty()
    }

    /// The start of a working day (rule W3).
    pub(super) fn start(&self, day: Day) -> Option<Sec> {
        self.plan(day).work.first().map(|(from, _)| day * DAY + from)
    }

    /// The end of a working day (rule W3).
    pub(super) fn end(&self, day: Day) -> Option<Sec> {
        self.plan(day).work.last().map(|(_, to)| day * DAY + to)
    }

    /// The instant at which so many quarters of the date's own working time have passed (rule W2).
    pub(super) fn quarter(&self, day: Day, quarters: u32) -> Option<Sec> {
        let plan = self.plan(day);
        let mut left = plan.seconds() * i64::from(quarters) / 4;
        for (from, to) in &plan.work {
            if left <= to - from {
                return Some(day * DAY + from + left);
            }
            left -= to - from;
        }
        None
    }

    /// The first day after `day` for which `wanted` holds, at most [`SEARCH_DAYS`] later.
    pub(super) fn first_after(&self, day: Day, wanted: impl Fn(&Self, Day) -> bool) -> Option<Day> {
        (day + 1..=day.saturating_add(SEARCH_DAYS)).find(|d| wanted(self, *d))
    }

    /// The n-th working day after a day (n = 0: the day itself).
    pub(super) fn nth_working(&self, day: Day, n: u32) -> Option<Day> {
        (0..n).try_fold(day, |day, _| self.first_after(day, Self::is_working))
    }

    fn sums(&self, day: Day) -> (i64, i64) {
        let (week, rest) = ((day + 3).div_euclid(7), weekday(day) + 1);
        let days = week * self.week_days[7] + self.week_days[rest];
        let seconds = week * self.week_seconds[7] + self.week_seconds[rest];
        let before = self.specials.partition_point(|s| s.day <= day);
        match before.checked_sub(1).map(|i| &self.specials[i]) {
            Some(s) => (days + s.added_days, seconds + s.added_seconds),
            None => (days, seconds),
        }
    }

    /// Working days after `from` up to and including `to`; negative the other way round.
    pub(super) fn days_between(&self, from: Day, to: Day) -> i64 {
        self.sums(to).0 - self.sums(from).0
    }

    /// Working seconds from one local second to another; negative the other way round.
    pub(super) fn seconds_between(&self, from: Sec, to: Sec) -> i64 {
        let until = |at: Sec| {
            let day = day_of(at);
            let today: i64 = self.work(day).map(|(a, b)| (at.min(b) - a).max(0)).sum();
            self.sums(day - 1).1 + today
        };
        until(to) - until(from)
    }
}

fn week_plan(spec: &WeekdaySpec) -> DayPlan {
    let work = stretches(&spec.work);
    let desk = spec.desk.as_ref().map_or_else(|| work.clone(), |d| stretches(d));
    DayPlan::new(work, desk, Off::RestDay)
}

fn entry_plan(entry: &EntrySpec, week: &[DayPlan; 7]) -> Option<DayPlan> {
    match &entry.kind {
        EntryKind::Holiday { desk } => {
            Some(DayPlan::new(Vec::new(), stretches(desk), Off::Holiday))
        }
        EntryKind::SwappedOff { desk } => {
            Some(DayPlan::new(Vec::new(), stretches(desk), Off::SwappedOff))
        }
        EntryKind::SwappedWork { work, desk } => {
            let work = work.as_ref().map_or_else(|| week[0].work.clone(), |w| stretches(w));
            let desk = desk.as_ref().map_or_else(|| work.clone(), |d| stretches(d));
            Some(DayPlan::new(work, desk, Off::RestDay))
        }
        EntryKind::Closure { .. } => None,
    }
}

/// Each holiday on a weekly rest day takes the first later working day off that none has taken
/// (Labour Code 2019 Art. 111.3); the week alone decides what a rest day is.
fn move_holidays(week: &[DayPlan; 7], dates: &mut BTreeMap<Day, DayPlan>) {
    let moved: Vec<Day> = dates
        .iter()
        .filter(|(day, plan)| plan.off == Some(Off::Holiday) && week[weekday(**day)].off.is_some())
        .map(|(day, _)| *day)
        .collect();
    for day in moved {
        let is_free = |d: &Day| dates.get(d).unwrap_or(&week[weekday(*d)]).off.is_none();
        if let Some(taken) = (day + 1..=day + SEARCH_DAYS).find(is_free) {
            dates.insert(taken, DayPlan::new(Vec::new(), Vec::new(), Off::HolidayMoved));
        }
    }
}

/// A calendar ready to count with. It remembers when each entry became known, so a count can be
/// made as of any instant (rule W5); each such state is compiled once, when it is first needed.
#[derive(Clone, Debug)]
pub struct Calendar {
    spec: CalendarSpec,
    /// UTC seconds at which entries became known or were withdrawn, ascending.
    published: Vec<i64>,
    /// State before the first of them, after it, after the second, …
    states: Vec<OnceLock<Known>>,
}

impl Calendar {
    /// Checks a calendar and compiles it.
    ///
    /// # Errors
    /// `window_invalid` (`calendar.weekly.mon`, `calendar.entries[i]`) or `calendar_conflict`.
    pub fn compile(spec: CalendarSpec) -> Result<Self, ClockRefusal> {
        check(&spec)?;
        let changes = spec.entries.iter().flat_map(|e| [e.published_at, e.withdrawn_at]);
        let mut published: Vec<i64> = changes.flatten().map(|at| at.sec(0)).collect();
        published.sort_unstable();
        published.dedup();
        let states = std::iter::repeat_with(OnceLock::new).take(published.len() + 1).collect();
        Ok(Self { spec, published, states })
    }

    /// The data it was made from.
    #[must_use]
    pub const fn spec(&self) -> &CalendarSpec {
        &self.spec
    }

    /// The calendar as known at a UTC second.
    pub(super) fn known_at(&self, utc: i64) -> &Known {
        let state = self.published.partition_point(|p| *p <= utc);
        self.states[state].get_or_init(|| Known::new(&self.spec, &|e| e.is_known(utc)))
    }

    /// Whether a date is a working day, by all entries.
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        self.by_all().is_working_day(date)
    }

    /// Why a date is not a working day, by all entries; `None` if it is one.
    #[must_use]
    pub fn day_off(&self, date: Date) -> Option<Off> {
        self.known_at(i64::MAX).off(number_of(date))
    }

    /// The n-th working day after a date (0: the date itself), by all entries. `None` where none
    /// follows within [`SEARCH_DAYS`].
    #[must_use]
    pub fn add_working_days(&self, date: Date, days: u32) -> Option<Date> {
        self.by_all().add_working_days(date, days)
    }

    /// Working days after `from` up to and including `to`; negative the other way round.
    #[must_use]
    pub fn working_days_between(&self, from: Date, to: Date) -> i64 {
        self.by_all().working_days_between(from, to)
    }

    /// Working seconds from one instant to another; negative the other way round.
    #[must_use]
    pub fn working_seconds_between(&self, from: Instant, to: Instant) -> i64 {
        self.by_all().working_seconds_between(from, to)
    }

    /// The instant at which so many working seconds have passed; with none left exactly at the end
    /// of a window, that end (rule W4). `None` where the calendar has no more working time.
    #[must_use]
    pub fn add_working_seconds(&self, from: Instant, seconds: i64) -> Option<Instant> {
        self.by_all().add_working_seconds(from, seconds)
    }

    /// The end of working time on a date; `None` if it is not a working day.
    #[must_use]
    pub fn end_of_day(&self, date: Date) -> Option<Instant> {
        self.by_all().end_of(date, 0)
    }

    /// The instant itself while the desk is open, otherwise its next opening.
    #[must_use]
    pub fn next_desk_opening(&self, at: Instant) -> Option<Instant> {
        self.by_all().next_desk_opening(at)
    }
}

/// The second itself inside a desk window, otherwise the next start of one.
pub(super) fn next_opening(known: &Known, at: Sec) -> Option<Sec> {
    let today = known.desk(day_of(at)).find(|(_, to)| at < *to).map(|(from, _)| from.max(at));
    today.or_else(|| first_opening_after(known, day_of(at)))
}

/// The first start of a desk window on a later date.
pub(super) fn first_opening_after(known: &Known, day: Day) -> Option<Sec> {
    let day = known.first_after(day, Known::has_desk)?;
    known.desk(day).next().map(|(from, _)| from)
}

fn check(spec: &CalendarSpec) -> Result<(), ClockRefusal> {
    for (name, day) in WEEKDAYS.iter().zip(&spec.weekly) {
        let field = format!("calendar.weekly.{name}");
        check_windows(&day.work, &field)?;
        check_windows(day.desk.as_deref().unwrap_or_default(), &field)?;
    }
    let mut dates: HashMap<Date, Vec<&EntrySpec>> = HashMap::new();
    for (i, entry) in spec.entries.iter().enumerate() {
        let field = format!("calendar.entries[{i}]");
        match &entry.kind {
            EntryKind::Holiday { desk } | EntryKind::SwappedOff { desk } => {
                check_windows(desk, &field)?;
            }
            EntryKind::SwappedWork { work, desk } => {
                check_windows(work.as_deref().unwrap_or_default(), &field)?;
                check_windows(desk.as_deref().unwrap_or_default(), &field)?;
            }
            EntryKind::Closure { from, to } if from > to => {
                let message = format!("the closure ends at {to}, before it starts at {from}");
                return Err(ClockRefusal::new(RefusalCode::WindowInvalid, field, message));
            }
            EntryKind::Closure { .. } => continue,
        }
        let of_date = dates.entry(entry.date).or_default();
        let clashes = of_date.iter().any(|other| other.overlaps(entry));
        of_date.push(entry);
        if clashes {
            let message = format!("{} already has an entry that is no closure", entry.date);
            return Err(ClockRefusal::new(RefusalCode::CalendarConflict, field, message));
        }
    }
    Ok(())
}

fn check_windows(windows: &[Window], field: &str) -> Result<(), ClockRefusal> {
    let mut free_from = ClockTime::MIDNIGHT;
    for window in windows {
        let (from, to) = (window.from, window.to);
        let message = if to < from {
            format!("a window ends at {to}, before it starts at {from}")
        } else if from < free_from {
            format!("a window starts at {from}, before the one ahead of it ends at {free_from}")
        } else if to >= ClockTime::END {
            "a window reaches 24:00, but must end before midnight".to_owned()
        } else {
            free_from = to;
            continue;
        };
        return Err(ClockRefusal::new(RefusalCode::WindowInvalid, field, message));
    }
    Ok(())
}
