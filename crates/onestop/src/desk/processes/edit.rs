//! From a form that was sent to an edit of the table of steps, and from a refused edit to the field
//! that it is about.

use super::ways;
use super::words::Unit;
use kernel::fold::fold;
use kit::{Check, Entries, Fault, Faults, T};
use process::table::{Edit, NewLane, NewRow, Spot, StepKind, Table, Time};
use process::{EditError, EditReason};
use store::bounds::PROCESS_TITLE_CHARS_MAX;

/// Longest name of a step or lane, in characters.
const NAME_CHARS_MAX: usize = 200;
/// Longest written duration or key, in characters.
const WORD_CHARS_MAX: usize = 64;
/// Characters of an id that is made from a name.
const ID_CHARS: usize = 32;

/// The edit that a form asks for; `id` is its step or lane.
///
/// # Errors
/// What is wrong with the fields.
pub(super) fn read(
    t: T,
    (table, xml): (&Table, &str),
    (act, id): (&str, &str),
    entries: &Entries,
) -> Result<Option<Edit>, Faults> {
    let mut check = Check::new(entries);
    let id = id.to_owned();
    let edit = match act {
        "rename" => Edit::Rename { id, name: check.optional("r-name", NAME_CHARS_MAX) },
        "title" => {
            let what = t.s("process-field-title-what");
            let name = check.required("d-title", &what, PROCESS_TITLE_CHARS_MAX);
            Edit::Rename { id: table.processes.first().map_or(id, |p| p.id.clone()), name }
        }
        "kind" => Edit::SetKind { id, kind: kind(&mut check, entries, "k") },
        "lane" => Edit::SetLane { id, lane: entries.text("w-lane").to_owned() },
        "time" => Edit::SetTime { id, time: time(&mut check, entries, "t") },
        "outcomes" => Edit::SetOutcomes { id, outcomes: outcomes(entries) },
        "next" => {
            let ways = ways::read(entries);
            ways::faults(&ways).iter().for_each(|fault| check.fault(fault.clone()));
            Edit::SetNext { id, ways }
        }
        "insert" => {
            let step = step(t, &mut check, entries, (xml, "i"));
            Edit::Insert { spot: spot(&mut check, entries, "i-spot"), step }
        }
        "parallel" => Edit::Parallel { beside: id, step: step(t, &mut check, entries, (xml, "p")) },
        "move" => Edit::Move { id, spot: spot(&mut check, entries, "m-spot") },
        "remove" => {
            check.ticked("x-sure", &t.s("process-sure-what"));
            Edit::Remove { id }
        }
        "add_lane" => {
            let process = table.processes.first().map(|p| p.id.clone());
            Edit::AddLane { process, lane: lane(t, &mut check, entries, (None, xml, "a")) }
        }
        "change_lane" => {
            Edit::ChangeLane { lane: lane(t, &mut check, entries, (Some(&id), xml, "l")) }
        }
        "remove_lane" => {
            check.ticked("y-sure", &t.s("process-sure-what"));
            Edit::RemoveLane { id }
        }
        "layout" => Edit::Layout,
        _ => return Ok(None),
    };
    check.done().map(|()| Some(edit))
}

fn kind(check: &mut Check<'_>, entries: &Entries, p: &str) -> StepKind {
    let field = format!("{p}-kind");
    let key = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    match entries.text(&field).split_once(':') {
        Some(("user", work)) => StepKind::User { kind: key(work) },
        Some(("service", job)) => {
            let wait = entries.has(&format!("{p}-wait"), "1");
            StepKind::Service { job: key(job), wait }
        }
        _ if entries.text(&field) == "manual" => StepKind::Manual,
        _ => {
            check.fault(Fault::new(field, "process-edit-kind"));
            StepKind::Manual
        }
    }
}

fn time(check: &mut Check<'_>, entries: &Entries, p: &str) -> Option<Time> {
    let (unit, field) = (entries.text(&format!("{p}-unit")), format!("{p}-value"));
    let value = check.optional(&field, WORD_CHARS_MAX);
    let number: Option<u64> = value.parse().ok().filter(|n| *n > 0);
    let known = Unit::ALL.into_iter().find(|one| one.key() == unit);
    match (unit, known, number) {
        ("", ..) if value.is_empty() => None,
        ("share", _, Some(n @ 1..=100)) => u8::try_from(n).ok().map(Time::Share),
        ("written", ..) => Some(Time::Limit(value)),
        (_, Some(unit), Some(n)) => Some(Time::Limit(unit.written(n))),
        _ => {
            let key = match unit {
                "" => "process-edit-time-unit",
                "share" => "process-edit-share",
                _ => "process-edit-amount",
            };
            check.fault(Fault::new(field, key));
            None
        }
    }
}

/// Ticked and typed outcomes, each once, in the order of the form.
fn outcomes(entries: &Entries) -> Vec<String> {
    let typed = entries.text("o-more").split(',').map(str::trim).filter(|o| !o.is_empty());
    let mut all: Vec<String> = Vec::new();
    for outcome in entries.all("o-outcome").chain(typed) {
        if !all.iter().any(|known| known == outcome) {
            all.push(outcome.to_owned());
        }
    }
    all
}

