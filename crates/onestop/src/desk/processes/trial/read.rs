//! Reads the form of a simulation into a scenario; what does not fit is told at its field.

use super::form::{self, Gate, Shape, Step, Sway, UNITS};
use super::number::{decimal, typed, whole};
use kernel::calendar::{Calendar, Channel, Date, Instant, Limit, LimitUnit};
use kernel::whatif::simulate::{Arrivals, FORMAT, Refused, Scenario, Spread, Step as Told};
use kit::{Entries, Fault, Faults, T};
use std::collections::BTreeMap;

/// Cases of one simulation from the page.
pub(super) const CASES_MAX: u64 = 1_000_000;
/// Cases that come in on one day.
const PER_DAY_MAX: f64 = 100_000.0;
/// Working days that a simulation may span; the calendar of the engine reaches a little further.
const DAYS_MAX: f64 = 80_000.0;
/// Officers of one role.
const STAFF_MAX: u64 = 1_000;
/// Minutes of one step.
const MINUTES_MAX: f64 = 100_000.0;
/// Seeds.
const SEED_MAX: u64 = 999_999_999;
/// Percent of an outcome or flow.
const PERCENT_MAX: f64 = 100.0;
/// Least cases a day.
pub(super) const PER_DAY_MIN: f64 = 0.01;
/// Days over which the hours of a working day are averaged.
const WEEKS: i64 = 28;
/// Hours of a working day where the calendar has none in sight.
const DAY_HOURS: f64 = 8.0;
/// Seconds of an hour.
const HOUR: f64 = 3_600.0;
/// Quarters of a unit.
const QUARTERS: f64 = 4.0;
/// What lies between two quarters and is still one of them.
const NEARLY: f64 = 1e-6;

/// Reads fields one after the other.
struct Reading<'a> {
    t: T,
    entries: &'a Entries,
    faults: Faults,
}

impl Reading<'_> {
    fn number(&mut self, name: &str, least: f64, most: f64) -> f64 {
        let found = typed(self.entries.text(name)).filter(|n| (least..=most).contains(n));
        found.unwrap_or_else(|| {
            let (least, most) = (decimal(self.t, least, 2), decimal(self.t, most, 2));
            let fault = Fault::new(name, "process-trial-number");
            self.faults.add(fault.with("min", least).with("max", most));
            0.0
        })
    }

    fn count(&mut self, name: &str, least: u64, most: u64) -> u64 {
        let text = self.entries.text(name);
        let found = typed(text).filter(|n| n.fract() == 0.0);
        let found = found.and_then(|n| format!("{n:.0}").parse().ok());
        found.filter(|n| (least..=most).contains(n)).unwrap_or_else(|| {
            let (least, most) = (whole(self.t, least), whole(self.t, most));
            let fault = Fault::new(name, "process-trial-whole");
            self.faults.add(fault.with("min", least).with("max", most));
            0
        })
    }

    fn limit(&mut self) -> Limit {
        let key = self.entries.text("han-dv");
        let Some((_, unit)) = UNITS.iter().find(|(known, _)| *known == key) else {
            let what = self.t.s("process-trial-limit-unit-what");
            self.faults.add(Fault::new("han-dv", "err-choose").with("what", what));
            return Limit { unit: LimitUnit::SameDay, quarters: 0 };
        };
        let unit = *unit;
        if unit == LimitUnit::SameDay {
            return Limit { unit, quarters: 0 };
        }
        let most = f64::from(Limit::MAX_QUARTERS) / QUARTERS;
        let n = self.number("han", 1.0 / QUARTERS, most) * QUARTERS;
        let quarters =
            if (n - n.round()).abs() < NEARLY { format!("{n:.0}") } else { String::new() };
        let limit = Limit { unit, quarters: quarters.parse().unwrap_or(0) };
        if limit.check().is_err() {
            self.faults.add(Fault::new("han", "process-trial-limit-parts"));
        }
        limit
    }

    fn step(&mut self, step: &Step) -> Told {
        let minutes = self.number(&form::minutes_of(&step.id), 0.0, MINUTES_MAX);
        let name = form::sway_of(&step.id);
        let key = self.entries.text(&name);
        let sway = Sway::ALL.into_iter().find(|sway| sway.key() == key);
        if sway.is_none() {
            let what = self.t.s("process-trial-sway-what");
            self.faults.add(Fault::new(name, "err-choose").with("what", what));
        }
        let minutes = match sway {
            Some(Sway::Some) => Spread::Uniform([minutes * 0.5, minutes * 1.5]),
            Some(Sway::Much) => Spread::Exponential(minutes),
            Some(Sway::None) | None => Spread::Fixed(minutes),
        };
        let names = step.outcomes.iter().map(|o| (o.clone(), form::outcome_of(&step.id, o)));
        Told { minutes, outcomes: self.weights(names.collect()) }
    }

    /// Percents by key, each with the name of its field; at least one of them is more than 0.
    fn weights(&mut self, names: Vec<(String, String)>) -> BTreeMap<String, f64> {
        let first = names.first().map(|(_, name)| name.clone());
        let mut weights = BTreeMap::new();
        for (key, name) in names {
            weights.insert(key, self.number(&name, 0.0, PERCENT_MAX));
        }
        if let Some(first) = first.filter(|_| weights.values().all(|weight| *weight <= 0.0)) {
            self.faults.add(Fault::new(first, "process-trial-weights"));
        }
        weights
    }

    fn gate(&mut self, gate: &Gate) -> BTreeMap<String, f64> {
        let names = gate.flows.iter().map(|(f, _)| (f.clone(), form::flow_of(&gate.id, f)));
        let mut weights = self.weights(names.collect());
        weights.values_mut().for_each(|weight| *weight /= PERCENT_MAX);
        weights
    }
}

