//! What trials found, in words, tables and charts.

use super::super::draft::{Loaded, table_of};
use super::super::words;
use super::number::{decimal, percent, signed, whole};
use super::{Kept, Told, replay, simulate};
use crate::app::App;
use crate::view::{self, Names as People};
use kernel::calendar::Instant;
use kernel::whatif::simulate::{Arrivals, DeskReport, MoreStaff, Report};
use kit::chart::{Bar, Bars};
use kit::{T, When};
use process::table::Table;

/// Rows of the table of steps.
const STEPS_MAX: usize = 100;
/// From this share of time on officers are busy the queue only grows.
const BUSY: f64 = 0.98;

/// Names of steps: as the draft has them, else as the version before it.
pub(super) struct Names {
    draft: Table,
    base: Option<Table>,
}

impl Names {
    pub(super) fn of(app: &App, loaded: &Loaded) -> Self {
        let head = &loaded.draft.head;
        let base = head.base_version.and_then(|v| app.catalogue().process(&head.name, v).cloned());
        let base = base.and_then(|edition| table_of(&edition.xml, &edition.name).ok());
        Self { draft: loaded.table.clone(), base }
    }

    fn step(&self, t: T, id: &str) -> String {
        let row = self.draft.row(id).or_else(|| self.base.as_ref().and_then(|base| base.row(id)));
        row.map_or_else(|| id.to_owned(), |row| words::called(t, row))
    }
}

/// What every part of the page needs.
pub(super) struct Context<'a> {
    pub(super) t: T,
    /// The revision that the draft has now.
    pub(super) revision: u64,
    pub(super) names: &'a Names,
    /// The officer may see some cases.
    pub(super) sees: bool,
    /// The address of the page.
    pub(super) to: String,
    pub(super) now: When,
    pub(super) people: &'a People,
}

impl Context<'_> {
    fn when(&self, kept: &Kept) -> String {
        let (t, trial) = (self.t, &kept.trial);
        t.a3(
            "process-trial-when",
            ("n", trial.revision),
            ("who", self.people.of(t, &trial.asked_by)),
            ("when", t.moment(view::when(Instant(trial.ended_at_ms)), self.now)),
        )
    }

    fn stale(&self, kept: &Kept) -> String {
        stale(self.t, kept, self.revision)
    }
}

/// Says that the draft was changed since; empty if it was not.
fn stale(t: T, kept: &Kept, revision: u64) -> String {
    if kept.trial.revision == revision {
        return String::new();
    }
    t.a2("process-trial-stale", "n", kept.trial.revision, "now", revision)
}

/// A reason in words.
pub(super) fn reason(t: T, key: &str) -> String {
    let text = format!("process-reason-{}", key.replace('_', "-"));
    if t.has(&text) { t.s(&text) } else { key.to_owned() }
}

/// A reason with its cases.
pub(super) struct ReasonRow {
    pub(super) reason: String,
    pub(super) count: String,
    /// Where the cases are named; empty for those who see none.
    pub(super) href: String,
}

/// A step at which cases depart.
pub(super) struct StepRow {
    pub(super) step: String,
    pub(super) reason: String,
    pub(super) count: String,
}

/// What a replay found.
pub(super) struct Replay {
    pub(super) stale: String,
    pub(super) when: String,
    pub(super) facts: Vec<String>,
    pub(super) none: bool,
    pub(super) reasons: Vec<ReasonRow>,
    pub(super) steps: Vec<StepRow>,
    pub(super) sees: bool,
}

pub(super) fn replay(ctx: &Context<'_>, kept: &Kept) -> Option<Replay> {
    let Told::Replay(found) = &kept.told else { return None };
    let t = ctx.t;
    let row = |(key, count): (&String, &u64)| ReasonRow {
        reason: reason(t, key),
        count: whole(t, *count),
        href: match ctx.sees {
            true => format!("{}?ly-do={key}#ho-so", ctx.to),
            false => String::new(),
        },
    };
    Some(Replay {
        stale: ctx.stale(kept),
        when: ctx.when(kept),
        facts: replay_facts(t, found),
        none: found.cases == 0,
        reasons: found.reasons.iter().map(row).collect(),
        steps: step_rows(ctx, found),
        sees: ctx.sees,
    })
}

fn same(t: T, found: &replay::Found) -> String {
    t.a2("process-trial-same", "n", whole(t, found.same), "total", whole(t, found.cases))
}

