//! `motcua calendar list`: the days of a year that differ from the week, one a line.

use super::calendar::ListArgs;
use crate::world::{Exit, World};
use kernel::calendar::{ClockTime, EntryKind, EntrySpec, Instant, WEEKDAYS, Window};
use store::announcements::{self, Announcement};
use store::{ActError, Options, StoreError};

/// Says every day of the year that differs, the shipped ones and the announced ones.
pub(super) fn list(args: &ListArgs, world: &mut World<'_>) -> Result<(), Exit> {
    let options = Options { read_only: true, ..Options::default() };
    let (_, installation) = super::opened(&args.place, options, world)?;
    let read = installation.store.read_blocking(|r| announcements::all(r));
    let announced: Vec<Announcement> = read.map_err(|error: ActError<StoreError>| {
        world.warn(error.into_store());
        Exit::Closed
    })?;
    let today = Instant((world.clock)()).date();
    let year = args.year.unwrap_or_else(|| chrono::Datelike::year(&today));
    let shipped = installation.loaded.catalogue.calendar().spec().entries.iter();
    let stands = |one: &&Announcement| one.withdrawn.is_none();
    let replaced =
        |entry: &EntrySpec| announced.iter().filter(stands).any(|one| one.entry.excludes(entry));
    let mut lines: Vec<(kernel::calendar::Date, u32, String)> = shipped
        .filter(|entry| !replaced(entry))
        .map(|entry| (entry.date, 0, format!("-\t{}", day(entry))))
        .collect();
    lines.extend(announced.iter().map(|one| (one.entry.date, one.number, told(one))));
    lines.retain(|(date, ..)| chrono::Datelike::year(date) == year);
    lines.sort();
    lines.iter().for_each(|(.., line)| world.say(line));
    Ok(())
}

/// An announcement with who made it, and who took it back.
fn told(one: &Announcement) -> String {
    let by = format!("{} {}", one.announced.by, known(one.entry.published_at));
    let back = one.withdrawn.as_ref().map(|mark| {
        let when = known(one.entry.withdrawn_at);
        format!("\tđã rút / taken back: {} {when}, {}", mark.by, mark.ground)
    });
    format!("{}\t{by}{}", line(one.number, &one.entry), back.unwrap_or_default())
}

fn known(at: Option<Instant>) -> String {
    at.map_or_else(String::new, |at| at.to_string())
}

/// Number, date, weekday, kind and name of an announced day.
pub(super) fn line(number: u32, entry: &EntrySpec) -> String {
    format!("{number}\t{}", day(entry))
}

fn day(entry: &EntrySpec) -> String {
    let weekday = chrono::Datelike::weekday(&entry.date).num_days_from_monday();
    let weekday = WEEKDAYS.get(weekday as usize).copied().unwrap_or_default();
    format!("{}\t{weekday}\t{}\t{}", entry.date, kind(&entry.kind), entry.name)
}

fn kind(kind: &EntryKind) -> String {
    match kind {
        EntryKind::Holiday { .. } => "nghỉ lễ / holiday".to_owned(),
        EntryKind::SwappedOff { .. } => "nghỉ hoán đổi / swapped_off".to_owned(),
        EntryKind::SwappedWork { work: None, .. } => "làm bù / swapped_work".to_owned(),
        EntryKind::SwappedWork { work: Some(work), .. } => {
            format!("làm bù / swapped_work {}", hours(work))
        }
        EntryKind::Closure { from, to }
            if *from == ClockTime::MIDNIGHT && *to == ClockTime::END =>
        {
            "đóng cửa / closure".to_owned()
        }
        EntryKind::Closure { from, to } => format!("đóng cửa / closure {from}-{to}"),
    }
}

fn hours(windows: &[Window]) -> String {
    windows.iter().map(|w| format!("{}-{}", w.from, w.to)).collect::<Vec<_>>().join(",")
}
