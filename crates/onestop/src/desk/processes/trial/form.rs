//! The form of a simulation: what a draft asks to be told, what is known already, and the fields.

use super::super::words;
use super::number::{decimal, whole};
use super::replay;
use kernel::calendar::{Limit, LimitUnit};
use kernel::whatif::measure::Took;
use kit::{Entries, Faults, Field, T};
use process::feel::Expression;
use process::{Definition, Flow, Node, NodeIx, NodeKind};

/// Fields of one form; a process that asks for more is simulated on the command line.
pub(super) const FIELDS_MAX: usize = 600;
/// Cases of a simulation that is begun without saying how many.
const CASES: u64 = 10_000;
/// Cases a day where none were measured.
const PER_DAY: f64 = 10.0;
/// Minutes of a step where none were measured.
const MINUTES: f64 = 30.0;
/// How busy the officers are whom the form begins with, and the minutes of their day.
const BUSY: f64 = 0.8;
const DAY_MINUTES: f64 = 480.0;
/// Working days of the limit where no procedure uses the process.
const LIMIT_DAYS: u32 = 10;
/// The outcome that sends a step back.
pub(super) const SEND_BACK: &str = "send_back";

/// How much the times of a step differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sway {
    /// Hardly.
    None,
    /// From half the mean to one and a half.
    Some,
    /// Without memory: often quick, now and then very long.
    Much,
}

impl Sway {
    pub(super) const ALL: [Self; 3] = [Self::None, Self::Some, Self::Much];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Some => "some",
            Self::Much => "much",
        }
    }

    /// The nearest to what was measured: the deviations of the three are 0, 0.29 and 1 of the mean.
    pub(super) fn of(took: &Took) -> Self {
        let share = if took.mean() > 0.0 { took.deviation() / took.mean() } else { 0.0 };
        match share {
            share if share < 0.145 => Self::None,
            share if share < 0.645 => Self::Some,
            _ => Self::Much,
        }
    }
}

/// Units of the limit with their keys.
pub(super) const UNITS: [(&str, LimitUnit); 5] = [
    ("working-day", LimitUnit::WorkingDay),
    ("working-hour", LimitUnit::WorkingHour),
    ("calendar-day", LimitUnit::CalendarDay),
    ("month", LimitUnit::Month),
    ("same-day", LimitUnit::SameDay),
];

/// A step whose time is asked for.
pub(super) struct Step {
    pub(super) id: String,
    pub(super) name: String,
    /// Who does it; nobody of ours what comes from outside.
    pub(super) role: Option<String>,
    /// Its outcomes, if it may end in several ways.
    pub(super) outcomes: Vec<String>,
}

/// A gateway whose conditions ask for more than an outcome.
pub(super) struct Gate {
    pub(super) id: String,
    pub(super) name: String,
    /// Each flow is open or not on its own.
    pub(super) each: bool,
    /// Flows by id, with their words.
    pub(super) flows: Vec<(String, String)>,
}

/// What a process asks to be told.
pub(super) struct Shape {
    pub(super) roles: Vec<String>,
    pub(super) steps: Vec<Step>,
    pub(super) gates: Vec<Gate>,
}

impl Shape {
    pub(super) fn of(t: T, definition: &Definition) -> Self {
        let mut shape = Self { roles: Vec::new(), steps: Vec::new(), gates: Vec::new() };
        for (ix, node) in definition.nodes() {
            match node.kind {
                NodeKind::UserTask => {
                    if let Some(role) = node.role.as_ref().filter(|r| !shape.roles.contains(*r)) {
                        shape.roles.push(role.clone());
                    }
                    let outcomes = node.outcomes.iter().filter(|_| node.outcomes.len() > 1);
                    shape.steps.push(step(node, outcomes.cloned().collect()));
                }
                NodeKind::Call => shape.steps.push(step(node, Vec::new())),
                NodeKind::ServiceTask if node.waits => shape.steps.push(step(node, Vec::new())),
                NodeKind::Exclusive | NodeKind::Inclusive => {
                    shape.gates.extend(gate(t, definition, ix, node));
                }
                _ => {}
            }
        }
        shape
    }

    /// How many fields its form has.
    pub(super) fn fields(&self) -> usize {
        let steps = self.steps.iter().map(|step| 2 + step.outcomes.len());
        let flows = self.gates.iter().map(|gate| gate.flows.len());
        self.roles.len() + steps.chain(flows).sum::<usize>()
    }
}

fn called(node: &Node) -> String {
    if node.name.is_empty() { node.id.clone() } else { node.name.clone() }
}

fn step(node: &Node, outcomes: Vec<String>) -> Step {
    let role = node.role.clone().filter(|_| node.kind == NodeKind::UserTask);
    Step { id: node.id.clone(), name: called(node), role, outcomes }
}