fn replay_facts(t: T, found: &replay::Found) -> Vec<String> {
    let mut facts = Vec::new();
    if found.cases > 0 {
        facts.push(same(t, found));
        let version = u64::from(found.version);
        let ended = found.cases.saturating_sub(found.running);
        facts.push(t.a3(
            "process-trial-taken",
            ("running", whole(t, found.running.min(found.cases))),
            ("ended", whole(t, ended)),
            ("version", version),
        ));
    }
    if found.more {
        facts.push(t.s("process-trial-more"));
    }
    if found.unknown > 0 {
        facts.push(t.a1("process-trial-unknown", "n", found.unknown));
    }
    if let Some(fee) = found.asked.fee_vnd {
        facts.push(t.a1("process-trial-with-fee", "fee", t.money(fee)));
    }
    if let Some(quarters) = found.asked.limit_quarters {
        let n = decimal(t, f64::from(quarters) / 4.0, 2);
        facts.push(t.a1("process-trial-with-limit", "n", n));
    }
    facts
}

fn step_rows(ctx: &Context<'_>, found: &replay::Found) -> Vec<StepRow> {
    let each = found.steps.iter().flat_map(|(step, reasons)| {
        reasons.iter().map(move |(reason, count)| (*count, step, reason))
    });
    let mut all: Vec<(u64, &String, &String)> = each.collect();
    all.sort_by_key(|(count, step, reason)| (std::cmp::Reverse(*count), *step, *reason));
    let row = |(count, step, key): (u64, &String, &String)| StepRow {
        step: ctx.names.step(ctx.t, step),
        reason: reason(ctx.t, key),
        count: whole(ctx.t, count),
    };
    all.into_iter().take(STEPS_MAX).map(row).collect()
}

/// A desk in the table.
pub(super) struct DeskRow {
    pub(super) desk: String,
    pub(super) officers: String,
    pub(super) served: String,
    pub(super) busy: String,
    pub(super) queue: String,
    pub(super) longest: String,
    pub(super) wait: String,
    pub(super) wait_p95: String,
}

/// One more officer at a desk.
pub(super) struct MoreRow {
    pub(super) desk: String,
    pub(super) officers: String,
    pub(super) on_time: String,
    pub(super) change: String,
    pub(super) hours: String,
    pub(super) hours_change: String,
}

/// What a simulation found.
pub(super) struct Simulation {
    pub(super) stale: String,
    pub(super) when: String,
    pub(super) facts: Vec<String>,
    pub(super) warnings: Vec<String>,
    pub(super) on_time: Bars,
    pub(super) queues: Bars,
    pub(super) busy: Bars,
    pub(super) more: Vec<MoreRow>,
    pub(super) desks: Vec<DeskRow>,
    /// The scenario as `motcua process simulate` reads it.
    pub(super) scenario: String,
}

pub(super) fn simulation(ctx: &Context<'_>, kept: &Kept) -> Option<Simulation> {
    let Told::Simulation(found) = &kept.told else { return None };
    let (t, report) = (ctx.t, &found.report);
    let full = |desk: &&DeskReport| desk.utilisation >= BUSY;
    let told =
        |desk: &DeskReport| t.a1("process-trial-overload", "desk", words::role(t, &desk.desk));
    Some(Simulation {
        stale: ctx.stale(kept),
        when: ctx.when(kept),
        facts: simulation_facts(t, found),
        warnings: report.desks.iter().filter(full).map(told).collect(),
        on_time: on_time(t, report),
        queues: queues(t, report),
        busy: busy(t, report),
        more: report.more_staff.iter().map(|more| more_row(t, more)).collect(),
        desks: report.desks.iter().map(|desk| desk_row(t, desk)).collect(),
        scenario: serde_json::to_string_pretty(&found.scenario).unwrap_or_default(),
    })
}

fn simulation_facts(t: T, found: &simulate::Found) -> Vec<String> {
    let report = &found.report;
    let hours = report.duration_hours;
    let mut facts = vec![
        t.a2(
            "process-trial-on-time",
            "share",
            percent(t, report.on_time_share),
            "n",
            whole(t, report.cases),
        ),
        t.a2(
            "process-trial-duration",
            "mean",
            decimal(t, hours.mean, 1),
            "p95",
            decimal(t, hours.p95, 1),
        ),
    ];
    if let Arrivals::PerHour(rate) = found.scenario.arrivals {
        facts.push(t.a2("process-trial-by", "rate", decimal(t, rate, 2), "seed", report.seed));
    }
    facts
}

