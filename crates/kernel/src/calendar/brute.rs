//! A second, slow implementation written straight from the rules, minute by minute and day by day,
//! to hold the fast one against in random worlds. Shares no counting code with it.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::*;

type Minutes = (Vec<bool>, Vec<bool>);
/// Days looked at before giving up; random worlds are small.
const HORIZON: i64 = 500;
const DAY: i64 = 86_400;

/// The calendar of a spec as known at a local second (+07:00).
pub(super) struct Naive<'a> {
    spec: &'a CalendarSpec,
    at: i64,
    moved: RefCell<Option<BTreeSet<i64>>>,
    days: RefCell<HashMap<i64, Rc<Minutes>>>,
}

fn number(date: Date) -> i64 {
    date.signed_duration_since(Date::from_ymd_opt(1970, 1, 1).unwrap()).num_days()
}

fn local(at: Instant) -> i64 {
    at.0.div_euclid(1000) + 7 * 3600
}

fn fill(into: &mut [bool], windows: &[Window], value: bool) {
    for w in windows {
        for minute in w.from.seconds() / 60..w.to.seconds() / 60 {
            into[minute as usize] = value;
        }
    }
}

impl<'a> Naive<'a> {
    pub(super) fn new(spec: &'a CalendarSpec, at: i64) -> Self {
        Self { spec, at, moved: RefCell::default(), days: RefCell::default() }
    }

    fn entries(&self) -> impl Iterator<Item = &'a EntrySpec> + '_ {
        let known = |e: &&EntrySpec| {
            e.published_at.is_none_or(|p| local(p) <= self.at)
                && e.withdrawn_at.is_none_or(|w| self.at < local(w))
        };
        self.spec.entries.iter().filter(known)
    }

    fn week(&self, day: i64) -> &'a WeekdaySpec {
        &self.spec.weekly[(day + 3).rem_euclid(7) as usize]
    }

    fn special(&self, day: i64) -> Option<&'a EntrySpec> {
        let plain = |e: &&EntrySpec| !matches!(e.kind, EntryKind::Closure { .. });
        self.entries().filter(plain).find(|e| number(e.date) == day)
    }

    /// Work and desk before moved holidays and closures.
    fn plain(&self, day: i64) -> Minutes {
        let (mut work, mut desk) = (vec![false; 1440], vec![false; 1440]);
        match self.special(day).map(|e| &e.kind) {
            Some(EntryKind::Holiday { desk: d } | EntryKind::SwappedOff { desk: d }) => {
                fill(&mut desk, d, true);
            }
            Some(EntryKind::SwappedWork { work: w, desk: d }) => {
                let w = w.as_ref().unwrap_or(&self.spec.weekly[0].work);
                fill(&mut work, w, true);
                fill(&mut desk, d.as_ref().unwrap_or(w), true);
            }
            _ => {
                let week = self.week(day);
                fill(&mut work, &week.work, true);
                fill(&mut desk, week.desk.as_ref().unwrap_or(&week.work), true);
            }
        }
        (work, desk)
    }

    fn moved(&self) -> BTreeSet<i64> {
        let mut taken = BTreeSet::new();
        if !self.spec.move_holidays {
            return taken;
        }
        let holiday = |e: &&EntrySpec| matches!(e.kind, EntryKind::Holiday { .. });
        let days: BTreeSet<i64> = self.entries().filter(holiday).map(|e| number(e.date)).collect();
        for day in days {
            if self.week(day).work.iter().any(|w| w.from < w.to) {
                continue;
            }
            let mut next = day + 1;
            while taken.contains(&next) || !self.plain(next).0.contains(&true) {
                next += 1;
            }
            taken.insert(next);
        }
        taken
    }

    fn day(&self, day: i64) -> Rc<Minutes> {
        if let Some(known) = self.days.borrow().get(&day) {
            return Rc::clone(known);
        }
        let moved = self.moved.borrow_mut().get_or_insert_with(|| self.moved()).contains(&day);
        let mut plan = self.plain(day);
        if moved {
            plan = (vec![false; 1440], vec![false; 1440]);
        }
        for entry in self.entries().filter(|e| number(e.date) == day) {
            if let EntryKind::Closure { from, to } = entry.kind {
                fill(&mut plan.0, &[Window { from, to }], false);
                fill(&mut plan.1, &[Window { from, to }], false);
            }
        }
        let plan = Rc::new(plan);
        self.days.borrow_mut().insert(day, Rc::clone(&plan));
        plan
    }

    fn works(&self, second: i64) -> bool {
        self.day(second.div_euclid(DAY)).0[(second.rem_euclid(DAY) / 60) as usize]
    }

    fn receives(&self, second: i64) -> bool {
        self.day(second.div_euclid(DAY)).1[(second.rem_euclid(DAY) / 60) as usize]
    }

    fn working(&self, day: i64) -> bool {
        self.day(day).0.contains(&true)
    }

    fn end(&self, day: i64) -> i64 {
        let last = self.day(day).0.iter().rposition(|w| *w).unwrap();
        day * DAY + (last as i64 + 1) * 60
    }

    fn next_working(&self, day: i64) -> i64 {
        (day + 1..day + HORIZON).find(|d| self.working(*d)).unwrap()
    }

    fn next_open(&self, mut minute: i64) -> i64 {
        while !self.receives(minute) {
            minute += 60;
        }
        minute
    }

    fn deemed(&self, channel: Channel, at: i64) -> i64 {
        let day = at.div_euclid(DAY);
        if channel != Channel::Online {
            if self.day(day).1.contains(&true) {
                return at;
            }
            return self.next_open((day + 1) * DAY);
        }
        if self.receives(at) { at } else { self.next_open(at.div_euclid(60) * 60 + 60) }
    }

    fn seconds(&self, from: i64, to: i64) -> i64 {
        if to < from {
            return -self.seconds(to, from);
        }
        let (mut at, mut sum) = (from, 0);
        while at < to {
            let next = (at.div_euclid(60) * 60 + 60).min(to);
            sum += if self.works(at) { next - at } else { 0 };
            at = next;
        }
        sum
    }
}

