//! The shipped calendar: reads the holiday table and adds the usual windows.

use super::spec::{CalendarSpec, EntryKind, EntrySpec, WEEKDAYS, WeekdaySpec, Window};
use super::time::{ClockTime, Date, number_of, parse_date, weekday};

/// Columns of the holiday table, in order.
const COLUMNS: [&str; 6] = ["date", "weekday", "name", "kind", "verified", "source"];
/// How sure a row is: by law or letter, by rule, or from memory.
const VERIFIED: [&str; 3] = ["yes", "rule", "no"];
/// Start and end of the usual windows, Monday to Friday, in hours. A setting of the province.
const USUAL_HOURS: [(u32, u32); 2] = [(7, 11), (13, 17)];

/// A line of a data file that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}, {field}: {reason}")]
pub struct DataFault {
    /// Line, from 1.
    pub line: usize,
    /// Column.
    pub field: &'static str,
    /// What was expected.
    pub reason: String,
}

impl CalendarSpec {
    /// Reads the holiday table (`date,weekday,name,kind,verified,source`; kinds `holiday`,
    /// `swapped_off`, `swapped_work`) and adds Monday–Friday 07:00–11:00 and 13:00–17:00.
    ///
    /// # Errors
    /// Every faulty line.
    pub fn from_holiday_csv(name: &str, text: &str) -> Result<Self, Vec<DataFault>> {
        let (mut entries, mut faults) = (Vec::new(), Vec::new());
        let mut lines = text.lines().enumerate().map(|(i, line)| (i + 1, cells(line)));
        if lines.next().is_none_or(|(_, head)| head != COLUMNS) {
            let reason = format!("expected the columns {}", COLUMNS.join(","));
            faults.push(DataFault { line: 1, field: "header", reason });
        }
        let mut dates = std::collections::HashSet::new();
        for (line, cells) in lines.filter(|(_, cells)| cells != &[""]) {
            match entry(line, &cells) {
                Ok(entry) if dates.insert(entry.date) => entries.push(entry),
                Ok(entry) => {
                    let reason = format!("{} is listed twice", entry.date);
                    faults.push(DataFault { line, field: "date", reason });
                }
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let weekly =
            std::array::from_fn(|i| if i < 5 { usual_day() } else { WeekdaySpec::default() });
        Ok(Self { name: name.to_owned(), weekly, entries, move_holidays: true })
    }
}

fn usual_day() -> WeekdaySpec {
    let window =
        |(from, to)| Some(Window { from: ClockTime::new(from, 0)?, to: ClockTime::new(to, 0)? });
    WeekdaySpec { work: USUAL_HOURS.into_iter().filter_map(window).collect(), desk: None }
}

fn entry(line: usize, cells: &[String]) -> Result<EntrySpec, DataFault> {
    let fault = |field, reason: String| DataFault { line, field, reason };
    let [date, day, name, kind, verified, _] = cells else {
        return Err(fault("line", format!("expected 6 columns, but found {}", cells.len())));
    };
    let date: Date = parse_date(date).map_err(|e| fault("date", e.to_string()))?;
    let expected = WEEKDAYS[weekday(number_of(date))];
    if !day.eq_ignore_ascii_case(expected) {
        return Err(fault("weekday", format!("{date} is {expected}, but the line says {day}")));
    }
    if name.trim().is_empty() {
        return Err(fault("name", "expected a name".to_owned()));
    }
    if !VERIFIED.contains(&verified.as_str()) {
        return Err(fault("verified", format!("expected one of {}", VERIFIED.join(", "))));
    }
    let kind = match kind.as_str() {
        "holiday" => EntryKind::Holiday { desk: Vec::new() },
        "swapped_off" => EntryKind::SwappedOff { desk: Vec::new() },
        "swapped_work" => EntryKind::SwappedWork { work: None, desk: None },
        other => return Err(fault("kind", format!("unknown kind {other:?}"))),
    };
    Ok(EntrySpec { date, kind, published_at: None, withdrawn_at: None, name: name.clone() })
}

/// The cells of a line; quotes may enclose one and are doubled inside it.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.trim_end_matches('\r').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}
