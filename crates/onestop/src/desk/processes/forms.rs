//! The forms of one step or lane: only what the table may change of it, with what is known filled
//! in, or what was sent when it could not be taken.

use super::ways;
use super::words::{self, Unit};
use kit::{Entries, Faults, Field, T};
use process::table::{Lane, Row, StepKind, Table, Time};

/// Kinds of work that the form offers (`mc:kind`); others of a file stay as they are.
pub(super) const WORK: [&str; 9] =
    ["assign", "appraise", "field", "review", "sign", "stamp", "decide", "finance", "opinion"];
/// Jobs of the machine that the form offers (`mc:job`).
pub(super) const JOBS: [&str; 4] = ["consult", "interlink", "finance", "notify"];
/// Outcomes that the form offers; others are typed.
pub(super) const OUTCOMES: [&str; 10] = [
    "done",
    "approve",
    "send_back",
    "reject",
    "agree",
    "disagree",
    "duty",
    "field",
    "consult",
    "up",
];
/// Forms that stand open at once; the others are folded.
const OPEN: [&str; 4] = ["rename", "lane", "time", "insert"];

/// A form with its one button.
pub(super) struct FormBox {
    /// What the button says to the server.
    pub(super) act: &'static str,
    pub(super) title: String,
    pub(super) hint: String,
    pub(super) fields: Vec<Field>,
    pub(super) go: String,
    pub(super) grave: bool,
    pub(super) open: bool,
}

/// The forms of a step or lane.
pub(super) struct Panel {
    /// The step or lane.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) forms: Vec<FormBox>,
}

/// What forms are made from.
pub(super) struct Ground<'a> {
    pub(super) t: T,
    pub(super) table: &'a Table,
    /// The form that was sent and not taken.
    pub(super) sent: Option<(&'a str, &'a Entries)>,
    pub(super) faults: &'a Faults,
}

impl Ground<'_> {
    /// A form: its fields filled with what was sent, or with what is known.
    pub(super) fn form<const N: usize>(
        &self,
        act: &'static str,
        fields: Vec<Field>,
        known: [(&str, &str); N],
    ) -> FormBox {
        self.form_of(act, fields, &Entries::from_pairs(known))
    }

    /// The same with what is known as entries.
    pub(super) fn form_of(
        &self,
        act: &'static str,
        fields: Vec<Field>,
        known: &Entries,
    ) -> FormBox {
        let none = Faults::new();
        let sent = self.sent.filter(|(found, _)| *found == act);
        let (entries, faults) = sent.map_or((known, &none), |(_, entries)| (entries, self.faults));
        let key = act.replace('_', "-");
        let hint = format!("process-form-{key}-hint");
        FormBox {
            act,
            title: self.t.s(&format!("process-form-{key}")),
            hint: if self.t.has(&hint) { self.t.s(&hint) } else { String::new() },
            fields: fields.into_iter().map(|field| field.fill(entries, faults)).collect(),
            go: self.t.s(&format!("process-go-{key}")),
            grave: matches!(act, "remove" | "remove_lane" | "discard"),
            open: sent.is_some() || OPEN.contains(&act),
        }
    }
}

/// The forms of a step.
pub(super) fn of_row(g: &Ground<'_>, row: &Row) -> Panel {
    let t = g.t;
    let mut forms = vec![rename(g, row)];
    if row.may.lane && !lanes_of(g.table, &row.process).is_empty() {
        let field = lane_field(g, "w-lane", row, false);
        let lane = row.who.as_ref().filter(|who| !who.inherited).map(|who| who.lane.as_str());
        forms.push(g.form("lane", vec![field], [("w-lane", lane.unwrap_or_default())]));
    }
    if row.may.time {
        let (unit, value) = time_known(row.time.as_ref());
        let known = [("t-unit", unit.as_str()), ("t-value", value.as_str())];
        forms.push(g.form("time", time_fields(t, "t"), known));
    }
    if !row.next.is_empty() {
        forms.push(new_step(g, row, "insert", "i"));
    }
    if row.may.kind {
        forms.push(kind(g, row));
    }
    if row.may.outcomes {
        forms.push(outcomes(g, row));
    }
    if row.may.next {
        forms.push(ways::form(g, row));
    }
    if row.may.place {
        forms.push(new_step(g, row, "parallel", "p"));
        let spot = Field::select(t, "m-spot", t.s("process-field-spot"));
        let spot = spots(g, row).into_iter().fold(spot, |f, (value, label)| f.choice(value, label));
        forms.push(g.form("move", vec![spot], []));
    }
    if row.may.remove {
        let sure = Field::checkbox(t, "x-sure", t.s("process-field-remove-sure"));
        forms.push(g.form("remove", vec![sure], []));
    }
    Panel { id: row.id.clone(), title: words::called(t, row), forms }
}

