//! The one deadline algorithm: reception, replay of the events, and the answer.

use super::check::check;
use super::count::{Count, Found, Measure, OPEN, Stops};
use super::plan::{Known, first_opening_after, next_opening};
use super::rows::{Origin, head, rows};
use super::time::{DAY, Date, Day, Instant, Sec, date_of, day_of, number_of};
use super::types::{
    Answer, Channel, ClockEvent, ClockEventKind, ClockRefusal, ClockRequest, Ground, LimitUnit,
    Line, Point, Rule, Status, SupplementRule, Violation, ViolationCode,
};

/// Derives the due date and everything around it. The same request always gives the same answer.
///
/// # Errors
/// A limit that does not fit its unit, `as_of` before the reception, events out of order or form,
/// a calendar without a working day where one is needed.
pub fn derive(request: &ClockRequest<'_>) -> Result<Answer, ClockRefusal> {
    check(request)?;
    let clock = Clock::new(request)?;
    let mut replay = Replay::new(&clock);
    for event in request.events.iter().take_while(|e| e.at <= request.as_of) {
        replay.take(event)?;
    }
    replay.answer()
}

/// What is fixed at reception.
struct Clock<'a> {
    request: &'a ClockRequest<'a>,
    received: Sec,
    effective: Sec,
    forward: Sec,
    supplement: Sec,
    first: Count<'a>,
    original: Sec,
}

impl<'a> Clock<'a> {
    fn new(request: &'a ClockRequest<'a>) -> Result<Self, ClockRefusal> {
        let none = ClockRefusal::no_working_day;
        let received = request.received_at.sec(request.settings.offset_seconds);
        let known = known_at(request, received);
        let effective = deemed(known, request.channel, received).ok_or_else(none)?;
        let day = day_of(effective);
        let within = request.settings.supplement_within_days;
        let last = known.nth_working(day, within).ok_or_else(none)?;
        let first = count(request, known, effective);
        let original = first.end(&Stops::default(), known)?.due.ok_or_else(none)?;
        Ok(Self {
            request,
            received,
            effective,
            forward: forward_by(request, known, effective).ok_or_else(none)?,
            supplement: known.end(last).ok_or_else(none)?,
            first,
            original,
        })
    }

    fn instant(&self, at: Sec) -> Instant {
        Instant::from_sec(at, self.request.settings.offset_seconds)
    }

    fn known_at(&self, at: Sec) -> &'a Known {
        known_at(self.request, at)
    }

    /// The last moment for an apology before a due date (Decree 61/2018 Art. 19.9).
    fn latest_apology(&self, due: Sec, now: &Known) -> Option<Sec> {
        let earliest = day_of(self.effective);
        let day = (earliest..day_of(due)).rev().find(|day| now.is_working(*day))?;
        now.end(day).filter(|end| *end >= self.effective)
    }
}

fn known_at<'a>(request: &'a ClockRequest<'a>, at: Sec) -> &'a Known {
    request.calendar.known_at(at - i64::from(request.settings.offset_seconds))
}

/// When a file counts as received (rule A1).
fn deemed(known: &Known, channel: Channel, at: Sec) -> Option<Sec> {
    match channel {
        Channel::Online => next_opening(known, at),
        Channel::Counter | Channel::Post if known.has_desk(day_of(at)) => Some(at),
        Channel::Counter | Channel::Post => first_opening_after(known, day_of(at)),
    }
}

/// Until when the file must be passed on (rule A2).
fn forward_by(request: &ClockRequest<'_>, known: &Known, effective: Sec) -> Option<Sec> {
    let day = day_of(effective);
    let cutoff = day * DAY + i64::from(request.settings.cutoff_seconds);
    let in_time = request.channel == Channel::Online || effective <= cutoff;
    match known.end(day).filter(|end| in_time && effective < *end) {
        Some(end) => Some(end),
        None => known.start(known.nth_working(day, 1)?),
    }
}

/// The full limit, counted from a deemed reception.
fn count<'a>(request: &ClockRequest<'a>, known: &'a Known, from: Sec) -> Count<'a> {
    let (limit, day) = (request.limit, day_of(from));
    let (whole, rest) = (limit.quarters / 4, limit.quarters % 4);
    let mut month_day = None;
    let measure = match limit.unit {
        LimitUnit::WorkingDay => Measure::Working(whole, rest),
        LimitUnit::CalendarDay => Measure::Calendar(i64::from(whole)),
        LimitUnit::WorkingHour => Measure::Seconds(i64::from(limit.quarters) * 900),
        LimitUnit::SameDay => Measure::SameDay(request.settings.cutoff_seconds),
        LimitUnit::Month => {
            let months = chrono::Months::new(whole);
            let last = date_of(day).checked_add_months(months).unwrap_or(Date::MAX);
            month_day = Some(number_of(last));
            Measure::Calendar(number_of(last) - day)
        }
    };
    Count { known, from, day, measure, month_day }
}