fn gate(t: T, definition: &Definition, ix: NodeIx, node: &Node) -> Option<Gate> {
    let flows: Vec<&Flow> = definition.outgoing(ix).map(|(_, flow)| flow).collect();
    flows.iter().any(|flow| flow.condition().is_some_and(asks_more)).then_some(())?;
    let words = |flow: &&Flow| {
        let to = called(definition.node(flow.to));
        let when = match (flow.name.is_empty(), flow.condition()) {
            (false, _) => flow.name.clone(),
            (true, Some(condition)) => condition.to_owned(),
            (true, None) => t.s("process-way-default"),
        };
        (flow.id.clone(), format!("{when} → {to}"))
    };
    let each = node.kind == NodeKind::Inclusive;
    Some(Gate {
        id: node.id.clone(),
        name: called(node),
        each,
        flows: flows.iter().map(words).collect(),
    })
}

/// Whether a condition cannot be answered from the outcome of the step before.
fn asks_more(condition: &str) -> bool {
    let text = condition.strip_prefix('=').unwrap_or(condition);
    let names = Expression::parse(text).map(|parsed| parsed.names());
    names.is_ok_and(|names| names.iter().any(|name| name != "outcome"))
}

/// The names of the fields of a step, a role and a flow.
pub(super) fn minutes_of(step: &str) -> String {
    format!("m-{step}")
}

pub(super) fn sway_of(step: &str) -> String {
    format!("d-{step}")
}

pub(super) fn outcome_of(step: &str, outcome: &str) -> String {
    format!("o-{step}-{outcome}")
}

pub(super) fn staff_of(role: &str) -> String {
    format!("s-{role}")
}

pub(super) fn flow_of(gate: &str, flow: &str) -> String {
    format!("b-{gate}-{flow}")
}

/// What is filled in at first: the last form, then what was measured, then a stated default.
pub(super) fn known(
    t: T,
    shape: &Shape,
    measured: Option<&replay::Found>,
    limit: Option<Limit>,
    last: &[(String, String)],
) -> Entries {
    let mut pairs = last.to_vec();
    let mut add = |name: String, value: String| {
        if last.iter().all(|(known, _)| *known != name) {
            pairs.push((name, value));
        }
    };
    let per_day = measured.and_then(|found| found.per_day).unwrap_or(PER_DAY);
    // A rare procedure has some a year.
    let per_day = per_day.max(super::read::PER_DAY_MIN);
    add("moi-ngay".to_owned(), decimal(t, per_day, 2));
    add("so-ho-so".to_owned(), whole(t, CASES));
    add("hat-giong".to_owned(), "1".to_owned());
    let limit = limit.unwrap_or(Limit { unit: LimitUnit::WorkingDay, quarters: LIMIT_DAYS * 4 });
    add("han".to_owned(), decimal(t, f64::from(limit.quarters) / 4.0, 2));
    let unit = UNITS.iter().find(|(_, unit)| *unit == limit.unit).map_or("working-day", |u| u.0);
    add("han-dv".to_owned(), unit.to_owned());
    for role in &shape.roles {
        add(staff_of(role), staff(shape, measured, role, per_day));
    }
    for step in &shape.steps {
        let took = measured.and_then(|found| found.measured.steps.get(&step.id));
        let minutes = took.map_or(MINUTES, Took::mean);
        add(minutes_of(&step.id), decimal(t, minutes, 1));
        add(sway_of(&step.id), took.map_or(Sway::Some, Sway::of).key().to_owned());
        let forward = step.outcomes.iter().filter(|o| *o != SEND_BACK).count();
        for outcome in &step.outcomes {
            add(outcome_of(&step.id, outcome), share(t, took, outcome, forward));
        }
    }
    for gate in &shape.gates {
        for (flow, _) in &gate.flows {
            add(flow_of(&gate.id, flow), even(t, gate.flows.len()));
        }
    }
    Entries::from_pairs(pairs)
}

/// Officers of a role, so many that each is busy for four fifths of the day.
fn staff(shape: &Shape, measured: Option<&replay::Found>, role: &str, per_day: f64) -> String {
    let theirs = shape.steps.iter().filter(|step| step.role.as_deref() == Some(role));
    let minutes = theirs.map(|step| {
        let took = measured.and_then(|found| found.measured.steps.get(&step.id));
        took.map_or(MINUTES, Took::mean)
    });
    let officers = per_day * minutes.sum::<f64>() / DAY_MINUTES / BUSY;
    format!("{:.0}", officers.ceil().max(1.0))
}

