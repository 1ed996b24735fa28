//! All effective-dated data of a province in one place: units, posts, editions, processes, forms,
//! calendars and legal profiles. Read-only once built; a change of data builds a new one.

mod misfit;

pub use misfit::Misfit;

use crate::access::Actor;
use crate::calendar::{Calendar, ClockRefusal, Date, EntrySpec, Instant};
use crate::calendars::Calendars;
use crate::case::{Case, Ctx, LegalProfile, profile_on};
use crate::fold;
use crate::ids::{AccountId, ProcedureCode, UnitId};
use crate::org::{Seat, Staff, Tree};
use crate::procedure::{self, Definitions, Edition, FormSchema, ProcessEdition, Standing};
use process::Definition;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The data of a province.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Units.
    pub tree: Tree,
    /// Posts, holders, delegations.
    pub staff: Staff,
    /// Legal profiles.
    pub profiles: Vec<LegalProfile>,
    editions: BTreeMap<ProcedureCode, Vec<Arc<Edition>>>,
    /// By name, each list in order of version.
    processes: HashMap<String, Vec<Arc<ProcessEdition>>>,
    forms: HashMap<String, Arc<FormSchema>>,
    calendars: Calendars,
    searchable: Vec<Searchable>,
}

#[derive(Clone, Debug)]
struct Searchable {
    code: ProcedureCode,
    edition: u32,
    folded: String,
    initials: String,
}

/// The parts that a catalogue is built from.
#[derive(Debug)]
pub struct Parts {
    /// Units.
    pub tree: Tree,
    /// Posts, holders, delegations.
    pub staff: Staff,
    /// Legal profiles.
    pub profiles: Vec<LegalProfile>,
    /// Editions of all procedures.
    pub editions: Vec<Edition>,
    /// Published versions of all processes.
    pub processes: Vec<ProcessEdition>,
    /// Form schemas.
    pub forms: Vec<FormSchema>,
    /// The province's calendar.
    pub calendar: Calendar,
    /// Calendars of units that differ.
    pub unit_calendars: Vec<(UnitId, Calendar)>,
}

impl Catalogue {
    /// Builds a catalogue, or says everything that does not fit together.
    ///
    /// # Errors
    /// Every misfit found.
    pub fn build(parts: Parts) -> Result<Self, Vec<Misfit>> {
        let forms: HashMap<String, Arc<FormSchema>> =
            parts.forms.into_iter().map(|f| (f.name.clone(), Arc::new(f))).collect();
        let mut misfits = Vec::new();
        let mut processes: HashMap<String, Vec<Arc<ProcessEdition>>> = HashMap::new();
        for version in parts.processes {
            misfits.extend(put_version(&mut processes, version).err());
        }
        let mut editions: BTreeMap<ProcedureCode, Vec<Arc<Edition>>> = BTreeMap::new();
        for edition in parts.editions {
            let (code, number) = (edition.code.clone(), edition.edition);
            if !processes.contains_key(&edition.process) {
                let name = edition.process.clone();
                misfits.push(Misfit::Process { code: code.clone(), edition: number, name });
            }
            if !forms.contains_key(&edition.form) {
                let name = edition.form.clone();
                misfits.push(Misfit::Form { code: code.clone(), edition: number, name });
            }
            editions.entry(code).or_default().push(Arc::new(edition));
        }
        for (code, of_code) in &mut editions {
            of_code.sort_by_key(|e| e.edition);
            misfits.extend(overlaps(code, of_code));
        }
        for (unit, _) in &parts.unit_calendars {
            if parts.tree.unit(unit).is_none() {
                misfits.push(Misfit::CalendarUnit(unit.clone()));
            }
        }
        if !misfits.is_empty() {
            return Err(misfits);
        }
        let searchable = editions.values().flatten().map(|e| searchable(e)).collect();
        let whole = Self {
            tree: parts.tree,
            staff: parts.staff,
            profiles: parts.profiles,
            editions,
            processes,
            forms,
            calendars: Calendars::new(parts.calendar, parts.unit_calendars),
            searchable,
        };
        let misfits = misfit::of_calls(&whole.processes, &whole);
        if misfits.is_empty() { Ok(whole) } else { Err(misfits) }
    }