fn rename(g: &Ground<'_>, row: &Row) -> FormBox {
    let field = Field::text(g.t, "r-name", g.t.s("process-field-name"));
    g.form("rename", vec![field], [("r-name", row.name.as_str())])
}

fn kind(g: &Ground<'_>, row: &Row) -> FormBox {
    let known = kind_value(&row.kind);
    let wait = matches!(row.kind, StepKind::Service { wait: true, .. });
    let field = kind_field(g.t, "k-kind", &known);
    let waits = Field::checkbox(g.t, "k-wait", g.t.s("process-field-wait"));
    let pairs = [("k-kind", known.as_str()), ("k-wait", if wait { "1" } else { "" })];
    g.form("kind", vec![field, waits], pairs)
}

/// A kind as the form sends it: `user:appraise`, `service:consult`, `manual`.
pub(super) fn kind_value(kind: &StepKind) -> String {
    match kind {
        StepKind::User { kind } => format!("user:{}", kind.as_deref().unwrap_or_default()),
        StepKind::Service { job, .. } => {
            format!("service:{}", job.as_deref().unwrap_or_default())
        }
        _ => "manual".to_owned(),
    }
}

/// The kinds offered, with the one that is there.
fn kind_field(t: T, name: &str, known: &str) -> Field {
    let person = |work: &str| t.a1("process-kind-user", "work", words::work(t, work));
    let machine = |job: &str| t.a1("process-kind-service", "work", words::work(t, job));
    let mut field = Field::select(t, name, t.s("process-field-kind"));
    let mut there = known.is_empty();
    for work in WORK {
        there |= known == format!("user:{work}");
        field = field.choice(format!("user:{work}"), person(work));
    }
    for job in JOBS {
        there |= known == format!("service:{job}");
        field = field.choice(format!("service:{job}"), machine(job));
    }
    if !there && known != "manual" {
        let told = match known.split_once(':') {
            Some(("user", work)) => person(work),
            Some((_, job)) => machine(job),
            None => known.to_owned(),
        };
        field = field.choice(known, told);
    }
    field.choice("manual", t.s("process-kind-manual"))
}

fn outcomes(g: &Ground<'_>, row: &Row) -> FormBox {
    let t = g.t;
    let mut boxes = Field::checkbox(t, "o-outcome", t.s("process-field-outcomes"));
    for outcome in OUTCOMES {
        boxes = boxes.choice(outcome, words::outcome(t, outcome));
    }
    let more = Field::text(t, "o-more", t.s("process-field-outcomes-more"))
        .hint(t.s("process-field-outcomes-hint"))
        .optional();
    let (offered, typed): (Vec<_>, Vec<_>) =
        row.outcomes.iter().partition(|o| OUTCOMES.contains(&o.as_str()));
    let mut pairs: Vec<(&str, String)> =
        offered.into_iter().map(|outcome| ("o-outcome", outcome.clone())).collect();
    let typed: Vec<&str> = typed.into_iter().map(String::as_str).collect();
    pairs.push(("o-more", typed.join(", ")));
    g.form_of("outcomes", vec![boxes, more], &Entries::from_pairs(pairs))
}

/// A new step after, before or beside a row.
fn new_step(g: &Ground<'_>, row: &Row, act: &'static str, p: &str) -> FormBox {
    let t = g.t;
    let named = |part: &str| format!("{p}-{part}");
    let mut fields = vec![
        Field::text(t, named("name"), t.s("process-field-name")),
        kind_field(t, &named("kind"), ""),
    ];
    if !lanes_of(g.table, &row.process).is_empty() {
        fields.push(lane_field(g, &named("lane"), row, true));
    }
    fields.extend(time_fields(t, p));
    if act == "insert" {
        let spot = Field::select(t, named("spot"), t.s("process-field-spot"));
        let offered = own_spots(g, row);
        fields.push(offered.into_iter().fold(spot, |f, (value, label)| f.choice(value, label)));
    }
    g.form_of(act, fields, &Entries::from_pairs([(named("kind"), "user:appraise".to_owned())]))
}

/// Where a new step may stand next to a row: on each way on from it, or before it.
fn own_spots(g: &Ground<'_>, row: &Row) -> Vec<(String, String)> {
    let mut spots: Vec<(String, String)> = row
        .next
        .iter()
        .map(|way| {
            let to = words::called_id(g.t, g.table, &way.to);
            (format!("flow:{}", way.flow), g.t.a1("process-spot-after", "to", to))
        })
        .collect();
    let led_to = g.table.rows.iter().any(|other| other.next.iter().any(|way| way.to == row.id));
    if led_to {
        spots.push((format!("before:{}", row.id), g.t.s("process-spot-before")));
    }
    spots
}

