//! The calendars of a province: as they were shipped, and with what was announced since.

use crate::calendar::{Calendar, ClockRefusal, EntrySpec, Instant};
use crate::ids::UnitId;
use crate::org::Unit;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The province's calendar and those of units that differ.
#[derive(Clone, Debug)]
struct Set {
    province: Arc<Calendar>,
    units: BTreeMap<UnitId, Arc<Calendar>>,
}

/// The calendars by which a province works.
#[derive(Clone, Debug)]
pub(crate) struct Calendars {
    shipped: Set,
    in_use: Set,
    announced: Vec<EntrySpec>,
}

impl Calendars {
    pub(crate) fn new(province: Calendar, units: Vec<(UnitId, Calendar)>) -> Self {
        let units = units.into_iter().map(|(unit, own)| (unit, Arc::new(own))).collect();
        let shipped = Set { province: Arc::new(province), units };
        Self { in_use: shipped.clone(), shipped, announced: Vec::new() }
    }

    /// The calendar of the nearest of some units that has one of its own, else the province's;
    /// `line` is asked for only where some unit has one.
    pub(crate) fn of<'u>(&self, line: impl FnOnce() -> Vec<&'u Unit>) -> &Calendar {
        if self.in_use.units.is_empty() {
            return &self.in_use.province;
        }
        let line = line();
        let own = line.iter().find_map(|unit| self.in_use.units.get(&unit.id));
        own.unwrap_or(&self.in_use.province)
    }

    pub(crate) fn province(&self) -> &Calendar {
        &self.in_use.province
    }

    pub(crate) fn announced(&self) -> &[EntrySpec] {
        &self.announced
    }

    /// The shipped calendars with these entries, which hold for all units. A later program may ship
    /// what was announced before: the announced entry stays then, since it knows when it became
    /// known; one that was withdrawn gives way.
    pub(crate) fn with(&self, announced: Vec<EntrySpec>) -> Result<Self, ClockRefusal> {
        let merged = |calendar: &Calendar| {
            let mut spec = calendar.spec().clone();
            let stands = |entry: &EntrySpec| entry.withdrawn_at.is_none();
            spec.entries.retain(|e| !announced.iter().any(|a| stands(a) && a.excludes(e)));
            let fits = |a: &&EntrySpec| stands(a) || !spec.entries.iter().any(|e| e.excludes(a));
            let added: Vec<EntrySpec> = announced.iter().filter(fits).cloned().collect();
            spec.entries.extend(added);
            Calendar::compile(spec).map(Arc::new)
        };
        let units = self.shipped.units.iter();
        let units = units.map(|(unit, own)| Ok((unit.clone(), merged(own)?)));
        let in_use = Set {
            province: merged(&self.shipped.province)?,
            units: units.collect::<Result<_, ClockRefusal>>()?,
        };
        Ok(Self { shipped: self.shipped.clone(), in_use, announced })
    }

    /// The same calendars with one more entry, which must go with all that are there.
    pub(crate) fn and(&self, entry: EntrySpec) -> Result<Self, ClockRefusal> {
        let mut spec = self.in_use.province.spec().clone();
        spec.entries.push(entry.clone());
        Calendar::compile(spec)?;
        let mut announced = self.announced.clone();
        announced.push(entry);
        self.with(announced)
    }

    /// What is in use and known at an instant, as one short text: dates counted under the same mark
    /// are the same.
    pub(crate) fn mark(&self, at: Instant) -> String {
        let mut sha = Sha256::new();
        let province = std::iter::once((String::new(), &self.in_use.province));
        let units = self.in_use.units.iter().map(|(unit, own)| (unit.0.clone(), own));
        for (unit, calendar) in province.chain(units) {
            let spec = calendar.spec();
            let known = spec.entries.iter().filter(|entry| entry.is_known_at(at));
            let mut entries: Vec<String> =
                known.map(|entry| text(&(entry.date, &entry.kind))).collect();
            entries.sort_unstable();
            let rest = text(&(unit, &spec.weekly, spec.move_holidays));
            for part in std::iter::once(&rest).chain(&entries) {
                sha.update(part.as_bytes());
                sha.update([0]);
            }
        }
        sha.finalize().iter().fold(String::new(), |mark, byte| format!("{mark}{byte:02x}"))
    }
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{CalendarSpec, Date, EntryKind};

    fn holiday(published_at: Option<Instant>) -> EntrySpec {
        let date = Date::from_ymd_opt(2019, 5, 3).unwrap();
        let kind = EntryKind::Holiday { desk: Vec::new() };
        EntrySpec { date, kind, published_at, withdrawn_at: None, name: "x".to_owned() }
    }

    /// A later program that ships what was announced before opens with it, and the announced day
    /// keeps the moment from which it was known; one that was taken back gives way.
    #[test]
    fn what_was_announced_and_is_shipped_later_goes_together() {
        let spec = CalendarSpec { entries: vec![holiday(None)], ..CalendarSpec::default() };
        let calendars = Calendars::new(Calendar::compile(spec).unwrap(), Vec::new());
        let now = Instant(1_556_158_320_000);
        let standing = calendars.with(vec![holiday(Some(now))]).unwrap();
        assert_eq!(standing.province().spec().entries, [holiday(Some(now))]);
        let back = EntrySpec { withdrawn_at: Some(now.plus_days(1)), ..holiday(Some(now)) };
        let back = calendars.with(vec![back]).unwrap();
        assert_eq!(back.province().spec().entries, [holiday(None)]);
        assert!(calendars.and(holiday(Some(now))).is_err(), "nobody announces it again");
    }
}