    /// The same data with other posts, holders and delegations.
    #[must_use]
    pub fn with_staff(&self, staff: Staff) -> Self {
        Self { staff, ..self.clone() }
    }

    /// An edition by number.
    #[must_use]
    pub fn edition(&self, code: &ProcedureCode, number: u32) -> Option<&Arc<Edition>> {
        self.editions.get(code)?.iter().find(|e| e.edition == number)
    }

    /// The edition in force on a day.
    #[must_use]
    pub fn in_force(&self, code: &ProcedureCode, day: Date) -> Option<&Arc<Edition>> {
        self.editions.get(code)?.iter().find(|e| e.open_on(day))
    }

    /// All editions of a procedure, in order.
    #[must_use]
    pub fn editions_of(&self, code: &ProcedureCode) -> &[Arc<Edition>] {
        self.editions.get(code).map(Vec::as_slice).unwrap_or_default()
    }

    /// All editions of all procedures, in order of code.
    pub fn editions(&self) -> impl Iterator<Item = &Arc<Edition>> {
        self.editions.values().flatten()
    }

    /// The editions in force on a day, in order of code; internal ones (opinions) are left out.
    pub fn all_in_force(&self, day: Date) -> impl Iterator<Item = &Arc<Edition>> {
        self.editions.values().flatten().filter(move |e| e.open_on(day) && !is_internal(&e.code))
    }

    /// The names of all processes, in order.
    #[must_use]
    pub fn process_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.processes.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// All published versions of a process, in order of number; empty for an unknown name.
    #[must_use]
    pub fn process_editions(&self, name: &str) -> &[Arc<ProcessEdition>] {
        self.processes.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// One version of a process.
    #[must_use]
    pub fn process(&self, name: &str, version: u32) -> Option<&Arc<ProcessEdition>> {
        self.process_editions(name).iter().find(|e| e.version == version)
    }

    /// The version of a process under which cases are accepted on a day.
    #[must_use]
    pub fn process_in_force(&self, name: &str, day: Date) -> Option<&Arc<ProcessEdition>> {
        procedure::in_force(self.process_editions(name), day)
    }

    /// Where a version of a process stands on a day.
    #[must_use]
    pub fn process_standing(&self, name: &str, version: u32, day: Date) -> Option<Standing> {
        procedure::standing(self.process_editions(name), version, day)
    }

    /// The process of an edition as a case accepted on a day gets it.
    #[must_use]
    pub fn process_of(&self, edition: &Edition, day: Date) -> Option<&Arc<Definition>> {
        self.process_in_force(&edition.process, day).map(|e| &e.definition)
    }

    /// The version of the process that a case runs on: the pinned one, or before its acceptance the
    /// one in force on the day.
    #[must_use]
    pub fn process_edition_of(&self, case: &Case, day: Date) -> Option<&Arc<ProcessEdition>> {
        let edition = self.edition(&case.procedure, case.edition)?;
        match case.accepted_at {
            Some(_) => self.process(case.process_name(edition), case.process_version),
            None => self.process_in_force(case.process_name(edition), day),
        }
    }

    /// The same, compiled.
    #[must_use]
    pub fn definition_of(&self, case: &Case, day: Date) -> Option<&Arc<Definition>> {
        self.process_edition_of(case, day).map(|e| &e.definition)
    }

    /// All versions of the process of an edition, for a submission.
    #[must_use]
    pub fn definitions(&self, edition: &Edition) -> Definitions<'_> {
        Definitions::Versions(self.process_editions(&edition.process))
    }