/// Every way of the same part of the process, for moving a step.
fn spots(g: &Ground<'_>, row: &Row) -> Vec<(String, String)> {
    let beside = |other: &&Row| other.process == row.process && other.parent == row.parent;
    let mut spots = Vec::new();
    for other in g.table.rows.iter().filter(beside).filter(|other| other.id != row.id) {
        for way in other.next.iter().filter(|way| way.to != row.id) {
            let (from, to) = (words::called(g.t, other), words::called_id(g.t, g.table, &way.to));
            let label = g.t.a("process-spot-between", &[("from", &from), ("to", &to)]);
            spots.push((format!("flow:{}", way.flow), label));
        }
    }
    spots
}

/// Lanes of a process that hold no other lanes.
fn lanes_of<'t>(table: &'t Table, process: &str) -> Vec<&'t Lane> {
    let inner = |lane: &&Lane| {
        lane.process == process
            && !table.lanes.iter().any(|l| l.parent.as_deref() == Some(lane.id.as_str()))
    };
    table.lanes.iter().filter(inner).collect()
}

fn lane_field(g: &Ground<'_>, name: &str, row: &Row, as_neighbours: bool) -> Field {
    let mut field = Field::select(g.t, name, g.t.s("process-col-who"));
    if as_neighbours {
        field = field.choice("", g.t.s("process-field-lane-same"));
    }
    let lanes = lanes_of(g.table, &row.process).into_iter();
    lanes.fold(field, |field, lane| field.choice(lane.id.clone(), words::lane(g.t, lane)))
}

/// Amount and unit of a time.
fn time_fields(t: T, p: &str) -> Vec<Field> {
    let mut unit = Field::select(t, format!("{p}-unit"), t.s("process-field-time-unit"))
        .choice("", t.s("process-unit-none"))
        .choice("share", t.s("process-unit-share"));
    for one in Unit::ALL {
        unit = unit.choice(one.key(), t.s(&format!("process-unit-{}", one.key())));
    }
    let value = Field::text(t, format!("{p}-value"), t.s("process-field-time-value"));
    vec![unit.choice("written", t.s("process-unit-written")), value.width("12").optional()]
}

/// A time as the form shows it: unit and amount.
fn time_known(time: Option<&Time>) -> (String, String) {
    match time {
        None => (String::new(), String::new()),
        Some(Time::Share(share)) => ("share".to_owned(), share.to_string()),
        Some(Time::Limit(text) | Time::Written(text)) => match words::amount(text) {
            Some((unit, n)) => (unit.key().to_owned(), n.to_string()),
            None => ("written".to_owned(), text.clone()),
        },
    }
}

/// The forms of a lane.
pub(super) fn of_lane(g: &Ground<'_>, lane: &Lane) -> Panel {
    let known = [
        ("l-name", lane.name.as_str()),
        ("l-role", lane.role.as_deref().unwrap_or_default()),
        ("l-unit", lane.unit.as_deref().unwrap_or_default()),
    ];
    let mut forms = vec![g.form("change_lane", lane_fields(g.t, "l"), known)];
    if lane.steps.is_empty() {
        let sure = Field::checkbox(g.t, "y-sure", g.t.s("process-field-remove-lane-sure"));
        forms.push(g.form("remove_lane", vec![sure], []));
    }
    forms.iter_mut().for_each(|form| form.open = true);
    Panel { id: lane.id.clone(), title: words::lane(g.t, lane), forms }
}

/// A new lane.
pub(super) fn new_lane(g: &Ground<'_>) -> FormBox {
    g.form("add_lane", lane_fields(g.t, "a"), [("a-unit", "deciding")])
}

fn lane_fields(t: T, p: &str) -> Vec<Field> {
    let role = Field::select(t, format!("{p}-role"), t.s("process-lane-role"))
        .choice("", t.s("process-choose"));
    let unit = Field::select(t, format!("{p}-unit"), t.s("process-lane-unit"))
        .choice("", t.s("process-choose"));
    vec![
        Field::text(t, format!("{p}-name"), t.s("process-lane-name")),
        words::roles(t).into_iter().fold(role, |field, (key, word)| field.choice(key, word)),
        words::lane_units(t).into_iter().fold(unit, |field, (key, word)| field.choice(key, word)),
    ]
}

/// The title of the process.
pub(super) fn title(g: &Ground<'_>, title: &str) -> FormBox {
    let field = Field::text(g.t, "d-title", g.t.s("process-field-title"));
    g.form("title", vec![field], [("d-title", title)])
}