fn on_time(t: T, report: &Report) -> Bars {
    let now = report.more_staff.first().map(|more| more.on_time_share - more.on_time_change);
    let now = now.unwrap_or(report.on_time_share);
    let cases = report.more_staff.first().map_or(report.cases, |more| more.cases);
    let first =
        Bar { label: t.s("process-trial-as-now"), value: percent(t, now), share: now, base: true };
    let more = report.more_staff.iter().map(|more| Bar {
        label: t.a1("process-trial-one-more", "desk", words::role(t, &more.desk)),
        value: percent(t, more.on_time_share),
        share: more.on_time_share,
        base: false,
    });
    Bars {
        id: "dung-han".to_owned(),
        title: t.s("process-trial-chart-on-time"),
        hint: t.a1("process-trial-chart-on-time-hint", "n", whole(t, cases)),
        bars: std::iter::once(first).chain(more).collect(),
    }
}

fn queues(t: T, report: &Report) -> Bars {
    let longest = report.desks.iter().map(|desk| desk.queue_mean).fold(0.0, f64::max);
    let bar = |desk: &DeskReport| Bar {
        label: words::role(t, &desk.desk),
        value: decimal(t, desk.queue_mean, 1),
        share: if longest > 0.0 { desk.queue_mean / longest } else { 0.0 },
        base: false,
    };
    Bars {
        id: "hang-cho".to_owned(),
        title: t.s("process-trial-chart-queue"),
        hint: t.s("process-trial-chart-queue-hint"),
        bars: report.desks.iter().map(bar).collect(),
    }
}

fn busy(t: T, report: &Report) -> Bars {
    let bar = |desk: &DeskReport| Bar {
        label: words::role(t, &desk.desk),
        value: percent(t, desk.utilisation),
        share: desk.utilisation,
        base: false,
    };
    Bars {
        id: "ban-ron".to_owned(),
        title: t.s("process-trial-chart-busy"),
        hint: t.s("process-trial-chart-busy-hint"),
        bars: report.desks.iter().map(bar).collect(),
    }
}

fn desk_row(t: T, desk: &DeskReport) -> DeskRow {
    DeskRow {
        desk: words::role(t, &desk.desk),
        officers: whole(t, u64::from(desk.officers)),
        served: whole(t, desk.served),
        busy: percent(t, desk.utilisation),
        queue: decimal(t, desk.queue_mean, 1),
        longest: whole(t, u64::from(desk.queue_max)),
        wait: decimal(t, desk.wait_hours.mean, 2),
        wait_p95: decimal(t, desk.wait_hours.p95, 2),
    }
}

fn more_row(t: T, more: &MoreStaff) -> MoreRow {
    let points = signed(t, more.on_time_change * 100.0, 1);
    MoreRow {
        desk: words::role(t, &more.desk),
        officers: whole(t, u64::from(more.officers)),
        on_time: percent(t, more.on_time_share),
        change: t.a1("process-trial-points", "n", points),
        hours: decimal(t, more.mean_hours, 2),
        hours_change: signed(t, more.mean_change, 2),
    }
}

/// A trial that was broken off.
pub(super) struct Broken {
    pub(super) what: String,
    pub(super) when: String,
    pub(super) detail: String,
}

pub(super) fn broken(ctx: &Context<'_>, kept: &Kept) -> Option<Broken> {
    let Told::Broken { detail, .. } = &kept.told else { return None };
    let what = ctx.t.s(&format!("process-trial-broken-{}", kept.trial.kind));
    Some(Broken { what, when: ctx.when(kept), detail: detail.clone() })
}

/// A trial in short: a heading with its lines.
pub(super) fn short(t: T, kept: &Kept, revision: u64) -> (String, Vec<String>) {
    let heading = t.s(&format!("process-trial-short-{}", kept.trial.kind));
    let mut lines = match &kept.told {
        Told::Replay(found) => {
            let other = found.reasons.iter().max_by_key(|(_, count)| **count);
            let other = other.map(|(key, count)| {
                let count = whole(t, *count);
                t.a2("process-trial-short-reason", "reason", reason(t, key), "n", count)
            });
            std::iter::once(same(t, found)).chain(other).collect()
        }
        Told::Simulation(found) => simulation_facts(t, found).into_iter().take(2).collect(),
        Told::Broken { .. } => vec![t.s(&format!("process-trial-broken-{}", kept.trial.kind))],
    };
    lines.extend(Some(stale(t, kept, revision)).filter(|told| !told.is_empty()));
    (heading, lines)
}