    /// All versions of the process that a case runs on, for `apply` and replay.
    #[must_use]
    pub fn definitions_of(&self, case: &Case, edition: &Edition) -> Definitions<'_> {
        Definitions::Versions(self.process_editions(case.process_name(edition)))
    }

    /// The same data with one more version of a process.
    ///
    /// # Errors
    /// Its number is taken, or its first day does not stand in the order of numbers.
    pub fn with_process(&self, version: ProcessEdition) -> Result<Self, Misfit> {
        let mut changed = self.clone();
        put_version(&mut changed.processes, version)?;
        Ok(changed)
    }

    /// The same data without one version of a process, whose publication was withdrawn.
    #[must_use]
    pub fn without_process(&self, name: &str, version: u32) -> Self {
        let mut changed = self.clone();
        if let Some(versions) = changed.processes.get_mut(name) {
            versions.retain(|e| e.version != version);
        }
        changed
    }

    /// The form of an edition.
    #[must_use]
    pub fn form_of(&self, edition: &Edition) -> Option<&Arc<FormSchema>> {
        self.forms.get(&edition.form)
    }

    /// The calendar by which a unit works.
    #[must_use]
    pub fn calendar_of(&self, unit: &UnitId) -> &Calendar {
        self.calendars.of(|| self.tree.line(unit))
    }

    /// The calendar of the province.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        self.calendars.province()
    }

    /// The entries that were announced after the calendars were shipped.
    #[must_use]
    pub fn announced(&self) -> &[EntrySpec] {
        self.calendars.announced()
    }

    /// The same data with these announced entries in the place of others.
    ///
    /// # Errors
    /// Two of them do not go together.
    pub fn with_announced(&self, entries: Vec<EntrySpec>) -> Result<Self, ClockRefusal> {
        Ok(Self { calendars: self.calendars.with(entries)?, ..self.clone() })
    }

    /// The same data with one more announced entry.
    ///
    /// # Errors
    /// It does not go with an entry of its date.
    pub fn announce(&self, entry: EntrySpec) -> Result<Self, ClockRefusal> {
        Ok(Self { calendars: self.calendars.and(entry)?, ..self.clone() })
    }

    /// What of the calendars is known at an instant, as one short text: as long as it is the same,
    /// no date moves with the calendar (rule W5).
    #[must_use]
    pub fn calendars_mark(&self, at: Instant) -> String {
        self.calendars.mark(at)
    }

    /// A legal profile by key.
    #[must_use]
    pub fn profile(&self, key: &str) -> Option<&LegalProfile> {
        self.profiles.iter().find(|p| p.key == key)
    }

    /// The legal profile in force on a day.
    #[must_use]
    pub fn profile_on(&self, day: Date) -> Option<&LegalProfile> {
        profile_on(&self.profiles, day)
    }

    /// The seats of an account on a day, each with the units of the past that it answers for.
    #[must_use]
    pub fn seats(&self, account: &AccountId, day: Date) -> Vec<Seat> {
        let mut seats = self.staff.seats(account, day);
        for seat in &mut seats {
            seat.carries_on = self.tree.carries_on(&seat.unit, day);
        }
        seats
    }

    /// What a decision on a case may look at. `None` if the case was accepted under data that this
    /// catalogue does not have.
    #[must_use]
    pub fn ctx<'a>(&'a self, case: &Case, actor: &'a Actor, now: Instant) -> Option<Ctx<'a>> {
        let edition = self.edition(&case.procedure, case.edition)?;
        let profile = if case.accepted_at.is_some() {
            self.profile(&case.profile)?
        } else {
            self.profile_on(now.date())?
        };
        Some(Ctx {
            now,
            actor,
            tree: &self.tree,
            staff: &self.staff,
            edition,
            definition: self.definition_of(case, now.date())?,
            definitions: self.definitions_of(case, edition),
            calendar: self.calendar_of(&case.desk),
            profile,
            profiles: &self.profiles,
        })
    }

    /// What a submission under an edition at a desk may look at.
    #[must_use]
    pub fn ctx_new<'a>(
        &'a self,
        edition: &'a Edition,
        desk: &UnitId,
        actor: &'a Actor,
        now: Instant,
    ) -> Option<Ctx<'a>> {
        Some(Ctx {
            now,
            actor,
            tree: &self.tree,
            staff: &self.staff,
            edition,
            definition: self.process_of(edition, now.date())?,
            definitions: self.definitions(edition),
            calendar: self.calendar_of(desk),
            profile: self.profile_on(now.date())?,
            profiles: &self.profiles,
        })
    }

    /// Finds procedures in force on a day: by code, by words with or without marks, by initials.
    /// Best first; an empty query finds all.
    #[must_use]
    pub fn search(&self, query: &str, day: Date) -> Vec<&Arc<Edition>> {
        let words = fold::words(query);
        let folded = fold::fold(query);
        let code = query.trim();
        let mut found: Vec<(i32, &Arc<Edition>)> = Vec::new();
        for edition in self.all_in_force(day) {
            let same = |s: &&Searchable| s.code == edition.code && s.edition == edition.edition;
            let index = self.searchable.iter().find(same);
            let Some(index) = index else { continue };
            let score = score(index, &words, &folded, code);
            if score > 0 {
                found.push((score, edition));
            }
        }
        found.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.code.cmp(&y.code)));
        found.into_iter().map(|(_, e)| e).collect()
    }
}

