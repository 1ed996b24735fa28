//! The derivation: each step of the count as a row with its legal ground (section 8).

use super::count::{Count, Found, Measure, Stops};
use super::plan::Off;
use super::time::{Day, Instant, Sec, date_of, day_of};
use super::types::{Channel, ClockRequest, Ground, Line, Point, Rule};

/// What the last count started from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// The reception, or a reset.
    Reception,
    /// An extension.
    Extension,
}

/// The rows of reception and forwarding.
pub(super) fn head(
    request: &ClockRequest<'_>,
    received: Sec,
    effective: Sec,
    forward: Sec,
) -> Vec<Line> {
    let (reception, forwarding) = match request.channel {
        Channel::Counter => (Ground::Decree61Art17_1c, Ground::Decree61Art18_2),
        Channel::Online => (Ground::Decree61Art17_2b, Ground::Decree61Art18_1),
        Channel::Post => (Ground::Decision45Art7_4, Ground::Decree61Art18_2),
    };
    let mut rows = Rows::new(request);
    rows.moments(Rule::Received, received, received, reception);
    if effective != received {
        rows.moments(Rule::DeemedReceived, received, effective, Ground::Choice);
    }
    rows.moments(Rule::Forward, effective, forward, forwarding);
    rows.lines
}

/// The rows of the last count.
pub(super) fn rows(
    request: &ClockRequest<'_>,
    count: &Count<'_>,
    origin: Origin,
    found: &Found,
    stops: &Stops,
    moment: Sec,
) -> Vec<Line> {
    let mut rows = Rows::new(request);
    let day = count.day;
    match count.measure {
        Measure::Seconds(_) => {
            rows.moments(Rule::StartsAtMoment, count.from, count.from, Ground::CivilCode147_1);
        }
        Measure::SameDay(_) if count.is_on_day() => {
            rows.days(Rule::SameDay, day, day, Ground::Procedure);
        }
        _ => rows.days(Rule::FirstDayNotCounted, day, day, Ground::CivilCode147_2),
    }
    if let Some(last) = count.month_day.filter(|_| origin == Origin::Reception) {
        rows.days(Rule::MonthDay, day, last, Ground::CivilCode148_3);
    }
    if let Measure::Seconds(_) = count.measure {
        for (from, to) in &found.stretches {
            rows.moments(Rule::Counted, *from, *to, Ground::CivilCode148);
        }
    } else {
        let until = found.last_day.or_else(|| stops.open_since().map(day_of));
        rows.walk(count, stops, until.unwrap_or(day));
    }
    for step in &found.moves {
        let ground = match step.rule {
            Rule::EndsWhileStopped => Ground::Choice,
            _ => Ground::CivilCode148_5,
        };
        rows.days(step.rule, step.from, step.to, ground);
    }
    match (found.due, stops.open_since()) {
        (Some(due), _) => rows.moments(Rule::Ends, due, due, Ground::CivilCode148),
        (None, since) => {
            rows.moments(Rule::Stopped, since.unwrap_or(moment), moment, Ground::Choice);
        }
    }
    rows.lines
}

struct Rows {
    offset: i32,
    lines: Vec<Line>,
}

impl Rows {
    const fn new(request: &ClockRequest<'_>) -> Self {
        Self { offset: request.settings.offset_seconds, lines: Vec::new() }
    }

    fn moments(&mut self, rule: Rule, from: Sec, to: Sec, ground: Ground) {
        let point = |at| Point::At(Instant::from_sec(at, self.offset));
        self.lines.push(Line { rule, from: point(from), to: point(to), ground });
    }

    fn days(&mut self, rule: Rule, from: Day, to: Day, ground: Ground) {
        let point = |day| Point::Day(date_of(day));
        self.lines.push(Line { rule, from: point(from), to: point(to), ground });
    }

    /// The days after the first one, neighbours with the same rule in one row.
    fn walk(&mut self, count: &Count<'_>, stops: &Stops, until: Day) {
        let mut run: Option<(Rule, Ground, Day, Day)> = None;
        let mut day = count.day + 1;
        while day <= until {
            let (rule, ground, last) = match stops.left_out(day) {
                Some(last) => (Rule::Paused, Ground::CivilCode147_3, last.min(until)),
                None => {
                    let (rule, ground) = why(count, day);
                    (rule, ground, day)
                }
            };
            run = match run {
                Some((before, ground, from, _)) if before == rule => {
                    Some((rule, ground, from, last))
                }
                _ => {
                    self.finish(run);
                    Some((rule, ground, day, last))
                }
            };
            day = last + 1;
        }
        self.finish(run);
    }

    fn finish(&mut self, run: Option<(Rule, Ground, Day, Day)>) {
        if let Some((rule, ground, from, to)) = run {
            self.days(rule, from, to, ground);
        }
    }
}

/// What a day is to a count: counted, or why not.
fn why(count: &Count<'_>, day: Day) -> (Rule, Ground) {
    let counts_all = matches!(count.measure, Measure::Calendar(_));
    match count.known.off(day).filter(|_| !counts_all) {
        None => (Rule::Counted, Ground::CivilCode148),
        Some(Off::Closure) => (Rule::Closure, Ground::Choice),
        Some(Off::HolidayMoved) => (Rule::HolidayMoved, Ground::HolidayMoved),
        Some(Off::Holiday) => (Rule::Holiday, Ground::PublicHoliday),
        Some(Off::SwappedOff) => (Rule::SwappedOff, Ground::PrimeMinister),
        Some(Off::RestDay) => (Rule::RestDay, Ground::WeeklyRest),
    }
}
