//! A table of steps in words: what a step is, who does it, in what time, where it leads.

use crate::view;
use kernel::org::Role;
use kernel::procedure::LANE_UNITS;
use kit::T;
use process::table::{Lane, Next, Row, StepKind, Table, Time, Who};

/// A row of the table of steps.
pub(super) struct StepRow {
    pub(super) id: String,
    /// Its place in the page.
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) who: String,
    pub(super) time: String,
    pub(super) outcomes: String,
    pub(super) next: Vec<NextRow>,
    /// How deep in sub-processes it stands.
    pub(super) depth: usize,
    /// Numbers of the findings about it.
    pub(super) marks: Vec<usize>,
    /// Address of its forms; empty on pages that only show.
    pub(super) edit: String,
    /// Its forms are shown.
    pub(super) open: bool,
}

/// A way on in words.
pub(super) struct NextRow {
    /// The place of the step that it leads to.
    pub(super) anchor: String,
    pub(super) to: String,
    /// Name or condition; empty when it is the only way.
    pub(super) when: String,
}

/// The place of a step in the page.
pub(super) fn anchor(id: &str) -> String {
    format!("buoc-{id}")
}

/// All rows of a table.
pub(super) fn rows(t: T, table: &Table) -> Vec<StepRow> {
    table.rows.iter().map(|row| step(t, table, row)).collect()
}

fn step(t: T, table: &Table, row: &Row) -> StepRow {
    StepRow {
        id: row.id.clone(),
        anchor: anchor(&row.id),
        name: called(t, row),
        kind: kind(t, row),
        who: row.who.as_ref().map(|w| who(t, w)).unwrap_or_default(),
        time: row.time.as_ref().map(|found| time(t, found)).unwrap_or_default(),
        outcomes: row.outcomes.iter().map(|o| outcome(t, o)).collect::<Vec<_>>().join(", "),
        next: row.next.iter().map(|way| next(t, table, way)).collect(),
        depth: row.depth,
        marks: Vec::new(),
        edit: String::new(),
        open: false,
    }
}

/// The name of a step: its own, else what it is with its id.
pub(super) fn called(t: T, row: &Row) -> String {
    if row.name.is_empty() {
        format!("{} ({})", element(t, &row.element), row.id)
    } else {
        row.name.clone()
    }
}

/// The name of a step by its id.
pub(super) fn called_id(t: T, table: &Table, id: &str) -> String {
    table.row(id).map_or_else(|| id.to_owned(), |row| called(t, row))
}

/// What a step is.
fn kind(t: T, row: &Row) -> String {
    let what = element(t, &row.element);
    let work = match &row.kind {
        StepKind::User { kind: Some(kind) } | StepKind::Service { job: Some(kind), .. } => {
            work(t, kind)
        }
        StepKind::Event if !row.triggers.is_empty() => {
            let told = |trigger: &String| known(t, "process-trigger-", trigger);
            row.triggers.iter().map(told).collect::<Vec<_>>().join(", ")
        }
        _ => return what,
    };
    format!("{what}: {work}")
}

/// The kind of element, as BPMN spells it, in words.
pub(super) fn element(t: T, local: &str) -> String {
    let mut key = String::from("process-el-");
    for c in local.chars() {
        if c.is_ascii_uppercase() {
            key.push('-');
        }
        key.push(c.to_ascii_lowercase());
    }
    if t.has(&key) { t.s(&key) } else { local.to_owned() }
}

/// The word of a key of the files, or the key itself.
fn known(t: T, prefix: &str, word: &str) -> String {
    let key = format!("{prefix}{}", word.replace('_', "-").to_lowercase());
    if t.has(&key) { t.s(&key) } else { word.to_owned() }
}

/// A kind of work (`mc:kind`) or job (`mc:job`) in words.
pub(super) fn work(t: T, kind: &str) -> String {
    known(t, "desk-task-", kind)
}

/// An outcome in words.
pub(super) fn outcome(t: T, outcome: &str) -> String {
    match outcome {
        "send_back" => t.s("process-outcome-send-back"),
        other => known(t, "desk-outcome-", other),
    }
}