/// Whether a request is judged by the instant and not by the date (section 7).
const fn by_instant(request: &ClockRequest<'_>) -> bool {
    match request.limit.unit {
        LimitUnit::WorkingHour => true,
        LimitUnit::WorkingDay => !request.limit.quarters.is_multiple_of(4),
        _ => false,
    }
}

/// What can stop the clock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StopKind {
    Supplement,
    Finance,
    Suspension,
}

/// A stop that took effect.
struct Stop {
    kind: StopKind,
    /// Whether its closing event has not come yet.
    awaited: bool,
    from: Sec,
    to: Sec,
}

/// The state of the clock while its events pass by.
struct Replay<'a> {
    clock: &'a Clock<'a>,
    count: Count<'a>,
    origin: Origin,
    stops: Vec<Stop>,
    asked: u32,
    extended: bool,
    result: Option<Sec>,
    lines: Vec<Line>,
    violations: Vec<Violation>,
}

impl<'a> Replay<'a> {
    fn new(clock: &'a Clock<'a>) -> Self {
        Self {
            clock,
            count: clock.first,
            origin: Origin::Reception,
            stops: Vec::new(),
            asked: 0,
            extended: false,
            result: None,
            lines: Vec::new(),
            violations: Vec::new(),
        }
    }

    fn stops(&self) -> Stops {
        Stops::united(self.stops.iter().map(|s| (s.from, s.to)))
    }

    /// The count as it stands at an instant, by what is known then.
    fn end_at(&self, at: Sec) -> Result<Found, ClockRefusal> {
        self.count.end(&self.stops(), self.clock.known_at(at))
    }

    fn report(&mut self, event: &ClockEvent, code: ViolationCode) {
        self.violations.push(Violation { code, at: event.at });
    }

    fn take(&mut self, event: &ClockEvent) -> Result<(), ClockRefusal> {
        let at = event.at.sec(self.clock.request.settings.offset_seconds);
        match &event.kind {
            ClockEventKind::SupplementRequested => {
                self.asked += 1;
                if self.asked > 1 {
                    self.report(event, ViolationCode::SupplementRepeated);
                }
                if day_of(at) > day_of(self.clock.supplement) {
                    self.report(event, ViolationCode::SupplementRequestLate);
                }
                self.stop(event, at, StopKind::Supplement, OPEN)
            }
            ClockEventKind::SupplementReceived => self.receive(at),
            ClockEventKind::FinanceWait => self.stop(event, at, StopKind::Finance, OPEN),
            ClockEventKind::FinanceDone => {
                self.close(StopKind::Finance, at);
                Ok(())
            }
            ClockEventKind::Suspended { until, .. } => {
                let to = until.map_or(OPEN, |day| (number_of(day) + 1) * DAY - 1);
                self.stop(event, at, StopKind::Suspension, to)
            }
            ClockEventKind::Resumed => {
                self.close(StopKind::Suspension, at);
                Ok(())
            }
            ClockEventKind::Extended { new_due_on } => self.extend(event, at, *new_due_on),
            ClockEventKind::ResultReady => {
                for stop in &mut self.stops {
                    stop.to = stop.to.min(at);
                }
                self.result = Some(at);
                Ok(())
            }
        }
    }

    /// A stop begins, unless the limit had ended by what was known then (rule N10).
    fn stop(
        &mut self,
        event: &ClockEvent,
        at: Sec,
        kind: StopKind,
        to: Sec,
    ) -> Result<(), ClockRefusal> {
        if self.end_at(at)?.due.is_some_and(|due| at >= due) {
            self.report(event, ViolationCode::StopAfterDue);
        } else {
            self.stops.push(Stop { kind, awaited: true, from: at, to });
        }
        Ok(())
    }

    /// Ends a stop; its start, if it had taken effect.
    fn close(&mut self, kind: StopKind, at: Sec) -> Option<Sec> {
        let stop = self.stops.iter_mut().find(|s| s.kind == kind && s.awaited)?;
        stop.awaited = false;
        stop.to = stop.to.min(at);
        Some(stop.from)
    }

    /// A supplement came in: the clock goes on, or the limit starts again (rule N6).
    fn receive(&mut self, at: Sec) -> Result<(), ClockRefusal> {
        let Some(asked) = self.close(StopKind::Supplement, at) else { return Ok(()) };
        let request = self.clock.request;
        if request.rule == SupplementRule::Pause {
            return Ok(());
        }
        let known = self.clock.known_at(at);
        let from = deemed(known, request.channel, at).ok_or_else(ClockRefusal::no_working_day)?;
        self.count = count(request, known, from);
        self.origin = Origin::Reception;
        self.stops.retain(|stop| stop.to > at);
        self.line(Rule::Reset, asked, at, Ground::Decree61Art19_4);
        Ok(())
    }