#[derive(Clone)]
enum What {
    Days { working: bool, whole: i64, quarters: i64 },
    Seconds(i64),
    Same,
}

struct Run<'a> {
    cal: Rc<Naive<'a>>,
    from: i64,
    what: What,
}

/// Kind, start, end, and whether its closing event is still awaited.
type Stop = (u8, i64, Option<i64>, bool);

fn stands(stops: &[Stop], at: i64) -> bool {
    stops.iter().any(|s| s.1 <= at && s.2.is_none_or(|to| at < to))
}

fn left_out(stops: &[Stop], day: i64) -> bool {
    stops
        .iter()
        .filter(|s| s.2 != Some(s.1))
        .any(|s| s.1.div_euclid(DAY) < day && s.2.is_none_or(|to| day <= to.div_euclid(DAY)))
}

fn due(run: &Run<'_>, stops: &[Stop], now: &Naive<'_>, cutoff: i64) -> Option<i64> {
    let cal = &run.cal;
    let day = run.from.div_euclid(DAY);
    let usable = |d: i64| cal.working(d) && now.working(d) && !left_out(stops, d);
    let next_usable = |d: i64| (d + 1..d + HORIZON).find(|d| usable(*d));
    let nth = |n: i64, working: bool| {
        let counts = |d: &i64| !left_out(stops, *d) && (!working || cal.working(*d));
        (day + 1..day + 3 * HORIZON).filter(counts).nth(n as usize - 1)
    };
    let (mut last, quarters) = match run.what {
        What::Seconds(amount) => {
            let (mut at, mut left) = (run.from, amount);
            while left > 0 {
                if at > run.from + HORIZON * DAY {
                    return None;
                }
                let free =
                    at % 60 == 0 && (!cal.works(at) || stands(stops, at) && stands(stops, at + 59));
                if free
                    && stops.iter().all(|s| {
                        [Some(s.1), s.2].iter().flatten().all(|b| *b <= at || *b >= at + 60)
                    })
                {
                    at += 60;
                    continue;
                }
                left -= i64::from(cal.works(at) && !stands(stops, at));
                at += 1;
            }
            let last = (at - 1).div_euclid(DAY);
            if now.working(last) {
                return Some(at);
            }
            (next_usable(last)?, 0)
        }
        What::Same => {
            let in_time =
                cal.working(day) && run.from.rem_euclid(DAY) <= cutoff && run.from < cal.end(day);
            (if in_time { day } else { nth(1, true)? }, 0)
        }
        What::Days { working, whole, quarters: 0 } => (nth(whole, working)?, 0),
        What::Days { working, whole, quarters } => (nth(whole + 1, working)?, quarters),
    };
    loop {
        if !usable(last) {
            last = next_usable(last)?;
            continue;
        }
        let mut end = cal.end(last);
        if quarters > 0 {
            let minutes = cal.day(last).0.clone();
            let total = minutes.iter().filter(|w| **w).count() as i64 * 60;
            let (mut left, mut at) = (total * quarters / 4, last * DAY);
            while left > 0 {
                left -= i64::from(cal.works(at));
                at += 1;
            }
            end = at;
        }
        if !(stands(stops, end - 1) && stands(stops, end)) {
            return Some(end);
        }
        let mut to = end;
        while stands(stops, to) {
            let reach = stops.iter().filter(|s| s.1 <= to && s.2.is_none_or(|e| to < e));
            to = reach.map(|s| s.2).max_by_key(|e| e.unwrap_or(i64::MAX)).unwrap()?;
        }
        last = next_usable(to.div_euclid(DAY))?;
    }
}

