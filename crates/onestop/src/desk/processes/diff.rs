//! What differs between two tables of steps: added, removed and changed steps and lanes.

use super::words;
use kit::T;
use process::table::{Lane, Row, Table};

/// What became of a step or lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Added,
    Removed,
    Changed,
}

/// One difference.
pub(super) struct Change {
    /// Added, removed or changed, in words.
    pub(super) word: String,
    pub(super) name: String,
    /// What of it changed: the column, before, after.
    pub(super) what: Vec<Column>,
}

/// A column that changed.
pub(super) struct Column {
    pub(super) label: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// All differences, in the order of the new table, removed ones last.
pub(super) fn diff(t: T, old: &Table, new: &Table) -> Vec<Change> {
    let mut changes = Vec::new();
    for row in &new.rows {
        match old.row(&row.id) {
            None => changes.push(change(t, Fate::Added, words::called(t, row), Vec::new())),
            Some(before) => {
                let what = columns(t, (old, before), (new, row));
                if !what.is_empty() {
                    changes.push(change(t, Fate::Changed, words::called(t, before), what));
                }
            }
        }
    }
    let gone = old.rows.iter().filter(|row| new.row(&row.id).is_none());
    changes.extend(gone.map(|row| change(t, Fate::Removed, words::called(t, row), Vec::new())));
    changes.extend(lanes(t, old, new));
    changes
}

fn change(t: T, fate: Fate, name: String, what: Vec<Column>) -> Change {
    let word = match fate {
        Fate::Added => t.s("process-diff-added"),
        Fate::Removed => t.s("process-diff-removed"),
        Fate::Changed => t.s("process-diff-changed"),
    };
    Change { word, name, what }
}

fn columns(t: T, (old, before): (&Table, &Row), (new, after): (&Table, &Row)) -> Vec<Column> {
    let told = |table: &Table, row: &Row| {
        let words = words::rows(
            t,
            &Table { processes: Vec::new(), lanes: Vec::new(), rows: table.rows.clone() },
        );
        words.into_iter().find(|found| found.id == row.id)
    };
    let (Some(before), Some(after)) = (told(old, before), told(new, after)) else {
        return Vec::new();
    };
    let ways = |row: &words::StepRow| {
        let one = |way: &words::NextRow| {
            if way.when.is_empty() { way.to.clone() } else { format!("{}: {}", way.when, way.to) }
        };
        row.next.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let pairs = [
        ("process-col-step", before.name.clone(), after.name.clone()),
        ("process-col-kind", before.kind.clone(), after.kind.clone()),
        ("process-col-who", before.who.clone(), after.who.clone()),
        ("process-col-time", before.time.clone(), after.time.clone()),
        ("process-col-outcomes", before.outcomes.clone(), after.outcomes.clone()),
        ("process-col-next", ways(&before), ways(&after)),
    ];
    differing(t, pairs)
}

fn differing<const N: usize>(t: T, pairs: [(&str, String, String); N]) -> Vec<Column> {
    let column = |(key, before, after): (&str, String, String)| {
        let shown = |text: String| if text.is_empty() { t.s("process-none") } else { text };
        Column { label: t.s(key), before: shown(before), after: shown(after) }
    };
    pairs.into_iter().filter(|(_, before, after)| before != after).map(column).collect()
}

fn lanes(t: T, old: &Table, new: &Table) -> Vec<Change> {
    let find = |table: &Table, id: &str| table.lanes.iter().find(|lane| lane.id == id).cloned();
    let named = |lane: &Lane| t.a1("process-lane-named", "name", words::lane(t, lane));
    let mut changes = Vec::new();
    for lane in &new.lanes {
        let Some(before) = find(old, &lane.id) else {
            changes.push(change(t, Fate::Added, named(lane), Vec::new()));
            continue;
        };
        let role = |lane: &Lane| lane.role.as_deref().map(|r| words::role(t, r));
        let unit = |lane: &Lane| lane.unit.as_deref().map(|u| words::lane_unit(t, u));
        let pairs = [
            ("process-lane-name", before.name.clone(), lane.name.clone()),
            (
                "process-lane-role",
                role(&before).unwrap_or_default(),
                role(lane).unwrap_or_default(),
            ),
            (
                "process-lane-unit",
                unit(&before).unwrap_or_default(),
                unit(lane).unwrap_or_default(),
            ),
        ];
        let what = differing(t, pairs);
        if !what.is_empty() {
            changes.push(change(t, Fate::Changed, named(&before), what));
        }
    }
    let gone = old.lanes.iter().filter(|lane| find(new, &lane.id).is_none());
    changes.extend(gone.map(|lane| change(t, Fate::Removed, named(lane), Vec::new())));
    changes
}
