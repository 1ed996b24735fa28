//! A sheet of staff as lines: XLSX, CSV, or cells pasted from a spreadsheet program. Heads are
//! known in Vietnamese and English; a sheet without heads has the columns in our order.

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use kernel::calendar::{Date, parse_date};
use kernel::fold::fold;
use kit::{Fault, T};
use std::io::{Cursor, Read};
use store::bounds::STAFF_SHEET_LINES;
use store::staff::Line;

/// Heads of our own sheets, in order.
pub(super) const HEADS: [&str; 5] =
    ["Tên đăng nhập", "Họ và tên", "Vị trí", "Từ ngày", "Đến hết ngày"];
/// Bytes of a sheet as it comes.
const SHEET_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of all parts of an XLSX file once unpacked.
const UNPACKED_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Parts of an XLSX file.
const PARTS_MAX: usize = 200;
/// Characters of one cell.
const CELL_CHARS_MAX: usize = 300;
/// The day before the first of spreadsheet programs, which take 1900 for a leap year.
const SHEET_EPOCH: (i32, u32, u32) = (1899, 12, 30);

/// A sheet as it was read: lines, and faults of lines whose dates could not be.
#[derive(Default)]
pub(super) struct Sheet {
    pub(super) lines: Vec<Line>,
    /// Number of the line, and what is wrong with it.
    pub(super) unread: Vec<(u32, Fault)>,
}

/// Reads a file by its first bytes: a ZIP is XLSX, everything else is text.
///
/// # Errors
/// The fault of the field `tep`.
pub(super) fn file(t: T, bytes: &[u8]) -> Result<Sheet, Fault> {
    if bytes.len() > SHEET_BYTES_MAX {
        let kb = SHEET_BYTES_MAX / 1024;
        return Err(Fault::new("tep", "admin-sheet-large").with("kb", kb));
    }
    if bytes.starts_with(b"PK") {
        return lines(t, "tep", xlsx(bytes)?);
    }
    let text = std::str::from_utf8(bytes);
    let text = text.map_err(|_| Fault::new("tep", "admin-sheet-encoding"))?;
    self::text(t, "tep", text)
}

/// Reads pasted cells or the text of a CSV file.
///
/// # Errors
/// The fault of `field`.
pub(super) fn text(t: T, field: &str, text: &str) -> Result<Sheet, Fault> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: char| first.matches(sign).count();
    let delimiter = ['\t', ';', ','].into_iter().max_by_key(|sign| (count(*sign), *sign == '\t'));
    let delimiter = delimiter.and_then(|sign| u8::try_from(sign).ok()).unwrap_or(b'\t');
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.delimiter(delimiter).has_headers(false).flexible(true);
    let mut reader = reader.from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Fault::new(field, "admin-sheet-unread"))?;
        let number = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().map(|cell| cell.trim().to_owned()).collect();
        rows.push((u32::try_from(number).unwrap_or(u32::MAX), cells));
        if rows.len() > STAFF_SHEET_LINES + 1 {
            break;
        }
    }
    lines(t, field, rows)
}

/// The cells of the first sheet. Its parts are unpacked once beforehand, counted, so that a small
/// file cannot become a large one in memory.
fn xlsx(bytes: &[u8]) -> Result<Vec<(u32, Vec<String>)>, Fault> {
    let unread = || Fault::new("tep", "admin-sheet-unread");
    measured(bytes).ok_or_else(unread)?;
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| unread())?;
    let range = book.worksheet_range_at(0).ok_or_else(unread)?.map_err(|_| unread())?;
    let top = range.start().map_or(0, |(row, _)| row);
    let rows = range.rows().zip(1_u32..).take(STAFF_SHEET_LINES + 2);
    Ok(rows.map(|(row, n)| (top + n, row.iter().map(cell).collect())).collect())
}

/// `None` for what is no ZIP, or has more in it than any sheet of staff.
fn measured(bytes: &[u8]) -> Option<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    if archive.len() > PARTS_MAX {
        return None;
    }
    let mut left = UNPACKED_BYTES_MAX;
    for n in 0..archive.len() {
        let part = archive.by_index(n).ok()?;
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).ok()?;
        left = left.checked_sub(read)?;
    }
    Some(())
}

