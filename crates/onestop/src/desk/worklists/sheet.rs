//! `/noi-lam-viec/danh-sach.xlsx`: what a list shows, in the columns that were chosen, as a
//! spreadsheet. Bounded; what is left out is said in the sheet. Every export is recorded with its
//! filter and the cases in it.

use super::super::shell;
use super::asked::Asked;
use super::choice::Choice;
use super::{list_label, look, record_of, rows};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{seen, view};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::Datelike;
use kit::{File, Refused, T, Visit};
use rows::WorkRow;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// Rows of one spreadsheet.
const SHEET_ROWS_MAX: u32 = 2_000;
/// Width of a column with words, in characters.
const WIDE: f64 = 32.0;
/// Width of the others.
const NARROW: f64 = 20.0;

/// GET: the spreadsheet of the list at this address.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let around = shell::around(&app, &officer).await?;
    let asked = Asked::of(visit.query(), &officer, &around);
    let t = visit.t();
    let found = look::page(&app, &officer, &asked, t, SHEET_ROWS_MAX).await?;
    let ids = found.read.listed.iter().map(|l| l.stored.case.id.0).collect();
    seen::many(&app, &officer, "export", &record_of(&visit, &asked), ids).await?;
    let account = officer.account.0.clone();
    let choice = app.read(move |reader| Ok(Choice::read(reader, &account)?));
    let choice = choice.await.map_err(refused)?;
    let rows = rows::rows(&app.catalogue(), t, &found.read, &choice.columns, app.now());
    let now = view::when(app.now());
    let told = Told {
        title: list_label(t, asked.list),
        about: t.a3(
            "work-sheet-about",
            ("when", format!("{} {}", t.clock(now), t.date(now))),
            ("who", around.name.clone()),
            ("n", i64::try_from(rows.len()).unwrap_or(i64::MAX)),
        ),
        more: found.next.is_some(),
        at: app.now(),
    };
    let heads: Vec<String> = std::iter::once(t.s("desk-col-code"))
        .chain(choice.columns.iter().map(|column| t.s(column.label())))
        .collect();
    let bytes = sheet(t, &told, &heads, &rows).map_err(|error| {
        tracing::error!(%error, "a spreadsheet could not be written");
        Refused::fault()
    })?;
    let name = format!("{}-{}.xlsx", asked.list.key(), app.today().format("%Y-%m-%d"));
    Ok(File::new(name, bytes).saved().into_response())
}

/// What stands above the table.
struct Told {
    title: String,
    about: String,
    more: bool,
    at: kernel::calendar::Instant,
}

fn sheet(t: T, told: &Told, heads: &[String], rows: &[WorkRow]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let day = told.at.date();
    let year = u16::try_from(day.year()).unwrap_or(1900);
    let made = ExcelDateTime::from_ymd(
        year,
        u8::try_from(day.month()).unwrap_or(1),
        u8::try_from(day.day()).unwrap_or(1),
    )?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let (bold, wrap) = (Format::new().set_bold(), Format::new().set_text_wrap());
    let page = book.add_worksheet();
    page.write_string_with_format(0, 0, &told.title, &bold)?;
    page.write_string(1, 0, &told.about)?;
    if told.more {
        let most = i64::from(SHEET_ROWS_MAX);
        page.write_string(2, 0, t.a1("work-sheet-more", "n", most))?;
    }
    let first = 4;
    for (column, head) in (0_u16..).zip(heads) {
        page.write_string_with_format(first, column, head, &bold)?;
        page.set_column_width(column, if column == 1 { WIDE } else { NARROW })?;
    }
    for (line, row) in (first + 1..).zip(rows) {
        // Everything is text: a code that looks like a formula stays what it is.
        page.write_string(line, 0, row.whole())?;
        for (column, cell) in (1_u16..).zip(&row.cells) {
            let text = cell.tag.as_ref().map_or(cell.text.as_str(), |tag| tag.word.as_str());
            page.write_string_with_format(line, column, text, &wrap)?;
        }
    }
    page.set_freeze_panes(first + 1, 1)?;
    let (last, wide) = (rows.len(), heads.len());
    if let (Ok(last), Ok(wide)) = (u32::try_from(last), u16::try_from(wide))
        && last > 0
        && wide > 0
    {
        page.autofilter(first, 0, first + last, wide - 1)?;
    }
    book.save_to_buffer()
}
