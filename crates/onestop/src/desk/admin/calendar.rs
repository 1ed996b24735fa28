//! `…/lich`: the days of a year that differ from the week: shipped ones, announced ones and those
//! taken back, each with who and on what ground.

use super::{CALENDAR, page, province};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view::{self, Names};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::calendar::{ClockTime, Date, EntryKind, EntrySpec, Window};
use kit::pieces::{Tag, Tone};
use kit::{Page, Refused, T, Visit};
use store::announcements::{self, Announcement, Mark};

struct Row {
    day: String,
    weekday: String,
    kind: String,
    ground: String,
    standing: Tag,
    who: String,
    back: String,
    date: Date,
}

struct Year {
    href: String,
    label: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "desk/admin_calendar.html")]
struct CalendarPage {
    page: Page,
    year: i32,
    years: Vec<Year>,
    rows: Vec<Row>,
    add: String,
}

/// What kind of day it is, in words.
pub(super) fn kind(t: T, kind: &EntryKind) -> String {
    match kind {
        EntryKind::Holiday { .. } => t.s("admin-kind-holiday"),
        EntryKind::SwappedOff { .. } => t.s("admin-kind-off"),
        EntryKind::SwappedWork { work: None, .. } => t.s("admin-kind-work"),
        EntryKind::SwappedWork { work: Some(work), .. } => {
            t.a1("admin-kind-work-hours", "hours", hours(work))
        }
        EntryKind::Closure { from, to }
            if *from == ClockTime::MIDNIGHT && *to == ClockTime::END =>
        {
            t.s("admin-kind-closed")
        }
        EntryKind::Closure { from, to } => {
            t.a2("admin-kind-closed-part", "from", from.to_string(), "to", to.to_string())
        }
    }
}

/// Windows as one types them.
fn hours(windows: &[Window]) -> String {
    windows.iter().map(|w| format!("{}-{}", w.from, w.to)).collect::<Vec<_>>().join(", ")
}

/// A date with its weekday.
pub(super) fn weekday(t: T, date: Date) -> String {
    let number = chrono::Datelike::weekday(&date).number_from_monday();
    t.s(&format!("weekday-short-{number}"))
}

/// GET: the year.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    province(&app, &officer)?;
    let read = app.read(|reader| {
        let all = announcements::all(reader)?;
        let marks = all.iter().flat_map(|one| [Some(&one.announced), one.withdrawn.as_ref()]);
        let names = Names::read(reader, marks.flatten().map(|mark| mark.by.as_str()))?;
        Ok((all, names))
    });
    let (all, names) = read.await.map_err(refused)?;
    let (t, catalogue, today) = (visit.t(), app.catalogue(), app.today());
    let this = chrono::Datelike::year(&today);
    let year: i32 = visit.query().text("nam").parse().unwrap_or(this);
    let announced: Vec<EntrySpec> = announcements::entries(&all);
    let shown = Shown { t, names: &names, today };
    let spec = catalogue.calendar().spec();
    let shipped = spec.entries.iter().filter(|entry| !announced.contains(entry));
    let mut rows: Vec<Row> = shipped.map(|entry| shown.shipped(entry)).collect();
    rows.extend(all.iter().map(|one| shown.announced(one)));
    rows.retain(|row| chrono::Datelike::year(&row.date) == year);
    rows.sort_by_key(|row| row.date);
    let years = (this - 1..=this + 1).map(|year_of| Year {
        href: format!("{CALENDAR}?nam={year_of}"),
        label: year_of.to_string(),
        current: year_of == year,
    });
    kit::html(&CalendarPage {
        page: page(&app, &visit, &officer, (t.s("admin-nav-calendar"), CALENDAR)).await?,
        years: years.collect(),
        add: format!("{CALENDAR}/moi"),
        year,
        rows,
    })
}

struct Shown<'a> {
    t: T,
    names: &'a Names,
    today: Date,
}

impl Shown<'_> {
    fn row(&self, entry: &EntrySpec, (tone, key): (Tone, &str)) -> Row {
        Row {
            day: view::day(self.t, entry.date),
            weekday: weekday(self.t, entry.date),
            kind: kind(self.t, &entry.kind),
            ground: entry.name.clone(),
            standing: Tag::new(tone, self.t.s(key)),
            who: String::new(),
            back: String::new(),
            date: entry.date,
        }
    }

    fn shipped(&self, entry: &EntrySpec) -> Row {
        self.row(entry, (Tone::Ok, "admin-entry-shipped"))
    }

    /// Who, when, and on what ground; the command line writes names instead of accounts.
    fn mark(&self, key: &str, mark: &Mark) -> String {
        let named = uuid::Uuid::parse_str(&mark.by).is_ok();
        let who = if named { self.names.of(self.t, &mark.by) } else { mark.by.clone() };
        let day = view::day(self.t, mark.at.date());
        self.t.a3(key, ("who", who), ("day", day), ("ground", &mark.ground))
    }

    fn announced(&self, one: &Announcement) -> Row {
        let made = self.mark("admin-entry-made", &one.announced);
        match &one.withdrawn {
            Some(mark) => Row {
                who: format!("{made} {}", self.mark("admin-entry-back", mark)),
                ..self.row(&one.entry, (Tone::Stop, "admin-entry-withdrawn"))
            },
            None => {
                let later = one.entry.date > self.today;
                let back = format!("{CALENDAR}/{}/rut", one.number);
                Row {
                    who: made,
                    back: if later { back } else { String::new() },
                    ..self.row(&one.entry, (Tone::New, "admin-entry-announced"))
                }
            }
        }
    }
}
