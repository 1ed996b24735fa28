//! The replay of a draft: real cases of the version that it was made from, running ones and the
//! last that ended, are carried out again in it, a few in one read; on the way their steps are
//! measured. Nothing is written and no particulars are read.

use crate::app::App;
use crate::trials::Run;
use kernel::access::RowFilter;
use kernel::calendar::Date;
use kernel::case::{Business, Case, Event};
use kernel::catalogue::Catalogue;
use kernel::procedure::Edition;
use kernel::whatif::measure::Measured;
use kernel::whatif::replay::{Draft, Past, Reason, Verdict, replay};
use process::Definition;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Reader;
use store::cases::{self, CaseError, Stored};
use uuid::Uuid;

/// Running cases of one replay, those that came in first.
pub(super) const RUNNING_MAX: usize = 1_000;
/// Ended cases of one replay, those that came in last.
pub(super) const ENDED_MAX: usize = 1_000;
/// Cases looked at, from the newest back, to find those that ended on the version.
const LOOKED_MAX: usize = 50_000;
/// Cases looked at in one read.
const PAGE: u32 = 200;
/// Cases replayed in one read; between two reads others come to their turn.
const BATCH: usize = 20;
/// Cases named for each reason.
const NAMED_MAX: usize = 50;

/// What is tried besides the process.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Asked {
    /// Another fee in đồng.
    pub(super) fee_vnd: Option<i64>,
    /// Another limit, in quarters of the unit that the edition of the case has.
    pub(super) limit_quarters: Option<u32>,
}

impl Asked {
    /// The edition of a case as it would be; `None` if nothing of it changes.
    fn edition(self, edition: &Edition) -> Option<Edition> {
        if self == Self::default() {
            return None;
        }
        let mut draft = edition.clone();
        draft.fee_vnd = self.fee_vnd.unwrap_or(draft.fee_vnd);
        draft.limit.quarters = self.limit_quarters.unwrap_or(draft.limit.quarters);
        Some(draft)
    }
}

/// What a replay found. Cases are named by their ids: who may see them is asked when they are
/// shown.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Found {
    pub(super) asked: Asked,
    /// The version that the cases ran on.
    pub(super) version: u32,
    pub(super) cases: u64,
    /// Cases in which nothing differs.
    pub(super) same: u64,
    /// How many of the cases run now.
    pub(super) running: u64,
    /// Cases whose edition, process or journal could not be taken.
    pub(super) unknown: u64,
    /// There were more than one replay takes.
    pub(super) more: bool,
    /// Cases by reason.
    pub(super) reasons: BTreeMap<String, u64>,
    /// Cases by the step of their departure, then by reason.
    pub(super) steps: BTreeMap<String, BTreeMap<String, u64>>,
    /// Cases by reason, the first ones.
    pub(super) named: BTreeMap<String, Vec<Uuid>>,
    pub(super) measured: Measured,
    /// Cases that came in on a working day on average.
    pub(super) per_day: Option<f64>,
}

impl Found {
    fn count(&mut self, verdict: &Verdict) {
        self.cases += 1;
        self.same += u64::from(verdict.departures.is_empty());
        for departure in &verdict.departures {
            let reason = key(departure.reason);
            *self.reasons.entry(reason.clone()).or_default() += 1;
            if !departure.step.is_empty() {
                let step = self.steps.entry(departure.step.clone()).or_default();
                *step.entry(reason.clone()).or_default() += 1;
            }
            let named = self.named.entry(reason).or_default();
            if named.len() < NAMED_MAX {
                named.push(verdict.case.0);
            }
        }
    }
}