/// Reads the form; the seed beside the scenario.
///
/// # Errors
/// What does not fit, each at its field.
pub(super) fn read(
    t: T,
    shape: &Shape,
    entries: &Entries,
    (calendar, start): (&Calendar, Date),
) -> Result<(Scenario, u64), Faults> {
    let mut reading = Reading { t, entries, faults: Faults::new() };
    let per_day = reading.number("moi-ngay", PER_DAY_MIN, PER_DAY_MAX);
    let cases = reading.count("so-ho-so", 1, CASES_MAX);
    let most = (per_day * DAYS_MAX).floor();
    if reading.faults.is_empty() && form::float(cases) > most {
        let fault = Fault::new("so-ho-so", "process-trial-days").with("max", decimal(t, most, 0));
        reading.faults.add(fault);
    }
    let limit = reading.limit();
    let seed = reading.count("hat-giong", 0, SEED_MAX);
    let staff = shape.roles.iter().map(|role| {
        let officers = reading.count(&form::staff_of(role), 1, STAFF_MAX);
        (role.clone(), u32::try_from(officers).unwrap_or(u32::MAX))
    });
    let staff = staff.collect();
    let steps = shape.steps.iter().map(|step| (step.id.clone(), reading.step(step))).collect();
    let branches = shape.gates.iter().map(|gate| (gate.id.clone(), reading.gate(gate))).collect();
    if !reading.faults.is_empty() {
        return Err(reading.faults);
    }
    let scenario = Scenario {
        format: FORMAT.to_owned(),
        start,
        cases,
        arrivals: Arrivals::PerHour(per_day / day_hours(calendar, start)),
        channel: Channel::Counter,
        limit,
        staff,
        steps,
        branches,
        more_staff: true,
    };
    Ok((scenario, seed))
}