fn spot(check: &mut Check<'_>, entries: &Entries, field: &str) -> Spot {
    match entries.text(field).split_once(':') {
        Some(("flow", id)) => Spot::Flow(id.to_owned()),
        Some(("before", id)) => Spot::Before(id.to_owned()),
        _ => {
            check.fault(Fault::new(field, "process-edit-spot"));
            Spot::Flow(String::new())
        }
    }
}

fn step(t: T, check: &mut Check<'_>, entries: &Entries, (xml, p): (&str, &str)) -> NewRow {
    let what = t.s("process-field-name-what");
    let name = check.required(&format!("{p}-name"), &what, NAME_CHARS_MAX);
    let kind = kind(check, entries, p);
    let lane = entries.text(&format!("{p}-lane"));
    let outcomes = match &kind {
        StepKind::User { .. } => vec!["done".to_owned()],
        _ => Vec::new(),
    };
    NewRow {
        id: fresh_id(xml, &name, "step"),
        time: time(check, entries, p),
        lane: Some(lane.to_owned()).filter(|lane| !lane.is_empty()),
        name,
        kind,
        outcomes,
    }
}

fn lane(
    t: T,
    check: &mut Check<'_>,
    entries: &Entries,
    (id, xml, p): (Option<&str>, &str, &str),
) -> NewLane {
    let what = t.s("process-lane-name-what");
    let name = check.required(&format!("{p}-name"), &what, NAME_CHARS_MAX);
    let mut chosen = |part: &str, what: &str| {
        let field = format!("{p}-{part}");
        if entries.text(&field).is_empty() {
            check.fault(Fault::new(field.clone(), "err-choose").with("what", t.s(what)));
        }
        Some(entries.text(&field).to_owned()).filter(|text| !text.is_empty())
    };
    let role = chosen("role", "process-lane-role-what");
    let unit = chosen("unit", "process-lane-unit-what");
    let id = id.map_or_else(|| fresh_id(xml, &name, "lane"), str::to_owned);
    NewLane { id, name, role, unit }
}

/// An id from a name that the file does not have yet: `kiem_tra_thuc_dia`, `kiem_tra_thuc_dia_2`.
pub(super) fn fresh_id(xml: &str, name: &str, kind: &str) -> String {
    let folded = fold(name).replace(' ', "_");
    let letters = folded.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_');
    let mut base: String = letters.take(ID_CHARS).collect();
    if !base.starts_with(|c: char| c.is_ascii_alphabetic()) {
        base = format!("{kind}_{base}").trim_end_matches('_').to_owned();
    }
    let taken = |id: &str| [format!("\"{id}\""), format!("'{id}'")].iter().any(|q| xml.contains(q));
    // Every number tried stands in the file already, so the file bounds the search.
    let numbered = (2_u64..).map(|n| format!("{base}_{n}"));
    std::iter::once(base.clone()).chain(numbered).find(|id| !taken(id)).unwrap_or(base)
}

/// A refused edit as a fault of the form that asked for it.
pub(super) fn fault(t: T, act: &str, entries: &Entries, error: &EditError) -> Fault {
    let field = match (act, error) {
        ("next", _) => ways::field_of(entries),
        ("insert", EditError::Refused { why: EditReason::Time(_), .. }) => "i-value".to_owned(),
        ("parallel", EditError::Refused { why: EditReason::Time(_), .. }) => "p-value".to_owned(),
        ("rename", _) => "r-name".to_owned(),
        ("title", _) => "d-title".to_owned(),
        ("kind", _) => "k-kind".to_owned(),
        ("lane", _) => "w-lane".to_owned(),
        ("time", _) => "t-value".to_owned(),
        ("outcomes", _) => "o-more".to_owned(),
        ("insert", _) => "i-spot".to_owned(),
        ("parallel", _) => "p-name".to_owned(),
        ("move", _) => "m-spot".to_owned(),
        ("remove", _) => "x-sure".to_owned(),
        ("add_lane", _) => "a-name".to_owned(),
        ("change_lane", _) => "l-name".to_owned(),
        ("remove_lane", _) => "y-sure".to_owned(),
        _ => "cac-buoc".to_owned(),
    };
    let key = format!("process-edit-{}", error.key().replace('_', "-"));
    let element = error.element();
    let element = if element.is_empty() { t.s("process-the-file") } else { element.to_owned() };
    Fault::new(field, key).with("element", element).with("found", found(error))
}

/// What an edit refused to take, if it is about one word.
fn found(error: &EditError) -> String {
    match error {
        EditError::Name(text) | EditError::Value(text) => text.clone(),
        EditError::Refused { why, .. } => match why {
            EditReason::Key(text)
            | EditReason::Time(text)
            | EditReason::Target(text)
            | EditReason::Unreadable(text) => text.clone(),
            EditReason::Condition(why) => why.to_string(),
            _ => String::new(),
        },
        _ => String::new(),
    }
}
