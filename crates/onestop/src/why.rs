//! "Why this date": the derivation of the one deadline algorithm in words, each step with its
//! article, and the counted days.

use crate::view;
use kernel::calendar::{Answer, Calendar, Date, Instant, LimitUnit, Line, Off, Point, Rule};
use kernel::case::Case;
use kernel::catalogue::Catalogue;
use kit::pieces::{self, CalDay, DayKind, Sum, SumLine, Why};
use kit::{T, When};

/// Longest count that is shown day by day, in days; longer ones show the sum only.
const CALENDAR_DAYS: i64 = 120;
/// Days named one by one in a line.
const DAYS_NAMED: usize = 4;

/// Why the case has its date, as of `now`; `None` before acceptance.
pub(crate) fn why(
    catalogue: &Catalogue,
    case: &Case,
    now: Instant,
    t: T,
    folded: bool,
) -> Option<Why> {
    let answer = view::explained(catalogue, case, now)?;
    let edition = catalogue.edition(&case.procedure, case.edition)?;
    let calendar = catalogue.calendar_of(&case.desk);
    let counts_days = edition.limit.unit != LimitUnit::WorkingHour;
    let title = match answer.due_at {
        Some(due) => t.a1("why-title", "date", t.day_month(view::when(due))),
        None => t.s("why-title-stopped"),
    };
    let mut lines = lines(t, calendar, &answer, view::when(now));
    let limit = SumLine {
        what: t.s("why-limit"),
        value: edition.time_text.clone(),
        machine: String::new(),
        reason: t.a2("why-limit-reason", "code", &case.procedure.0, "n", edition.edition),
    };
    let place = lines.iter().position(|l| l.rule.is_some_and(is_walk)).unwrap_or(lines.len());
    lines.insert(place, Row { rule: None, line: limit });
    Some(Why {
        t,
        title,
        folded,
        sum: Sum { lines: lines.into_iter().map(|row| row.line).collect(), small: folded },
        calendar: counts_days.then(|| days(t, calendar, &answer, now)).flatten(),
    })
}

struct Row {
    rule: Option<Rule>,
    line: SumLine,
}

/// Rules that tell of single days; their rows are put together by rule.
fn is_walk(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::Counted
            | Rule::Paused
            | Rule::Closure
            | Rule::HolidayMoved
            | Rule::Holiday
            | Rule::SwappedOff
            | Rule::RestDay
    )
}

fn lines(t: T, calendar: &Calendar, answer: &Answer, now: When) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in &answer.derivation {
        if !is_walk(line.rule) {
            rows.push(Row { rule: Some(line.rule), line: single(t, line, now) });
            continue;
        }
        if rows.iter().any(|row| row.rule == Some(line.rule)) {
            continue;
        }
        let same: Vec<&Line> = answer.derivation.iter().filter(|l| l.rule == line.rule).collect();
        rows.push(Row { rule: Some(line.rule), line: together(t, calendar, &same) });
    }
    rows
}

/// A step of its own: when, and by what article.
fn single(t: T, line: &Line, now: When) -> SumLine {
    let (value, machine) = match line.to {
        Point::At(at) => {
            let when = view::when(at);
            (t.moment(when, now), when.machine())
        }
        Point::Day(date) => {
            let when = when_of(date);
            (t.date_near(when, now), when.machine_date())
        }
    };
    SumLine { what: t.s(&rule_key(line.rule)), value, machine, reason: reason(t, line) }
}