fn cell(data: &Data) -> String {
    match data {
        Data::String(text) | Data::DateTimeIso(text) => text.trim().to_owned(),
        Data::DateTime(at) => {
            let (y, m, d) = SHEET_EPOCH;
            let epoch = Date::from_ymd_opt(y, m, d);
            #[expect(clippy::cast_possible_truncation, reason = "a day number has no fraction")]
            let days = at.as_f64().floor() as i64;
            let day =
                epoch.and_then(|epoch| epoch.checked_add_signed(chrono::Duration::days(days)));
            day.map(|day| day.to_string()).unwrap_or_default()
        }
        Data::Empty | Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}

/// Where each column stands.
struct Columns([Option<usize>; 5]);

impl Columns {
    /// From a line of heads; `None` if it is none.
    fn of(cells: &[String]) -> Option<Self> {
        const NAMES: [&[&str]; 5] = [
            &["ten dang nhap", "tai khoan", "login", "sign in name", "username"],
            &["ho va ten", "ho ten", "ten hien thi", "name", "full name"],
            &["vi tri", "ma vi tri", "chuc vu", "post"],
            &["tu ngay", "ngay dau", "from", "first day"],
            &["den het ngay", "den ngay", "ngay cuoi", "to", "until", "last day"],
        ];
        let heads: Vec<String> = cells.iter().map(|cell| fold(cell)).collect();
        let at = |names: &&[&str]| heads.iter().position(|head| names.contains(&head.as_str()));
        let [login, name, post, from, to] = NAMES.each_ref().map(at);
        login.is_some().then_some(Self([login, name, post, from, to]))
    }

    fn cell<'c>(&self, cells: &'c [String], column: usize) -> &'c str {
        let at = self.0.get(column).copied().flatten();
        at.and_then(|at| cells.get(at)).map(|cell| cell.trim()).unwrap_or_default()
    }
}

fn lines(t: T, field: &str, rows: Vec<(u32, Vec<String>)>) -> Result<Sheet, Fault> {
    let mut rows = rows.into_iter().filter(|(_, cells)| cells.iter().any(|c| !c.is_empty()));
    let mut rows: std::collections::VecDeque<(u32, Vec<String>)> = rows.by_ref().collect();
    let columns = rows.front().and_then(|(_, cells)| Columns::of(cells));
    let columns = match columns {
        Some(columns) => {
            rows.pop_front();
            columns
        }
        None => Columns([Some(0), Some(1), Some(2), Some(3), Some(4)]),
    };
    if columns.0.iter().take(3).any(Option::is_none) {
        let names = HEADS.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        return Err(Fault::new(field, "admin-sheet-heads").with("names", names));
    }
    if rows.is_empty() {
        return Err(Fault::new(field, "admin-sheet-empty"));
    }
    if rows.len() > STAFF_SHEET_LINES {
        return Err(Fault::new(field, "admin-sheet-long").with("max", STAFF_SHEET_LINES));
    }
    let mut sheet = Sheet::default();
    for (number, cells) in rows {
        let cut = |column| -> String {
            columns.cell(&cells, column).chars().take(CELL_CHARS_MAX).collect()
        };
        let mut day = |column: usize| {
            let text = cut(column);
            let read = date(&text);
            if !text.is_empty() && read.is_none() {
                let fault = Fault::new("from", "admin-sheet-date").with("text", text);
                sheet.unread.push((number, fault.with("column", head(t, column))));
            }
            read
        };
        let (from, to) = (day(3), day(4));
        let (login, name, post) = (cut(0), cut(1), cut(2));
        sheet.lines.push(Line { number, login, name, post, from, to });
    }
    Ok(sheet)
}

fn head(t: T, column: usize) -> String {
    t.s(if column == 3 { "admin-from" } else { "admin-to" })
}

/// `2019-04-25`, `25/4/2019`, `25-4-2019` or `25.4.2019`.
fn date(text: &str) -> Option<Date> {
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    if let Ok(date) = parse_date(text) {
        return Some(date);
    }
    let mut parts = text.split(['/', '-', '.']);
    let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let year: i32 = parts.next()?.parse().ok()?;
    if parts.next().is_some() || year < 1900 {
        return None;
    }
    Date::from_ymd_opt(year, month, day)
}

/// A cell that no spreadsheet program takes for a formula.
pub(super) fn plain(cell: &str) -> &str {
    cell.trim_start_matches(['=', '+', '-', '@', '\t', '\r'])
}

/// Lines as text that [`text`] reads back the same, some hundred lines each, for a form's fields.
pub(super) fn kept(lines: &[Line]) -> Vec<String> {
    const LINES: usize = 50;
    let tidy = |text: &str| text.replace(['\t', '\n', '\r', '"'], " ");
    let day = |date: Option<Date>| date.map(|d| d.to_string()).unwrap_or_default();
    let one = |line: &Line| {
        let cells = [tidy(&line.login), tidy(&line.name), tidy(&line.post)];
        format!("{}\t{}\t{}\t{}", line.number, cells.join("\t"), day(line.from), day(line.to))
    };
    let chunk = |lines: &[Line]| lines.iter().map(one).collect::<Vec<_>>().join("\n");
    lines.chunks(LINES).map(chunk).collect()
}

/// Reads back what [`kept`] wrote; `None` for anything else.
pub(super) fn read_back<'a>(kept: impl Iterator<Item = &'a str>) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    for text in kept.flat_map(str::lines) {
        let cells: Vec<&str> = text.split('\t').collect();
        let [number, login, name, post, from, to] = cells.as_slice() else { return None };
        lines.push(Line {
            number: number.parse().ok()?,
            login: (*login).to_owned(),
            name: (*name).to_owned(),
            post: (*post).to_owned(),
            from: date(from),
            to: date(to),
        });
    }
    (lines.len() <= STAFF_SHEET_LINES).then_some(lines)
}