/// What the slow engine finds: the fields of an answer without its derivation.
#[derive(PartialEq, Debug)]
pub(super) struct Found {
    pub(super) instants: [Option<i64>; 6],
    pub(super) statuses: [Status; 2],
    pub(super) remaining: Option<(i64, i64)>,
    pub(super) violations: Vec<(ViolationCode, i64)>,
}

fn full<'a>(request: &ClockRequest<'_>, cal: Rc<Naive<'a>>, from: i64) -> Run<'a> {
    let quarters = i64::from(request.limit.quarters);
    let day = from.div_euclid(DAY);
    let what = match request.limit.unit {
        LimitUnit::WorkingDay => {
            What::Days { working: true, whole: quarters / 4, quarters: quarters % 4 }
        }
        LimitUnit::CalendarDay => What::Days { working: false, whole: quarters / 4, quarters: 0 },
        LimitUnit::WorkingHour => What::Seconds(quarters * 900),
        LimitUnit::SameDay => What::Same,
        LimitUnit::Month => {
            use chrono::Datelike;
            let start = Date::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Days::new(day as u64);
            let month = start.month0() + request.limit.quarters / 4;
            let (year, month) = (start.year() + (month / 12) as i32, month % 12 + 1);
            let last = (28..=start.day().max(28))
                .filter_map(|d| Date::from_ymd_opt(year, month, d))
                .next_back();
            let last =
                if start.day() < 28 { Date::from_ymd_opt(year, month, start.day()) } else { last };
            What::Days { working: false, whole: number(last.unwrap()) - day, quarters: 0 }
        }
    };
    Run { cal, from, what }
}

fn apology(now: &Naive<'_>, due: i64, effective: i64) -> Option<i64> {
    let day = (0..HORIZON).map(|i| due.div_euclid(DAY) - 1 - i).find(|d| now.working(*d))?;
    Some(now.end(day)).filter(|end| *end >= effective)
}

fn status(request: &ClockRequest<'_>, now: &Naive<'_>, at: i64, result: bool, due: i64) -> Status {
    let unit = request.limit.unit;
    let exact = unit == LimitUnit::WorkingHour
        || unit == LimitUnit::WorkingDay && !request.limit.quarters.is_multiple_of(4);
    let (a, b) = if exact { (at, due) } else { (at.div_euclid(DAY), due.div_euclid(DAY)) };
    if result {
        return if a < b {
            Status::Early
        } else if a == b {
            Status::OnTime
        } else {
            Status::Late
        };
    }
    let soon = if exact {
        now.seconds(at, due) <= i64::from(request.settings.due_soon_hours) * 3600
    } else {
        let days = (a + 1..=b).filter(|d| now.working(*d)).count();
        days <= request.settings.due_soon_days as usize
    };
    if a > b {
        Status::Overdue
    } else if soon {
        Status::DueSoon
    } else {
        Status::Running
    }
}

