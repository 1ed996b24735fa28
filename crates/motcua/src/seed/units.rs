//! Units of all periods in one tree, what pages know about them besides, and the successions.

use super::faults::Faults;
use super::files::Files;
use super::table::{Row, date, rows};
use kernel::calendar::Date;
use kernel::ids::UnitId;
use kernel::org::{Tree, TreeFault, Unit};
use std::collections::{BTreeMap, HashMap};

const UNITS: &[&str] = &[
    "id",
    "code",
    "org_code",
    "parent",
    "level",
    "kind",
    "name",
    "place",
    "name_en",
    "valid_from",
    "valid_to",
    "succeeded_by",
    "lat",
    "lon",
    "verified",
    "note",
];
/// All files of units, where none is to blame.
const UNITS_OF_ALL: &str = "*/units.csv";
const SUCCESSION: &str = "succession.csv";
const SUCCESSIONS: &[&str] = &["old_id", "new_id", "on", "ground", "verified"];
const LEVELS: &[&str] = &["province", "department", "district", "commune"];
const KINDS: &[&str] = &["committee", "office", "department", "division", "desk"];
/// Longest organisation code (Decision 20/2020/QĐ-TTg Art. 4).
const ORG_CODE_CHARS: usize = 35;

/// What the seeds know about a unit besides the kernel's `Unit`.
#[derive(Clone, PartialEq, Debug)]
pub struct UnitNote {
    /// Statistical code; empty where there is none.
    pub code: String,
    /// Short name of the place.
    pub place: String,
    /// Latitude and longitude in degrees, where known.
    pub at: Option<(f64, f64)>,
    /// How sure, in words.
    pub note: String,
}

/// Which unit carries on the work of which, with its ground.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Succession {
    /// The unit that ended.
    pub old: UnitId,
    /// The unit that carries on.
    pub new: UnitId,
    /// First day of the new unit.
    pub on: Date,
    /// The decision that it rests on.
    pub ground: String,
    /// Whether the decision was seen.
    pub verified: bool,
}

/// Everything about units.
#[derive(Debug)]
pub(crate) struct Units {
    pub(crate) tree: Tree,
    pub(crate) notes: BTreeMap<UnitId, UnitNote>,
    pub(crate) successions: Vec<Succession>,
}

/// Reads `<set>/units.csv` of all sets with the codes of the configuration, then `succession.csv`.
pub(crate) fn read(
    files: &Files,
    codes: &[(String, String)],
    faults: &mut Faults,
) -> Option<Units> {
    let mut units = Vec::new();
    let mut notes = BTreeMap::new();
    let mut places: HashMap<UnitId, (String, u64)> = HashMap::new();
    let all = files.unit_files();
    if all.is_empty() {
        faults.add(UNITS_OF_ALL, 0, "", "expected at least one file of units, but found none");
    }
    for file in all {
        for row in rows(files, &file, UNITS, faults) {
            let Some((unit, note)) = unit(&row, faults) else { continue };
            if let Some((_, line)) = places.get(&unit.id).filter(|(f, _)| *f == file) {
                row.fault("id", format!("the key stands on line {line} already"), faults);
                continue;
            }
            places.insert(unit.id.clone(), (file.clone(), row.line));
            notes.insert(unit.id.clone(), note);
            units.push(unit);
        }
    }
    recode(&mut units, codes, faults);
    let tree = match Tree::build(units) {
        Ok(tree) => Some(tree),
        Err(wrong) => {
            for fault in wrong {
                let (id, field) = subject(&fault);
                let (file, line) = places.get(id).cloned().unwrap_or_default();
                faults.add(&file, line, field, fault.to_string());
            }
            None
        }
    };
    let read = rows(files, SUCCESSION, SUCCESSIONS, faults);
    let tree = tree?;
    let successions = read.iter().filter_map(|r| succession(r, &tree, faults)).collect();
    Some(Units { tree, notes, successions })
}

/// Puts the configured organisation codes in the place of those that the files have.
fn recode(units: &mut [Unit], codes: &[(String, String)], faults: &mut Faults) {
    let below = |code: &str, old: &str| {
        code.strip_prefix(old)
            .filter(|rest| rest.is_empty() || rest.starts_with('.'))
            .map(str::to_owned)
    };
    for (old, new) in codes {
        if !units.iter().any(|u| below(&u.org_code, old).is_some()) {
            faults.add(UNITS_OF_ALL, 0, "org_code", format!("org.code: no unit has {old} ({new})"));
        }
    }
    for unit in units {
        // The first that fits; a code that was just put in is not replaced again.
        let found = codes
            .iter()
            .find_map(|(old, new)| below(&unit.org_code, old).map(|rest| format!("{new}{rest}")));
        unit.org_code = found.unwrap_or_else(|| std::mem::take(&mut unit.org_code));
    }
}