/// All days of one rule: how many, and which, if they are few.
fn together(t: T, calendar: &Calendar, lines: &[&Line]) -> SumLine {
    let Some(first) = lines.first() else { return SumLine::default() };
    let mut dates: Vec<Date> = Vec::new();
    let mut seconds = 0;
    for line in lines {
        match (line.from, line.to) {
            (Point::Day(from), Point::Day(to)) => {
                dates.extend(from.iter_days().take_while(|day| *day <= to));
            }
            (Point::At(from), Point::At(to)) => seconds += (to.0 - from.0) / 1000,
            _ => {}
        }
    }
    let value = if dates.is_empty() {
        t.a1("working-hours", "n", seconds / 3600)
    } else {
        t.a1("days", "n", dates.len())
    };
    let mut named = String::new();
    if dates.len() <= DAYS_NAMED && first.rule != Rule::Counted {
        let name = |date: &Date| {
            let day = t.day_month(when_of(*date));
            match entry_name(calendar, *date) {
                Some(name) => format!("{day} ({name})"),
                None => day,
            }
        };
        named = format!("{}. ", dates.iter().map(name).collect::<Vec<_>>().join(", "));
    }
    let what = t.s(&rule_key(first.rule));
    SumLine { what, value, machine: String::new(), reason: named + &reason(t, first) }
}

fn rule_key(rule: Rule) -> String {
    format!("why-rule-{}", rule.as_str().replace('_', "-"))
}

/// The article, in words.
fn reason(t: T, line: &Line) -> String {
    t.s(&format!("why-ground-{}", line.ground.as_str().replace(['_', '.'], "-")))
}

fn when_of(date: Date) -> When {
    view::when(Instant::at(date, 0, 0))
}

/// What people call a date of the calendar.
fn entry_name(calendar: &Calendar, date: Date) -> Option<String> {
    let mut standing = calendar.spec().entries.iter().filter(|e| e.withdrawn_at.is_none());
    let found = standing.find(|e| e.date == date && !e.name.is_empty());
    found.map(|e| e.name.clone())
}

/// The days from reception to the due date, each with what it is to the count.
fn days(t: T, calendar: &Calendar, answer: &Answer, now: Instant) -> Option<pieces::Calendar> {
    let due = answer.due_at?.date();
    let rule_of = |date: Date| {
        let covers = |line: &&Line| match (line.from, line.to) {
            (Point::Day(from), Point::Day(to)) => from <= date && date <= to,
            _ => false,
        };
        let walked = answer.derivation.iter().filter(|l| is_walk(l.rule));
        walked.filter(covers).map(|l| l.rule).next_back()
    };
    let start = answer.derivation.iter().rev().find_map(|line| match (line.rule, line.from) {
        (Rule::FirstDayNotCounted | Rule::SameDay, Point::Day(day)) => Some(day),
        _ => None,
    })?;
    if due.signed_duration_since(start).num_days() > CALENDAR_DAYS {
        return None;
    }
    let (mut counted, mut shown) = (0_u32, Vec::new());
    for date in start.iter_days().take_while(|day| *day <= due) {
        let extra = is_worked_in_exchange(calendar, date);
        let kind = match rule_of(date) {
            _ if date == start && start != due => DayKind::From,
            Some(Rule::Counted) => {
                counted += 1;
                if extra { DayKind::Extra(counted) } else { DayKind::Work(counted) }
            }
            Some(Rule::Paused) => DayKind::Pause(String::new()),
            Some(Rule::RestDay) => DayKind::Off(String::new()),
            Some(rule) => {
                DayKind::Off(entry_name(calendar, date).unwrap_or_else(|| t.s(&rule_key(rule))))
            }
            None if calendar.day_off(date).is_some_and(|off| off != Off::RestDay) => {
                DayKind::Off(entry_name(calendar, date).unwrap_or_default())
            }
            None if calendar.day_off(date).is_some() => DayKind::Off(String::new()),
            None => DayKind::Out,
        };
        let (today, is_due) = (date == now.date(), date == due);
        shown.push(CalDay { date: when_of(date), kind, today, due: is_due });
    }
    let caption = t.a1("why-count", "n", counted);
    Some(pieces::Calendar { t, caption, days: shown })
}

fn is_worked_in_exchange(calendar: &Calendar, date: Date) -> bool {
    let worked = |kind: &kernel::calendar::EntryKind| {
        matches!(kind, kernel::calendar::EntryKind::SwappedWork { .. })
    };
    let mut standing = calendar.spec().entries.iter().filter(|e| e.withdrawn_at.is_none());
    standing.any(|e| e.date == date && worked(&e.kind))
}