    fn line(&mut self, rule: Rule, from: Sec, to: Sec, ground: Ground) {
        let point = |at| Point::At(self.clock.instant(at));
        self.lines.push(Line { rule, from: point(from), to: point(to), ground });
    }

    /// An extension is granted or refused (rule X1).
    fn extend(&mut self, event: &ClockEvent, at: Sec, new: Date) -> Result<(), ClockRefusal> {
        if self.extended {
            self.report(event, ViolationCode::ExtensionRepeated);
            return Ok(());
        }
        let due = self.end_at(at)?.due.filter(|_| !self.stops().contains(at));
        let Some(due) = due else {
            self.report(event, ViolationCode::ExtensionWhileStopped);
            return Ok(());
        };
        let latest = self.clock.latest_apology(due, self.clock.known_at(at));
        if latest.is_none_or(|latest| at > latest) {
            self.report(event, ViolationCode::ExtensionTooLate);
        } else if number_of(new) <= day_of(due) {
            self.report(event, ViolationCode::ExtensionNotLater);
        } else {
            self.grant(at, due, number_of(new))?;
        }
        Ok(())
    }

    fn grant(&mut self, at: Sec, due: Sec, new: Day) -> Result<(), ClockRefusal> {
        let (known, day) = (self.count.known, day_of(at));
        let none = ClockRefusal::no_working_day;
        let last = known.first_after(new - 1, Known::is_working).ok_or_else(none)?;
        let measure = match self.clock.request.limit.unit {
            LimitUnit::CalendarDay | LimitUnit::Month => Measure::Calendar(last - day),
            _ => Measure::Working(u32::try_from(known.days_between(day, last)).unwrap_or(0), 0),
        };
        self.count = Count { known, from: at, day, measure, month_day: None };
        self.origin = Origin::Extension;
        self.stops.clear();
        self.extended = true;
        let end = known.end(last).ok_or_else(none)?;
        self.line(Rule::Extended, due, end, Ground::Decree61Art19_9);
        Ok(())
    }

    fn answer(self) -> Result<Answer, ClockRefusal> {
        let (clock, request) = (self.clock, self.clock.request);
        let moment =
            self.result.unwrap_or_else(|| request.as_of.sec(request.settings.offset_seconds));
        let now = clock.known_at(moment);
        let stops = self.stops();
        let found = self.count.end(&stops, now)?;
        let judge = Judge { request, now, moment, has_result: self.result.is_some() };
        let due = found.due;
        let apology = due.filter(|_| !self.extended).and_then(|d| clock.latest_apology(d, now));
        let mut derivation = head(request, clock.received, clock.effective, clock.forward);
        derivation.extend(self.lines);
        derivation.extend(rows(request, &self.count, self.origin, &found, &stops, moment));
        Ok(Answer {
            received_effective_at: if clock.effective == clock.received {
                request.received_at
            } else {
                clock.instant(clock.effective)
            },
            due_at: due.map(|at| clock.instant(at)),
            original_due_at: clock.instant(clock.original),
            forward_by: clock.instant(clock.forward),
            supplement_deadline: clock.instant(clock.supplement),
            latest_apology_at: apology.map(|at| clock.instant(at)),
            status: due.map_or(Status::Paused, |due| judge.status(due)),
            original_status: judge.status(clock.original),
            remaining_working_days: due.map(|d| now.days_between(day_of(moment), day_of(d))),
            remaining_working_seconds: due.map(|d| now.seconds_between(moment, d)),
            violations: self.violations,
            derivation,
        })
    }
}

/// How a date is judged at a moment (section 7).
struct Judge<'a> {
    request: &'a ClockRequest<'a>,
    now: &'a Known,
    moment: Sec,
    has_result: bool,
}

impl Judge<'_> {
    fn status(&self, due: Sec) -> Status {
        let settings = &self.request.settings;
        let by_instant = by_instant(self.request);
        let order =
            if by_instant { self.moment.cmp(&due) } else { day_of(self.moment).cmp(&day_of(due)) };
        let is_soon = || {
            if by_instant {
                let hours = i64::from(settings.due_soon_hours);
                self.now.seconds_between(self.moment, due) <= hours * 3600
            } else {
                let left = self.now.days_between(day_of(self.moment), day_of(due));
                left <= i64::from(settings.due_soon_days)
            }
        };
        match (self.has_result, order) {
            (true, std::cmp::Ordering::Less) => Status::Early,
            (true, std::cmp::Ordering::Equal) => Status::OnTime,
            (true, std::cmp::Ordering::Greater) => Status::Late,
            (false, std::cmp::Ordering::Greater) => Status::Overdue,
            (false, _) if is_soon() => Status::DueSoon,
            (false, _) => Status::Running,
        }
    }
}
