//! What a change of the calendar would move, before it is kept: the running cases are looked at by
//! the changed calendar, some thousand at a time, and nothing is written (rule W5).

use crate::app::App;
use crate::refusals::refused;
use crate::view;
use kernel::calendar::Instant;
use kernel::catalogue::Catalogue;
use kernel::ids::UnitId;
use kit::{Entries, Refused, T, When};
use std::collections::BTreeMap;
use store::bounds::CALENDAR_DRY_NAMED;
use store::cases::{self, Dry, DryPlace, WouldMove};

/// Sums of the pages so far, carried in the form from page to page.
#[derive(Clone, Default)]
pub(super) struct Sums {
    looked: u32,
    refused: u32,
    timers: u32,
    units: BTreeMap<String, u32>,
    place: Option<DryPlace>,
}

/// A unit with how many of its cases would move.
pub(super) struct UnitRow {
    pub(super) unit: String,
    pub(super) cases: u32,
}

/// A case that would move, by its code alone.
pub(super) struct CaseRow {
    pub(super) code: String,
    pub(super) unit: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) timers: u32,
}

/// What the page shows of a dry run.
#[derive(Default)]
pub(super) struct Moves {
    pub(super) lead: String,
    pub(super) units: Vec<UnitRow>,
    pub(super) cases: Vec<CaseRow>,
    /// Hidden fields that carry the sums to the next page.
    pub(super) carried: Vec<(String, String)>,
    /// There is a next page.
    pub(super) more: bool,
    /// The day that was looked at.
    pub(super) seen: String,
}

impl Sums {
    /// From the fields of a form; anything odd begins anew.
    pub(super) fn of(entries: &Entries) -> Self {
        let number = |name: &str| entries.text(name).parse().unwrap_or(0);
        let place = (|| {
            let mut parts = entries.get("w-place")?.splitn(3, ' ');
            let number = parts.next()?.parse().ok()?;
            let version = parts.next()?.parse().ok()?;
            Some((parts.next()?.to_owned(), version, number))
        })();
        if place.is_none() {
            return Self::default();
        }
        let units = entries.all("w-unit").filter_map(|text| {
            let (count, unit) = text.split_once(' ')?;
            Some((unit.to_owned(), count.parse().ok()?))
        });
        Self {
            looked: number("w-looked"),
            refused: number("w-refused"),
            timers: number("w-timers"),
            units: units.collect(),
            place,
        }
    }

    fn and(mut self, dry: &Dry) -> Self {
        self.looked += dry.looked;
        self.refused += dry.refused;
        for one in &dry.moved {
            self.timers = self.timers.saturating_add(one.timers);
            *self.units.entry(one.desk.to_string()).or_default() += 1;
        }
        self.place.clone_from(&dry.next);
        self
    }

    fn carried(&self) -> Vec<(String, String)> {
        let Some((process, version, number)) = &self.place else { return Vec::new() };
        let mut all = vec![
            ("w-place".to_owned(), format!("{number} {version} {process}")),
            ("w-looked".to_owned(), self.looked.to_string()),
            ("w-refused".to_owned(), self.refused.to_string()),
            ("w-timers".to_owned(), self.timers.to_string()),
        ];
        let unit = |(unit, n): (&String, &u32)| ("w-unit".to_owned(), format!("{n} {unit}"));
        all.extend(self.units.iter().map(unit));
        all
    }
}

/// Looks at the next running cases by a changed calendar.
///
/// # Errors
/// What the store says.
pub(super) async fn look(
    app: &App,
    t: T,
    changed: Catalogue,
    so_far: Sums,
    now: When,
) -> Result<Moves, Refused> {
    let place = so_far.place.clone().unwrap_or_default();
    // The change becomes known a moment from now.
    let at = Instant(app.now().0.saturating_add(1));
    let read = app.read(move |reader| Ok(cases::would_move(reader, &changed, at, &place)?));
    let dry = read.await.map_err(refused)?;
    let sums = so_far.and(&dry);
    let catalogue = app.catalogue();
    let unit = |key: &str| view::unit(&catalogue, t, &UnitId(key.to_owned()));
    let cases: u32 = sums.units.values().sum();
    let lead = t.a(
        if sums.place.is_some() { "admin-moves-so-far" } else { "admin-moves-all" },
        &[
            ("looked", &sums.looked),
            ("cases", &cases),
            ("timers", &sums.timers),
            ("refused", &sums.refused),
        ],
    );
    let mut units: Vec<UnitRow> =
        sums.units.iter().map(|(key, n)| UnitRow { unit: unit(key), cases: *n }).collect();
    units.sort_by(|a, b| b.cases.cmp(&a.cases).then_with(|| a.unit.cmp(&b.unit)));
    let moment =
        |at: Option<Instant>| at.map_or_else(String::new, |at| t.moment(view::when(at), now));
    let row = |one: &WouldMove| CaseRow {
        code: one.code.clone(),
        unit: unit(one.desk.as_str()),
        before: one.due.map(|(before, _)| moment(before)).unwrap_or_default(),
        after: one.due.map(|(_, after)| moment(after)).unwrap_or_default(),
        timers: one.timers,
    };
    Ok(Moves {
        lead,
        units,
        cases: dry.moved.iter().take(CALENDAR_DRY_NAMED).map(row).collect(),
        carried: sums.carried(),
        more: sums.place.is_some(),
        seen: String::new(),
    })
}