/// How many hours a working day has on average.
pub(super) fn day_hours(calendar: &Calendar, start: Date) -> f64 {
    let days = (0..WEEKS).filter_map(|n| start.checked_add_signed(chrono::Duration::days(n)));
    let days: Vec<Date> = days.collect();
    let working = days.iter().filter(|day| calendar.is_working_day(**day)).count();
    let (Some(first), Some(last), true) = (days.first(), days.last(), working > 0) else {
        return DAY_HOURS;
    };
    let (from, to) = (Instant::at(*first, 0, 0), Instant::at(*last, 23, 59));
    let seconds = u64::try_from(calendar.working_seconds_between(from, to)).unwrap_or(0);
    let hours = form::float(seconds) / HOUR / form::float(u64::try_from(working).unwrap_or(1));
    if hours > 0.0 { hours } else { DAY_HOURS }
}

/// Where on the form a refusal of the simulation belongs; `None` if it is about a step of the draft
/// or about the run.
pub(super) fn blamed(shape: &Shape, refused: &Refused) -> Option<Fault> {
    let Refused::Scenario { field, reason } = refused else { return None };
    let name = field_of(shape, field);
    Some(Fault::new(name, "process-trial-misfit").with("reason", reason))
}

fn field_of(shape: &Shape, field: &str) -> String {
    let begins = |begin: &str| field.strip_prefix(begin);
    if let Some(role) = begins("staff.") {
        return form::staff_of(role);
    }
    for step in &shape.steps {
        let Some(rest) = begins("steps.").and_then(|rest| rest.strip_prefix(step.id.as_str()))
        else {
            continue;
        };
        if let (true, Some(outcome)) = (rest.starts_with(".outcomes"), step.outcomes.first()) {
            return form::outcome_of(&step.id, outcome);
        }
        if rest.is_empty() || rest.starts_with('.') {
            return form::minutes_of(&step.id);
        }
    }
    for gate in &shape.gates {
        let at_gate = begins("branches.").is_some_and(|rest| rest.starts_with(gate.id.as_str()));
        if let (true, Some((flow, _))) = (at_gate, gate.flows.first()) {
            return form::flow_of(&gate.id, flow);
        }
    }
    match field.split('.').next() {
        Some("limit") => "han".to_owned(),
        Some("arrivals") => "moi-ngay".to_owned(),
        _ => "so-ho-so".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Lang;

    fn shape() -> Shape {
        let step = |id: &str, outcomes: &[&str]| Step {
            id: id.to_owned(),
            name: id.to_owned(),
            role: None,
            outcomes: outcomes.iter().map(|o| (*o).to_owned()).collect(),
        };
        Shape {
            roles: vec!["clerk".to_owned()],
            steps: vec![step("a", &[]), step("ab", &["done", "send_back"])],
            gates: vec![Gate {
                id: "g".to_owned(),
                name: "g".to_owned(),
                each: false,
                flows: vec![("f1".to_owned(), "x".to_owned()), ("f2".to_owned(), "y".to_owned())],
            }],
        }
    }

    fn calendar() -> Calendar {
        use kernel::calendar::{CalendarSpec, ClockTime, WeekdaySpec, Window};
        let time = |text| ClockTime::parse(text).unwrap();
        let window = Window { from: time("08:00"), to: time("15:30") };
        let weekly = std::array::from_fn(|i| WeekdaySpec {
            work: if i < 5 { vec![window] } else { Vec::new() },
            desk: None,
        });
        Calendar::compile(CalendarSpec { weekly, ..CalendarSpec::default() }).unwrap()
    }

    fn start() -> Date {
        Date::from_ymd_opt(2026, 1, 7).unwrap()
    }

    const GOOD: [(&str, &str); 15] = [
        ("moi-ngay", "15"),
        ("so-ho-so", "1.000.000"),
        ("hat-giong", "7"),
        ("han", "2,5"),
        ("han-dv", "working-day"),
        ("s-clerk", "3"),
        ("m-a", "12,5"),
        ("d-a", "none"),
        ("m-ab", "40"),
        ("d-ab", "some"),
        ("o-ab-done", "90"),
        ("o-ab-send_back", "10"),
        ("b-g-f1", "25"),
        ("b-g-f2", "75"),
        ("_", ""),
    ];

    fn sent(change: &[(&str, &str)]) -> Result<(Scenario, u64), Faults> {
        let pairs = GOOD.map(|(name, value)| {
            let changed = change.iter().find(|(other, _)| *other == name);
            (name, changed.map_or(value, |(_, value)| *value))
        });
        let (t, entries) = (T::new(Lang::Vi), Entries::from_pairs(pairs));
        read(t, &shape(), &entries, (&calendar(), start()))
    }

    #[test]
    fn a_form_becomes_a_scenario() {
        let (scenario, seed) = sent(&[]).unwrap();
        assert_eq!((scenario.cases, seed), (1_000_000, 7));
        // Seven and a half hours a day.
        assert_eq!(scenario.arrivals, Arrivals::PerHour(2.0));
        assert_eq!(scenario.limit, Limit { unit: LimitUnit::WorkingDay, quarters: 10 });
        assert_eq!(scenario.staff, BTreeMap::from([("clerk".to_owned(), 3)]));
        let (a, ab) = (&scenario.steps["a"], &scenario.steps["ab"]);
        assert_eq!((a.minutes, a.outcomes.len()), (Spread::Fixed(12.5), 0));
        assert_eq!(ab.minutes, Spread::Uniform([20.0, 60.0]));
        assert_eq!((ab.outcomes["done"], ab.outcomes["send_back"]), (90.0, 10.0));
        assert_eq!((scenario.branches["g"]["f1"], scenario.branches["g"]["f2"]), (0.25, 0.75));
        let (scenario, _) = sent(&[("d-ab", "much"), ("han-dv", "same-day"), ("han", "")]).unwrap();
        assert_eq!(scenario.steps["ab"].minutes, Spread::Exponential(40.0));
        assert_eq!(scenario.limit, Limit { unit: LimitUnit::SameDay, quarters: 0 });
    }

    #[test]
    fn each_bound_is_told_at_its_field() {
        let cases = [
            ("moi-ngay", "0"),
            ("moi-ngay", "100001"),
            ("so-ho-so", "0"),
            ("so-ho-so", "1.000.001"),
            ("so-ho-so", "2,5"),
            ("hat-giong", "-1"),
            ("han", "0"),
            ("han", "1000,25"),
            ("han", "0,3"),
            ("han-dv", "fortnight"),
            ("s-clerk", "0"),
            ("s-clerk", "1001"),
            ("m-a", "một"),
            ("m-ab", "100001"),
            ("d-ab", ""),
            ("o-ab-done", "101"),
            ("b-g-f2", ""),
        ];
        for (name, value) in cases {
            let faults = sent(&[(name, value)]).unwrap_err();
            let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
            assert_eq!(fields, [name], "{value}");
        }
        let zero = sent(&[("o-ab-done", "0"), ("o-ab-send_back", "0")]).unwrap_err();
        assert!(zero.of("o-ab-done").is_some());
        let parts = sent(&[("han-dv", "month"), ("han", "1,5")]).unwrap_err();
        assert!(parts.of("han").is_some(), "months come whole");
        let days = sent(&[("moi-ngay", "12")]).unwrap_err();
        assert!(days.of("so-ho-so").is_some(), "a million cases would take 83,000 days");
    }

    #[test]
    fn refusals_of_the_simulation_find_their_field() {
        let shape = shape();
        for (field, name) in [
            ("staff.clerk", "s-clerk"),
            ("steps.a.minutes", "m-a"),
            ("steps.ab.minutes", "m-ab"),
            ("steps.ab.outcomes.done", "o-ab-done"),
            ("branches.g", "b-g-f1"),
            ("limit.quarters", "han"),
            ("arrivals.per_hour", "moi-ngay"),
            ("cases", "so-ho-so"),
        ] {
            let (field, reason) = (field.to_owned(), String::new());
            let fault = blamed(&shape, &Refused::Scenario { field, reason }).unwrap();
            assert_eq!(fault.field, name);
        }
        let stopped = Refused::Stopped { cases: 1, reason: String::new() };
        assert!(blamed(&shape, &stopped).is_none());
    }
}