/// The key of a reason, as its JSON has it.
fn key(reason: Reason) -> String {
    let value = serde_json::to_value(reason).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// A replay.
#[derive(Clone)]
pub(super) struct Job {
    pub(super) app: App,
    pub(super) name: String,
    pub(super) version: u32,
    pub(super) draft: Arc<Definition>,
    pub(super) asked: Asked,
    pub(super) run: Arc<Run>,
}

/// The cases of a replay, and what is known of them before it.
#[derive(Default)]
struct Chosen {
    numbers: Vec<u64>,
    running: usize,
    more: bool,
    arrivals: Arrivals,
}

/// How cases came in, over a stretch of them without gaps.
#[derive(Default)]
struct Arrivals {
    cases: u32,
    first: Option<Date>,
    last: Option<Date>,
}

impl Arrivals {
    fn add(&mut self, day: Date) {
        self.cases = self.cases.saturating_add(1);
        self.first = Some(self.first.map_or(day, |first| first.min(day)));
        self.last = Some(self.last.map_or(day, |last| last.max(day)));
    }

    fn per_day(&self, working_days: impl Fn(Date, Date) -> i64) -> Option<f64> {
        let days = working_days(self.first?, self.last?).max(0);
        let days = u32::try_from(days).ok()?.saturating_add(1);
        Some(f64::from(self.cases) / f64::from(days))
    }
}

impl Job {
    /// Does it; `None` if it was ended from outside.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn perform(&self) -> Result<Option<Found>, CaseError> {
        let mut chosen = Chosen::default();
        self.running(&mut chosen).await?;
        self.ended(&mut chosen).await?;
        let catalogue = self.app.catalogue();
        let (asked, version) = (self.asked, self.version);
        let running = u64::try_from(chosen.running).unwrap_or(u64::MAX);
        let mut found = Found { asked, version, running, more: chosen.more, ..Default::default() };
        let total = u64::try_from(chosen.numbers.len()).unwrap_or(u64::MAX);
        let mut done = 0;
        for batch in chosen.numbers.chunks(BATCH) {
            if self.run.is_ended() {
                return Ok(None);
            }
            self.run.tell(done, total);
            let (job, batch, catalogue) = (self.clone(), batch.to_vec(), Arc::clone(&catalogue));
            done += u64::try_from(batch.len()).unwrap_or(0);
            let read = self.app.read(move |reader| {
                for number in batch {
                    job.one(reader, &catalogue, number, &mut found)?;
                }
                Ok(found)
            });
            found = read.await?;
        }
        if self.run.is_ended() {
            return Ok(None);
        }
        let calendar = catalogue.calendar_of(&kernel::ids::UnitId(String::new()));
        found.per_day = chosen.arrivals.per_day(|a, b| calendar.working_days_between(a, b));
        Ok(Some(found))
    }

    /// The cases that run on the version.
    async fn running(&self, chosen: &mut Chosen) -> Result<(), CaseError> {
        let mut after = 0;
        while !self.run.is_ended() {
            let (name, version) = (self.name.clone(), self.version);
            let read = self.app.read(move |reader| {
                Ok(cases::running_after(reader, (name.as_str(), version), after, PAGE)?)
            });
            let page = read.await?;
            let Some(last) = page.last() else { break };
            after = *last;
            chosen.numbers.extend(page);
            if chosen.numbers.len() > RUNNING_MAX {
                chosen.numbers.truncate(RUNNING_MAX);
                chosen.more = true;
                break;
            }
        }
        chosen.running = chosen.numbers.len();
        Ok(())
    }

    /// The last cases that ended on the version, from the newest back.
    async fn ended(&self, chosen: &mut Chosen) -> Result<(), CaseError> {
        let catalogue = self.app.catalogue();
        let (mut before, mut looked) = (None, 0);
        while !self.run.is_ended() {
            let read = self.app.read(move |reader| {
                Ok(cases::latest(reader, &RowFilter::Everything, before, PAGE)?)
            });
            let page = read.await?;
            looked += page.cases.len();
            for stored in page.cases.iter().filter(|stored| self.ran(&catalogue, &stored.case)) {
                let day = stored.case.accepted_at.unwrap_or(stored.case.submitted_at).date();
                chosen.arrivals.add(day);
                if !stored.case.is_running() {
                    chosen.numbers.push(stored.number);
                }
            }
            let enough = chosen.numbers.len() >= chosen.running + ENDED_MAX;
            before = page.next;
            if before.is_none() {
                break;
            }
            if enough || looked >= LOOKED_MAX {
                chosen.more = true;
                break;
            }
        }
        chosen.numbers.truncate(chosen.running + ENDED_MAX);
        Ok(())
    }

    /// Whether a case was accepted under the version and not taken back.
    fn ran(&self, catalogue: &Catalogue, case: &Case) -> bool {
        let edition = catalogue.edition(&case.procedure, case.edition);
        case.accepted_at.is_some()
            && case.business != Business::Voided
            && case.process_version == self.version
            && edition.is_some_and(|edition| case.process_name(edition) == self.name)
    }

    fn one(
        &self,
        reader: &mut Reader<'_>,
        catalogue: &Catalogue,
        number: u64,
        found: &mut Found,
    ) -> Result<(), CaseError> {
        let Some(Stored { case, .. }) = cases::by_number(reader, number)? else { return Ok(()) };
        let history = cases::history(reader, case.id.0)?;
        let events: Vec<_> = history.into_iter().map(|entry| entry.event).collect();
        let definition = catalogue.definition_of(&case, case.submitted_at.date());
        let verdict = past(catalogue, &case).and_then(|past| {
            let edition = self.asked.edition(past.edition);
            let draft = Draft { definition: &self.draft, edition: edition.as_ref() };
            replay(case.id, &events, past, draft)
        });
        match (verdict, definition) {
            (Some(verdict), Some(definition)) => {
                let calendar = catalogue.calendar_of(&case.desk);
                // The steps of a case that changed its version are those of two files.
                if !events.iter().any(|e| matches!(e, Event::Upkeep(u) if u.pins().is_some())) {
                    found.measured.add(&events, definition, calendar);
                }
                found.count(&verdict);
            }
            _ => found.unknown += 1,
        }
        Ok(())
    }
}

/// What a case was decided under.
fn past<'a>(catalogue: &'a Catalogue, case: &Case) -> Option<Past<'a>> {
    let edition = catalogue.edition(&case.procedure, case.edition)?;
    catalogue.definition_of(case, case.submitted_at.date())?;
    let definitions = catalogue.definitions_of(case, edition);
    let cutoff_minutes = catalogue.profile(&case.profile)?.cutoff_minutes;
    Some(Past { definitions, edition, calendar: catalogue.calendar_of(&case.desk), cutoff_minutes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_counted_by_the_working_days_that_they_span() {
        let day = |d| Date::from_ymd_opt(2019, 4, d).unwrap();
        let mut arrivals = Arrivals::default();
        assert_eq!(arrivals.per_day(|_, _| 3), None);
        for d in [24, 22, 25, 25, 25] {
            arrivals.add(day(d));
        }
        let between = |from, to| {
            assert_eq!((from, to), (day(22), day(25)));
            3
        };
        assert_eq!(arrivals.per_day(between), Some(1.25), "five cases on four days");
    }

    #[test]
    fn reasons_have_the_keys_that_commands_print() {
        assert_eq!(key(Reason::StepAdded), "step_added");
        assert_eq!(key(Reason::NoLongerLate), "no_longer_late");
    }
}
