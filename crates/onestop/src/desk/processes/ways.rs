//! Where a step leads, as a form: for each way its target, its name and its condition, and which
//! one is taken when no condition holds.

use super::forms::{FormBox, Ground};
use super::words;
use kit::{Entries, Faults, Field};
use process::table::{Row, Table, Way};

/// Empty ways that the form offers beside those that are there.
const SPARE: usize = 2;
/// Most ways of one step that the form takes.
pub(super) const WAYS_MAX: usize = 20;

/// The form, with the ways that are there and some empty ones.
pub(super) fn form(g: &Ground<'_>, row: &Row) -> FormBox {
    let t = g.t;
    let count = (row.next.len() + SPARE).min(WAYS_MAX);
    let targets = targets(g.table, row);
    let mut fields = Vec::new();
    let mut known: Vec<(String, String)> = vec![("n-default".to_owned(), String::new())];
    let mut default = Field::select(t, "n-default", t.s("process-field-default"))
        .choice("", t.s("process-field-default-none"));
    for n in 1..=count {
        let label = t.a1("process-field-way", "n", n as u64);
        let to = Field::select(t, format!("n-to-{n}"), label).choice("", t.s("process-way-no"));
        let to = targets
            .iter()
            .fold(to, |field, target| field.choice(target.id.clone(), words::called(t, target)));
        let condition = t.a1("process-field-condition", "n", n as u64);
        let name = t.a1("process-field-way-name", "n", n as u64);
        fields.push(to);
        fields.push(Field::text(t, format!("n-if-{n}"), condition).optional());
        fields.push(Field::text(t, format!("n-name-{n}"), name).optional());
        default = default.choice(n.to_string(), t.a1("process-field-way", "n", n as u64));
        let Some(way) = row.next.get(n - 1) else { continue };
        known.push((format!("n-to-{n}"), way.to.clone()));
        known.push((format!("n-if-{n}"), way.condition.clone().unwrap_or_default()));
        known.push((format!("n-name-{n}"), way.name.clone()));
        if way.default {
            known.retain(|(field, _)| field != "n-default");
            known.push(("n-default".to_owned(), n.to_string()));
        }
    }
    fields.push(default);
    g.form_of("next", fields, &Entries::from_pairs(known))
}

/// Where a step may lead: the steps of its own part of the process.
fn targets<'t>(table: &'t Table, row: &Row) -> Vec<&'t Row> {
    let beside = |other: &&Row| {
        other.process == row.process
            && other.parent == row.parent
            && !matches!(other.element.as_str(), "startEvent" | "boundaryEvent")
    };
    table.rows.iter().filter(beside).collect()
}

/// The ways that were sent. Conditions are checked by the edit; see [`field_of`].
pub(super) fn read(entries: &Entries) -> Vec<Way> {
    let default = entries.text("n-default").parse::<usize>().unwrap_or_default();
    let mut ways = Vec::new();
    for n in 1..=WAYS_MAX {
        let to = entries.text(&format!("n-to-{n}"));
        if to.is_empty() {
            continue;
        }
        let condition = entries.text(&format!("n-if-{n}"));
        ways.push(Way {
            to: to.to_owned(),
            condition: Some(condition.to_owned()).filter(|text| !text.is_empty()),
            default: default == n,
            name: Some(entries.text(&format!("n-name-{n}")).to_owned()),
        });
    }
    ways
}

/// The field of the first way whose condition cannot be read, else the one of the first way.
pub(super) fn field_of(entries: &Entries) -> String {
    let unread = (1..=WAYS_MAX).find(|n| {
        let text = entries.text(&format!("n-if-{n}"));
        !text.is_empty() && process::feel::Expression::parse(text).is_err()
    });
    unread.map_or_else(|| "n-to-1".to_owned(), |n| format!("n-if-{n}"))
}

/// What the form itself can tell.
pub(super) fn faults(ways: &[Way]) -> Faults {
    let mut faults = Faults::new();
    if ways.is_empty() {
        faults.add(kit::Fault::new("n-to-1", "process-edit-no-way"));
    }
    faults
}