pub(super) fn find(request: &ClockRequest<'_>) -> Found {
    let spec = request.calendar.spec();
    let received = local(request.received_at);
    let cutoff = i64::from(request.settings.cutoff_seconds);
    let first = Rc::new(Naive::new(spec, received));
    let effective = first.deemed(request.channel, received);
    let day = effective.div_euclid(DAY);
    let mut run = full(request, Rc::clone(&first), effective);
    let original = due(&run, &[], &first, cutoff).unwrap();
    let today = first.working(day) && effective < first.end(day);
    let in_time = request.channel == Channel::Online || effective.rem_euclid(DAY) <= cutoff;
    let forward = if today && in_time {
        first.end(day)
    } else {
        let next = first.next_working(day);
        next * DAY + first.day(next).0.iter().position(|w| *w).unwrap() as i64 * 60
    };
    let mut third = day;
    for _ in 0..request.settings.supplement_within_days {
        third = first.next_working(third);
    }
    let supplement = first.end(third);

    let (mut stops, mut violations): (Vec<Stop>, Vec<(ViolationCode, i64)>) = Default::default();
    let (mut asked, mut extended, mut result) = (0, false, None);
    for event in request.events.iter().filter(|e| e.at <= request.as_of) {
        let at = local(event.at);
        let now = Naive::new(spec, at);
        let end = due(&run, &stops, &now, cutoff);
        let mut report = |code| violations.push((code, at));
        let opens = match &event.kind {
            ClockEventKind::SupplementRequested => {
                asked += 1;
                if asked > 1 {
                    report(ViolationCode::SupplementRepeated);
                }
                if at.div_euclid(DAY) > third {
                    report(ViolationCode::SupplementRequestLate);
                }
                Some((0, None))
            }
            ClockEventKind::FinanceWait => Some((1, None)),
            ClockEventKind::Suspended { until, .. } => {
                Some((2, until.map(|d| number(d) * DAY + 86_399)))
            }
            _ => None,
        };
        if let Some((kind, to)) = opens {
            if end.is_some_and(|end| end <= at) {
                report(ViolationCode::StopAfterDue);
            } else {
                stops.push((kind, at, to, true));
            }
        }
        let closes = match event.kind {
            ClockEventKind::SupplementReceived => Some(0),
            ClockEventKind::FinanceDone => Some(1),
            ClockEventKind::Resumed => Some(2),
            _ => None,
        };
        if let Some(kind) = closes
            && let Some(stop) = stops.iter_mut().find(|s| s.0 == kind && s.3)
        {
            stop.2 = Some(stop.2.map_or(at, |to| to.min(at)));
            stop.3 = false;
            if kind == 0 && request.rule == SupplementRule::Reset {
                let from = now.deemed(request.channel, at);
                stops.retain(|s| s.2.is_none_or(|to| to > at));
                run = full(request, Rc::new(now), from);
                continue;
            }
        }
        match event.kind {
            ClockEventKind::Extended { new_due_on } => {
                let latest = end.and_then(|end| apology(&now, end, effective));
                if extended {
                    report(ViolationCode::ExtensionRepeated);
                } else if end.is_none() || stands(&stops, at) {
                    report(ViolationCode::ExtensionWhileStopped);
                } else if latest.is_none_or(|latest| latest < at) {
                    report(ViolationCode::ExtensionTooLate);
                } else if number(new_due_on) <= end.unwrap().div_euclid(DAY) {
                    report(ViolationCode::ExtensionNotLater);
                } else {
                    extended = true;
                    stops.clear();
                    let last = run.cal.next_working(number(new_due_on) - 1);
                    let start = at.div_euclid(DAY);
                    let unit = request.limit.unit;
                    let working = !matches!(unit, LimitUnit::CalendarDay | LimitUnit::Month);
                    let counts = |d: &i64| !working || run.cal.working(*d);
                    let whole = (start + 1..=last).filter(counts).count() as i64;
                    let what = What::Days { working, whole, quarters: 0 };
                    run = Run { cal: run.cal, from: at, what };
                }
            }
            ClockEventKind::ResultReady => {
                result = Some(at);
                for stop in &mut stops {
                    stop.2 = Some(stop.2.map_or(at, |to| to.min(at)));
                }
            }
            _ => {}
        }
    }
    let at = result.unwrap_or_else(|| local(request.as_of));
    let now = Naive::new(spec, at);
    let end = due(&run, &stops, &now, cutoff);
    let judged = |due| status(request, &now, at, result.is_some(), due);
    let days = |end: i64| {
        let (a, b) = (at.div_euclid(DAY), end.div_euclid(DAY));
        let count = |a, b| (a + 1..=b).filter(|d| now.working(*d)).count() as i64;
        count(a, b) - count(b, a)
    };
    let latest = end.filter(|_| !extended).and_then(|end| apology(&now, end, effective));
    Found {
        instants: [Some(effective), end, Some(original), Some(forward), Some(supplement), latest],
        statuses: [end.map_or(Status::Paused, judged), judged(original)],
        remaining: end.map(|end| (days(end), now.seconds(at, end))),
        violations,
    }
}

/// The same fields of the fast engine's answer.
pub(super) fn of(answer: &Answer) -> Found {
    let at = |i: Instant| Some(local(i));
    Found {
        instants: [
            at(answer.received_effective_at),
            answer.due_at.and_then(at),
            at(answer.original_due_at),
            at(answer.forward_by),
            at(answer.supplement_deadline),
            answer.latest_apology_at.and_then(at),
        ],
        statuses: [answer.status, answer.original_status],
        remaining: answer.remaining_working_days.zip(answer.remaining_working_seconds),
        violations: answer.violations.iter().map(|v| (v.code, local(v.at))).collect(),
    }
}