/// Percent of an outcome: measured, else the ways forward all alike and nothing sent back.
fn share(t: T, took: Option<&Took>, outcome: &str, forward: usize) -> String {
    let all: u64 = took.map(|took| took.outcomes.values().sum()).unwrap_or(0);
    match took.filter(|_| all > 0) {
        Some(took) => {
            let part = took.outcomes.get(outcome).copied().unwrap_or(0);
            decimal(t, float(part) * 100.0 / float(all), 1)
        }
        None if outcome == SEND_BACK => "0".to_owned(),
        None => even(t, forward),
    }
}

fn even(t: T, ways: usize) -> String {
    decimal(t, 100.0 / float(u64::try_from(ways.max(1)).unwrap_or(1)), 1)
}

/// A count as a number to reckon with.
pub(super) fn float(count: u64) -> f64 {
    count.to_string().parse().unwrap_or(0.0)
}

/// A group of fields under one heading.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) hint: String,
    pub(super) fields: Vec<Field>,
}

/// The fields, filled in.
pub(super) fn groups(
    t: T,
    shape: &Shape,
    measured: Option<&replay::Found>,
    (entries, faults): (&Entries, &Faults),
) -> Vec<Group> {
    let fill = |field: Field| field.fill(entries, faults);
    let group = |title: String, hint: String, fields: Vec<Field>| Group {
        title,
        hint,
        fields: fields.into_iter().map(fill).collect(),
    };
    let staff = |role: &String| Field::text(t, staff_of(role), words::role(t, role)).digits("6");
    let mut all = vec![
        group(t.s("process-trial-arrivals"), arrivals_hint(t, measured), arrivals(t)),
        group(
            t.s("process-trial-staff"),
            t.s("process-trial-staff-hint"),
            shape.roles.iter().map(staff).collect(),
        ),
    ];
    for step in &shape.steps {
        let took = measured.and_then(|found| found.measured.steps.get(&step.id));
        let title = t.a1("process-trial-step", "name", &step.name);
        all.push(group(title, step_hint(t, took), step_fields(t, step)));
    }
    for gate in &shape.gates {
        let title = t.a1("process-trial-gate", "name", &gate.name);
        let key = if gate.each { "process-trial-gate-each" } else { "process-trial-gate-one" };
        let field = |(flow, words): &(String, String)| {
            Field::text(t, flow_of(&gate.id, flow), words.clone()).digits("6")
        };
        all.push(group(title, t.s(key), gate.flows.iter().map(field).collect()));
    }
    all
}

fn arrivals(t: T) -> Vec<Field> {
    let units = UNITS
        .iter()
        .fold(Field::select(t, "han-dv", t.s("process-trial-limit-unit")), |field, (key, _)| {
            field.choice(*key, t.s(&format!("process-trial-unit-{key}")))
        });
    vec![
        Field::text(t, "moi-ngay", t.s("process-trial-per-day")).digits("6"),
        Field::text(t, "so-ho-so", t.s("process-trial-cases")).digits("12"),
        Field::text(t, "han", t.s("process-trial-limit")).digits("6"),
        units,
        Field::text(t, "hat-giong", t.s("process-trial-seed"))
            .hint(t.s("process-trial-seed-hint"))
            .digits("12"),
    ]
}

fn arrivals_hint(t: T, measured: Option<&replay::Found>) -> String {
    match measured.and_then(|found| found.per_day) {
        Some(per_day) => t.a1("process-trial-arrivals-measured", "n", decimal(t, per_day, 2)),
        None => t.a1("process-trial-arrivals-default", "n", decimal(t, PER_DAY, 1)),
    }
}

/// Where the time of a step comes from.
fn step_hint(t: T, took: Option<&Took>) -> String {
    match took {
        Some(took) => t.a3(
            "process-trial-step-measured",
            ("n", took.count),
            ("mean", decimal(t, took.mean(), 1)),
            ("spread", decimal(t, took.deviation(), 1)),
        ),
        None => t.a1("process-trial-step-default", "n", decimal(t, MINUTES, 1)),
    }
}

fn step_fields(t: T, step: &Step) -> Vec<Field> {
    let sway = Sway::ALL
        .iter()
        .fold(Field::select(t, sway_of(&step.id), t.s("process-trial-sway")), |field, sway| {
            field.choice(sway.key(), t.s(&format!("process-trial-sway-{}", sway.key())))
        });
    let minutes = Field::text(t, minutes_of(&step.id), t.s("process-trial-minutes")).digits("6");
    let mut fields = vec![minutes, sway];
    for outcome in &step.outcomes {
        let label = t.a1("process-trial-share", "outcome", words::outcome(t, outcome));
        fields.push(Field::text(t, outcome_of(&step.id, outcome), label).digits("6"));
    }
    fields
}