/// A role in words.
pub(super) fn role(t: T, role: &str) -> String {
    known(t, "desk-role-", role)
}

/// The unit of a lane in words.
pub(super) fn lane_unit(t: T, unit: &str) -> String {
    known(t, "process-unit-", unit)
}

/// Roles and units that a lane may name, with their words.
pub(super) fn roles(t: T) -> Vec<(String, String)> {
    Role::ALL.iter().map(|r| (r.as_str().to_owned(), role(t, r.as_str()))).collect()
}

/// See [`roles`].
pub(super) fn lane_units(t: T) -> Vec<(String, String)> {
    LANE_UNITS.iter().map(|u| ((*u).to_owned(), lane_unit(t, u))).collect()
}

/// The lane of a step in words.
fn who(t: T, who: &Who) -> String {
    let said = who.role.as_deref().map(|r| role(t, r)).unwrap_or_default();
    match (who.name.is_empty(), said.is_empty()) {
        (true, true) => who.lane.clone(),
        (true, false) => said,
        _ => who.name.clone(),
    }
}

/// A lane in words.
pub(super) fn lane(t: T, lane: &Lane) -> String {
    if !lane.name.is_empty() {
        return lane.name.clone();
    }
    lane.role.as_deref().map_or_else(|| lane.id.clone(), |found| role(t, found))
}

/// A time in words; what is no plain amount stays as it is written.
pub(super) fn time(t: T, time: &Time) -> String {
    match time {
        Time::Share(share) => t.a1("process-time-share", "n", u64::from(*share)),
        Time::Written(text) => text.clone(),
        Time::Limit(text) => match amount(text) {
            Some((unit, n)) => t.a1(&format!("process-time-{}", unit.key()), "n", n),
            None => text.clone(),
        },
    }
}

/// In what a limit of a step is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    WorkingDays,
    WorkingHours,
    Days,
    Hours,
}

impl Unit {
    pub(super) const ALL: [Self; 4] =
        [Self::WorkingDays, Self::WorkingHours, Self::Days, Self::Hours];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::WorkingDays => "working-days",
            Self::WorkingHours => "working-hours",
            Self::Days => "days",
            Self::Hours => "hours",
        }
    }

    /// The duration as the file has it.
    pub(super) fn written(self, n: u64) -> String {
        match self {
            Self::WorkingDays => format!("P{n}WD"),
            Self::WorkingHours => format!("PT{n}WH"),
            Self::Days => format!("P{n}D"),
            Self::Hours => format!("PT{n}H"),
        }
    }
}

/// A whole amount of one unit, if the duration is one.
pub(super) fn amount(text: &str) -> Option<(Unit, u64)> {
    let inside = |start: &str, end: &str| {
        let digits = text.strip_prefix(start)?.strip_suffix(end)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    inside("P", "WD")
        .map(|n| (Unit::WorkingDays, n))
        .or_else(|| inside("PT", "WH").map(|n| (Unit::WorkingHours, n)))
        .or_else(|| inside("PT", "H").map(|n| (Unit::Hours, n)))
        .or_else(|| inside("P", "D").map(|n| (Unit::Days, n)))
}

/// A way on in words.
fn next(t: T, table: &Table, way: &Next) -> NextRow {
    NextRow { anchor: anchor(&way.to), to: called_id(t, table, &way.to), when: when(t, way) }
}

/// When a way is taken: its name, its condition, or that it is the rest.
pub(super) fn when(t: T, way: &Next) -> String {
    let condition = way.condition.as_deref().unwrap_or_default();
    let rest = if way.default { t.s("process-way-default") } else { String::new() };
    let said = if condition.is_empty() { rest } else { condition.to_owned() };
    match (way.name.is_empty(), said.is_empty()) {
        (true, _) => said,
        (false, true) => way.name.clone(),
        (false, false) => format!("{} ({said})", way.name),
    }
}

/// The day as people write it.
pub(super) fn day(t: T, date: kernel::calendar::Date) -> String {
    view::day(t, date)
}
