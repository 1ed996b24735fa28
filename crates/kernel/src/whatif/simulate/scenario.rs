//! What a simulation is told: how cases come in, how long steps take, who works, how it branches.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clock::{Work, WorkClock};
use super::dice::Spread;
use super::{ARRIVALS_LISTED, CASES_MAX, Refused};
use crate::calendar::{Channel, Date, Instant, Limit};

/// Name and version of the format.
pub const FORMAT: &str = "motcua/simulation/1";
/// Most cases an hour.
const PER_HOUR_MAX: f64 = 1_000_000.0;

/// A scenario as it is written, in TOML or JSON. Unknown fields are refused.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// [`FORMAT`].
    pub format: String,
    /// The first day.
    pub start: Date,
    /// How many cases come in; with a list of arrivals at most those.
    #[serde(default = "cases")]
    pub cases: u64,
    /// How the cases come in.
    pub arrivals: Arrivals,
    /// By which channel; the limit depends on it.
    #[serde(default = "counter")]
    pub channel: Channel,
    /// How long a case may take.
    pub limit: Limit,
    /// Officers by role, or by `role@unit` where a unit has its own.
    #[serde(default)]
    pub staff: BTreeMap<String, u32>,
    /// Steps by BPMN id.
    #[serde(default)]
    pub steps: BTreeMap<String, Step>,
    /// Gateways by BPMN id: how likely each flow is, by its id. Only where the conditions ask for
    /// more than the outcome of the step before.
    #[serde(default)]
    pub branches: BTreeMap<String, BTreeMap<String, f64>>,
    /// Whether to try one more officer at each desk.
    #[serde(default = "yes")]
    pub more_staff: bool,
}

/// How cases come in.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrivals {
    /// So many in an hour of working time on average, without memory.
    PerHour(f64),
    /// At these instants, each a case; outside working time at the next opening.
    At(Vec<String>),
}

/// What is known about a step.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// How long it takes, in minutes of working time, the waiting before it aside.
    pub minutes: Spread,
    /// How likely each outcome is, as weights. May be left out where only one is possible.
    #[serde(default)]
    pub outcomes: BTreeMap<String, f64>,
}

fn cases() -> u64 {
    10_000
}

fn counter() -> Channel {
    Channel::Counter
}

fn yes() -> bool {
    true
}

/// When cases come in, in working seconds.
pub(super) enum Times {
    /// Seconds between two, on average.
    Mean(f64),
    /// In order.
    Listed(Vec<Work>),
}

pub(super) fn fault<T>(field: impl Into<String>, reason: impl Into<String>) -> Result<T, Refused> {
    Err(Refused::Scenario { field: field.into(), reason: reason.into() })
}

impl Scenario {
    /// How many cases there are.
    pub(super) fn case_count(&self) -> Result<u64, Refused> {
        if self.format != FORMAT {
            return fault("format", format!("expected {FORMAT}, but found {:?}", self.format));
        }
        if !(1..=CASES_MAX).contains(&self.cases) {
            let reason = format!("expected 1 to {CASES_MAX}, but found {}", self.cases);
            return fault("cases", reason);
        }
        match &self.arrivals {
            Arrivals::PerHour(rate) if !(*rate > 0.0 && *rate <= PER_HOUR_MAX) => fault(
                "arrivals.per_hour",
                format!("expected more than 0 and at most {PER_HOUR_MAX}"),
            ),
            Arrivals::At(list) if list.is_empty() || list.len() > ARRIVALS_LISTED => {
                fault("arrivals.at", format!("expected 1 to {ARRIVALS_LISTED} instants"))
            }
            Arrivals::At(list) => Ok(self.cases.min(list.len() as u64)),
            Arrivals::PerHour(_) => Ok(self.cases),
        }
    }

    /// When they come.
    pub(super) fn arrivals(&self, clock: &WorkClock<'_>) -> Result<Times, Refused> {
        let list = match &self.arrivals {
            Arrivals::PerHour(rate) => return Ok(Times::Mean(3_600.0 / rate)),
            Arrivals::At(list) => list,
        };
        let mut times = Vec::with_capacity(list.len());
        for (at, text) in list.iter().enumerate() {
            match Instant::parse(text) {
                Ok(instant) if instant.date() < self.start => {
                    let reason = format!("{text} lies before the first day, {}", self.start);
                    return fault(format!("arrivals.at[{at}]"), reason);
                }
                Ok(instant) => times.push(clock.work_of(instant)),
                Err(why) => {
                    let reason = format!("{why}, but found {text:?}");
                    return fault(format!("arrivals.at[{at}]"), reason);
                }
            }
        }
        times.sort_unstable();
        Ok(Times::Listed(times))
    }
}