/// The unit and the column that a fault of the tree speaks of.
fn subject(fault: &TreeFault) -> (&UnitId, &'static str) {
    match fault {
        TreeFault::Twice(id) => (id, "id"),
        TreeFault::NoParent { unit, .. } | TreeFault::Depth(unit) => (unit, "parent"),
        TreeFault::NoSuccessor { unit, .. } | TreeFault::Succession(unit) => (unit, "succeeded_by"),
        TreeFault::Validity(id) => (id, "valid_to"),
    }
}

fn unit(row: &Row, faults: &mut Faults) -> Option<(Unit, UnitNote)> {
    let key = |text: &str| is_unit_id(text).then(|| UnitId(text.to_owned()));
    let opt_key = |text: &str| if text.is_empty() { Some(None) } else { key(text).map(Some) };
    let id = row.value("id", "a key of lower-case letters, digits, '-' and '.'", key, faults);
    let parent = row.value("parent", "a key or nothing", opt_key, faults);
    let succeeded_by = row.value("succeeded_by", "a key or nothing", opt_key, faults);
    let org_code = row.value("org_code", "a code like H33.12", org_code, faults);
    let level = row.value("level", &LEVELS.join(", "), |t| one_of(LEVELS, t), faults);
    let kind = row.value("kind", &KINDS.join(", "), |t| one_of(KINDS, t), faults);
    let (name, name_en) = (row.need("name", faults), row.need("name_en", faults));
    let place = row.need("place", faults);
    let valid = row.validity(faults);
    let verified = row.yes("verified", faults);
    let at = position(row, faults)?;
    let unit = Unit {
        id: id?,
        org_code: org_code?,
        parent: parent?,
        level: level?,
        kind: kind?,
        name: name?,
        name_en: name_en?,
        valid: valid?,
        succeeded_by: succeeded_by?,
        verified: verified?,
    };
    let (code, note) = (row.text("code").to_owned(), row.text("note").to_owned());
    Some((unit, UnitNote { code, place: place?, at, note }))
}

/// Latitude and longitude: both or neither. The outer `None` is a fault.
fn position(row: &Row, faults: &mut Faults) -> Option<Option<(f64, f64)>> {
    if row.text("lat").is_empty() && row.text("lon").is_empty() {
        return Some(None);
    }
    let degrees = |highest: f64| {
        move |text: &str| text.parse::<f64>().ok().filter(|d| (-highest..=highest).contains(d))
    };
    let lat = row.value("lat", "degrees from -90 to 90", degrees(90.0), faults);
    let lon = row.value("lon", "degrees from -180 to 180", degrees(180.0), faults);
    Some(Some((lat?, lon?)))
}

fn succession(row: &Row, tree: &Tree, faults: &mut Faults) -> Option<Succession> {
    let known = |text: &str| tree.unit(&text.into()).map(|u| u.id.clone());
    let old = row.value("old_id", "the key of a unit", known, faults);
    let new = row.value("new_id", "the key of a unit", known, faults);
    let on = row.value("on", "a date YYYY-MM-DD", date, faults);
    let ground = row.need("ground", faults);
    let verified = row.yes("verified", faults);
    let (old, new) = (old?, new?);
    if tree.unit(&old).and_then(|u| u.succeeded_by.as_ref()) != Some(&new) {
        row.fault("new_id", "the units file names another successor for old_id", faults);
        return None;
    }
    Some(Succession { old, new, on: on?, ground: ground?, verified: verified? })
}

pub(crate) fn one_of(known: &[&str], text: &str) -> Option<String> {
    known.contains(&text).then(|| text.to_owned())
}

fn is_unit_id(text: &str) -> bool {
    let part = |p: &str| {
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !p.is_empty() && p.chars().all(fine)
    };
    text.split('.').all(part)
}

/// An organisation code as Decision 20/2020/QĐ-TTg writes it.
pub(crate) fn org_code(text: &str) -> Option<String> {
    let group =
        |g: &str| !g.is_empty() && g.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let fine = text.len() <= ORG_CODE_CHARS && text.split('.').all(group);
    fine.then(|| text.to_owned())
}
