//! Seeds: the data that a fresh installation is filled with, read as a whole or not at all.

mod demo;
mod embedded;
mod faults;
mod files;
pub mod internal;
mod papers;
mod procedures;
mod table;
mod toml_files;
pub(crate) mod units;

#[cfg(test)]
mod tests;

pub use demo::{Demo, DemoAccount, DemoDelegation, DemoHolding, DemoNames};
pub use faults::{FAULTS_MAX, SeedFault};
pub use files::{FILE_BYTES_MAX, FILES_MAX, SeedSource};
pub use papers::{FeeRow, PaperNote};
pub use procedures::ProcedureNote;
pub use units::{Succession, UnitNote};

use faults::Faults;
use files::{Files, PROCESSES, stem};
use kernel::calendar::{Calendar, CalendarSpec};
use kernel::catalogue::{Catalogue, Misfit, Parts};
use kernel::ids::{ProcedureCode, UnitId};
use kernel::org::{Post, Staff};
use kernel::procedure::{FIRST_VERSION, ProcessEdition, check_process};
use procedures::{Known, periods};
use std::collections::BTreeMap;

/// Name of the calendar that the seeds carry; `motcua deadline` knows it under this name.
pub const CALENDAR: &str = "kien-giang";
const HOLIDAYS: &str = "calendar/holidays.csv";

/// All seeds, checked and fitting together.
#[derive(Debug)]
pub struct Loaded {
    /// Units, posts without holders, editions, processes, forms, calendar, profiles. Holders come
    /// from the accounts of the installation: `catalogue.with_staff(…)`.
    pub catalogue: Catalogue,
    /// The posts that the rule of `posts.csv` makes.
    pub posts: Vec<Post>,
    /// Short names, places and notes of units.
    pub units: BTreeMap<UnitId, UnitNote>,
    /// Who carries on whose work, with grounds.
    pub successions: Vec<Succession>,
    /// What is known of procedures besides their editions.
    pub procedures: BTreeMap<ProcedureCode, ProcedureNote>,
    /// People of the demonstration; for `demo` only.
    pub demo: Demo,
}

/// Reads a set of seeds.
///
/// # Errors
/// Every fault found, up to [`FAULTS_MAX`]; then nothing of the set is used.
pub fn load(source: &SeedSource) -> Result<Loaded, Vec<SeedFault>> {
    load_with(source, &[])
}

/// The same with organisation codes of units replaced, each pair a code as the seeds have it and
/// the code in its place; the codes below it follow (`H33` to `H35` makes `H35.27` of `H33.27`).
///
/// # Errors
/// As [`load`]; also a code that no unit has.
pub fn load_with(
    source: &SeedSource,
    codes: &[(String, String)],
) -> Result<Loaded, Vec<SeedFault>> {
    let mut faults = Faults::default();
    let files = Files::of(source, &mut faults);
    load_files(&files, codes, faults)
}

/// Reads only the calendar of a set of seeds, for `motcua deadline`.
///
/// # Errors
/// Every fault of the file.
pub fn load_calendar(source: &SeedSource) -> Result<Calendar, Vec<SeedFault>> {
    let mut faults = Faults::default();
    let files = Files::of(source, &mut faults);
    calendar(&files, &mut faults).filter(|_| faults.is_empty()).ok_or_else(|| faults.into_list())
}

fn load_files(
    files: &Files,
    codes: &[(String, String)],
    mut faults: Faults,
) -> Result<Loaded, Vec<SeedFault>> {
    let calendar = calendar(files, &mut faults);
    let profiles = toml_files::profiles(files, &mut faults);
    let forms = toml_files::forms(files, &mut faults);
    let processes = processes(files, &mut faults);
    let units = units::read(files, codes, &mut faults);
    let (Some(units), Some(calendar)) = (units, calendar) else { return Err(faults.into_list()) };
    let known = Known {
        tree: &units.tree,
        desks: units.tree.all().into_iter().filter(|u| u.kind == "desk").collect(),
        processes: processes.iter().map(|edition| edition.name.as_str()).collect(),
        forms: forms.iter().map(|form| form.name.as_str()).collect(),
    };
    let found = procedures::read(files, &known, &mut faults);
    let posts = demo::posts(files, &units.tree, &mut faults);
    let demo = demo::read(files, &posts, &mut faults);
    let staff = staff(&posts, &demo, &mut faults);
    let mut editions = found.editions;
    editions.extend(internal::editions());
    let parts = Parts {
        tree: units.tree,
        staff,
        profiles,
        editions,
        processes,
        forms,
        calendar,
        unit_calendars: Vec::new(),
    };
    let catalogue = match Catalogue::build(parts) {
        Ok(catalogue) => catalogue,
        Err(misfits) => {
            misfits.iter().for_each(|m| misfit(m, &mut faults));
            return Err(faults.into_list());
        }
    };
    if !faults.is_empty() {
        return Err(faults.into_list());
    }
    Ok(Loaded {
        catalogue,
        posts,
        units: units.notes,
        successions: units.successions,
        procedures: found.notes,
        demo,
    })
}

fn calendar(files: &Files, faults: &mut Faults) -> Option<Calendar> {
    let text = files.need(HOLIDAYS, faults)?;
    match CalendarSpec::from_holiday_csv(CALENDAR, text) {
        Ok(spec) => match Calendar::compile(spec) {
            Ok(calendar) => Some(calendar),
            Err(refusal) => {
                faults.add(HOLIDAYS, 0, "date", refusal.to_string());
                None
            }
        },
        Err(wrong) => {
            for fault in wrong {
                faults.add(HOLIDAYS, fault.line as u64, fault.field, fault.reason);
            }
            None
        }
    }
}

/// The first version of each process; later ones are published in the installation.
fn processes(files: &Files, faults: &mut Faults) -> Vec<ProcessEdition> {
    let Some((_, valid)) = periods().into_iter().next() else { return Vec::new() };
    let mut found = Vec::new();
    for (path, text) in files.in_folder(PROCESSES, ".bpmn") {
        let name = stem(path);
        match check_process(name, text, path) {
            Ok(definition) => {
                let (version, from) = (FIRST_VERSION, valid.from);
                found.push(ProcessEdition::of(name, version, from, text, definition));
            }
            Err(problems) => {
                for problem in problems {
                    let reason = problem.reason.clone();
                    let field = match problem.element_id.as_str() {
                        "" => problem.kind,
                        id => format!("{} {id}", problem.kind),
                    };
                    faults.add(path, problem.line as u64, &field, reason);
                }
            }
        }
    }
    found
}

/// Posts without holders. The demonstration's holders are tried too, so that a fault in them is
/// found at load and not when the demonstration starts.
fn staff(posts: &[Post], demo: &Demo, faults: &mut Faults) -> Staff {
    if let Err(wrong) = demo.staff(posts, &|login| login.into()) {
        for fault in wrong {
            faults.add("posts.csv", 0, "role", fault.to_string());
        }
        return Staff::default();
    }
    Staff::build(posts.to_vec(), Vec::new(), Vec::new()).unwrap_or_default()
}

/// Misfits that no row was blamed for: an internal procedure, or an overlap.
fn misfit(misfit: &Misfit, faults: &mut Faults) {
    let field = match misfit {
        Misfit::Process { .. } | Misfit::Version { .. } | Misfit::Call { .. } => "process",
        Misfit::Form { .. } => "form",
        Misfit::Overlap { .. } => "code",
        Misfit::CalendarUnit(_) => "calendar",
    };
    faults.add("procedures/procedures.csv", 0, field, misfit.to_string());
}