/// Whether a procedure is internal: it carries opinions and interlinked steps, nobody files it.
#[must_use]
pub fn is_internal(code: &ProcedureCode) -> bool {
    code.as_str().starts_with("internal.")
}

fn searchable(edition: &Edition) -> Searchable {
    let text =
        [edition.name.as_str(), &edition.name_en, &edition.field, &edition.field_en].join(" ");
    Searchable {
        code: edition.code.clone(),
        edition: edition.edition,
        folded: fold::fold(&text),
        initials: fold::initials(&edition.name),
    }
}

fn score(index: &Searchable, words: &[String], folded: &str, code: &str) -> i32 {
    if words.is_empty() {
        return 1;
    }
    let digits = code.len() >= 3 && code.chars().all(|c| c.is_ascii_digit() || c == '.');
    if digits && index.code.as_str().contains(code) {
        return 100;
    }
    let starts = |w: &str| index.folded.starts_with(w) || index.folded.contains(&format!(" {w}"));
    let hits = words.iter().filter(|w| starts(w)).count();
    let phrase = index.folded.contains(folded);
    let initials = words.len() == 1 && folded.len() >= 2 && index.initials.contains(folded);
    if hits == words.len() {
        let early = i32::from(index.folded.starts_with(folded)) * 20;
        return 40 + early + i32::from(phrase) * 20;
    }
    if initials {
        return 30 + i32::from(index.initials.ends_with(folded)) * 5;
    }
    0
}

/// Puts a version where its number belongs: later numbers start on later days.
fn put_version(
    processes: &mut HashMap<String, Vec<Arc<ProcessEdition>>>,
    version: ProcessEdition,
) -> Result<(), Misfit> {
    let versions = processes.entry(version.name.clone()).or_default();
    let at = versions.partition_point(|e| e.version < version.version);
    let misfit = |a, b| Misfit::Version { name: version.name.clone(), a, b };
    if let Some(before) = at.checked_sub(1).and_then(|i| versions.get(i))
        && before.valid_from >= version.valid_from
    {
        return Err(misfit(before.version, version.version));
    }
    if let Some(after) = versions.get(at)
        && (after.version == version.version || after.valid_from <= version.valid_from)
    {
        return Err(misfit(version.version, after.version));
    }
    versions.insert(at, Arc::new(version));
    Ok(())
}

fn overlaps(code: &ProcedureCode, editions: &[Arc<Edition>]) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    for (i, a) in editions.iter().enumerate() {
        for b in editions.iter().skip(i + 1) {
            let both = b.valid.from <= a.valid.to.unwrap_or(Date::MAX)
                && a.valid.from <= b.valid.to.unwrap_or(Date::MAX);
            let active = |e: &Edition| e.status == crate::procedure::EditionStatus::Active;
            if a.edition == b.edition || (both && active(a) && active(b)) {
                misfits.push(Misfit::Overlap { code: code.clone(), a: a.edition, b: b.edition });
            }
        }
    }
    misfits
}
