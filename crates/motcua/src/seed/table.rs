//! CSV files of the seeds: a header that must be the known one, rows that know their line.

use super::faults::Faults;
use super::files::Files;
use kernel::calendar::Date;
use kernel::org::Validity;

/// Most rows of one file.
const ROWS_MAX: usize = 200_000;

/// One data row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    file: String,
    columns: &'static [&'static str],
    cells: csv::StringRecord,
    /// Line on which the row begins.
    pub(crate) line: u64,
}

/// Reads a file whose columns are known. A missing file, a foreign header or a damaged row is a
/// fault; whole rows come back, so that their cells can be judged too.
pub(crate) fn rows(
    files: &Files,
    file: &str,
    columns: &'static [&'static str],
    faults: &mut Faults,
) -> Vec<Row> {
    let Some(text) = files.need(file, faults) else { return Vec::new() };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    match reader.headers() {
        Ok(header) => header_faults(file, header, columns, faults),
        Err(error) => faults.add(file, 1, "", error.to_string()),
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let cells = match record {
            Ok(cells) => cells,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.add(file, line, "", error.to_string());
                continue;
            }
        };
        let line = cells.position().map_or(0, csv::Position::line);
        if cells.len() != columns.len() {
            let reason = format!("expected {} cells, but found {}", columns.len(), cells.len());
            faults.add(file, line, "", reason);
        } else if rows.len() >= ROWS_MAX {
            faults.add(file, line, "", format!("expected at most {ROWS_MAX} rows"));
            break;
        } else {
            let row = Row { file: file.to_owned(), columns, cells, line };
            row.controls(faults);
            rows.push(row);
        }
    }
    rows
}

fn header_faults(
    file: &str,
    header: &csv::StringRecord,
    columns: &'static [&'static str],
    faults: &mut Faults,
) {
    for column in columns.iter().filter(|c| !header.iter().any(|h| h == **c)) {
        faults.add(file, 1, column, "expected this column, but the header lacks it");
    }
    for found in header.iter().filter(|h| !columns.contains(h)) {
        faults.add(file, 1, found, "the header names a column that is not known");
    }
    let same_set = header.len() == columns.len() && header.iter().all(|h| columns.contains(&h));
    if same_set && !header.iter().eq(columns.iter().copied()) {
        let reason = format!("expected the columns in this order: {}", columns.join(","));
        faults.add(file, 1, "", reason);
    }
}

impl Row {
    /// The text of a cell; empty where there is none.
    pub(crate) fn text(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|c| *c == column);
        at.and_then(|i| self.cells.get(i)).unwrap_or_default()
    }

    /// The parts of a cell that holds a list.
    pub(crate) fn list(&self, column: &str) -> Vec<String> {
        let parts = self.text(column).split(';').map(str::trim);
        parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
    }

    /// Records a fault of a cell.
    pub(crate) fn fault(&self, column: &str, reason: impl Into<String>, faults: &mut Faults) {
        faults.add(&self.file, self.line, column, reason);
    }

    /// The text of a cell that may not be empty.
    pub(crate) fn need(&self, column: &str, faults: &mut Faults) -> Option<String> {
        let text = self.text(column);
        if text.trim().is_empty() {
            self.fault(column, "expected a value, but the cell is empty", faults);
            return None;
        }
        Some(text.to_owned())
    }

    /// A cell that must be one of the values that `read` knows.
    pub(crate) fn value<T>(
        &self,
        column: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
        faults: &mut Faults,
    ) -> Option<T> {
        let text = self.text(column);
        let found = read(text);
        if found.is_none() {
            self.fault(column, format!("expected {expected}, but found \"{text}\""), faults);
        }
        found
    }

    /// `yes` or `no`.
    pub(crate) fn yes(&self, column: &str, faults: &mut Faults) -> Option<bool> {
        let read = |text: &str| match text {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        self.value(column, "yes or no", read, faults)
    }

    /// A whole number that fits `T`.
    pub(crate) fn number<T: std::str::FromStr>(
        &self,
        column: &str,
        faults: &mut Faults,
    ) -> Option<T> {
        self.value(column, "a whole number", |text| text.parse().ok(), faults)
    }

    /// `valid_from` and `valid_to` (the latter may be empty), in this order.
    pub(crate) fn validity(&self, faults: &mut Faults) -> Option<Validity> {
        let from = self.value("valid_from", "a date YYYY-MM-DD", date, faults);
        let read_end = |text: &str| if text.is_empty() { Some(None) } else { date(text).map(Some) };
        let to = self.value("valid_to", "a date YYYY-MM-DD or nothing", read_end, faults);
        let valid = Validity { from: from?, to: to? };
        if valid.to.is_some_and(|to| to < valid.from) {
            self.fault("valid_to", "expected a day not before valid_from", faults);
            return None;
        }
        Some(valid)
    }

    fn controls(&self, faults: &mut Faults) {
        let bad = |c: char| c == char::REPLACEMENT_CHARACTER || (c.is_control() && c != '\n');
        for (column, cell) in self.columns.iter().zip(self.cells.iter()) {
            if cell.contains(bad) {
                self.fault(column, "expected text, but found a control character", faults);
            }
        }
    }
}

/// A date as the seeds write it.
pub(crate) fn date(text: &str) -> Option<Date> {
    if text.len() != 10 {
        return None;
    }
    Date::parse_from_str(text, "%Y-%m-%d").ok()
}
